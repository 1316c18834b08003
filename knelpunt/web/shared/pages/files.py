"""Takes uploads in and gives attachments out: always as a download, never as a page of this site."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import Flask, Response, current_app, request, send_file
from werkzeug.datastructures import FileStorage

from knelpunt.domain.errors import DomainError, Refusals
from knelpunt.models import Attachment, Case, Consultation, Draft
from knelpunt.services.cases import attachments
from knelpunt.services.core.bounds import Visit
from knelpunt.services.core.context import Context

BY_SCRIPT = "X-Upload"
"""The header by which upload.js says that it waits for the answer itself."""
SANDBOX = "default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox"


@contextmanager
def looked_at(
    context: Context, uploads: Iterable[FileStorage], *, visit: Visit | None = None
) -> Iterator[list[attachments.Look]]:
    """The files of a form, such as ``request.files.getlist("attachments")``, for ``keep_uploads``; empty fields are
    passed over. Called before anything is locked."""
    files, rules = current_app.config["FILE_STORE"], current_app.config["ATTACHMENT_RULES"]
    sent = [(upload.stream, upload.filename) for upload in uploads if upload.filename]
    with attachments.looked_at(context, files, rules, sent, visit) as looks:
        yield looks


def keep_uploads(
    context: Context,
    looks: Iterable[attachments.Look],
    *,
    draft: Draft | None = None,
    case: Case | None = None,
    consultation: Consultation | None = None,
    visit: Visit | None = None,
) -> list[Attachment]:
    """Keep files that were looked at.

    Raises:
        Refusals: why each file that cannot be kept is refused; call it inside ``errors_on(form)``, where none is kept.
    """
    rules = current_app.config["ATTACHMENT_RULES"]
    kept, refusals = [], []
    for look in looks:
        try:
            kept.append(
                attachments.keep(context, rules, look, draft=draft, case=case, consultation=consultation, visit=visit)
            )
        except DomainError as refused:
            if refused.status != DomainError.status:
                raise
            refusals.append(refused.message)
    if refusals:
        raise Refusals(refusals, field=attachments.FIELD)
    return kept


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """How large a file may be, how many may come with a case, and how many there are already."""

    max_bytes: int
    max_files: int
    held: int

    @property
    def max_megabytes(self) -> int:
        return self.max_bytes // attachments.MEGABYTE

    @property
    def room(self) -> int:
        return max(0, self.max_files - self.held)


def upload_limits(held: int) -> UploadLimits:
    """What the field for files says of its limits, where so many files are kept already."""
    rules = current_app.config["ATTACHMENT_RULES"]
    return UploadLimits(rules.max_bytes, rules.max_per_case, held)


def answer_script(response: Response) -> Response:
    """Tell the script that sends files where to go, in place of sending it there.

    It would follow unseen, and use up what the next page says only once.
    """
    if BY_SCRIPT in request.headers and response.location and 300 <= response.status_code < 400:
        response.set_data(json.dumps({"location": response.location}))
        response.status_code, response.mimetype = 200, "application/json"
        response.headers.remove("Location")
    return response


def init_app(app: Flask) -> None:
    app.after_request(answer_script)


def remove_upload(context: Context, draft: Draft, attachment_id: int) -> None:
    """Take a file out of a draft that the caller has found to be the actor's."""
    attachments.remove_from_draft(context, current_app.config["FILE_STORE"], draft, attachment_id)


def remove_from_case(context: Context, reference: str, attachment_id: int, reason: str) -> Attachment:
    """Take a file away from a case, with a reason."""
    return attachments.remove_from_case(context, current_app.config["FILE_STORE"], reference, attachment_id, reason)


def download(attachment: Attachment) -> Response:
    """The file as a download, in a sandbox, kept by no cache; the caller has asked whether this person may.

    Raises:
        NotFound, StorageAway: the file is gone, or cannot be read now.
    """
    file = attachments.open_file(current_app.config["FILE_STORE"], attachment)
    response = send_file(
        file,
        mimetype=attachment.media_type,
        as_attachment=True,
        download_name=attachment.shown_name,
        conditional=False,
        etag=False,
    )
    response.content_length = attachment.size
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = "no-store"
    return response
