"""The part of the site about laws."""

from flask import Blueprint

bp = Blueprint("laws", __name__)
