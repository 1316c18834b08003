"""Choosing how to file, and the pages of questions."""

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from knelpunt.domain.errors import DomainError, NotFound
from knelpunt.domain.filing.rules import TITLE_LENGTH
from knelpunt.domain.permissions import VISITOR, Permission
from knelpunt.extensions import db
from knelpunt.queries.cases import attachments
from knelpunt.queries.core.reference import Reference, reference
from knelpunt.services.cases.attachments import Look
from knelpunt.services.core.bounds import Visit
from knelpunt.services.core.context import Context
from knelpunt.services.filing import intake
from knelpunt.web.intake import municipalities, routes_check, routes_drafts, routes_joint, routes_signing, rule_picker
from knelpunt.web.intake.blueprint import bp
from knelpunt.web.intake.drafts import OpenDraft, open_here, remember
from knelpunt.web.intake.forms import DeskContactForm, ResidentContactForm, StepForm
from knelpunt.web.intake.routes_check import completeness_of
from knelpunt.web.intake.similar import SLUGS, similar
from knelpunt.web.intake.steps import (
    CHECK,
    LOOK_AGAIN,
    RULE,
    Step,
    after,
    answers_of,
    as_shown,
    before,
    look_again,
    point_in_words,
    step_named,
    steps_for,
)
from knelpunt.web.shared.forms.forms import visible_text
from knelpunt.web.shared.open_data.schema_org import base_url, service
from knelpunt.web.shared.pages.files import keep_uploads, looked_at, upload_limits
from knelpunt.web.shared.pages.filters import clock_time
from knelpunt.web.shared.requests.access import (
    act_as,
    author_key,
    by_link,
    current_actor,
    current_context,
    current_visit,
    public,
    requires,
)
from knelpunt.web.shared.requests.stale_forms import is_sent
from knelpunt.web.shared.requests.transactions import CHANGED_MEANWHILE, commits, errors_on, form_status, keep_so_far
from knelpunt.web.shared.texts import _, said

__all__ = ["bp", "routes_check", "routes_drafts", "routes_joint", "routes_signing"]

LATER = "later"
ADD_FILES = "bestanden"
BY_ITSELF = "vanzelf"
"""The page saves itself while somebody types; the answer is JSON, and nothing but the texts is kept."""


@bp.route("/melden")
@public
def choose() -> ResponseReturnValue:
    """Which way to file, and what this desk does and does not do."""
    actor = current_actor()
    can_draft = actor.can(Permission.EDIT_DRAFT)
    return render_template("intake/choose.html", can_draft=can_draft, actor=actor, linked=[service(base_url())])


@bp.route("/melden/bewoner", methods=["GET", "POST"])
@public
@commits
def begin_as_resident() -> ResponseReturnValue:
    return _begin(act_as(VISITOR), by_organisation=False)


@bp.route("/melden/organisatie/nieuw", methods=["GET", "POST"])
@requires(Permission.EDIT_DRAFT)
@commits
def begin_as_organisation() -> ResponseReturnValue:
    return _begin(current_context(), by_organisation=True)


@bp.route("/zaken/nieuw", methods=["GET", "POST"])
@requires(Permission.TRIAGE_CASE)
@commits
def begin_at_desk() -> ResponseReturnValue:
    """The first page, filled in by the desk for somebody who called or came by."""
    return _begin(current_context(), by_organisation=False, at_desk=True)


def _begin(context: Context, *, by_organisation: bool, at_desk: bool = False) -> ResponseReturnValue:
    """The first page; the draft is made when it is sent, so that looking leaves nothing behind."""
    author_key()  # marks this browser, so that a double click on the first page is seen as one
    step = steps_for(by_organisation=by_organisation)[0]
    form = step.form()
    if is_sent(form):
        with errors_on(form):
            if at_desk:
                draft = intake.create_draft_at_desk(context, form.texts())
            else:
                draft = intake.create_draft(context, _first_texts(context, form), current_visit())
            remember(draft.key, draft.version)
            if request.form.get("action") == LATER:
                return redirect(url_for("intake.saved", key=draft.key))
            problems = intake.problems_of(context, draft.data, by_organisation=by_organisation)
            return redirect(_way_on(draft.key, step, problems, by_organisation=by_organisation))
    elif request.method == "GET":
        form.fill(carried_texts(request.args, reference(db.session)))
    return _step_page(step, form, None, by_organisation=by_organisation, at_desk=at_desk)


def _first_texts(context: Context, form: StepForm) -> dict[str, str]:
    """What was typed, with an organisation's own municipality filled in for the next page."""
    texts = form.texts()
    own = reference(db.session).organisations.get(context.actor.organisation_id or 0)
    if own is not None and own.municipality_id is not None:
        texts["municipality_id"] = str(own.municipality_id)
    elif (place := carried_place()) is not None:
        texts["municipality_id"] = place
    return texts


