"""Somebody asks to be forgotten: found everywhere, decided place by place, and nowhere left but where it is said."""

import io
import json
import unicodedata
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Text as Word
from sqlalchemy import column, func, insert, literal, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY

from knelpunt.adapters.mail import ShowOnly
from knelpunt.domain.bottlenecks import BottleneckStatus
from knelpunt.domain.errors import DomainError, PermissionDenied
from knelpunt.domain.figures.sealing import FileStatus
from knelpunt.domain.figures.writing import Section
from knelpunt.domain.guides.track import GuideStatus
from knelpunt.domain.history.imports import ImportKind
from knelpunt.domain.languages import language_of
from knelpunt.domain.privacy.requests import (
    Ground,
    Person,
    PlaceDecision,
    PrivacyEvent,
    RequestChannel,
    RequestKind,
    RequestStatus,
    WordsGone,
    due_on,
)
from knelpunt.domain.public_events import PUBLIC, public_id
from knelpunt.domain.quarters.track import QuarterStatus
from knelpunt.domain.redaction.folding import fold
from knelpunt.domain.texts import Text
from knelpunt.domain.vocabulary import EventKind, PublicationStatus
from knelpunt.models import (
    Account,
    Attachment,
    Base,
    Bottleneck,
    BottleneckNews,
    Contact,
    Event,
    GuideVersion,
    ImportRun,
    Note,
    OutboxMail,
    PrivacyPlace,
    PrivacyRequest,
    PublishedCase,
    QuarterFile,
    QuarterSeal,
    QuarterSection,
    QuarterText,
)
from knelpunt.queries.privacy import places
from knelpunt.queries.public.files import TAKES_BACK
from knelpunt.services.cases import attachments
from knelpunt.services.core import events
from knelpunt.services.history import runs
from knelpunt.services.mail.delivery import Outcome, deliver_next
from knelpunt.services.privacy import answers, erasing, requests
from knelpunt.services.privacy.requests import Details
from knelpunt.web.shared.requests.request_language import spoken_in
from knelpunt.web.shared.texts import said
from tests.support import files as small_files
from tests.support.archive import Archive, fill_with_words, found
from tests.support.desk import Desk
from tests.support.guides import public_guide
from tests.support.statements import counted

NAME = "Ziva Zwanenbrug"
EMAIL = "ziva.zwanenbrug@proef.example"
MARKER = "zwanenbrug"
WHO = Details(NAME, ("Z. Zwanenbrug",), EMAIL, "06-12345678", "Merelpad 7\n3544 AB Utrecht")


@pytest.fixture
def archive(session, make, app):
    return Archive(Desk(session, make), app.config["FILE_STORE"]).on(date(2026, 11, 24))


class Asking:
    """One request, and the head of desk who deals with it."""

    def __init__(self, archive: Archive, kind: RequestKind = RequestKind.ERASURE) -> None:
        self.archive, self.session = archive, archive.session
        made = requests.write_down(
            self.by, kind, RequestChannel.LETTER, WHO, f"Wis alles over {NAME}.", archive.desk.today
        )
        self.id = made.id

    @property
    def by(self):
        return self.archive.by(self.archive.head)

    @property
    def row(self) -> PrivacyRequest:
        return self.session.get_one(PrivacyRequest, self.id, populate_existing=True)

    @property
    def places(self) -> list[PrivacyPlace]:
        self.session.flush()
        return list(self.session.scalars(select(PrivacyPlace).order_by(PrivacyPlace.id)).all())

    def check(self) -> "Asking":
        requests.check_identity(self.by, self.id, self.row.version, "Gebeld op het nummer bij de melding.", WHO)
        return self

    def search(self) -> "Asking":
        requests.search(self.by, self.archive.files, self.id, self.row.version)
        return self

    def decide(self, decision: PlaceDecision = PlaceDecision.TAKE_AWAY, ground: Ground | None = None) -> "Asking":
        open_ones = [each for each in self.places if each.decision is PlaceDecision.UNDECIDED]
        requests.decide_places(self.by, self.id, self.row.version, [(each.id, decision, ground) for each in open_ones])
        return self

    def carry_out(self):
        return requests.carry_out(self.by, self.archive.files, self.id, self.row.version, "Alles is weg.")


