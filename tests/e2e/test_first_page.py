"""The first page in a real browser: readable for everybody, with and without the fetched styles."""

import re

from playwright.sync_api import expect


def test_the_first_page_is_accessible_and_the_first_tab_is_the_skip_link(page, check_page):
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    check_page(page)
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_attribute("href", re.compile("^#"))


def test_the_site_is_readable_when_the_fetched_styles_are_not_there(page, check_page):
    page.route("**/vendor/**", lambda route: route.abort())
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    check_page(page)


def test_on_a_phone_the_links_open_from_one_button_without_script(new_page):
    page = new_page(390, java_script_enabled=False)
    page.goto("/contact")
    laws = page.get_by_role("navigation", name="Hoofdmenu").get_by_role("link", name="Wet op de dag")
    expect(laws).to_be_hidden()
    page.get_by_role("button", name="Menu").press("Enter")
    expect(laws).to_be_visible()
    page.keyboard.press("Escape")
    expect(laws).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    laws.click()
    expect(page).to_have_url(re.compile("/wetten$"))


def test_from_a_tablet_on_the_links_stand_in_the_page(new_page):
    page = new_page(768)
    page.goto("/contact")
    expect(page.get_by_role("button", name="Menu")).to_be_hidden()
    expect(page.get_by_role("navigation", name="Hoofdmenu").get_by_role("link", name="Wet op de dag")).to_be_visible()
