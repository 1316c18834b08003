"""Tells everybody who waits for a rule that there is news about it, in the transaction of the news itself."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, delete, exists, func, or_, select, true

from knelpunt.domain.bottlenecks import OPEN, STATUS_WORDS, BottleneckStatus, LinkStatus
from knelpunt.domain.languages import DUTCH, prefix_of
from knelpunt.domain.links import UNCONFIRMED_DAYS
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import ROLE_PERMISSIONS, Permission
from knelpunt.domain.vocabulary import EventKind, Role
from knelpunt.models import (
    Account,
    Bottleneck,
    BottleneckCase,
    BottleneckFollower,
    BottleneckNews,
    Case,
    DigestItem,
    Letter,
    OutboxMail,
)
from knelpunt.queries.accounts.accounts import active_heads, active_with_role
from knelpunt.queries.bottlenecks.families import family_of, taken_in
from knelpunt.queries.laws.catalogue import provision_on
from knelpunt.services.bottlenecks import mail_texts as texts
from knelpunt.services.bottlenecks.mail_texts import news_to_follower, news_to_owner
from knelpunt.services.core import events
from knelpunt.services.core.context import Context
from knelpunt.services.guides.following import BOTTLENECKS
from knelpunt.services.mail import messages

OWN_PAGE = "/mijn-regelknelpunten"
"""Where an owner works, and the head of desk sees everybody's."""


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


def acting_owner(context: Context, bottleneck: Bottleneck) -> Account | None:
    """Who owns a bottleneck and can work on it; None while nobody does, or once that one left or has another role."""
    owner = context.session.get(Account, bottleneck.owner_id) if bottleneck.owner_id is not None else None
    can_act = owner is not None and owner.is_active and Permission.MOVE_BOTTLENECK in ROLE_PERMISSIONS[owner.role]
    return owner if can_act else None


def remind_owner(context: Context, bottleneck: Bottleneck) -> None:
    """Ask the owner for news before clock K7 ends; once for each end of the clock."""
    owner = acting_owner(context, bottleneck)
    if owner is None or bottleneck.news_due_on is None:
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


def tell_owner(context: Context, bottleneck: Bottleneck) -> None:
    """Tell who owns a bottleneck from now on, and where the owner works."""
    owner = context.session.get_one(Account, bottleneck.owner_id)
    text = texts.owner_named(
        reference=bottleneck.reference,
        title=bottleneck.title,
        page=page_of(context, bottleneck),
        work=context.links.to(OWN_PAGE),
        waiting=context.session.scalar(select(func.count()).where(*_waits_under(bottleneck))) or 0,
    )
    messages.queue_text(context, MailKind.BOTTLENECK_GIVEN, owner.email, text, account_id=owner.id)


def tell_former_owner(context: Context, bottleneck: Bottleneck, account_id: int) -> None:
    """Tell who owned a bottleneck until now, unless that one left or gave it away."""
    former = context.session.get_one(Account, account_id)
    if not former.is_active or former.id == context.actor.account_id:
        return
    text = texts.owner_no_more(
        reference=bottleneck.reference, title=bottleneck.title, page=page_of(context, bottleneck)
    )
    messages.queue_text(context, MailKind.BOTTLENECK_GIVEN, former.email, text, account_id=former.id)


def who_decides(context: Context, bottleneck: Bottleneck, *, besides: int | None = None) -> list[Account]:
    """Who is asked to decide about the cases of a bottleneck: its owner, or while there is none each head of desk.

    Args:
        besides: an account that may not; where the owner is, a head decides.
    """
    owner = acting_owner(context, bottleneck)
    if owner is not None and owner.id != besides:
        return [owner]
    return [head for head in active_heads(context.session) if head.id != besides]


def tell_nobody_decides(context: Context, bottleneck: Bottleneck, linked_by_id: int | None, moment: str = "") -> None:
    """Tell each administrator, who can name a head of desk, and who put a case under a bottleneck, that nobody may
    decide about it now; once a day, or once for each ``moment``."""
    hearers = {*active_with_role(context.session, Role.ADMINISTRATOR), linked_by_id}
    text = texts.nobody_decides(
        reference=bottleneck.reference,
        title=bottleneck.title,
        accounts=context.links.to("/beheer/accounts"),
        page=page_of(context, bottleneck),
    )
    accounts = select(Account).where(Account.id.in_(hearers - {None}), Account.is_active).order_by(Account.id)
    for account in context.session.scalars(accounts).all():
        key = f"regelknelpunt-niemand:{bottleneck.id}:{moment or context.today.isoformat()}:{account.id}"
        messages.queue_text(
            context, MailKind.BOTTLENECK_CASE_WAITS, account.email, text, account_id=account.id, once_key=key
        )


