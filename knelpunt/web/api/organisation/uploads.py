"""Files by pieces, as tus 1.0 has it: what arrived stays when the line breaks, and the sender goes on from there.

An upload is bytes and nothing more. An address under which a file may be added takes it by its key (``files.py``).
"""

import base64
import binascii
import hashlib
import tempfile
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import IO, Any

from flask import Response, after_this_request, current_app, request
from flask.typing import ResponseReturnValue
from gunicorn.http.errors import ParseException
from werkzeug.exceptions import ClientDisconnected, HTTPException, PreconditionFailed, RequestEntityTooLarge
from werkzeug.http import http_date

from knelpunt.adapters.uploads.store import SPOOL_BYTES, FileTooLarge
from knelpunt.domain.permissions import ApiScope
from knelpunt.extensions import db
from knelpunt.models import Upload
from knelpunt.queries.filing.uploads import open_uploads
from knelpunt.services.filing import uploads as service
from knelpunt.web.api.organisation.access import (
    ERRORS,
    client,
    context,
    empties,
    endpoint,
    says_where,
    with_headers,
)
from knelpunt.web.api.shared.fields import Schema, moment, number, text
from knelpunt.web.api.shared.paging import ListQuery, Page, piece_of
from knelpunt.web.api.shared.resources import Resource
from knelpunt.web.shared.api_version import BASE
from knelpunt.web.shared.problems import Fault, InvalidInput
from knelpunt.web.shared.requests.access import now_utc
from knelpunt.web.shared.requests.bodies import takes
from knelpunt.web.shared.texts import lazy_gettext

uploads = Resource("api_uploads", "/uploads", "Uploads", "Een bestand in stukken sturen, volgens tus 1.0.")
TUS = "1.0.0"
OFFSET_BYTES = "application/offset+octet-stream"
CHECKSUM_MISMATCH = 460
READ_BYTES = 64 * 1024
"""How much is read at once. Of what is being read when the line breaks nothing is kept."""
_SUMS: dict[str, Callable[[], Any]] = {
    "sha256": hashlib.sha256,
    "sha1": partial(hashlib.sha1, usedforsecurity=False),  # which every sender of tus knows
}
_BAD_SUM = lazy_gettext("Geef een algoritme dat wij kennen, een spatie, en de som in base64.")
_CUT_OFF = lazy_gettext("Dit stuk kwam niet heel aan. Daarom klopt de som niet.")
_NUMBER, _WORDS = {"type": "integer"}, {"type": "string"}
_PLACE = {
    "Upload-Offset": {"description": "Hoeveel bytes wij hebben.", "schema": _NUMBER},
    "Upload-Length": {"description": "Hoeveel bytes het er worden.", "schema": _NUMBER},
    "Upload-Expires": {"description": "Tot wanneer de upload op een volgend stuk wacht.", "schema": _WORDS},
}
_PIECE_BODY = {"required": True, "content": {OFFSET_BYTES: {"schema": {"type": "string", "format": "binary"}}}}


class _ChecksumMismatch(HTTPException):
    """A piece arrived damaged; nothing of it is kept."""

    code = CHECKSUM_MISMATCH


class UploadShown(Schema):
    """A file on its way."""

    public_id = text("sleutel", "Sleutel van de upload.")
    size = number("bytes", "Hoe groot het bestand wordt.")
    received = number("ontvangen", "Hoeveel bytes wij hebben. Daar begint het volgende stuk.")
    begun_at = moment("begonnenOp", "Wanneer de upload begon.")
    ends_at = moment("verlooptOp", "Tot wanneer wij op een volgend stuk wachten.")


class _Tus(Schema):
    """Which version of the protocol is spoken."""

    tus = text("Tus-Resumable", f"De versie van tus: {TUS}. Met een andere krijgt u 412.")


class _Beginning(_Tus):
    """How large the file is."""

    size = number("Upload-Length", "Grootte van het hele bestand.", required=True, least=1, most=2**53)


class _Piece(_Tus):
    """Where a piece belongs, and what it adds up to."""

    offset = number("Upload-Offset", "Waar dit stuk begint.", required=True, least=0, most=2**53)
    checksum = text("Upload-Checksum", "De som van dit stuk: `sha256` of `sha1`, een spatie, en de som in base64.")


@endpoint(uploads, "", ApiScope.FILES)
@uploads.lists(UploadShown, ListQuery, about="De uploads van uw organisatie die nog lopen.", errors=ERRORS)
def upload_list(asked: dict[str, Any]) -> Page:
    """What is on its way, the oldest first."""
    return piece_of([_shown(each) for each in open_uploads(db.session, client(), now_utc())], asked)


@endpoint(uploads, "", ApiScope.FILES, "POST")
@uploads.gives(
    UploadShown,
    about="Begin een upload. Location zegt waar de stukken heen gaan.",
    status=201,
    errors=(*ERRORS, 412, 413, 415, 422),
    has_mark=False,
    more=_PLACE,
)
@uploads.arguments(_Beginning, location="headers")
def begin_upload(told: dict[str, Any]) -> dict[str, Any]:
    """Make a place for a file that comes by pieces."""
    _require_tus()
    if told["size"] > current_app.config["ATTACHMENT_RULES"].max_bytes:
        raise RequestEntityTooLarge
    made = service.begin(context(), told["size"])
    says_where(f"{BASE}/uploads/{made.public_id}")
    return _shown(_told(made))


