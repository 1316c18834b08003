"""Sets the quarter as a PDF: PDF/A-2a for the archive and PDF/UA-1 for every reader, in one file."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

SOURCE = Path(__file__).resolve().parent.parent / "data" / "typst" / "quarter.typ"
FONTS = SOURCE.parent / "fonts"
"""The letter of the site, cut down to what Dutch needs, so that every machine sets the same page."""


def quarter_pdf(data: Mapping[str, Any], *, made_at: datetime) -> bytes:
    """The PDF of a quarter.

    The data go in as JSON and are only ever set as text, so that nothing in a title can act as markup. The same data
    and moment give the same bytes.

    Args:
        data: as ``web/reporting/pdf_data.py`` makes it.
        made_at: aware instant that the file carries as its date.
    """
    content = typst.compile(
        str(SOURCE),
        format="pdf",
        ignore_system_fonts=True,
        font_paths=[str(FONTS)],
        pdf_standards=["a-2a", "ua-1"],
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        timestamp=int(made_at.timestamp()),
    )
    if not isinstance(content, bytes):
        raise TypeError("one PDF was expected")
    return content
