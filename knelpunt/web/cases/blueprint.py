"""The one blueprint of the submitter's pages; its addresses stand in the modules beside this one."""

from flask import Blueprint

from knelpunt.web.shared.requests.stale_forms import keep_typed

bp = Blueprint("cases", __name__)
keep_typed(bp)
