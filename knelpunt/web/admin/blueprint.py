"""The blueprint that all addresses of the administration hang on."""

from flask import Blueprint

bp = Blueprint("admin", __name__)
