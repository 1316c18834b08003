"""A municipality files with a file and withdraws; a filing without JavaScript; one journey with the keyboard alone."""

from pathlib import Path

from sqlalchemy import select

from knelpunt.domain.vocabulary import CaseStatus, Role
from knelpunt.models import Attachment, Case, OutboxMail
from tests.e2e.people import PASSWORD, Person, account_of, log_in, show_code
from tests.support.files import png

PNG = png()
MOST_TABS = 60


def test_a_municipality_files_with_a_file_and_withdraws(site, new_page, check_page, tmp_path: Path):
    drawing = tmp_path / "tekening van de markt.png"
    drawing.write_bytes(PNG)
    fake = tmp_path / "brief.pdf"
    fake.write_bytes(b"<html><script>alert(1)</script></html>")
    member = account_of(site, Role.MEMBER, "Gemeente Zwolle")
    filer = account_of(site, Role.FILER, "Gemeente Zwolle")

    # A colleague without the right to file begins, and shares the draft.
    colleague = log_in(Person(new_page(), check_page), member)
    colleague.go("/melden/organisatie").follow("Nieuwe melding")
    colleague.fill(Het_project="Een vaste plek voor de buurtmarkt").press("Verder")

    # Who may file goes on in the same draft.
    person = log_in(Person(new_page(), check_page), filer)
    person.go("/melden/organisatie").follow("Een vaste plek voor de buurtmarkt")
    draft = person.page.url.rsplit("/", 1)[0]
    person.go(f"{draft}/plaats").fill(In_welke="Zwolle").press("Verder")
    person.page.get_by_label("Wat lukt er niet").fill("De verordening laat maar één markt toe.")
    person.field("Bestanden toevoegen").set_input_files([drawing, fake])
    person.upload("Voeg de bestanden toe").reads("tekening van de markt.png", "brief.pdf")
    assert person.page.locator(".kn-uploads__file").count() == 1
    assert person.page.get_by_label("Wat lukt er niet").input_value() == "De verordening laat maar één markt toe."
    person.press("Verder").press("Verder").press("Verder").press("Naar de controle")
    check_page(person.page)
    for box in person.page.get_by_role("checkbox").all():
        box.check()
    person.press("Verstuur naar het loket").reads("Uw melding is ontvangen")

    # A double click later, or the back button, leads to the same receipt.
    receipt = person.page.url
    person.page.go_back()
    person.page.goto(receipt.replace("/ontvangen", "/controle"))
    assert person.page.url == receipt
    with site.session() as session:
        cases = session.scalars(select(Case).where(Case.title == "Een vaste plek voor de buurtmarkt")).all()
        assert len(cases) == 1
        files = session.scalars(select(Attachment.shown_name).where(Attachment.case_id == cases[0].id)).all()
        assert files == ["tekening van de markt.png"]
        reference = cases[0].reference

    person.go("/onze-zaken?q=buurtmarkt").follow("Een vaste plek voor de buurtmarkt")
    with person.page.expect_download() as download:
        person.page.get_by_role("link", name="tekening van de markt.png").click()
    assert Path(download.value.path()).read_bytes() == PNG
    person.follow("Trek de melding in").fill(Waarom="De markt gaat niet door.")
    person.press("Trek de melding in").reads("ngetrokken")
    with site.session() as session:
        assert session.scalar(select(Case.status).where(Case.reference == reference)) is CaseStatus.WITHDRAWN
        kinds = session.scalars(
            select(OutboxMail.kind)
            .where(OutboxMail.account_id == filer["id"])
            .order_by(OutboxMail.id)
            .order_by(OutboxMail.id)
        ).all()
        assert kinds == ["nieuw_apparaat", "ontvangstbevestiging", "ingetrokken"]


def test_a_filing_without_javascript(site, new_page):
    page = new_page(390, java_script_enabled=False)
    person = Person(page, lambda _page: None)
    person.go("/melden/bewoner").fill(Uw_plan_in="Een bankje voor de deur").press("Verder")
    person.fill(In_welke="Zwolle").press("Verder")
    person.fill(Vertel_wat="Het mag niet van de gemeente.").press("Verder")
    person.field("Uw e-mailadres").fill("bankje@proef.example")
    person.press("Naar de controle")
    for box in page.get_by_role("checkbox").all():
        box.check()
    person.press("Verstuur naar het loket").reads("Uw melding is ontvangen")
    with site.session() as session:
        sent = session.scalars(select(OutboxMail).where(OutboxMail.to_address == "bankje@proef.example")).all()
        assert [mail.kind for mail in sent] == ["ontvangstbevestiging"]


def test_staff_reach_a_case_with_the_keyboard_alone(site, new_page):
    account = account_of(site, Role.HANDLER)
    with site.factory() as make:
        case = make.case(title="Zaak voor het toetsenbord", handler_id=account["id"])
    page = new_page()

    def press_until(name: str) -> None:
        for _ in range(MOST_TABS):
            page.keyboard.press("Tab")
            focused = page.evaluate(
                "['A', 'BUTTON'].includes(document.activeElement.tagName) ? document.activeElement.innerText : ''"
            )
            if name in focused:
                outline = page.evaluate(
                    "(() => {const s = getComputedStyle(document.activeElement);"
                    " return s.outlineStyle !== 'none' || s.boxShadow !== 'none'})()"
                )
                assert outline, f"{name} has no visible focus"
                return
        raise AssertionError(f"{name} was not reached by the Tab key on {page.url}")

    page.goto("/inloggen")
    page.keyboard.press("Tab")
    assert "inhoud" in page.evaluate("document.activeElement.innerText")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type(account["email"])
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    show_code(page)
    page.goto("/werkvoorraad")
    press_until("Zaak voor het toetsenbord")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith(case.reference)
    press_until("Schrijf een interne notitie")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "TEXTAREA":
            break
    page.keyboard.type("Met het toetsenbord geschreven.")
    page.keyboard.press("Tab")  # the list of colleagues
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "Met het toetsenbord geschreven." in page.locator("main").inner_text()


def test_a_page_saves_itself_and_survives_a_lost_connection(site, new_page):
    page = new_page(390)
    person = Person(page, lambda _page: None)
    person.go("/melden/bewoner").fill(Uw_plan_in="Een speelplek").press("Verder")
    person.fill(Waar_precies="Bij de vijver")
    page.get_by_text("Bewaard om").wait_for()
    page.context.set_offline(True)
    person.fill(Waar_precies="Bij de vijver, naast de brug")
    page.get_by_text("Geen verbinding").wait_for()
    page.context.set_offline(False)
    page.get_by_text("Bewaard om").wait_for(timeout=20_000)
    page.reload()
    assert person.field("Waar precies").input_value() == "Bij de vijver, naast de brug"
