"""A second look at a closed case: who takes it, an answer to each point, the outcome; and what is done on request."""

from flask.typing import ResponseReturnValue

from knelpunt.domain.cases import workflow as steps
from knelpunt.domain.permissions import Permission
from knelpunt.domain.vocabulary import CaseStatus, SecondLookOutcome
from knelpunt.extensions import db
from knelpunt.queries.cases.handling import had_a_part
from knelpunt.queries.cases.page_rows import CaseFile
from knelpunt.queries.core.reference import reference as small_tables
from knelpunt.services.cases import resolution, second_looks, suspensions
from knelpunt.web.desk.blueprint import bp
from knelpunt.web.desk.case.view import Missing, may_stand_still
from knelpunt.web.desk.steps.forms_second_look import (
    ChangeForm,
    DeclineForm,
    KeepForm,
    SecondHandlerForm,
    SecondLookStartForm,
    SuspensionForm,
    form_for,
)
from knelpunt.web.desk.steps.page import (
    NOT_HERE,
    carried_out,
    done,
    filled_in,
    message_to,
    obstacles,
    read_file,
    show_step,
)
from knelpunt.web.shared.labels.labels import label
from knelpunt.web.shared.pages.filters import full_date
from knelpunt.web.shared.requests.access import current_actor, current_context, requires
from knelpunt.web.shared.requests.transactions import commits

FOR_THE_HEAD = "Het ligt nu bij het hoofd van het loket. Gaat dat akkoord, dan krijgt de indiener de uitkomst."
ASK_HEAD = "Leg voor aan het hoofd van het loket"


@bp.route("/zaken/<string:reference>/heroverweging-starten", methods=["GET", "POST"])
@requires(Permission.LEAD_SECOND_LOOK)
@commits
def start_second_look(reference: str) -> ResponseReturnValue:
    """Step 15 by the head of desk."""
    form = SecondLookStartForm()
    file = read_file(reference)
    form.handler_id.offer(_others(file))
    if form.validate_on_submit() and carried_out(
        form,
        lambda: resolution.start_second_look(
            current_context(),
            reference,
            form.version.data,
            reason=form.reason.data,
            handler_id=form.handler_id.data,
        ),
    ):
        return done(reference, "De zaak is in heroverweging. De indiener krijgt bericht.")
    file = read_file(reference)
    return show_step(
        file,
        form,
        title="De zaak opnieuw laten bekijken",
        lead=f"Een ander dan wie de zaak behandelde of de afsluiting toetste, bekijkt haar opnieuw. De indiener krijgt "
        f"{message_to(file)}.",
        button="Begin de heroverweging",
        blocked_by=obstacles(file, steps.START_SECOND_LOOK),
        stands_now=_state_now(file),
    )


@bp.route("/zaken/<string:reference>/tweede-behandelaar", methods=["GET", "POST"])
@requires(Permission.LEAD_SECOND_LOOK)
@commits
def name_second_handler(reference: str) -> ResponseReturnValue:
    """The head of desk names who looks at a case again."""
    form = SecondHandlerForm()
    form.handler_id.offer(_others(read_file(reference)))
    if form.validate_on_submit() and carried_out(
        form,
        lambda: second_looks.name_handler(current_context(), reference, form.version.data, form.handler_id.data),
    ):
        return done(reference, "De tweede behandelaar is aangewezen. De indiener krijgt bericht.")
    file = read_file(reference)
    return show_step(
        file,
        form,
        title="Tweede behandelaar aanwijzen",
        lead="Wie de zaak behandelde of de afsluiting toetste, staat niet in de lijst. U ook niet: u beslist over de "
        "uitkomst.",
        button="Wijs aan",
        template="desk/second_look.html",
        look=file.second_look,
        blocked_by=() if file.second_look else (Missing(NOT_HERE, None),),
        stands_now=[("Tweede behandelaar", file.handler or "niemand")],
    )


@bp.route("/zaken/<string:reference>/heroverweging-blijft", methods=["GET", "POST"])
@requires(Permission.HANDLE_CASE)
@commits
def keep_outcome(reference: str) -> ResponseReturnValue:
    """Step 16, first half: the outcome stays."""
    return _outcome(
        reference,
        KeepForm,
        steps.KEEP_OUTCOME,
        title="De uitkomst laten zoals zij is",
        lead="De zaak wordt dan weer afgesloten, met dezelfde uitkomst.",
    )


