"""Every route × every role × every relation to the row × reading and writing, with real requests.

The expectation stands in ``tests/support/rights.py``; a route that is not in it fails the build.
"""

from collections.abc import Iterator, Sequence

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.routing import Rule as Address
from werkzeug.test import TestResponse
from werkzeug.wrappers import Request

from knelpunt.domain.permissions import ROLE_PERMISSIONS
from knelpunt.domain.vocabulary import Role
from knelpunt.web.shared.requests.access import BY_LINK, PUBLIC, SIGNED_IN, access_of
from tests.support import database
from tests.support.asker import READING, Asker, cookies_of
from tests.support.rights import MEMBERS, RULES, VISITOR, Relation, Rule
from tests.support.rights_api import API_ROUTES
from tests.support.world import World, fingerprint

PARTIES = [VISITOR, *Role]


@pytest.fixture(scope="module")
def asker(app: Flask) -> Iterator[Asker]:
    """One world for all requests: each of them is rolled back."""
    with database.rolled_back() as (connection, session):
        world = World(session, app.config["LINKS"], app.config["FILE_STORE"])
        yield Asker(app, connection, world, cookies_of(app, world.tokens))


def addresses(app: Flask) -> Iterator[tuple[str, Address]]:
    """Every method and address that the application answers."""
    for address in app.url_map.iter_rules():
        for method in sorted((address.methods or set()) - {"HEAD", "OPTIONS"}):
            yield method, address


def test_every_route_is_in_the_table_and_the_table_has_no_other(app):
    declared = {(method, rule.path) for rule in RULES for method in rule.methods.split()} | API_ROUTES
    served = {(method, address.rule) for method, address in addresses(app)}
    assert served - declared == set(), "add a line to tests/support/rights.py for these"
    assert declared - served == set(), "these are in tests/support/rights.py and nowhere else"
    assert len(RULES) == len({(rule.methods, rule.path) for rule in RULES})


def is_let_through(answer: TestResponse) -> bool:
    """A page, a redirect into the site, or a form that wants to be filled in better."""
    to_log_in = (answer.location or "").startswith("/inloggen?next=")
    refused = (400, 409, 422) if answer.request.path.startswith("/api/") else (409, 422)
    return (answer.status_code < 400 and not to_log_in) or answer.status_code in refused


def is_kept_out(answer: TestResponse, who: str, method: str, rule: Rule, relation: Relation) -> bool:
    """A stranger with an account is told that there is nothing here; a visitor may log in first."""
    if who == VISITOR and not rule.hides(relation):
        if method in READING:
            return answer.status_code in (302, 303) and (answer.location or "").startswith("/inloggen?next=")
        return answer.status_code == 401
    if answer.status_code == 403:  # a colleague knows that the draft exists, and may be told why not
        return who in MEMBERS and relation in (Relation.OWN, Relation.COLLEAGUE)
    return answer.status_code == 404


def wrong_answers(asker: Asker, rule: Rule, parties: Sequence[str]) -> Iterator[str]:
    """What these parties get at a route and should not, or should get and do not."""
    for method in rule.methods.split():
        for relation in asker.relations(rule):
            for who in parties:
                allowed = rule.allows(who, relation)
                answer, changed = asker.ask(who, method, rule, relation, may_change=allowed)
                asked = f"{who} {relation} {method} {answer.request.path}"
                if allowed and not is_let_through(answer):
                    yield f"{asked}: kept out with {answer.status_code}"
                if not allowed and not is_kept_out(answer, who, method, rule, relation):
                    yield f"{asked}: got {answer.status_code} {answer.location or ''}"
                if not allowed and changed:
                    yield f"{asked}: changed something"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.methods} {rule.path}")
def test_rights(asker, rule):
    wrong = list(wrong_answers(asker, rule, PARTIES))
    assert not wrong, "\n".join(wrong)


