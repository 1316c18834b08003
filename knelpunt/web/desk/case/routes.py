"""The page of one case for the desk, what stands behind it, and the short acts on it: note, message, contact."""

from datetime import date
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from knelpunt.domain.calendar.leave import acting_for
from knelpunt.domain.calendar.replay import replay
from knelpunt.domain.cases.requirements import met
from knelpunt.domain.errors import NotFound
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import HANDLED_IT_FIRST, Permission
from knelpunt.domain.vocabulary import OPEN_STATUSES, ReviewStatus
from knelpunt.extensions import db
from knelpunt.models import Contact
from knelpunt.queries.accounts.accounts import names_of
from knelpunt.queries.archive import lists
from knelpunt.queries.cases.page_rows import CaseFile, ReviewRow
from knelpunt.queries.collaboration.tasks import OVER as NO_MORE_TASKS
from knelpunt.queries.collaboration.tasks import readers
from knelpunt.queries.core import cases
from knelpunt.queries.core.reference import Reference
from knelpunt.queries.core.reference import reference as small_tables
from knelpunt.queries.search.related import named_bottlenecks, named_cases
from knelpunt.services.cases import attachments, reviews, triage
from knelpunt.services.collaboration import notes
from knelpunt.web.desk.blueprint import bp
from knelpunt.web.desk.case.next_steps import ways_for
from knelpunt.web.desk.case.presence import note_reader
from knelpunt.web.desk.case.timeline import Others, bottleneck_ids, other_case_ids, said_by_ids, timeline_of
from knelpunt.web.desk.case.view import (
    actions_for,
    clock_line,
    confirmed_answers,
    is_kept_out,
    running_term,
    shown_clocks,
    time_taken,
    turn,
)
from knelpunt.web.desk.steps.forms import FilesForm, MessageForm, NoteForm
from knelpunt.web.desk.steps.page import LetterPage, StepPage, case_address, read_file, step_page
from knelpunt.web.desk.worklist.place import list_of
from knelpunt.web.shared.labels.labels import label
from knelpunt.web.shared.pages.files import download, keep_uploads, looked_at, upload_limits
from knelpunt.web.shared.requests.access import current_actor, current_context, requires, today_in_nl
from knelpunt.web.shared.requests.transactions import commits


@bp.route("/zaken/<string:reference>")
@requires(Permission.READ_CASES, Permission.READ_CASES_OF_OWN_RULES)
def case_page(reference: str) -> ResponseReturnValue:
    return _show(read_file(reference))


@bp.route("/zaken/<string:reference>/contact", methods=["POST"])
@requires(Permission.READ_CONTACT)
@commits
def open_contact(reference: str) -> ResponseReturnValue:
    """The case page with the contact data open, once: it is not an address to come back to, and not kept."""
    contact = triage.open_contact(current_context(), reference)
    return _show(read_file(reference), contact)


def _show(file: CaseFile, contact: Contact | None = None) -> str:
    actor, today = current_actor(), today_in_nl()
    case = file.case
    names = small_tables(db.session)
    if case.archived_on is not None:
        return render_template(
            "desk/archived.html",
            file=file,
            case=case,
            list_path=list_of(actor)[1],
            may_publish=actor.can(Permission.PUBLISH_CASE),
            municipality=names.municipality_names[case.municipality_id]
            if case.municipality_id
            else case.municipality_then,
            list_id=lists.list_of(db.session, case.id) if actor.can(Permission.READ_ARCHIVE) else None,
        )
    review = file.open_review
    list_words, list_path = list_of(actor)
    facts = met(case, file.findings, today)
    may_decide = (
        review is not None
        and actor.can(Permission.REVIEW_CASE)
        and not is_kept_out(case, actor)
        and reviews.why_not_second(db.session, case.id, case.handler_id, review, actor.account_id, today) is None
    )
    return render_template(
        "desk/case.html",
        file=file,
        case=case,
        contact=contact,
        names=names,
        stands_in=_stands_in(case.handler_id, case.first_handler_id, names, today),
        case_path=case_address(case.reference),
        list_words=list_words,
        list_path=list_path,
        sees_all=actor.can(Permission.READ_CASES),
        turn=turn(file, today),
        term=running_term(file, today),
        clocks=[clock_line(row, today) for row in shown_clocks(file.clocks)],
        time_taken=time_taken(case, file.clocks, today),
        ways=ways_for(file, facts, actor, actions_for(file, facts, actor), today, may_decide=may_decide),
        timeline=timeline_of(
            file,
            names,
            names_of(db.session, said_by_ids(file)),
            Others(
                named_cases(db.session, actor, other_case_ids(file)),
                named_bottlenecks(db.session, bottleneck_ids(file)),
            ),
        ),
        review=review,
        review_words=reviews.STEP_WORDS,
        kept_out=HANDLED_IT_FIRST if is_kept_out(case, actor) else None,
        participants=[
            f"{names.municipality_names[each.municipality_id]} ({label(each.status).lower()})"
            for each in file.participants
        ],
        today=today,
        present=note_reader(file),
        may_add_tasks=actor.can(Permission.WRITE_NOTE)
        and not is_kept_out(case, actor)
        and case.status not in NO_MORE_TASKS,
        may_work=actor.can(Permission.WRITE_NOTE) and not is_kept_out(case, actor),
        may_consult=actor.can(Permission.HANDLE_CASE),
        may_settle=actor.can(Permission.DECIDE_DISAGREEMENT),
        open_statuses=OPEN_STATUSES,
        may_mark=actor.can(Permission.HANDLE_CASE) and not is_kept_out(case, actor),
        may_hold=actor.can(Permission.MANAGE_ARCHIVE) and not is_kept_out(case, actor),
        may_remove_files=actor.can(Permission.HANDLE_CASE),
        may_judge_mail=actor.can(Permission.HANDLE_CASE) and not is_kept_out(case, actor),
        may_try_address=file.gone_on is not None and actor.can(Permission.HANDLE_CASE),
        may_correct_address=file.has_contact and case.organisation_id is None and actor.can(Permission.HANDLE_CASE),
        may_open_contact=file.has_contact and actor.can(Permission.READ_CONTACT),
        returned=_returned(file),
        answers=confirmed_answers(file),
        can_link=case.status in OPEN_STATUSES
        and review is None
        and not is_kept_out(case, actor)
        and (actor.can(Permission.TRIAGE_CASE) or actor.can(Permission.HANDLE_CASE)),
    )


