"""The stories of the demo can be played on any day."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knelpunt.adapters.files.demo import demo_cases
from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.models import Event, GuideClaim
from knelpunt.services.demo.loading import load_demo
from tests.integration.demo.conftest import LINKS


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 1, 1, 0, 30, tzinfo=UTC),
        datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
        datetime(2026, 4, 27, 12, 0, tzinfo=UTC),
        datetime(2027, 12, 26, 23, 30, tzinfo=UTC),
    ],
)
def test_the_stories_fit_on_any_day(session: Session, now: datetime) -> None:
    assert load_demo(session, LINKS, now) == len(demo_cases())
    assert session.scalar(select(func.max(Event.happened_on))) == nl_day(now)
    claims = session.scalars(select(GuideClaim).order_by(GuideClaim.id)).all()
    assert all(claim.asked_at is not None and nl_day(claim.asked_at) >= claim.ask_on for claim in claims)
