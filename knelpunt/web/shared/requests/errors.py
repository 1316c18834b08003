"""Error pages in plain Dutch, in the look of the site, that never lose what somebody typed."""

import math
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote

from flask import Flask, Response, current_app, g, make_response, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from gunicorn.http.errors import ParseException
from psycopg.errors import UndefinedColumn, UndefinedTable
from sqlalchemy.exc import DataError, InterfaceError, OperationalError, ProgrammingError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from knelpunt.adapters.uploads.store import NO_ROOM
from knelpunt.domain.errors import DomainError, NotFound, TooManyAttempts
from knelpunt.extensions import db
from knelpunt.web.shared import problems
from knelpunt.web.shared.forms.forms import visible_text
from knelpunt.web.shared.labels.labels import FORM_FIELD
from knelpunt.web.shared.requests.access import BY_LINK, PUBLIC, access_of, here
from knelpunt.web.shared.requests.logs import log_fault, request_id
from knelpunt.web.shared.texts import _, gettext, lazy_gettext, said

RETRY_SECONDS = 15
WITHOUT_DATABASE = frozenset({"static", "assets_file", "health.alive", "health.database"})
"""Answered without asking the database anything before its own view does."""
PATIENCE_SECONDS = 900
_NEVER_SHOWN = ("csrf", "key", "version", "password", "wachtwoord", "token", "code")


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """What an error page says: what is the matter, and what to do now."""

    title: str
    text: str
    advice: str = ""


PAGES = {
    400: ErrorPage(
        lazy_gettext("Dit verzoek klopt niet"),
        lazy_gettext("Wij kunnen niet lezen wat er is verstuurd."),
        lazy_gettext("Ga terug naar de vorige pagina en probeer het opnieuw."),
    ),
    401: ErrorPage(
        lazy_gettext("U bent niet meer ingelogd"),
        lazy_gettext(
            "Uw sessie is voorbij. Dat gebeurt na een tijd zonder activiteit, of als u ergens anders bent uitgelogd."
        ),
        lazy_gettext("Log opnieuw in."),
    ),
    403: ErrorPage(lazy_gettext("U mag dit niet doen"), lazy_gettext("Uw account heeft geen recht op deze handeling.")),
    404: ErrorPage(
        lazy_gettext("Deze pagina bestaat niet"),
        lazy_gettext(
            "Misschien is het adres verkeerd overgenomen, is de pagina verplaatst, of hebt u er geen toegang toe."
        ),
    ),
    405: ErrorPage(
        lazy_gettext("Dit kan hier niet"), lazy_gettext("Deze pagina kan niet op deze manier worden opgevraagd.")
    ),
    409: ErrorPage(
        lazy_gettext("Iemand anders was u voor"),
        lazy_gettext("Terwijl u bezig was, heeft iemand anders dit gewijzigd. Uw wijziging is niet opgeslagen."),
        lazy_gettext("Open de pagina opnieuw en kijk wat er is veranderd."),
    ),
    410: ErrorPage(
        lazy_gettext("Dit is voorbij"), lazy_gettext("Deze pagina is weggehaald, of de link werkt niet meer.")
    ),
    413: ErrorPage(
        lazy_gettext("Het bestand is te groot"),
        lazy_gettext("Wat u verstuurde, is groter dan wij kunnen aannemen."),
        lazy_gettext("Ga terug, kies een kleiner bestand of verstuur de bestanden een voor een."),
    ),
    415: ErrorPage(
        lazy_gettext("Dit verzoek klopt niet"),
        lazy_gettext("Deze site neemt alleen formulieren aan."),
        lazy_gettext("Vul het formulier op de pagina in en verstuur dat."),
    ),
    422: ErrorPage(
        lazy_gettext("Dit kan nu niet"), lazy_gettext("Wat u vraagt, past niet bij hoe het er nu voor staat.")
    ),
    429: ErrorPage(
        lazy_gettext("Even wachten"),
        lazy_gettext("U probeerde dit te vaak achter elkaar."),
        lazy_gettext("Wacht even en probeer het later opnieuw."),
    ),
    500: ErrorPage(
        lazy_gettext("Er ging iets mis bij ons"),
        lazy_gettext("Dit ligt niet aan u. De fout is vastgelegd."),
        lazy_gettext(
            "Probeer het over een paar minuten opnieuw. Blijft het misgaan, geef dan het nummer hieronder door."
        ),
    ),
    507: ErrorPage(
        lazy_gettext("Er is nu geen plek"),
        lazy_gettext("Wij kunnen nu geen bestanden bewaren."),
        lazy_gettext("Verstuur uw tekst zonder bestanden, of probeer het later opnieuw."),
    ),
    503: ErrorPage(
        lazy_gettext("Even geduld"),
        lazy_gettext("De site kan zijn gegevens op dit moment niet bereiken. Wat u eerder hebt verstuurd, is bewaard."),
        lazy_gettext("Probeer het over een halve minuut opnieuw."),
    ),
}
STALE_FORM = ErrorPage(
    lazy_gettext("Deze pagina stond te lang open"),
    lazy_gettext("Uw formulier is niet verstuurd. Zo kan een andere site niets in uw naam versturen."),
    lazy_gettext("Open de pagina opnieuw en vul het formulier nog eens in."),
)
_SHOWS_TYPED = frozenset({400, 401, 403, 409, 410, 422, 429, 500, 503, 507})


