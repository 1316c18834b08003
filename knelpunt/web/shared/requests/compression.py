"""Pages and texts go out compressed to who takes that, with a length that tells nothing (docs/operations/proxy.md)."""

import gzip
import io
import secrets

from flask import Flask, Response, request

TEXTS = frozenset(
    {
        "application/atom+xml",
        "application/json",
        "application/ld+json",
        "application/xml",
        "text/html",
        "text/plain",
    }
)
LEAST_BYTES = 1000
LEVEL = 5
MOST_PADDING = 100


def compressed(content: bytes) -> bytes:
    """In the format of gzip, with up to a hundred letters more for a name of the file, which nobody reads.

    Who can let somebody's browser ask a page again and again, and sees how long each answer is, could find out what
    stands in it beside his own words (BREACH). The length is another one each time.
    """
    packed = io.BytesIO()
    name = "k" * secrets.randbelow(MOST_PADDING)
    with gzip.GzipFile(filename=name, mode="wb", compresslevel=LEVEL, fileobj=packed, mtime=0) as file:
        file.write(content)
    return packed.getvalue()


def _compress(response: Response) -> Response:
    """What is sent while it is read is left to the proxy, and so is what others compressed or pass on as it is."""
    if response.mimetype not in TEXTS or response.is_streamed or response.direct_passthrough:
        return response
    response.vary.add("Accept-Encoding")
    if request.accept_encodings["gzip"] <= 0 or "Content-Encoding" in response.headers:
        return response
    content = response.get_data()
    if len(content) >= LEAST_BYTES:
        response.set_data(compressed(content))
        response.headers["Content-Encoding"] = "gzip"
    return response


def init_app(app: Flask) -> None:
    app.after_request(_compress)
