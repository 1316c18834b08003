"""What people do with a public ruimtewijzer: it answers them, they follow it, their municipality uses it."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from knelpunt.domain.errors import DomainError, NotFound
from knelpunt.domain.guides.track import ClaimOutcome, GuideStatus
from knelpunt.domain.vocabulary import OrganisationKind
from knelpunt.models import Draft, Guide, GuideClaim, GuideDeflection, GuideFollower, OutboxMail
from knelpunt.queries.guides import desk as guide_desk
from knelpunt.services.guides import timers as guide_timers
from knelpunt.services.guides import use as guide_use
from knelpunt.services.guides.following import GUIDES
from knelpunt.services.guides.loading import load_guides
from tests.support.desk import Desk
from tests.support.forms import fill
from tests.support.guides import public_guide
from tests.support.page import parse_page
from tests.support.statements import counted


def how_many(session, table):
    return session.scalar(select(func.count()).select_from(table))


def test_a_question_in_own_words_is_answered_and_goes_along_to_filing(client, session, desk):
    load_guides(desk.system)
    page = client.get("/antwoord?q=mijn+schoonmoeder+in+ons+bijgebouw+laten+wonen").get_data(as_text=True)
    assert page.index("/ruimtewijzers/mantelzorgwoning-in-de-tuin") < page.index("Ga door met melden")
    assert "Dit beantwoordt mijn vraag" in page
    form = parse_page(client.get("/melden/bewoner?wens=mijn+schoonmoeder+in+ons+bijgebouw"))
    assert form.by_id("title").value.strip() == "mijn schoonmoeder in ons bijgebouw"
    way_back = form.one("link", "Terug naar de antwoorden").href
    assert client.get(way_back).get_data(as_text=True).count("mijn schoonmoeder in ons bijgebouw")
    assert "Terug naar de antwoorden" not in client.get("/melden/bewoner").get_data(as_text=True)
    sent = client.post("/melden/bewoner?wens=tuin", data={"submission_key": "f" * 32, "title": "\x00"})
    assert "Terug naar de antwoorden" in sent.get_data(as_text=True)


def test_what_was_typed_stays_along_while_an_answer_is_read(client, desk, make):
    load_guides(desk.system)
    place = make.municipality()
    page = client.get(f"/antwoord?q=mijn+schoonmoeder+in+ons+bijgebouw+laten+wonen&gemeente={place.id}")
    carried = f"wens=mijn+schoonmoeder+in+ons+bijgebouw+laten+wonen&gemeente={place.id}"
    guide = f"/ruimtewijzers/mantelzorgwoning-in-de-tuin?{carried}"
    assert parse_page(page).leads_to(guide)
    assert parse_page(client.get(guide)).leads_to(f"/melden/bewoner?{carried}")
    odd = parse_page(client.get(guide.partition("?")[0] + "?gemeente=-1"))
    assert odd.one("link", re.compile("^Ga door")).href == "/melden"


def test_the_way_to_filing_leads_to_a_page_that_opens_for_whoever_asks(client_as, desk, make):
    load_guides(desk.system)
    for account, begin in ((make.filer(), "/melden/organisatie/nieuw"), (desk.handler, "/melden/bewoner")):
        browser = client_as(account)
        for page in ("/antwoord?q=ons+bijgebouw", "/ruimtewijzers/mantelzorgwoning-in-de-tuin?wens=ons+bijgebouw"):
            way = parse_page(browser.get(page)).one("link", re.compile("^Ga door met melden")).href
            assert way.startswith(f"{begin}?wens=") and browser.get(way).status_code == 200


def test_what_was_typed_and_where_stand_in_the_draft(client, session, make):
    place = make.municipality()
    answer = client.get(f"/melden/bewoner?wens={'lang+plan+' * 30}&gemeente={place.id}")
    typed = fill(answer, "title")
    assert typed["title"] == ""
    assert typed["goal"].startswith("lang plan lang plan")
    client.post("/melden/bewoner", data={**typed, "title": "Een buurthuis\r\n in de school "})
    held = session.scalars(select(Draft)).one().data
    assert (held["municipality_id"], held["title"]) == (str(place.id), "Een buurthuis in de school")


@pytest.mark.parametrize(
    "query",
    ["", "q=", "q=%00", "q=" + "a" * 5000, "q=%27%29%3B--", "q=x&gemeente=%00", "q=x&gemeente=-1", "q=%F0%9F%8F%A0"],
)
def test_any_question_gets_a_page(client, query):
    assert client.get(f"/antwoord?{query}").status_code == 200
    assert client.get(f"/melden/bewoner?{query.replace('q=', 'wens=')}").status_code == 200


def test_the_statements_of_an_answer_do_not_grow(client, connection, make):
    public_guide(make)
    client.get("/antwoord?q=buurthuis+school")
    with counted(connection) as few:
        client.get("/antwoord?q=buurthuis+school")
    for _ in range(6):
        public_guide(make)
    with counted(connection) as more:
        client.get("/antwoord?q=buurthuis+school")
    assert len(more) <= len(few) <= 8


def test_an_answered_question_counts_once_and_keeps_nothing_about_who(client, session, make):
    guide = public_guide(make)
    form = fill(client.get(f"/ruimtewijzers/{guide.slug}/beantwoord"), "submission_key")
    for _ in range(2):
        answer = client.post(f"/ruimtewijzers/{guide.slug}/beantwoord", data=form)
        assert answer.status_code == 303
    assert how_many(session, GuideDeflection) == 1
    again = fill(client.get(f"/ruimtewijzers/{guide.slug}/beantwoord"), "submission_key")
    assert again["submission_key"] != form["submission_key"]
    assert client.post(f"/ruimtewijzers/{guide.slug}/beantwoord", data=again).status_code == 303
    assert how_many(session, GuideDeflection) == 1
    assert {column.name for column in GuideDeflection.__table__.columns} == {"id", "guide_id", "on_day"}
    assert guide_desk.deflections_by_day(session, make.today - timedelta(days=1))[0].count == 1


def follow(client, session, guide, address="volger@straat.example"):
    form = fill(client.get(f"/ruimtewijzers/{guide.slug}/volgen"), "email", email=address)
    answer = client.post(f"/ruimtewijzers/{guide.slug}/volgen", data=form)
    assert answer.status_code == 303
    mail = session.scalars(select(OutboxMail).order_by(OutboxMail.id.desc())).first()
    return re.search(r"http://localhost(/ruimtewijzers/volgen/\w+)", mail.body).group(1)


def test_following_asks_for_confirmation_and_stopping_erases_the_address(client, session, make):
    guide = public_guide(make)
    link = follow(client, session, guide)
    follower = session.scalars(select(GuideFollower)).one()
    assert follower.confirmed_at is None
    assert follower.ends_on <= make.today + timedelta(days=8)
    page = client.get(link)
    assert session.scalars(select(GuideFollower)).one().confirmed_at is None  # opening a link confirms nothing
    client.post(link, data=fill(page, "submission_key", action="volgen"))
    follower = session.scalars(select(GuideFollower)).one()
    assert follower.confirmed_at is not None
    assert follower.ends_on > make.today + timedelta(days=700)
    client.post(link, data=fill(client.get(link), "submission_key", action="stoppen"))
    assert how_many(session, GuideFollower) == 0
    assert client.get(link).status_code == 404


def test_the_mail_to_confirm_is_in_the_language_of_the_page(client, session, make):
    path = f"/en/ruimtewijzers/{public_guide(make).slug}/volgen"
    answer = client.post(path, data=fill(client.get(path), "email", email="follower@street.example"))
    assert answer.location == "/en/ruimtewijzers/volgen/verstuurd"
    mail = session.scalars(select(OutboxMail)).one()
    assert mail.subject == "Confirm that you want to follow a guide"
    link = re.search(r"http://localhost(/en/ruimtewijzers/volgen/\w+)", mail.body).group(1)
    client.post(link, data=fill(client.get(link), "submission_key", action="volgen"))
    assert session.scalars(select(GuideFollower)).one().language == "en"


def test_an_address_follows_a_page_once_and_a_wrong_one_is_said(client, session, make):
    guide = public_guide(make)
    assert follow(client, session, guide) == follow(client, session, guide, "Volger@Straat.example")
    assert how_many(session, GuideFollower) == 1
    for wrong in ("geen adres", "a@b", "x" * 300):
        form = fill(client.get(f"/ruimtewijzers/{guide.slug}/volgen"), "email", email=wrong)
        answer = client.post(f"/ruimtewijzers/{guide.slug}/volgen", data=form)
        assert answer.status_code == 422
    assert how_many(session, GuideFollower) == 1


def test_too_many_requests_for_one_address_send_nothing_more(client, session, make):
    guide = public_guide(make)
    codes = set()
    for _ in range(12):
        form = fill(client.get(f"/ruimtewijzers/{guide.slug}/volgen"), "email", email="veel@straat.example")
        codes.add(client.post(f"/ruimtewijzers/{guide.slug}/volgen", data=form).status_code)
    assert codes == {303, 429}
    assert how_many(session, OutboxMail) < 12


def test_an_address_that_was_never_confirmed_is_erased_after_a_week(client, session, make, desk):
    follow(client, session, public_guide(make))
    follower = session.scalars(select(GuideFollower)).one()
    follower.ends_on = desk.today - timedelta(days=1)
    session.flush()
    for follower_id in session.scalars(GUIDES.ended(desk.system)).all():
        GUIDES.end(desk.system, follower_id)
    assert how_many(session, GuideFollower) == 0


def test_a_municipality_claims_in_one_form_and_answers_one_question(client_as, session, make, desk):
    guide = public_guide(make)
    account = make.filer()
    browser = client_as(account)
    form = fill(browser.get(f"/ruimtewijzers/{guide.slug}/overnemen"), "project", project="Woningen in de mavo")
    assert browser.post(f"/ruimtewijzers/{guide.slug}/overnemen", data=form).status_code == 303
    claim = session.scalars(select(GuideClaim)).one()
    assert "Woningen in de mavo" in browser.get("/onze-ruimtewijzers").get_data(as_text=True)
    claim.ask_on = desk.today
    session.flush()
    for _ in range(2):
        for claim_id in session.scalars(guide_timers.due_claims(desk.system)).all():
            guide_timers.ask_about_claim(desk.system, claim_id)
    mails = session.scalars(select(OutboxMail).where(OutboxMail.kind == "ruimtewijzer_ervaring")).all()
    assert [mail.to_address for mail in mails] == [account.email]
    path = f"/onze-ruimtewijzers/{claim.id}"
    refused = browser.post(path, data=fill(browser.get(path), "reason", outcome="niet"))
    assert refused.status_code == 422
    assert "Schrijf op waarom" in refused.get_data(as_text=True)
    answered = browser.post(path, data=fill(browser.get(path), "reason", outcome="deels", reason="Te weinig geld."))
    assert answered.status_code == 303
    assert session.scalars(select(GuideClaim)).one().outcome is ClaimOutcome.PARTLY


def test_a_municipality_names_no_more_projects_than_are_counted(session, make, desk, monkeypatch):
    monkeypatch.setattr(guide_use, "MOST_CLAIMS", 2)
    guide, filer = public_guide(make), desk.context(make.filer())
    for project in ("De mavo", "De havo"):
        guide_use.claim(filer, guide.slug, project=project, starts_on=desk.today)
    with pytest.raises(DomainError, match="al 2 projecten"):
        guide_use.claim(filer, guide.slug, project="De school", starts_on=desk.today)
    assert how_many(session, GuideClaim) == 2


def test_a_project_is_claimed_once_and_only_by_a_municipality(session, make, desk):
    guide = public_guide(make)
    filer = desk.context(make.filer())
    guide_use.claim(filer, guide.slug, project="De mavo", starts_on=desk.today)
    with pytest.raises(DomainError, match="al gemeld"):
        guide_use.claim(filer, guide.slug, project=" de MAVO ", starts_on=desk.today)
    with pytest.raises(DomainError, match="niet meer dan vijf jaar"):
        guide_use.claim(filer, guide.slug, project="Later", starts_on=desk.today + timedelta(days=4000))
    school = make.organisation(OrganisationKind.SCHOOL_BOARD)
    with pytest.raises(DomainError, match="Alleen een gemeente"):
        guide_use.claim(desk.context(make.filer(school)), guide.slug, project="School", starts_on=desk.today)


def test_a_stranger_does_not_answer_for_another_municipality(session, make, desk):
    guide = public_guide(make)
    claim = guide_use.claim(desk.context(make.filer()), guide.slug, project="De mavo", starts_on=desk.today)
    with pytest.raises(NotFound):
        guide_use.answer_claim(desk.context(make.filer()), claim.id, outcome=ClaimOutcome.WORKED, reason="")


def test_an_ended_guide_is_neither_claimed_nor_followed(client, session, make, desk):
    guide = public_guide(make, status=GuideStatus.EXPIRED, expired_on=desk.today, expired_reason="Oud.")
    with pytest.raises(DomainError, match="vervallen"):
        guide_use.claim(desk.context(make.filer()), guide.slug, project="De mavo", starts_on=desk.today)
    form = fill(client.get(f"/ruimtewijzers/{guide.slug}/volgen"), "email", email="a@straat.example")
    assert client.post(f"/ruimtewijzers/{guide.slug}/volgen", data=form).status_code == 422
    assert session.scalars(select(Guide)).one().status is GuideStatus.EXPIRED


def test_once_who_named_a_project_has_left_a_colleague_who_may_tell_is_asked(session, make, desk):
    guide, municipality = public_guide(make), make.organisation()
    account, reader, colleague = make.filer(municipality), make.member(municipality), make.filer(municipality)
    claim = guide_use.claim(desk.context(account), guide.slug, project="Tuin", starts_on=desk.today)
    account.is_active = False
    session.flush()
    guide_timers.ask_about_claim(Desk(session, make).later(200).system, claim.id)
    mails = session.scalars(select(OutboxMail.to_address).where(OutboxMail.kind == "ruimtewijzer_ervaring")).all()
    assert (mails, reader.is_active) == ([colleague.email], True)


def test_who_said_nothing_in_a_year_is_asked_once_more(session, make, desk):
    guide, municipality = public_guide(make), make.organisation()
    account = make.filer(municipality)
    claim = guide_use.claim(desk.context(account), guide.slug, project="Tuin", starts_on=desk.today)
    session.flush()
    for days in (100, 200, 360, 370, 400):
        context = Desk(session, make).later(days).system
        for find, ask in (
            (guide_timers.due_claims, guide_timers.ask_about_claim),
            (guide_timers.open_claims, guide_timers.ask_again_about_claim),
        ):
            for claim_id in session.scalars(find(context)).all():
                ask(context, claim_id)
    assert (claim.asked_at is not None, claim.asked_again_at is not None) == (True, True)
    of_experience = select(OutboxMail.once_key).where(OutboxMail.kind == "ruimtewijzer_ervaring")
    mails = session.scalars(of_experience.order_by(OutboxMail.id)).all()
    assert mails == [f"ruimtewijzer-ervaring:{claim.id}", f"ruimtewijzer-ervaring:{claim.id}:12"]
