"""The work lists: what each is called, what it says when it is empty, and what it is narrowed to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from markupsafe import Markup

from knelpunt.domain.permissions import Actor, Permission
from knelpunt.domain.vocabulary import CaseStatus, Priority, PublicationStatus, Result, SubmitterKind, Theme, Verdict
from knelpunt.queries.cases.lists import CaseFilter, CaseOrder, CaseSort, WorkList
from knelpunt.queries.core.reference import Reference
from knelpunt.queries.laws.stacking import RuleLevel
from knelpunt.web.shared.labels.labels import label
from knelpunt.web.shared.pages.filters import drawn, short_date, with_chosen
from knelpunt.web.shared.pages.list_filters import (
    CaseListFilters,
    Choice,
    member_in,
    members,
    municipality_choice,
    number_in,
    rows,
)
from knelpunt.web.shared.rule_pairs import read_together

WORKLIST_WORDS = {
    WorkList.MINE: "Mijn zaken",
    WorkList.TEAM: "Mijn team",
    WorkList.COVERED: "Waarneming",
    WorkList.UNASSIGNED: "Niet toegewezen",
    WorkList.REVIEW: "Te toetsen",
    WorkList.WAITING: "Wacht op indiener",
    WorkList.NEARLY_LATE: "Bijna te laat",
    WorkList.LATE: "Te laat",
    WorkList.SILENT: "Lang stil",
    WorkList.OWNERLESS: "Zonder eigenaar",
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
    WorkList.TEAM: (
        "Uw team heeft nu geen zaken",
        "Hier staan de open zaken van de collega’s in uw team. Het hoofd van het loket deelt de teams in.",
        WorkList.UNASSIGNED,
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
        "Hier staan zaken met een open vraag, of met een voorstel waar de indiener nog op reageert.",
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
    WorkList.OWNERLESS: (
        "Elke zaak heeft iemand die haar behandelt",
        "Na de beoordeling hoort elke open zaak een behandelaar te hebben. Mist die, dan staat zij hier.",
        WorkList.UNASSIGNED,
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


@dataclass(frozen=True, slots=True)
class DrawnChoice:
    """A filter of the work lists: its name in ``CaseFilter``, and its options as HTML."""

    column: str
    choice: Choice
    markup: Markup

    def drawn(self, chosen: str) -> Markup:
        """The options with the chosen one marked.

        They were escaped when the lists were made; drawing hundreds of them for every page costs most of it.
        """
        return with_chosen(self.markup, chosen)


class WorkListState(CaseListFilters):
    """One reading of the address of a work list."""

    def __init__(
        self,
        arguments: Mapping[str, str],
        path: str,
        reference: Reference,
        actor: Actor,
        default: WorkList | None = None,
    ) -> None:
        super().__init__(arguments, path)
        self.worklist = member_in(WorkList, self.given("lijst")) or default or default_worklist(actor)
        if self.given("lijst") not in ("", self.worklist.value):
            self.unknown.add("lijst")
        self.rest["lijst"] = self.worklist.value
        self.read_search(lambda text: f"Zoekt op: {text}")
        self.drawn = choices_of(reference)
        columns = {each.column: self.chosen(each.choice) for each in self.drawn}
        columns |= {"municipality_id": None, **reference.places_of(columns["municipality_id"])}
        if columns["team"] is not None:
            columns["team"] = reference.members_of(columns["team"])
        columns["filed_from"] = self.day("van", lambda day: f"Ingediend vanaf {short_date(day)}")
        columns["filed_to"] = self.day("tot", lambda day: f"Ingediend tot en met {short_date(day)}")
        self.together = together = read_together(arguments)
        if together is not None:
            self.keep(together.name, together.value, together.words)
            columns[f"{together.entry}s_together"] = together.keys
        else:
            self.unknown |= {level.value for level in RuleLevel if self.given(level)}
        self.narrowed = CaseFilter(
            worklist=self.worklist, words=self.words, matches_nothing=self.matches_nothing, **columns
        )
        # Most urgent first: what is late, then what is due first. Only among all cases the newest is sought most.
        by_due_date = CaseOrder(CaseSort.DUE, descending=False)
        self.read_order(CaseOrder() if self.worklist is WorkList.ALL else by_due_date)
        self.view = number_in(self.given("weergave"))
        if self.view is not None:
            self.rest["weergave"] = str(self.view)

    def kept(self) -> str:
        """What a saved view holds: the list, its filters and its order, not the place in it."""
        return self.query(weergave=None)

    def list_address(self, worklist: WorkList) -> str:
        """Another work list with the same filters, in its own order."""
        return f"{self.path}?{urlencode({'lijst': worklist.value, **self.texts})}"

    @property
    def unknown_words(self) -> list[str]:
        """What was asked for and does not exist, by the words on the page."""
        words = {each.name: each.words for each in self.choices} | {"lijst": "Lijst", "sorteer": "Volgorde"}
        words |= {"van": "Ingediend vanaf", "tot": "Ingediend tot en met"}
        return sorted(words.get(name, "Regels samen") for name in self.unknown)

    @property
    def chosen_list(self) -> bool:
        """Whether the address says which list is meant."""
        return bool(self.given("lijst"))


_choices: tuple[int, tuple[DrawnChoice, ...]] | None = None


def choices_of(reference: Reference) -> tuple[DrawnChoice, ...]:
    """The filters to choose from, kept as long as the small tables behind them do not change."""
    global _choices  # noqa: PLW0603 - what a process keeps; the version of the small tables guards it
    kept = _choices
    if kept is None or kept[0] != reference.version:
        kept = _choices = (reference.version, tuple(_make_choices(reference)))
    return kept[1]


def _make_choices(names: Reference) -> Iterable[DrawnChoice]:
    provinces, places = names.provinces, names.municipalities
    statuses = [each for each in CaseStatus if each is not CaseStatus.DRAFT]
    for name, column, words, values in (
        ("staat", "status", "Staat", members(statuses)),
        ("oordeel", "verdict", "Oordeel", members(Verdict, lambda each: f"{each.value} {label(each)}")),
        ("resultaat", "result", "Resultaat", members(Result)),
        ("wet", "law_id", "Wet", rows(names.law_options, lambda id_: names.laws[id_].key)),
        ("gemeente", "municipality_id", "Gemeente", {}),
        ("provincie", "province_id", "Provincie", rows(names.province_options, lambda id_: provinces[id_].code)),
        ("indiener", "submitter_kind", "Soort indiener", members(SubmitterKind)),
        ("thema", "theme", "Thema", members(Theme)),
        ("behandelaar", "handler_id", "Behandelaar", rows(names.handler_options)),
        ("prioriteit", "priority", "Prioriteit", members(Priority)),
        ("label", "label_id", "Label", rows(names.label_options)),
        ("team", "team", "Team", rows(names.team_options)),
        ("publicatie", "publication", "Publicatie", members(PublicationStatus)),
    ):
        choice = (
            municipality_choice(names, lambda id_: places[id_].code, words)
            if name == "gemeente"
            else Choice(name, values, words)
        )
        yield DrawnChoice(column, choice, drawn(choice.options))


def default_worklist(actor: Actor) -> WorkList:
    """The list that a role works from: handlers their own, reviewers what waits for them, others everything."""
    if actor.can(Permission.HANDLE_CASE):
        return WorkList.MINE
    return WorkList.REVIEW if actor.can(Permission.REVIEW_CASE) else WorkList.ALL
