"""What has done its work goes on its day: the day before all is there, the day after nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knelpunt.domain.vocabulary import Role
from knelpunt.models import (
    AccountToken,
    Base,
    Invitation,
    JobRun,
    LoginAttempt,
    LoginSession,
    OutboxMail,
    SpentMark,
    Submission,
    UsageCount,
)
from knelpunt.services.jobs import upkeep
from tests.support.factories import Factory

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Kept:
    """A row that is made, how long it is kept after its moment, and how what is left is counted."""

    make: Callable[[Factory], Base]
    days: int
    left: Callable[[Session], Any]


def count(table: type[Base]) -> Callable[[Session], Any]:
    return lambda session: session.scalar(select(func.count()).select_from(table)) or 0


def count_filled(*columns: Any) -> Callable[[Session], Any]:
    return lambda session: sum(session.scalar(select(func.count(column))) or 0 for column in columns)


def mail(make: Factory, **columns: Any) -> Base:
    values = {
        "message_id": "<1@knelpunt.example>",
        "kind": "bericht",
        "to_address": "buurt@proef.example",
        "subject": "Bericht",
        "body": "Tekst",
        "created_at": NOW,
        "next_try_at": NOW,
    }
    return OutboxMail(**{**values, **columns})


def session_of(make: Factory) -> Base:
    return LoginSession(token_hash="x", account_id=make.handler().id, created_at=NOW, last_seen_at=NOW)


def token_of(make: Factory) -> Base:
    return AccountToken(token_hash="x", purpose="x", account_id=make.handler().id, created_at=NOW, expires_at=NOW)


def invitation_of(make: Factory) -> Base:
    return Invitation(
        token_hash="x",
        email="nieuw@proef.example",
        name="Proefaccount",
        role=Role.FILER,
        organisation_id=make.organisation().id,
        created_at=NOW,
        expires_at=NOW,
    )


KEPT = {
    "form keys": Kept(lambda _make: Submission(author="x", key="x", created_at=NOW), 30, count(Submission)),
    "marks that were spent": Kept(lambda _make: SpentMark(key="x", spent_at=NOW), 1, count(SpentMark)),
    "counts of use": Kept(lambda _make: UsageCount(key="x", period_start=NOW, used=1), 2, count(UsageCount)),
    "log-in attempts": Kept(lambda _make: LoginAttempt(key="x", at=NOW), 1, count(LoginAttempt)),
    "sessions": Kept(session_of, 30, count(LoginSession)),
    "password links": Kept(token_of, 30, count(AccountToken)),
    "job runs": Kept(lambda _make: JobRun(name="x", period="x", started_at=NOW, finished_at=NOW), 90, count(JobRun)),
    "sent mails": Kept(lambda make: mail(make, sent_at=NOW), 30, count_filled(OutboxMail.to_address, OutboxMail.body)),
    "mails given up": Kept(
        lambda make: mail(make, gave_up_at=NOW), 30, count_filled(OutboxMail.to_address, OutboxMail.body)
    ),
    "invitations": Kept(invitation_of, 30, count_filled(Invitation.email, Invitation.name)),
}


@pytest.mark.parametrize("name", KEPT)
def test_the_day_before_all_is_there_and_the_day_after_nothing(session: Session, make: Factory, name: str) -> None:
    kept = KEPT[name]
    before = kept.left(session)
    make.add(kept.make(make))
    filled = kept.left(session)
    assert filled > before
    upkeep.sweep_tables(session, NOW + timedelta(days=kept.days) - timedelta(seconds=1))
    assert kept.left(session) == filled
    upkeep.sweep_tables(session, NOW + timedelta(days=kept.days) + timedelta(seconds=1))
    assert kept.left(session) == before


def test_a_mail_that_still_waits_is_never_emptied(session: Session, make: Factory) -> None:
    waiting = make.add(mail(make))
    upkeep.sweep_tables(session, NOW + timedelta(days=400))
    session.refresh(waiting)
    assert (waiting.to_address, waiting.body) == ("buurt@proef.example", "Tekst")
