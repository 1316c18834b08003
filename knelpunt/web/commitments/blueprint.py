"""The one blueprint of the pages about commitments."""

from flask import Blueprint

bp = Blueprint("commitments", __name__, url_prefix="/toezeggingen")
