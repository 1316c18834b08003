"""A worker that is asked to stop in a backlog ends soon, and the next one does the rest: each thing once."""

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from knelpunt.adapters.database.embedded_database import Server
from knelpunt.commands.supervisor import STOP_SECONDS
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.vocabulary import SubmitterKind
from knelpunt.models import Draft, JobRun, OutboxMail
from tests.support.site import Site, running_site

DRAFTS = 1500
LONGEST_SECONDS = 300


def test_a_worker_ends_in_the_middle_of_a_backlog_and_leaves_whole_things(
    database_server: Server, server_dir: Path
) -> None:
    with running_site(database_server, server_dir, start=False) as site:
        write(site)
        site.worker.start()
        wait_until(site, lambda: count_warned(site) > 0)
        process = site.worker.process
        assert process is not None
        process.terminate()
        # The shortest time that anything gives a worker to end: the supervisor's.
        assert process.wait(STOP_SECONDS) == 0
        warned = count_warned(site)
        assert 0 < warned < DRAFTS, "it was stopped on the way"
        assert mails(site) == warned, "who is marked as warned has a mail, and nobody else"
        with site.session() as session:
            run = session.scalars(select(JobRun).where(JobRun.name == "termijnen")).one()
            assert (run.finished_at, run.failed_at) == (None, None)
            run.started_at -= timedelta(hours=1)  # as if the time was over after which somebody else may go on

        site.worker.start()
        wait_until(site, lambda: count_warned(site) == DRAFTS)
        assert mails(site) == DRAFTS


def write(site: Site) -> None:
    """Drafts that lie still for so long that who wrote them is warned."""
    with site.factory() as make:
        for number in range(DRAFTS):
            make.add(
                Draft(
                    key=f"{number:032x}",
                    kind=SubmitterKind.CITIZEN_INITIATIVE,
                    data={"contact_email": f"buurt{number}@proef.example"},
                    created_at=make.now - timedelta(days=70),
                    updated_at=make.now - timedelta(days=70),
                )
            )


def wait_until(site: Site, is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LONGEST_SECONDS
    while not is_so():
        assert site.worker.is_running, "the worker ended by itself"
        assert time.monotonic() < deadline, "it does not come to an end"
        time.sleep(0.02)


def count_warned(site: Site) -> int:
    with site.session() as session:
        return session.scalar(select(func.count()).where(Draft.warned_at.is_not(None))) or 0


def mails(site: Site) -> int:
    """How many mails that warn there are; each to another address."""
    with site.session() as session:
        found = session.scalars(select(OutboxMail.to_address).where(OutboxMail.kind == MailKind.DRAFT_WARNING)).all()
    assert len(set(found)) == len(found)
    return len(found)