ROW_DECIDES = {
    "/afwezigheid/<id:leave_id>/intrekken": {Role.HANDLER},
    "/regelknelpunten/voorstellen/<id:proposal_id>": {Role.TRIAGER},
    "/werkvoorraad/weergaven/<id:view_id>": {Role.AUDITOR, Role.REPORT_AUTHOR, Role.HANDLER, Role.REVIEWER},
    "/werkvoorraad/weergaven/<id:view_id>/verwijderen": {Role.AUDITOR, Role.REPORT_AUTHOR, Role.HANDLER, Role.REVIEWER},
    "/zaken/<string:reference>/bewaren": {Role.ADMINISTRATOR},
    "/zaken/<string:reference>/bewaren/opheffen": {Role.ADMINISTRATOR},
}
"""Whom a guard lets in beside those of the table: what they find there, or how it stands, keeps them out."""


def test_a_guard_lets_in_no_role_that_the_table_does_not_name(app):
    assert let_in_too_many(app) == []


def let_in_too_many(app: Flask) -> list[str]:
    """The addresses whose guard lets in others than the table and ``ROW_DECIDES`` say, whatever stands behind it."""
    wrong = []
    for address in app.url_map.iter_rules():
        declared = access_of(app.view_functions[address.endpoint])
        if declared in (PUBLIC, BY_LINK) or declared is None:
            continue
        methods = (address.methods or set()) - {"HEAD", "OPTIONS"}
        rules = [rule for rule in RULES if rule.path == address.rule and methods & set(rule.methods.split())]
        named = {who for rule in rules for who in (*rule.who, *rule.also[0], *rule.too[0])}
        let_in = {role for role in Role if declared == SIGNED_IN or ROLE_PERMISSIONS[role] & set(declared)}
        if let_in - named != ROW_DECIDES.get(address.rule, set()):
            wrong.append(address.rule)
    return wrong


WITHOUT_FORM = {
    "/mail/<string:stop_token>/afmelden",
    "/op-de-hoogte/<string:topics_token>/afmelden",
    "/inloggen/organisatie/<string:provider_slug>/uitgelogd",
}
"""Where a mail program posts by itself (RFC 8058), or a provider: a token is the proof, and all that it can do."""


@pytest.mark.parametrize(
    "rule",
    [rule for rule in RULES if "POST" in rule.methods and rule.path not in WITHOUT_FORM],
    ids=lambda rule: rule.path,
)
def test_a_form_of_another_site_is_refused(app, asker, rule, monkeypatch):
    """From everybody who may send it. Who may not is kept out without this check too, as the matrix above says."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    asked = [(who, relation) for relation in asker.relations(rule) for who in PARTIES if rule.allows(who, relation)]
    assert asked
    for who, relation in asked:
        answer, changed = asker.ask(who, "POST", rule, relation)
        assert answer.status_code == 400, (who, relation, answer.status_code)
        assert not changed


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE"])
def test_other_methods_are_no_way_in(asker, method):
    for rule in RULES:
        answer, changed = asker.ask(Role.ADMINISTRATOR, method, rule, asker.relations(rule)[0])
        assert answer.status_code == 405, rule.path
        assert not changed


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE accounts SET name = name || '!' WHERE id = (SELECT max(id) FROM accounts)",
        "UPDATE laws SET citation_title = citation_title || '!' WHERE id = (SELECT max(id) FROM laws)",
        "INSERT INTO provinces (code, name, iso_code) VALUES ('PX', 'Proef', 'NL-PX')",
        "DELETE FROM law_change_touches",
    ],
)
def test_a_changed_row_is_noticed(asker, monkeypatch, change):
    def change_a_row(*_args: object, **_options: object) -> TestResponse:
        asker.connection.execute(text(change))
        return TestResponse(b"", "200", {}, request=Request({}))

    untouched = asker.untouched
    monkeypatch.setattr(FlaskClient, "open", change_a_row)
    assert asker.send(VISITOR, "POST", "/")[1] is True
    assert fingerprint(asker.connection) == untouched


def test_the_relations_of_the_world_are_what_they_say(asker):
    world = asker.world
    cases = world.cases
    assert cases[Relation.OWN].organisation_id == cases[Relation.COLLEAGUE].organisation_id == world.organisation.id
    assert cases[Relation.FOREIGN].organisation_id == world.other_organisation.id
    assert cases[Relation.CITIZEN].organisation_id is None
    assert set(world.accounts) == set(Role)