@bp.route("/melden/<string:key>")
@by_link
def resume(key: str) -> ResponseReturnValue:
    """Where a mailed link leads: the first page that still needs something, else the check."""
    draft = open_here(key)
    problems = intake.problems_of(draft.context, draft.row.data, by_organisation=draft.by_organisation)
    for step in steps_for(by_organisation=draft.by_organisation):
        if problems.keys() & set(step.form.draft_fields()):
            return redirect(url_for("intake.step", key=key, slug=step.slug))
    return redirect(url_for("intake.check", key=key))


@bp.route("/melden/<string:key>/<string:slug>", methods=["GET", "POST"])
@by_link
@commits
def step(key: str, slug: str) -> ResponseReturnValue:
    """One page of questions. Every button saves; what is missing is said on the page that comes back."""
    draft = open_here(key)
    found = step_named(slug, by_organisation=draft.by_organisation)
    if found is None:
        raise NotFound()
    form = DeskContactForm() if draft.is_at_desk and found.form is ResidentContactForm else found.form()
    if request.form.get("action") == BY_ITSELF:
        return _save_by_itself(draft, form)
    if is_sent(form):
        uploads = request.files.getlist("attachments") if "attachments" in form else []
        with errors_on(form), looked_at(draft.context, uploads, visit=_visit_of(draft)) as files:
            saved = _save(draft, found, form, files)
            if saved is not None:
                return saved
    elif request.method == "GET":
        form.fill(as_shown(draft.row.data))
        if request.args.get(LOOK_AGAIN):
            _show_problems(form, draft)
    return _step_page(found, form, draft, by_organisation=draft.by_organisation, at_desk=draft.is_at_desk)


def _visit_of(draft: OpenDraft) -> Visit | None:
    """Where a visitor comes from who fills in this draft without an account."""
    return None if draft.by_organisation or draft.is_at_desk else current_visit()


def _save(draft: OpenDraft, step: Step, form: StepForm, files: list[Look]) -> ResponseReturnValue | None:
    """Save one page and say where to go; None when a colleague changed the same page meanwhile."""
    locked = intake.open_draft(draft.context, draft.row.key)
    texts = _read_texts(form)
    if _is_changed_elsewhere(draft, form, locked.data, locked.version, texts):
        form.conflict = True
        form.form_errors = [*form.form_errors, CHANGED_MEANWHILE]
        form.basis.data = form.basis_of(as_shown(locked.data))
        return None
    saved = intake.save_draft(draft.context, locked.key, locked.version, texts)
    remember(saved.key, saved.version)
    files_refused = _keep_files(draft, files)
    button = request.form.get("action", "")
    to_rules = rule_picker.press(draft.context, saved.key, button, step.slug)
    remember(saved.key, saved.version)
    if to_rules is not None:
        return redirect(to_rules)
    if button == LATER:
        return redirect(url_for("intake.saved", key=saved.key))
    here = url_for("intake.step", key=saved.key, slug=step.slug)
    if files_refused or button == ADD_FILES:
        return redirect(f"{here}#bestanden")
    problems = intake.problems_of(draft.context, saved.data, by_organisation=draft.by_organisation)
    return redirect(_way_on(saved.key, step, problems, by_organisation=draft.by_organisation))


def _save_by_itself(draft: OpenDraft, form: StepForm) -> ResponseReturnValue:
    """Keep the texts of a page that is still being typed, and say when; never over somebody else's."""
    if not is_sent(form):
        return {"problem": "ongeldig"}, 422
    locked = intake.open_draft(draft.context, draft.row.key)
    texts = form.texts()
    if "municipality_id" in texts:
        texts["municipality_id"] = municipalities.read(reference(db.session), texts["municipality_id"]).kept
    if _is_changed_elsewhere(draft, form, locked.data, locked.version, texts):
        return {"problem": "gewijzigd"}, 409
    saved = intake.save_draft(draft.context, locked.key, locked.version, texts)
    remember(saved.key, saved.version)
    return {"saved": clock_time(saved.updated_at), "basis": form.basis_of(as_shown(saved.data))}


def _is_changed_elsewhere(
    draft: OpenDraft, form: StepForm, data: Mapping[str, str], version: int, texts: Mapping[str, str]
) -> bool:
    """Whether somebody else changed what this page shows, and these texts would go over it."""
    held = {name: data.get(name, "") for name in texts}
    is_known = draft.is_known_here and draft.row.version == version
    return form.basis.data != form.basis_of(as_shown(data)) and not is_known and texts != held


def _read_texts(form: StepForm) -> dict[str, str]:
    """What was typed, with the name of the municipality turned into its number where it is one."""
    texts = form.texts()
    if "municipality_id" in texts:
        found = municipalities.read(reference(db.session), texts["municipality_id"])
        texts["municipality_id"] = found.kept
        if found.note:
            flash(found.note, "info")
    return texts