def a_person_everywhere(archive: Archive):
    """A case of the person with the name in every column of text, a file, a public text, and a case of somebody else
    in which the person is named."""
    session = archive.session
    case = archive.desk.bring("afgesloten")
    rules = attachments.AttachmentRules(1_000_000, 10)
    attachments.store(
        archive.by(archive.desk.handler), archive.files, rules,
        io.BytesIO(small_files.pdf(NAME)), "brief van Ziva Zwanenbrug.pdf", case=case,
    )  # fmt: skip
    fill_with_words(session, case, archive.desk.handler.id, NAME)
    session.execute(
        update(Contact)
        .where(Contact.case_id == case.id)
        .values(email=EMAIL, phone="06-12345678", erased_at=None, verified_at=archive.desk.now)
    )
    case.publication = PublicationStatus.PUBLIC
    other = archive.desk.bring("in_behandeling")
    session.add(
        Note(case_id=other.id, body="Volgens mevrouw Ziva Zwanenbrug, Merelpad 7, mag het.",
             author_id=archive.desk.handler.id, written_at=archive.desk.now)
    )  # fmt: skip
    session.flush()
    session.expire_all()
    return case, other


def on_disk(data_dir) -> set[Path]:
    """The files that tell of this person; other tests of this process may have left some."""
    return {path for path in data_dir.rglob("*") if path.is_file() and MARKER.encode() in path.read_bytes().lower()}


def test_nothing_of_the_person_is_left_in_the_database_or_on_disk(archive, data_dir, client):
    there = on_disk(data_dir)
    case, other = a_person_everywhere(archive)
    assert len(on_disk(data_dir) - there) == 1
    asking = Asking(archive).check().search()
    before = found(archive.session, MARKER)
    assert {"cases", "contacts", "messages", "notes", "published_cases", "public_texts", "case_search"} <= before.keys()
    proof = asking.decide().carry_out()
    archive.session.commit()
    archive.session.expire_all()
    # The answer waits to be sent to the address; once it is gone who asked is forgotten, and the mail too.
    mail = archive.session.scalars(select(OutboxMail).where(OutboxMail.to_address == EMAIL)).one()
    assert (mail.kind, asking.row.email) == ("privacyverzoek_beantwoord", EMAIL)
    while (done := deliver_next(archive.desk.system, ShowOnly())) is not None:
        assert done.outcome in (Outcome.SENT, Outcome.GAVE_UP)
    for request_id in archive.session.scalars(answers.delivered(archive.desk.system)).all():
        answers.note_delivered(archive.desk.system, request_id)
    assert found(archive.session, MARKER) == {}
    assert found(archive.session, "merelpad") == {}
    assert on_disk(data_dir) == there
    assert events.verify(archive.session).fault is None
    assert {each.what for each in proof.gone} >= {"Contactgegevens bij een melding", "De openbare tekst", "Bijlagen"}
    assert client.get(f"/knelpunten/{case.reference}").status_code == 410
    last = select(Event.kind).where(Event.case_id == other.id).order_by(Event.number.desc()).limit(1)
    assert archive.session.scalar(last) == "persoonsgegevens_weggehaald"
    note = archive.session.scalars(select(Note).where(Note.case_id == other.id)).one()
    assert note.body == "Volgens mevrouw [weggehaald], [weggehaald], mag het."


def test_what_stays_is_told_with_its_ground(archive):
    _case, other = a_person_everywhere(archive)
    asking = Asking(archive).check().search()
    in_note = next(each for each in asking.places if each.table_name == "notes" and each.case_id == other.id)
    chosen = [(in_note.id, PlaceDecision.LET_STAND, Ground.RECORDS)]
    requests.decide_places(asking.by, asking.id, asking.row.version, chosen)
    with pytest.raises(DomainError, match="Besluit eerst"):
        asking.carry_out()
    proof = asking.decide().carry_out()
    assert [(each.what, each.places, each.ground) for each in proof.stays] == [
        ("Wat het loket over een zaak schrijft", 1, Ground.RECORDS)
    ]
    note = archive.session.scalars(select(Note).where(Note.case_id == other.id)).one()
    archive.session.refresh(note)
    assert "Ziva" in note.body
    assert len(asking.row.digest) == 64


def test_a_ground_is_needed_for_what_stays(archive):
    a_person_everywhere(archive)
    asking = Asking(archive).check().search()
    with pytest.raises(DomainError, match="waarom"):
        asking.decide(PlaceDecision.LET_STAND)


def test_somebody_else_of_the_same_surname_is_not_found_elsewhere(archive):
    other = archive.desk.bring("in_behandeling")
    archive.session.add(
        Note(case_id=other.id, body="De heer Zwanenbrug belde.", author_id=archive.desk.handler.id,
             written_at=archive.desk.now)
    )  # fmt: skip
    archive.session.flush()
    assert [each for each in Asking(archive).check().search().places if each.table_name == "notes"] == []


