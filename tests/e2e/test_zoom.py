"""Enlarged: 400 per cent zoom, text twice as large, and the spacing that a reader may set (WCAG 1.4.4, 1.4.10, 1.4.12).

A window of 1280 by 1024 pixels at 400 per cent is 320 by 256 CSS pixels: nothing may scroll sideways, be cut off or be
out of reach there.
"""

import pytest

from knelpunt.domain.vocabulary import CaseStatus, Role
from tests.e2e.people import Person, account_of, log_in

ZOOMED = {"width": 320, "height": 256}
PAGES = ("/", "/knelpunten", "/wetten", "/over/werkwijze", "/melden/bewoner", "/inloggen", "/stijl")
TWICE = "document.documentElement.style.setProperty('font-size', '200%')"
SPACED = """
for (const each of document.querySelectorAll('body *')) {
  each.style.setProperty('line-height', '1.5', 'important');
  each.style.setProperty('letter-spacing', '0.12em', 'important');
  each.style.setProperty('word-spacing', '0.16em', 'important');
  if (each.tagName === 'P') each.style.setProperty('margin-block-end', '2em', 'important');
}
"""
FAULTS = """
() => {
  const faults = [], root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) faults.push(`scrolls ${root.scrollWidth - root.clientWidth} px sideways`);
  for (const each of document.querySelectorAll('body *')) {
    const style = getComputedStyle(each);
    if (!each.checkVisibility({visibilityProperty: true, opacityProperty: true}) || each.closest('svg')) continue;
    if (each.closest('.kn-visually-hidden, .kn-skip-link') || !each.textContent.trim()) continue;
    if (each.clientWidth <= 2 || each.clientHeight <= 2) continue;  // for screen readers only
    const hides = overflow => overflow === 'hidden' || overflow === 'clip';
    const isCut = (hides(style.overflowX) && each.scrollWidth > each.clientWidth + 1)
      || (hides(style.overflowY) && each.scrollHeight > each.clientHeight + 1);
    if (isCut) faults.push(`cut off: ${each.outerHTML.slice(0, 150)}`);
  }
  for (const each of document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea')) {
    if (!each.checkVisibility({visibilityProperty: true})) continue;
    if (each.closest('.kn-table-box, .kn-matrix__box, svg, .kn-skip-link')) continue;  // these may scroll or are drawn
    const strip = each.closest('.kn-tabs--scroll ul');
    const scrolls = strip && ['auto', 'scroll'].includes(getComputedStyle(strip).overflowX);
    const box = (scrolls ? strip : each).getBoundingClientRect();  // what scrolls by itself lies on the screen whole
    if (box.left < -1 || box.right > root.clientWidth + 1) faults.push(`off the side: ${each.outerHTML.slice(0, 150)}`);
  }
  return faults;
}
"""


def check_enlarged(page) -> None:
    faults = []
    page.set_viewport_size(ZOOMED)
    faults += [f"400%: {each}" for each in page.evaluate(FAULTS)]
    page.evaluate(SPACED)
    faults += [f"spaced: {each}" for each in page.evaluate(FAULTS)]
    page.reload()
    page.set_viewport_size({"width": 1280, "height": 1024})
    page.evaluate(TWICE)
    faults += [f"text 200%: {each}" for each in page.evaluate(FAULTS)]
    assert faults == [], f"{page.url}:\n" + "\n".join(faults)


@pytest.mark.parametrize("path", PAGES)
def test_a_public_page_can_be_enlarged(new_page, path):
    page = new_page(1280, reduced_motion="reduce")
    page.goto(path)
    check_enlarged(page)


def test_the_pages_of_the_desk_can_be_enlarged(site, new_page):
    with site.factory() as make:
        case = make.case(CaseStatus.IN_TRIAGE)
        make.contact(case)
    page = new_page(1280, reduced_motion="reduce")
    person = log_in(Person(page, lambda _page: None), account_of(site, Role.HEAD_OF_DESK))
    for path in ("/bureau", "/werkvoorraad", f"/zaken/{case.reference}", f"/zaken/{case.reference}/aanvulling"):
        person.go(path)
        check_enlarged(page)
