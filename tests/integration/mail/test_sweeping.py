"""What has done its work goes on its day. What the register of personal data names: see privacy/test_terms.py."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knelpunt.models import Base, JobRun, OutboxMail, SpentMark
from knelpunt.services.jobs import upkeep
from tests.support.factories import Factory

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("row", "days"),
    [
        pytest.param(SpentMark(key="x", spent_at=NOW), 1, id="marks that were spent"),
        pytest.param(JobRun(name="x", period="x", started_at=NOW, finished_at=NOW), 90, id="job runs"),
    ],
)
def test_the_day_before_it_is_there_and_the_day_after_not(
    session: Session, make: Factory, row: Base, days: int
) -> None:
    def left() -> int:
        return session.scalar(select(func.count()).select_from(type(row))) or 0

    before = left()
    make.add(row)
    upkeep.sweep_tables(session, NOW + timedelta(days=days) - timedelta(seconds=1))
    assert left() == before + 1
    upkeep.sweep_tables(session, NOW + timedelta(days=days) + timedelta(seconds=1))
    assert left() == before


def test_what_is_done_once_for_a_version_is_remembered(session: Session, make: Factory) -> None:
    run = make.add(JobRun(name="zoekwoorden", period="versie 3", started_at=NOW, finished_at=NOW))
    upkeep.sweep_tables(session, NOW + timedelta(days=400))
    session.refresh(run)
    assert run.finished_at == NOW


def test_a_mail_that_still_waits_is_never_emptied(session: Session, make: Factory) -> None:
    waiting = make.add(
        OutboxMail(
            message_id="<1@knelpunt.example>",
            kind="bericht",
            to_address="buurt@proef.example",
            subject="Bericht",
            body="Tekst",
            created_at=NOW,
            next_try_at=NOW,
        )
    )
    upkeep.sweep_tables(session, NOW + timedelta(days=400))
    session.refresh(waiting)
    assert (waiting.to_address, waiting.body) == ("buurt@proef.example", "Tekst")
