"""A second look from the follow page to its outcome, and the question of aftercare answered from the mail."""

from datetime import timedelta

from sqlalchemy import select, update

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.links import Links
from knelpunt.domain.vocabulary import CaseStatus, Role
from knelpunt.models import Aftercare, Case, ClockPeriod
from knelpunt.services.jobs import scheduled
from tests.e2e.people import Person, account_of, log_in, mail_link
from tests.support.desk import Desk

ADDRESS = "moestuin@proef.example"


def links_of(site) -> Links:
    return Links(site.url, site.config.secret_key)


def closed_case(site) -> tuple[str, str]:
    """A case of a resident that was closed: its number and the name of who handled it."""
    with site.factory() as make:
        desk = Desk(make.session, make)
        desk.links = links_of(site)
        desk.now = make.now
        case = desk.file(contact_email=ADDRESS)
        desk.take_in(case)
        desk.weigh(case)
        desk.start_handling(case)
        desk.propose(case)
        desk.close(case)
        return case.reference, desk.handler.name


def test_a_second_look_from_the_follow_page_to_its_outcome(site, new_page, check_page):
    reference, first_handler = closed_case(site)
    second, head = account_of(site, Role.HANDLER), account_of(site, Role.HEAD_OF_DESK)
    resident = Person(new_page(), check_page)
    resident.go(mail_link(site, ADDRESS)).follow("Vraag een heroverweging")
    resident.press("Verstuur mijn verzoek").reads("Schrijf op wat wij hebben gemist of verkeerd zagen.")
    resident.fill(Wat_hebben_wij="U las de brief van de gemeente niet.")
    resident.press("Verstuur mijn verzoek").reads("De melding wordt opnieuw bekeken")

    chief = log_in(Person(new_page(), check_page), head)
    chief.go("/vandaag").reads("Om over te beslissen", reference)
    chief.go(f"/zaken/{reference}").follow("Wijs een tweede behandelaar aan").reads("U las de brief van de gemeente")
    assert first_handler not in chief.field("Wie bekijkt de zaak opnieuw").inner_text()
    chief.choose("Wie bekijkt de zaak opnieuw", second["name"]).press("Wijs aan").reads("Het loket is aan zet")

    other = log_in(Person(new_page(), check_page), second)
    other.go(f"/zaken/{reference}").follow("Laat de uitkomst zoals zij is")
    other.fill(Punt_1="Die brief is nu gelezen.", Waarom_blijft="De brief verandert het niet.")
    other.press("Bekijk de brief eerst").reads("Zo leest de indiener het", "Ons antwoord:", "Die brief is nu gelezen.")
    other.press("Leg voor aan het hoofd van het loket").reads("Er wacht een stap op een tweede persoon")

    chief.go(f"/zaken/{reference}/toetsing").reads("Die brief is nu gelezen.").press("Akkoord")
    chief.reads("De uitkomst blijft")
    resident.go(mail_link(site, ADDRESS)).reads("De uitkomst blijft", "Die brief is nu gelezen.", "Nationale ombudsman")
    with site.session() as session:
        assert session.scalar(select(Case.status).where(Case.reference == reference)) is CaseStatus.CLOSED


def test_aftercare_is_answered_from_the_mail_by_who_presses_the_button(site, new_page, check_page):
    reference, _handler = closed_case(site)
    with site.factory() as make:
        case = make.session.scalars(select(Case).where(Case.reference == reference)).one()
        run = ClockPeriod.case_id == case.id, ClockPeriod.clock == Clock.K9, ClockPeriod.length == 3
        make.session.execute(update(ClockPeriod).where(*run).values(due_on=make.today - timedelta(days=1)))
        desk = Desk(make.session, make)
        desk.now, desk.links = make.now, links_of(site)
        scheduled.run_due(desk.system, make.session.flush)
        row = make.session.scalars(select(Aftercare).where(Aftercare.case_id == case.id)).one()
        path = f"/nazorg/{links_of(site).token('nazorg', row.public_id, row.nonce)}"
    resident = Person(new_page(390), check_page)
    resident.go(f"{path}?antwoord=nog_vast")
    with site.session() as session:
        assert session.scalar(select(Aftercare.answer).where(Aftercare.public_id == row.public_id)) is None
    assert resident.page.get_by_label("Het zit nog vast", exact=True).is_checked()
    resident.fill(Wilt_u_er_iets="De vergunning blijft uit.").tick("Zit het nog vast?")
    resident.press("Verstuur mijn antwoord").reads("Uw antwoord is bij ons")
    staff = log_in(Person(new_page(), check_page), account_of(site, Role.HEAD_OF_DESK))
    staff.go("/vandaag").reads("project zit nog vast")
    staff.go(f"/zaken/{reference}").reads("De vergunning blijft uit.").follow("Open de zaak opnieuw")
    staff.fill(Waarom="Het project zit nog vast.").press("Open de zaak opnieuw").reads("In behandeling")
