"""Tells everybody who waits for a rule that there is news about it, in the transaction of the news itself."""

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import ColumnElement, func, select

from knelpunt.domain.bottlenecks import OPEN, STATUS_WORDS, BottleneckStatus
from knelpunt.domain.languages import DUTCH, prefix_of
from knelpunt.domain.links import UNCONFIRMED_DAYS
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.models import (
    Account,
    Bottleneck,
    BottleneckFollower,
    BottleneckNews,
    Case,
    OutboxMail,
)
from knelpunt.queries.bottlenecks.bottlenecks import family_of, taken_in
from knelpunt.queries.laws.catalogue import provision_on
from knelpunt.services.bottlenecks import mail_texts as texts
from knelpunt.services.bottlenecks.mail_texts import news_to_follower, news_to_owner
from knelpunt.services.core.context import Context
from knelpunt.services.guides.following import BOTTLENECKS
from knelpunt.services.mail import messages


def page_of(context: Context, bottleneck: Bottleneck, language: str = DUTCH.code) -> str:
    """The address of the public page, in the language with this code."""
    return context.links.to(f"{prefix_of(language)}/regelknelpunten/{bottleneck.reference}")


def send_news(context: Context, bottleneck: Bottleneck, news: BottleneckNews) -> None:
    """Mail each submitter whose case the owner took in, and each follower who confirmed; each once for this news.

    Who had a case under a bottleneck that went up into this one, or followed that, hears it too. A submitter who also
    follows gets the mail about the case, and not a second one.
    """
    cases = context.session.scalars(select(Case).where(Case.id.in_(taken_in(bottleneck.id))).order_by(Case.id)).all()
    provision = _giving_room(context, bottleneck)
    keys = {case.id: f"regelknelpunt-nieuws:{news.id}:{case.id}" for case in cases}
    for case in cases:
        messages.notify_submitter(
            context,
            case,
            texts.news_to_submitter(
                title=bottleneck.title,
                stage=STATUS_WORDS[news.status],
                body=news.body,
                provision=provision,
                since=bottleneck.in_force_on,
                page=page_of(context, bottleneck, case.language),
                language=case.language,
            ),
            once_key=keys[case.id],
        )
    told = context.session.scalars(select(OutboxMail.to_address).where(OutboxMail.once_key.in_(keys.values()))).all()
    _tell_followers(context, bottleneck, news, provision, {address.lower() for address in told if address})


def _giving_room(context: Context, bottleneck: Bottleneck) -> str:
    """The law and the article that give room, once the bottleneck is in force; empty before."""
    if bottleneck.solving_provision_id is None:
        return ""
    return provision_on(context.session, bottleneck.solving_provision_id, context.today).citation


def _tell_followers(
    context: Context, bottleneck: Bottleneck, news: BottleneckNews, provision: str, told: Collection[str]
) -> None:
    """Mail who follows, but for the addresses that were told already. After the last news they are kept for a week."""
    followers = context.session.scalars(
        select(BottleneckFollower).where(*_follows(context, bottleneck)).order_by(BottleneckFollower.id)
    ).all()
    is_last = bottleneck.status not in OPEN and bottleneck.status is not BottleneckStatus.MERGED
    into = context.session.get(Bottleneck, bottleneck.merged_into_id) if bottleneck.merged_into_id is not None else None
    reached = set(told)
    for follower in followers:
        if is_last:
            follower.ends_on = min(follower.ends_on, context.today + timedelta(days=UNCONFIRMED_DAYS))
        if follower.email.lower() in reached:
            continue
        reached.add(follower.email.lower())
        messages.queue_text(
            context,
            MailKind.BOTTLENECK_FOLLOWED,
            follower.email,
            news_to_follower(
                title=bottleneck.title,
                stage=STATUS_WORDS[news.status],
                body=news.body,
                provision=provision,
                since=bottleneck.in_force_on,
                page=page_of(context, bottleneck, follower.language),
                goes_on=f"{into.title}\n{page_of(context, into, follower.language)}" if into is not None else "",
                until=follower.ends_on,
                is_last=is_last,
                stop_url=BOTTLENECKS.url(context, follower, follower.language),
                language=follower.language,
            ),
            once_key=f"regelknelpunt-nieuws:{news.id}:volger:{follower.id}",
            language=follower.language,
        )


def _follows(context: Context, bottleneck: Bottleneck) -> tuple[ColumnElement[bool], ...]:
    return (
        BottleneckFollower.bottleneck_id.in_(family_of(bottleneck.id)),
        BottleneckFollower.confirmed_at.is_not(None),
        BottleneckFollower.ends_on >= context.today,
    )


def count_followers(context: Context, bottleneck: Bottleneck) -> int:
    """How many addresses follow this bottleneck, or one that went up into it."""
    addresses = select(func.count(func.lower(BottleneckFollower.email).distinct()))
    return context.session.scalar(addresses.where(*_follows(context, bottleneck))) or 0


def count_submitters(context: Context, bottleneck: Bottleneck) -> int:
    """How many cases were taken in, whose submitters hear of every news."""
    return context.session.scalar(select(func.count()).select_from(taken_in(bottleneck.id).subquery())) or 0


def remind_owner(context: Context, bottleneck: Bottleneck) -> None:
    """Ask the owner for news before clock K7 ends; once for each end of the clock."""
    owner = context.session.get(Account, bottleneck.owner_id) if bottleneck.owner_id is not None else None
    if owner is None or not owner.is_active or bottleneck.news_due_on is None:
        return
    messages.queue_text(
        context,
        MailKind.BOTTLENECK_REMINDER,
        owner.email,
        news_to_owner(
            reference=bottleneck.reference,
            title=bottleneck.title,
            news_due_on=bottleneck.news_due_on,
            page=page_of(context, bottleneck),
        ),
        account_id=owner.id,
        once_key=f"regelknelpunt-herinnering:{bottleneck.id}:{bottleneck.news_due_on.isoformat()}",
    )
