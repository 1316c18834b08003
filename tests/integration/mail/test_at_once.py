"""A mail that is given up while its reader acts in the case; on real connections, each its transaction."""

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select, text

from knelpunt.adapters.mail import DeliveryFailed
from knelpunt.domain.links import CASE
from knelpunt.domain.mail_kinds import MailChoice
from knelpunt.domain.permissions import SYSTEM, VISITOR
from knelpunt.extensions import db
from knelpunt.models import Contact, DeliveryFailure, OutboxMail
from knelpunt.queries.core import cases
from knelpunt.services.core import events
from knelpunt.services.core.context import Context
from knelpunt.services.mail import delivery
from knelpunt.services.mail.delivery import MAX_ATTEMPTS, Outcome
from knelpunt.services.submitters import links, mail_choices
from tests.support.desk import Desk
from tests.support.factories import Factory

LONGEST = 30
"""So many seconds an act may take; the database ends what waits in a circle after one."""


class Refusing:
    def deliver(self, _mail: object) -> None:
        raise DeliveryFailed("no", is_server_away=False)


class Place:
    """A case of which one mail is due for the last time."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.case = desk, desk.file()
        self.mail = desk.session.scalars(select(OutboxMail).where(OutboxMail.case_id == self.case.id)).first()
        others = select(OutboxMail).where(OutboxMail.id != self.mail.id)
        for other in desk.session.scalars(others):
            other.sent_at = desk.now
        self.mail.attempts = MAX_ATTEMPTS - 1
        contact = desk.session.get_one(Contact, self.case.id)
        contact.undelivered_at = desk.now
        self.mail.to_address, self.mail.account_id = contact.email, None
        desk.session.commit()

    def try_last(self, later: timedelta = timedelta()) -> Outcome | None:
        with db.new_session() as own:
            context = Context(own, SYSTEM, self.desk.now + later, self.desk.links)
            done = delivery.deliver_next(context, Refusing())
            own.commit()
            return done.outcome if done is not None else None

    def contact_after(self) -> Contact:
        """The contact, once the mail stands as given up and as one that reached nobody."""
        with db.new_session() as own:
            assert own.get_one(OutboxMail, self.mail.id).gave_up_at is not None
            assert own.scalars(select(DeliveryFailure.mail_id)).all() == [self.mail.id]
            return own.get_one(Contact, self.case.id)


@pytest.fixture
def place(own_database) -> Iterator[Place]:
    with db.new_session() as session:
        yield Place(Desk(session, Factory(session)))


@contextmanager
def giving_up(place: Place) -> Iterator[Future[Outcome | None]]:
    """The worker tries it for the last time; goes on when it waits for somebody, or is ready."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    with ThreadPoolExecutor(1) as pool:
        work = pool.submit(place.try_last)
        with db.new_session() as watching:
            for _ in range(500):
                if work.done() or watching.scalar(waiting):
                    break
                watching.rollback()
                time.sleep(0.02)
        yield work


def test_a_mail_is_given_up_while_its_submitter_confirms_the_address(place):
    with db.new_session() as own:
        context = Context(own, place.desk.follower(place.case).actor, place.desk.now, place.desk.links)
        cases.get_for_update(own, place.case.reference)
        with giving_up(place) as work:
            links.confirm_address(context, place.case.reference)
            own.commit()
            assert work.result(LONGEST) is Outcome.POSTPONED
    assert place.try_last() is None
    assert place.try_last(timedelta(minutes=1)) is Outcome.GAVE_UP
    assert place.contact_after().verified_at is not None


def test_a_mail_is_given_up_while_its_reader_stops_such_mails(place, monkeypatch):
    token = place.desk.links.unsubscribe(CASE, place.case.id).split("/")[-2]
    given_up = []

    def record(context, *args, **kwargs):
        context.session.flush()
        with giving_up(place) as work:
            events.record(context, *args, **kwargs)
            context.session.commit()
            given_up.append(work.result(LONGEST))

    monkeypatch.setattr(mail_choices, "events", SimpleNamespace(record=record))
    with db.new_session() as own:
        mail_choices.stop(Context(own, VISITOR, place.desk.now, place.desk.links), token)
    assert given_up == [Outcome.POSTPONED]
    assert place.try_last(timedelta(minutes=1)) is Outcome.GAVE_UP
    assert place.contact_after().mail_choice is MailChoice.NEEDED
