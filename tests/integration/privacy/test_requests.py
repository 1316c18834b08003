"""What stands in the way of an answer to a request about personal data, and what an answer never does to others."""

import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from knelpunt.adapters.mail import ShowOnly
from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.domain.errors import DomainError
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.privacy.requests import Ground, PlaceDecision, RequestChannel, RequestKind, RequestStatus
from knelpunt.domain.vocabulary import PublicationStatus
from knelpunt.models import (
    Account,
    Contact,
    Draft,
    Event,
    Letter,
    Note,
    OutboxMail,
    PrivacyRequest,
    PublishedCase,
)
from knelpunt.queries.privacy import places
from knelpunt.queries.privacy import requests as queries
from knelpunt.services.cases import attachments
from knelpunt.services.mail import messages
from knelpunt.services.mail.delivery import deliver_next
from knelpunt.services.privacy import answers, erasing, requests
from knelpunt.services.privacy.requests import Details
from tests.integration.privacy.test_erasure import EMAIL, MARKER, NAME, Asking, a_person_everywhere, due_mails, remind
from tests.support import files as small_files
from tests.support.archive import Archive
from tests.support.desk import Desk
from tests.support.statements import counted

ON_PAPER = Details(NAME, postal_address="Merelpad 7\n3544 AB Utrecht")


@pytest.fixture
def archive(session, make, app):
    return Archive(Desk(session, make), app.config["FILE_STORE"])


def a_note(archive, case, body: str) -> Note:
    note = Note(case_id=case.id, body=body, author_id=archive.desk.handler.id, written_at=archive.desk.now)
    archive.session.add(note)
    archive.session.flush()
    return note


def by_letter(archive, kind: RequestKind = RequestKind.ERASURE) -> Asking:
    """A request of somebody without an e-mail address, looked after."""
    asking = Asking(archive, kind)
    requests.check_identity(asking.by, asking.id, asking.row.version, "Gebeld.", ON_PAPER)
    return asking.search()


# --- what is of others


def test_of_a_row_of_somebody_else_only_the_words_go_and_only_when_a_person_says_so(archive):
    case = archive.desk.bring("in_behandeling")
    neighbour = {"name": "Buur Bakker", "email": "buur@proef.example", "postal_address": "Merelpad 9\n3544 AB Utrecht"}
    archive.session.execute(update(Contact).where(Contact.case_id == case.id).values(**neighbour))
    draft = archive.desk.make.add(
        Draft(key="x" * 32, kind="bewonersinitiatief", data={"description": f"Dat zei {NAME}."},
              created_at=archive.desk.now, updated_at=archive.desk.now)
    )  # fmt: skip
    mail = messages.queue(
        archive.desk.system,
        MailKind.PRIVACY_DUE,
        to_address="buur@proef.example",
        subject="Bericht",
        body=f"Volgens {NAME}.",
    )
    asking = Asking(archive).check().search()
    others = [each for each in asking.places if each.table_name in ("contacts", "drafts", "outbox")]
    ours = [each for each in others if (each.table_name, each.row_key) in
            [("contacts", [str(case.id)]), ("drafts", [str(draft.id)]), ("outbox", [str(mail.id)])]]  # fmt: skip
    assert {each.table_name for each in ours} == {"contacts", "drafts", "outbox"}
    assert {(each.is_own, each.decision) for each in ours} == {(False, PlaceDecision.UNDECIDED)}
    asking.decide().carry_out()
    archive.session.expire_all()
    contact = archive.session.get_one(Contact, case.id)
    assert (contact.name, contact.email, contact.erased_at) == ("Buur Bakker", "buur@proef.example", None)
    assert contact.postal_address == "Merelpad 9\n[weggehaald] Utrecht"
    assert archive.session.get_one(Draft, draft.id).data == {"description": "Dat zei [weggehaald]."}
    waits = archive.session.get_one(OutboxMail, mail.id)
    assert (waits.to_address, waits.gave_up_at) == ("buur@proef.example", None)
    assert "Volgens [weggehaald]." in waits.body


