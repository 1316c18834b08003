"""The site put together: the only place that knows all its parts."""

from flask import Blueprint, Flask
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from config import STATIC_DIR, TEMPLATE_DIR, Config, ConfigError
from knelpunt import installation
from knelpunt.adapters.database.patience import FOR_VISITORS, Waits
from knelpunt.adapters.identity.oidc import OidcClient
from knelpunt.adapters.identity.providers import ProviderError, read_providers
from knelpunt.domain.identity.factors import LoginRules
from knelpunt.extensions import csrf, db, login_manager
from knelpunt.web.admin.routes import bp as admin
from knelpunt.web.alerts.routes import bp as alerts
from knelpunt.web.api import contract as api
from knelpunt.web.archive.routes import bp as archive
from knelpunt.web.auth.routes import bp as auth
from knelpunt.web.bottlenecks.routes import bp as bottlenecks
from knelpunt.web.cases.routes import bp as cases
from knelpunt.web.commitments.routes import bp as commitments
from knelpunt.web.consultations.routes import bp as consultations
from knelpunt.web.desk.routes import bp as desk
from knelpunt.web.embedding.routes import bp as embedding
from knelpunt.web.guides.routes import bp as guides
from knelpunt.web.guides.routes import desk_bp as guide_desk
from knelpunt.web.health import bp as health
from knelpunt.web.importing.routes import bp as importing
from knelpunt.web.intake.routes import bp as intake
from knelpunt.web.laws.routes import bp as laws
from knelpunt.web.public.developers.data_sets import DATA_SETS
from knelpunt.web.public.routes import bp as public
from knelpunt.web.referrals.routes import bp as referrals
from knelpunt.web.reporting.public.data_set import QUARTERS
from knelpunt.web.reporting.public.routes import machines as quarter_files
from knelpunt.web.reporting.routes import bp as reporting
from knelpunt.web.reporting.writing.by_link import bp as quarter_comments
from knelpunt.web.search.routes import bp as search
from knelpunt.web.shared import texts
from knelpunt.web.shared.open_data import schema_org
from knelpunt.web.shared.pages import assets, files, filters, languages, navigation, revalidation
from knelpunt.web.shared.pages.templates import SharedGlobals
from knelpunt.web.shared.requests import access, bodies, converters, errors, headers, logs, metrics
from knelpunt.web.style.routes import bp as style


def create_app(config: Config, waits: Waits = FOR_VISITORS) -> Flask:
    """Wire the parts together.

    Args:
        waits: how long the database may take; commands have more time than pages.
    Raises:
        ConfigError: no database address is set (``knelpunt serve`` starts an embedded database and sets one).
    """
    if config.database_url is None:
        raise ConfigError("DATABASE_URL is not set.")
    sign_on = sign_on_of(config)
    app = Flask("knelpunt", template_folder=str(TEMPLATE_DIR), static_folder=str(STATIC_DIR))
    app.jinja_options = {"cache_size": -1}  # they are all made before the processes part, and none is made again
    app.config.update(
        KNELPUNT=config,
        LINKS=installation.links_of(config),
        SEALER=installation.sealer_of(config),
        SIGN_ON=sign_on,
        LOGIN_RULES=LoginRules(
            only_by=frozenset(slug for slug, client in sign_on.items() if client.provider.is_only_way),
            administrators_from=config.administrators_factor_from,
        ),
        DATA_SETS=(*DATA_SETS, QUARTERS),
        FILE_STORE=installation.file_store(config),
        ATTACHMENT_RULES=installation.attachment_rules(config),
        SECRET_KEY=config.secret_key,
        SECRET_KEY_FALLBACKS=list(config.old_secret_keys),
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
    db.init_app(app, installation.place_of(config), waits)
    installation.tell_outside(config, db.engine)
    metrics.init_app(app)
    installation.keep_books(config, db.make_session)
    login_manager.init_app(app)
    csrf.init_app(app)
    for part in (
        texts,
        errors,
        headers,
        files,
        assets,
        converters,
        filters,
        navigation,
        languages,
        access,
        bodies,
        schema_org,
    ):
        part.init_app(app)
    api.init_app(app)
    revalidation.init_app(app)  # when all others let the request through
    for blueprint in blueprints():
        app.register_blueprint(blueprint)
    return app


def sign_on_of(config: Config) -> dict[str, OidcClient]:
    """The providers at which people may log in, by slug. Raises ConfigError when their file says what cannot be."""
    if config.oidc_file is None:
        return {}
    try:
        return {slug: OidcClient(provider) for slug, provider in read_providers(config.oidc_file).items()}
    except ProviderError as error:
        raise ConfigError(f"KNELPUNT_OIDC_FILE: {error}") from error


def blueprints() -> list[Blueprint]:
    """Every part of the site, in the order in which addresses are matched."""
    return [
        public,
        guides,
        guide_desk,
        embedding,
        alerts,
        importing,
        health,
        auth,
        admin,
        archive,
        laws,
        bottlenecks,
        reporting,
        commitments,
        quarter_files,
        desk,
        intake,
        cases,
        consultations,
        quarter_comments,
        referrals,
        search,
        style,
    ]
