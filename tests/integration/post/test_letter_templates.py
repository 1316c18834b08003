"""The fixed texts of letters: what ships is version 1, a new one needs a second person, and a mistake is refused."""

import dataclasses
import io
import re
from datetime import timedelta

import pikepdf
import pytest
from sqlalchemy import select

from knelpunt.adapters.translations import translator
from knelpunt.domain.errors import DomainError, PermissionDenied
from knelpunt.domain.languages import DUTCH, OTHERS
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.post.letter_templates import LETTER_FORMS, check, filled
from knelpunt.domain.vocabulary import CaseStatus, EventKind, Result, ReviewStatus, SecondLookOutcome
from knelpunt.models import Contact, Event, Letter, LetterVersion, OutboxMail, Review
from knelpunt.services.cases import reviews, second_looks, triage
from knelpunt.services.mail import preview, templates
from knelpunt.services.mail.texts import About
from knelpunt.services.submitters import reactions, second_look
from tests.support.forms import fill
from tests.support.incoming import MAILBOX, READ
from tests.support.mail_texts import SUBMITTER_TEXTS
from tests.unit.mail.test_mail_texts import BY_LINK, VALUES

ON_PAPER = About("KNP-2026-00042", "Moestuin op het dak", BY_LINK.link, is_on_paper=True)
NEW = "Dag,\n\nOver uw melding: {bericht}\n\nTot ziens."


@pytest.fixture
def agreed(desk, make):
    """``agreed(kind, plain, theme="", outcome="", legal="", language=…)`` makes a version that is in use."""
    administrator = make.administrator()

    def add(kind, plain, theme="", outcome="", legal="", language=DUTCH):
        version = templates.write(
            desk.context(administrator), kind, theme, outcome, plain=plain, legal=legal, language=language
        )
        templates.agree(desk.context(desk.reviewer), version.id)
        return version

    return add


def message_about(desk, case, words="Wij spraken de gemeente."):
    triage.send_message(desk.context(desk.handler), case.reference, words)
    kind = OutboxMail.kind == MailKind.MESSAGE.value
    return desk.session.scalars(select(OutboxMail).where(kind).order_by(OutboxMail.id.desc())).first()


@pytest.mark.parametrize("kind", LETTER_FORMS)
@pytest.mark.parametrize("about", [BY_LINK, ON_PAPER], ids=["mail", "paper"])
@pytest.mark.parametrize("is_bare", [False, True])
def test_version_1_says_what_the_letters_said_before(kind, about, is_bare):
    values = {**VALUES[kind], **({"conditions": ""} if is_bare and kind is MailKind.PROPOSAL else {})}
    if is_bare and "next_date" in values:
        values["next_date"] = None
    if is_bare and kind is MailKind.SECOND_HANDLER:
        values["reason"] = ""
    if is_bare and kind is MailKind.SECOND_LOOK_OUTCOME:
        values["outcome"] = SecondLookOutcome.KEPT
    mail = SUBMITTER_TEXTS[kind](**values)
    core = tuple(paragraph for paragraph in mail.text(about).core if paragraph.strip())
    form = LETTER_FORMS[kind]
    assert mail.text(about).subject == f"{form.subject} ({about.reference})"
    assert templates.paragraphs_of(form.shipped["nl"], "", templates.places_of(kind, about, mail.values)) == core
    for language in OTHERS:
        said = tuple(translator(language).say(paragraph) for paragraph in mail.text(about).core if paragraph.strip())
        places = templates.places_of(kind, about, mail.values, language)
        assert templates.paragraphs_of(form.shipped[language.code], "", places, language) == said
    for text in form.shipped.values():
        check(kind, text, is_whole=True)
    assert set(templates.places_of(kind, about, mail.values)) == set(form.places)


def test_without_a_version_nothing_changes_and_an_agreed_one_is_used(desk, agreed):
    case = desk.bring("in_triage")
    assert "Wij hebben een bericht voor u." in message_about(desk, case).body
    agreed(MailKind.MESSAGE, NEW)
    body = message_about(desk, case).body
    assert "Over uw melding: Wij spraken de gemeente." in body
    assert "Wij hebben een bericht voor u." not in body
    assert body.startswith("Beste indiener,")
    assert case.reference in body


