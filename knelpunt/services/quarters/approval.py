"""Agreeing to the text of a quarter by a second person, presenting it to the Kamer, and noting its number."""

from dataclasses import asdict
from datetime import date

from sqlalchemy import func, select

from knelpunt.adapters.markup import written
from knelpunt.domain.calendar.timezone import Quarter, nl_day
from knelpunt.domain.errors import DomainError, VersionConflict
from knelpunt.domain.figures.writing import SECTIONS, Placed, Section, WrittenSection
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import Permission
from knelpunt.domain.quarters import track
from knelpunt.domain.quarters.track import QuarterStep
from knelpunt.domain.redaction.checks import Found, in_words, kept_of, look_through, not_passed
from knelpunt.domain.texts import Text
from knelpunt.models import Bottleneck, QuarterComment, QuarterCommentRequest, QuarterText
from knelpunt.queries.bottlenecks.families import put_under
from knelpunt.queries.core import people
from knelpunt.queries.quarters import commitments, texts
from knelpunt.services.core.context import Context
from knelpunt.services.core.public_words import require_nobody
from knelpunt.services.figures import files
from knelpunt.services.quarters import mail_texts
from knelpunt.services.quarters.telling import page_of, tell_account, tell_sealers, words_of
from knelpunt.services.quarters.writing import note, open_text, writers

MAY_BE_EMPTY = frozenset({Section.RULE_BOTTLENECKS, Section.COMMITMENTS})
WRITE_WHY = Text("Schrijf op waarom.")
MUST_BE_PASSED = "Geef de tekst terug, of schrijf op waarom dit toch openbaar mag."
NAMES = {section.value: f"het deel ‘{about.title}’" for section, about in SECTIONS.items()}


def found_in(context: Context, quarter: Quarter) -> tuple[Found, ...]:
    """All that points at a person in the text of a quarter, section by section: somebody at the desk, or round a case
    under the rule bottleneck that it tells of."""
    chosen = select(QuarterText.bottleneck_id).where(QuarterText.quarter == quarter.first_day)
    known = people.known_beside_the_desk(context.session, put_under(Bottleneck.id.in_(chosen)))
    return look_through(texts.sources_of(context.session, quarter), known)


def ask(context: Context, quarter: Quarter, placed: Placed) -> None:
    """Lay the text before a second person.

    Args:
        placed: the figures of the seal, by name.
    Raises:
        PermissionDenied: the actor writes no quarters.
        TransitionNotAllowed: it cannot be laid before somebody now.
        DomainError: a section is empty or has errors, or a comment is not settled.
    """
    context.actor.require(Permission.SEAL_QUARTER)
    text, _row = open_text(context, quarter, QuarterStep.ASK_APPROVAL)
    _require_ready(context, quarter, _rendered(context, quarter, placed, text))
    text.asked_by_id, text.asked_at, text.remark = context.actor.account_id, context.now, None
    note(context, QuarterStep.ASK_APPROVAL, quarter)
    url = page_of(context, quarter, "tekst/akkoord")
    tell_sealers(
        context,
        MailKind.QUARTER_TEXT_ASKED,
        mail_texts.text_asked(quarter=words_of(quarter), url=url),
        besides=[context.actor.account_id, *writers(context, quarter)],
        once_key=f"kwartaaltekst:{quarter}:{context.now.isoformat()}",
    )


def give_back(context: Context, quarter: Quarter, remark: str) -> None:
    """Give the text back, and say why; whoever laid it before others can also take it back this way.

    Raises:
        PermissionDenied, TransitionNotAllowed: as ``ask``.
        DomainError: the reason is missing (field ``remark``).
    """
    context.actor.require(Permission.SEAL_QUARTER)
    text, _row = open_text(context, quarter, QuarterStep.RETURN)
    if not remark.strip():
        raise DomainError(WRITE_WHY, field="remark")
    asked_by_id = text.asked_by_id
    text.remark = remark.strip()
    text.asked_by_id = text.asked_at = None
    note(context, QuarterStep.RETURN, quarter)
    if asked_by_id != context.actor.account_id:
        _tell_author(context, quarter, asked_by_id, is_approved=False)


