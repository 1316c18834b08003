"""Rules by which people of a provider come in, and who came."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from knelpunt.domain.identity.claims import Condition, Rule, SignOnRuleStatus
from knelpunt.domain.vocabulary import Role
from knelpunt.models import Account, Organisation, SignOnIdentity, SignOnRule

PAGE_SIZE = 50


def rules_of(session: Session, provider: str) -> list[Rule]:
    """The rules of a provider that hold."""
    rows = session.execute(
        select(
            SignOnRule.id,
            SignOnRule.claim,
            SignOnRule.value,
            SignOnRule.second_claim,
            SignOnRule.second_value,
            SignOnRule.organisation_id,
            SignOnRule.role,
        )
        .where(SignOnRule.provider == provider, SignOnRule.status == SignOnRuleStatus.HOLDS)
        .order_by(SignOnRule.id)
    )
    found = []
    for row in rows:
        conditions = [Condition(row.claim, row.value)]
        if row.second_claim is not None and row.second_value is not None:
            conditions.append(Condition(row.second_claim, row.second_value))
        found.append(Rule(row.id, tuple(conditions), row.organisation_id, row.role))
    return found


def awaits_rule(session: Session, provider: str, organisation_id: int) -> bool:
    """Whether a rule for this organisation waits for a second administrator."""
    waits = exists().where(
        SignOnRule.provider == provider,
        SignOnRule.organisation_id == organisation_id,
        SignOnRule.status == SignOnRuleStatus.PROPOSED,
    )
    return bool(session.scalar(select(waits)))


def identity_for_update(session: Session, provider: str, subject: str) -> SignOnIdentity | None:
    """Who somebody at a provider is here, locked."""
    return session.scalars(
        select(SignOnIdentity)
        .where(SignOnIdentity.provider == provider, SignOnIdentity.subject == subject)
        .with_for_update()
    ).one_or_none()


def comes_by_provider(session: Session, account_id: int, only_by: Collection[str] = ()) -> bool:
    """Whether somebody comes in by the own organisation, which so decides how long. An administrator of the site does
    not, whatever the account was before.

    Args:
        only_by: as for ``must_come_by_provider``.
    """
    comes = exists().where(
        Account.id == account_id, Account.role != Role.ADMINISTRATOR, SignOnIdentity.account_id == Account.id
    )
    return bool(session.scalar(select(comes))) or must_come_by_provider(session, account_id, only_by)


def must_come_by_provider(session: Session, account_id: int, only_by: Collection[str]) -> bool:
    """Whether a provider is the only way in for the organisation of this account: a rule of it holds there.

    Args:
        only_by: the providers beside which no password works.
    """
    if not only_by:
        return False
    organisation_id = session.scalar(
        select(Account.organisation_id).where(Account.id == account_id, Account.role != Role.ADMINISTRATOR)
    )
    return organisation_id is not None and has_only_way(session, organisation_id, only_by)


def has_only_way(session: Session, organisation_id: int, only_by: Collection[str]) -> bool:
    """Whether a provider is the only way in for the people of an organisation."""
    must = exists().where(
        SignOnRule.organisation_id == organisation_id,
        SignOnRule.status == SignOnRuleStatus.HOLDS,
        SignOnRule.provider.in_(sorted(only_by)),
    )
    return bool(only_by) and bool(session.scalar(select(must)))


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule as a page shows it."""

    id: int
    provider: str
    claim: str
    value: str
    second_claim: str | None
    second_value: str | None
    organisation_name: str
    role: Role
    reason: str
    status: SignOnRuleStatus
    proposed_by_id: int
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None


def list_rules(
    session: Session, status: SignOnRuleStatus | None, after: int | None = None, limit: int = PAGE_SIZE
) -> list[RuleRow]:
    """Rules, the newest first; at most ``limit`` and one more.

    Args:
        after: the id of the last rule of the page before.
    """
    proposer, decider = aliased(Account), aliased(Account)
    statement = (
        select(
            SignOnRule.id,
            SignOnRule.provider,
            SignOnRule.claim,
            SignOnRule.value,
            SignOnRule.second_claim,
            SignOnRule.second_value,
            Organisation.name.label("organisation_name"),
            SignOnRule.role,
            SignOnRule.reason,
            SignOnRule.status,
            SignOnRule.proposed_by_id,
            proposer.name.label("proposed_by"),
            SignOnRule.proposed_at,
            decider.name.label("decided_by"),
            SignOnRule.decided_at,
        )
        .join(Organisation, Organisation.id == SignOnRule.organisation_id)
        .join(proposer, proposer.id == SignOnRule.proposed_by_id)
        .outerjoin(decider, decider.id == SignOnRule.decided_by_id)
        .order_by(SignOnRule.id.desc())
        .limit(limit + 1)
    )
    if status is not None:
        statement = statement.where(SignOnRule.status == status)
    if after is not None:
        statement = statement.where(SignOnRule.id < after)
    return [RuleRow(**row) for row in session.execute(statement).mappings()]
