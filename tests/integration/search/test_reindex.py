"""Making all search terms anew gives exactly what writing each thing gave."""

import pytest
from sqlalchemy import func, select, update

from knelpunt.domain.vocabulary import AssessmentRole, CaseStatus, PublicationStatus, Verdict
from knelpunt.models import Bottleneck, CaseSearch, Guide, PublicText, PublishedCase
from knelpunt.services.bottlenecks import track as bottlenecks
from knelpunt.services.cases.published_record import beside, write_published
from knelpunt.services.core import search_index
from knelpunt.services.guides.loading import load_guides
from knelpunt.services.search import reindex
from tests.support.desk import Desk

HOLDERS = {CaseSearch: "case_id", PublishedCase: "case_id", Guide: "id", Bottleneck: "id"}


@pytest.fixture
def filled(session, make):
    desk = Desk(session, make)
    load_guides(desk.system)
    for title in ("Geluidsnorm op het plein", "Regenwater op eigen erf"):
        case = make.case(
            CaseStatus.CLOSED, title=title, verdict=Verdict.NATIONAL_RULE, publication=PublicationStatus.PUBLIC
        )
        search_index.index_case(session, case)
        text = PublicText(case_id=case.id, title=title, question="Mag dit?", answer="Ja, met een vergunning.")
        write_published(desk.system, case, text, beside(desk.system, case))
    bottlenecks.signal(
        desk.context(desk.triager),
        title="De geluidsnorm botst",
        problem="Een plein mag geen plein zijn.",
        provisions=[(make.provision().id, AssessmentRole.BLOCKS)],
        body="Twee pleinen wachten.",
    )
    session.flush()
    return session


def terms_of(session):
    return {
        holder: dict(session.execute(select(getattr(holder, key), holder.terms).order_by(getattr(holder, key))).all())
        for holder, key in HOLDERS.items()
    }


def test_everything_is_found_by_the_same_terms_as_when_it_was_written(filled, monkeypatch):
    monkeypatch.setattr(reindex, "BATCH", 2)
    before = terms_of(filled)
    assert all(before.values())
    assert "'geluidsnorm'" in str(before[CaseSearch])
    for holder in HOLDERS:
        filled.execute(
            update(holder).values(terms=func.to_tsvector("simple", "oud")).execution_options(synchronize_session=False)
        )
    told = list(reindex.reindex(filled))
    assert terms_of(filled) == before
    last = {progress.kind: (progress.done, progress.total) for progress in told}
    assert last == {
        "zaken": (2, 2),
        "openbare zaken": (2, 2),
        "ruimtewijzers": (len(before[Guide]),) * 2,
        "regelknelpunten": (1, 1),
    }
    assert len(told) > len(last)


def test_a_withdrawn_case_is_not_made_findable_again(filled):
    case_id = filled.scalars(select(PublishedCase.case_id)).first()
    filled.execute(
        update(PublishedCase)
        .where(PublishedCase.case_id == case_id)
        .values(withdrawn_on=func.current_date(), terms="")
        .execution_options(synchronize_session=False)
    )
    list(reindex.reindex(filled))
    assert filled.scalar(select(PublishedCase.terms).where(PublishedCase.case_id == case_id)) == ""
