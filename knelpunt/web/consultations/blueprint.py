"""The one blueprint of the pages for officials."""

from flask import Blueprint

from knelpunt.web.shared.requests.stale_forms import keep_typed

bp = Blueprint("consultations", __name__)
keep_typed(bp)
