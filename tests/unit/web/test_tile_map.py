"""The hexagon map: tiles where the file puts them, borders only between provinces, shades that match their words."""

from dataclasses import dataclass

import pytest

from knelpunt.queries.core.reference import MunicipalityRow, Names
from knelpunt.web.shared.charts import tile_map as maps


@dataclass
class Places:
    municipalities: dict[int, MunicipalityRow]
    province_names: Names
    today_of: dict[int, int]


def places(*tiles):
    """A map of tiles (id, province, x, row)."""
    rows = {
        id_: MunicipalityRow(id_, f"GM{id_:04}", f"Plaats {id_}", province, None, None, None, x, row)
        for id_, province, x, row in tiles
    }
    return Places(rows, Names({1: "Noord", 2: "Zuid"}), {})


def test_a_tile_lies_where_its_place_in_the_grid_says():
    geometry = maps.geometry_of(places((1, 1, 0, 0), (2, 1, 3, 1)))
    first, second = geometry.tiles
    assert (first.x, first.y) == (maps.MARGIN, maps.MARGIN)
    assert second.x - first.x == pytest.approx(3 * maps.SIZE / 2)
    assert second.y - first.y == pytest.approx(0.866 * maps.SIZE, abs=0.1)


def test_a_line_is_drawn_between_two_provinces_once_and_not_within_one():
    within = maps.geometry_of(places((1, 1, 0, 0), (2, 1, 2, 0)))
    between = maps.geometry_of(places((1, 1, 0, 0), (2, 2, 2, 0)))
    assert within.borders == ""
    assert between.borders.count("M") == 1
    assert within.coast.count("M") == between.coast.count("M") == 10


@pytest.mark.parametrize(("across", "down"), [(1, -1), (2, 0), (1, 1), (-1, 1), (-2, 0), (-1, -1)])
def test_the_line_lies_halfway_the_two_centres(across, down):
    geometry = maps.geometry_of(places((1, 1, 10, 10), (2, 2, 10 + across, 10 + down)))
    ends = [tuple(map(float, point.split(","))) for point in geometry.borders.lstrip("M").split("L")]
    middle = [sum(axis) / 2 for axis in zip(*ends, strict=True)]
    centres = [(tile.x, tile.y) for tile in geometry.tiles]
    assert middle == pytest.approx([sum(axis) / 2 for axis in zip(*centres, strict=True)], abs=0.2)


@pytest.mark.parametrize(
    ("counts", "levels", "legend"),
    [
        ((1, 4, 5), (1, 2, 3), ["Geen", "1", "2 tot 4", "5 of meer"]),
        ((1, 4, 10), (1, 2, 3), ["Geen", "1", "2 tot 4", "5 of meer"]),
        ((1, 2, 12), (1, 2, 3), ["Geen", "1", "2 tot 9", "10 of meer"]),
        ((49, 50, 293), (1, 2, 3), ["Geen", "1 tot 49", "50 tot 199", "200 of meer"]),
        ((1, 9_999, 100_000), (1, 1, 3), ["Geen", "1 tot 9999", "10000 tot 49999", "50000 of meer"]),
    ],
)
def test_a_number_gets_the_shade_of_its_words(counts, levels, legend):
    three = places((1, 1, 0, 0), (2, 1, 2, 0), (3, 1, 4, 0))
    drawn = maps.tile_map(three, dict(enumerate(counts, 1)), str)
    assert tuple(each.level for each in drawn.filled) == levels
    assert drawn.legend == legend


@pytest.mark.parametrize("largest", [0, 1, 9, 10, 11, 19, 20, 99, 100, 101, 342, 999, 1000, 12_345, 10**9])
def test_shades_begin_ever_higher_and_the_largest_has_the_darkest_that_is_in_use(largest):
    starts = maps.starts_for(largest)
    assert sorted(set(starts)) == list(starts)
    assert largest < maps.FEW or starts[-1] <= largest


def test_only_tiles_with_a_number_are_links_and_what_has_no_tile_is_told():
    drawn = maps.tile_map(places((1, 1, 0, 0), (2, 1, 2, 0)), {2: 3, None: 4, 99: 1}, "/knelpunten?gemeente={}".format)
    assert [tile.municipality_id for tile in drawn.empty] == [1]
    assert [(each.tile.municipality_id, each.count, each.href) for each in drawn.filled] == [
        (2, 3, "/knelpunten?gemeente=2")
    ]
    assert drawn.unplaced == 5
    assert drawn.total == 8


def test_a_map_of_nothing_is_drawn_empty():
    drawn = maps.tile_map(places(), {}, str)
    assert drawn.filled == drawn.empty == ()
    assert drawn.geometry.borders == ""
