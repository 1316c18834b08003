"""The rows of the small world that are about rules: a rule bottleneck with a case under it, and a change of the law."""

from datetime import timedelta

from sqlalchemy import func, select

from knelpunt.domain.bottlenecks import BottleneckStatus, BottleneckStep, LinkStatus
from knelpunt.domain.calendar.clocks import Clock, Unit
from knelpunt.domain.laws.changes import LawChangeKind
from knelpunt.domain.laws.edits import EntryKind, fingerprint
from knelpunt.domain.links import Links
from knelpunt.domain.vocabulary import AssessmentRole, CaseStatus, Role
from knelpunt.models import (
    Bottleneck,
    BottleneckCase,
    BottleneckProposal,
    BottleneckProvision,
    Case,
    CatalogueEdit,
    LawChange,
    LawChangeTouch,
    LawTextFinding,
    Provision,
    TermChange,
    TermRule,
)
from knelpunt.services.guides.following import BOTTLENECKS
from tests.support.factories import Factory
from tests.support.followers import follow_tokens
from tests.support.rights import Relation


def rule_rows(
    make: Factory, links: Links, provision: Provision, case: Case, owner_id: int
) -> dict[str, dict[Relation, object]]:
    """A bottleneck that its owner has just begun to analyse, with a case that waits for the owner; a change of the
    law; and a proposal for the catalogue."""
    bottleneck = make.add(
        Bottleneck(
            reference="RK-2026-0900",
            title="Een regel",
            problem="Hij knelt.",
            status=BottleneckStatus.IN_ANALYSIS,
            owner_id=owner_id,
            signalled_on=make.today,
            owner_due_on=make.today + timedelta(days=30),
            news_due_on=make.today,
            terms=func.to_tsvector("simple", "regel"),
            updated_at=make.now,
        )
    )
    make.add(BottleneckProvision(bottleneck_id=bottleneck.id, provision_id=provision.id, role=AssessmentRole.BLOCKS))
    make.add(
        BottleneckCase(bottleneck_id=bottleneck.id, case_id=case.id, status=LinkStatus.PROPOSED, linked_at=make.now)
    )
    other = make.add(
        Bottleneck(
            reference="RK-2026-0901",
            title="Een regel van een ander",
            problem="Hij knelt ook.",
            status=BottleneckStatus.IN_ANALYSIS,
            owner_id=make.account(Role.BOTTLENECK_OWNER).id,
            signalled_on=make.today,
            owner_due_on=make.today + timedelta(days=30),
            news_due_on=make.today,
            terms=func.to_tsvector("simple", "regel"),
            updated_at=make.now,
        )
    )
    other_case = make.case(CaseStatus.IN_HANDLING)
    make.add(
        BottleneckCase(bottleneck_id=other.id, case_id=other_case.id, status=LinkStatus.PROPOSED, linked_at=make.now)
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
    for touched in ({"case_id": case.id}, {"bottleneck_id": bottleneck.id}):
        make.add(LawChangeTouch(change_id=change.id, **touched))
    edit = make.add(
        CatalogueEdit(
            kind=EntryKind.PROVISION,
            key=provision.key,
            before=provision.details,
            after={**provision.details, "id": provision.key, "instrument": "Anders"},
            base_digest=fingerprint(provision.details),
            reason="De regel is gewijzigd.",
            source_url="https://zoek.officielebekendmakingen.nl/",
            proposed_by_id=owner_id,
            proposed_at=make.now,
        )
    )
    finding = make.add(
        LawTextFinding(
            provision_id=provision.id,
            read_on=make.today,
            read_hash="0" * 64,
            found_hash="1" * 64,
            source="een kopie",
            found_on=make.today,
        )
    )
    term = make.session.scalars(select(TermRule).where(TermRule.clock == Clock.K4).order_by(TermRule.id)).first()
    term_change = make.add(
        TermChange(
            clock=Clock.K2,
            place=0,
            before_length=10,
            before_unit=Unit.WORKING_DAYS,
            length=12,
            unit=Unit.WORKING_DAYS,
            from_day=make.today + timedelta(days=30),
            reason="Tien werkdagen is te kort.",
            base_digest="",
            proposed_by_id=owner_id,
            proposed_at=make.now,
        )
    )
    proposal = make.add(
        BottleneckProposal(
            bottleneck_id=bottleneck.id,
            step=BottleneckStep.REPORT,
            payload={"body": "Er is nieuws van de heer A.B. Specht."},
            proposed_by_id=owner_id,
            proposed_at=make.now,
        )
    )
    return {
        "proposal_id": {Relation.NONE: proposal.id},
        "clock_key": {Relation.NONE: "K4"},
        "term_id": {Relation.NONE: term.id},
        "term_change_id": {Relation.NONE: term_change.id},
        "edit_id": {Relation.NONE: edit.id},
        "finding_id": {Relation.NONE: finding.id},
        "news_token": follow_tokens(make, links, BOTTLENECKS, bottleneck.id),
        "bottleneck_number": {Relation.OWN: bottleneck.reference, Relation.FOREIGN: other.reference},
        "regelknelpunten:reference": {Relation.OWN: case.reference, Relation.FOREIGN: other_case.reference},
        "step_slug": {Relation.NONE: "nieuws"},
        "decision": {Relation.NONE: "aanvaarden"},
        "change_id": {Relation.NONE: change.id},
    }
