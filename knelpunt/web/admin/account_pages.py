"""Pages about accounts, for an administrator of the site (all) and of an organisation (the own colleagues)."""

from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from knelpunt.domain.accounts import roles_in
from knelpunt.domain.permissions import Actor, Permission
from knelpunt.domain.vocabulary import Role
from knelpunt.extensions import db
from knelpunt.queries.accounts import accounts as queries
from knelpunt.queries.accounts import administrators
from knelpunt.queries.accounts.accounts import AccountFilter, AccountRow, AccountState
from knelpunt.queries.core.reference import reference
from knelpunt.queries.worklist.load import left_behind, open_of
from knelpunt.services import accounts
from knelpunt.services.worklist import leaving
from knelpunt.web.admin.forms import HandOnForm, HandOnRoleForm, InviteColleagueForm, InviteForm, RoleForm
from knelpunt.web.shared.forms.forms import VersionedForm, choices
from knelpunt.web.shared.labels.labels import ROLE
from knelpunt.web.shared.pages.list_filters import ListFilters, members
from knelpunt.web.shared.requests.access import current_actor, current_context, now_utc
from knelpunt.web.shared.requests.transactions import errors_on, form_status

BLOCK = "blokkeer"
"""The button that closes an account before its work is handed on."""
BLOCKED = "Het inloggen is geblokkeerd. Wat nog bij iemand anders moet komen, staat hieronder."
STATE_WORDS = {AccountState.ACTIVE: "Aan", AccountState.CLOSED: "Uit"}


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose accounts these pages are about, and under which addresses they stand."""

    organisation_id: int | None
    prefix: str
    title: str

    def url(self, page: str, **values: int) -> str:
        """The address of one of these pages."""
        return url_for(f"admin.{self.prefix}_{page}", **dict[str, Any](values))

    def trail(self) -> list[tuple[str, str]]:
        """What stands above the list in the crumbs."""
        return [("Beheer", url_for("admin.overview"))] if self.organisation_id is None else []


def all_accounts() -> Scope:
    """The pages of an administrator of the site."""
    return Scope(None, "accounts", "Accounts")


def own_colleagues(actor: Actor) -> Scope:
    """The pages of an administrator of an organisation."""
    actor.require(Permission.MANAGE_ORGANISATION)
    return Scope(actor.organisation_id, "colleagues", "Collega’s")


def list_page(scope: Scope) -> ResponseReturnValue:
    """The list, with its filters and the invitations that are open."""
    asked = ListFilters.of_request()
    wanted = AccountFilter(
        text=asked.text("zoek", lambda text: f"Zoekt: {text}"),
        role=asked.choice("rol", members(Role)),
        organisation_id=scope.organisation_id or asked.place("organisatie"),
        state=asked.choice("stand", members(AccountState, STATE_WORDS.__getitem__)),
    )
    rows = queries.list_accounts(db.session, wanted, after=asked.place("na"))
    shown, more = rows[: queries.PAGE_SIZE], len(rows) > queries.PAGE_SIZE
    if scope.organisation_id is None and wanted.organisation_id is not None:
        name = shown[0].organisation_name if shown else "Eén organisatie"
        asked.keep("organisatie", str(wanted.organisation_id), name)
    roles = roles_in(shown[0].organisation_kind) if scope.organisation_id and shown else tuple(Role)
    return render_template(
        "admin/accounts.html",
        scope=scope,
        rows=shown,
        total=queries.count_accounts(db.session, wanted),
        count_limit=queries.COUNT_LIMIT,
        wanted=wanted,
        role_options=[(role.value, ROLE[role]) for role in roles],
        state_options=[(state.value, words) for state, words in STATE_WORDS.items()],
        chips=asked.chips(),
        first_href=asked.address() if asked.place("na") else None,
        next_href=asked.address(na=shown[-1].id) if more else None,
        invitations=queries.open_invitations(db.session, scope.organisation_id),
        waiting=administrators.active(db.session).waiting if scope.organisation_id is None else [],
        left_behind=left_behind(db.session) if scope.organisation_id is None else [],
        now=now_utc(),
    )


def invite_page(scope: Scope, form: InviteForm | InviteColleagueForm) -> ResponseReturnValue:
    """Asking somebody to join."""
    if form.validate_on_submit():
        organisation_id = scope.organisation_id or form.organisation_id.data
        with errors_on(form):
            accounts.invite(
                current_context(),
                email=form.email.data or "",
                name=form.name.data or "",
                role=form.role.data,
                organisation_id=organisation_id,
            )
            flash("De uitnodiging wordt verstuurd. De link werkt 7 dagen.")
            return redirect(scope.url("list"))
    return render_template("admin/invite.html", scope=scope, form=form), form_status(form)


def withdraw(scope: Scope, invitation_id: int) -> ResponseReturnValue:
    """Make an open invitation worthless."""
    accounts.withdraw_invitation(current_context(), invitation_id)
    flash("De uitnodiging is ingetrokken.")
    return redirect(scope.url("list"))


def one_page(scope: Scope, account_id: int, form: VersionedForm | None = None) -> ResponseReturnValue:
    """One account. Whether an administrator is confirmed is for administrators of the site."""
    account = _account(scope, account_id)
    form = form or VersionedForm(formdata=None)
    form.version.data = account.version
    shows_standing = scope.organisation_id is None and account.role is Role.ADMINISTRATOR
    standing = administrators.standing_of(db.session, account_id) if shows_standing else None
    page = render_template(
        "admin/account.html",
        scope=scope,
        account=account,
        gone_at=queries.address_gone_at(db.session, account_id),
        form=form,
        standing=standing,
        nobody_confirms=_left_beside(account, standing.given_by_id if standing else None) == 0,
        why_not=_why_not_confirm(account),
        left=leaving.left_on(current_context(), account_id),
        has_cases=_cases_of(scope, account) if not account.is_active else 0,
    )
    return page, form_status(form)


def address_page(scope: Scope, account_id: int) -> ResponseReturnValue:
    """Have mails go again to an address that nobody was known to have."""
    form = VersionedForm()
    if form.validate_on_submit():
        with errors_on(form):
            accounts.use_address_again(current_context(), account_id, form.version.data or 0)
            flash("Mails gaan weer naar dit e-mailadres.")
            return redirect(scope.url("one", account_id=account_id))
    return one_page(scope, account_id, form)


def confirm_page(scope: Scope, account_id: int) -> ResponseReturnValue:
    """A second administrator answers for a new one."""
    account = _account(scope, account_id)
    form = VersionedForm(version=account.version)
    if form.validate_on_submit():
        with errors_on(form):
            accounts.confirm_administrator(current_context(), account_id, form.version.data or 0)
            flash("De beheerder is bevestigd.")
            return redirect(scope.url("one", account_id=account_id))
    if form.conflict:
        account = _account(scope, account_id)
        form.version.data = account.version
    page = render_template(
        "admin/account_confirm.html",
        scope=scope,
        account=account,
        form=form,
        why_not=_why_not_confirm(account),
        is_reopened=administrators.standing_of(db.session, account_id).is_reopened,
    )
    return page, form_status(form)


def _left_beside(account: AccountRow, given_by_id: int | None = None) -> int | None:
    """How many other administrators count, besides whoever gave the role; None for who is no administrator."""
    if account.role is not Role.ADMINISTRATOR:
        return None
    return administrators.active(db.session).counting_beside(account.id, given_by_id)


def _why_not_confirm(account: AccountRow) -> str | None:
    return accounts.why_not_confirm(current_context(), account.id, account.role, is_active=account.is_active)


def role_page(scope: Scope, account_id: int) -> ResponseReturnValue:
    """Another role for an account."""
    account = _account(scope, account_id)
    has_cases = open_of(db.session, account_id) if scope.organisation_id is None else 0
    shape = HandOnRoleForm if has_cases else RoleForm
    form = shape(role=account.role, version=account.version)
    if isinstance(form, HandOnRoleForm):
        _offer_others(form, account_id)
    form.role.choices = choices((role.value, ROLE[role]) for role in roles_in(account.organisation_kind))
    if form.validate_on_submit():
        with errors_on(form):
            to = form.handler_id.data if isinstance(form, HandOnRoleForm) else None
            leaving.change_role(current_context(), account_id, form.version.data or 0, form.role.data, to)
            flash("De rol is gewijzigd. De collega is overal uitgelogd.")
            return redirect(scope.url("one", account_id=account_id))
    if form.conflict:
        account = _account(scope, account_id)
        form.version.data = account.version
    page = render_template(
        "admin/account_role.html",
        scope=scope,
        account=account,
        form=form,
        has_cases=has_cases,
        left=_left_beside(account),
    )
    return page, form_status(form)


def state_page(scope: Scope, account_id: int, *, close: bool) -> ResponseReturnValue:
    """Closing an account, or opening it again."""
    account = _account(scope, account_id)
    has_cases = _cases_of(scope, account) if close else 0
    blocks = close and BLOCK in request.form
    form = HandOnForm(version=account.version) if has_cases and not blocks else VersionedForm(version=account.version)
    if isinstance(form, HandOnForm):
        _offer_others(form, account_id)
    if form.validate_on_submit():
        with errors_on(form):
            if blocks:
                leaving.block(current_context(), account_id, form.version.data or 0)
            elif close:
                to = form.handler_id.data if isinstance(form, HandOnForm) else None
                leaving.close_account(current_context(), account_id, form.version.data or 0, to)
            else:
                accounts.reactivate(current_context(), account_id, form.version.data or 0)
            flash(BLOCKED if blocks else "Het account is uitgezet." if close else "Het account staat weer aan.")
            return redirect(scope.url("one", account_id=account_id))
    if form.conflict:
        account = _account(scope, account_id)
        form.version.data = account.version
    page = render_template(
        "admin/account_state.html",
        scope=scope,
        account=account,
        form=form,
        close=close,
        obstacles=leaving.obstacles_to_closing(current_context(), account_id) if close else [],
        has_cases=has_cases,
        left=_left_beside(account) if close else _left_beside(account, current_actor().account_id),
    )
    return page, form_status(form)


def hand_over_page(scope: Scope, account_id: int) -> ResponseReturnValue:
    """Handing on the open cases of an account that was blocked with them."""
    account = _account(scope, account_id)
    has_cases = _cases_of(scope, account)
    if account.is_active or not has_cases:
        return redirect(scope.url("one", account_id=account_id))
    form = HandOnForm(version=account.version)
    _offer_others(form, account_id)
    if form.validate_on_submit():
        with errors_on(form):
            leaving.hand_over(current_context(), account_id, form.version.data or 0, form.handler_id.data)
            flash("De zaken zijn overgedragen.")
            return redirect(scope.url("one", account_id=account_id))
    if form.conflict:
        account = _account(scope, account_id)
        form.version.data = account.version
    page = render_template("admin/account_hand_over.html", scope=scope, account=account, form=form, has_cases=has_cases)
    return page, form_status(form)


def _cases_of(scope: Scope, account: AccountRow) -> int:
    """How many open cases this account handles; only colleagues of the desk do."""
    return open_of(db.session, account.id) if scope.organisation_id is None else 0


def _offer_others(form: HandOnForm | HandOnRoleForm, account_id: int) -> None:
    options = reference(db.session).handler_options
    form.handler_id.offer((id_, words) for id_, words in options if id_ != account_id)


def _account(scope: Scope, account_id: int) -> AccountRow:
    account = queries.one_account(db.session, account_id, scope.organisation_id)
    if account is None:
        abort(404)
    return account
