"""The demo: every role, every state, true clocks, and the same on any day that it is started."""

from collections import Counter
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knelpunt.adapters import passwords
from knelpunt.adapters.demo_file import demo_cases
from knelpunt.domain.accounts import password_bytes
from knelpunt.domain.links import Links
from knelpunt.domain.timezone import nl_day
from knelpunt.domain.vocabulary import CaseStatus, PublicationStatus, ReviewStatus, Role
from knelpunt.models import Account, Case, Contact, Event, PublicText, PublishedCase, Review
from knelpunt.services import events
from knelpunt.services.demo import DEMO_ACCOUNTS, DEMO_DOMAIN, DEMO_PASSWORD, load_demo

LINKS = Links("http://localhost", "a key that is only for this test")
NOW = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)


@pytest.fixture
def loaded(session: Session) -> Session:
    load_demo(session, LINKS, NOW)
    session.flush()
    return session


def test_there_is_one_account_for_every_role(loaded: Session) -> None:
    roles = loaded.scalars(select(Account.role).where(Account.is_demo).order_by(Account.id)).all()
    assert sorted(roles) == sorted(Role)
    assert len(DEMO_ACCOUNTS) == len(Role)
    hashes = loaded.scalars(select(Account.password_hash).where(Account.is_demo).order_by(Account.id).limit(1)).all()
    assert passwords.matches(hashes[0], password_bytes(DEMO_PASSWORD))


def test_every_state_that_exists_today_is_shown(loaded: Session) -> None:
    found = Counter(loaded.scalars(select(Case.status).order_by(Case.id)))
    assert found == {
        CaseStatus.SUBMITTED: 4,
        CaseStatus.IN_TRIAGE: 2,
        CaseStatus.AWAITING_SUPPLEMENT: 1,
        CaseStatus.IN_HANDLING: 3,
        CaseStatus.PROPOSED: 3,
        CaseStatus.CLOSED: 2,
        CaseStatus.WITHDRAWN: 1,
    }


def test_some_cases_wait_for_somebody(loaded: Session) -> None:
    cases = loaded.scalars(select(Case).order_by(Case.id)).all()
    assert any(case.handler_id is None for case in cases)
    assert any(case.due_on is not None and case.due_on < date(2026, 11, 24) for case in cases)
    assert any(case.due_on == date(2026, 11, 25) for case in cases)
    assert loaded.scalar(select(func.count()).where(Review.status == ReviewStatus.OPEN)) == 2


def test_publication_is_shown_from_preview_to_public(loaded: Session) -> None:
    found = Counter(loaded.scalars(select(Case.publication).order_by(Case.id)))
    assert found[PublicationStatus.PREVIEW] == 1
    assert found[PublicationStatus.PUBLIC] == 1
    assert loaded.scalar(select(func.count()).select_from(PublishedCase)) == 1
    assert loaded.scalar(select(func.count()).select_from(PublicText)) == 3


def test_events_follow_one_another_in_time_and_chain_up(loaded: Session) -> None:
    recorded = loaded.scalars(select(Event.recorded_at).where(Event.case_id.is_not(None)).order_by(Event.number)).all()
    assert list(recorded) == sorted(recorded)
    assert recorded[-1] <= NOW
    assert events.verify(loaded).fault is None


def test_no_address_is_anybodys(loaded: Session) -> None:
    for address in loaded.scalars(select(Contact.email).order_by(Contact.case_id)):
        assert address is not None
        assert address.endswith(f"@{DEMO_DOMAIN}")


def test_a_second_load_changes_nothing(loaded: Session) -> None:
    before = loaded.scalar(select(func.count()).select_from(Event))
    assert load_demo(loaded, LINKS, NOW) == 0
    assert loaded.scalar(select(func.count()).select_from(Event)) == before


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