def test_a_version_that_waits_or_was_given_back_is_not_used(desk, make, session):
    case = desk.bring("in_triage")
    version = templates.write(desk.context(make.administrator()), MailKind.MESSAGE, "", "", plain=NEW, legal="")
    assert "Wij hebben een bericht voor u." in message_about(desk, case).body
    with pytest.raises(DomainError, match="anders moet"):
        templates.give_back(desk.context(desk.reviewer), version.id, " ")
    templates.give_back(desk.context(desk.reviewer), version.id, "Te kort.")
    assert "Wij hebben een bericht voor u." in message_about(desk, case).body
    with pytest.raises(DomainError, match="al besloten"):
        templates.agree(desk.context(desk.reviewer), version.id)
    kinds = session.scalars(select(Event.kind).where(Event.subject == f"brief:{version.id}").order_by(Event.number))
    assert list(kinds) == [templates.WRITTEN, templates.GIVEN_BACK]


def test_the_version_of_the_topic_goes_before_the_one_for_all_and_legal_words_come_below(desk, agreed):
    case, other = desk.bring("in_triage"), desk.bring("in_triage")
    other_theme = "energie"
    agreed(MailKind.MESSAGE, NEW)
    agreed(MailKind.MESSAGE, "Over dit onderwerp: {bericht}", theme=case.theme.value, legal="Artikel 3:46 Awb.")
    agreed(MailKind.MESSAGE, "Over energie: {bericht}", theme=other_theme)
    body = message_about(desk, other).body
    assert "Over dit onderwerp: Wij spraken de gemeente." in body
    assert "In juridische woorden:\n\nArtikel 3:46 Awb." in body


def test_a_text_for_a_topic_is_ended_by_two_persons_and_the_one_for_all_is_used_again(desk, agreed, client_as, make):
    case = desk.bring("in_triage")
    agreed(MailKind.MESSAGE, "Voor alle: {bericht}")
    agreed(MailKind.MESSAGE, "Voor dit onderwerp: {bericht}", theme=case.theme.value)
    assert "Voor dit onderwerp:" in message_about(desk, case).body
    writer, path = client_as(make.administrator()), "/beheer/brieven/bericht/nieuw"
    page = writer.get(path)
    nothing = writer.post(path, data=fill(page, "plain", theme="", stops="y", plain=""))
    assert nothing.status_code == 303, "the text for all can be ended as well"
    reviewer = client_as(desk.reviewer)
    reviewer.post(nothing.location, data=fill(reviewer.get(nothing.location), "remark", answer="terug", remark="Nee."))
    page = writer.get(path)
    there = writer.post(path, data=fill(page, "plain", theme=case.theme.value, stops="y")).location
    shown = writer.get(there).get_data(as_text=True)
    assert "Geen eigen tekst meer" in shown
    assert "Voor alle: Wij spraken de gemeente over uw plan." in shown
    assert "Voor dit onderwerp:" in message_about(desk, case, "Nog.").body, "nobody agreed yet"
    assert reviewer.post(there, data=fill(reviewer.get(there), "remark", answer="akkoord")).status_code == 303
    assert "Voor alle:" in message_about(desk, case, "Nu.").body
    assert "Geen eigen tekst meer." in writer.get("/beheer/brieven/bericht").get_data(as_text=True)
    again = writer.post(path, data=fill(writer.get(path), "plain", theme=case.theme.value, stops="y"))
    assert again.status_code == 422
    assert "Er valt dus niets te stoppen." in again.get_data(as_text=True)
    assert writer.post(path, data=fill(writer.get(path), "plain", plain=" ")).status_code == 422
    agreed(MailKind.MESSAGE, "Toch weer: {bericht}", theme=case.theme.value)
    assert "Toch weer:" in message_about(desk, case, "Weer.").body


def test_who_wrote_from_a_version_that_is_no_longer_the_last_sees_that_first(desk, agreed, client_as, make, session):
    writer, path = client_as(make.administrator()), "/beheer/brieven/bericht/nieuw"
    page = writer.get(path)
    version = agreed(MailKind.MESSAGE, NEW)
    session.commit()
    late = writer.post(path, data=fill(page, "plain", plain="Mijn tekst: {bericht}"))
    assert late.status_code == 409
    shown = late.get_data(as_text=True)
    assert "Mijn tekst: {bericht}</textarea>" in shown
    assert f"/beheer/brieven/versies/{version.id}" in shown
    assert writer.post(path, data=fill(late, "plain")).status_code == 303


