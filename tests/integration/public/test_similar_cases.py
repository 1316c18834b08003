"""Which cases are like a published one: as the worker keeps it, and as a page without that finds it."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, func, select, text, update

from knelpunt.adapters.mail import ShowOnly
from knelpunt.adapters.uploads.store import FolderStore
from knelpunt.adapters.words.search_terms import to_document
from knelpunt.commands import worker as worker_module
from knelpunt.commands.worker import Worker
from knelpunt.domain.links import Links
from knelpunt.domain.vocabulary import Result, Theme, Verdict
from knelpunt.extensions import db
from knelpunt.models import Law, PublicVersion, PublishedCase, SimilarCases
from knelpunt.queries.public.published import published_case
from knelpunt.queries.public.similar import SHOWN, next_due
from knelpunt.services.cases import publication
from knelpunt.services.search import similar
from tests.support.factories import Factory
from tests.support.statements import counted

NOW = datetime(2026, 11, 10, 12, tzinfo=UTC)
TEXTS = (
    *(
        f"Een tiny house op een weiland met {animals}"
        for animals in ("koeien", "schapen", "paarden", "geiten", "kippen")
    ),
    "Muziek op een terras aan de gracht",
    "Een terras op een parkeerplaats",
    "Zonnepanelen op een monument",
    "Niets dat ergens op lijkt: zwanenbloem",
)


def put(make, title, **columns):
    """A published answer that the worker must still look at."""
    columns = {"verdict": Verdict.BY_ONTHEFFING_OR_EXPERIMENT, "result": Result.WITHIN_RULES} | columns
    question = "Mag dit hier?"
    terms = func.to_tsvector("simple", to_document(f"{title} {question}"))
    row = make.published(title=title, question=question, terms=terms, **columns)
    make.add(SimilarCases(case_id=row.case_id, due_at=NOW))
    return row


def work(session, now=NOW):
    """What a worker does when nothing stops it; how many lists it found."""
    done = 0
    while due := next_due(session, now):
        similar.list_for(session, due, now)
        session.flush()
        done += 1
    return done


def others_of(session, row):
    session.expire_all()
    return session.get_one(SimilarCases, row.case_id).others


def section(client, row):
    page = client.get(f"/knelpunten/{row.reference}").get_data(as_text=True)
    return page[page.index('<section class="kn-similar"') :] if "kn-similar" in page else ""


@pytest.fixture
def cases(session, make):
    laws = [session.scalars(select(Law).where(Law.key == key)).one().id for key in ("ow", "lokaal")]
    themes = (Theme.HOUSING, Theme.ENERGY, Theme.UNKNOWN)
    return [put(make, title, theme=themes[at % 3], main_law_id=(*laws, None)[at % 3]) for at, title in enumerate(TEXTS)]


def test_a_kept_list_shows_what_the_page_found_without_it(client, session, cases):
    session.commit()
    before = [section(client, row) for row in cases]
    assert work(session) >= len(cases)
    session.commit()
    assert [section(client, row) for row in cases] == before
    assert sum(bool(each) for each in before) >= 6
    assert before[-1] == ""
    for row in cases:
        case = published_case(session, row.reference)
        found = similar.find(session, case)
        assert others_of(session, row) == [each.case_id for each in found]
        assert similar.shown_with(session, case) == found[:SHOWN]


def test_a_page_reads_a_kept_list_in_one_statement_and_finds_one_in_four(session, connection, cases):
    case = published_case(session, cases[0].reference)
    similar.shown_with(session, case)
    with counted(connection) as found:
        similar.shown_with(session, case)
    work(session)
    with counted(connection) as kept:
        similar.shown_with(session, case)
    assert (len(found), len(kept)) == (4, 1)


def test_what_is_withdrawn_is_gone_from_all_lists_at_once(client, session, cases):
    work(session)
    first = cases[0]
    gone = session.get_one(PublishedCase, others_of(session, first)[0])
    assert gone.reference in section(client, first)
    session.execute(update(PublishedCase).where(PublishedCase.case_id == gone.case_id).values(withdrawn_on=NOW.date()))
    session.commit()
    shown = section(client, first)
    assert gone.reference not in shown
    assert shown.count("kn-list__meta") == SHOWN  # the next one of the list takes its place


@pytest.mark.parametrize(
    "unanswered", [{"verdict": Verdict.UNDECIDED}, {"result": None}], ids=["undecided", "without an outcome"]
)
def test_what_is_alike_leads_to_answers_in_kept_lists_and_where_it_is_found(client, session, cases, unanswered):
    """Also a list that was kept while the other still had its answer."""
    first, *others = cases[:5]
    waiting, later = others[0], others[1]
    for name, value in unanswered.items():
        setattr(waiting, name, value)
    session.commit()
    pages = [f"/knelpunten/{first.reference}", "/antwoord?q=tiny+house+weiland"]
    for path in pages:
        text_of = client.get(path).get_data(as_text=True)
        assert waiting.reference not in text_of, path
        assert any(each.reference in text_of for each in others), path
    work(session)
    session.commit()
    assert waiting.case_id not in others_of(session, first)
    assert later.case_id in others_of(session, first)
    assert first.case_id in others_of(session, waiting)
    for name, value in unanswered.items():
        setattr(session.get_one(PublishedCase, later.case_id), name, value)
    session.commit()
    shown = section(client, first)
    assert later.reference not in shown and waiting.reference not in shown
    assert shown.count("kn-list__meta") == 2


def test_a_new_text_comes_into_the_lists_of_what_was_there(session, make, cases):
    work(session)
    old = cases[0]
    new = put(make, "Een tiny house op een weiland met varkens", theme=old.theme, main_law_id=old.main_law_id)
    assert new.case_id not in others_of(session, old)
    work(session)
    assert old.case_id in others_of(session, new)
    assert new.case_id in others_of(session, old)


def test_a_list_is_found_anew_after_some_days_and_not_before(session, make, cases):
    work(session)
    assert work(session, NOW + similar.KEPT - timedelta(seconds=1)) == 0
    assert work(session, NOW + similar.KEPT) == len(cases)


def test_a_text_that_an_earlier_version_made_public_gets_its_list_after_all(session, cases):
    old, gone = cases[:2]
    gone.withdrawn_on = NOW.date()
    session.execute(delete(SimilarCases).where(SimilarCases.case_id.in_([old.case_id, gone.case_id])))
    similar.ask_for_missing(session, NOW)
    assert session.get(SimilarCases, gone.case_id, populate_existing=True) is None
    work(session)
    assert cases[2].case_id in others_of(session, old)


def test_only_a_list_that_changed_makes_browsers_ask_for_pages_again(session, make, cases):
    def version():
        """As a commit does: the triggers fire, and the next change is another one's."""
        session.flush()
        session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        session.execute(text("SET CONSTRAINTS ALL DEFERRED"))
        session.execute(text("SELECT set_config('knelpunt.public_change', '', true)"))
        return session.scalars(select(PublicVersion.version)).one()

    before = version()
    work(session)
    work(session, NOW + similar.KEPT)
    assert version() == before
    row = session.get_one(SimilarCases, cases[0].case_id, populate_existing=True)
    row.others = row.others[1:]
    assert version() != before


