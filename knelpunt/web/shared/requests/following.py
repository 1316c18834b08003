"""What the pages to follow something by e-mail have in common: the form, how often it may be sent, and the way out."""

from typing import Self

from flask import request
from flask_login import current_user
from wtforms import EmailField
from wtforms.validators import DataRequired, Length

from knelpunt.domain.accounts import EMAIL_MAX_CHARACTERS
from knelpunt.extensions import db
from knelpunt.services import accounts
from knelpunt.services.accounts import Ticket
from knelpunt.web.shared.forms.forms import BaseForm
from knelpunt.web.shared.requests.access import now_utc
from knelpunt.web.shared.texts import lazy_gettext

STOP = "stoppen"
"""What the button says to the server by which a follower stops."""


def is_one_click() -> bool:
    """Whether a mail program stops the mails for somebody: it is answered here, and not sent on (RFC 8058, 3.1)."""
    return request.form.get("List-Unsubscribe") == "One-Click"


class FollowForm(BaseForm):
    email = EmailField(
        lazy_gettext("Uw e-mailadres"),
        [DataRequired(lazy_gettext("Vul uw e-mailadres in.")), Length(max=EMAIL_MAX_CHARACTERS)],
        description=lazy_gettext("Wij sturen eerst een link waarmee u bevestigt dat het adres van u is."),
        render_kw={"autocomplete": "email", "spellcheck": "false"},
    )

    @classmethod
    def here(cls) -> Self:
        """The form of this request; whoever is logged in finds the address of the account in it."""
        return cls(data={"email": current_user.email} if current_user.is_authenticated else None)


def ticket_for(form: FollowForm) -> Ticket:
    """Count this request in a transaction of its own: an answer that rolls back must not forget the attempt."""
    db.session.rollback()
    ticket = accounts.count_link(db.session, form.email.data or "", request.remote_addr or "", now_utc())
    db.session.commit()
    return ticket
