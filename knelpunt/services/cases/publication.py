"""The public text: written apart from the file, read by a second person and by the submitter, then published."""

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.cases import publication as steps
from knelpunt.domain.cases.words import facts_beside, rules_beside
from knelpunt.domain.errors import DomainError
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import Permission
from knelpunt.domain.vocabulary import EventKind, PublicationStatus
from knelpunt.models import Case, PublicText, PublishedCase, Review
from knelpunt.queries.cases import letters
from knelpunt.queries.core.reference import reference as reference_data
from knelpunt.queries.post import incoming
from knelpunt.services.cases import published_record, redaction, reviews
from knelpunt.services.cases.decisions import PublicTextDecision, payload_of
from knelpunt.services.cases.mail_texts import publication as texts
from knelpunt.services.cases.workflow import open_case
from knelpunt.services.core import clocks, events
from knelpunt.services.core.context import Context
from knelpunt.services.core.small_tables import touch
from knelpunt.services.mail import letters as post
from knelpunt.services.mail import messages

MAY_BE_OBJECTION = "Er kwam een mail die misschien bezwaar is. Zeg eerst wat die mail is, in de zaak of bij de post."


def save_public_text(
    context: Context, reference: str, version: int, *, title: str, question: str, answer: str, next_step: str = ""
) -> PublicText:
    """Write the public text. A changed text loses the agreement that the old one had, and what was let stand in it; an
    objection only once the desk said that the old text stays inside.

    Args:
        next_step: as everybody may read it; left out, the closing of the case brings its own.
    """
    case = open_case(context, reference, Permission.PUBLISH_CASE, version=version)
    text = context.session.get(PublicText, case.id)
    _check(context, case, text, steps.WRITE)
    if text is None:
        text = PublicText(case_id=case.id)
        context.session.add(text)
    text.title, text.question, text.answer = title, question, answer
    text.written_by_id, text.reviewed_by_id = context.actor.account_id, None
    text.next_step = next_step.strip() or None
    text.agreed_on, text.passed = None, []
    if text.kept_back_on is not None:
        text.objection, text.kept_back_on = None, None
    case.updated_at = context.now
    context.session.flush()
    events.record(context, EventKind.PUBLIC_TEXT_SAVED, case=case, data={"versie": text.version})
    return text


def request_text_review(context: Context, reference: str, version: int, change: str = "") -> Review:
    """Lay a text that changed after closing before a second person. Once that one agrees, a text that is public already
    is replaced at once.

    Args:
        change: for a text that is public, what is different now; it stands beside the text.
    """
    case = open_case(context, reference, Permission.PUBLISH_CASE, version=version)
    text = _text_for(context, case, steps.REVIEW)
    if case.publication is not PublicationStatus.PUBLIC:
        return reviews.request(context, case, EventKind.PUBLIC_TEXT_SAVED, payload_of(PublicTextDecision(text.version)))
    if not change.strip():
        raise DomainError("Schrijf op wat er is gewijzigd. Dat komt bij de tekst te staan.", field="change")
    decision = PublicTextDecision(text.version, change.strip())
    return reviews.request(context, case, EventKind.PUBLIC_TEXT_SAVED, payload_of(decision))


def start_preview(context: Context, reference: str, version: int) -> None:
    """Lay the reviewed text before the submitter, with the days that the term of its filing day gives to object.

    Raises:
        DomainError: the case is not over, the submitter did not consent, or nobody reviewed the text.
    """
    case = open_case(context, reference, Permission.PUBLISH_CASE, version=version)
    text = _text_for(context, case, steps.START_PREVIEW)
    beside = published_record.beside(context, case)
    redaction.require_clear(context, case, text, beside)
    text.preview_on = context.today
    text.object_by = clocks.last_day(context.session, Clock.PREVIEW, case.filed_on, context.today)
    text.objection, text.kept_back_on, text.shown = None, None, beside
    case.publication, case.updated_at = PublicationStatus.PREVIEW, context.now
    events.record(context, EventKind.PREVIEW_STARTED, case=case, data={"bezwaar_uiterlijk": text.object_by.isoformat()})
    messages.notify_submitter(
        context,
        case,
        texts.preview(
            title=text.title,
            question=text.question,
            answer=text.answer,
            next_step=text.next_step,
            rules=rules_beside(beside),
            facts=facts_beside(beside, reference_data(context.session).municipality_names),
            object_by=text.object_by,
        ),
    )


def end_preview(case: Case, text: PublicText) -> None:
    """The text lies no longer before the submitter, and goes there anew when the desk is done with it.

    Who the text lay before hears so by ``tell_preview_ended``, unless it was the submitter who ended it.
    """
    text.agreed_on = text.preview_on = text.object_by = text.shown = None
    case.publication = PublicationStatus.INTERNAL


