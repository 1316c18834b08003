"""The text of a sealed quarter: written with placed figures, commented on, agreed to by another, and presented."""

import io
import zipfile
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree

import pytest
from sqlalchemy import func, select

from knelpunt.domain.bottlenecks import BottleneckStatus
from knelpunt.domain.calendar.timezone import Quarter
from knelpunt.domain.errors import DomainError, NotFound, PermissionDenied, VersionConflict
from knelpunt.domain.figures import letter
from knelpunt.domain.figures.edition import in_words
from knelpunt.domain.figures.sealing import Check
from knelpunt.domain.figures.writing import SECTIONS, Section
from knelpunt.domain.permissions import Actor
from knelpunt.domain.quarters.findings import Finding, FindingDecision
from knelpunt.domain.quarters.track import TRANSITIONS, QuarterStatus, QuarterStep
from knelpunt.domain.vocabulary import ActorKind
from knelpunt.models import Bottleneck, MinistryContact, OutboxMail, QuarterSectionVersion, QuarterText
from knelpunt.queries.quarters import planning, texts
from knelpunt.services.figures import ledger
from knelpunt.services.figures import sealing as figures_sealing
from knelpunt.services.jobs import scheduled
from knelpunt.services.quarters import approval, comments, sealing, writing
from knelpunt.web.reporting.public import forms
from knelpunt.web.reporting.public.making import public_edition
from knelpunt.web.reporting.writing import routes
from knelpunt.web.reporting.writing.written import written_of
from tests.support.forms import fill
from tests.support.page import parse_page
from tests.support.statements import counted

QUARTER = Quarter(2026, 1)
WHY = dict.fromkeys(Check, "Dit is bekend en verandert niets aan de cijfers.")
TEXT = f"/kwartalen/{QUARTER}/tekst"
PART = f"{TEXT}/deel"


@pytest.fixture
def begun(app, session, desk, author, head):
    """A sealed quarter of which the author began the text and wrote the parts that begin empty."""
    desk.file()
    desk.bring("afgesloten")
    desk.later(100)
    ledger.settle(session)
    sealing.ask(desk.context(author), QUARTER, WHY)
    figures_sealing.agree(desk.context(head), QUARTER)
    writing.begin(desk.context(author), QUARTER)
    for section in (Section.BOTTLENECK, Section.OUTLOOK):
        writing.save(desk.context(author), QUARTER, section, "Hier staat iets.", 1)
    session.flush()
    return QUARTER


@pytest.fixture
def placed(app, session, begun):
    with app.test_request_context():
        return written_of(session, QUARTER).figures


def mails(session, kind: str) -> list[OutboxMail]:
    return list(session.scalars(select(OutboxMail).where(OutboxMail.kind == kind)))


def test_the_second_person_hears_that_a_seal_and_a_text_wait(session, desk, begun, author, head, placed):
    approval.ask(desk.context(author), QUARTER, placed)
    for kind in ("kwartaal_verzegeling_gevraagd", "kwartaaltekst_voorgelegd"):
        assert {mail.account_id for mail in mails(session, kind)} == {head.id}


def test_a_section_is_written_over_only_by_who_saw_it(session, desk, begun, author, head):
    row = texts.sections_of(session, QUARTER)[Section.REASON]
    before = row.version
    writing.save(desk.context(head), QUARTER, Section.REASON, "Van het hoofd.", before, by_itself=True)
    with pytest.raises(VersionConflict):
        writing.save(desk.context(author), QUARTER, Section.REASON, "Van de auteur.", before)
    writing.save(desk.context(author), QUARTER, Section.REASON, "Van de auteur.", row.version)
    kept = [each.source for each in texts.versions_of(session, QUARTER, Section.REASON)]
    assert kept[:2] == ["Van de auteur.", "Van het hoofd."]
    first = session.scalars(select(QuarterSectionVersion).where(QuarterSectionVersion.source == "Van het hoofd.")).one()
    writing.put_back(desk.context(author), QUARTER, Section.REASON, first.id, row.version)
    assert row.source == "Van het hoofd."


