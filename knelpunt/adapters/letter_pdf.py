"""Sets a letter as a PDF, to print and to read with any reader: PDF/UA-1."""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import typst

SOURCE = Path(__file__).resolve().parent.parent / "data" / "typst" / "letter.typ"


def letter_pdf(subject: str, body: str, *, address: Sequence[str], day: str, made_at: datetime) -> bytes:
    """The PDF of one letter.

    The words go in as JSON and are only ever set as text, so that nothing in a letter can act as markup.

    Args:
        address: the lines for the window of the envelope.
        day: the day of the letter, in words.
        made_at: aware instant that the file carries as its date.
    """
    paragraphs = [part.split("\n") for part in body.strip().split("\n\n") if part.strip()]
    data = {"subject": subject, "address": list(address), "day": day, "paragraphs": paragraphs}
    content = typst.compile(
        str(SOURCE),
        format="pdf",
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        timestamp=int(made_at.timestamp()),
    )
    if not isinstance(content, bytes):
        raise TypeError("one PDF was expected")
    return content
