"""What nobody does alone: another term for the desk, and taking back that a rule is in force."""

from datetime import UTC, datetime, timedelta

import pytest

from knelpunt.domain.bottlenecks import BottleneckChoice, BottleneckStatus
from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.domain.links import Links
from knelpunt.domain.vocabulary import AssessmentRole, Role
from knelpunt.models import Account, Bottleneck
from knelpunt.services.bottlenecks import track
from tests.e2e.people import Person, account_of, day_from_now, log_in
from tests.support.bottlenecks import bring_into_force
from tests.support.desk import Desk

RULE = "De regel voor een proef met twee mensen"


def test_two_administrators_change_a_term(site, new_page, check_page):
    today = nl_day(datetime.now(UTC))
    first, second = (
        log_in(Person(new_page(width), check_page), account_of(site, Role.ADMINISTRATOR)) for width in (1280, 390)
    )
    first.go("/beheer").follow("Termijnen").follow("Antwoord van een ministerie").follow("Wijzig")
    first.fill(Hoe_lang_wordt="21", Vanaf_welke_dag=day_from_now(today, 40), Waarom="Twee weken is te kort.")
    first.press("Leg voor aan een tweede beheerder").reads("U stelde dit zelf voor", "21 dagen")
    second.go("/beheer/termijnen").follow("21 dagen vanaf").reads("Twee weken is te kort.")
    second.press("Stel vast").reads("Vastgesteld")
    second.go("/beheer/termijnen").reads("21 dagen vanaf")
    first.go("/beheer/termijnen/K3").reads("Komt nog", "Geldt nu")


@pytest.fixture
def in_force(site):
    """A rule that was brought into force yesterday, and its owner."""
    owner = account_of(site, Role.BOTTLENECK_OWNER)
    with site.factory() as make:
        desk = Desk(make.session, make)
        desk.links, desk.now = Links(site.url, site.config.secret_key), datetime.now(UTC) - timedelta(days=1)
        account = make.session.get_one(Account, owner["id"])
        provision = make.provision(desk.law)
        made: Bottleneck = track.signal(
            desk.context(desk.triager), title=RULE, problem="Zij knelt.",
            provisions=[(provision.id, AssessmentRole.BLOCKS)], body="Wij kijken ernaar.",
        )  # fmt: skip
        made.owner_id, made.status, made.choice = account.id, BottleneckStatus.IN_PREPARATION, BottleneckChoice.PRACTICE
        make.session.flush()
        bring_into_force(
            desk.context(account), desk.context(desk.reviewer), made,
            provision_id=provision.id, in_force_on=desk.today, body="Het kan nu.",
        )  # fmt: skip
        return owner, made.reference


def test_an_owner_takes_back_what_a_second_person_agrees_was_not_true(site, new_page, check_page, in_force):
    account, rule = in_force
    owner = log_in(Person(new_page(390), check_page), account).reads(RULE)
    owner.go(f"/regelknelpunten/{rule}").follow("Neem terug dat het in werking is")
    owner.fill(Wat_klopte="De heer A.B. Specht vergiste zich.").press("Leg voor aan een tweede persoon")
    owner.reads("Wacht op een tweede persoon").go("/mijn-regelknelpunten").reads("een erratum")
    reviewer = log_in(Person(new_page(), check_page), account_of(site, Role.REVIEWER)).go("/vandaag").follow(RULE)
    reviewer.press("Akkoord").reads("schrijf op waarom dit toch openbaar mag")
    reviewer.fill(Waarom_mag="Hij vroeg dit zelf.").press("Akkoord").reads("Erratum", "Dat klopte niet.")
    visitor = Person(new_page(320), check_page).go(f"/regelknelpunten/{rule}")
    visitor.reads("De heer A.B. Specht vergiste zich.", "Dit klopte niet.")