def test_a_text_with_an_error_an_empty_part_or_an_open_comment_is_not_laid_before_others(
    session, desk, begun, author, placed
):
    row = texts.sections_of(session, QUARTER)[Section.LAWS]
    for source in ("Er waren {{cijfer: onbekend}} zaken.", ""):
        writing.save(desk.context(author), QUARTER, Section.LAWS, source, row.version)
        with pytest.raises(DomainError):
            approval.ask(desk.context(author), QUARTER, placed)
    writing.save(desk.context(author), QUARTER, Section.LAWS, "Er waren 999 zaken.", row.version)
    approval.ask(desk.context(author), QUARTER, placed)  # a bare number is pointed at and does not block
    with pytest.raises(DomainError):
        writing.save(desk.context(author), QUARTER, Section.LAWS, "Toch anders.", row.version)


def test_another_person_agrees_and_from_then_on_nothing_changes(session, desk, begun, author, head, placed):
    approval.ask(desk.context(author), QUARTER, placed)
    text = session.get_one(QuarterText, QUARTER.first_day)
    with pytest.raises(PermissionDenied):
        approval.approve(desk.context(author), QUARTER, text.version, placed)
    approval.approve(desk.context(head), QUARTER, text.version, placed)
    assert (text.status, text.asked_by_id, text.approved_by_id) == (QuarterStatus.APPROVED, author.id, head.id)
    row = texts.sections_of(session, QUARTER)[Section.REASON]
    with pytest.raises(DomainError):
        writing.save(desk.context(author), QUARTER, Section.REASON, "Toch anders.", row.version)
    with pytest.raises(DomainError) as refused:
        approval.present(desk.context(author), QUARTER, desk.today + timedelta(days=1))
    assert refused.value.field == "on_day"
    approval.present(desk.context(author), QUARTER, desk.today)
    with pytest.raises(DomainError):
        approval.reopen(desk.context(head), QUARTER, "Te laat.")
    approval.number(desk.context(author), QUARTER, "32 847, nr. 1500")
    assert texts.status_in(session, QUARTER, desk.today) is QuarterStatus.PRESENTED
    desk.later(1)
    figures_sealing.correct(
        desk.context(author),
        public_edition(session, QUARTER),
        place="totalen; nu; ontvangen",
        should_be="3",
        reason="Dubbel geteld.",
    )
    session.flush()
    assert texts.status_in(session, QUARTER, desk.today) is QuarterStatus.CORRECTED


def test_who_wrote_last_is_no_second_person(session, desk, begun, author, head, placed, make):
    row = texts.sections_of(session, QUARTER)[Section.OUTLOOK]
    writing.save(desk.context(head), QUARTER, Section.OUTLOOK, "Van het hoofd.", row.version)
    approval.ask(desk.context(author), QUARTER, placed)
    text = session.get_one(QuarterText, QUARTER.first_day)
    with pytest.raises(PermissionDenied):
        approval.approve(desk.context(head), QUARTER, text.version, placed)
    approval.give_back(desk.context(head), QUARTER, "Nog iets.")
    assert (text.asked_at, text.remark) == (None, "Nog iets.")


def test_a_personal_detail_needs_the_reason_of_the_second_person(session, desk, begun, author, head, placed):
    row = texts.sections_of(session, QUARTER)[Section.OUTLOOK]
    writing.save(desk.context(author), QUARTER, Section.OUTLOOK, "Mail naar vraag@gemeente.example.", row.version)
    approval.ask(desk.context(author), QUARTER, placed)
    text = session.get_one(QuarterText, QUARTER.first_day)
    with pytest.raises(DomainError) as refused:
        approval.approve(desk.context(head), QUARTER, text.version, placed)
    assert refused.value.field == "pass_reason"
    approval.approve(desk.context(head), QUARTER, text.version, placed, "Dit is het algemene adres.")
    assert text.pass_reason == "Dit is het algemene adres."
    assert "vraag@" not in str(text.passed)


@pytest.fixture
def asked(session, desk, begun, author, make):
    contact = make.add(
        MinistryContact(ministry_id=desk.ministry.id, name="Postbus", email="proef@rijk.example", is_fallback=True)
    )
    return comments.ask(desk.context(author), QUARTER, contact_id=contact.id, due_on=desk.today + timedelta(days=14))


