"""The documents of a mirrored case: whole, in parts, or without content where they may not go otherwise."""

import base64
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from io import SEEK_END
from typing import IO, Any

from knelpunt.adapters.webhooks import Answer
from knelpunt.adapters.zgw.talk import DOCUMENTS, PARTS, Json, Stopped, Talk, named
from knelpunt.domain.identity.subscriptions import TryOutcome
from knelpunt.domain.identity.zgw import MAY_FILL, MAY_UNLOCK, MOST_BYTES, MOST_IN_PARTS

NO_CONTENT = {"inhoud": None, "bestandsomvang": None}
WITHOUT = "-Z"
"""Ends the number of a document without content whose own number a document of parts has that may not come."""


@dataclass(frozen=True, slots=True)
class Document:
    """Something that the organisation may read with its case. ``open`` gives its bytes, or None when they are gone;
    ``size`` is 0 where it is only made then."""

    key: str
    title: str
    made_on: date
    author: str
    file_name: str
    media_type: str
    page: str
    size: int
    open: Callable[[], IO[bytes] | None] = field(repr=False)


class _LacksRight(Exception):
    """A file may not go in parts. ``made``: its document, when that is there already."""

    def __init__(self, right: str, made: Json | None = None) -> None:
        super().__init__(right)
        self.right, self.made = right, made


def placed(talk: Talk, document: Document, kind: str) -> Json:
    """The document as it is there, or made. One that may not go in parts is made without content; what was begun of it
    is removed, or stays behind where that may not be, and belongs to no case."""
    found = talk.first("documenten", DOCUMENTS, **named(talk.settings, document.key))
    try:
        if found is None:
            return _stored(talk, document, kind)
        if found.get("bestandsdelen") or (found.get("bestandsomvang") and not found.get("inhoud")):  # stopped halfway
            _filled(talk, found, document)
    except _LacksRight as lacks:
        talk.lacks = lacks.right
        body = _described(talk, document, kind)
        if lacks.made is not None:
            is_gone = _given_up(talk, lacks.made)
            number = named(talk.settings, f"{document.key}{WITHOUT}")
            if (other := talk.first("documenten", DOCUMENTS, **number)) is not None:
                return other
            body = body if is_gone else {**body, **number}
        return talk.make("documenten", DOCUMENTS, {**body, **NO_CONTENT})
    return found


def _described(talk: Talk, document: Document, kind: str) -> dict[str, Any]:
    """A document but for its content."""
    return {
        **named(talk.settings, document.key),
        "creatiedatum": document.made_on.isoformat(),
        "titel": document.title[:200],
        "auteur": document.author[:200],
        "status": "definitief",
        "formaat": document.media_type[:255],
        "taal": "nld",
        "bestandsnaam": document.file_name[-255:],
        "link": document.page,
        "informatieobjecttype": kind,
        # Until this is said, the other system does not close a case.
        "indicatieGebruiksrecht": False,
    }


def _stored(talk: Talk, document: Document, kind: str) -> Json:
    """A document with its content, in parts when it is large for us or for the other system; without when it is too
    large for that."""
    body = _described(talk, document, kind)
    content = document.open() if document.size <= MOST_IN_PARTS else None
    if content is None:
        return talk.make("documenten", DOCUMENTS, {**body, **NO_CONTENT})
    with content as file:
        size = file.seek(0, SEEK_END)
        file.seek(0)
        if size <= MOST_BYTES:
            whole = {"inhoud": base64.b64encode(file.read()).decode(), "bestandsomvang": size}
            try:
                return talk.make("documenten", DOCUMENTS, {**body, **whole})
            except Stopped as stopped:
                if stopped.answer.status != 413:
                    raise
        if (right := right_lacking(talk)) is not None:
            raise _LacksRight(right)
        try:
            made = talk.make("documenten", DOCUMENTS, {**body, "inhoud": None, "bestandsomvang": size})
        except Stopped as stopped:
            if stopped.answer.status != 403:
                raise
            raise _LacksRight(MAY_FILL) from None
        _in_parts(talk, made, file)
    return made


def _filled(talk: Talk, made: Json, document: Document) -> None:
    content = document.open()
    if content is None:
        raise Stopped(Answer(TryOutcome.FAULT, 0))
    with content as file:
        _in_parts(talk, made, file)


def _in_parts(talk: Talk, made: Json, file: IO[bytes]) -> None:
    """Send each part that the other system said it wants and does not have; with the last it makes the file of them.
    Until then the document is locked there, and no case that it belongs to could be closed."""
    parts, at = _parts_of(made), 0
    try:
        for part in parts:
            size = int(part["omvang"])
            if not part["voltooid"]:
                file.seek(at)
                talk.fill(part["url"], str(part["lock"]), file.read(size))
            at += size
        _unlock(talk, made)
    except Stopped as stopped:
        if stopped.answer.status != 403:
            raise
        raise _LacksRight(MAY_FILL if talk.last == PARTS else MAY_UNLOCK, made) from None


def _parts_of(made: Json) -> list[Json]:
    """The parts that the other system wants. One that names none takes no file in parts: its document stays empty."""
    parts = sorted(made.get("bestandsdelen") or (), key=lambda each: each["volgnummer"])
    if not parts:
        raise _LacksRight(MAY_FILL, made)
    return parts


def _unlock(talk: Talk, made: Json) -> None:
    talk.send("POST", "documenten", f"{made['url']}/unlock", {"lock": str(_parts_of(made)[0]["lock"])})


def _given_up(talk: Talk, made: Json) -> bool:
    """Remove a document whose parts may not come: whether it is gone. It is unlocked first, for a locked one stays in
    Open Zaak; where only a part may be done of this, the rest of it stays."""
    if made.get("bestandsdelen"):
        _may_be_refused(lambda: _unlock(talk, made))
    return _may_be_refused(lambda: talk.send("DELETE", "documenten", str(made["url"])))


def _may_be_refused(ask: Callable[[], object]) -> bool:
    """Whether it was done; what is not there any more is done."""
    try:
        ask()
    except Stopped as stopped:
        if stopped.answer.status not in (400, 403, 404, 405, 409, 410):
            raise
        return stopped.answer.status in (404, 410)
    return True


def right_lacking(talk: Talk) -> str | None:
    """The right that files in parts lack, where the other system tells: it is asked for a document that is not there.

    Who may do it hears 404 then, and who may not 403. Where reading it is no 404 nothing can be known, nor from any
    other answer: then a file is tried. In one try it is asked once, and not after a file was refused.
    """
    if talk.lacks is None and not talk.has_asked:
        talk.has_asked, talk.lacks = True, _right_lacking(talk)
    return talk.lacks


def _right_lacking(talk: Talk) -> str | None:
    base, gone = talk.settings.documenten, uuid.uuid4()
    document, part = f"{base}/{DOCUMENTS}/{gone}", f"{base}/{PARTS}/{gone}"
    if _status_of(lambda: talk.one("documenten", document)) != 404:
        return None
    if _status_of(lambda: talk.fill(part, "proef", b"proef")) == 403:
        return MAY_FILL
    if _status_of(lambda: talk.send("POST", "documenten", f"{document}/unlock", {"lock": "proef"})) == 403:
        return MAY_UNLOCK
    return None


def _status_of(ask: Callable[[], object]) -> int | None:
    """With which status it is refused. None: it is not, or no answer came."""
    try:
        ask()
    except Stopped as stopped:
        return stopped.answer.status
    return None
