"""What must be in order before real people use an installation; ``knelpunt check`` prints what is not."""

import os
from collections.abc import Iterator

import psycopg

from config import MIGRATIONS_DIR, STATIC_DIR, TEMPLATE_DIR, Config
from knelpunt.adapters.database import patience, postgres, rights, schema
from knelpunt.adapters.database.patience import FOR_VISITORS
from knelpunt.installation import file_store

# Words that stand in examples and tutorials; a key that holds one of them was not made by a random generator.
TELLTALE_WORDS = ("changeme", "change-me", "secret", "default", "example", "password", "wachtwoord", "test", "dev-")
NEEDED_TEMPLATES = ("base.html",)
NEEDED_STATIC = ("vendor/utrecht.css", "vendor/theme.css")


def problems(config: Config) -> list[str]:
    """Everything that production refuses, in the order in which an operator would mend it; empty when all is well."""
    return [
        *_settings(config),
        *_files(config),
        *(_database(config) if config.database_url else ["DATABASE_URL is not set."]),
    ]


def _settings(config: Config) -> Iterator[str]:
    if not config.is_production:
        yield f"KNELPUNT_ENV is {config.environment}; production is needed for real use."
    if any(word in config.secret_key.lower() for word in TELLTALE_WORDS) or len(set(config.secret_key)) < 10:
        yield "SECRET_KEY looks like a default; make one with: openssl rand -hex 32"
    if os.environ.get("FLASK_DEBUG", "0").lower() not in {"", "0", "false", "no"}:
        yield "FLASK_DEBUG is on."
    if not config.is_https:
        yield "KNELPUNT_BASE_URL does not start with https://, so cookies would not be Secure."
    if config.trusted_proxies == 0:
        yield "KNELPUNT_TRUSTED_PROXIES is 0, while TLS ends at a proxy: every visitor would have the proxy's address."
    if config.smtp_host is None:
        yield "SMTP_HOST is not set, so no mail would leave."


def _files(config: Config) -> Iterator[str]:
    for name in NEEDED_TEMPLATES:
        if not (TEMPLATE_DIR / name).is_file():
            yield f"The template {name} is missing."
    for name in NEEDED_STATIC:
        if not (STATIC_DIR / name).is_file():
            yield f"The static file {name} is missing; `make run` or `python3 .ci/set_up.py frontend` fetches it."
    try:
        file_store(config).check()
    except Exception as error:  # whatever a disk or a bucket can say
        yield f"Attachments cannot be kept: {type(error).__name__}: {error}"


def _database(config: Config) -> Iterator[str]:
    url = config.database_url or ""
    try:
        yield from _pooling(url, is_pooled=config.database_is_pooled)
        for setting in postgres.unflushed_settings(url):
            yield f"The database runs with {setting}: what people were told is saved could get lost."
        newest = schema.revisions(MIGRATIONS_DIR)[-1]
        found = schema.current_revision(url)
        if found != newest:
            yield f"The schema is at revision {found or 'none'}; this version needs {newest}: run `knelpunt migrate`."
            return
        yield from _rights(url)
    except psycopg.Error as error:
        yield f"The database cannot be asked: {str(error).strip()}"


def _pooling(url: str, *, is_pooled: bool) -> Iterator[str]:
    """Connect just as the site does: a pooler refuses what a server takes."""
    try:
        patience.connect(FOR_VISITORS, None, postgres.libpq_url(url), is_pooled=is_pooled, connect_timeout=5).close()
    except psycopg.OperationalError as error:
        if is_pooled or "startup parameter" not in str(error):
            raise
        yield "DATABASE_URL leads to a pooler, which refuses the site: set KNELPUNT_DATABASE_POOLED=1."


def _rights(url: str) -> Iterator[str]:
    """The role of the application must be another one than the owner, and may not touch what was recorded."""
    with psycopg.connect(postgres.libpq_url(url), connect_timeout=5) as connection:
        if connection.execute(rights.OWNED).fetchall():
            yield (
                "The role in DATABASE_URL owns the tables, or may act as who owns them: give the application a role of "
                "its own (docs/operations/install.md)."
            )
        for table, right in connection.execute(rights.TOO_MANY).fetchall():
            yield f"The role of the application may {right} {table}, which its code does not; run `knelpunt migrate`."
        row = connection.execute("SELECT count(*) FROM accounts WHERE is_demo AND is_active").fetchone()
        if row is not None and row[0]:
            yield f"{row[0]} demo accounts are open, with a password that everybody knows."
