"""Changes of the law: what each may touch, and telling the people whose project it held up."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from knelpunt.domain.laws.changes import LawChangeKind, TouchStatus
from knelpunt.domain.permissions import Permission
from knelpunt.extensions import db
from knelpunt.queries.core.reference import reference
from knelpunt.queries.laws import changes as queries
from knelpunt.queries.laws.changes import LawChangeFilter
from knelpunt.services.laws import changes as law_changes
from knelpunt.web.desk.blueprint import bp
from knelpunt.web.shared.forms.form_page import filled_in
from knelpunt.web.shared.forms.forms import BaseForm, Chosen, DayField, EnumField, HiddenIntegerField, IdField
from knelpunt.web.shared.labels.labels import LAW_CHANGE_KIND
from knelpunt.web.shared.pages.list_filters import ListFilters, members, number_in
from knelpunt.web.shared.pages.list_filters import rows as row_values
from knelpunt.web.shared.requests.access import current_actor, current_context, requires
from knelpunt.web.shared.requests.bodies import pressed
from knelpunt.web.shared.requests.transactions import commits, errors_on, form_status

BY_HAND = (
    LawChangeKind.BILL_ADOPTED,
    LawChangeKind.NEW_VALIDITY,
    LawChangeKind.AMENDED,
    LawChangeKind.SUCCESSOR,
)
TOUCHES, TOUCHES_NOT = "raakt", "raakt-niet"
LONG_TEXT = 2000
MOST_CHOSEN = 1000


class DecideForm(BaseForm):
    """What is chosen stands in tick boxes of the table, by touch id."""

    meaning = TextAreaField(
        "Wat betekent dit voor de indieners?",
        [Length(max=LONG_TEXT, message=f"Maak de tekst korter: ten hoogste {LONG_TEXT} tekens.")],
        description="Dit staat in de mail. Alleen nodig als de wijziging zaken raakt.",
        render_kw={"rows": 4},
    )


class DecideAllForm(DecideForm):
    """The same for everything that waits; ``last_id`` is where the batch ends that the page counted."""

    last_id = HiddenIntegerField(validators=[InputRequired("Laad deze pagina opnieuw en probeer het nog eens.")])


class NoteForm(BaseForm):
    law_id = IdField("Wet", [Chosen("Kies een wet.")])
    kind = EnumField("Wat gebeurt er?", [Chosen("Kies wat er gebeurt.")], kind=LawChangeKind, members=BY_HAND)
    on_day = DayField("Vanaf welke dag werkt het?", description="Mag leeg blijven als de dag niet bekend is.")
    summary = TextAreaField(
        "Wat verandert er?",
        [
            DataRequired("Schrijf op wat er verandert."),
            Length(max=LONG_TEXT, message=f"Maak de tekst korter: ten hoogste {LONG_TEXT} tekens."),
        ],
        description="Dit staat in de mail aan de indieners.",
        render_kw={"rows": 4},
    )
    source = StringField(
        "Bron",
        [DataRequired("Vul het adres van de bron in.")],
        description="Bijvoorbeeld het Staatsblad op officielebekendmakingen.nl.",
        render_kw={"inputmode": "url"},
    )


@bp.route("/wetswijzigingen")
@requires(Permission.READ_CASES)
def law_change_list() -> ResponseReturnValue:
    """Every change, the latest first."""
    names = reference(db.session)
    asked = ListFilters(request.args, url_for("desk.law_change_list"))
    wanted = LawChangeFilter(
        waiting_only=asked.choice("stand", {"wacht": (True, "Wacht op een besluit")}, "", "Alles") or False,
        law_id=asked.choice("wet", row_values(names.law_options)),
        kind=asked.choice("soort", members(LawChangeKind, LAW_CHANGE_KIND.__getitem__)),
    )
    rows, total = queries.list_changes(db.session, wanted, asked.read_page())
    return render_template(
        "desk/law_changes.html",
        rows=rows,
        total=total,
        wanted=wanted,
        law_options=names.law_options,
        kind_options=[(kind.value, text) for kind, text in LAW_CHANGE_KIND.items()],
        chips=asked.chips(),
        clear_href=asked.path,
        first_href=asked.address() if asked.page > 1 else None,
        next_href=asked.address(pagina=asked.page + 1) if asked.page * queries.PAGE_SIZE < total else None,
        may_note=current_actor().can(Permission.TRIAGE_CASE),
    )


@bp.route("/wetswijzigingen/nieuw", methods=["GET", "POST"])
@requires(Permission.TRIAGE_CASE)
@commits
def law_change_note() -> ResponseReturnValue:
    """Write down a change that the catalogue does not know yet."""
    form = NoteForm()
    form.law_id.offer(reference(db.session).law_options)
    if form.validate_on_submit():
        with errors_on(form):
            change = law_changes.note_by_hand(
                current_context(),
                law_id=form.law_id.data,
                provision_id=None,
                kind=form.kind.data,
                on_day=form.on_day.data,
                summary=form.summary.data or "",
                source=form.source.data or "",
            )
            flash("De wijziging is vastgelegd.")
            return redirect(url_for("desk.law_change", change_id=change.id), 303)
    return render_template("desk/law_change_note.html", form=form), form_status(form)


@bp.get("/wetswijzigingen/<id:change_id>")
@requires(Permission.READ_CASES)
def law_change(change_id: int) -> ResponseReturnValue:
    """One change, with everything that it may touch."""
    return _page(change_id, DecideForm(), frozenset(), all_chosen=request.args.get("kies") == "alles")


@bp.post("/wetswijzigingen/<id:change_id>")
@requires(Permission.TRIAGE_CASE)
@commits
def law_change_decide(change_id: int) -> ResponseReturnValue:
    """Say of one or of many at once whether the change touches them."""
    form = DecideForm()
    typed = request.form.getlist("gekozen")[:MOST_CHOSEN]
    chosen = frozenset(int(each) for each in typed if each.isascii() and each.isdigit() and len(each) < 19)
    if form.validate_on_submit():
        with errors_on(form):
            context, reopen = current_context(), request.form.get("heropenen") == "ja"
            if _touches():
                number = law_changes.confirm(context, change_id, chosen, meaning=form.meaning.data or "", reopen=reopen)
                _say_confirmed(number)
            else:
                _say_refused(law_changes.refuse(context, change_id, chosen))
            return redirect(url_for("desk.law_change", change_id=change_id), 303)
    return _page(change_id, form, chosen)


@bp.route("/wetswijzigingen/<id:change_id>/alles", methods=["GET", "POST"])
@requires(Permission.TRIAGE_CASE)
@commits
def law_change_decide_all(change_id: int) -> ResponseReturnValue:
    """Decide at once on everything that waits: the page counts it first, and no more than it counted is decided."""
    form = DecideAllForm()
    if form.validate_on_submit():
        with errors_on(form):
            context, reopen, last_id = (
                current_context(),
                request.form.get("heropenen") == "ja",
                filled_in(form.last_id.data),
            )
            if _touches():
                meaning = form.meaning.data or ""
                _say_confirmed(law_changes.confirm_waiting(context, change_id, last_id, meaning=meaning, reopen=reopen))
            else:
                _say_refused(law_changes.refuse_waiting(context, change_id, last_id))
            return redirect(url_for("desk.law_change", change_id=change_id), 303)
    batch = queries.waiting_batch(db.session, change_id, law_changes.MOST_AT_ONCE)
    form.last_id.data = batch.last_id
    page = render_template(
        "desk/law_change_all.html",
        change=queries.law_change(db.session, change_id),
        form=form,
        batch=batch,
        reopens=request.form.get("heropenen") == "ja",
    )
    return page, form_status(form)


def _touches() -> bool:
    """Whether the button says that the change touches what was chosen. Raises DomainError for no such button."""
    return pressed("besluit", {TOUCHES: True, TOUCHES_NOT: False}, "Kies of de wijziging raakt wat u koos.")


def _say_confirmed(number: int) -> None:
    if number:
        flash(f"Bevestigd voor {number} uit de lijst. Indieners krijgen bericht. Ruimtewijzers kijken wij na.")
    else:
        flash(law_changes.DECIDED_ALREADY, "info")


def _say_refused(number: int) -> None:
    if number:
        flash(f"Vastgelegd dat de wijziging {number} hiervan niet raakt.")
    else:
        flash(law_changes.DECIDED_ALREADY, "info")


def _page(change_id: int, form: DecideForm, chosen: frozenset[int], *, all_chosen: bool = False) -> ResponseReturnValue:
    waiting_only = request.args.get("stand") != "alles"
    place = number_in(request.args.get("na", ""))
    rows, after = queries.touched_cases(db.session, change_id, waiting_only=waiting_only, after=place)
    pages = queries.touched_pages(db.session, change_id, waiting_only=waiting_only)
    if all_chosen:
        of_cases = {each.touch_id for each in rows if each.touch is TouchStatus.OPEN}
        chosen = frozenset(of_cases | {each.touch_id for each in pages if each.touch is TouchStatus.OPEN})
    names = reference(db.session)
    here = {"na": str(place)} if place else {}
    page = render_template(
        "desk/law_change.html",
        change=queries.law_change(db.session, change_id),
        form=form,
        rows=rows,
        pages=pages,
        chosen=chosen,
        choose_href=_change_page(change_id, waiting_only, **here, **({} if all_chosen else {"kies": "alles"})),
        all_chosen=all_chosen,
        reopens=request.form.get("heropenen") == "ja",
        may_decide=current_actor().can(Permission.TRIAGE_CASE),
        waiting_only=waiting_only,
        first_href=_change_page(change_id, waiting_only) if place else None,
        next_href=_change_page(change_id, waiting_only, na=str(after)) if after else None,
        municipality_names=names.municipality_names,
        staff_names=names.staff_names,
    )
    return page, form_status(form)


def _change_page(change_id: int, waiting_only: bool, **more: str) -> str:
    kept = {} if waiting_only else {"stand": "alles"}
    return url_for("desk.law_change", change_id=change_id, **{**kept, **more})  # type: ignore[arg-type]
