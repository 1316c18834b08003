"""Being away: who acts in the meantime, so that no case is without somebody."""

from datetime import date

from sqlalchemy import or_, select

from knelpunt.domain.accounts import AccountEvent, subject_of
from knelpunt.domain.calendar.leave import LONGEST_LEAVE, Leave, first_day_without_cover
from knelpunt.domain.errors import DomainError, NotFound
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import ROLE_PERMISSIONS, Permission
from knelpunt.domain.texts import date_in_words
from knelpunt.domain.vocabulary import Role
from knelpunt.models import Account, LeaveCover
from knelpunt.queries.accounts import accounts as queries
from knelpunt.services.accounts import mail_texts as texts
from knelpunt.services.core import events, small_tables
from knelpunt.services.core.context import Context
from knelpunt.services.mail import messages

NO_COVER = "Kies iemand die zaken kan behandelen."
MAY_LESS = (
    "Deze collega mag minder dan wie afwezig is. Voor een hoofd van het loket kan alleen een ander hoofd waarnemen. Is "
    "er geen ander hoofd? Vraag de beheerder een collega deze rol te geven."
)
ONLY_HEAD = (
    "Dit is het enige hoofd van het loket. Het hoofd beslist over het werk van anderen en kan hun zaken daarom niet "
    "zelf waarnemen. Kies een ander."
)
_MUST_GO_ON = frozenset(
    {
        Permission.HANDLE_CASE,
        Permission.REVIEW_CASE,
        Permission.LEAD_SECOND_LOOK,
        Permission.DECIDE_DISAGREEMENT,
    }
)
"""What somebody must be able to do for whoever is away, because a case may wait for nobody else."""
WRONG_DAYS = "Vul een laatste dag in die niet voor de eerste ligt."
PAST = "Vul een dag in vanaf vandaag."
TOO_LONG = "Kies een laatste dag binnen een jaar."
OVERLAPS = "In deze dagen staat al een afwezigheid van deze collega."


def register(context: Context, *, account_id: int, covered_by_id: int, first_day: date, last_day: date) -> LeaveCover:
    """Somebody will be away, or is from today; the one who stands in hears it by mail.

    Args:
        account_id: the colleague who is away; another than the actor only by who may assign cases.
    Raises:
        NotFound: another colleague, by somebody who may not, or no colleague at the desk.
        DomainError: on the field ``covered_by_id``, ``first_day`` or ``last_day``.
    """
    queries.hold_rights(context.session)
    account = _account(context, account_id)
    if not context.today <= first_day:
        raise DomainError(PAST, field="first_day")
    if last_day < first_day:
        raise DomainError(WRONG_DAYS, field="last_day")
    if last_day - first_day > LONGEST_LEAVE:
        raise DomainError(TOO_LONG, field="last_day")
    cover = context.session.get(Account, covered_by_id, populate_existing=True)
    if cover is None or cover.id == account_id or not _handles(cover):
        raise DomainError(NO_COVER, field="covered_by_id")
    if not _can_replace(cover, account):
        raise DomainError(MAY_LESS, field="covered_by_id")
    if queries.is_last_head(context.session, cover):
        raise DomainError(ONLY_HEAD, field="covered_by_id")
    known = _known(context)
    own = [each for each in known if each.account_id == account_id]
    if any(each.first_day <= last_day and each.last_day >= first_day for each in own):
        raise DomainError(OVERLAPS, field="first_day")
    wanted = Leave(account_id, covered_by_id, first_day, last_day)
    day = first_day_without_cover(known, wanted)
    if day is not None:
        raise DomainError(
            f"Op {date_in_words(day)} is de waarnemer zelf weg, en neemt niemand het over. Kies een ander.",
            field="covered_by_id",
        )
    row = LeaveCover(
        account_id=account_id,
        covered_by_id=covered_by_id,
        first_day=first_day,
        last_day=last_day,
        registered_by_id=context.actor.account_id,
        registered_at=context.now,
    )
    context.session.add(row)
    small_tables.touch(context.session)
    events.record(
        context,
        AccountEvent.LEAVE_REGISTERED,
        subject=subject_of(account_id),
        data={"waarnemer": covered_by_id, "van": first_day.isoformat(), "tot_en_met": last_day.isoformat()},
    )
    messages.queue_text(
        context,
        MailKind.LEAVE_COVER,
        cover.email,
        texts.leave_cover(name=account.name, first_day=first_day, last_day=last_day, url=context.links.to("/vandaag")),
        account_id=cover.id,
    )
    return row


