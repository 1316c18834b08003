"""What the desk does: ask a ministry, give it more time, note that no answer came, and settle a disagreement."""

from datetime import date
from functools import partial

from sqlalchemy import select

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.cases import workflow as steps
from knelpunt.domain.cases.consultations import MOST_MORE_TIME
from knelpunt.domain.errors import DomainError, NotFound
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import Permission
from knelpunt.domain.texts import date_in_words
from knelpunt.domain.vocabulary import ConsultationStatus, EventKind, RoomAnswer
from knelpunt.models import (
    Assessment,
    Case,
    Consultation,
    Disagreement,
    Law,
    MinistryContact,
    Provision,
)
from knelpunt.queries.laws.rows import article_in_words
from knelpunt.services.cases import redaction
from knelpunt.services.cases.workflow import advance, open_case, open_for_step
from knelpunt.services.consultations import links
from knelpunt.services.consultations import mail_texts as texts
from knelpunt.services.consultations.ending import NO_ANSWER, end, tell_heads, tell_submitter
from knelpunt.services.core import clocks, events
from knelpunt.services.core.context import Context
from knelpunt.services.mail import messages

IS_OVER = "Deze vraag is al klaar."
MAY_NOT_SHARE = "De indiener wil niet dat wij de melding delen. Haal het nummer van de zaak weg."


def ask(
    context: Context,
    reference: str,
    version: int,
    *,
    contact_id: int,
    question: str,
    assessment_id: int | None = None,
    article: str = "",
) -> Consultation:
    """Step 9, also beside a question that is open already: clock K3 starts, and K4 goes on.

    What goes out points at nobody. The verdict goes along as it is now, in plain words only when those point at nobody
    either, and not at all when the submitter did not agree to sharing.

    Args:
        assessment_id: the provision of this case that the question is about; else ``article`` names the rule.
    Raises:
        TransitionNotAllowed: the case is not handled now, or a step waits for a second person.
        DomainError: on the field that is wrong, or that points at a person.
    """
    case = open_for_step(context, reference, version, steps.CONSULT)
    contact = context.session.get(MinistryContact, contact_id)
    if contact is None or contact.ended_on is not None or contact.email is None:
        raise DomainError("Kies iemand uit het adresboek.", field="contact_id")
    if not question.strip():
        raise DomainError("Schrijf uw vraag op.", field="question")
    provision_id, named, law_on = _subject(context, case, assessment_id, article)
    _require_general(context, case, "question", question)
    if provision_id is None:
        _require_general(context, case, "article" if assessment_id is None else "assessment_id", named)
    run = clocks.start_run(context, case, Clock.K3, on=context.today)
    context.session.flush()
    if run.due_on is None:
        raise ValueError("a run that just began has a last day")
    consultation = Consultation(
        case_id=case.id,
        ministry_id=contact.ministry_id,
        contact_id=contact.id,
        period_id=run.id,
        status=ConsultationStatus.OPEN,
        question=question.strip(),
        article=named,
        provision_id=provision_id,
        law_on=law_on,
        verdict=case.verdict if case.may_share else None,
        verdict_plain=_verdict_to_share(context, case),
        asked_by_id=context.actor.account_id,
        asked_at=context.now,
        due_on=run.due_on,
    )
    context.session.add(consultation)
    context.session.flush()
    link = links.make(context, consultation, contact.email)
    data = {
        "raadpleging": consultation.id,
        "ministerie": contact.ministry_id,
        "link": link.id,
        "klokken": clocks.begun([run]),
    }
    advance(context, case, steps.CONSULT, data=data, moves_clocks=False)
    links.send(context, case, link, consultation, MailKind.CONSULTATION_ASKED, texts.asked)
    messages.notify_submitter(
        context,
        case,
        texts.with_ministry(ministry=links.ministry_name(context, consultation), asked_on=context.today),
    )
    return consultation


def _require_general(context: Context, case: Case, field: str, words: str) -> None:
    """Raise when words for an official point at a person, or at the case while its submitter did not agree to that."""
    redaction.require_none(context, case, field, words)
    if not case.may_share and case.reference.casefold() in words.casefold():
        raise DomainError(MAY_NOT_SHARE, field=field)


def _verdict_to_share(context: Context, case: Case) -> str | None:
    """The verdict in plain words. They were written for the submitter: with a name in them they stay here."""
    if not case.may_share or not case.verdict_plain:
        return None
    found = redaction.found_in(context.session, case.id, {"verdict_plain": case.verdict_plain})
    return None if found else case.verdict_plain


def _subject(context: Context, case: Case, assessment_id: int | None, article: str) -> tuple[int | None, str, date]:
    """The provision, its name in words, and the day by whose law the question is."""
    if assessment_id is None:
        if not article.strip():
            raise DomainError("Kies een bepaling van deze zaak, of noem het artikel.", field="article")
        return None, " ".join(article.split()), case.law_date
    row = context.session.execute(
        select(Assessment, Law.citation_title, Provision.article)
        .join(Law, Law.id == Assessment.law_id)
        .outerjoin(Provision, Provision.id == Assessment.provision_id)
        .where(Assessment.id == assessment_id, Assessment.case_id == case.id, Assessment.withdrawn_at.is_(None))
    ).one_or_none()
    if row is None:
        raise DomainError("Kies een bepaling van deze zaak.", field="assessment_id")
    found, law, catalogued = row
    named = catalogued or found.article
    words = f"{law}, {article_in_words(named)}" if named else law
    return found.provision_id, str(words), found.on_date


