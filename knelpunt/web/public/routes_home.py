"""The start page."""

from flask import render_template
from flask.typing import ResponseReturnValue

from knelpunt.extensions import db
from knelpunt.queries import public as published
from knelpunt.queries.reference import reference
from knelpunt.web.public import counts
from knelpunt.web.public.blueprint import bp
from knelpunt.web.public.routes_cases import LIST_PATH
from knelpunt.web.shared.access import public
from knelpunt.web.shared.figure_charts import figure_trends
from knelpunt.web.shared.tile_map import tile_map


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
