"""Addresses about accounts: ``/beheer/accounts`` for all, ``/onze-organisatie/collegas`` for the own organisation."""

from flask import request
from flask.typing import ResponseReturnValue

from knelpunt.domain.permissions import Permission
from knelpunt.extensions import db
from knelpunt.queries.accounts import organisations
from knelpunt.web.admin import account_pages as pages
from knelpunt.web.admin.account_pages import all_accounts, own_colleagues
from knelpunt.web.admin.blueprint import bp
from knelpunt.web.admin.forms import InviteColleagueForm, InviteForm
from knelpunt.web.shared.pages.list_filters import number_in
from knelpunt.web.shared.requests.access import current_actor, requires
from knelpunt.web.shared.requests.transactions import commits


@bp.route("/beheer/accounts")
@requires(Permission.MANAGE_ACCOUNTS)
def accounts_list() -> ResponseReturnValue:
    return pages.list_page(all_accounts())


@bp.route("/beheer/accounts/uitnodigen", methods=["GET", "POST"])
@requires(Permission.MANAGE_ACCOUNTS)
@commits
def accounts_invite() -> ResponseReturnValue:
    form = InviteForm(organisation_id=number_in(request.args.get("organisatie", "")))
    form.organisation_id.offer(organisations.choices(db.session))
    return pages.invite_page(all_accounts(), form)


@bp.route("/beheer/uitnodigingen/<id:invitation_id>/intrekken", methods=["POST"])
@requires(Permission.MANAGE_ACCOUNTS)
@commits
def accounts_withdraw(invitation_id: int) -> ResponseReturnValue:
    return pages.withdraw(all_accounts(), invitation_id)


@bp.route("/beheer/accounts/<id:account_id>")
@requires(Permission.MANAGE_ACCOUNTS)
def accounts_one(account_id: int) -> ResponseReturnValue:
    return pages.one_page(all_accounts(), account_id)


@bp.route("/beheer/accounts/<id:account_id>/adres-opnieuw", methods=["POST"])
@requires(Permission.MANAGE_ACCOUNTS)
@commits
def accounts_address(account_id: int) -> ResponseReturnValue:
    return pages.address_page(all_accounts(), account_id)


@bp.route("/beheer/accounts/<id:account_id>/rol", methods=["GET", "POST"])
@requires(Permission.MANAGE_ACCOUNTS)
@commits
def accounts_role(account_id: int) -> ResponseReturnValue:
    return pages.role_page(all_accounts(), account_id)


@bp.route("/beheer/accounts/<id:account_id>/uitzetten", methods=["GET", "POST"])
@requires(Permission.MANAGE_ACCOUNTS)
@commits
def accounts_close(account_id: int) -> ResponseReturnValue:
    return pages.state_page(all_accounts(), account_id, close=True)


@bp.route("/beheer/accounts/<id:account_id>/overdragen", methods=["GET", "POST"])
@requires(Permission.MANAGE_ACCOUNTS)
@commits
def accounts_hand_over(account_id: int) -> ResponseReturnValue:
    return pages.hand_over_page(all_accounts(), account_id)


@bp.route("/beheer/accounts/<id:account_id>/aanzetten", methods=["GET", "POST"])
@requires(Permission.MANAGE_ACCOUNTS)
@commits
def accounts_open(account_id: int) -> ResponseReturnValue:
    return pages.state_page(all_accounts(), account_id, close=False)


@bp.route("/beheer/accounts/<id:account_id>/bevestigen", methods=["GET", "POST"])
@requires(Permission.MANAGE_ACCOUNTS)
@commits
def accounts_confirm(account_id: int) -> ResponseReturnValue:
    return pages.confirm_page(all_accounts(), account_id)


@bp.route("/onze-organisatie/collegas")
@requires(Permission.MANAGE_ORGANISATION)
def colleagues_list() -> ResponseReturnValue:
    return pages.list_page(own_colleagues(current_actor()))


@bp.route("/onze-organisatie/collegas/uitnodigen", methods=["GET", "POST"])
@requires(Permission.MANAGE_ORGANISATION)
@commits
def colleagues_invite() -> ResponseReturnValue:
    return pages.invite_page(own_colleagues(current_actor()), InviteColleagueForm())


@bp.route("/onze-organisatie/uitnodigingen/<id:invitation_id>/intrekken", methods=["POST"])
@requires(Permission.MANAGE_ORGANISATION)
@commits
def colleagues_withdraw(invitation_id: int) -> ResponseReturnValue:
    return pages.withdraw(own_colleagues(current_actor()), invitation_id)


@bp.route("/onze-organisatie/collegas/<id:account_id>")
@requires(Permission.MANAGE_ORGANISATION)
def colleagues_one(account_id: int) -> ResponseReturnValue:
    return pages.one_page(own_colleagues(current_actor()), account_id)


@bp.route("/onze-organisatie/collegas/<id:account_id>/adres-opnieuw", methods=["POST"])
@requires(Permission.MANAGE_ORGANISATION)
@commits
def colleagues_address(account_id: int) -> ResponseReturnValue:
    return pages.address_page(own_colleagues(current_actor()), account_id)


@bp.route("/onze-organisatie/collegas/<id:account_id>/rol", methods=["GET", "POST"])
@requires(Permission.MANAGE_ORGANISATION)
@commits
def colleagues_role(account_id: int) -> ResponseReturnValue:
    return pages.role_page(own_colleagues(current_actor()), account_id)


@bp.route("/onze-organisatie/collegas/<id:account_id>/uitzetten", methods=["GET", "POST"])
@requires(Permission.MANAGE_ORGANISATION)
@commits
def colleagues_close(account_id: int) -> ResponseReturnValue:
    return pages.state_page(own_colleagues(current_actor()), account_id, close=True)


@bp.route("/onze-organisatie/collegas/<id:account_id>/aanzetten", methods=["GET", "POST"])
@requires(Permission.MANAGE_ORGANISATION)
@commits
def colleagues_open(account_id: int) -> ResponseReturnValue:
    return pages.state_page(own_colleagues(current_actor()), account_id, close=False)
