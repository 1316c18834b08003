"""The one blueprint of filing; its addresses stand in the modules beside this one."""

from flask import Blueprint

from knelpunt.web.shared.requests.stale_forms import keep_typed

bp = Blueprint("intake", __name__)
keep_typed(bp)
