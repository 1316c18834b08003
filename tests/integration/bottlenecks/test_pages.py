"""The pages of rule bottlenecks: what everybody reads, what its owner does, and what a visitor never sees."""

import re
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from knelpunt.domain.bottlenecks import BottleneckChoice, BottleneckStatus, BottleneckStep
from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.domain.vocabulary import CaseStatus
from knelpunt.models import BottleneckNews, BottleneckProvision, Provision
from knelpunt.queries.bottlenecks import bottlenecks as queries
from knelpunt.queries.bottlenecks import cases as queries_of_cases
from knelpunt.queries.bottlenecks import news as queries_of_news
from knelpunt.services.bottlenecks import links as bottleneck_links
from knelpunt.services.bottlenecks import track as bottlenecks
from knelpunt.services.bottlenecks.track import News
from tests.support.forms import fill
from tests.support.page import parse_page
from tests.support.statements import counted


def text(answer):
    return answer.get_data(as_text=True)


@pytest.fixture
def address(track):
    track.analyse()
    track.desk.session.commit()
    return f"/regelknelpunten/{track.bottleneck.reference}"


def test_everybody_reads_where_a_rule_is_and_what_was_told(client, track, address):
    listed = text(client.get("/regelknelpunten"))
    assert "De regel voor tijdelijke woningen" in listed
    page = text(client.get(address))
    assert "Waar het nu staat" in page
    assert page.index("Het ministerie zoekt uit wat er kan.") < page.index("Drie gemeenten lopen tegen dezelfde")
    assert "nog geen project" in page
    assert "Wat u nu kunt doen" not in page
    assert track.owner.name not in page


def test_a_visitor_never_sees_a_case_that_is_not_public(client, client_as, track, address, session):
    case = track.case()
    bottleneck_links.propose_link(
        track.desk.context(track.desk.handler), case.reference, case.version, track.bottleneck.reference
    )
    session.commit()
    assert case.reference not in text(client.get(address))
    assert case.reference in text(client_as(track.desk.handler).get(address))


def test_the_list_narrows_by_words_state_law_and_ministry_and_keeps_them_in_the_address(client, track, address):
    assert "Niets gevonden" in text(client.get("/regelknelpunten?q=fietspad"))
    assert "tijdelijke woningen" in text(client.get("/regelknelpunten?q=woning"))
    assert "Niets gevonden" in text(client.get("/regelknelpunten?stand=klaar"))
    page = parse_page(client.get(f"/regelknelpunten?q=woning&stand=loopt&ministerie={track.ministry.id}"))
    assert "tijdelijke woningen" in page.text
    without_words = f"/regelknelpunten?stand=loopt&ministerie={track.ministry.id}"
    assert page.one("list", "Deze filters staan aan").leads_to(without_words)
    assert client.get("/regelknelpunten?q=de&pagina=x&wet=99999999&volgorde=gewicht").status_code == 200


def test_the_owner_writes_news_and_moves_the_rule(client_as, track, address, session):
    owner = client_as(track.owner)
    page = owner.get(address)
    assert "Wat u nu kunt doen" in text(page)
    form = owner.get(f"{address}/stap/keuze")
    refused = owner.post(f"{address}/stap/keuze", data=fill(form, "reason", choice="amvb"))
    assert refused.status_code == 422
    assert "Schrijf op waarom dit is gekozen." in text(refused)
    sent = owner.post(
        f"{address}/stap/keuze",
        data=fill(form, "reason", choice="amvb", reason="De termijn staat in een AMvB.", body="De AMvB verandert."),
    )
    assert sent.status_code == 303
    after = text(owner.get(address))
    assert "De AMvB verandert." in after
    assert "Open voor reacties" in after
    stale = owner.post(
        f"{address}/stap/voorbereiding",
        data=fill(owner.get(f"{address}/stap/voorbereiding"), "body", body="Mijn tekst.", version="1"),
    )
    assert stale.status_code == 409
    assert "Zo staat het nu" in text(stale)
    assert "Mijn tekst." in text(stale)
    assert queries.bottleneck(session, track.bottleneck.reference).status is BottleneckStatus.CHOSEN