def test_publication_asks_for_a_list_and_withdrawal_forgets_it(client, session, desk, published):
    one, other = published(), published()
    assert [session.get_one(SimilarCases, each.id).others for each in (one, other)] == [None, None]
    now = desk.context(desk.handler).now
    work(session, now)
    assert other.id in session.get_one(SimilarCases, one.id, populate_existing=True).others
    publication.withdraw_publication(desk.context(desk.handler), other.reference, other.version, "Op verzoek.")
    assert session.get(SimilarCases, other.id, populate_existing=True) is None
    assert other.reference not in section(client, one)


def test_a_fault_in_one_list_leaves_the_others_alone(own_database, tmp_path, monkeypatch):
    links = Links("http://localhost", "a key that is only for tests, 32 characters")
    worker = Worker(db.new_session, ShowOnly(), FolderStore(tmp_path / "files"), links, tmp_path, threading.Event())
    with db.new_session() as session:
        rows = [put(Factory(session), title).case_id for title in TEXTS[:3]]
        session.commit()
    find = similar.find

    def odd(session, case):
        if case.case_id == rows[0]:
            raise ValueError("odd")
        return find(session, case)

    def lists():
        with db.new_session() as session:
            return [session.get_one(SimilarCases, id_).others for id_ in rows]

    monkeypatch.setattr(similar, "find", odd)
    monkeypatch.setattr(worker_module, "SIMILAR_SECONDS", 0.0)
    worker.find_similar()
    assert lists() == [None, None, None]
    monkeypatch.setattr(worker_module, "SIMILAR_SECONDS", 60.0)
    worker.stopping.set()
    worker.find_similar()
    assert lists() == [None, None, None]
    worker.stopping.clear()
    worker.find_similar()
    assert [others is None for others in lists()] == [True, False, False]


def test_two_workers_find_different_lists(own_database):
    with db.new_session() as session:
        rows = [put(Factory(session), title).case_id for title in TEXTS[:2]]
        session.commit()
    with db.new_session() as one, db.new_session() as two, db.new_session() as three:
        claimed = [next_due(each, datetime.now(UTC)) for each in (one, two, three)]
        assert [due and due.case_id for due in claimed] == [*rows, None]
        similar.list_for(one, claimed[0], NOW)  # asks for the other list, and waits for nobody
        one.commit()