def typed_texts() -> list[tuple[str, str]]:
    """What somebody typed in the form of this request, with the name of each field; no secrets, no choices."""
    if request.method != "POST":
        return []
    try:
        fields = list(request.form.items(multi=True))
    except (HTTPException, OSError):
        return []
    texts = []
    for name, value in fields:
        if not value.strip() or any(part in name.lower() for part in _NEVER_SHOWN):
            continue
        if name in FORM_FIELD:
            texts.append((gettext(FORM_FIELD[name]), visible_text(value)))
        elif " " in value.strip():
            texts.append((_("Wat u invulde"), visible_text(value)))
    return texts


def typed_again() -> list[tuple[str, str]]:
    """The whole form of this request, but for its mark and its files, to be sent once more after logging in.

    Only for the pages whose secret is in their address: they show a form from an ended session again, filled in.
    """
    if request.method != "POST" or access_of(current_app.view_functions.get(request.endpoint or "")) != BY_LINK:
        return []
    try:
        fields = list(request.form.items(multi=True))
    except (HTTPException, OSError):
        return []
    return [(visible_text(name), visible_text(value)) for name, value in fields if name != "csrf_token"]


def _way_back() -> str:
    """This address when it can be opened, else the start page: where to go after logging in.

    Written as an address, not as the path that was read from it: that may hold letters no page may hold.
    """
    can_be_opened = request.method in ("GET", "HEAD") or "GET" in current_app.url_map.bind("").allowed_methods(
        request.path
    )
    return quote(request.path) if can_be_opened else "/"


def _render(status: int, page: ErrorPage, *, is_bare: bool) -> str:
    template = current_app.jinja_env.get_template("errors/error.html")
    # Not render_template: its context asks Flask-Login for the user, and so the database.
    values = {
        "status": status,
        "page": page,
        "typed": typed_texts() if status in _SHOWS_TYPED else [],
        "number": request_id() if status in (500, 503) else "",
        "login_path": url_for("auth.login", next=_way_back()) if status == 401 else "",
        "again": typed_again() if status == 401 else [],
        "again_path": quote(here(), safe="/?=&%") if status == 401 else "",
        "has_files": status == 401 and any(upload.filename for upload in request.files.values()),
        "way_back": _way_back(),
        "is_bare": is_bare,
    }
    return template.render(values)


def error_response(status: int, page: ErrorPage | None = None) -> Response:
    """An error page with its status, or a problem of the API.

    When even the account cannot be read, the page does without.
    """
    if problems.is_asked():
        response = problems.problem(status, page.text if page else None)
    else:
        page = page or PAGES[status]
        try:
            body = _render(status, page, is_bare=status >= 500)
        except SQLAlchemyError:
            body = _render(status, page, is_bare=True)
        response = make_response(body, status)
    if status == 503:
        response.headers["Retry-After"] = str(g.get("retry_after", RETRY_SECONDS))
    return response


def _forget_transaction() -> None:
    """Leave nothing half-done behind; a connection that is gone has nothing to roll back."""
    try:
        db.session.rollback()
    except SQLAlchemyError:
        db.session.invalidate()