def test_a_ministry_comments_by_its_link_and_the_author_settles(session, desk, begun, author, placed, asked):
    [mail] = mails(session, "kwartaalreactie_gevraagd")
    assert comments.path_of(desk.system, asked) in (mail.body or "")
    official = desk.as_(Actor(ActorKind.ANSWER_LINK, comment_request_id=asked.id))
    said = comments.comment(official, Section.LAWS, "Deze wet is hernoemd.")
    session.flush()
    with pytest.raises(DomainError):
        approval.ask(desk.context(author), QUARTER, placed)
    with pytest.raises(DomainError) as refused:
        comments.settle(desk.context(author), QUARTER, said.id, is_taken=False, answer=" ")
    assert refused.value.field == "answer"
    comments.settle(desk.context(author), QUARTER, said.id, is_taken=False, answer="De naam van toen geldt.")
    comments.finish(official)
    assert [each.account_id for each in mails(session, "kwartaalreactie_gegeven")] == [author.id]
    with pytest.raises(DomainError):
        comments.comment(official, Section.LAWS, "Nog iets.")


def test_who_holds_a_link_cannot_fill_the_text_with_comments(session, desk, asked, monkeypatch):
    monkeypatch.setattr(comments, "MOST", 3)
    official = desk.as_(Actor(ActorKind.ANSWER_LINK, comment_request_id=asked.id))
    for _each in range(3):
        comments.comment(official, Section.LAWS, "Nog eens.")
    with pytest.raises(DomainError) as refused:
        comments.comment(official, Section.LAWS, "Nog eens.")
    assert refused.value.field == "body"


def test_a_ministry_is_reminded_twice_and_not_after_its_term(session, desk, asked):
    for _run in range(20):
        desk.later(1)
        scheduled.run_due(desk.system, session.flush)
        scheduled.run_due(desk.system, session.flush)
    assert len(mails(session, "kwartaalreactie_herinnering")) == 2
    official = desk.as_(Actor(ActorKind.ANSWER_LINK, comment_request_id=asked.id))
    with pytest.raises(DomainError):
        comments.comment(official, Section.LAWS, "Te laat.")


@pytest.fixture
def link_of(app, desk):
    """The address at which a ministry comments."""
    return lambda asked: f"/kwartaalreactie/{app.config['LINKS'].token(comments.PURPOSE, asked.public_id, asked.nonce)}"


@pytest.mark.parametrize("section", [Section.LAWS.value, ""])
def test_a_comment_that_comes_too_late_stands_there_to_copy(session, begun, asked, client, link_of, section):
    asked.due_on = datetime.now(UTC).date() + timedelta(days=3)
    session.commit()
    form = fill(client.get(link_of(asked)), "body", section=section, body="Deze wet is hernoemd.")
    text = session.get_one(QuarterText, QUARTER.first_day)
    text.asked_by_id, text.asked_at = asked.asked_by_id, text.begun_at
    session.commit()
    answer = client.post(link_of(asked), data=form)
    assert answer.status_code == 422
    told = parse_page(answer).text
    assert "Met deze link kunt u niet meer reageren." in told
    assert "Deze wet is hernoemd." in answer.text
    assert texts.comments_of(session, QUARTER) == []


def test_a_comment_by_a_link_that_was_withdrawn_stands_there_to_copy(
    session, desk, begun, asked, author, client, link_of
):
    asked.due_on = datetime.now(UTC).date() + timedelta(days=3)
    session.commit()
    form = fill(client.get(link_of(asked)), "body", section=Section.LAWS.value, body="Deze wet is hernoemd.")
    comments.withdraw(desk.context(author), QUARTER, asked.id)
    session.commit()
    answer = client.post(link_of(asked), data=form)
    assert answer.status_code == 410
    assert "Deze wet is hernoemd." in answer.text
    assert "Deze wet is hernoemd." not in client.get(link_of(asked)).text


