"""The worker sends events on connections of its own: nobody waits for an address that answers late, and one odd event
stops no other work."""

import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from knelpunt.adapters.identity.sealer import Sealer
from knelpunt.adapters.mail import ShowOnly
from knelpunt.adapters.uploads.store import FolderStore
from knelpunt.adapters.webhooks import Poster
from knelpunt.commands.worker import Worker
from knelpunt.domain.errors import DomainError
from knelpunt.domain.identity.subscriptions import Covers, Target
from knelpunt.domain.links import Links
from knelpunt.extensions import db
from knelpunt.models import EventSubscription
from knelpunt.services.core.context import Context
from knelpunt.services.mail import subscriptions
from knelpunt.services.mail.event_delivery import Sender
from tests.support.factories import Factory
from tests.support.receiver import Receiver, receiving

SEALER = Sealer("a key that is only for tests, 32 characters")
HERE = Target(has_loopback=True)
SENDER = Sender(Poster(HERE, seconds=5), SEALER)


@pytest.fixture
def site(own_database, tmp_path):
    """A worker with a database of its own, and the administrator of an organisation there."""
    links = Links("http://localhost", "a key that is only for tests, 32 characters")
    worker = Worker(
        db.new_session, ShowOnly(), FolderStore(tmp_path / "files"), links, tmp_path, threading.Event(), sender=SENDER
    )
    with closing(db.new_session()) as session:
        make = Factory(session)
        actor = make.actor(make.organisation_admin())
        session.commit()

    def act(what, *values):
        """As a page does: on a connection of its own, that waits no second for a lock."""
        with closing(db.new_session()) as session:
            session.execute(text("SET LOCAL lock_timeout = '800ms'"))
            made = what(Context(session, actor, datetime.now(UTC), links), *values)
            session.commit()
            return made

    return worker, act


def start(act, url):
    """A subscription of which the address gave its permission, with a test that waits."""

    def begin(context):
        made = subscriptions.make(context, SEALER, HERE, url=url, covers=[Covers.OWN]).subscription
        made.allowed_at = context.now
        context.session.flush()
        subscriptions.send_test(context, made.id)
        return made.id

    return act(begin)


def test_whoever_stops_it_while_the_address_answers_waits_for_nothing(site):
    worker, act = site
    with receiving(Receiver()) as receiver:
        subscription_id = start(act, receiver.url)
        answer, stopped = receiver.answer, []

        def stop_first(got):
            act(subscriptions.end, subscription_id)
            stopped.append(got)
            return answer(got)

        receiver.answer = stop_first
        worker.deliver_events()
    assert (len(stopped), len(receiver.taken)) == (1, 1)
    with closing(db.new_session()) as session:
        subscription = session.get_one(EventSubscription, subscription_id)
        assert subscription.ended_at is not None
        assert subscription.failures == 0


def test_an_event_that_cannot_be_marked_stops_no_other_work(site, monkeypatch):
    worker, act = site

    def refuse(*_args, **_more):
        raise DomainError("Dit is geen adres.")

    monkeypatch.setattr("knelpunt.services.mail.subscriptions.messages.queue_to_administrators", lambda *_args: None)
    with receiving(Receiver(lambda _try: 410)) as gone, receiving(Receiver()) as well:
        start(act, gone.url)
        start(act, well.url)
        monkeypatch.setattr("knelpunt.services.mail.subscriptions.messages.queue_to_administrators", refuse)
        worker.deliver_events()
        worker.deliver_events()
        assert (gone.tries, len(well.taken)) == (1, 1)
    with closing(db.new_session()) as session:
        first = session.scalars(select(EventSubscription).order_by(EventSubscription.id)).first()
        assert first.switched_off_at is None
        assert first.next_try_at > datetime.now(UTC) + timedelta(minutes=20)
