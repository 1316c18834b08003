"""What news readers and search engines read: an Atom feed (RFC 4287), and a part of the map of the site."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from flask import Response, current_app, render_template

from knelpunt.web.shared.labels.labels import label
from knelpunt.web.shared.requests.headers import read_anywhere

NEVER_CHANGED = datetime(2013, 11, 1, tzinfo=UTC)
"""What an empty feed says about its last change: the day from which the desk's terms hold."""


def atom_feed(template: str, entries: Sequence[Any], **values: object) -> Response:
    """A feed of entries that each know their ``updated_at``, which a page of anybody may show."""
    text = render_template(
        template,
        entries=entries,
        updated=max((entry.updated_at for entry in entries), default=NEVER_CHANGED),
        to=current_app.config["LINKS"].to,
        xml_text=xml_text,
        label=label,
        **values,
    )
    return read_anywhere(Response(text, content_type="application/atom+xml; charset=utf-8"))


def sitemap_part(pages: Iterable[tuple[str, datetime | None]]) -> Response:
    """Pages of the site by their paths, each with its last change where that is known, in every language."""
    to = current_app.config["LINKS"].to
    return xml_answer("public/sitemap.xml", entries=[(to(path), changed) for path, changed in pages])


def xml_answer(template: str, **values: object) -> Response:
    """A page in XML."""
    return Response(render_template(template, **values), content_type="application/xml; charset=utf-8")


_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """The text without the characters that XML 1.0 does not allow. The template escapes the rest."""
    return _FORBIDDEN.sub("", text)
