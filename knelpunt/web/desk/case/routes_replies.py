"""What the desk writes down for a submitter who reacted by telephone, by letter or at the counter."""

from collections.abc import Iterator
from typing import Any

from flask import request

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.domain.cases.replies import OnBehalf, Reaction, ReplyChannel
from knelpunt.domain.errors import DomainError, NotFound
from knelpunt.domain.permissions import Permission
from knelpunt.domain.vocabulary import CaseStatus, ProposalStatus, PublicationStatus, ReferralStatus
from knelpunt.extensions import db
from knelpunt.queries.accounts.accounts import who_answer
from knelpunt.queries.cases.page_rows import CaseFile, MessageRow
from knelpunt.queries.cases.submitter_rows import AftercareRow
from knelpunt.services.submitters import aftercare, replies
from knelpunt.services.submitters.reactions import CLOSED_FOR_ADDITIONS
from knelpunt.web.desk.case.forms_contact import AftercareForm, ReplyForm
from knelpunt.web.desk.case.view import Missing
from knelpunt.web.desk.steps.page import NOT_HERE, StepPage, step_page
from knelpunt.web.shared.forms.form_page import filled_in
from knelpunt.web.shared.pages.list_filters import number_in
from knelpunt.web.shared.requests.access import today_in_nl

NOT_ASKED = "Aan deze indiener is geen nazorgvraag gesteld, of het loket besloot al over het antwoord."
NOBODY = "Deze organisatie heeft geen account meer dat voor haar mag antwoorden."


@step_page("reactie-opschrijven", Permission.HANDLE_CASE)
class WriteReply(StepPage[ReplyForm]):
    """Write down what the submitter said or wrote; the form offers what fits the case as it stands."""

    form_class = ReplyForm
    title = "Reactie van de indiener opschrijven"
    lead = (
        "Doe dit alleen als de indiener het u zelf zei of schreef. In het verloop staat dat u het opschreef, hoe het "
        "binnenkwam en wanneer. De indiener leest het op de eigen pagina. Bij een antwoord of een reactie op een "
        "voorstel krijgt de indiener ook bericht. Intrekken kunt u niet voor de indiener."
    )
    button = "Leg de reactie vast"
    done = "De reactie van de indiener is opgeschreven."
    template = "desk/reply.html"

    def offer(self) -> None:
        organisation_id = self.case.organisation_id
        if not self.file.has_contact and organisation_id is None:
            raise NotFound("Voor deze indiener kan het loket geen reactie opschrijven.")
        self.colleagues = None if organisation_id is None else who_answer(db.session, organisation_id)
        self.form.ask_who(self.colleagues)

    def act(self) -> None:
        form = self.form
        said_by_id = form.said_by_id.data if "said_by_id" in form else None
        on_behalf = OnBehalf(
            filled_in(form.channel.data), filled_in(form.received_on.data), form.version.data, said_by_id
        )
        replies.write_down(self.context, self.reference, filled_in(form.reaction.data), form.body.data or "", on_behalf)

    def prefill(self) -> None:
        self.form.received_on.data = today_in_nl()
        self.form.reaction.data = Reaction.ANSWER if self.fitting[:1] == (Reaction.ANSWER,) else None
        mailed = self.mailed
        if mailed is not None:
            self.form.channel.data = ReplyChannel.MAIL
            self.form.received_on.data = nl_day(mailed.written_at)
            self.form.body.data = mailed.body

    @property
    def mailed(self) -> MessageRow | None:
        """The mail from which somebody comes here, to write down what it says."""
        mail_id = number_in(request.args.get("mail", ""))
        reply_id = next((each.reply_id for each in self.file.mailed if each.id == mail_id), None)
        return next((each for each in self.file.messages if each.id == reply_id), None)

    @property
    def fitting(self) -> tuple[Reaction, ...]:
        return tuple(_fitting(self.file))

    @property
    def blocked_by(self) -> tuple[Missing, ...]:
        if not self.fitting:
            return (Missing(NOT_HERE, None),)
        return (Missing(NOBODY, None),) if self.colleagues == [] else ()

    def shown(self) -> dict[str, Any]:
        self.form.offer(self.fitting)
        return super().shown() | {
            "question": self.file.unanswered_question,
            "proposal": self.file.proposal if Reaction.ACCEPT in self.fitting else None,
        }


def _fitting(file: CaseFile) -> Iterator[Reaction]:
    """What the submitter can react to now; what the desk waits for comes first."""
    case = file.case
    question = file.unanswered_question
    if question is not None and question.lapsed_on is None:
        yield Reaction.ANSWER
    if case.status is CaseStatus.PROPOSED and file.proposal is not None and file.proposal.status is ProposalStatus.SENT:
        yield Reaction.ACCEPT
        yield Reaction.REFUSE
    if file.open_referral is not None and file.open_referral.status is ReferralStatus.CONSENT_ASKED:
        yield Reaction.SHARE
        yield Reaction.NOT_SHARE
    if case.publication is PublicationStatus.PREVIEW:
        yield Reaction.OBJECT
    if case.status is CaseStatus.CLOSED and any(row.clock is Clock.K6 for row in file.clocks):
        yield Reaction.SECOND_LOOK
    if case.status not in CLOSED_FOR_ADDITIONS:
        yield Reaction.ADD
        if question is not None and question.lapsed_on is not None:
            yield Reaction.ANSWER


@step_page("nazorg", Permission.HANDLE_CASE)
class WriteAftercare(StepPage[AftercareForm]):
    """Write down whether the project went ahead, for a submitter who told it otherwise than by the link."""

    form_class = AftercareForm
    title = "Antwoord op de nazorgvraag opschrijven"
    lead = "Doe dit alleen als de indiener het u zelf zei of schreef."
    button = "Leg het antwoord vast"
    done = "Het antwoord van de indiener is opgeschreven."

    def offer(self) -> None:
        if self.case.organisation_id is None:
            del self.form.said_by_id
        else:
            self.form.said_by_id.offer(who_answer(db.session, self.case.organisation_id))

    def act(self) -> None:
        form, asked = self.form, self.asked
        if asked is None:
            raise DomainError(NOT_ASKED)
        said_by_id = form.said_by_id.data if "said_by_id" in form else None
        aftercare.answer(
            self.context,
            self.reference,
            asked.id,
            given=filled_in(form.answer.data),
            words=form.words.data or "",
            asks_reopening=form.asks_reopening.data,
            on_behalf=OnBehalf(
                filled_in(form.channel.data), filled_in(form.received_on.data), form.version.data, said_by_id
            ),
        )

    def prefill(self) -> None:
        self.form.received_on.data = today_in_nl()

    @property
    def asked(self) -> AftercareRow | None:
        """The last question, until the desk decided on its answer."""
        return next((each for each in reversed(self.file.aftercare) if each.settled_on is None), None)

    @property
    def blocked_by(self) -> tuple[Missing, ...]:
        return () if self.asked is not None else (Missing(NOT_ASKED, None),)
