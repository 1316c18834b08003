"""A case from triage to the quarter with JavaScript off: desk, reviewer, submitter and reader."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from knelpunt.domain.calendar.timezone import nl_day, quarter_of
from knelpunt.domain.links import Links
from knelpunt.domain.vocabulary import CaseStatus, EventKind, PublicationStatus, Role
from knelpunt.models import Case, Event, FollowLink
from tests.e2e.people import Person, account_of, log_in
from tests.support.desk import Desk

TITLE = "Een pluktuin zonder script"
BLOCKED = "De gemeente weigert een omgevingsvergunning, omdat het omgevingsplan alleen bedrijven toelaat."


def filed(site) -> tuple[str, str]:
    """A resident's case of today, and the path by which it is followed."""
    with site.factory() as make:
        desk = Desk(make.session, make)
        desk.now = datetime.now(UTC)
        desk.links = Links(site.url, site.config.secret_key)
        case = desk.file(title=TITLE, description=BLOCKED, contact_email="pluktuin@proef.example")
        link = make.session.scalars(select(FollowLink).where(FollowLink.case_id == case.id)).one()
        return case.reference, desk.links.follow(link.public_id, link.nonce).removeprefix(site.url)


def test_a_case_from_triage_to_the_quarter_without_javascript(site, new_page):
    reference, followed = filed(site)
    case = f"/zaken/{reference}"
    today = nl_day(datetime.now(UTC))

    def person() -> Person:
        return Person(new_page(java_script_enabled=False), lambda _page: None)

    accounts = {role: account_of(site, role) for role in (Role.TRIAGER, Role.HANDLER, Role.REVIEWER)}
    submitter = person()
    triager = log_in(person(), accounts[Role.TRIAGER])
    triager.go("/werkvoorraad?lijst=niet-toegewezen").follow(TITLE).go(f"{case}/in-triage")
    triager.choose("Behandelaar", accounts[Role.HANDLER]["name"])
    triager.page.get_by_label("Ja", exact=False).first.check()
    triager.press("Neem in beoordeling").reads("In beoordeling")

    # A suggestion becomes a toets in the words of a person; another one is refused with one press.
    triager.go(f"{case}/voorstellen")
    triager.page.locator("details.kn-refusal summary").locator("visible=true").last.click()
    with triager.page.expect_navigation():
        triager.page.locator("details.kn-refusal[open] button").first.click()
    triager.page.get_by_role("link", name="Maak er een toets van").first.click()
    triager.page.get_by_label("Biedt ruimte").check()
    triager.fill(Onderbouwing="De gemeente kan hiermee afwijken.").press("Koppel deze bepaling")
    triager.reads("De suggestie is nu een toets.")
    triager.go(f"{case}/behandeling-starten").page.locator("input[value=V4]").check()
    triager.fill(Oordeel_in_gewone="Het kan met een vergunning.", Oordeel_in_juridische="Afwijken van het plan kan.")
    triager.choose("Wie maakte de regel", "Gemeente").choose("Hoe gaat het verder", "Ontheffing of maatwerk")
    triager.press("Leg voor aan een tweede persoon").reads("tweede persoon")

    reviewer = log_in(person(), accounts[Role.REVIEWER])
    reviewer.go("/werkvoorraad?lijst=te-toetsen").follow(TITLE).follow("Toets deze stap")
    reviewer.press("Akkoord").reads("In behandeling")

    handler = log_in(person(), accounts[Role.HANDLER])
    handler.go(f"{case}/voorstel").fill(
        Voorstel_aan="Vraag een vergunning voor vijf jaar aan.", Juridische_grondslag="Omgevingswet, artikel 5.1",
        Voorwaarden="De grond blijft van de gemeente.", Wie_iets="De bewoners en de gemeente",
        Wet_zoals=today.isoformat(), Voor_wanneer=(today + timedelta(days=60)).isoformat(),
    ).press("Leg voor aan een tweede persoon")  # fmt: skip
    reviewer.go(f"{case}/toetsing").press("Akkoord").reads("Voorstel gedaan")
    submitter.go(followed).reads("Vraag een vergunning voor vijf jaar aan.")
    submitter.press("Ja, dit helpt. Ik neem het voorstel aan").reads("U hebt het voorstel aangenomen.")

    handler.go(f"{case}/openbare-tekst").fill(
        Titel="Een pluktuin op grond voor bedrijven", De_vraag="Mag een pluktuin op grond voor bedrijven?",
        Het_antwoord="Ja, met een vergunning voor een aantal jaren.",
    ).press("Bewaar de tekst")  # fmt: skip
    handler.go(f"{case}/afsluiten").page.locator("input[value=met_ontheffing_of_afwijking]").check()
    handler.fill(Reden="De gemeente werkt mee.", Volgende_stap="Vraag de vergunning aan.")
    handler.press("Leg voor aan een tweede persoon")
    reviewer.go(f"{case}/toetsing").press("Akkoord").reads("Afgesloten")

    handler.go(f"{case}/ter-inzage").press("Leg de tekst ter inzage")
    submitter.go(followed).press("Deze tekst is goed").reads("Het loket weet dat u de tekst goed vindt.")
    handler.go(f"{case}/publiceren").press("Maak de tekst openbaar")
    with site.session() as session:
        row = session.scalars(select(Case).where(Case.reference == reference)).one()
        assert (row.status, row.publication) == (CaseStatus.CLOSED, PublicationStatus.PUBLIC)
        kinds = set(session.scalars(select(Event.kind).where(Event.case_id == row.id)))
        assert {EventKind.PROVISION_LINKED, EventKind.SUGGESTION_REFUSED} <= kinds

    # A visitor searches and filters; who reads the figures opens the cases behind a number, up to a chosen day.
    visitor = person()
    visitor.go("/knelpunten").page.get_by_role("searchbox").first.fill("pluktuin")
    visitor.page.get_by_role("searchbox").first.press("Enter")
    visitor.follow("Een pluktuin op grond voor bedrijven").reads("Ja, met een vergunning voor een aantal jaren.")
    quarter = f"/kwartalen/{quarter_of(today)}"
    handler.go("/kwartalen").page.locator(f"main a[href='{quarter}']").first.click()
    handler.page.locator(f"main a[href^='{quarter}/zaken?cijfer=afgehandeld']").first.click()
    handler.reads(reference)
    handler.go(f"{quarter}?tot={today.isoformat()}").page.locator("main a[href*='cijfer=afgehandeld']").first.click()
    handler.reads(reference)
