"""The search for a provision that a case can be linked to."""

from datetime import timedelta

import pytest

from knelpunt.domain.laws.schema import RoomType
from knelpunt.web.desk.steps.provision_search import SHOWN_AT_ONCE
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
    page = answer.get_data(as_text=True)
    assert 'id="op-error"' in page and page.count('aria-describedby="op-error"') == 3


def test_many_provisions_are_folded_by_law_until_somebody_narrows_them(desk, make, client_as):
    case = desk.bring("in_triage")
    one, same_title = make.law(citation_title="Eén naam"), make.law(citation_title="Eén naam")
    for law in (one, same_title):
        for _each in range(SHOWN_AT_ONCE):
            make.provision(law=law, search_text="vergunning vragen")
    client, path = client_as(desk.triager), f"/zaken/{case.reference}/toets"

    def folded(**query):
        page = client.get(path, query_string=query).get_data(as_text=True)
        return page.count("<details") - page.count('class="kn-filters__fold"'), page.count("/toets/")

    assert folded()[0] - folded(wet=one.key)[0] >= 2, "a law each, though they have one name"
    plain = folded(wet=one.key)
    assert plain[1] >= SHOWN_AT_ONCE
    for query in ({"q": "vergunning"}, {"ruimte": RoomType.ONTHEFFING.value}):
        assert folded(**query)[0] == plain[0]
