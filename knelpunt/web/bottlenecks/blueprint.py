"""The one blueprint of the pages about rule bottlenecks."""

from flask import Blueprint

from knelpunt.web.shared.requests.stale_forms import keep_typed

bp = Blueprint("bottlenecks", __name__)
keep_typed(bp)