def note_unanswered(context: Context, reference: str, version: int, consultation_id: int) -> None:
    """Step 10 without an answer, once the term is over: the desk goes on with what it has, and its head hears.

    Raises:
        NotFound: this case has no such question.
        DomainError: the term still runs, or the question is over.
    """
    case = open_case(context, reference, steps.CONSULTATION_UNANSWERED.permission, version=version)
    consultation = _open_question(context, case, consultation_id, steps.CONSULTATION_UNANSWERED)
    if context.today <= consultation.due_on:
        raise DomainError(f"Het ministerie kan nog antwoorden tot en met {date_in_words(consultation.due_on)}.")
    if consultation.raised_on is None:
        consultation.raised_on = context.today
        tell_heads(context, case, NO_ANSWER, handler_knows=True)
    end(context, case, consultation, ConsultationStatus.UNANSWERED, steps.CONSULTATION_UNANSWERED)
    links.send_current(context, case, consultation, MailKind.CONSULTATION_OVER, texts.no_longer_needed)
    tell_submitter(context, case, consultation)


def take_back(context: Context, reference: str, version: int, consultation_id: int) -> None:
    """Step 10 without an answer, at any time: the question went to the wrong address, or is not needed any more.

    Raises:
        NotFound: this case has no such question.
        DomainError: the question is over.
    """
    case = open_case(context, reference, steps.CONSULTATION_TAKEN_BACK.permission, version=version)
    consultation = _open_question(context, case, consultation_id, steps.CONSULTATION_TAKEN_BACK)
    end(context, case, consultation, ConsultationStatus.ENDED, steps.CONSULTATION_TAKEN_BACK)
    links.send_current(context, case, consultation, MailKind.CONSULTATION_OVER, texts.no_longer_needed)
    tell_submitter(context, case, consultation)


def decide_more_time(
    context: Context, reference: str, version: int, consultation_id: int, *, is_given: bool, until: date | None
) -> None:
    """Answer the wish of a ministry for more time: with a new last day, or not.

    Raises:
        NotFound: this case has no such question.
        DomainError: nobody asked, or the new day is not later, or too far ahead (field ``until``).
    """
    case = open_case(context, reference, Permission.HANDLE_CASE, version=version)
    consultation = _open_question(context, case, consultation_id, steps.CONSULTATION_UNANSWERED)
    if consultation.more_time_until is None:
        raise DomainError("Er is geen meer tijd gevraagd.")
    data: dict[str, object] = {"raadpleging": consultation.id, "toegekend": is_given}
    if is_given:
        if until is None or until <= max(consultation.due_on, context.today):
            raise DomainError("Kies een dag na de laatste dag die nu geldt.", field="until")
        if until > context.today + MOST_MORE_TIME:
            raise DomainError("Kies een dag binnen zes weken.", field="until")
        data["klokken"] = effects = clocks.move_run(context, case, consultation.period_id, until)
        moved = next((effect["uiterlijk"] for effect in effects), None)
        consultation.due_on = date.fromisoformat(moved) if moved else until
        consultation.raised_on = None
        data["uiterlijk"] = consultation.due_on.isoformat()
    consultation.more_time_until = consultation.more_time_reason = None
    case.updated_at = context.now
    events.record(context, EventKind.MORE_TIME_DECIDED, case=case, data=data)
    links.send_current(
        context,
        case,
        consultation,
        MailKind.CONSULTATION_MORE_TIME,
        partial(texts.more_time, is_given=is_given),
    )


def decide_disagreement(context: Context, reference: str, version: int, *, decision: RoomAnswer, reason: str) -> None:
    """The head of the desk says which answer the desk follows when ministries do not agree, and why. Of several such
    matters in one case the one that waits longest is decided.

    Raises:
        DomainError: there is no disagreement, or no reason (field ``reason``).
    """
    case = open_case(context, reference, Permission.DECIDE_DISAGREEMENT, version=version)
    found = context.session.scalar(
        select(Disagreement)
        .where(Disagreement.case_id == case.id, Disagreement.decided_at.is_(None))
        .order_by(Disagreement.id)
        .limit(1)
    )
    if found is None:
        raise DomainError("Over een verschil tussen ministeries hoeft nu niets te worden beslist.")
    if not reason.strip():
        raise DomainError("Schrijf op waarom.", field="reason")
    found.decision, found.reason = decision, reason.strip()
    found.decided_by_id, found.decided_at = context.actor.account_id, context.now
    case.updated_at = context.now
    events.record(
        context, EventKind.DISAGREEMENT_DECIDED, case=case, data={"verschil": found.id, "besluit": decision.value}
    )
    if case.handler_id != context.actor.account_id:
        messages.notify_colleague(
            context, case, texts.consultation_news(what="een besluit van het hoofd"), case.handler_id
        )


def _open_question(context: Context, case: Case, consultation_id: int, step: steps.Transition) -> Consultation:
    consultation = context.session.get(Consultation, consultation_id, populate_existing=True)
    if consultation is None or consultation.case_id != case.id:
        raise NotFound()
    step.check_from(case.status)
    if consultation.status is not ConsultationStatus.OPEN:
        raise DomainError(IS_OVER)
    return consultation
