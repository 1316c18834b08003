"""The archive as a part of the site."""

from flask import Blueprint

bp = Blueprint("archive", __name__)
