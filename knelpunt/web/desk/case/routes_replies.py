"""What the desk writes down for a submitter who reacted by telephone, by letter or at the counter."""

from collections.abc import Iterator

from flask.typing import ResponseReturnValue

from knelpunt.domain.cases.replies import OnBehalf, Reaction
from knelpunt.domain.errors import NotFound
from knelpunt.domain.permissions import Permission
from knelpunt.domain.vocabulary import CaseStatus, MessageKind, ProposalStatus, PublicationStatus
from knelpunt.extensions import db
from knelpunt.queries.accounts.accounts import who_answer
from knelpunt.queries.cases.page_rows import CaseFile, MessageRow
from knelpunt.services.submitters import replies
from knelpunt.services.submitters.reactions import CLOSED_FOR_ADDITIONS
from knelpunt.web.desk.blueprint import bp
from knelpunt.web.desk.case.forms_contact import ReplyForm
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
        question=_unanswered(file),
        proposal=file.proposal if Reaction.ACCEPT in fitting else None,
    )


def _record(reference: str, form: ReplyForm) -> None:
    said_by_id = form.said_by_id.data if "said_by_id" in form else None
    on_behalf = OnBehalf(filled_in(form.channel.data), filled_in(form.received_on.data), form.version.data, said_by_id)
    replies.write_down(current_context(), reference, filled_in(form.reaction.data), form.body.data or "", on_behalf)


def _fitting(file: CaseFile) -> Iterator[Reaction]:
    """What the submitter can react to now; what the desk waits for comes first."""
    case = file.case
    question = _unanswered(file)
    if question is not None and question.lapsed_on is None:
        yield Reaction.ANSWER
    if case.status is CaseStatus.PROPOSED and file.proposal is not None and file.proposal.status is ProposalStatus.SENT:
        yield Reaction.ACCEPT
        yield Reaction.REFUSE
    if case.publication is PublicationStatus.PREVIEW:
        yield Reaction.OBJECT
    if case.status not in CLOSED_FOR_ADDITIONS:
        yield Reaction.ADD
        if question is not None and question.lapsed_on is not None:
            yield Reaction.ANSWER


def _unanswered(file: CaseFile) -> MessageRow | None:
    """The last question, if nobody answered it; one that lapsed can still be answered by what came in time."""
    questions = [each for each in file.messages if each.kind is MessageKind.QUESTION]
    last = max(questions, key=lambda each: each.id, default=None)
    return last if last is not None and last.answered_on is None else None
