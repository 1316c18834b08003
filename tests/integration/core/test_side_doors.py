"""A right door opens one room: a valid link, number or key does not lead to what belongs to another case."""

import pytest
from flask.testing import FlaskClient

from knelpunt.domain.vocabulary import Role
from tests.support import database
from tests.support.rights import Relation
from tests.support.world import World, fingerprint

OTHERS = [Relation.OWN, Relation.COLLEAGUE, Relation.FOREIGN, Relation.PUBLISHED]


@pytest.fixture(scope="module")
def made(app):
    """One world for all these tests, and the connection it is on."""
    with database.rolled_back() as (connection, session):
        yield connection, World(session, app.config["LINKS"], app.config["FILE_STORE"])


@pytest.fixture
def connection(made):
    connection, _world = made
    with database.put_back(connection):
        yield connection


@pytest.fixture
def world(made, connection):
    return made[1]


@pytest.fixture
def visitor(app, world):
    return FlaskClient(app)


@pytest.fixture
def signed_in(app, world):
    def browser(role):
        made = FlaskClient(app)
        with made.session_transaction() as cookie:
            cookie["_user_id"] = world.tokens[role]
        return made

    return browser


def number(world, name, relation):
    return world.numbers[name][relation]


@pytest.mark.parametrize("relation", OTHERS)
def test_a_follow_link_opens_no_file_of_another_case(visitor, world, relation):
    token = number(world, "volgen:token", Relation.RIGHT_TOKEN)
    mine = number(world, "attachment_id", Relation.CITIZEN)
    assert visitor.get(f"/volgen/{token}/bijlagen/{mine}", buffered=True).status_code == 200
    other = number(world, "attachment_id", relation)
    assert visitor.get(f"/volgen/{token}/bijlagen/{other}").status_code == 404


@pytest.mark.parametrize("relation", OTHERS)
def test_a_follow_link_answers_no_question_of_another_case(visitor, world, connection, relation):
    token = number(world, "volgen:token", Relation.RIGHT_TOKEN)
    question = number(world, "message_id", relation)
    before = fingerprint(connection)
    answer = visitor.post(f"/volgen/{token}/antwoord/{question}", data={"body": "Een antwoord van een ander."})
    assert answer.status_code in (404, 422)
    assert fingerprint(connection) == before


@pytest.mark.parametrize("relation", [Relation.FOREIGN, Relation.CITIZEN, Relation.PUBLISHED])
def test_the_own_case_opens_no_file_of_a_foreign_one(signed_in, world, relation):
    reference = number(world, "reference", Relation.OWN)
    other = number(world, "attachment_id", relation)
    for role in (Role.MEMBER, Role.FILER, Role.ORGANISATION_ADMIN):
        assert signed_in(role).get(f"/onze-zaken/{reference}/bijlagen/{other}").status_code == 404


@pytest.mark.parametrize("relation", [Relation.FOREIGN, Relation.CITIZEN, Relation.PUBLISHED, Relation.COLLEAGUE])
def test_the_own_case_answers_no_question_of_another_one(signed_in, world, connection, relation):
    reference = number(world, "reference", Relation.OWN)
    question = number(world, "message_id", relation)
    before = fingerprint(connection)
    answer = signed_in(Role.FILER).post(f"/onze-zaken/{reference}/antwoord/{question}", data={"body": "Een antwoord."})
    assert answer.status_code in (404, 422)
    assert fingerprint(connection) == before


@pytest.mark.parametrize("relation", [Relation.FOREIGN, Relation.CITIZEN])
def test_a_draft_opens_no_file_of_another_draft(signed_in, visitor, world, connection, relation):
    key = number(world, "key", Relation.OWN)
    other = number(world, "melden:attachment_id", relation)
    client = signed_in(Role.FILER)
    before = fingerprint(connection)
    assert client.get(f"/melden/{key}/bijlagen/{other}").status_code == 404
    assert client.post(f"/melden/{key}/bijlagen/{other}/verwijderen").status_code == 404
    assert fingerprint(connection) == before


def test_a_draft_opens_no_file_of_a_case(visitor, world):
    key = number(world, "key", Relation.CITIZEN)
    other = number(world, "attachment_id", Relation.CITIZEN)
    assert visitor.get(f"/melden/{key}/bijlagen/{other}").status_code == 404


@pytest.mark.parametrize("relation", [Relation.FOREIGN, Relation.CITIZEN])
def test_the_desk_withdraws_no_assessment_of_another_case(signed_in, world, connection, relation):
    reference = number(world, "reference", Relation.OWN)
    other = number(world, "assessment_id", relation)
    before = fingerprint(connection)
    client = signed_in(Role.TRIAGER)
    assert client.get(f"/zaken/{reference}/toets/losmaken/{other}").status_code == 404
    answer = client.post(f"/zaken/{reference}/toets/losmaken/{other}", data={"version": "1"})
    assert answer.status_code == 404
    assert fingerprint(connection) == before


def test_a_case_number_in_other_letters_is_no_other_way_in(signed_in, world):
    reference = str(number(world, "reference", Relation.FOREIGN))
    for spelling in (
        reference.lower(),
        f"{reference} ",
        f"%20{reference}",
        reference.replace("-", "%2D"),
        f"{reference}/",
    ):
        assert signed_in(Role.FILER).get(f"/onze-zaken/{spelling}").status_code == 404


@pytest.mark.parametrize(
    "path", ["/onze-zaken", "/onze-zaken.csv", "/melden/organisatie", "/onze-organisatie/collegas"]
)
def test_lists_of_an_organisation_hold_nothing_of_another(signed_in, world, path):
    page = signed_in(Role.ORGANISATION_ADMIN).get(path, buffered=True).get_data(as_text=True)
    for relation in (Relation.FOREIGN, Relation.CITIZEN, Relation.PUBLISHED):
        assert str(number(world, "reference", relation)) not in page
    assert str(number(world, "key", Relation.FOREIGN)) not in page
    assert str(number(world, "key", Relation.CITIZEN)) not in page
    assert world.stranger_email not in page


@pytest.mark.parametrize(
    "query", ["", "?zoek=Proefgeval", "?organisatie=1", "?lijst=alle", "?q=Proefgeval", "?staat=in_triage"]
)
def test_no_filter_of_a_list_lets_a_foreign_case_through(signed_in, world, query):
    for path in ("/onze-zaken", "/onze-zaken.csv"):
        page = signed_in(Role.FILER).get(path + query, buffered=True).get_data(as_text=True)
        assert str(number(world, "reference", Relation.FOREIGN)) not in page


def test_public_pages_hold_published_cases_only(visitor, world):
    page = visitor.get("/knelpunten").get_data(as_text=True)
    assert str(number(world, "reference", Relation.PUBLISHED)) in page
    for relation in (Relation.OWN, Relation.COLLEAGUE, Relation.FOREIGN, Relation.CITIZEN):
        assert str(number(world, "reference", relation)) not in page
