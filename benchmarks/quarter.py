"""How much memory and time it takes to seal a quarter and to make all its forms.

    python -m benchmarks.quarter --cases 100000

Every quarter before is sealed first, each by two persons, as the small numbers of a quarter are weighed against all
that was told before it. Ends with 1 when the last seal and its forms took more than a minute or a gibibyte.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import event, select

from benchmarks import stage
from benchmarks.measuring import most_mib
from knelpunt.commands.environment import application
from knelpunt.commands.operations.prepared import database
from knelpunt.domain.calendar.timezone import nl_day, quarter_of
from knelpunt.domain.figures.sealing import Check
from knelpunt.domain.permissions import Actor
from knelpunt.domain.vocabulary import ActorKind, Role
from knelpunt.extensions import db
from knelpunt.models import Account
from knelpunt.queries.figures import editions
from knelpunt.services.core.context import Context
from knelpunt.services.figures import files, publishing, sealing
from knelpunt.web.reporting.public import forms
from knelpunt.web.reporting.public.making import written

LIMIT_SECONDS, LIMIT_MIB = 60, 1024


def _make_patient(connection: Any, _record: Any) -> None:
    """Let a connection wait while this process weighs the small numbers of years: here that is measured, not ended."""
    connection.execute("SET idle_in_transaction_session_timeout = 0")
    connection.commit()


def seal_and_make() -> int:
    """Seal every quarter that is over, and make the forms of the last; print what that one took."""
    now = datetime.now(UTC)
    with database() as ready, application(ready) as app:
        db.engine.dispose()
        event.listen(db.engine, "connect", _make_patient)
        accounts = list(db.session.scalars(select(Account).order_by(Account.id).limit(2)))
        for account in accounts:
            account.role = Role.HEAD_OF_DESK
        db.session.commit()
        first, second = (
            Context(
                db.session, Actor(ActorKind.ACCOUNT, each.id, each.role, each.organisation_id), now, app.config["LINKS"]
            )
            for each in accounts
        )
        quarter, last = editions.first_own_quarter(db.session), quarter_of(now.date()).previous()
        if quarter is None:
            raise SystemExit("there are no cases")
        count = 0
        while True:
            started = time.perf_counter()
            sealing.ask(first, quarter, dict.fromkeys(Check, "Dit is bekend."))
            db.session.commit()
            sealing.agree(second, quarter)
            db.session.flush()
            publishing.keep(second, quarter, written(db.session, quarter))
            db.session.commit()
            seconds, count = time.perf_counter() - started, count + 1
            print(f"{quarter} sealed in {seconds:.1f} s", flush=True)
            if quarter == last:
                break
            quarter = quarter.next()
        files.ask(second, quarter)
        files.begin(db.session, now)
        db.session.commit()
        started = time.perf_counter()
        made = list(files.make(db.session, forms.make, lambda: datetime.now(UTC), db.session.commit))
        making = time.perf_counter() - started
    mib = most_mib()
    failed = [each.form for each in made if each.error is not None]
    print(
        f"{count} quarters sealed; the last in {seconds:.1f} s, its {len(made)} forms in {making:.1f} s, "
        f"{mib:.0f} MiB at most (limits: {LIMIT_SECONDS} s together, {LIMIT_MIB} MiB)"
        + (f"; failed: {', '.join(failed)}" if failed else "")
    )
    return int(bool(failed) or seconds + making > LIMIT_SECONDS or mib > LIMIT_MIB)


def main() -> int:
    """Make the database and measure in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, default=stage.FOLDER)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.inside:
        return seal_and_make()
    with (
        stage.database_server(asked.folder) as server,
        stage.copy_of(server, asked.cases, nl_day(datetime.now(UTC))) as urls,
        tempfile.TemporaryDirectory(prefix="knelpunt-quarter-") as home,
    ):
        environ = {**os.environ, "DATABASE_URL": urls.app, "KNELPUNT_DATA_DIR": home, "KNELPUNT_ENV": "development"}
        return subprocess.call([sys.executable, "-m", "benchmarks.quarter", "--inside"], env=environ)


if __name__ == "__main__":
    sys.exit(main())
