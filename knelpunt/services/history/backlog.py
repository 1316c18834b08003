"""The backlog of an organisation: each line of its file becomes a draft, which a person files.

An import files nothing by itself: it starts no clock, sends no mail and gives no number.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from sqlalchemy import func, select
from sqlalchemy.orm.exc import StaleDataError

from knelpunt.adapters.files import reference as reference_files
from knelpunt.adapters.files.cases import Line
from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.domain.errors import DomainError, VersionConflict
from knelpunt.domain.filing.rules import FilingIncomplete, clean
from knelpunt.domain.history.backlog import KEY, BacklogCase, read_backlog
from knelpunt.domain.history.imports import ImportState
from knelpunt.domain.permissions import Permission
from knelpunt.domain.shapes import Fault, InvalidData
from knelpunt.models import Attachment, Case, Draft, ImportRow, Organisation
from knelpunt.queries.core.reference import reference
from knelpunt.queries.filing import imports as queries
from knelpunt.queries.filing.imports import OwnFiling
from knelpunt.services.core.context import Context
from knelpunt.services.filing import intake
from knelpunt.services.history.importing import IMPORT_LOCK, Outcome, key_of, refused
from knelpunt.services.history.places import PlaceFinder

MOST_AT_ONCE = 50
"""How many drafts are filed together; each starts a term for the desk."""
GONE = "Dit concept is er niet meer."
CHANGED = "Dit concept is daarna gewijzigd."
HAS_FILES = "Bij dit concept staan bestanden."


class Source(Protocol):
    """What a file becomes: how its lines are checked, brought in and put back."""

    def pass_over(self, lines: Iterable[Line]) -> None:
        """Know of the first lines of the file, which were checked before, as if they were checked now."""

    def take(self, lines: Sequence[Line], *, is_dry_run: bool) -> list[Outcome]:
        """Check lines and, unless it is a dry run, bring in what is good; what becomes of each."""

    def put_back(self, rows: Sequence[ImportRow]) -> list[str | None]:
        """Put lines back that were brought in; of each why it stays, or None."""


class Backlog:
    """Makes drafts of the lines of a file, for the organisation of the actor."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._organisation = context.session.get_one(Organisation, context.actor.organisation_id)
        self._keys: set[str] = set()
        self._texts: dict[tuple[str, str], int] = {}

    def pass_over(self, lines: Iterable[Line]) -> None:
        for line in lines:
            self._read(line)

    def take(self, lines: Sequence[Line], *, is_dry_run: bool) -> list[Outcome]:
        session = self._context.session
        session.execute(select(func.pg_advisory_xact_lock(IMPORT_LOCK)))
        read = [self._read(line) for line in lines]
        cases = [one for one in read if isinstance(one, BacklogCase)]
        known = reference(session)
        places = PlaceFinder(known, reference_files.municipality_aliases())
        earlier = queries.brought_in(session, self._organisation.id, (case.key for case in cases))
        own = queries.own_filings(session, self._organisation.id, (case.title for case in cases))[::-1]
        twins = {(each.title, clean(each.description)): each for each in own}
        alike = {each.title: each for each in own}
        outcomes: list[Outcome] = []
        for line, case in zip(lines, read, strict=True):
            if isinstance(case, Outcome):
                outcomes.append(case)
                continue
            there = Outcome(line.number, ImportState.PRESENT, case.key, case.title)
            twin = twins.get(_words(case))
            if case.key in earlier:
                words = f"Dit kenmerk is al ingelezen op {nl_day(earlier[case.key]):%d-%m-%Y}."
                outcomes.append(replace(there, remarks=(words,)))
            elif twin is not None:
                words = f"U hebt deze melding al: {_name(twin)}, met dezelfde titel en omschrijving."
                outcomes.append(replace(there, remarks=(words,)))
            else:
                outcomes.append(self._new(line, case, places, alike.get(case.title), is_dry_run=is_dry_run))
        return outcomes

    def _read(self, line: Line) -> BacklogCase | Outcome:
        """A line that may come in as far as the file tells; any other is refused."""
        if line.data is None:
            return refused(line, "", line.problem or "")
        try:
            case = read_backlog(line.data, self._context.today)
        except InvalidData as error:
            return refused(line, key_of(line, KEY), str(error), error.faults)
        faults = []
        if case.key in self._keys:
            faults.append(Fault((KEY,), "staat twee keer in het bestand"))
        if (earlier := self._texts.get(_words(case))) is not None:
            faults.append(Fault(("titel",), f"staat met dezelfde omschrijving al op regel {earlier}"))
        if faults:
            return refused(line, case.key, "; ".join(fault.sentence for fault in faults), faults)
        self._keys.add(case.key)
        self._texts[_words(case)] = line.number
        return case

    def _new(
        self, line: Line, case: BacklogCase, places: PlaceFinder, alike: OwnFiling | None, *, is_dry_run: bool
    ) -> Outcome:
        if case.municipality is not None:
            municipality_id = places.place(case.municipality, None, self._context.today).municipality_id
            text = "herkennen wij niet"
        else:
            municipality_id, text = self._organisation.municipality_id, "ontbreekt"
        if municipality_id is None:
            fault = Fault(("gemeente",), text)
            return refused(line, case.key, fault.sentence, [fault])
        remarks = (f"Lijkt op een melding die u al hebt: {_name(alike)}. De titel is gelijk.",) if alike else ()
        outcome = Outcome(line.number, ImportState.GOOD, case.key, case.title, remarks=remarks)
        if is_dry_run:
            return outcome
        draft = intake.create_draft(self._context, {**case.fields, "municipality_id": str(municipality_id)})
        return replace(outcome, state=ImportState.ADDED, draft_key=draft.key)

    def put_back(self, rows: Sequence[ImportRow]) -> list[str | None]:
        session, keys = self._context.session, [row.draft_key for row in rows]
        drafts = {
            draft.key: draft
            for draft in session.scalars(
                select(Draft)
                .where(Draft.key.in_(keys), Draft.organisation_id == self._organisation.id)
                .order_by(Draft.id)
                .with_for_update()
                .execution_options(populate_existing=True)
            )
        }
        of_cases = select(Case.draft_key, Case.reference).where(Case.draft_key.in_(keys)).order_by(Case.id)
        filed: dict[str | None, str] = dict(session.execute(of_cases).all())
        of_drafts = Attachment.draft_id.in_([draft.id for draft in drafts.values()])
        with_files = set(session.scalars(select(Attachment.draft_id).where(of_drafts)))
        reasons: list[str | None] = []
        for row in rows:
            draft = drafts.get(row.draft_key or "")
            if row.draft_key in filed:
                reasons.append(f"Dit concept is ingediend als {filed[row.draft_key]}.")
            elif draft is None:
                reasons.append(GONE)
            elif draft.version != 1:
                reasons.append(CHANGED)
            elif draft.id in with_files:
                reasons.append(HAS_FILES)
            else:
                reasons.append(None)
                intake.discard_draft(self._context, draft.key, draft.version)
        return reasons


