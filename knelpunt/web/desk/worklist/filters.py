"""What a work list is narrowed to, read from the address and written back into it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup, escape

from knelpunt.adapters.words.search_terms import to_query
from knelpunt.domain.permissions import Actor, Permission
from knelpunt.domain.vocabulary import CaseStatus, PublicationStatus, Result, SubmitterKind, Theme, Verdict
from knelpunt.queries.cases.lists import CaseFilter, CaseOrder, CaseSort, WorkList
from knelpunt.queries.core.reference import Options, Reference
from knelpunt.queries.laws.stacking import RuleLevel
from knelpunt.web.shared.forms.forms import FIRST_YEAR, LAST_YEAR
from knelpunt.web.shared.labels.labels import label
from knelpunt.web.shared.pages.filters import short_date
from knelpunt.web.shared.rule_pairs import RulePairs, read_together

WORKLIST_WORDS = {
    WorkList.MINE: "Mijn zaken",
    WorkList.COVERED: "Waarneming",
    WorkList.UNASSIGNED: "Niet toegewezen",
    WorkList.REVIEW: "Te toetsen",
    WorkList.WAITING: "Wacht op indiener",
    WorkList.NEARLY_LATE: "Bijna te laat",
    WorkList.LATE: "Te laat",
    WorkList.SILENT: "Lang stil",
    WorkList.OPEN: "Open zaken",
    WorkList.ALL: "Alle zaken",
}
EMPTY = {
    WorkList.MINE: (
        "U hebt nu geen zaken",
        "Zaken die u behandelt, staan hier tot ze klaar zijn. Bekijk welke zaken nog van niemand zijn.",
        WorkList.UNASSIGNED,
    ),
    WorkList.COVERED: (
        "U neemt nu geen zaken waar",
        "Is een collega afwezig en neemt u waar, dan staan de zaken van die collega hier.",
        WorkList.MINE,
    ),
    WorkList.UNASSIGNED: (
        "Alle zaken hebben een behandelaar",
        "Nieuwe meldingen komen hier binnen. Bekijk intussen wat bijna te laat is.",
        WorkList.NEARLY_LATE,
    ),
    WorkList.REVIEW: (
        "Er wacht niets op een tweede persoon",
        "Zodra een collega een oordeel, voorstel of afsluiting voorlegt, staat de zaak hier.",
        WorkList.ALL,
    ),
    WorkList.WAITING: (
        "Er wacht geen zaak op een indiener",
        "Hier staan zaken met een open vraag of een voorstel waar de indiener nog op reageert.",
        WorkList.MINE,
    ),
    WorkList.NEARLY_LATE: (
        "Geen termijn loopt binnen drie werkdagen af",
        "Hier staan zaken waarvan de termijn bijna om is. Bekijk of er zaken te laat zijn.",
        WorkList.LATE,
    ),
    WorkList.LATE: (
        "Geen zaak is te laat",
        "Hier staan zaken waarvan de termijn voorbij is. Bekijk wat er binnenkort afloopt.",
        WorkList.NEARLY_LATE,
    ),
    WorkList.SILENT: (
        "In elke open zaak gebeurde pas nog iets",
        "Hier staan open zaken waarin twee weken niets is gebeurd. Bekijk wat binnenkort afloopt.",
        WorkList.NEARLY_LATE,
    ),
    WorkList.OPEN: (
        "Er zijn geen open zaken",
        "Hier staan zaken waarin het loket of de indiener nog iets moet doen. Bekijk ook wat klaar is.",
        WorkList.ALL,
    ),
    WorkList.ALL: (
        "Er zijn nog geen zaken",
        "Zodra iemand een knelpunt meldt, staat het hier en bij ‘Niet toegewezen’.",
        WorkList.UNASSIGNED,
    ),
}
"""What an empty work list says, and which list to look at next."""
MAX_SEARCH_LENGTH = 200
_BY_DUE_DATE = frozenset({WorkList.MINE, WorkList.COVERED, WorkList.UNASSIGNED, WorkList.NEARLY_LATE, WorkList.LATE})
"""Lists that somebody works down: what is due first stands on top."""
_DOWN_FIRST = frozenset({CaseSort.UPDATED, CaseSort.FILED, CaseSort.NUMBER})
"""What people want to see the newest of first; a due date starts with the soonest."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One filter that is a list to choose from: its name in the address and in ``CaseFilter``, and what it offers."""

    name: str
    column: str
    words: str
    values: dict[str, tuple[Any, str]]
    markup: str

    def drawn(self, chosen: str) -> str:
        """The options as HTML, with the chosen one marked."""
        mark = f'value="{escape(chosen)}"'
        return self.markup.replace(mark, f"{mark} selected", 1) if chosen else self.markup


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on, in words, and the address of the list without it."""

    words: str
    href: str


@dataclass(frozen=True, slots=True)
class ListState:
    """One reading of the address of a work list. ``texts`` are the filters that are on, as they stand there."""

    worklist: WorkList
    narrowed: CaseFilter
    order: CaseOrder
    default_order: CaseOrder
    texts: dict[str, str]
    choices: tuple[Choice, ...]
    search: str = ""
    has_unknown: bool = False
    after: str | None = None
    before: str | None = None
    together: RulePairs | None = None
    _base: dict[str, str] = field(default_factory=dict)

    def query(self, **changes: str | None) -> str:
        """The query string of this list with changes (None leaves a part out), on its first page."""
        parts = {**self._base, **{name: text for name, text in changes.items() if text is not None}}
        for name, text in changes.items():
            if text is None:
                parts.pop(name, None)
        return urlencode(parts)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.texts)

    def worklist_query(self, worklist: WorkList) -> str:
        """The query string of another work list with the same filters, in its own order."""
        parts = {"lijst": worklist.value, **self.texts}
        return urlencode(parts)

    def cleared_query(self) -> str:
        return urlencode({"lijst": self.worklist.value})

    def sort_query(self, sort: CaseSort) -> str:
        """The query string of this list by another column; by the same column the other way round."""
        down = not self.order.descending if sort is self.order.sort else sort in _DOWN_FIRST
        return self.query(sorteer=sort.value, richting="af" if down else "op")

    def sorted_words(self, sort: CaseSort) -> str:
        """For aria-sort: how this column is ordered; empty when the list is ordered by another."""
        if sort is not self.order.sort:
            return ""
        return "descending" if self.order.descending else "ascending"

    def chips(self, path: str) -> list[Chip]:
        """The filters that are on, each with the address that takes it away."""
        words = {choice.name: choice for choice in self.choices}
        found = []
        for name, text in self.texts.items():
            if name in words:
                shown = f"{words[name].words}: {words[name].values[text][1]}"
            elif name == "q":
                shown = f"Zoekt op: {text}"
            elif self.together is not None and name == self.together.name:
                shown = self.together.words
            else:
                shown = f"Ingediend {'vanaf' if name == 'van' else 'tot en met'} {short_date(date.fromisoformat(text))}"
            found.append(Chip(shown, f"{path}?{self.query(**{name: None})}"))
        return found

    def drawn_choices(self) -> list[tuple[Choice, Markup]]:
        """Each list to choose from, with its options as HTML.

        The options were escaped when the lists were made; drawing hundreds of them for every page costs most of it.
        """
        return [(choice, Markup(choice.drawn(self.texts.get(choice.name, "")))) for choice in self.choices]  # noqa: S704 - see above


_choices: tuple[int, tuple[Choice, ...]] | None = None


def choices_of(reference: Reference) -> tuple[Choice, ...]:
    """The filters to choose from, kept as long as the small tables behind them do not change."""
    global _choices  # noqa: PLW0603 - what a process keeps; the version of the small tables guards it
    kept = _choices
    if kept is None or kept[0] != reference.version:
        kept = _choices = (reference.version, tuple(_make_choices(reference)))
    return kept[1]


def _make_choices(reference: Reference) -> Iterable[Choice]:
    yield _of_members("staat", "status", "Staat", [each for each in CaseStatus if each is not CaseStatus.DRAFT])
    yield _of_members("oordeel", "verdict", "Oordeel", Verdict, lambda each: f"{each.value} {label(each)}")
    yield _of_members("resultaat", "result", "Resultaat", Result)
    yield _of_rows("wet", "law_id", "Wet", reference.law_options, lambda id_: reference.laws[id_].key)
    yield _of_rows(
        "gemeente",
        "municipality_id",
        "Gemeente",
        reference.municipality_options,
        lambda id_: reference.municipalities[id_].code,
    )
    yield _of_rows(
        "provincie", "province_id", "Provincie", reference.province_options, lambda id_: reference.provinces[id_].code
    )
    yield _of_members("indiener", "submitter_kind", "Soort indiener", SubmitterKind)
    yield _of_members("thema", "theme", "Thema", Theme)
    yield _of_rows("behandelaar", "handler_id", "Behandelaar", reference.handler_options, str)
    yield _of_members("publicatie", "publication", "Publicatie", PublicationStatus)


def _of_members(
    name: str, column: str, words: str, members: Iterable[StrEnum], say: Callable[[Any], str] = label
) -> Choice:
    return _choice(name, column, words, {member.value: (member, say(member)) for member in members})


def _of_rows(name: str, column: str, words: str, options: Options, code_of: Callable[[int], str]) -> Choice:
    return _choice(name, column, words, {code_of(id_): (id_, shown) for id_, shown in options})


def _choice(name: str, column: str, words: str, values: dict[str, tuple[Any, str]]) -> Choice:
    options = "".join(f'<option value="{escape(text)}">{escape(shown)}</option>' for text, (_, shown) in values.items())
    return Choice(name, column, words, values, options)


def default_worklist(actor: Actor) -> WorkList:
    """The list that a role works from: handlers their own, reviewers what waits for them, others everything."""
    if actor.can(Permission.HANDLE_CASE):
        return WorkList.MINE
    return WorkList.REVIEW if actor.can(Permission.REVIEW_CASE) else WorkList.ALL


def read_state(args: Mapping[str, str], reference: Reference, actor: Actor) -> ListState:
    """Read the address of a work list. What it does not know is left out, and noted."""
    unknown = False
    worklist = default_worklist(actor)
    if args.get("lijst"):
        try:
            worklist = WorkList(args["lijst"])
        except ValueError:
            unknown = True
    columns: dict[str, Any] = {"worklist": worklist}
    texts: dict[str, str] = {}
    search = _search_text(args.get("q", ""))
    if search:
        texts["q"] = search
        columns["words"] = to_query(search)
        columns["matches_nothing"] = columns["words"] is None
    choices = choices_of(reference)
    for choice in choices:
        text = args.get(choice.name, "")
        if text in choice.values:
            texts[choice.name] = text
            columns[choice.column] = choice.values[text][0]
        elif text:
            unknown = True
    for name, column in (("van", "filed_from"), ("tot", "filed_to")):
        text = args.get(name, "").strip()
        day = _day(text)
        if day is not None:
            texts[name] = day.isoformat()
            columns[column] = day
        elif text:
            unknown = True
    together = read_together(args)
    if together is not None:
        texts[together.name] = together.value
        columns[f"{together.entry}s_together"] = together.keys
    elif args.get(RuleLevel.LAWS) or args.get(RuleLevel.PROVISIONS):
        unknown = True
    default_order = CaseOrder(CaseSort.DUE, descending=False) if worklist in _BY_DUE_DATE else CaseOrder()
    order, order_is_known = _order(args, default_order)
    base = {"lijst": worklist.value, **texts}
    if order != default_order:
        base |= {"sorteer": order.sort.value, "richting": "af" if order.descending else "op"}
    return ListState(
        worklist=worklist,
        narrowed=CaseFilter(**columns),
        order=order,
        default_order=default_order,
        texts=texts,
        choices=choices,
        search=search,
        has_unknown=unknown or not order_is_known,
        after=args.get("na"),
        before=args.get("voor"),
        together=together,
        _base=base,
    )


def _search_text(text: str) -> str:
    """What was typed, without blanks around it and without what cannot be shown."""
    return "".join(character for character in text[:MAX_SEARCH_LENGTH] if character.isprintable()).strip()


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
    return day if day is not None and FIRST_YEAR <= day.year <= LAST_YEAR else None


def _order(args: Mapping[str, str], default: CaseOrder) -> tuple[CaseOrder, bool]:
    if not args.get("sorteer"):
        return default, True
    try:
        sort = CaseSort(args["sorteer"])
    except ValueError:
        return default, False
    direction = args.get("richting", "")
    if direction not in ("", "op", "af"):
        return default, False
    return CaseOrder(sort, descending=direction == "af" if direction else sort in _DOWN_FIRST), True
