"""Mergers of municipalities: the list, one of them, and exactly what follows to the new organisation."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, or_, select, union_all
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session, aliased

from knelpunt.domain.identity.claims import SignOnRuleStatus
from knelpunt.domain.mergers import FOLLOWING, OPEN_MERGERS, MergerStatus
from knelpunt.domain.vocabulary import OPEN_STATUSES
from knelpunt.models import (
    Account,
    Case,
    CaseParticipant,
    Draft,
    GuideClaim,
    Invitation,
    Merger,
    MergerException,
    MergerMunicipality,
    Municipality,
    Organisation,
    SignOnIdentity,
    SignOnRule,
)

PAGE_SIZE = 50
NAMES_SHOWN = 20
_JOINER = ", "


def ending(merger_id: int) -> Select[int]:
    """The municipalities that end by a merger."""
    return select(MergerMunicipality.municipality_id).where(MergerMunicipality.merger_id == merger_id)


def leaving(merger_id: int) -> Select[int]:
    """The organisations of the municipalities that end."""
    return select(Organisation.id).where(Organisation.municipality_id.in_(ending(merger_id)))


def _parts(merger_id: int) -> Select[int]:
    return select(MergerException.municipality_id).where(MergerException.merger_id == merger_id)


def concerned(merger_id: int) -> Select[Municipality]:
    """The municipalities that end, the one that receives once it is there, and those to which a part goes."""
    return select(Municipality).where(
        or_(
            Municipality.id.in_(ending(merger_id)),
            Municipality.code == select(Merger.code).where(Merger.id == merger_id).scalar_subquery(),
            Municipality.id.in_(_parts(merger_id)),
        )
    )


def without_organisation(merger_id: int) -> Select[Municipality]:
    """The municipalities to which a part goes, and that have no organisation yet."""
    has_one = exists().where(Organisation.municipality_id == Municipality.id)
    return select(Municipality).where(Municipality.id.in_(_parts(merger_id)), ~has_one).order_by(Municipality.id)


def following(merger_id: int) -> dict[str, tuple[type[Any], ColumnElement[bool]]]:
    """What goes along: the table and which of its rows, by the names of ``FOLLOWING``. What is shown beforehand and
    what is done both read this."""
    old, places = leaving(merger_id), ending(merger_id)
    ended = select(func.cast(places.subquery().c.municipality_id, Draft.key.type))
    is_open = Case.status.in_(sorted(OPEN_STATUSES))
    theirs = and_(Case.organisation_id.in_(old), Case.archived_on.is_(None))
    joined = select(Case.id).where(Case.archived_on.is_(None))
    return {
        "accounts": (Account, Account.organisation_id.in_(old)),
        "uitnodigingen": (
            Invitation,
            and_(Invitation.organisation_id.in_(old), Invitation.used_at.is_(None), Invitation.withdrawn_at.is_(None)),
        ),
        "inlogregels": (
            SignOnRule,
            and_(
                SignOnRule.organisation_id.in_(old),
                SignOnRule.status.in_([SignOnRuleStatus.PROPOSED, SignOnRuleStatus.HOLDS]),
            ),
        ),
        "concepten": (Draft, Draft.organisation_id.in_(old)),
        "concepten_van_anderen": (
            Draft,
            and_(
                or_(Draft.organisation_id.is_(None), Draft.organisation_id.not_in(old)),
                Draft.data["municipality_id"].astext.in_(ended),
            ),
        ),
        "open_zaken": (Case, and_(theirs, is_open)),
        "afgeronde_zaken": (Case, and_(theirs, ~is_open)),
        "samen_gemeld": (
            CaseParticipant,
            and_(CaseParticipant.organisation_id.in_(old), CaseParticipant.case_id.in_(joined)),
        ),
        "gebruikte_ruimtewijzers": (GuideClaim, GuideClaim.organisation_id.in_(old)),
    }


def parting(merger_id: int) -> ColumnElement[bool]:
    """Which identities at a provider end: of the accounts that go elsewhere, whose old organisation let them in."""
    going = (
        select(Account.id)
        .join(MergerException, MergerException.account_id == Account.id)
        .where(MergerException.merger_id == merger_id, Account.organisation_id.in_(leaving(merger_id)))
    )
    return SignOnIdentity.account_id.in_(going)


def came_along(session: Session, organisation_id: int, since: datetime) -> list[str]:
    """The providers that a merger brought to an organisation since then: whoever was invited before it comes in beside
    them, as its people do."""
    found = (
        select(SignOnRule.provider)
        .join(Organisation, Organisation.id == SignOnRule.organisation_id)
        .join(Merger, Merger.municipality_id == Organisation.municipality_id)
        .where(
            SignOnRule.organisation_id == organisation_id,
            SignOnRule.status == SignOnRuleStatus.HOLDS,
            Merger.status == MergerStatus.DONE,
            Merger.done_at > since,
            func.coalesce(SignOnRule.decided_at, SignOnRule.proposed_at) <= Merger.done_at,
        )
        .distinct()
        .order_by(SignOnRule.provider)
    )
    return list(session.scalars(found))


def heir_of(session: Session, organisation_id: int) -> int:
    """The organisation that looks after what was this one's: the one in which it went up, or itself."""
    heir, seen = aliased(Organisation), {organisation_id}
    while True:
        found = session.scalar(
            select(heir.id)
            .join(Municipality, Municipality.successor_id == heir.municipality_id)
            .join(Organisation, Organisation.municipality_id == Municipality.id)
            .where(Organisation.id == organisation_id, Organisation.valid_to.is_not(None))
        )
        if found is None or found in seen:
            return organisation_id
        organisation_id = found
        seen.add(found)