def take_back(context: Context, leave_id: int) -> None:
    """The colleague is here again, or does not go. The one who stood in hears it by mail.

    Raises:
        NotFound: there is no such leave, or it is of another and the actor may not assign cases.
        DomainError: it is over, or was taken back.
    """
    queries.hold_rights(context.session)
    row = context.session.get(LeaveCover, leave_id, with_for_update=True) if 0 < leave_id < 2**63 else None
    if row is None:
        raise NotFound()
    account = _account(context, row.account_id)
    if row.taken_back_at is not None or row.last_day < context.today:
        raise DomainError("Deze afwezigheid is al voorbij of ingetrokken.")
    _take_back(context, row)
    cover = context.session.get_one(Account, row.covered_by_id)
    if cover.is_active:
        messages.queue_text(
            context, MailKind.LEAVE_COVER, cover.email, texts.leave_taken_back(name=account.name), account_id=cover.id
        )


def end_without_cover(context: Context, account: Account) -> None:
    """Rights of this account changed: each leave that no longer has somebody who may stand in ends.

    The colleague who is away hears it: mails go there again until another leave is registered.
    """
    context.session.flush()
    rows = context.session.scalars(
        select(LeaveCover)
        .where(
            or_(LeaveCover.covered_by_id == account.id, LeaveCover.account_id == account.id),
            LeaveCover.taken_back_at.is_(None),
            LeaveCover.last_day >= context.today,
        )
        .order_by(LeaveCover.id)
    ).all()
    for row in rows:
        away = context.session.get_one(Account, row.account_id)
        cover = context.session.get_one(Account, row.covered_by_id)
        if cover.is_active and _can_replace(cover, away):
            continue
        _take_back(context, row)
        if away.is_active:
            text = texts.leave_without_cover(name=cover.name, first_day=row.first_day, last_day=row.last_day)
            messages.queue_text(context, MailKind.LEAVE_COVER, away.email, text, account_id=away.id)


def _take_back(context: Context, row: LeaveCover) -> None:
    row.taken_back_at = context.now
    small_tables.touch(context.session)
    events.record(
        context,
        AccountEvent.LEAVE_TAKEN_BACK,
        subject=subject_of(row.account_id),
        data={"waarnemer": row.covered_by_id},
    )


def _account(context: Context, account_id: int) -> Account:
    """The colleague, locked: no role changes meanwhile."""
    context.actor.require(Permission.HANDLE_CASE)
    if account_id != context.actor.account_id and not context.actor.can(Permission.ASSIGN_CASE):
        raise NotFound()
    account = context.session.get(Account, account_id, with_for_update=True)
    if account is None or not _handles(account):
        raise NotFound()
    return account


def _handles(account: Account) -> bool:
    return account.is_active and Permission.HANDLE_CASE in ROLE_PERMISSIONS[account.role]


def covers(may: frozenset[Permission], role: Role) -> bool:
    """Whether who may do this can stand in for a role: no step waits for a return because it may not be taken."""
    needed = ROLE_PERMISSIONS[role] & _MUST_GO_ON
    return Permission.HANDLE_CASE in needed and needed <= may


def _can_replace(cover: Account, account: Account) -> bool:
    return covers(ROLE_PERMISSIONS[cover.role], account.role)


def _known(context: Context) -> list[Leave]:
    rows = context.session.execute(
        select(LeaveCover.account_id, LeaveCover.covered_by_id, LeaveCover.first_day, LeaveCover.last_day).where(
            LeaveCover.taken_back_at.is_(None), LeaveCover.last_day >= context.today
        )
    )
    return [Leave(*row) for row in rows]
