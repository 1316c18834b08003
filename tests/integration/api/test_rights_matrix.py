"""Every route of the API × every kind of key and every role × every relation to the row, with real requests.

The expectation stands in ``tests/support/rights_api.py``; a route that is not in it fails the other rights matrix. That
each rule of it is held is tried as for roles (``core/test_rights_mutants.py``), a part here and all of them with

    KNELPUNT_RIGHTS_MUTANTS=all .venv/bin/pytest -n 0 -s --timeout 0 tests/integration/api/test_rights_matrix.py
"""

import os
import random
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.exceptions import Forbidden

from knelpunt.domain.permissions import SCOPE_PERMISSIONS, ApiScope, Permission
from knelpunt.domain.vocabulary import Role
from knelpunt.web.shared.requests.access import BY_CLIENT, access_of
from tests.support import database
from tests.support.api_keys import KeyMaker
from tests.support.asker import Asker, cookies_of
from tests.support.rights import VISITOR, Relation
from tests.support.rights_api import API_RULES, JOINED, REACHED, SCOPES, TOKEN, ApiRule
from tests.support.world import World

ALL = tuple(scope.value for scope in ApiScope)
TRIED = 12
"""So many changed rules are tried in each run."""
FINE = (409, 412, 422)
"""What a row of one's own may answer, where the world has it in another state than the act asks for."""


@dataclass(frozen=True)
class Keys:
    """Tokens by what is wrong with them, and a good one for each scope and for all but that scope."""

    whole: str
    stranger: str
    partner: str
    """Of an organisation that files along in the case of the other organisation."""
    only: dict[str, str]
    but: dict[str, str]
    worthless: dict[str, str]


def all_keys(maker: KeyMaker) -> Keys:
    """Every kind of token."""
    closed = maker.make.organisation(valid_to=maker.make.today - timedelta(days=1))
    return Keys(
        whole=maker.token(ALL),
        stranger=maker.token(ALL, maker.world.other_organisation.id),
        partner=maker.token(ALL, maker.partner_in(Relation.FOREIGN).id),
        only={scope: maker.token((scope,)) for scope in ALL},
        but={scope: maker.token(tuple(each for each in ALL if each != scope)) for scope in ALL},
        worthless={
            "revoked": maker.token(ALL, revoked_at=maker.make.now),
            "ended yesterday": maker.token(ALL, days=-1),
            "token over": maker.token(ALL, is_over=True),
            "organisation ended": maker.token(ALL, closed.id),
            "made up": secrets.token_urlsafe(32),
            "empty": "",
        },
    )


@pytest.fixture(scope="module")
def stage(app: Flask) -> Iterator[tuple[Asker, Keys]]:
    """One world for all requests: each of them is rolled back."""
    with database.rolled_back() as (connection, session):
        world = World(session, app.config["LINKS"], app.config["FILE_STORE"])
        keys = all_keys(KeyMaker(world))
        session.commit()
        assert isinstance(session, Session)
        yield Asker(app, connection, world, cookies_of(app, world.tokens)), keys


def values_of(world: World, rule: ApiRule, part: str) -> dict[Relation, object]:
    """The values of one part of an address, by relation."""
    return world.numbers[
        "melden:attachment_id" if (part, "concepten" in rule.path) == ("attachment_id", True) else part
    ]


def parts_of(rule: ApiRule) -> list[str]:
    return [each.split(":")[1].rstrip(">") for each in rule.path.split("/") if each.startswith("<")]


def relations(world: World, rule: ApiRule) -> list[Relation]:
    parts = parts_of(rule) or ([rule.relations_of] if rule.relations_of else [])
    known = [set(values_of(world, rule, part)) for part in parts]
    return sorted(set.intersection(*known)) if known else [Relation.NONE]


def ask(asker: Asker, rule: ApiRule, relation: Relation, who: str, token: str | None, *, may_change: bool):
    path = rule.path
    for part, piece in zip(parts_of(rule), [each for each in path.split("/") if each.startswith("<")], strict=True):
        path = path.replace(piece, str(values_of(asker.world, rule, part)[relation]))
    headers = {"Idempotency-Key": secrets.token_hex(8), "If-Match": '"v1"'}
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    sent = rule.sent(asker.world, relation) if rule.sent else {}
    headers.update(sent.pop("headers", {}))
    return asker.send(who, rule.method, path, may_change=may_change, headers=headers, **sent)


