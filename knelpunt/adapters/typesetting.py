"""Sets letters, quarters, certificates and the pictures of shared links, from the templates of ``data/typst``.

The words go in as JSON and are only ever set as text, so that nothing in them can act as markup. The same data and
moment give the same bytes.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from knelpunt.adapters.translations import translator
from knelpunt.domain.languages import DUTCH, Language
from knelpunt.domain.texts import Text

TEMPLATES = Path(__file__).resolve().parent.parent / "data" / "typst"
FONTS = TEMPLATES / "fonts"
"""The letter of the site, cut down to what Dutch needs, so that every machine sets the same page."""
ARCHIVE, READERS = "a-2a", "ua-1"
"""PDF/A-2a for the archive, and PDF/UA-1 for every reader."""

NO_LETTER = "?"
"""In place of a letter that no font here has."""
_UNKNOWN = re.compile(r'the text `"(.+?)"` could not be displayed')
_ESCAPED = re.compile(r"(\\u\{([0-9a-f]+)\})")
_JOINED = re.compile("[\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0000-\U000e007f]")
"""What only says how the picture before it looks, or joins two; alone it cannot be set."""


def letter_pdf(
    subject: str, body: str, *, address: Sequence[str], day: date, made_at: datetime, language: Language = DUTCH
) -> bytes:
    """The PDF of one letter, to print and to read with any reader.

    Args:
        address: the lines for the window of the envelope.
        made_at: aware instant that the file carries as its date.
        language: that of the words; a screen reader is told, and the day and the number of the page are in it.
    """
    spoken = translator(language)
    paragraphs = [part.split("\n") for part in body.strip().split("\n\n") if part.strip()]
    lang, region = language.locale.split("_")
    page = spoken.say(Text("Bladzijde %(page)s van %(pages)s", page="#", pages="#")).split("#")
    data = {
        "lang": lang,
        "region": region,
        "subject": subject,
        "address": list(address),
        "day": spoken.date_in_words(day),
        "paragraphs": paragraphs,
        "page": page,
    }
    return _pdf("letter.typ", data, made_at, pdf_standards=[READERS])


def quarter_pdf(data: Mapping[str, Any], *, made_at: datetime) -> bytes:
    """The PDF of a quarter.

    Args:
        data: as ``web/reporting/pdf_data.py`` makes it.
        made_at: aware instant that the file carries as its date.
    """
    return _pdf("quarter.typ", data, made_at, pdf_standards=[ARCHIVE, READERS], font_paths=[str(FONTS)])


def certificate_pdf(data: Mapping[str, Any], *, made_at: datetime) -> bytes:
    """The PDF of a certificate of destruction or transfer.

    Args:
        data: as ``web/archive/certificate.py`` makes it.
        made_at: aware instant that the file carries as its date.
    """
    return _pdf("certificate.typ", data, made_at, pdf_standards=[ARCHIVE, READERS])


def share_card_png(data: Mapping[str, str]) -> bytes:
    """The picture that other sites show beside a link: 1200 by 630 points.

    Args:
        data: over, title, verdict, tone ("open", "shut" or "neutral"), map (an SVG).
    """
    return _set("share-card.typ", data, format="png", ppi=72)


def _pdf(template: str, data: Mapping[str, Any], made_at: datetime, **options: Any) -> bytes:
    """A letter that no font has, such as a small picture or a Chinese one, may not stand in a file for every reader:
    in its place comes a question mark."""
    import typst  # noqa: PLC0415 - as below

    words = dict(data)
    while True:
        try:
            return _set(template, words, format="pdf", timestamp=int(made_at.timestamp()), **options)
        except typst.TypstError as error:
            found = _UNKNOWN.search(str(error))
            unknown = found[1] if found else ""
            for escaped, code in _ESCAPED.findall(unknown):
                unknown = unknown.replace(escaped, chr(int(code, 16)))
            mended = {name: _without(value, unknown) for name, value in words.items()} if unknown else words
            if mended == words:
                raise
            words = mended


def _without(value: Any, unknown: str) -> Any:
    """The same words with a question mark for what cannot be set."""
    if isinstance(value, Mapping):
        return {name: _without(each, unknown) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_without(each, unknown) for each in value]
    if not isinstance(value, str):
        return value
    return "".join(NO_LETTER if c in unknown and not c.isascii() else c for c in _JOINED.sub("", value))


def _set(template: str, data: Mapping[str, Any], **options: Any) -> bytes:
    import typst  # noqa: PLC0415 - 7 MB of which most processes never set a page

    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    content = typst.compile(str(TEMPLATES / template), ignore_system_fonts=True, sys_inputs=inputs, **options)
    if not isinstance(content, bytes):
        raise TypeError("one file was expected")
    return content