def tell_cases_wait(context: Context, bottleneck: Bottleneck, since: date, moment: str) -> None:
    """Tell who decides, and each head of desk, that a case under a bottleneck waits past its last day.

    Args:
        since: from which day the first one waits.
        moment: what is told once to each.
    """
    text = texts.cases_wait_long(
        reference=bottleneck.reference, title=bottleneck.title, since=since, work=context.links.to(OWN_PAGE)
    )
    deciding = {each.id: each for each in (*who_decides(context, bottleneck), *active_heads(context.session))}
    for account in deciding.values():
        key = f"regelknelpunt-zaak-te-laat:{bottleneck.id}:{moment}:{account.id}"
        messages.queue_text(
            context, MailKind.BOTTLENECK_CASE_WAITS, account.email, text, account_id=account.id, once_key=key
        )


def tell_case_waits(
    context: Context, bottleneck: Bottleneck, link: BottleneckCase, *, names_somebody: bool = False
) -> None:
    """Tell who decides about the cases of a bottleneck that one waits: its owner, or while there is none each head of
    desk. One mail a day while cases wait; who decided about all of them hears of the next one.

    Args:
        names_somebody: what is public points at somebody round the case. That is told once a day too, and not to who
            put the case there: that one cannot let it stand.
    """
    deciding = who_decides(context, bottleneck, besides=link.linked_by_id if names_somebody else None)
    if not deciding:
        tell_nobody_decides(context, bottleneck, link.linked_by_id)
    others = exists().where(*_waits_under(bottleneck), BottleneckCase.case_id != link.case_id)
    is_alone = not context.session.scalar(select(others))
    text = texts.case_waits(
        reference=bottleneck.reference,
        title=bottleneck.title,
        work=context.links.to(OWN_PAGE),
        names_somebody=names_somebody,
    )
    for account in deciding:
        of_today = f"regelknelpunt-zaak:{bottleneck.id}:{context.today.isoformat()}:{account.id}"
        if names_somebody:
            of_today = f"{of_today}:wijst-naar-iemand"
        keys = [of_today, f"{of_today}:{link.case_id}:{link.linked_at.isoformat()}"] if is_alone else [of_today]
        for key in keys:
            sent = messages.queue_text(
                context, MailKind.BOTTLENECK_CASE_WAITS, account.email, text, account_id=account.id, once_key=key
            )
            if sent is not None:
                break


def tell_names_found(context: Context, bottleneck: Bottleneck, link: BottleneckCase) -> None:
    """Tell who decides about the cases of a bottleneck that what is public points at somebody round a case by now; once
    a day. Who put the case there cannot let it stand, and hears only that nobody else can."""
    deciding = who_decides(context, bottleneck, besides=link.linked_by_id)
    if not deciding:
        tell_nobody_decides(context, bottleneck, link.linked_by_id)
    text = texts.names_found(reference=bottleneck.reference, title=bottleneck.title, work=context.links.to(OWN_PAGE))
    for account in deciding:
        key = f"regelknelpunt-namen:{bottleneck.id}:{context.today.isoformat()}:{account.id}"
        messages.queue_text(
            context, MailKind.BOTTLENECK_CASE_WAITS, account.email, text, account_id=account.id, once_key=key
        )


def _waits_under(bottleneck: Bottleneck) -> tuple[ColumnElement[bool], ...]:
    return BottleneckCase.bottleneck_id == bottleneck.id, BottleneckCase.status == LinkStatus.PROPOSED


