"""Two colleagues in a browser: a task is given, done and told; a note names somebody; who reads along is said."""

import re

from knelpunt.domain.vocabulary import CaseStatus, Role
from tests.e2e.people import Person, account_of, log_in


def test_a_task_a_mention_and_what_is_told(site, new_page, check_page):
    handler, reviewer = account_of(site, Role.HANDLER), account_of(site, Role.REVIEWER)
    with site.factory() as make:
        case = make.case(
            CaseStatus.IN_HANDLING, email="wijk@straat.example", handler_id=handler["id"], title="Samen in de fabriek"
        )
        reference = case.reference

    # The handler gives a colleague a task, and names the colleague in a note.
    giver = log_in(Person(new_page(), check_page), handler)
    giver.go(f"/zaken/{reference}").follow("Nieuwe taak")
    giver.field("Wat moet er gebeuren?").fill("Lees het bestemmingsplan na.")
    giver.choose("Wie doet het?", reviewer["name"]).press("Zet de taak klaar").reads("De taak staat klaar.")
    giver.go(f"/zaken/{reference}/notitie").fill(Notitie="Kijk jij mee, @niemandhier?")
    giver.press("Bewaar de notitie").reads("is geen collega die deze zaak mag lezen")
    giver.fill(Notitie="Kijk jij mee?").choose("Een collega op deze notitie wijzen", reviewer["name"])
    giver.press("Bewaar de notitie").reads("De notitie is bewaard.", f"Genoemd: {reviewer['name']}.")

    # On a phone the colleague finds both, opens one, and does the task.
    taker = log_in(Person(new_page(390), check_page), reviewer)
    taker.go("/meldingen").reads("gaf u een taak", "noemde u in een notitie", "Samen in de fabriek")
    taker.page.get_by_role("button", name="Samen in de fabriek").first.click()
    taker.page.wait_for_url(f"**/zaken/{reference}#notities")
    taker.reads(f"{handler['name']} leest dit nu ook.", "Lees het bestemmingsplan na.")
    taker.press(re.compile("^Klaar")).reads("De taak is klaar.", "Er staat geen taak open.")
    taker.go("/meldingen").press("Markeer alles als gelezen").reads("Alles is gelezen")

    # The colleague wants one mail a day from now on.
    taker.go("/mijn-account/meldingen").tick("Op werkdagen één mail").press("Bewaar mijn keuze")
    taker.reads("Uw keuze is bewaard.")
