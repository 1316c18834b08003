"""Mail that came in: the lists of what waits, one mail to decide about, and a mail that may be an answer."""

from functools import cached_property
from typing import Any

from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from knelpunt.domain.errors import NotFound
from knelpunt.domain.permissions import Permission
from knelpunt.domain.post.incoming import Decision, IncomingStatus
from knelpunt.extensions import db
from knelpunt.queries.cases.page_rows import MailedRow
from knelpunt.queries.core.reference import reference as small_tables
from knelpunt.queries.figures.dashboards import waiting
from knelpunt.queries.post import failures as failure_queries
from knelpunt.queries.post import incoming as queries
from knelpunt.queries.post.failures import FailedCase
from knelpunt.queries.post.incoming import IncomingList, IncomingPage
from knelpunt.services.cases.workflow import open_case
from knelpunt.services.mail import failures
from knelpunt.services.post import deciding
from knelpunt.services.post.incoming import Intake
from knelpunt.web.desk.blueprint import bp
from knelpunt.web.desk.case.view import Missing
from knelpunt.web.desk.post.forms import DecideForm, SettleForm
from knelpunt.web.desk.steps.page import StepPage, step_page
from knelpunt.web.shared.forms.form_page import FormPage, filled_in, form_page
from knelpunt.web.shared.forms.forms import VersionedForm
from knelpunt.web.shared.pages.list_filters import member_in, number_in
from knelpunt.web.shared.requests.access import current_actor, requires, today_in_nl

LIST_WORDS = {
    IncomingList.WAITING: "Wacht op een besluit",
    IncomingList.ASKING: "Misschien een antwoord",
    IncomingList.DONE: "Klaar",
}
STATUS_WORDS = {
    IncomingStatus.WAITING: "Wacht",
    IncomingStatus.LANDED: "In de zaak",
    IncomingStatus.DISMISSED: "Niet voor ons",
}
TOLD = "De indiener krijgt daar bericht van."
NOT_TOLD = "De indiener krijgt daar geen mail van: het systeem zou daar weer op kunnen antwoorden."


@bp.route("/post/binnen")
@requires(Permission.HANDLE_CASE)
def incoming_list() -> ResponseReturnValue:
    """Mails that came in: those that wait for a person first."""
    which = member_in(IncomingList, request.args.get("lijst", "")) or IncomingList.WAITING
    after = number_in(request.args.get("na", ""))
    rows = queries.list_mails(db.session, current_actor(), which, after=after)
    shown, more = rows[: queries.PAGE_SIZE], len(rows) > queries.PAGE_SIZE
    lijst = None if which is IncomingList.WAITING else which.value
    waits = waiting(db.session, current_actor(), today_in_nl())
    numbers = {IncomingList.WAITING: waits.mails, IncomingList.ASKING: waits.asking}
    return render_template(
        "desk/incoming.html",
        rows=shown,
        which=which,
        tabs_shown=[
            (
                f"{words} ({numbers[each]})" if each in numbers else words,
                url_for("desk.incoming_list", lijst=None if each is IncomingList.WAITING else each.value),
                each is which,
            )
            for each, words in LIST_WORDS.items()
        ],
        status_words=STATUS_WORDS,
        is_read=current_app.config["LINKS"].mailbox is not None,
        next_href=url_for("desk.incoming_list", lijst=lijst, na=shown[-1].id) if more else None,
        first_href=url_for("desk.incoming_list", lijst=lijst) if after else None,
    )


@form_page(bp, "/post/binnen/<id:incoming_id>", Permission.HANDLE_CASE)
class IncomingMailPage(FormPage[DecideForm, IncomingPage]):
    """One mail that came in, with what becomes of it while it waits."""

    incoming_id: int
    form_class = DecideForm
    template = "desk/incoming_mail.html"
    title = "Binnengekomen mail"
    button = "Leg vast"
    done = "Het besluit is bewaard."

    def read(self) -> IncomingPage:
        found = queries.one(db.session, current_actor(), self.incoming_id)
        if found is None:
            raise NotFound()
        return found

    def act(self) -> str:
        form = self.form
        if form.decision.data is Decision.TO_CASE:
            case = deciding.put_in_case(self.context, intake(), self.incoming_id, form.reference.data or "")
            return f"De mail staat nu bij {case.reference}. {TOLD if not self.original.is_bulk else NOT_TOLD}"
        deciding.set_aside(self.context, self.incoming_id, form.reason.data or "")
        return "De mail is opzij gelegd. Over 30 dagen is hij weg."

    def prefill(self) -> None:
        self.form.reference.data = self.subject.reference

    @cached_property
    def original(self) -> deciding.Original:
        return deciding.original_of(self.context, self.incoming_id)

    @property
    def back(self) -> str:
        return url_for("desk.incoming_list")

    def shown(self) -> dict[str, Any]:
        decided_by = small_tables(db.session).staff_names.get(self.subject.decided_by_id or 0)
        waits = self.subject.status is IncomingStatus.WAITING
        original = self.original if waits else deciding.Original()
        return super().shown() | {
            "mail": self.subject,
            "files": original.files,
            "told_words": NOT_TOLD if original.is_bulk else TOLD,
            "decided_by": decided_by,
            "status_words": STATUS_WORDS,
        }


