"""A colleague is invited, chooses a password, forgets it, and is let go; an administrator and an auditor look on."""

import re

from sqlalchemy import select

from knelpunt.domain.vocabulary import Role
from knelpunt.models import OutboxMail
from tests.e2e.people import Person, account_of, log_in
from tests.support.site import Site

ADDRESS = "nieuwe.collega@zwolle.example"
FIRST = "vier losse woorden samen"
SECOND = "vijf heel andere woorden samen"


def last_link(site: Site, path: str) -> str:
    """The last link of this kind that was mailed to the new colleague."""
    with site.session() as session:
        bodies = session.scalars(
            select(OutboxMail.body).where(OutboxMail.to_address == ADDRESS).order_by(OutboxMail.id.desc())
        ).all()
    found = next(match for body in bodies if (match := re.search(rf"http://\S+?(/{path}/\S+)", body or "")))
    return found.group(1)


def test_the_life_of_an_account(site, new_page, check_page):
    admin = log_in(Person(new_page(), check_page), account_of(site, Role.ORGANISATION_ADMIN, "Gemeente Zwolle"))
    admin.go("/onze-organisatie/collegas").follow("Nodig iemand uit")
    admin.press("Verstuur de uitnodiging").reads("Vul het e-mailadres van uw collega in")
    admin.page.get_by_label("E-mailadres").fill(ADDRESS)
    admin.fill(Naam="Nieuwe collega").tick("Indiener")
    admin.press("Verstuur de uitnodiging").reads("De uitnodiging wordt verstuurd", ADDRESS)

    colleague = Person(new_page(390), check_page)
    colleague.go(last_link(site, "uitnodiging")).reads(ADDRESS, "Gemeente Zwolle", "Indiener")
    choose_password(colleague, "kort", "Maak mijn account").reads("ten minste 12 tekens")
    choose_password(colleague, FIRST, "Maak mijn account").reads("Uw account is klaar")
    sign_in(colleague, "een verkeerd wachtwoord").reads("Inloggen is niet gelukt")
    sign_in(colleague, FIRST)
    colleague.go("/mijn-account").reads("Nieuwe collega")
    colleague.follow("Bekijk uw sessies").reads("8 uur", "7 dagen", "deze browser")
    colleague.press("Log overal uit").reads("U bent overal uitgelogd")

    colleague.follow("Wachtwoord vergeten?").page.get_by_label("E-mailadres").fill(ADDRESS)
    colleague.press("Stuur mij een link").reads("Kijk in uw mail")
    link = last_link(site, "wachtwoord")
    choose_password(colleague.go(link), SECOND, "Bewaar het wachtwoord").reads("Uw wachtwoord is gewijzigd")
    colleague.go(link).reads("De link is te oud of is al gebruikt")
    colleague.follow(re.compile("Inloggen"))
    sign_in(colleague, SECOND)

    admin.go("/onze-organisatie/collegas").follow("Nieuwe collega").follow("Zet het account uit")
    admin.press("Zet uit").reads("Het account is uitgezet")
    colleague.page.reload()
    assert "/inloggen" in colleague.page.url

    auditor = log_in(Person(new_page(), check_page), account_of(site, Role.AUDITOR))
    auditor.go("/beheer/auditspoor").reads("Account uitgezet", "Uitnodiging aanvaard")
    auditor.follow("Controleer de keten").reads("De keten klopt")


def choose_password(person: Person, password: str, button: str) -> Person:
    person.page.get_by_label("Nieuw wachtwoord", exact=True).fill(password)
    person.page.get_by_label("Nieuw wachtwoord, nog een keer").fill(password)
    return person.press(button)


def sign_in(person: Person, password: str) -> Person:
    person.page.get_by_label("E-mailadres").fill(ADDRESS)
    person.page.get_by_label("Wachtwoord", exact=True).fill(password)
    return person.press("Log in")