def test_a_file_that_somebody_brings_in_is_looked_through_and_goes(archive, data_dir):
    by, there = archive.by(archive.head), on_disk(data_dir)
    rules = attachments.AttachmentRules(1_000_000, 10)
    line = {"id": "1", "title": "Een tuin", "description": f"Volgens {NAME} mag het."}
    lines = f"{json.dumps({**line, 'title': 'Een andere tuin', 'description': 'Niemand.'})}\n{json.dumps(line)}\n"
    for number, written in enumerate((lines, json.dumps({**line, "description": "Niemand."}))):
        file = io.BytesIO(written.encode())
        runs.upload(by, archive.files, rules, ImportKind.HISTORY, file, f"{number}.jsonl", "proef")
    archive.session.commit()
    assert len(on_disk(data_dir) - there) == 1
    asking = Asking(archive).check().search()
    [place] = [each for each in asking.places if each.table_name == "import_runs"]
    assert (place.column_name, place.decision) == ("content", PlaceDecision.UNDECIDED)
    proof = asking.decide().carry_out()
    archive.session.commit()
    assert on_disk(data_dir) == there
    assert ("Een bestand met meldingen dat iemand laadt", 1) in [(each.what, each.places) for each in proof.gone]
    kept = archive.session.scalars(select(ImportRun.stored_name).order_by(ImportRun.id)).all()
    assert kept[0] is None and kept[1] is not None, "the file of which nobody asked anything stays"


def test_a_file_is_locked_before_the_cases(archive, connection):
    """As who brings one in does: that one has the file, and then wants the chain of events."""
    case, by = archive.desk.file(), archive.by(archive.head)
    archive.session.add(
        Note(case_id=case.id, body=f"{NAME} belde.", author_id=archive.desk.handler.id, written_at=archive.desk.now)
    )
    file = io.BytesIO(json.dumps({"id": "1", "title": "Een tuin", "description": f"Volgens {NAME}."}).encode())
    rules = attachments.AttachmentRules(1_000_000, 10)
    runs.upload(by, archive.files, rules, ImportKind.HISTORY, file, "a.jsonl", "proef")
    asking = Asking(archive).check().search().decide()
    with counted(connection) as sent:
        asking.carry_out()
    locked = [each.partition("FROM ")[2].split()[0] for each in sent if "FOR UPDATE" in each]
    assert "cases" in locked
    assert locked.index("import_runs") < locked.index("cases")


def test_a_person_is_found_in_every_stretch_of_a_long_table(archive, monkeypatch):
    monkeypatch.setattr(places, "ROWS_AT_ONCE", 2)
    cases = [archive.desk.file(title=f"Tuin {number}", description=f"Volgens {NAME}.") for number in range(5)]
    found = places.find_places(archive.session, Person(name=NAME), frozenset())
    assert {each.case_id for each in found if each.table == "cases"} == {each.id for each in cases}
    monkeypatch.setattr(places, "MOST_ROWS", 4)
    with pytest.raises(places.TooCommon):
        list(places.find_places(archive.session, Person(name=NAME), frozenset()))


TURKISH = "Ayşe Yıldız"


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        (TURKISH, TURKISH),
        ("Ayse Yildiz", TURKISH),
        (TURKISH, "AYŞE YILDIZ"),
        (TURKISH, unicodedata.normalize("NFD", TURKISH)),
        (TURKISH, "Ayşe Yıl\u00addız"),
        ("Živa Šimić-Wałęsa", "Živa Šimić-Wałęsa"),
        ("Sørensen Grünbaß", "Sorensen Grunbass"),
        ("Sorensen Grunbass", "SØRENSEN GRÜNBAß"),
        ("Noël D'Hondt", "Noel D’Hondt"),
        ("Олена Шевченко", "ОЛЕНА ШЕВЧЕНКО"),
        ("أحمد إبراهيم", "أحمد إبراهيم"),
        ("Νίκος Παπαδόπουλος", "ΝΙΚΟΣ ΠΑΠΑΔΟΠΟΥΛΟΣ"),
    ],
)
def test_a_name_is_found_however_its_letters_are_written(archive, asked, written):
    case = archive.desk.bring("in_behandeling")
    archive.session.add(
        Note(case_id=case.id, body=f"Volgens {written} mag het wel.", author_id=archive.desk.handler.id,
             written_at=archive.desk.now)
    )  # fmt: skip
    archive.session.flush()
    asking = Asking(archive)
    requests.check_identity(asking.by, asking.id, asking.row.version, "Gebeld.", Details(asked, email=EMAIL))
    [place] = [each for each in asking.search().places if each.table_name == "notes"]
    asking.decide().carry_out()
    archive.session.expire_all()
    note = archive.session.get_one(Note, int(place.row_key[0]))
    assert note.body == "Volgens [weggehaald] mag het wel."


