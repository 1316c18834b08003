"""One act: who does it, when, in which transaction."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.domain.identity.factors import LoginRules
from knelpunt.domain.languages import DUTCH
from knelpunt.domain.links import Links
from knelpunt.domain.permissions import Actor
from knelpunt.domain.vocabulary import ActorKind
from knelpunt.models import Account

NO_RULES = LoginRules()


@dataclass(frozen=True, slots=True)
class Context:
    """What every service needs. ``now`` is an aware instant in UTC; nothing below the web asks the clock."""

    session: Session
    actor: Actor
    now: datetime
    links: Links
    language: str = DUTCH.code
    """In which the actor reads the site; a case that is filed keeps it, for the mails about it."""
    login_rules: LoginRules = NO_RULES

    @property
    def today(self) -> date:
        """The legal day in Europe/Amsterdam."""
        return nl_day(self.now)


def as_account(context: Context, account_id: int) -> Context:
    """What an account began goes on as its act, with the rights that it has now; a closed account has none."""
    if context.actor.account_id == account_id:
        return context
    account = context.session.get_one(Account, account_id)
    role = account.role if account.is_active else None
    return replace(context, actor=Actor(ActorKind.ACCOUNT, account.id, role, account.organisation_id))