def test_an_own_letter_that_never_went_waits_no_longer(archive):
    case, _other = a_person_everywhere(archive)
    letter = Letter(case_id=case.id, kind="iets", subject="Bericht", body=f"Beste {NAME},", written_at=archive.desk.now)
    archive.session.add(letter)
    archive.session.execute(update(Contact).where(Contact.case_id == case.id).values(verified_at=archive.desk.now))
    Asking(archive).check().search().decide().carry_out()
    archive.session.expire_all()
    assert (letter.body, letter.sent_on) == (None, None)
    assert letter.dropped_at is not None


# --- whose account


def test_a_mended_address_lets_go_of_the_account_of_somebody_else(archive, session, make, client_as):
    other = make.filer(make.organisation(), name="Quirijn Quakkel")
    wrong = Details(NAME, (), other.email)
    made = requests.write_down(archive.by(archive.head), RequestKind.ACCESS, RequestChannel.PHONE, wrong, "",
                               archive.desk.today)  # fmt: skip
    session.commit()
    page = f"/loket/privacy/{made.id}"
    assert f"Quirijn Quakkel, {other.email}" in text_of(client_as(archive.head).get(page))
    session.expire_all()
    requests.check_identity(archive.by(archive.head), made.id, made.version, "Gebeld.", Details(NAME, (), EMAIL))
    assert made.account_id is None
    session.commit()
    assert "Quirijn Quakkel" not in text_of(client_as(archive.head).get(page))


@pytest.mark.parametrize("is_confirmed", [True, False])
def test_by_the_follow_link_an_account_counts_only_at_a_confirmed_address(archive, make, is_confirmed):
    account, case = make.filer(make.organisation()), archive.desk.bring("in_behandeling")
    contact = archive.session.get_one(Contact, case.id)
    contact.email, contact.verified_at = account.email, archive.desk.now if is_confirmed else None
    archive.session.flush()
    made = requests.ask_about_case(archive.desk.follower(case), case.reference, RequestKind.ACCESS, "")
    requests.check_identity(archive.by(archive.head), made.id, made.version, "Gebeld.", Details(email=account.email))
    assert made.account_id == (account.id if is_confirmed else None)


# --- who filed much


def test_who_filed_much_is_found_where_a_common_name_of_others_is_not(archive, monkeypatch):
    monkeypatch.setattr(places, "MOST_ROWS", 3)
    mine, of_others = archive.desk.bring("in_behandeling"), archive.desk.bring("in_behandeling")
    contact = {"name": NAME, "email": EMAIL, "verified_at": archive.desk.now}
    archive.session.execute(update(Contact).where(Contact.case_id == mine.id).values(**contact))
    notes = [str(a_note(archive, mine, f"{NAME} belde, keer {number}.").id) for number in range(5)]
    events = select(func.count()).select_from(Event).where(Event.case_id == mine.id)
    assert archive.session.scalar(events) > 3
    asking = Asking(archive).check().search()
    assert [each.row_key[0] for each in asking.places if each.table_name == "notes"] == notes
    for number in range(4):
        a_note(archive, of_others, f"{NAME} belde, keer {number}.")
    with pytest.raises(DomainError, match="te vaak"):
        asking.search()


# --- decisions


def test_the_same_words_twice_keep_each_their_own_decision(archive):
    note = a_note(archive, archive.desk.bring("in_behandeling"), f"{NAME} belde. Niet {NAME} van hiernaast.")
    asking = Asking(archive).check().search()
    first, second = (each for each in asking.places if each.table_name == "notes")
    chosen = [
        (first.id, PlaceDecision.TAKE_AWAY, None),
        (second.id, PlaceDecision.LET_STAND, Ground.OTHER_PERSON),
    ]
    requests.decide_places(asking.by, asking.id, asking.row.version, chosen)
    asking.search()
    kept = [each.decision for each in asking.places if each.table_name == "notes"]
    assert kept == [PlaceDecision.TAKE_AWAY, PlaceDecision.LET_STAND]
    note.body += f" En toch {NAME}."
    with pytest.raises(DomainError, match="iets nieuws"):
        asking.decide().carry_out()


