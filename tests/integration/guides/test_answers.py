"""The answer before filing: a question in somebody's own words finds the ruimtewijzer that answers it."""

import pytest

from knelpunt.domain.languages import DUTCH
from knelpunt.services.core.search_index import words_to_share
from knelpunt.services.guides.loading import load_guides
from knelpunt.services.search import answers, search
from tests.support import database
from tests.support.desk import Desk
from tests.support.factories import Factory

QUESTIONS = {
    "mijn schoonmoeder wil in onze schuur wonen omdat ze hulp nodig heeft": "mantelzorgwoning-in-de-tuin",
    "studenten laten wonen in een leegstaand kantoorpand": "tijdelijk-wonen-in-een-leeg-kantoor-of-schoolgebouw",
    "mogen we met de straat een moestuintje beginnen op het grasveld": "buurttuin-of-moestuin-op-openbaar-groen",
    "het buurthuis gaat dicht, kunnen wij het overnemen van de gemeente": "een-taak-van-de-gemeente-overnemen",
    "ik wil een tiny house neerzetten": "tiny-house-plaatsen",
    "vleermuizenonderzoek kost te veel, ik wil alleen de spouw isoleren": "spouwmuur-isoleren-en-vleermuizen",
    "zonnepanelen op een rijksmonument geweigerd": "zonnepanelen-op-een-monument-of-in-een-beschermd-gezicht",
    "bier verkopen in het dorpshuis": "bier-en-wijn-in-het-buurthuis",
    "barbecue op straat met de buren, moet dat met vergunning": "straatfeest-of-buurtbarbecue",
    "de dorpsschool heeft nog maar 20 kinderen": "kleine-dorpsschool-openhouden",
    "vrijwilligers rijden ouderen met een busje naar de winkel": "buurtbus-of-vervoer-door-vrijwilligers",
    "stroom aan de buurman verkopen": "stroom-delen-of-verkopen-aan-de-buren",
    "ik kan me niet inschrijven, ik woon op een camping": "inschrijven-op-een-adres-zonder-woonbestemming",
    "warmtenet met de wijk": "warmtenet-van-en-voor-de-buurt",
    "rotterdamwet aanvragen voor een wijk met overlast": "nieuwe-huurders-kiezen-in-een-kwetsbare-wijk",
    "peuterspeelzaal in de school": "school-en-peuteropvang-in-een-gebouw",
}


@pytest.fixture(scope="module")
def shipped(app):
    """The shipped ruimtewijzers, for all tests of this module."""
    with database.rolled_back() as (connection, session):
        load_guides(Desk(session, Factory(session)).system)
        session.commit()
        yield connection


@pytest.fixture
def connection(shipped):
    with database.put_back(shipped):
        yield shipped


@pytest.fixture
def loaded(connection):
    search._latest = None
    yield
    search._latest = None


def guides_for(session, desk, question):
    return [row.slug for row in answers.answer(session, question, DUTCH, desk.today).guides]


def test_questions_as_people_ask_them_find_their_answer_among_the_first(session, desk, loaded):
    missed = []
    for question, slug in QUESTIONS.items():
        found = guides_for(session, desk, question)
        if slug not in found[:3]:
            missed.append((question, slug, found))
    assert missed == [], missed


@pytest.mark.parametrize(
    "question",
    [
        "",
        "de het een",
        "xyzzy",
        "kwantummechanica voor gevorderden",
        "wij willen een speelstraat maken maar de gemeente zegt dat het verkeersbesluit dat niet toelaat",
    ],
)
def test_what_no_answer_shares_gives_no_answer(session, desk, loaded, question):
    assert guides_for(session, desk, question) == []


def test_words_in_which_every_question_is_told_give_no_answer_and_are_searched_for_only_by_themselves(session, desk):
    def queries(question):
        return answers.read(session, question, DUTCH, desk.today).queries

    assert queries("De gemeente zegt dat een hek niet mag") == queries("hek")
    assert queries("hek")
    assert queries("Mag dat van de gemeente?") == []
    assert words_to_share("De gemeente zegt dat een hek niet mag") == words_to_share("hek")
    assert len(words_to_share("Mag dat van de gemeente?")) == 2


def test_a_question_of_nothing_but_such_words_is_not_said_to_be_answered(client, loaded):
    page = client.get("/antwoord", query_string={"q": "Mag dat van de gemeente?"})
    assert page.status_code == 200
    assert "Dit past misschien bij uw vraag" not in page.text
    assert (
        "Dit past misschien bij uw vraag" in client.get("/antwoord", query_string={"q": "ik wil een tiny house"}).text
    )


def test_an_english_page_says_once_that_the_answers_below_are_dutch(client, loaded):
    page = client.get("/en/antwoord", query_string={"q": "tiny house"}).text
    assert page.count("The answers below are in Dutch.") == 1
    assert "This may fit your question" in page
    assert "in het Nederlands" not in client.get("/antwoord", query_string={"q": "tiny house"}).text
