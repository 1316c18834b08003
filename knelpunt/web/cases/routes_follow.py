"""Following a case without an account. Opening a link changes nothing: mail scanners open links too."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from knelpunt.extensions import db
from knelpunt.queries.cases import submitter_page
from knelpunt.services import accounts
from knelpunt.services.privacy import answers
from knelpunt.services.submitters import links
from knelpunt.services.worklist import calendars
from knelpunt.web.cases import acts
from knelpunt.web.cases.access import CaseAccess, by_aftercare_token, by_token
from knelpunt.web.cases.blueprint import bp
from knelpunt.web.cases.forms import LostLinkForm
from knelpunt.web.shared.forms.forms import ButtonForm
from knelpunt.web.shared.privacy.answer import answer_pdf, told
from knelpunt.web.shared.requests.access import by_link, current_context, now_utc, public
from knelpunt.web.shared.requests.stale_forms import is_sent
from knelpunt.web.shared.requests.transactions import commits, errors_on, form_status
from knelpunt.web.shared.texts import _


@bp.route("/volgen/kwijt", methods=["GET", "POST"])
@public
@commits
def lost_link() -> ResponseReturnValue:
    """Ask for the link again; the answer is the same for known and unknown addresses."""
    form = LostLinkForm()
    if is_sent(form):
        # Counted in a transaction of its own: an answer that rolls back must not forget the attempt.
        db.session.rollback()
        ticket = accounts.count_link(db.session, form.email.data, request.remote_addr or "", now_utc())
        db.session.commit()
        links.send_links_again(current_context(), form.email.data, ticket)
        return redirect(url_for("cases.lost_link_sent"))
    return render_template("cases/lost_link.html", form=form), form_status(form)


@bp.route("/volgen/kwijt/verstuurd")
@public
def lost_link_sent() -> ResponseReturnValue:
    return render_template("cases/lost_link_sent.html")


@bp.route("/volgen/klaar")
@public
def farewell() -> ResponseReturnValue:
    """After the contact data were erased: the link no longer works, and that is as it should be."""
    return render_template("cases/farewell.html")


@bp.route("/volgen/<string:token>")
@by_link
def follow(token: str) -> ResponseReturnValue:
    return acts.show(by_token(token))


@bp.route("/volgen/<string:token>/bevestigen", methods=["GET", "POST"])
@by_link
@commits
def follow_confirm(token: str) -> ResponseReturnValue:
    """Say that the mail address is one's own."""
    access = by_token(token)
    form = ButtonForm()
    if is_sent(form):
        with errors_on(form):
            links.confirm_address(access.context, access.reference)
            flash(_("Bedankt. Uw e-mailadres is bevestigd."))
            return redirect(access.url())
    return redirect(access.url()) if request.method == "GET" else acts.show(access, form)


@bp.route("/volgen/<string:token>/antwoord/<id:message_id>", methods=["GET", "POST"])
@by_link
@commits
def follow_answer(token: str, message_id: int) -> ResponseReturnValue:
    return acts.answer(by_token(token), message_id)


@bp.route("/volgen/<string:token>/toevoegen", methods=["GET", "POST"])
@by_link
@commits
def follow_add(token: str) -> ResponseReturnValue:
    return acts.add(by_token(token))


@bp.route("/volgen/<string:token>/voorstel/aannemen", methods=["GET", "POST"])
@by_link
@commits
def follow_accept(token: str) -> ResponseReturnValue:
    return acts.accept(by_token(token))


@bp.route("/volgen/<string:token>/voorstel/niet-aannemen", methods=["GET", "POST"])
@by_link
@commits
def follow_refuse(token: str) -> ResponseReturnValue:
    return acts.refuse(by_token(token))


@bp.route("/volgen/<string:token>/delen", methods=["GET", "POST"])
@by_link
@commits
def follow_share(token: str) -> ResponseReturnValue:
    return acts.share(by_token(token))


@bp.route("/volgen/<string:token>/openbare-tekst/akkoord", methods=["GET", "POST"])
@by_link
@commits
def follow_agree(token: str) -> ResponseReturnValue:
    return acts.agree(by_token(token))


