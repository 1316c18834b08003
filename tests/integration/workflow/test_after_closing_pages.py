"""The pages of a second look and of aftercare, for the submitter, the head of desk and both handlers."""

import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from knelpunt.domain.calendar.timezone import quarter_of
from knelpunt.domain.vocabulary import AftercareAnswer, CaseStatus, SecondLookOutcome
from knelpunt.models import Aftercare, FollowLink, SecondLook
from knelpunt.queries.figures.dashboards import day_of
from knelpunt.services.cases import resolution, second_looks
from knelpunt.services.jobs import scheduled
from knelpunt.services.submitters import aftercare, second_look
from tests.support.files import png
from tests.support.page import parse_page


@pytest.fixture
def closed(desk):
    desk.now = datetime.now(UTC) - timedelta(days=3)
    case = desk.bring("afgesloten")
    desk.now = datetime.now(UTC)
    return case


@pytest.fixture
def head(make, desk):
    return make.head_of_desk(organisation=desk.ministry)


@pytest.fixture
def follow_path(app, session):
    def path(case):
        session.flush()
        link = session.scalars(select(FollowLink).where(FollowLink.case_id == case.id)).first()
        return app.config["LINKS"].follow(link.public_id, link.nonce).removeprefix("http://localhost")

    return path


def text(response):
    return parse_page(response).text


def test_the_submitter_asks_from_the_follow_page_and_reads_every_answer(
    session, desk, closed, head, make, client, client_as, follow_path
):
    path = follow_path(closed)
    assert "Vraag een heroverweging" in text(client.get(path))
    sent = client.post(f"{path}/heroverweging", data={"point_1": "De brief is niet gelezen.", "point_3": "De buren."})
    assert sent.location == path
    page = text(client.get(path))
    for words in ("De melding wordt opnieuw bekeken", "De brief is niet gelezen.", "U vroeg een heroverweging"):
        assert words in page
    assert "Vraag een heroverweging" not in page

    second = make.handler(organisation=desk.ministry)
    assert closed.reference in text(client_as(head).get("/vandaag"))
    offered = client_as(head).get(f"/zaken/{closed.reference}/tweede-behandelaar").get_data(as_text=True)
    assert second.name in offered
    assert f">{desk.handler.name}<" not in offered
    assert f">{head.name}<" not in offered.split("<select")[1]
    version = {"version": str(closed.version)}
    named = client_as(head).post(
        f"/zaken/{closed.reference}/tweede-behandelaar", data={**version, "handler_id": str(second.id)}
    )
    assert named.status_code == 303

    first = client_as(desk.handler)
    assert "U behandelde deze zaak eerder" in text(first.get(f"/zaken/{closed.reference}"))
    assert "U behandelde deze zaak eerder" in text(first.get(f"/zaken/{closed.reference}/heroverweging-blijft"))
    note = {"body": "Toch nog iets."}
    assert first.post(f"/zaken/{closed.reference}/notitie", data=note).status_code == 403

    session.refresh(closed)
    given = {
        "version": str(closed.version),
        "outcome": "deels_anders",
        "answer_1": "Die is nu gelezen.",
        "answer_2": "Dat plan is anders.",
        "reason": "De brief maakt verschil.",
    }
    asked = client_as(second).post(f"/zaken/{closed.reference}/heroverweging-anders", data=given)
    assert asked.status_code == 303
    review = text(client_as(head).get(f"/zaken/{closed.reference}/toetsing"))
    for words in ("De uitkomst verandert voor een deel", "De buren.", "Dat plan is anders."):
        assert words in review
    waiting = re.search(
        r'name="review_id"[^>]*value="(\d+)"',
        client_as(head).get(f"/zaken/{closed.reference}/toetsing").get_data(as_text=True),
    )
    decision = {"review_id": waiting[1], "remark": "", "besluit": "akkoord"}
    assert client_as(head).post(f"/zaken/{closed.reference}/toetsing", data=decision).status_code == 303
    assert closed.status is CaseStatus.IN_HANDLING
    page = text(client.get(path))
    for words in ("De uitkomst verandert voor een deel", "Die is nu gelezen.", "De brief maakt verschil."):
        assert words in page


