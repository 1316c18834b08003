"""A case that belongs at another door: offered with consent, taken over, refused, or back after five working days."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.domain.errors import DomainError, PermissionDenied, TransitionNotAllowed
from knelpunt.domain.permissions import Actor
from knelpunt.domain.vocabulary import (
    ActorKind,
    CaseStatus,
    ConsentSource,
    EventKind,
    ParticipantStatus,
    ReferralStatus,
    Result,
)
from knelpunt.models import CaseParticipant, ClockPeriod, Contact, Event, FollowLink, Letter, OutboxMail, Referral
from knelpunt.services.cases import triage
from knelpunt.services.jobs import scheduled
from knelpunt.services.mail import letters
from knelpunt.services.referrals import offers
from knelpunt.services.submitters import reactions as submitter
from tests.support.desk import FILING
from tests.support.forms import fill

DOOR = "balie@woonloket.example"
SUBMITTER = FILING["contact_email"]
OFFER = {
    "organisation": "Woonloket Zwolle",
    "receiver_name": "De balie",
    "receiver_email": DOOR,
    "reason": "De gemeente beslist hier zelf over.",
}


def offer(desk, case, consent=ConsentSource.TELEPHONE, **other):
    return offers.offer(desk.context(desk.triager), case.reference, case.version, **{**OFFER, **other}, consent=consent)


def door(desk, referral):
    return desk.as_(Actor(ActorKind.ANSWER_LINK, referral_id=referral.id))


def mails_to(session, address):
    return list(
        session.scalars(select(OutboxMail.kind).where(OutboxMail.to_address == address).order_by(OutboxMail.id))
    )


def kinds(session, case):
    return list(session.scalars(select(Event.kind).where(Event.case_id == case.id).order_by(Event.number)))


def test_a_case_is_handed_over_once_the_other_door_opens(session, desk):
    case = desk.bring("in_triage")
    due_on = case.due_on
    referral = offer(desk, case)
    assert (case.status, case.due_clock, case.due_on) == (CaseStatus.IN_TRIAGE, Clock.K2, due_on)
    assert referral.answer_by == date(2026, 11, 10)
    assert mails_to(session, DOOR) == ["overdracht_gevraagd"]
    told = session.scalars(select(OutboxMail).where(OutboxMail.kind == "overdracht_aangeboden")).one()
    assert desk.handler.name in told.body
    assert OFFER["reason"] in told.body
    desk.later(2)
    offers.accept(door(desk, referral), "Bel de balie.")
    assert (case.status, case.result) == (CaseStatus.REFERRED, Result.OUT_OF_REACH)
    assert (case.closed_on, case.due_on) == (date(2026, 11, 5), None)
    assert "Bel de balie." in (case.next_step or "")
    running = select(ClockPeriod).where(ClockPeriod.case_id == case.id, ClockPeriod.stopped_on.is_(None))
    assert session.scalars(running).all() == []
    assert mails_to(session, SUBMITTER)[-1] == "doorverwezen"


def test_without_consent_the_submitter_is_asked_first_and_nothing_goes_out(session, desk):
    case = desk.bring("in_triage")
    referral = offer(desk, case, ConsentSource.ON_PAGE)
    assert (referral.status, referral.consent) == (ReferralStatus.CONSENT_ASKED, None)
    assert referral.answer_by == date(2026, 11, 17)
    assert mails_to(session, DOOR) == []
    with pytest.raises(DomainError):
        offers.accept(door(desk, referral), "Bel de balie.")
    desk.later(3)
    offers.answer_sharing(desk.follower(case), case.reference, is_allowed=True)
    assert (referral.status, referral.consent) == (ReferralStatus.OFFERED, ConsentSource.ON_PAGE)
    assert referral.answer_by == date(2026, 11, 13)
    assert mails_to(session, DOOR) == ["overdracht_gevraagd"]
    with pytest.raises(DomainError, match="vragen u nu niet"):
        offers.answer_sharing(desk.follower(case), case.reference, is_allowed=False)


def test_a_no_keeps_the_case_at_the_desk(session, desk):
    case = desk.bring("in_triage")
    referral = offer(desk, case, ConsentSource.ON_PAGE)
    offers.answer_sharing(desk.follower(case), case.reference, is_allowed=False)
    assert (referral.status, case.status) == (ReferralStatus.NOT_SHARED, CaseStatus.IN_TRIAGE)
    assert mails_to(session, DOOR) == []
    assert "overdracht_nieuws" in mails_to(session, desk.handler.email)
    offer(desk, case)


def test_sharing_with_the_government_at_filing_is_no_consent_to_pass_on_contact_data(client_as, session, desk):
    desk.now = datetime.now(UTC)
    case = desk.bring("in_triage")
    case.may_share = True
    session.flush()
    triager, path = client_as(desk.triager), f"/zaken/{case.reference}/andere-instantie"
    page = triager.get(path).get_data(as_text=True)
    assert "bij_de_melding" not in page
    typed = {**OFFER, "consent": "bij_de_melding", "version": str(case.version)}
    assert triager.post(path, data=typed).status_code == 422
    assert session.scalars(select(Referral)).all() == []
    assert offer(desk, case, ConsentSource.ON_PAGE).status is ReferralStatus.CONSENT_ASKED
    assert mails_to(session, DOOR) == []


def test_after_five_working_days_the_case_comes_back_once(session, desk):
    case = desk.bring("in_triage")
    referral = offer(desk, case)
    for _day in range(9):
        desk.later(1)
        for _again in range(2):
            scheduled.run_due(desk.system, session.flush)
        is_back = desk.today > date(2026, 11, 10)
        assert (referral.status is ReferralStatus.LAPSED) == is_back
    assert kinds(session, case).count(EventKind.REFERRAL_LAPSED) == 1
    assert mails_to(session, desk.handler.email).count("overdracht_nieuws") == 1
    assert mails_to(session, SUBMITTER).count("overdracht_gaat_niet_door") == 1
    assert case.status is CaseStatus.IN_TRIAGE
    with pytest.raises(DomainError, match="geldt niet meer"):
        offers.accept(door(desk, referral), "Toch wel.")


def test_who_says_nothing_about_sharing_in_ten_working_days_has_not_shared_and_hears_so_once(session, desk):
    case = desk.bring("in_triage")
    referral = offer(desk, case, ConsentSource.ON_PAGE)
    asked = session.scalars(select(OutboxMail.body).where(OutboxMail.kind == "toestemming_om_te_delen")).one()
    assert "dinsdag 17 november 2026" in asked
    for _day in range(16):
        desk.later(1)
        for _again in range(2):
            scheduled.run_due(desk.system, session.flush)
        is_over = desk.today > date(2026, 11, 17)
        assert (referral.status is ReferralStatus.NOT_SHARED) == is_over
    assert (referral.consent, case.status) == (None, CaseStatus.IN_TRIAGE)
    assert kinds(session, case).count(EventKind.SHARING_LAPSED) == 1
    assert mails_to(session, DOOR) == []
    assert mails_to(session, desk.handler.email).count("overdracht_nieuws") == 1
    told = session.scalars(select(OutboxMail.body).where(OutboxMail.kind == "overdracht_gaat_niet_door")).one()
    assert "U liet niet weten of wij uw melding mogen delen" in told
    with pytest.raises(DomainError, match="vragen u nu niet"):
        offers.answer_sharing(desk.follower(case), case.reference, is_allowed=True)
    offer(desk, case)


def test_on_paper_the_term_waits_for_the_letter(session, desk):
    case = desk.bring("in_triage")
    contact = session.get_one(Contact, case.id)
    contact.email, contact.postal_address = None, "Kerkweg 1"
    referral = offer(desk, case, ConsentSource.ON_PAGE)
    letter = session.scalars(select(Letter).where(Letter.kind == "toestemming_om_te_delen")).one()
    assert "Bel of schrijf ons." in letter.body
    assert "op de pagina van uw melding" not in letter.body
    desk.later(20)
    scheduled.run_due(desk.system, session.flush)
    assert referral.status is ReferralStatus.CONSENT_ASKED
    letters.mark_sent(desk.context(desk.handler), letter.id, date(2026, 11, 23))
    assert referral.answer_by == date(2026, 12, 7)
    desk.later(15)
    scheduled.run_due(desk.system, session.flush)
    assert referral.status is ReferralStatus.NOT_SHARED


@pytest.mark.parametrize(("reaction", "status"), [("delen_mag", "aangeboden"), ("delen_mag_niet", "geen_toestemming")])
def test_the_desk_writes_down_what_the_submitter_said_about_sharing(client_as, session, desk, reaction, status):
    desk.now = datetime.now(UTC)
    case = desk.bring("in_triage")
    referral = offer(desk, case, ConsentSource.ON_PAGE)
    triager, path = client_as(desk.triager), f"/zaken/{case.reference}/reactie-opschrijven"
    page = triager.get(path)
    today = nl_day(desk.now).isoformat()
    typed = fill(page, "body", channel="brief", reaction=reaction, received_on=today, body="")
    assert triager.post(path, data=typed).status_code == 303
    session.expire_all()
    referral = session.get_one(Referral, referral.id)
    is_allowed = reaction == "delen_mag"
    assert (referral.status, referral.consent) == (status, ConsentSource.LETTER if is_allowed else None)
    assert mails_to(session, DOOR) == (["overdracht_gevraagd"] if is_allowed else [])
    assert ("overdracht_aangeboden" in mails_to(session, SUBMITTER)) == is_allowed
    kind = EventKind.SHARING_ALLOWED if is_allowed else EventKind.SHARING_REFUSED
    kept = session.scalars(select(Event).where(Event.case_id == case.id, Event.kind == kind)).one()
    assert (kept.data["namens"], kept.data["kanaal"]) == ("indiener", "brief")
    assert reaction not in triager.get(path).get_data(as_text=True)


def test_who_cannot_be_reached_is_not_asked_and_erasing_the_contact_ends_what_waits(session, desk):
    case = desk.bring("in_triage")
    referral = offer(desk, case)
    submitter.erase_contact(desk.follower(case), case.reference)
    assert referral.status is ReferralStatus.ENDED
    assert mails_to(session, DOOR)[-1] == "overdracht_niet_meer_nodig"
    with pytest.raises(DomainError, match="niet bereiken") as refused:
        offer(desk, case, ConsentSource.ON_PAGE)
    assert refused.value.field == "consent"


def test_a_refusal_and_taking_back_leave_the_case_where_it_was(session, desk):
    case = desk.bring("in_triage")
    referral = offer(desk, case)
    with pytest.raises(DomainError, match="waarom niet"):
        offers.refuse(door(desk, referral), " ")
    offers.refuse(door(desk, referral), "Wij gaan daar niet over.")
    assert (referral.status, case.status) == (ReferralStatus.REFUSED, CaseStatus.IN_TRIAGE)
    second = offer(desk, case)
    offers.take_back(desk.context(desk.triager), case.reference, case.version)
    assert second.status is ReferralStatus.ENDED
    assert mails_to(session, DOOR)[-1] == "overdracht_niet_meer_nodig"
    with pytest.raises(DomainError, match="aan niemand aangeboden"):
        offers.take_back(desk.context(desk.triager), case.reference, case.version)


def test_while_it_is_offered_the_case_is_not_offered_again_nor_moved_on(desk):
    case = desk.bring("in_triage")
    desk.weigh(case)
    offer(desk, case)
    with pytest.raises(DomainError, match="al aan een andere instantie"):
        offer(desk, case)
    with pytest.raises(TransitionNotAllowed, match="aan een andere instantie aangeboden"):
        desk.ask_verdict(case)
    with pytest.raises(TransitionNotAllowed, match="aan een andere instantie aangeboden"):
        triage.request_supplement(
            desk.context(desk.handler), case.reference, case.version, question="Welk plan?", why="Daarom.",
            answer_by=date(2026, 11, 20),
        )  # fmt: skip


def test_the_submitter_hears_truly_why_the_case_stays(session, desk):
    case = desk.bring("in_triage")
    offer(desk, case)
    offers.refuse(door(desk, session.scalars(select(Referral)).one()), "Wij gaan daar niet over.")
    offer(desk, case)
    offers.take_back(desk.context(desk.triager), case.reference, case.version)
    offer(desk, case)
    desk.later(9)
    scheduled.run_due(desk.system, session.flush)
    kind = OutboxMail.kind == "overdracht_gaat_niet_door"
    said = session.scalars(select(OutboxMail.body).where(kind).order_by(OutboxMail.id)).all()
    reasons = ("neemt uw melding niet over", "houden uw melding zelf", "niet op tijd")
    assert [[words in body for words in reasons] for body in said] == [
        [True, False, False],
        [False, True, False],
        [False, False, True],
    ]


def test_who_files_along_hears_that_another_door_took_the_case_over(session, desk, make):
    lead, partner = make.organisation(), make.organisation()
    ours = make.filer(partner)
    case = desk.bring("in_triage")
    case.organisation_id, case.author_id = lead.id, make.filer(lead).id
    make.add(
        CaseParticipant(
            case_id=case.id,
            municipality_id=partner.municipality_id,
            organisation_id=partner.id,
            status=ParticipantStatus.JOINED,
            asked_at=desk.now,
            ends_on=date(2027, 1, 1),
        )
    )
    offers.accept(door(desk, offer(desk, case)), "Bel de balie.")
    (told,) = session.scalars(select(OutboxMail.body).where(OutboxMail.to_address == ours.email))
    assert "Een andere instantie nam de melding over." in told


def test_nobody_is_turned_away_without_a_person(desk):
    case = desk.file()
    with pytest.raises(TransitionNotAllowed, match="Wijs eerst een behandelaar aan"):
        offer(desk, case)
    with pytest.raises(PermissionDenied):
        offers.offer(desk.context(desk.handler), case.reference, case.version, **OFFER, consent=ConsentSource.TELEPHONE)


def test_withdrawing_ends_the_offer(session, desk):
    case = desk.bring("in_triage")
    referral = offer(desk, case)
    submitter.withdraw(desk.follower(case), case.reference, "", erase_contact=True)
    assert referral.status is ReferralStatus.ENDED
    assert mails_to(session, DOOR)[-1] == "overdracht_niet_meer_nodig"


# --- pages


@pytest.fixture
def offered(desk, app):
    desk.now = datetime.now(UTC)
    desk.links = app.config["LINKS"]
    case = desk.bring("in_triage")
    referral = offer(desk, case)
    return case, referral, offers.path_of(desk.system, referral)


def test_the_other_door_reads_the_case_takes_it_over_and_only_then_sees_whom_to_reach(client, session, offered):
    case, referral, path = offered
    page = client.get(path).get_data(as_text=True)
    assert case.title in page
    assert FILING["description"] in page
    assert SUBMITTER not in page
    assert client.post(path, data={"contact": ""}).status_code == 422
    assert client.post(path, data={"contact": "Bel de balie."}).status_code == 302
    assert SUBMITTER in client.get(path).get_data(as_text=True)
    session.expire_all()
    assert session.get_one(Referral, referral.id).status is ReferralStatus.TAKEN
    assert client.post(path, data={"contact": "Nog eens."}).status_code == 200
    session.expire_all()
    assert session.get_one(Referral, referral.id).contact == "Bel de balie."


@pytest.mark.parametrize("has_left", [False, True])
def test_whoever_takes_over_a_case_of_an_organisation_reads_who_answers_there(
    client, session, desk, make, offered, has_left
):
    case, _referral, path = offered
    organisation = make.organisation()
    author, colleague = make.filer(organisation, is_active=not has_left), make.filer(organisation)
    session.delete(session.get_one(Contact, case.id))
    case.organisation_id, case.author_id = organisation.id, author.id
    session.flush()
    answers, other = (colleague, author) if has_left else (author, colleague)
    assert answers.email not in client.get(path).get_data(as_text=True)
    assert client.post(path, data={"contact": "Bel de balie."}).status_code == 302
    page = client.get(path).get_data(as_text=True)
    assert organisation.name in page
    assert answers.name in page
    assert answers.email in page
    assert other.email not in page


def test_a_forged_and_an_old_link_open_nothing(client, session, desk, offered):
    case, referral, path = offered
    token = path.rpartition("/")[2]
    for wrong in (token[:-1] + ("0" if token[-1] != "0" else "1"), "x" * 44, token[:12]):
        for page in (f"/overnemen/{wrong}", f"/overnemen/{wrong}/niet", f"/raadplegen/{wrong}", f"/volgen/{wrong}"):
            assert client.get(page).status_code == 404
    assert client.get(f"/raadplegen/{token}").status_code == 404
    assert client.post(f"{path}/niet", data={"refusal": "Niet van ons."}).status_code == 200
    for page in (path, f"{path}/niet"):
        over = client.get(page)
        assert over.status_code == 410
        assert FILING["description"] not in over.get_data(as_text=True)
    session.expire_all()
    assert session.get_one(Referral, referral.id).status is ReferralStatus.REFUSED
    assert session.get_one(type(case), case.id).status is CaseStatus.IN_TRIAGE


def test_the_submitter_agrees_on_the_page_and_finds_the_new_door_there(client, client_as, session, desk, app):
    desk.now = datetime.now(UTC)
    desk.links = app.config["LINKS"]
    case = desk.bring("in_triage")
    referral = offer(desk, case, ConsentSource.ON_PAGE)
    link = session.execute(select(FollowLink.public_id, FollowLink.nonce).where(FollowLink.case_id == case.id)).first()
    follow = desk.links.follow(*link).removeprefix(desk.links.base_url)
    answer = client.get(follow)
    sent, page = fill(answer, "/delen"), answer.get_data(as_text=True)
    assert "Mogen wij uw melding delen?" in page
    assert "Woonloket Zwolle" in page
    offers.take_back(desk.context(desk.triager), case.reference, case.version)
    session.commit()
    referral = offer(desk, case, ConsentSource.ON_PAGE)
    stale = client.post(f"{follow}/delen", data={**sent, "delen": "ja"})
    assert stale.status_code == 422
    assert "Wij vragen u intussen iets anders. Lees dat eerst." in stale.get_data(as_text=True)
    sent = fill(stale, "/delen")
    for odd in ({}, {"delen": ""}, {"delen": "misschien"}):
        answer = client.post(f"{follow}/delen", data={**sent, **odd})
        assert answer.status_code == 422
        assert "Kies een van de knoppen op de pagina." in answer.get_data(as_text=True)
    session.expire_all()
    assert session.get_one(Referral, referral.id).status is ReferralStatus.CONSENT_ASKED
    assert client.post(f"{follow}/delen", data={**sent, "delen": "ja"}).status_code == 302
    session.expire_all()
    assert session.get_one(Referral, referral.id).status is ReferralStatus.OFFERED
    assert client.post(f"{follow}/delen", data={**sent, "delen": "nee"}).status_code == 422
    session.expire_all()
    offers.accept(door(desk, session.get_one(Referral, referral.id)), "Bel de balie: 038 1234567.")
    page = client.get(follow).get_data(as_text=True)
    assert "Een andere instantie helpt u verder" in page
    assert "Bel de balie: 038 1234567." in page
    shown = client_as(desk.triager).get(f"/zaken/{case.reference}").get_data(as_text=True)
    assert "Woonloket Zwolle" in shown


def test_the_desk_offers_a_case_on_its_page_and_takes_it_back(client_as, session, desk):
    desk.now = datetime.now(UTC)
    case = desk.bring("in_triage")
    triager = client_as(desk.triager)
    path = f"/zaken/{case.reference}/andere-instantie"
    assert path in triager.get(f"/zaken/{case.reference}").get_data(as_text=True)
    typed = {**OFFER, "consent": "telefoon", "version": str(case.version)}
    for name in OFFER:
        assert triager.post(path, data={**typed, name: ""}).status_code == 422, name
    assert triager.post(path, data=typed).status_code == 303
    page = triager.get(path).get_data(as_text=True)
    assert "al aan een andere instantie aangeboden" in page
    session.expire_all()
    version = str(session.get_one(type(case), case.id).version)
    assert triager.post(f"{path}/intrekken", data={"version": version}).status_code == 303
    session.expire_all()
    assert session.scalars(select(Referral.status)).one() is ReferralStatus.ENDED
