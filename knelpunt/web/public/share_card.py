"""The words and the map on the picture of a published case."""

from functools import lru_cache

from knelpunt.adapters.share_card import share_card_png
from knelpunt.domain.vocabulary import Verdict
from knelpunt.queries.core.reference import Reference
from knelpunt.queries.public.published import PublicCase
from knelpunt.web.shared.charts.tile_map import TileGeometry, geometry_of
from knelpunt.web.shared.labels.labels import label, topic

LONGEST_TITLE = 120
_RULE = frozenset({Verdict.NATIONAL_RULE, Verdict.EU_OR_TREATY, Verdict.LOCAL_RULE, Verdict.STACKED_RULES})


def share_card(case: PublicCase, names: Reference) -> bytes:
    """The picture of a case, as PNG; kept for as long as its words stay the same."""
    place = case.municipality_then or (names.municipality_names[case.municipality_id] if case.municipality_id else "")
    over = ", ".join(filter(None, (topic(case.theme), place)))
    title = case.title if len(case.title) <= LONGEST_TITLE else f"{case.title[: LONGEST_TITLE - 1].rstrip()}…"
    tone = "open" if case.verdict.is_bridgeable else "shut" if case.verdict in _RULE else "neutral"
    return _card(over, title, label(case.verdict), tone, case.municipality_id, geometry_of(names))


@lru_cache(maxsize=128)
def _card(over: str, title: str, verdict: str, tone: str, municipality_id: int | None, geometry: TileGeometry) -> bytes:
    return share_card_png(
        {"over": over, "title": title, "verdict": verdict, "tone": tone, "map": _drawing(geometry, municipality_id)}
    )


def _drawing(geometry: TileGeometry, municipality_id: int | None) -> str:
    """The map with one tile lit, in the colours of the picture."""
    tiles = "".join(
        f'<path d="{geometry.hexagon}" transform="translate({tile.x} {tile.y})"'
        f' fill="{"#f2a93b" if tile.municipality_id == municipality_id else "#00656f"}"/>'
        for tile in geometry.tiles
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {geometry.width} {geometry.height}">{tiles}'
        f'<path d="{geometry.borders}" fill="none" stroke="#00434c" stroke-width="2.5"/></svg>'
    )
