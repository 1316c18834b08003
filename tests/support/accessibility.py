"""What axe and a ruler say of a page in a browser, without asking twice about what looks the same.

Axe judges elements by what they are and by what they stand in. A page that shows no kind of element that was not found
in order before is asked only what hangs on where things stand. Names, labels, headings and ids, which hang on words,
``tests/support/html.py`` judges on every page of every test. Whether a page fits is measured every time too.
"""

from pathlib import Path

from playwright.sync_api import Page

from config import PROJECT_DIR

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
SCHEME = "matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'"
KINDS_SHOWN = """
() => {
  const said = ['alt', 'autocomplete', 'for', 'href', 'lang', 'role', 'scope', 'tabindex', 'title', 'type'];
  const names = ['alt', 'for', 'href', 'title'];
  const counts = attribute => attribute.name.startsWith('aria-') || said.includes(attribute.name);
  const hangsOnWords = name => names.includes(name) || /^aria-(label|labelledby|describedby|controls)$/.test(name);
  const says = attribute => hangsOnWords(attribute.name) ? attribute.name : `${attribute.name}=${attribute.value}`;
  const own = element => [element.tagName, ...Array.from(element.attributes).filter(counts).map(says).sort()].join(' ');
  const isShown = element => element.checkVisibility({visibilityProperty: true, opacityProperty: true});
  const shown = Array.from(document.querySelectorAll('body, body *')).filter(isShown);
  return [...new Set(shown.map(element =>
    `${own(element.parentElement)} > ${own(element)} ${(element.getAttribute('class') || '').split(' ')[0]}`))];
}
"""
"""The kinds of elements that can be seen: what each is, what is said of it, how it looks, and what it stands in."""
WHERE_THINGS_STAND = ["target-size", "scrollable-region-focusable"]
"""The rules that hang on how wide a page is and on what stands beside an element, whatever its kind. Another one here
needs its part in ``IS_CROWDED``."""
IS_CROWDED = """
() => {
  const focusable = 'a[href], area[href], button, input, select, textarea, summary, iframe, [tabindex], [role]';
  const isSeen = element => getComputedStyle(element).clipPath !== 'inset(50%)'
    && element.checkVisibility({visibilityProperty: true, opacityProperty: true});
  const targets = Array.from(document.querySelectorAll(focusable), each => [each, each.getBoundingClientRect()])
    .filter(([element, box]) => box.width && box.height && isSeen(element));
  const isText = node => node.nodeType === Node.TEXT_NODE && node.textContent.trim();
  const isInText = element => getComputedStyle(element).display === 'inline'
    && Array.from(element.parentElement.childNodes).some(isText) && !element.parentElement.querySelector('br');
  const isApart = (one, other) => !one.contains(other) && !other.contains(one);
  const beyond = (at, from, to) => Math.max(from - at, 0, at - to);
  const isNear = (box, other) => box.width < 24 || box.height < 24
    ? Math.hypot(beyond((box.left + box.right) / 2, other.left, other.right),
                 beyond((box.top + box.bottom) / 2, other.top, other.bottom)) < 24
    : box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom;
  const scrolls = element => (element.scrollWidth > element.clientWidth || element.scrollHeight > element.clientHeight)
    && /auto|scroll/.test(`${getComputedStyle(element).overflowX} ${getComputedStyle(element).overflowY}`);
  return targets.some(([element, box]) => !isInText(element)
      && targets.some(([each, other]) => isNear(box, other) && isApart(element, each)))
    || Array.from(document.querySelectorAll('body *')).some(each => scrolls(each) && !each.matches(focusable)
      && !each.querySelector(focusable));
}
"""
"""Whether those rules could find anything: something small with another target within 24 pixels of its middle, targets
that lie over each other, or a part that scrolls and cannot be reached. Where not, axe need not be asked."""
SCROLLS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


class Checker:
    """Asks axe everything about a page with a new kind of element, and about colours where new ones can be seen.

    The kinds that were found in order are kept in a file, which all test processes of a run share.
    """

    def __init__(self, kept: Path) -> None:
        self._source = AXE.read_text(encoding="utf-8")
        self._kept = kept
        self._kept.touch()
        self._readable: dict[str, set[str]] = {"light": set(), "dark": set()}

    @staticmethod
    def bring_along(page: Page) -> None:
        """Let a tab that will show many pages have axe on each of them, so that it need not be sent every time."""
        page.add_init_script(path=AXE)

    def faults(self, page: Page, *widths: int) -> list[str]:
        """What is wrong on these widths; the page keeps the last of them."""
        scheme, found = page.evaluate(SCHEME), []
        for width in widths:
            page.set_viewport_size({"width": width, "height": 900})
            kinds, colours = self._new_kinds(page), self._new_colours(page, scheme)
            if kinds:
                faults = self._ask(page, without=[] if colours else CONTRAST)
            else:
                rules = [*(WHERE_THINGS_STAND if page.evaluate(IS_CROWDED) else []), *(CONTRAST if colours else [])]
                faults = self._ask(page, rules=rules) if rules else []
            if kinds and not faults:
                with self._kept.open("a", encoding="utf-8") as kept:
                    kept.writelines(f"{kind}\n" for kind in kinds)
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

    def _new_kinds(self, page: Page) -> set[str]:
        return set(page.evaluate(KINDS_SHOWN)) - set(self._kept.read_text(encoding="utf-8").splitlines())
