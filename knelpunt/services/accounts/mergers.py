"""Mergers of municipalities: proposed by one administrator, decided by another, and carried out on their day.

The new organisation takes over accounts, drafts, cases and joint filings. Where a case played stays what it was on the
day of filing: the place of a case, its public text and the figures never change (decision 0022).
"""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, delete, func, literal, or_, select, update
from sqlalchemy.orm import Session

from knelpunt.domain.errors import DomainError, NotFound, PermissionDenied
from knelpunt.domain.filing.joint_filing import Partner, read_partners, write_partners
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.mergers import (
    MOST_MUNICIPALITIES,
    NAME_MAX_CHARACTERS,
    OPEN_MERGERS,
    TOOI,
    MergerEvent,
    MergerStatus,
    check_code,
    check_day,
    read_elsewhere,
    subject_of,
)
from knelpunt.domain.texts import date_in_words
from knelpunt.domain.vocabulary import EventKind, OrganisationKind
from knelpunt.models import (
    Account,
    Case,
    CaseParticipant,
    Draft,
    GuideClaim,
    Merger,
    MergerException,
    MergerMunicipality,
    Municipality,
    Organisation,
    Province,
    SignOnIdentity,
)
from knelpunt.queries.accounts import mergers as queries
from knelpunt.queries.accounts import sign_on
from knelpunt.queries.core import people
from knelpunt.services.accounts import mail_texts as texts
from knelpunt.services.accounts.administrators import confirmed_administrator
from knelpunt.services.accounts.identity import clients
from knelpunt.services.accounts.organisations import note_merged
from knelpunt.services.core import events, small_tables, subscribers
from knelpunt.services.core.context import Context
from knelpunt.services.core.public_words import require_no_numbers
from knelpunt.services.mail import messages
from knelpunt.services.mail.texts import MailText

OWN_PROPOSAL = "U stelde dit zelf voor. Een andere beheerder besluit."
ENDED_MEANWHILE = "Een van deze gemeenten is intussen al opgegaan in een andere. Wijs dit voorstel af."
TAKEN_MEANWHILE = "Een van deze gemeenten staat intussen in een andere herindeling. Wijs dit voorstel af."
MERGER_LOCK = 2_013_117
"""One merger at a time is proposed, decided or carried out: a municipality may not stand in two. Taken first of all."""
_FRESH = {"populate_existing": True}
_PARTNERS = "partners"
_PLACE = "municipality_id"
_FETCH = {"synchronize_session": "fetch"}


def propose(
    context: Context,
    *,
    day: date,
    ending: Sequence[int],
    code: str,
    name: str,
    province_id: int | None,
    reason: str,
    elsewhere: str = "",
) -> Merger:
    """Propose that municipalities go up in one on a day; nothing follows before another administrator agreed.

    Args:
        ending: the ids of the municipalities that end.
        code: of the municipality that receives. One that is there keeps its name and province; a new one needs them.
        elsewhere: what goes to another municipality, because the old one is split; as ``read_elsewhere`` reads it.

    Raises:
        PermissionDenied: the actor is no confirmed administrator.
        DomainError: on the field that is wrong.
    """
    number = confirmed_administrator(context)
    session = context.session
    check_day(day, context.today)
    _hold_mergers(session)
    old = _ending(session, ending, day)
    code = check_code(code)
    receiver = session.scalars(_by_code([code])).one_or_none()
    if receiver is None:
        name = " ".join(name.split())
        if not name or len(name) > NAME_MAX_CHARACTERS or not name.isprintable():
            raise DomainError("Vul de naam van de nieuwe gemeente in.", field="name")
        require_no_numbers({"name": name}, people.known_at_the_desk(session), {"name": "de naam"})
        if province_id is None or session.get(Province, province_id) is None:
            raise DomainError("Kies de provincie van de nieuwe gemeente.", field="province_id")
        if _name_is_taken(session, name, old):
            raise DomainError("Er is al een gemeente met deze naam. Vul haar code in.", field="name")
    else:
        _check_receiver(session, receiver, old)
        name, province_id = receiver.name, receiver.province_id
    merger = Merger(
        day=day,
        code=code,
        name=name,
        province_id=province_id,
        municipality_id=receiver.id if receiver else None,
        reason=reason,
        status=MergerStatus.PROPOSED,
        proposed_by_id=number,
        proposed_at=context.now,
    )
    session.add(merger)
    session.flush()
    session.add_all(MergerMunicipality(merger_id=merger.id, municipality_id=each.id) for each in old)
    session.flush()
    session.add_all(_exceptions(session, merger, elsewhere))
    _record(context, MergerEvent.PROPOSED, merger)
    return merger


