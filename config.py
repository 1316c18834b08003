"""Reads the environment once, and names the folders that lie beside this file."""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

PROJECT_DIR = Path(__file__).resolve().parent
TEMPLATE_DIR = PROJECT_DIR / "templates"
MIGRATIONS_DIR = PROJECT_DIR / "migrations"
STATIC_DIR = PROJECT_DIR / "knelpunt" / "static"

SECRET_KEY_MIN_CHARACTERS = 32
MEGABYTE = 1024 * 1024
LINE_MAX_CHARACTERS = 200
REPLY_LOCAL_MAX_CHARACTERS = 18
"""64, as long as the part of an address before the @ may be, less the plus and the tag of 45."""
_OIN = re.compile(r"[0-9]{20}")
_EMAIL = re.compile(r"[A-Za-z0-9._+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}")

Member = TypeVar("Member", bound=StrEnum)


class ConfigError(ValueError):
    """The environment holds a value that the application cannot or may not start with."""


class Environment(StrEnum):
    """What this installation is for; decides how strict the start is."""

    PRODUCTION = "production"
    DEMO = "demo"
    DEVELOPMENT = "development"
    TEST = "test"


class MailSecurity(StrEnum):
    """How the connection with the mail server is protected."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that differs between installations; made by ``from_environment`` or, in tests, by hand."""

    environment: Environment
    secret_key: str = field(repr=False)
    base_url: str
    data_dir: Path
    host: str = "127.0.0.1"
    port: int = 8000
    database_url: str | None = field(default=None, repr=False)
    database_owner_url: str | None = field(default=None, repr=False)
    database_read_url: str | None = field(default=None, repr=False)
    database_is_pooled: bool = False
    trusted_proxies: int = 0
    web_processes: int = 2
    web_threads: int = 4
    smtp_host: str | None = None
    smtp_port: int = 25
    smtp_user: str | None = None
    smtp_password: str | None = field(default=None, repr=False)
    smtp_security: MailSecurity = MailSecurity.STARTTLS
    mail_from: str = "knelpunt@localhost"
    imap_host: str | None = None
    imap_port: int = 993
    imap_user: str | None = None
    imap_password: str | None = field(default=None, repr=False)
    imap_security: MailSecurity = MailSecurity.TLS
    imap_folder: str = "INBOX"
    imap_done_folder: str = "Verwerkt"
    reply_address: str | None = None
    incoming_mail_max_bytes: int = 40 * MEGABYTE
    contact_email: str = "loket@knelpunt.example"
    security_contact: str = "mailto:veiligheid@knelpunt.example"
    controller: str | None = None
    data_officer: str | None = None
    data_officer_email: str = "fg@knelpunt.example"
    attachment_max_bytes: int = 10 * MEGABYTE
    attachments_per_case: int = 5
    old_secret_keys: tuple[str, ...] = field(default=(), repr=False)
    link_key: str | None = field(default=None, repr=False)
    factor_key: str | None = field(default=None, repr=False)
    old_factor_keys: tuple[str, ...] = field(default=(), repr=False)
    administrators_factor_from: date | None = None
    oidc_file: Path | None = None
    filings_per_address: int = 20
    api_requests_per_minute: int = 300
    oin: str | None = None
    webhook_ports: tuple[int, ...] = (443, 8443)
    webhooks_to_loopback: bool = False
    draft_storage_bytes: int = 2000 * MEGABYTE
    clamd_host: str | None = None
    clamd_port: int = 3310
    clamd_socket: Path | None = None
    metrics_host: str = "127.0.0.1"
    metrics_port: int = 9464
    metrics_dir: Path | None = None
    faults_dsn: str | None = field(default=None, repr=False)
    traces_url: str | None = field(default=None, repr=False)
    s3_bucket: str | None = None
    s3_endpoint: str | None = None
    s3_region: str | None = None
    s3_access_key_id: str | None = None
    s3_secret_access_key: str | None = field(default=None, repr=False)

    @property
    def is_production(self) -> bool:
        return self.environment is Environment.PRODUCTION

    @property
    def is_demo(self) -> bool:
        return self.environment is Environment.DEMO

    @property
    def is_https(self) -> bool:
        """Whether visitors come over TLS: then cookies are Secure and carry the ``__Host-`` prefix."""
        return self.base_url.startswith("https://")

    @property
    def attachments_dir(self) -> Path:
        return self.data_dir / "attachments"

    @property
    def embedded_database_dir(self) -> Path:
        return self.data_dir / "database"

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> "Config":
        """Read every setting, refusing what is malformed.

        Raises:
            ConfigError: a value is malformed, or production lacks something that has no safe default.
        """
        environment = _choice(environ, "KNELPUNT_ENV", Environment, Environment.PRODUCTION)
        data_dir = data_dir_of(environ)
        host = environ.get("HOST") or "127.0.0.1"
        port = _whole_number(environ, "PORT", 8000, 1, 65535)
        database_url = _database_url(environ, "DATABASE_URL")
        return cls(
            environment=environment,
            secret_key=_secret_key(environ, environment, data_dir),
            base_url=_base_url(environ, environment, host, port),
            data_dir=data_dir,
            host=host,
            port=port,
            database_url=database_url,
            database_owner_url=_database_url(environ, "DATABASE_OWNER_URL") or database_url,
            database_read_url=_database_url(environ, "DATABASE_READ_URL"),
            database_is_pooled=_whole_number(environ, "KNELPUNT_DATABASE_POOLED", 0, 0, 1) == 1,
            trusted_proxies=_whole_number(environ, "KNELPUNT_TRUSTED_PROXIES", 0, 0, 5),
            web_processes=_whole_number(environ, "KNELPUNT_WEB_PROCESSES", 2, 1, 64),
            web_threads=_whole_number(environ, "KNELPUNT_WEB_THREADS", 4, 1, 64),
            smtp_host=environ.get("SMTP_HOST") or None,
            smtp_port=_whole_number(environ, "SMTP_PORT", 25, 1, 65535),
            smtp_user=environ.get("SMTP_USER") or None,
            smtp_password=environ.get("SMTP_PASSWORD") or None,
            smtp_security=_choice(environ, "SMTP_SECURITY", MailSecurity, MailSecurity.STARTTLS),
            mail_from=environ.get("KNELPUNT_MAIL_FROM") or "knelpunt@localhost",
            imap_host=environ.get("IMAP_HOST") or None,
            imap_port=_whole_number(environ, "IMAP_PORT", 993, 1, 65535),
            imap_user=environ.get("IMAP_USER") or None,
            imap_password=environ.get("IMAP_PASSWORD") or None,
            imap_security=_choice(environ, "IMAP_SECURITY", MailSecurity, MailSecurity.TLS),
            imap_folder=environ.get("IMAP_FOLDER") or "INBOX",
            imap_done_folder=environ.get("IMAP_DONE_FOLDER") or "Verwerkt",
            reply_address=_reply_address(environ),
            incoming_mail_max_bytes=_whole_number(environ, "KNELPUNT_INCOMING_MAIL_MAX_MB", 40, 1, 500) * MEGABYTE,
            contact_email=_email(environ, "KNELPUNT_CONTACT_EMAIL", "loket@knelpunt.example"),
            security_contact=_security_contact(environ),
            controller=_line(environ, "KNELPUNT_CONTROLLER"),
            data_officer=_line(environ, "KNELPUNT_DATA_OFFICER"),
            data_officer_email=_email(environ, "KNELPUNT_DATA_OFFICER_EMAIL", "fg@knelpunt.example"),
            attachment_max_bytes=_whole_number(environ, "KNELPUNT_ATTACHMENT_MAX_MB", 10, 1, 500) * MEGABYTE,
            attachments_per_case=_whole_number(environ, "KNELPUNT_ATTACHMENTS_PER_CASE", 5, 1, 200),
            old_secret_keys=_old_keys(environ, "SECRET_KEY_FALLBACKS"),
            link_key=_long_key(environ, "KNELPUNT_LINK_KEY"),
            factor_key=_long_key(environ, "KNELPUNT_FACTOR_KEY"),
            old_factor_keys=_old_keys(environ, "KNELPUNT_FACTOR_KEY_FALLBACKS"),
            administrators_factor_from=_day(environ, "KNELPUNT_ADMINISTRATORS_FACTOR_FROM"),
            oidc_file=Path(environ["KNELPUNT_OIDC_FILE"]) if environ.get("KNELPUNT_OIDC_FILE") else None,
            filings_per_address=_whole_number(environ, "KNELPUNT_FILINGS_PER_ADDRESS", 20, 1, 9_999_999),
            api_requests_per_minute=_whole_number(environ, "KNELPUNT_API_REQUESTS", 300, 10, 9_999_999),
            oin=_oin(environ, "KNELPUNT_OIN"),
            webhook_ports=_ports(environ, "KNELPUNT_WEBHOOK_PORTS", (443, 8443)),
            webhooks_to_loopback=_only_to_try_out(environ, "KNELPUNT_WEBHOOKS_TO_LOOPBACK", environment),
            draft_storage_bytes=_whole_number(environ, "KNELPUNT_DRAFT_STORAGE_MB", 2000, 1, 9_999_999) * MEGABYTE,
            clamd_host=environ.get("KNELPUNT_CLAMD_HOST") or None,
            clamd_port=_whole_number(environ, "KNELPUNT_CLAMD_PORT", 3310, 1, 65535),
            clamd_socket=Path(environ["KNELPUNT_CLAMD_SOCKET"]) if environ.get("KNELPUNT_CLAMD_SOCKET") else None,
            metrics_host=environ.get("KNELPUNT_METRICS_HOST") or "127.0.0.1",
            metrics_port=_whole_number(environ, "KNELPUNT_METRICS_PORT", 9464, 1, 65535),
            metrics_dir=_folder(environ, "PROMETHEUS_MULTIPROC_DIR"),
            faults_dsn=environ.get("KNELPUNT_FAULTS_DSN") or None,
            traces_url=environ.get("KNELPUNT_TRACES_URL") or None,
            s3_bucket=environ.get("KNELPUNT_S3_BUCKET") or None,
            s3_endpoint=environ.get("KNELPUNT_S3_ENDPOINT") or None,
            s3_region=environ.get("KNELPUNT_S3_REGION") or None,
            s3_access_key_id=environ.get("KNELPUNT_S3_ACCESS_KEY_ID") or None,
            s3_secret_access_key=environ.get("KNELPUNT_S3_SECRET_ACCESS_KEY") or None,
        )