def test_who_reads_english_keeps_the_text_that_ships_until_there_is_a_version_in_english(desk, agreed):
    case = desk.bring("in_triage")
    case.language = "en"
    agreed(MailKind.MESSAGE, NEW)
    assert "We have a message for you." in message_about(desk, case).body
    (english,) = OTHERS
    agreed(MailKind.MESSAGE, "About your report: {bericht}", language=english, legal="Article 3:46.")
    body = message_about(desk, case).body
    assert "About your report: Wij spraken de gemeente." in body
    assert "In legal words:\n\nArticle 3:46." in body
    assert body.startswith("Dear submitter,") and "U krijgt deze mail" not in body
    case.language = "nl"
    assert "Over uw melding:" in message_about(desk, case).body


def test_days_and_sentences_of_ours_in_an_english_version_are_english(desk, agreed):
    case = desk.bring("in_triage")
    case.language = "en"
    agreed(MailKind.VERDICT, "Our verdict: {gewoon}\n\n{volgende_stap}", language=OTHERS[0])
    desk.weigh(case)
    desk.start_handling(case)
    body = desk.session.scalars(select(OutboxMail.body).where(OutboxMail.kind == MailKind.VERDICT.value)).one()
    assert "Our verdict: Het kan met een vergunning." in body
    assert "It is our turn now. You get a proposal by Tuesday 12 January 2027 at the latest." in body


def test_the_pages_say_in_which_language_the_shipped_text_still_goes_out(desk, agreed, client_as, make, session):
    writer = client_as(make.administrator())
    agreed(MailKind.MESSAGE, NEW)
    page = writer.get("/beheer/brieven/bericht").get_data(as_text=True)
    assert "In het Engels gaat nog de meegeleverde tekst uit" in page
    assert "het Nederlands veranderde wel" in writer.get("/beheer/brieven").get_data(as_text=True)
    path = "/beheer/brieven/bericht/nieuw?taal=en"
    form = writer.get(path)
    assert "We have a message for you." in fill(form, "plain")["plain"]
    there = writer.post(path, data=fill(form, "plain", plain="About your report: {bericht}")).location
    version = session.scalars(select(LetterVersion).where(LetterVersion.language == "en")).one()
    reviewer = client_as(desk.reviewer)
    shown = reviewer.get(there)
    assert "Dear submitter," in shown.get_data(as_text=True)
    assert "<del>We have a message for you.</del>" in shown.get_data(as_text=True)
    assert reviewer.post(there, data=fill(shown, "remark", answer="akkoord")).status_code == 303
    assert version.number == 2
    assert "gaat nog de meegeleverde tekst uit" not in writer.get("/beheer/brieven/bericht").get_data(as_text=True)


