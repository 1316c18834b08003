"""Following a rule bottleneck by e-mail: asked for, confirmed by a link, and stopped by the same link.

A bottleneck that goes up into another takes its followers along, so stopping there stops for all that it became.
"""

from sqlalchemy import delete, select

from knelpunt.domain.bottlenecks import OPEN, BottleneckStatus
from knelpunt.domain.errors import DomainError, NotFound
from knelpunt.domain.links import UNCONFIRMED_DAYS
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.texts import Text
from knelpunt.models import Bottleneck, BottleneckFollower
from knelpunt.queries.bottlenecks.bottlenecks import goes_on_as, is_bottleneck_reference
from knelpunt.queries.bottlenecks.families import family_of
from knelpunt.services.accounts import Ticket
from knelpunt.services.bottlenecks import mail_texts as texts
from knelpunt.services.core.context import Context
from knelpunt.services.guides.following import BOTTLENECKS
from knelpunt.services.mail import messages

NO_MORE_NEWS = Text("Over dit regelknelpunt komt geen nieuws meer. U kunt het daarom niet meer volgen.")
GOES_ON_ELSEWHERE = Text("Dit regelknelpunt is samengevoegd met een ander. Volg dat andere regelknelpunt.")


def ask_to_follow(context: Context, reference: str, address: str, ticket: Ticket) -> None:
    """Mail a link by which the owner of an address confirms that they follow a rule bottleneck.

    The caller gives the same answer for an address that follows it already; that one gets the link by which it stops.

    Raises:
        NotFound: there is no such bottleneck.
        TooManyAttempts: this address was asked for too often; nothing is sent.
        DomainError: no news will come any more, or the address is none (field ``email``).
    """
    bottleneck = (
        context.session.scalar(select(Bottleneck).where(Bottleneck.reference == reference))
        if is_bottleneck_reference(reference)
        else None
    )
    if bottleneck is None:
        raise NotFound()
    if bottleneck.status not in OPEN:
        raise DomainError(GOES_ON_ELSEWHERE if bottleneck.status is BottleneckStatus.MERGED else NO_MORE_NEWS)
    follower = BOTTLENECKS.enrol(context, bottleneck.id, address, ticket)
    text = texts.follow_confirm(
        title=bottleneck.title,
        url=BOTTLENECKS.url(context, follower, context.language),
        days=UNCONFIRMED_DAYS,
        language=context.language,
    )
    messages.queue_text(context, MailKind.BOTTLENECK_CONFIRM, follower.email, text, language=context.language)


def confirm_following(context: Context, token: str) -> None:
    """The owner of the address confirms; a second time starts the two years anew, while news still comes.

    Raises:
        NotFound: the token is wrong, or its time is over.
        DomainError: no news will come any more.
    """
    follower = BOTTLENECKS.find(context, token)
    root = goes_on_as(context.session, follower.bottleneck_id)
    # Held, so that the last news either finds this follower or ends the following before it is confirmed.
    status = context.session.scalar(
        select(Bottleneck.status).where(Bottleneck.id == root.id).with_for_update(read=True)
    )
    if status not in OPEN:
        raise DomainError(NO_MORE_NEWS)
    BOTTLENECKS.confirm(context, token)


def stop_following(context: Context, token: str) -> None:
    """Erase the address of a follower at once, also where it follows by way of a bottleneck that went up into this."""
    follower = BOTTLENECKS.find(context, token)
    root = goes_on_as(context.session, follower.bottleneck_id)
    context.session.execute(
        delete(BottleneckFollower).where(
            BottleneckFollower.email == follower.email, BottleneckFollower.bottleneck_id.in_(family_of(root.id))
        )
    )
