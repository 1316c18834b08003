"""The start page."""

from flask import render_template
from flask.typing import ResponseReturnValue

from knelpunt.extensions import db
from knelpunt.queries.core.reference import reference
from knelpunt.queries.public import published
from knelpunt.web.public import counts
from knelpunt.web.public.blueprint import bp
from knelpunt.web.public.routes_cases import LIST_PATH
from knelpunt.web.shared.charts.figure_charts import figure_trends
from knelpunt.web.shared.charts.tile_map import tile_map
from knelpunt.web.shared.requests.access import public


@bp.route("/")
@public
def home() -> ResponseReturnValue:
    names = reference(db.session)
    quarter = counts.quarter_so_far()
    return render_template(
        "public/home.html",
        recent=published.recent_answers(db.session),
        municipality_names=names.municipality_names,
        municipality_options=names.municipality_options,
        quarter=quarter,
        trends=figure_trends(quarter.quarters, is_running=True),
        map=tile_map(names, counts.places(), f"{LIST_PATH}?gemeente={{}}".format),
    )
