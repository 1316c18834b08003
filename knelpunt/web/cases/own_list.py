"""What the list of own cases is narrowed to and ordered by."""

from collections.abc import Mapping

from knelpunt.domain.vocabulary import CaseStatus
from knelpunt.queries.cases.lists import CaseFilter, CaseOrder, WorkList
from knelpunt.web.shared.pages.list_filters import CaseListFilters, members

TURN = "aan-zet"
STATUSES = tuple(status for status in CaseStatus if status is not CaseStatus.DRAFT)


class OwnListState(CaseListFilters):
    """``is_turn`` narrows it to the cases in which the submitter has to do something."""

    def __init__(self, arguments: Mapping[str, str], path: str) -> None:
        super().__init__(arguments, path)
        self.is_turn = self.given("lijst") == TURN
        if self.is_turn:
            self.rest["lijst"] = TURN
        self.read_search(lambda text: f"Zoekt op: {text}")
        self.narrowed = CaseFilter(
            worklist=WorkList.WAITING if self.is_turn else WorkList.ALL,
            status=self.choice("staat", members(STATUSES), "Staat"),
            words=self.words,
            matches_nothing=self.matches_nothing,
        )
        self.read_order(CaseOrder())