def send_erratum(
    context: Context,
    bottleneck: Bottleneck,
    erratum: BottleneckNews,
    wrong_news: Collection[int],
    wrong_changes: Collection[int],
) -> int:
    """Mail exactly those who were told that a bottleneck is in force, each once; how many they are. To who would read
    it in the next mail of the week it is not told any more.

    Args:
        wrong_news: the messages that said so.
        wrong_changes: the changes of the law about which the desk told submitters.
    """
    told = _told(context, wrong_news, wrong_changes)
    about_it = or_(*(DigestItem.once_key.startswith(begin, autoescape=True) for begin in _keys_of(wrong_news)))
    context.session.execute(delete(DigestItem).where(DigestItem.mailed_at.is_(None), about_it))
    held = select(Case).where(Case.id.in_(told.cases)).order_by(Case.id).with_for_update(key_share=True)
    cases = context.session.scalars(held).all()
    reached: set[str] = set()
    keys = {case.id: f"regelknelpunt-erratum:{erratum.id}:{case.id}" for case in cases}
    for case in cases:
        messages.notify_submitter(
            context,
            case,
            texts.erratum_to_submitter(
                title=bottleneck.title,
                stage=STATUS_WORDS[bottleneck.status],
                body=erratum.body,
                page=page_of(context, bottleneck, case.language),
                language=case.language,
            ),
            once_key=keys[case.id],
        )
    addresses = context.session.scalars(
        select(OutboxMail.to_address).where(OutboxMail.once_key.in_(keys.values()))
    ).all()
    reached |= {address.lower() for address in addresses if address}
    followers = context.session.scalars(
        select(BottleneckFollower).where(BottleneckFollower.id.in_(told.followers)).order_by(BottleneckFollower.id)
    ).all()
    mailed = len(cases)
    for follower in followers:
        if follower.email.lower() in reached:
            continue
        reached.add(follower.email.lower())
        mailed += 1
        messages.queue_text(
            context,
            MailKind.BOTTLENECK_ERRATUM_FOLLOWED,
            follower.email,
            texts.erratum_to_follower(
                title=bottleneck.title,
                stage=STATUS_WORDS[bottleneck.status],
                body=erratum.body,
                page=page_of(context, bottleneck, follower.language),
                stop_url=BOTTLENECKS.url(context, follower, follower.language),
                language=follower.language,
            ),
            once_key=f"regelknelpunt-erratum:{erratum.id}:volger:{follower.id}",
            language=follower.language,
        )
    weighed = [case for case in cases if case.id in told.by_change]
    for case in weighed:
        messages.notify_colleague(context, case, texts.rule_taken_back(), case.handler_id)
    for case in weighed:
        events.record(context, EventKind.RULE_CHANGE_TAKEN_BACK, case=case, data={"nieuws": erratum.id})
    return mailed


@dataclass(frozen=True, slots=True)
class Told:
    """Who was told something: cases, those of them by the desk itself, and followers; by id."""

    cases: frozenset[int]
    by_change: frozenset[int]
    followers: frozenset[int]


def _told(context: Context, news_ids: Collection[int], change_ids: Collection[int]) -> Told:
    """Read from the mails and letters themselves: who chose not to get one, or could not be reached, got none."""
    of_changes = [f"wetswijziging:{id_}:" for id_ in change_ids]
    prefixes = (*_keys_of(news_ids), *of_changes)
    rows: list[tuple[int | None, str]] = []
    for table, went in ((OutboxMail, true()), (Letter, true()), (DigestItem, DigestItem.mailed_at.is_not(None))):
        begins = or_(*(table.once_key.startswith(prefix, autoescape=True) for prefix in prefixes))
        rows += [
            (row.case_id, row.once_key)
            for row in context.session.execute(select(table.case_id, table.once_key).where(begins, went))
        ]
    by_change = {id_ for id_, key in rows if id_ is not None and key.startswith(tuple(of_changes) or ("-",))}
    followers = {int(key.rpartition(":")[2]) for _, key in rows if ":volger:" in key}
    return Told(frozenset(id_ for id_, _ in rows if id_ is not None), frozenset(by_change), frozenset(followers))


def _keys_of(news_ids: Collection[int]) -> list[str]:
    """How the keys begin of what tells these messages."""
    return [f"regelknelpunt-nieuws:{id_}:" for id_ in news_ids]


def count_told(context: Context, news_ids: Collection[int], change_ids: Collection[int]) -> tuple[int, int]:
    """How many submitters and how many followers an erratum would reach."""
    told = _told(context, news_ids, change_ids)
    return len(told.cases), len(told.followers)


def tell_reviewed(
    context: Context, account_id: int, *, about: str, step: str, is_agreed: bool, tells: bool, path: str
) -> None:
    """Tell who asked for a second person that this one decided.

    Args:
        tells: whether the step mails who follows the bottleneck.
    """
    account = context.session.get(Account, account_id)
    if account is None or not account.is_active:
        return
    text = texts.step_reviewed(about=about, step=step, is_agreed=is_agreed, tells=tells, page=context.links.to(path))
    messages.queue_text(context, MailKind.BOTTLENECK_REVIEWED, account.email, text, account_id=account.id)
