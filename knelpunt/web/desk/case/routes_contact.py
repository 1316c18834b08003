"""What the desk does about reaching the submitter: mend an address, take a file away, send what goes on paper."""

import re
from dataclasses import replace
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from knelpunt.adapters.typesetting import letter_pdf
from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.domain.errors import NotFound
from knelpunt.domain.languages import language_of
from knelpunt.domain.permissions import HANDLED_IT_FIRST, Permission
from knelpunt.domain.post.letters import HANDLER_TOLD_AFTER, written_by
from knelpunt.extensions import db
from knelpunt.queries.cases import letters as queries
from knelpunt.queries.cases.page_rows import CaseFile
from knelpunt.queries.core.reference import reference as small_tables
from knelpunt.services.cases import triage
from knelpunt.services.mail import letters
from knelpunt.services.submitters import addresses
from knelpunt.web.desk.blueprint import bp
from knelpunt.web.desk.case.forms_contact import AddressForm, RemovalForm, SentForm
from knelpunt.web.desk.case.view import Missing
from knelpunt.web.desk.steps.page import StepPage, step_page
from knelpunt.web.shared.forms.forms import VersionedForm
from knelpunt.web.shared.pages.files import remove_from_case
from knelpunt.web.shared.pages.list_filters import number_in
from knelpunt.web.shared.requests.access import current_actor, current_context, requires, today_in_nl
from knelpunt.web.shared.requests.transactions import commits, errors_on, form_status

_SECRET = re.compile(r"(/volgen/)\S+")
"""The part of a link by which its holder acts as the submitter, which nobody at the desk may do unseen."""


@step_page("adres", Permission.HANDLE_CASE)
class CorrectAddress(StepPage[AddressForm]):
    """Mend the submitter's e-mail address, or write down the first one."""

    form_class = AddressForm
    title = "E-mailadres van de indiener herstellen"
    lead = (
        "Doe dit alleen als de indiener u het goede adres gaf. De oude link werkt daarna niet meer. Naar het nieuwe "
        "adres gaat een nieuwe link. In het verloop staat dat u dit deed, niet welk adres het is."
    )
    button = "Herstel het adres"
    done = "Het adres is hersteld. De indiener krijgt daar een nieuwe link."

    def act(self) -> None:
        addresses.correct(self.context, self.reference, self.form.email.data or "")

    def read(self) -> CaseFile:
        file = super().read()
        if not file.has_contact or file.case.organisation_id is not None:
            raise NotFound("Bij deze zaak staan geen contactgegevens die het loket kan herstellen.")
        return file


@step_page("adres/opnieuw", Permission.HANDLE_CASE)
class TryAddressAgain(StepPage[VersionedForm]):
    """Have mails go again to an address that nobody was known to have."""

    form_class = VersionedForm
    title = "Probeer het e-mailadres opnieuw"
    lead = (
        "Een andere server meldde dat dit adres niet bestaat. Doe dit als de indiener zegt dat het klopt. Wat niet "
        "aankwam, gaat dan nog eens weg. Komt er weer een mail terug, dan staat de zaak opnieuw in de lijst."
    )
    button = "Probeer dit adres opnieuw"
    done = "Mails gaan weer naar dit adres."

    def act(self) -> None:
        addresses.try_again(self.context, self.reference)

    @property
    def blocked_by(self) -> tuple[Missing, ...]:
        return () if self.file.gone_on is not None else (Missing(addresses.NOT_GONE, None),)


@step_page("bijlagen/<id:attachment_id>/verwijderen", Permission.HANDLE_CASE)
class RemoveAttachment(StepPage[RemovalForm]):
    """Take a file away, with a reason that the submitter reads."""

    attachment_id: int
    form_class = RemovalForm
    title = "Bestand verwijderen"
    lead = (
        "Het bestand zelf is daarna weg. De naam, de dag en uw reden blijven bij de zaak staan. U kunt dit niet "
        "terugdraaien."
    )
    button = "Verwijder het bestand"
    done = "Het bestand is verwijderd. De indiener krijgt daar bericht van."

    def act(self) -> None:
        remove_from_case(self.context, self.reference, self.attachment_id, self.form.reason.data or "")

    def shown(self) -> dict[str, Any]:
        found = next((each for each in self.file.attachments if each.id == self.attachment_id), None)
        if found is None:
            raise NotFound()
        return super().shown() | {"title": f"{self.title}: {found.shown_name}"}