def counts(session: Session, merger_id: int) -> dict[str, int]:
    """How much of each goes along as things are now, in one statement."""
    parts = [
        select(literal(name), func.count()).select_from(model).where(which)
        for name, (model, which) in following(merger_id).items()
    ]
    found: dict[str, int] = {row[0]: row[1] for row in session.execute(union_all(*parts))}
    return {name: found[name] for name in FOLLOWING}


@dataclass(frozen=True, slots=True)
class MergerRow:
    """One merger as a page shows it. ``organisation`` is the name of who receives, as it will be."""

    id: int
    day: date
    code: str
    name: str
    province_id: int
    municipality_id: int | None
    reason: str
    status: MergerStatus
    proposed_by_id: int
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    ended_by: str | None
    ended_at: datetime | None
    done_at: datetime | None
    followed: Mapping[str, int] | None
    old_names: str

    @property
    def is_new(self) -> bool:
        """Whether the municipality that receives begins on the day."""
        return self.municipality_id is None


def _select() -> Select[*tuple[Any, ...]]:
    proposer, decider, ender = aliased(Account), aliased(Account), aliased(Account)
    old_names = (
        select(func.string_agg(Municipality.name, aggregate_order_by(literal(_JOINER), Municipality.name)))
        .join(MergerMunicipality, MergerMunicipality.municipality_id == Municipality.id)
        .where(MergerMunicipality.merger_id == Merger.id)
        .correlate(Merger)
        .scalar_subquery()
    )
    return (
        select(
            Merger.id,
            Merger.day,
            Merger.code,
            Merger.name,
            Merger.province_id,
            Merger.municipality_id,
            Merger.reason,
            Merger.status,
            Merger.proposed_by_id,
            proposer.name.label("proposed_by"),
            Merger.proposed_at,
            decider.name.label("decided_by"),
            Merger.decided_at,
            ender.name.label("ended_by"),
            Merger.ended_at,
            Merger.done_at,
            Merger.followed,
            old_names.label("old_names"),
        )
        .join(proposer, proposer.id == Merger.proposed_by_id)
        .outerjoin(decider, decider.id == Merger.decided_by_id)
        .outerjoin(ender, ender.id == Merger.ended_by_id)
    )


