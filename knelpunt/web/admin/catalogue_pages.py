"""What the pages about editing the catalogue share: one form page, one review page, and the words beside them."""

from collections.abc import Mapping
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from knelpunt.domain.laws.edits import EditStatus, EntryKind
from knelpunt.extensions import db
from knelpunt.queries.accounts import administrators
from knelpunt.queries.accounts.administrators import Administrator
from knelpunt.queries.laws import edits as queries
from knelpunt.queries.laws.candidates import used_words
from knelpunt.queries.laws.edits import EditRow, Entry
from knelpunt.services import accounts
from knelpunt.services.laws import edits
from knelpunt.services.laws import files as law_files
from knelpunt.web.admin.catalogue_forms import EntryForm
from knelpunt.web.admin.catalogue_values import BADGES, EDIT_STATUS, field_changes, file_only
from knelpunt.web.admin.forms import ReviewForm
from knelpunt.web.shared.forms.proposals import PROPOSED, decided
from knelpunt.web.shared.pages.list_filters import number_in
from knelpunt.web.shared.requests.access import current_actor, current_context
from knelpunt.web.shared.requests.transactions import errors_on, form_status

USED = {"onderwerpen": "domain", "ministeries": "ministry_2026"}
"""The lists of words to take from while typing, and the field of a law that they come from."""
DONE = {
    EditStatus.APPROVED: "De wijziging is vastgesteld en staat in de catalogus.",
    EditStatus.SENT_BACK: "Het voorstel is teruggegeven.",
    EditStatus.WITHDRAWN: "Het voorstel is ingetrokken.",
}


def entry_address(kind: EntryKind, key: str, *, page: str = "edit") -> str:
    """The address of a page about one entry: ``edit`` or ``history``."""
    if kind is EntryKind.LAW:
        return url_for(f"admin.catalogue_law_{page}", law_key=key)
    return url_for(f"admin.catalogue_provision_{page}", provision_key=key)


def public_address(kind: EntryKind, law_key: str, key: str) -> str:
    """Where everybody reads the entry."""
    if kind is EntryKind.LAW:
        return url_for("laws.law", law_key=key)
    return url_for("laws.provision", law_key=law_key, provision_key=key)


def form_page(form: EntryForm, entry: Entry | None, *, title: str) -> ResponseReturnValue:
    """Write a proposal. When the entry changed meanwhile, what it says now stands above what was typed."""
    kind = form.kind_of_entry
    returned = _returned(kind, entry)
    if not form.is_submitted():
        form.show(returned.after if returned else entry.fields if entry else {})
        if returned:
            form.reason.data, form.source_url.data = returned.reason, returned.source_url
            if "keeps_meaning" in form:
                form.keeps_meaning.data = returned.keeps_meaning
        form.base.data = entry.digest if entry else ""
    elif not any(field.is_searching for field in form.key_fields) and form.validate():
        after = form.read(entry.fields if entry else {}, law_files.reference_date())
        made = _propose(form, kind, after)
        if made is not None:
            flash(PROPOSED)
            return redirect(url_for("admin.catalogue_edit", edit_id=made), 303)
    stands_now = []
    if form.conflict and entry is not None:
        # What was read at the start of this request may be older than what the service saw.
        entry = queries.one_entry(db.session, kind, entry.key) or entry
        typed = form.read(entry.fields, law_files.reference_date())
        stands_now = field_changes(kind, entry.fields, typed)
        form.base.data = entry.digest
    typed = form.read(entry.fields if entry else {}, law_files.reference_date())
    for field in form.key_fields:
        field.look_up(db.session, typed)
    page = render_template(
        "admin/catalogue_form.html",
        form=form,
        entry=entry,
        title=title,
        returned=returned,
        stands_now=stands_now,
        kind=kind,
        in_file=file_only(kind, entry.fields) if entry else [],
        used=[(id_, used_words(db.session, name)) for id_, name in USED.items()] if kind is EntryKind.LAW else [],
        reference_day=law_files.reference_date(),
        is_confirmed=accounts.is_confirmed(current_context()),
        entry_address=entry_address,
        public_address=public_address,
    )
    return page, form_status(form)


