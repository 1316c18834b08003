"""The overview of an organisation: its own cases and no other's, and only what is public of its peers."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.calendar.timezone import quarter_of
from knelpunt.domain.figures.ledger import GROSS, FactKind
from knelpunt.domain.vocabulary import CaseStatus, PublicationStatus, Result, Theme, Verdict
from knelpunt.models import FigureFact, FigureTotal, Municipality
from knelpunt.queries.core.reference import reference
from knelpunt.queries.figures.dashboards import OwnGroup, OwnTime, own_overview, own_times
from knelpunt.services.core.small_tables import touch
from knelpunt.web.cases.routes_own import DESK, LEAD, MINISTRY, OVER, US, whose_turn
from tests.support.statements import counted

PATH = "/onze-zaken/overzicht"
S = CaseStatus


@pytest.fixture
def us(make):
    return make.organisation()


def publish(make, **columns):
    """A public case of another organisation."""
    other = columns.pop("organisation", None) or make.organisation()
    case = make.case(
        S.CLOSED, organisation_id=other.id, publication=PublicationStatus.PUBLIC, verdict=columns["verdict"]
    )
    shown = {"result": Result.WITH_ONTHEFFING, "theme": Theme.HOUSING, "municipality_id": other.municipality_id}
    make.published(case, **{**shown, **columns})
    return case


def test_it_shows_the_own_cases_and_nobody_elses(make, client_as, us, session):
    handling = {"organisation_id": us.id, "due_on": make.today + timedelta(days=4), "due_clock": Clock.K4}
    mine = make.case(S.IN_HANDLING, title="Onze smalle deur", **handling)
    done = make.case(S.CLOSED, organisation_id=us.id, title="Al beantwoord")
    make.case(S.IN_HANDLING, title="Andermans deur", **{**handling, "organisation_id": make.organisation().id})
    make.case(S.CLOSED, title="Van een bewoner")
    touch(session)
    page = client_as(make.member(us)).get(PATH).get_data(as_text=True)
    for case in (mine, done):
        assert case.title in page
        assert f"/onze-zaken/{case.reference}" in page
    assert "Andermans" not in page
    assert "Van een bewoner" not in page


def test_the_mirror_names_own_rules_and_who_got_past_them(make, client_as, us, session):
    law, other_law = make.law(), make.law()
    held = make.case(
        S.IN_HANDLING,
        organisation_id=us.id,
        verdict=Verdict.LOCAL_RULE,
        main_law_id=law.id,
        theme=Theme.HOUSING,
        title="Onze eigen regel",
    )
    same_theme = publish(make, verdict=Verdict.OWN_AUTHORITY, main_law_id=other_law.id)
    same_law = publish(make, verdict=Verdict.LOCAL_RULE, main_law_id=law.id, theme=Theme.ENERGY)
    left_out = [
        publish(make, verdict=Verdict.LOCAL_RULE, main_law_id=law.id, withdrawn_on=make.today),
        publish(make, verdict=Verdict.NATIONAL_RULE, main_law_id=law.id),
        publish(make, verdict=Verdict.LOCAL_RULE, main_law_id=law.id, result=Result.NOT_SOLVABLE),
        publish(make, verdict=Verdict.LOCAL_RULE, main_law_id=other_law.id, theme=Theme.ENERGY),
        publish(make, verdict=Verdict.LOCAL_RULE, main_law_id=law.id, organisation=us),
        publish(make, verdict=Verdict.LOCAL_RULE, main_law_id=law.id, municipality_id=us.municipality_id),
    ]
    make.case(S.CLOSED, verdict=Verdict.LOCAL_RULE, main_law_id=law.id, title="Niet openbaar")
    touch(session)
    overview = own_overview(session, make.actor(make.filer(us)), [us.municipality_id])
    assert [row.reference for row in overview.peers] == [same_law.reference, same_theme.reference]
    like_us = make.organisation()
    for organisation, inhabitants in ((us, 21_000), (like_us, 49_000)):
        session.get_one(Municipality, organisation.municipality_id).inhabitants = inhabitants
    older = publish(
        make,
        verdict=Verdict.LOCAL_RULE,
        main_law_id=law.id,
        published_on=date(2020, 1, 1),
        organisation=like_us,
    )
    touch(session)
    sizes = reference(session)
    assert like_us.municipality_id in sizes.of_its_size(us.municipality_id)
    assert us.municipality_id not in sizes.of_its_size(us.municipality_id)
    peers = own_overview(
        session, make.actor(make.filer(us)), [us.municipality_id], sizes.of_its_size(us.municipality_id)
    ).peers
    assert [(row.reference, row.is_same_size) for row in peers] == [
        (older.reference, True),
        (same_law.reference, False),
        (same_theme.reference, False),
    ], "of its size first, and never before the same law"
    assert held.reference in [row.reference for row in overview.held_by_own_rules]
    page = client_as(make.filer(us)).get(PATH).get_data(as_text=True)
    assert "Onze eigen regel" in page
    assert f"/knelpunten/{same_law.reference}" in page
    assert "zelfde wet, ongeveer even groot" in page
    assert not any(f"/knelpunten/{case.reference}" in page for case in left_out)
    assert "Niet openbaar" not in page


@pytest.mark.parametrize(
    ("status", "clock", "turn"),
    [
        (S.SUBMITTED, Clock.K1, DESK),
        (S.IN_TRIAGE, Clock.K2, DESK),
        (S.AWAITING_SUPPLEMENT, None, US),
        (S.IN_HANDLING, Clock.K4, DESK),
        (S.WITH_MINISTRY, Clock.K4, MINISTRY),
        (S.PROPOSED, Clock.K5, US),
        (S.PROPOSED, Clock.CLOSING, DESK),
        (S.PROPOSED, None, DESK),
        (S.RECONSIDERATION, Clock.K7, DESK),
        (S.REFERRED, None, OVER),
        (S.CLOSED, Clock.K6, OVER),
        (S.WITHDRAWN, None, OVER),
        (S.ARCHIVED, None, OVER),
    ],
)
def test_whose_turn_follows_from_the_state_and_the_term(status, clock, turn):
    assert whose_turn(OwnGroup(status, clock, 1)) == turn


def test_who_is_asked_whether_a_case_may_be_shared_has_the_turn():
    asked = OwnGroup(S.IN_TRIAGE, Clock.K2, 1, is_asked_to_share=True)
    assert whose_turn(asked) == US
    assert whose_turn(replace(asked, is_joined=True)) == LEAD


def test_without_cases_each_part_says_what_to_do_next(make, client_as, us):
    page = client_as(make.member(us)).get(PATH).get_data(as_text=True)
    for words in ("Er loopt geen termijn", "Geen zaak zit vast op een eigen regel", "Nog geen antwoorden"):
        assert words in page


def test_many_cases_take_as_many_statements_as_few(make, client_as, us, session, connection):
    client = client_as(make.member(us))
    law = make.law()

    def fill(many):
        for _ in range(many):
            make.case(S.IN_HANDLING, organisation_id=us.id, verdict=Verdict.LOCAL_RULE, main_law_id=law.id)
            publish(make, verdict=Verdict.LOCAL_RULE, main_law_id=law.id)
        touch(session)
        client.get(PATH)
        with counted(connection) as sent:
            assert client.get(PATH).status_code == 200
        return len(sent)

    few = fill(1)
    assert fill(12) == few <= 8


def test_the_own_times_stand_beside_those_of_the_country(make, session, us, client_as):
    """Five cases in the country, two of them our own; fewer tell nothing of the country."""
    actor = make.actor(make.filer(organisation=us))
    quarter = quarter_of(make.today)
    for days, is_own in ((10, True), (30, True), (2, False), (4, False), (6, False)):
        case = make.case(S.CLOSED, organisation_id=us.id if is_own else make.organisation().id)
        make.add(FigureFact(case_id=case.id, kind=FactKind.HANDLED, quarter=quarter.first_day, days=days, net=days))
        make.add(FigureTotal(kind=FactKind.HANDLED, split=GROSS, quarter=quarter.first_day, side=str(days), amount=1))

    times = {each.what: each for each in own_times(session, actor, make.today)}

    assert times[GROSS] == OwnTime(GROSS, 2, 20.0, 6.0)
    assert times[Clock.K1] == OwnTime(Clock.K1, 0, None, None)
