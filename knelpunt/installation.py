"""What an installation is made of, for the site and for the worker: nothing here loads a page of the site."""

from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path

import structlog
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from config import Config, ConfigError, kept_secret_key
from knelpunt.adapters import anchors, fault_reports, log_lines
from knelpunt.adapters.database.connections import Place
from knelpunt.adapters.identity.sealer import Sealer
from knelpunt.adapters.mail import Deliverer, MailServer, Security, ShowOnly, SmtpDeliverer
from knelpunt.adapters.mailbox.imap import ImapMailbox, Mailbox, MailboxServer
from knelpunt.adapters.tracing import tracer
from knelpunt.adapters.uploads.store import FileStore, FolderStore, ObjectStore
from knelpunt.adapters.uploads.virus_scanner import ClamdScanner
from knelpunt.adapters.webhooks import Poster
from knelpunt.domain.identity.subscriptions import Target
from knelpunt.domain.links import Links
from knelpunt.services.cases.attachments import AttachmentRules
from knelpunt.services.core import events
from knelpunt.services.figures import ledger
from knelpunt.services.mail.event_delivery import Sender


def place_of(config: Config) -> Place:
    """Where the database is."""
    return Place(
        config.database_url or "",
        config.database_read_url,
        is_pooled=config.database_is_pooled,
        pool_size=config.web_threads,
    )


def keep_books(config: Config, make_session: sessionmaker[Session]) -> None:
    """Let every commit of this process keep the ledger of figures, and note how far the event chain goes."""
    ledger.keep()
    events.anchor_commits(make_session, partial(_note_anchor, config.data_dir))


def _note_anchor(data_dir: Path, number: int, last_hash: str) -> None:
    """Write down how far the event chain goes. What was done is done, also when the disk takes no more lines."""
    try:
        anchors.note(data_dir, datetime.now(UTC), number, last_hash, flush=False)
    except OSError as error:
        structlog.get_logger().error("anchor not noted", number=number, hash=last_hash, errno=error.errno)


def tell_outside(config: Config, engine: Engine | None) -> None:
    """Send faults and traces to where the operator wants them; without a setting nothing goes anywhere.

    Raises:
        ConfigError: an extra is not installed, or the address is none.
    """
    release = version("knelpunt")
    if config.faults_dsn is not None:
        try:
            fault_reports.start(config.faults_dsn, release, config.environment.value)
        except ModuleNotFoundError as error:
            raise ConfigError("KNELPUNT_FAULTS_DSN needs the extra sentry.") from error
        except ValueError as error:
            raise ConfigError("KNELPUNT_FAULTS_DSN is not the address (DSN) of a project.") from error
        log_lines.configure(fault_reports.report)
    if config.traces_url is not None:
        try:
            tracer.start(config.traces_url, release)
        except ModuleNotFoundError as error:
            raise ConfigError("KNELPUNT_TRACES_URL needs the extra otel.") from error
        if engine is not None:
            tracer.note_statements(engine)


def links_of(config: Config) -> Links:
    """Makes the addresses of this site and of the mails to it. Their key is kept in the data folder when none is given.

    Those that an older version made with SECRET_KEY still work.
    """
    key = config.link_key or kept_secret_key(config.data_dir / "link-key")
    return Links(config.base_url, key, (config.secret_key, *config.old_secret_keys), config.reply_address)


def sealer_of(config: Config) -> Sealer:
    """Seals the secrets of second factors and of subscriptions. Its key is kept in the data folder when none is given.

    What that key sealed still opens after one is given, so that a key can be moved out of the folder.
    """
    kept = config.data_dir / "factor-key"
    if config.factor_key is None:
        return Sealer(kept_secret_key(kept), *config.old_factor_keys)
    folder_key = (kept_secret_key(kept),) if kept.exists() else ()
    return Sealer(config.factor_key, *config.old_factor_keys, *folder_key)


def target_of(config: Config) -> Target:
    """Where events may be sent to."""
    return Target(config.webhook_ports, config.webhooks_to_loopback)


def sender_of(config: Config) -> Sender:
    """What events are sent with."""
    return Sender(Poster(target_of(config)), sealer_of(config), config.oin, file_store(config))


def file_store(config: Config) -> FileStore:
    """Where attachments lie: the bucket when one is named, else a folder under the data folder."""
    if config.s3_bucket is None:
        return FolderStore(config.attachments_dir)
    return ObjectStore.s3(
        config.s3_bucket,
        endpoint=config.s3_endpoint,
        region=config.s3_region,
        access_key_id=config.s3_access_key_id,
        secret_access_key=config.s3_secret_access_key,
    )


def virus_scanner(config: Config) -> ClamdScanner | None:
    """What looks at uploads before they are kept; nothing when no clamd is named."""
    if config.clamd_socket is not None:
        return ClamdScanner(path=config.clamd_socket)
    return ClamdScanner(config.clamd_host, config.clamd_port) if config.clamd_host else None


def attachment_rules(config: Config) -> AttachmentRules:
    """What may be uploaded."""
    return AttachmentRules(
        config.attachment_max_bytes, config.attachments_per_case, virus_scanner(config), config.draft_storage_bytes
    )


def mailbox_of(config: Config) -> Mailbox | None:
    """The mailbox that is read; None when none is named."""
    if config.imap_host is None:
        return None
    return ImapMailbox(
        MailboxServer(
            host=config.imap_host,
            port=config.imap_port,
            security=Security(config.imap_security.value),
            user=config.imap_user or "",
            password=config.imap_password or "",
            max_bytes=config.incoming_mail_max_bytes,
            folder=config.imap_folder,
            done_folder=config.imap_done_folder,
        )
    )


def deliverer_of(config: Config) -> Deliverer:
    """SMTP when a mail server is named; else mails are only shown, which production's check refuses."""
    if config.smtp_host is None:
        return ShowOnly()
    return SmtpDeliverer(
        MailServer(
            host=config.smtp_host,
            port=config.smtp_port,
            security=Security(config.smtp_security.value),
            user=config.smtp_user,
            password=config.smtp_password,
            from_address=config.mail_from,
        )
    )