def ids(rule: ApiRule) -> str:
    return f"{rule.method} {rule.path}"


@pytest.mark.parametrize("rule", API_RULES, ids=ids)
def test_a_key_reaches_the_rows_of_its_own_organisation_only(stage, rule):
    asker, keys = stage
    asked = relations(asker.world, rule)
    assert asked
    wrong = []
    for relation in asked:
        for name, token in (("whole", keys.whole), ("only", keys.only[rule.scope])):
            is_own = relation in REACHED
            answer, changed = ask(asker, rule, relation, VISITOR, token, may_change=is_own)
            no_guide = rule.path.endswith("ruimtewijzers") and rule.method == "POST"
            good = answer.status_code < 300 or answer.status_code in FINE or (no_guide and answer.status_code == 404)
            if is_own and not good:
                wrong.append(f"{name} {relation}: kept out with {answer.status_code} {answer.text}")
            if not is_own and (answer.status_code != 404 or changed):
                wrong.append(f"{name} {relation}: got {answer.status_code}, changed: {changed}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("rule", [rule for rule in API_RULES if parts_of(rule)], ids=ids)
def test_the_key_of_another_organisation_finds_nothing_here(stage, rule):
    asker, keys = stage
    for relation in (each for each in relations(asker.world, rule) if each in REACHED | {Relation.CITIZEN}):
        answer, changed = ask(asker, rule, relation, VISITOR, keys.stranger, may_change=False)
        assert (answer.status_code, changed) == (404, False), relation


@pytest.mark.parametrize("rule", [rule for rule in API_RULES if parts_of(rule)], ids=ids)
def test_who_files_along_reads_that_one_case_and_acts_on_none(stage, rule):
    asker, keys = stage
    for relation in (each for each in relations(asker.world, rule) if each is not Relation.NONE):
        expected = JOINED[rule.method] if rule.is_of_case and relation is Relation.FOREIGN else {404}
        answer, changed = ask(asker, rule, relation, VISITOR, keys.partner, may_change=False)
        assert (answer.status_code in expected, changed) == (True, False), (relation, answer.status_code)


@pytest.mark.parametrize("rule", API_RULES, ids=ids)
def test_all_other_scopes_together_do_not_open_it(stage, rule):
    asker, keys = stage
    for relation in relations(asker.world, rule):
        answer, changed = ask(asker, rule, relation, VISITOR, keys.but[rule.scope], may_change=False)
        assert (answer.status_code, changed) == (403, False), relation
        assert f"scope={rule.scope}" in answer.headers["WWW-Authenticate"]


@pytest.mark.parametrize("rule", API_RULES, ids=ids)
def test_a_worthless_key_no_key_and_a_session_are_all_the_same(stage, rule):
    asker, keys = stage
    relation = relations(asker.world, rule)[0]
    asked = [
        (VISITOR, None),
        *((VISITOR, token) for token in keys.worthless.values()),
        *((role, None) for role in Role),
    ]
    for who, token in asked:
        answer, changed = ask(asker, rule, relation, who, token, may_change=False)
        assert (answer.status_code, changed) == (401, False), (who, token)
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert answer.content_type == "application/problem+json"


def test_a_key_opens_no_page_of_the_site(stage):
    asker, keys = stage
    for path in ("/onze-zaken", "/werkvoorraad", "/beheer", "/onze-organisatie/koppelingen"):
        headers = {"Authorization": f"Bearer {keys.whole}"}
        answer, changed = asker.send(VISITOR, "GET", path, headers=headers)
        assert (answer.status_code, changed) == (302, False), path


def test_the_table_has_every_route_that_takes_a_token(app):
    served = {
        (method, address.rule)
        for address in app.url_map.iter_rules()
        for method in (address.methods or set()) - {"HEAD", "OPTIONS"}
        if access_of(app.view_functions[address.endpoint]) == BY_CLIENT
    }
    assert served == {(rule.method, rule.path) for rule in API_RULES}
    assert TOKEN not in served


def test_every_scope_opens_something_and_lets_do_what_it_says():
    assert {rule.scope for rule in API_RULES} == set(ALL)
    assert held() == SCOPES


def held() -> dict[str, str]:
    """What the code lets each scope do, in the order in which the table says it."""
    return {
        scope.value: " ".join(each.value for each in Permission if each in granted)
        for scope, granted in SCOPE_PERMISSIONS.items()
    }


@dataclass(frozen=True, slots=True)
class Grant:
    """A scope loses a permission that it has, or gets one that it has not."""

    scope: ApiScope
    permission: Permission

    def __str__(self) -> str:
        verb = "loses" if self.permission in SCOPE_PERMISSIONS[self.scope] else "gets"
        return f"{self.scope} {verb} {self.permission}"

    @contextmanager
    def made(self, _app: Flask) -> Iterator[None]:
        kept = SCOPE_PERMISSIONS[self.scope]
        SCOPE_PERMISSIONS[self.scope] = kept ^ {self.permission}
        try:
            yield
        finally:
            SCOPE_PERMISSIONS[self.scope] = kept

    @property
    def rules(self) -> list[ApiRule]:
        return [rule for rule in API_RULES if rule.scope == self.scope]


@dataclass(frozen=True, slots=True)
class Gate:
    """A route asks for another scope than it says, or with None for any."""

    rule: ApiRule
    scope: ApiScope | None

    def __str__(self) -> str:
        return f"{self.rule.method} {self.rule.path} asks for {self.scope or 'any scope'}"

    @contextmanager
    def made(self, app: Flask) -> Iterator[None]:
        (view,) = [
            app.view_functions[each.endpoint]
            for each in app.url_map.iter_rules()
            if each.rule == self.rule.path and self.rule.method in (each.methods or ())
        ]
        kept = view.gate  # type: ignore[attr-defined]
        changed = partial(kept.func, self.scope) if self.scope else partial(let_in_any, kept.func)
        view.gate = changed  # type: ignore[attr-defined]
        try:
            yield
        finally:
            view.gate = kept  # type: ignore[attr-defined]

    @property
    def rules(self) -> list[ApiRule]:
        return [self.rule]


def let_in_any(let_in: Callable[[ApiScope], None]) -> None:
    """Let in whoever has some scope."""
    for scope in ApiScope:
        with suppress(Forbidden):
            return let_in(scope)
    raise Forbidden


def all_mutants() -> list[Grant | Gate]:
    """Every permission of every scope the other way round; every route behind every other scope, and behind any."""
    grants: list[Grant | Gate] = [Grant(scope, permission) for scope in ApiScope for permission in Permission]
    others = ([*(each for each in ApiScope if each.value != rule.scope), None] for rule in API_RULES)
    return grants + [Gate(rule, scope) for rule, scopes in zip(API_RULES, others, strict=True) for scope in scopes]


def is_noticed(stage: tuple[Asker, Keys], mutant: Grant | Gate) -> bool:
    """Whether an answer, or the table of the scopes, is not what stands in the expectation."""
    asker, keys = stage
    with mutant.made(asker.app):
        if held() != SCOPES:
            return True
        for rule in mutant.rules:
            own = next(each for each in relations(asker.world, rule) if each in REACHED)
            let_in, _changed = ask(asker, rule, own, VISITOR, keys.only[rule.scope], may_change=True)
            kept_out, _changed = ask(asker, rule, own, VISITOR, keys.but[rule.scope], may_change=True)
            # Where the service asks too it answers 403 as well, but names no scope that would open this.
            asks_for = f"scope={rule.scope}" in kept_out.headers.get("WWW-Authenticate", "")
            if let_in.status_code in (401, 403) or kept_out.status_code != 403 or not asks_for:
                return True
        return False


def test_a_changed_rule_is_noticed(stage):
    mutants, asked = all_mutants(), os.environ.get("KNELPUNT_RIGHTS_MUTANTS", str(TRIED))
    if asked.isdecimal():
        mutants = random.Random(int(asked)).sample(mutants, min(int(asked), TRIED))
    elif asked != "all":
        mutants = [each for each in mutants if asked in str(each)]
    unnoticed = [str(each) for each in mutants if not is_noticed(stage, each)]
    print(f"{len(mutants) - len(unnoticed)} of {len(mutants)} noticed")
    assert unnoticed == []
