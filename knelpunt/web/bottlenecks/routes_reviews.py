"""A step of a rule bottleneck that waits for a second person: what was filled in, and what happens to it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from knelpunt.domain.bottlenecks import STEP_WORDS, BottleneckProposalStatus, BottleneckStep
from knelpunt.domain.errors import DomainError, NotFound, VersionConflict
from knelpunt.domain.permissions import Permission
from knelpunt.domain.redaction.checks import Found, in_words
from knelpunt.domain.redaction.finds import Piece, pieces
from knelpunt.extensions import db
from knelpunt.queries.bottlenecks import proposals
from knelpunt.queries.bottlenecks.proposals import BottleneckProposalRow
from knelpunt.queries.core.reference import reference
from knelpunt.queries.laws import catalogue as laws
from knelpunt.services.bottlenecks import reviews
from knelpunt.services.bottlenecks.redaction import NOTHING_STANDING, PUBLIC_FIELDS
from knelpunt.services.bottlenecks.reviews import Filled
from knelpunt.web.bottlenecks.blueprint import bp
from knelpunt.web.bottlenecks.forms import ReviewForm
from knelpunt.web.bottlenecks.words import BADGES, STATUS_WORDS
from knelpunt.web.shared.labels.labels import label
from knelpunt.web.shared.pages.filters import full_date
from knelpunt.web.shared.requests.access import current_actor, current_context, requires, today_in_nl
from knelpunt.web.shared.requests.transactions import commits, form_status

AGREE, RETURN, CANCEL = "akkoord", "teruggeven", "intrekken"
PICK = "Kies wat er met de stap gebeurt."
DONE = {
    AGREE: "De stap is vastgelegd. Wie dit volgt, krijgt bericht.",
    RETURN: "De stap is teruggegeven. Wie hem vroeg, krijgt bericht.",
    CANCEL: "De stap is ingetrokken.",
}
CORRECTED = "De nieuwe tekst staat op de site."
_TEXTS = {
    "title": "Titel",
    "problem": "Wat knelt er?",
    "reason": "Waarom",
    "body": "Nieuws voor iedereen",
    "waiting_for": "Waar het op wacht",
    "change": "Wat er is gewijzigd",
}


@bp.route("/regelknelpunten/voorstellen/<id:proposal_id>", methods=["GET", "POST"])
@requires(Permission.REVIEW_BOTTLENECK, Permission.MOVE_BOTTLENECK, Permission.SIGNAL_BOTTLENECK)
@commits
def review(proposal_id: int) -> ResponseReturnValue:
    """For who may be the second person, and for who asked."""
    form, row = ReviewForm(), _readable(proposal_id)
    if form.validate_on_submit() and (done := _decide(form, proposal_id)) is not None:
        row = _readable(proposal_id)
        flash(CORRECTED if done == AGREE and row.step is BottleneckStep.CORRECT else DONE[done])
        if done == AGREE and row.reference is not None:
            return redirect(url_for("bottlenecks.page", bottleneck_number=row.reference), 303)
        return redirect(url_for("bottlenecks.review", proposal_id=proposal_id), 303)
    row, actor = _readable(proposal_id), current_actor()
    filled, is_open = reviews.filled_of(row), row.status is BottleneckProposalStatus.OPEN
    found = reviews.found_in(db.session, row.bottleneck_id, filled)
    standing = reviews.standing_in(db.session, row.bottleneck_id, row.step, filled) if is_open else NOTHING_STANDING
    is_own = row.proposed_by_id == actor.account_id
    page = render_template(
        "bottlenecks/review.html",
        form=form,
        row=row,
        step_words=STEP_WORDS[row.step],
        lines=_lines(filled),
        texts=_texts(filled, found),
        stands_now=reviews.stands_now(db.session, row) if is_open else {},
        told=[*in_words(found, PUBLIC_FIELDS), *standing.told],
        reach=_reach(row, filled) if is_open else [],
        is_open=is_open,
        is_own=is_own,
        may_decide=is_open and not is_own and actor.can(Permission.REVIEW_BOTTLENECK),
        status_words=STATUS_WORDS[row.status],
        badge=BADGES[row.status],
        back=url_for("bottlenecks.page", bottleneck_number=row.reference)
        if row.reference
        else url_for("bottlenecks.index"),
        values={"agree": AGREE, "give_back": RETURN, "cancel": CANCEL},
    )
    return page, form_status(form)


def _readable(proposal_id: int) -> BottleneckProposalRow:
    """The proposal, for who may be a second person and for who asked. Raises NotFound for others."""
    row, actor = proposals.one(db.session, proposal_id), current_actor()
    may_read = actor.can(Permission.REVIEW_BOTTLENECK) or (row is not None and row.proposed_by_id == actor.account_id)
    if row is None or not may_read:
        raise NotFound()
    return row


def _decide(form: ReviewForm, proposal_id: int) -> str | None:
    """Do what the button says; None when the form says why not."""
    context, wanted = current_context(), request.form.get("besluit", "")
    try:
        if wanted == AGREE:
            reviews.approve(context, proposal_id, form.pass_reason.data or "")
        elif wanted == RETURN:
            reviews.give_back(context, proposal_id, form.note.data or "")
        elif wanted == CANCEL:
            reviews.cancel(context, proposal_id)
        else:
            form.form_errors = [PICK]
            return None
    except VersionConflict as error:
        db.session.rollback()
        form.conflict, form.form_errors = True, [error.message]
        return None
    except DomainError as error:
        if error.status != 422:
            raise
        db.session.rollback()
        if error.field is not None and error.field in form:
            form[error.field].errors = [error.message]
        else:
            form.form_errors = [error.message]
        return None
    return wanted


def _lines(filled: Filled) -> list[tuple[str, str | None]]:
    """What was filled in beside the texts, in words."""
    names = reference(db.session)
    ids = [id_ for id_, _role in filled.provisions] + ([filled.provision_id] if filled.provision_id else [])
    provisions = [laws.provision_on(db.session, id_, filled.in_force_on or today_in_nl()) for id_ in ids]
    return [
        ("Bepaling", "; ".join(f"{each.citation}: {each.instrument}" for each in provisions) or None),
        ("Dag van inwerkingtreding", full_date(filled.in_force_on) if filled.in_force_on else None),
        ("Ministerie", names.ministry_names[filled.ministry_id] if filled.ministry_id else None),
        ("Eigenaar", names.staff_names[filled.owner_id] if filled.owner_id else None),
        ("Wat gaat er gebeuren?", label(filled.choice) if filled.choice else None),
        ("Laatste dag om te reageren", full_date(filled.until) if filled.until else None),
        ("Het andere regelknelpunt", filled.into or None),
        ("Link naar het officiële stuk", filled.source_url),
        ("Vanuit zaak", filled.case or None),
        ("Waarom de zaak hier hoort", filled.why or None),
    ]


def _texts(filled: Filled, found: tuple[Found, ...]) -> list[tuple[str, str, list[Piece]]]:
    """The public texts by field, what each is called, and with what points at somebody marked."""
    return [
        (name, _TEXTS[name], pieces(text, [each.find for each in found if each.field == name]))
        for name, text in filled.public_texts.items()
        if text
    ]


def _reach(row: BottleneckProposalRow, filled: Filled) -> list[tuple[str, int]]:
    """Whom the step tells, as far as a second person has to weigh that."""
    if row.bottleneck_id is None:
        return []
    context = current_context()
    if row.step is BottleneckStep.ERRATUM:
        submitters, followers = reviews.erratum_reach(context, row.bottleneck_id)
        return [("Indieners die een mail krijgen", submitters), ("Volgers die een mail krijgen", followers)]
    if row.step is BottleneckStep.BRING_INTO_FORCE and filled.provision_id is not None:
        reach = reviews.force_reach(context, row.bottleneck_id, filled.provision_id)
        return [
            ("Volgers die een mail krijgen", reach.followers),
            ("Zaken waarvan de indiener een mail krijgt", reach.submitters),
            ("Zaken waar het loket opnieuw naar kijkt", reach.rechecked),
        ]
    return []