def test_a_step_that_does_not_fit_and_another_owner_get_no_form(client_as, track, address, make, session):
    other = make.account(track.owner.role)
    session.commit()
    assert client_as(other).get(f"{address}/stap/nieuws").status_code == 404
    early = client_as(track.owner).get(f"{address}/stap/in-werking")
    assert early.status_code == 200
    assert "Dit kan nu niet" in text(early)
    assert "<textarea" not in early.get_data(as_text=True)
    assert client_as(track.owner).get(f"{address}/stap/zomaar").status_code == 404
    assert client_as(track.owner).get("/regelknelpunten/RK-1/stap/nieuws").status_code == 404


@pytest.mark.parametrize("field", ["role", "second_role"])
def test_a_provision_that_does_nothing_is_asked_about_at_its_field(client_as, track, session, field):
    triager = client_as(track.desk.triager)
    session.commit()
    path = "/regelknelpunten/nieuw"
    provisions = [str(track.desk.make.provision(track.desk.law).id) for _each in range(2)]
    session.commit()
    typed = {
        "title": "Nog een regel", "problem": "Deze knelt ook.", "body": "Wij zoeken het uit.",
        "provision_id": provisions[0], "second_provision_id": provisions[1],
    }  # fmt: skip
    answer = triager.post(path, data=fill(triager.get(path), "title", **{**typed, field: ""}))
    assert answer.status_code == 422
    assert f'id="{field}-error"' in text(answer)
    assert "Deze knelt ook." in text(answer)


def test_from_a_case_to_a_new_rule_and_to_the_end_of_the_case(client_as, track, address, session):
    case = track.case()
    session.commit()
    triager, handler, head = (client_as(each) for each in (track.desk.triager, track.desk.handler, track.head))
    new = triager.get(f"/regelknelpunten/nieuw?zaak={case.reference}")
    made = triager.post(
        f"/regelknelpunten/nieuw?zaak={case.reference}",
        data=fill(new, "title", title="Nog een regel", problem="Deze knelt ook.", body="Wij zoeken het uit."),
    )
    assert made.status_code == 303
    number = made.location.rsplit("/", 1)[1]
    under = f"/zaken/{case.reference}"
    assert "Wacht op de eigenaar" in text(handler.get(f"{under}/regelknelpunt"))
    assert "nog niet aanvaard" in text(handler.get(f"{under}/afsluiten-met-regelknelpunt"))
    decision = f"/regelknelpunten/{number}/zaken/{case.reference}/aanvaarden"
    assert head.post(decision, data=fill(head.get(decision), "submission_key")).status_code == 303
    track.desk.write_public_text(case)
    session.commit()
    closing = f"{under}/afsluiten-met-regelknelpunt"
    sent = handler.post(
        closing,
        data=fill(
            handler.get(closing), "bottleneck", bottleneck=number, reason="Alleen de regel.", next_step="U hoort."
        ),
    )
    assert sent.status_code == 303
    reviewer = client_as(track.desk.reviewer)
    review = reviewer.get(f"{under}/toetsing")
    assert "Gekoppeld aan een regelknelpunt" in text(review)
    agreed = reviewer.post(f"{under}/toetsing", data=fill(review, "remark", besluit="akkoord"))
    assert agreed.status_code == 303
    session.expire_all()
    assert case.status is CaseStatus.CLOSED
    again = handler.get(f"{under}/heropenen")
    opened = handler.post(f"{under}/heropenen", data=fill(again, "reason", reason="De regel is veranderd."))
    assert opened.status_code == 303
    session.expire_all()
    assert case.status is CaseStatus.IN_HANDLING


def test_the_pages_read_in_a_fixed_number_of_statements(client, track, address, session):
    counts = []
    for _round in range(2):
        for _more in range(2):
            case = track.case()
            bottleneck_links.propose_link(
                track.desk.context(track.desk.handler), case.reference, case.version, track.bottleneck.reference
            )
        session.commit()
        with counted(session.connection()) as sent:
            client.get(address)
            client.get("/regelknelpunten")
        counts.append(len(sent))
    assert counts[0] == counts[1]


