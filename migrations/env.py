"""Runs the migrations: one process at a time, each in its own transaction, never waiting long for a lock."""

from alembic import context
from sqlalchemy import Connection, create_engine, pool, text

from config import Config
from knelpunt.adapters.database import rights
from knelpunt.models import Base

# Any number will do, as long as nothing else on the same database uses it: "KNLP" in ASCII.
MIGRATION_LOCK = 0x4B4E4C50
LOCK_TIMEOUT = "5s"


def owner_url() -> str:
    """The address of the caller (``knelpunt migrate``, a test), else of the environment (the ``alembic`` command)."""
    url = context.config.attributes.get("owner_url") or Config.from_environment().database_owner_url
    if not url:
        raise SystemExit("Set DATABASE_OWNER_URL, or use `knelpunt migrate`, which finds the embedded database.")
    return str(url)


def run_with(connection: Connection) -> None:
    # A second process waits here for as long as the first one needs; only after that does the short time-out begin.
    connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": MIGRATION_LOCK})
    connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        transaction_per_migration=True,
        compare_type=True,
        compare_server_default=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.execute(text(rights.GRANT))
    connection.commit()


if context.is_offline_mode():
    raise SystemExit("These migrations run on a live database only: some of them look at the rows.")

engine = create_engine(owner_url(), poolclass=pool.NullPool, connect_args={"application_name": "knelpunt-migrate"})
with engine.connect() as live_connection:
    run_with(live_connection)
engine.dispose()
