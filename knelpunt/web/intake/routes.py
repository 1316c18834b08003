"""Choosing how to file, the pages of questions, the check, and the receipt."""

from collections.abc import Mapping
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, Field

from knelpunt.domain.errors import DomainError, NotFound
from knelpunt.domain.filing import FilingIncomplete
from knelpunt.domain.permissions import VISITOR, Permission
from knelpunt.domain.pointed_rules import day_of_law
from knelpunt.domain.vocabulary import Theme
from knelpunt.extensions import db
from knelpunt.queries import attachments, drafts
from knelpunt.queries.reference import reference
from knelpunt.services import intake
from knelpunt.services.act import Act
from knelpunt.web.intake import municipalities, routes_drafts, rule_picker
from knelpunt.web.intake.blueprint import bp
from knelpunt.web.intake.completeness import completeness_of
from knelpunt.web.intake.drafts import OpenDraft, open_here, receipt_here, remember
from knelpunt.web.intake.forms import YES, FilingForm, StepForm
from knelpunt.web.intake.preview import preview_of
from knelpunt.web.intake.steps import CHECK, RULE, Step, after, before, slug_of, step_named, steps_for
from knelpunt.web.shared.access import act_as, author_key, by_link, current_act, current_actor, public, requires
from knelpunt.web.shared.files import keep_uploads, upload_limits
from knelpunt.web.shared.filters import clock_time, full_date
from knelpunt.web.shared.labels import label
from knelpunt.web.shared.stale_forms import is_sent
from knelpunt.web.shared.transactions import CHANGED_MEANWHILE, commits, errors_on, form_status

__all__ = ["bp", "routes_drafts"]

LATER = "later"
ADD_FILES = "bestanden"
BY_ITSELF = "vanzelf"
"""The page saves itself while somebody types; the answer is JSON, and nothing but the texts is kept."""
LOOK_AGAIN = "let-op"
"""In the address of a page of questions: say what is missing on it."""


@bp.route("/melden")
@public
def choose() -> ResponseReturnValue:
    """Which way to file, and what this desk does and does not do."""
    actor = current_actor()
    return render_template("intake/choose.html", can_draft=actor.can(Permission.EDIT_DRAFT), actor=actor)


@bp.route("/melden/bewoner", methods=["GET", "POST"])
@public
@commits
def begin_as_resident() -> ResponseReturnValue:
    return _begin(act_as(VISITOR), by_organisation=False)


@bp.route("/melden/organisatie/nieuw", methods=["GET", "POST"])
@requires(Permission.EDIT_DRAFT)
@commits
def begin_as_organisation() -> ResponseReturnValue:
    return _begin(current_act(), by_organisation=True)


@bp.route("/zaken/nieuw", methods=["GET", "POST"])
@requires(Permission.TRIAGE_CASE)
@commits
def begin_at_desk() -> ResponseReturnValue:
    """The first page, filled in by the desk for somebody who called or came by."""
    return _begin(current_act(), by_organisation=False, at_desk=True)


def _begin(act: Act, *, by_organisation: bool, at_desk: bool = False) -> ResponseReturnValue:
    """The first page; the draft is made when it is sent, so that looking leaves nothing behind."""
    author_key()  # marks this browser, so that a double click on the first page is seen as one
    step = steps_for(by_organisation=by_organisation)[0]
    form = step.form()
    if is_sent(form):
        with errors_on(form):
            create = intake.create_draft_at_desk if at_desk else intake.create_draft
            draft = create(act, form.texts() if at_desk else _first_texts(act, form))
            remember(draft.key, draft.version)
            if request.form.get("action") == LATER:
                return redirect(url_for("intake.saved", key=draft.key))
            problems = intake.problems_of(act, draft.data, by_organisation=by_organisation)
            return redirect(_way_on(draft.key, step, problems, by_organisation=by_organisation))
    elif request.method == "GET":
        form.fill({})
    return _step_page(step, form, None, by_organisation=by_organisation, at_desk=at_desk)


def _first_texts(act: Act, form: StepForm) -> dict[str, str]:
    """What was typed, with an organisation's own municipality filled in for the next page."""
    texts = form.texts()
    own = reference(db.session).organisations.get(act.actor.organisation_id or 0)
    if own is not None and own.municipality_id is not None:
        texts["municipality_id"] = str(own.municipality_id)
    return texts


@bp.route("/melden/<string:key>")
@by_link
def resume(key: str) -> ResponseReturnValue:
    """Where a mailed link leads: the first page that still needs something, else the check."""
    draft = open_here(key)
    problems = intake.problems_of(draft.act, draft.row.data, by_organisation=draft.by_organisation)
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
    form = found.form()
    if request.form.get("action") == BY_ITSELF:
        return _save_by_itself(draft, form)
    if is_sent(form):
        with errors_on(form):
            saved = _save(draft, found, form)
            if saved is not None:
                return saved
    elif request.method == "GET":
        form.fill(_as_shown(draft.row.data))
        if request.args.get(LOOK_AGAIN):
            _show_problems(form, draft)
    return _step_page(found, form, draft, by_organisation=draft.by_organisation, at_desk=draft.is_at_desk)


