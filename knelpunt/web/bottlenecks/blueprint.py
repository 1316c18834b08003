"""The one blueprint of the pages about rule bottlenecks."""

from flask import Blueprint

bp = Blueprint("bottlenecks", __name__)
