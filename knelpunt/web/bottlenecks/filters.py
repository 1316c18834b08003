"""What a visitor asked of the list of rule bottlenecks."""

from dataclasses import replace

from flask import request, url_for

from knelpunt.queries.bottlenecks.bottlenecks import BottleneckFilter, BottleneckOrder, Phase
from knelpunt.queries.core.reference import Reference
from knelpunt.web.shared.pages.list_filters import ListFilters, by_code, member_in, members, rows
from knelpunt.web.shared.texts import _, lazy_gettext

PHASE_WORDS = {
    Phase.MOVING: lazy_gettext("Er wordt aan gewerkt"),
    Phase.IN_FORCE: lazy_gettext("De regel is veranderd"),
    Phase.ENDED: lazy_gettext("De regel blijft, of samengevoegd"),
}
ORDER_WORDS = {
    BottleneckOrder.WEIGHT: lazy_gettext("Meeste projecten eerst"),
    BottleneckOrder.WAITING: lazy_gettext("Langst zonder nieuws eerst"),
}
FEED_PATH = "/regelknelpunten.atom"
_NOT_OF_NEWS = {"stand": None, "volgorde": None}


class Filters(ListFilters):
    """The filters, the order and the page."""

    def __init__(self, names: Reference) -> None:
        super().__init__(request.args, url_for("bottlenecks.index"))
        self.read_search(lambda text: _("Zoekt: %(search)s", search=text))
        self.wanted = BottleneckFilter(
            self.words,
            self.choice("stand", members(Phase, PHASE_WORDS.__getitem__)),
            self.choice(
                "wet", rows(names.law_options), moved=by_code(names.law_options, lambda id_: names.laws[id_].key)
            ),
            self.choice(
                "ministerie",
                rows(names.ministry_options),
                moved=by_code(names.ministry_options, names.organisation_code),
            ),
        )
        self.order = member_in(BottleneckOrder, self.given("volgorde")) or BottleneckOrder.RECENT
        if self.order is not BottleneckOrder.RECENT:
            self.rest["volgorde"] = self.order.value
        self.read_page()

    @property
    def of_news(self) -> BottleneckFilter:
        """The same for their news, whatever their state: else one would leave the feed by the act that it waits for."""
        return replace(self.wanted, phase=None)

    @property
    def feed(self) -> str:
        """Where that news is."""
        return f"{FEED_PATH}?{self.query(**_NOT_OF_NEWS)}".rstrip("?")

    @property
    def page_of_feed(self) -> str:
        """The list of which that is the news."""
        return self.address(**_NOT_OF_NEWS)