def decide(context: Context, merger_id: int, *, is_accepted: bool) -> Merger:
    """Let a merger happen on its day, and at once where that has come; or refuse it.

    Raises:
        PermissionDenied: the actor proposed it, or is no confirmed administrator.
        NotFound: it is not waiting (any more).
        DomainError: one of its municipalities has ended meanwhile, or another merger took it.
    """
    number = confirmed_administrator(context)
    _hold_mergers(context.session)
    merger = _locked(context, merger_id, frozenset({MergerStatus.PROPOSED}))
    if merger.proposed_by_id == number:
        raise PermissionDenied(OWN_PROPOSAL)
    if is_accepted and (fault := _fault(context.session, merger)):
        raise DomainError(fault)
    merger.status = MergerStatus.PLANNED if is_accepted else MergerStatus.REFUSED
    merger.decided_by_id, merger.decided_at = number, context.now
    _record(context, MergerEvent.PLANNED if is_accepted else MergerEvent.REFUSED, merger)
    if not is_accepted:
        return merger
    if merger.day <= context.today:
        carry_out(context, merger.id)
    else:
        parting = context.session.scalars(select(SignOnIdentity.account_id).where(queries.parting(merger.id)))
        _tell(context, merger, MailKind.MERGER_PLANNED, _old_names(context.session, merger), set(parting))
    return merger


def cancel(context: Context, merger_id: int) -> None:
    """Take a merger back before its day; one administrator may, because everything stays as it is.

    Raises:
        PermissionDenied: the actor is no confirmed administrator.
        NotFound: it was done or ended already.
    """
    number = confirmed_administrator(context)
    merger = _locked(context, merger_id, OPEN_MERGERS)
    was_told = merger.status is MergerStatus.PLANNED
    merger.status = MergerStatus.CANCELLED
    merger.ended_by_id, merger.ended_at = number, context.now
    _record(context, MergerEvent.CANCELLED, merger)
    if was_told:
        _tell(context, merger, MailKind.MERGER_CANCELLED, _old_names(context.session, merger))


def due(context: Context) -> Select[int]:
    """The mergers that the worker has to carry out now, or for which something came late."""
    return queries.due(context.today)


def carry_out(context: Context, merger_id: int) -> None:
    """Let everything follow, in the caller's transaction. Done once more it takes along only what came late.

    Where one of the municipalities ended by something else, the merger is taken back, and who was told hears it.
    """
    session = context.session
    _hold_mergers(session)
    merger = session.get(Merger, merger_id, with_for_update=True, populate_existing=True)
    if merger is None or merger.status not in (MergerStatus.PLANNED, MergerStatus.DONE) or merger.day > context.today:
        return
    is_first = merger.status is MergerStatus.PLANNED
    old = _old_names(session, merger)
    if is_first and _has_ended(session, merger):
        merger.status, merger.ended_at = MergerStatus.CANCELLED, context.now
        _record(context, MergerEvent.CANCELLED, merger)
        _tell(context, merger, MailKind.MERGER_CANCELLED, old)
        return
    organisation = _organisation_of(session, _begin(session, merger), merger)
    for other in session.scalars(queries.without_organisation(merger.id)).all():
        _organisation_of(session, other, merger)
    if is_first:
        clients.hold_of_organisations(context, queries.leaving(merger.id))
    parted = _keep_ways_in(session, merger, organisation.id)
    followed = _move(context, merger, organisation)
    if is_first:
        _end_old(session, merger, organisation)  # first: what ends is told to who manages the new one
        clients.end_of_organisations(context, queries.leaving(merger.id))
        merger.status, merger.done_at, merger.followed = MergerStatus.DONE, context.now, followed
        _record(context, MergerEvent.DONE, merger, followed)
        _tell(context, merger, MailKind.MERGER_DONE, old, parted)
    small_tables.touch(session)


