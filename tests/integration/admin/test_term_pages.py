"""The pages on which administrators change the terms of the desk."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.calendar.term_changes import TermChangeStatus
from knelpunt.models import TermChange, TermRule
from tests.integration.admin.reading import text
from tests.support.forms import fill
from tests.support.statements import counted


@pytest.fixture
def other(make, client_as):
    return client_as(make.administrator())


@pytest.fixture
def path(session):
    number = session.scalar(select(TermRule.id).where(TermRule.clock == Clock.K4))
    return f"/beheer/termijnen/{number}/wijzigen"


def propose(client, path, day, **typed):
    values = {"length": "12", "unit": "weken", "from_day": day.isoformat(), "reason": "Tien is te kort.", **typed}
    return client.post(path, data=fill(client.get(path), "base", **values))


def decide(client, address, what, **typed):
    return client.post(address, data=fill(client.get(address), "note", besluit=what, **typed))


def last(session):
    return session.scalars(select(TermChange).order_by(TermChange.id.desc()).limit(1)).one()


def test_one_proposes_another_approves_and_everybody_reads_it(admin, other, client, session, make, path):
    day = make.today + timedelta(days=10)
    answer = propose(admin, path, day)
    assert answer.status_code == 303
    address = answer.location
    page = text(admin.get(address))
    assert "U stelde dit zelf voor" in page
    assert "Stel vast" not in page
    assert admin.post(address, data={"besluit": "vastgesteld"}).status_code == 403
    assert "12 weken vanaf" in text(other.get("/beheer/termijnen"))
    assert "1 voorstel wacht" in text(other.get("/beheer"))
    assert decide(other, address, "vastgesteld").status_code == 303
    assert last(session).status is TermChangeStatus.APPROVED
    assert "12 weken vanaf" in text(admin.get("/beheer/termijnen"))
    page = text(admin.get("/beheer/termijnen/K4"))
    assert "Komt nog" in page
    assert "Tien is te kort." in page
    assert "10 weken" in text(client.get("/over/werkwijze"))
    session.scalars(
        select(TermRule).where(TermRule.clock == Clock.K4, TermRule.length == 12)
    ).one().valid_from = make.today
    old, new = session.scalars(select(TermRule).where(TermRule.clock == Clock.K4).order_by(TermRule.valid_from)).all()
    old.valid_to, new.valid_from = make.today - timedelta(days=1), make.today
    page = text(client.get("/over/werkwijze"))
    assert "12 weken" in page
    assert "10 weken" not in page


def test_a_refusal_needs_words_and_they_are_read(admin, other, session, make, path):
    address = propose(admin, path, make.today + timedelta(days=10)).location
    answer = decide(other, address, "afgewezen")
    assert answer.status_code == 422
    assert "Schrijf op waarom niet" in answer.get_data(as_text=True)
    assert decide(other, address, "zomaar").status_code == 422
    assert decide(other, address, "afgewezen", note="Eerst overleggen.").status_code == 303
    assert "Eerst overleggen." in text(admin.get(address))
    assert other.post(address, data={"besluit": "vastgesteld"}).status_code == 409


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"from_day": "2020-01-01"}, "Kies een dag na vandaag"),
        ({"from_day": ""}, "Vul een dag in"),
        ({"length": "honderd"}, "getal"),
        ({"length": "9999999999999999999999"}, "getal"),
        ({"length": "0"}, "van 1 tot en met 52"),
        ({"unit": "eeuwen"}, ""),
        ({"reason": ""}, "Schrijf op waarom"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(admin, session, make, path, typed, words):
    answer = propose(admin, path, make.today + timedelta(days=10), **typed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert words in page
    if "reason" not in typed:
        assert "Tien is te kort." in page
    assert session.scalars(select(TermChange)).all() == []


def test_a_form_that_was_overtaken_shows_both_and_counts_the_second_time(admin, other, session, make, path):
    day = make.today + timedelta(days=10)
    opened = fill(admin.get(path), "base", length="12", unit="weken", from_day=day.isoformat(), reason="Te kort.")
    address = propose(other, path, day, length="14").location
    decide(admin, address, "vastgesteld")
    answer = admin.post(path, data=opened)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "14 weken" in page
    assert 'value="12"' in page
    assert admin.post(path, data=fill(answer, "base")).status_code == 303


def test_what_does_not_exist_is_not_found(admin, session, make):
    receipt = session.scalar(select(TermRule.id).where(TermRule.clock == Clock.K0))
    for address in ("K99", f"{receipt}/wijzigen", "999999/wijzigen", "voorstellen/999999"):
        assert admin.get(f"/beheer/termijnen/{address}").status_code == 404, address


def test_the_list_costs_the_same_however_many_proposals_there_are(admin, other, session, make, connection):
    admin.get("/beheer/termijnen")
    with counted(connection) as empty:
        admin.get("/beheer/termijnen")
    for clock in (Clock.K2, Clock.K4, Clock.K5):
        number = session.scalar(select(TermRule.id).where(TermRule.clock == clock))
        propose(other, f"/beheer/termijnen/{number}/wijzigen", make.today + timedelta(days=10), length="13")
    with counted(connection) as full:
        admin.get("/beheer/termijnen")
    assert len(full) == len(empty)