def test_a_name_in_another_alphabet_is_found_in_the_own_case_by_a_part_of_it(archive):
    case = archive.desk.file()
    note = Note(case_id=case.id, body="Шевченко belde.", author_id=archive.desk.handler.id, written_at=archive.desk.now)
    archive.session.add(note)
    archive.session.flush()
    person = Person("Олена Шевченко")
    by_own = [each.table for each in places.find_places(archive.session, person, frozenset({case.id}))]
    assert (by_own, list(places.find_places(archive.session, person, frozenset()))) == (["notes"], [])


def test_the_database_folds_every_character_as_it_is_looked_for(session):
    """Those to which a later Unicode may give another meaning are left out."""
    every = [chr(each) for each in range(1, 0x110000) if unicodedata.category(chr(each)) not in ("Cs", "Cn", "Co")]
    sent = func.unnest(literal(every, ARRAY(Word))).table_valued(column("sign", Word), name="sent").render_derived()
    rows = session.execute(select(sent.c.sign, places.folded(sent.c.sign)))
    assert [(sign, by_database) for sign, by_database in rows if by_database != fold(sign).lower] == []


def test_nobody_is_looked_for_before_it_is_sure_who_asks(archive):
    with pytest.raises(DomainError, match="wie dit vraagt"):
        Asking(archive).search()


def test_what_was_written_meanwhile_stops_it(archive):
    case, _other = a_person_everywhere(archive)
    asking = Asking(archive).check().search().decide()
    archive.session.add(
        Note(
            case_id=case.id, body=f"{NAME} belde weer.", author_id=archive.desk.handler.id, written_at=archive.desk.now
        )
    )
    archive.session.flush()
    with pytest.raises(DomainError, match="iets nieuws"):
        asking.carry_out()


def test_what_was_decided_stays_decided_when_one_looks_again(archive):
    a_person_everywhere(archive)
    asking = Asking(archive).check().search().decide()
    asking.search()
    assert {each.decision for each in asking.places} == {PlaceDecision.TAKE_AWAY}


def test_a_closed_account_is_emptied(archive, make):
    account = make.filer(make.organisation())
    account.name, account.email, account.is_active = NAME, EMAIL, False
    archive.session.flush()
    asking = Asking(archive).check().search().decide()
    asking.carry_out()
    archive.session.expire_all()
    emptied = archive.session.get_one(Account, account.id)
    assert (emptied.name, emptied.email) == (f"Account {account.id}", f"account-{account.id}@weg.invalid")


def test_an_account_in_use_can_only_stay(archive, make):
    account = make.filer(make.organisation())
    account.name, account.email = NAME, EMAIL
    archive.session.flush()
    asking = Asking(archive).check().search().decide()
    with pytest.raises(DomainError, match="in gebruik"):
        asking.carry_out()


def test_a_photo_or_pdf_is_for_a_person_to_look_at(archive):
    case = archive.desk.bring("in_behandeling")
    archive.session.execute(update(Contact).where(Contact.case_id == case.id).values(email=EMAIL))
    rules = attachments.AttachmentRules(1_000_000, 10)
    kept = attachments.store(
        archive.by(archive.desk.handler), archive.files, rules, io.BytesIO(small_files.pdf("x")), "a.pdf", case=case
    )
    asking = Asking(archive).check().search()
    [file] = [each for each in asking.places if each.column_name == "content"]
    assert (file.row_key, file.kind, file.decision) == ([str(kept.id)], "niet te lezen", PlaceDecision.UNDECIDED)
    asking.decide().carry_out()
    assert archive.session.get_one(Attachment, kept.id).removed_at is not None


# --- who, and by when


def test_the_month_of_the_law_is_counted_from_receipt_and_moves_on_from_a_weekend():
    assert due_on(date(2026, 11, 24)) == date(2026, 12, 24)
    assert due_on(date(2026, 11, 26)) == date(2026, 12, 28)  # 26 December is a Saturday and a holiday
    assert due_on(date(2027, 1, 31)) == date(2027, 3, 1)  # February has no 31st, and the 28th is a Sunday
    assert due_on(date(2026, 11, 24), is_extended=True) == date(2027, 2, 24)


