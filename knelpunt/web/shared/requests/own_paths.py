"""Keeps redirects inside the site."""

import re

MAX_CHARACTERS = 2000
_OWN_PATH = re.compile(r"/(?![/\\])[^\x00-\x20\x7f\\]*")


def own_path(text: str | None) -> str | None:
    """The text when it is a path on this site, else None.

    Refused are full addresses, ``//host`` and ``/\\host`` (browsers read those as another site), and what holds a
    blank, a control character or a backslash anywhere, because browsers drop or turn those before they look.
    """
    if text is None or len(text) > MAX_CHARACTERS or not text.isascii() or not _OWN_PATH.fullmatch(text):
        return None
    return text
