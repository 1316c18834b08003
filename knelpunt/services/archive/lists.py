"""Lists of cases to destroy or to transfer: filled by the calendar, confirmed by two people, then carried out.

Every act locks the case before the list.
"""

import hashlib
from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session

from knelpunt.adapters.uploads.store import FileStore
from knelpunt.domain.archive.retention import REASON_MAX_CHARACTERS, ArchiveEvent, subject_of_list
from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.domain.cases import workflow as steps
from knelpunt.domain.errors import DomainError, NotFound, PermissionDenied, VersionConflict
from knelpunt.domain.permissions import Permission
from knelpunt.domain.public_events import IF_SAID
from knelpunt.domain.texts import Text
from knelpunt.domain.vocabulary import (
    ENDED_STATUSES,
    DisposalStatus,
    Disposition,
    EventKind,
    HoldGround,
    ListedStatus,
)
from knelpunt.models import Attachment, Case, DisposalCase, DisposalList, Retention, RetentionCategory
from knelpunt.queries.archive.contents import digest_of, read_contents
from knelpunt.queries.core import cases
from knelpunt.services.archive import destruction
from knelpunt.services.archive.retention import NOT_OVER, nothing_began
from knelpunt.services.cases.workflow import advance, open_case
from knelpunt.services.core import events
from knelpunt.services.core.context import Context

MOST_CASES = 500
MOST_BYTES = 2 * 1024 * 1024 * 1024
"""So much stands on one list, so that a person can look through it and a package can be carried."""
LONGEST_HOLD = timedelta(days=3660)
CHANGED = "De lijst is intussen gewijzigd."
SAME_PERSON = "U bevestigde deze lijst al. Een ander moet haar ook bevestigen."
EMPTY = "Op deze lijst staat geen zaak."
NOT_OPEN = "Over deze lijst is al besloten."
NOT_HELD = "Deze zaak wordt niet langer bewaard dan haar categorie zegt."


# --- by the calendar


def due(context: Context) -> Select[int]:
    """The cases whose term is over and that stand on no list. One that is held, or in which something waits, comes on
    one once that is over."""
    return (
        select(Retention.case_id)
        .join(Case, Case.id == Retention.case_id)
        .where(
            Retention.action_on <= context.today,
            or_(Retention.hold_until.is_(None), Retention.hold_until < context.today),
            *nothing_began(),
            ~exists().where(DisposalCase.case_id == Case.id, DisposalCase.status == ListedStatus.LISTED),
        )
        .order_by(Retention.action_on, Retention.case_id)
    )


def put_on_list(context: Context, case_id: int) -> None:
    """Put a case on the list that is still being filled; looked at again with the lock."""
    session = context.session
    case = cases.get_by_id_for_update(session, case_id)
    if session.scalar(due(context).where(Retention.case_id == case_id)) is None:
        return
    retention = session.get_one(Retention, case_id, populate_existing=True)
    category = session.get_one(RetentionCategory, retention.category_id)
    into = _list_with_room(context, category.disposition, case)
    row = session.scalar(select(DisposalCase).where(DisposalCase.list_id == into.id, DisposalCase.case_id == case.id))
    if row is None:
        row = DisposalCase(list_id=into.id, case_id=case.id)
        session.add(row)
    row.category_id, row.ended_on, row.action_on = category.id, retention.ended_on, retention.action_on
    row.status, row.ground, row.taken_off_by_id, row.taken_off_on = ListedStatus.LISTED, None, None, None
    retention.hold_until = retention.hold_ground = retention.hold_reason = retention.held_by_id = None
    into.updated_at = context.now
    events.record(context, EventKind.DISPOSAL_LISTED, case=case, data={"lijst": into.id})


def to_carry_out(context: Context) -> Select[int]:
    """The cases on lists that two people confirmed, and of which the archive has the package where there is one. One in
    which something waits again keeps its words until that is over."""
    return (
        select(DisposalCase.id)
        .join(DisposalList, DisposalList.id == DisposalCase.list_id)
        .join(Case, Case.id == DisposalCase.case_id)
        .where(DisposalCase.status == ListedStatus.LISTED, *_IS_READY, *nothing_began())
        .order_by(DisposalCase.id)
    )


_IS_READY = (
    DisposalList.status == DisposalStatus.CONFIRMED,
    or_(DisposalList.disposition == Disposition.DESTROY, DisposalList.receipt_on.is_not(None)),
)


