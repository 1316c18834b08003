"""The look of each night whether the ledger says what the events say, on real connections; and that it is heard of."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text, update

from knelpunt.adapters.mail import ShowOnly
from knelpunt.adapters.uploads.store import FolderStore
from knelpunt.commands.worker import CutOff, FoundWrong, Worker
from knelpunt.domain.links import Links
from knelpunt.extensions import db
from knelpunt.models import Attachment, Case, JobRun
from knelpunt.queries.figures import quarter as quarters
from knelpunt.services.figures import ledger
from tests.support.desk import Desk
from tests.support.factories import Factory


@pytest.fixture
def worker(own_database, tmp_path):
    links = Links("https://knelpunt.example", "a key that is only for tests, 32 characters")
    return Worker(db.new_session, ShowOnly(), FolderStore(tmp_path / "files"), links, tmp_path, threading.Event())


@pytest.fixture
def filed(own_database):
    """A case in a ledger that is made."""
    with db.new_session() as session:
        desk = Desk(session, Factory(session))
        desk.file()
        session.commit()
        for _done in ledger.rebuild(session, desk.now):
            pass
        yield desk


def run_of(name):
    with db.new_session() as session:
        return session.scalars(select(JobRun).where(JobRun.name == name)).one()


def test_a_figure_that_differs_fails_the_job_so_that_somebody_hears_of_it(worker, filed):
    worker.run_jobs()
    assert run_of("grootboek-controle").finished_at is not None
    filed.session.execute(text("UPDATE figure_totals SET amount = amount + 1 WHERE kind = 'ontvangen'"))
    filed.session.execute(update(JobRun).where(JobRun.name == "grootboek-controle").values(period="2026-01-01"))
    filed.session.commit()
    worker.run_jobs()
    with db.new_session() as session:
        last = session.scalars(
            select(JobRun).where(JobRun.name == "grootboek-controle").order_by(JobRun.period.desc())
        ).first()
        assert (last.finished_at, last.failed_at is not None) == (None, True)


def test_an_act_while_it_counts_makes_no_difference(worker, filed, monkeypatch):
    counted, acts = quarters.counted_report, []

    def counts_after_another_act(session, span):
        filed.file()
        filed.session.commit()
        acts.append(span)
        return counted(session, span)

    monkeypatch.setattr(quarters, "counted_report", counts_after_another_act)
    with db.new_session() as session:
        assert list(quarters.all_differences(session, filed.today)) != [], "without one moment there is"
    acts.clear()
    with db.new_session() as session:
        worker._verify_ledger(session)
    assert acts


def test_a_worker_that_must_end_stops_between_two_quarters(worker, filed):
    worker.stopping.set()
    with db.new_session() as session, pytest.raises(CutOff):
        worker._verify_ledger(session)


def test_a_file_that_is_gone_fails_the_job_after_all_else_was_swept(worker, filed):
    case_id = filed.session.scalars(select(Case.id)).one()
    filed.make.add(
        Attachment(
            case_id=case_id,
            stored_name="a" * 32,
            shown_name="kaart.pdf",
            media_type="application/pdf",
            size=10,
            sha256="0" * 64,
            created_at=datetime.now(UTC) - timedelta(days=2),
        )
    )
    filed.session.commit()
    with db.new_session() as session, pytest.raises(FoundWrong, match="1 attachments"):
        worker._sweep(session)
