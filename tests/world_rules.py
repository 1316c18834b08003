"""The rows of the small world that are about rules: a rule bottleneck with a case under it, and a change of the law."""

from datetime import timedelta

from sqlalchemy import func

from knelpunt.domain.bottlenecks import BottleneckStatus, LinkStatus
from knelpunt.domain.law_changes import LawChangeKind
from knelpunt.domain.links import Links, new_nonce, new_public_id
from knelpunt.domain.vocabulary import AssessmentRole
from knelpunt.models import (
    Bottleneck,
    BottleneckCase,
    BottleneckFollower,
    BottleneckProvision,
    Case,
    LawChange,
    Provision,
)
from knelpunt.services.following import BOTTLENECKS
from tests.factories import Factory
from tests.rights import Relation


def rule_rows(
    make: Factory, links: Links, provision: Provision, case: Case, owner_id: int
) -> dict[str, dict[Relation, object]]:
    """A bottleneck that its owner has just begun to analyse, with a case that waits for the owner; and a change."""
    bottleneck = make.add(
        Bottleneck(
            reference="RK-2026-0900",
            title="Een regel",
            problem="Hij knelt.",
            status=BottleneckStatus.IN_ANALYSIS,
            owner_id=owner_id,
            signalled_on=make.today,
            news_due_on=make.today,
            terms=func.to_tsvector("simple", "regel"),
            updated_at=make.now,
        )
    )
    make.add(BottleneckProvision(bottleneck_id=bottleneck.id, provision_id=provision.id, role=AssessmentRole.BLOCKS))
    make.add(
        BottleneckCase(bottleneck_id=bottleneck.id, case_id=case.id, status=LinkStatus.PROPOSED, linked_at=make.now)
    )
    change = make.add(
        LawChange(
            kind=LawChangeKind.AMENDED,
            law_id=provision.law_id,
            provision_id=provision.id,
            summary="De inhoud is gewijzigd.",
            noticed_on=make.today,
        )
    )
    right, old = (_follower(make, links, bottleneck, days) for days in (30, -1))
    wrong = ("a" if right[0] != "a" else "b") + right[1:]
    return {
        "news_token": {Relation.RIGHT_TOKEN: right, Relation.WRONG_TOKEN: wrong, Relation.REVOKED_TOKEN: old},
        "bottleneck_number": {Relation.NONE: bottleneck.reference},
        "regelknelpunten:reference": {Relation.NONE: case.reference},
        "step_slug": {Relation.NONE: "nieuws"},
        "decision": {Relation.NONE: "aanvaarden"},
        "other_reference": {Relation.NONE: case.reference},
        "change_id": {Relation.NONE: change.id},
    }


def _follower(make: Factory, links: Links, bottleneck: Bottleneck, days: int) -> str:
    """The token of an address that is kept for so many days more."""
    row = make.add(
        BottleneckFollower(
            bottleneck_id=bottleneck.id,
            email=f"volger-{days}@straat.example",
            public_id=new_public_id(),
            nonce=new_nonce(),
            asked_at=make.now,
            ends_on=make.today + timedelta(days=days),
        )
    )
    return links.token(BOTTLENECKS.purpose, row.public_id, row.nonce)
