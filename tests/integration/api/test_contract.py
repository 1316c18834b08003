"""The contract: the same in the repository as in the code, by the rules of the field, and kept by the server."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from jsonschema import Draft202012Validator
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks
from sqlalchemy import Connection

from config import PROJECT_DIR
from knelpunt.domain.permissions import ApiScope
from knelpunt.web.api import contract
from knelpunt.web.shared.requests.access import PUBLIC, access_of
from tests.support import database
from tests.support.api_keys import KeyMaker
from tests.support.rights import VISITOR, Relation
from tests.support.world import World

EXAMPLES = 3
"""So many requests of each kind to each address, the same ones in every run."""
OWN = "own organisation"
PATH = PROJECT_DIR / "docs" / "api" / "openapi.json"
DAYS, NO_DAYS = {"op", "van", "totEnMet", "sinds"}, {"wachtOp"}
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]

schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")


@pytest.fixture(scope="module")
def made(app: Flask) -> dict:
    return contract.document(app, contract.EXAMPLE)


def operations(made):
    """Each operation with its address and method."""
    for path, item in made["paths"].items():
        for method, operation in item.items():
            if method != "parameters":
                yield path, method, {**operation, "shared": item.get("parameters", [])}


def test_the_contract_in_the_repository_is_that_of_the_code(app):
    assert PATH.read_text(encoding="utf-8") == contract.as_json(contract.document(app, contract.EXAMPLE)), (
        "run `knelpunt openapi-document > docs/api/openapi.json`"
    )


def test_every_address_of_the_api_is_in_the_contract(app, made):
    served = {
        (shape(rule.rule.removeprefix("/api/v1")), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    told = {(shape(path), method) for path, method, _ in operations(made)}
    assert served - told == {("/token", "post")}  # which the contract names as the way in
    assert told <= served


# --- the NLGov REST API Design Rules 2, of what can be read from a contract


def test_the_document_names_its_version_server_contact_and_licence(made):
    assert re.fullmatch(r"3\.1\.\d+", made["openapi"])
    assert re.fullmatch(r"\d+\.\d+\.\d+", made["info"]["version"])
    assert all(made["info"]["contact"][name] for name in ("name", "email", "url"))
    assert made["info"]["license"]["name"]
    assert [re.fullmatch(r"https://.+/v\d+", server["url"]) is not None for server in made["servers"]] == [True]


def test_paths_are_kebab_case_without_trailing_slash_and_speak_standard_methods(made):
    for path, method, _ in operations(made):
        assert re.fullmatch(r"(/([a-z0-9]+(-[a-z0-9]+)*|\{[a-z][A-Za-z0-9]*\}|openapi\.json))+", path), path
        assert method in {"get", "post", "put", "patch", "delete"}


def test_names_are_in_the_right_case(made):
    camel, pascal = re.compile(r"[a-z][a-z0-9]*([A-Z][a-z0-9]*)*"), re.compile(r"([A-Z][a-z0-9]*)+")
    for name, schema in made["components"]["schemas"].items():
        assert pascal.fullmatch(name), name
        for each in schema.get("properties", {}):
            assert camel.fullmatch(each), (name, each)
    for path, _method, operation in operations(made):
        for parameter in (*operation.get("parameters", []), *operation["shared"]):
            if parameter["in"] in ("query", "path"):
                assert camel.fullmatch(parameter["name"]), (path, parameter["name"])
            assert parameter.get("description"), (path, parameter["name"])


def test_every_answer_has_the_version_and_every_error_is_a_problem(made):
    problem = made["components"]["schemas"]["Problem"]
    assert {"type", "title", "status", "detail", "instance"} == set(problem["required"])
    ids = [operation["operationId"] for _path, _method, operation in operations(made)]
    assert len(ids) == len(set(ids))
    for path, method, operation in operations(made):
        where = f"{method} {path}"
        assert operation["description"], where
        assert operation["summary"], where
        if operation.get("parameters") or method != "get":
            assert "400" in operation["responses"], where
        for status, found in operation["responses"].items():
            answer = made["components"]["responses"][found["$ref"].rpartition("/")[2]] if "$ref" in found else found
            assert "API-Version" in answer["headers"], (where, status)
            if int(status) in (429, 503):
                assert answer["headers"]["Retry-After"]["required"], (where, status)
            if int(status) == 429:
                assert {"RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"} <= set(answer["headers"]), where
            if int(status) >= 400:
                assert set(answer["content"]) == {"application/problem+json"}, (where, status)


def test_the_parts_of_an_address_are_told_and_no_others(made):
    for path, method, operation in operations(made):
        told = [
            each["name"] for each in (*operation.get("parameters", []), *operation["shared"]) if each["in"] == "path"
        ]
        assert sorted(told) == sorted(re.findall(r"\{(\w+)\}", path)), (method, path)


def test_only_the_major_version_stands_in_an_address(made):
    [server] = made["servers"]
    assert server["url"].endswith(f"/v{made['info']['version'].partition('.')[0]}")
    assert not [path for path in made["paths"] if re.search(r"/v?\d+(\.\d+)*(/|$)", path)]


def test_tags_are_told_once_and_no_moment_is_without_its_zone(made):
    tags = [each["name"] for each in made["tags"]]
    assert len(tags) == len(set(tags))
    assert {tag for _path, _method, operation in operations(made) for tag in operation["tags"]} <= set(tags)
    formats = {about.get("format") for schema in made["components"]["schemas"].values() for about in parts_of(schema)}
    assert "date-time" in formats
    assert not formats & {"time", "date-time-local"}


def test_every_example_is_one_of_its_schema(made):
    """An example that does not fit what it is an example of teaches a wrong thing."""
    store = {"components": made["components"]}
    examples = [
        (where, {**store, **content["schema"]}, content["example"])
        for where, content in contents_of(made)
        if "example" in content and "schema" in content
    ] + [
        (where, {**store, **about}, about["example"])
        for where, schema in made["components"]["schemas"].items()
        for about in parts_of(schema)
        if "example" in about
    ]
    for where, schema, example in examples:
        found = [each.message for each in Draft202012Validator(schema).iter_errors(example)]
        assert found == [], where


def parts_of(schema):
    """A schema and every schema in it."""
    if isinstance(schema, dict):
        yield schema
        for value in schema.values():
            yield from parts_of(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from parts_of(value)


def contents_of(made):
    """Every body that is asked or given, with where."""
    for path, method, operation in operations(made):
        for status, found in {"body": operation.get("requestBody", {}), **operation["responses"]}.items():
            answer = made["components"]["responses"][found["$ref"].rpartition("/")[2]] if "$ref" in found else found
            for content in answer.get("content", {}).values():
                yield f"{method} {path} {status}", content


def test_every_property_is_explained_and_days_have_their_format(made):
    for name, schema in made["components"]["schemas"].items():
        for each, about in schema.get("properties", {}).items():
            assert about.get("description"), (name, each)
            if each in DAYS or (re.search(r"(?:Op|Vanaf|TotEnMet|Sinds)$", each) and each not in NO_DAYS):
                assert about.get("format") in ("date", "date-time"), (name, each)


# --- and the server keeps it


@dataclass(frozen=True)
class Stage:
    """A world that stays as it is, and tokens of systems in it, by how they stand to what is in it."""

    world: World
    connection: Connection
    tokens: dict[str, str]


@pytest.fixture(scope="module")
def stage(app: Flask) -> Iterator[Stage]:
    with database.rolled_back() as (connection, session):
        world = World(session, app.config["LINKS"], app.config["FILE_STORE"])
        maker, all_scopes = KeyMaker(world), tuple(scope.value for scope in ApiScope)
        tokens = {
            OWN: maker.token(all_scopes),
            "another organisation": maker.token(all_scopes, world.other_organisation.id),
            "files along": maker.token(all_scopes, maker.partner_in(Relation.OWN).id),
            "ministry": maker.token((ApiScope.REPORTING.value,), maker.make.ministry().id),
            "revoked": maker.token(all_scopes, revoked_at=maker.make.now),
        }
        session.commit()
        yield Stage(world, connection, tokens)


@pytest.fixture(scope="module")
def schema(app: Flask):
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)


def shape(path: str) -> str:
    """An address without the names of its parts, however those are written."""
    return re.sub(r"<[^>]+>|\{[^}]+\}", "{}", path)


def real_parts(app: Flask, world: World, path: str) -> dict[str, str]:
    """Values for the parts of an address under which there is something, of the own organisation where it may be."""
    rule = next(rule for rule in app.url_map.iter_rules() if shape(rule.rule) == f"/api/v1{shape(path)}")
    found = {}
    for part in rule.arguments:
        relations = world.relations(rule.rule, {part})
        relation = Relation.OWN if Relation.OWN in relations else relations[-1]
        found[contract.PATH_PARTS[part][0]] = str(world.value(rule.rule, part, relation, VISITOR))
    return found


@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # schemathesis leaves what it downloads open
def test_the_server_answers_as_the_contract_says(app, stage, schema, monkeypatch):
    """Whatever is asked, right or wrong, by address, parameter or body, by whoever; with no token too where it must."""
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    seen = set()
    for result in schema.get_all_operations():
        operation = result.ok()
        real = real_parts(app, stage.world, operation.path) or None
        others = [*stage.tokens.values(), None][1:] if operation.definition.raw.get("security") else []
        own = stage.tokens[OWN] if others else None
        ask(stage, operation, GenerationMode.POSITIVE, real, own, others)
        ask(stage, operation, GenerationMode.NEGATIVE, None, own)
        seen.add(operation.label)
    told = {f"{method.upper()} {path}" for path, method, _ in operations(contract.document(app, contract.EXAMPLE))}
    assert told - seen <= {"GET /openapi.json"}  # where the contract comes from, which the library asks itself


def ask(stage, operation, mode, fixed, token, others=()):
    """Some requests of one kind to one address, the first of them by all others too; afterwards all is as before."""
    more, left = {} if fixed is None else {"path_parameters": fixed}, list(others)

    @given(case=operation.as_strategy(generation_mode=mode, **more))
    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate],
    )
    def one(case):
        if "Authorization" in case.headers:
            del case.headers["Authorization"]
        for each in (token, *left):
            headers = {"Accept-Encoding": "identity"} | ({"Authorization": f"Bearer {each}"} if each else {})
            stage.connection.exec_driver_sql("SAVEPOINT asked")
            try:
                case.call_and_validate(checks=CHECKS, headers=headers)
            finally:
                stage.connection.exec_driver_sql("ROLLBACK TO SAVEPOINT asked; RELEASE SAVEPOINT asked")
        left.clear()

    try:
        one()
    except Unsatisfiable:  # an address of which nothing can be asked wrongly
        assert mode is GenerationMode.NEGATIVE, operation.label


def test_everything_without_a_key_is_public_and_only_read(app):
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/v1/") and access_of(app.view_functions[rule.endpoint]) == PUBLIC:
            writes = (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}
            assert not writes or rule.rule in ("/api/v1/suggesties", "/api/v1/token"), rule.rule


def test_the_contract_is_json_that_names_nothing_twice():
    def once(pairs):
        names = [name for name, _value in pairs]
        assert len(names) == len(set(names))
        return dict(pairs)

    assert json.loads(PATH.read_text(encoding="utf-8"), object_pairs_hook=once)["paths"]
