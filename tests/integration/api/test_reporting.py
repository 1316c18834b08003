"""A system of a ministry reads every case and clock, and no word that anybody wrote."""

import hashlib
import secrets
from datetime import timedelta

import pytest

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.cases.replies import OnBehalf, Reaction, ReplyChannel
from knelpunt.domain.vocabulary import CaseStatus
from knelpunt.models import ApiClient, ApiToken
from knelpunt.services.jobs import scheduled
from knelpunt.services.submitters import replies
from tests.support.desk import Desk


@pytest.fixture
def report(client, session, make):
    """Asks an address for reporting with a good token."""
    token = secrets.token_urlsafe(32)
    kept = make.add(
        ApiClient(
            organisation_id=make.ministry().id,
            name="Cijfers",
            client_id="knelpunt-cijfers",
            secret_hash="x",
            scopes=["rapportage"],
            ends_on=make.today,
            made_at=make.now,
        )
    )
    make.add(
        ApiToken(
            token_hash=hashlib.sha256(token.encode()).hexdigest(),
            client_id=kept.id,
            scopes=["rapportage"],
            created_at=make.now,
            expires_at=make.now + timedelta(hours=1),
        )
    )
    session.commit()

    def ask(path):
        answer = client.get(f"/api/v1/rapportage{path}", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 200, answer.json
        return answer.json

    return ask


def test_cases_come_whole_but_for_their_words(report, session, make):
    case = make.case(CaseStatus.IN_TRIAGE, title="Zwanenbrug", description="Zwanenbrug", email="zwanenbrug@x.example")
    session.commit()
    told = report("/zaken?limit=100")
    (row,) = [each for each in told["items"] if each["nummer"] == case.reference]
    assert (row["staat"], row["ingediendOp"]) == ("in_triage", case.filed_on.isoformat())
    assert "wanenbrug" not in str(told)


def test_the_list_goes_on_and_can_begin_at_a_moment(report, session, make):
    numbers = [make.case().reference for _ in range(3)]
    old = make.case(updated_at=make.now - timedelta(days=9))
    session.commit()
    found, cursor = [], ""
    while cursor is not None:
        piece = report(f"/zaken?limit=1{cursor and f'&cursor={cursor}'}")
        found += [each["nummer"] for each in piece["items"]]
        cursor = piece["next"]
    assert found[-4:] == [*numbers, old.reference]
    since = (make.now - timedelta(days=1)).isoformat().replace("+", "%2B")
    assert old.reference not in str(report(f"/zaken?limit=100&gewijzigdSinds={since}"))


def test_clocks_come_with_when_they_stood_still(report, session, make):
    desk = Desk(session, make)
    case = desk.file()
    desk.take_in(case)
    session.commit()
    told = report(f"/termijnen?nummer={case.reference}")["items"]
    running = [(each["termijn"], each["gestoptOp"] is None) for each in told]
    assert running == [("K0", False), ("K1", False), ("K2", True)]
    assert told[0]["stilstand"] == []
    assert report("/termijnen?nummer=KNP-0000-00000")["items"] == []


def test_a_term_that_fell_away_is_not_told_as_one_that_was_kept(report, session, make, client_as):
    desk = Desk(session, make)
    case = desk.bring("voorstel")
    desk.later(20)
    scheduled.run_due(desk.system, session.flush)  # nobody reacted, so that the desk must close
    told = OnBehalf(ReplyChannel.LETTER, desk.today - timedelta(days=4), case.version)
    replies.write_down(desk.context(desk.handler), case.reference, Reaction.REFUSE, "Te duur.", told)
    session.commit()
    runs = {each["termijn"]: each for each in report(f"/termijnen?nummer={case.reference}")["items"]}
    assert [name for name, run in runs.items() if run["vervallen"]] == [Clock.CLOSING.value]
    assert runs[Clock.CLOSING.value]["gestoptOp"] == desk.today.isoformat()
    text = client_as(desk.handler).get(f"/zaken/{case.reference}/klokken").get_data(as_text=True)
    assert text.count('kn-days__left">vervallen</span>') == 1