def test_what_was_let_stand_does_not_stop_the_end_where_more_was_marked_than_is_known(archive):
    """In the own case "Merelpad 7 bis" is found whole; afterwards only the address that was given is looked for."""
    case, _other = a_person_everywhere(archive)
    note = a_note(archive, case, "Zij woont op Merelpad 7 bis. Mevrouw J. Zwanenbrug belde.")
    asking = Asking(archive).check().search()
    in_note = [each for each in asking.places if each.table_name == "notes" and each.row_key == [str(note.id)]]
    assert {note.body[each.start : each.end] for each in in_note} == {"Merelpad 7 bis", "J. Zwanenbrug"}
    stays = [(each.id, PlaceDecision.LET_STAND, Ground.RECORDS) for each in in_note]
    requests.decide_places(asking.by, asking.id, asking.row.version, stays)
    asking.decide().carry_out()
    archive.session.refresh(note)
    assert note.body == "Zij woont op Merelpad 7 bis. Mevrouw J. Zwanenbrug belde."
    assert asking.row.status is RequestStatus.DONE


def test_where_a_word_came_in_between_nobody_guesses_which_is_which(archive):
    note = a_note(archive, archive.desk.bring("in_behandeling"), f"{NAME} belde.")
    asking = Asking(archive).check().search().decide()
    note.body = f"Niet {NAME} van hiernaast. {NAME} belde."
    asking.search()
    decisions = {each.decision for each in asking.places if each.table_name == "notes"}
    assert decisions == {PlaceDecision.UNDECIDED}


def test_who_handled_the_case_first_can_still_finish_a_request(archive):
    case, _other = a_person_everywhere(archive)
    case.first_handler_id = archive.head.id
    archive.session.flush()
    asking = Asking(archive).check().search().decide()
    asking.carry_out()
    published = archive.session.get_one(PublishedCase, case.id, populate_existing=True)
    assert published.withdrawn_on is not None
    assert case.publication is PublicationStatus.WITHDRAWN


def test_a_file_that_nobody_can_search_is_not_read_and_too_many_are_refused(archive, monkeypatch):
    case = archive.desk.bring("in_behandeling")
    contact = {"email": EMAIL, "verified_at": archive.desk.now}
    archive.session.execute(update(Contact).where(Contact.case_id == case.id).values(**contact))
    rules = attachments.AttachmentRules(1_000_000, 10)
    by = archive.by(archive.desk.handler)
    attachments.store(by, archive.files, rules, io.BytesIO(small_files.pdf("x")), "a.pdf", case=case)
    asking = Asking(archive).check()
    with monkeypatch.context() as patch:
        patch.setattr(attachments, "open_file", lambda *_given: pytest.fail("a PDF is read"))
        asking.search()
    assert [each.kind for each in asking.places if each.column_name == "content"] == ["niet te lezen"]
    monkeypatch.setattr(requests, "MOST_FILES", 0)
    with pytest.raises(DomainError, match="te veel bestanden"):
        asking.search()


# --- a copy


