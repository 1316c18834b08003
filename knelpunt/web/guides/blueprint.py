"""The pages with ruimtewijzers for everybody, and those for who writes or uses them."""

from flask import Blueprint

from knelpunt.web.shared.requests.stale_forms import keep_typed

bp = Blueprint("guides", __name__)
desk_bp = Blueprint("guide_desk", __name__)
keep_typed(bp)
