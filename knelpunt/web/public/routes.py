"""The start page."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from knelpunt.web.shared.access import public

bp = Blueprint("public", __name__)


@bp.route("/")
@public
def home() -> ResponseReturnValue:
    return render_template("public/home.html", recent=())