def test_the_follower_asks_by_the_link_and_only_once(archive):
    case = archive.desk.bring("in_behandeling")
    link = archive.desk.follower(case)
    made = requests.ask_about_case(link, case.reference, RequestKind.ERASURE, "Wis alles.")
    assert (made.case_id, made.status, made.channel) == (case.id, RequestStatus.RECEIVED, RequestChannel.PAGE)
    assert made.email == archive.session.get_one(Contact, case.id).email
    with pytest.raises(DomainError, match="al gevraagd"):
        requests.ask_about_case(link, case.reference, RequestKind.ERASURE, "Nog eens.")


def test_a_handler_may_not_decide(archive):
    asking = Asking(archive)
    for account in (archive.desk.handler, archive.desk.reviewer, archive.admin):
        with pytest.raises(PermissionDenied):
            requests.opened(archive.by(account), asking.id)


def due_mails(archive):
    kind = OutboxMail.kind == "privacyverzoek_herinnering"
    return archive.session.scalars(select(OutboxMail).where(kind).order_by(OutboxMail.id)).all()


def remind(archive):
    for request_id in archive.session.scalars(answers.waiting(archive.desk.system)).all():
        answers.remind(archive.desk.system, request_id)


def test_no_request_goes_silent(archive):
    asking = Asking(archive)
    archive.on(asking.row.due_on - timedelta(days=8))
    remind(archive)
    assert due_mails(archive) == []
    archive.on(asking.row.due_on - timedelta(days=7))
    remind(archive)
    remind(archive)
    first = len(due_mails(archive))
    assert first == 2  # the head and the triager of the desk
    archive.on(asking.row.due_on + timedelta(days=1))
    remind(archive)
    assert "had op" in due_mails(archive)[-1].body
    assert len(due_mails(archive)) == 2 * first


def test_the_term_is_extended_once_and_in_time_and_the_person_reads_why(archive):
    asking = Asking(archive)
    requests.extend(asking.by, asking.id, asking.row.version, "Er zijn veel teksten.")
    assert asking.row.due_on == date(2027, 2, 24)
    with pytest.raises(DomainError, match="al een keer"):
        requests.extend(asking.by, asking.id, asking.row.version, "Nog meer.")
    late = Asking(archive)
    archive.on(late.row.due_on + timedelta(days=1))
    with pytest.raises(DomainError, match="voorbij"):
        requests.extend(late.by, late.id, late.row.version, "Te laat.")


def test_the_registers_of_rows_name_tables_and_columns_that_exist():
    tables = Base.metadata.tables
    for name, values in erasing.EMPTIED.items():
        assert set(values) <= set(tables[name].c.keys())
    assert set(tables) >= erasing.DELETED


def test_a_text_about_nobody_has_an_english_name_too(app):
    with app.test_request_context(), spoken_in(language_of("en")):
        assert said(Text(erasing.what_of("job_runs", "name"))) == "Other texts"


def test_the_row_of_a_place_is_found_by_the_index_of_its_key(session):
    session.execute(text("SET LOCAL enable_seqscan = off"))
    sample = {"BIGINT": "1", "DATE": "2026-10-01"}
    for name in places.searched():
        table = Base.metadata.tables[name]
        key = [sample.get(str(column.type), "aanleiding") for column in table.primary_key.columns]
        statement = select(*table.primary_key.columns).where(places.is_row(table, key))
        plain = statement.compile(session.connection(), compile_kwargs={"literal_binds": True})
        plan = " ".join(session.scalars(text(f"EXPLAIN {plain}")))
        assert "Index Cond" in plan, name


def test_a_withdrawn_text_keeps_no_word_of_the_person(archive):
    case, _other = a_person_everywhere(archive)
    Asking(archive).check().search().decide().carry_out()
    published = archive.session.get_one(PublishedCase, case.id, populate_existing=True)
    assert published.withdrawn_reason == erasing.WITHDRAWN_FOR
    assert MARKER not in f"{published.title}{published.question}{published.answer}".lower()


