"""Where the stories of the demo are played: who acts, on which moment, and what they speak of by name."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from knelpunt.domain.links import Links
from knelpunt.domain.permissions import SYSTEM, Actor
from knelpunt.domain.vocabulary import ActorKind
from knelpunt.models import Account, Bottleneck, Case, Guide
from knelpunt.queries.cases import history
from knelpunt.queries.core.reference import reference
from knelpunt.services.core.context import Context


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays which part."""

    triager: Account
    handler: Account
    reviewer: Account
    head: Account
    owner: Account
    filer: Account


@dataclass(slots=True)
class Scene:
    """One act of one story: when it happens, in which story, with which values."""

    now: datetime
    name: str
    values: dict[str, Any]
    of_case: Case | None = None

    @property
    def case(self) -> Case:
        """The case that the story is about. Raises KeyError in a story about a rule."""
        if self.of_case is None:
            raise KeyError(self.name)
        return self.of_case


class Stage:
    """The people, the catalogue, and the bottlenecks and uses that stories have made so far, by name."""

    def __init__(self, session: Session, links: Links, cast: Cast) -> None:
        self.session, self.links, self.cast = session, links, cast
        self.known = reference(session)
        self._provisions = history.provisions(session)
        self.provision_ids = {row.key: row.id for row in self._provisions}
        self.law_ids = {row.key: row.id for row in self.known.laws.values()}
        self.ministry_ids = {row.abbreviation: row.id for row in self.known.ministries.values()}
        self.bottlenecks: dict[str, Bottleneck] = {}
        self.uses: dict[str, int] = {}

    def as_(self, actor: Actor, now: datetime) -> Context:
        """An act of somebody who came by a link, or of whoever else."""
        return Context(self.session, actor, now, self.links)

    def by(self, account: Account, now: datetime) -> Context:
        """An act of somebody with an account."""
        return self.as_(Actor(ActorKind.ACCOUNT, account.id, account.role, account.organisation_id), now)

    def by_submitter(self, scene: Scene) -> Context:
        """An act of who filed the case."""
        if scene.case.organisation_id is not None:
            return self.by(self.cast.filer, scene.now)
        return self.as_(Actor(ActorKind.SUBMITTER_LINK, case_id=scene.case.id), scene.now)

    def by_itself(self, now: datetime) -> Context:
        """An act of the calendar."""
        return self.as_(SYSTEM, now)

    def provision_id(self, key: str, day: date) -> int:
        """A provision as it read on a day: earlier wordings have the year behind the key. Raises KeyError."""
        is_wording = re.compile(rf"{re.escape(key)}(?:-\d{{4}})?").fullmatch
        wordings = (row for row in self._provisions if is_wording(row.key))
        held = (
            row.id
            for row in wordings
            if (row.valid_from is None or row.valid_from <= day) and (row.valid_to is None or day <= row.valid_to)
        )
        return next(held, self.provision_ids[key])

    def guide(self, slug: str) -> Guide:
        """A ruimtewijzer by its address. Raises NoResultFound when it does not ship."""
        return self.session.scalars(select(Guide).where(Guide.slug == slug)).one()
