"""A public text of a rule bottleneck that points at somebody: stopped, unless a second person says why it may stand."""

import pytest
from sqlalchemy import select

from knelpunt.domain.bottlenecks import BottleneckStatus, BottleneckStep
from knelpunt.domain.errors import DomainError
from knelpunt.domain.vocabulary import AssessmentRole
from knelpunt.models import Bottleneck, BottleneckCase, BottleneckNews, BottleneckProposal, Event
from knelpunt.services.bottlenecks import reviews
from knelpunt.services.bottlenecks.reviews import Filled
from knelpunt.services.bottlenecks.track import NamesSomebody
from tests.support.forms import fill

NEWS = "De heer A.B. Specht schreef het advies dat is gepubliceerd."
WHY = "De naam staat in het gepubliceerde advies."


def text(answer):
    return answer.get_data(as_text=True)


def told(session, found):
    rows = select(BottleneckNews.body).where(BottleneckNews.bottleneck_id == found.id).order_by(BottleneckNews.id)
    return session.scalars(rows).all()


def test_a_second_person_lets_a_name_stand_with_a_reason_and_only_then_it_is_told(session, track):
    track.analyse()
    found, owner = track.bottleneck, track.desk.context(track.owner)
    reviewer = track.desk.context(track.desk.reviewer)
    with pytest.raises(NamesSomebody):
        reviews.take_step(owner, found.reference, found.version, BottleneckStep.REPORT, Filled(body=NEWS))
    asked = reviews.ask(owner, found.reference, found.version, BottleneckStep.REPORT, Filled(body=NEWS))
    assert NEWS not in told(session, found)
    with pytest.raises(DomainError) as refused:
        reviews.approve(reviewer, asked.id)
    assert refused.value.field == "pass_reason"
    session.refresh(asked)
    reviews.approve(reviewer, asked.id, WHY)
    assert told(session, found)[-1] == NEWS
    assert asked.pass_reason == WHY
    news = session.scalars(select(BottleneckNews).order_by(BottleneckNews.id.desc()).limit(1)).one()
    assert news.author_id == track.owner.id
    data = session.scalars(select(Event.data).where(Event.kind == "regelknelpunt_toetser_akkoord")).all()
    assert data == [{"voorstel": asked.id, "stap": "regelknelpunt_nieuws", "gevonden": {"naam": 1}}]


def test_the_page_of_a_step_offers_the_second_person_once_something_was_found(client_as, track, session):
    track.analyse()
    session.commit()
    owner, reviewer = client_as(track.owner), client_as(track.desk.reviewer)
    path = f"/regelknelpunten/{track.bottleneck.reference}/stap/nieuws"
    page = owner.get(path)
    assert "Leg voor aan een tweede persoon" not in text(page)
    refused = owner.post(path, data=fill(page, "body", body=NEWS))
    assert refused.status_code == 422
    assert "Leg voor aan een tweede persoon" in text(refused)
    asked = owner.post(path, data=fill(refused, "body", besluit="voorleggen"))
    assert asked.status_code == 303
    waiting = reviewer.get(asked.location)
    assert '<mark class="kn-find">' in text(waiting)
    without = reviewer.post(asked.location, data=fill(waiting, "note", besluit="akkoord"))
    assert without.status_code == 422
    assert "schrijf op waarom dit toch openbaar mag" in text(without)
    agreed = reviewer.post(asked.location, data=fill(waiting, "note", besluit="akkoord", pass_reason=WHY))
    assert agreed.status_code == 303
    assert NEWS in text(owner.get(f"/regelknelpunten/{track.bottleneck.reference}"))
    assert WHY not in text(owner.get(f"/regelknelpunten/{track.bottleneck.reference}"))


def test_a_signal_with_a_name_waits_and_takes_its_case_along(client_as, track, session):
    case = track.case()
    session.commit()
    triager, reviewer = client_as(track.desk.triager), client_as(track.desk.reviewer)
    path = f"/regelknelpunten/nieuw?zaak={case.reference}"
    typed = {"title": "De regel van Specht", "problem": "De heer A.B. Specht schreef haar.", "body": "Wij kijken."}
    refused = triager.post(path, data=fill(triager.get(path), "title", **typed))
    assert refused.status_code == 422
    asked = triager.post(path, data=fill(refused, "title", besluit="voorleggen"))
    assert asked.status_code == 303
    assert session.scalar(select(Bottleneck.id).where(Bottleneck.title == typed["title"])) is None
    assert triager.post(asked.location, data={"besluit": "akkoord"}).status_code == 403
    waiting = reviewer.get(asked.location)
    assert case.reference in text(waiting)
    agreed = reviewer.post(asked.location, data=fill(waiting, "note", besluit="akkoord", pass_reason=WHY))
    assert agreed.status_code == 303
    made = session.scalars(select(Bottleneck).where(Bottleneck.title == typed["title"])).one()
    assert (made.status, made.signalled_by_id) == (BottleneckStatus.SIGNALLED, track.desk.triager.id)
    assert session.get(BottleneckCase, (made.id, case.id)) is not None
    assert session.scalars(select(BottleneckProposal.bottleneck_id)).all() == [made.id]


def test_a_signal_from_a_case_of_another_law_says_why_and_its_owner_reads_it(client_as, track, session, make):
    case, elsewhere = track.case(), make.provision()
    session.commit()
    triager = client_as(track.desk.triager)
    path = f"/regelknelpunten/nieuw?zaak={case.reference}"
    assert "Waarom hoort deze zaak bij dit regelknelpunt?" in text(triager.get(path))
    assert "Waarom hoort deze zaak" not in text(triager.get("/regelknelpunten/nieuw"))
    typed = {"title": "Een andere regel", "problem": "Hij knelt.", "body": "Wij kijken.", "provision_id": elsewhere.id}
    refused = triager.post(path, data=fill(triager.get(path), "title", **typed))
    assert refused.status_code == 422
    assert "deelt geen bepaling en geen wet" in text(refused)
    assert session.scalar(select(Bottleneck.id).where(Bottleneck.title == typed["title"])) is None
    why = "De gemeente noemt deze regel in haar brief."
    made = triager.post(path, data=fill(refused, "title", why=why))
    assert made.status_code == 303
    assert why in text(client_as(track.head).get(made.location))


def test_a_signal_from_nowhere_needs_no_reason(track, make):
    filled = Filled(
        body="Nu.", title="Regel", problem="Knelt.", provisions=[(make.provision().id, AssessmentRole.BLOCKS)]
    )
    assert reviews.signal(track.desk.context(track.desk.triager), filled).status is BottleneckStatus.SIGNALLED