def _hold_mergers(session: Session) -> None:
    session.execute(select(func.pg_advisory_xact_lock(MERGER_LOCK)))


def _by_code(codes: Collection[str]) -> Select[Municipality]:
    return select(Municipality).where(Municipality.code.in_(codes)).execution_options(**_FRESH)


def _ending(session: Session, ids: Sequence[int], day: date) -> Sequence[Municipality]:
    wanted = sorted(set(ids))
    if not wanted:
        raise DomainError("Kies ten minste één gemeente die eindigt.", field="ending")
    if len(wanted) > MOST_MUNICIPALITIES:
        raise DomainError(f"Kies hooguit {MOST_MUNICIPALITIES} gemeenten.", field="ending")
    found = session.scalars(
        select(Municipality).where(Municipality.id.in_(wanted)).order_by(Municipality.id).execution_options(**_FRESH)
    ).all()
    for each in found:
        if each.valid_to is not None or (each.valid_from is not None and each.valid_from >= day):
            raise DomainError(f"Deze gemeente bestaat niet op de dag ervoor: {each.name}.", field="ending")
    if len(found) != len(wanted):
        raise DomainError("Kies de gemeenten uit de lijst.", field="ending")
    if queries.is_ending(session, wanted):
        raise DomainError("Een van deze gemeenten staat al in een andere herindeling.", field="ending")
    if queries.is_receiving(session, wanted):
        raise DomainError("Een van deze gemeenten ontvangt nog iets in een andere herindeling.", field="ending")
    return found


def _check_receiver(session: Session, receiver: Municipality, old: Sequence[Municipality]) -> None:
    if receiver.id in {each.id for each in old}:
        raise DomainError("De gemeente kan niet eindigen en ook blijven.", field="code")
    if receiver.valid_to is not None:
        raise DomainError("Deze gemeente bestaat niet meer.", field="code")
    if queries.is_ending(session, [receiver.id]):
        raise DomainError("Deze gemeente eindigt zelf in een andere herindeling.", field="code")


def _name_is_taken(session: Session, name: str, old: Sequence[Municipality]) -> bool:
    """Whether a municipality that goes on has this name; one that ends may leave it to the new one."""
    same = select(Municipality.id).where(
        func.lower(Municipality.name) == name.lower(),
        Municipality.valid_to.is_(None),
        Municipality.id.not_in([each.id for each in old]),
    )
    return session.scalar(same.limit(1)) is not None


def _exceptions(session: Session, merger: Merger, text: str) -> list[MergerException]:
    """What goes elsewhere: accounts and cases of the municipalities that end, to one that stays."""
    lines = read_elsewhere(text)
    if not lines:
        return []
    old, ended = set(session.scalars(queries.leaving(merger.id))), set(session.scalars(queries.ending(merger.id)))
    targets = {each.code: each for each in session.scalars(_by_code({each.code for each in lines}))}
    is_ending = queries.is_ending(session, [each.id for each in targets.values()], but=merger.id)
    named = {
        is_account: {
            row.key: row
            for row in session.execute(
                select(model.id, model.organisation_id, key.label("key")).where(
                    key.in_([each.what for each in lines if each.is_account is is_account])
                )
            )
        }
        for is_account, model, key in ((True, Account, Account.email), (False, Case, Case.reference))
    }
    made = []
    for each in lines:
        target, row = targets.get(each.code), named[each.is_account].get(each.what)
        if target is None or target.valid_to is not None or target.id in ended:
            raise DomainError(f"Deze gemeente kan niets ontvangen: {each.code}", field="elsewhere")
        if row is None or row.organisation_id not in old:
            raise DomainError(f"Dit hoort niet bij een gemeente die eindigt: {each.what[:80]}", field="elsewhere")
        if target.code == merger.code:
            continue
        made.append(
            MergerException(
                merger_id=merger.id,
                account_id=row.id if each.is_account else None,
                case_id=None if each.is_account else row.id,
                municipality_id=target.id,
            )
        )
    if is_ending:
        raise DomainError("Een gemeente die hier ontvangt, eindigt zelf in een andere herindeling.", field="elsewhere")
    return made


