"""What the list of own cases is narrowed to and ordered by, read from its address and written back into it."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from knelpunt.adapters.words.search_terms import to_query
from knelpunt.domain.vocabulary import CaseStatus
from knelpunt.queries.cases.lists import CaseFilter, CaseOrder, CaseSort, WorkList

MAX_SEARCH_LENGTH = 200
TURN = "aan-zet"
STATUSES = tuple(status for status in CaseStatus if status is not CaseStatus.DRAFT)
_DEFAULT = CaseOrder()


@dataclass(frozen=True, slots=True)
class OwnListState:
    """One reading of the address. ``texts`` are the filters that are on, as they stand there."""

    narrowed: CaseFilter
    order: CaseOrder
    texts: dict[str, str]
    search: str
    after: str | None
    before: str | None

    @property
    def is_turn(self) -> bool:
        return "lijst" in self.texts

    def query(self, **changes: str | None) -> str:
        """The query string of this list with changes (None leaves a part out), on its first page."""
        parts = dict(self.texts)
        if self.order != _DEFAULT:
            parts |= {"sorteer": self.order.sort.value, "richting": "af" if self.order.descending else "op"}
        for name, text in changes.items():
            parts.pop(name, None)
            if text is not None:
                parts[name] = text
        return urlencode(parts)

    def sort_query(self, sort: CaseSort) -> str:
        """By another column; by the same column the other way round."""
        down = not self.order.descending if sort is self.order.sort else sort is not CaseSort.DUE
        return self.query(sorteer=sort.value, richting="af" if down else "op")

    def sorted_words(self, sort: CaseSort) -> str:
        """For aria-sort: how this column is ordered; empty when the list is ordered by another."""
        if sort is not self.order.sort:
            return ""
        return "descending" if self.order.descending else "ascending"


def read_state(args: Mapping[str, str]) -> OwnListState:
    """Read the address; what it does not know is left out."""
    texts: dict[str, str] = {}
    typed = args.get("q", "")[:MAX_SEARCH_LENGTH]
    search = "".join(character for character in typed if character.isprintable()).strip()
    words = to_query(search) if search else None
    if search:
        texts["q"] = search
    status = CaseStatus(args["staat"]) if args.get("staat") in STATUSES else None
    if status is not None:
        texts["staat"] = status.value
    worklist = WorkList.WAITING if args.get("lijst") == TURN else WorkList.ALL
    if worklist is WorkList.WAITING:
        texts["lijst"] = TURN
    order = _DEFAULT
    if args.get("sorteer") in set(CaseSort):
        order = CaseOrder(CaseSort(args["sorteer"]), descending=args.get("richting") != "op")
    return OwnListState(
        narrowed=CaseFilter(
            worklist=worklist, status=status, words=words, matches_nothing=bool(search) and words is None
        ),
        order=order,
        texts=texts,
        search=search,
        after=args.get("na"),
        before=args.get("voor"),
    )
