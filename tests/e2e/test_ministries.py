"""A ministry in a browser: the desk asks, an official without an account answers, and the desk quotes the answer."""

import re

from sqlalchemy import select

from knelpunt.domain.vocabulary import CaseStatus, Role, RuleLevel, Verdict
from knelpunt.models import OutboxMail
from tests.e2e.people import Person, account_of, log_in

OFFICIAL = "jansen@bouw.example"
LINK = re.compile(r"http://localhost:\d+(/raadplegen/\w+)")


def official_link(site, address):
    with site.session() as session:
        body = session.scalar(
            select(OutboxMail.body).where(OutboxMail.to_address == address).order_by(OutboxMail.id.desc()).limit(1)
        )
    return LINK.search(body or "")[1]


def test_an_official_answers_without_an_account(site, new_page, check_page):
    accounts = {role: account_of(site, role) for role in (Role.HANDLER, Role.ADMINISTRATOR)}
    with site.factory() as make:
        case = make.case(
            CaseStatus.IN_HANDLING,
            email="wijk@straat.example",
            handler_id=accounts[Role.HANDLER]["id"],
            verdict=Verdict.NATIONAL_RULE,
            verdict_plain="Een landelijke regel lijkt dit te verbieden.",
            level=RuleLevel.STATE,
            may_share=True,
            title="Samen wonen in de oude fabriek",
        )
        reference, ministry = case.reference, make.ministry().name
        make.assessment(case, make.provision())

    # An administrator keeps the address book.
    admin = log_in(Person(new_page(), check_page), accounts[Role.ADMINISTRATOR])
    admin.go("/beheer/adresboek").follow("Voeg een adres toe").choose("Ministerie", ministry)
    admin.field("Naam").fill("Jansen")
    admin.field("E-mailadres").fill(OFFICIAL)
    admin.press("Bewaar").reads("Jansen", OFFICIAL)

    # The handler asks, in the case.
    handler = log_in(Person(new_page(), check_page), accounts[Role.HANDLER])
    handler.go(f"/zaken/{reference}").follow("Vraag een ministerie").choose("Aan wie", f"{ministry}: Jansen")
    handler.fill(Artikel="Proefwet, artikel 12").field("Vraag").fill("Laat dit artikel gedeeld wonen toe?")
    handler.press("Verstuur de vraag").reads("Bij een ministerie", "Wacht op antwoord", "Laat dit artikel")

    # The official opens the link on a phone, and hands the question on to a colleague.
    official = Person(new_page(390), check_page)
    first = official_link(site, OFFICIAL)
    official.go(first).reads("Laat dit artikel gedeeld wonen toe?", "Proefwet, artikel 12", "lijkt dit te verbieden")
    assert "oude fabriek" not in official.page.content()
    official.follow("Een collega van mijn ministerie antwoordt")
    official.field("E-mailadres").fill("iemand@elders.example")
    official.press("Geef de vraag door").reads("niet van uw ministerie")
    official.field("E-mailadres").fill("de.vries@bouw.example")
    official.press("Geef de vraag door").reads("eigen link")
    official.go(first).reads("Een collega van uw ministerie heeft nu een eigen link.")

    # The colleague answers, after an empty try.
    colleague = Person(new_page(390), check_page)
    colleague.go(official_link(site, "de.vries@bouw.example"))
    colleague.press("Verstuur het antwoord").reads("Kies een antwoord.", "Leg uit waarom.")
    colleague.tick("Er is ruimte").field("Uw uitleg").fill("Lid 2 laat gedeeld wonen toe.")
    colleague.press("Verstuur het antwoord").reads("Deze vraag is beantwoord", "Lid 2 laat gedeeld wonen toe.")

    # The desk has it back, and quotes it.
    handler.go(f"/zaken/{reference}").reads("In behandeling", "Lid 2 laat gedeeld wonen toe.")
    handler.go(f"/zaken/{reference}/voorstel")
    handler.field("Voorstel aan de indiener").fill("U mag samen wonen.")
    handler.page.get_by_role("button", name=re.compile("Zet in het voorstel")).click()
    text = handler.field("Voorstel aan de indiener").input_value()
    assert "U mag samen wonen." in text
    assert "Lid 2 laat gedeeld wonen toe." in text