def test_after_the_six_weeks_the_page_says_on_which_day_they_ended(desk, client, follow_path):
    desk.now = datetime.now(UTC) - timedelta(days=60)
    case = desk.bring("afgesloten")
    path = follow_path(case)
    assert "Vraag een heroverweging" not in text(client.get(path))
    page = text(client.get(f"{path}/heroverweging"))
    assert "U kon tot en met" in page
    assert client.post(f"{path}/heroverweging", data={"point_1": "Toch."}).status_code == 422


def test_only_the_head_sees_who_waits_for_a_second_handler(session, desk, closed, head, make):
    second_look.ask(desk.follower(closed), closed.reference, ["Kijk nog eens."])
    today = desk.today
    assert [row.reference for row in day_of(session, make.actor(head), today).to_decide] == [closed.reference]
    for other in (desk.handler, desk.triager):
        assert day_of(session, make.actor(other), today).to_decide == ()
        assert closed.reference not in {row.reference for row in day_of(session, make.actor(other), today).new}


def test_only_a_head_without_a_part_has_the_outcome_on_the_list_to_review(session, desk, closed, head, make):
    other_head = make.head_of_desk(organisation=desk.ministry)
    closed.handler_id = other_head.id
    second_look.ask(desk.follower(closed), closed.reference, ["Kijk nog eens."])
    second = make.handler(organisation=desk.ministry)
    second_looks.name_handler(desk.context(head), closed.reference, closed.version, second.id)
    resolution.request_second_look_outcome(
        desk.context(second), closed.reference, closed.version,
        outcome=SecondLookOutcome.KEPT, answers=["Gekeken."], reason="Zo is het.",
    )  # fmt: skip
    session.flush()
    listed = {
        account: [row.reference for row in day_of(session, make.actor(account), desk.today).reviews]
        for account in (head, other_head, desk.reviewer)
    }
    assert listed == {head: [closed.reference], other_head: [], desk.reviewer: []}


def test_the_desk_writes_down_a_request_that_came_by_letter(session, desk, closed, make, client_as):
    page = text(client_as(desk.triager).get(f"/zaken/{closed.reference}/reactie-opschrijven"))
    assert "vraagt een heroverweging" in page
    data = {
        "version": str(closed.version),
        "channel": "brief",
        "received_on": desk.today.isoformat(),
        "reaction": "heroverweging",
        "body": "U las de brief niet.\nDe buren mochten wel.",
    }
    sent = client_as(desk.triager).post(f"/zaken/{closed.reference}/reactie-opschrijven", data=data)
    assert sent.status_code == 303
    assert session.scalars(select(SecondLook)).one().points == ["U las de brief niet.", "De buren mochten wel."]


@pytest.fixture
def asked(session, desk):
    """A case closed a hundred days ago, of which the submitter was asked how it went."""
    desk.now = datetime.now(UTC) - timedelta(days=100)
    case = desk.bring("afgesloten")
    desk.now = datetime.now(UTC)
    scheduled.run_due(desk.system, session.flush)
    return case, session.scalars(select(Aftercare).where(Aftercare.case_id == case.id)).one()


