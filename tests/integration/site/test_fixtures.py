"""The fixtures keep their promises: nothing leaks from one test to the next, and nothing is seen that was not saved."""

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import ProgrammingError

from knelpunt.domain.vocabulary import Role
from knelpunt.extensions import db
from knelpunt.models import Account, Case, Municipality
from tests.support import database, html
from tests.support.factories import Factory


@pytest.mark.parametrize("turn", [1, 2])
def test_rows_of_one_test_are_gone_in_the_next(turn, session, make):
    assert session.scalar(select(func.count()).select_from(Case)) == 0
    make.case()
    session.commit()
    assert session.scalar(select(func.count()).select_from(Case)) == 1


def test_the_request_sees_the_rows_of_the_test_and_an_unsaved_change_is_lost(app, session, make):
    case = make.case()
    with app.app_context():
        theirs = db.session.get(Case, case.id)
        assert theirs is not None
        assert theirs is not case
        theirs.title = "Niet opgeslagen"
        db.session.flush()
    session.expire_all()
    assert case.title != "Niet opgeslagen"


def test_what_the_request_saves_is_there_afterwards(app, session, make):
    case = make.case()
    with app.app_context():
        theirs = db.session.get(Case, case.id)
        assert theirs is not None
        theirs.title = "Wel opgeslagen"
        db.session.commit()
    session.expire_all()
    assert case.title == "Wel opgeslagen"


def test_a_world_that_breaks_while_it_is_made_leaves_nothing_to_the_next_test(app):
    with pytest.raises(LookupError), database.rolled_back() as (_connection, session):
        Factory(session).case()
        session.commit()
        raise LookupError
    with db.new_session() as own:
        assert own.get_bind() is db.engine
        assert own.scalar(select(func.count()).select_from(Case)) == 0


def test_the_reference_data_are_there_and_no_accounts(session):
    assert session.scalar(select(func.count()).select_from(Municipality).where(Municipality.valid_to.is_(None))) == 342
    assert session.scalar(select(func.count()).select_from(Account)) == 0


def test_the_tests_run_as_the_application_which_may_not_change_events(session):
    assert session.scalar(text("SELECT current_user")) == "knelpunt_app"
    with pytest.raises(ProgrammingError, match="permission denied"):
        session.execute(text("DELETE FROM events"))


@pytest.mark.parametrize("role", list(Role))
def test_every_role_can_be_made(role, make):
    account = make.account(role)
    assert make.actor(account).role is role


def test_a_test_can_have_a_database_to_itself(app, own_database):
    with app.app_context():
        db.session.execute(text("UPDATE reference_version SET version = version"))
        db.session.commit()
        assert db.session.scalar(text("SELECT current_database()")) in own_database.app


PAGE = (
    '<!DOCTYPE html><html lang="nl"><head><meta charset="utf-8"><title>Zaak - Knelpunt</title></head>'
    "<body><main><h1>Zaak</h1>{}</main></body></html>"
)


def test_a_good_page_has_no_faults():
    assert html.faults_in(PAGE.format('<label for="a">Naam</label><input id="a" name="a">')) == []


@pytest.mark.parametrize(
    ("fault", "part"),
    [
        ("field 'a' has no label", '<input name="a">'),
        ("field 'a' points to missing 'b'", '<label>Naam<input name="a" aria-describedby="b"></label>'),
        ("id 'a' stands 2 times", '<p id="a"></p><p id="a"></p>'),
        ("2 times h1", "<h1>Nog een</h1>"),
        ("h1 is followed by h3", "<h3>Kop</h3>"),
        ("inline style in <p>", '<p style="color:red">x</p>'),
        ("inline script", "<script>1</script>"),
        ("inline handler onclick in <p>", '<p onclick="x()">x</p>'),
        ("<a> without words", '<a href="/"></a>'),
        ("picture '/x.png' without alt", '<img src="/x.png">'),
        ("HTML: unexpected-end-tag", "<p><div>x</div></p>"),
    ],
)
def test_a_page_with_a_fault_is_refused(fault, part):
    assert any(fault in found for found in html.faults_in(PAGE.format(part)))


def test_pages_that_differ_in_their_words_are_read_once_and_what_matters_still_differs():
    page = '<!DOCTYPE html><html lang="nl"><head><meta charset="utf-8"><title>{}</title></head>'
    page += '<body><main><h1>{}</h1><p>{}</p><a href="/zaken/{}">{}</a></main></body></html>'
    right = page.format("Een tuin - Knelpunt", "Een tuin", "Mag het?", 12, "Lees")
    other = page.format("Het &lt;dak&gt; - Knelpunt", "Het &lt;dak&gt;", "Dat mag &amp; kan nu al.", 5, "Verder")
    assert html.faults_in(right) == html.faults_in(other) == []
    assert html.shape_of(right) == html.shape_of(right.replace("Een tuin", "Het dak").replace("12", "7"))
    for wrong in (
        page.format("Het dakraam - Knelpunt", "Het dak", "Mag het?", 12, "Lees"),
        page.format("Het dak - Knelpunt", "Een tuin", "Mag het?", 12, "Lees"),
        page.format("Een tuin - Knelpunt", "Een tuin", "Mag het?", 12, " "),
        page.format("Een tuin - Knelpunt", "Een tuin", "Mag <b>het?", 12, "Lees"),
        page.format("Een tuin - Knelpunt", "Een tuin", "Mag & het?", 12, "Lees").replace(
            'href="/', 'href="javascript:'
        ),
    ):
        assert html.faults_in(wrong), wrong
