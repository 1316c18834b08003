"""Sets letters, quarters, certificates and the pictures of shared links, from the templates of ``data/typst``.

The words go in as JSON and are only ever set as text, so that nothing in them can act as markup. The same data and
moment give the same bytes.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

TEMPLATES = Path(__file__).resolve().parent.parent / "data" / "typst"
FONTS = TEMPLATES / "fonts"
"""The letter of the site, cut down to what Dutch needs, so that every machine sets the same page."""
ARCHIVE, READERS = "a-2a", "ua-1"
"""PDF/A-2a for the archive, and PDF/UA-1 for every reader."""


def letter_pdf(subject: str, body: str, *, address: Sequence[str], day: str, made_at: datetime) -> bytes:
    """The PDF of one letter, to print and to read with any reader.

    Args:
        address: the lines for the window of the envelope.
        day: the day of the letter, in words.
        made_at: aware instant that the file carries as its date.
    """
    paragraphs = [part.split("\n") for part in body.strip().split("\n\n") if part.strip()]
    data = {"subject": subject, "address": list(address), "day": day, "paragraphs": paragraphs}
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
    return _set(template, data, format="pdf", timestamp=int(made_at.timestamp()), **options)


def _set(template: str, data: Mapping[str, Any], **options: Any) -> bytes:
    import typst  # noqa: PLC0415 - 7 MB of which most processes never set a page

    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    content = typst.compile(str(TEMPLATES / template), ignore_system_fonts=True, sys_inputs=inputs, **options)
    if not isinstance(content, bytes):
        raise TypeError("one file was expected")
    return content