def _folder(environ: Mapping[str, str], name: str) -> Path | None:
    return Path(environ[name]) if environ.get(name) else None


def data_dir_of(environ: Mapping[str, str]) -> Path:
    """Where database and attachments of this installation are."""
    return Path(environ.get("KNELPUNT_DATA_DIR") or PROJECT_DIR / "var").expanduser().resolve()


def _choice(environ: Mapping[str, str], name: str, members: type[Member], default: Member) -> Member:
    value = environ.get(name) or default
    try:
        return members(value)
    except ValueError:
        raise ConfigError(f"{name} must be one of {', '.join(members)}; it is {value!r}.") from None


def _whole_number(environ: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = environ.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and len(text) < 10 and low <= int(text) <= high):
        raise ConfigError(f"{name} must be a whole number from {low} to {high}; it is {text!r}.")
    return int(text)


def _oin(environ: Mapping[str, str], name: str) -> str | None:
    """The number of the organisation that the site belongs to: twenty digits."""
    number = environ.get(name) or None
    if number is not None and not _OIN.fullmatch(number):
        raise ConfigError(f"{name} must be twenty digits; it is {number!r}.")
    return number


def _ports(environ: Mapping[str, str], name: str, default: tuple[int, ...]) -> tuple[int, ...]:
    """Numbers of ports with commas between."""
    text = environ.get(name)
    if not text:
        return default
    found = tuple(each.strip() for each in text.split(","))
    if not all(re.fullmatch(r"[1-9][0-9]{0,4}", each) and int(each) < 65536 for each in found):
        raise ConfigError(f"{name} must be numbers of ports with commas between; it is {text!r}.")
    return tuple(map(int, found))