def _has_ended(session: Session, merger: Merger) -> bool:
    """Whether one of the municipalities is no more: of those that end, the one that receives, and where parts go."""
    concerned = session.scalars(queries.concerned(merger.id).execution_options(**_FRESH))
    return any(each.valid_to is not None for each in concerned)


def _fault(session: Session, merger: Merger) -> str:
    """Why what was proposed cannot be done any more; empty when it can."""
    if _has_ended(session, merger):
        return ENDED_MEANWHILE
    planned, ended = {MergerStatus.PLANNED}, list(session.scalars(queries.ending(merger.id)))
    concerned = [each.id for each in session.scalars(queries.concerned(merger.id))]
    is_taken = queries.is_ending(session, concerned, planned, but=merger.id)
    return TAKEN_MEANWHILE if is_taken or queries.is_receiving(session, ended, planned, but=merger.id) else ""


def _begin(session: Session, merger: Merger) -> Municipality:
    """The municipality that receives; a new one begins on the day, where the first that ends lay on the map."""
    receiver = session.scalars(select(Municipality).where(Municipality.code == merger.code)).one_or_none()
    if receiver is None:
        first = session.scalars(
            select(Municipality)
            .where(Municipality.id.in_(queries.ending(merger.id)))
            .order_by(Municipality.tile_x.is_(None), Municipality.id)
            .limit(1)
        ).one()
        receiver = Municipality(
            code=merger.code,
            name=merger.name,
            province_id=merger.province_id,
            valid_from=merger.day,
            latitude=first.latitude,
            longitude=first.longitude,
            tile_x=first.tile_x,
            tile_row=first.tile_row,
        )
        session.add(receiver)
        session.flush()
    merger.municipality_id = receiver.id
    return receiver


def _organisation_of(session: Session, receiver: Municipality, merger: Merger) -> Organisation:
    """The organisation of the municipality that receives. A name that one of the old ones leaves is made free first."""
    found = session.scalars(select(Organisation).where(Organisation.municipality_id == receiver.id)).one_or_none()
    if found is not None:
        return found
    name = f"Gemeente {receiver.name}"
    session.execute(
        update(Organisation)
        .where(Organisation.id.in_(queries.leaving(merger.id)), func.lower(Organisation.name) == name.lower())
        .values(name=f"{name} (tot {date_in_words(merger.day)})")
        .execution_options(**_FETCH)
    )
    strict = session.scalars(
        select(Organisation.id).where(Organisation.id.in_(queries.leaving(merger.id)), Organisation.needs_co_signature)
    ).first()
    made = Organisation(
        kind=OrganisationKind.MUNICIPALITY,
        name=name,
        code=receiver.code,
        tooi_uri=f"{TOOI}/gemeente/{receiver.code.lower()}",
        municipality_id=receiver.id,
        valid_from=receiver.valid_from,
        needs_co_signature=strict is not None,
    )
    session.add(made)
    session.flush()
    return made


def _keep_ways_in(session: Session, merger: Merger, to: int) -> frozenset[int]:
    """Let everybody come in as before, whatever rules come along: a provider that let nobody in at the old organisation
    of an account shuts it out only after the first time there. Who goes elsewhere comes in by the old organisation no
    longer; gives which accounts did so, and choose a password now."""
    parted = session.scalars(
        delete(SignOnIdentity).where(queries.parting(merger.id)).returning(SignOnIdentity.account_id)
    ).all()
    held = sign_on.providers_by_organisation(session)
    old = set(session.scalars(queries.leaving(merger.id)))
    coming = set().union(*(held.get(each, ()) for each in (*old, to)))
    if not held:
        return frozenset(parted)
    spared: dict[tuple[str, ...], list[int]] = {}
    rows = session.execute(
        select(
            Account.id, Account.organisation_id, Account.spared_providers, _goes_to(merger, Account, to).label("after")
        )
        .where(Account.organisation_id.in_({*old, to}))
        .order_by(Account.id)
    )
    for row in rows:
        new = coming - held.get(row.organisation_id, set()) if row.after == to else held.get(row.after, set())
        if not new.issubset(row.spared_providers):
            spared.setdefault(tuple(sorted(new.union(row.spared_providers))), []).append(row.id)
    for providers, ids in spared.items():
        session.execute(
            update(Account)
            .where(Account.id.in_(ids))
            .values(spared_providers=list(providers))
            .execution_options(**_FETCH)
        )
    return frozenset(parted)