def _stands_in(handler_id: int | None, kept_out: int | None, names: Reference, today: date) -> str:
    """The name of who acts for a handler who is away; empty when nobody has to, or may."""
    if handler_id is None:
        return ""
    cover = acting_for(names.leaves, handler_id, today, kept_out=kept_out)
    return names.staff_names[cover] if cover != handler_id else ""


def _returned(file: CaseFile) -> ReviewRow | None:
    """The step that a reviewer gave back last, while nothing was asked after it."""
    last = file.reviews[-1] if file.reviews else None
    return last if last is not None and last.status is ReviewStatus.RETURNED else None


@bp.route("/zaken/<string:reference>/klokken")
@requires(Permission.READ_CASES, Permission.READ_CASES_OF_OWN_RULES)
def clocks(reference: str) -> ResponseReturnValue:
    file, today = read_file(reference), today_in_nl()
    lines = [(clock_line(row, today), replay(row.run, today)) for row in shown_clocks(file.clocks)]
    list_words, list_path = list_of(current_actor())
    return render_template(
        "desk/clocks.html",
        list_words=list_words,
        list_path=list_path,
        file=file,
        case=file.case,
        lines=lines,
        time_taken=time_taken(file.case, file.clocks, today),
        case_path=case_address(reference),
    )


@bp.route("/zaken/<string:reference>/bijlagen/<id:attachment_id>")
@requires(Permission.READ_CASES, Permission.READ_CASES_OF_OWN_RULES)
def attachment(reference: str, attachment_id: int) -> ResponseReturnValue:
    found = attachments.attachment_for(db.session, current_actor(), attachment_id)
    if found.case_id != read_file(reference).case.id:
        raise NotFound()
    return download(found)


@step_page("bijlage", Permission.HANDLE_CASE)
class AddFiles(StepPage[FilesForm]):
    """Put files with the case, for the submitter to see as well."""

    form_class = FilesForm
    title = "Bijlage toevoegen"
    lead = (
        "De indiener ziet de bijlage ook, bij de melding en in het verloop, en krijgt er een mail over. Voeg dus niets "
        "toe dat alleen voor het loket is. De bestanden van de indiener tellen mee."
    )
    button = "Voeg toe"
    done = "De bijlage is toegevoegd. De indiener ziet die ook."
    template = "desk/add_files.html"
    takes_files = True

    def act(self) -> None:
        """Keep all files of the form, or none."""
        context = self.context
        with looked_at(context, request.files.getlist(attachments.FIELD)) as files:
            case = cases.get_for_update(db.session, self.reference)
            attachments.tell_of_added(context, case, keep_uploads(context, files, case=case))

    def shown(self) -> dict[str, Any]:
        return super().shown() | {"limits": upload_limits(len(self.file.attachments))}


@step_page("notitie", Permission.WRITE_NOTE)
class Note(StepPage[NoteForm]):
    form_class = NoteForm
    title = "Interne notitie schrijven"
    lead = "Alleen medewerkers van het loket lezen dit. De indiener ziet het nooit."
    button = "Bewaar de notitie"
    done = "De notitie is bewaard."

    def offer(self) -> None:
        self.form.mentioned_id.offer(readers(db.session))

    def act(self) -> str | None:
        chosen = self.form.mentioned_id.data
        notes.write(self.context, self.reference, self.form.body.data, () if chosen is None else (chosen,))
        return None


@step_page("bericht", Permission.HANDLE_CASE)
class Message(LetterPage[MessageForm]):
    kind = MailKind.MESSAGE
    form_class = MessageForm
    title = "Bericht aan de indiener"
    lead = "Vraagt u iets dat u nodig hebt om verder te gaan? Vraag dan een aanvulling: dan staat de termijn stil."
    button = "Verstuur het bericht"
    done = "Het bericht is verstuurd."

    def act(self) -> None:
        triage.send_message(self.context, self.reference, self.form.body.data)

    def letter_values(self) -> dict[str, Any]:
        return {"body": self.form.body.data}