def _save(draft: OpenDraft, step: Step, form: StepForm) -> ResponseReturnValue | None:
    """Save one page and say where to go; None when a colleague changed the same page meanwhile."""
    locked = intake.open_draft(draft.act, draft.row.key)
    texts = _read_texts(form)
    if _is_changed_elsewhere(draft, form, locked.data, locked.version, texts):
        form.conflict = True
        form.form_errors = [*form.form_errors, CHANGED_MEANWHILE]
        form.basis.data = form.basis_of(_as_shown(locked.data))
        return None
    saved = intake.save_draft(draft.act, locked.key, locked.version, texts)
    files_refused = _keep_files(draft.act, form, locked.key)
    button = request.form.get("action", "")
    to_rules = rule_picker.press(draft.act, saved.key, button, step.slug)
    remember(saved.key, saved.version)
    if to_rules is not None:
        return redirect(to_rules)
    if button == LATER:
        return redirect(url_for("intake.saved", key=saved.key))
    here = url_for("intake.step", key=saved.key, slug=step.slug)
    if files_refused or button == ADD_FILES:
        return redirect(f"{here}#bestanden")
    problems = intake.problems_of(draft.act, saved.data, by_organisation=draft.by_organisation)
    return redirect(_way_on(saved.key, step, problems, by_organisation=draft.by_organisation))


def _save_by_itself(draft: OpenDraft, form: StepForm) -> ResponseReturnValue:
    """Keep the texts of a page that is still being typed, and say when; never over somebody else's."""
    if not is_sent(form):
        return {"problem": "ongeldig"}, 422
    locked = intake.open_draft(draft.act, draft.row.key)
    texts = form.texts()
    if "municipality_id" in texts:
        texts["municipality_id"] = municipalities.read(reference(db.session), texts["municipality_id"]).kept
    if _is_changed_elsewhere(draft, form, locked.data, locked.version, texts):
        return {"problem": "gewijzigd"}, 409
    saved = intake.save_draft(draft.act, locked.key, locked.version, texts)
    remember(saved.key, saved.version)
    return {"saved": clock_time(saved.updated_at), "basis": form.basis_of(_as_shown(saved.data))}


def _is_changed_elsewhere(
    draft: OpenDraft, form: StepForm, data: Mapping[str, str], version: int, texts: Mapping[str, str]
) -> bool:
    """Whether somebody else changed what this page shows, and these texts would go over it."""
    held = {name: data.get(name, "") for name in texts}
    is_known = draft.is_known_here and draft.row.version == version
    return form.basis.data != form.basis_of(_as_shown(data)) and not is_known and texts != held


def _read_texts(form: StepForm) -> dict[str, str]:
    """What was typed, with the name of the municipality turned into its number where it is one."""
    texts = form.texts()
    if "municipality_id" in texts:
        found = municipalities.read(reference(db.session), texts["municipality_id"])
        texts["municipality_id"] = found.kept
        if found.note:
            flash(found.note, "info")
    return texts


def _as_shown(data: Mapping[str, str]) -> dict[str, str]:
    """A draft with the name of its municipality in place of the number."""
    return {**data, "municipality_id": municipalities.words(reference(db.session), data.get("municipality_id", ""))}


def _keep_files(act: Act, form: StepForm, key: str) -> bool:
    """Keep the files that may be kept; say of each other one why not. Whether any was refused."""
    if "attachments" not in form:
        return False
    draft = intake.open_draft(act, key)
    is_refused = False
    for upload in request.files.getlist("attachments"):
        try:
            keep_uploads(act, [upload], draft=draft)
        except DomainError as error:
            flash(f"Niet toegevoegd. {error.message}", "error")
            is_refused = True
    return is_refused


def _way_on(key: str, step: Step, problems: Mapping[str, str], *, by_organisation: bool) -> str:
    """To the next page, or back to this one when something on it is missing."""
    if problems.keys() & set(step.form.draft_fields()):
        return _look_again(key, step.slug)
    slug = after(step, by_organisation=by_organisation)
    return url_for("intake.check", key=key) if slug == CHECK else url_for("intake.step", key=key, slug=slug)


def _look_again(key: str, slug: str) -> str:
    return f"{url_for('intake.step', key=key, slug=slug)}?{LOOK_AGAIN}=ja"


def _show_problems(form: StepForm, draft: OpenDraft) -> None:
    """Say beside each field of this page what is missing or wrong."""
    problems = intake.problems_of(draft.act, draft.row.data, by_organisation=draft.by_organisation)
    for name in form.draft_fields():
        if name in problems:
            form[name].errors = [problems[name]]
    if "municipality_id" in form and form["municipality_id"].data:
        like = municipalities.suggestions(reference(db.session), draft.row.data.get("municipality_id", ""))
        if like:
            form["municipality_id"].errors = [f"Deze gemeente kennen wij niet. Bedoelt u {' of '.join(like)}?"]


