"""The cases of one's own organisation: the list, its export, and each case with what can be done about it."""

from collections import Counter

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.cases.turns import Turn, turn_of, waits_for_submitter
from knelpunt.domain.figures.ledger import GROSS
from knelpunt.domain.permissions import Permission
from knelpunt.domain.vocabulary import OPEN_STATUSES, CaseStatus
from knelpunt.extensions import db
from knelpunt.queries.cases import lists as case_lists
from knelpunt.queries.cases import participants
from knelpunt.queries.cases.lists import CaseRow, CaseSort
from knelpunt.queries.core.reference import Reference, reference
from knelpunt.queries.figures.dashboards import OwnGroup, own_overview, own_times
from knelpunt.services.cases.attachments import attachment_for
from knelpunt.services.filing import intake
from knelpunt.web.cases import acts
from knelpunt.web.cases.access import by_account
from knelpunt.web.cases.blueprint import bp
from knelpunt.web.cases.own_list import TURN, OwnListState
from knelpunt.web.shared.forms.forms import ButtonForm
from knelpunt.web.shared.labels.labels import label
from knelpunt.web.shared.pages.csv_files import csv_download, note_download
from knelpunt.web.shared.pages.files import download
from knelpunt.web.shared.requests.access import current_actor, current_context, requires, today_in_nl
from knelpunt.web.shared.requests.stale_forms import is_sent
from knelpunt.web.shared.requests.transactions import commits, errors_on
from knelpunt.web.shared.texts import _, lazy_gettext

TIME_WORDS = {
    GROSS: "Van indienen tot het einde",
    Clock.K1: "Tot de eerste reactie",
    Clock.K2: "Tot ons oordeel",
    Clock.K4: "Tot een voorstel",
}
EXPORT_HEADS = (
    lazy_gettext("Nummer"),
    lazy_gettext("Titel"),
    lazy_gettext("Staat"),
    lazy_gettext("Oordeel"),
    lazy_gettext("Resultaat"),
    lazy_gettext("Thema"),
    lazy_gettext("Gemeente"),
    lazy_gettext("Ingediend op"),
    lazy_gettext("Afgesloten op"),
    lazy_gettext("Uiterste datum"),
    lazy_gettext("Regels die u noemde"),
    lazy_gettext("Gemeentecode"),
)


@bp.route("/onze-zaken")
@requires(Permission.READ_OWN_CASES)
def own_list() -> ResponseReturnValue:
    actor = current_actor()
    state = OwnListState(request.args, url_for("cases.own_list"))
    if state.search:
        found = case_lists.reference_of_number(db.session, actor, state.search)
        if found:
            return redirect(url_for("cases.own", reference=found))
    names = reference(db.session)
    page = case_lists.page_of_cases(
        db.session, actor, state.narrowed, state.order, today_in_nl(), after=state.after, before=state.before
    )
    return render_template(
        "cases/own_list.html",
        state=state,
        page=page,
        places=names.municipality_names,
        organisations=names.organisation_names,
        participation=actor.joined_case_ids,
        Sort=CaseSort,
        may_draft=actor.can(Permission.EDIT_DRAFT),
        questions=participants.open_questions(db.session, actor.organisation_id or 0),
    )


@bp.route("/onze-zaken.csv")
@requires(Permission.READ_OWN_CASES)
def own_csv() -> ResponseReturnValue:
    """Every case that the list under the same address shows."""
    names = reference(db.session)
    state = OwnListState(request.args, url_for("cases.own_list"))
    actor, narrowed, order, today = current_actor(), state.narrowed, state.order, today_in_nl()
    note_download("onze-zaken", state.texts)
    return csv_download(
        EXPORT_HEADS,
        lambda session: (
            _exported(row, names) for row in case_lists.stream_cases(session, actor, narrowed, order, today)
        ),
        "onze-zaken.csv",
    )


def _exported(row: CaseRow, names: Reference) -> tuple[str | None, ...]:
    return (
        row.reference,
        row.title,
        label(row.status),
        label(row.verdict),
        label(row.result) if row.result else None,
        label(row.theme),
        names.municipality_names[row.municipality_id] if row.municipality_id else row.municipality_then,
        row.filed_on.isoformat(),
        row.closed_on.isoformat() if row.closed_on else None,
        row.due_on.isoformat() if row.due_on else None,
        row.pointed_rules,
        names.municipality_code(row.municipality_id),
    )


@bp.route("/onze-zaken/<string:reference>")
@requires(Permission.READ_OWN_CASES)
def own(reference: str) -> ResponseReturnValue:
    return acts.show(by_account(reference))


@bp.route("/onze-zaken/<string:reference>/kopie", methods=["POST"])
@requires(Permission.EDIT_DRAFT)
@commits
def own_copy(reference: str) -> ResponseReturnValue:
    """Begin a new draft with the texts of this case."""
    form = ButtonForm()
    if is_sent(form):
        with errors_on(form):
            draft = intake.copy_to_draft(current_context(), reference)
            flash(
                _("Dit concept begint met de teksten van %(reference)s. Pas aan wat nu anders is.", reference=reference)
            )
            return redirect(url_for("intake.step", key=draft.key, slug="plan"))
    return acts.show(by_account(reference), form)


@bp.route("/onze-zaken/<string:reference>/antwoord/<id:message_id>", methods=["GET", "POST"])
@requires(Permission.ANSWER_AS_SUBMITTER)
@commits
def own_answer(reference: str, message_id: int) -> ResponseReturnValue:
    return acts.answer(by_account(reference), message_id)


