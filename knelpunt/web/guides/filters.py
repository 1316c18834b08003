"""What a visitor narrows the list of ruimtewijzers to, and the question that goes along from page to page."""

from collections.abc import Mapping
from urllib.parse import urlencode

from knelpunt.domain.guides.track import GuideAudience
from knelpunt.domain.laws.schema import RoomType
from knelpunt.domain.vocabulary import KNOWN_THEMES
from knelpunt.queries.core.reference import Reference
from knelpunt.queries.guides.published import GuideFilter
from knelpunt.web.shared.labels.labels import label
from knelpunt.web.shared.pages.list_filters import ListFilters, members
from knelpunt.web.shared.texts import _

QUESTION_LENGTH = 400


class Filters(ListFilters):
    def __init__(self, arguments: Mapping[str, str], path: str, names: Reference, law_keys: tuple[str, ...]) -> None:
        super().__init__(arguments, path)
        titles = {law.key: law.citation_title for law in names.laws.values()}
        laws = sorted(((key, titles.get(key, key)) for key in law_keys), key=lambda pair: pair[1].casefold())
        rooms = {room.name.lower().replace("_", "-"): (room, label(room)) for room in RoomType}
        self.read_search(lambda text: _("Zoekwoorden: %(search)s", search=text))
        self.narrowed = GuideFilter(
            words=self.words,
            theme=self.choice("thema", members(KNOWN_THEMES), _("Onderwerp"), _("Alle onderwerpen")),
            audience=self.choice("voor", members(GuideAudience), _("Voor wie"), _("Iedereen")),
            room_type=self.choice("ruimte", rooms, _("Soort ruimte"), _("Elke ruimte")),
            law_key=self.choice("wet", {key: (key, title) for key, title in laws}, _("Wet"), _("Alle wetten")),
        )
        self.read_page()


def chosen_place(arguments: Mapping[str, str], names: Reference) -> str:
    """The municipality in the address, or nothing where no list knows it."""
    place = arguments.get("gemeente", "")
    return place if any(str(id_) == place for id_, _ in names.municipality_options) else ""


def carried_to_filing(question: str, place: str) -> str:
    """The query that takes a question and its municipality along to the first page of filing."""
    return urlencode({"wens": question, **({"gemeente": place} if place else {})})
