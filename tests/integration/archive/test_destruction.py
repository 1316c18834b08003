"""The day before, everything is there. The day after, no word is left, and every figure is what it was."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from knelpunt.domain.calendar.timezone import Quarter
from knelpunt.domain.vocabulary import CaseStatus, DisposalStatus, EventKind, PublicationStatus
from knelpunt.models import Base, DisposalCase, Event, PublishedCase, SimilarCases
from knelpunt.queries.figures import ledger
from knelpunt.queries.figures.afterwards import afterwards
from knelpunt.queries.figures.counts import Span, pressing_rules, quarter_figures
from knelpunt.queries.figures.series import recent_quarters
from knelpunt.queries.public.events import public_events
from knelpunt.services.archive import destruction, lists
from knelpunt.services.cases import attachments, publication
from knelpunt.services.core import events
from tests.support.archive import A_DAY, ENDS_ON, MARKER, Archive, confirm_list, found, full_case
from tests.support.desk import Desk

LATER = ENDS_ON.replace(year=2040)


@pytest.fixture
def archive(session, make, app):
    return Archive(Desk(session, make), app.config["FILE_STORE"]).on(date(2026, 11, 24))


def on_disk(data_dir: Path) -> set[str]:
    return {path.name for path in data_dir.rglob("*") if path.is_file() and MARKER.encode() in path.read_bytes()}


@pytest.fixture
def ready(archive):
    """A case on its last day, with checked sources."""
    case = full_case(archive)
    archive.check_sources()
    archive.run()
    day = archive.session.scalars(select(Base.metadata.tables["retentions"].c.action_on)).one()
    archive.on(day)
    return archive, case


def test_every_table_of_a_case_was_thought_of():
    hangs_on = {
        table.name
        for table in Base.metadata.sorted_tables
        if any(key.column.table.name in ("cases", "consultations", "clock_periods") for key in table.foreign_keys)
    }
    assert hangs_on - destruction.COVERED == set(), "put these in knelpunt/services/archive/destruction.py"


def test_the_day_before_everything_is_there_and_the_day_after_nothing(ready, data_dir):
    archive, case = ready
    archive.reword(archive.category("antwoord"), public_text_stays=False)
    before = found(archive.session, MARKER)
    assert {"cases", "messages", "notes", "attachments", "consultations", "outbox", "case_search"} <= before.keys()
    assert len(before) > 20
    archive.on(archive.desk.today - A_DAY).run()
    assert (found(archive.session, MARKER), len(on_disk(data_dir))) == (before, 1)
    archive.on(archive.desk.today + A_DAY).run()
    confirm_list(archive)
    archive.run()
    archive.session.expire_all()
    assert (case.status, case.archived_on) == (CaseStatus.ARCHIVED, archive.desk.today)
    assert found(archive.session, MARKER) == {}
    assert on_disk(data_dir) == set()


def test_the_public_text_stays_when_the_category_says_so(ready):
    archive, case = ready
    archive.run()
    confirm_list(archive)
    archive.run()
    assert set(found(archive.session, MARKER)) == {"published_cases"}
    assert archive.session.get_one(PublishedCase, case.id).withdrawn_on is None


def test_a_public_text_that_stayed_can_still_be_taken_away(ready, client):
    archive, case = ready
    archive.run()
    confirm_list(archive)
    archive.run()
    archive.session.expire_all()
    context = archive.by(archive.desk.handler)
    publication.withdraw_publication(context, case.reference, case.version, "De indiener vroeg het.")
    assert found(archive.session, MARKER) == {}
    page = client.get(f"/knelpunten/{case.reference}")
    assert (page.status_code, "De indiener vroeg het." in page.get_data(as_text=True)) == (410, True)


def test_the_public_page_becomes_a_tombstone_when_it_does_not(ready, client):
    archive, case = ready
    archive.reword(archive.category("antwoord"), public_text_stays=False)
    archive.run()
    confirm_list(archive)
    archive.run()
    gone = archive.session.get_one(PublishedCase, case.id, populate_existing=True)
    assert (gone.withdrawn_on, case.publication) == (archive.desk.today, PublicationStatus.WITHDRAWN)
    assert archive.session.get(SimilarCases, case.id) is None
    page = client.get(f"/knelpunten/{case.reference}")
    assert page.status_code == 410
    assert "De termijn waarin wij deze zaak bewaren is voorbij." in page.get_data(as_text=True)


@pytest.mark.parametrize("text_stays", [True, False])
def test_the_end_of_a_public_text_is_told_once_and_when_it_comes(ready, text_stays):
    """One that outlived its file and is withdrawn years later, and one that went before its file did."""
    archive, case = ready
    session, reason = archive.session, "De indiener vroeg het."
    archive.reword(archive.category("antwoord"), public_text_stays=text_stays)
    if not text_stays:
        publication.withdraw_publication(archive.by(archive.desk.handler), case.reference, case.version, reason)
    archive.on(archive.desk.today + A_DAY).run()
    confirm_list(archive)
    archive.run()
    session.expire_all()
    before = [each.number for each in public_events(session, 10)]
    assert session.scalar(select(Event.number).where(Event.kind == EventKind.ARCHIVED)) not in before
    if text_stays:
        archive.on(archive.desk.today + A_DAY)
        publication.withdraw_publication(archive.by(archive.desk.handler), case.reference, case.version, reason)
    told = [each for each in public_events(session, 10) if each.name == case.reference]
    assert [each.kind for each in told] == [EventKind.PUBLICATION_WITHDRAWN]
    assert [each.number for each in public_events(session, 10)][-len(before) or 10 :] == before


def test_a_public_text_that_goes_with_its_file_is_told(ready):
    archive, case = ready
    archive.reword(archive.category("antwoord"), public_text_stays=False)
    archive.run()
    confirm_list(archive)
    archive.run()
    told = [(each.kind, each.name) for each in public_events(archive.session, 10)]
    assert told == [(EventKind.ARCHIVED, case.reference)]


def test_figures_are_the_same_and_the_chain_is_whole(ready):
    archive, case = ready
    session = archive.session

    def figures():
        session.expire_all()
        told = []
        for quarter in (Quarter(2026, 4), Quarter(2027, 1), Quarter(2028, 1)):
            span = Span.of(quarter, LATER)
            told += [quarter_figures(session, span), pressing_rules(session, span), afterwards(session, span)]
            told += [recent_quarters(session, span, 0), ledger.read_report(session, span)]
        return told

    before = figures()
    kept = ("status", "verdict", "result", "theme", "municipality_id", "main_law_id", "filed_on", "closed_on")
    sides = [getattr(case, name) for name in kept[1:]]
    archive.run()
    confirm_list(archive)
    archive.run()
    assert figures() == before
    assert [getattr(case, name) for name in kept[1:]] == sides
    assert events.verify(session).fault is None
    last = session.scalars(select(Event).where(Event.case_id == case.id).order_by(Event.number.desc()).limit(1)).one()
    assert (last.kind, last.status_before, last.status) == ("gearchiveerd", "afgesloten", "gearchiveerd")


def test_a_worker_killed_before_the_commit_leaves_everything_and_the_next_one_does_it_whole(ready, data_dir):
    archive, _case = ready
    archive.run()
    confirm_list(archive)
    archive.session.commit()
    before = found(archive.session, MARKER)
    row_id = archive.session.scalars(select(DisposalCase.id)).one()
    lists.carry_out(archive.desk.system, archive.files, row_id)
    assert found(archive.session, MARKER) != before
    archive.session.rollback()
    assert (found(archive.session, MARKER), len(on_disk(data_dir))) == (before, 1)
    archive.run()
    assert set(found(archive.session, MARKER)) == {"published_cases"}
    assert on_disk(data_dir) == set()


def test_a_worker_killed_after_the_commit_leaves_a_file_that_is_swept(ready, data_dir, monkeypatch):
    archive, _case = ready
    archive.run()
    confirm_list(archive)
    with monkeypatch.context() as patched:
        patched.setattr(type(archive.files), "delete", lambda self, name: None)
        archive.run()
    assert len(on_disk(data_dir)) == 1
    attachments.sweep(archive.session, archive.files, archive.desk.now)
    assert on_disk(data_dir) == set()


def test_the_list_says_what_went_and_never_who_it_was_about(ready):
    archive, case = ready
    archive.run()
    each = confirm_list(archive)
    archive.run()
    archive.session.expire_all()
    row = archive.session.scalars(select(DisposalCase)).one()
    assert (each.status, row.counts["bijlagen"]) == (DisposalStatus.DONE, 1)
    assert row.counts["berichten"] >= 1
    assert len(row.digest) == len(each.digest) == 64
    assert each.digest == lists.digest_of_list(archive.session, each.id)
    told = archive.session.scalars(select(Event).order_by(Event.number.desc()).limit(1)).one()
    assert (told.kind, told.data) == ("archieflijst_uitgevoerd", {"zaken": 1, "sha256": each.digest})
    assert case.reference not in str(told.data)
