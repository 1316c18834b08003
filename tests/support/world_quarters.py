"""The quarters of the world: one that runs, one that is over, one for a second person, and one that is sealed."""

from datetime import date

from knelpunt.domain.calendar.timezone import Quarter
from knelpunt.domain.figures.sealing import SealingStatus, canonical, digest
from knelpunt.models import DefinitionAgreement, QuarterSeal, QuarterSealing
from knelpunt.queries.figures.ledger import content_of
from tests.support.factories import Factory
from tests.support.rights import Relation


def quarter_rows(make: Factory, asked_by_id: int, sealed_by_id: int) -> dict[str, dict[Relation, object]]:
    """Ask to seal 2026-2, seal 2026-1, and give the quarter of each page."""
    sealed = Quarter(2026, 1)
    content = canonical({**content_of(make.session, sealed), "uitleg": {}})
    make.add(
        QuarterSealing(
            quarter=date(2026, 4, 1),
            digest=digest(""),
            explanations={},
            status=SealingStatus.ASKED,
            asked_by_id=asked_by_id,
            asked_at=make.now,
        )
    )
    make.add(
        QuarterSeal(
            quarter=sealed.first_day,
            content=content,
            sha256=digest(content),
            event_number=0,
            event_hash="0" * 64,
            asked_by_id=asked_by_id,
            sealed_by_id=sealed_by_id,
            sealed_at=make.now,
        )
    )
    agreement = make.add(
        DefinitionAgreement(
            figure="ontvangen",
            version=1,
            partner="Proefpartner",
            agreed_on=make.today,
            noted_by_id=asked_by_id,
            noted_at=make.now,
        )
    )
    return {
        "agreement_id": {Relation.NONE: agreement.id},
        "ministry_id": {Relation.NONE: make.ministry().id},
        "figure_name": {Relation.NONE: "ontvangen"},
        "reactie:quarter": {Relation.NONE: str(sealed)},
        "quarter": {Relation.NONE: "2026-4"},
        "verzegelen:quarter": {Relation.NONE: "2026-3"},
        "besluit:quarter": {Relation.NONE: "2026-2"},
        "erratum:quarter": {Relation.NONE: str(sealed)},
        "<string:quarter>.json:quarter": {Relation.NONE: str(sealed)},
    }
