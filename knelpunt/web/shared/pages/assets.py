"""Style sheets, scripts and pictures: served under an address that changes when any of them changes."""

import gzip
import hashlib
import os
import re
from collections.abc import Collection
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, current_app, request, send_from_directory
from flask.typing import ResponseReturnValue
from werkzeug.utils import safe_join

from knelpunt.web.shared.requests.access import public

PREFIX = "/bestanden"
YEAR_SECONDS = 365 * 24 * 3600
COMPRESSED = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
VENDOR_NEEDED = ("vendor/utrecht.css", "vendor/theme.css")
FRAME = "css/site.css"
"""The style sheet of every page: one address for many files, because each request costs a slow phone time."""
FRAME_PARTS = ("tokens", "theme", "base", "header", "layout", "forms", "components", "signs", "work", "case")
_COMMENT = re.compile(rb"^[ \t]*/\*(?!!)(?:[^*]|\*(?!/))*\*/[ \t]*\n", re.MULTILINE)
"""Lines of a style sheet that are written for people; not a licence (``/*! … */``), which travels along."""


def fingerprint(folder: Path, suffixes: Collection[str] | None = None) -> str:
    """A short hash over the names and contents of all files in the folder, or of those with such a suffix."""
    digest = hashlib.sha256()
    found = (path for path in folder.rglob("*") if suffixes is None or path.suffix in suffixes)
    for path in sorted(path for path in found if path.is_file()):
        digest.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


@lru_cache(maxsize=64)
def _compressed(path: Path, changed_at: int) -> bytes:
    """A text file, compressed once for as long as it stays as it is."""
    return gzip.compress(path.read_bytes(), mtime=0)


def frame_files(folder: Path) -> list[Path]:
    """The files of the style sheet of every page, in the order in which they overrule one another."""
    vendor = [folder / name for name in VENDOR_NEEDED]
    # Without the packages from npm the site stands on its own style sheets.
    first = vendor if all(path.is_file() for path in vendor) else [folder / "css" / "fallback.css"]
    return [*first, *(folder / "css" / f"{name}.css" for name in FRAME_PARTS)]


@lru_cache(maxsize=4)
def _frame(parts: tuple[tuple[Path, int], ...]) -> bytes:
    """The files joined, without their comments, once for as long as they stay as they are."""
    return b"\n".join(_COMMENT.sub(b"", path.read_bytes()) for path, _ in parts)


@lru_cache(maxsize=4)
def _frame_compressed(parts: tuple[tuple[Path, int], ...]) -> bytes:
    return gzip.compress(_frame(parts), mtime=0)


def asset_url(filename: str) -> str:
    """The address of a file in ``static``, good for a year."""
    return f"{PREFIX}/{current_app.config['ASSETS_BUILD']}/{filename}"


@public
def assets_file(build: str, filename: str) -> ResponseReturnValue:
    """One file. An address of another build (a page from before an update) gets today's file, but keeps it shortly."""
    folder, this_build = current_app.static_folder or "", current_app.config["ASSETS_BUILD"]
    kind = COMPRESSED.get(Path(filename).suffix)
    found = safe_join(folder, filename)
    takes_gzip = kind is not None and request.accept_encodings["gzip"] > 0
    if filename == FRAME:
        parts = tuple((path, path.stat().st_mtime_ns) for path in frame_files(Path(folder)))
        response = Response(_frame_compressed(parts) if takes_gzip else _frame(parts), content_type=kind)
    # Not Path.is_file: that raises for a name that is too long.
    elif takes_gzip and found is not None and os.path.isfile(found):
        response = Response(_compressed(Path(found), Path(found).stat().st_mtime_ns), content_type=kind)
    else:
        takes_gzip = False
        response = send_from_directory(folder, filename)
    if takes_gzip:
        response.headers["Content-Encoding"] = "gzip"
    if kind:
        response.vary.add("Accept-Encoding")
    is_lasting = build == this_build and current_app.config["KNELPUNT"].environment != "development"
    response.headers["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, immutable" if is_lasting else "no-cache"
    return response


def init_app(app: Flask) -> None:
    folder = Path(app.static_folder or "")
    app.config["ASSETS_BUILD"] = fingerprint(folder)
    app.add_url_rule(f"{PREFIX}/<string:build>/<path:filename>", "assets_file", assets_file)
    app.jinja_env.globals.update(asset_url=asset_url, frame_style=FRAME)