def test_who_keeps_a_copy_hears_of_which_public_texts_words_went(archive, client):
    session, make = archive.session, archive.desk.make
    a_person_everywhere(archive)
    guide, draft = public_guide(make), public_guide(make, status=GuideStatus.DRAFT, published_number=None)
    session.execute(
        update(GuideVersion).where(GuideVersion.guide_id.in_([guide.id, draft.id])).values(question=f"Mag {NAME}?")
    )
    session.execute(update(GuideVersion).where(GuideVersion.guide_id == draft.id).values(published_on=None))
    by_title, by_news, other = (
        make.add(
            Bottleneck(
                reference=f"RK-2026-07{number}", title=title, problem="Hij knelt.", status=BottleneckStatus.IN_ANALYSIS,
                signalled_on=archive.desk.today, owner_due_on=archive.desk.today, updated_at=archive.desk.now,
                terms=func.to_tsvector("simple", "regel"),
            )
        )
        for number, title in enumerate((f"De regel van {NAME}", "Een regel", "Nog een regel"))
    )  # fmt: skip
    for bottleneck, body in ((by_news, f"{NAME} vroeg het."), (other, "Wij kijken.")):
        make.add(
            BottleneckNews(
                bottleneck_id=bottleneck.id, status=BottleneckStatus.IN_ANALYSIS, body=body,
                on_day=archive.desk.today, written_at=archive.desk.now,
            )
        )  # fmt: skip
    before = public_id(session.scalar(select(func.max(Event.number))))
    Asking(archive).check().search().decide().carry_out()
    found = client.get(f"/api/v1/gebeurtenissen?na={before}").json["items"]
    told = {(each["type"].removeprefix("nl.knelpunt."), each["subject"]) for each in found}
    assert told >= {
        ("ruimtewijzer.gewijzigd", guide.slug),
        ("regelknelpunt.gewijzigd", by_title.reference),
        ("regelknelpunt.gewijzigd", by_news.reference),
    }
    assert not {draft.slug, other.reference} & {subject for _kind, subject in told}
    assert {kind for kind, _subject in told} == {
        "ruimtewijzer.gewijzigd", "regelknelpunt.gewijzigd", "antwoord.ingetrokken",
    }  # fmt: skip


@pytest.mark.parametrize("status", [QuarterStatus.WRITING, QuarterStatus.PRESENTED])
def test_words_that_go_from_the_text_of_a_quarter_are_told_once_it_is_public(archive, client, status):
    session, desk = archive.session, archive.desk
    first = date(2026, 4, 1)
    is_presented = status is QuarterStatus.PRESENTED
    session.execute(
        insert(QuarterSeal).values(
            quarter=first, content="{}", sha256="0" * 64, event_number=0, event_hash="0" * 64, sealed_at=desk.now,
            is_reconstructed=True,
        )
    )  # fmt: skip
    session.add(
        QuarterText(
            quarter=first, status=status, begun_by_id=desk.handler.id, begun_at=desk.now, findings={}, passed=[],
            asked_by_id=desk.handler.id if is_presented else None, asked_at=desk.now if is_presented else None,
            approved_by_id=desk.reviewer.id if is_presented else None,
            approved_at=desk.now if is_presented else None,
            presented_on=desk.today if is_presented else None, frozen={} if is_presented else None,
        )
    )  # fmt: skip
    session.flush()
    session.add(
        QuarterSection(
            quarter=first, section=Section.ONE_PAGE, source=f"{NAME} vroeg het.", changed_by_id=desk.handler.id,
            changed_at=desk.now,
        )
    )  # fmt: skip
    made = QuarterFile(
        quarter=first, form="pdf", status=FileStatus.READY, asked_at=desk.now, done_at=desk.now, tries=1,
        content=NAME.encode(), source="0" * 64,
    )  # fmt: skip
    session.add(made)
    session.flush()
    before = public_id(session.scalar(select(func.max(Event.number))) or 0)
    Asking(archive).check().search().decide().carry_out()
    assert NAME not in session.scalar(select(QuarterSection.source))
    session.refresh(made)
    assert (made.content, made.status) == (
        (None, FileStatus.ASKED) if is_presented else (NAME.encode(), FileStatus.READY)
    )
    found = client.get(f"/api/v1/gebeurtenissen?na={before}").json["items"]
    told = [(each["type"].removeprefix("nl.knelpunt."), each["subject"]) for each in found]
    assert told == ([("kwartaal.gewijzigd", "2026-2")] if is_presented else [])


def test_every_act_that_takes_public_words_back_is_told_as_itself_or_by_what_it_takes_along():
    by_another = {EventKind.DATA_TAKEN_AWAY, PrivacyEvent.DONE}
    assert {str(each) for each in TAKES_BACK} - {str(each) for each in by_another} <= PUBLIC.keys()
    assert {each.value for each in WordsGone} <= PUBLIC.keys()
