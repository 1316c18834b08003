"""The start page: the one question, the map, and the running quarter in the numbers of the account to parliament."""

import gzip
import re

from sqlalchemy import select

from config import STATIC_DIR
from knelpunt.domain.calendar.timezone import quarter_of
from knelpunt.domain.figures.definitions import Figure
from knelpunt.models import Municipality, PublishedCase
from knelpunt.queries.figures import counts as figures
from knelpunt.queries.figures.counts import Span
from knelpunt.queries.public import counts as public_counts
from knelpunt.services.figures import ledger
from knelpunt.services.submitters import reactions as submitter
from tests.support.page import parse_page
from tests.support.statements import counted

FIRST_VIEW_BYTES = 100_000


def test_the_question_leads_to_an_answer_with_words_and_place(client, session, published):
    case = published()
    zwolle = session.scalars(select(Municipality).where(Municipality.name == "Zwolle")).one()
    session.get_one(PublishedCase, case.id).municipality_id = zwolle.id
    page = parse_page(client.get("/"))
    (form,) = [form for form in page.one("main").all("search") if form.element.get("action") == "/antwoord"]
    assert form.one("option", "Zwolle").value == str(zwolle.id)
    answer = client.get(f"/antwoord?q=schoolgebouw&gemeente={zwolle.id}").get_data(as_text=True)
    assert f"/knelpunten/{case.reference}" in answer
    assert f"/melden/bewoner?wens=schoolgebouw&amp;gemeente={zwolle.id}" in answer
    found = client.get(f"/knelpunten?q=schoolgebouw&gemeente={zwolle.id}").get_data(as_text=True)
    assert f"/knelpunten/{case.reference}" in found
    assert '/wetten?q=schoolgebouw"' in found
    elsewhere = client.get(f"/knelpunten?q=schoolgebouw&gemeente={zwolle.id + 1}").get_data(as_text=True)
    assert "Zoek in heel Nederland" in elsewhere


def test_the_map_on_the_start_page_leads_to_the_cases_of_a_place(client, session, published):
    zwolle = session.scalars(select(Municipality).where(Municipality.name == "Zwolle")).one()
    session.get_one(PublishedCase, published().id).municipality_id = zwolle.id
    drawn = parse_page(client.get("/")).one("group", "Kaart van gemeenten met beantwoorde knelpunten")
    assert drawn.one("link", "Zwolle, Overijssel: 1 knelpunt").href == f"/knelpunten?gemeente={zwolle.id}"


def test_without_answers_there_is_no_map_and_the_numbers_are_nought(client):
    main = parse_page(client.get("/")).one("main")
    assert main.all("group", "Kaart van gemeenten met beantwoorde knelpunten") == []
    assert [words.split()[0] for words in main.names("paragraph") if words[:1].isdigit()] == ["0", "0", "0", "0"]


def test_the_four_numbers_are_those_of_the_quarter(session, connection, desk, published):
    published()
    withdrawn = desk.file()
    submitter.withdraw(desk.follower(withdrawn), withdrawn.reference, reason="", erase_contact=True)
    desk.file()
    desk.bring("in_triage")
    ledger.settle(session)
    today = desk.today
    span = Span.of(quarter_of(today), today)
    with counted(connection) as sent:
        so_far = public_counts.quarter_so_far(session, span)
    assert len(sent) == 3
    account = figures.quarter_figures(session, span).counts
    assert so_far.received == account[Figure.RECEIVED].total == 4
    assert so_far.handled == account[Figure.HANDLED].total == 2
    assert so_far.open == account[Figure.OPEN].total == 2
    assert so_far.published == 1


def test_nothing_private_is_on_the_start_page(client, published, private_words):
    case = published()
    page = client.get("/").get_data(as_text=True)
    assert not [word for word in private_words(case) if word in page]


def test_the_first_view_stays_light(client, published, session, make):
    """The page, its style sheets and its script, compressed, with the font that its words are in."""
    first = session.get_one(PublishedCase, published().id)
    texts = {"title": first.title, "question": first.question, "answer": first.answer}
    for municipality in session.scalars(select(Municipality).where(Municipality.tile_x.is_not(None)).limit(40)):
        make.published(municipality_id=municipality.id, **texts)
    page = client.get("/").get_data()
    files = re.findall(r'(?:href|src)="(/bestanden/[0-9a-z]+/[^"]+\.(?:css|js))"', page.decode())
    sizes = {path: len(client.get(path, headers={"Accept-Encoding": "gzip"}).get_data()) for path in files}
    assert len(sizes) > 3
    font = (STATIC_DIR / "vendor" / "noto-sans-latin.woff2").stat().st_size
    assert len(gzip.compress(page)) + sum(sizes.values()) + font < FIRST_VIEW_BYTES


def test_the_statements_of_the_start_page_do_not_grow(client, connection, published):
    published()
    client.get("/")
    with counted(connection) as few:
        client.get("/")
    published()
    client.get("/")  # reads the names again, among which a new municipality
    with counted(connection) as more:
        client.get("/")
    assert len(more) == len(few) <= 3
