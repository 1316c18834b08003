"""``/checklists``: made and changed by the head of desk or an administrator."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from knelpunt.domain.errors import NotFound
from knelpunt.domain.permissions import Permission
from knelpunt.domain.vocabulary import EventKind
from knelpunt.extensions import db
from knelpunt.queries.collaboration import tasks as queries
from knelpunt.queries.collaboration.tasks import ChecklistRow
from knelpunt.services.collaboration import checklists as service
from knelpunt.web.desk.blueprint import bp
from knelpunt.web.desk.case.view import STEP_PAGES
from knelpunt.web.desk.tasks.forms import ChecklistForm
from knelpunt.web.shared.requests.access import current_context, requires
from knelpunt.web.shared.requests.bodies import pressed
from knelpunt.web.shared.requests.transactions import commits, errors_on, form_status


@bp.route("/checklists")
@requires(Permission.MANAGE_CHECKLISTS)
def checklist_list() -> ResponseReturnValue:
    steps = {kind.value: words for kind, (_slug, words) in STEP_PAGES.items()}
    return render_template("desk/checklists.html", rows=queries.checklists(db.session), steps=steps)


@bp.route("/checklists/nieuw", methods=["GET", "POST"])
@requires(Permission.MANAGE_CHECKLISTS)
@commits
def new_checklist() -> ResponseReturnValue:
    return _form_page(None)


@bp.route("/checklists/<id:checklist_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_CHECKLISTS)
@commits
def checklist(checklist_id: int) -> ResponseReturnValue:
    found = queries.checklist(db.session, checklist_id)
    if found is None:
        raise NotFound()
    return _form_page(found)


@bp.route("/checklists/<id:checklist_id>/gebruik", methods=["POST"])
@requires(Permission.MANAGE_CHECKLISTS)
@commits
def checklist_use(checklist_id: int) -> ResponseReturnValue:
    """Offer a checklist no more, or again."""
    is_in_use = pressed("stand", {"weer": True, "niet": False})
    service.set_in_use(current_context(), checklist_id, is_in_use=is_in_use)
    flash("De checklist wordt weer aangeboden." if is_in_use else "De checklist wordt niet meer aangeboden.")
    return redirect(url_for("desk.checklist_list"), 303)


def _form_page(found: ChecklistRow | None) -> ResponseReturnValue:
    form = ChecklistForm()
    if form.validate_on_submit():
        with errors_on(form):
            service.save(
                current_context(),
                found.id if found else None,
                form.version.data,
                name=form.name.data or "",
                step=EventKind(form.step.data) if form.step.data else None,
                theme=form.theme.data,
                lines=form.lines.data or "",
                working_days=form.working_days.data,
            )
            flash("De checklist is bewaard.")
            return redirect(url_for("desk.checklist_list"), 303)
        found = queries.checklist(db.session, found.id) if found else None
    if found is not None and not form.is_submitted():
        form.process(None, obj=found)
        form.step.data, form.lines.data = found.step or "", "\n".join(found.lines)
    if found is not None and (form.conflict or not form.is_submitted()):
        form.version.data = found.version
    return render_template("desk/checklist.html", form=form, found=found), form_status(form)