@endpoint(uploads, "/<string:upload_key>", ApiScope.FILES)
@uploads.gives(
    UploadShown, about="Hoe ver een upload is. Met HEAD krijgt u alleen de headers.", errors=(*ERRORS, 412),
    has_mark=False, more=_PLACE,
)  # fmt: skip
def upload(upload_key: str) -> dict[str, Any]:
    """How much of a file has arrived."""
    found = service.find(context(), upload_key)
    if request.method == "HEAD":
        _require_tus()
    return _shown(_told(found))


@endpoint(uploads, "/<string:upload_key>", ApiScope.FILES, "PATCH")
@takes(OFFSET_BYTES)
@uploads.doc(requestBody=_PIECE_BODY)
@empties(uploads, "Stuur het volgende stuk.", (409, 412, 413, 415, 422, CHECKSUM_MISMATCH, 507), _PLACE)
@uploads.arguments(_Piece, location="headers")
def add_piece(told: dict[str, Any], upload_key: str) -> ResponseReturnValue:
    """Keep the next piece, or as much of it as arrived before the line broke."""
    found = service.find(context(), upload_key)
    _require_tus()
    service.require_offset(found, told["offset"])
    sum_ = _asked_sum(told)
    left = found.size - found.received
    db.session.commit()  # no transaction waits for what comes over the line
    with tempfile.SpooledTemporaryFile(SPOOL_BYTES) as piece:
        is_whole = _receive(piece, left)
        if sum_ is not None:
            _check_sum(piece, *sum_, is_whole=is_whole)
        files = current_app.config["FILE_STORE"]
        if piece.tell():
            piece.seek(0)
            try:
                found = service.add_piece(context(), files, upload_key, told["offset"], piece)
            except FileTooLarge:
                raise RequestEntityTooLarge from None
        _told(found)
    return Response(status=204)


@endpoint(uploads, "/<string:upload_key>", ApiScope.FILES, "DELETE")
@empties(uploads, "Gooi een upload weg.", (412,))
@with_headers(uploads, _Tus)
def throw_upload_away(upload_key: str) -> ResponseReturnValue:
    """End an upload, with what has arrived of it."""
    service.find(context(), upload_key)
    _require_tus()
    service.throw_away(context(), current_app.config["FILE_STORE"], upload_key)
    return Response(status=204)


def _require_tus() -> None:
    if request.headers.get("Tus-Resumable") != TUS:
        raise PreconditionFailed


def _receive(into: IO[bytes], most: int) -> bool:
    """Write down what comes. Whether all that was announced came, before the line broke."""
    size = 0
    try:
        while chunk := request.stream.read(READ_BYTES):
            size += len(chunk)
            if size > most:
                raise RequestEntityTooLarge
            into.write(chunk)
    except (ClientDisconnected, ParseException):  # the second where the line breaks between two chunks
        return False
    return True


def _asked_sum(told: dict[str, Any]) -> tuple[str, bytes] | None:
    if "checksum" not in told:
        return None
    name, _blank, wanted = told["checksum"].partition(" ")
    try:
        if name not in _SUMS:
            raise ValueError
        return name, base64.b64decode(wanted, validate=True)
    except (ValueError, binascii.Error):
        raise InvalidInput(Fault("header", "Upload-Checksum", _BAD_SUM)) from None


def _check_sum(piece: IO[bytes], name: str, wanted: bytes, *, is_whole: bool) -> None:
    if not is_whole:
        raise InvalidInput(Fault("body", "", _CUT_OFF))
    end = piece.tell()
    piece.seek(0)
    if hashlib.file_digest(piece, _SUMS[name]).digest() != wanted:  # type: ignore[arg-type]
        raise _ChecksumMismatch
    piece.seek(end)


def _told(found: Upload) -> Upload:
    """Let this answer tell in its headers how far an upload is."""
    headers = {
        "Upload-Offset": str(found.received),
        "Upload-Length": str(found.size),
        "Upload-Expires": http_date(found.ends_at),
    }

    @after_this_request
    def tell(response: Response) -> Response:
        if response.status_code < HTTPStatus.MULTIPLE_CHOICES:
            response.headers.update(headers)
        return response

    return found


def _shown(row: Upload) -> dict[str, Any]:
    return {name: getattr(row, name) for name in UploadShown._declared_fields}


@uploads.before_request
def _bound_piece() -> None:
    """Read no more than one file of the largest size, and whether it ends there: a web server that ends a body itself
    tells so only to who reads on."""
    request.max_content_length = current_app.config["ATTACHMENT_RULES"].max_bytes + 1


@uploads.after_request
def _speak_tus(response: Response) -> Response:
    """Say which version is spoken, and to who asks what else is."""
    response.headers["Tus-Resumable"] = TUS
    response.headers["Cache-Control"] = "no-store"
    if request.method == "OPTIONS" or response.status_code == HTTPStatus.PRECONDITION_FAILED:
        response.headers["Tus-Version"] = TUS
    if request.method == "OPTIONS":
        response.headers["Tus-Extension"] = "creation,termination,checksum,expiration"
        response.headers["Tus-Checksum-Algorithm"] = ",".join(_SUMS)
        response.headers["Tus-Max-Size"] = str(current_app.config["ATTACHMENT_RULES"].max_bytes)
    return response
