"""``/stijl``: the components side by side, for whoever builds a page and for the tests; not served in production."""

from flask import Blueprint, abort, current_app, render_template
from flask.typing import ResponseReturnValue

from knelpunt.domain.laws.dates import Standing
from knelpunt.domain.laws.schema import RoomType
from knelpunt.domain.vocabulary import CaseStatus, PublicationStatus, Result, Verdict
from knelpunt.extensions import db
from knelpunt.queries.core.reference import reference
from knelpunt.web.shared.charts.tile_map import tile_map
from knelpunt.web.shared.requests.access import public, today_in_nl
from knelpunt.web.style import samples

bp = Blueprint("style", __name__)
COUNTS = (1, 3, 7)
"""What the sample map counts, in turn, in every ninth municipality."""


@bp.route("/stijl")
@public
def style() -> ResponseReturnValue:
    if current_app.config["KNELPUNT"].is_production:
        abort(404)
    today = today_in_nl()
    names = reference(db.session)
    placed = sorted(row.id for row in names.municipalities.values() if row.tile_x is not None)
    counts: dict[int | None, int] = {id_: COUNTS[index % 3] for index, id_ in enumerate(placed[::9])}
    return render_template(
        "style/style.html",
        today=today,
        statuses=list(CaseStatus),
        verdicts=list(Verdict),
        results=list(Result),
        publications=list(PublicationStatus),
        rooms=list(RoomType),
        clocks=samples.clocks(today),
        empty_form=samples.sample_form("leeg-"),
        wrong_form=samples.wrong_form("fout-"),
        asked_days=samples.asked_days(),
        upload_forms=[samples.sample_form("a-"), samples.wrong_form("b-"), samples.sample_form("c-")],
        follow_forms=[samples.follow_form("volg-"), samples.follow_form("stop-")],
        charts=samples.charts(),
        durations=samples.durations(),
        quarter_days_due=samples.quarter_days(today),
        matrices=samples.matrices(),
        day=samples.read_day(today),
        wrong_day=samples.read_day(today, "Deze datum bestaat niet."),
        provisions=[samples.provision(*each) for each in zip(Standing, RoomType, strict=False)],
        map=tile_map(names, counts, lambda id_: f"/knelpunten?gemeente={names.municipalities[id_].code}"),
    )
