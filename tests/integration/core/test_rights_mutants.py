"""Each rule of the rights is held by a test: change one, and the matrix of rights notices.

The changes are made from the code: every permission of every role taken away or given, every guard of a route opened or
closed. There are some hundreds; a part of them is tried here, and all of them with

    KNELPUNT_RIGHTS_MUTANTS=all .venv/bin/pytest -n 0 -s --timeout 0 tests/integration/core/test_rights_mutants.py

or, in place of ``all``, only those whose name holds a word.
"""

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from flask import Flask

from knelpunt.domain.permissions import ORGANISATION_ROLES, ROLE_PERMISSIONS, Permission
from knelpunt.domain.vocabulary import Role
from knelpunt.web.shared.requests.access import BY_CLIENT, BY_LINK, PUBLIC, SIGNED_IN, access_of
from tests.integration.core.test_rights_matrix import PARTIES, asker, let_in_too_many, wrong_answers
from tests.support.asker import Asker
from tests.support.rights import RULES, Rule

__all__ = ["asker"]
TRIED = 40
"""So many are tried in each run."""
SEED = 2013_106
Access = frozenset[Permission] | str


@dataclass(frozen=True, slots=True)
class PermissionMutant:
    """A role loses a permission that it has, or gets one that it has not."""

    role: Role
    permission: Permission

    def __str__(self) -> str:
        verb = "loses" if self.permission in ROLE_PERMISSIONS[self.role] else "gets"
        return f"{self.role.name} {verb} {self.permission.name}"

    @contextmanager
    def made(self, _app: Flask) -> Iterator[None]:
        kept = ROLE_PERMISSIONS[self.role]
        ROLE_PERMISSIONS[self.role] = kept ^ {self.permission}
        try:
            yield
        finally:
            ROLE_PERMISSIONS[self.role] = kept

    def routes(self, guards: dict[str, Access]) -> list[Rule]:
        """Where it should be noticed: first the routes that ask for the permission, then those of others."""
        asks = {path for path, access in guards.items() if not isinstance(access, str) and self.permission in access}
        return sorted(RULES, key=lambda rule: rule.path not in asks)

    @property
    def parties(self) -> list[str]:
        return [self.role]


@dataclass(frozen=True, slots=True)
class GuardMutant:
    """A route is guarded in another way than it says."""

    endpoint: str
    path: str
    access: Access

    def __str__(self) -> str:
        return f"{self.endpoint} ({self.path}) is {self.access or 'closed'}"

    @contextmanager
    def made(self, app: Flask) -> Iterator[None]:
        view = app.view_functions[self.endpoint]
        kept = access_of(view)
        view.access = self.access  # type: ignore[attr-defined]
        try:
            yield
        finally:
            view.access = kept  # type: ignore[attr-defined]

    def routes(self, _guards: dict[str, Access]) -> list[Rule]:
        return [rule for rule in RULES if rule.path == self.path]

    @property
    def parties(self) -> list[str]:
        return [str(each) for each in PARTIES]


Mutant = PermissionMutant | GuardMutant


def all_mutants(app: Flask) -> list[Mutant]:
    """Every permission of every role the other way round; every guarded route open to all accounts, and to none."""
    made: list[Mutant] = [
        PermissionMutant(role, permission)
        for role in Role
        for permission in Permission
        # Who reads every case reads no more by also reading some.
        if not (permission is Permission.READ_CASES_OF_OWN_RULES and Permission.READ_CASES in ROLE_PERMISSIONS[role])
    ]
    for address in sorted(app.url_map.iter_rules(), key=lambda each: each.rule):
        declared = access_of(app.view_functions[address.endpoint])
        if declared in (PUBLIC, BY_LINK, BY_CLIENT) or declared is None:
            continue  # what takes a key has a matrix of its own, by scope: tests/integration/api/test_rights_matrix.py
        others: list[Access] = [frozenset()] if declared == SIGNED_IN else [SIGNED_IN, frozenset()]
        made += [GuardMutant(address.endpoint, address.rule, access) for access in others]
    return made


ONLY_BY_LINK = {Permission.ANSWER_CONSULTATION, Permission.ANSWER_REFERRAL, Permission.COMMENT_QUARTER}
"""What the holder of a link may do and no account: the link says for which question, case or quarter."""


OF_ORGANISATIONS = {
    Permission.EDIT_DRAFT,
    Permission.FILE_CASE,
    Permission.READ_OWN_CASES,
    Permission.ANSWER_AS_SUBMITTER,
    Permission.WITHDRAW_CASE,
    Permission.CLAIM_GUIDE,
    Permission.MANAGE_ORGANISATION,
    Permission.MANAGE_SUBSCRIPTIONS,
}
"""What is done for an organisation that files: nobody at the ministry may, and its people may nothing else."""


def test_no_role_may_do_what_takes_a_link_or_what_the_other_side_does():
    assert misplaced() == []


def misplaced() -> list[Role]:
    """The roles that hold what takes a link, or what the other side of the desk does."""
    return [
        role
        for role, held in ROLE_PERMISSIONS.items()
        if held & ONLY_BY_LINK or (held - OF_ORGANISATIONS if role in ORGANISATION_ROLES else held & OF_ORGANISATIONS)
    ]


def notices(asker: Asker, mutant: Mutant, guards: dict[str, Access]) -> bool:
    """Whether any answer is not what the table of rights says."""
    with mutant.made(asker.app):
        if misplaced() or let_in_too_many(asker.app):
            return True
        return any(True for rule in mutant.routes(guards) for _wrong in wrong_answers(asker, rule, mutant.parties))


def test_a_changed_rule_is_noticed(app, asker):
    guards = {each.rule: access_of(app.view_functions[each.endpoint]) or "" for each in app.url_map.iter_rules()}
    mutants = all_mutants(app)
    asked = os.environ.get("KNELPUNT_RIGHTS_MUTANTS", str(TRIED))
    if asked.isdecimal():
        mutants = random.Random(SEED).sample(mutants, int(asked))
    elif asked != "all":
        mutants = [each for each in mutants if asked in str(each)]
    unnoticed = []
    for mutant in mutants:
        if not notices(asker, mutant, guards):
            unnoticed.append(str(mutant))
            print(mutant, flush=True)
    print(f"{len(mutants) - len(unnoticed)} of {len(mutants)} noticed")
    assert unnoticed == []


@pytest.mark.parametrize("mutant", [PermissionMutant(Role.MEMBER, Permission.MANAGE_ACCOUNTS)], ids=str)
def test_a_change_is_taken_back(app, asker, mutant):
    before = dict(ROLE_PERMISSIONS)
    with mutant.made(app):
        assert before != ROLE_PERMISSIONS
    assert before == ROLE_PERMISSIONS
