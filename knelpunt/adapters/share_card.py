"""Sets the picture that other sites show beside a link: 1200 by 630 points, with the words as text only."""

import json
from collections.abc import Mapping
from pathlib import Path

import typst

SOURCE = Path(__file__).resolve().parent.parent / "data" / "typst" / "share-card.typ"


def share_card_png(data: Mapping[str, str]) -> bytes:
    """The picture as PNG.

    The words go in as JSON and are only ever set as text, so that nothing in a title can act as markup.

    Args:
        data: over, title, verdict, tone ("open", "shut" or "neutral"), map (an SVG).
    """
    content = typst.compile(
        str(SOURCE),
        format="png",
        ppi=72,
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
    if not isinstance(content, bytes):
        raise TypeError("one picture was expected")
    return content
