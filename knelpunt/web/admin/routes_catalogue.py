"""Addresses for editing the law catalogue: ``/beheer/wetten``."""

import io
import zipfile

from flask import Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from knelpunt.domain.laws.edits import EntryKind
from knelpunt.domain.permissions import Permission
from knelpunt.domain.shapes import FileRefused
from knelpunt.extensions import db
from knelpunt.queries.laws import edits as queries
from knelpunt.queries.laws.candidates import counted_names, law_choices
from knelpunt.queries.laws.edits import PAGE_SIZE, Entry, EntryFilter, EntryState
from knelpunt.services import accounts
from knelpunt.services.laws import files as law_files
from knelpunt.web.admin.blueprint import bp
from knelpunt.web.admin.catalogue_forms import LawForm, NewLawForm, NewProvisionForm, ProvisionForm
from knelpunt.web.admin.catalogue_pages import entry_address, form_page, public_address, review_page
from knelpunt.web.admin.catalogue_values import BADGES, EDIT_STATUS, FIELD_WORDS
from knelpunt.web.shared.forms.forms import CHOOSE, choices
from knelpunt.web.shared.pages.list_filters import ListFilters, members
from knelpunt.web.shared.requests.access import current_context, requires
from knelpunt.web.shared.requests.transactions import commits

KIND_WORDS = {EntryKind.LAW: "Wetten", EntryKind.PROVISION: "Bepalingen"}
STATE_WORDS = {
    EntryState.WAITING: "Wacht op een tweede beheerder",
    EntryState.AHEAD: "Gewijzigd, nog niet in het bestand",
}
ZIP_DAY = (2026, 1, 1, 0, 0, 0)
"""The day that all files in the download have: the same catalogue gives the same file."""


@bp.route("/beheer/wetten")
@requires(Permission.EDIT_CATALOGUE)
def catalogue() -> ResponseReturnValue:
    asked = ListFilters.of_request()
    wanted = EntryFilter(
        text=asked.text("zoek", lambda text: f"Zoekt: {text}"),
        kind=asked.choice("soort", members(EntryKind, KIND_WORDS.__getitem__)),
        state=asked.choice("stand", members(EntryState, STATE_WORDS.__getitem__)),
    )
    rows = queries.list_entries(db.session, wanted, page=asked.read_page())
    previous, following = asked.pages(more=len(rows) > PAGE_SIZE)
    return render_template(
        "admin/catalogue.html",
        rows=rows[:PAGE_SIZE],
        waiting=queries.waiting_edits(db.session),
        is_confirmed=accounts.is_confirmed(current_context()),
        wanted=wanted,
        kind_options=[(kind.value, words) for kind, words in KIND_WORDS.items()],
        state_options=[(state.value, words) for state, words in STATE_WORDS.items()],
        chips=asked.chips(),
        previous_href=previous,
        next_href=following,
        entry_address=entry_address,
    )


@bp.route("/beheer/wetten/bestanden.zip")
@requires(Permission.EDIT_CATALOGUE)
def catalogue_files() -> ResponseReturnValue:
    """The catalogue as its files, by the code of ``knelpunt laws export``."""
    try:
        texts = law_files.export_texts(db.session)
    except FileRefused as error:
        flash(f"De catalogus kan niet naar bestanden. {str(error).splitlines()[-1]}.", "warning")
        return redirect(url_for("admin.catalogue"))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in texts.items():
            info = zipfile.ZipInfo(name, ZIP_DAY)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, text)
    return Response(
        packed.getvalue(),
        mimetype="application/zip",
        headers={"Content-Disposition": 'attachment; filename="wettencatalogus.zip"'},
    )


@bp.route("/beheer/wetten/nieuwe-wet", methods=["GET", "POST"])
@requires(Permission.EDIT_CATALOGUE)
@commits
def catalogue_new_law() -> ResponseReturnValue:
    form = NewLawForm()
    form.family.choices = choices(
        [("", CHOOSE), *((name, name.replace("-", " ").capitalize()) for name in law_files.families())]
    )
    form.offer_names(counted_names(db.session))
    return form_page(form, None, title="Nieuwe wet")


@bp.route("/beheer/wetten/nieuwe-bepaling", methods=["GET", "POST"])
@requires(Permission.EDIT_CATALOGUE)
@commits
def catalogue_new_provision() -> ResponseReturnValue:
    form = NewProvisionForm()
    form.law.choices = choices([("", CHOOSE), *law_choices(db.session)])
    return form_page(form, None, title="Nieuwe bepaling")


@bp.route("/beheer/wetten/wet/<string:law_key>", methods=["GET", "POST"])
@requires(Permission.EDIT_CATALOGUE)
@commits
def catalogue_law_edit(law_key: str) -> ResponseReturnValue:
    entry = _entry(EntryKind.LAW, law_key)
    form = LawForm()
    form.offer_names(counted_names(db.session), own=entry.fields["case_keys"])
    return form_page(form, entry, title=f"Wijzig {entry.title}")


@bp.route("/beheer/wetten/bepaling/<string:provision_key>", methods=["GET", "POST"])
@requires(Permission.EDIT_CATALOGUE)
@commits
def catalogue_provision_edit(provision_key: str) -> ResponseReturnValue:
    entry = _entry(EntryKind.PROVISION, provision_key)
    return form_page(ProvisionForm(), entry, title=f"Wijzig {entry.title}")


@bp.route("/beheer/wetten/wet/<string:law_key>/geschiedenis")
@requires(Permission.EDIT_CATALOGUE)
def catalogue_law_history(law_key: str) -> ResponseReturnValue:
    return _history(_entry(EntryKind.LAW, law_key))


@bp.route("/beheer/wetten/bepaling/<string:provision_key>/geschiedenis")
@requires(Permission.EDIT_CATALOGUE)
def catalogue_provision_history(provision_key: str) -> ResponseReturnValue:
    return _history(_entry(EntryKind.PROVISION, provision_key))


@bp.route("/beheer/wetten/voorstellen/<id:edit_id>", methods=["GET", "POST"])
@requires(Permission.EDIT_CATALOGUE)
@commits
def catalogue_edit(edit_id: int) -> ResponseReturnValue:
    return review_page(edit_id)


def _history(entry: Entry) -> ResponseReturnValue:
    return render_template(
        "admin/catalogue_history.html",
        entry=entry,
        edits=queries.history(db.session, entry.kind, entry.key),
        status_words=EDIT_STATUS,
        badges=BADGES,
        field_words=FIELD_WORDS,
        entry_address=entry_address,
        public_address=public_address,
    )


def _entry(kind: EntryKind, key: str) -> Entry:
    found = queries.one_entry(db.session, kind, key) if key.isprintable() else None
    if found is None:
        abort(404)
    return found
