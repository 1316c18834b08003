"""Addresses that are known not to exist: marked when another server says so, cleared when somebody shows otherwise.

Nothing here waits for anybody. Who reports that a mail came back, or delivers one, has the mail and its case; the other
cases of the same address may be in the hands of people who wait for those. A row that somebody works with at this
moment is passed over: a next report marks it, a next sign of life clears it.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from sqlalchemy import ColumnElement, Row, func, select, update

from knelpunt.domain.accounts import AccountEvent, normalise_email, subject_of
from knelpunt.domain.permissions import ORGANISATION_ROLES
from knelpunt.domain.post.incoming import UsedAgain
from knelpunt.domain.vocabulary import EventKind, Role
from knelpunt.models import Account, Case, Contact, OutboxMail
from knelpunt.services.core import events
from knelpunt.services.core.context import Context


def mark(context: Context, mail: OutboxMail, case: Case | None) -> None:
    """Nobody has the address of this mail: say so with every contact and account that has it.

    Args:
        case: the one that the mail is about, which the caller has locked.
    """
    if mail.to_address is None:
        return
    address = normalise_email(mail.to_address)
    told = _contacts(context, address, Contact.gone_at.is_(None))
    context.session.execute(
        update(Contact).where(Contact.case_id.in_([each.id for each in told])).values(gone_at=context.now)
    )
    account = _account(context, address, Account.gone_at.is_(None), context.now)
    is_submitter = account is not None and account.role in ORGANISATION_ROLES
    if is_submitter and case is not None and case not in told:
        told = [*told, case]
    if account is not None:
        events.record(context, AccountEvent.ADDRESS_GONE, subject=subject_of(account.id), data={"mail_id": mail.id})
    for each in told:
        events.record(context, EventKind.ADDRESS_GONE, case=each, data={"mail_id": mail.id})


def clear(
    context: Context, address: str, why: UsedAgain, *, mails: Sequence[int] = (), case: Case | None = None
) -> None:
    """Mails go to this address again.

    Args:
        mails: those that are sent once more, about ``case``.
        case: the one in which somebody acts, which the caller has locked. It tells what happened even where the
            address is that of an account.
    """
    address = _plain(address)
    own = [case] if case is not None else []
    others = _contacts(context, address, Contact.gone_at.is_not(None))
    told = [*own, *(each for each in others if each not in own)]
    if told:
        here = Contact.case_id.in_([each.id for each in told])
        context.session.execute(update(Contact).where(here, _is(address)).values(gone_at=None))
    clear_account(context, address, why)
    for each in told:
        again = {"mails": list(mails)} if mails and each is case else {}
        events.record(context, EventKind.ADDRESS_USED_AGAIN, case=each, data={"waarom": why.value, **again})


def clear_account(context: Context, address: str, why: UsedAgain) -> None:
    """Mails go again to the account with this address."""
    account = _account(context, _plain(address), Account.gone_at.is_not(None), None)
    if account is not None:
        data = {"waarom": why.value}
        events.record(context, AccountEvent.ADDRESS_USED_AGAIN, subject=subject_of(account.id), data=data)


def use_own_again(context: Context) -> None:
    """Somebody with an account says that the own address is there."""
    account = context.session.get_one(Account, context.actor.account_id)
    clear(context, account.email, UsedAgain.BY_OWNER)


def _plain(address: str) -> str:
    """An address as it is compared. One from a form or a mail may hold what no database takes."""
    return normalise_email(address).replace("\x00", "")


def _contacts(context: Context, address: str, which: ColumnElement[bool]) -> list[Case]:
    """The cases with this address, locked with their contacts as far as nobody else has them."""
    found = (
        select(Case)
        .join(Contact, Contact.case_id == Case.id)
        .where(_is(address), Contact.erased_at.is_(None), Case.archived_on.is_(None), which)
        .order_by(Case.id)
        .with_for_update(skip_locked=True, key_share=True, of=[Case, Contact])
    )
    return list(context.session.scalars(found.execution_options(populate_existing=True)))


def _is(address: str) -> ColumnElement[bool]:
    """Whether this is the address of a contact, which may stand there with its domain as people write it."""
    local, at, domain = address.rpartition("@")
    as_typed = domain
    with suppress(UnicodeError):  # no domain that anybody can have
        as_typed = domain.encode("ascii").decode("idna")
    return func.lower(Contact.email).in_({address, f"{local}{at}{as_typed}"})


def _account(
    context: Context, address: str, which: ColumnElement[bool], gone_at: datetime | None
) -> Row[int, Role] | None:
    """Mark or clear the account with this address, unless somebody else has it; None when nothing was changed."""
    # Not through the entity: the account's version is for people who edit it, and they should not collide.
    free = select(Account.id).where(Account.email == address, which).with_for_update(skip_locked=True, key_share=True)
    return context.session.execute(
        update(Account)
        .where(Account.id.in_(free))
        .values(gone_at=gone_at)
        .returning(Account.id, Account.role)
        .execution_options(synchronize_session=False)
    ).one_or_none()
