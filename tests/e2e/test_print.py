"""What a person prints: the words of a page, whole, without what only works on a screen."""

import pytest

from knelpunt.domain.vocabulary import Role
from tests.e2e.people import Person, account_of, log_in
from tests.e2e.test_without_script import filed

ON_SCREEN_ONLY = "nav, form, button, [type=submit], .utrecht-button-link, .kn-screen-only, .kn-skip-link, .kn-footer"
SHUT = """
() => [...document.querySelectorAll('main details')]
  .filter(each => each.textContent.trim() && !each.closest('.kn-screen-only, form, nav, .kn-filters'))
  .filter(each => [...each.children].slice(1).every(child => !child.getBoundingClientRect().height))
  .map(each => each.textContent.trim().slice(0, 80))
"""


def on_paper(person: Person, path: str) -> None:
    person.go(path)
    person.page.emulate_media(media="print")
    shown = [each.evaluate("each => each.outerHTML.slice(0, 120)")
             for each in person.page.locator(ON_SCREEN_ONLY).all() if each.is_visible()]  # fmt: skip
    assert shown == [], path
    assert person.page.evaluate(SHUT) == [], path
    assert person.page.get_by_role("heading", level=1).is_visible()
    assert person.page.evaluate("getComputedStyle(document.querySelector('main a, main')).color") == "rgb(0, 0, 0)"
    person.page.emulate_media(media="screen")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_printed_pages_have_no_buttons_and_no_shut_folds(site, new_page, scheme):
    reference, followed = filed(site)
    resident = Person(new_page(color_scheme=scheme), lambda _page: None)
    for path in (followed, "/stijl", "/wetten/samenloop", "/over/werkwijze", "/knelpunten", "/wetten", "/privacy"):
        on_paper(resident, path)
    desk = log_in(Person(new_page(color_scheme=scheme), lambda _page: None), account_of(site, Role.HANDLER))
    for path in (
        f"/zaken/{reference}",
        f"/zaken/{reference}/klokken",
        f"/zaken/{reference}/toets",
        "/kwartalen/2026-3",
        "/loket/samenloop",
    ):
        on_paper(desk, path)