def test_a_stranger_writes_and_comments_on_nothing(session, desk, begun, make):
    with pytest.raises(PermissionDenied):
        writing.save(desk.context(desk.handler), QUARTER, Section.LAWS, "x", 1)
    with pytest.raises(NotFound):
        comments.comment(desk.as_(Actor(ActorKind.ANSWER_LINK, comment_request_id=0)), Section.LAWS, "x")


def test_a_proposed_sentence_is_taken_rewritten_or_left_once(session, desk, begun, author):
    text = session.get_one(QuarterText, QUARTER.first_day)
    with pytest.raises(DomainError) as refused:
        writing.decide_finding(desk.context(author), QUARTER, "zin", FindingDecision.TAKEN, sentence=" ")
    assert refused.value.field == "sentence"
    writing.decide_finding(
        desk.context(author),
        QUARTER,
        "zin",
        FindingDecision.REWRITTEN,
        section=Section.LAWS,
        sentence="Er kwamen {{cijfer: ontvangen}} zaken.",
    )
    assert texts.sources_of(session, QUARTER)["wetten"].endswith("\n\nEr kwamen {{cijfer: ontvangen}} zaken.")
    writing.decide_finding(desk.context(author), QUARTER, "andere", FindingDecision.LEFT)
    assert text.findings == {"zin": "herschreven", "andere": "gelaten"}


def test_the_page_of_sentences_tells_their_rules_and_what_was_decided(desk, begun, author, client_as, monkeypatch):
    sentences = [
        Finding(key, "Er kwamen {{cijfer: ontvangen}} zaken.", rule)
        for key, rule in (("een-zin", "Er kwam iets."), ("nog-een", "Er kwam niets."))
    ]
    monkeypatch.setattr(routes, "findings", lambda _told: sentences)
    writing.decide_finding(desk.context(author), QUARTER, "nog-een", FindingDecision.LEFT)
    page = " ".join(parse_page(client_as(author).get(f"{TEXT}/bevindingen")).text.split())
    assert "Mag, want: Er kwam iets." in page
    assert "Niet overgenomen: Er kwam niets." in page
    assert "een zin" not in page


def test_the_bottleneck_of_the_quarter_is_chosen_with_a_reason(session, desk, begun, author, make):
    early, late = (
        make.add(
            Bottleneck(
                reference=f"RK-2026-09{number}",
                title="Een regel",
                problem="Hij knelt.",
                status=BottleneckStatus.IN_ANALYSIS,
                signalled_on=signalled_on,
                owner_due_on=signalled_on + timedelta(days=30),
                terms=func.to_tsvector("simple", "regel"),
                updated_at=desk.now,
            )
        )
        for number, signalled_on in ((10, date(2026, 1, 5)), (11, date(2026, 4, 5)))
    )
    session.flush()
    assert early.id in {each.id for each in texts.pressing(session, QUARTER)}
    assert late.id not in {each.id for each in texts.pressing(session, QUARTER)}
    for bottleneck_id, why, field in ((0, "Daarom.", "bottleneck_id"), (early.id, " ", "why")):
        with pytest.raises(DomainError) as refused:
            writing.choose_bottleneck(desk.context(author), QUARTER, bottleneck_id, why)
        assert refused.value.field == field
    row = texts.sections_of(session, QUARTER)[Section.BOTTLENECK]
    writing.save(desk.context(author), QUARTER, Section.BOTTLENECK, "", row.version)
    writing.choose_bottleneck(desk.context(author), QUARTER, early.id, "Deze regel knelt het meest.")
    assert f"/regelknelpunten/{early.reference}" in row.source
    assert row.source.endswith("Deze regel knelt het meest.")


def test_the_finds_of_a_check_get_an_owner_who_hears_of_it(session, desk, make, author):
    owner = make.handler(organisation=desk.ministry)
    desk.later(100)
    for owner_id, due_on, field in ((0, desk.today, "owner_id"), (owner.id, None, "due_on")):
        with pytest.raises(DomainError) as refused:
            sealing.give_check(desk.context(author), QUARTER, Check.SILENT, owner_id=owner_id, due_on=due_on)
        assert refused.value.field == field
    sealing.give_check(desk.context(author), QUARTER, Check.SILENT, owner_id=owner.id, due_on=desk.today)
    session.flush()
    assert planning.check_tasks(session, QUARTER)[Check.SILENT].owner == owner.name
    assert [mail.account_id for mail in mails(session, "kwartaal_controle_gekregen")] == [owner.id]


