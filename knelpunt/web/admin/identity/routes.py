"""Taking away the second factor of a colleague who lost it: asked by one administrator, decided by another."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from knelpunt.domain.permissions import Permission
from knelpunt.extensions import db
from knelpunt.queries.accounts import accounts, identity
from knelpunt.queries.accounts.accounts import AccountRow
from knelpunt.services.accounts.identity import lost
from knelpunt.web.admin.blueprint import bp
from knelpunt.web.shared.forms.forms import BaseForm, ButtonForm
from knelpunt.web.shared.requests.access import current_context, requires
from knelpunt.web.shared.requests.transactions import commits, errors_on, form_status

REASON_MAX = 500


class LostForm(BaseForm):
    """Why the second factor must go."""

    reason = TextAreaField(
        "Wat is er gebeurd, en hoe weet u dat het echt deze collega is?",
        description="Een andere beheerder leest dit en besluit. Bel de collega eerst, of spreek elkaar.",
        validators=[InputRequired("Schrijf op wat er is gebeurd."), Length(max=REASON_MAX)],
    )


@bp.route("/beheer/accounts/<id:account_id>/tweede-stap", methods=["GET", "POST"])
@requires(Permission.MANAGE_ACCOUNTS)
@commits
def lost_factor(account_id: int) -> ResponseReturnValue:
    """Ask to take it away, or see what was asked."""
    account = _account(account_id)
    form = LostForm()
    if form.validate_on_submit():
        with errors_on(form):
            lost.ask(current_context(), account_id, form.reason.data or "")
            flash("Een andere beheerder moet nu besluiten.")
            return redirect(url_for("admin.accounts_one", account_id=account_id))
    asked = identity.open_reset(db.session, account_id)
    context = current_context()
    page = render_template(
        "admin/lost_factor.html",
        account=account,
        form=form,
        decision=ButtonForm(formdata=None),
        asked=asked,
        state=identity.factor_state(db.session, account_id),
        why_only_refuse=lost.why_not_grant(context, account_id, asked.asked_at) if asked else None,
        why_not=lost.why_not_decide(context, account_id, asked.asked_by_id)
        if asked
        else lost.why_not_ask(context, account_id),
    )
    return page, form_status(form)


@bp.route("/beheer/accounts/<id:account_id>/tweede-stap/weghalen", methods=["POST"])
@requires(Permission.MANAGE_ACCOUNTS)
@commits
def take_factor_away(account_id: int) -> ResponseReturnValue:
    return _decide(account_id, is_granted=True)


@bp.route("/beheer/accounts/<id:account_id>/tweede-stap/afwijzen", methods=["POST"])
@requires(Permission.MANAGE_ACCOUNTS)
@commits
def refuse_lost_factor(account_id: int) -> ResponseReturnValue:
    return _decide(account_id, is_granted=False)


def _decide(account_id: int, *, is_granted: bool) -> ResponseReturnValue:
    lost.decide(current_context(), account_id, is_granted=is_granted)
    flash(
        "De tweede stap is weggehaald. De collega is overal uitgelogd." if is_granted else "Het verzoek is afgewezen."
    )
    return redirect(url_for("admin.accounts_one", account_id=account_id))


def _account(account_id: int) -> AccountRow:
    account = accounts.one_account(db.session, account_id)
    if account is None:
        abort(404)
    return account
