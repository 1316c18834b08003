"""Rows of the archive for the rights matrix: a list that waits for a receipt, one that was carried out, a proposal."""

from datetime import date

from sqlalchemy import select

from knelpunt.domain.vocabulary import (
    CaseStatus,
    CategoryStatus,
    DisposalStatus,
    Disposition,
    ListedStatus,
    Result,
)
from knelpunt.models import Case, DisposalCase, DisposalList, Retention, RetentionCategory
from tests.support.factories import Factory
from tests.support.rights import Relation

ENDED_ON, DUE_ON = date(2014, 3, 2), date(2024, 3, 2)


def archive_rows(make: Factory) -> dict[str, dict[Relation, object]]:
    """What to fill in for the parts of the addresses of the archive."""
    category = make.session.scalars(select(RetentionCategory).where(RetentionCategory.code == "regelknelpunt")).one()
    waiting, case = _listed(make, category, DisposalStatus.CONFIRMED)
    gone, _case = _listed(make, category, DisposalStatus.DONE)
    proposal = make.add(
        RetentionCategory(
            code="regelknelpunt",
            name="Ingetrokken meldingen",
            holds="De melding.",
            years=3,
            disposition=Disposition.DESTROY,
            public_text_stays=False,
            source="Proef",
            valid_from=date(2026, 1, 1),
            status=CategoryStatus.PROPOSED,
            proposed_by_id=make.administrator().id,
            proposed_at=make.now,
        )
    )
    return {
        "list_id": {Relation.NONE: waiting.id},
        "gone_list_id": {Relation.NONE: gone.id},
        "listed_reference": {Relation.NONE: case.reference},
        "category_id": {Relation.NONE: proposal.id},
        "category_code": {Relation.NONE: "antwoord"},
    }


def _listed(make: Factory, category: RetentionCategory, status: DisposalStatus) -> tuple[DisposalList, Case]:
    is_gone = status is DisposalStatus.DONE
    case = make.case(
        CaseStatus.ARCHIVED if is_gone else CaseStatus.CLOSED,
        result=Result.LINKED_TO_BOTTLENECK,
        filed_on=date(2013, 12, 1),
        closed_on=ENDED_ON,
        archived_on=DUE_ON if is_gone else None,
        archived_as=Disposition.TRANSFER if is_gone else None,
    )
    each = make.add(
        DisposalList(
            disposition=Disposition.TRANSFER,
            status=status,
            made_on=DUE_ON,
            first_by_id=make.head_of_desk().id,
            first_at=make.now,
            second_by_id=make.administrator().id,
            second_at=make.now,
            receipt_on=DUE_ON if is_gone else None,
            receipt_reference="NA-1" if is_gone else None,
            package_hash="a" * 64 if is_gone else None,
            done_at=make.now if is_gone else None,
            digest="b" * 64 if is_gone else None,
            updated_at=make.now,
        )
    )
    term = {"case_id": case.id, "category_id": category.id, "ended_on": ENDED_ON, "action_on": DUE_ON}
    make.add(Retention(**term))
    make.add(
        DisposalCase(
            **term,
            list_id=each.id,
            status=ListedStatus.DONE if is_gone else ListedStatus.LISTED,
            done_at=make.now if is_gone else None,
            counts={"berichten": 2, "bijlagen": 1, "bytes": 1200} if is_gone else {},
            digest="c" * 64 if is_gone else None,
        )
    )
    return each, case
