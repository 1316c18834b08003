"""Attachments: with a draft, and with a case by way of an addition, as on the pages."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Response, current_app, request
from flask.typing import ResponseReturnValue
from marshmallow import EXCLUDE, ValidationError, validates_schema
from werkzeug.datastructures import FileStorage

from knelpunt.domain.errors import NotFound
from knelpunt.domain.filing.rules import TEXT_LENGTH
from knelpunt.domain.permissions import ApiScope
from knelpunt.extensions import db
from knelpunt.models import Attachment
from knelpunt.queries.cases import attachments as queries
from knelpunt.queries.cases.submitter_page import read_page
from knelpunt.queries.core import cases as case_queries
from knelpunt.services.cases import attachments
from knelpunt.services.filing import intake, uploads
from knelpunt.services.submitters import reactions as submitter
from knelpunt.web.api.organisation.access import (
    ACT_ERRORS,
    ERRORS,
    client,
    context,
    empties,
    endpoint,
    fields_named,
    keyed,
    once,
    produces,
    says_where,
)
from knelpunt.web.api.organisation.drafts import own_draft
from knelpunt.web.api.shared.fields import Schema, Sent, moment, number, text
from knelpunt.web.api.shared.paging import ListQuery, Page, piece_of
from knelpunt.web.api.shared.resources import HEADERS, Resource
from knelpunt.web.api.shared.resources import MULTIPART as FORM
from knelpunt.web.shared.api_version import BASE
from knelpunt.web.shared.pages.files import download, keep_uploads, looked_at, remove_upload
from knelpunt.web.shared.requests.bodies import takes
from knelpunt.web.shared.texts import lazy_gettext

MULTIPART = "multipart/form-data"
OF_ANY_KIND = "*/*"
"""A file comes back as what it is: its media type stands in the list."""
files = Resource("api_files", "", "Bijlagen", "Bestanden bij een concept of een zaak, een per verzoek.")
_NAMES = {attachments.FIELD: "bestand", "body": "toelichting"}
_KEEPING = (*ACT_ERRORS, 507)
_ONE_FILE = lazy_gettext("Stuur een bestand mee, of noem een upload: een van de twee.")
_NAME_OF_UPLOAD = lazy_gettext("Noem bij een upload ook de naam van het bestand, en anders niet.")
_ROOM_FOR_FORM = 200_000
"""Bytes beside the file itself."""


class File(Schema):
    """An attachment."""

    id = number("id", "Nummer van de bijlage.")
    name = text("naam", "Naam van het bestand.")
    media_type = text("mediatype", "Soort bestand.")
    size = number("bytes", "Grootte.")
    sha256 = text("sha256", "Controlegetal van wat wij bewaren.")
    added_at = moment("toegevoegdOp", "Wanneer het is toegevoegd.")


class DraftFile(File):
    """An attachment of a draft."""


class FileInput(Schema):
    """The file, or the upload that it came in by."""

    file = Sent(data_key="bestand", metadata={"description": "PDF, ODT, DOCX, JPG of PNG."})
    upload = text("upload", "Sleutel van een upload die compleet is, in plaats van `bestand`.", longest=64)
    name = text("naam", "Hoe het bestand heet. Alleen bij een upload.", longest=255)

    @validates_schema
    def one_file(self, data: dict[str, Any], **_more: Any) -> None:
        """One of the two; an upload has no name of its own."""
        if ("file" in data) is ("upload" in data):
            raise ValidationError(_ONE_FILE, "bestand")
        if ("name" in data) is not ("upload" in data):
            raise ValidationError(_NAME_OF_UPLOAD, "naam")


class AdditionInput(FileInput):
    """A file for a case, with the words that come with it."""

    explanation = text("toelichting", "Wat het is, voor de behandelaar.", required=True, longest=TEXT_LENGTH)


@endpoint(files, "/concepten/<string:key>/bijlagen", ApiScope.FILES)
@files.lists(DraftFile, ListQuery, about="De bijlagen van een concept.", errors=ERRORS)
def draft_files(asked: dict[str, Any], key: str) -> Page:
    """The files of a draft."""
    return piece_of([_shown(each) for each in queries.of_draft(db.session, own_draft(key).id)], asked)


@endpoint(files, "/concepten/<string:key>/bijlagen", ApiScope.FILES, "POST")
@takes(MULTIPART)
@files.gives(File, about="Voeg een bestand toe aan een concept.", status=201, errors=_KEEPING, has_mark=False)
@keyed(files)
@files.arguments(FileInput, location=FORM, unknown=EXCLUDE)  # as it was before an upload could be named
def add_draft_file(asked: dict[str, Any], key: str) -> dict[str, Any]:
    """Keep a file with a draft, checked as on the pages."""
    own_draft(key)
    with _sent(asked) as (take, looks):
        draft = intake.open_draft(context(), key)

        def keep() -> str:
            with fields_named(_NAMES):
                take()
                (kept,) = keep_uploads(context(), looks, draft=draft)
            return str(kept.id)

        kept = attachments.attachment_of_draft(db.session, draft, int(once(keep)))
    says_where(f"{BASE}/concepten/{key}/bijlagen/{kept.id}")
    return _shown(kept)


def _download(view: Any, about: str) -> Any:
    shown = {"type": "string", "format": "binary"}
    answered = files.response(200, shown, content_type=OF_ANY_KIND, headers=HEADERS, description=about)(view)
    return files.documented(produces(OF_ANY_KIND)(answered), about, ERRORS)


@endpoint(files, "/concepten/<string:key>/bijlagen/<id:attachment_id>", ApiScope.FILES)
@lambda view: _download(view, "Het bestand zelf, als download.")
def draft_file(key: str, attachment_id: int) -> ResponseReturnValue:
    """The bytes of a file of a draft."""
    own_draft(key)
    draft = intake.open_draft(context(), key)
    return download(attachments.attachment_of_draft(db.session, draft, attachment_id))


@endpoint(files, "/concepten/<string:key>/bijlagen/<id:attachment_id>", ApiScope.FILES, "DELETE")
@empties(files, "Haal een bestand uit een concept.", errors=(409,))
def remove_draft_file(key: str, attachment_id: int) -> ResponseReturnValue:
    """Take a file out of a draft."""
    own_draft(key)
    draft = intake.open_draft(context(), key)
    attachments.attachment_of_draft(db.session, draft, attachment_id)
    remove_upload(context(), draft, attachment_id)
    return Response(status=204)


@endpoint(files, "/zaken/<string:reference>/bijlagen", ApiScope.FILES)
@files.lists(File, ListQuery, about="De bijlagen van een zaak.", errors=ERRORS)
def case_files(asked: dict[str, Any], reference: str) -> Page:
    """The files of a case."""
    page = read_page(db.session, client(), reference)
    return piece_of([_shown(each) for each in queries.of_case(db.session, page.case.id)], asked)


@endpoint(files, "/zaken/<string:reference>/bijlagen", ApiScope.FILES, "POST")
@takes(MULTIPART)
@files.gives(
    File,
    about="Voeg een bestand toe aan een zaak, met een toelichting.",
    status=201,
    errors=_KEEPING,
    has_mark=False,
)
@keyed(files)
@files.arguments(AdditionInput, location=FORM)
def add_case_file(asked: dict[str, Any], reference: str) -> dict[str, Any]:
    """An addition to a case, with its file; the handler hears of it."""
    found = case_queries.get_by_reference(db.session, reference)
    client().require_part_in(found.id, found.organisation_id)
    with _sent(asked) as (take, looks):

        def add() -> str:
            with fields_named(_NAMES):
                take()
                submitter.add(context(), reference, asked["explanation"])
                case = case_queries.get_for_update(db.session, reference)
                (kept,) = keep_uploads(context(), looks, case=case)
            return str(kept.id)

        kept = attachments.attachment_for(db.session, client(), int(once(add)))
    says_where(f"{BASE}/zaken/{reference}/bijlagen/{kept.id}")
    return _shown(kept)


@endpoint(files, "/zaken/<string:reference>/bijlagen/<id:attachment_id>", ApiScope.FILES)
@lambda view: _download(view, "Het bestand zelf, als download.")
def case_file(reference: str, attachment_id: int) -> ResponseReturnValue:
    """The bytes of a file of a case."""
    page = read_page(db.session, client(), reference)
    attachment = attachments.attachment_for(db.session, client(), attachment_id)
    if attachment.case_id != page.case.id:
        raise NotFound()
    return download(attachment)


def bound_upload() -> None:
    """Read no more than one file of the largest size and the form round it."""
    if getattr(current_app.view_functions.get(request.endpoint or ""), "takes", None) == {MULTIPART}:
        request.max_content_length = current_app.config["ATTACHMENT_RULES"].max_bytes + _ROOM_FOR_FORM


files.before_request(bound_upload)


@contextmanager
def _sent(asked: dict[str, Any]) -> Iterator[tuple[Callable[[], None], list[attachments.Look]]]:
    """The file of a request, looked at, and what takes it in the act: it came in the body, or by an upload that is over
    with that act.

    The pieces of an upload are read here, before anything is locked. A file without a name gets one, so that it is
    looked at and refused for what it is.
    """
    if "upload" not in asked:
        asked["file"].filename = asked["file"].filename or "bestand"
        with looked_at(context(), [asked["file"]]) as looks:
            yield lambda: None, looks
        return
    store, key = current_app.config["FILE_STORE"], asked["upload"]
    pieces = uploads.pieces_of(context(), key)
    db.session.commit()  # no transaction waits for what the pieces lie on
    with uploads.put_together(store, pieces) as stream:
        files = [FileStorage(stream, asked["name"])] if stream is not None and pieces else []
        with looked_at(context(), files) as looks:
            yield lambda: uploads.take(context(), store, key, pieces, is_there=stream is not None), looks


def _shown(row: Attachment) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.shown_name,
        "media_type": row.media_type,
        "size": row.size,
        "sha256": row.sha256,
        "added_at": row.created_at,
    }
