"""A draft in real browsers: a session that ends, two people, two devices, the back button and a double click."""

import pytest
from sqlalchemy import func, select, text

from knelpunt.domain.vocabulary import Role
from knelpunt.models import Case, Draft
from tests.e2e.people import PASSWORD, Person, account_of, log_in

NEW = "/melden/bewoner"


def on_the_second_page(new_page, plan: str, **options) -> Person:
    person = Person(new_page(390, **options), lambda _page: None)
    return person.go(NEW).fill(Uw_plan_in=plan).press("Verder")


def in_a_shared_draft(site, person: Person, account: dict, plan: str) -> str:
    """Begin a draft of the organisation; the address of its second page."""
    log_in(person, account).go("/melden/organisatie/nieuw").fill(Het_project=plan).press("Verder")
    address = f"{person.page.url.partition('?')[0].rpartition('/')[0]}/plaats"
    person.go(address)
    return address


def end_sessions(site, account: dict) -> None:
    """As when somebody logs out everywhere, or after too long without activity."""
    with site.session() as session:
        ended = text("UPDATE login_sessions SET ended_at = now() WHERE account_id = :id AND ended_at IS NULL")
        assert session.execute(ended, {"id": account["id"]}).rowcount >= 1


def log_in_beside(person: Person, account: dict) -> None:
    """Press the link to log in, which opens a tab of its own, and log in there."""
    with person.page.context.expect_page() as opened:
        person.page.get_by_role("link", name="Log in op een nieuw tabblad").click()
    other = Person(opened.value, lambda _page: None)
    other.field("E-mailadres").fill(account["email"])
    other.field("Wachtwoord").fill(PASSWORD)
    other.press("Log in")
    other.page.close()


def kept_place(site, address: str) -> str:
    """What the database holds of the second page of the draft with this address."""
    with site.session() as session:
        return session.scalars(select(Draft).where(Draft.key == address.split("/")[4])).one().data.get("place", "")


def test_a_colleagues_text_outlives_the_session_and_saves_itself_after_logging_in(site, new_page):
    account = account_of(site, Role.MEMBER, "Gemeente Zwolle")
    person = Person(new_page(390), lambda _page: None)
    address = in_a_shared_draft(site, person, account, "Een fietspad langs de gracht")
    person.fill(Waar_in_de_gemeente="Aan de kade")
    person.page.get_by_text("Bewaard om").wait_for()
    end_sessions(site, account)
    person.fill(Waar_in_de_gemeente="Aan de kade, bij de brug")
    person.page.get_by_text("U bent niet meer ingelogd").wait_for()
    assert kept_place(site, address) == "Aan de kade"
    assert person.field("Waar in de gemeente").input_value() == "Aan de kade, bij de brug"
    log_in_beside(person, account)
    person.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # coming back to the tab
    person.page.get_by_text("Bewaard om").wait_for(timeout=20_000)
    assert kept_place(site, address) == "Aan de kade, bij de brug"
    person.page.reload()
    assert person.field("Waar in de gemeente").input_value() == "Aan de kade, bij de brug"


@pytest.mark.parametrize("scripts", [True, False], ids=["with script", "without script"])
def test_the_button_keeps_a_colleagues_text_when_the_session_is_over(site, new_page, check_page, scripts):
    account = account_of(site, Role.MEMBER, "Gemeente Zwolle")
    person = Person(new_page(390, java_script_enabled=scripts), lambda _page: None)
    address = in_a_shared_draft(site, person, account, "Een brug over de gracht")
    end_sessions(site, account)
    person.fill(Waar_in_de_gemeente='Naast "De Hoek"', In_welke="Zwolle").press("Verder")
    person.reads("U bent niet meer ingelogd", "Log in op een nieuw tabblad")
    if scripts:
        check_page(person.page)
    person.press("Ga verder met mijn tekst").reads("U bent niet meer ingelogd")  # too early: the text is still there
    log_in_beside(person, account)
    person.press("Ga verder met mijn tekst").reads("Uw tekst staat er nog")
    assert person.page.url.startswith(address)
    assert person.field("Waar in de gemeente").input_value() == 'Naast "De Hoek"'
    person.press("Verder").go(address)
    assert person.field("Waar in de gemeente").input_value() == 'Naast "De Hoek"'
    assert kept_place(site, address) == 'Naast "De Hoek"'


