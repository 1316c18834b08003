"""A submitter may paste a point; the desk sees it, the public never does, and it ends with the contact."""

from datetime import timedelta

from sqlalchemy import select

from knelpunt.models import Case, CasePoint, Draft
from knelpunt.services.jobs import upkeep
from tests.integration.filing import residents


def at_a_point(client, text):
    key = residents.answer_all(client)
    return key, residents.send(client, key, "plaats", "municipality_id", point=text)


def test_a_point_is_read_back_in_both_ways_and_kept_with_the_case(client, client_as, make, session):
    key, answer = at_a_point(client, "X: 121317 Y: 487360")
    assert answer.location.endswith("/belemmering")
    read = "52.37308, 4.89259 (Rijksdriehoek: 121317, 487360)"
    assert read in client.get(f"/melden/{key}/plaats").get_data(as_text=True)
    assert read in client.get(f"/melden/{key}/controle").get_data(as_text=True)
    assert residents.file(client, key).status_code == 302
    assert session.scalars(select(CasePoint.point)).one() == "52.37308, 4.89259"
    case = session.scalars(select(Case)).one()
    desk = client_as(make.triager()).get(f"/zaken/{case.reference}").get_data(as_text=True)
    assert "52.37308, 4.89259" in desk


def test_a_point_that_cannot_be_is_said_on_its_page_and_stays_as_typed(client, session):
    for text, words in (("48.85, 2.35", "ligt niet in Nederland"), ("bij de kerk", "kunnen wij niet lezen")):
        key, answer = at_a_point(client, text)
        assert "let-op=ja" in answer.location
        shown = client.get(answer.location).get_data(as_text=True)
        assert words in shown
        assert text in shown
        assert residents.file(client, key).status_code == 422
    assert session.scalars(select(Case)).all() == []
    assert {draft.data["point"] for draft in session.scalars(select(Draft))} == {"48.85, 2.35", "bij de kerk"}


def test_the_point_ends_on_its_day(client, session, make):
    key, _ = at_a_point(client, "52.3731, 4.8926")
    residents.file(client, key)
    last = make.now + (session.scalars(select(CasePoint.ends_on)).one() - make.today)
    upkeep.sweep_tables(session, last)
    assert len(session.scalars(select(CasePoint)).all()) == 1
    upkeep.sweep_tables(session, last + timedelta(days=1))
    assert session.scalars(select(CasePoint.point)).all() == []
