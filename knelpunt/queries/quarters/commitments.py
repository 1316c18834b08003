"""Commitments: the list, one of them with its steps, and the table that fills itself in the text of a quarter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from knelpunt.domain.bottlenecks import STATUS_NAMES
from knelpunt.domain.calendar.timezone import Quarter, start_of_nl_day
from knelpunt.domain.figures.writing import Placed, PlacedTable
from knelpunt.domain.quarters.commitments import ENDED, OPEN, STATUS_TEXTS, CommitmentKind, CommitmentStatus
from knelpunt.domain.quarters.commitments import KIND_TEXTS as KINDS
from knelpunt.domain.texts import date_in_words
from knelpunt.domain.vocabulary import Role
from knelpunt.models import (
    Account,
    Bottleneck,
    Case,
    Commitment,
    CommitmentBottleneck,
    CommitmentCase,
    CommitmentNews,
)
from knelpunt.queries.bottlenecks.bottlenecks import MUNICIPALITIES, PROJECTS

PAGE_SIZE = 25
OWNERS = (Role.REPORT_AUTHOR, Role.HEAD_OF_DESK, Role.BOTTLENECK_OWNER)
"""Whose role can look after a commitment."""
ORDERS: dict[str, Sequence[ColumnElement[Any]]] = {
    "termijn": (Commitment.due_on.asc().nulls_last(), Commitment.id.asc()),
    "titel": (func.lower(Commitment.title).asc(), Commitment.id.asc()),
    "nieuwste": (Commitment.id.desc(),),
}
IS_OPEN = "open"


@dataclass(frozen=True, slots=True)
class CommitmentFilter:
    """What of the list is shown; ``status`` is one status, or ``open`` for all that are not over."""

    kind: CommitmentKind | None = None
    status: str = ""
    owner_id: int | None = None
    words: str = ""
    order: str = "termijn"
    page: int = 1


@dataclass(frozen=True, slots=True)
class CommitmentRow:
    """One line of the list."""

    id: int
    kind: CommitmentKind
    title: str
    dossier: str | None
    paper: str | None
    status: CommitmentStatus
    due_on: date | None
    owner_id: int | None
    total: int

    def is_late(self, today: date) -> bool:
        return self.due_on is not None and self.due_on < today and self.status in OPEN


@dataclass(frozen=True, slots=True)
class Step:
    """What happened to a commitment."""

    status: CommitmentStatus
    words: str
    due_on: date | None
    author: str | None
    written_at: datetime


@dataclass(frozen=True, slots=True)
class LinkedTo:
    """A case or bottleneck that a commitment is about."""

    id: int
    reference: str
    title: str


def list_commitments(session: Session, wanted: CommitmentFilter) -> list[CommitmentRow]:
    """One page of the list, and of each line how many there are in all."""
    statement = select(
        Commitment.id,
        Commitment.kind,
        Commitment.title,
        Commitment.dossier,
        Commitment.paper,
        Commitment.status,
        Commitment.due_on,
        Commitment.owner_id,
        func.count().over(),
    )
    if wanted.kind is not None:
        statement = statement.where(Commitment.kind == wanted.kind)
    if wanted.status == IS_OPEN:
        statement = statement.where(Commitment.status.in_(sorted(OPEN)))
    elif wanted.status:
        statement = statement.where(Commitment.status == wanted.status)
    if wanted.owner_id is not None:
        statement = statement.where(Commitment.owner_id == wanted.owner_id)
    if wanted.words:
        columns = (Commitment.title, Commitment.words, Commitment.dossier, Commitment.paper)
        statement = statement.where(or_(*(each.icontains(wanted.words, autoescape=True) for each in columns)))
    statement = statement.order_by(*ORDERS.get(wanted.order, ORDERS["termijn"]))
    rows = session.execute(statement.limit(PAGE_SIZE).offset((wanted.page - 1) * PAGE_SIZE))
    return [CommitmentRow(*row) for row in rows]


def commitment(session: Session, commitment_id: int) -> Commitment | None:
    """One commitment."""
    return session.get(Commitment, commitment_id)


def steps_of(session: Session, commitment_id: int) -> list[Step]:
    """What happened to it, newest first."""
    rows = session.execute(
        select(
            CommitmentNews.status, CommitmentNews.words, CommitmentNews.due_on, Account.name, CommitmentNews.written_at
        )
        .outerjoin(Account, Account.id == CommitmentNews.author_id)
        .where(CommitmentNews.commitment_id == commitment_id)
        .order_by(CommitmentNews.id.desc())
    )
    return [Step(*row) for row in rows]


def cases_of(session: Session, commitment_id: int) -> list[LinkedTo]:
    """The cases that it is about."""
    rows = session.execute(
        select(Case.id, Case.reference, Case.title)
        .join(CommitmentCase, CommitmentCase.case_id == Case.id)
        .where(CommitmentCase.commitment_id == commitment_id)
        .order_by(Case.reference)
    )
    return [LinkedTo(*row) for row in rows]


def bottlenecks_of(session: Session, commitment_id: int) -> list[LinkedTo]:
    """The rule bottlenecks that it is about."""
    rows = session.execute(
        select(Bottleneck.id, Bottleneck.reference, Bottleneck.title)
        .join(CommitmentBottleneck, CommitmentBottleneck.bottleneck_id == Bottleneck.id)
        .where(CommitmentBottleneck.commitment_id == commitment_id)
        .order_by(Bottleneck.reference)
    )
    return [LinkedTo(*row) for row in rows]


def owner_options(session: Session) -> list[tuple[int, str]]:
    """The active accounts that may own a commitment."""
    rows = session.execute(
        select(Account.id, Account.name).where(Account.is_active, Account.role.in_(OWNERS)).order_by(Account.name)
    )
    return [(id_, name) for id_, name in rows]


COMMITMENTS_TABLE, BOTTLENECKS_TABLE = "toezeggingen", "regelknelpunten"


def lists_of(session: Session, quarter: Quarter) -> dict[str, PlacedTable]:
    """The lists beside the figures that a text can place, as they are now; kept as they are when it is agreed to."""
    return {each.name: each for each in (_commitments_table(session, quarter), _bottlenecks_table(session, quarter))}


def with_lists(session: Session, placed: Placed, quarter: Quarter, frozen: Mapping[str, Any] | None) -> Placed:
    """What a text may place: the figures of the seal, with the lists beside them as they are, or as they were kept."""
    lists = lists_of(session, quarter) if frozen is None else _kept(frozen)
    return replace(placed, tables={**placed.tables, **lists})


def _kept(frozen: Mapping[str, Any]) -> dict[str, PlacedTable]:
    return {
        name: PlacedTable(
            each["name"],
            each["title"],
            each["sentence"],
            tuple(each["heads"]),
            tuple(tuple(row) for row in each["rows"]),
        )
        for name, each in frozen.items()
    }


def _commitments_table(session: Session, quarter: Quarter) -> PlacedTable:
    """What is open, and what ended since the quarter began."""
    ended_since = select(CommitmentNews.commitment_id).where(
        CommitmentNews.status.in_(sorted(ENDED)), CommitmentNews.written_at >= start_of_nl_day(quarter.first_day)
    )
    rows = session.execute(
        select(Commitment.kind, Commitment.title, Commitment.paper, Commitment.status, Commitment.due_on)
        .where(or_(Commitment.status.in_(sorted(OPEN)), Commitment.id.in_(ended_since)))
        .order_by(Commitment.due_on.asc().nulls_last(), Commitment.id)
    )
    return PlacedTable(
        COMMITMENTS_TABLE,
        "Toezeggingen en moties",
        "Wat aan de Kamer is toegezegd en nog openstaat, en wat in dit kwartaal of daarna is voldaan.",
        ("Toezegging of motie", "Soort", "Stand", "Termijn", "Kamerstuk"),
        tuple(
            (
                title,
                str(KINDS[kind]),
                str(STATUS_TEXTS[status]),
                date_in_words(due_on) if due_on else "geen",
                paper or "geen",
            )
            for kind, title, paper, status, due_on in rows
        ),
    )


def _bottlenecks_table(session: Session, quarter: Quarter) -> PlacedTable:
    rows = session.execute(
        select(Bottleneck.reference, Bottleneck.title, Bottleneck.status, PROJECTS, MUNICIPALITIES)
        .where(Bottleneck.merged_into_id.is_(None), Bottleneck.signalled_on <= quarter.last_day)
        .order_by(PROJECTS.desc(), Bottleneck.reference)
    )
    return PlacedTable(
        BOTTLENECKS_TABLE,
        "Regelknelpunten",
        "Regels die meer projecten tegenhouden, met hoe ver de aanpassing is. De stand is die van het akkoord.",
        ("Regelknelpunt", "Stand", "Projecten", "Gemeenten"),
        tuple(
            (f"{title} ({reference})", str(STATUS_NAMES[status]), str(projects), str(places))
            for reference, title, status, projects, places in rows
        ),
    )
