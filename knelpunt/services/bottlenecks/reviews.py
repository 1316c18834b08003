"""Four eyes on a rule bottleneck: a step waits until a second person agrees, gives it back, or the first takes it back.

Coming into force and an erratum always go this way; any other step does when its text points at somebody and that has
to stay. What was filled in is kept as it was, and is carried out as an act of who wrote it.
"""

from dataclasses import replace
from datetime import date
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from knelpunt.domain import bottlenecks as rules
from knelpunt.domain.bottlenecks import (
    NEEDS_SECOND,
    STEP_WORDS,
    BottleneckChoice,
    BottleneckProposalStatus,
    BottleneckReview,
    BottleneckStep,
)
from knelpunt.domain.errors import DomainError, NotFound, PermissionDenied, VersionConflict
from knelpunt.domain.permissions import Actor, Permission
from knelpunt.domain.redaction.checks import Found, in_words, kept_of
from knelpunt.domain.vocabulary import ActorKind, AssessmentRole
from knelpunt.models import Account, Bottleneck, BottleneckProposal, Case
from knelpunt.services.bottlenecks import corrections, links, redaction, track
from knelpunt.services.bottlenecks import mail as bottleneck_mail
from knelpunt.services.bottlenecks.corrections import Correction
from knelpunt.services.bottlenecks.redaction import NOTHING_STANDING, PUBLIC_FIELDS, Standing
from knelpunt.services.bottlenecks.track import News, Reach
from knelpunt.services.core import events
from knelpunt.services.core.context import Context

NOTE_MAX_CHARACTERS = 2000
NOT_THE_PROPOSER = "U vroeg deze stap zelf. Een ander moet hem toetsen."
ONLY_THE_PROPOSER = "Alleen wie deze stap vroeg, mag hem intrekken."
DECIDED = "Over deze stap is al besloten. Laad de pagina opnieuw."
GONE = "Wie deze stap vroeg, mag hem niet meer zetten. Geef hem terug."
MUST_BE_PASSED = "Geef de stap terug, of schrijf op waarom dit toch openbaar mag."