@bp.route("/onze-zaken/<string:reference>/toevoegen", methods=["GET", "POST"])
@requires(Permission.ANSWER_AS_SUBMITTER)
@commits
def own_add(reference: str) -> ResponseReturnValue:
    return acts.add(by_account(reference))


@bp.route("/onze-zaken/<string:reference>/voorstel/aannemen", methods=["GET", "POST"])
@requires(Permission.ANSWER_AS_SUBMITTER)
@commits
def own_accept(reference: str) -> ResponseReturnValue:
    return acts.accept(by_account(reference))


@bp.route("/onze-zaken/<string:reference>/voorstel/niet-aannemen", methods=["GET", "POST"])
@requires(Permission.ANSWER_AS_SUBMITTER)
@commits
def own_refuse(reference: str) -> ResponseReturnValue:
    return acts.refuse(by_account(reference))


@bp.route("/onze-zaken/<string:reference>/delen", methods=["GET", "POST"])
@requires(Permission.ANSWER_AS_SUBMITTER)
@commits
def own_share(reference: str) -> ResponseReturnValue:
    return acts.share(by_account(reference))


@bp.route("/onze-zaken/<string:reference>/openbare-tekst/akkoord", methods=["GET", "POST"])
@requires(Permission.ANSWER_AS_SUBMITTER)
@commits
def own_agree(reference: str) -> ResponseReturnValue:
    return acts.agree(by_account(reference))


@bp.route("/onze-zaken/<string:reference>/openbare-tekst/bezwaar", methods=["GET", "POST"])
@requires(Permission.ANSWER_AS_SUBMITTER)
@commits
def own_object(reference: str) -> ResponseReturnValue:
    return acts.object_to(by_account(reference))


@bp.route("/onze-zaken/<string:reference>/heroverweging", methods=["GET", "POST"])
@requires(Permission.ANSWER_AS_SUBMITTER)
@commits
def own_second_look(reference: str) -> ResponseReturnValue:
    return acts.ask_second_look(by_account(reference))


@bp.route("/onze-zaken/<string:reference>/intrekken", methods=["GET", "POST"])
@requires(Permission.WITHDRAW_CASE)
@commits
def own_withdraw(reference: str) -> ResponseReturnValue:
    return acts.withdraw(by_account(reference))


@bp.route("/onze-zaken/<string:reference>/gegevens-wissen", methods=["GET", "POST"])
@requires(Permission.WITHDRAW_CASE)
@commits
def own_erase(reference: str) -> ResponseReturnValue:
    return acts.erase(by_account(reference))


@bp.route("/onze-zaken/<string:reference>/bijlagen/<id:attachment_id>")
@requires(Permission.READ_OWN_CASES)
def own_file(reference: str, attachment_id: int) -> ResponseReturnValue:
    return acts.file(by_account(reference), attachment_id)


@bp.route("/bijlagen/<id:attachment_id>")
@requires(Permission.READ_OWN_CASES, Permission.READ_CASES, Permission.READ_CASES_OF_OWN_RULES)
def file_by_account(attachment_id: int) -> ResponseReturnValue:
    """A file, for the desk or for the organisation whose case it is."""
    return download(attachment_for(db.session, current_actor(), attachment_id))


US, DESK, MINISTRY, OVER = "Uw organisatie", "Het loket", "Een ministerie", "Niemand: klaar"
LEAD = "Een gemeente waarmee u samen meldt"


@bp.route("/onze-zaken/overzicht")
@requires(Permission.READ_OWN_CASES)
def own_dashboard() -> ResponseReturnValue:
    actor = current_actor()
    names = reference(db.session)
    organisation = names.organisations.get(actor.organisation_id) if actor.organisation_id is not None else None
    own = organisation.municipality_id if organisation else None
    places = [id_ for id_ in names.municipalities if names.is_one_place(id_, own)]
    overview = own_overview(db.session, actor, places, names.of_its_size(own))
    turns: Counter[str] = Counter()
    for group in overview.groups:
        turns[whose_turn(group)] += group.count
    return render_template(
        "cases/overview.html",
        overview=overview,
        times=own_times(db.session, actor, today_in_nl()),
        time_words=TIME_WORDS,
        turns=[(words, turns[words]) for words in (US, DESK, MINISTRY, *((LEAD,) if turns[LEAD] else ()))],
        open_count=sum(group.count for group in overview.groups if group.status in OPEN_STATUSES),
        closed_count=sum(group.count for group in overview.groups if group.status is CaseStatus.CLOSED),
        us=turns[US],
        turn=TURN,
        today=today_in_nl(),
        names=names,
        before=[(names.municipality_names[id_], names.municipalities[id_].valid_to) for id_ in places if id_ != own],
        may_draft=actor.can(Permission.EDIT_DRAFT),
    )


def whose_turn(group: OwnGroup) -> str:
    """Who has to do something now, in the words of this page."""
    waits = waits_for_submitter(group.status, group.due_clock, is_asked_to_share=group.is_asked_to_share)
    turn = turn_of(group.status, waits=waits)
    return LEAD if turn is Turn.SUBMITTER and group.is_joined else _WHO[turn]


_WHO = {Turn.SUBMITTER: US, Turn.DESK: DESK, Turn.MINISTRY: MINISTRY, Turn.NOBODY: OVER}
