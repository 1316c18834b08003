"""A case and its rule: putting it under a rule bottleneck, closing it there, and opening a closed case again."""

from flask.typing import ResponseReturnValue

from knelpunt.domain.bottlenecks import LinkStatus
from knelpunt.domain.cases import workflow as steps
from knelpunt.domain.permissions import Permission
from knelpunt.extensions import db
from knelpunt.queries.bottlenecks import bottlenecks
from knelpunt.services.bottlenecks import links as bottleneck_links
from knelpunt.services.cases import resolution
from knelpunt.web.desk.blueprint import bp
from knelpunt.web.desk.case.view import Missing
from knelpunt.web.desk.steps.forms import BottleneckForm, LinkedClosingForm, ReopenForm
from knelpunt.web.desk.steps.page import carried_out, done, message_to, obstacles, read_file, show_step
from knelpunt.web.shared.forms.forms import choices
from knelpunt.web.shared.labels.labels import label
from knelpunt.web.shared.requests.access import current_context, requires
from knelpunt.web.shared.requests.transactions import commits


@bp.route("/zaken/<string:reference>/regelknelpunt", methods=["GET", "POST"])
@requires(Permission.HANDLE_CASE)
@commits
def link_bottleneck(reference: str) -> ResponseReturnValue:
    """Put a case under a rule bottleneck."""
    form = BottleneckForm()
    form.bottleneck.choices = choices([("", "Kies een regelknelpunt"), *bottlenecks.open_choices(db.session)])
    if form.validate_on_submit() and carried_out(
        form,
        lambda: bottleneck_links.propose_link(
            current_context(), reference, form.version.data, form.bottleneck.data.strip().upper()
        ),
    ):
        return done(reference, "De zaak staat bij het regelknelpunt. De eigenaar beslist of die daar hoort.")
    file = read_file(reference)
    under = bottlenecks.bottlenecks_of_case(db.session, file.case.id)
    fits = file.case.status in bottleneck_links.CAN_BE_LINKED
    return show_step(
        file,
        form,
        title="Bij een regelknelpunt zetten",
        lead="Doe dit als dezelfde regel meer projecten tegenhoudt. De indiener hoort dan elk nieuws over de regel.",
        button="Zet de zaak bij dit regelknelpunt",
        template="desk/link_bottleneck.html",
        under=under,
        blocked_by=() if fits else (Missing(bottleneck_links.NOT_OPEN, None),),
        stands_now=[(title, label(status)) for _number, title, status in under],
    )


@bp.route("/zaken/<string:reference>/afsluiten-met-regelknelpunt", methods=["GET", "POST"])
@requires(Permission.HANDLE_CASE)
@commits
def close_linked(reference: str) -> ResponseReturnValue:
    """Step 14: close a case whose rule has to move first."""
    file = read_file(reference)
    accepted = [
        (number, f"{title} ({number})")
        for number, title, status in bottlenecks.bottlenecks_of_case(db.session, file.case.id)
        if status is LinkStatus.ACCEPTED
    ]
    form = LinkedClosingForm()
    form.bottleneck.choices = choices(accepted)
    if form.validate_on_submit() and carried_out(
        form,
        lambda: bottleneck_links.request_linked_closing(
            current_context(),
            reference,
            form.version.data,
            bottleneck_reference=form.bottleneck.data,
            reason=form.reason.data,
            next_step=form.next_step.data,
        ),
    ):
        return done(reference, "De stap wacht op een tweede persoon.")
    file = read_file(reference)
    none_yet = Missing("De eigenaar van een regelknelpunt heeft de zaak nog niet aanvaard.", "regelknelpunt")
    return show_step(
        file,
        form,
        title="Afsluiten bij een regelknelpunt",
        lead=f"Kies dit als alleen een andere regel helpt. De indiener krijgt {message_to(file)}, en hoort daarna elk "
        "nieuws.",
        button="Vraag om toetsing",
        blocked_by=(*obstacles(file, steps.CLOSE_LINKED), *(() if accepted else (none_yet,))),
    )


@bp.route("/zaken/<string:reference>/heropenen", methods=["GET", "POST"])
@requires(Permission.HANDLE_CASE)
@commits
def reopen(reference: str) -> ResponseReturnValue:
    """Step 17: open a closed case again."""
    form = ReopenForm()
    if form.validate_on_submit() and carried_out(
        form, lambda: resolution.reopen(current_context(), reference, form.version.data, form.reason.data)
    ):
        return done(reference, "De zaak is weer open. De indiener krijgt bericht.")
    file = read_file(reference)
    return show_step(
        file,
        form,
        title="Zaak opnieuw openen",
        lead="Doe dit als de regel is veranderd of het project nog vastzit. De tijd voor een voorstel begint opnieuw.",
        button="Open de zaak opnieuw",
        blocked_by=obstacles(file, steps.REOPEN),
    )