def _only_to_try_out(environ: Mapping[str, str], name: str, environment: Environment) -> bool:
    """A switch that opens what must stay shut in production."""
    is_on = _whole_number(environ, name, 0, 0, 1) == 1
    if is_on and environment is Environment.PRODUCTION:
        raise ConfigError(f"{name} may not be on in production.")
    return is_on


def _email(environ: Mapping[str, str], name: str, default: str) -> str:
    """An address for people; the default lies in a domain that can never exist, so that no mail goes to a stranger."""
    address = environ.get(name) or default
    if not _EMAIL.fullmatch(address):
        raise ConfigError(f"{name} must be an e-mail address; it is {address!r}.")
    return address


def _line(environ: Mapping[str, str], name: str) -> str | None:
    """A short text for people on one line; None when nobody filled it in."""
    words = (environ.get(name) or "").strip()
    if len(words) > LINE_MAX_CHARACTERS or not words.isprintable():
        raise ConfigError(f"{name} must be one line of at most {LINE_MAX_CHARACTERS} characters; it is {words!r}.")
    return words or None


def _reply_address(environ: Mapping[str, str]) -> str | None:
    """The address of the mailbox that is read. With a tag behind a plus it must come into that mailbox as well."""
    if not environ.get("IMAP_HOST"):
        return None
    address = environ.get("KNELPUNT_REPLY_ADDRESS") or environ.get("KNELPUNT_MAIL_FROM") or ""
    name = "KNELPUNT_REPLY_ADDRESS"
    if not _EMAIL.fullmatch(address):
        raise ConfigError(f"{name} must be an e-mail address while IMAP_HOST is set; it is {address!r}.")
    local = address.partition("@")[0]
    if "+" in local or len(local) > REPLY_LOCAL_MAX_CHARACTERS:
        raise ConfigError(
            f"{name} may have at most {REPLY_LOCAL_MAX_CHARACTERS} characters before the @, and no plus: a tag comes "
            "behind it."
        )
    return address


