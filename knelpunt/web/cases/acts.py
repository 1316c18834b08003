"""What a submitter does on a case, the same by either door: one function a page."""

from collections.abc import Iterator
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from knelpunt.domain.cases import workflow as steps
from knelpunt.domain.errors import DomainError, NotFound, PermissionDenied
from knelpunt.domain.permissions import ONLY_THE_LEAD, Permission
from knelpunt.extensions import db
from knelpunt.queries.cases import submitter_page
from knelpunt.queries.cases.submitter_rows import SubmitterPage
from knelpunt.queries.core import cases
from knelpunt.queries.core.reference import Reference, reference
from knelpunt.services.cases import attachments
from knelpunt.services.submitters import reactions as submitter
from knelpunt.web.cases import joined, story, way
from knelpunt.web.cases.door import Door
from knelpunt.web.cases.forms import (
    AdditionForm,
    AnswerForm,
    ButtonForm,
    ErasureForm,
    ObjectionForm,
    RefusalForm,
    WithdrawalForm,
)
from knelpunt.web.shared.forms.forms import BaseForm
from knelpunt.web.shared.labels.labels import label
from knelpunt.web.shared.pages.files import download, keep_uploads, upload_limits
from knelpunt.web.shared.pages.filters import short_date
from knelpunt.web.shared.requests.stale_forms import is_sent
from knelpunt.web.shared.requests.transactions import errors_on, form_status
from knelpunt.web.shared.texts import _, said


