"""Two municipalities go up in one: proposed, looked at, decided by a second person, and what each then sees."""

from datetime import UTC, datetime

from sqlalchemy import select

from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.vocabulary import CaseStatus, OrganisationKind, Role
from knelpunt.models import Account, OutboxMail, Province
from knelpunt.queries.figures.quarter import all_differences
from knelpunt.services.core import events
from tests.e2e.people import Person, account_of, day_from_now, log_in

OLD = ("Gemeente Beekproef", "Gemeente Duinproef")


def place(site, name):
    """A municipality with its organisation; the number of the municipality."""
    with site.factory() as make:
        province = make.session.scalars(select(Province).where(Province.name == "Utrecht")).one()
        municipality = make.municipality(name=name.removeprefix("Gemeente "), province_id=province.id)
        make.organisation(OrganisationKind.MUNICIPALITY, name=name, municipality_id=municipality.id)
        return municipality.id


def test_municipalities_merge_and_everything_follows(site, new_page, check_page):
    places = [place(site, name) for name in OLD]
    first, second = (account_of(site, Role.ADMINISTRATOR) for _ in range(2))
    filer, colleague = (account_of(site, Role.FILER, name) for name in OLD)
    one, two, of_old, of_other = (Person(new_page(), check_page) for _ in range(4))
    today = nl_day(datetime.now(UTC))
    with site.factory() as make:
        case = make.case(
            CaseStatus.IN_HANDLING,
            title="Smalle deur in Beekproef",
            organisation_id=make.session.get_one(Account, filer["id"]).organisation_id,
            municipality_id=places[0],
        )
        reference = case.reference

    log_in(of_other, colleague).go("/onze-zaken")
    assert reference not in of_other.page.locator("main").inner_text()

    log_in(one, first).go("/beheer").follow("Herindelingen").follow("Stel een herindeling voor")
    one.press("Stel de herindeling voor").reads("Vul ten minste één gemeente in.", "Vul een code in.")
    one.fill(
        Welke_gemeenten="Beekproef\nDuinproef", Code_van="GM9701", Naam="Nieuwproef", Waar_staat="Wet van de proef."
    )
    one.fill(Vanaf_welke_dag=day_from_now(today, 30)).choose("Provincie", "Utrecht")
    one.press("Stel de herindeling voor").reads("Wat er meegaat", "1 open zaak", "2 accounts", reference)
    one.reads("Wacht op een andere beheerder")
    assert one.page.get_by_role("button", name="Akkoord").count() == 0
    one.press("Trek de herindeling in").reads("Ingetrokken")

    one.go("/beheer/herindelingen/nieuw")
    one.fill(
        Welke_gemeenten="Beekproef\nDuinproef", Code_van="GM9701", Naam="Nieuwproef", Waar_staat="Wet van de proef."
    )
    one.fill(Vanaf_welke_dag=day_from_now(today, -1)).choose("Provincie", "Utrecht")
    one.press("Stel de herindeling voor")
    path = one.page.url

    log_in(two, second).go("/beheer/herindelingen").follow("Beekproef, Duinproef")
    two.page.goto(path)
    two.reads("De dag is er al").press("Akkoord").reads(
        "De herindeling is uitgevoerd.", "Wat er meeging", "1 open zaak"
    )

    of_other.go("/onze-zaken").reads("Smalle deur in Beekproef")
    of_other.go("/onze-zaken/overzicht").reads("In uw gemeente opgegaan", "Beekproef")
    log_in(of_old, filer).go(f"/onze-zaken/{reference}").reads("Uw gemeente is opgegaan in een andere", "Beekproef")
    of_old.go(f"/knelpunten?gemeente={places[0]}").reads("Beekproef hoort nu bij Nieuwproef")

    with site.session() as session:
        assert events.verify(session).fault is None
        assert list(all_differences(session, today)) == []
        told = session.scalars(
            select(OutboxMail.to_address).where(OutboxMail.kind == MailKind.MERGER_DONE).order_by(OutboxMail.id)
        ).all()
    assert sorted(told) == sorted([filer["email"], colleague["email"]])
