"""A handler goes on leave: a colleague stands in, finds the cases and acts in them, and both names stand there."""

import re

from knelpunt.domain.vocabulary import CaseStatus, Role, RuleLevel, Verdict
from tests.e2e.people import Person, account_of, log_in, mail_link
from tests.e2e.test_after_closing import links_of
from tests.support.desk import Desk

ADDRESS = "plein@proef.example"


def test_a_colleague_stands_in_and_both_names_stand_on_what_is_done(site, new_page, check_page):
    away, cover = account_of(site, Role.HANDLER), account_of(site, Role.HANDLER)
    reviewer = account_of(site, Role.HEAD_OF_DESK)
    with site.factory() as make:
        desk = Desk(make.session, make)
        desk.now, desk.links = make.now, links_of(site)
        case = desk.file(contact_email=ADDRESS)
        case.status, case.handler_id = CaseStatus.IN_HANDLING, away["id"]
        case.verdict, case.level = Verdict.NATIONAL_RULE, RuleLevel.STATE
        make.assessment(case, make.provision())
        reference, today = case.reference, make.today

    # The handler says when, and who stands in; a first day in the past is refused beside its field.
    handler = log_in(Person(new_page(), check_page), away)
    handler.go("/afwezigheid").reads("Er is nu niemand afwezig")
    handler.fill(Eerste_dag="2020-01-06", Laatste_dag=today.isoformat())
    handler.choose("Wie neemt waar?", cover["name"]).press("Leg vast").reads("Vul een dag in vanaf vandaag.")
    handler.fill(Eerste_dag=today.isoformat())
    handler.press("Leg vast").reads(away["name"], cover["name"], "(nu)")

    # The colleague finds the case on the page of today and in a list of its own, on a phone.
    colleague = log_in(Person(new_page(390), check_page), cover)
    colleague.go("/vandaag").reads(f"U neemt waar voor {away['name']}")
    colleague.go("/werkvoorraad?lijst=waarneming").reads(reference)
    colleague.go(f"/zaken/{reference}/bericht").fill(Bericht="Ik kijk deze week naar uw melding.")
    colleague.press("Verstuur het bericht").reads(f"{cover['name']}, als waarnemer van {away['name']}")

    # The submitter reads the message, and reacts; the case keeps its handler.
    resident = Person(new_page(390), check_page)
    resident.go(mail_link(site, ADDRESS)).reads("Ik kijk deze week naar uw melding.")
    head = log_in(Person(new_page(), check_page), reviewer)
    head.go(f"/zaken/{reference}").reads(away["name"], "Neemt nu waar", cover["name"])

    # Back early: the leave is taken back, and the list of the colleague is empty again.
    handler.go("/afwezigheid").press(re.compile(rf"^Trek in: {re.escape(away['name'])} vanaf")).reads(
        "Er is nu niemand afwezig"
    )
    assert reference not in colleague.go("/vandaag").page.content()