class Filled(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """All that the form of a step can hold. ``case`` is the number of the case that a signal came from.

    Of a correction only the texts that change are filled in; ``change``, ``news_id`` and ``seen`` as in ``Correction``.
    """

    body: str = ""
    source_url: str | None = None
    waiting_for: str | None = None
    title: str = ""
    problem: str = ""
    provisions: list[tuple[int, AssessmentRole]] = []
    case: str = ""
    why: str = ""
    ministry_id: int | None = None
    owner_id: int | None = None
    choice: BottleneckChoice | None = None
    reason: str = ""
    until: date | None = None
    provision_id: int | None = None
    in_force_on: date | None = None
    into: str = ""
    change: str = ""
    news_id: int | None = None
    seen: str = ""

    @property
    def public_texts(self) -> dict[str, str | None]:
        """What becomes public of it, by field."""
        return {
            "title": self.title,
            "problem": self.problem,
            "reason": self.reason,
            "body": self.body,
            "waiting_for": self.waiting_for,
            "change": self.change,
        }

    def news(self, *, is_passed: bool) -> News:
        return News(self.body, self.source_url, self.waiting_for, is_passed)


def filled_of(proposal: Any) -> Filled:
    """What waits, as it was filled in; of a row of the table or of a page."""
    return msgspec.convert(proposal.payload, Filled)


def take_step(context: Context, reference: str, version: int, step: BottleneckStep, filled: Filled) -> None:
    """Take a step that one person may take alone.

    Raises:
        NamesSomebody: a text points at a person; ``ask`` lays it before a second one.
        DomainError: as the step itself says.
    """
    if step in NEEDS_SECOND:
        raise PermissionDenied("Deze stap zetten twee personen. Leg hem voor aan een ander.")
    _carry_out(context, reference, version, step, filled, agreed=None)


def ask(context: Context, reference: str, version: int, step: BottleneckStep, filled: Filled) -> BottleneckProposal:
    """Lay a step before a second person. Nothing is told until that one agrees.

    Raises:
        DomainError: the step does not fit, something is missing, or another one waits already.
    """
    bottleneck = track.open_bottleneck(context, reference, version)
    track.require_none_waiting(context, bottleneck)
    if step is BottleneckStep.CORRECT:
        filled = _to_keep(corrections.to_ask(context, bottleneck, _correction(filled)))
    else:
        rules.rule_for(step, bottleneck.status, None if step is BottleneckStep.CHOOSE else bottleneck.choice)
        track.checked_news(context, bottleneck.id, filled.news(is_passed=True))
    if step is BottleneckStep.BRING_INTO_FORCE:
        track.check_force(context, bottleneck, *_room_of(filled))
    bottleneck.updated_at = context.now
    return _ask(context, bottleneck.id, step, filled)


def ask_signal(context: Context, filled: Filled) -> BottleneckProposal:
    """Lay the signal of a new bottleneck before a second person, because its text points at somebody."""
    track.check_signal(context, filled.title, filled.problem, filled.provisions)
    track.checked_news(context, None, filled.news(is_passed=True))
    return _ask(context, None, BottleneckStep.SIGNAL, filled)


def signal(context: Context, filled: Filled, *, agreed: BottleneckProposal | None = None) -> Bottleneck:
    """Signal a bottleneck, and put the case under it that it came from.

    Args:
        agreed: what a second person agreed to, with what it says of people.
    Raises:
        NamesSomebody: a text points at a person; ``ask_signal`` lays it before a second one.
    """
    made = track.signal(
        context,
        title=filled.title,
        problem=filled.problem,
        provisions=filled.provisions,
        body=filled.body,
        case=filled.case,
        is_passed=agreed is not None,
    )
    if filled.case:
        version = context.session.scalar(select(Case.version).where(Case.reference == filled.case))
        links.propose_link(context, filled.case, version or 0, made.reference, filled.why, agreed=agreed)
    return made


def approve(context: Context, proposal_id: int, pass_reason: str = "") -> Bottleneck:
    """Agree to a step that waits: it is taken at once, by who asked for it.

    Args:
        pass_reason: why what points at somebody may be public; needed when something does.
    Raises:
        PermissionDenied: who asked may not agree, nor who may not be a second person.
        VersionConflict: it was decided already.
        DomainError: the step does not fit any more, or ``pass_reason`` is missing.
    """
    proposal = _to_decide(context, proposal_id)
    filled = filled_of(proposal)
    written = found_in(context.session, proposal.bottleneck_id, filled)
    standing = standing_in(context.session, proposal.bottleneck_id, proposal.step, filled)
    found, told = (*written, *standing.found), [*in_words(written, PUBLIC_FIELDS), *standing.told]
    if found and not pass_reason.strip():
        raise DomainError(f"{' '.join(told)} {MUST_BE_PASSED}", field="pass_reason")
    if len(pass_reason) > NOTE_MAX_CHARACTERS:
        raise DomainError(f"Gebruik ten hoogste {NOTE_MAX_CHARACTERS} tekens.", field="pass_reason")
    proposal.pass_reason = pass_reason.strip() if found else None
    _decide(context, proposal, BottleneckProposalStatus.APPROVED)
    context.session.flush()
    author = replace(context, actor=_author(context, proposal))
    try:
        bottleneck = _taken(author, proposal, filled)
    except PermissionDenied as error:
        raise DomainError(GONE) from error
    proposal.bottleneck_id = bottleneck.id
    context.session.flush()
    read = {text.strip() for text in filled.public_texts.values() if text} | standing.words
    redaction.settle(context.session, bottleneck.id, read if found else ())
    path = f"/regelknelpunten/{bottleneck.reference}"
    _tell(context, proposal, bottleneck.reference, path, is_agreed=True)
    _record(context, proposal, BottleneckReview.APPROVED, {"gevonden": kept_of(found)} if found else {})
    return bottleneck


def give_back(context: Context, proposal_id: int, note: str) -> None:
    """Not agree, and say why; nothing is told to anybody outside.

    Raises:
        DomainError: on ``note`` when it is empty or too long.
        PermissionDenied, VersionConflict: as ``approve`` does.
    """
    proposal = _to_decide(context, proposal_id)
    if not note.strip() or len(note) > NOTE_MAX_CHARACTERS:
        raise DomainError(f"Schrijf op wat anders moet, in ten hoogste {NOTE_MAX_CHARACTERS} tekens.", field="note")
    proposal.note = note.strip()
    _decide(context, proposal, BottleneckProposalStatus.RETURNED)
    about = "nieuw regelknelpunt"
    if proposal.bottleneck_id is not None:
        about = context.session.get_one(Bottleneck, proposal.bottleneck_id).reference
    _tell(context, proposal, about, f"/regelknelpunten/voorstellen/{proposal.id}", is_agreed=False)
    _record(context, proposal, BottleneckReview.RETURNED)


def cancel(context: Context, proposal_id: int) -> None:
    """Take back an own step that waits. Raises PermissionDenied for anybody else, VersionConflict when decided."""
    proposal = _open_proposal(context.session, proposal_id)
    if proposal.proposed_by_id != context.actor.account_id:
        raise PermissionDenied(ONLY_THE_PROPOSER)
    _decide(context, proposal, BottleneckProposalStatus.CANCELLED)
    _record(context, proposal, BottleneckReview.CANCELLED)


def found_in(session: Session, bottleneck_id: int | None, filled: Filled) -> tuple[Found, ...]:
    """All that points at a person in what would become public."""
    return redaction.found_in(session, filled.public_texts, bottleneck_id=bottleneck_id, case=filled.case)


def standing_in(session: Session, bottleneck_id: int | None, step: BottleneckStep, filled: Filled) -> Standing:
    """What is public of the bottleneck into which another goes up, and points at people round the cases that come
    along; nothing for any other step."""
    into = None
    if step is BottleneckStep.MERGE and bottleneck_id is not None:
        into = session.scalar(select(Bottleneck.id).where(Bottleneck.reference == filled.into.strip().upper()))
    return NOTHING_STANDING if into is None else redaction.standing_at_merge(session, bottleneck_id or 0, into)


def stands_now(session: Session, proposal: Any) -> dict[str, str]:
    """How the texts stand that a correction would change, by field; nothing for any other step."""
    if proposal.step is not BottleneckStep.CORRECT:
        return {}
    bottleneck = session.get_one(Bottleneck, proposal.bottleneck_id)
    return corrections.texts_of(session, bottleneck, filled_of(proposal).news_id)


def erratum_reach(context: Context, bottleneck_id: int) -> tuple[int, int]:
    """How many submitters and followers were told that a bottleneck is in force."""
    bottleneck = context.session.get_one(Bottleneck, bottleneck_id)
    wrong = track.wrong_news(context, bottleneck)
    return bottleneck_mail.count_told(context, wrong.ids, track.solved_changes(context, bottleneck))


def force_reach(context: Context, bottleneck_id: int, provision_id: int) -> Reach:
    """Whom the step to in force tells now, and what it puts up for a second look."""
    return track.reach_of(context, context.session.get_one(Bottleneck, bottleneck_id), provision_id)


def _carry_out(
    context: Context,
    reference: str,
    version: int,
    step: BottleneckStep,
    filled: Filled,
    *,
    agreed: BottleneckProposal | None,
) -> None:
    news = filled.news(is_passed=agreed is not None)
    match step:
        case BottleneckStep.ANALYSE:
            ids = {"ministry_id": filled.ministry_id or 0, "owner_id": filled.owner_id or 0}
            track.analyse(context, reference, version, **ids, news=news)
        case BottleneckStep.CHOOSE:
            if filled.choice is None:
                raise DomainError("Kies wat er gaat gebeuren.", field="choice")
            track.choose(context, reference, version, choice=filled.choice, reason=filled.reason, news=news)
        case BottleneckStep.CORRECT:
            corrections.correct(context, reference, version, _correction(filled), agreed=agreed)
        case BottleneckStep.MERGE:
            track.merge(context, reference, version, into=filled.into, news=news)
        case BottleneckStep.BRING_INTO_FORCE if agreed is not None:
            provision_id, day = _room_of(filled)
            track.bring_into_force(
                context, reference, version, provision_id=provision_id, in_force_on=day, news=news, agreed=agreed
            )
        case BottleneckStep.ERRATUM if agreed is not None:
            track.take_back(context, reference, version, news=news, agreed=agreed)
        case _:
            track.move(context, reference, version, step, news, consultation_until=filled.until)


def _correction(filled: Filled) -> Correction:
    """Texts that are not filled in stay; only an address that was filled in can be taken away."""
    texts = {field: text for field, text in filled.public_texts.items() if text and field != "change"}
    if filled.source_url is not None:
        texts["source_url"] = filled.source_url
    return Correction(texts, filled.change, filled.news_id, filled.seen)


def _to_keep(wanted: Correction) -> Filled:
    kept = {**wanted.texts, "change": wanted.change, "news_id": wanted.news_id, "seen": wanted.seen}
    return msgspec.convert(kept, Filled)


def _room_of(filled: Filled) -> tuple[int, date]:
    if filled.provision_id is None or filled.in_force_on is None:
        raise DomainError("Kies een bepaling uit de lijst.", field="provision_id")
    return filled.provision_id, filled.in_force_on


def _taken(author: Context, proposal: BottleneckProposal, filled: Filled) -> Bottleneck:
    """The step, taken by who asked for it, on the bottleneck as it is now."""
    if proposal.step is BottleneckStep.SIGNAL:
        return signal(author, filled, agreed=proposal)
    bottleneck = author.session.get_one(Bottleneck, proposal.bottleneck_id)
    if proposal.step is not BottleneckStep.MERGE:  # merging locks both in one order itself
        author.session.refresh(bottleneck, with_for_update={"key_share": True})
    _carry_out(author, bottleneck.reference, bottleneck.version, proposal.step, filled, agreed=proposal)
    return bottleneck


def _author(context: Context, proposal: BottleneckProposal) -> Actor:
    account = context.session.get(Account, proposal.proposed_by_id)
    if account is None or not account.is_active:
        raise DomainError(GONE)
    return Actor(ActorKind.ACCOUNT, account.id, account.role, account.organisation_id)


def _ask(context: Context, bottleneck_id: int | None, step: BottleneckStep, filled: Filled) -> BottleneckProposal:
    if context.actor.account_id is None:
        raise PermissionDenied("Alleen een medewerker kan een toetsing vragen.")
    proposal = BottleneckProposal(
        bottleneck_id=bottleneck_id,
        step=step,
        payload=msgspec.to_builtins(filled),
        status=BottleneckProposalStatus.OPEN,
        proposed_by_id=context.actor.account_id,
        proposed_at=context.now,
    )
    context.session.add(proposal)
    context.session.flush()
    _record(context, proposal, BottleneckReview.ASKED)
    return proposal


def _to_decide(context: Context, proposal_id: int) -> BottleneckProposal:
    context.actor.require(Permission.REVIEW_BOTTLENECK)
    proposal = _open_proposal(context.session, proposal_id)
    if context.actor.account_id is None or proposal.proposed_by_id == context.actor.account_id:
        raise PermissionDenied(NOT_THE_PROPOSER)
    return proposal


def _open_proposal(session: Session, proposal_id: int) -> BottleneckProposal:
    proposal = session.scalar(
        select(BottleneckProposal)
        .where(BottleneckProposal.id == proposal_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if proposal is None:
        raise NotFound()
    if proposal.status is not BottleneckProposalStatus.OPEN:
        raise VersionConflict(DECIDED)
    return proposal


def _decide(context: Context, proposal: BottleneckProposal, status: BottleneckProposalStatus) -> None:
    proposal.status = status
    proposal.decided_by_id, proposal.decided_at = context.actor.account_id, context.now


def _tell(context: Context, proposal: BottleneckProposal, about: str, path: str, *, is_agreed: bool) -> None:
    words = STEP_WORDS[proposal.step]
    bottleneck_mail.tell_reviewed(
        context,
        proposal.proposed_by_id,
        about=about,
        step=words,
        is_agreed=is_agreed,
        tells=proposal.step is not BottleneckStep.CORRECT,
        path=path,
    )


def _record(
    context: Context, proposal: BottleneckProposal, kind: BottleneckReview, more: dict[str, Any] | None = None
) -> None:
    subject = f"bottleneck:{proposal.bottleneck_id}" if proposal.bottleneck_id else f"bottleneck_proposal:{proposal.id}"
    data = {"voorstel": proposal.id, "stap": proposal.step.value, **(more or {})}
    events.record(context, kind, subject=subject, data=data)
