"""Somebody without a mouse: every move is a key, and each place the focus comes to must be seen and in order."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import FileChooser, Page

MOST_TABS = 160
FOCUS = """
async () => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const label = element.labels && element.labels.length ? element.labels[0].innerText : '';
  const words = element.getAttribute('aria-label') || label || element.innerText || element.value || '';
  const before = window.focusBefore;
  const order = before && before.isConnected ? before.compareDocumentPosition(element) : 4;
  window.focusBefore = element;
  const isInView = () => {
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  };
  for (let frame = 0; frame < 30 && !isInView(); frame += 1) {
    await new Promise(requestAnimationFrame);  // the browser scrolls after it has moved the focus
  }
  const style = getComputedStyle(element), box = element.getBoundingClientRect();
  const tile = element.querySelector(':scope > use');  // a place on the map has its ring along its own shape
  return {
    name: words.trim().replace(/\\s+/g, ' '), tag: element.tagName, type: element.type || '',
    checked: !!element.checked, html: element.outerHTML.slice(0, 200), isInView: isInView(),
    tabIndex: element.tabIndex, isInMain: !!element.closest('main'),
    isSeen: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
      || !!tile && parseFloat(getComputedStyle(tile).strokeWidth) >= 3,
    follows: before === element || (order & 4) !== 0, top: box.top + scrollY,
  };
}
"""
Focus = dict[str, Any]


class Typist:
    """A person at a keyboard. What is asked for is reached by Tab from where the focus is."""

    def __init__(self, page: Page) -> None:
        self.page = page
        # Listened for from the start: the browser is told asynchronously that a chooser is waited for, and a key that
        # comes before it would open a window that nobody answers.
        self._choosers: list[FileChooser] = []
        page.on("filechooser", self._keep_chooser)

    def _keep_chooser(self, chooser: FileChooser) -> None:
        self._choosers.append(chooser)

    def go(self, path: str) -> "Typist":
        self.page.goto(path)
        return self

    def focus(self) -> Focus | None:
        """Where the focus is, checked: visible, in view, no order of its own."""
        found = self.page.evaluate(FOCUS)
        if found is not None:
            assert found["isSeen"], f"{self.page.url}: no visible focus on {found['html']}"
            assert found["isInView"], f"{self.page.url}: the focus is out of sight on {found['html']}"
            assert found["tabIndex"] <= 0, f"{self.page.url}: {found['html']} jumps the queue"
        return found

    def tab(self) -> Focus | None:
        """One step further; None when the focus left the page."""
        self.page.keyboard.press("Tab")
        return self.focus()

    def walk(self) -> list[Focus]:
        """Every stop from the first to the last; the end must come, so that nobody is trapped."""
        stops: list[Focus] = []
        while (found := self.tab()) is not None and not (stops and found["html"] == stops[0]["html"]):
            assert found["follows"] or not stops, f"{self.page.url}: the focus goes back to {found['html']}"
            stops.append(found)
            assert len(stops) <= 2 * MOST_TABS, f"{self.page.url}: the Tab key does not come to an end"
        return stops

    def reach(self, fits: Callable[[Focus], bool], what: str) -> Focus:
        found = self.focus()
        for _ in range(MOST_TABS):
            if found is not None and fits(found):
                return found
            found = self.tab()
        raise AssertionError(f"{what} is not reached by the Tab key on {self.page.url}")

    def write(self, label: str, text: str) -> "Typist":
        """Type in the field whose label begins so, over what is there."""
        found = self.reach(_named(label, "INPUT", "TEXTAREA"), label)
        if found["type"] != "date":
            self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)
        return self

    def pick(self, label: str, option: str) -> "Typist":
        """Choose in a list by typing what the option begins with."""
        self.reach(_named(label, "SELECT"), label)
        self.page.keyboard.type(option)
        chosen = self.page.evaluate("document.activeElement.selectedOptions[0].innerText")
        assert chosen.startswith(option), f"{label}: {chosen!r} was chosen by typing {option!r}"
        return self

    def choose(self, label: str) -> "Typist":
        """Choose among radio buttons with the arrows, by the label or the stored value."""
        found = self.reach(lambda each: each["type"] == "radio", label)
        for _ in range(30):
            if found["name"].startswith(label) or f'value="{label}"' in found["html"]:
                self.page.keyboard.press("Space")
                assert self.page.evaluate("document.activeElement.checked")
                return self
            self.page.keyboard.press("ArrowDown")
            now = self.focus()
            assert now is not None
            found = now
        raise AssertionError(f"no radio button {label!r} on {self.page.url}")

    def tick(self, label: str) -> "Typist":
        self.reach(lambda each: each["type"] == "checkbox" and each["name"].startswith(label), label)
        self.page.keyboard.press("Space")
        assert self.page.evaluate("document.activeElement.checked")
        return self

    def tick_all(self) -> "Typist":
        """Every box of the form, up to its button."""
        while (found := self.reach(lambda each: each["type"] in ("checkbox", "submit"), "a box"))["type"] == "checkbox":
            if not found["checked"]:
                self.page.keyboard.press("Space")
            self.tab()
        return self

    def attach(self, label: str, file: Path) -> "Typist":
        self.reach(lambda each: each["type"] == "file", label)
        self.page.keyboard.press("Enter")
        if not self._choosers:
            self.page.wait_for_event("filechooser")
        self._choosers.pop().set_files(file)
        return self

    def press(self, name: str) -> "Typist":
        """Press the button, and wait for the page that comes."""
        self.reach(_named(name, "BUTTON"), name)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        return self

    def upload(self, name: str) -> "Typist":
        """Press the button that sends files. The script moves to a place on the page, and then loads it anew."""
        self.reach(_named(name, "BUTTON"), name)
        with self.page.expect_event("load"):
            self.page.keyboard.press("Enter")
        return self

    def follow(self, name: str) -> "Typist":
        self.reach(lambda each: each["tag"] == "A" and name in each["name"], name)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        return self

    def reads(self, *texts: str) -> "Typist":
        main = self.page.locator("main").inner_text()
        for text in texts:
            assert text in main, f"{self.page.url} does not say {text!r}: {main[:1500]}"
        return self


def _named(label: str, *tags: str) -> Callable[[Focus], bool]:
    return lambda each: each["tag"] in tags and each["name"].lower().startswith(label.lower())
