"""Asks for the second factor once more before a grave act: contact data, destruction, sealing, administration.

Nothing that was typed gets lost: the page that asks carries the form along, and sends it on with the code.
"""

from collections.abc import Callable

from flask import current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from knelpunt.domain.errors import DomainError
from knelpunt.domain.identity.factors import is_recent
from knelpunt.domain.permissions import Permission
from knelpunt.extensions import db
from knelpunt.queries.accounts.accounts import SignedInRow
from knelpunt.services import accounts
from knelpunt.services.accounts import Ticket
from knelpunt.services.accounts.identity import factors, passkeys
from knelpunt.web.auth import factor_pages as pages
from knelpunt.web.auth.forms import CODE_MAX_CHARACTERS
from knelpunt.web.shared.requests.access import access_of, here, now_utc

GUARDED = frozenset(
    {
        Permission.READ_CONTACT,
        Permission.MANAGE_ARCHIVE,
        Permission.MANAGE_PRIVACY,
        Permission.MANAGE_ACCOUNTS,
        Permission.MANAGE_ORGANISATION,
        Permission.MANAGE_SUBSCRIPTIONS,
        Permission.MANAGE_ADDRESS_BOOK,
        Permission.EDIT_CATALOGUE,
        Permission.EDIT_LETTERS,
        Permission.EDIT_TERMS,
        Permission.READ_OUTBOX,
    }
)
"""An act that asks for one of these, and for nothing less, asks for the second factor too."""
ADMINISTRATION = "/beheer/"
"""So does every act under this address, whoever may do it."""
SEALING = frozenset(
    {
        "/kwartalen/<string:quarter>/verzegelen",
        "/kwartalen/<string:quarter>/verzegelen/besluit",
        "/kwartalen/<string:quarter>/erratum",
    }
)
"""And these, whose permission is also that of writing about a quarter, which is work of hours."""
CONTACT_DATA = frozenset(
    {"/post/<id:letter_id>", "/post/<id:letter_id>/pdf", "/zaken/<string:reference>/adres"},
)
"""And these, which show an address with the link that opens the case, or send that link elsewhere: who handles a case
may, and handling goes on all day."""
CODE = "stap_code"
_ALONE = "stap_alleen"
"""Sent along when nothing waits but a page to look at."""
ANSWER, _SEALED = "stap_sleutel", "stap_vraag"
_OWN_FIELDS = frozenset({CODE, ANSWER, _SEALED, _ALONE, "csrf_token"})


def ask() -> ResponseReturnValue | None:
    """Stand before each act that changes something grave, until the second factor was shown lately."""
    view = current_app.view_functions.get(request.endpoint or "")
    if not (getattr(view, "asks_factor", False) or _is_grave(view)):
        return None
    if not current_user.is_authenticated:
        return None
    if not current_user.has_factor:
        # A password that was shown is not remembered: it stands in the request of the act itself.
        is_asked = request.method == "POST" and getattr(view, "asks_password", False)
        return _required(pages.this_row(), by_password=True) if is_asked else None
    return _required(pages.this_row())


def _is_grave(view: Callable[..., object] | None) -> bool:
    declared, address = access_of(view), request.url_rule.rule if request.url_rule else ""
    if request.method != "POST" or not isinstance(declared, frozenset):
        return False
    return declared <= GUARDED or address in SEALING | CONTACT_DATA or address.startswith(ADMINISTRATION)


def _required(row: SignedInRow, *, by_password: bool = False) -> ResponseReturnValue | None:
    """The page that asks, unless the second factor was shown lately or stands in this very request."""
    if is_recent(row.second_factor_at, now_utc()):
        return None
    if request.method != "POST" or CODE not in request.form:
        return _page(row, by_password=by_password)
    ticket = pages.counted(row.account_id)
    try:
        if by_password:
            accounts.show_password(pages.owner(row), request.form.get(CODE, ""), ticket)
        else:
            _show(row, ticket)
    except DomainError as error:
        db.session.rollback()
        return _page(row, str(error.message), error.status, by_password=by_password)
    db.session.commit()
    return redirect(here(), 303) if _ALONE in request.form else None


def _show(row: SignedInRow, ticket: Ticket) -> None:
    context, sealer, answer = pages.owner(row), pages.sealer(), request.form.get(ANSWER, "")
    if answer:
        passkeys.step_up(context, sealer, pages.party(), row, request.form.get(_SEALED, ""), answer)
    else:
        factors.step_up(context, sealer, row, request.form.get(CODE, "")[:CODE_MAX_CHARACTERS], ticket)


def _page(row: SignedInRow, error: str = "", status: int = 403, *, by_password: bool = False) -> ResponseReturnValue:
    carried = [
        (name, value)
        for name, value in (request.form.items(multi=True) if request.method == "POST" else ())
        if name not in _OWN_FIELDS
    ]
    if request.method != "POST" or _ALONE in request.form:
        carried.append((_ALONE, "ja"))
    asked = None if by_password else passkeys.ask_use(pages.owner(row), pages.sealer(), pages.party(), row.account_id)
    page = render_template(
        "auth/step_up.html",
        provider=pages.provider_of(row),
        question=asked[0] if asked else None,
        sealed=asked[1] if asked else "",
        carried=carried,
        has_files=any(each.filename for each in request.files.values()),
        code_name=CODE,
        error=error,
        by_password=by_password,
        **({"is_demo": False, "demo_code": None} if by_password else pages.demo(row)),
    )
    return page, status