def test_a_copy_holds_only_what_somebody_decided_about(archive):
    case, other = archive.desk.bring("in_behandeling"), archive.desk.bring("in_behandeling")
    a_note(archive, case, f"{NAME} belde over https://knelpunt.example/volgen/geheim.")
    a_note(archive, other, f"Een andere {NAME} dan deze.")
    asking = Asking(archive, RequestKind.ACCESS).check().search()
    mine, namesake = (each for each in asking.places if each.table_name == "notes")
    assert NAME not in json.dumps([part.rows for part in queries.mentions(archive.session, asking.id)])
    with pytest.raises(DomainError, match="Besluit eerst"):
        asking.carry_out()
    with pytest.raises(DomainError, match="past niet"):
        asking.decide(PlaceDecision.TAKE_AWAY)
    chosen = [(mine.id, PlaceDecision.GIVE, None), (namesake.id, PlaceDecision.LET_STAND, Ground.OTHER_PERSON)]
    requests.decide_places(asking.by, asking.id, asking.row.version, chosen)
    asking.decide(PlaceDecision.GIVE)
    told = json.dumps([part.rows for part in queries.mentions(archive.session, asking.id)])
    assert f"{NAME} belde over [link]" in told
    assert "Een andere" not in told
    assert case.reference not in told  # it is not the person's own
    with pytest.raises(DomainError, match="kopie"):
        asking.carry_out()
    requests.note_export(asking.by, asking.id)
    proof = asking.carry_out()
    assert sum(each.places for each in proof.lines if each.what.startswith("Wat het loket")) == 1
    done = archive.session.scalars(select(Event).where(Event.kind == "avg_verzoek_afgehandeld")).one()
    assert done.data["gevonden"] == sum(each.places for each in proof.gone)
    assert "weg" not in done.data


def test_an_own_row_that_stands_in_no_own_case_is_told_too(archive):
    archive.desk.make.add(
        Draft(key="x" * 32, kind="bewonersinitiatief", data={"contact_email": EMAIL, "contact_name": NAME},
              created_at=archive.desk.now, updated_at=archive.desk.now)
    )  # fmt: skip
    asking = Asking(archive, RequestKind.ACCESS).check().search()
    assert {each.decision for each in asking.places if each.table_name == "drafts"} == {PlaceDecision.GIVE}
    told = [row["tekst"] for part in queries.mentions(archive.session, asking.id) for row in part.rows]
    assert NAME in told


def test_no_copy_is_made_of_words_that_changed_since(archive):
    note = a_note(archive, archive.desk.bring("in_behandeling"), f"{NAME} belde.")
    asking = Asking(archive, RequestKind.ACCESS).check().search().decide(PlaceDecision.GIVE)
    note.body = f"Gisteren belde {NAME}."
    archive.session.flush()
    with pytest.raises(DomainError, match="intussen gewijzigd"):
        requests.note_export(asking.by, asking.id)
    asking.search()
    requests.note_export(asking.by, asking.id)


def test_the_address_stays_until_somebody_sent_the_copy(archive):
    asking = Asking(archive, RequestKind.ACCESS).check().search()
    requests.note_export(asking.by, asking.id)
    asking.carry_out()
    deliver(archive)
    assert (asking.row.email, asking.row.answered_on) == (EMAIL, None)
    requests.note_export(asking.by, asking.id)  # it can be made once more
    answers.mark_sent(asking.by, requests.opened(asking.by, asking.id))
    assert (asking.row.email, asking.row.answered_on) == (None, archive.desk.today)
    with pytest.raises(DomainError, match="niet meer"):
        requests.note_export(asking.by, asking.id)


@pytest.mark.parametrize("status", [RequestStatus.RECEIVED, RequestStatus.REFUSED])
def test_nothing_is_given_to_who_did_not_show_who_it_is(archive, status):
    asking = Asking(archive, RequestKind.ACCESS)
    if status is RequestStatus.REFUSED:
        requests.refuse(asking.by, asking.id, asking.row.version, "Wij weten niet wie u bent.")
    with pytest.raises(DomainError, match="wie dit vraagt"):
        requests.note_export(asking.by, asking.id)


def test_erasing_more_places_reads_no_place_once_more(archive, session):
    """One place a row is decided about; after that nobody asks the database for it again."""
    for number in range(4):
        a_note(archive, archive.desk.bring("in_behandeling"), f"{NAME} belde, keer {number}.")
    asking = Asking(archive).check().search().decide()
    session.flush()
    with counted(session.connection()) as sent:
        asking.carry_out()
    read = [each for each in sent if each.startswith("SELECT") and "FROM privacy_places" in each]
    assert len(read) == 1


