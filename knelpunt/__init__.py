"""Knelpunt: cases about rules that block a liveability project, judged by the law of their day, and answered."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import structlog
from flask import Flask
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from config import STATIC_DIR, TEMPLATE_DIR, Config, ConfigError, kept_secret_key
from knelpunt.adapters import anchors
from knelpunt.adapters.database.patience import FOR_VISITORS, Waits
from knelpunt.adapters.identity.oidc import OidcClient
from knelpunt.adapters.identity.providers import ProviderError, read_providers
from knelpunt.adapters.identity.sealer import Sealer
from knelpunt.adapters.uploads.store import FileStore, FolderStore, ObjectStore
from knelpunt.adapters.uploads.virus_scanner import ClamdScanner
from knelpunt.domain.identity.factors import LoginRules
from knelpunt.domain.links import Links
from knelpunt.extensions import csrf, db, login_manager
from knelpunt.services.cases.attachments import AttachmentRules
from knelpunt.services.core import events
from knelpunt.services.figures import ledger
from knelpunt.web import blueprints
from knelpunt.web.shared import texts
from knelpunt.web.shared.pages import assets, files, filters, languages, navigation, revalidation
from knelpunt.web.shared.pages.templates import SharedGlobals
from knelpunt.web.shared.requests import access, bodies, converters, errors, headers, logs, metrics


def create_app(config: Config, waits: Waits = FOR_VISITORS) -> Flask:
    """Wire the parts together: the only place that knows them all.

    Args:
        waits: how long the database may take; commands have more time than pages.
    Raises:
        ConfigError: no database address is set (``knelpunt serve`` starts an embedded database and sets one).
    """
    if config.database_url is None:
        raise ConfigError("DATABASE_URL is not set.")
    sign_on = sign_on_of(config)
    app = Flask(__name__, template_folder=str(TEMPLATE_DIR), static_folder=str(STATIC_DIR))
    app.config.update(
        KNELPUNT=config,
        LINKS=links_of(config),
        SEALER=sealer_of(config),
        SIGN_ON=sign_on,
        LOGIN_RULES=LoginRules(
            only_by=frozenset(slug for slug, client in sign_on.items() if client.provider.is_only_way),
            administrators_from=config.administrators_factor_from,
        ),
        FILE_STORE=file_store(config),
        ATTACHMENT_RULES=AttachmentRules(
            config.attachment_max_bytes,
            config.attachments_per_case,
            virus_scanner(config),
            config.draft_storage_bytes,
        ),
        SECRET_KEY=config.secret_key,
        SECRET_KEY_FALLBACKS=list(config.old_secret_keys),
        DATABASE_URL=config.database_url,
        DATABASE_WAITS=waits,
        DATABASE_IS_POOLED=config.database_is_pooled,
        DATABASE_POOL_SIZE=config.web_threads,
        SESSION_COOKIE_NAME="__Host-knelpunt" if config.is_https else "knelpunt",
        SESSION_COOKIE_SECURE=config.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_FORM_MEMORY_SIZE=1_000_000,
        MAX_FORM_PARTS=500,
        MAX_CONTENT_LENGTH=config.attachments_per_case * config.attachment_max_bytes + 1_000_000,
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.jinja_environment = SharedGlobals
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    if config.trusted_proxies:
        count = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=0)  # type: ignore[method-assign]
    logs.init_app(app)
    metrics.init_app(app)
    db.init_app(app)
    ledger.keep()
    events.anchor_commits(db.make_session, partial(_note_anchor, config.data_dir))
    login_manager.init_app(app)
    csrf.init_app(app)
    for part in (texts, errors, headers, files, assets, converters, filters, navigation, languages, access, bodies):
        part.init_app(app)
    revalidation.init_app(app)  # when all others let the request through
    for blueprint in blueprints():
        app.register_blueprint(blueprint)
    return app


def links_of(config: Config) -> Links:
    """Makes the addresses of this site and of the mails to it. Their key is kept in the data folder when none is given.

    Those that an older version made with SECRET_KEY still work.
    """
    key = config.link_key or kept_secret_key(config.data_dir / "link-key")
    return Links(config.base_url, key, (config.secret_key, *config.old_secret_keys), config.reply_address)


def sealer_of(config: Config) -> Sealer:
    """Seals the secrets of second factors. Its key is kept in the data folder when none is given.

    What that key sealed still opens after one is given, so that a key can be moved out of the folder.
    """
    kept = config.data_dir / "factor-key"
    if config.factor_key is None:
        return Sealer(kept_secret_key(kept), *config.old_factor_keys)
    folder_key = (kept_secret_key(kept),) if kept.exists() else ()
    return Sealer(config.factor_key, *config.old_factor_keys, *folder_key)


def sign_on_of(config: Config) -> dict[str, OidcClient]:
    """The providers at which people may log in, by slug. Raises ConfigError when their file says what cannot be."""
    if config.oidc_file is None:
        return {}
    try:
        return {slug: OidcClient(provider) for slug, provider in read_providers(config.oidc_file).items()}
    except ProviderError as error:
        raise ConfigError(f"KNELPUNT_OIDC_FILE: {error}") from error


def _note_anchor(data_dir: Path, number: int, last_hash: str) -> None:
    """Write down how far the event chain goes. What was done is done, also when the disk takes no more lines."""
    try:
        anchors.note(data_dir, datetime.now(UTC), number, last_hash, flush=False)
    except OSError as error:
        structlog.get_logger().error("anchor not noted", number=number, hash=last_hash, errno=error.errno)


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