def say_retry_after(time: timedelta) -> None:
    """Note when this may be tried again, for the header of the answer."""
    g.retry_after = max(1, math.ceil(time.total_seconds()))


def _add_retry_after(response: Response) -> Response:
    if response.status_code == 429:
        response.headers.setdefault("Retry-After", str(g.get("retry_after", PATIENCE_SECONDS)))
    return response


def _domain_error(error: DomainError) -> ResponseReturnValue:
    _forget_transaction()
    if isinstance(error, TooManyAttempts):
        say_retry_after(error.retry_after)
    if problems.is_asked():
        faults = [problems.Fault("body", error.field, said(error.message))] if error.field else []
        detail = None if isinstance(error, NotFound) else said(error.message)
        return problems.problem(error.status, detail, faults)
    known = PAGES.get(error.status, PAGES[422])
    return error_response(error.status, ErrorPage(known.title, said(error.message), known.advice))


def _stale_form(_error: CSRFError) -> ResponseReturnValue:
    """A form without its mark: the page stood open too long or, where an account is needed, the session is over."""
    declared = access_of(current_app.view_functions.get(request.endpoint or ""))
    is_closed = declared is not None and declared not in (PUBLIC, BY_LINK)
    try:
        is_lost = is_closed and not current_user.is_authenticated
    except SQLAlchemyError:
        is_lost = False
    return error_response(401) if is_lost else error_response(400, STALE_FORM)


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None or error.code is None or error.code < 400:
        return error
    if problems.is_asked():
        faults = error.faults if isinstance(error, problems.InvalidInput) else ()
        detail = getattr(error, "detail", None)
        response = problems.problem(error.code if error.code < 500 else 500, detail, faults)
    else:
        response = error_response(error.code if error.code in PAGES else (500 if error.code >= 500 else 400))
        if error.code not in PAGES and error.code < 500:
            response.status_code = error.code
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After", "WWW-Authenticate"):
            response.headers[name] = value
    return response


def _database_away(error: SQLAlchemyError) -> ResponseReturnValue:
    _forget_transaction()
    log_fault(error)
    return error_response(503)


def _another_schema(error: ProgrammingError) -> ResponseReturnValue:
    """A table or column is not there: the schema is of another version than this code. Any other fault is one."""
    if not isinstance(error.orig, UndefinedTable | UndefinedColumn):
        raise error
    return _database_away(error)


def _unfit_value(error: Exception) -> ResponseReturnValue:
    _forget_transaction()
    log_fault(error)
    return error_response(400)


def _unreadable_body(_error: ParseException) -> ResponseReturnValue:
    """The web server met a piece of the body that is no HTTP, which it only finds while the body is read."""
    _forget_transaction()
    return error_response(400)


def _no_room(error: OSError) -> ResponseReturnValue:
    """The disk on which requests are put aside while they come in is full. Any other fault is one."""
    if error.errno not in NO_ROOM:
        raise error
    _forget_transaction()
    log_fault(error)
    return error_response(507)


def _changed_meanwhile(_error: StaleDataError) -> ResponseReturnValue:
    _forget_transaction()
    return error_response(409)


def _fault(_error: HTTPException) -> ResponseReturnValue:
    """Something that no rule foresaw; Flask has logged it already."""
    _forget_transaction()
    return error_response(500)


def _refuse_while_database_hangs() -> ResponseReturnValue | None:
    """Keep nobody waiting for what others waited for in vain; the pages that need no database go on."""
    if db.hangs and request.endpoint not in WITHOUT_DATABASE:
        return error_response(503)
    return None


def init_app(app: Flask) -> None:
    app.before_request(_refuse_while_database_hangs)
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http_error)
    for away in (OperationalError, InterfaceError, PoolTimeoutError):
        app.register_error_handler(away, _database_away)
    app.register_error_handler(ProgrammingError, _another_schema)
    for unfit in (DataError, UnicodeEncodeError):
        app.register_error_handler(unfit, _unfit_value)
    app.register_error_handler(ParseException, _unreadable_body)
    app.register_error_handler(OSError, _no_room)
    app.register_error_handler(StaleDataError, _changed_meanwhile)
    app.register_error_handler(500, _fault)
    app.after_request(_add_retry_after)
