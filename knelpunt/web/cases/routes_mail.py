"""Which mails come, and to which address: chosen by the submitter without an account."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from knelpunt.domain.mail_kinds import MailChoice
from knelpunt.domain.permissions import VISITOR
from knelpunt.extensions import csrf, db
from knelpunt.services import accounts
from knelpunt.services.submitters import addresses, mail_choices
from knelpunt.web.cases import acts
from knelpunt.web.cases.access import by_token
from knelpunt.web.cases.blueprint import bp
from knelpunt.web.cases.forms import AddressForm, MailChoiceForm
from knelpunt.web.shared.forms.forms import ButtonForm
from knelpunt.web.shared.requests.access import act_as, by_link, public
from knelpunt.web.shared.requests.following import is_one_click
from knelpunt.web.shared.requests.stale_forms import is_sent
from knelpunt.web.shared.requests.transactions import commits, errors_on, form_status
from knelpunt.web.shared.texts import _


@bp.route("/volgen/<string:token>/mail", methods=["GET", "POST"])
@by_link
@commits
def follow_mail(token: str) -> ResponseReturnValue:
    """Choose which mails about this case come."""
    access = by_token(token)
    form = MailChoiceForm()
    if is_sent(form):
        with errors_on(form):
            mail_choices.choose_for_case(access.context, access.reference, form.choice.data or MailChoice.ALL)
            flash(_("Uw keuze is bewaard."))
            return redirect(access.url())
    elif request.method == "GET":
        form.choice.data = acts.page_of(access).mail_choice
    return acts.form_page("cases/mail.html", access, form)


@bp.route("/volgen/<string:token>/adres", methods=["GET", "POST"])
@by_link
@commits
def follow_address(token: str) -> ResponseReturnValue:
    """Give another e-mail address; it holds once it is confirmed from there."""
    access = by_token(token)
    form = AddressForm()
    if is_sent(form):
        with errors_on(form):
            ticket = accounts.count_link(
                db.session, form.email.data or "", request.remote_addr or "", access.context.now
            )
            if addresses.ask_change(access.context, access.reference, form.email.data or "", ticket):
                flash(_("Wij stuurden een mail naar het nieuwe adres. Open de link daarin binnen 7 dagen."))
            else:
                flash(_("Wij sturen weer mails naar dit adres. Wat niet aankwam, sturen wij nog eens."))
            return redirect(access.url())
    return acts.form_page("cases/address.html", access, form)


@bp.route("/volgen/adres/<string:change_token>", methods=["GET", "POST"])
@by_link
@commits
def confirm_address_change(change_token: str) -> ResponseReturnValue:
    """From the mail to the new address: say that it is one's own."""
    context = act_as(VISITOR)
    addresses.waiting_change(context, change_token)
    form = ButtonForm()
    if is_sent(form):
        with errors_on(form):
            addresses.confirm_change(context, change_token)
            return redirect(url_for("cases.address_changed"))
    return render_template("cases/address_confirm.html", form=form), form_status(form)


@bp.route("/volgen/adres-gewijzigd")
@public
def address_changed() -> ResponseReturnValue:
    return render_template("cases/address_changed.html")


@csrf.exempt
@bp.route("/mail/<string:stop_token>/afmelden", methods=["GET", "POST"])
@by_link
@commits
def stop_mails(stop_token: str) -> ResponseReturnValue:
    """Stop the mails that may be stopped.

    A mail program posts here without a form, and so without its mark (RFC 8058): the token is the proof.
    """
    context = act_as(VISITOR)
    if request.method == "POST":
        mail_choices.stop(context, stop_token)
        return mails_stopped() if is_one_click() else redirect(url_for("cases.mails_stopped"))
    mail_choices.check_token(context, stop_token)
    return render_template("cases/stop_mails.html")


@bp.route("/mail/afgemeld")
@public
def mails_stopped() -> ResponseReturnValue:
    return render_template("cases/mails_stopped.html")