# pages


def test_a_form_about_a_check_goes_back_to_the_list_of_checks(client_as, session, desk, author):
    desk.later(100)
    session.commit()
    page = parse_page(client_as(author).get(f"/kwartalen/{QUARTER}/verzegelen/nakijken/{Check.SILENT.value}"))
    assert page.one("link", "Terug").href == f"/kwartalen/{QUARTER}/verzegelen"


def test_the_page_shows_how_the_text_reads_and_what_is_wrong_at_which_line(client_as, begun, author):
    client = client_as(author)
    address = f"{PART}/{Section.ONE_PAGE.value}"
    page = client.get(address)
    source = "Er kwamen {{cijfer: ontvangen}} zaken.\n\nEn {{cijfer: onzin}}, en 999."
    answer = client.post(address, data=fill(page, "source", source=source, action="voorbeeld"))
    shown = parse_page(answer)
    assert "Er kwamen 2 zaken." in " ".join(shown.text.split())
    assert "Regel 3, fout" in shown.text
    assert "Regel 3, let op" in shown.text
    assert "onzin" not in parse_page(client.get(address)).text.partition("Schrijven")[0]
    kept = client.post(
        address, data=fill(answer, "source", source="Er kwamen {{cijfer: ontvangen}} zaken.", action="bewaar")
    )
    assert kept.status_code in (302, 303)
    assert "Regel 3" not in parse_page(client.get(address)).text


def test_a_page_that_somebody_overtook_shows_both_texts(client_as, session, desk, begun, author, head):
    client = client_as(author)
    address = f"{PART}/{Section.REASON.value}"
    page = client.get(address)
    row = texts.sections_of(session, QUARTER)[Section.REASON]
    writing.save(desk.context(head), QUARTER, Section.REASON, "Zo schreef het hoofd het.", row.version)
    session.commit()
    answer = client.post(address, data=fill(page, "source", source="Zo schreef de auteur het.", action="bewaar"))
    assert answer.status_code == 409
    assert "Zo schreef het hoofd het." in answer.text
    assert "Zo schreef de auteur het." in answer.text
    by_itself = client.post(address, data=fill(page, "source", source="Vanzelf.", action="vanzelf"))
    assert by_itself.status_code == 409
    saved = client.post(address, data=fill(answer, "source", source="Samen.", action="vanzelf"))
    assert saved.status_code == 200
    assert set(saved.json) == {"saved", "basis"}


def test_the_page_of_the_text_offers_the_steps_of_the_table(client_as, session, desk, begun, author, head, placed):
    def offered():
        session.commit()
        shown = parse_page(client_as(author).get(TEXT)).names("link")
        return {step for step, row in TRANSITIONS.items() if row.words in shown}

    assert offered() == {QuarterStep.CHOOSE, QuarterStep.ASK_APPROVAL}
    approval.ask(desk.context(author), QUARTER, placed)
    assert offered() == {QuarterStep.APPROVE}
    approval.approve(desk.context(head), QUARTER, session.get_one(QuarterText, QUARTER.first_day).version, placed)
    assert offered() == {QuarterStep.PRESENT, QuarterStep.REOPEN}
    approval.reopen(desk.context(head), QUARTER, "Nog iets.")
    assert offered() == {QuarterStep.CHOOSE, QuarterStep.ASK_APPROVAL}


WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"


