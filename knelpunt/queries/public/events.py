"""What became public, was changed or was taken away, act by act: the same that subscribed systems are told."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session

from knelpunt.domain.public_events import ANSWER, BOTTLENECK, GUIDE, IF_SAID, PUBLIC, QUARTER
from knelpunt.domain.vocabulary import EventKind
from knelpunt.models import Bottleneck, Case, Event, Guide, PublishedCase


@dataclass(frozen=True, slots=True)
class PublicEvent:
    """One act. ``name`` is what its subject is called in addresses."""

    number: int
    recorded_at: datetime
    kind: str
    name: str


def public_events(session: Session, most: int, *, after: int = 0, before: int | None = None) -> list[PublicEvent]:
    """The acts with a number between these two, the newest first. One statement, which walks the chain backwards."""
    name = func.coalesce(Case.reference, Bottleneck.reference, Guide.slug, func.split_part(Event.subject, ":", 2))
    # Before events of archiving said it, the day tells whether the text went with the file.
    went_that_day = exists().where(
        PublishedCase.case_id == Event.case_id, PublishedCase.withdrawn_on == Event.happened_on
    )
    archived = EventKind.ARCHIVED.value
    statement = (
        select(Event.number, Event.recorded_at, Event.kind, name)
        .outerjoin(Case, and_(Event.kind.in_(_kinds(ANSWER)), Case.id == Event.case_id))
        .outerjoin(
            Bottleneck,
            and_(Event.kind.in_(_kinds(BOTTLENECK)), Event.subject == func.concat("bottleneck:", Bottleneck.id)),
        )
        .outerjoin(
            Guide,
            and_(
                Event.kind.in_(_kinds(GUIDE)),
                Event.subject == func.concat("ruimtewijzer:", Guide.id),
                Guide.published_number.is_not(None),
            ),
        )
        .where(
            Event.kind.in_(list(PUBLIC)),
            Event.number > after,
            or_(
                Event.kind.not_in(list(IF_SAID)),
                *(and_(Event.kind == kind, Event.data[name].as_boolean()) for kind, name in IF_SAID.items()),
                and_(Event.kind == archived, ~Event.data.has_key(IF_SAID[archived]), went_that_day),
            ),
            or_(
                Case.id.is_not(None),
                Bottleneck.id.is_not(None),
                Guide.id.is_not(None),
                Event.kind.in_(_kinds(QUARTER)),
            ),
        )
        .order_by(Event.number.desc())
        .limit(most)
    )
    if before is not None:
        statement = statement.where(Event.number < before)
    return [PublicEvent(*row) for row in session.execute(statement)]


def _kinds(noun: str) -> list[str]:
    return [kind for kind, told in PUBLIC.items() if told.noun == noun]