def _propose(form: EntryForm, kind: EntryKind, after: Mapping[str, Any]) -> int | None:
    with errors_on(form):
        try:
            edit = edits.propose(
                current_context(),
                kind,
                after,
                base_digest=form.base.data or "",
                reason=form.reason.data or "",
                source_url=form.source_url.data or "",
                keeps_meaning="keeps_meaning" in form and bool(form.keeps_meaning.data),
            )
        except edits.EditInvalid as error:
            db.session.rollback()
            form.refuse(error.by_field)
            return None
        return edit.id
    return None


def _returned(kind: EntryKind, entry: Entry | None) -> EditRow | None:
    """The proposal that was sent back and that this one starts from, if the address names one of this entry."""
    number = number_in(request.args.get("vanaf", ""))
    found = queries.one_edit(db.session, number) if number else None
    if found is None or found.kind is not kind or found.status is EditStatus.PROPOSED:
        return None
    if entry is None:
        return found if found.is_new else None
    return found if found.key == entry.key else None


def too_few(proposed_by_id: int | None) -> list[Administrator] | None:
    """Where nobody but the proposer could decide: who waits to be confirmed, to whom that would be open then."""
    everyone = administrators.active(db.session)
    if everyone.counting_beside(proposed_by_id):
        return None
    return [each for each in everyone.waiting if each.id != proposed_by_id]


def review_page(edit_id: int) -> ResponseReturnValue:
    """What a proposal changes, and what happens to it."""
    form = ReviewForm()
    if form.validate_on_submit() and (done := _decide(form, edit_id)) is not None:
        flash(DONE[done])
        return redirect(url_for("admin.catalogue_edit", edit_id=edit_id), 303)
    edit = queries.one_edit(db.session, edit_id)
    if edit is None:
        abort(404)
    entry = queries.one_entry(db.session, edit.kind, edit.key)
    is_open = edit.status is EditStatus.PROPOSED
    has_moved = is_open and (entry.digest if entry else "") != edit.base_digest
    page = render_template(
        "admin/catalogue_review.html",
        form=form,
        edit=edit,
        entry=entry,
        is_open=is_open,
        is_own=edit.proposed_by_id == current_actor().account_id,
        is_confirmed=accounts.is_confirmed(current_context()),
        few=too_few(edit.proposed_by_id) if is_open else None,
        has_moved=has_moved,
        changes=field_changes(edit.kind, edit.before, edit.after, entry.fields if has_moved and entry else None),
        status_words=EDIT_STATUS[edit.status],
        badge=BADGES[edit.status],
        again_href=_again(edit),
        Status=EditStatus,
        entry_address=entry_address,
        public_address=public_address,
    )
    return page, form_status(form)


def _decide(form: ReviewForm, edit_id: int) -> EditStatus | None:
    """Do what the button says; None when the form says why not."""
    context = current_context()
    return decided(
        form,
        {
            EditStatus.APPROVED: lambda: edits.approve(context, edit_id).status,
            EditStatus.SENT_BACK: lambda: edits.send_back(context, edit_id, form.note.data or "").status,
            EditStatus.WITHDRAWN: lambda: edits.withdraw(context, edit_id).status,
        },
    )


def _again(edit: EditRow) -> str | None:
    """Where a proposal that did not make it is written anew from its own text."""
    if edit.status not in (EditStatus.SENT_BACK, EditStatus.WITHDRAWN):
        return None
    if not edit.is_new:
        return f"{entry_address(edit.kind, edit.key)}?vanaf={edit.id}"
    return url_for(f"admin.catalogue_new_{'law' if edit.kind is EntryKind.LAW else 'provision'}", vanaf=edit.id)
