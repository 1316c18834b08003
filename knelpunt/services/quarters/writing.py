"""Writes the text of a sealed quarter: begins it, saves a section, takes a proposed sentence, names the bottleneck."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from knelpunt.domain.calendar.timezone import Quarter
from knelpunt.domain.errors import DomainError, NotFound, PermissionDenied, VersionConflict
from knelpunt.domain.figures.writing import SECTIONS, Section
from knelpunt.domain.permissions import Permission
from knelpunt.domain.quarters.findings import FindingDecision
from knelpunt.domain.quarters.track import (
    HAS_CHANGED,
    MOST_CHARACTERS,
    SECOND_PERSON,
    QuarterStatus,
    QuarterStep,
    QuarterTransition,
    require,
)
from knelpunt.domain.texts import Text
from knelpunt.models import Bottleneck, QuarterSeal, QuarterSection, QuarterSectionVersion, QuarterText
from knelpunt.queries.quarters import texts
from knelpunt.services.core import events
from knelpunt.services.core.context import Context


def open_text(context: Context, quarter: Quarter, step: QuarterStep) -> tuple[QuarterText, QuarterTransition]:
    """The text of a quarter, locked, and the row of a step that this actor may take now.

    Raises:
        NotFound: nobody began it.
        TransitionNotAllowed: the step does not fit where it is.
        PermissionDenied: the step is for a second person, and the actor took part.
    """
    text = context.session.get(QuarterText, quarter.first_day, with_for_update=True, populate_existing=True)
    if text is None:
        raise NotFound()
    row = require(step, text.status, waits=text.status is QuarterStatus.WRITING and text.asked_at is not None)
    if row.is_second and context.actor.account_id in (text.asked_by_id, *writers(context, quarter)):
        raise PermissionDenied(SECOND_PERSON)
    return text, row


def writers(context: Context, quarter: Quarter) -> set[int]:
    """Who wrote what stands in the text now."""
    return {row.changed_by_id for row in texts.sections_of(context.session, quarter).values()}


def note(context: Context, step: QuarterStep, quarter: Quarter, data: dict[str, object] | None = None) -> None:
    """Append what was done with the text of a quarter to the event chain."""
    events.record(context, step, subject=f"kwartaal:{quarter}", data=data or {})


def begin(context: Context, quarter: Quarter) -> QuarterText:
    """Begin the text of a sealed quarter: every section with its template.

    Raises:
        PermissionDenied: the actor writes no quarters.
        NotFound: the quarter is not sealed.
        TransitionNotAllowed: somebody began it.
    """
    context.actor.require(Permission.SEAL_QUARTER)
    session, account_id = context.session, context.actor.account_id or 0
    events.lock_chain(session)
    if session.get(QuarterSeal, quarter.first_day) is None:
        raise NotFound()
    begun = session.get(QuarterText, quarter.first_day)
    row = require(QuarterStep.BEGIN, QuarterStatus.SEALED if begun is None else begun.status, waits=False)
    text = QuarterText(
        quarter=quarter.first_day,
        status=row.after,
        begun_by_id=account_id,
        begun_at=context.now,
        findings={},
        passed=[],
    )
    session.add(text)
    session.flush()
    for section, about in SECTIONS.items():
        session.add(
            QuarterSection(
                quarter=quarter.first_day,
                section=section,
                source=about.template,
                changed_by_id=account_id,
                changed_at=context.now,
            )
        )
    note(context, QuarterStep.BEGIN, quarter)
    return text


def save(
    context: Context, quarter: Quarter, section: Section, source: str, version: int, *, by_itself: bool = False
) -> QuarterSection:
    """Save a section. A version is kept of it, unless the page saved itself while somebody typed.

    What somebody else wrote and did not keep is kept before it is written over.

    Raises:
        PermissionDenied: the actor writes no quarters.
        TransitionNotAllowed: the text lies before a second person, or was agreed to.
        VersionConflict: somebody else changed the section since.
        DomainError: it is too long (field ``source``).
    """
    context.actor.require(Permission.SEAL_QUARTER)
    open_text(context, quarter, QuarterStep.WRITE)
    row = _locked(context.session, quarter, section)
    if row.version != version:
        raise VersionConflict(HAS_CHANGED)
    source = "\n".join(line.rstrip() for line in source.replace("\r\n", "\n").split("\n")).strip("\n")
    if len(source) > MOST_CHARACTERS:
        raise DomainError(
            Text("Maak dit deel korter: ten hoogste %(most)s tekens.", most=MOST_CHARACTERS), field="source"
        )
    account_id = context.actor.account_id or 0
    is_new = source != row.source.strip("\n")
    if is_new:
        if row.changed_by_id != account_id:
            _keep(context, row, row.changed_by_id)
        row.source = source
        row.changed_by_id, row.changed_at = account_id, context.now
    if not by_itself:
        _keep(context, row, account_id)
        if is_new:
            note(context, QuarterStep.WRITE, quarter, {"deel": section.value})
    context.session.flush()
    return row


def _locked(session: Session, quarter: Quarter, section: Section) -> QuarterSection:
    key = (quarter.first_day, section)
    row: QuarterSection = session.get_one(QuarterSection, key, with_for_update=True, populate_existing=True)
    return row


def _keep(context: Context, row: QuarterSection, account_id: int) -> None:
    """Keep what stands in a section, unless that is the last version."""
    last = context.session.scalar(
        select(QuarterSectionVersion.source)
        .where(QuarterSectionVersion.quarter == row.quarter, QuarterSectionVersion.section == row.section)
        .order_by(QuarterSectionVersion.id.desc())
        .limit(1)
    )
    if last != row.source:
        context.session.add(
            QuarterSectionVersion(
                quarter=row.quarter,
                section=row.section,
                source=row.source,
                saved_by_id=account_id,
                saved_at=context.now,
            )
        )


def put_back(context: Context, quarter: Quarter, section: Section, version_id: int, version: int) -> QuarterSection:
    """Make an earlier version of a section the present one.

    Raises:
        NotFound: this section has no such version.
        Others: as ``save``.
    """
    kept = context.session.get(QuarterSectionVersion, version_id)
    if kept is None or (kept.quarter, kept.section) != (quarter.first_day, section):
        raise NotFound()
    return save(context, quarter, section, kept.source, version)


def decide_finding(
    context: Context,
    quarter: Quarter,
    key: str,
    decision: FindingDecision,
    *,
    section: Section = Section.ONE_PAGE,
    sentence: str = "",
) -> None:
    """Take a proposed sentence into a section, as it is or rewritten, or leave it.

    Raises:
        PermissionDenied, TransitionNotAllowed: as ``save``.
        DomainError: a sentence to take is empty (field ``sentence``).
    """
    context.actor.require(Permission.SEAL_QUARTER)
    text, _row = open_text(context, quarter, QuarterStep.WRITE)
    if decision is not FindingDecision.LEFT:
        if not sentence.strip():
            raise DomainError(Text("Schrijf de zin op, of kies voor laten."), field="sentence")
        row = _locked(context.session, quarter, section)
        source = f"{row.source.rstrip()}\n\n{' '.join(sentence.split())}".strip()
        save(context, quarter, section, source, row.version)
    text.findings = {**text.findings, key: decision.value}
    context.session.flush()


def choose_bottleneck(context: Context, quarter: Quarter, bottleneck_id: int | None, why: str) -> None:
    """Choose the bottleneck of the quarter, and say why it is this one.

    Raises:
        PermissionDenied, TransitionNotAllowed: as ``save``.
        DomainError: there is no such bottleneck (field ``bottleneck_id``), or no reason (field ``why``).
    """
    context.actor.require(Permission.SEAL_QUARTER)
    text, _row = open_text(context, quarter, QuarterStep.CHOOSE)
    found = context.session.get(Bottleneck, bottleneck_id or 0)
    if found is None:
        raise DomainError(Text("Kies een regelknelpunt."), field="bottleneck_id")
    if not why.strip():
        raise DomainError(Text("Schrijf op waarom u dit kiest."), field="why")
    text.bottleneck_id, text.bottleneck_why = found.id, why.strip()
    row = _locked(context.session, quarter, Section.BOTTLENECK)
    if not row.source.strip():
        source = f"**[{_plain(found.title)}](/regelknelpunten/{found.reference})**\n\n{why.strip()}"
        save(context, quarter, Section.BOTTLENECK, source, row.version)
    note(context, QuarterStep.CHOOSE, quarter, {"regelknelpunt": found.id})


def _plain(words: str) -> str:
    """Words that stand within a link: without the marks that would end it."""
    return words.replace("[", "(").replace("]", ")")