def _keep_files(draft: OpenDraft, files: list[Look]) -> bool:
    """Keep the files that may be kept; say of each other one why not. Whether any was refused.

    Raises:
        TooManyAttempts, StorageFull: no file can be kept now; the texts are.
    """
    if not files:
        return False
    row = intake.open_draft(draft.context, draft.row.key)
    is_refused = False
    for file in files:
        try:
            keep_uploads(draft.context, [file], draft=row, visit=_visit_of(draft))
        except DomainError as error:
            if error.status != DomainError.status:
                keep_so_far()
                raise
            flash(_("Niet toegevoegd. %(message)s", message=said(error.message)), "error")
            is_refused = True
    return is_refused


def _way_on(key: str, step: Step, problems: Mapping[str, str], *, by_organisation: bool) -> str:
    """To the next page, or back to this one when something on it is missing."""
    if problems.keys() & set(step.form.draft_fields()):
        return look_again(key, step.slug)
    slug = after(step, by_organisation=by_organisation)
    return url_for("intake.check", key=key) if slug == CHECK else url_for("intake.step", key=key, slug=slug)


def _show_problems(form: StepForm, draft: OpenDraft) -> None:
    """Say beside each field of this page what is missing or wrong."""
    problems = intake.problems_of(draft.context, draft.row.data, by_organisation=draft.by_organisation)
    for name in form.draft_fields():
        if name in problems:
            form[name].errors = [said(problems[name])]
    if "municipality_id" in form and form["municipality_id"].data:
        like = municipalities.suggestions(reference(db.session), draft.row.data.get("municipality_id", ""))
        if like:
            form["municipality_id"].errors = [
                _("Deze gemeente kennen wij niet. Bedoelt u %(like)s?", like=_(" of ").join(like))
            ]


def _step_page(
    step: Step, form: StepForm, draft: OpenDraft | None, *, by_organisation: bool, at_desk: bool
) -> tuple[str, int]:
    steps = steps_for(by_organisation=by_organisation)
    held = as_shown(draft.row.data) if draft is not None and form.conflict else {}
    files = attachments.of_draft(db.session, draft.row.id) if draft and "attachments" in form else []
    return render_template(
        "intake/step.html",
        step=step,
        number=steps.index(step) + 1 if step in steps else None,
        steps=steps,
        form=form,
        fields=[field for field in form if field.name in form.draft_fields() or field.name == "attachments"],
        key=draft.row.key if draft else None,
        back=before(step, by_organisation=by_organisation),
        answers_href=answers_left(request.args),
        here=request.full_path.rstrip("?"),
        by_organisation=by_organisation,
        at_desk=at_desk,
        municipality_names=[words for _, words in reference(db.session).municipality_options],
        files=files,
        limits=upload_limits(len(files)),
        theirs=answers_of(step, held) if form.conflict else [],
        draft=draft.row if draft else None,
        point_read=point_in_words(draft.row.data.get("point", "")) if draft and "point" in form else "",
        picker=rule_picker.picker_for(draft.row, draft.context.today) if draft and step.slug == RULE else None,
        meter=completeness_of(draft.row.data, by_organisation=by_organisation) if draft else None,
        similar=similar(draft.row.data, reference(db.session)) if draft and step.slug in SLUGS else None,
    ), form_status(form) if request.method == "POST" else 200


WISH, PLACE = "wens", "gemeente"
WISH_LENGTH = 400
_PLACE_KEY = "carried_place"


def carried_texts(arguments: Mapping[str, str], names: Reference) -> dict[str, str]:
    """The text of the first page, once and whole: a short wish as the title, a long one as what is wanted.

    The municipality is asked on the next page, so this browser's session keeps it until the draft is made.
    """
    wish = " ".join(visible_text(arguments.get(WISH, "")).split())[:WISH_LENGTH]
    place = arguments.get(PLACE, "")
    if any(str(id_) == place for id_, _ in names.municipality_options):
        session[_PLACE_KEY] = place
    if not wish:
        return {}
    if len(wish) <= TITLE_LENGTH:
        return {"title": wish}
    return {"goal": wish}


def answers_left(arguments: Mapping[str, str]) -> str | None:
    """The way back to the answers that somebody came from, with the question that was asked there."""
    wish = visible_text(arguments.get(WISH, ""))[:WISH_LENGTH]
    if not wish.strip():
        return None
    place = arguments.get(PLACE, "")
    return url_for("guides.answer", q=wish, gemeente=place if place.isdecimal() else None)


def carried_place() -> str | None:
    """The municipality that was taken along, once."""
    place: str | None = session.pop(_PLACE_KEY, None)
    return place
