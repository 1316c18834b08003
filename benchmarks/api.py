"""What the API costs beside the pages that show the same, in one process on a database full of cases.

Started by ``python -m benchmarks.open_data``, which makes that database and names it in the environment. The work of
the database counts, as it does for pages; of the memory only that of this process. Ends with 1 when the API costs more
than its page, or the export of all cases of an organisation takes more than 300 MiB.
"""

import hashlib
import os
import secrets
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from flask.testing import FlaskClient
from sqlalchemy import create_engine, func, select, text, update
from sqlalchemy.orm import Session

from benchmarks.measuring import cpu_seconds, most_mib, table
from config import Config, Environment
from knelpunt.application import create_app
from knelpunt.domain.permissions import OF_ORGANISATIONS
from knelpunt.domain.public_events import public_id
from knelpunt.models import ApiClient, ApiToken, Case, Event, Organisation, PublishedCase
from tests.support.factories import Factory
from tests.support.login import log_in

LIMIT_MIB = 300
ROUNDS, WARM_UP = 15, 3
TIMES_PAGE = 1.1
SETTLE_SECONDS = 0.004
"""After an answer the process still closes what it opened."""


def main() -> int:
    """Ask each page and its address of the API in turn, then the export."""
    url = os.environ["DATABASE_URL"]
    with tempfile.TemporaryDirectory(prefix="knelpunt-api-") as home, Session(create_engine(url)) as session:
        app = create_app(
            Config(
                Environment.DEVELOPMENT,
                secret_key="only for measuring",
                base_url="http://localhost",
                data_dir=Path(home),
                database_url=url,
                api_requests_per_minute=1_000_000,
            )
        )
        token, organisation_id = _system(session)
        page = FlaskClient(app)
        log_in(app, page, session, Factory(session).filer(session.get_one(Organisation, organisation_id)))
        session.commit()
        own = session.scalars(select(Case.reference).where(Case.organisation_id == organisation_id).limit(1)).one()
        public = session.scalars(select(PublishedCase.reference).limit(1)).one()
        years_ago = (session.scalar(select(func.max(Event.number))) or 0) // 5
        is_slow, lines = False, []
        for what, path, asked in (
            ("own cases, a list", "/onze-zaken", "/api/v1/zaken?limit=25"),
            ("own case", f"/onze-zaken/{own}", f"/api/v1/zaken/{own}"),
            ("public cases, a list", "/knelpunten", "/api/v1/knelpunten?limit=25"),
            ("public case", f"/knelpunten/{public}", f"/api/v1/knelpunten/{public}"),
            ("what changed, a list", "/knelpunten", "/api/v1/gebeurtenissen?limit=25"),
            (
                "what changed since years ago",
                "/knelpunten",
                f"/api/v1/gebeurtenissen?limit=25&na={public_id(years_ago)}",
            ),
        ):
            of_page = _milliseconds(session, page, path)
            of_api = _milliseconds(session, FlaskClient(app), asked, token)
            is_slow |= of_api > TIMES_PAGE * of_page
            lines.append([what, f"{of_page:.1f}", f"{of_api:.1f}"])
        print(table(["what", "page, CPU ms", "API, CPU ms"], lines))
        before, started = most_mib(), time.perf_counter()
        answer = FlaskClient(app).get("/api/v1/zakenexport", headers=_headers(token))
        size = sum(len(piece) for piece in answer.response)
        seconds, mib = time.perf_counter() - started, most_mib()
        cases = session.scalar(select(func.count()).where(Case.organisation_id == organisation_id))
        told = f"{size / 1e6:.1f} MB, {seconds:.0f} s, {mib:.0f} MiB at most, {before:.0f} before"
        print(f"export of {cases} cases: {told}")
        return int(is_slow or mib > LIMIT_MIB)


def _system(session: Session) -> tuple[str, int]:
    """A token of a system of the one organisation that gets all cases of organisations."""
    organisation_id = session.scalars(
        select(Case.organisation_id).where(Case.organisation_id.is_not(None)).limit(1)
    ).one()
    session.execute(
        update(Case).where(Case.organisation_id.is_not(None)).values(organisation_id=organisation_id),
        execution_options={"synchronize_session": False},
    )
    now, token = datetime.now(UTC), secrets.token_urlsafe(32)
    scopes = [scope.value for scope in OF_ORGANISATIONS]
    client = ApiClient(
        organisation_id=organisation_id, name="Meting", client_id=f"knelpunt-{secrets.token_hex(8)}", secret_hash="x",
        scopes=scopes, ends_on=now.date() + timedelta(days=30), made_at=now,
    )  # fmt: skip
    session.add(client)
    session.flush()
    kept = hashlib.sha256(token.encode()).hexdigest()
    session.add(
        ApiToken(
            token_hash=kept, client_id=client.id, scopes=scopes, created_at=now, expires_at=now + timedelta(hours=3)
        )
    )
    session.commit()
    return token, organisation_id


def _headers(token: str | None) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} if token else {}


def _milliseconds(session: Session, client: FlaskClient, path: str, token: str | None = None) -> float:
    """CPU time of this process and of those of the database for one answer, the middle one of some rounds."""
    found = []
    for number in range(WARM_UP + ROUNDS):
        session.rollback()
        ours = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'"
        processes = [os.getpid(), *session.scalars(text(ours))]
        started = cpu_seconds(processes)
        answer = client.get(path, headers=_headers(token))
        answer.get_data()
        time.sleep(SETTLE_SECONDS)
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answers {answer.status_code}")
        if number >= WARM_UP:
            found.append((cpu_seconds(processes) - started) * 1000)
    return median(found)


if __name__ == "__main__":
    sys.exit(main())