def test_a_resident_whose_cookie_is_gone_types_on_and_goes_on_elsewhere(site, new_page):
    person = on_the_second_page(new_page, "Een zandbak op het plein")
    address = person.page.url.partition("?")[0]
    person.page.context.clear_cookies()
    person.fill(Waar_precies="Naast de fontein")
    person.page.get_by_text("Bewaard om").wait_for()
    assert kept_place(site, address) == "Naast de fontein"
    elsewhere = Person(new_page(1280), lambda _page: None).go(address)
    assert elsewhere.field("Waar precies").input_value() == "Naast de fontein"


def test_a_resident_whose_cookie_is_gone_presses_twice_without_script(site, new_page):
    person = on_the_second_page(new_page, "Een wip op het plein", java_script_enabled=False)
    address = person.page.url.partition("?")[0]
    person.page.context.clear_cookies()
    person.fill(In_welke="Zwolle", Waar_precies="Naast de boom").press("Verder").reads("Uw tekst staat er nog")
    assert person.field("Waar precies").input_value() == "Naast de boom"
    person.press("Verder").page.get_by_label("Vertel wat").wait_for()
    elsewhere = Person(new_page(1280, java_script_enabled=False), lambda _page: None).go(address)
    assert elsewhere.field("Waar precies").input_value() == "Naast de boom"


def test_two_people_on_one_page_lose_nothing(new_page):
    first = on_the_second_page(new_page, "Een schutting van wilgentenen", java_script_enabled=False)
    second = Person(new_page(390, java_script_enabled=False), lambda _page: None).go(first.page.url)
    first.fill(Waar_precies="Aan de noordkant").press("Verder")
    second.fill(Waar_precies="Aan de zuidkant").press("Verder")
    shown = second.page.content()
    assert "Aan de noordkant" in shown and "Aan de zuidkant" in shown


def test_a_draft_goes_on_on_another_device(new_page):
    phone = on_the_second_page(new_page, "Een pannaveldje")
    phone.fill(Waar_precies="Achter de sporthal")
    phone.page.get_by_text("Bewaard om").wait_for()
    desktop = Person(new_page(1280), lambda _page: None).go(phone.page.url)
    assert desktop.field("Waar precies").input_value() == "Achter de sporthal"
    desktop.fill(In_welke="Zwolle").press("Verder").page.get_by_label("Vertel wat").wait_for()


def test_going_back_keeps_what_was_written_and_can_be_changed(new_page):
    person = on_the_second_page(new_page, "Een bijenhotel")
    person.fill(In_welke="Zwolle", Waar_precies="Bij de school").press("Verder")
    person.page.go_back()
    assert person.field("Waar precies").input_value() == "Bij de school"
    person.fill(Waar_precies="Bij de kerk").press("Verder")
    person.page.go_back()
    person.page.go_back()
    person.page.go_forward()
    assert person.field("Waar precies").input_value() == "Bij de kerk"


def test_a_form_changed_after_going_back_gets_a_key_of_its_own(new_page):
    person = Person(new_page(1280), lambda _page: None).go(NEW)
    key = person.page.locator("form[method=post] [name=submission_key]").first
    first = key.input_value()
    person.fill(Uw_plan_in="Een buurtoven")
    assert key.input_value() == first
    # As when Back shows the page that the browser had kept; a browser that is steered keeps none.
    person.page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    assert key.input_value() == first
    person.fill(Uw_plan_in="Een buurtoven met dak")
    assert len(key.input_value()) == 32 and key.input_value() != first


def test_a_double_click_files_once(site, new_page):
    for scripts in (True, False):
        title = f"Een hinkelbaan {scripts}"
        person = on_the_second_page(new_page, title, java_script_enabled=scripts)
        person.fill(In_welke="Zwolle").press("Verder").fill(Vertel_wat="Het mag niet.").press("Verder")
        person.field("Uw e-mailadres").fill(f"hinkelbaan-{scripts}@proef.example".lower())
        person.press("Naar de controle")
        for box in person.page.get_by_role("checkbox").all():
            box.check()
        person.page.get_by_role("button", name="Verstuur naar het loket").dblclick()
        person.page.wait_for_url("**/ontvangen")
        with site.session() as session:
            assert session.scalar(select(func.count()).where(Case.title == title)) == 1