@pytest.mark.parametrize(("is_kept", "times"), [(False, 1), (True, 2)])
def test_the_end_looks_twice_only_where_somebody_let_a_place_stand(archive, monkeypatch, is_kept, times):
    for _ in range(2):
        a_note(archive, archive.desk.bring("in_behandeling"), f"{NAME} belde.")
    asking = Asking(archive).check().search()
    if is_kept:
        kept = [(asking.places[0].id, PlaceDecision.LET_STAND, Ground.RECORDS)]
        requests.decide_places(asking.by, asking.id, asking.row.version, kept)
    asking.decide()
    looked, find = [], places.find_places
    monkeypatch.setattr(places, "find_places", lambda *given, **more: looked.append(1) or find(*given, **more))
    proof = asking.carry_out()
    assert len(looked) == times
    assert [(each.places, each.ground) for each in proof.stays] == ([(1, Ground.RECORDS)] if is_kept else [])


# --- by mail and by letter


def deliver(archive) -> None:
    while deliver_next(archive.desk.system, ShowOnly()) is not None:
        pass
    for request_id in archive.session.scalars(answers.delivered(archive.desk.system)).all():
        answers.note_delivered(archive.desk.system, request_id)


def test_an_answer_counts_when_the_mail_was_delivered_and_else_waits_for_a_letter(archive):
    asking = Asking(archive).check().search()
    asking.carry_out()
    assert (asking.row.answered_on, asking.row.email) == (None, EMAIL)
    assert archive.session.scalars(answers.waiting(archive.desk.system)).all() == []  # the mail is under way
    failed = OutboxMail.kind == "privacyverzoek_beantwoord"
    archive.session.execute(update(OutboxMail).where(failed).values(gave_up_at=archive.desk.now))
    deliver(archive)
    assert (asking.row.answered_on, asking.row.email) == (None, EMAIL)
    archive.on(archive.desk.today + timedelta(days=2))
    remind(archive)
    remind(archive)
    first = len(due_mails(archive))
    assert first == 2
    assert "moet nog een brief weg" in due_mails(archive)[0].body
    archive.on(archive.desk.today + timedelta(days=7))
    remind(archive)
    assert len(due_mails(archive)) == 2 * first
    archive.on(archive.desk.today + timedelta(days=90))
    for request_id in archive.session.scalars(answers.to_forget(archive.desk.system)).all():
        answers.forget(archive.desk.system, request_id)
    row = asking.row
    assert (row.email, row.answered_on, row.forgotten_on) == (None, None, archive.desk.today)


def test_a_delivered_answer_forgets_who_asked(archive):
    asking = Asking(archive).check().search()
    day = archive.desk.today
    asking.carry_out()
    deliver(archive)
    row = asking.row
    assert (row.answered_on, row.forgotten_on, row.email, row.name) == (day, day, None, None)


def test_who_has_no_address_is_told_of_the_extension_by_letter(archive):
    asking = by_letter(archive)
    assert requests.extend(asking.by, asking.id, asking.row.version, "Er zijn veel teksten.") is False
    assert archive.session.scalars(answers.waiting(archive.desk.system)).all() == [asking.id]
    archive.on(asking.row.received_on + timedelta(days=24))
    remind(archive)
    assert len(due_mails(archive)) == 2
    answers.mark_sent(asking.by, requests.opened(asking.by, asking.id))
    assert asking.row.extension_told_on == archive.desk.today
    assert archive.session.scalars(answers.waiting(archive.desk.system)).all() == []


# --- the pages


