"""Every page in a browser: axe finds nothing and nothing scrolls sideways, on a phone and on a desktop, light and dark.

The pages are made in this process and handed to the browser, which fetches only styles, scripts and pictures from the
running site: so each page can be shown in a state that no click would reach, and nothing has to be put back.
"""

import pytest
from playwright.sync_api import Page

from tests.support.accessibility import WIDTHS, Checker

PARTS = 8
"""So many that both processes are busy to the end."""
FRESH_PAGES = 40
"""After so many pages another tab: axe leaves memory behind."""
PATIENCE_MS = 60_000
"""How soon a page comes is not asked here: the first of a tab, with all styles and fonts, is slow on a busy machine."""
WRONG = """<!doctype html><html lang="nl"><head><meta name="viewport" content="width=device-width">
<title>Fout</title><link rel="stylesheet" href="data:text/css,body%7Bmargin:0%7Dpre%7Bwidth:500px;margin:0%7D
@media(prefers-color-scheme:dark)%7Bbody%7Bcolor:%23333;background:%23222%7D%7D"></head>
<body><main><h1>Fout</h1><button></button><pre>breed</pre></main></body></html>"""

PLAIN = """<!doctype html><html lang="nl"><head><meta name="viewport" content="width=device-width">
<title>Twee knoppen</title><link rel="stylesheet" href="data:text/css,body%7Bmargin:0%7Dpre%7Boverflow:hidden%7D
button%7Bwidth:60px;height:60px%7D{small}{wide}"></head><body><main><h1>Twee knoppen</h1>
<div><button>a</button><button>b</button></div><pre>een lange regel die niet in tweehonderd pixels past</pre>
</main></body></html>"""


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_is_accessible_and_fits(pages, new_page, checker, part):
    shown, faults = {}, []
    for number, seen in enumerate(pages[part::PARTS]):
        if number % FRESH_PAGES == 0:
            page = new_page(WIDTHS[0], reduced_motion="reduce")
            checker.bring_along(page)
            page.route(
                "**/bladzijde/*",
                lambda route: route.fulfill(content_type="text/html; charset=utf-8", body=shown["html"]),
            )
            # Answering for a page takes the cache away: each would fetch all styles, scripts and fonts again.
            page.context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": False})
        shown["html"] = seen.html
        page.goto(f"/bladzijde/{number}", timeout=PATIENCE_MS)
        found = _faults(checker, page, *(WIDTHS if seen.method == "GET" else WIDTHS[:1]))
        faults += [f"{seen}: {fault}" for fault in found]
    assert faults == [], "\n".join(faults)


def test_what_is_wrong_is_found(new_page, tmp_path):
    page = new_page(WIDTHS[0])
    page.route(
        "**/bladzijde",
        lambda route: route.fulfill(content_type="text/html; charset=utf-8", body=WRONG),
    )
    page.goto("/bladzijde")
    found = "\n".join(_faults(Checker(tmp_path / "kinds"), page, *WIDTHS))
    for fault in ("320 px: button-name", "scrolls 180 px sideways at 320 px", "dark: color-contrast"):
        assert fault in found
    assert "sideways at 1280 px" not in found


def test_what_is_small_or_out_of_reach_is_found_although_its_kind_is_known(new_page, tmp_path):
    page, checker = new_page(WIDTHS[0]), Checker(tmp_path / "kinds")
    shown = {"small": "", "wide": ""}
    page.route(
        "**/bladzijde",
        lambda route: route.fulfill(content_type="text/html; charset=utf-8", body=PLAIN.format(**shown)),
    )
    page.goto("/bladzijde")
    assert _faults(checker, page, *WIDTHS) == []
    shown.update(small="button%7Bwidth:12px;height:12px;padding:0;border:0%7D")
    page.goto("/bladzijde")
    assert "320 px: target-size" in "\n".join(_faults(checker, page, *WIDTHS))
    shown.update(small="", wide="pre%7Bwidth:200px;overflow:auto%7D")
    page.goto("/bladzijde")
    assert "320 px: scrollable-region-focusable" in "\n".join(_faults(checker, page, *WIDTHS))


def _faults(checker: Checker, page: Page, *widths: int) -> list[str]:
    """By day, and at night where it is shown on a desktop too."""
    faults = checker.faults(page, *widths)
    if WIDTHS[-1] in widths:
        faults += checker.faults_in_the_dark(page)
    return faults
