"""Acts on several cases at once: chosen in the work list, filled in, looked at, confirmed, and taken back."""

from collections.abc import Callable
from time import monotonic
from urllib.parse import parse_qsl

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from knelpunt.domain.errors import NotFound
from knelpunt.domain.permissions import Permission
from knelpunt.domain.vocabulary import BulkKind
from knelpunt.extensions import db
from knelpunt.queries.bottlenecks import bottlenecks
from knelpunt.queries.cases import lists as case_lists
from knelpunt.queries.core.reference import reference
from knelpunt.queries.worklist import bulk as queries
from knelpunt.services.bottlenecks.redaction import standing_of_each
from knelpunt.services.worklist import bulk as service
from knelpunt.services.worklist.bulk import MOST, PERMISSION, Wanted
from knelpunt.web.desk.blueprint import bp
from knelpunt.web.desk.worklist.filters import WorkListState
from knelpunt.web.desk.worklist.forms import AssignForm, LabelForm, LinkForm, MessageForm, PriorityForm
from knelpunt.web.desk.worklist.load import handlers_with_load
from knelpunt.web.desk.worklist.place import list_address
from knelpunt.web.shared.forms.forms import BaseForm, ButtonForm, choices
from knelpunt.web.shared.pages.list_filters import member_in, number_in
from knelpunt.web.shared.requests.access import current_actor, current_context, now_utc, requires, today_in_nl
from knelpunt.web.shared.requests.transactions import commits, errors_on, form_status

SECONDS_AT_ONCE = 3.0
"""As long a page works on an act itself; the worker does what is left."""


@bp.route("/werkvoorraad/samen", methods=["GET", "POST"])
@requires(Permission.HANDLE_CASE)
@commits
def bulk() -> ResponseReturnValue:
    """What is to be done to the chosen cases; sent, its preview is made."""
    actor = current_actor()
    kind = member_in(BulkKind, request.values.get("doe", ""))
    if kind is None or not actor.can(PERMISSION[kind]):
        raise NotFound()
    form = _form(kind)
    case_ids = _chosen()
    if form.validate_on_submit():
        with errors_on(form):
            act = service.prepare(current_context(), _wanted(kind, form), case_ids)
            return redirect(url_for("desk.bulk_act", bulk_id=act.id), 303)
    page = render_template(
        "desk/bulk.html",
        kind=kind,
        form=form,
        cases=queries.chosen(db.session, actor, case_ids[:MOST]),
        is_cut=len(case_ids) > MOST,
        most=MOST,
        names=reference(db.session),
        back=list_address(),
        may_manage=actor.can(Permission.MANAGE_DESK),
    )
    return page, form_status(form)


@bp.route("/werkvoorraad/samen/<id:bulk_id>", methods=["GET", "POST"])
@requires(Permission.HANDLE_CASE)
@commits
def bulk_act(bulk_id: int) -> ResponseReturnValue:
    """The preview of an act; once it is confirmed, how far it is and what became of each case."""
    return _answer(bulk_id, service.confirm)


@bp.route("/werkvoorraad/samen/<id:bulk_id>/terugdraaien", methods=["GET", "POST"])
@requires(Permission.HANDLE_CASE)
@commits
def bulk_undo(bulk_id: int) -> ResponseReturnValue:
    """Put back what an act did."""
    if request.method == "GET":
        queries.act_of(db.session, current_actor(), bulk_id)
        return redirect(url_for("desk.bulk_act", bulk_id=bulk_id))
    return _answer(bulk_id, service.undo)


def _answer(bulk_id: int, begin: Callable[..., object]) -> ResponseReturnValue:
    form = ButtonForm()
    if form.validate_on_submit():
        with errors_on(form):
            begin(current_context(), bulk_id)
            # Each case in a transaction of its own: one transaction over all would hold up everybody else's acts.
            db.session.commit()
            until = monotonic() + SECONDS_AT_ONCE
            service.carry_out(current_context(), bulk_id, db.session.commit, lambda: monotonic() < until)
            return redirect(url_for("desk.bulk_act", bulk_id=bulk_id), 303)
    act = queries.act_of(db.session, current_actor(), bulk_id)
    page = render_template(
        "desk/bulk_act.html",
        act=act,
        form=form,
        names=reference(db.session),
        named=_named_in_public(act),
        back=list_address(),
        can_be_undone=act.undone_at is None
        and service.can_be_undone(act.kind, act.confirmed_at, act.finished_at, now_utc()),
        undo_until=act.finished_at + service.UNDO_WITHIN if act.finished_at else None,
        undo_minutes=int(service.UNDO_WITHIN.total_seconds() // 60),
    )
    return page, form_status(form)


def _named_in_public(act: queries.Act) -> dict[int, list[str]]:
    """By the id of a case: what is public of the rule bottleneck, points at people round it, and nobody let stand."""
    if act.bottleneck_id is None or act.undone_at is not None:
        return {}
    cases = [row.case_id for row in (act.done if act.finished_at else act.taking_part)]
    return {id_: each.told for id_, each in standing_of_each(db.session, act.bottleneck_id, cases).items()}


def _chosen() -> list[int]:
    """The ids of the cases that were chosen: those that the form carries along, the ticked ones, or a whole list."""
    actor = current_actor()
    if request.method == "POST":
        return [id_ for text in request.form.getlist("gekozen")[: MOST + 1] if (id_ := number_in(text)) is not None]
    if request.args.get("alles"):
        arguments = dict(parse_qsl(request.args.get("adres", "")))
        state = WorkListState(arguments, url_for("desk.worklist"), reference(db.session), actor)
        return case_lists.first_ids(db.session, actor, state.narrowed, state.order, today_in_nl(), MOST + 1)
    numbers = [each for each in request.args.getlist("zaak")[: MOST + 1] if each.isascii() and each.isprintable()]
    return queries.ids_of(db.session, actor, numbers)


def _form(kind: BulkKind) -> BaseForm:
    names = reference(db.session)
    match kind:
        case BulkKind.ASSIGN:
            assign = AssignForm()
            assign.handler_id.offer(handlers_with_load(names, today_in_nl()))
            return assign
        case BulkKind.LABEL:
            label = LabelForm()
            label.label_id.offer(names.label_options)
            return label
        case BulkKind.LINK:
            link = LinkForm()
            link.bottleneck.choices = choices([("", "Kies een regelknelpunt"), *bottlenecks.open_choices(db.session)])
            return link
        case BulkKind.PRIORITY:
            return PriorityForm()
        case BulkKind.MESSAGE:
            return MessageForm()


def _wanted(kind: BulkKind, form: BaseForm) -> Wanted:
    """What a valid form asks."""

    def given(name: str) -> object:
        return form[name].data if name in form else None

    body, bottleneck = given("body"), given("bottleneck")
    return Wanted(
        kind,
        handler_id=given("handler_id"),  # type: ignore[arg-type]
        label_id=given("label_id"),  # type: ignore[arg-type]
        bottleneck=str(bottleneck) if bottleneck else None,
        priority=given("priority"),  # type: ignore[arg-type]
        body=str(body or ""),
    )