def test_the_account_of_a_namesake_is_never_offered_to_go(archive, session, make, client_as):
    namesake = make.filer(make.organisation(), name=NAME, is_active=False)
    asking = Asking(archive).check().search()
    session.commit()
    path = f"/loket/privacy/{asking.id}/plekken"
    [place] = [each for each in asking.places if each.table_name == "accounts"]
    page = text_of(client_as(archive.head).get(path))
    choice = page.partition(f'<select class="utrecht-select utrecht-select--html-select" id="plek-{place.id}"')[2]
    assert "<option" in choice.partition("</select>")[0]
    assert "Weghalen" not in choice.partition("</select>")[0]
    assert erasing.ACCOUNT_OF_OTHER in page
    data = {"version": str(asking.row.version), "alles": "ja"}
    assert client_as(archive.head).post(path, data=data).status_code == 303
    session.expire_all()
    assert [each.decision for each in asking.places if each.id == place.id] == [PlaceDecision.UNDECIDED]
    with pytest.raises(DomainError, match="van iemand anders"):
        asking.decide()
    asking.decide(PlaceDecision.LET_STAND, Ground.OTHER_PERSON).carry_out()
    assert session.get_one(Account, namesake.id, populate_existing=True).name == NAME


def text_of(response) -> str:
    return response.get_data(as_text=True)


def test_the_letter_about_the_extension_is_a_pdf_until_somebody_sent_it(archive, session, client_as):
    asking = by_letter(archive)
    session.commit()
    browser = client_as(archive.head)
    path = f"/loket/privacy/{asking.id}"
    data = {"version": str(asking.row.version), "reason": "Er zijn veel teksten."}
    assert browser.get(f"{path}/antwoord.pdf").status_code == 404
    assert browser.post(f"{path}/verlengen", data=data).status_code == 303
    page = text_of(browser.get(path))
    assert "Stuur nu" in page or "Stuur de brief over de verlenging" in page
    assert browser.get(f"{path}/antwoord.pdf").mimetype == "application/pdf"
    session.expire_all()
    assert browser.post(f"{path}/verstuurd", data={"version": str(asking.row.version)}).status_code == 303
    assert "Stuur de brief over de verlenging" not in text_of(browser.get(path))


def test_the_page_of_today_counts_what_is_near_its_last_day(archive, session, client_as):
    archive.on(nl_day(datetime.now(UTC)))
    browser = client_as(archive.head)
    session.commit()
    assert "verzoek wacht op u" not in text_of(browser.get("/vandaag"))
    today = archive.desk.today
    near = requests.write_down(
        archive.by(archive.head), RequestKind.ACCESS, RequestChannel.LETTER, ON_PAPER, "", today - timedelta(days=30)
    )
    requests.write_down(archive.by(archive.head), RequestKind.ACCESS, RequestChannel.LETTER, ON_PAPER, "", today)
    session.commit()
    page = text_of(browser.get("/vandaag"))
    assert "1 verzoek wacht op u" in page
    assert f"/loket/privacy/{near.id}" in page
    assert NAME not in page
    assert "verzoek wacht op u" not in text_of(client_as(archive.desk.handler).get("/vandaag"))


def test_a_person_at_the_desk_gives_places_along_and_sends_the_copy(archive, session, client_as):
    a_note(archive, archive.desk.bring("in_behandeling"), f"{NAME} belde.")
    asking = Asking(archive, RequestKind.ACCESS).check().search()
    session.commit()
    browser = client_as(archive.head)
    path = f"/loket/privacy/{asking.id}"

    def send(part: str, **data: str):
        session.expire_all()
        return browser.post(f"{path}/{part}", data={"version": str(asking.row.version), **data})

    page = text_of(browser.get(f"{path}/plekken"))
    assert "Meegeven met de kopie" in page
    assert "Weghalen" not in page
    assert send("plekken", alles="ja").status_code == 303
    assert "Haal eerst de kopie op" in text_of(browser.get(path))
    assert "Haal eerst de kopie" in text_of(send("afhandelen", answer="Hier is alles.", looked="y"))
    assert f"{NAME} belde." in browser.post(f"{path}/gegevens", data={"vorm": "json"}).get_data(as_text=True)
    assert send("afhandelen", answer="Hier is alles.", looked="y").status_code == 303
    assert "De kopie is verstuurd" in text_of(browser.get(path))
    assert send("verstuurd").status_code == 303
    assert MARKER not in text_of(browser.get(path)).lower()
    assert session.get_one(PrivacyRequest, asking.id, populate_existing=True).answered_on is not None
