"""The ruimtewijzers as the desk works on them: the list with what waits, one of them, and its text."""

from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.guides.track import GuideStatus, GuideText
from knelpunt.domain.permissions import Permission
from knelpunt.extensions import db
from knelpunt.queries.core import cases
from knelpunt.queries.core.reference import reference
from knelpunt.queries.guides import desk as guide_desk
from knelpunt.queries.guides.desk import DEFLECTED_DAYS, PAGE_SIZE
from knelpunt.queries.guides.rules import Catalogue, read_names
from knelpunt.queries.laws.term_rules import terms_of
from knelpunt.services.guides import drafts as guide_drafts
from knelpunt.services.guides import editing as guides
from knelpunt.web.guides.blueprint import desk_bp
from knelpunt.web.guides.forms import GuideForm
from knelpunt.web.guides.rows import Problems
from knelpunt.web.guides.steps import actions_for, lines_of, whose_turn
from knelpunt.web.shared.forms.forms import ButtonForm
from knelpunt.web.shared.pages.list_filters import ListFilters, members
from knelpunt.web.shared.requests.access import current_actor, current_context, requires, today_in_nl
from knelpunt.web.shared.requests.transactions import commits, errors_on, form_status

DESK_PATH = "/loket/ruimtewijzers"
FEW_DAYS = 14
FROM_ONE_CASE = (
    "Deze tekst komt uit één zaak. Kijk na of hij ook voor andere gevallen klopt. Schrijf hier alleen op wat de lezer"
    " moet weten."
)


@desk_bp.route(DESK_PATH)
@requires(Permission.EDIT_GUIDE, Permission.REVIEW_GUIDE)
def guide_list() -> ResponseReturnValue:
    asked, today = ListFilters(request.args, DESK_PATH), today_in_nl()
    status = asked.choice("staat", members(GuideStatus), "Staat")
    found = guide_desk.list_for_desk(db.session, status, today, asked.read_page())
    previous, following = asked.pages(more=found.count > asked.page * PAGE_SIZE)
    counts = guide_desk.counts_by_status(db.session)
    return render_template(
        "guides/desk_list.html",
        found=found,
        counts=[(each, counts.get(each, 0)) for each in GuideStatus],
        status=status,
        path=DESK_PATH,
        chips=asked.chips(),
        previous=previous,
        next=following,
        days=guide_desk.deflections_by_day(db.session, today - timedelta(days=FEW_DAYS)),
        deflected_days=DEFLECTED_DAYS,
        few_days=FEW_DAYS,
        may_edit=current_actor().can(Permission.EDIT_GUIDE),
    )


@desk_bp.route(f"{DESK_PATH}/nieuw", methods=["GET", "POST"])
@requires(Permission.EDIT_GUIDE)
@commits
def create() -> ResponseReturnValue:
    form, names = GuideForm(), read_names(db.session)
    if not form.is_submitted():
        form.version.data = 0
    if _is_sent(form):
        text = _read(form, names)
        if text is not None:
            with errors_on(form):
                made = guides.create(current_context(), text)
                flash("De ruimtewijzer is bewaard als concept.")
                return redirect(url_for("guide_desk.guide", guide_slug=made.slug), 303)
    return _form_page(form, names, title="Nieuwe ruimtewijzer", back=DESK_PATH)


@desk_bp.route("/zaken/<string:reference>/ruimtewijzer", methods=["GET", "POST"])
@requires(Permission.EDIT_GUIDE)
@commits
def from_case(reference: str) -> ResponseReturnValue:
    """Make a draft of a closed case, in one step, or point at the one that was made of it before."""
    found = cases.get_by_reference(db.session, reference)
    form = ButtonForm()
    if form.validate_on_submit():
        with errors_on(form):
            made = guide_drafts.draft_from_case(current_context(), reference)
            flash("Er staat een concept klaar. Maak de tekst algemeen, zodat hij ook voor anderen klopt.")
            return redirect(url_for("guide_desk.edit", guide_slug=made.slug), 303)
    page = render_template(
        "guides/from_case.html",
        reference=found.reference,
        case=guide_desk.case_for_guide(db.session, reference),
        made=guide_desk.made_of_case(db.session, found.id),
        form=form,
        not_over=guide_drafts.NOT_OVER,
    )
    return page, form_status(form)


@desk_bp.route(f"{DESK_PATH}/<string:guide_slug>")
@requires(Permission.EDIT_GUIDE, Permission.REVIEW_GUIDE)
def guide(guide_slug: str) -> ResponseReturnValue:
    """Where a guide stands, what can be done with it, and what was done."""
    found = guide_desk.read_for_desk(db.session, guide_slug)
    return render_template(
        "guides/desk_guide.html",
        guide=found,
        path=f"{DESK_PATH}/{found.slug}",
        actions=actions_for(found, current_actor()),
        whose_turn=whose_turn(found),
        lines=lines_of(found.text, municipality_names()),
        acts=guide_desk.acts_on(db.session, found.guide_id),
        months=terms_of(db.session, today_in_nl())[Clock.GUIDE][0].length,
        Status=GuideStatus,
    )


@desk_bp.route(f"{DESK_PATH}/<string:guide_slug>/tekst", methods=["GET", "POST"])
@requires(Permission.EDIT_GUIDE)
@commits
def edit(guide_slug: str) -> ResponseReturnValue:
    """Write; when somebody else wrote meanwhile, both texts are shown and nothing is lost."""
    form, names = GuideForm(), read_names(db.session)
    if _is_sent(form):
        text = _read(form, names)
        if text is not None:
            with errors_on(form):
                guides.save(current_context(), guide_slug, form.version.data or 0, text)
                flash("De tekst is bewaard. Een tweede persoon toetst hem voordat hij openbaar wordt.")
                return redirect(url_for("guide_desk.guide", guide_slug=guide_slug), 303)
    found = guide_desk.read_for_desk(db.session, guide_slug)
    if not form.is_submitted():
        form.show(found.text, municipality_names(), names.rule_names)
    if form.conflict or not form.is_submitted():
        form.version.data = found.version
    if found.case_reference:
        form.confidence_note.description = FROM_ONE_CASE
    return _form_page(
        form,
        names,
        title="Tekst schrijven",
        back=f"{DESK_PATH}/{found.slug}",
        over=found.text.question,
        stands_now=lines_of(found.text, municipality_names()),
        remark=found.review_remark,
    )


def _is_sent(form: GuideForm) -> bool:
    """Whether the text itself is sent; a button for one row more or less only shows the form again."""
    return form.is_submitted() and not form.changed_rows(request.form)


def _read(form: GuideForm, names: Catalogue) -> GuideText | None:
    """The text that was sent, or None; then all that is wrong with it stands in the form, not only what is wrong
    before anything is looked up."""
    is_right = form.validate()
    text = form.read(names)
    return text if is_right else None


def _form_page(form: GuideForm, names: Catalogue, **values: object) -> ResponseReturnValue:
    page = render_template(
        "guides/desk_form.html",
        form=form,
        problems=Problems(form),
        rule_names=names.rule_names.choices,
        municipality_names=[row.name for row in reference(db.session).municipalities.values() if row.valid_to is None],
        **{"over": None, "stands_now": [], "remark": None, **values},
    )
    return page, form_status(form)


def municipality_names() -> dict[str, str]:
    """The name of each municipality by its code."""
    return {row.code: row.name for row in reference(db.session).municipalities.values()}
