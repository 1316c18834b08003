"""The audit trail: narrowed, paged, checked, shown in words, and changed by nobody who reads it."""

import dataclasses
from datetime import timedelta

import pytest
from sqlalchemy import select

from knelpunt.models import Event
from knelpunt.services.core import events
from tests.integration.admin.reading import text
from tests.support.page import parse_page
from tests.support.statements import counted

ODD = ["\x00", "é" * 300, "9" * 30, "-1", "0000-01-01", "9999-99-99", "<script>alert(1)</script>", "%", "' OR 1=1"]


def test_events_are_narrowed_by_case_kind_period_and_actor(auditor, make, context, session):
    case = make.case()
    account = make.triager(email="triage@rijk.example")
    events.record(context, "proef_een", case=case)
    by_account = dataclasses.replace(context, actor=make.actor(account))
    events.record(by_account, "proef_twee", subject="account:1")
    old = dataclasses.replace(context, now=context.now - timedelta(days=400))
    events.record(old, "proef_oud")

    def kinds(query):
        cells = parse_page(auditor.get(f"/beheer/auditspoor?{query}")).names("cell")
        return [word for word in ("Proef een", "Proef twee", "Proef oud") if word in cells]

    today = make.today
    assert kinds("") == ["Proef een", "Proef twee", "Proef oud"]
    assert kinds(f"zaak={case.reference}") == ["Proef een"]
    assert kinds("soort=proef_twee") == ["Proef twee"]
    assert kinds(f"van={today}&tot={today}") == ["Proef een", "Proef twee"]
    assert kinds(f"tot={today - timedelta(days=30)}") == ["Proef oud"]
    assert kinds("wie=Triage@rijk.example") == ["Proef twee"]
    assert kinds(f"wie={account.id}") == ["Proef twee"]
    assert kinds("wie=niemand@x.example") == []
    assert kinds("door=account") == ["Proef twee"]


@pytest.mark.parametrize(
    ("query", "status"), [("van-dag=31&van-maand=2&van-jaar=2026", 422), ("van=2026-02-31", 200), ("door=niemand", 200)]
)
def test_a_filter_that_cannot_be_read_is_said_above_the_list(auditor, query, status):
    answer = auditor.get(f"/beheer/auditspoor?{query}")
    assert answer.status_code == status
    page = parse_page(answer)
    assert "Een filter telt niet mee" in page.text
    is_open = '<details class="kn-filters__fold" open' in answer.get_data(as_text=True)
    assert is_open is ("Vul dag, maand en jaar in" in page.text) is (status == 422)
    assert "telt niet mee" not in parse_page(auditor.get("/beheer/auditspoor?van=2026-02-01")).text


def test_events_are_paged_from_new_to_old(auditor, context):
    for number in range(70):
        events.record(context, f"proef_{number:02}")
    first = parse_page(auditor.get("/beheer/auditspoor"))
    assert "Proef 69" in first.one("table").text
    assert "Proef 00" not in first.one("table").text
    assert "Proef 00" in parse_page(auditor.get(first.next_href)).one("table").text


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("law_change:3", "wetswijziging 3"),
        ("catalogus:bepaling:ow-2.4", "bepaling ow-2.4"),
        ("onbekend:7", "onbekend 7"),
    ],
)
def test_what_an_event_is_about_and_keeps_is_told_in_words(auditor, context, subject, words):
    events.record(context, "proef_een", subject=subject, data={"op_datum": "2026-11-17", "mandaat": False})
    page = parse_page(auditor.get("/beheer/auditspoor")).text
    assert words in page
    assert "mandaat: nee; op datum: 2026-11-17" in page
    assert subject not in page


def test_the_chain_is_checked_on_request(auditor, context, session):
    events.record(context, "proef")
    page = text(auditor.get("/beheer/auditspoor/controle"))
    assert "De keten klopt" in page
    assert session.scalars(select(Event.hash).order_by(Event.number.desc())).first() in page


def test_reading_the_trail_changes_nothing(auditor, context, session):
    events.record(context, "proef")
    before = session.query(Event).count()
    text(auditor.get("/beheer/auditspoor"))
    text(auditor.get("/beheer/auditspoor/controle"))
    assert session.query(Event).count() == before


@pytest.mark.parametrize("value", ODD)
@pytest.mark.parametrize("name", ["zaak", "soort", "van", "tot", "wie", "door", "voor"])
def test_odd_filters_of_the_trail_break_nothing(auditor, name, value):
    assert "<script>alert" not in text(auditor.get("/beheer/auditspoor", query_string={name: value}))


