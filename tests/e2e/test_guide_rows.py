"""The rows of a ruimtewijzer's form: by keyboard with the page checked, and with JavaScript off."""

import re

import pytest
from playwright.sync_api import expect

from knelpunt.domain.vocabulary import Role
from tests.e2e.people import Person, account_of, log_in

NEW = "/loket/ruimtewijzers/nieuw"


@pytest.mark.parametrize("has_script", [True, False])
def test_rows_come_and_go_by_keyboard_and_keep_what_was_typed(site, new_page, check_page, has_script):
    page = new_page(java_script_enabled=has_script)
    writer = Person(page, check_page if has_script else lambda _page: None)
    log_in(writer, account_of(site, Role.HANDLER)).go(NEW)
    writer.fill(De_vraag="Mag een buurthuis in een lege school?")
    first = page.get_by_role("group", name="Bron 1")
    first.get_by_label("Titel").fill("Leegstandwet")
    for count in (2, 3):
        writer.press("Voeg nog een bron toe")
        begin = page.get_by_role("group", name=f"Bron {count}").get_by_label("Titel")
        expect(begin).to_be_focused()  # where the new row begins
        page.keyboard.type(f"Bron nummer {count}")
        assert begin.input_value() == f"Bron nummer {count}"
    writer.press(re.compile("Haal weg.*bron 2"))
    titles = [page.locator(f"#sources-{place}-title").input_value() for place in (0, 1)]
    assert titles == ["Leegstandwet", "Bron nummer 3"]
    expect(page.get_by_role("button", name="Voeg nog een bron toe")).to_be_focused()

    with page.expect_navigation():
        first.get_by_label("Titel").press("Enter")  # sends the text, and takes no row away

    writer.reads("Bron 1, webadres: Vul het webadres in.").reads("Bron 2, gelezen: Kies hoe ver u hem las.")
    assert writer.field("De vraag").input_value() == "Mag een buurthuis in een lege school?"
    assert page.get_by_role("group", name="Bron 2").get_by_label("Titel").input_value() == "Bron nummer 3"