def list_mergers(session: Session, status: MergerStatus | None, after: int | None = None) -> list[MergerRow]:
    """Mergers, the newest first; at most a page and one more.

    Args:
        after: the id of the last one of the page before.
    """
    statement = _select().order_by(Merger.id.desc()).limit(PAGE_SIZE + 1)
    if status is not None:
        statement = statement.where(Merger.status == status)
    if after is not None:
        statement = statement.where(Merger.id < after)
    return [MergerRow(**row) for row in session.execute(statement).mappings()]


def one(session: Session, merger_id: int) -> MergerRow | None:
    """One merger, or None."""
    row = session.execute(_select().where(Merger.id == merger_id)).mappings().one_or_none()
    return MergerRow(**row) if row is not None else None


@dataclass(frozen=True, slots=True)
class Moving:
    """Somebody or something that goes along, and where to; ``place`` is empty for where most goes."""

    words: str
    place: str | None


def named_followers(session: Session, merger_id: int) -> tuple[list[Moving], list[Moving]]:
    """The accounts that are on and the open cases that go along, by name and number, in two statements; of each at most
    ``NAMES_SHOWN``, those that go elsewhere first."""
    parts = following(merger_id)
    found = []
    for words, key, column in (
        (Account.name, "accounts", MergerException.account_id),
        (Case.reference, "open_zaken", MergerException.case_id),
    ):
        model, which = parts[key]
        rows = session.execute(
            select(words, Municipality.name)
            .select_from(model)
            .outerjoin(MergerException, and_(MergerException.merger_id == merger_id, column == model.id))
            .outerjoin(Municipality, Municipality.id == MergerException.municipality_id)
            .where(which, *([Account.is_active] if model is Account else []))
            .order_by(MergerException.id.is_(None), words, model.id)
            .limit(NAMES_SHOWN)
        )
        found.append([Moving(*row) for row in rows])
    return found[0], found[1]


def count_waiting(session: Session) -> int:
    """How many wait for a second administrator."""
    waiting = select(func.count()).select_from(Merger).where(Merger.status == MergerStatus.PROPOSED)
    return session.scalar(waiting) or 0


def is_ending(
    session: Session, municipality_ids: Collection[int], statuses: Collection[MergerStatus] = OPEN_MERGERS, but: int = 0
) -> bool:
    """Whether one of these ends by another merger than ``but``, which stands so."""
    ends = exists().where(
        MergerMunicipality.municipality_id.in_(municipality_ids),
        Merger.id == MergerMunicipality.merger_id,
        Merger.id != but,
        Merger.status.in_(statuses),
    )
    return bool(session.scalar(select(ends)))


def is_receiving(
    session: Session, municipality_ids: Collection[int], statuses: Collection[MergerStatus] = OPEN_MERGERS, but: int = 0
) -> bool:
    """Whether one of these receives by another merger than ``but``, all of it or what goes elsewhere."""
    part = exists().where(MergerException.merger_id == Merger.id, MergerException.municipality_id == Municipality.id)
    receives = exists().where(
        Municipality.id.in_(municipality_ids),
        Merger.id != but,
        Merger.status.in_(statuses),
        or_(Merger.code == Municipality.code, part),
    )
    return bool(session.scalar(select(receives)))


def due(today: date) -> Select[int]:
    """What is to be done now: those whose day has come, and those after which somebody still made something for an
    organisation that had ended, in a request that had begun before."""
    old = (
        select(Organisation.id)
        .join(MergerMunicipality, MergerMunicipality.municipality_id == Organisation.municipality_id)
        .where(MergerMunicipality.merger_id == Merger.id)
        .correlate(Merger)
    )
    left = or_(
        *(exists().where(model.organisation_id.in_(old)) for model in (Account, Draft, GuideClaim)),
        exists().where(Case.organisation_id.in_(old), Case.archived_on.is_(None)),
    )
    return (
        select(Merger.id)
        .where(
            or_(
                and_(Merger.status == MergerStatus.PLANNED, Merger.day <= today),
                and_(Merger.status == MergerStatus.DONE, left),
            )
        )
        .order_by(Merger.id)
    )
