"""The one blueprint of the desk's pages; each theme adds its addresses in a module of its own."""

from flask import Blueprint

bp = Blueprint("desk", __name__)