def words_in(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return "".join(ElementTree.fromstring(packed.read(name)).itertext())


def head_of_pages(content: bytes, form: str) -> str:
    """What stands above every page of a document: the head that its only section, or its only kind of page, has."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        if form == "docx":
            whole = ElementTree.fromstring(packed.read("word/document.xml"))
            assert len(list(whole.iter(f"{WORD}sectPr"))) == 1
            assert not list(whole.iter(f"{WORD}titlePg")), "the first page has no other head"
            named = [each for each in packed.namelist() if each.startswith("word/header")]
            assert len(named) == len(list(whole.iter(f"{WORD}headerReference")))
            return "".join("".join(ElementTree.fromstring(packed.read(each)).itertext()) for each in named)
        [page] = ElementTree.fromstring(packed.read("styles.xml")).iter(f"{STYLE}master-page")
        return "".join("".join(each.itertext()) for each in page.iter(f"{STYLE}header"))


def test_what_was_opened_again_has_one_name(placed):
    assert "heropend" in placed.figures
    assert [name for name in placed.figures if "heropend" in name] == ["heropend"]


def test_the_whole_text_goes_round_as_a_document_before_it_is_presented(
    client, client_as, session, desk, begun, author, head, placed
):
    """What a minister signs and a ministry still edits is there before anything is noted as presented."""
    browser, said = client_as(author), "Hier staat iets."
    parts = {"docx": "word/document.xml", "odt": "content.xml"}
    page = parse_page(browser.get(TEXT))
    assert {f"{TEXT}/document.{form}" for form in (*parts, "pdf")} <= {href for _words, href in page.links()}
    for form, part in parts.items():
        answer = browser.get(f"{TEXT}/document.{form}")
        told = words_in(answer.data, part)
        assert said in told
        assert "Binnengekomenzaken:2." in "".join(told.split()), "ODT writes some spaces as marks"
        assert letter.DRAFT in told
        assert letter.DRAFT in head_of_pages(answer.data, form), "a page that comes off the others says so too"
        assert f"-concept.{form}" in answer.headers["Content-Disposition"]
    draft = browser.get(f"{TEXT}/document.pdf").data
    assert draft.startswith(b"%PDF")
    hits = forms._pdf.cache_info().hits
    assert browser.get(f"{TEXT}/document.pdf").data == draft
    assert forms._pdf.cache_info().hits == hits + 1, "it is not typeset once more"
    for form in ("csv", "exe"):
        assert browser.get(f"{TEXT}/document.{form}").status_code == 404

    approval.ask(desk.context(author), QUARTER, placed)
    approval.approve(desk.context(head), QUARTER, session.get_one(QuarterText, QUARTER.first_day).version, placed)
    session.commit()
    for form, part in parts.items():
        agreed = browser.get(f"{TEXT}/document.{form}").data
        told = words_in(agreed, part)
        assert said in told
        assert letter.DRAFT not in told + head_of_pages(agreed, form)
    assert said not in words_in(client.get(f"/kwartalen/{QUARTER}/bericht.docx").data, parts["docx"]), "not public yet"


def test_every_figure_of_the_edition_can_be_placed(app, session, begun, placed):
    """Who types the share of municipalities or what has run up since the begin need not, nor is it pointed at."""
    for name, value in {
        "gemeenten, gemeenten met een melding": "2",
        "sinds het begin, ontvangen": "2",
        "stil, het loket was een antwoord schuldig": "2",
    }.items():
        assert placed.figures[name].value == value
    with app.test_request_context():
        edition = written_of(session, QUARTER).edition
        names = "\n".join(f"- {{{{cijfer: {each}}}}}" for each in placed.figures)
        assert written_of(session, QUARTER).shown(Section.FIGURES, names).problems == ()
    told = Counter(each.value for each in placed.figures.values())
    in_tables = Counter(in_words(each.cell) for each in edition.own())
    assert in_tables - told == Counter()


def test_every_part_begins_with_a_template_that_places_only_what_exists(app, session, begun):
    with app.test_request_context():
        found = written_of(session, QUARTER)
        assert [each.key for each in found.sections] == list(SECTIONS)
        assert [(each.key, problem) for each, problem in found.problems if problem.is_error] == []


def test_the_page_of_the_text_asks_the_database_as_much_with_many_comments(
    client_as, session, desk, begun, author, asked
):
    client = client_as(author)
    session.commit()
    client.get(TEXT)
    with counted(session.connection()) as before:
        client.get(TEXT)
    official = desk.as_(Actor(ActorKind.ANSWER_LINK, comment_request_id=asked.id))
    for section in Section:
        comments.comment(official, section, "Dit klopt niet.")
    session.commit()
    with counted(session.connection()) as after:
        client.get(TEXT)
    assert len(after) == len(before)