def _end_old(session: Session, merger: Merger, organisation: Organisation) -> None:
    last_day = merger.day - timedelta(days=1)
    session.execute(
        update(Municipality)
        .where(Municipality.id.in_(queries.ending(merger.id)))
        .values(valid_to=last_day, successor_id=organisation.municipality_id)
        .execution_options(**_FETCH)
    )
    session.execute(
        update(Organisation)
        .where(Organisation.id.in_(queries.leaving(merger.id)))
        .values(valid_to=last_day)
        .execution_options(**_FETCH)
    )


def _move(context: Context, merger: Merger, organisation: Organisation) -> dict[str, int]:
    """Let every row follow; how many of each. Accounts go first: who files meanwhile files for the new one."""
    followed: dict[str, int] = {}
    following = queries.following(merger.id)
    # All cases at once: the first that follow take the chain, and who holds it waits for no row.
    cases = or_(*(which for model, which in following.values() if model is Case))
    context.session.execute(select(Case.id).where(cases).order_by(Case.id).with_for_update())
    for name, (model, which) in following.items():
        if model is Draft:
            changed = _rename_place(context, merger, organisation, which)
        if name == "concepten_van_anderen":
            followed[name] = changed
        elif model is Case:
            followed[name] = _move_cases(context, merger, which, organisation.id)
        else:
            followed[name] = len(_moved(context, merger, model, which, organisation.id))
    return followed


def _goes_to(merger: Merger, model: Any, to: int) -> Any:
    """The organisation to which each row goes: that of its exception, or its author's, else where most goes."""
    named = {
        Account: (MergerException.account_id, Account.id),
        Draft: (MergerException.account_id, Draft.author_id),
        GuideClaim: (MergerException.account_id, GuideClaim.account_id),
    }
    column, own = named.get(model, (MergerException.case_id, Case.id))
    elsewhere = (
        select(Organisation.id)
        .join(MergerException, MergerException.municipality_id == Organisation.municipality_id)
        .where(MergerException.merger_id == merger.id, column == own)
        .correlate(model)
        .scalar_subquery()
    )
    return func.coalesce(elsewhere, to)


def _moved(context: Context, merger: Merger, model: Any, which: Any, to: int) -> dict[int, int]:
    """Let rows follow; to which organisation each went, by its id."""
    values: dict[str, Any] = {"organisation_id": to}
    if model in (Account, Draft, Case, GuideClaim):
        values["organisation_id"] = _goes_to(merger, model, to)
    if model is Account:
        values["version"] = Account.version + 1
    done = context.session.execute(
        update(model)
        .where(which)
        .values(**values)
        .returning(model.id, model.organisation_id)
        .execution_options(**_FETCH)
    )
    moved = {row.id: row.organisation_id for row in done}
    if model in (Account, Case, CaseParticipant):
        note_merged(context, moved.values())
    return moved


def _move_cases(context: Context, merger: Merger, which: Any, to: int) -> int:
    """Let cases follow, each with an event; the place where a case plays stays."""
    session = context.session
    rows = session.scalars(select(Case).where(which).order_by(Case.id).with_for_update()).all()
    before = {case.id: case.organisation_id for case in rows}
    moved = _moved(context, merger, Case, which, to)
    told = [
        events.event_row(
            EventKind.ORGANISATION_MERGED,
            recorded_at=context.now,
            happened_on=context.today,
            actor_kind=context.actor.kind,
            actor_id=context.actor.account_id,
            case=case,
            data={
                "herindeling": merger.id,
                "van_organisatie": before[case.id],
                "naar_organisatie": moved[case.id],
            },
        )
        for case in rows
    ]
    hearers = subscribers.who_hears_moved(context, EventKind.ORGANISATION_MERGED, rows, moved)
    events.append(session, told)
    last, _hash = events.lock_chain(session)
    for number, case in enumerate(rows, last - len(rows) + 1):
        if (heard := hearers.get(case.id)) is not None:
            subscribers.tell(context, heard, EventKind.ORGANISATION_MERGED, number, case=case, subject=None)
    return len(moved)


