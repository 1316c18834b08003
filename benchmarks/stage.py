"""Scratch databases for the measurements: one kept for each number of cases, and a copy of it for each run."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from sqlalchemy import NullPool, create_engine
from sqlalchemy.orm import Session

from benchmarks.fill import fill
from config import MIGRATIONS_DIR, PROJECT_DIR
from knelpunt.adapters.database import embedded_database, schema
from knelpunt.adapters.database.embedded_database import DatabaseUrls, Server
from knelpunt.services.laws import reference

SOURCES = ("migrations/**/*.py", "knelpunt/data/**/*", "benchmarks/fill.py", "benchmarks/lives.py",
           "benchmarks/traces.py", "benchmarks/words.py", "knelpunt/adapters/words/search_terms.py")  # fmt: skip
"""What the contents of a kept database follow from; a change in any of these makes a new one."""


def ensure_filled(server: Server, cases: int, today: date) -> str:
    """The name of the database with this many cases; made when it is not there. One of another day is dropped."""
    prefix = f"cases_{cases}_"
    name = prefix + _fingerprint(today)
    names = embedded_database.database_names(server)
    if name in names:
        return name
    for other in names:
        if other.startswith(prefix):
            embedded_database.drop_database(server, other)
    draft = f"{name}_draft"
    urls = embedded_database.create_database(server, draft)
    schema.upgrade(MIGRATIONS_DIR, urls.owner)
    engine = create_engine(urls.app, poolclass=NullPool)
    with Session(engine, autoflush=False) as session:
        reference.load_reference(session)
        session.commit()
    with server.connect_as_superuser(draft) as connection:
        with connection.transaction():
            fill(connection, cases, today)
        connection.execute("VACUUM ANALYZE")
    embedded_database.rename_database(server, draft, name)
    return name


def copy_name(cases: int) -> str:
    """What this process calls its copy."""
    return f"run_{cases}_{os.getpid()}"


@contextmanager
def copy_of(server: Server, cases: int, today: date) -> Iterator[DatabaseUrls]:
    """A copy of one's own of the database with this many cases; dropped afterwards."""
    name = copy_name(cases)
    embedded_database.drop_database(server, name)
    urls = embedded_database.create_database(server, name, ensure_filled(server, cases, today))
    try:
        yield urls
    finally:
        embedded_database.drop_database(server, name)


def _fingerprint(today: date) -> str:
    digest = hashlib.sha256(today.isoformat().encode())
    for pattern in SOURCES:
        for path in sorted(found for found in PROJECT_DIR.glob(pattern) if found.is_file()):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