def _step_page(
    step: Step, form: StepForm, draft: OpenDraft | None, *, by_organisation: bool, at_desk: bool
) -> tuple[str, int]:
    steps = steps_for(by_organisation=by_organisation)
    held = _as_shown(draft.row.data) if draft is not None and form.conflict else {}
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
        by_organisation=by_organisation,
        at_desk=at_desk,
        municipality_names=[words for _, words in reference(db.session).municipality_options],
        files=files,
        limits=upload_limits(len(files)),
        theirs=_answers(step, held) if form.conflict else [],
        draft=draft.row if draft else None,
        picker=rule_picker.picker_for(draft.row, draft.act.today) if draft and step.slug == RULE else None,
        meter=completeness_of(draft.row.data, by_organisation=by_organisation) if draft else None,
    ), form_status(form) if request.method == "POST" else 200


@bp.route("/melden/<string:key>/controle", methods=["GET", "POST"])
@by_link
@commits
def check(key: str) -> ResponseReturnValue:
    """Everything once more, the choices, and the button that files it."""
    draft = open_here(key)
    if request.method == "POST" and draft.by_organisation:
        draft.act.actor.require(Permission.FILE_CASE)
    form = FilingForm()
    if not draft.by_organisation:
        del form.mandate
    problems: Mapping[str, str] = {}
    if is_sent(form):
        with errors_on(form):
            try:
                intake.file_case(draft.act, key, form.version.data or 0, form.texts())
                return redirect(url_for("intake.receipt", key=key))
            except FilingIncomplete as incomplete:
                problems = incomplete.problems
            except NotFound:
                # A second click that waited for the first one: the draft is a case by now.
                if intake.filed_case(draft.act, key) is None:
                    raise
                return redirect(url_for("intake.receipt", key=key), 303)
    elif request.method == "GET":
        form.fill(draft.row.data)
        form.version.data = draft.row.version
    return _check_page(open_here(key) if form.conflict else draft, form, problems)


def _check_page(draft: OpenDraft, form: FilingForm, problems: Mapping[str, str]) -> tuple[str, int]:
    """What was filled in, page by page, with what is missing on top."""
    if form.conflict:
        form.version.data = draft.row.version
    elsewhere = []
    for name, message in problems.items():
        if name in form:
            form[name].errors = [message]
        else:
            slug = slug_of(name, by_organisation=draft.by_organisation)
            elsewhere.append((message, f"{_look_again(draft.row.key, slug)}#{name}"))
    shown = _as_shown(draft.row.data)
    may_file = not draft.by_organisation or draft.act.actor.can(Permission.FILE_CASE)
    organisation_id = draft.row.organisation_id
    files = attachments.of_draft(db.session, draft.row.id)
    names = reference(db.session)
    by_whom = names.organisation_names[organisation_id] if organisation_id else None
    return render_template(
        "intake/check.html",
        form=form,
        draft=draft.row,
        parts=[(step, _shown_answers(step, shown)) for step in steps_for(by_organisation=draft.by_organisation)],
        elsewhere=elsewhere,
        files=files,
        rules=rule_picker.chosen_in(draft.row, draft.act.today),
        law_day=day_of_law(draft.row.data, draft.act.today),
        meter=completeness_of(draft.row.data, by_organisation=draft.by_organisation),
        preview=preview_of(draft.row.data, draft.row.kind, by_whom, len(files), names),
        may_file=may_file,
        at_desk=draft.is_at_desk,
        filers=[] if may_file or organisation_id is None else drafts.names_of_filers(db.session, organisation_id),
        back=steps_for(by_organisation=draft.by_organisation)[-1].slug,
    ), 422 if elsewhere else form_status(form)


def _shown_answers(step: Step, shown: Mapping[str, str]) -> list[tuple[str, str]]:
    """The answers of one page, without the optional questions that were left open."""
    required = {field.label.text for field in step.form(formdata=None) if _is_required(field)}
    return [(words, text) for words, text in _answers(step, shown) if text or words in required]


def _is_required(field: Field) -> bool:
    return bool(field.render_kw and field.render_kw.get("aria-required"))


def _answers(step: Step, shown: Mapping[str, str]) -> list[tuple[str, str]]:
    """Question and answer of one page, in the order in which they were asked."""
    form = step.form(formdata=None)
    answers = []
    for field in form:
        if field.name in form.draft_fields():
            text = shown.get(field.name, "")
            if field.name == "theme":
                text = label(Theme(text)) if text in set(Theme) else ""
            elif field.name == "refused_on":
                text = _day_in_words(text)
            elif isinstance(field, BooleanField):
                text = "Ja" if text == YES else ""
            answers.append((field.label.text, text))
    return answers


def _day_in_words(text: str) -> str:
    try:
        return full_date(date.fromisoformat(text))
    except ValueError:
        return text


@bp.route("/melden/<string:key>/ontvangen")
@by_link
def receipt(key: str) -> ResponseReturnValue:
    """The number of the case, and what happens now."""
    return render_template("intake/receipt.html", receipt=receipt_here(key))
