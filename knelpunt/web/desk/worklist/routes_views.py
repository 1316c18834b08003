"""Views of the work list: kept under a name, shared, opened, and begun on after logging in."""

from dataclasses import dataclass
from urllib.parse import parse_qsl

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from knelpunt.domain.errors import NotFound
from knelpunt.domain.permissions import Permission
from knelpunt.extensions import db
from knelpunt.queries.core.reference import reference
from knelpunt.queries.worklist.views import ViewRow, views_of
from knelpunt.services.worklist import views as service
from knelpunt.web.desk.blueprint import bp
from knelpunt.web.desk.worklist.filters import WORKLIST_WORDS, WorkListState
from knelpunt.web.desk.worklist.forms import ChangeViewForm, NewViewForm
from knelpunt.web.shared.forms.forms import ButtonForm
from knelpunt.web.shared.pages.list_filters import number_in
from knelpunt.web.shared.requests.access import current_actor, current_context, requires
from knelpunt.web.shared.requests.transactions import commits, errors_on, form_status


@dataclass(frozen=True, slots=True)
class ShownView:
    """A view with what it holds in words, and what of it exists no longer."""

    row: ViewRow
    href: str
    words: str
    gone: list[str]
    is_own: bool
    may_change: bool


@bp.route("/werkvoorraad/weergaven", methods=["GET", "POST"])
@requires(Permission.READ_CASES)
@commits
def view_list() -> ResponseReturnValue:
    """The own views and those that colleagues share. Sent: on which one to begin (none: the ordinary first page)."""
    form = ButtonForm()
    if form.validate_on_submit():
        view_id = number_in(request.form.get("weergave", ""))
        service.begin_with(current_context(), view_id)
        flash("U begint voortaan op deze weergave." if view_id else "U begint weer op de gewone eerste pagina.")
        return redirect(url_for("desk.view_list"), 303)
    return render_template(
        "desk/views.html",
        views=[_shown(each) for each in views_of(db.session, current_actor())],
        names=reference(db.session).staff_names,
        form=form,
    )


@bp.route("/werkvoorraad/weergaven/nieuw", methods=["GET", "POST"])
@requires(Permission.READ_CASES)
@commits
def view_new() -> ResponseReturnValue:
    """Keep the list of this address under a name."""
    state = _read(request.args)
    form = NewViewForm()
    if form.validate_on_submit():
        with errors_on(form):
            view = service.save(
                current_context(), name=form.name.data or "", query=state.kept(), is_shared=form.is_shared.data
            )
            if form.is_start.data:
                service.begin_with(current_context(), view.id)
            flash(f"De weergave ‘{view.name}’ is bewaard.")
            return redirect(f"{state.path}?{state.kept()}&weergave={view.id}", 303)
    page = render_template("desk/view.html", form=form, words=_words(state), view=None, back=_back(state))
    return page, form_status(form)


@bp.route("/werkvoorraad/weergaven/<id:view_id>", methods=["GET", "POST"])
@requires(Permission.READ_CASES)
@commits
def view_change(view_id: int) -> ResponseReturnValue:
    """Another name, shared or not, or another list: that of this address."""
    view = _one(view_id)
    state = _read(request.args) if request.args.get("lijst") else None
    form = ChangeViewForm()
    if form.validate_on_submit():
        with errors_on(form):
            service.change(
                current_context(),
                view_id,
                form.version.data or 0,
                name=form.name.data or "",
                is_shared=form.is_shared.data,
                query=state.kept() if state is not None and form.takes_list.data else None,
            )
            flash("De weergave is gewijzigd.")
            return redirect(url_for("desk.view_list"), 303)
        view = _one(view_id)
    if not form.is_submitted():
        form.name.data, form.is_shared.data = view.row.name, view.row.is_shared
        form.takes_list.data = state is not None
    if form.conflict or not form.is_submitted():
        form.version.data = view.row.version
    page = render_template(
        "desk/view.html",
        form=form,
        view=view,
        words=view.words,
        new_words=_words(state) if state is not None else None,
        back=url_for("desk.view_list"),
    )
    return page, form_status(form)


@bp.route("/werkvoorraad/weergaven/<id:view_id>/verwijderen", methods=["GET", "POST"])
@requires(Permission.READ_CASES)
@commits
def view_remove(view_id: int) -> ResponseReturnValue:
    """Remove a view, after a look at who begins on it."""
    view = _one(view_id)
    form = ButtonForm()
    if form.validate_on_submit():
        name = service.remove(current_context(), view_id)
        flash(f"De weergave ‘{name}’ is verwijderd.")
        return redirect(url_for("desk.view_list"), 303)
    return render_template("desk/view_remove.html", view=view, form=form), form_status(form)


def _one(view_id: int) -> ShownView:
    """A view that this actor may change. Raises NotFound."""
    row = next((each for each in views_of(db.session, current_actor()) if each.id == view_id), None)
    if row is None:
        raise NotFound()
    view = _shown(row)
    if not view.may_change:
        raise NotFound()
    return view


def _shown(row: ViewRow) -> ShownView:
    actor = current_actor()
    state = _read(dict(parse_qsl(row.query)))
    is_own = row.owner_id == actor.account_id
    return ShownView(
        row,
        f"{state.path}?{row.query}&weergave={row.id}",
        _words(state),
        state.unknown_words,
        is_own,
        is_own or (row.is_shared and actor.can(Permission.MANAGE_DESK)),
    )


def _read(arguments: dict[str, str]) -> WorkListState:
    return WorkListState(arguments, url_for("desk.worklist"), reference(db.session), current_actor())


def _words(state: WorkListState) -> str:
    """What a list holds: its name and its filters."""
    return ", ".join([WORKLIST_WORDS[state.worklist], *(words for words, _href in state.chips())])


def _back(state: WorkListState) -> str:
    return f"{state.path}?{state.kept()}"
