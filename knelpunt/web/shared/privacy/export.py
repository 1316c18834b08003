"""One person's data as a file: JSON for another program, or a page to read and print. Sent while it is read."""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from flask import Response, current_app
from sqlalchemy.orm import Session

from knelpunt.extensions import db
from knelpunt.queries.privacy.export import Part
from knelpunt.web.shared.pages.filters import full_date
from knelpunt.web.shared.requests.access import now_utc
from knelpunt.web.shared.texts import _

Parts = Callable[[Session], Iterable[Part]]
JSON_FORM, PAGE_FORM = "json", "html"


def download(parts: Parts, form: str) -> Response:
    """The file, in a session of its own: the request's is closed before the first piece goes out."""
    made_at = now_utc()
    if form == JSON_FORM:
        return _file(_as_json(parts, made_at), "application/json; charset=utf-8", "mijn-gegevens.json")
    template = current_app.jinja_env.get_template("privacy/export.html")
    head = {
        "title": _("Uw gegevens bij Knelpunt"),
        "lead": _("Opgehaald op %(day)s.", day=full_date(made_at)),
        "purpose": _("Waarom wij dit bewaren"),
        "term": _("Hoe lang"),
        "nothing": _("Wij bewaren verder niets over u."),
    }

    def pieces() -> Iterator[bytes]:
        with db.new_session() as session:
            for piece in template.generate(parts=parts(session), head=head, word=_in_words):
                yield piece.encode()

    return _file(pieces(), "text/html; charset=utf-8", "mijn-gegevens.html")


def _as_json(parts: Parts, made_at: datetime) -> Iterator[bytes]:
    """One object; each part names what it is, why it is kept and for how long."""
    yield f'{{"gemaakt": {json.dumps(made_at.isoformat())}, "gegevens": ['.encode()
    before = ""
    with db.new_session() as session:
        for part in parts(session):
            told = {
                "soort": str(part.title),
                "doel": str(part.purpose),
                "termijn": str(part.term),
                "tabel": part.table,
                "regels": part.rows,
            }
            yield f"{before}\n{json.dumps(told, ensure_ascii=False, default=str)}".encode()
            before = ","
    yield b"\n]}\n"


def _in_words(name: str) -> str:
    """A name of a column as people read it."""
    return _WORDS.get(name, name.removesuffix("_id").replace("_", " ")).capitalize()


def _file(pieces: Iterator[bytes], media_type: str, name: str) -> Response:
    return Response(
        pieces,
        content_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


_WORDS = {
    "als": "als wat",
    "answer": "antwoord",
    "answered_on": "beantwoord op",
    "article": "artikel",
    "body": "tekst",
    "browser": "browser",
    "closed_on": "afgesloten op",
    "conditions": "voorwaarden",
    "contact": "contact",
    "created_at": "gemaakt op",
    "data": "ingevuld",
    "description": "beschrijving",
    "due_on": "uiterlijk op",
    "email": "e-mailadres",
    "ends_on": "bewaard tot",
    "expires_at": "geldig tot",
    "filed_at": "ingediend op",
    "filed_on": "ingediend op",
    "from_address": "afzender",
    "goal": "doel",
    "happened_on": "gebeurd op",
    "involved": "wie erbij hoort",
    "kind": "soort",
    "language": "taal",
    "last_seen_at": "laatst gebruikt op",
    "legal_basis": "wettelijke grond",
    "name": "naam",
    "next_step": "volgende stap",
    "objection": "bezwaar",
    "phone": "telefoon",
    "place": "plek",
    "point": "punt op de kaart",
    "postal_address": "postadres",
    "question": "vraag",
    "reaction": "reactie",
    "reason": "reden",
    "recorded_at": "vastgelegd op",
    "result_reason": "uitleg bij het resultaat",
    "role": "rol",
    "rule_words": "welke regel",
    "sent_at": "verstuurd op",
    "shown_name": "naam van het bestand",
    "subject": "onderwerp",
    "text": "tekst",
    "title": "titel",
    "to_address": "naar",
    "tried": "wat al geprobeerd is",
    "updated_at": "gewijzigd op",
    "verdict_legal": "oordeel, juridisch",
    "verdict_plain": "oordeel",
    "wanted": "wat u wilt",
    "who_acts": "wie iets doet",
    "why": "waarom",
    "words": "tekst",
    "written_at": "geschreven op",
    "zaak": "zaak",
}
"""The names of columns in Dutch; any other is shown as it is called."""
