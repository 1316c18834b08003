"""A quarter on its way to the Kamer: checked, sealed by two, written, commented on, agreed to, presented, corrected."""

import os
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from knelpunt.adapters.database.embedded_database import Server
from knelpunt.domain.calendar.timezone import Quarter, nl_day, quarter_of
from knelpunt.domain.vocabulary import OrganisationKind, Role
from knelpunt.models import LedgerBuild, MinistryContact, OutboxMail
from knelpunt.services.figures import ledger
from tests.e2e.people import Person, account_of, log_in
from tests.support.sealing import seal_before
from tests.support.site import Site, running_site

LINK = re.compile(r"http://localhost:\d+(/kwartaalreactie/\w+)")
SHOTS = os.environ.get("KNELPUNT_SHOTS")


def shot(person: Person, name: str) -> None:
    """A picture of the page on a phone and a desktop, for who asks for one."""
    if SHOTS:
        for width in (390, 1280):
            person.page.set_viewport_size({"width": width, "height": 900})
            person.page.screenshot(path=str(Path(SHOTS) / f"{name}-{width}.png"), full_page=True)


@pytest.fixture(scope="module")
def site(database_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site of its own: the last quarter that is over can be sealed once."""
    with running_site(database_server, tmp_path_factory.mktemp("site")) as own:
        yield own


def prepared(site: Site) -> tuple[Quarter, str]:
    """The last quarter that is over, with the ledger made; and an address at a ministry that can be asked."""
    with site.factory() as make:
        if make.session.get(LedgerBuild, 1) is None:
            for _done in ledger.rebuild(make.session, make.now):
                pass
        ministry = make.organisation(OrganisationKind.MINISTRY)
        contact = make.add(
            MinistryContact(
                ministry_id=ministry.id, name="Postbus proef", email="kwartaal@proef.example", is_fallback=True
            )
        )
        quarter = quarter_of(nl_day(make.now)).previous()
        seal_before(make, quarter)
        return quarter, f"{ministry.name}: {contact.name} (postbus)"


def link_in_mail(site: Site) -> str:
    with site.session() as session:
        body = session.scalar(
            select(OutboxMail.body)
            .where(OutboxMail.kind == "kwartaalreactie_gevraagd")
            .order_by(OutboxMail.id.desc())
            .limit(1)
        )
    found = LINK.search(body or "")
    assert found
    return found.group(1)


def write(author: Person, text: str, part: str, words: str) -> None:
    author.go(f"{text}/deel/{part}").fill(Tekst=words).press("Bewaar").reads("Zo leest het")


def test_a_quarter_goes_from_its_list_to_the_kamer(site, new_page, check_page):
    quarter, ministry = prepared(site)
    base, text = f"/kwartalen/{quarter}", f"/kwartalen/{quarter}/tekst"
    author_of, head_of = account_of(site, Role.REPORT_AUTHOR), account_of(site, Role.HEAD_OF_DESK)
    author = log_in(Person(new_page(), check_page), author_of)
    head = log_in(Person(new_page(), check_page), head_of)

    author.go(f"{base}/verzegelen")
    for box in author.page.get_by_label("Waarom kan dit zo blijven?").all():
        box.fill("Dit is bekend en verandert niets aan de cijfers.")
    shot(author, "lijst")
    author.press("Leg voor aan een tweede persoon")
    with site.session() as session:
        told = session.scalars(select(OutboxMail.to_address).where(OutboxMail.kind == "kwartaal_verzegeling_gevraagd"))
        assert head_of["email"] in set(told)
    head.go(f"{base}/verzegelen/besluit").tick("Verzegelen.").press("Leg vast")

    author.go(text).press("Begin met schrijven").reads("De tekst is begonnen", "Aanleiding")
    write(author, text, "knelpunt", "Deze regel knelt het meest.")
    write(author, text, "vooruitblik", "## Straks\n\n- Er komt een proef.\n- Er komt een wet.")
    author.go(f"{text}/deel/kwartaal").fill(Tekst="Er kwamen {{cijfer: onzin}} zaken, en 9876.")
    author.press("Bekijk het voorbeeld").reads("Regel 1, fout", "Regel 1, let op", "nog niet bewaard")
    shot(author, "fout")
    author.fill(Tekst="Er kwamen **{{cijfer: ontvangen}}** zaken.\n\n{{grafiek: kwartalen}}\n\n{{kaart}}")
    author.press("Bewaar").reads("Er kwamen")
    assert author.page.locator("main").inner_text().count("Regel 1") == 0
    shot(author, "schrijven")
    author.follow("Versies").reads("Vergelijk met nu")
    shot(author, "versies")
    author.go(f"{text}/bevindingen").go(f"{text}/knelpunt-kiezen")
    shot(author, "knelpunt")

    author.go(f"{text}/reacties").follow("Vraag een ministerie").choose("Wie vraagt u?", ministry)
    author.press("Stuur de vraag").reads("Wacht")
    official = Person(new_page(390), check_page)
    official.go(link_in_mail(site)).choose("Over welk deel gaat het?", "Vooruitblik")
    official.fill(Uw_reactie="De proef begint later.").press("Verstuur de reactie").reads("De proef begint later.")
    shot(official, "ministerie")
    official.follow("Ik heb niets meer op te merken").press("Meld dat u klaar bent").reads("U meldde dat u klaar bent")

    author.go(f"{text}/voorleggen").press("Leg voor").reads("Er staan nog reacties open")
    author.go(f"{text}/deel/vooruitblik").reads("De proef begint later.").follow("Verwerk deze reactie")
    author.tick("Ja").press("Leg vast").reads("Overgenomen.")
    shot(author, "reacties")
    author.go(f"{text}/voorleggen").press("Leg voor").reads("Ligt voor akkoord")
    author.go(f"{text}/akkoord").tick("Akkoord.").press("Leg vast")
    assert author.page.get_by_role("heading", level=1).inner_text() != "Beslis over de tekst"
    head.go(f"{text}/akkoord")
    shot(head, "akkoord")
    head.tick("Akkoord.").press("Leg vast").reads("U gaf akkoord", "gaf op")

    author.go(f"{text}/aanbieden").press("Leg vast").reads("Aangeboden op", "nog niet bekend")
    author.follow("Vul het nummer van het Kamerstuk in").fill(Nummer_van_het_Kamerstuk="32 847, nr. 1500")
    author.press("Leg vast").reads("Kamerstuk 32 847, nr. 1500.")
    author.go(f"{base}/erratum")
    author.field("Welk cijfer klopt niet?").select_option("totalen; nu; ontvangen")
    author.fill(Wat_had_er_moeten_staan="9", Wat_is_er_fout_gegaan="Een zaak telde dubbel.")
    author.press("Zet de correctie erbij")
    author.go(text).reads("Er is een correctie na het akkoord")
    shot(author, "tekst")


def test_a_commitment_is_noted_and_moved(site, new_page, check_page):
    author = log_in(Person(new_page(), check_page), account_of(site, Role.REPORT_AUTHOR))
    with site.factory() as make:
        day = (make.today + timedelta(days=100)).isoformat()
    author.go("/toezeggingen").follow("Noteer een toezegging")
    author.choose("Soort", "Toezegging")
    author.fill(Titel="Elk kwartaal een brief", Wat_is_toegezegd="De Kamer krijgt een brief.", Wanneer="In 2026")
    author.press("Noteer").reads("De toezegging is genoteerd.")
    shot(author, "toezeggingen")
    author.follow("Elk kwartaal een brief").follow("Zet een stap")
    author.choose("Wat gebeurt er?", "Plan")
    author.fill(Hoe_staat_het="Wij schrijven hem.", Nieuwe_laatste_dag=day).press("Leg vast")
    author.reads("Gepland", "Wij schrijven hem.")
    shot(author, "toezegging")
    author.go("/kwartalen/planning").follow("Wijzig")
    shot(author, "planning")