def test_opening_the_link_of_the_mail_answers_nothing_and_the_button_does(app, session, desk, asked, client, client_as):
    case, row = asked
    desk.links = app.config["LINKS"]
    path = f"/nazorg/{desk.links.token(aftercare.PURPOSE, row.public_id, row.nonce)}"
    for _ in range(3):  # as scanners of mail do
        page = client.get(f"{path}?antwoord=nog_vast")
        assert re.search(r'value="nog_vast"[^>]*checked|checked[^>]*value="nog_vast"', page.get_data(as_text=True))
    session.refresh(row)
    assert row.answer is None
    assert client.post(path, data={"answer": ""}).status_code == 422
    sent = client.post(path, data={"answer": "nog_vast", "words": "De gemeente wacht.", "asks_reopening": "y"})
    assert sent.status_code == 302
    session.refresh(row)
    assert (row.answer, row.words, row.asks_reopening) == (AftercareAnswer.STUCK, "De gemeente wacht.", True)
    assert "Uw antwoord is bij ons" in text(client.get(path))
    staff = client_as(desk.handler)
    assert "project zit nog vast" in text(staff.get("/vandaag"))
    page = text(staff.get(f"/zaken/{case.reference}"))
    assert "De gemeente wacht." in page
    session.refresh(case)
    declined = staff.post(
        f"/zaken/{case.reference}/heropening-afwijzen",
        data={"version": str(case.version), "reason": "De regel is hetzelfde."},
    )
    assert declined.status_code == 303
    assert "project zit nog vast" not in text(staff.get("/vandaag"))
    assert client.post(path, data={"answer": "ja"}).status_code == 422


def test_a_wrong_link_or_one_after_erasure_leads_nowhere(app, session, desk, asked, client):
    _case, row = asked
    path = f"/nazorg/{app.config['LINKS'].token(aftercare.PURPOSE, row.public_id, row.nonce)}"
    assert client.get(path).status_code == 200
    assert client.get(f"{path[:-1]}x").status_code == 404
    row.nonce = "0" * 32
    session.flush()
    assert client.get(path).status_code == 404


def test_the_desk_writes_down_what_was_told_by_telephone(session, desk, asked, client_as):
    case, row = asked
    data = {
        "version": str(case.version),
        "channel": "telefoon",
        "received_on": desk.today.isoformat(),
        "answer": "ja",
        "words": "De tuin is open.",
    }
    sent = client_as(desk.triager).post(f"/zaken/{case.reference}/nazorg", data=data)
    assert sent.status_code == 303
    session.refresh(row)
    assert (row.answer, row.words) == (AftercareAnswer.YES, "De tuin is open.")


def test_the_quarter_counts_the_last_answer_of_each(session, desk, asked, head, client_as):
    case, row = asked
    for given in (AftercareAnswer.BUSY, AftercareAnswer.YES):
        aftercare.answer(desk.follower(case), case.reference, row.id, given=given, words="")
    session.flush()
    today = desk.today
    page = parse_page(client_as(head).get(f"/kwartalen/{quarter_of(today)}/meer"))
    told = {words: [cell.partition(" ")[0] for cell in cells] for words, *cells in page.rows()}
    assert told["Ging het project door? Gevraagd na 3 maanden"] == ["1", "0"]
    assert told["Antwoord na 3 maanden: ja, het project gaat door of is klaar"] == ["1", "0"]
    assert told["Antwoord na 3 maanden: wij zijn er nog mee bezig"] == ["0", "0"]


def test_the_term_stands_still_only_when_the_submitter_asked_for_it(session, desk, make, client_as):
    desk.now = datetime.now(UTC)
    case = desk.bring("voorstel")
    path = f"/zaken/{case.reference}/termijn-stilzetten"
    staff = client_as(desk.handler)
    assert "Zet de termijn stil" in text(staff.get(f"/zaken/{case.reference}"))
    until = (desk.today + timedelta(days=7)).isoformat()
    data = {"version": str(case.version), "until": until, "reason": "U bent op reis."}
    assert staff.post(path, data=data).status_code == 422
    due_on = case.due_on
    assert staff.post(path, data={**data, "consent": "y"}).status_code == 303
    session.refresh(case)
    assert case.due_on > due_on


def test_who_handled_the_case_adds_no_file_while_another_looks(session, desk, closed, client_as):
    second_look.ask(desk.follower(closed), closed.reference, ["Kijk nog eens."])
    session.flush()
    data = {"attachments": (io.BytesIO(png()), "plan.png")}
    sent = client_as(desk.handler).post(f"/zaken/{closed.reference}/bijlage", data=data)
    assert sent.status_code == 403
    assert "U behandelde deze zaak eerder" in text(sent)