def _security_contact(environ: Mapping[str, str]) -> str:
    """Where faults in the security are reported, as security.txt wants it: an https or a mailto address (RFC 9116)."""
    name = "KNELPUNT_SECURITY_CONTACT"
    contact = environ.get(name) or "veiligheid@knelpunt.example"
    if contact.startswith("https://") and contact.isascii() and contact.isprintable() and " " not in contact:
        return contact
    return "mailto:" + _email({name: contact.removeprefix("mailto:")}, name, "")


def _database_url(environ: Mapping[str, str], name: str) -> str | None:
    """The address with the driver that is installed; operators write it as PostgreSQL's own tools do."""
    url = environ.get(name) or ""
    if not url:
        return None
    scheme, separator, rest = url.partition("://")
    if not separator or scheme not in {"postgresql", "postgres", "postgresql+psycopg"}:
        raise ConfigError(f"{name} must be the address of a PostgreSQL, such as postgresql://role@host/database.")
    return f"postgresql+psycopg://{rest}"


def _base_url(environ: Mapping[str, str], environment: Environment, host: str, port: int) -> str:
    """The address that links in mails start with; never taken from a request."""
    base_url = (environ.get("KNELPUNT_BASE_URL") or "").rstrip("/")
    if not base_url:
        if environment is Environment.PRODUCTION:
            raise ConfigError("KNELPUNT_BASE_URL is needed in production, such as https://knelpunt.example.nl.")
        shown_host = "localhost" if host in {"0.0.0.0", "::", "127.0.0.1", "::1"} else host  # noqa: S104 - only compared
        return f"http://{shown_host}:{port}"
    parts = urlsplit(base_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query or parts.fragment:
        raise ConfigError(f"KNELPUNT_BASE_URL must be a scheme and a host, without a path; it is {base_url!r}.")
    return base_url


def _secret_key(environ: Mapping[str, str], environment: Environment, data_dir: Path) -> str:
    """The key from the environment; outside production one that is made once and kept in the data folder."""
    secret_key = environ.get("SECRET_KEY") or ""
    if secret_key:
        if len(secret_key) < SECRET_KEY_MIN_CHARACTERS:
            raise ConfigError(f"SECRET_KEY must have at least {SECRET_KEY_MIN_CHARACTERS} characters.")
        return secret_key
    if environment is Environment.PRODUCTION:
        raise ConfigError(
            "SECRET_KEY is needed in production; make one with: openssl rand -hex 32. For the demo of `make run` set "
            "KNELPUNT_ENV=demo instead."
        )
    return kept_secret_key(data_dir / "secret-key")


def _old_keys(environ: Mapping[str, str], name: str) -> tuple[str, ...]:
    """The keys before this one, newest first: what they made still holds, and nothing new is made with them."""
    keys = tuple(key for key in (environ.get(name) or "").split(",") if key)
    if any(len(key) < SECRET_KEY_MIN_CHARACTERS for key in keys):
        raise ConfigError(f"Each of {name} must have at least {SECRET_KEY_MIN_CHARACTERS} characters.")
    return keys


def _day(environ: Mapping[str, str], name: str) -> date | None:
    text = environ.get(name) or ""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ConfigError(f"{name} must be a day such as 2027-01-01; it is {text!r}.") from None


def _long_key(environ: Mapping[str, str], name: str) -> str | None:
    """A key of its own, so that what was made with it outlives a change of SECRET_KEY."""
    key = environ.get(name) or None
    if key is not None and len(key) < SECRET_KEY_MIN_CHARACTERS:
        raise ConfigError(f"{name} must have at least {SECRET_KEY_MIN_CHARACTERS} characters.")
    return key


def kept_secret_key(path: Path) -> str:
    """Read the key file, or make it whole in one step, so that processes that start at once agree on one key."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_hex(32), encoding="ascii")
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii").strip()
