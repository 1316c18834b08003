"""The languages in which the public pages and filing can be read. Dutch is the one in which everything is written."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Language:
    """One language: its code (also the prefix of its addresses), its own name, and its locale for dates and numbers."""

    code: str
    name: str
    locale: str


DUTCH = Language("nl", "Nederlands", "nl_NL")
OTHERS = (Language("en", "English", "en_GB"),)
"""Every other language. Frisian is one line here, Language("fy", "Frysk", "fy_NL"), and a catalogue."""


def prefix_of(code: str) -> str:
    """What stands before an address in the language with this code; nothing for Dutch."""
    language = language_of(code)
    return "" if language is DUTCH else f"/{language.code}"


def language_of(code: str | None) -> Language:
    """The language with this code; Dutch when there is none."""
    return next((language for language in OTHERS if language.code == code), DUTCH)
