"""A draft in real browsers: a session that ends, two people, two devices, the back button and a double click."""

from sqlalchemy import func, select

from knelpunt.models import Case
from tests.e2e.people import Person

NEW = "/melden/bewoner"


def on_the_second_page(new_page, plan: str, **options) -> Person:
    person = Person(new_page(390, **options), lambda _page: None)
    return person.go(NEW).fill(Uw_plan_in=plan).press("Verder")


def test_a_text_outlives_the_session(new_page):
    person = on_the_second_page(new_page, "Een zandbak op het plein")
    address = person.page.url
    person.page.context.clear_cookies()
    person.fill(Waar_precies="Naast de fontein")
    person.press("Verder")
    assert "Naast de fontein" in person.page.content()  # the form is back, filled in, or was taken
    person.go(address)
    if person.field("Waar precies").input_value() != "Naast de fontein":
        person.fill(Waar_precies="Naast de fontein").press("Verder").go(address)
    assert person.field("Waar precies").input_value() == "Naast de fontein"


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
