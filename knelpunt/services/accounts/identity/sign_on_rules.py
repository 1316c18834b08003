"""The rules by which people of a provider come in: proposed by one administrator, decided by another, ended by any."""

from sqlalchemy import select, update

from knelpunt.domain.accounts import AccountEvent, check_role_fits
from knelpunt.domain.errors import DomainError, NotFound, PermissionDenied
from knelpunt.domain.identity.claims import GIVEN_BY_RULE, SignOnRuleStatus
from knelpunt.domain.vocabulary import Role
from knelpunt.models import Account, LoginSession, Organisation, SignOnIdentity, SignOnRule
from knelpunt.services.accounts.administrators import confirmed_administrator
from knelpunt.services.core import events
from knelpunt.services.core.context import Context

OWN_PROPOSAL = "U stelde deze regel zelf voor. Vraag een andere beheerder om te besluiten."
NOT_BY_RULE = "Een beheerder van de site komt nooit binnen door een regel. Kies een andere rol."
BOTH_OR_NONE = "Vul bij het tweede kenmerk ook in wat er moet staan, of laat beide leeg."


def propose(
    context: Context,
    *,
    provider: str,
    claim: str,
    value: str,
    second_claim: str,
    second_value: str,
    organisation_id: int,
    role: Role,
    reason: str,
) -> SignOnRule:
    """Propose a rule; it lets nobody in before another administrator agreed.

    Raises:
        PermissionDenied: the actor is no confirmed administrator.
        DomainError: on the field that is wrong.
    """
    number = confirmed_administrator(context)
    organisation = context.session.get(Organisation, organisation_id)
    if organisation is None:
        raise DomainError("Kies een organisatie uit de lijst.", field="organisation_id")
    if role not in GIVEN_BY_RULE:
        raise DomainError(NOT_BY_RULE, field="role")
    check_role_fits(role, organisation.kind)
    if bool(second_claim) != bool(second_value):
        raise DomainError(BOTH_OR_NONE, field="second_value" if second_claim else "second_claim")
    rule = SignOnRule(
        provider=provider,
        claim=claim,
        value=value,
        second_claim=second_claim or None,
        second_value=second_value or None,
        organisation_id=organisation_id,
        role=role,
        reason=reason,
        status=SignOnRuleStatus.PROPOSED,
        proposed_by_id=number,
        proposed_at=context.now,
    )
    context.session.add(rule)
    context.session.flush()
    _record(context, AccountEvent.SIGN_ON_RULE_PROPOSED, rule)
    return rule


def decide(context: Context, rule_id: int, *, is_accepted: bool) -> None:
    """Let a rule hold, or refuse it.

    Raises:
        PermissionDenied: the actor proposed it, or is no confirmed administrator.
        NotFound: it is not waiting (any more).
    """
    number = confirmed_administrator(context)
    rule = _locked(context, rule_id, SignOnRuleStatus.PROPOSED)
    if rule.proposed_by_id == number:
        raise PermissionDenied(OWN_PROPOSAL)
    rule.status = SignOnRuleStatus.HOLDS if is_accepted else SignOnRuleStatus.REFUSED
    rule.decided_by_id, rule.decided_at = number, context.now
    kind = AccountEvent.SIGN_ON_RULE_APPROVED if is_accepted else AccountEvent.SIGN_ON_RULE_REFUSED
    _record(context, kind, rule)


def end(context: Context, rule_id: int) -> None:
    """Let a rule hold no longer, and end the sessions of who may have come in by it; another rule lets them in again.
    One administrator may: it takes rights away and gives none.

    Raises:
        PermissionDenied: the actor is no confirmed administrator.
        NotFound: it does not hold (any more).
    """
    number = confirmed_administrator(context)
    rule = _locked(context, rule_id, SignOnRuleStatus.HOLDS)
    rule.status = SignOnRuleStatus.ENDED
    rule.ended_by_id, rule.ended_at = number, context.now
    came_in = (
        select(Account.id)
        .join(SignOnIdentity, SignOnIdentity.account_id == Account.id)
        .where(
            SignOnIdentity.provider == rule.provider,
            Account.organisation_id == rule.organisation_id,
            Account.role == rule.role,
        )
    )
    context.session.execute(
        update(LoginSession)
        .where(
            LoginSession.provider == rule.provider,
            LoginSession.ended_at.is_(None),
            LoginSession.account_id.in_(came_in),
        )
        .values(ended_at=context.now)
        .execution_options(synchronize_session=False)
    )
    _record(context, AccountEvent.SIGN_ON_RULE_ENDED, rule)


def _locked(context: Context, rule_id: int, status: SignOnRuleStatus) -> SignOnRule:
    rule = context.session.get(SignOnRule, rule_id, with_for_update=True, populate_existing=True)
    if rule is None or rule.status is not status:
        raise NotFound()
    return rule


def _record(context: Context, kind: AccountEvent, rule: SignOnRule) -> None:
    data = {"role": rule.role.value, "organisation_id": rule.organisation_id}
    events.record(context, kind, subject=f"inlogregel:{rule.id}", data=data)
