"""How the head of the desk divides the work: labels, teams, and how much each colleague has."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from knelpunt.domain.permissions import Permission
from knelpunt.extensions import db
from knelpunt.queries.core.reference import reference
from knelpunt.queries.worklist.load import Load, loads, ownerless
from knelpunt.services.worklist import groups
from knelpunt.services.worklist.groups import TasksOpen
from knelpunt.web.desk.blueprint import bp
from knelpunt.web.desk.worklist.forms import NameForm
from knelpunt.web.desk.worklist.load import leave_now
from knelpunt.web.shared.forms.forms import ButtonForm
from knelpunt.web.shared.pages.list_filters import number_in
from knelpunt.web.shared.requests.access import current_context, requires, today_in_nl
from knelpunt.web.shared.requests.transactions import commits, errors_on, form_status


@bp.route("/bureau/labels", methods=["GET", "POST"])
@requires(Permission.MANAGE_DESK)
@commits
def label_list() -> ResponseReturnValue:
    """The labels that are in use, and a new one."""
    form = NameForm()
    if form.validate_on_submit():
        with errors_on(form):
            label = groups.make_label(current_context(), form.name.data or "")
            flash(f"Het label ‘{label.name}’ is gemaakt.")
            return redirect(url_for("desk.label_list"), 303)
    return render_template("desk/labels.html", form=form, labels=reference(db.session).label_options), form_status(form)


@bp.route("/bureau/labels/<id:label_id>/beeindigen", methods=["POST"])
@requires(Permission.MANAGE_DESK)
@commits
def label_end(label_id: int) -> ResponseReturnValue:
    name = groups.end_label(current_context(), label_id)
    flash(f"Het label ‘{name}’ is niet meer te kiezen. Zaken die het hebben, houden het.")
    return redirect(url_for("desk.label_list"), 303)


@bp.route("/bureau/teams", methods=["GET", "POST"])
@requires(Permission.MANAGE_DESK)
@commits
def team_list() -> ResponseReturnValue:
    """The teams, a new one, and who is in which."""
    form = NameForm()
    if form.validate_on_submit():
        with errors_on(form):
            team = groups.make_team(current_context(), form.name.data or "")
            flash(f"Het team ‘{team.name}’ is gemaakt.")
            return redirect(url_for("desk.team_list"), 303)
    return render_template("desk/teams.html", form=form, names=reference(db.session)), form_status(form)


@bp.route("/bureau/teams/indeling", methods=["POST"])
@requires(Permission.MANAGE_DESK)
@commits
def team_divide() -> ResponseReturnValue:
    """Who is in which team, for every colleague on the page at once."""
    names = reference(db.session)
    if ButtonForm().validate_on_submit():
        for account_id, _name in names.handler_options:
            text = request.form.get(f"team-{account_id}")
            if text is not None and (team_id := number_in(text)) != names.team_of.get(account_id):
                groups.put_in_team(current_context(), account_id, team_id)
        flash("De indeling is bewaard.")
    return redirect(url_for("desk.team_list"), 303)


@bp.route("/bureau/teams/<id:team_id>/verwijderen", methods=["POST"])
@requires(Permission.MANAGE_DESK)
@commits
def team_remove(team_id: int) -> ResponseReturnValue:
    try:
        name = groups.remove_team(current_context(), team_id)
    except TasksOpen as error:
        flash(str(error.message))
    else:
        flash(f"Het team ‘{name}’ is verwijderd. Wie erin zat, zit nu in geen team.")
    return redirect(url_for("desk.team_list"), 303)


@bp.route("/bureau/werklast")
@requires(Permission.ASSIGN_CASE)
def workload() -> ResponseReturnValue:
    """How much each colleague has, and who is away."""
    names, today = reference(db.session), today_in_nl()
    found = loads(db.session, today)
    team_names = dict(names.team_options)
    rows = [
        (id_, name, found.get(id_, Load()), leave_now(names, id_, today), team_names.get(names.team_of.get(id_, 0)))
        for id_, name in names.handler_options
    ]
    return render_template(
        "desk/workload.html",
        rows=sorted(rows, key=lambda row: -row[2].open),
        names=names,
        ownerless=ownerless(db.session),
    )