@pytest.fixture
def prepared(track, address):
    """The address of the step to "in werking" of a bottleneck that may take it, with a case under it."""
    context, found = track.desk.context(track.owner), track.bottleneck
    case = track.case()
    bottleneck_links.propose_link(track.desk.context(track.desk.handler), case.reference, case.version, found.reference)
    bottleneck_links.decide_link(context, found.reference, case.reference, accepted=True)
    bottlenecks.choose(
        context, found.reference, found.version, choice=BottleneckChoice.GUIDANCE, reason="Uitleg.", news=News("1")
    )
    bottlenecks.move(context, found.reference, found.version, BottleneckStep.PREPARE, News("2"))
    track.desk.session.commit()
    return f"{address}/stap/in-werking"


def test_what_comes_into_force_is_read_over_first_and_two_people_decide(
    client_as, track, address, prepared, make, session
):
    own = session.scalars(
        select(BottleneckProvision.provision_id).where(BottleneckProvision.bottleneck_id == track.bottleneck.id)
    ).one()
    session.get_one(Provision, own).valid_from = date(2026, 1, 1)
    other = make.provision(valid_from=date(2026, 1, 1))
    session.commit()
    owner = client_as(track.owner)
    day = nl_day(datetime.now(UTC)).isoformat()
    typed = {"in_force_on": day, "body": "De uitleg\nis er.", "provision_id": str(other.id)}
    checked = owner.post(prepared, data=fill(owner.get(prepared), "provision_id", **typed))
    assert checked.status_code == 200
    page = text(checked)
    assert "Controleer deze stap" in page
    assert "0 volgers en de indiener van 1 zaak" in page
    assert "Deze bepaling is van een andere wet" in page
    session.expire_all()
    assert track.bottleneck.status is BottleneckStatus.IN_PREPARATION
    again = owner.post(prepared, data=fill(checked, "provision_id", besluit="aanpassen"))
    assert "De uitleg\nis er." in text(again)
    assert parse_page(again).one("combobox", "Bepaling die nu de ruimte geeft").value == str(other.id)
    right = owner.post(prepared, data=fill(again, "provision_id", provision_id=str(own)))
    assert "andere wet" not in text(right)
    final = fill(right, "provision_id", besluit="vastleggen")
    answers = [owner.post(prepared, data=final) for _click in range(2)]
    assert [(each.status_code, each.location) for each in answers] == [(303, answers[0].location)] * 2
    session.expire_all()
    assert track.bottleneck.status is BottleneckStatus.IN_PREPARATION
    review, reviewer = answers[0].location, client_as(track.desk.reviewer)
    assert "U vroeg deze stap zelf" in text(owner.get(review))
    assert owner.post(review, data={"besluit": "akkoord"}).status_code == 403
    assert review in text(reviewer.get("/vandaag"))
    assert "Er wacht een stap op een tweede persoon" in text(reviewer.get(address))
    waiting = text(reviewer.get(review))
    assert "Zaken waarvan de indiener een mail krijgt" in waiting
    assert reviewer.post(review, data=fill(reviewer.get(review), "note", besluit="teruggeven")).status_code == 422
    agreed = reviewer.post(review, data=fill(reviewer.get(review), "note", besluit="akkoord"))
    assert (agreed.status_code, agreed.location) == (303, address)
    assert reviewer.post(review, data={"besluit": "akkoord"}).status_code == 409
    session.expire_all()
    assert (track.bottleneck.status, track.bottleneck.solving_provision_id) == (BottleneckStatus.IN_FORCE, own)
    news = queries_of_news.news_of(session, track.bottleneck.id)
    assert [item.body for item in news].count("De uitleg\nis er.") == 1


def test_the_check_says_what_the_step_would_refuse(client_as, track, prepared, make, session):
    ended = make.provision(valid_from=date(2020, 1, 1), valid_to=date(2023, 12, 31))
    session.commit()
    owner = client_as(track.owner)
    day = nl_day(datetime.now(UTC)).isoformat()
    form = fill(owner.get(prepared), "provision_id", provision_id=str(ended.id), in_force_on=day, body="Nu.")
    refused = owner.post(prepared, data=form)
    assert refused.status_code == 422
    assert "Deze bepaling geldt niet op de dag van inwerkingtreding." in text(refused)