def show(door: Door, failed: BaseForm | None = None) -> ResponseReturnValue:
    """The case. ``failed`` is a button or answer that was sent from this page and could not be done."""
    page = page_of(door)
    names = reference(db.session)
    is_participant = door.joins(page.case)
    can_answer = door.can(Permission.ANSWER_AS_SUBMITTER) and not is_participant
    can_withdraw = door.can(Permission.WITHDRAW_CASE) and not is_participant
    municipality_id = page.case.municipality_id
    own_id = _own_municipality(door, names) if is_participant else None
    return render_template(
        "cases/case.html",
        door=door,
        page=page,
        case=page.case,
        turn=joined.turn(page, door.context.today) if is_participant else story.turn(page, door.context.today),
        way=way.way(page, is_participant=is_participant),
        told=joined.told(page, own_id) if is_participant else story.told(page),
        files=[
            (
                each.shown_name,
                door.url("file", attachment_id=each.id),
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
            *(joined.facts(page) if is_participant else story.facts(page)),
        ],
        answer=(failed if isinstance(failed, AnswerForm) else AnswerForm(formdata=None))
        if page.open_question and can_answer
        else None,
        limits=upload_limits(len(page.files)),
        failed=failed,
        button=ButtonForm(formdata=None),
        may_react=can_answer and story.may_react_to_proposal(page),
        may_react_to_text=can_answer and story.may_react_to_text(page),
        can_answer=can_answer,
        may_add=can_answer and page.case.status not in submitter.CLOSED_FOR_ADDITIONS,
        is_participant=is_participant,
        participation=next((each for each in page.participants if each.municipality_id == own_id), None),
        partners=() if is_participant else tuple(_partners(page, names)),
        may_copy=not door.is_link and not is_participant and door.can(Permission.EDIT_DRAFT),
        may_withdraw=can_withdraw and page.case.status in steps.WITHDRAW.sources,
        may_erase=can_withdraw and page.has_contact,
        Permission=Permission,
    ), form_status(failed) if failed is not None else 200


def _own_municipality(door: Door, names: Reference) -> int | None:
    """The municipality for which the signed-in account reads."""
    organisation = names.organisations.get(door.context.actor.organisation_id or 0)
    return organisation.municipality_id if organisation else None


def _partners(page: SubmitterPage, names: Reference) -> Iterator[str]:
    """Each municipality that was asked to file along, with its answer."""
    for each in page.participants:
        yield f"{names.municipality_names[each.municipality_id]} ({label(each.status).lower()})"


def answer(door: Door, message_id: int) -> ResponseReturnValue:
    """Answer the question of the desk, with files if need be."""
    form = AnswerForm()
    if is_sent(form):
        with errors_on(form):
            submitter.answer(door.context, door.reference, message_id, form.body.data or "")
            _keep_files(door)
            flash(_("Uw antwoord is verstuurd."))
            return redirect(door.url())
    return _back(door) if request.method == "GET" else show(door, form)


def _back(door: Door) -> ResponseReturnValue:
    """To the case, for whoever opens the address of a button; a stranger is told here that there is none."""
    _own_page(door)
    return redirect(door.url())


def add(door: Door) -> ResponseReturnValue:
    """Add a text, and files if need be."""
    form = AdditionForm()
    if is_sent(form):
        with errors_on(form):
            submitter.add(door.context, door.reference, form.body.data or "")
            _keep_files(door)
            flash(_("Uw toevoeging is verstuurd."))
            return redirect(door.url())
    return form_page("cases/add.html", door, form)


def accept(door: Door) -> ResponseReturnValue:
    form = ButtonForm()
    if is_sent(form):
        with errors_on(form):
            submitter.accept_proposal(door.context, door.reference)
            flash(_("U hebt het voorstel aangenomen. Het loket sluit uw melding af."))
            return redirect(door.url())
    return _back(door) if request.method == "GET" else show(door, form)


def refuse(door: Door) -> ResponseReturnValue:
    form = RefusalForm()
    if is_sent(form):
        with errors_on(form):
            submitter.refuse_proposal(door.context, door.reference, form.reason.data or "")
            flash(_("Uw reactie is verstuurd. Het loket kijkt opnieuw."))
            return redirect(door.url())
    return form_page("cases/refuse.html", door, form)


def agree(door: Door) -> ResponseReturnValue:
    form = ButtonForm()
    if is_sent(form):
        with errors_on(form):
            submitter.agree_to_text(door.context, door.reference)
            flash(_("Het loket weet dat u de tekst goed vindt."))
            return redirect(door.url())
    return _back(door) if request.method == "GET" else show(door, form)


def object_to(door: Door) -> ResponseReturnValue:
    form = ObjectionForm()
    if is_sent(form):
        with errors_on(form):
            submitter.object_to_text(door.context, door.reference, form.objection.data or "")
            flash(_("Uw bezwaar is verstuurd. De tekst wordt niet openbaar zoals hij nu is."))
            return redirect(door.url())
    return form_page("cases/object.html", door, form)


def withdraw(door: Door) -> ResponseReturnValue:
    """Take the case back, with a choice about the contact data."""
    page = page_of(door)
    form = WithdrawalForm()
    if not page.has_contact:
        del form.erase_contact
    if is_sent(form):
        with errors_on(form):
            erases = "erase_contact" in form and form.erase_contact.data is True
            submitter.withdraw(door.context, door.reference, form.reason.data or "", erase_contact=erases)
            flash(_("U hebt uw melding ingetrokken."))
            return redirect(url_for("cases.farewell") if erases and door.is_link else door.url())
    return form_page("cases/withdraw.html", door, form, may_withdraw=page.case.status in steps.WITHDRAW.sources)


def erase(door: Door) -> ResponseReturnValue:
    """Have the contact data erased."""
    page = page_of(door)
    form = ErasureForm()
    if is_sent(form):
        with errors_on(form):
            submitter.erase_contact(door.context, door.reference)
            flash(_("Uw contactgegevens zijn gewist."))
            return redirect(url_for("cases.farewell") if door.is_link else door.url())
    is_open = page.case.status in steps.WITHDRAW.sources
    return form_page("cases/erase.html", door, form, is_open=is_open)


def file(door: Door, attachment_id: int) -> ResponseReturnValue:
    """One file of this case; a file of another case does not exist here."""
    if all(each.id != attachment_id for each in page_of(door).files):
        raise NotFound()
    return download(attachments.attachment_for(db.session, door.context.actor, attachment_id))


def page_of(door: Door) -> SubmitterPage:
    """The case as it is told through this door."""
    return submitter_page.read_page(db.session, door.context.actor, door.reference)


def _own_page(door: Door) -> SubmitterPage:
    """The case for who may act on it. Raises PermissionDenied for a municipality that files along."""
    page = page_of(door)
    if door.joins(page.case):
        raise PermissionDenied(ONLY_THE_LEAD)
    return page


def form_page(template: str, door: Door, form: BaseForm, **values: Any) -> ResponseReturnValue:
    """A page with one form about the case."""
    page = _own_page(door)
    limits = upload_limits(len(page.files))
    return render_template(
        template, door=door, page=page, case=page.case, form=form, limits=limits, **values
    ), form_status(form)


def _keep_files(door: Door) -> None:
    """Keep the files of this form; when one is refused nothing is sent, and the form says why."""
    uploads = [upload for upload in request.files.getlist("attachments") if upload.filename]
    if not uploads:
        return
    try:
        keep_uploads(door.context, uploads, case=cases.get_for_update(db.session, door.reference))
    except DomainError as error:
        raise DomainError(
            _("%(message)s Er is nog niets verstuurd. Kies uw bestanden opnieuw.", message=said(error.message)),
            field=error.field,
        ) from None
