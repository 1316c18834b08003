"""The main line in a browser: filed, triaged, handled, accepted, closed, published, read and counted."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from knelpunt.domain.calendar.timezone import nl_day, quarter_of
from knelpunt.domain.vocabulary import Role
from knelpunt.models import Case, Contact
from tests.e2e.people import Person, account_of, log_in, mail_link

ADDRESS = "bewonersgroep@proef.example"


def today():
    return nl_day(datetime.now(UTC))


def in_days(days):
    return (today() + timedelta(days=days)).isoformat()


def verified_at(site, reference):
    with site.session() as session:
        contact = select(Contact.verified_at).join(Case, Case.id == Contact.case_id)
        return session.scalars(contact.where(Case.reference == reference)).one()


def test_a_case_from_the_first_question_to_the_quarter(site, new_page, check_page):
    def person():
        return Person(new_page(), check_page)

    # A resident files on a phone and gets a number.
    citizen = Person(new_page(390), check_page)
    citizen.go("/").follow("Ik ben bewoner")
    citizen.follow("Ik ben bewoner")
    citizen.fill(Uw_plan_in="Een buurttuin op het lege veld", Wat_wilt_u_ermee="Samen tuinieren").press("Verder")
    citizen.fill(In_welke_gemeente="Zwolle", Waar_precies="Het veld aan de rand van de wijk").press("Verder")
    citizen.fill(Vertel_wat="De gemeente zegt dat het omgevingsplan alleen bedrijven toelaat.").press("Verder")
    citizen.press("Naar de controle").reads("Vul uw e-mailadres in")
    citizen.field("Uw e-mailadres").fill(ADDRESS)
    citizen.press("Naar de controle").reads("Een buurttuin op het lege veld", "Zwolle")
    for box in citizen.page.get_by_role("checkbox").all():
        box.check()
    citizen.press("Verstuur naar het loket").reads("Uw melding is ontvangen", "uiterlijk op")
    number = citizen.page.locator("main").inner_text().split("KNP-")[1].split()[0]
    reference = f"KNP-{number}"

    # The link in the mail proves the address; only pressing the button does.
    link = mail_link(site, ADDRESS)
    citizen.go(link).reads("Is dit uw e-mailadres?", "Een buurttuin op het lege veld")
    assert verified_at(site, reference) is None
    citizen.press("Ja, dit is mijn e-mailadres")
    citizen.reads("Bedankt. Uw e-mailadres is bevestigd.", "Een buurttuin op het lege veld")
    assert citizen.page.get_by_text("Is dit uw e-mailadres?").count() == 0
    assert verified_at(site, reference) is not None

    # A triager finds it, takes it and asks something.
    accounts = {role: account_of(site, role) for role in (Role.TRIAGER, Role.HANDLER, Role.REVIEWER)}
    triager = log_in(person(), accounts[Role.TRIAGER])
    triager.go("/werkvoorraad?lijst=niet-toegewezen").follow("Een buurttuin op het lege veld")
    triager.go(f"/zaken/{reference}/in-triage").choose("Behandelaar", accounts[Role.HANDLER]["name"])
    triager.page.get_by_label("Ja", exact=False).first.check()
    triager.press("Neem in beoordeling").reads("In beoordeling")
    triager.go(f"/zaken/{reference}/aanvulling")
    triager.fill(Wat_moet="Welk stuk grond is het?", Waarom="Dan vinden wij het juiste plan.").press(
        "Verstuur de vraag"
    )
    triager.reads("Wacht op aanvulling")

    # The citizen answers by the link.
    citizen.go(link).reads("Welk stuk grond is het?")
    citizen.field("Uw antwoord").fill("Het veld achter de school.")
    citizen.press("Verstuur mijn antwoord")

    # The triager weighs it against the law of the day and gives a verdict; a reviewer agrees.
    triager.go(f"/zaken/{reference}/toets?q=omgevingsplan")
    triager.page.locator(".kn-list__title a").first.click()
    triager.page.get_by_label("Biedt ruimte").check()
    triager.fill(Onderbouwing="De gemeente kan hiermee afwijken.").press("Koppel deze bepaling")
    triager.go(f"/zaken/{reference}/behandeling-starten")
    triager.page.locator("input[value=V4]").check()
    triager.fill(Oordeel_in_gewone="Het kan met een vergunning.", Oordeel_in_juridische="Afwijken van het plan kan.")
    triager.choose("Wie maakte de regel", "Gemeente").choose("Hoe gaat het verder", "Ontheffing of maatwerk")
    triager.press("Leg voor aan een tweede persoon").reads("tweede persoon")
    reviewer = log_in(person(), accounts[Role.REVIEWER])
    reviewer.go("/werkvoorraad?lijst=te-toetsen").follow("Een buurttuin op het lege veld").follow("Toets deze stap")
    reviewer.reads("Het kan met een vergunning.").press("Akkoord").reads("In behandeling")

    # The handler proposes; the reviewer agrees; the citizen accepts.
    handler = log_in(person(), accounts[Role.HANDLER])
    handler.go("/werkvoorraad").follow("Een buurttuin op het lege veld").go(f"/zaken/{reference}/voorstel")
    handler.fill(
        Voorstel_aan="Vraag een vergunning voor vijf jaar aan.", Juridische_grondslag="Omgevingswet, artikel 5.1",
        Voorwaarden="De grond blijft van de gemeente.", Wie_iets="De bewonersgroep en de gemeente",
        Wet_zoals=in_days(0), Voor_wanneer=in_days(60),
    ).press("Leg voor aan een tweede persoon")  # fmt: skip
    reviewer.go(f"/zaken/{reference}/toetsing").press("Akkoord").reads("Voorstel gedaan")
    citizen.go(link).reads("Vraag een vergunning voor vijf jaar aan.")
    citizen.press("Ja, dit helpt. Ik neem het voorstel aan")

    # The handler writes the public text and closes; the reviewer agrees.
    handler.go(f"/zaken/{reference}/openbare-tekst").fill(
        Titel="Een buurttuin op een leeg veld", De_vraag="Mag een buurttuin op grond voor bedrijven?",
        Het_antwoord="Ja, met een vergunning voor een aantal jaren.",
    ).press("Bewaar de tekst")  # fmt: skip
    handler.go(f"/zaken/{reference}/afsluiten")
    handler.page.locator("input[value=met_ontheffing_of_afwijking]").check()
    handler.fill(Reden="De gemeente werkt mee.", Volgende_stap="Vraag de vergunning aan.")
    handler.press("Leg voor aan een tweede persoon")
    reviewer.go(f"/zaken/{reference}/toetsing").press("Akkoord").reads("Afgesloten")

    # The citizen agrees with the text, and it is published.
    handler.go(f"/zaken/{reference}/ter-inzage").press("Leg de tekst ter inzage")
    citizen.go(link).reads("Een buurttuin op een leeg veld").press("Deze tekst is goed")
    handler.go(f"/zaken/{reference}/publiceren").press("Maak de tekst openbaar")

    # A visitor reads the public text, not the file; the quarter counts it.
    visitor = person()
    visitor.go("/knelpunten?q=buurttuinen").follow("Een buurttuin op een leeg veld")
    visitor.reads("Ja, met een vergunning voor een aantal jaren.", reference)
    assert ADDRESS not in visitor.page.content()
    quarter = quarter_of(today())
    handler.go(f"/kwartalen/{quarter}").go(f"/kwartalen/{quarter}/zaken?cijfer=afgehandeld").reads(reference)
    handler.go(f"/zaken/{reference}/klokken").reads("Eerste reactie")
    handler.go(f"/zaken/{reference}").reads("Openbaar")
