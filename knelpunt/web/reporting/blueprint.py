"""The blueprint of the quarters, apart from the pages that put themselves on it."""

from flask import Blueprint

bp = Blueprint("reporting", __name__, url_prefix="/kwartalen")
