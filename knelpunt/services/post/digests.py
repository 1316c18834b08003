"""Mails once a week: what was kept for it goes out together on Monday."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, delete, func, select, update

from knelpunt.domain.calendar.timezone import nl_day, start_of_nl_day
from knelpunt.domain.mail_kinds import TAKEN_BACK_LATER, MailChoice, MailKind, is_wanted
from knelpunt.models import Account, Case, Contact, DigestItem
from knelpunt.services.core.context import Context
from knelpunt.services.mail import messages
from knelpunt.services.mail.texts import as_mailed
from knelpunt.services.post import mail_texts as texts


def due(context: Context) -> Select[int]:
    """The first item of each reader of whom something of an earlier week waits. For an account whose address nobody is
    known to have it waits on."""
    whose = (DigestItem.account_id, func.coalesce(DigestItem.account_id, -DigestItem.case_id))
    first = func.min(DigestItem.id)
    found = select(first).outerjoin(Account, Account.id == DigestItem.account_id)
    return found.where(*_waits(context), Account.gone_at.is_(None)).group_by(*whose).order_by(first)


def send(context: Context, item_id: int) -> None:
    """Mail one reader what waited, in one mail, and forget it. Nobody gets an empty one, nor what was stopped since."""
    first = context.session.get(DigestItem, item_id)
    if first is None or first.mailed_at is not None:
        return
    mine = DigestItem.account_id == first.account_id
    if first.account_id is None:
        mine = DigestItem.account_id.is_(None) & (DigestItem.case_id == first.case_id)
    items = context.session.scalars(
        select(DigestItem).where(mine, *_waits(context)).order_by(DigestItem.id).with_for_update()
    ).all()
    if not items:
        return
    case = context.session.get_one(Case, items[0].case_id)
    reader = _reader(context, case, first.account_id)
    wanted = [each for each in items if reader is not None and is_wanted(MailKind(each.kind), reader.choice)]
    if reader is not None and wanted:
        weekly = texts.weekly(_told(wanted), link=reader.link)
        text = as_mailed(weekly, MailKind.WEEKLY, reader.choose_url, case.language)
        messages.queue(
            context,
            MailKind.WEEKLY,
            to_address=reader.address,
            subject=text.subject,
            body=text.body,
            case=case if first.account_id is None else None,
            account_id=first.account_id,
            once_key=f"weekoverzicht:{first.id}",
            goes_to_case=first.account_id is None,
        )
    kept = [each.id for each in wanted if each.kind in TAKEN_BACK_LATER]
    context.session.execute(
        update(DigestItem).where(DigestItem.id.in_(kept)).values(mailed_at=context.now, subject="", body="")
    )
    gone = [each.id for each in items if each.id not in kept]
    context.session.execute(delete(DigestItem).where(DigestItem.id.in_(gone)))


def _waits(context: Context) -> tuple[ColumnElement[bool], ...]:
    """The conditions on what was written in an earlier week, and lies here still."""
    return DigestItem.written_at < _monday(context), DigestItem.mailed_at.is_(None)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Where the mail goes, where its reader chooses, what that was last, and where the cases stand."""

    address: str
    choose_url: str
    choice: MailChoice | None
    link: str


def _reader(context: Context, case: Case, account_id: int | None) -> _Reader | None:
    """Who reads it; None when there is nobody left."""
    if account_id is not None:
        account = context.session.get(Account, account_id)
        if account is None or not account.is_active:
            return None
        choose_url, link = context.links.to("/mijn-account/mail"), context.links.to("/onze-zaken")
        return _Reader(account.email, choose_url, account.mail_choice, link)
    contact = context.session.get(Contact, case.id)
    if contact is None or contact.erased_at is not None or not contact.email or not messages.is_address(contact.email):
        return None
    link = messages.follow_url(context, case)
    return _Reader(contact.email, f"{link}/mail", contact.mail_choice, link)


def _told(items: Iterable[DigestItem]) -> list[texts.Happened]:
    return [texts.Happened(nl_day(each.written_at), each.subject, each.body) for each in items]


def _monday(context: Context) -> datetime:
    """The beginning of this week."""
    return start_of_nl_day(context.today - timedelta(days=context.today.weekday()))
