"""The demo: every role, every state, and true clocks."""

from collections import Counter
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knelpunt.adapters import passwords
from knelpunt.domain.accounts import password_bytes
from knelpunt.domain.vocabulary import (
    CaseStatus,
    ConsultationStatus,
    OrganisationKind,
    PublicationStatus,
    ReferralStatus,
    ReviewStatus,
    Role,
)
from knelpunt.models import (
    Account,
    Case,
    Consultation,
    Contact,
    Event,
    MinistryContact,
    Organisation,
    PublicText,
    PublishedCase,
    Referral,
    Review,
    SecondLook,
)
from knelpunt.services.core import events
from knelpunt.services.demo.loading import DEMO_ACCOUNTS, DEMO_DOMAIN, DEMO_PASSWORD, load_demo
from tests.integration.demo.conftest import LINKS, NOW


def test_there_is_one_account_for_every_role_and_a_second_administrator(loaded: Session) -> None:
    roles = loaded.scalars(select(Account.role).where(Account.is_demo).order_by(Account.id)).all()
    assert sorted(roles) == sorted([*Role, Role.ADMINISTRATOR])
    assert len(DEMO_ACCOUNTS) == len(roles)
    hashes = loaded.scalars(select(Account.password_hash).where(Account.is_demo).order_by(Account.id).limit(1)).all()
    assert passwords.matches(hashes[0], password_bytes(DEMO_PASSWORD))


def test_every_state_that_exists_today_is_shown(loaded: Session) -> None:
    found = Counter(loaded.scalars(select(Case.status).order_by(Case.id)))
    assert found == {
        CaseStatus.SUBMITTED: 5,
        CaseStatus.IN_TRIAGE: 3,
        CaseStatus.AWAITING_SUPPLEMENT: 1,
        CaseStatus.IN_HANDLING: 5,
        CaseStatus.WITH_MINISTRY: 2,
        CaseStatus.PROPOSED: 3,
        CaseStatus.CLOSED: 6,
        CaseStatus.RECONSIDERATION: 1,
        CaseStatus.WITHDRAWN: 3,
    }


def test_some_cases_wait_for_somebody(loaded: Session) -> None:
    cases = loaded.scalars(select(Case).order_by(Case.id)).all()
    assert any(case.handler_id is None for case in cases)
    assert any(case.due_on is not None and case.due_on < date(2026, 11, 24) for case in cases)
    assert any(case.due_on == date(2026, 11, 25) for case in cases)
    assert loaded.scalar(select(func.count()).where(Review.status == ReviewStatus.OPEN)) == 2


def test_others_are_asked_and_every_ministry_can_be(loaded: Session) -> None:
    ministries = loaded.scalars(
        select(Organisation.id).where(Organisation.kind == OrganisationKind.MINISTRY, Organisation.valid_to.is_(None))
    ).all()
    assert sorted(loaded.scalars(select(MinistryContact.ministry_id))) == sorted(ministries)
    asked = loaded.scalars(select(Consultation).order_by(Consultation.asked_at)).all()
    assert [row.status for row in asked] == [
        ConsultationStatus.OPEN,
        ConsultationStatus.ANSWERED,
        ConsultationStatus.OPEN,
    ]
    assert asked[0].due_on < date(2026, 11, 24) <= asked[2].due_on
    assert loaded.scalars(select(Referral.status)).all() == [ReferralStatus.OFFERED]
    assert len(loaded.scalars(select(SecondLook)).one().points) == 2


def test_publication_is_shown_from_preview_to_public(loaded: Session) -> None:
    found = Counter(loaded.scalars(select(Case.publication).order_by(Case.id)))
    assert found[PublicationStatus.PREVIEW] == 1
    assert found[PublicationStatus.PUBLIC] == 3
    assert loaded.scalar(select(func.count()).select_from(PublishedCase)) == 3
    assert loaded.scalar(select(func.count()).select_from(PublicText)) == 9


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