def test_one_person_never_does_both(desk, make):
    head = make.head_of_desk()
    version = LetterVersion(
        kind="bericht", number=2, plain=NEW, written_by_id=head.id, written_at=desk.now
    )  # fmt: skip
    desk.make.add(version)
    with pytest.raises(PermissionDenied):
        templates.agree(desk.context(head), version.id)
    with pytest.raises(PermissionDenied):
        templates.agree(desk.context(make.administrator()), version.id)
    with pytest.raises(PermissionDenied):
        templates.write(desk.context(head), MailKind.MESSAGE, "", "", plain=NEW, legal="")


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        (MailKind.MESSAGE, "Dag\n\n{bericht}\n{naam}", r"Regel 4: \{naam\} bestaat hier niet. Kies uit: \{bericht\}"),
        (MailKind.MESSAGE, "Dag {bericht", "Regel 1: er staat een losse accolade"),
        (MailKind.QUESTION, "{vraag}", r"moet nog staan: \{uiterlijk\}"),
        (MailKind.CLOSED, "{resultaat} {reden}", r"\{uiterlijk\}, \{hoe_vragen\}"),
        (MailKind.PROPOSAL, "Doe dit: {voorstel}\nMits: {voorwaarden}\n\n{uiterlijk}",
         r"Zet \{voorstel\} en \{voorwaarden\} elk in een eigen alinea"),
        (MailKind.SECOND_HANDLER, "{reden}\n\n{behandelaar} kijkt. {aanleiding}\n\n{volgende_stap}",
         r"Zet \{behandelaar\} en \{aanleiding\} elk in een eigen alinea"),
    ],
)  # fmt: skip
def test_a_mistake_is_refused_at_its_line(kind, text, said):
    with pytest.raises(DomainError, match=said):
        check(kind, text, is_whole=True)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (MailKind.PROPOSAL, "{voorstel} Mits: {voorwaarden}\n\nNog eens: {voorstel}\n\n{uiterlijk}"),
        (MailKind.PROPOSAL, "{voorstel} Steunt op: {grondslag}\n\n{voorwaarden}\n\n{uiterlijk}"),
        (MailKind.SECOND_HANDLER, "{reden}\n\n{behandelaar} kijkt. {volgende_stap}"),
    ],
)
def test_what_is_needed_may_share_its_paragraph_with_what_is_always_filled(kind, text):
    check(kind, text, is_whole=True)


def test_what_is_filled_in_is_never_read_as_a_place_again():
    assert filled("Een: {a}\n\nTwee: {b}\n\nDrie: {c}", {"a": "{b}\n\n{c}", "b": "", "c": "x"}) == (
        "Een: {b}\n\n{c}", "Drie: x",
    )  # fmt: skip


def test_an_administrator_writes_and_a_reviewer_looks_on_a_real_case_and_agrees(desk, make, client_as, session):
    case = desk.bring("in_triage")
    writer = client_as(make.administrator())
    assert "meegeleverd" in writer.get("/beheer/brieven").get_data(as_text=True)
    path = "/beheer/brieven/bericht/nieuw"
    page = writer.get(path)
    assert fill(page, "plain")["plain"].replace("\r\n", "\n") == LETTER_FORMS[MailKind.MESSAGE].shipped["nl"]
    refused = writer.post(path, data=fill(page, "plain", plain="Dag {naam} {bericht}"))
    assert refused.status_code == 422
    assert "Regel 1: {naam} bestaat hier niet." in refused.get_data(as_text=True)
    assert "Dag {naam} {bericht}</textarea>" in refused.get_data(as_text=True)
    there = writer.post(path, data=fill(page, "plain", plain=NEW)).location
    shown = writer.get(there).get_data(as_text=True)
    assert "Over uw melding: Wij spraken de gemeente over uw plan." in shown
    assert "Nummer van een zaak" not in shown
    assert "Uw besluit" not in shown
    reviewer = client_as(desk.reviewer)
    assert "1 versie wacht op een toetser" in reviewer.get("/vandaag").get_data(as_text=True)
    strange = reviewer.get(f"{there}?zaak={case.reference}").get_data(as_text=True)
    assert case.title not in strange, "nor does the letter name it to an address that nobody confirmed"
    session.get_one(Contact, case.id).verified_at = desk.now
    session.flush()
    on_case = reviewer.get(f"{there}?zaak={case.reference}")
    assert case.title in on_case.get_data(as_text=True)
    assert "/volgen/…" in on_case.get_data(as_text=True)
    assert "geen zaak met dit nummer" in reviewer.get(f"{there}?zaak=KNP-1").get_data(as_text=True)
    assert reviewer.post(there, data=fill(on_case, "remark", answer="terug")).status_code == 422
    assert reviewer.post(there, data=fill(on_case, "remark", answer="akkoord")).status_code == 303
    version = session.scalars(select(LetterVersion)).one()
    assert (version.number, version.is_agreed, version.decided_by_id) == (2, True, desk.reviewer.id)
    versions = reviewer.get(f"/beheer/brieven/bericht?van=0&naar={version.id}").get_data(as_text=True)
    assert "<ins>Over uw melding: {bericht}</ins>" in versions
    assert reviewer.get("/beheer/brieven/onzin").status_code == 404


