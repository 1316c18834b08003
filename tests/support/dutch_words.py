"""Finds Dutch on a page in another language: words that only Dutch has, outside what is marked ``lang="nl"``."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import html5lib

_WORD = re.compile(r"[^\W\d_]+")
DUTCH_WORDS = frozenset(
    _WORD.findall(
        """
    de het een uw wij niet geen naar voor wordt worden kunt hebt deze dit dat meer nog ook maar onze ons zonder waar wie
    wat hoe zaak zaken regels melding meldingen knelpunten gemeente gemeenten dagen werkdag werkdagen vandaag uur op bij
    als dan kies toon vul wonen oordeel bestand bestanden januari februari maart mei juni juli augustus oktober maandag
    dinsdag woensdag donderdag vrijdag zaterdag zondag
    """
    )
)
TEXT_ATTRIBUTES = ("alt", "aria-label", "data-label", "placeholder", "title", "content", "label")


def dutch_in(page: str, *names: str, head: bool = True) -> list[str]:
    """Every text of a page that holds a Dutch word and is not marked as Dutch.

    Args:
        names: what is called so in every language, such as municipalities.
        head: whether the head counts too; the title of a page about a Dutch text is Dutch.
    """
    root = html5lib.parse(page, namespaceHTMLElements=False)
    texts = _texts(root if head else root.find("body"))
    return [text for text in texts if dutch_words_in(_without(text, names))]


def dutch_words_in(text: str) -> set[str]:
    """The words of a text that only Dutch has."""
    return DUTCH_WORDS & {word.lower() for word in _WORD.findall(text)}


def _without(text: str, names: tuple[str, ...]) -> str:
    if "/" in text and " " not in text:
        return ""  # an address
    for name in names:
        text = text.replace(name, "")
    return text


def _texts(element: Element) -> Iterator[str]:
    """What the page says in its own language, attributes included; what people typed themselves is left out."""
    is_left_out = element.tag in ("script", "style", "textarea", "code", "option") or element.get("name") == "kn-texts"
    if element.get("lang") == "nl" or is_left_out:
        return
    for name in TEXT_ATTRIBUTES:
        if name in element.attrib:
            yield " ".join(element.attrib[name].split())
    if element.text:
        yield " ".join(element.text.split())
    for child in element:
        if isinstance(child.tag, str):
            yield from _texts(child)
        if child.tail:
            yield " ".join(child.tail.split())
