"""A page as its reader knows it: found by role and name, read as words. Tags, classes and line breaks play no part."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from xml.etree.ElementTree import Element

from werkzeug.test import TestResponse

from tests.support import markup
from tests.support.markup import SVG

ROLES = {
    "article": "article",
    "aside": "complementary",
    "button": "button",
    "caption": "caption",
    "dd": "definition",
    "del": "deletion",
    "details": "group",
    "dt": "term",
    "fieldset": "group",
    "form": "form",
    "img": "img",
    "ins": "insertion",
    "li": "listitem",
    "main": "main",
    "mark": "mark",
    "nav": "navigation",
    "ol": "list",
    "optgroup": "group",
    "option": "option",
    "p": "paragraph",
    "section": "region",
    "select": "combobox",
    "table": "table",
    "td": "cell",
    "textarea": "textbox",
    "tr": "row",
    "ul": "list",
    f"{SVG}title": "tooltip",
    **{f"h{level}": "heading" for level in range(1, 7)},
}
INPUTS = {"checkbox": "checkbox", "radio": "radio", "submit": "button", "button": "button", "search": "searchbox"}
NAMED_BY = {"table": "caption", "details": "summary", "fieldset": "legend"}
INLINE = {"a", "abbr", "b", "bdi", "code", "del", "em", "i", "ins", "mark", "small", "span", "strong", "sup", "time"}
UNREAD = {"script", "style", "template", "head"}
HEADINGS = {f"h{level}" for level in range(1, 7)}


@dataclass(frozen=True, slots=True)
class Part:
    """A page, or an element of one."""

    element: Element
    page: Element

    @property
    def text(self) -> str:
        """What there is to read, with one space between words."""
        return " ".join("".join(_words(self.element)).split())

    @property
    def name(self) -> str:
        """What a screen reader calls it; for a part of a page without a label its first heading."""
        element = self.element
        if label := element.get("aria-label") or element.get("alt") or element.get("label"):
            return label
        if ids := element.get("aria-labelledby"):
            return " ".join(Part(found, self.page).text for each in ids.split() for found in self._by_id(each))
        if element.tag in {"input", "select", "textarea"}:
            return self._label()
        if element.tag in NAMED_BY:
            return next((Part(each, self.page).text for each in element.iter(NAMED_BY[element.tag])), "")
        if element.tag in {"section", "article", "aside"}:
            return next((Part(each, self.page).text for each in element.iter() if each.tag in HEADINGS), "")
        return self.text

    @property
    def href(self) -> str:
        return self.element.get("href", "")

    @property
    def value(self) -> str:
        """What a field holds, or the value of the chosen option."""
        if self.element.tag == "textarea":
            return "".join(self.element.itertext()).removeprefix("\n")
        if self.element.tag == "select":
            chosen = [option for option in self.element.iter("option") if option.get("selected") is not None]
            return chosen[0].get("value", "") if chosen else ""
        return self.element.get("value", "")

    @property
    def is_checked(self) -> bool:
        return self.element.get("checked") is not None

    def all(self, role: str, name: str | re.Pattern[str] | None = None) -> "list[Part]":
        """Every element of this role inside, in order; with this name, or a name in which the pattern occurs."""
        found = [Part(each, self.page) for each in self.element.iter() if _role(each) == role]
        if isinstance(name, re.Pattern):
            return [each for each in found if name.search(each.name)]
        return found if name is None else [each for each in found if each.name == name]

    def one(self, role: str, name: str | re.Pattern[str] | None = None) -> "Part":
        """The only element of this role and name inside."""
        found = self.all(role, name)
        assert len(found) == 1, f"{len(found)} times {role} {name!r} among {self.names(role)}"
        return found[0]

    def names(self, role: str) -> list[str]:
        """The names of all elements of a role."""
        return [each.name for each in self.all(role)]

    def links(self) -> list[tuple[str, str]]:
        """Each link: its words and where it leads."""
        return [(each.name, each.href) for each in self.all("link")]

    def leads_to(self, href: str) -> bool:
        """Whether some link leads there."""
        return any(each.href == href for each in self.all("link"))

    @property
    def next_href(self) -> str | None:
        """Where the next page of a list is; None on the last one."""
        return next((each.href for each in self.all("link") if each.element.get("rel") == "next"), None)

    def said_in(self, language: str) -> list[str]:
        """What is marked as being in another language than the page."""
        inside = (each for each in self.element.iter() if each is not self.element)
        return [Part(each, self.page).text for each in inside if each.get("lang") == language]

    def by_id(self, name: str) -> "Part":
        """The element that an address with ``#name`` leads to."""
        (found,) = self._by_id(name)
        return Part(found, self.page)

    def under(self, heading: str) -> "Part":
        """What stands below a heading, up to the next heading beside it."""
        top = self.one("heading", heading).element
        (beside,) = [list(each) for each in self.element.iter() if top in list(each)]
        below = Element("div")
        for each in beside[beside.index(top) + 1 :]:
            if each.tag in HEADINGS:
                break
            below.append(each)
        return Part(below, self.page)

    def facts(self) -> dict[str, str]:
        """Terms and what stands beside them."""
        return dict(zip(self.names("term"), (each.text for each in self.all("definition")), strict=True))

    def rows(self) -> list[list[str]]:
        """The cells of each row of a table, heads included."""
        return [
            [Part(cell, self.page).text for cell in row.element if cell.tag in {"td", "th"}] for row in self.all("row")
        ]

    def records(self) -> list[dict[str, str]]:
        """The rows of a table below its heads, each by these heads."""
        heads, *rows = self.rows()
        return [dict(zip(heads, row, strict=True)) for row in rows]

    def _by_id(self, name: str) -> list[Element]:
        return [each for each in self.page.iter() if each.get("id") == name]

    def _label(self) -> str:
        for label in self.page.iter("label"):
            if (label.get("for") and label.get("for") == self.element.get("id")) or self.element in label.iter():
                return Part(label, self.page).text
        return ""


def parse_page(answer: TestResponse | str) -> Part:
    """The page of an answer."""
    page = _parsed(answer if isinstance(answer, str) else answer.get_data(as_text=True))
    return Part(page, page)


@lru_cache(maxsize=8)
def _parsed(text: str) -> Element:
    return markup.parse(text)


def _role(element: Element) -> str | None:
    tag = element.tag
    if not isinstance(tag, str):
        return None
    if role := element.get("role"):
        return role
    if tag in {"a", f"{SVG}a"}:
        return "link" if element.get("href") is not None else None
    if tag == "img" and not element.get("alt"):
        return None
    if tag == "th":
        return "rowheader" if element.get("scope") == "row" else "columnheader"
    if tag == "input":
        return None if element.get("type") == "hidden" else INPUTS.get(element.get("type", "text"), "textbox")
    return ROLES.get(tag)


def _words(element: Element) -> Iterator[str]:
    if not isinstance(element.tag, str) or element.tag in UNREAD or element.get("aria-hidden") == "true":
        return
    apart = "" if element.tag in INLINE or element.tag == "wbr" else " "
    yield apart
    yield element.text or ""
    for child in element:
        yield from _words(child)
        yield child.tail or ""
    yield apart
