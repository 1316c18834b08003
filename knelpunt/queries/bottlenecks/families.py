"""Bottlenecks with those that went up into them, and the cases under them; as statements."""

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import aliased

from knelpunt.domain.bottlenecks import LinkStatus
from knelpunt.models import Bottleneck, BottleneckCase


def family_of(bottleneck_id: int) -> Select[tuple[int]]:
    """The ids of a bottleneck and of every one that went up into it, also by way of another; as a statement."""
    return _families_of(Bottleneck.id == bottleneck_id)


def put_under(which: ColumnElement[bool]) -> Select[int]:
    """The ids of the cases that were put under these bottlenecks or under one that went up into them, whatever their
    owners said of it; as a statement."""
    return select(BottleneckCase.case_id).where(BottleneckCase.bottleneck_id.in_(_families_of(which)))


def _families_of(which: ColumnElement[bool]) -> Select[tuple[int]]:
    own = select(Bottleneck.id).where(which).cte(recursive=True)
    merged = aliased(Bottleneck)
    family = own.union(select(merged.id).join(own, merged.merged_into_id == own.c.id))
    return select(family.c.id)


def taken_in(bottleneck_id: int) -> Select[int]:
    """The ids of the cases that were taken in under a bottleneck or under one that went up into it; as a statement."""
    return select(BottleneckCase.case_id).where(
        BottleneckCase.bottleneck_id.in_(family_of(bottleneck_id)), BottleneckCase.status == LinkStatus.ACCEPTED
    )
