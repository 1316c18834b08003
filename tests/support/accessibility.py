"""What axe and a ruler say of a page in a browser, without asking twice about pages that look the same.

A look is a page without its words, numbers and addresses, a row that repeats itself counted once. Looks that were asked
about are kept in a folder that all test processes of a run share. Whether a page fits is measured every time, since
that hangs on its words.
"""

import re
from hashlib import blake2b
from pathlib import Path

from playwright.sync_api import Page

from config import PROJECT_DIR
from tests.support.html import shape_of

AXE = PROJECT_DIR / "tests" / "vendor" / "axe.min.js"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (320, 1280)
CONTRAST = ["color-contrast"]
RUN_AXE = """
async ([tags, rules, without]) => {
  const only = rules ? {type: 'rule', values: rules} : {type: 'tag', values: tags};
  const off = Object.fromEntries(without.map(rule => [rule, {enabled: false}]));
  // A bar that sticks to the foot of the screen lies over whatever is there, until somebody scrolls on.
  window.scrollTo(0, document.documentElement.scrollHeight);
  const found = await axe.run(document, {preload: false, resultTypes: ['violations'], runOnly: only, rules: off});
  window.scrollTo(0, 0);
  return found.violations.flatMap(fault => fault.nodes.map(node => `${fault.id}: ${node.html.slice(0, 200)}`));
}
"""
COLOURS = """
() => {
  const under = new Map([[null, '']]);
  const beneath = element => {
    if (!under.has(element)) {
      const own = getComputedStyle(element);
      const mine = `${own.backgroundColor} ${own.backgroundImage} ${own.opacity}`;
      const isClear = mine === 'rgba(0, 0, 0, 0) none 1';
      under.set(element, (isClear ? '' : ` ${mine}`) + beneath(element.parentElement));
    }
    return under.get(element);
  };
  return [...new Set(Array.from(document.querySelectorAll('body *'), element => {
    const style = getComputedStyle(element);
    return `${style.color} ${style.fontSize} ${style.fontWeight}${beneath(element)}`;
  }))];
}
"""
"""What decides whether a text can be read: its colour and size, and each colour and opacity that lies under it."""
STYLED = """
() => [matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light',
       Array.from(document.styleSheets, sheet => sheet.cssRules.length).join('-')]
"""
"""By day or at night, and how many rules each style sheet that came has: without them the same page looks different."""
OTHERS_SHOWN = """
() => {
  const isShown = element => element.checkVisibility({visibilityProperty: true, opacityProperty: true});
  const shown = new Set(Array.from(document.querySelectorAll('body *')).filter(isShown));
  const before = window.shownBefore || new Set();
  window.shownBefore = shown;
  const kindsIn = elements => [...new Set(elements.map(element =>
    `${element.tagName}.${element.getAttribute('class')}.${element.getAttribute('role')}`))].sort().join(' ');
  return kindsIn([...shown].filter(element => !before.has(element)))
    + '|' + kindsIn([...before].filter(element => !shown.has(element)));
}
"""
"""The kinds of elements that came and that went since this was asked last, such as a menu that a phone has not."""
WHERE_THINGS_STAND = ["target-size", "scrollable-region-focusable"]
"""The rules that hang on how wide a page is, even when the same elements are shown."""
SCROLLS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_DIGITS = re.compile(r"\d+")
_ADDRESS = re.compile(r'( (?:action|formaction|href|src|content|datetime|title)=")[^"]+')
_WORDS = re.compile(r"(?<=>)[^<>]*[^<>\s][^<>]*(?=<)")
_REPEATED = re.compile(r"(<(tr|li|option|article|dt|dd|div)\b(?:(?!<\2\b).)*?</\2>)(?:\s*\1)+", re.DOTALL)


def look_of(content: str) -> str:
    """The mark of everything on a page that looks the same as this one."""
    look = _WORDS.sub("x", _ADDRESS.sub(r"\1x", _DIGITS.sub("0", shape_of(content))))
    for _ in range(2):  # rows, and what the rows stand in
        look = _REPEATED.sub(r"\1", look)
    return _mark_of(look)


def _mark_of(text: str) -> str:
    return blake2b(text.encode(), digest_size=16).hexdigest()


class Checker:
    """Asks axe about each look once on each width, and of colours only whether new ones can be read.

    On a width after the first it asks everything where other elements came or went than on pages before, and else only
    what hangs on the width.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._source = AXE.read_text(encoding="utf-8")
        self._readable: dict[str, set[str]] = {"light": set(), "dark": set()}

    @staticmethod
    def bring_along(page: Page) -> None:
        """Let a tab that will show many pages have axe on each of them, so that it need not be sent every time."""
        page.add_init_script(path=AXE)

    def faults(self, page: Page, *widths: int) -> list[str]:
        """What is wrong on these widths; the page keeps the last of them."""
        look, (scheme, rules), found = look_of(page.content()), page.evaluate(STYLED), []
        for width in widths:
            page.set_viewport_size({"width": width, "height": 900})
            others = page.evaluate(OTHERS_SHOWN)
            if self._is_new(f"{look}-{scheme}-{rules}-{width}"):
                colours = self._new_colours(page, scheme)
                if width == widths[0] or self._is_new(f"{_mark_of(others)}-{width}"):
                    faults = self._ask(page, without=[] if colours else CONTRAST)
                else:
                    faults = self._ask(page, rules=WHERE_THINGS_STAND + (CONTRAST if colours else []))
                found += [f"{width} px: {each}" for each in faults]
                self._readable[scheme] |= colours
            overflow = page.evaluate(SCROLLS)
            if overflow > 0:
                found.append(f"scrolls {overflow} px sideways at {width} px")
        return found

    def faults_in_the_dark(self, page: Page) -> list[str]:
        """What cannot be read at night, where the page has text in colours not seen before."""
        page.emulate_media(color_scheme="dark")
        colours = self._new_colours(page, "dark")
        found = self._ask(page, rules=CONTRAST) if colours else []
        self._readable["dark"] |= colours
        page.emulate_media(color_scheme="light")
        return [f"dark: {each}" for each in found]

    def _ask(self, page: Page, *, rules: list[str] | None = None, without: list[str] | None = None) -> list[str]:
        # Evaluated by the browser's own tools, so that the page's policy against inline scripts stays as it is.
        if not page.evaluate("'axe' in window"):
            page.evaluate(self._source)
            self.bring_along(page)
        found: list[str] = page.evaluate(RUN_AXE, [AXE_TAGS, rules, without or []])
        return found

    def _new_colours(self, page: Page, scheme: str) -> set[str]:
        return set(page.evaluate(COLOURS)) - self._readable[scheme]

    def _is_new(self, key: str) -> bool:
        try:
            (self._folder / key).touch(exist_ok=False)
        except FileExistsError:
            return False
        return True