def carry_out(context: Context, files: FileStore, row_id: int) -> None:
    """Step 19: take the words of one case away, in one transaction; looked at again with the lock."""
    session = context.session
    case_id = session.scalar(select(DisposalCase.case_id).where(DisposalCase.id == row_id))
    if case_id is None:  # the case was opened again meanwhile
        return
    case = cases.get_by_id_for_update(session, case_id)
    if session.scalar(to_carry_out(context).where(DisposalCase.id == row_id)) is None:
        return
    row = session.get_one(DisposalCase, row_id, populate_existing=True)
    category = session.get_one(RetentionCategory, row.category_id)
    if case.status not in ENDED_STATUSES or row.action_on > context.today:
        return
    gone = destruction.take_words_away(context, files, case, category)
    row.status, row.done_at, row.counts, row.digest = ListedStatus.DONE, context.now, gone.counts, gone.digest
    destruction.mark_archived(context, case, category.disposition)
    data = {"lijst": row.list_id, "wat": category.disposition.value, IF_SAID[EventKind.ARCHIVED]: gone.is_text_gone}
    advance(context, case, steps.ARCHIVE, data=data)


def carried_out(context: Context) -> Select[int]:
    """The lists of which every case is done."""
    return (
        select(DisposalList.id)
        .where(
            *_IS_READY,
            ~exists().where(DisposalCase.list_id == DisposalList.id, DisposalCase.status == ListedStatus.LISTED),
        )
        .order_by(DisposalList.id)
    )


def finish(context: Context, list_id: int) -> None:
    """Close a list: from now on it is the certificate of what went."""
    each = _locked(context.session, list_id)
    if context.session.scalar(carried_out(context).where(DisposalList.id == list_id)) is None:
        return
    each.status, each.done_at, each.updated_at = DisposalStatus.DONE, context.now, context.now
    each.digest = digest_of_list(context.session, list_id)
    events.record(
        context,
        ArchiveEvent.LIST_DONE,
        subject=subject_of_list(list_id),
        data={"zaken": _count(context.session, list_id, ListedStatus.DONE), "sha256": each.digest},
    )


def digest_of_list(session: Session, list_id: int) -> str:
    """SHA-256 over a line for each case that went: its number and the SHA-256 over what it held."""
    rows = session.execute(
        select(Case.reference, DisposalCase.digest)
        .join(Case, Case.id == DisposalCase.case_id)
        .where(DisposalCase.list_id == list_id, DisposalCase.status == ListedStatus.DONE)
        .order_by(Case.reference)
    )
    return hashlib.sha256("".join(f"{reference} {digest}\n" for reference, digest in rows).encode()).hexdigest()


# --- by people


def confirm(context: Context, list_id: int, version: int) -> DisposalStatus:
    """Agree with a list: first one person, after whom nothing comes on it any more, then another.

    Raises:
        DomainError: the list is empty, was decided on already, or rests on a category whose source nobody read.
        PermissionDenied: the actor may not, or agreed already.
        VersionConflict: the list changed since the actor read it.
    """
    each = _open_list(context, list_id, version)
    if _count(context.session, list_id, ListedStatus.LISTED) == 0:
        raise DomainError(EMPTY)
    _require_sources(context.session, list_id)
    if each.status is DisposalStatus.OPEN:
        each.status, each.first_by_id, each.first_at = DisposalStatus.CONFIRMED_ONCE, _account(context), context.now
    elif each.status is DisposalStatus.CONFIRMED_ONCE:
        if each.first_by_id == context.actor.account_id:
            raise PermissionDenied(SAME_PERSON)
        each.status, each.second_by_id, each.second_at = DisposalStatus.CONFIRMED, _account(context), context.now
    else:
        raise DomainError(NOT_OPEN)
    each.updated_at = context.now
    _record(context, each, ArchiveEvent.LIST_CONFIRMED)
    return each.status


def give_back(context: Context, list_id: int, version: int) -> None:
    """Undo the first confirmation: the list is filled again. For anybody who may confirm it."""
    each = _open_list(context, list_id, version)
    if each.status is not DisposalStatus.CONFIRMED_ONCE:
        raise DomainError(NOT_OPEN)
    each.status, each.first_by_id, each.first_at = DisposalStatus.OPEN, None, None
    each.updated_at = context.now
    _record(context, each, ArchiveEvent.LIST_GIVEN_BACK)


