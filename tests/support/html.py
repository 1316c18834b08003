"""What must hold for every page, whoever asks for it: valid HTML, one h1, labelled fields, nothing inline."""

import re
from collections import Counter
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib

from knelpunt.domain.languages import DUTCH, OTHERS

UNLABELLED_INPUTS = {"hidden", "submit", "button", "reset", "image"}
BEFORE_A_TITLE = ("Fout", "Error")
"""A page with errors says so before its title."""
DATA_SCRIPTS = {"application/json", "application/ld+json"}
TOKEN = re.compile(r'value="[\w.-]{30,}"')
"""What differs each time that a form is shown: its mark against forgery, its key against sending twice."""
_NUMBER = re.compile(r"(?<![\w#])(?:[0-9a-f]{20,}|\d+)")
"""A number or a key on a page; those in the name of an element (h1) or a sign (&#39;) are none."""
_HEADING = re.compile(r"<(title|h1)\b.*?</\1>", re.DOTALL)
_ESCAPES = ("&amp;", "&lt;", "&gt;", "&quot;", "&#34;", "&#39;")
_ESCAPED = "|".join(_ESCAPES)
_TEXT = re.compile(rf"(?<=>)(?:[^<>&]|{_ESCAPED})+(?=<)")
_VALUE = re.compile(rf'(?<= value=")(?:[^"&<>]|{_ESCAPED})+(?=")')
_WORD = re.compile(rf"{_ESCAPED}|[^\W\d]+")
_OWN_PAGE = re.compile(r'(?<= href=")/[^"&<>]*(?=")')
_OPTIONS = re.compile(r'(?:<option value="[^"<>&]*">x</option>\s*){2,}')
"""Choices beside each other of which none is chosen: two say as much as the hundreds of municipalities."""
_known: set[str] = set()
_shared: list[Path] = []


def share(folder: Path) -> None:
    """Let all test processes that name this folder know the shapes that one of them found nothing wrong with."""
    _shared[:] = [folder]


def faults_in(text: str) -> list[str]:
    """Everything that is wrong with a page, or with a fragment that is swapped into one."""
    shape = shape_of(text)
    digest = blake2b(shape.encode(), digest_size=16).hexdigest()
    if digest in _known or any((folder / digest).exists() for folder in _shared):
        return []
    if faults := _faults_in(shape):
        return _faults_in(text) or faults
    _known.add(digest)
    for folder in _shared:
        (folder / digest).touch()
    return []


def shape_of(text: str) -> str:
    """A page without what makes no difference to whether it is right: which numbers stand on it (the first is 0, the
    next other one 1, and so on) and which words, as long as there are some. The title and the heading keep theirs,
    one as w2w, the next other one as w3w, because one has to begin with the other.
    """
    numbers: dict[str, str] = {}
    text = _NUMBER.sub(lambda found: numbers.setdefault(found[0], str(len(numbers))), TOKEN.sub('value="token"', text))
    words = {word: word for word in (*BEFORE_A_TITLE, *_ESCAPES)}
    parts, place = [], 0
    for found in _HEADING.finditer(text):
        parts.append(_worded(text[place : found.start()]))
        parts.append(_TEXT.sub(lambda run: _numbered(run[0], words), found[0]))
        place = found.end()
    return "".join([*parts, _worded(text[place:])])


def _worded(text: str) -> str:
    """The texts between tags, typed values and addresses of our own as one letter each; what is empty stays empty."""
    text = _TEXT.sub(lambda run: "x" if run[0].strip() else " ", text)
    return _OPTIONS.sub('<option value="x">x</option>' * 2, _OWN_PAGE.sub("/", _VALUE.sub("x", text)))


def _numbered(text: str, words: dict[str, str]) -> str:
    return _WORD.sub(lambda found: words.setdefault(found[0], f"w{len(words)}w"), text)


def _faults_in(text: str) -> list[str]:
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
    is_page = "<html" in text[:2000].lower()
    tree = parser.parse(text) if is_page else parser.parseFragment(text)
    faults = [f"HTML: {code} {details or ''} at {position}" for position, code, details in parser.errors]
    elements = [element for element in tree.iter() if isinstance(element.tag, str)]
    faults += _repeated_ids(elements) + _inline(elements) + _unlabelled(tree, elements) + _nameless(elements)
    if is_page:
        faults += _headings(elements)
    return faults


def _repeated_ids(elements: list[Element]) -> list[str]:
    counts = Counter(element.get("id") for element in elements if element.get("id") is not None)
    return [f"id {name!r} stands {count} times" for name, count in counts.items() if count > 1]


def _inline(elements: list[Element]) -> list[str]:
    faults = []
    for element in elements:
        if element.tag == "style" or "style" in element.attrib:
            faults.append(f"inline style in <{element.tag}>")
        if element.tag == "script" and not element.get("src") and element.get("type") not in DATA_SCRIPTS:
            faults.append("inline script")
        faults += [f"inline handler {name} in <{element.tag}>" for name in element.attrib if str(name).startswith("on")]
        if (element.get("href") or "").strip().lower().startswith("javascript:"):
            faults.append("script in an address")
    return faults


def _unlabelled(tree: Element, elements: list[Element]) -> list[str]:
    ids = {element.get("id") for element in elements}
    labelled = {element.get("for") for element in elements if element.tag == "label"}
    inside_label = {id(inner) for label in elements if label.tag == "label" for inner in label.iter()}
    faults = []
    for element in elements:
        if element.tag not in {"input", "select", "textarea"} or element.get("type") in UNLABELLED_INPUTS:
            continue
        named_by = (element.get("aria-labelledby") or "").split()
        if not (
            element.get("id") in labelled
            or id(element) in inside_label
            or element.get("aria-label")
            or (named_by and ids.issuperset(named_by))
        ):
            faults.append(f"field {element.get('name')!r} has no label")
        described_by = (element.get("aria-describedby") or "").split()
        faults += [f"field {element.get('name')!r} points to missing {name!r}" for name in set(described_by) - ids]
    return faults


def _nameless(elements: list[Element]) -> list[str]:
    """Links and buttons that a screen reader could only call "link" or "button", and pictures without a text."""
    faults = []
    for element in elements:
        named = element.get("aria-label") or element.get("aria-labelledby") or element.get("title")
        if element.tag in {"a", "button"} and not named:
            text = "".join(element.itertext()).strip()
            if not text and not any(inner.get("alt") for inner in element.iter("img")):
                faults.append(f"<{element.tag}> without words")
        if element.tag == "img" and element.get("alt") is None:
            faults.append(f"picture {element.get('src')!r} without alt")
    return faults


def _headings(elements: list[Element]) -> list[str]:
    levels = [int(element.tag[1]) for element in elements if element.tag in {"h1", "h2", "h3", "h4", "h5", "h6"}]
    faults = [] if levels.count(1) == 1 else [f"{levels.count(1)} times h1"]
    faults += [f"h{low} is followed by h{high}" for low, high in pairwise(levels) if high > low + 1]
    heading = next((" ".join("".join(e.itertext()).split()) for e in elements if e.tag == "h1"), "")
    title = next((" ".join("".join(e.itertext()).split()) for e in elements if e.tag == "title"), "")
    if not any(
        each.startswith(heading) for each in (title, *(title.removeprefix(f"{word}: ") for word in BEFORE_A_TITLE))
    ):
        faults.append(f"the title {title!r} does not start with the heading {heading!r}")
    root = next(element for element in elements if element.tag == "html")
    if root.get("lang") not in {language.code for language in (DUTCH, *OTHERS)}:
        faults.append("the page does not say in which of our languages it is")
    return faults
