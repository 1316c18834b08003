"""Pages about rule bottlenecks in English: only what a person wrote, and names of laws, stay Dutch, and are marked."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from knelpunt.domain.bottlenecks import BottleneckChoice, BottleneckStatus
from knelpunt.domain.vocabulary import AssessmentRole
from knelpunt.models import BottleneckFollower, BottleneckNews, Organisation, OutboxMail, Provision
from knelpunt.services.bottlenecks import track as bottlenecks
from knelpunt.services.guides.following import BOTTLENECKS
from tests.support.dutch_words import dutch_in
from tests.support.forms import fill

ENDED = (BottleneckStatus.JUSTIFIED, BottleneckStatus.MERGED, BottleneckStatus.EVALUATED)


@pytest.fixture
def make_rule(session, desk):
    """``make_rule(status)``: a bottleneck with every text that a person can write, in a state."""

    def made(status=BottleneckStatus.SIGNALLED):
        provision = session.scalars(select(Provision).order_by(Provision.id)).first()
        found = bottlenecks.signal(
            desk.context(desk.triager),
            title="De regel voor de tijdelijke woning",
            problem="De termijn van tien jaar is te kort voor de gemeente.",
            provisions=[(provision.id, AssessmentRole.BLOCKS)],
            body="Drie gemeenten lopen tegen dezelfde termijn aan.",
        )
        found.ministry_id = desk.make.ministry().id
        found.choice, found.choice_reason = BottleneckChoice.AMVB, "De termijn staat in een besluit."
        found.waiting_for = "het advies van de Raad van State"
        if status is BottleneckStatus.MERGED:
            found.merged_into_id = made().id
        if status in (BottleneckStatus.IN_FORCE, BottleneckStatus.EVALUATED):
            found.in_force_on, found.solving_provision_id = date(2026, 11, 3), provision.id
        if status is BottleneckStatus.CONSULTATION:
            found.consultation_until = date(2030, 1, 1)
        found.status = status
        found.news_due_on = None if status in ENDED else date(2026, 11, 20)
        item = BottleneckNews(
            bottleneck_id=found.id,
            status=status,
            body="Wij zoeken het uit.",
            source_url="https://bron.example/1",
            on_day=date(2026, 11, 4),
            written_at=desk.now,
        )
        session.add(item)
        session.commit()
        return found

    return made


@pytest.mark.parametrize("status", BottleneckStatus)
def test_a_rule_in_every_state_is_told_in_english(client, make_rule, status):
    found = make_rule(status)
    address = f"/en/regelknelpunten/{found.reference}"
    for path in (address, f"{address}/volgen", "/en/regelknelpunten", "/en/regelknelpunten/wacht"):
        page = client.get(path).get_data(as_text=True)
        assert dutch_in(page, head=False) == [], path
        assert '<html lang="en"' in page
    page = client.get(address).get_data(as_text=True)
    assert '<span lang="nl">De regel voor de tijdelijke woning</span>' in page


@pytest.mark.parametrize("query", ["?ministerie=1", "?q=zzzz", "?stand=klaar&volgorde=gewicht", "?q=termijn&wet=1"])
def test_the_lists_narrow_in_english(client, session, make_rule, query):
    make_rule()
    names = session.scalars(select(Organisation.name)).all()
    for path in ("/en/regelknelpunten", "/en/regelknelpunten/wacht"):
        assert dutch_in(client.get(f"{path}{query}").get_data(as_text=True), *names, head=False) == []


def test_what_is_found_is_told_in_english(client, make_rule):
    make_rule()
    page = client.get("/en/zoeken?q=tijdelijke+woning").get_data(as_text=True)
    assert "tijdelijke" in page
    assert dutch_in(page, head=False) == []
    asked = client.get("/en/antwoord?q=de+tijdelijke+woning+termijn").get_data(as_text=True)
    assert "/volgen" in asked
    assert dutch_in(asked, head=False) == []


def test_following_in_english_stays_in_english_to_the_end(client, session, make_rule, app):
    found = make_rule()
    path = f"/en/regelknelpunten/{found.reference}/volgen"
    refused = client.post(path, data=fill(client.get(path), "email", email="no address"))
    assert refused.status_code == 422
    assert dutch_in(refused.get_data(as_text=True), head=False) == []
    sent = client.post(path, data=fill(client.get(path), "email", email="follower@street.example"))
    assert sent.location == "/en/regelknelpunten/volgen/verstuurd"
    follower = session.scalars(select(BottleneckFollower)).one()
    token = app.config["LINKS"].token(BOTTLENECKS.purpose, follower.public_id, follower.nonce)
    link = f"/en/regelknelpunten/volgen/{token}"
    mail = session.scalars(select(OutboxMail)).one()
    assert mail.subject == "Confirm that you want to follow a rule bottleneck"
    assert f"http://localhost{link}" in mail.body
    for answer in (client.get(sent.location), client.get(link), client.get("/en/regelknelpunten/volgen/gestopt")):
        assert dutch_in(answer.get_data(as_text=True), head=False) == []
    confirmed = client.post(link, data=fill(client.get(link), "submission_key", action="volgen"))
    assert confirmed.location == link
    page = client.get(link).get_data(as_text=True)
    assert dutch_in(page, head=False) == []
    assert "When there is news, you get a mail." in page
    follower = session.scalars(select(BottleneckFollower)).one()
    follower.ends_on -= timedelta(days=5000)
    session.commit()
    gone = client.get(link)
    assert gone.status_code == 404
    assert dutch_in(gone.get_data(as_text=True), head=False) == []


def test_links_of_the_rules_stay_in_english(client, make_rule):
    found = make_rule()
    for path in ("/en/regelknelpunten", "/en/regelknelpunten/wacht", f"/en/regelknelpunten/{found.reference}"):
        page = client.get(path).get_data(as_text=True)
        body = re.sub(r'<nav class="kn-languages".*?</nav>', "", page[page.index("<body") :], flags=re.DOTALL)
        own = re.findall(r'(?:href|action)="(/[^"]*)"(?! hreflang="nl")', body)
        stray = [each for each in own if not each.startswith(("/en/", "/bestanden/", "/inloggen"))]
        assert [each for each in stray if not each.endswith((".atom", ".txt"))] == [], path