@bp.route("/zaken/<string:reference>/heroverweging-anders", methods=["GET", "POST"])
@requires(Permission.HANDLE_CASE)
@commits
def change_outcome(reference: str) -> ResponseReturnValue:
    """Step 16, first half: the case is handled again."""
    return _outcome(
        reference,
        ChangeForm,
        steps.CHANGE_OUTCOME,
        title="De uitkomst veranderen",
        lead="De zaak gaat dan weer open, en de tijd voor een voorstel begint opnieuw. Verandert een deel? Schrijf dan "
        "bij elk punt of het blijft.",
    )


def _outcome(
    reference: str, kind: type[KeepForm] | type[ChangeForm], step: steps.Transition, *, title: str, lead: str
) -> ResponseReturnValue:
    file = read_file(reference)
    points = file.second_look.points if file.second_look else ()
    form = form_for(kind, points)
    if form.validate_on_submit() and carried_out(
        form,
        lambda: resolution.request_second_look_outcome(
            current_context(),
            reference,
            filled_in(form.version.data),
            outcome=form.outcome.data if isinstance(form, ChangeForm) else SecondLookOutcome.KEPT,
            answers=[form[f"answer_{number}"].data for number in range(1, len(points) + 1)],
            reason=form.reason.data or "",
        ),
    ):
        return done(reference, FOR_THE_HEAD)
    file = read_file(reference)
    return show_step(
        file,
        form,
        title=title,
        lead=f"{lead} De indiener krijgt op elk punt uw antwoord.",
        button=ASK_HEAD,
        template="desk/second_look.html",
        look=file.second_look,
        blocked_by=obstacles(file, step),
        stands_now=_state_now(file),
    )


@bp.route("/zaken/<string:reference>/termijn-stilzetten", methods=["GET", "POST"])
@requires(Permission.HANDLE_CASE)
@commits
def suspend_term(reference: str) -> ResponseReturnValue:
    """Let a term stand still because the submitter asked for it, or agreed."""
    form = SuspensionForm()
    if form.validate_on_submit() and carried_out(
        form,
        lambda: suspensions.suspend_term(
            current_context(),
            reference,
            form.version.data,
            until=filled_in(form.until.data),
            reason=form.reason.data,
        ),
    ):
        return done(reference, "De termijn staat stil vanaf morgen. De indiener krijgt bericht.")
    file = read_file(reference)
    return show_step(
        file,
        form,
        title="Termijn stilzetten",
        lead="Doe dit alleen als de indiener erom vroeg of het goed vindt. De indiener krijgt "
        f"{message_to(file)} met de nieuwe laatste dag.",
        button="Zet de termijn stil",
        blocked_by=() if may_stand_still(file) else (Missing(suspensions.NO_TERM, None),),
        stands_now=_state_now(file),
    )


@bp.route("/zaken/<string:reference>/heropening-afwijzen", methods=["GET", "POST"])
@requires(Permission.HANDLE_CASE)
@commits
def decline_reopening(reference: str) -> ResponseReturnValue:
    """Leave a case closed whose submitter asked in aftercare to open it again."""
    form = DeclineForm()
    if form.validate_on_submit() and carried_out(
        form,
        lambda: resolution.decline_reopening(current_context(), reference, form.version.data, form.reason.data),
    ):
        return done(reference, "De zaak blijft gesloten. De indiener krijgt bericht.")
    file = read_file(reference)
    fits = file.case.status is CaseStatus.CLOSED and any(each.waits_for_desk for each in file.aftercare)
    return show_step(
        file,
        form,
        title="De zaak gesloten laten",
        lead="De indiener liet weten dat het project nog vastzit, en vroeg om de zaak opnieuw te openen.",
        button="Laat de zaak gesloten",
        blocked_by=() if fits else (Missing(resolution.NOBODY_ASKED, None),),
        stands_now=_state_now(file),
    )


def _others(file: CaseFile) -> list[tuple[int, str]]:
    """Who may look at the case again."""
    left_out = had_a_part(db.session, file.case.id) | {current_actor().account_id}
    return [option for option in small_tables(db.session).handler_options if option[0] not in left_out]


def _state_now(file: CaseFile) -> list[tuple[str, str | None]]:
    return [
        ("Staat", label(file.case.status)),
        ("Behandelaar", file.handler or "niemand"),
        ("Laatst gewijzigd", full_date(file.case.updated_at)),
    ]
