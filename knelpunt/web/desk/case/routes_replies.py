"""What the desk writes down for a submitter who reacted by telephone, by letter or at the counter."""

from collections.abc import Iterator

from flask.typing import ResponseReturnValue

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.cases.replies import OnBehalf, Reaction
from knelpunt.domain.errors import NotFound
from knelpunt.domain.permissions import Permission
from knelpunt.domain.vocabulary import CaseStatus, MessageKind, ProposalStatus, PublicationStatus
from knelpunt.extensions import db
from knelpunt.queries.accounts.accounts import who_answer
from knelpunt.queries.cases.page_rows import CaseFile, MessageRow
from knelpunt.services.submitters import aftercare, replies
from knelpunt.services.submitters.reactions import CLOSED_FOR_ADDITIONS
from knelpunt.web.desk.blueprint import bp
from knelpunt.web.desk.case.forms_contact import AftercareForm, ReplyForm
from knelpunt.web.desk.case.view import Missing
from knelpunt.web.desk.steps.page import NOT_HERE, carried_out, done, filled_in, read_file, show_step
from knelpunt.web.shared.labels.labels import label
from knelpunt.web.shared.pages.filters import full_date
from knelpunt.web.shared.requests.access import current_context, requires, today_in_nl
from knelpunt.web.shared.requests.transactions import commits

NOBODY = "Deze organisatie heeft geen account meer dat voor haar mag antwoorden."


@bp.route("/zaken/<string:reference>/reactie-opschrijven", methods=["GET", "POST"])
@requires(Permission.HANDLE_CASE)
@commits
def write_reply(reference: str) -> ResponseReturnValue:
    """Write down what the submitter said or wrote; the form offers what fits the case as it stands."""
    form = ReplyForm()
    file = read_file(reference)
    organisation_id = file.case.organisation_id
    if not file.has_contact and organisation_id is None:
        raise NotFound("Voor deze indiener kan het loket geen reactie opschrijven.")
    colleagues = None if organisation_id is None else who_answer(db.session, organisation_id)
    form.ask_who(colleagues)
    if form.validate_on_submit() and carried_out(form, lambda: _record(reference, form)):
        return done(reference, "De reactie van de indiener is opgeschreven.")
    if form.is_submitted():
        file = read_file(reference)  # as it stands now: somebody else may have changed it meanwhile
    fitting = tuple(_fitting(file))
    form.offer(fitting)
    if not form.is_submitted():
        form.received_on.data = today_in_nl()
        form.reaction.data = fitting[0] if fitting and fitting[0] is Reaction.ANSWER else None
    return show_step(
        file,
        form,
        template="desk/reply.html",
        title="Reactie van de indiener opschrijven",
        lead="Doe dit alleen als de indiener het u zelf zei of schreef. In het verloop staat dat u het opschreef, hoe "
        "het binnenkwam en wanneer. De indiener leest het op de eigen pagina. Bij een antwoord of een reactie op een "
        "voorstel krijgt de indiener ook bericht. Intrekken kunt u niet voor de indiener.",
        button="Leg de reactie vast",
        blocked_by=(Missing(NOT_HERE, None),) if not fitting else (Missing(NOBODY, None),) if colleagues == [] else (),
        stands_now=[("Staat", label(file.case.status)), ("Laatst gewijzigd", full_date(file.case.updated_at))],
        question=next((each for each in file.messages if _is_open(each)), None),
        proposal=file.proposal if Reaction.ACCEPT in fitting else None,
    )


def _record(reference: str, form: ReplyForm) -> None:
    said_by_id = form.said_by_id.data if "said_by_id" in form else None
    on_behalf = OnBehalf(filled_in(form.channel.data), filled_in(form.received_on.data), form.version.data, said_by_id)
    replies.write_down(current_context(), reference, filled_in(form.reaction.data), form.body.data or "", on_behalf)


def _fitting(file: CaseFile) -> Iterator[Reaction]:
    """What the submitter can react to now; what the desk waits for comes first."""
    case = file.case
    if case.status is CaseStatus.AWAITING_SUPPLEMENT and any(_is_open(each) for each in file.messages):
        yield Reaction.ANSWER
    if case.status is CaseStatus.PROPOSED and file.proposal is not None and file.proposal.status is ProposalStatus.SENT:
        yield Reaction.ACCEPT
        yield Reaction.REFUSE
    if case.publication is PublicationStatus.PREVIEW:
        yield Reaction.OBJECT
    if case.status is CaseStatus.CLOSED and any(row.clock is Clock.K6 for row in file.clocks):
        yield Reaction.SECOND_LOOK
    if case.status not in CLOSED_FOR_ADDITIONS:
        yield Reaction.ADD


def _is_open(message: MessageRow) -> bool:
    return message.kind is MessageKind.QUESTION and message.answered_on is None and message.lapsed_on is None


NOT_ASKED = "Aan deze indiener is geen nazorgvraag gesteld, of het loket besloot al over het antwoord."


@bp.route("/zaken/<string:reference>/nazorg", methods=["GET", "POST"])
@requires(Permission.HANDLE_CASE)
@commits
def write_aftercare(reference: str) -> ResponseReturnValue:
    """Write down whether the project went ahead, for a submitter who told it otherwise than by the link."""
    form = AftercareForm()
    file = read_file(reference)
    asked = next((each for each in reversed(file.aftercare) if each.settled_on is None), None)
    organisation_id = file.case.organisation_id
    if organisation_id is None:
        del form.said_by_id
    else:
        form.said_by_id.offer(who_answer(db.session, organisation_id))
    if (
        asked is not None
        and form.validate_on_submit()
        and carried_out(form, lambda: _record_aftercare(reference, asked.id, form))
    ):
        return done(reference, "Het antwoord van de indiener is opgeschreven.")
    if not form.is_submitted():
        form.received_on.data = today_in_nl()
    file = read_file(reference)
    return show_step(
        file,
        form,
        title="Antwoord op de nazorgvraag opschrijven",
        lead="Doe dit alleen als de indiener het u zelf zei of schreef.",
        button="Leg het antwoord vast",
        blocked_by=() if asked is not None else (Missing(NOT_ASKED, None),),
        stands_now=[("Antwoord", label(asked.answer) if asked is not None and asked.answer else "nog geen")],
    )


def _record_aftercare(reference: str, aftercare_id: int, form: AftercareForm) -> None:
    said_by_id = form.said_by_id.data if "said_by_id" in form else None
    aftercare.answer(
        current_context(),
        reference,
        aftercare_id,
        given=filled_in(form.answer.data),
        words=form.words.data or "",
        asks_reopening=form.asks_reopening.data,
        on_behalf=OnBehalf(
            filled_in(form.channel.data), filled_in(form.received_on.data), form.version.data, said_by_id
        ),
    )
