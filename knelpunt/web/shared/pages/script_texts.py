"""The Dutch texts in our scripts, and their translations, which a page in another language brings along for them."""

import json
import re
from functools import lru_cache
from pathlib import Path

from knelpunt.adapters.catalogues import catalogue
from knelpunt.domain.languages import Language

SCRIPTS = ("autosave.js", "upload.js")
_TEXT = re.compile(r'\bt(?:ext)?\("([^"]+)"')


def texts_in(script: str) -> list[tuple[int, str]]:
    """Every text that a script shows, with its line: what it gives to ``knText``, there called ``t`` or ``text``."""
    return [(script.count("\n", 0, found.start()) + 1, found.group(1)) for found in _TEXT.finditer(script)]


@lru_cache
def translations_for(folder: Path, language: Language) -> str:
    """The texts of the scripts in this folder in a language, as JSON: Dutch to translation."""
    exact = catalogue(language).sentence
    texts = {text for name in SCRIPTS for _line, text in texts_in((folder / name).read_text(encoding="utf-8"))}
    said = {text: exact(text) for text in sorted(texts)}
    return json.dumps({text: translation for text, translation in said.items() if translation}, ensure_ascii=False)
