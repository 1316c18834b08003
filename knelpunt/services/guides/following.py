"""Addresses that follow something by e-mail: kept once their owner confirmed it, erased at once when they stop.

What is followed differs (a ruimtewijzer, a rule bottleneck, topics); how an address comes, stays and goes does not.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Generic, TypeVar

from sqlalchemy import Select, delete, select
from sqlalchemy.dialects.postgresql import insert

from knelpunt.domain.accounts import normalise_email
from knelpunt.domain.calendar.working_days import add_months
from knelpunt.domain.errors import DomainError, NotFound, TooManyAttempts
from knelpunt.domain.languages import prefix_of
from knelpunt.domain.links import (
    FOLLOWED_MONTHS,
    LINK_OVER,
    TOO_OFTEN,
    UNCONFIRMED_DAYS,
    Links,
    new_nonce,
    new_public_id,
)
from knelpunt.models import BottleneckFollower, GuideFollower, Subscription
from knelpunt.services.accounts import Ticket
from knelpunt.services.core.context import Context
from knelpunt.services.mail import messages

Follower = TypeVar("Follower", GuideFollower, BottleneckFollower, Subscription)


@dataclass(frozen=True, slots=True)
class Followed(Generic[Follower]):
    """One kind of thing that people follow.

    ``column`` names what is followed in a row of ``model``; it is empty where an address has one row for all that it
    follows. ``purpose`` stands in the token of a secret address, and
    ``path`` is where that address begins.
    """

    model: type[Follower]
    column: str
    purpose: str
    path: str

    def url(self, context: Context, follower: Follower, language: str) -> str:
        """The secret address by which a follower confirms and stops, in the language with this code."""
        return context.links.to(
            f"{prefix_of(language)}{self.path}/{context.links.token(self.purpose, follower.public_id, follower.nonce)}"
        )

    def enrol(self, context: Context, followed_id: int | None, address: str, ticket: Ticket) -> Follower:
        """The row of an address, made where there is none; one not confirmed, or whose time is over, begins anew.

        The caller gives the same answer for an address that follows already; that one gets the link by which it stops.

        Raises:
            TooManyAttempts: this address was asked for too often.
            DomainError: the address is none (field ``email``).
        """
        if not ticket.allowed:
            raise TooManyAttempts(TOO_OFTEN, field="email")
        try:
            checked = messages.checked_address(normalise_email(address))
        except DomainError as error:
            raise DomainError(error.message, field="email") from None
        ends_on = context.today + timedelta(days=UNCONFIRMED_DAYS)
        key = {**({self.column: followed_id} if self.column else {}), "email": checked}
        given = insert(self.model).values(
            {
                **key,
                "public_id": new_public_id(),
                "nonce": new_nonce(),
                "asked_at": context.now,
                "ends_on": ends_on,
                "language": context.language,
            }
        )
        # In one statement, so that the row cannot go in between: its owner may stop at this very moment.
        held = given.on_conflict_do_update(index_elements=list(key), set_={"email": given.excluded.email})
        follower = context.session.scalars(
            held.returning(self.model), execution_options={"populate_existing": True}
        ).one()
        if follower.confirmed_at is None or follower.ends_on < context.today:
            follower.confirmed_at, follower.asked_at, follower.ends_on = None, context.now, ends_on
            follower.language = context.language
        return follower

    def find(self, context: Context, token: str, *, lock: bool = False) -> Follower:
        """The follower of a secret address, locked and read anew for who changes it.

        Raises NotFound when the token is wrong, or its time is over.
        """
        public_id = Links.public_id_of(token)
        found = select(self.model).where(self.model.public_id == public_id)
        if lock:
            found = found.with_for_update().execution_options(populate_existing=True)
        follower = context.session.scalar(found) if public_id else None
        if (
            follower is None
            or follower.ends_on < context.today
            or not context.links.matches(token, self.purpose, follower.public_id, follower.nonce)
        ):
            raise NotFound(LINK_OVER)
        return follower

    def confirm(self, context: Context, token: str) -> None:
        """The owner of the address confirms; a second time only starts the two years anew.

        The mails come in the language of the page on which that is done: whoever only knows the address cannot choose.
        """
        follower = self.find(context, token, lock=True)
        follower.confirmed_at = follower.confirmed_at or context.now
        follower.ends_on = add_months(context.today, FOLLOWED_MONTHS)
        follower.language = context.language

    def erase_ended(self, context: Context) -> int:
        """Erase every address whose time is over. The number of them."""
        gone = delete(self.model).where(self.model.ends_on < context.today).returning(self.model.id)
        return len(context.session.scalars(gone).all())

    def ended(self, context: Context) -> Select[int]:
        """One of the addresses whose time is over, for the timer; none when there is none."""
        return select(self.model.id).where(self.model.ends_on < context.today).order_by(self.model.id).limit(1)

    def end(self, context: Context, _follower_id: int) -> None:
        """Erase all of them at once."""
        self.erase_ended(context)


GUIDES = Followed(GuideFollower, "guide_id", "ruimtewijzer", "/ruimtewijzers/volgen")
BOTTLENECKS = Followed(BottleneckFollower, "bottleneck_id", "regelknelpunt", "/regelknelpunten/volgen")
TOPICS = Followed(Subscription, "", "op-de-hoogte", "/op-de-hoogte")
