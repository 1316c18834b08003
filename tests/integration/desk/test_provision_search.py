"""The search for a provision that a case can be linked to."""

from datetime import timedelta

import pytest

from knelpunt.domain.laws.schema import RoomType
from tests.support.page import parse_page


def test_provisions_are_found_by_law_room_day_and_words_and_each_filter_can_be_taken_away(desk, make, client_as):
    case = desk.bring("in_triage")
    law = make.law()
    area = make.provision(law=law, room_type=RoomType.AREA.value, room_order=3)
    permit = make.provision(law=law, search_text="vergunning vragen")
    later = make.provision(valid_from=case.law_date + timedelta(days=400), search_text="vergunning later")
    client, path = client_as(desk.triager), f"/zaken/{case.reference}/toets"

    def found(**query):
        answer = client.get(path, query_string=query)
        page = answer.get_data(as_text=True)
        linkable, _, others = page.partition("Gevonden, maar gold niet op")
        ids = {one: f'/toets/{one.id}"' for one in (area, permit, later)}
        return [one for one in ids if ids[one] in linkable], [one for one in ids if ids[one] in others], answer

    assert found()[0] == [area, permit]
    assert found(ruimte=RoomType.AREA.value)[0] == [area]
    assert found(wet=law.key)[0] == [area, permit]
    assert found(q="vergunning")[:2] == ([permit], [later])
    held_later = (case.law_date + timedelta(days=500)).isoformat()
    assert found(op=held_later)[:2] == ([area, permit], [later])
    answer = found(q="vergunning", wet=law.key, ruimte=RoomType.ONTHEFFING.value, op=held_later)[2]
    filters = parse_page(answer).one("list", "Deze filters staan aan").links()
    assert [words for words, _href in filters][-1] == "Wis alle filters"
    assert len(filters) == 5
    assert all(href.startswith(path) for _words, href in filters)
    for query in ({"wet": "bestaat-niet"}, {"ruimte": "bestaat niet"}):
        assert found(**query)[0] == [area, permit]


@pytest.mark.parametrize("day", ["gisteren", "2026-02-30", "0000-01-01", "\0"])
def test_a_day_to_search_on_that_is_none_gets_a_sentence(desk, client_as, day):
    case = desk.bring("in_triage")
    answer = client_as(desk.triager).get(f"/zaken/{case.reference}/toets", query_string={"op": day})
    assert answer.status_code == 422
    assert "Met deze dag kunnen wij niet zoeken" in answer.get_data(as_text=True)
