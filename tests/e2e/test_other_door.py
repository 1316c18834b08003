"""A case that belongs at another door: one that opens it by the link in a mail, and one that lets it lapse."""

import re
from datetime import timedelta

from sqlalchemy import select, update

from knelpunt.adapters.passwords import hash_password
from knelpunt.domain.links import Links
from knelpunt.domain.vocabulary import CaseStatus, ReferralStatus
from knelpunt.models import Case, OutboxMail, Referral
from knelpunt.services.jobs import scheduled
from tests.e2e.people import PASSWORD, Person, log_in, mail_link
from tests.support.desk import Desk
from tests.support.site import Site

LINK = re.compile(r"http://localhost:\d+(/overnemen/\w+)")
REASON = "De gemeente verleent deze vergunning zelf."


def links_of(site: Site) -> Links:
    return Links(site.url, site.config.secret_key)


def case_in_triage(site: Site, address: str) -> tuple[str, dict[str, str]]:
    """The number of a resident's case, and who takes it in."""
    with site.factory() as make:
        desk = Desk(make.session, make)
        desk.now, desk.links = make.now, links_of(site)
        desk.triager.password_hash = hash_password(PASSWORD.encode())
        case = desk.file(contact_email=address)
        desk.take_in(case)
        return case.reference, {"email": desk.triager.email, "name": desk.triager.name}


def last_mail(site: Site, address: str) -> str:
    statement = select(OutboxMail.body).where(OutboxMail.to_address == address).order_by(OutboxMail.id.desc()).limit(1)
    with site.session() as session:
        return session.scalar(statement) or ""


def offer(person: Person, reference: str, receiver: str, consent: str) -> None:
    person.go(f"/zaken/{reference}/andere-instantie")
    person.press("Bied de zaak aan").reads("Noem de instantie.", "Schrijf op waarom de melding daar hoort.")
    person.fill(Welke_instantie="Woonloket Zwolle", Wie_daar="De balie", Waarom_hoort=REASON)
    person.field("E-mailadres van die instantie").fill(receiver)
    person.tick(consent)
    person.press("Bied de zaak aan").reads("Vastgelegd.")


def test_another_organisation_takes_a_case_over_by_the_link_in_a_mail(site, new_page, check_page):
    address, receiver = "dak@proef.example", "balie@woonloket.example"
    reference, account = case_in_triage(site, address)
    triager = log_in(Person(new_page(), check_page), account)
    offer(triager, reference, receiver, "Op de pagina van de melding")
    assert last_mail(site, receiver) == "", "nothing goes out before the submitter agrees"

    # The submitter agrees on the page, on a phone.
    resident = Person(new_page(390), check_page)
    resident.go(mail_link(site, address)).reads("Mogen wij uw melding delen?", "Woonloket Zwolle", REASON)
    resident.press("Ja, u mag mijn melding delen").reads("Woonloket Zwolle")

    # The other organisation reads the case, and takes it over after an empty try; only then it sees whom to reach.
    door = Person(new_page(390), check_page)
    door.go(LINK.search(last_mail(site, receiver))[1]).reads("Neemt u deze melding over?", REASON)
    assert address not in door.page.content()
    door.press("Ja, wij nemen de melding over").reads("Schrijf op hoe de indiener u bereikt.")
    door.fill(Hoe_bereikt="De balie, 038 123 45 67").press("Ja, wij nemen de melding over")
    door.reads("U nam deze melding over", address)

    # The submitter keeps one page, and reads there who has it; the desk reads it too.
    resident.go(mail_link(site, address)).reads("Woonloket Zwolle", "De balie, 038 123 45 67")
    triager.go(f"/zaken/{reference}").reads("Doorverwezen", "Woonloket Zwolle")
    with site.session() as session:
        assert session.scalar(select(Case.status).where(Case.reference == reference)) is CaseStatus.REFERRED


def test_a_case_comes_back_when_the_other_organisation_says_nothing(site, new_page, check_page):
    address, receiver = "stoep@proef.example", "stil@elders.example"
    reference, account = case_in_triage(site, address)
    triager = log_in(Person(new_page(), check_page), account)
    offer(triager, reference, receiver, "Ja, per telefoon")
    path = LINK.search(last_mail(site, receiver))[1]
    triager.go(f"/zaken/{reference}").reads("In beoordeling", "Woonloket Zwolle")

    # Five working days go by: the last day was yesterday.
    with site.factory() as make:
        mine = select(Case.id).where(Case.reference == reference).scalar_subquery()
        gone_by = update(Referral).where(Referral.case_id == mine).values(answer_by=make.today - timedelta(days=1))
        make.session.execute(gone_by)
        desk = Desk(make.session, make)
        desk.now, desk.links = make.now, links_of(site)
        scheduled.run_due(desk.system, make.session.flush)
        assert make.session.scalar(select(Referral.status).where(Referral.case_id == mine)) is ReferralStatus.LAPSED

    door = Person(new_page(390), check_page)
    door.go(path).reads("Deze vraag is voorbij", "De melding is weer bij het loket.")
    assert "Uw melding blijft bij ons" in subject_of_last_mail(site, address)
    resident = Person(new_page(390), check_page)
    resident.go(mail_link(site, address))
    triager.go(f"/zaken/{reference}").reads("In beoordeling", "Geen reactie op tijd")
    assert (
        triager.go(f"/zaken/{reference}/andere-instantie").page.get_by_role("button", name="Bied de zaak aan").count()
    )


def subject_of_last_mail(site: Site, address: str) -> str:
    statement = select(OutboxMail.subject).where(OutboxMail.to_address == address).order_by(OutboxMail.id.desc())
    with site.session() as session:
        return session.scalars(statement.limit(1)).one()