def test_what_an_event_keeps_is_shown_in_words(auditor, context):
    clocks = [{"wat": "begint", "klok": "K1", "uiterlijk": "2026-11-30"}, {"wat": "stopt", "klok": "K0"}]
    events.record(context, "proef", data={"klokken": clocks, "hoort_hier": True, "daarvoor": None, "lijst": []})
    page = text(auditor.get("/beheer/auditspoor"))
    assert "begint K1 2026-11-30, stopt K0" in page
    assert "hoort hier: ja" in page
    for raw in ("True", "None", "{&#39;"):
        assert raw not in page


def test_the_auditor_finds_who_saw_contact_data_who_was_in_and_who_downloaded(auditor, make, context, client_as):
    case = make.case()
    triager = make.triager(email="triage@rijk.example")
    by_account = dataclasses.replace(context, actor=make.actor(triager))
    events.record(by_account, "contact_ingezien", case=case)
    events.record(by_account, "ingelogd", subject=f"account:{triager.id}", data={"hoe": "wachtwoord"})
    assert client_as(triager).get("/werkvoorraad.csv?lijst=alle&q=fietsenstalling").status_code == 200

    def told(query):
        cells = parse_page(auditor.get(f"/beheer/auditspoor?{query}")).names("cell")
        return [word for word in ("Contact ingezien", "Ingelogd", "Lijst gedownload") if any(word in c for c in cells)]

    assert told(f"onderwerp=contactgegevens&wie={triager.id}") == ["Contact ingezien"]
    assert told(f"onderwerp=contactgegevens&zaak={case.reference}") == ["Contact ingezien"]
    assert told("onderwerp=inloggen&wie=triage@rijk.example") == ["Ingelogd"]
    assert told(f"onderwerp=downloads&wie={triager.id}") == ["Lijst gedownload"]
    assert "Niets gevonden" in text(auditor.get("/beheer/auditspoor?onderwerp=downloads&tot=2013-12-31"))
    page = text(auditor.get("/beheer/auditspoor?onderwerp=downloads"))
    assert "werkvoorraad" in page
    assert "fietsenstalling" not in page, "what somebody searched for may name a person"


def test_the_trail_is_downloaded_as_it_is_narrowed_and_that_is_noted(auditor, make, context, session):
    account = make.triager(name="=Rekenblad")
    by_account = dataclasses.replace(context, actor=make.actor(account))
    events.record(by_account, "contact_ingezien", case=make.case())
    for number in range(70):
        events.record(context, f"proef_{number:02}")
    answer = auditor.get("/beheer/auditspoor.csv?onderwerp=contactgegevens")
    lines = answer.get_data(as_text=True).splitlines()
    assert answer.mimetype == "text/csv"
    assert len(lines) == 2
    assert "contact_ingezien" in lines[1]
    assert "'=Rekenblad" in lines[1]
    noted = session.scalars(select(Event).where(Event.kind == "lijst_gedownload")).one()
    assert noted.data == {"lijst": "auditspoor", "filters": ["onderwerp"]}
    whole = auditor.get("/beheer/auditspoor.csv").get_data(as_text=True).splitlines()
    assert len(whole) > 71
    assert "Download als CSV" in text(auditor.get("/beheer/auditspoor?soort=proef_01"))


def test_the_trail_asks_as_much_for_many_events_as_for_few(auditor, context, session):
    numbers = []
    for more in (2, 60):
        for number in range(more):
            events.record(context, f"proef_{number:02}")
        auditor.get("/beheer/auditspoor")
        with counted(session.connection()) as sent:
            auditor.get("/beheer/auditspoor?door=systeem")
        numbers.append(len(sent))
    assert numbers[0] == numbers[1]


def test_who_took_personal_data_out_stands_among_the_downloads(auditor, make, context):
    by_account = dataclasses.replace(context, actor=make.actor(make.filer()))
    events.record(by_account, "gegevens_opgehaald", case=make.case())
    events.record(by_account, "avg_gegevens_opgehaald", subject="account:1")
    lines = auditor.get("/beheer/auditspoor.csv?onderwerp=downloads").get_data(as_text=True)
    assert "gegevens_opgehaald" in lines
    assert "avg_gegevens_opgehaald" in lines