def stop_preview(context: Context, reference: str, version: int) -> None:
    """Take the text back from the submitter, who hears so, to change it or to lay it there anew with what changed.

    Raises:
        DomainError: the text does not lie there, or a mail came in that may be an objection.
    """
    case = open_case(context, reference, Permission.PUBLISH_CASE, version=version)
    text = _text_for(context, case, steps.STOP_PREVIEW)
    if incoming.mail_asks(context.session, case.id):
        raise DomainError(MAY_BE_OBJECTION)
    end_preview(case, text)
    case.updated_at = context.now
    events.record(context, EventKind.PREVIEW_STOPPED, case=case)
    tell_preview_ended(context, case)


def tell_preview_ended(context: Context, case: Case) -> None:
    """Tell the submitter that the desk took the text back; nothing where the letter with it never went out."""
    if post.drop_waiting(context, case, MailKind.PREVIEW):
        return
    messages.notify_submitter(context, case, texts.preview_stopped())


def keep_back(context: Context, reference: str, version: int) -> None:
    """Say that a text to which its submitter objected will not be made public; the submitter hears so.

    It can still be changed, and laid before the submitter after all.

    Raises:
        DomainError: no objection waits.
    """
    case = open_case(context, reference, Permission.PUBLISH_CASE, version=version)
    text = _text_for(context, case, steps.KEEP_BACK)
    text.kept_back_on = context.today
    case.updated_at = context.now
    events.record(context, EventKind.TEXT_KEPT_BACK, case=case)
    messages.notify_submitter(context, case, texts.kept_back())


def publish(context: Context, reference: str, version: int) -> PublishedCase:
    """Copy the chosen fields into the public record, as the submitter saw them.

    Raises:
        DomainError: the submitter can still object, or did; something changed since, or points at a person.
    """
    case = open_case(context, reference, Permission.PUBLISH_CASE, version=version)
    text = _text_for(context, case, steps.PUBLISH)
    if text.agreed_on is None and letters.has_unsent(context.session, case.id, MailKind.PREVIEW):
        raise DomainError("De brief met de tekst is nog niet verstuurd. De indiener kan dus nog bezwaar maken.")
    if incoming.mail_asks(context.session, case.id):  # also of who agreed first, and wrote again
        raise DomainError(MAY_BE_OBJECTION)
    if steps.may_still_object(text.agreed_on, text.object_by, context.today):
        raise DomainError(steps.CAN_STILL_OBJECT)
    beside = text.shown or published_record.beside(context, case)
    redaction.require_clear(context, case, text, beside)
    case.publication, case.updated_at = PublicationStatus.PUBLIC, context.now
    published = published_record.write_published(context, case, text, beside)
    events.record(context, EventKind.PUBLISHED, case=case, data={"versie": text.version})
    messages.notify_submitter(
        context, case, texts.published(public_url=context.links.to(f"/knelpunten/{case.reference}"))
    )
    return published


def withdraw_publication(context: Context, reference: str, version: int, reason: str) -> None:
    """Take the public text away, with its words from what every process keeps; a tombstone with the reason stays.

    Also of a case that is in the archive: anybody may ask for it at any time.
    """
    _withdraw(
        context, open_case(context, reference, Permission.PUBLISH_CASE, version=version, even_archived=True), reason
    )


def withdraw_for_person(context: Context, case: Case, reason: str) -> None:
    """The same for somebody of whom something in it must go (AVG art. 17): by who decides about that, also who handled
    the case that somebody else looks at again now. The caller locked the case."""
    context.actor.require(Permission.MANAGE_PRIVACY)
    _withdraw(context, case, reason)


def _withdraw(context: Context, case: Case, reason: str) -> None:
    _check(context, case, context.session.get(PublicText, case.id), steps.WITHDRAW)
    published = context.session.get_one(PublishedCase, case.id)
    if not reason.strip():
        raise DomainError("Schrijf op waarom de tekst wordt ingetrokken.", field="reason")
    redaction.require_none(context, case, "reason", reason)
    published.withdrawn_on, published.withdrawn_reason = context.today, reason.strip()
    published.updated_at = context.now
    if case.archived_on is not None:
        published_record.empty(published)
    published_record.forget_similar(context, case.id)
    case.publication, case.updated_at = PublicationStatus.WITHDRAWN, context.now
    touch(context.session)
    events.record(context, EventKind.PUBLICATION_WITHDRAWN, case=case)
    messages.notify_submitter(context, case, texts.publication_withdrawn(reason=reason.strip()))


def _check(context: Context, case: Case, text: PublicText | None, step: steps.TextStep) -> None:
    facts = steps.TextFacts(
        case.status,
        case.publication,
        case.may_publish,
        is_written=text is not None,
        is_reviewed=text is not None and text.reviewed_by_id is not None,
        has_open_review=reviews.is_one_open(context, case),
        is_shown_as_it_is=text is None or steps.is_as_shown(text.shown, published_record.beside(context, case)),
        is_objected=steps.objection_waits(text),
    )
    if obstacle := step.obstacle(facts):
        raise DomainError(obstacle)


def _text_for(context: Context, case: Case, step: steps.TextStep) -> PublicText:
    text = context.session.get(PublicText, case.id)
    _check(context, case, text, step)
    if text is None:
        raise DomainError(steps.LACKING[steps.TextRequirement.WRITTEN])
    return text
