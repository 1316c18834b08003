"""The journeys of each kind of user by keyboard alone, and a walk over a page of each kind from first to last stop."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from sqlalchemy import select

from knelpunt.domain.calendar.timezone import nl_day, quarter_of
from knelpunt.domain.vocabulary import CaseStatus, Role
from knelpunt.models import Case
from tests.e2e.keyboard import Typist
from tests.e2e.people import PASSWORD, account_of, mail_link
from tests.support.files import png

ADDRESS = "toetsenbord@proef.example"
TITLE = "Een kas op het dak van de school"
SAME_ROW_PX = 40
STOPS = """
Array.from(document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')).filter(
  each => each.checkVisibility({visibilityProperty: true}) && each.tabIndex >= 0 && !each.disabled
    && each.type !== 'radio').length
"""
PUBLIC_PAGES = ("/", "/knelpunten", "/knelpunten?weergave=kaart", "/wetten", "/wetten/ow", "/over/werkwijze", "/melden",
                "/melden/bewoner", "/inloggen", "/volgen/kwijt")  # fmt: skip
DESK_PAGES = ("/bureau", "/vandaag", "/werkvoorraad", "/kwartalen", "/mijn-account", "/zaken/nieuw")


def log_in(page, account) -> Typist:
    person = Typist(page).go("/inloggen").write("E-mailadres", account["email"])
    person.write("Wachtwoord", PASSWORD).press("Log in")
    if "/inloggen/code" in page.url:
        person.write("Code", page.locator("[data-demo-code]").inner_text()).press("Verder")
    return person


def check_walk(person: Typist) -> None:
    """Every stop is met, in the order of the page; and in the main part that order is seen too: always further down."""
    stops = person.walk()
    wanted = person.page.evaluate(STOPS)
    assert "inhoud" in stops[0]["name"], "the first stop is not the skip link"
    assert len([stop for stop in stops if stop["type"] != "radio"]) >= wanted, f"{person.page.url}: a stop is missed"
    main = [stop for stop in stops if stop["isInMain"] and "kn-map" not in stop["html"]]
    for before, after in pairwise(main):
        goes_on = after["top"] >= before["top"] - SAME_ROW_PX
        assert goes_on, f"{person.page.url}: from {before['html']} up to {after['html']}"


@pytest.mark.parametrize("path", PUBLIC_PAGES)
def test_a_public_page_is_walked_in_the_order_it_is_read(new_page, path):
    check_walk(Typist(new_page(320, reduced_motion="reduce")).go(path))


def test_the_pages_of_the_desk_are_walked_in_the_order_they_are_read(site, new_page):
    person = log_in(new_page(320, reduced_motion="reduce"), account_of(site, Role.HEAD_OF_DESK))
    with site.factory() as make:
        case = make.case(CaseStatus.IN_TRIAGE)
        make.contact(case)
    for path in (*DESK_PAGES, f"/zaken/{case.reference}", f"/zaken/{case.reference}/aanvulling"):
        check_walk(person.go(path))


def test_a_resident_and_the_desk_go_from_filing_to_the_quarter(site, new_page):
    resident = Typist(new_page(390)).go("/").follow("Ik ben bewoner").follow("Ik ben bewoner")
    resident.write("Uw plan in", TITLE).write("Wat wilt u ermee", "Samen groente kweken").press("Verder")
    resident.write("In welke gemeente", "Zwolle").press("Verder")
    resident.write("Vertel wat", "De gemeente zegt dat het omgevingsplan geen kas toelaat.").press("Verder")
    resident.write("Uw e-mailadres", ADDRESS).press("Naar de controle").reads(TITLE, "Zwolle")
    resident.tick_all().press("Verstuur naar het loket").reads("Uw melding is ontvangen")
    reference = "KNP-" + resident.page.locator("main").inner_text().split("KNP-")[1].split()[0]
    link = mail_link(site, ADDRESS)
    resident.go(link).press("Ja, dit is mijn e-mailadres")

    names = {role: account_of(site, role) for role in (Role.TRIAGER, Role.HANDLER, Role.REVIEWER)}
    triager = log_in(new_page(), names[Role.TRIAGER])
    triager.go("/werkvoorraad?lijst=niet-toegewezen").follow(TITLE)
    triager.go(f"/zaken/{reference}/in-triage").pick("Behandelaar", names[Role.HANDLER]["name"]).choose("Ja")
    triager.press("Neem in beoordeling").reads("In beoordeling")
    triager.go(f"/zaken/{reference}/aanvulling").write("Wat moet", "Hoe hoog wordt de kas?")
    triager.write("Waarom", "Dan vinden wij het plan.").press("Verstuur de vraag").reads("Wacht op aanvulling")
    resident.go(link).write("Uw antwoord", "Drie meter.").press("Verstuur mijn antwoord")

    triager.go(f"/zaken/{reference}/toets?q=omgevingsplan").reach(
        lambda each: each["tag"] == "A" and "/toets/" in each["html"] and "andere" not in each["html"], "a provision"
    )
    with triager.page.expect_navigation():
        triager.page.keyboard.press("Enter")
    triager.choose("Biedt ruimte").write("Onderbouwing", "Hiermee kan worden afgeweken.")
    triager.press("Koppel deze bepaling").go(f"/zaken/{reference}/behandeling-starten")
    triager.choose("V4").write("Oordeel in gewone", "Het kan met een vergunning.")
    triager.write("Oordeel in juridische", "Afwijken van het plan kan.")
    triager.pick("Wie maakte de regel", "Gemeente").pick("Hoe gaat het verder", "Ontheffing")
    triager.press("Leg voor aan een tweede persoon").reads("tweede persoon")
    reviewer = log_in(new_page(), names[Role.REVIEWER])
    reviewer.go("/werkvoorraad?lijst=te-toetsen").follow(TITLE).follow("Toets deze stap").press("Akkoord")

    handler = log_in(new_page(), names[Role.HANDLER])
    handler.go(f"/zaken/{reference}/voorstel").write("Voorstel aan", "Vraag een vergunning voor vijf jaar aan.")
    handler.write("Juridische grondslag", "Omgevingswet, artikel 5.1")
    handler.write("Voorwaarden", "De school blijft eigenaar.").write("Wie iets", "De school en de gemeente")
    handler.write("Dag", "12").write("Maand", "12").write("Jaar", "2099").press("Leg voor aan een tweede persoon")
    reviewer.go(f"/zaken/{reference}/toetsing").press("Akkoord").reads("Voorstel gedaan")
    resident.go(link).press("Ja, dit helpt. Ik neem het voorstel aan")

    handler.go(f"/zaken/{reference}/openbare-tekst").write("Titel", "Een kas op een dak")
    handler.write("De vraag", "Mag een kas op het dak?").write("Het antwoord", "Ja, met een vergunning.")
    handler.press("Bewaar de tekst").go(f"/zaken/{reference}/afsluiten").choose("met_ontheffing_of_afwijking")
    handler.write("Reden", "De gemeente werkt mee.").write("Volgende stap", "Vraag de vergunning aan.")
    handler.press("Leg voor aan een tweede persoon")
    reviewer.go(f"/zaken/{reference}/toetsing").press("Akkoord").reads("Afgesloten")
    quarter = quarter_of(nl_day(datetime.now(UTC)))
    handler.go(f"/kwartalen/{quarter}").go(f"/kwartalen/{quarter}/zaken?cijfer=afgehandeld").reads(reference)


def test_a_municipality_files_with_a_file_and_a_mandate(site, new_page, tmp_path):
    drawing = tmp_path / "tekening.png"
    drawing.write_bytes(png())
    person = log_in(new_page(), account_of(site, Role.FILER, "Gemeente Zwolle"))
    person.go("/melden/organisatie/nieuw").write("Het project", "Een markthal zonder muren").press("Verder")
    person.write("In welke", "Zwolle").press("Verder")
    person.write("Wat lukt er niet", "De verordening wil muren.").attach("Bestanden toevoegen", drawing)
    person.upload("Voeg de bestanden toe").reads("tekening.png")
    person.press("Verder").press("Verder").press("Verder").press("Naar de controle")
    person.tick_all().press("Verstuur naar het loket").reads("Uw melding is ontvangen")
    with site.session() as session:
        assert session.scalar(select(Case.status).where(Case.title == "Een markthal zonder muren")) is (
            CaseStatus.SUBMITTED
        )