def take_off(
    context: Context,
    list_id: int,
    reference: str,
    version: int,
    *,
    ground: HoldGround,
    until: date,
    reason: str,
) -> None:
    """Keep a case that stands on a list until a day, and say why. After that day it comes on a list again.

    Raises:
        NotFound: the case does not stand on this list.
        DomainError: the list was carried out, the day is not in the future, or no reason is given.
    """
    context.actor.require(Permission.MANAGE_ARCHIVE)
    session = context.session
    case = cases.get_for_update(session, reference)
    each = _open_list(context, list_id, version)
    row = session.scalar(
        select(DisposalCase).where(
            DisposalCase.list_id == list_id,
            DisposalCase.case_id == case.id,
            DisposalCase.status == ListedStatus.LISTED,
        )
    )
    if row is None:
        raise NotFound()
    if each.status is DisposalStatus.DONE or each.receipt_on is not None:
        raise DomainError(NOT_OPEN)
    retention = session.get_one(Retention, case.id, populate_existing=True)
    _hold(context, retention, ground, until, reason)
    _leave_list(context, each, row, ground)
    data = {"lijst": list_id, "grond": ground.value, "bewaren_tot": until.isoformat()}
    events.record(context, EventKind.DISPOSAL_HELD, case=case, data=data)


def hold(context: Context, reference: str, version: int, *, ground: HoldGround, until: date, reason: str) -> None:
    """Keep a case that is over until a day, whether it stands on a list or not; another time moves the day.

    Raises:
        VersionConflict: somebody changed the case since this actor read it.
        DomainError: the case is not over, its list was decided on, the day is not in the future, or no reason is given.
    """
    case, retention = _to_hold(context, reference, version)
    _hold(context, retention, ground, until, reason)
    data: dict[str, object] = {"grond": ground.value, "bewaren_tot": until.isoformat()}
    row = context.session.scalar(
        select(DisposalCase).where(DisposalCase.case_id == case.id, DisposalCase.status == ListedStatus.LISTED)
    )
    if row is not None:
        each = _locked(context.session, row.list_id)
        if each.status is DisposalStatus.DONE or each.receipt_on is not None:
            raise DomainError(NOT_OPEN)
        _leave_list(context, each, row, ground)
        data["lijst"] = each.id
    case.updated_at = context.now
    events.record(context, EventKind.CASE_HELD, case=case, data=data)


def lift_hold(context: Context, reference: str, version: int) -> None:
    """A case need not be kept any longer than its category says.

    Raises:
        VersionConflict: somebody changed the case since this actor read it.
        DomainError: nobody keeps it.
    """
    case, retention = _to_hold(context, reference, version)
    if retention.hold_until is None:
        raise DomainError(NOT_HELD)
    retention.hold_until = retention.hold_ground = retention.hold_reason = retention.held_by_id = None
    case.updated_at = context.now
    events.record(context, EventKind.HOLD_LIFTED, case=case)


def _to_hold(context: Context, reference: str, version: int) -> tuple[Case, Retention]:
    case = open_case(context, reference, Permission.MANAGE_ARCHIVE, version=version)
    retention = context.session.get(Retention, case.id, populate_existing=True)
    if retention is None:
        raise DomainError(NOT_OVER)
    return case, retention


def _hold(context: Context, retention: Retention, ground: HoldGround, until: date, reason: str) -> None:
    if not context.today < until <= context.today + LONGEST_HOLD:
        raise DomainError("Kies een dag in de toekomst, hooguit tien jaar verder.", field="until")
    if not reason.strip():
        raise DomainError("Schrijf op waarom de zaak blijft.", field="reason")
    retention.hold_ground, retention.hold_until = ground, until
    retention.hold_reason, retention.held_by_id = reason.strip()[:REASON_MAX_CHARACTERS], context.actor.account_id


def _leave_list(context: Context, each: DisposalList, row: DisposalCase, ground: HoldGround) -> None:
    row.status, row.ground = ListedStatus.TAKEN_OFF, ground
    row.taken_off_by_id, row.taken_off_on = context.actor.account_id, context.today
    each.updated_at = context.now