@bp.route("/post")
@requires(Permission.HANDLE_CASE)
def post() -> ResponseReturnValue:
    """What still has to go on paper or by telephone, or what went."""
    is_sent = request.args.get("toon") == "verstuurd"
    before = number_in(request.args.get("na", ""))
    rows = queries.waiting(
        db.session,
        current_actor(),
        sent=is_sent,
        before=before,
    )
    shown = rows[: queries.PAGE_SIZE]
    toon = "verstuurd" if is_sent else None
    return render_template(
        "desk/post.html",
        rows=shown,
        is_sent=is_sent,
        late_from=written_by(today_in_nl(), HANDLER_TOLD_AFTER),
        next_href=url_for("desk.post", toon=toon, na=shown[-1].id) if len(rows) > len(shown) else None,
        first_href=url_for("desk.post", toon=toon) if before else None,
        names=small_tables(db.session).staff_names,
    )


@bp.route("/post/<id:letter_id>", methods=["GET", "POST"])
@requires(Permission.HANDLE_CASE)
@commits
def letter(letter_id: int) -> ResponseReturnValue:
    """One message. Sent with the button, it shows the address and the submitter's own link as well, once: that somebody
    looked is an event."""
    return _show_letter(letter_id, SentForm(formdata=None), opens=request.method == "POST")


@bp.route("/post/<id:letter_id>/pdf", methods=["POST"])
@requires(Permission.HANDLE_CASE)
@commits
def letter_as_pdf(letter_id: int) -> ResponseReturnValue:
    """One message as a PDF with the address on it. That somebody looked is an event, so a button asks for it."""
    found = queries.one(db.session, letter_id)
    if found is None or not found.body:
        raise NotFound()
    triage.open_contact(current_context(), found.reference)
    address = [each for each in (found.name, *(found.postal_address or "").splitlines()) if each]
    content = letter_pdf(
        found.subject,
        found.body,
        address=address,
        day=nl_day(found.written_at),
        made_at=found.written_at,
        language=language_of(found.language),
    )
    name = f'attachment; filename="brief-{found.reference}-{found.id}.pdf"'
    return Response(content, mimetype="application/pdf", headers={"Content-Disposition": name})


@bp.route("/post/<id:letter_id>/verstuurd", methods=["GET", "POST"])
@requires(Permission.HANDLE_CASE)
@commits
def letter_sent(letter_id: int) -> ResponseReturnValue:
    """Mark that the message was posted or told."""
    form = SentForm()
    if form.validate_on_submit():
        with errors_on(form):
            case = letters.mark_sent(current_context(), letter_id, form.sent_on.data or today_in_nl())
            flash(f"Het bericht bij {case.reference} staat als verstuurd.")
            return redirect(url_for("desk.post"), 303)
    if request.method == "GET":
        return redirect(url_for("desk.letter", letter_id=letter_id))
    return _show_letter(letter_id, form, opens=False)


def _show_letter(letter_id: int, form: SentForm, *, opens: bool) -> ResponseReturnValue:
    found = queries.one(db.session, letter_id)
    if found is None:
        raise NotFound()
    if form.sent_on.data is None and not form.errors:
        form.sent_on.data = today_in_nl()
    if opens:
        triage.open_contact(current_context(), found.reference)
    elif found.body:
        found = replace(found, body=_SECRET.sub(r"\1…", found.body))
    refused = HANDLED_IT_FIRST if current_actor().handled_first(found.first_handler_id) else None
    page = render_template("desk/letter.html", letter=found, form=form, is_open=opens, refused=refused)
    return page, form_status(form)
