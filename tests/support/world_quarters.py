"""The quarters of the world: one that runs, one that is over, one for a second person, one that is sealed, and one for
each place on the way of a text."""

from datetime import date, timedelta
from typing import Any

from knelpunt.domain.calendar.timezone import Quarter
from knelpunt.domain.figures.ledger import TOTAL, FactKind
from knelpunt.domain.figures.sealing import SealingStatus, canonical, digest
from knelpunt.domain.figures.writing import SECTIONS, Section
from knelpunt.domain.links import Links, new_nonce, new_public_id
from knelpunt.domain.quarters.commitments import CommitmentKind, CommitmentStatus
from knelpunt.domain.quarters.track import QuarterStatus
from knelpunt.models import (
    Commitment,
    DefinitionAgreement,
    FigureTotal,
    QuarterComment,
    QuarterCommentRequest,
    QuarterEdition,
    QuarterSeal,
    QuarterSealing,
    QuarterSection,
    QuarterText,
)
from knelpunt.queries.figures.ledger import content_of
from knelpunt.web.reporting.public.making import written
from tests.support.factories import Factory
from tests.support.rights import Relation

WRITING, WAITING, APPROVED, PRESENTED = Quarter(2025, 4), Quarter(2025, 3), Quarter(2025, 2), Quarter(2025, 1)
FINDING = "meeste-ontvangen"
"""A sentence that the figures of the quarter that is written allow: before it nothing came in."""


def quarter_rows(make: Factory, links: Links, asked_by_id: int, sealed_by_id: int) -> dict[str, dict[Relation, object]]:
    """Ask to seal 2026-2, seal 2026-1, write those of 2025, and give the quarter of each page."""
    sealed = Quarter(2026, 1)
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
    for kind, amount in ((FactKind.RECEIVED, 20), (FactKind.HANDLED, 8), (FactKind.OPEN, 12)):
        make.add(FigureTotal(quarter=WRITING.first_day, kind=kind, split=TOTAL, side="", amount=amount))
    make.session.flush()
    for quarter in (sealed, WRITING, WAITING, APPROVED, PRESENTED):
        _seal(make, quarter, asked_by_id, sealed_by_id)
    make.session.flush()
    for quarter in (sealed, PRESENTED):
        text = written(make.session, quarter)
        make.add(QuarterEdition(quarter=quarter.first_day, content=text, sha256=digest(text), made_at=make.now))
    _write(make, WRITING, QuarterStatus.WRITING, asked_by_id)
    _write(make, WAITING, QuarterStatus.WRITING, asked_by_id, asked_by_id=asked_by_id, asked_at=make.now)
    agreed = {"asked_by_id": asked_by_id, "approved_by_id": sealed_by_id, "approved_at": make.now, "frozen": {}}
    _write(make, APPROVED, QuarterStatus.APPROVED, asked_by_id, **agreed)
    _write(make, PRESENTED, QuarterStatus.PRESENTED, asked_by_id, **agreed, presented_on=make.today)
    request, over = (_request(make, asked_by_id, withdrawn_at) for withdrawn_at in (None, make.now))
    said = QuarterComment(
        request_id=request.id, section=Section.REASON, body="Het jaartal klopt niet.", made_at=make.now
    )
    make.add(said)
    promised = make.add(
        Commitment(
            kind=CommitmentKind.PROMISE,
            title="Een proef",
            words="De Kamer hoort hoe het gaat.",
            made_when="In 2026",
            status=CommitmentStatus.PLANNED,
            due_on=make.today + timedelta(days=90),
            updated_at=make.now,
        )
    )
    tokens = [links.token("kwartaalreactie", each.public_id, each.nonce) for each in (request, over)]
    right = tokens[0]
    writing, waiting = {Relation.NONE: str(WRITING)}, {Relation.NONE: str(WAITING)}
    approved, presented = {Relation.NONE: str(APPROVED)}, {Relation.NONE: str(PRESENTED)}
    of_sealed = {Relation.NONE: str(sealed)}
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
        "reactie:quarter": of_sealed,
        "quarter": {Relation.NONE: "2026-4"},
        "split": {Relation.NONE: "wet"},
        "verzegelen:quarter": {Relation.NONE: "2026-3"},
        "besluit:quarter": {Relation.NONE: "2026-2"},
        "erratum:quarter": of_sealed,
        "bestanden:quarter": of_sealed,
        "<string:quarter>:quarter": presented,
        "bericht.<string:form>:quarter": presented,
        "antwoorden:quarter": of_sealed,
        "kaart.png:quarter": of_sealed,
        "ruimtewijzers:quarter": of_sealed,
        "<string:split>:quarter": of_sealed,
        "form": {Relation.NONE: "pdf"},
        "<string:quarter>.json:quarter": of_sealed,
        "<string:check>:quarter": {Relation.NONE: "2026-3"},
        "check": {Relation.NONE: "stil"},
        "planned": {Relation.NONE: "2026-4"},
        "tekst:quarter": of_sealed,
        "<string:section>:quarter": writing,
        "versies:quarter": writing,
        "bevindingen:quarter": writing,
        "<string:finding_key>:quarter": writing,
        "knelpunt-kiezen:quarter": writing,
        "reacties:quarter": writing,
        "vragen:quarter": writing,
        "<id:comment_id>:quarter": writing,
        "intrekken:quarter": writing,
        "voorleggen:quarter": writing,
        "akkoord:quarter": waiting,
        "akkoord-intrekken:quarter": approved,
        "aanbieden:quarter": approved,
        "kamerstuk:quarter": presented,
        "document.<string:form>:quarter": writing,
        "section": {Relation.NONE: Section.ONE_PAGE.value},
        "finding_key": {Relation.NONE: FINDING},
        "comment_id": {Relation.NONE: said.id},
        "commitment_id": {Relation.NONE: promised.id},
        "comment_request_id": {Relation.NONE: request.id},
        "comment_token": {
            Relation.RIGHT_TOKEN: right,
            Relation.WRONG_TOKEN: ("a" if right[0] != "a" else "b") + right[1:],
        },
    }


def _seal(make: Factory, quarter: Quarter, asked_by_id: int, sealed_by_id: int) -> None:
    content = canonical({**content_of(make.session, quarter), "uitleg": {}})
    make.add(
        QuarterSeal(
            quarter=quarter.first_day,
            content=content,
            sha256=digest(content),
            event_number=0,
            event_hash="0" * 64,
            asked_by_id=asked_by_id,
            sealed_by_id=sealed_by_id,
            sealed_at=make.now,
        )
    )


def _write(make: Factory, quarter: Quarter, status: QuarterStatus, author_id: int, **values: Any) -> None:
    make.add(
        QuarterText(
            quarter=quarter.first_day,
            status=status,
            begun_by_id=author_id,
            begun_at=make.now,
            findings={},
            passed=[],
            **values,
        )
    )
    for section, about in SECTIONS.items():
        make.add(
            QuarterSection(
                quarter=quarter.first_day,
                section=section,
                source=about.template,
                changed_by_id=author_id,
                changed_at=make.now,
            )
        )


def _request(make: Factory, asked_by_id: int, withdrawn_at: Any) -> QuarterCommentRequest:
    return make.add(
        QuarterCommentRequest(
            quarter=WRITING.first_day,
            ministry_id=make.ministry().id,
            email="ambtenaar@rijk.example",
            public_id=new_public_id(),
            nonce=new_nonce(),
            asked_by_id=asked_by_id,
            asked_at=make.now,
            due_on=make.today + timedelta(days=14),
            withdrawn_at=withdrawn_at,
        )
    )
