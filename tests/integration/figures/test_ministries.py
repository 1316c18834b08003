"""A page for each ministry: what everybody may see of its answers and rules, and what staff see beside it."""

from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from sqlalchemy import func

from knelpunt.domain.bottlenecks import BottleneckStatus
from knelpunt.domain.calendar.timezone import quarter_of
from knelpunt.domain.figures.edition import Column, Row, Table
from knelpunt.domain.figures.small_numbers import Mark
from knelpunt.models import Bottleneck, Consultation
from knelpunt.queries.figures import editions
from knelpunt.queries.figures.counts import MinistryAnswers
from knelpunt.queries.figures.ledger import answers_of
from knelpunt.services.figures import agreements, ledger
from knelpunt.web.reporting.public.making import CONSULTATION_COLUMNS, CONSULTATIONS
from tests.integration.figures.conftest import QUARTER
from tests.support.consulting import ARTICLE, Ministries
from tests.support.desk import Desk
from tests.support.page import parse_page


@pytest.fixture
def desk(session, make):
    desk = Desk(session, make)
    desk.now = datetime.now(UTC)
    return desk


@pytest.fixture
def path(desk):
    return f"/kwartalen/ministeries/{desk.ministry.id}"


def test_everybody_sees_how_a_ministry_answers_and_only_staff_the_cases(session, desk, path, client, client_as):
    case = desk.bring("in_behandeling")
    Ministries(desk).ask(case)
    session.commit()

    told = parse_page(client.get(path))
    assert "Er is nog geen kwartaal met cijfers openbaar." in told.text
    assert case.reference not in told.text
    staff = parse_page(client_as(desk.reviewer).get(path))
    assert ["1", "te weinig vragen"] in [row[1:] for row in staff.rows()]
    assert case.reference in staff.text
    assert ARTICLE in staff.text


def test_ten_answers_are_rated(session, desk, path, client, client_as):
    ministries = Ministries(desk)
    for _ in range(10):
        question = ministries.ask(desk.bring("in_behandeling"))
        ministries.answer(question)
    ledger.settle(session)
    quarter = quarter_of(desk.today)
    assert answers_of(session, desk.ministry.id, [quarter]) == [(quarter, MinistryAnswers(asked=10, in_time=10))]
    session.commit()

    assert ["10", "100%"] in [row[1:] for row in parse_page(client_as(desk.reviewer).get(path)).rows()]
    assert "100%" not in client.get(path).text, "the quarter is not sealed"
    assert session.query(Consultation).count() == 10


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        ((12, Mark.FEW, 10, 0), ["12", "niet getoond"]),
        ((12, 6, 6, 0), ["12", "50%"]),
        ((Mark.FEW, 5, 5, 0), ["minder dan 5", "niet getoond"]),
        ((9, 9, 0, 0), ["9", "te weinig vragen"]),
        (None, ["0", "te weinig vragen"]),
    ],
)
def test_everybody_sees_of_a_ministry_what_the_edition_tells(
    session, public_quarter, busy, client, monkeypatch, cells, shown
):
    """The answers in the ledger are others: what an edition hides cannot be worked out on this page."""
    of = busy.ministry.id
    edition = editions.kept_editions(session, [QUARTER])[QUARTER]
    columns = tuple(Column(key, title) for key, title in CONSULTATION_COLUMNS)
    rows = (Row(str(of), busy.ministry.name, cells),) if cells else ()
    told = replace(edition, tables=(Table(CONSULTATIONS, "", "", "", columns, rows),))
    monkeypatch.setattr(editions, "kept_editions", lambda _session, _quarters: {QUARTER: told})

    _head, row = parse_page(client.get(f"/kwartalen/ministeries/{of}")).rows()
    assert row[1:] == shown


def test_its_rules_and_its_reply_stand_there(session, desk, make, path, client, client_as, monkeypatch):
    make.add(
        Bottleneck(
            reference="RK-2026-777", title="Een regel die knelt", problem="Knelt.", status=BottleneckStatus.IN_ANALYSIS,
            ministry_id=desk.ministry.id, signalled_on=desk.today,
            owner_due_on=desk.today, updated_at=desk.now,
            terms=func.to_tsvector("simple", "proef"),
        )
    )  # fmt: skip
    author = desk.context(make.head_of_desk(organisation=desk.ministry))
    agreements.reply(
        author, quarter_of(desk.today), ministry_id=desk.ministry.id, words="Wij waren verhuisd.", given_on=desk.today
    )
    session.commit()

    told = parse_page(client.get(path)).text
    assert "Een regel die knelt" in told
    assert "Wij waren verhuisd." in parse_page(client_as(desk.reviewer).get(path)).text
    assert "Wij waren verhuisd." not in told, "nobody may see the number yet that this is about"
    public = [SimpleNamespace(quarter=quarter_of(desk.today), is_reconstructed=True)]
    monkeypatch.setattr(editions, "public_quarters", lambda _session: public)
    assert "Wij waren verhuisd." in parse_page(client.get(path)).text
    rows = parse_page(client.get("/kwartalen/ministeries")).rows()
    assert [desk.ministry.name, "1"] in rows


def test_an_organisation_that_is_no_ministry_has_no_such_page(client, make):
    assert client.get("/kwartalen/ministeries/0").status_code == 404
    assert client.get(f"/kwartalen/ministeries/{make.organisation().id}").status_code == 404
