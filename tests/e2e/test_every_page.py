"""Every page in a browser: axe finds nothing and nothing scrolls sideways, on a phone and on a desktop, light and dark.

The pages are made in this process and handed to the browser, which fetches only styles, scripts and pictures from the
running site: so each page can be shown in a state that no click would reach, and nothing has to be put back.
"""

import pytest

from tests.e2e.conftest import AXE, AXE_TAGS, WIDTHS

PARTS = 8
"""So many that both processes are busy to the end."""
FRESH_PAGES = 40
"""After so many pages another tab: axe leaves memory behind."""
CONTRAST = ["color-contrast"]
WRONG = """<!doctype html><html lang="nl"><head><meta name="viewport" content="width=device-width">
<title>Fout</title><link rel="stylesheet" href="data:text/css,body%7Bmargin:0%7Dpre%7Bwidth:500px;margin:0%7D
@media(prefers-color-scheme:dark)%7Bbody%7Bcolor:%23333;background:%23222%7D%7D"></head>
<body><main><h1>Fout</h1><button></button><pre>breed</pre></main></body></html>"""
RUN_AXE = """
async ([tags, rules]) => {
  const only = rules ? {type: 'rule', values: rules} : {type: 'tag', values: tags};
  const found = await axe.run(document, {preload: false, resultTypes: ['violations'], runOnly: only});
  return found.violations.flatMap(fault => fault.nodes.map(node => `${fault.id}: ${node.html.slice(0, 200)}`));
}
"""
COLOURS = """
() => Array.from(document.querySelectorAll('body *'), element => {
  const style = getComputedStyle(element), under = [];
  for (let each = element; each; each = each.parentElement) {
    const own = getComputedStyle(each);
    if (own.backgroundColor !== 'rgba(0, 0, 0, 0)' || own.backgroundImage !== 'none' || own.opacity !== '1') {
      under.push(own.backgroundColor, own.backgroundImage, own.opacity);
    }
  }
  return [style.color, style.fontSize, style.fontWeight, ...under].join(' ');
})
"""
"""What decides whether a text can be read: its colour and size, and each colour and opacity that lies under it."""
SCROLLS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_is_accessible_and_fits(pages, new_page, part):
    shown, faults = {}, []
    seen_in_dark: set[str] = set()
    for number, seen in enumerate(pages[part::PARTS]):
        if number % FRESH_PAGES == 0:
            page = new_page(WIDTHS[0], reduced_motion="reduce")
            page.add_init_script(path=AXE)
            page.route(
                lambda url: "/bladzijde/" in url,
                lambda route: route.fulfill(content_type="text/html; charset=utf-8", body=shown["html"]),
            )
        shown["html"] = seen.html
        page.goto(f"/bladzijde/{number}")
        found = _faults(page, seen_in_dark) if seen.method == "GET" else _faults_at(page, WIDTHS[0])
        faults += [f"{seen}: {fault}" for fault in found]
    assert faults == [], "\n".join(faults)


def test_what_is_wrong_is_found(new_page):
    page = new_page(WIDTHS[0])
    page.route(
        "**/bladzijde",
        lambda route: route.fulfill(content_type="text/html; charset=utf-8", body=WRONG),
    )
    page.goto("/bladzijde")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = "\n".join(_faults(page, set()))
    for fault in ("320 px: button-name", "scrolls 180 px sideways at 320 px", "dark: color-contrast"):
        assert fault in found
    assert "sideways at 1280 px" not in found


def _faults(page, seen_in_dark: set[str]) -> list[str]:
    """On both widths; and what cannot be read when it is dark, if the page has text in colours not seen before."""
    faults = [fault for width in WIDTHS for fault in _faults_at(page, width)]
    page.emulate_media(color_scheme="dark")
    colours = set(page.evaluate(COLOURS))
    if not colours <= seen_in_dark:
        seen_in_dark |= colours
        faults += [f"dark: {each}" for each in page.evaluate(RUN_AXE, [None, CONTRAST])]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    return faults


def _faults_at(page, width: int) -> list[str]:
    page.set_viewport_size({"width": width, "height": 900})
    faults = [f"{width} px: {each}" for each in page.evaluate(RUN_AXE, [AXE_TAGS, None])]
    overflow = page.evaluate(SCROLLS)
    return [*faults, f"scrolls {overflow} px sideways at {width} px"] if overflow > 0 else faults
