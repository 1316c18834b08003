"""What a submitter does on a case, the same by either door: one function a page."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from knelpunt.domain.cases import workflow as steps
from knelpunt.domain.cases.words import facts_beside, roles_and_rules
from knelpunt.domain.errors import DomainError, NotFound, PermissionDenied, VersionConflict
from knelpunt.domain.permissions import ONLY_THE_LEAD, Permission
from knelpunt.domain.privacy.requests import RequestKind
from knelpunt.domain.vocabulary import AftercareAnswer, ReferralStatus
from knelpunt.extensions import db
from knelpunt.queries.cases import submitter_page
from knelpunt.queries.cases.handling import AskedAfterwards
from knelpunt.queries.cases.submitter_rows import SubmitterPage
from knelpunt.queries.core import cases
from knelpunt.queries.core.reference import Reference, reference
from knelpunt.queries.privacy import export
from knelpunt.services.cases import attachments
from knelpunt.services.privacy import requests
from knelpunt.services.referrals import offers
from knelpunt.services.submitters import aftercare, second_look
from knelpunt.services.submitters import reactions as submitter
from knelpunt.web.cases import participation, timeline
from knelpunt.web.cases.access import ArchivedCase, CaseAccess
from knelpunt.web.cases.forms import (
    AdditionForm,
    AftercareForm,
    AnswerForm,
    ErasureForm,
    ObjectionForm,
    RefusalForm,
    SecondLookForm,
    SeenForm,
    WithdrawalForm,
)
from knelpunt.web.shared.forms.forms import BaseForm, ButtonForm
from knelpunt.web.shared.labels.labels import label
from knelpunt.web.shared.pages.files import download, keep_uploads, looked_at, upload_limits
from knelpunt.web.shared.pages.filters import short_date
from knelpunt.web.shared.privacy.export import JSON_FORM
from knelpunt.web.shared.privacy.export import download as data_file
from knelpunt.web.shared.privacy.forms import AskForm
from knelpunt.web.shared.requests.bodies import pressed
from knelpunt.web.shared.requests.stale_forms import is_sent
from knelpunt.web.shared.requests.transactions import errors_on, form_status
from knelpunt.web.shared.texts import _, said


def show(access: CaseAccess, failed: BaseForm | None = None) -> ResponseReturnValue:
    """The case. ``failed`` is a button or answer that was sent from this page and could not be done."""
    page = page_of(access)
    names = reference(db.session)
    is_participant = access.joins(page.case)
    can_answer = access.can(Permission.ANSWER_AS_SUBMITTER) and not is_participant
    can_withdraw = access.can(Permission.WITHDRAW_CASE) and not is_participant
    municipality_id = page.case.municipality_id
    own_id = _own_municipality(access, names) if is_participant else None
    return render_template(
        "cases/case.html",
        access=access,
        page=page,
        case=page.case,
        turn=participation.turn(page, access.context.today)
        if is_participant
        else timeline.turn(page, access.context.today),
        progress=timeline.progress(page, is_participant=is_participant),
        entries=participation.entries(page, own_id) if is_participant else timeline.entries(page),
        files=[
            (
                each.shown_name,
                access.url("file", attachment_id=each.id),
                each.size,
                _("van %(created_at)s", created_at=short_date(each.created_at)),
            )
            for each in page.files
        ],
        facts=[
            (
                _("Gemeente"),
                names.municipality_names[municipality_id] if municipality_id else page.case.municipality_then,
            ),
            (_("Meldt samen met"), "\n".join(_partners(page, names))),
            *(participation.facts(page) if is_participant else timeline.facts(page)),
        ],
        answer=(failed if isinstance(failed, AnswerForm) else AnswerForm(formdata=None))
        if page.open_question and can_answer
        else None,
        limits=upload_limits(len(page.files)),
        failed=failed,
        button=ButtonForm(formdata=None),
        seen=lambda number: SeenForm(formdata=None, seen=number),
        sharing=page.offer
        if can_answer and page.offer is not None and page.offer.status is ReferralStatus.CONSENT_ASKED
        else None,
        may_react=can_answer and page.proposal_waits,
        may_react_to_text=can_answer and timeline.may_react_to_text(page),
        beside=_beside(page, names),
        can_answer=can_answer,
        may_add=can_answer and page.case.status not in submitter.CLOSED_FOR_ADDITIONS,
        is_participant=is_participant,
        participation=next(
            (each for each in page.participants if names.is_one_place(each.municipality_id, own_id)), None
        ),
        partners=() if is_participant else tuple(_partners(page, names)),
        may_copy=not access.is_link and not is_participant and access.can(Permission.EDIT_DRAFT),
        may_ask_again=can_answer and timeline.may_ask_second_look(page, access.context.today),
        aftercare_url=_aftercare_url(access, page) if can_answer else None,
        may_withdraw=can_withdraw and page.case.status in steps.WITHDRAW.sources,
        may_erase=can_withdraw and page.has_contact,
        Permission=Permission,
    ), form_status(failed) if failed is not None else 200


def _beside(page: SubmitterPage, names: Reference) -> tuple[list[tuple[str, str]], list[str]] | None:
    """The rules, each with what it does, and the facts that go public with the text, as they were laid before the
    submitter."""
    text = page.public_text
    if text is None or text.shown is None:
        return None
    rules = [(said(role), rule) for role, rule in roles_and_rules(text.shown)]
    return rules, [said(each) for each in facts_beside(text.shown, names.municipality_names)]


def _aftercare_url(access: CaseAccess, page: SubmitterPage) -> str | None:
    """Where the last question of aftercare is answered, while that can still be done."""
    question = page.aftercare[-1] if page.aftercare else None
    if question is None or question.settled_on is not None:
        return None
    links = access.context.links
    return url_for("cases.answer_aftercare", token=links.token(aftercare.PURPOSE, question.public_id, question.nonce))


def _own_municipality(access: CaseAccess, names: Reference) -> int | None:
    """The municipality for which the signed-in account reads."""
    organisation = names.organisations.get(access.context.actor.organisation_id or 0)
    return organisation.municipality_id if organisation else None


def _partners(page: SubmitterPage, names: Reference) -> Iterator[str]:
    """Each municipality that was asked to file along, with its answer."""
    for each in page.participants:
        yield f"{names.municipality_names[each.municipality_id]} ({label(each.status).lower()})"


def answer(access: CaseAccess, message_id: int) -> ResponseReturnValue:
    """Answer the question of the desk, with files if need be."""
    form = AnswerForm()
    if is_sent(form):
        with errors_on(form), _looked_at(access) as files:
            submitter.answer(access.context, access.reference, message_id, form.body.data or "")
            _keep_files(access, files)
            flash(_("Uw antwoord is verstuurd."))
            return redirect(access.url())
    return _back(access) if request.method == "GET" else show(access, form)


def _back(access: CaseAccess) -> ResponseReturnValue:
    """To the case, for whoever opens the address of a button; a stranger is told here that there is none."""
    _own_page(access)
    return redirect(access.url())


def add(access: CaseAccess) -> ResponseReturnValue:
    """Add a text, and files if need be."""
    form = AdditionForm()
    if is_sent(form):
        with errors_on(form), _looked_at(access) as files:
            submitter.add(access.context, access.reference, form.body.data or "")
            _keep_files(access, files)
            flash(_("Uw toevoeging is verstuurd."))
            return redirect(access.url())
    return form_page("cases/add.html", access, form)


@contextmanager
def _as_read(form: SeenForm) -> Iterator[int]:
    """The number of what was read. When that is something else by now, the page says so and shows it."""
    with errors_on(form):
        try:
            yield form.seen.data or 0
        except VersionConflict as changed:
            raise DomainError(changed.message) from None


def accept(access: CaseAccess) -> ResponseReturnValue:
    form = SeenForm()
    if is_sent(form):
        with _as_read(form) as seen:
            submitter.accept_proposal(access.context, access.reference, seen=seen)
            flash(_("U hebt het voorstel aangenomen. Het loket sluit uw melding af."))
            return redirect(access.url())
    return _back(access) if request.method == "GET" else show(access, form)


def refuse(access: CaseAccess) -> ResponseReturnValue:
    form = RefusalForm()
    if is_sent(form):
        with errors_on(form):
            submitter.refuse_proposal(access.context, access.reference, form.reason.data or "")
            flash(_("Uw reactie is verstuurd. Het loket kijkt opnieuw."))
            return redirect(access.url())
    return form_page("cases/refuse.html", access, form)


def agree(access: CaseAccess) -> ResponseReturnValue:
    form = SeenForm()
    if is_sent(form):
        with _as_read(form) as seen:
            submitter.agree_to_text(access.context, access.reference, seen=seen)
            flash(_("Het loket weet dat u de tekst goed vindt."))
            return redirect(access.url())
    return _back(access) if request.method == "GET" else show(access, form)


def share(access: CaseAccess) -> ResponseReturnValue:
    """Say whether the case may be shared with the organisation that can help better."""
    form = SeenForm()
    if is_sent(form):
        with _as_read(form) as seen:
            is_allowed = pressed("delen", {"ja": True, "nee": False})
            offers.answer_sharing(access.context, access.reference, is_allowed=is_allowed, seen=seen)
            flash(_("Het loket weet nu wat u wilt."))
            return redirect(access.url())
    return _back(access) if request.method == "GET" else show(access, form)


def object_to(access: CaseAccess) -> ResponseReturnValue:
    form = ObjectionForm()
    if is_sent(form):
        with errors_on(form):
            submitter.object_to_text(access.context, access.reference, form.objection.data or "")
            flash(_("Uw bezwaar is verstuurd. De tekst wordt niet openbaar zoals hij nu is."))
            return redirect(access.url())
    return form_page("cases/object.html", access, form)


def ask_second_look(access: CaseAccess) -> ResponseReturnValue:
    """Ask that somebody else looks at the closed case again."""
    form = SecondLookForm()
    if is_sent(form):
        with errors_on(form):
            second_look.ask(access.context, access.reference, form.points)
            flash(_("Uw verzoek is verstuurd. Een andere behandelaar bekijkt uw melding opnieuw."))
            return redirect(access.url())
    page = page_of(access)
    return form_page(
        "cases/second_look.html",
        access,
        form,
        may_ask=timeline.may_ask_second_look(page, access.context.today),
        last_day=page.last_day_to_contest,
        is_over=page.last_day_to_contest is not None and page.last_day_to_contest < access.context.today,
    )


def answer_aftercare(access: CaseAccess, asked: AskedAfterwards) -> ResponseReturnValue:
    """The page of the one question of aftercare. Opening it answers nothing: a link only fills in the form."""
    form = AftercareForm()
    question = asked.question
    if is_sent(form):
        with errors_on(form):
            aftercare.answer(
                access.context,
                access.reference,
                question.id,
                given=form.answer.data,
                words=form.words.data or "",
                asks_reopening=form.asks_reopening.data,
            )
            flash(_("Bedankt. Uw antwoord is verstuurd."))
            return redirect(request.path)
    elif not form.is_submitted():
        chosen = request.args.get("antwoord", "")
        form.answer.data = AftercareAnswer(chosen) if chosen in set(AftercareAnswer) else question.answer
        form.words.data, form.asks_reopening.data = question.words, question.asks_reopening
    return render_template("cases/aftercare.html", asked=asked, question=question, form=form), form_status(form)


def withdraw(access: CaseAccess) -> ResponseReturnValue:
    """Take the case back, with a choice about the contact data."""
    page = page_of(access)
    form = WithdrawalForm()
    if not page.has_contact:
        del form.erase_contact
    if is_sent(form):
        with errors_on(form):
            erases = "erase_contact" in form and form.erase_contact.data is True
            submitter.withdraw(access.context, access.reference, form.reason.data or "", erase_contact=erases)
            flash(_("U hebt uw melding ingetrokken."))
            return redirect(url_for("cases.farewell") if erases and access.is_link else access.url())
    return form_page("cases/withdraw.html", access, form, may_withdraw=page.case.status in steps.WITHDRAW.sources)


def erase(access: CaseAccess) -> ResponseReturnValue:
    """Have the contact data erased."""
    page = page_of(access)
    form = ErasureForm()
    if is_sent(form):
        with errors_on(form):
            submitter.erase_contact(access.context, access.reference)
            flash(_("Uw contactgegevens zijn gewist."))
            return redirect(url_for("cases.farewell") if access.is_link else access.url())
    is_open = page.case.status in steps.WITHDRAW.sources
    return form_page("cases/erase.html", access, form, is_open=is_open)


def own_data(access: CaseAccess) -> ResponseReturnValue:
    """What the submitter can do with the own data: take them out, have them erased, or ask the desk."""
    _own_page(access)
    form = AskForm()
    if is_sent(form):
        with errors_on(form):
            requests.ask_about_case(
                access.context, access.reference, RequestKind(form.kind.data), form.words.data or ""
            )
            flash(
                _(
                    "Uw verzoek is verstuurd. Hebben wij uw e-mailadres? Dan krijgt u een mail met de link naar uw "
                    "verzoek."
                )
            )
            return redirect(access.url("data"))
    return _own_data_page(access, form)


def _own_data_page(access: CaseAccess, form: AskForm) -> ResponseReturnValue:
    return render_template(
        "privacy/own.html",
        form=form,
        over=access.reference,
        export_path=access.url("data_file"),
        erase_path=access.url("erase") if _own_page(access).has_contact else None,
        back=access.url(),
        back_words=_("Terug naar de melding"),
    ), form_status(form)


def own_data_file(access: CaseAccess) -> ResponseReturnValue:
    """The data of the submitter as a file (AVG art. 15 and 20). That it was made is kept."""
    sent = ButtonForm()
    if not is_sent(sent):
        form = AskForm(formdata=None)
        form.form_errors = [error for errors in sent.errors.values() for error in errors]
        return _own_data_page(access, form)
    case_id = requests.note_case_export(access.context, access.reference).id
    return data_file(lambda session: export.of_case(session, case_id), request.form.get("vorm", JSON_FORM))


def file(access: CaseAccess, attachment_id: int) -> ResponseReturnValue:
    """One file of this case; a file of another case does not exist here."""
    if all(each.id != attachment_id for each in page_of(access).files):
        raise NotFound()
    return download(attachments.attachment_for(db.session, access.context.actor, attachment_id))


def page_of(access: CaseAccess) -> SubmitterPage:
    """The case as it is told through this door. Raises ArchivedCase."""
    page = submitter_page.read_page(db.session, access.context.actor, access.reference)
    if page.case.archived_on is not None and page.case.archived_as is not None:
        raise ArchivedCase(page.case.reference, page.case.archived_on, page.case.archived_as)
    return page


def _own_page(access: CaseAccess) -> SubmitterPage:
    """The case for who may act on it. Raises PermissionDenied for a municipality that files along."""
    page = page_of(access)
    if access.joins(page.case):
        raise PermissionDenied(ONLY_THE_LEAD)
    return page


def form_page(template: str, access: CaseAccess, form: BaseForm, **values: Any) -> ResponseReturnValue:
    """A page with one form about the case."""
    page = _own_page(access)
    limits = upload_limits(len(page.files))
    beside = _beside(page, reference(db.session))
    return render_template(
        template, access=access, page=page, case=page.case, form=form, limits=limits, beside=beside, **values
    ), form_status(form)


@contextmanager
def _looked_at(access: CaseAccess) -> Iterator[list[attachments.Look]]:
    """The files of this form, for who may act on the case."""
    uploads = request.files.getlist(attachments.FIELD)
    if any(upload.filename for upload in uploads):
        _own_page(access)
    with looked_at(access.context, uploads) as files:
        yield files


def _keep_files(access: CaseAccess, files: list[attachments.Look]) -> None:
    """Keep the files of this form; when one is refused nothing is sent, and the form says why."""
    if not files:
        return
    try:
        keep_uploads(access.context, files, case=cases.get_for_update(db.session, access.reference))
    except DomainError as error:
        if error.status != DomainError.status:
            raise
        raise DomainError(
            _("%(message)s Er is nog niets verstuurd. Kies uw bestanden opnieuw.", message=said(error.message)),
            field=error.field,
        ) from None