def test_the_handler_sees_the_letter_first_and_nothing_is_sent(desk, agreed, client_as, session):
    case = desk.bring("in_triage")
    agreed(MailKind.MESSAGE, NEW)
    path = f"/zaken/{case.reference}/bericht"
    client = client_as(desk.handler)
    before = len(session.scalars(select(OutboxMail)).all())
    shown = client.post(path, data=fill(client.get(path), "body", body="Tot morgen.", bekijk_brief="ja"))
    assert shown.status_code == 200
    page = shown.get_data(as_text=True)
    assert "Over uw melding: Tot morgen." in page
    assert "/volgen/…" in page
    assert "Tot morgen.</textarea>" in page
    assert len(session.scalars(select(OutboxMail)).all()) == before
    assert client.post(path, data=fill(client.get(path), "body", body="", bekijk_brief="ja")).status_code == 422
    ask = f"/zaken/{case.reference}/aanvulling"
    form = fill(client.get(ask), "question", question="Welk plan?", why="Dat telt.", bekijk_brief="ja")
    assert "Onze vraag:\nWelk plan?" in client.post(ask, data=form).get_data(as_text=True)
    assert len(session.scalars(select(OutboxMail)).all()) == before


@pytest.mark.parametrize("reader", ["resident", "english", "on paper", "english on paper", "organisation"])
@pytest.mark.parametrize("mailbox", [MAILBOX, None])
def test_the_letter_that_is_seen_first_is_the_one_that_goes_to_the_letter(desk, make, session, reader, mailbox):
    desk.links = dataclasses.replace(READ, mailbox=mailbox)
    case = desk.bring("in_triage")
    if reader == "organisation":
        filer = make.filer()
        case.organisation_id, case.author_id = filer.organisation_id, filer.id
    contact = session.get_one(Contact, case.id)
    if "english" in reader:
        case.language = "en"
    if "paper" in reader:
        contact.email, contact.postal_address = None, "Kerkweg 1\n1234 AB Ergens"
    session.flush()
    context = desk.context(desk.handler)
    answer_by = desk.today + timedelta(days=28)
    message = preview.as_sent(context, case, MailKind.MESSAGE, {"body": "Wij spraken de gemeente."})
    asked = {"question": "Welk plan geldt?", "why": "Dat telt.", "answer_by": answer_by}
    question = preview.as_sent(context, case, MailKind.QUESTION, asked)
    triage.send_message(context, case.reference, "Wij spraken de gemeente.")
    triage.request_supplement(context, case.reference, case.version, **asked)
    for seen, kind in ((message, MailKind.MESSAGE), (question, MailKind.QUESTION)):
        where = Letter if "paper" in reader else OutboxMail
        sent = session.scalars(select(where).where(where.case_id == case.id, where.kind == kind.value)).one()
        assert (seen.subject, seen.body) == (sent.subject, re.sub(r"/volgen/\w+", "/volgen/…", sent.body))
    assert ("Wij hebben een vraag over uw melding" in question.subject) is ("english" not in reader)


def test_a_closing_letter_is_seen_with_the_version_of_its_result(desk, agreed, client_as):
    case = desk.bring("voorstel")
    reactions.accept_proposal(desk.follower(case), case.reference)
    desk.write_public_text(case)
    shipped = LETTER_FORMS[MailKind.CLOSED].shipped["nl"]
    agreed(MailKind.CLOSED, f"Bij een ontheffing.\n\n{shipped}", outcome=Result.WITH_ONTHEFFING.value)
    client, path = client_as(desk.handler), f"/zaken/{case.reference}/afsluiten"
    typed = {"result": Result.WITH_ONTHEFFING.value, "reason": "De gemeente werkt mee.", "next_step": "Begin maar."}
    shown = client.post(path, data=fill(client.get(path), "reason", **typed, bekijk_brief="ja"))
    page = shown.get_data(as_text=True)
    assert "Bij een ontheffing." in page
    assert "De gemeente werkt mee." in page
    assert "tot en met de dag die bij het versturen wordt ingevuld" in page