@bp.route("/volgen/<string:token>/openbare-tekst/bezwaar", methods=["GET", "POST"])
@by_link
@commits
def follow_object(token: str) -> ResponseReturnValue:
    return acts.object_to(by_token(token))


@bp.route("/volgen/<string:token>/heroverweging", methods=["GET", "POST"])
@by_link
@commits
def follow_second_look(token: str) -> ResponseReturnValue:
    return acts.ask_second_look(by_token(token))


@bp.route("/volgen/<string:token>/agenda")
@by_link
def follow_calendar(token: str) -> ResponseReturnValue:
    """The address of the calendar of this one case. It opens nothing else, and ends with the link itself."""
    access = by_token(token)
    made = access.context.links
    page = acts.page_of(access)
    public_id = made.public_id_of(token) or ""
    link = submitter_page.link_with(db.session, public_id)
    assert link is not None  # noqa: S101 - the token was just found good
    own = made.token(calendars.OF_CASE, public_id, link.nonce)
    return render_template("cases/calendar.html", access=access, case=page.case, address=made.to(f"/agenda/{own}.ics"))


@bp.route("/nazorg/<string:token>", methods=["GET", "POST"])
@by_link
@commits
def answer_aftercare(token: str) -> ResponseReturnValue:
    """Did the project go ahead? Only sending the form answers; a scanner of mail that opens the link does not."""
    return acts.answer_aftercare(*by_aftercare_token(token))


@bp.route("/volgen/<string:token>/intrekken", methods=["GET", "POST"])
@by_link
@commits
def follow_withdraw(token: str) -> ResponseReturnValue:
    return acts.withdraw(by_token(token))


@bp.route("/volgen/<string:token>/gegevens-wissen", methods=["GET", "POST"])
@by_link
@commits
def follow_erase(token: str) -> ResponseReturnValue:
    return acts.erase(by_token(token))


@bp.route("/volgen/<string:token>/gegevens", methods=["GET", "POST"])
@by_link
@commits
def follow_data(token: str) -> ResponseReturnValue:
    return acts.own_data(by_token(token))


@bp.route("/volgen/<string:token>/gegevens/ophalen", methods=["POST"])
@by_link
@commits
def follow_data_file(token: str) -> ResponseReturnValue:
    return acts.own_data_file(by_token(token))


@bp.route("/privacy/verzoek/<string:privacy_token>")
@by_link
def privacy_request(privacy_token: str) -> ResponseReturnValue:
    """How a request about the own data stands, and what was decided."""
    row = answers.by_token(current_context(), privacy_token)
    return render_template(
        "privacy/answer.html",
        told=told(row),
        pdf_path=url_for("cases.privacy_answer", privacy_token=privacy_token),
    )


@bp.route("/privacy/verzoek/<string:privacy_token>/antwoord.pdf")
@by_link
def privacy_answer(privacy_token: str) -> ResponseReturnValue:
    return answer_pdf(answers.by_token(current_context(), privacy_token))


@bp.route("/volgen/<string:token>/bijlagen/<id:attachment_id>")
@by_link
def follow_file(token: str, attachment_id: int) -> ResponseReturnValue:
    return acts.file(by_token(token), attachment_id)


@bp.route("/volgen/<string:token>/link", methods=["GET", "POST"])
@by_link
@commits
def follow_link(token: str) -> ResponseReturnValue:
    """Make this link worthless: for a new one by mail, or for none."""
    access = by_token(token)
    form = ButtonForm()
    if is_sent(form):
        with errors_on(form):
            _change_link(access)
            return redirect(url_for("cases.link_changed"))
    return render_template("cases/link.html", access=access, form=form), form_status(form)


def _change_link(access: CaseAccess) -> None:
    if request.form.get("action") == "sluiten":
        links.revoke_link(access.context, access.reference)
        flash(_("De link is gesloten."))
    else:
        links.renew_link(access.context, access.reference)
        flash(_("De oude link werkt niet meer. De nieuwe staat in uw mail."))


@bp.route("/volgen/link-gewijzigd")
@public
def link_changed() -> ResponseReturnValue:
    return render_template("cases/link_changed.html")