def _rename_place(context: Context, merger: Merger, organisation: Organisation, which: Any) -> int:
    """Let drafts name the municipality of today, also among those that are asked to file along."""
    session = context.session
    ended = {str(each) for each in session.scalars(queries.ending(merger.id))}
    new, rows = organisation.municipality_id or 0, 0
    for draft in session.scalars(select(Draft).where(which).order_by(Draft.id).with_for_update()):
        data = dict(draft.data)
        if data.get(_PLACE) in ended:
            data[_PLACE] = str(new)
        if data.get(_PARTNERS):
            named = [
                Partner(new, each.email) if str(each.municipality_id) in ended else each
                for each in read_partners(data[_PARTNERS])
            ]
            data[_PARTNERS] = write_partners({
                each.municipality_id: each for each in reversed(named) if str(each.municipality_id) != data.get(_PLACE)
            }.values())  # fmt: skip
        draft.data = data
        rows += 1
    session.flush()
    return rows


def _old_names(session: Session, merger: Merger) -> str:
    names = session.scalars(select(Organisation.name).where(Organisation.id.in_(queries.leaving(merger.id))))
    return " en ".join(sorted(names))


def _tell(context: Context, merger: Merger, kind: MailKind, old: str, parted: Collection[int] = ()) -> None:
    """Mail everybody whose organisation changes, and who is of the one that receives.

    Args:
        parted: accounts that came in by their old organisation, and cannot any more.
    """
    session = context.session
    elsewhere = {
        row[0]: row[1]
        for row in session.execute(
            select(
                MergerException.account_id, func.coalesce(Organisation.name, literal("Gemeente ") + Municipality.name)
            )
            .join(Municipality, Municipality.id == MergerException.municipality_id)
            .outerjoin(Organisation, Organisation.municipality_id == Municipality.id)
            .where(MergerException.merger_id == merger.id, MergerException.account_id.is_not(None))
        )
    }
    receiving = select(Organisation.id).where(Organisation.code == merger.code)
    concerned = session.scalars(
        select(Account)
        .where(
            Account.is_active,
            Account.organisation_id.in_(queries.leaving(merger.id))
            | Account.organisation_id.in_(receiving)
            | Account.id.in_(elsewhere),
        )
        .order_by(Account.id)
    )
    for account in concerned:
        new = elsewhere.get(account.id, f"Gemeente {merger.name}")
        text = _text(context, merger, kind, old, new, needs_password=account.id in parted)
        messages.queue_text(
            context, kind, account.email, text, account_id=account.id, once_key=f"{kind}:{merger.id}:{account.id}"
        )


def _text(context: Context, merger: Merger, kind: MailKind, old: str, new: str, *, needs_password: bool) -> MailText:
    if kind is MailKind.MERGER_PLANNED:
        return texts.merger_planned(old=old, new=new, day=merger.day, needs_password=needs_password)
    if kind is MailKind.MERGER_CANCELLED:
        return texts.merger_cancelled(old=old, new=new, day=merger.day)
    url = context.links.to("/onze-zaken")
    return texts.merger_done(old=old, new=new, day=merger.day, url=url, needs_password=needs_password)


def _locked(context: Context, merger_id: int, statuses: frozenset[MergerStatus]) -> Merger:
    merger = context.session.get(Merger, merger_id, with_for_update=True, populate_existing=True)
    if merger is None or merger.status not in statuses:
        raise NotFound()
    return merger


def _record(context: Context, kind: MergerEvent, merger: Merger, followed: dict[str, int] | None = None) -> None:
    ended = list(context.session.scalars(queries.ending(merger.id).order_by(MergerMunicipality.municipality_id)))
    data = {
        "dag": merger.day.isoformat(),
        "gemeenten": ended,
        "naar_gemeente": merger.municipality_id,
        **(followed or {}),
    }
    events.record(context, kind, subject=subject_of(merger.id), data=data)
