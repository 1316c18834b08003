"""Style sheets, scripts and pictures: served under an address that changes when any of them changes."""

import gzip
import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, current_app, make_response, request, send_from_directory, url_for
from flask.typing import ResponseReturnValue

from knelpunt.web.shared.access import public

YEAR_SECONDS = 365 * 24 * 3600
COMPRESSED = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
VENDOR_NEEDED = ("vendor/utrecht.css", "vendor/theme.css")


def fingerprint(folder: Path) -> str:
    """A short hash over the names and contents of all files in the folder."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


@lru_cache(maxsize=64)
def _compressed(path: Path, build: str) -> bytes:
    """A text file, compressed once per build of the site."""
    return gzip.compress(path.read_bytes(), mtime=0)


def asset_url(filename: str) -> str:
    """The address of a file in ``static``, good for a year."""
    return url_for("assets_file", build=current_app.config["ASSETS_BUILD"], filename=filename)


@public
def assets_file(build: str, filename: str) -> ResponseReturnValue:
    """One file. An address of another build (a page from before an update) gets today's file, but keeps it shortly."""
    response = make_response(send_from_directory(current_app.static_folder or "", filename))
    path = Path(current_app.static_folder or "") / filename
    if path.suffix in COMPRESSED:
        response.vary.add("Accept-Encoding")
        if "gzip" in request.accept_encodings and response.status_code == 200:
            compressed = Response(_compressed(path, current_app.config["ASSETS_BUILD"]))
            compressed.headers.update({"Content-Encoding": "gzip", "Content-Type": COMPRESSED[path.suffix]})
            compressed.vary.add("Accept-Encoding")
            response = compressed
    config = current_app.config["KNELPUNT"]
    lasting = build == current_app.config["ASSETS_BUILD"] and config.environment != "development"
    response.headers["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, immutable" if lasting else "no-cache"
    return response


def init_app(app: Flask) -> None:
    folder = Path(app.static_folder or "")
    app.config["ASSETS_BUILD"] = fingerprint(folder)
    app.add_url_rule("/bestanden/<string:build>/<path:filename>", "assets_file", assets_file)
    app.jinja_env.globals.update(
        asset_url=asset_url,
        # Without the packages from npm the site stands on its own style sheets.
        has_vendor=all((folder / name).is_file() for name in VENDOR_NEEDED),
        has_htmx=(folder / "vendor/htmx.min.js").is_file(),
    )
