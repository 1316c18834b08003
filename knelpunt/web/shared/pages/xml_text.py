"""Text that may stand in XML: some control characters may not, not even escaped."""

import re

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """The text without the characters that XML 1.0 does not allow. The template escapes the rest."""
    return _FORBIDDEN.sub("", text)
