"""One person's data as a file: JSON for another program, or a page to read and print. Sent while it is read."""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from flask import Response, current_app
from sqlalchemy.orm import Session

from knelpunt.extensions import db
from knelpunt.queries.privacy.export import Part
from knelpunt.web.shared.pages.filters import full_date
from knelpunt.web.shared.requests.access import now_utc
from knelpunt.web.shared.texts import _

Parts = Callable[[Session], Iterable[Part]]
JSON_FORM = "json"


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
        "nothing": _("Hier staat niets dat van u is. Wat ergens over u geschreven is, vraagt u aan het loket."),
    }

    def pieces() -> Iterator[bytes]:
        with db.new_session() as session:
            for piece in template.generate(parts=parts(session), head=head, word=word, value=value):
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


def word(name: str) -> str:
    """A name of a column as people read it."""
    return _WORDS.get(name, name.replace("_", " ")).capitalize()


def value(name: str, told: Any) -> Any:
    """What stands there, as people read it."""
    return _ROLES.get(told, told) if name == "als" else told


def _file(pieces: Iterator[bytes], media_type: str, name: str) -> Response:
    return Response(
        pieces,
        content_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


_WORDS = {
    "als": "als wat",
    "act_by": "reageren tot en met",
    "agreed_on": "akkoord op",
    "answer": "antwoord",
    "answer_by": "antwoorden tot en met",
    "answered_at": "beantwoord op",
    "answered_on": "beantwoord op",
    "answers": "antwoorden",
    "arrived_at": "binnengekomen op",
    "asked_at": "gevraagd op",
    "asked_on": "gevraagd op",
    "body": "tekst",
    "browser": "browser",
    "claimed_on": "gemeld op",
    "closed_on": "afgesloten op",
    "conditions": "voorwaarden",
    "contact": "contact",
    "created_at": "gemaakt op",
    "data": "ingevuld",
    "decided_at": "besloten op",
    "description": "beschrijving",
    "email": "e-mailadres",
    "ended_at": "geëindigd op",
    "ended_on": "geëindigd op",
    "ends_on": "bewaard tot",
    "expires_at": "geldig tot",
    "extended_reason": "waarom het langer duurt",
    "filed_on": "ingediend op",
    "from_address": "afzender",
    "goal": "doel",
    "gone_at": "adres bestaat niet sinds",
    "happened_on": "gebeurd op",
    "involved": "wie erbij hoort",
    "kind": "soort",
    "last_seen_at": "laatst gebruikt op",
    "last_used_at": "laatst gebruikt op",
    "legal_basis": "wettelijke grond",
    "linked_at": "gekoppeld op",
    "made_at": "gemaakt op",
    "mail_choice": "welke mails u krijgt",
    "method": "hoe u inlogde",
    "name": "naam",
    "next_step": "volgende stap",
    "notification_choice": "hoe u meldingen krijgt",
    "objection": "bezwaar",
    "organisation": "organisatie",
    "outcome": "uitkomst",
    "outcome_reason": "uitleg bij de uitkomst",
    "phone": "telefoon",
    "place": "plek",
    "point": "punt op de kaart",
    "points": "waar u het niet mee eens bent",
    "postal_address": "postadres",
    "preview_on": "ter inzage op",
    "project": "project",
    "provider": "via wie u inlogt",
    "published_on": "openbaar op",
    "purpose": "doel",
    "query": "filters",
    "question": "vraag",
    "reacted_on": "gereageerd op",
    "reaction": "reactie",
    "read_at": "gelezen op",
    "reason": "reden",
    "received_on": "ontvangen op",
    "recorded_at": "vastgelegd op",
    "removed_at": "verwijderd op",
    "requested_on": "gevraagd op",
    "result_reason": "uitleg bij het resultaat",
    "role": "rol",
    "rule_words": "welke regel",
    "seen_at": "gezien op",
    "sent_at": "verstuurd op",
    "sent_on": "verstuurd op",
    "shown_name": "naam van het bestand",
    "spellings": "hoe uw naam ook wordt geschreven",
    "status": "stand",
    "subject": "onderwerp",
    "text": "tekst",
    "title": "titel",
    "to_address": "naar",
    "tried": "wat al geprobeerd is",
    "updated_at": "gewijzigd op",
    "used_at": "gebruikt op",
    "verdict_legal": "oordeel, juridisch",
    "verdict_plain": "oordeel",
    "verified_at": "bevestigd op",
    "wanted": "wat u wilt",
    "who_acts": "wie iets doet",
    "why": "waarom",
    "withdrawn_on": "ingetrokken op",
    "withdrawn_reason": "waarom ingetrokken",
    "words": "tekst",
    "written_at": "geschreven op",
    "zaak": "zaak",
    # of a place in a text
    "soort": "soort",
    "tekst": "tekst",
}
"""The names of columns in Dutch."""
_ROLES = {
    "account_id": "om wie het gaat",
    "actor_id": "wie het deed",
    "answered_by_id": "wie antwoordde",
    "approved_by_id": "wie akkoord gaf",
    "asked_by_id": "wie het vroeg",
    "assignee_id": "wie de taak kreeg",
    "author_id": "wie het schreef",
    "begun_by_id": "wie begon",
    "changed_by_id": "wie het wijzigde",
    "checked_by_id": "wie het naging",
    "chosen_by_id": "wie het koos",
    "closing_handler_id": "wie de zaak afsloot",
    "closing_reviewer_id": "wie het afsluiten toetste",
    "covered_by_id": "wie waarneemt",
    "decided_by_id": "wie besloot",
    "done_by_id": "wie het afrondde",
    "ended_by_id": "wie het beëindigde",
    "first_by_id": "wie als eerste tekende",
    "first_handler_id": "eerste behandelaar",
    "given_by_id": "wie het opdroeg",
    "handler_before_id": "eerdere behandelaar",
    "handler_id": "behandelaar",
    "held_by_id": "wie de vernietiging tegenhield",
    "invited_by_id": "wie uitnodigde",
    "linked_by_id": "wie het koppelde",
    "made_by_id": "wie het maakte",
    "noted_by_id": "wie het noteerde",
    "noticed_by_id": "wie het opmerkte",
    "owner_id": "eigenaar",
    "passed_by_id": "wie een vondst liet staan",
    "presented_by_id": "wie het aanbood",
    "proposed_by_id": "wie het voorstelde",
    "received_by_id": "wie het ontving",
    "registered_by_id": "wie het vastlegde",
    "removed_by_id": "wie het verwijderde",
    "requested_by_id": "wie erom vroeg",
    "reviewed_by_id": "wie het toetste",
    "revoked_by_id": "wie het introk",
    "saved_by_id": "wie het bewaarde",
    "sealed_by_id": "wie verzegelde",
    "second_by_id": "wie als tweede tekende",
    "sent_by_id": "wie het verstuurde",
    "set_by_id": "wie het instelde",
    "settled_by_id": "wie het afhandelde",
    "signalled_by_id": "wie het meldde",
    "signer_id": "wie meetekende",
    "taken_off_by_id": "wie het eraf haalde",
    "updated_by_id": "wie het wijzigde",
    "written_by_id": "wie het schreef",
}
"""As what an account stands in a row of somebody else."""
