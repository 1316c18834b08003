"""The public text: written apart from the file, read by a second person and by the submitter, then published."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.calendar.working_days import add_working_days
from knelpunt.domain.cases import publication as steps
from knelpunt.domain.errors import DomainError
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import Permission
from knelpunt.domain.vocabulary import EventKind, PublicationStatus
from knelpunt.models import Assessment, Case, Law, Provision, PublicText, PublishedCase, Review
from knelpunt.queries.cases import letters
from knelpunt.services.cases import reviews
from knelpunt.services.cases.decisions import PublicTextDecision, payload_of
from knelpunt.services.cases.workflow import open_case
from knelpunt.services.core import clocks, events, search_index
from knelpunt.services.core.context import Context
from knelpunt.services.core.small_tables import touch
from knelpunt.services.filing import joint_filing as joint
from knelpunt.services.mail import messages
from knelpunt.services.mail.texts import submitter as texts


def save_public_text(
    context: Context, reference: str, version: int, *, title: str, question: str, answer: str
) -> PublicText:
    """Write the public text. A changed text loses the agreement that the old one had."""
    case = open_case(context, reference, Permission.PUBLISH_CASE, version=version)
    text = context.session.get(PublicText, case.id)
    _check(context, case, text, steps.WRITE)
    if text is None:
        text = PublicText(case_id=case.id)
        context.session.add(text)
    text.title, text.question, text.answer = title, question, answer
    text.written_by_id, text.reviewed_by_id = context.actor.account_id, None
    text.agreed_on = None
    case.updated_at = context.now
    context.session.flush()
    events.record(context, EventKind.PUBLIC_TEXT_SAVED, case=case, data={"versie": text.version})
    return text


def request_text_review(context: Context, reference: str, version: int) -> Review:
    """Lay a text that changed after closing before a second person."""
    case = open_case(context, reference, Permission.PUBLISH_CASE, version=version)
    text = _text_for(context, case, steps.REVIEW)
    return reviews.request(context, case, EventKind.PUBLIC_TEXT_SAVED, payload_of(PublicTextDecision(text.version)))


def start_preview(context: Context, reference: str, version: int) -> None:
    """Lay the reviewed text before the submitter, with 10 working days to object.

    Raises:
        DomainError: the case is not over, the submitter did not consent, or nobody reviewed the text.
    """
    case = open_case(context, reference, Permission.PUBLISH_CASE, version=version)
    text = _text_for(context, case, steps.START_PREVIEW)
    rule = clocks.term_rule(context.session, Clock.PREVIEW, case.filed_on)
    text.preview_on, text.object_by = context.today, add_working_days(context.today, rule.length)
    text.objection = None
    case.publication, case.updated_at = PublicationStatus.PREVIEW, context.now
    events.record(context, EventKind.PREVIEW_STARTED, case=case, data={"bezwaar_uiterlijk": text.object_by.isoformat()})
    messages.notify_submitter(
        context,
        case,
        texts.preview(title=text.title, question=text.question, answer=text.answer, object_by=text.object_by),
    )


def end_preview(case: Case, text: PublicText) -> None:
    """The text lies no longer before the submitter, and goes there anew when the desk is done with it."""
    text.agreed_on = text.preview_on = text.object_by = None
    case.publication = PublicationStatus.INTERNAL


def publish(context: Context, reference: str, version: int) -> PublishedCase:
    """Copy the chosen fields into the public record.

    Raises:
        DomainError: the submitter can still object, or did.
    """
    case = open_case(context, reference, Permission.PUBLISH_CASE, version=version)
    text = _text_for(context, case, steps.PUBLISH)
    if text.agreed_on is None and letters.has_unsent(context.session, case.id, MailKind.PREVIEW):
        raise DomainError("De brief met de tekst is nog niet verstuurd. De indiener kan dus nog bezwaar maken.")
    if text.agreed_on is None and (text.object_by is None or context.today <= text.object_by):
        raise DomainError("De indiener kan nog bezwaar maken tegen de tekst.")
    case.publication, case.updated_at = PublicationStatus.PUBLIC, context.now
    published = write_published(context, case, text)
    events.record(context, EventKind.PUBLISHED, case=case, data={"versie": text.version})
    messages.notify_submitter(
        context, case, texts.published(public_url=context.links.to(f"/knelpunten/{case.reference}"))
    )
    return published


def withdraw_publication(context: Context, reference: str, version: int, reason: str) -> None:
    """Take the public text away, with its words from what every process keeps; a tombstone with the reason stays."""
    case = open_case(context, reference, Permission.PUBLISH_CASE, version=version)
    _check(context, case, context.session.get(PublicText, case.id), steps.WITHDRAW)
    published = context.session.get_one(PublishedCase, case.id)
    if not reason.strip():
        raise DomainError("Schrijf op waarom de tekst wordt ingetrokken.", field="reason")
    published.withdrawn_on, published.withdrawn_reason = context.today, reason.strip()
    published.updated_at = context.now
    case.publication, case.updated_at = PublicationStatus.WITHDRAWN, context.now
    touch(context.session)
    events.record(context, EventKind.PUBLICATION_WITHDRAWN, case=case)
    messages.notify_submitter(context, case, texts.publication_withdrawn(reason=reason.strip()))


def write_published(context: Context, case: Case, text: PublicText) -> PublishedCase:
    """Write the public record of a case from its public text and the chosen sides of the case."""
    values: dict[str, Any] = {
        "case_id": case.id,
        "reference": case.reference,
        "title": text.title,
        "question": text.question,
        "answer": text.answer,
        "verdict": case.verdict,
        "result": case.result,
        "next_step": case.next_step,
        "theme": case.theme,
        "submitter_kind": case.submitter_kind,
        "municipality_id": case.municipality_id,
        "municipality_then": case.municipality_then,
        "joined_municipalities": joint.joined_names(context, case),
        "province_id": case.province_id,
        "main_law_id": case.main_law_id,
        "provisions": _provisions(context, case),
        "law_date": case.law_date,
        "filed_on": case.filed_on,
        "closed_on": case.closed_on,
        "published_on": context.today,
        "source_url": case.source_url,
        "source_title": case.source_title,
        "updated_at": context.now,
        "terms": search_index.published_terms(case.reference, text.title, text.question, text.answer),
    }
    statement = insert(PublishedCase).values(values)
    context.session.execute(
        statement.on_conflict_do_update(
            index_elements=["case_id"],
            set_={name: statement.excluded[name] for name in values if name not in ("case_id", "published_on")}
            | {"corrected_on": context.today, "withdrawn_on": None, "withdrawn_reason": None},
        )
    )
    return context.session.get_one(PublishedCase, case.id, populate_existing=True)


def _provisions(context: Context, case: Case) -> list[dict[str, Any]]:
    """The provisions weighed in a case, as the public record keeps them: without reasoning or author."""
    rows = context.session.execute(
        select(
            Law.key,
            Law.citation_title,
            Assessment.article,
            Assessment.role,
            Assessment.on_date,
            Provision.key.label("provision"),
            Provision.article.label("provision_article"),
            Provision.instrument,
        )
        .join(Law, Law.id == Assessment.law_id)
        .outerjoin(Provision, Provision.id == Assessment.provision_id)
        .where(Assessment.case_id == case.id, Assessment.withdrawn_at.is_(None))
        .order_by(Assessment.id)
    )
    return [
        {
            "law": row.key,
            "title": row.citation_title,
            "provision": row.provision,
            "article": row.provision_article or row.article,
            "instrument": row.instrument,
            "role": row.role.value,
            "on_date": row.on_date.isoformat(),
        }
        for row in rows
    ]


def _check(context: Context, case: Case, text: PublicText | None, step: steps.TextStep) -> None:
    facts = steps.TextFacts(
        case.status,
        case.publication,
        case.may_publish,
        is_written=text is not None,
        is_reviewed=text is not None and text.reviewed_by_id is not None,
        has_open_review=reviews.is_one_open(context, case),
    )
    if obstacle := step.obstacle(facts):
        raise DomainError(obstacle)


def _text_for(context: Context, case: Case, step: steps.TextStep) -> PublicText:
    text = context.session.get(PublicText, case.id)
    _check(context, case, text, step)
    if text is None:
        raise DomainError(steps.LACKING[steps.TextRequirement.WRITTEN])
    return text
