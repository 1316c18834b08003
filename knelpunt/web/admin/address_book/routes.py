"""The address book of the ministries: whom the desk can ask, and the box of each for what waits there."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from knelpunt.domain.permissions import Permission
from knelpunt.extensions import db
from knelpunt.queries.consultations import contacts
from knelpunt.queries.core.reference import reference
from knelpunt.services.consultations import address_book
from knelpunt.web.admin.blueprint import bp
from knelpunt.web.admin.forms import ContactForm, NewContactForm
from knelpunt.web.shared.forms.forms import VersionedForm
from knelpunt.web.shared.requests.access import current_context, requires
from knelpunt.web.shared.requests.transactions import commits, errors_on, form_status


@bp.route("/beheer/adresboek")
@requires(Permission.MANAGE_ADDRESS_BOOK)
def address_book_list() -> ResponseReturnValue:
    return render_template(
        "admin/address_book.html",
        rows=contacts.contacts(db.session),
        without_box=contacts.ministries_without_box(db.session),
    )


@bp.route("/beheer/adresboek/toevoegen", methods=["GET", "POST"])
@requires(Permission.MANAGE_ADDRESS_BOOK)
@commits
def address_book_add() -> ResponseReturnValue:
    form = NewContactForm()
    form.ministry_id.offer(reference(db.session).ministry_options)
    if form.validate_on_submit():
        with errors_on(form):
            address_book.add(
                current_context(),
                ministry_id=form.ministry_id.data,
                name=form.name.data or "",
                email=form.email.data or "",
                is_fallback=bool(form.is_fallback.data),
            )
            flash("Het adres staat in het adresboek.")
            return redirect(url_for("admin.address_book_list"), 303)
    return render_template("admin/contact.html", form=form, row=None), form_status(form)


@bp.route("/beheer/adresboek/<id:contact_id>/wijzigen", methods=["GET", "POST"])
@requires(Permission.MANAGE_ADDRESS_BOOK)
@commits
def address_book_change(contact_id: int) -> ResponseReturnValue:
    form = ContactForm()
    if form.validate_on_submit():
        with errors_on(form):
            address_book.change(
                current_context(),
                contact_id,
                form.version.data,
                name=form.name.data or "",
                email=form.email.data or "",
                is_fallback=bool(form.is_fallback.data),
            )
            flash("Het adres is gewijzigd.")
            return redirect(url_for("admin.address_book_list"), 303)
    row = _row(contact_id)
    if not form.is_submitted():
        form.process(None, obj=row)
    if form.conflict:
        form.version.data = row.version
    return render_template("admin/contact.html", form=form, row=row), form_status(form)


@bp.route("/beheer/adresboek/<id:contact_id>/weghalen", methods=["GET", "POST"])
@requires(Permission.MANAGE_ADDRESS_BOOK)
@commits
def address_book_remove(contact_id: int) -> ResponseReturnValue:
    form = VersionedForm()
    if form.validate_on_submit():
        with errors_on(form):
            address_book.remove(current_context(), contact_id, form.version.data)
            flash("Het adres is uit het adresboek gehaald.")
            return redirect(url_for("admin.address_book_list"), 303)
    row = _row(contact_id)
    if not form.is_submitted() or form.conflict:
        form.version.data = row.version
    waiting = [case.reference for case in contacts.waiting_at(db.session, contact_id)]
    return render_template("admin/contact_remove.html", form=form, row=row, waiting=waiting), form_status(form)


def _row(contact_id: int) -> contacts.ContactRow:
    row = contacts.contact(db.session, contact_id)
    if row is None:
        abort(404)
    return row
