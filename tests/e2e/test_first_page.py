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
