"""What pages of the second factor have in common."""

from datetime import date

from flask import current_app
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy.orm import Session

from knelpunt.adapters.identity import totp
from knelpunt.adapters.identity.oidc import OidcClient
from knelpunt.adapters.identity.passkeys import Party
from knelpunt.adapters.identity.providers import Provider
from knelpunt.adapters.identity.sealer import Sealer
from knelpunt.domain.identity.factors import LoginRules, step_of
from knelpunt.domain.permissions import Actor
from knelpunt.domain.vocabulary import ActorKind, Role
from knelpunt.extensions import db
from knelpunt.queries.accounts.accounts import SignedInRow
from knelpunt.services import accounts
from knelpunt.services.accounts import Ticket
from knelpunt.services.accounts.identity import factors
from knelpunt.services.core.context import Context
from knelpunt.web.shared.requests.access import act_as, now_utc, today_in_nl


def sealer() -> Sealer:
    """What seals the secrets of this site."""
    found: Sealer = current_app.config["SEALER"]
    return found


def party() -> Party:
    """Whose passkeys these are: this site's, at the address that it goes by."""
    return Party.of(current_app.config["KNELPUNT"].base_url)


def provider_of(row: SignedInRow) -> Provider | None:
    """Where somebody came from, when that can be asked again."""
    client: OidcClient | None = current_app.config["SIGN_ON"].get(row.provider or "")
    return client.provider if client else None


def owner(row: SignedInRow) -> Context:
    """An act by the account of this session, also when the session waits for its second factor."""
    return act_as(Actor(ActorKind.ACCOUNT, row.account_id, row.role, row.organisation_id))


def counted(account_id: int) -> Ticket:
    """Count a try of a code in a transaction of its own: an answer that rolls back must not forget it."""
    session: Session = db.session
    session.rollback()
    ticket = accounts.count_factor(session, account_id, now_utc())
    session.commit()
    return ticket


def demo(row: SignedInRow, secret: str | None = None) -> dict[str, object]:
    """What a page tells in a demonstration: the code that the telephone would show. Anywhere else nothing.

    Args:
        secret: one that is not kept yet.
    """
    if not current_app.config["KNELPUNT"].is_demo:
        return {"is_demo": False, "demo_code": None}
    if secret is not None:
        return {"is_demo": True, "demo_code": totp.code_of(secret, step_of(now_utc()))}
    return {"is_demo": True, "demo_code": factors.next_code(owner(row), sealer(), row.account_id)}


def picture(secret: str, row: SignedInRow) -> Markup:
    """The QR code for a page: squares drawn from what it says, which itself stands nowhere in it."""
    return Markup(totp.picture(secret, row.email))  # noqa: S704 - paths and numbers, no text


def grouped(secret: str) -> str:
    """A secret to type over: in groups of four."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def this_row() -> SignedInRow:
    """The session of who is signed in."""
    row: SignedInRow = current_user.row
    return row


def must_have_factor(role: Role) -> bool:
    """Whether this role must have a second factor today, here."""
    rules: LoginRules = current_app.config["LOGIN_RULES"]
    return rules.must_have_factor(role, today_in_nl())


def obliged_from(role: Role) -> date | None:
    """From which day to come this role must have one; None where that day came, or there is none."""
    rules: LoginRules = current_app.config["LOGIN_RULES"]
    day = rules.administrators_from
    return day if role is Role.ORGANISATION_ADMIN and day is not None and day > today_in_nl() else None
