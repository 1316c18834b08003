"""Work from the work list in a browser: one message to many, handing cases over and taking that back, a view to begin
on."""

from sqlalchemy import select

from knelpunt.domain.links import Links
from knelpunt.domain.vocabulary import Role
from knelpunt.models import Case
from tests.e2e.people import Person, account_of, log_in, mail_link
from tests.support.desk import Desk


def until_finished(person):
    """What a page did not get done in its few seconds, the worker does; the link shows how far it is."""
    how_far = person.page.get_by_role("link", name="Bekijk hoe ver het is")
    for _ in range(20):
        if not how_far.count():
            break
        person.follow("Bekijk hoe ver het is")
    return person


def test_a_message_to_many_an_assignment_taken_back_and_a_view_to_begin_on(site, new_page, check_page):
    colleague, triager = account_of(site, Role.HANDLER), account_of(site, Role.TRIAGER)
    numbers = []
    with site.factory() as make:
        desk = Desk(make.session, make)
        desk.links, desk.now = Links(site.url, site.config.secret_key), make.now
        for place in range(3):
            case = desk.file(title=f"Plein {place} voor de werklijst", contact_email=f"plein-{place}@proef.example")
            desk.take_in(case)
            numbers.append(case.reference)
    me = log_in(Person(new_page(), check_page), triager)

    # one message to many: the preview, and the page of who follows
    me.go("/werkvoorraad?lijst=alle&q=werklijst")
    for number in numbers[:2]:
        me.page.get_by_label(f"Kies {number}").check()
    me.choose("Wat wilt u doen?", "Bericht sturen aan indieners").press("Ga verder").reads("2 zaken gekozen")
    me.press("Bekijk het voorbeeld").reads("Schrijf een bericht.")
    me.fill(Bericht="Het loket is vrijdag dicht.").press("Bekijk het voorbeeld")
    me.reads("2 zaken doen mee", numbers[0], numbers[1], "Een bericht kunt u niet terughalen.")
    until_finished(me.press("Verstuur 2 berichten")).reads("2 zaken gedaan")
    resident = Person(new_page(390), check_page)
    resident.go(mail_link(site, "plein-0@proef.example")).reads("Het loket is vrijdag dicht.")
    assert me.page.get_by_role("button", name="Draai terug").count() == 0

    # the whole list to a colleague, and back
    me.go("/werkvoorraad?lijst=alle&q=werklijst").tick("Kies de hele lijst")
    me.choose("Wat wilt u doen?", "Behandelaar aanwijzen").press("Ga verder").reads("3 zaken gekozen")
    me.choose("Behandelaar", f"{colleague['name']} (0 open)").press("Bekijk het voorbeeld").reads("3 zaken doen mee")
    until_finished(me.press("Doe dit in 3 zaken")).reads("3 zaken gedaan", colleague["name"])
    handlers = select(Case.handler_id).where(Case.reference.in_(numbers))
    with site.session() as session:
        assert set(session.scalars(handlers)) == {colleague["id"]}
    until_finished(me.press("Draai terug")).reads("3 zaken teruggezet")
    with site.session() as session:
        assert colleague["id"] not in set(session.scalars(handlers))

    # a view with its filters, and the page after the next log-in
    me.go("/werkvoorraad?lijst=open&staat=in_triage&q=werklijst")
    me.page.get_by_text("Weergaven", exact=False).first.click()
    me.follow("Bewaar deze lijst als weergave").reads("Open zaken, Zoekt op: werklijst, Staat: In beoordeling")
    me.fill(Naam="Pleinen").tick("Begin hier na het inloggen").press("Bewaar").reads("Weergave ‘Pleinen’")
    again = log_in(Person(new_page(320), check_page), triager)
    again.reads("Weergave ‘Pleinen’", *numbers)
    again.go("/werkvoorraad/weergaven").reads("Pleinen", "Uw begin")


def test_on_a_phone_the_first_case_stands_high_and_what_people_come_for_is_not_far_down(site, new_page, check_page):
    with site.factory() as make:
        desk = Desk(make.session, make)
        desk.links, desk.now = Links(site.url, site.config.secret_key), make.now
        case = desk.file(title="Bankje voor de telefoon", contact_email="bankje@proef.example")
        desk.take_in(case)
        reference = case.reference
    me = log_in(Person(new_page(390), check_page), account_of(site, Role.TRIAGER))
    me.go("/werkvoorraad?lijst=alle").reads(reference)
    first = me.page.locator(".kn-table--cases > tbody > tr").first
    assert first.evaluate("each => each.getBoundingClientRect().top + scrollY") <= 300
    for control in ("Weergaven", "Meer", "Filters"):
        assert me.page.locator("summary", has_text=control).first.is_visible()
    me.page.get_by_role("button", name="Menu").click()
    assert me.page.get_by_role("link", name="Vandaag", exact=True).is_visible()
    for path in (f"/zaken/{reference}/toets", "/privacy"):
        me.go(path)
        assert me.page.evaluate("document.documentElement.scrollHeight") <= 6000, path
