"""A point is read as people paste it, in degrees or in metres of the Dutch grid, and only within the Netherlands."""

import pytest

from knelpunt.domain.filing.place_point import NoPoint, read_point

DAM = (52.3731, 4.8926)


@pytest.mark.parametrize(
    "typed",
    [
        "52.3731, 4.8926",
        "52.3731,4.8926",
        "52,3731 4,8926",
        "52,3731; 4,8926",
        "N 52.3731 E 4.8926",
        "lat: 52.3731 lon: 4.8926",
        "geo:52.3731,4.8926",
        "52.3731° N, 4.8926° O",
        "52° 22' 23.16\" N 4° 53' 33.36\" E",
        "https://www.google.com/maps/@52.3731,4.8926,17z",
        "https://www.openstreetmap.org/#map=17/52.3731/4.8926",
        "https://kaart.example/?mlat=52.3731&mlon=4.8926",
    ],
)
def test_degrees_are_read_however_they_are_written(typed):
    point = read_point(typed)
    assert (round(point.latitude, 4), round(point.longitude, 4)) == DAM
    assert point.text == "52.37310, 4.89260"


@pytest.mark.parametrize(
    "typed", ["121317 487360", "121.317 487.360", "121317,487360", "X: 121317 Y: 487360", "RD 121317; 487360"]
)
def test_metres_of_the_dutch_grid_are_turned_into_degrees(typed):
    point = read_point(typed)
    assert point.rd == (121317, 487360)
    assert (round(point.latitude, 3), round(point.longitude, 3)) == (52.373, 4.893)


@pytest.mark.parametrize(
    ("rd", "degrees"),
    [
        ((155000, 463000), (52.15517440, 5.38720621)),
        ((233883.131, 582065.167), (53.21938317, 6.56820053)),
        ((120700.723, 487525.501), (52.37453253, 4.88352559)),
    ],
)
def test_the_conversion_agrees_with_published_points(rd, degrees):
    point = read_point(f"{rd[0]}; {rd[1]}")
    assert point.latitude == pytest.approx(degrees[0], abs=1e-7)
    assert point.longitude == pytest.approx(degrees[1], abs=1e-7)
    assert point.rd == (round(rd[0]), round(rd[1]))


@pytest.mark.parametrize(
    "typed", ["51.5, -0.12", "4.8926, 52.3731", "48.85, 2.35", "0 0", "999999 999999", "52°N 4°W", "90, 180"]
)
def test_a_point_elsewhere_is_refused_in_words(typed):
    with pytest.raises(NoPoint, match="ligt niet in Nederland"):
        read_point(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "hallo",
        "52.3731",
        "1 2 3",
        "https://kaart.example/",
        "nan nan",
        "inf, inf",
        "52.3731, 4.8926, 7",
        "<script>",
        "٥٢ ٤",
        "1e2, 5",
        "x" * 9000,
    ],
)
def test_what_is_no_point_is_said_to_be_none(typed):
    with pytest.raises(NoPoint):
        read_point(typed)