def receive(context: Context, list_id: int, version: int, *, reference: str, on: date, package_hash: str) -> None:
    """Write down that the archive has the package. Then the cases are emptied here.

    Args:
        package_hash: the hash of the manifest, as the archive says that it received it.
    Raises:
        DomainError: nothing waits for a receipt, the day is in the future, or the hash is that of another package.
    """
    each = _open_list(context, list_id, version)
    if each.disposition is not Disposition.TRANSFER or each.status is not DisposalStatus.CONFIRMED or each.receipt_on:
        raise DomainError("Er is geen pakket waarvan de ontvangst nog moet worden bevestigd.")
    if on > context.today:
        raise DomainError("Kies vandaag of een eerdere dag.", field="on")
    if each.second_at is not None and on < nl_day(each.second_at):
        raise DomainError("De lijst was op die dag nog niet bevestigd.", field="on")
    if not reference.strip():
        raise DomainError("Vul het kenmerk van het ontvangstbewijs in.", field="reference")
    if package_hash.strip().lower() != manifest_hash(context.session, list_id):
        raise DomainError(
            "Dit is niet de controlesom van het pakket zoals het nu is. Stuur het archief het nieuwe pakket.",
            field="package_hash",
        )
    each.receipt_reference, each.receipt_on = reference.strip(), on
    each.received_by_id, each.package_hash = _account(context), package_hash.strip().lower()
    each.updated_at = context.now
    _record(context, each, ArchiveEvent.PACKAGE_RECEIVED)


def manifest_hash(session: Session, list_id: int) -> str:
    """SHA-256 over a line for each case on a list: its number and the SHA-256 over what it holds."""
    lines = [
        f"{reference} {digest_of(read_contents(session, case_id))}\n"
        for case_id, reference in session.execute(listed_cases(list_id))
    ]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def listed_cases(list_id: int) -> Select[int, str]:
    """The ids and numbers of the cases that stand on a list, by number."""
    return (
        select(Case.id, Case.reference)
        .join(DisposalCase, DisposalCase.case_id == Case.id)
        .where(DisposalCase.list_id == list_id, DisposalCase.status == ListedStatus.LISTED)
        .order_by(Case.reference)
    )


# --- what they share


def _list_with_room(context: Context, disposition: Disposition, case: Case) -> DisposalList:
    """The list of this kind that is being filled, locked; a new one where there is none, or where it is full."""
    session = context.session
    found = session.scalars(
        select(DisposalList)
        .where(DisposalList.disposition == disposition, DisposalList.status == DisposalStatus.OPEN)
        .order_by(DisposalList.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    size = _bytes(session, [case.id])
    for each in found:
        ids = session.scalars(
            select(DisposalCase.case_id).where(
                DisposalCase.list_id == each.id, DisposalCase.status == ListedStatus.LISTED
            )
        ).all()
        if not ids or (len(ids) < MOST_CASES and _bytes(session, ids) + size <= MOST_BYTES):
            return each
    made = DisposalList(
        disposition=disposition, status=DisposalStatus.OPEN, made_on=context.today, updated_at=context.now
    )
    session.add(made)
    session.flush()
    return made


def _bytes(session: Session, case_ids: Sequence[int]) -> int:
    total = session.scalar(
        select(func.coalesce(func.sum(Attachment.size), 0)).where(
            Attachment.case_id.in_(case_ids), Attachment.removed_at.is_(None)
        )
    )
    return int(total or 0)


def _locked(session: Session, list_id: int) -> DisposalList:
    each = session.scalar(
        select(DisposalList)
        .where(DisposalList.id == list_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if each is None:
        raise NotFound()
    return each


def _open_list(context: Context, list_id: int, version: int) -> DisposalList:
    context.actor.require(Permission.MANAGE_ARCHIVE)
    each = _locked(context.session, list_id)
    if each.version != version:
        raise VersionConflict(Text(CHANGED))
    return each


def _count(session: Session, list_id: int, status: ListedStatus) -> int:
    count = select(func.count()).where(DisposalCase.list_id == list_id, DisposalCase.status == status)
    return session.scalars(count).one()


def _require_sources(session: Session, list_id: int) -> None:
    """Raise where a category on the list rests on a source that nobody read: that is no ground to destroy on."""
    names = session.scalars(
        select(RetentionCategory.name)
        .join(DisposalCase, DisposalCase.category_id == RetentionCategory.id)
        .where(
            DisposalCase.list_id == list_id,
            DisposalCase.status == ListedStatus.LISTED,
            RetentionCategory.source_checked_on.is_(None),
        )
        .distinct()
        .order_by(RetentionCategory.name)
    ).all()
    if names:
        raise DomainError(f"Zoek eerst de bron na van: {', '.join(names)}. Zonder bron mag er niets weg.")


def _account(context: Context) -> int:
    if context.actor.account_id is None:
        raise PermissionDenied("Alleen wie een account heeft, kan dit.")
    return context.actor.account_id


def _record(context: Context, each: DisposalList, kind: ArchiveEvent) -> None:
    count = _count(context.session, each.id, ListedStatus.LISTED)
    events.record(context, kind, subject=subject_of_list(each.id), data={"zaken": count, "wat": each.disposition.value})