def test_a_second_look_is_told_with_the_version_of_its_outcome_as_the_handler_saw_it(
    desk, make, agreed, client_as, session
):
    case = desk.bring("afgesloten")
    head, second = make.head_of_desk(), make.handler()
    shipped = LETTER_FORMS[MailKind.SECOND_LOOK_OUTCOME].shipped["nl"]
    agreed(MailKind.SECOND_LOOK_OUTCOME, f"Voor alle uitkomsten.\n\n{shipped}")
    agreed(MailKind.SECOND_LOOK_OUTCOME, f"Wij keken goed.\n\n{shipped}", outcome=SecondLookOutcome.PARTLY.value)
    second_look.ask(desk.follower(case), case.reference, ["De brief is niet gelezen.", "Het plan is nieuw."])
    second_looks.name_handler(desk.context(head), case.reference, case.version, second.id)
    session.commit()
    client, path = client_as(second), f"/zaken/{case.reference}/heroverweging-anders"
    typed = {"outcome": "deels_anders", "answer_1": "Nu wel.", "answer_2": "Dat wisten wij.", "reason": "Het scheelt."}
    shown = client.post(path, data=fill(client.get(path), "reason", **typed, bekijk_brief="ja"))
    page = shown.get_data(as_text=True)
    assert shown.status_code == 200
    assert client.post(path, data=fill(client.get(path), "reason", **typed)).status_code == 303
    review = session.scalars(select(Review).where(Review.status == ReviewStatus.OPEN)).one()
    reviews.approve(desk.context(head), case.reference, review.id)
    kind = OutboxMail.kind == MailKind.SECOND_LOOK_OUTCOME.value
    told = session.scalars(select(OutboxMail.body).where(kind)).one()
    lines = (
        "Wij keken goed.",
        "U krijgt voor een deel gelijk.",
        "Uw punt:\nDe brief is niet gelezen.\n\nOns antwoord:\nNu wel.\n\nUw punt:\nHet plan is nieuw.",
        "De reden:\nHet scheelt.",
    )
    assert [line for line in lines if line not in told or line not in page] == []
    assert "Voor alle uitkomsten." not in told


def test_reopening_shows_its_letter_first_and_sends_the_version_in_use(desk, agreed, client_as, session):
    case = desk.bring("afgesloten")
    agreed(MailKind.REOPENED, "Goed nieuws.\n\n{reden}\n\n{volgende_stap}")
    session.commit()
    client, path = client_as(desk.handler), f"/zaken/{case.reference}/heropenen"
    shown = client.post(path, data=fill(client.get(path), "reason", reason="De regel is nieuw.", bekijk_brief="ja"))
    assert "Goed nieuws.\n\nDe regel is nieuw." in shown.get_data(as_text=True)
    assert case.status is CaseStatus.CLOSED
    assert client.post(path, data=fill(client.get(path), "reason", reason="De regel is nieuw.")).status_code == 303
    told = session.scalars(select(OutboxMail.body).where(OutboxMail.kind == MailKind.REOPENED.value)).one()
    assert "Goed nieuws.\n\nDe regel is nieuw.\n\nWij zijn nu aan zet." in told


def test_a_letter_on_paper_is_a_pdf_and_looking_at_it_is_an_event(desk, make, client_as, session):
    case = make.case()
    make.contact(case, email=None, name="Bewoner", postal_address="Kerkweg 1\n1234 AB Ergens")
    letter = make.add(
        Letter(case_id=case.id, kind="bericht", subject="Bericht #let x", body="Beste indiener,\n\n*Dag* #eval",
               written_at=make.now)
    )  # fmt: skip
    client = client_as(desk.handler)
    answer = client.post(f"/post/{letter.id}/pdf", data={})
    assert answer.status_code == 200
    with pikepdf.open(io.BytesIO(answer.data)) as pdf:
        assert (str(pdf.Root.Lang), bool(pdf.Root.MarkInfo.Marked)) == ("nl-NL", True)
        assert str(pdf.docinfo["/Title"]) == "Bericht #let x"
        assert "Bewoner" not in str(dict(pdf.docinfo)), "whose letter it is stands on the paper alone"
        with pdf.open_metadata() as told:
            assert told["pdfuaid:part"] == "1"
    assert "attachment" in answer.headers["Content-Disposition"]
    opened = select(Event).where(Event.case_id == case.id, Event.kind == EventKind.CONTACT_OPENED)
    assert len(session.scalars(opened).all()) == 1
