"""Sets a certificate of destruction or transfer as a PDF: PDF/A-2a for the archive and PDF/UA-1 for every reader."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

SOURCE = Path(__file__).resolve().parent.parent.parent / "data" / "typst" / "certificate.typ"


def certificate_pdf(data: Mapping[str, Any], *, made_at: datetime) -> bytes:
    """The PDF of a certificate. The data are only ever set as text; the same data and moment give the same bytes.

    Args:
        data: as ``web/archive/certificate.py`` makes it.
        made_at: aware instant that the file carries as its date.
    """
    content = typst.compile(
        str(SOURCE),
        format="pdf",
        ignore_system_fonts=True,
        pdf_standards=["a-2a", "ua-1"],
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        timestamp=int(made_at.timestamp()),
    )
    if not isinstance(content, bytes):
        raise TypeError("one PDF was expected")
    return content
