"""A resident types a problem in own words and is answered without filing; a municipality says that it does this too."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from knelpunt.domain.links import Links
from knelpunt.domain.permissions import SYSTEM
from knelpunt.domain.vocabulary import Role
from knelpunt.models import Case, GuideClaim, GuideDeflection
from knelpunt.services.act import Act
from knelpunt.services.guide_loading import load_guides
from tests.e2e.people import Person, account_of, log_in

SLUG = "mantelzorgwoning-in-de-tuin"


@pytest.fixture
def loaded(site):
    with site.session() as session:
        load_guides(Act(session, SYSTEM, datetime.now(UTC), Links(site.url, site.config.secret_key)))


def count(site, table):
    with site.session() as session:
        return session.scalar(select(func.count()).select_from(table))


def test_a_question_is_answered_before_it_is_filed_and_a_municipality_does_it_too(site, loaded, new_page, check_page):
    cases = count(site, Case)
    resident = Person(new_page(390), check_page)
    resident.go("/").fill(Wat_wilt_u="Mijn schoonmoeder heeft hulp nodig en wil in onze schuur wonen").press("Zoek")
    resident.follow("Mag een ouder of ander familielid met zorg").reads("Het korte antwoord", "Wie beslist")
    resident.follow("Dit beantwoordt mijn vraag").press("Ja, dit beantwoordt mijn vraag")
    resident.reads("Wij tellen dat deze ruimtewijzer iemand hielp")
    assert count(site, GuideDeflection) == 1
    assert count(site, Case) == cases

    official = log_in(Person(new_page(), check_page), account_of(site, Role.FILER, "Gemeente Zwolle"))
    official.go(f"/ruimtewijzers/{SLUG}").follow("Dit gaan wij ook doen")
    official.fill(Welk_project="Zorg dicht bij huis").press("Laat het weten")
    official.reads("Zorg dicht bij huis").follow("Vertel het").tick("Ja, gelukt").press("Verstuur")
    resident.go(f"/ruimtewijzers/{SLUG}").reads("Zwolle", "Ja, gelukt")
    assert "Zorg dicht bij huis" not in resident.page.content()
    assert count(site, GuideClaim) == 1