def test_the_own_provisions_come_first_and_those_that_ended_last(client_as, track, prepared, make, session):
    ended = make.provision(valid_from=date(2020, 1, 1), valid_to=date(2023, 12, 31))
    to_come = make.provision(valid_from=date(2099, 1, 1))
    session.commit()
    page = parse_page(client_as(track.owner).get(prepared)).one("combobox", "Bepaling die nu de ruimte geeft")
    first, *_, last = page.all("group")
    assert (first.name, last.name) == ("Van dit regelknelpunt", "Geldt niet meer")
    assert str(ended.id) in [option.value for option in last.all("option")]
    assert str(to_come.id) not in [option.value for option in page.all("option")]


def test_a_consultation_says_all_that_is_missing_at_once(client_as, track, prepared, session):
    track.bottleneck.choice = BottleneckChoice.AMVB
    session.commit()
    owner, path = client_as(track.owner), prepared.replace("in-werking", "consultatie")
    form = owner.get(path)
    optional = parse_page(form).all("textbox", re.compile(r" \(niet verplicht\)$"))
    assert [field.name for field in optional] == ["Waar wacht het nu op? (niet verplicht)"]
    refused = owner.post(path, data=fill(form, "until"))
    assert refused.status_code == 422
    for words in ("Vul de link naar de consultatie in.", "Vul de laatste dag om te reageren in.", "Schrijf het nieuws"):
        assert words in text(refused)


def following(page, part):
    """The address of the next page of one list on the page of a rule; None on its last."""
    return next((href for words, href in page.links() if words == "Volgende" and f"?{part}=" in href), None)


def test_all_that_was_told_can_be_read_and_corrected(client_as, track, address, session, monkeypatch):
    monkeypatch.setattr(queries_of_news, "PAGE_SIZE", 2)
    for words in ("Nog een bericht.", "En nog een.", "Het laatste."):
        told = News(words, None, "de uitslag")
        found = track.bottleneck
        bottlenecks.move(track.desk.context(track.owner), found.reference, found.version, BottleneckStep.REPORT, told)
    session.commit()
    owner, path, corrections = client_as(track.owner), address, []
    while path:
        page = parse_page(owner.get(path))
        assert "Nieuws" in page.names("heading")
        corrections += [href for _words, href in page.links() if "/correctie?bericht=" in href]
        path = following(page, "nieuws")
    told = session.scalars(select(BottleneckNews.id).where(BottleneckNews.bottleneck_id == track.bottleneck.id))
    assert len(corrections) == len(set(corrections)) == len(told.all()) == 5
    assert [owner.get(each).status_code for each in corrections] == [200] * 5
    beyond = parse_page(owner.get(f"{address}?nieuws=99"))
    assert "Vorige" in [words for words, _href in beyond.links()]


def test_every_case_under_a_rule_can_be_reached_and_decided(client_as, track, address, session, monkeypatch):
    monkeypatch.setattr(queries_of_cases, "PAGE_SIZE", 1)
    cases = [track.case() for _number in range(3)]
    for case in cases:
        bottleneck_links.propose_link(
            track.desk.context(track.desk.handler), case.reference, case.version, track.bottleneck.reference
        )
    session.commit()
    owner, path, shown = client_as(track.owner), address, []
    while path:
        page = parse_page(owner.get(path))
        shown += [href.rpartition("/")[2] for _words, href in page.links() if href.startswith("/zaken/KNP-")]
        path = following(page, "zaken")
    assert sorted(shown) == sorted(case.reference for case in cases)
    answers = [owner.get(f"{address}/zaken/{case.reference}/aanvaarden").status_code for case in cases]
    assert answers == [200] * 3
    assert owner.get(f"{address}/zaken/{track.case().reference}/aanvaarden").status_code == 404


@pytest.mark.parametrize("asked", ["nieuws=0", "nieuws=-1", "nieuws=x", f"gevallen={'9' * 30}", "zaken=%00"])
def test_a_page_of_a_list_that_cannot_be_read_is_the_first_or_an_empty_one(client, address, asked):
    assert client.get(f"{address}?{asked}").status_code == 200
