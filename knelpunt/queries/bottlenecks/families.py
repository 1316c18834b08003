"""Rule bottlenecks that went up into one another: who hears of one hears of what it became."""

from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from knelpunt.domain.bottlenecks import BottleneckStatus, LinkStatus
from knelpunt.models import Bottleneck, BottleneckCase


@dataclass(frozen=True, slots=True)
class GoesOn:
    """The bottleneck that another one became, or that one itself."""

    id: int
    reference: str
    title: str
    status: BottleneckStatus


_itself = select(Bottleneck.id.label("root_id"), Bottleneck.id.label("member_id")).cte("families", recursive=True)
_merged = aliased(Bottleneck)
FAMILIES = _itself.union(
    select(_itself.c.root_id, _merged.id).join(_itself, _merged.merged_into_id == _itself.c.member_id)
)
"""For every bottleneck (``root_id``) itself and all that went up into it (``member_id``)."""


def family_of(bottleneck_id: int) -> Select[tuple[int]]:
    """The ids of a bottleneck and of every one that went up into it, also by way of another; as a statement."""
    own = select(Bottleneck.id).where(Bottleneck.id == bottleneck_id).cte("family", recursive=True)
    merged = aliased(Bottleneck)
    family = own.union(select(merged.id).join(own, merged.merged_into_id == own.c.id))
    return select(family.c.id)


def taken_in(bottleneck_id: int) -> Select[int]:
    """The ids of the cases that were taken in under a bottleneck or under one that went up into it; as a statement."""
    return select(BottleneckCase.case_id).where(
        BottleneckCase.bottleneck_id.in_(family_of(bottleneck_id)), BottleneckCase.status == LinkStatus.ACCEPTED
    )


def goes_on_as(session: Session, bottleneck_id: int) -> GoesOn:
    """Where a bottleneck goes on: the last of those that it went up into, one after another."""
    steps = (Bottleneck.id, Bottleneck.merged_into_id)
    first = select(*steps).where(Bottleneck.id == bottleneck_id).cte("way", recursive=True)
    way = first.union(select(*steps).join(first, Bottleneck.id == first.c.merged_into_id))
    row = session.execute(
        select(Bottleneck.id, Bottleneck.reference, Bottleneck.title, Bottleneck.status)
        .join(way, way.c.id == Bottleneck.id)
        .where(Bottleneck.merged_into_id.is_(None))
    ).one()
    return GoesOn(*row)