class MailedPage(StepPage[VersionedForm]):
    """A mail that may be the answer to what is open: the case page sends here with one click."""

    incoming_id: int
    form_class = VersionedForm
    template = "desk/mailed.html"

    @property
    def mailed(self) -> MailedRow | None:
        return next((each for each in self.file.mailed if each.id == self.incoming_id), None)

    @property
    def blocked_by(self) -> tuple[Missing, ...]:
        return () if self.mailed is not None else (Missing(deciding.ALREADY, None),)

    def shown(self) -> dict[str, Any]:
        reply_id = self.mailed.reply_id if self.mailed is not None else None
        return super().shown() | {"mail": next((each for each in self.file.messages if each.id == reply_id), None)}


@step_page("mail/<id:incoming_id>/antwoord", Permission.HANDLE_CASE)
class TakeMailAsAnswer(MailedPage):
    """Say that a mail is the answer to the question that is open."""

    title = "Neem de mail als antwoord"
    lead = "De dag waarop de mail binnenkwam telt als de dag van het antwoord. De termijn loopt vanaf de dag erna weer."
    button = "Dit is het antwoord"
    done = "De mail is het antwoord op de vraag. De indiener krijgt daar bericht van."

    def act(self) -> None:
        deciding.take_as_answer(self.context, self.reference, self.incoming_id, self.form.version.data)


@step_page("mail/<id:incoming_id>/geen-antwoord", Permission.HANDLE_CASE)
class MailIsNoAnswer(MailedPage):
    """Say that a mail is not the answer to what is open."""

    title = "De mail is geen antwoord"
    lead = "De mail blijft bij de zaak staan. Wat openstaat, blijft open en de termijn van de indiener loopt door."
    button = "Dit is geen antwoord"
    done = "De mail blijft bij de zaak. Wat openstaat, blijft open."

    def act(self) -> None:
        deciding.is_no_answer(self.context, self.reference, self.incoming_id)


@bp.route("/post/niet-bezorgd")
@requires(Permission.HANDLE_CASE)
def failed_list() -> ResponseReturnValue:
    """Cases of which a mail reached nobody."""
    after = number_in(request.args.get("na", ""))
    rows: list[FailedCase] = failure_queries.list_cases(db.session, current_actor(), after=after)
    shown, more = rows[: failure_queries.PAGE_SIZE], len(rows) > failure_queries.PAGE_SIZE
    return render_template(
        "desk/failed.html",
        rows=shown,
        names=small_tables(db.session).staff_names,
        next_href=url_for("desk.failed_list", na=shown[-1].case_id) if more else None,
        first_href=url_for("desk.failed_list") if after else None,
    )


@step_page("niet-bezorgd", Permission.HANDLE_CASE)
class SettleFailure(StepPage[SettleForm]):
    """Say how a submitter was reached to whom a mail did not come."""

    form_class = SettleForm
    template = "desk/settle.html"
    title = "Een mail kwam niet aan"
    lead = "Zorg dat de indiener het bericht toch krijgt. Leg daarna vast hoe dat ging."
    button = "Leg vast"
    done = "Vastgelegd hoe de indiener is bereikt."

    def offer(self) -> None:
        self.form.offer(can_write=any(self.ways))

    def act(self) -> None:
        case = open_case(self.context, self.reference, Permission.HANDLE_CASE, version=self.form.version.data)
        failures.settle(self.context, case, filled_in(self.form.outcome.data), self.form.note.data or "")

    @property
    def ways(self) -> tuple[bool, bool]:
        return failure_queries.ways_to_reach(db.session, self.case.id)

    @property
    def blocked_by(self) -> tuple[Missing, ...]:
        return () if failure_queries.of_case(db.session, self.case.id) else (Missing(failures.ALREADY, None),)

    def shown(self) -> dict[str, Any]:
        has_phone, has_postal = self.ways
        return super().shown() | {
            "mails": failure_queries.of_case(db.session, self.case.id),
            "has_phone": has_phone,
            "has_postal": has_postal,
            "may_correct": self.file.has_contact and self.case.organisation_id is None,
        }


def intake() -> Intake:
    """Where the files of a mail go on this site."""
    return Intake(current_app.config["FILE_STORE"], current_app.config["ATTACHMENT_RULES"])
