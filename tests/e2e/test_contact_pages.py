"""The pages about mails, address and paper in a browser: axe on two widths, without JavaScript, from mail to page."""

import re

from sqlalchemy import select

from knelpunt.adapters.passwords import hash_password
from knelpunt.domain.links import CASE, Links
from knelpunt.domain.vocabulary import Role
from knelpunt.models import Contact, Letter, OutboxMail
from tests.e2e.people import PASSWORD, Person, account_of, log_in

NEW = "nieuw@proef.example"


def followed(site):
    with site.factory() as make:
        case = make.case(email="oud@proef.example")
        link = make.follow_link(case)
        return case.id, Links("", site.config.secret_key).follow(link.public_id, link.nonce)


def test_a_resident_chooses_mails_and_gives_another_address(site, new_page, check_page):
    case_id, path = followed(site)
    person = Person(new_page(390), check_page).go(path)
    person.follow("Kies welke mails u krijgt").tick("Alleen wat nodig is")
    person.press("Bewaar mijn keuze").reads("Uw keuze is bewaard.", "Alleen wat nodig is.")
    person.follow("Geef een ander e-mailadres op").fill(Uw_nieuwe=NEW)
    person.press("Stuur de link om te bevestigen").reads("Wij stuurden een mail naar het nieuwe adres.")
    with site.session() as session:
        body = session.scalar(select(OutboxMail.body).where(OutboxMail.to_address == NEW))
    person.go(re.search(r"http://localhost:\d+(/volgen/adres/\w+)", body)[1])
    person.press("Ja, dit is mijn e-mailadres").reads("Uw e-mailadres is gewijzigd")
    with site.session() as session:
        assert session.get_one(Contact, case_id).email == NEW


def test_one_click_stops_mails_without_javascript(site, new_page):
    case_id, _path = followed(site)
    page = new_page(390, java_script_enabled=False)
    address = Links("", site.config.secret_key).unsubscribe(CASE, case_id)
    person = Person(page, lambda _page: None).go(address)
    person.press("Stuur mij alleen wat nodig is").reads("U krijgt minder mails")
    with site.session() as session:
        assert session.get_one(Contact, case_id).mail_choice == "alleen_nodig"


def test_a_member_chooses_in_the_own_account(site, new_page, check_page):
    account = account_of(site, Role.FILER, "Gemeente Zwolle")
    person = log_in(Person(new_page(), check_page), account)
    person.go("/mijn-account").follow("Kies welke mails u krijgt").tick("Als ik aan zet ben")
    person.press("Bewaar mijn keuze").reads("Uw keuze is bewaard.")


def test_the_desk_prints_what_cannot_be_mailed_and_marks_it(site, new_page, check_page):
    with site.factory() as make:
        handler = make.handler(password_hash=hash_password(PASSWORD.encode()))
        case = make.case(handler_id=handler.id)
        contact = make.contact(case, email=None, postal_address="Kerkweg 1\n1234 AB Ergens", name="Bewoner")
        assert contact.email is None
        letter = make.add(
            Letter(case_id=case.id, kind="bericht", subject="Bericht", body="Beste indiener,\n\nNieuws.",
                   written_at=make.now)
        )  # fmt: skip
        letter_id, reference, account = letter.id, case.reference, {"email": handler.email}
    person = log_in(Person(new_page(), check_page), account)
    person.go("/vandaag").follow("Bekijk de post").follow(f"Open {reference}")
    person.press("Open het adres en druk af").reads("Kerkweg 1", "Nieuws.")
    person.page.emulate_media(media="print")
    assert not person.page.get_by_role("button", name="Dit bericht is verstuurd").is_visible()
    assert person.page.get_by_text("Betreft: Bericht").is_visible()
    person.page.emulate_media(media="screen")
    person.press("Dit bericht is verstuurd").reads(f"Het bericht bij {reference} staat als verstuurd.")
    with site.session() as session:
        assert session.get_one(Letter, letter_id).sent_on is not None
    person.go(f"/zaken/{reference}").follow("Noteer een e-mailadres")
