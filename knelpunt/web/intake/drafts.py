"""Opens the draft that an address names: who may go on with it, as whom, and which version this browser knows."""

from dataclasses import dataclass

from flask import abort, redirect, request, session, url_for
from flask_login import current_user
from werkzeug.exceptions import HTTPException

from knelpunt.domain.errors import NotFound
from knelpunt.domain.permissions import VISITOR
from knelpunt.extensions import db
from knelpunt.queries.filing import drafts
from knelpunt.queries.filing.drafts import DraftRow, Receipt
from knelpunt.services.core.context import Context
from knelpunt.services.filing import intake
from knelpunt.web.shared.requests.access import act_as, current_actor, here
from knelpunt.web.shared.texts import _

_COOKIE_KEY = "draft"
_FILED_KEY = "filed"


class GoElsewhere(HTTPException):
    """The answer is another page: the receipt, or the log-in."""

    def __init__(self, address: str) -> None:
        super().__init__(response=redirect(address, 303))


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """A draft that may be opened, and the act by which it is changed.

    A resident's draft is a visitor's act, whoever is logged in, so that it never gets tied to an account; only who
    began it at the desk goes on with it in the own name.
    """

    row: DraftRow
    context: Context

    @property
    def by_organisation(self) -> bool:
        return self.row.by_organisation

    @property
    def is_at_desk(self) -> bool:
        """Whether somebody at the desk fills it in for another person."""
        return not self.by_organisation and self.context.actor.account_id is not None

    @property
    def is_known_here(self) -> bool:
        """Whether this browser itself wrote the present version: going back is then no conflict."""
        return session.get(_COOKIE_KEY) == [self.row.key, self.row.version]


def open_here(key: str) -> OpenDraft:
    """The draft of this address.

    Raises:
        GoElsewhere: it was filed (to the receipt), or it is an organisation's and nobody is logged in.
        NotFound: there is none, or not for this account.
    """
    row = drafts.find(db.session, key)
    if row is None:
        if _receipt(key) is not None:
            raise GoElsewhere(url_for("intake.receipt", key=key))
        raise NotFound(_("Dit concept bestaat niet meer. Misschien is het al verstuurd, of verwijderd."))
    _require_log_in(row.organisation_id)
    if not intake.may_open(current_actor(), row.organisation_id):
        raise NotFound()
    actor = current_actor()
    began_it = actor.account_id is not None and actor.account_id == row.author_id
    return OpenDraft(row, act_as(actor if row.by_organisation or began_it else VISITOR))


def open_for_organisation(key: str) -> OpenDraft:
    """The draft of this address, where only an organisation's has such a page.

    Raises:
        GoElsewhere, NotFound: as ``open_here``; a resident's draft asks for the log-in, and then is none.
    """
    draft = open_here(key)
    if not draft.by_organisation:
        _require_account()
        raise NotFound()
    return draft


def receipt_here(key: str) -> Receipt:
    """What was filed with the draft of this address.

    Raises:
        GoElsewhere: it is not filed yet (to its check), or it is an organisation's and nobody is logged in.
        NotFound: there is none, or not for this account.
    """
    receipt = _receipt(key)
    if receipt is None:
        raise GoElsewhere(url_for("intake.check", key=open_here(key).row.key))
    return receipt


def remember(key: str, version: int) -> None:
    """Note in this browser's session which version it wrote."""
    session[_COOKIE_KEY] = [key, version]


def note_filed(key: str) -> None:
    """Note in this browser's session that it filed the draft of this address."""
    session[_FILED_KEY] = key


def filed_here(key: str) -> bool:
    """Whether this browser filed it: a receipt may be printed or sent on, with its address on it."""
    return session.get(_FILED_KEY) == key


def _receipt(key: str) -> Receipt | None:
    receipt = drafts.receipt(db.session, key)
    if receipt is not None:
        _require_log_in(receipt.organisation_id)
        if not intake.may_open(current_actor(), receipt.organisation_id):
            raise NotFound()
    return receipt


def _require_log_in(organisation_id: int | None) -> None:
    if organisation_id is not None:
        _require_account()


def _require_account() -> None:
    if current_user.is_authenticated:
        return
    if request.method == "POST":
        abort(401)
    raise GoElsewhere(url_for("auth.login", next=here()))