@dataclass(frozen=True, slots=True)
class Filed:
    """What became of a draft that was to be filed: the number of its case, or why it is none."""

    title: str
    reference: str | None
    reason: str = ""


def file_drafts(
    context: Context, drafts: Sequence[tuple[str, int, str]], words: Mapping[str, str], commit: Callable[[], None]
) -> list[Filed]:
    """File drafts of the own organisation, each in a transaction of its own; one that cannot be filed stays a draft.

    Args:
        drafts: key, version that was shown, and title of each.
        words: what is said with the button of all: the mandate, and what may be done with the cases.
    Raises:
        PermissionDenied: the actor does not file.
        DomainError: there are none, or too many.
    """
    context.actor.require(Permission.FILE_CASE)
    if not drafts:
        raise DomainError("Kies ten minste één concept.")
    if len(drafts) > MOST_AT_ONCE:
        raise DomainError(f"Dien hoogstens {MOST_AT_ONCE} concepten tegelijk in.")
    filed = []
    for key, version, title in drafts:
        try:
            with context.session.begin_nested():
                case = intake.file_case(context, key, version, words)
            filed.append(Filed(title, case.reference))
        except FilingIncomplete as incomplete:
            filed.append(Filed(title, None, " ".join(map(str, incomplete.problems.values()))))
        except (VersionConflict, StaleDataError):
            filed.append(Filed(title, None, "Een collega wijzigde dit concept net. Kijk het eerst na."))
        except DomainError as error:
            filed.append(Filed(title, None, str(error.message)))
        commit()
    return filed


def _words(case: BacklogCase) -> tuple[str, str]:
    return case.title, clean(case.fields["description"])


def _name(own: OwnFiling) -> str:
    return own.reference or "als concept"
