"""Sending files in a browser: told before, progress, a connection that is cut, a double click, a lost session."""

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import CDPSession, Page
from sqlalchemy import func, select, text

from knelpunt.commands.web_worker import IDLE_SECONDS
from knelpunt.domain.links import Links
from knelpunt.domain.vocabulary import Role
from knelpunt.models import Attachment, Message
from tests.e2e.people import PASSWORD, Person, account_of, log_in, show_code
from tests.support import files

SLOW = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 400_000}
CUT = {"offline": True, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
FREE = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}


@pytest.fixture
def followed(site) -> tuple[int, str]:
    """A resident's case and the path of its page to add something."""
    with site.factory() as make:
        case = make.case()
        link = make.follow_link(case)
        address = Links("", site.config.secret_key).follow(link.public_id, link.nonce)
        return case.id, f"{address}/toevoegen"


@pytest.fixture
def papers(tmp_path: Path) -> dict[str, Path]:
    contents = {
        "brief.pdf": files.pdf(),
        "foto.png": files.png(),
        "groot.pdf": files.pdf("x" * 11_000_000),
        "lang.pdf": files.pdf("y" * 4_000_000),
        "programma.exe": b"MZ",
        "leeg.pdf": b"",
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    return {name: tmp_path / name for name in contents}


def kept(site, case_id: int) -> list[str]:
    with site.session() as session:
        return list(
            session.scalars(
                select(Attachment.shown_name).where(Attachment.case_id == case_id).order_by(Attachment.shown_name)
            )
        )


def stored(site) -> set[str]:
    """Every file that lies in the store of the site, half ones too."""
    return {str(path) for path in (site.config.data_dir / "attachments").rglob("*") if path.is_file()}


def network_of(page: Page) -> CDPSession:
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    return network


def test_files_are_shown_refused_and_taken_back_before_they_are_sent(site, new_page, check_page, followed, papers):
    case_id, path = followed
    page = new_page(390)
    person = Person(page, check_page).go(path).fill(Wat_wilt_u="De brief en een foto.")
    chooser = person.field("Bestanden toevoegen")
    chooser.set_input_files([papers["brief.pdf"], papers["groot.pdf"], papers["programma.exe"], papers["leeg.pdf"]])
    chooser.set_input_files([papers["foto.png"]])
    assert page.locator(".kn-upload__name").all_inner_texts() == ["brief.pdf", "foto.png"]
    chooser.set_input_files([papers["groot.pdf"], papers["programma.exe"], papers["leeg.pdf"]])
    person.reads(
        "groot.pdf: het bestand is te groot", "programma.exe: dit soort bestand", "leeg.pdf: het bestand is leeg"
    )
    page.locator(".kn-upload__picture canvas").wait_for()
    check_page(page)
    page.get_by_role("button", name="Verwijder brief.pdf").press("Enter")
    assert page.get_by_role("status").first.inner_text() == "brief.pdf is verwijderd. 1 bestand gekozen."
    assert page.evaluate("document.activeElement.textContent") == "Verwijder foto.png"
    person.press("Verstuur naar het loket").reads("Uw toevoeging is verstuurd.")
    assert kept(site, case_id) == ["foto.png"]


def test_a_cut_connection_keeps_the_page_and_sends_once_more(site, new_page, check_page, followed, papers):
    case_id, path = followed
    page = new_page()
    person = Person(page, check_page).go(path).fill(Wat_wilt_u="Een lange brief.")
    before = stored(site)
    person.field("Bestanden toevoegen").set_input_files([papers["lang.pdf"]])
    network = network_of(page)
    network.send("Network.emulateNetworkConditions", SLOW)
    page.get_by_role("button", name="Verstuur naar het loket").click()
    page.get_by_role("progressbar", name="Versturen").wait_for()
    page.get_by_text(re.compile(r"\d+% verstuurd")).first.wait_for()
    network.send("Network.emulateNetworkConditions", CUT)
    page.get_by_role("button", name="Probeer opnieuw").wait_for()
    person.reads("Er is niets bewaard. Uw tekst en uw bestanden staan nog op deze pagina.", "lang.pdf")
    assert person.field("Wat wilt u").input_value() == "Een lange brief."
    assert kept(site, case_id) == []
    patience = time.monotonic() + IDLE_SECONDS + 5  # the half file goes when the server gives the connection up
    while stored(site) != before and time.monotonic() < patience:
        page.wait_for_timeout(100)
    assert stored(site) == before
    network.send("Network.emulateNetworkConditions", FREE)
    check_page(page)
    person.press("Probeer opnieuw").reads("Uw toevoeging is verstuurd.")
    assert kept(site, case_id) == ["lang.pdf"]
    assert len(stored(site) - before) == 1
    with site.session() as session:
        assert session.scalar(select(func.count()).select_from(Message).where(Message.case_id == case_id)) == 1


def test_two_clicks_send_once(site, new_page, followed, papers):
    case_id, path = followed
    page = new_page()
    person = Person(page, lambda _page: None).go(path).fill(Wat_wilt_u="Zie de brief.")
    person.field("Bestanden toevoegen").set_input_files([papers["lang.pdf"]])
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    page.get_by_role("button", name="Verstuur naar het loket").dblclick()
    page.wait_for_url(lambda address: not address.endswith("/toevoegen"))
    person.reads("Uw toevoeging is verstuurd.", "lang.pdf")
    assert len(posts) == 1
    assert kept(site, case_id) == ["lang.pdf"]


def test_a_refusal_by_the_server_keeps_text_and_files(site, new_page, followed, tmp_path):
    case_id, path = followed
    fake = tmp_path / "brief.pdf"
    fake.write_bytes(b"<html><script>alert(1)</script></html>")
    page = new_page()
    person = Person(page, lambda _page: None).go(path).fill(Wat_wilt_u="Zie de brief.")
    person.field("Bestanden toevoegen").set_input_files([fake])
    page.get_by_role("button", name="Verstuur naar het loket").click()
    page.get_by_role("alert").wait_for()
    assert person.field("Wat wilt u").input_value() == "Zie de brief."
    assert page.locator(".kn-upload__name").all_inner_texts() == ["brief.pdf"]
    assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"
    page.get_by_role("button", name="Verwijder brief.pdf").click()
    person.press("Verstuur naar het loket").reads("Uw toevoeging is verstuurd.")
    assert kept(site, case_id) == []


def test_a_session_that_ends_loses_no_choice(site, new_page, papers):
    account = account_of(site, Role.HANDLER)
    with site.factory() as make:
        case = make.case(handler_id=account["id"])
        case_id, reference = case.id, case.reference
    page = new_page()
    person = log_in(Person(page, lambda _page: None), account)
    person.go(f"/zaken/{reference}/bijlage").field("Bestanden").set_input_files([papers["brief.pdf"]])
    with site.session() as session:
        session.execute(
            text("UPDATE login_sessions SET ended_at = now() WHERE account_id = :id"), {"id": account["id"]}
        )
    page.get_by_role("button", name="Voeg toe").click()
    page.get_by_role("link", name="Log in op een nieuw tabblad").wait_for()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Log in op een nieuw tabblad").click()
    other = Person(opened.value, lambda _page: None)
    other.field("E-mailadres").fill(account["email"])
    other.field("Wachtwoord").fill(PASSWORD)
    other.press("Log in")
    show_code(other.page)
    person.press("Probeer opnieuw").reads("De bijlage is toegevoegd.", "brief.pdf")
    assert kept(site, case_id) == ["brief.pdf"]
