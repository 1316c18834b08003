"""The rules behind a public answer, with what the law catalogue says of them on the day of the case."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy.orm import Session

from knelpunt.domain.laws.schema import RoomType
from knelpunt.domain.vocabulary import AssessmentRole
from knelpunt.models import Provision
from knelpunt.queries.laws.rows import (
    LINKABLE,
    ProvisionSummary,
    article_in_words,
    provision_summary,
    select_provisions,
)

# As so many keys and not as one array, of which PostgreSQL does not know how many it holds and plans it each time.
_OF_KEYS = select_provisions(Provision.details).where(Provision.key.in_(bindparam("keys", expanding=True)))


@dataclass(frozen=True, slots=True)
class WeighedRule:
    """One rule as the public record has it. ``provision`` and ``details`` are None for what the catalogue lacks."""

    role: AssessmentRole
    law_key: str
    law_title: str
    article: str | None
    on_date: date
    provision: ProvisionSummary | None
    details: Mapping[str, Any]

    @property
    def citation(self) -> str:
        return f"{self.law_title}, {article_in_words(self.article)}" if self.article else self.law_title


@dataclass(frozen=True, slots=True)
class Decider:
    """Who decides on one provision that holds on the day asked."""

    provision: ProvisionSummary
    decided_by: str


def weighed_rules(session: Session, recorded: Iterable[Mapping[str, Any]]) -> tuple[WeighedRule, ...]:
    """The rules of a public record in its order, explained by the catalogue; one statement, or none without rules."""
    entries = list(recorded)
    keys = {entry["provision"] for entry in entries if entry.get("provision")}
    found = {}
    if keys:
        found = {row.key: row for row in session.execute(_OF_KEYS, {"keys": sorted(keys)})}
    rules = []
    for entry in entries:
        on_date, row = date.fromisoformat(entry["on_date"]), found.get(entry.get("provision"))
        rules.append(
            WeighedRule(
                role=AssessmentRole(entry["role"]),
                law_key=entry["law"],
                law_title=entry["title"],
                article=entry.get("article"),
                on_date=on_date,
                provision=provision_summary(row, on_date) if row else None,
                details=row.details if row else {},
            )
        )
    return tuple(rules)


def deciders(session: Session, on: date) -> dict[RoomType, list[Decider]]:
    """Who decides, for every provision that holds on a day, by kind of room from the lightest step."""
    found: dict[RoomType, list[Decider]] = {}
    for row in session.execute(select_provisions(Provision.details["decided_by"].astext.label("decided_by"))):
        provision = provision_summary(row, on)
        if row.decided_by and provision.standing in LINKABLE:
            found.setdefault(provision.room_type, []).append(Decider(provision, row.decided_by))
    return dict(sorted(found.items(), key=lambda each: each[0].order))
