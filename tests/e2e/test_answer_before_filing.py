"""A resident is answered before filing, a municipality does it too, and a rule moves until a case opens again."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from knelpunt.domain.bottlenecks import BottleneckChoice
from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.domain.guides.track import ClaimOutcome
from knelpunt.domain.links import Links
from knelpunt.domain.permissions import SYSTEM
from knelpunt.domain.vocabulary import AssessmentRole, CaseStatus, Role, Verdict
from knelpunt.models import (
    Account,
    BottleneckFollower,
    Case,
    GuideClaim,
    GuideDeflection,
    Municipality,
    OutboxMail,
    Provision,
)
from knelpunt.services.bottlenecks import links as bottleneck_links
from knelpunt.services.bottlenecks import track as bottlenecks
from knelpunt.services.bottlenecks.track import News
from knelpunt.services.cases import assessments, reviews
from knelpunt.services.core.context import Context
from knelpunt.services.guides.loading import load_guides
from tests.e2e.people import Person, account_of, log_in, mail_link
from tests.support.desk import Desk

GUIDE = "mantelzorgwoning-in-de-tuin"
SUBMITTER, FOLLOWER = "tijdelijkgebouw@proef.example", "volger@proef.example"
RULE = "Lichtere eisen voor tijdelijke gebouwen"
FOLLOW_LINK = re.compile(r"http://localhost:\d+(/regelknelpunten/volgen/\w+)")


@pytest.fixture
def loaded(site):
    with site.session() as session:
        load_guides(Context(session, SYSTEM, datetime.now(UTC), Links(site.url, site.config.secret_key)))


@pytest.fixture
def staff(site):
    return {role: account_of(site, role) for role in (Role.TRIAGER, Role.BOTTLENECK_OWNER, Role.HEAD_OF_DESK)}


@pytest.fixture
def closed(site, staff):
    """A case that ended because of its rule, and the number of the rule bottleneck, whose choice is made."""
    with site.factory() as make:
        desk = Desk(make.session, make)
        desk.links, desk.now = Links(site.url, site.config.secret_key), datetime.now(UTC) - timedelta(days=20)
        people = {role: make.session.get_one(Account, account["id"]) for role, account in staff.items()}
        desk.triager = people[Role.TRIAGER]
        provision = make.session.scalars(select(Provision).where(Provision.key == "bbl-tijdelijk")).one()
        zwolle = make.session.scalars(select(Municipality.id).where(Municipality.name == "Zwolle")).one()
        case = desk.file(title="Een buurthuis dat weer weg kan", contact_email=SUBMITTER, municipality_id=str(zwolle))
        desk.take_in(case)
        triage = desk.context(desk.triager)
        blocks = (provision.id, AssessmentRole.OFFERS_ROOM)
        assessments.link_provision(triage, case.reference, case.version, *blocks, "De eisen staan verspreid.")
        desk.start_handling(case, Verdict.STRICT_PRACTICE)
        rule = bottlenecks.signal(
            triage, title=RULE, problem="Zij zijn moeilijk te vinden.", provisions=[blocks], body="Wij zoeken dit uit."
        )
        bottlenecks.analyse(
            desk.context(people[Role.HEAD_OF_DESK]), rule.reference, rule.version,
            ministry_id=desk.ministry.id, owner_id=people[Role.BOTTLENECK_OWNER].id, news=News("Wij lezen mee."),
        )  # fmt: skip
        bottlenecks.choose(
            desk.context(people[Role.BOTTLENECK_OWNER]), rule.reference, rule.version,
            choice=BottleneckChoice.GUIDANCE, reason="De regel is goed, de uitleg niet.", news=News("Er komt uitleg."),
        )  # fmt: skip
        bottleneck_links.propose_link(desk.context(desk.handler), case.reference, case.version, rule.reference)
        bottleneck_links.decide_link(
            desk.context(people[Role.BOTTLENECK_OWNER]), rule.reference, case.reference, accepted=True
        )
        desk.write_public_text(case)
        review = bottleneck_links.request_linked_closing(
            desk.context(desk.handler), case.reference, case.version, bottleneck_reference=rule.reference,
            reason="De gemeente wacht op uitleg.", next_step="U hoort elk kwartaal van ons.",
        )  # fmt: skip
        reviews.approve(desk.context(desk.reviewer), case.reference, review.id)
        return case.reference, rule.reference, provision.id


def count(site, table):
    with site.session() as session:
        return session.scalar(select(func.count()).select_from(table))


def mails_to(site, address):
    with site.session() as session:
        rows = session.execute(
            select(OutboxMail.subject, OutboxMail.body).where(OutboxMail.to_address == address).order_by(OutboxMail.id)
        )
        return [(subject, body) for subject, body in rows]


def test_an_answer_before_filing_and_a_rule_that_moves(site, loaded, staff, closed, new_page, check_page):
    reference, rule, provision_id = closed
    today = nl_day(datetime.now(UTC)).isoformat()
    cases = count(site, Case)

    # A resident types a problem in own words on a phone, finds the answer and does not file.
    resident = Person(new_page(390), check_page)
    resident.go("/").fill(Wat_wilt_u="Mijn schoonmoeder heeft hulp nodig en wil in onze schuur wonen").press("Zoek")
    resident.follow("Mag een ouder of ander familielid met zorg").reads("Het korte antwoord", "Wie beslist")
    resident.follow("Dit beantwoordt mijn vraag").press("Ja, dit beantwoordt mijn vraag")
    resident.reads("Wij tellen dat deze ruimtewijzer iemand hielp")
    assert (count(site, GuideDeflection), count(site, Case)) == (1, cases)

    # A municipality does it too, and tells how it went; the public page shows the place, not the project.
    official = log_in(Person(new_page(), check_page), account_of(site, Role.FILER, "Gemeente Zwolle"))
    official.go(f"/ruimtewijzers/{GUIDE}").follow("Dit gaan wij ook doen")
    official.fill(Welk_project="Zorg dicht bij huis").press("Laat het weten")
    official.reads("Zorg dicht bij huis").follow("Vertel het").tick("Ja, gelukt").press("Verstuur")
    resident.go(f"/ruimtewijzers/{GUIDE}").reads("Zwolle", "Ja, gelukt")
    assert "Zorg dicht bij huis" not in resident.page.content()
    with site.session() as session:
        assert session.scalars(select(GuideClaim.outcome)).one() is ClaimOutcome.WORKED

    # Somebody else follows the rule: only the button behind the link in the mail confirms that.
    visitor = Person(new_page(390), check_page)
    visitor.go("/regelknelpunten").follow(RULE).follow("Volg dit regelknelpunt")
    visitor.field("Uw e-mailadres").fill(FOLLOWER)
    visitor.press("Stuur mij de link").reads("Kijk in uw mail")
    ((_subject, body),) = mails_to(site, FOLLOWER)
    visitor.go(FOLLOW_LINK.search(body).group(1)).press("Ja, ik wil volgen")
    with site.session() as session:
        assert session.scalars(select(BottleneckFollower.confirmed_at)).one() is not None

    # The owner takes the rule along its way until it has moved.
    owner = log_in(Person(new_page(), check_page), staff[Role.BOTTLENECK_OWNER])
    owner.go(f"/regelknelpunten/{rule}").follow("Begin met de voorbereiding")
    owner.field("Nieuws voor iedereen").fill("De uitleg wordt geschreven.")
    owner.press("Leg deze stap vast").follow("Meld dat het in werking is")
    owner.field("Bepaling die nu").select_option(value=str(provision_id))
    for words, number in zip(("Jaar", "Maand", "Dag"), today.split("-"), strict=True):
        owner.page.get_by_role("group", name="Dag van inwerkingtreding").get_by_label(words, exact=True).fill(number)
    owner.field("Nieuws voor iedereen").fill("De uitleg is er. Gemeenten toetsen nu per onderwerp.")
    owner.press("Ga naar de controle").reads("Controleer deze stap", "1 volger en de indiener van 1 zaak", "1 zaak")
    owner.press("Leg voor aan een tweede persoon").reads("Wacht op een tweede persoon")
    head = log_in(Person(new_page(), check_page), staff[Role.HEAD_OF_DESK])
    head.go("/vandaag").follow(RULE).press("Akkoord").reads("geeft deze bepaling ruimte")
    visitor.go(f"/regelknelpunten/{rule}").reads("De uitleg is er.", "geeft deze bepaling ruimte")
    assert "De uitleg is er. Gemeenten toetsen nu per onderwerp." in mails_to(site, FOLLOWER)[-1][1]

    # The closed case comes up; a triager says what it means, and the case opens again.
    triager = log_in(Person(new_page(), check_page), staff[Role.TRIAGER])
    triager.go("/wetswijzigingen?stand=wacht").follow("De uitleg is er.").reads(reference, "Afgesloten")
    triager.tick(f"Kies {reference}").tick("Open afgesloten zaken")
    triager.fill(Wat_betekent="Uw gemeente kan uw plan nu opnieuw toetsen.")
    triager.press("De wijziging raakt wat ik koos").reads("Bevestigd voor 1")
    subjects = [subject for subject, _body in mails_to(site, SUBMITTER)]
    assert any("Er is nieuwe ruimte voor plannen zoals het uwe" in subject for subject in subjects)
    submitter = Person(new_page(390), check_page)
    submitter.go(mail_link(site, SUBMITTER)).reads("Een buurthuis dat weer weg kan", "andere regel of nieuwe ruimte")
    with site.session() as session:
        assert session.scalars(select(Case.status).where(Case.reference == reference)).one() is CaseStatus.IN_HANDLING
