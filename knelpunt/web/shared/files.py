"""Takes uploads in and gives attachments out: always as a download, never as a page of this site."""

from collections.abc import Iterable

import structlog
from flask import Response, current_app, send_file
from werkzeug.datastructures import FileStorage

from knelpunt.domain.errors import NotFound
from knelpunt.models import Attachment, Case, Draft
from knelpunt.services import attachments
from knelpunt.services.act import Act

SANDBOX = "default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox"


def keep_uploads(
    act: Act, uploads: Iterable[FileStorage], *, draft: Draft | None = None, case: Case | None = None
) -> list[Attachment]:
    """Keep the files of a form, such as ``request.files.getlist("attachments")``; empty fields are passed over.

    Raises:
        DomainError: one of the files is refused; call it inside ``errors_on(form)``, where none of them is kept.
    """
    files, rules = current_app.config["FILE_STORE"], current_app.config["ATTACHMENT_RULES"]
    return [
        attachments.store(act, files, rules, upload.stream, upload.filename, draft=draft, case=case)
        for upload in uploads
        if upload.filename
    ]


def remove_upload(act: Act, draft: Draft, attachment_id: int) -> None:
    """Take a file out of a draft that the caller has found to be the actor's."""
    attachments.remove_from_draft(act, current_app.config["FILE_STORE"], draft, attachment_id)


def download(attachment: Attachment) -> Response:
    """The file as a download, in a sandbox, kept by no cache; the caller has asked whether this person may.

    Raises:
        NotFound: the file is gone, which is also logged: the sweeper reports it to the operator.
    """
    try:
        file = current_app.config["FILE_STORE"].open(attachment.stored_name)
    except FileNotFoundError:
        structlog.get_logger().error("attachment without file", attachment_id=attachment.id)
        raise NotFound() from None
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
