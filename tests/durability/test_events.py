"""A worker is killed again and again between handing over an event and marking it, while the receiver refuses, drops
and is late: no event is lost, none goes under another id, and none of a case comes before an earlier one."""

import random
import signal
import time
from pathlib import Path

from sqlalchemy import func, select, update

from knelpunt.adapters.database.embedded_database import Server
from knelpunt.domain.identity.subscriptions import new_secret
from knelpunt.installation import sealer_of
from knelpunt.models import EventSubscription, OutboxEvent
from tests.support.receiver import Receiver, receiving
from tests.support.site import Site, running_site

CASES, EVENTS, KILLS = 4, 16, 3
LONGEST_SECONDS = 300
FAULTS = (503, 422, "hang up", "take and hang up", "late", (307, {"Location": "http://169.254.169.254/"}))


def test_killed_workers_and_a_faulty_receiver_lose_and_double_nothing(
    database_server: Server, server_dir: Path
) -> None:
    chance = random.Random(20261201)
    receiver = Receiver(lambda attempt: chance.choice(FAULTS) if attempt % 3 == 0 else 204, late=0.3)
    with receiving(receiver), running_site(database_server, server_dir, start=False) as site:
        site.worker.environ = {**site.worker.environ, "KNELPUNT_WEBHOOKS_TO_LOOPBACK": "1"}
        written = write(site, receiver.url)
        kills, deadline = 0, time.monotonic() + LONGEST_SECONDS
        while waiting(site):
            assert time.monotonic() < deadline, "it does not come to an end"
            if not site.worker.is_running:
                site.worker.start()
            seen = receiver.tries
            until = time.monotonic() + 5
            while receiver.tries < seen + 2 and time.monotonic() < until:
                time.sleep(0.02)
            if kills < KILLS and receiver.tries > seen and site.worker.process is not None:
                site.worker.process.send_signal(signal.SIGKILL)
                site.worker.process.wait()
                kills += 1
            hurry(site)
        assert kills == KILLS
    assert set(receiver.ids) == {each for ids in written.values() for each in ids}, (
        "an event was lost, or went under another id"
    )
    for ids in written.values():
        first_seen = [each for each in dict.fromkeys(receiver.ids) if each in ids]
        assert first_seen == ids, "a later event of a case came before an earlier one"
    bodies = {each.headers["webhook-id"]: each.body for each in receiver.taken}
    assert all(bodies[each.headers["webhook-id"]] == each.body for each in receiver.taken)


def write(site: Site, url: str) -> dict[str, list[str]]:
    """A subscription that was allowed, and events that wait: their ids by what they are about."""
    with site.factory() as make:
        subscription = make.add(
            EventSubscription(
                public_id="abcdef",
                organisation_id=make.organisation().id,
                url=url,
                covers=["eigen"],
                sealed_secret=sealer_of(site.config).seal(new_secret(), make.now),
                made_at=make.now,
                allowed_at=make.now,
                next_try_at=make.now,
            )
        )
        written: dict[str, list[str]] = {}
        for number in range(EVENTS):
            topic = f"proef:{number % CASES}"
            written.setdefault(topic, []).append(f"{number}")
            make.add(
                OutboxEvent(
                    subscription_id=subscription.id,
                    event_id=f"{number}",
                    kind="nl.knelpunt.proef",
                    subject=topic,
                    topic=topic,
                    data={"links": {}},
                    created_at=make.now,
                    next_try_at=make.now,
                )
            )
        return written


def waiting(site: Site) -> int:
    with site.session() as session:
        return session.scalar(select(func.count()).where(OutboxEvent.sent_at.is_(None))) or 0


def hurry(site: Site) -> None:
    """As if the pauses between two tries were over. Locks as the worker does: the subscription, then its events."""
    with site.session() as session:
        session.execute(
            update(EventSubscription).values(next_try_at=EventSubscription.made_at, failures=0, busy_until=None)
        )
        session.execute(
            update(OutboxEvent)
            .where(OutboxEvent.sent_at.is_(None))
            .values(next_try_at=OutboxEvent.created_at, attempts=0)
        )