def approve(context: Context, quarter: Quarter, version: int, placed: Placed, pass_reason: str = "") -> None:
    """Agree to the text. From now on it does not change, nor do the lists beside its figures.

    Args:
        version: of the text that was read.
        pass_reason: why what points at a person may be public all the same.
    Raises:
        PermissionDenied: the actor wrote at it, laid it before others, or writes no quarters.
        VersionConflict: the text was taken back and laid before others again meanwhile.
        DomainError: as ``ask``; or something points at a person and there is no reason (field ``pass_reason``).
    """
    context.actor.require(Permission.SEAL_QUARTER)
    text, row = open_text(context, quarter, QuarterStep.APPROVE)
    if text.version != version:
        raise VersionConflict(track.HAS_CHANGED)
    _require_ready(context, quarter, _rendered(context, quarter, placed, text))
    found = not_passed(found_in(context, quarter), text.passed)
    if found and not pass_reason.strip():
        raise DomainError(f"{' '.join(in_words(found, NAMES))} {MUST_BE_PASSED}", field="pass_reason")
    if found:
        text.passed, text.pass_reason = [*text.passed, *(each.mark for each in found)], pass_reason.strip()
    text.frozen = {name: asdict(table) for name, table in commitments.lists_of(context.session, quarter).items()}
    text.status = row.after
    text.approved_by_id, text.approved_at = context.actor.account_id, context.now
    note(context, QuarterStep.APPROVE, quarter, {"doorgelaten": kept_of(found)} if found else None)
    _tell_author(context, quarter, text.asked_by_id, is_approved=True)


def reopen(context: Context, quarter: Quarter, remark: str) -> None:
    """Take the approval back before the text was presented, and say why.

    Raises:
        PermissionDenied, TransitionNotAllowed: as ``ask``.
        DomainError: the reason is missing (field ``remark``).
    """
    context.actor.require(Permission.SEAL_QUARTER)
    text, row = open_text(context, quarter, QuarterStep.REOPEN)
    if not remark.strip():
        raise DomainError(WRITE_WHY, field="remark")
    text.status, text.remark, text.frozen = row.after, remark.strip(), None
    text.asked_by_id = text.asked_at = text.approved_by_id = text.approved_at = None
    note(context, QuarterStep.REOPEN, quarter)


def present(context: Context, quarter: Quarter, on_day: date | None) -> None:
    """Note that the text went to the Kamer.

    Raises:
        PermissionDenied, TransitionNotAllowed: as ``ask``.
        DomainError: the day is missing, lies ahead, or before the approval (field ``on_day``).
    """
    context.actor.require(Permission.SEAL_QUARTER)
    text, row = open_text(context, quarter, QuarterStep.PRESENT)
    approved_on = nl_day(text.approved_at) if text.approved_at is not None else context.today
    if on_day is None or not approved_on <= on_day <= context.today:
        raise DomainError(Text("Kies een dag tussen het akkoord en vandaag."), field="on_day")
    text.status, text.presented_on, text.presented_by_id = row.after, on_day, context.actor.account_id
    note(context, QuarterStep.PRESENT, quarter, {"op": on_day.isoformat()})
    files.ask(context, quarter)


def number(context: Context, quarter: Quarter, paper: str) -> None:
    """Note the number of the Kamerstuk that the text became.

    Raises:
        PermissionDenied, TransitionNotAllowed: as ``ask``.
        DomainError: it is missing, too long, or somebody's (field ``paper``).
    """
    context.actor.require(Permission.SEAL_QUARTER)
    text, _row = open_text(context, quarter, QuarterStep.NUMBER)
    paper = " ".join(paper.split())
    if not paper or len(paper) > track.PAPER_LENGTH or not any(each.isdigit() for each in paper):
        raise DomainError(Text("Vul het nummer in, zoals 32 847, nr. 106."), field="paper")
    known = people.known_at_the_desk(context.session)
    require_nobody({"paper": paper}, known, {"paper": "het nummer"})
    text.paper = paper
    note(context, QuarterStep.NUMBER, quarter)
    files.ask(context, quarter)


def _rendered(context: Context, quarter: Quarter, placed: Placed, text: QuarterText) -> tuple[WrittenSection, ...]:
    return written(
        texts.sources_of(context.session, quarter),
        commitments.with_lists(context.session, placed, quarter, text.frozen),
    )


def _require_ready(context: Context, quarter: Quarter, sections: tuple[WrittenSection, ...]) -> None:
    empty = [each.title for each in sections if not each.blocks and each.key not in MAY_BE_EMPTY]
    if empty:
        raise DomainError(Text(track.IS_EMPTY.message, sections=", ".join(empty)))
    if any(problem.is_error for each in sections for problem in each.problems):
        raise DomainError(track.HAS_ERRORS)
    is_open = (
        select(func.count())
        .select_from(QuarterComment)
        .join(QuarterCommentRequest, QuarterCommentRequest.id == QuarterComment.request_id)
        .where(QuarterCommentRequest.quarter == quarter.first_day, QuarterComment.settled_at.is_(None))
    )
    if context.session.scalar(is_open):
        raise DomainError(track.COMMENTS_OPEN)


def _tell_author(context: Context, quarter: Quarter, account_id: int | None, *, is_approved: bool) -> None:
    url = page_of(context, quarter, "tekst")
    text = mail_texts.text_decided(quarter=words_of(quarter), is_approved=is_approved, url=url)
    tell_account(context, MailKind.QUARTER_TEXT_DECIDED, text, account_id)
