"""The archive of a case whose clock was moved: from its last day to the link that says what happened."""

from datetime import date, timedelta

from sqlalchemy import select

from knelpunt.adapters.uploads.store import FolderStore
from knelpunt.domain.links import Links
from knelpunt.domain.permissions import SYSTEM
from knelpunt.domain.vocabulary import CaseStatus, Result, Role
from knelpunt.models import Case
from knelpunt.services.archive import timers
from knelpunt.services.core.context import Context
from tests.e2e.people import Person, account_of, log_in
from tests.support.site import Site

TERM_YEARS = 2


def links_of(site: Site) -> Links:
    return Links(site.url, site.config.secret_key)


def withdrawn_long_ago(site: Site) -> tuple[str, str]:
    """A resident's case that was withdrawn just over its term ago: its number, and its follow link."""
    with site.factory() as make:
        ended_on = make.today - timedelta(days=366 * TERM_YEARS)
        case = make.case(
            CaseStatus.WITHDRAWN,
            result=Result.WITHDRAWN,
            filed_on=ended_on - timedelta(days=20),
            closed_on=ended_on,
            email="dak@proef.example",
            title="Een moestuin op het dak",
        )
        link = make.follow_link(case)
        return case.reference, f"/volgen/{links_of(site).token('volgen', link.public_id, link.nonce)}"


def work(site: Site) -> None:
    """One round of the worker."""
    files = FolderStore(site.config.attachments_dir)
    with site.factory() as make:
        timers.run_due(Context(make.session, SYSTEM, make.now, links_of(site)), files, make.session.commit)


def test_a_case_whose_term_is_over_goes_when_two_people_agree(site, new_page, check_page):
    reference, follow = withdrawn_long_ago(site)
    admin_of, head_of = account_of(site, Role.ADMINISTRATOR), account_of(site, Role.HEAD_OF_DESK)
    resident, admin = Person(new_page(390), check_page), log_in(Person(new_page(), check_page), admin_of)
    resident.go(follow).reads("Een moestuin op het dak")
    work(site)

    admin.go("/beheer").follow("Archief").follow("Bewaarcategorieën").reads("Niet alle bronnen zijn nagelezen")
    admin.follow("Wijzig Ingetrokken meldingen")
    admin.fill(Bron="Selectielijst voor de proef, categorie 3", De_bron_is_nagelezen=date.today().isoformat())
    admin.press("Stel dit voor").reads("Het voorstel wacht op een tweede persoon")
    head = log_in(Person(new_page(), check_page), head_of)
    head.go("/bureau").follow("Archief").follow("Bewaarcategorieën").follow("Ingetrokken meldingen")
    head.tick("Ja").press("Leg vast").reads("Uw besluit is vastgelegd")
    work(site)

    head.go("/archief").follow("Lijst ").reads(reference, "Wacht op de eerste persoon")
    head.follow("Bevestig deze lijst").press("Bevestig de lijst").reads("Kijk eerst welke zaken er op de lijst staan")
    head.tick("Ik heb gezien").press("Bevestig de lijst").reads("Zij wacht nu op een tweede persoon")
    work(site)
    resident.go(follow).reads("Een moestuin op het dak")
    admin.go("/archief").follow("Lijst ").follow("Bevestig deze lijst").reads("Dat kan niemand terugdraaien")
    admin.tick("Ik heb gezien").press("Bevestig de lijst").reads("De lijst is door twee mensen bevestigd")
    work(site)

    admin.go("/archief").follow("Lijst ").follow("Bekijk de verklaring").reads(reference, "Verklaring van vernietiging")
    head.go(f"/zaken/{reference}").reads("Dossier vernietigd", "Er kan niets meer aan veranderen")
    resident.go(follow).reads("Uw melding is gearchiveerd", "hebben wij het dossier van uw melding vernietigd")
    with site.session() as session:
        case = session.scalars(select(Case).where(Case.reference == reference)).one()
        assert (case.status, case.title) == (CaseStatus.ARCHIVED, "Dossier vernietigd")
