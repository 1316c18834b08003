"""One resource of the API: a blueprint of which each view says what it may be asked and what it gives.

cases = Resource("api_cases", "/knelpunten", "Knelpunten", "Antwoorden die iedereen mag lezen.")

@cases.route("/<string:reference_number>")
@public
@cases.gives(Case, about="Eén knelpunt.")
def case(reference_number: str) -> dict[str, Any]:
    '''One published case.'''
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from functools import wraps
from types import MappingProxyType
from typing import Any, NoReturn
from urllib.parse import urlencode

import marshmallow as ma
from flask import Response, current_app, request
from flask.typing import ResponseReturnValue
from flask_smorest import Blueprint
from webargs import missing
from webargs.flaskparser import FlaskParser, is_json_request
from webargs.multidictproxy import MultiDictProxy
from werkzeug.datastructures import CombinedMultiDict

from knelpunt.web.api.shared.fields import Schema, chosen_of, parts, text
from knelpunt.web.api.shared.paging import ListQuery, Page
from knelpunt.web.shared.api_version import BASE
from knelpunt.web.shared.problems import PROBLEM_JSON, PROBLEMS, Fault, InvalidInput
from knelpunt.web.shared.texts import lazy_gettext

JSON = "application/json"
MULTIPART = "multipart"
"""Where a file is read from that comes with words."""
PLACES = {"query": "query", "headers": "header"}
"""Where a fault is, by where it was read; all else is the body."""
View = Callable[..., Any]
_TEXT_HEADER = {"type": "string"}
_NUMBER_HEADER = {"type": "integer"}
VERSION_HEADER = {"API-Version": {"description": "De versie van de API.", "schema": _TEXT_HEADER}}
HEADERS = {
    **VERSION_HEADER,
    "RateLimit-Limit": {"description": "Hoeveel verzoeken u per minuut mag doen.", "schema": _NUMBER_HEADER},
    "RateLimit-Remaining": {"description": "Hoeveel er in deze minuut over zijn.", "schema": _NUMBER_HEADER},
    "RateLimit-Reset": {"description": "Over hoeveel seconden u weer alles mag.", "schema": _NUMBER_HEADER},
}
WHEN_AGAIN = {
    "Retry-After": {
        "description": "Over hoeveel seconden u het weer kunt proberen.",
        "required": True,
        "schema": _NUMBER_HEADER,
    }
}
_OF_ERRORS = {429: {**HEADERS, **WHEN_AGAIN}, 503: {**VERSION_HEADER, **WHEN_AGAIN}}
"""What an error says in its headers, where that is more than the version."""
ETAG = {"ETag": {"description": "Kenmerk van dit antwoord, voor If-None-Match.", "schema": _TEXT_HEADER}}
LINK = {"Link": {"description": "Adres van het volgende stuk van de lijst (rel=next).", "schema": _TEXT_HEADER}}
_NO_JSON = lazy_gettext("Dit is geen geldige JSON.")
_TWICE = lazy_gettext("Deze naam staat er meer dan één keer.")
SHOWN_OF_NAME = 100


class FaultSchema(Schema):
    """One thing that is wrong in a request."""

    place = text("in", "Waar het staat: `query`, `body` of `header`.")
    name = text("name", "De naam van de parameter of de eigenschap.")
    detail = text("detail", "Wat er niet klopt.")


class ProblemSchema(Schema):
    """An error (RFC 9457)."""

    type_ = text("type", "Adres met uitleg over dit soort fout.", required=True)
    title = text("title", "Wat voor fout het is.", required=True)
    status = ma.fields.Integer(required=True, metadata={"description": "De statuscode."})
    detail = text("detail", "Wat er nu misging.", required=True)
    instance = text("instance", "Dit ene geval. Geef dit door als u ons om hulp vraagt.", required=True)
    errors = parts("errors", FaultSchema, "Alles wat er in uw verzoek niet klopt.")


def problems_of_contract() -> Iterator[tuple[str, dict[str, Any]]]:
    """Each error, named and described once for all addresses that may answer it."""
    for code, each in PROBLEMS.items():
        content, headers = {PROBLEM_JSON: {"schema": ProblemSchema}}, _OF_ERRORS.get(code, VERSION_HEADER)
        yield (
            f"Problem{code}",
            {"description": str(each.title), "headers": headers, "content": content},
        )


class Parser(FlaskParser):
    """Reads requests: what is not in the contract is refused, with everything that is wrong at once."""

    DEFAULT_VALIDATION_STATUS = 400
    __location_map__ = {**FlaskParser.__location_map__, MULTIPART: "load_multipart"}  # noqa: RUF012
    DEFAULT_UNKNOWN_BY_LOCATION = {**FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "query": ma.RAISE}  # noqa: RUF012

    def _raw_load_json(self, req: Any) -> Any:
        if not is_json_request(req):
            return missing
        try:
            return json.loads(req.get_data(cache=True).decode(), object_pairs_hook=_named_once)
        except json.JSONDecodeError:
            raise
        except (RecursionError, ValueError) as error:  # too deep, or a number of thousands of digits
            raise InvalidInput(Fault("body", "", _NO_JSON)) from error

    def _handle_invalid_json_error(self, error: Any, req: Any, *args: Any, **kwargs: Any) -> NoReturn:
        raise InvalidInput(Fault("body", "", _NO_JSON)) from error

    def load_multipart(self, req: Any, schema: ma.Schema) -> Any:
        """The fields of a form together with its files, each name once, as in JSON."""
        _require_once([name for part in (req.form, req.files) for name, _value in part.items(multi=True)])
        return MultiDictProxy(CombinedMultiDict([req.form, req.files]), schema)

    def load_querystring(self, req: Any, schema: ma.Schema) -> Any:
        """What stands behind the question mark, each name once: of two values nobody can say which was meant."""
        _require_once([name for name, _value in req.args.items(multi=True)], "query")
        return MultiDictProxy(req.args, schema)

    def handle_error(
        self, error: ma.ValidationError, req: Any, schema: Any, *, error_status_code: Any, error_headers: Any
    ) -> NoReturn:
        """Name every fault."""
        faults = [
            Fault(PLACES.get(place, "body"), name, detail)
            for place, found in error.normalized_messages().items()
            for name, detail in faults_in(found)
        ]
        raise InvalidInput(*faults) from error


def _named_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON. Of two values under one name nobody can say which was meant, so it is refused."""
    found = dict(pairs)
    if len(found) < len(pairs):
        _require_once([name for name, _value in pairs])
    return found


def _require_once(names: list[str], place: str = "body") -> None:
    for name, count in Counter(names).most_common(1):
        if count > 1:
            raise InvalidInput(Fault(place, name[:SHOWN_OF_NAME], _TWICE))


def faults_in(found: Any, path: str = "") -> list[tuple[str, str]]:
    """The messages of marshmallow with the path to each, as ``part.name``."""
    if isinstance(found, Mapping):
        return [
            each
            for name, inside in found.items()
            for each in faults_in(inside, path if name == "_schema" else f"{path}.{name}".lstrip("."))
        ]
    return [(path, str(message)) for message in (found if isinstance(found, list) else [found])]


def json_answer(content: Any, status: int = 200) -> Response:
    """An answer of JSON, with its properties in the order of the contract."""
    text = json.dumps(content, ensure_ascii=False, default=_plain)
    return Response(text.encode("utf-8", "replace"), status, content_type=JSON)


def _plain(value: Any) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)


class Resource(Blueprint):
    """The addresses under one noun."""

    ARGUMENTS_PARSER = Parser()
    DEFAULT_LOCATION_CONTENT_TYPE_MAPPING = {  # noqa: RUF012
        **Blueprint.DEFAULT_LOCATION_CONTENT_TYPE_MAPPING,
        MULTIPART: "multipart/form-data",
    }

    def __init__(self, name: str, path: str, tag: str, about: str) -> None:
        super().__init__(name, __name__, url_prefix=BASE + path)
        self.tag, self.about = tag, about

    def route(self, rule: str, **options: Any) -> Callable[[View], View]:
        """Put a view at an address."""
        decorated: Callable[[View], View] = super().route(rule, tags=[self.tag], **options)
        return decorated

    def reads(self, schema: type[Schema]) -> Callable[[View], View]:
        """The view gets a body of JSON of this schema as its first argument; say ``@takes(JSON)`` with it."""
        decorated: Callable[[View], View] = self.arguments(schema, location="json")
        return decorated

    def gives(
        self,
        schema: type[Schema],
        query: type[Schema] | None = None,
        *,
        about: str,
        status: int = 200,
        errors: tuple[int, ...] = (),
        has_mark: bool = True,
        more: Mapping[str, Any] = MappingProxyType({}),
    ) -> Callable[[View], View]:
        """The view answers with one object of this schema.

        The view gets what stands in ``query`` as its first argument when it names one.

        Args:
            about: what it is, in plain Dutch, for the contract.
            errors: which statuses it may answer besides those that hold for all.
            more: headers that this answer has besides those of all.
        """
        dump = schema().dump
        headers = {**HEADERS, **(ETAG if has_mark else {}), **more}

        def decorate(view: View) -> View:
            return self._decorated(
                view, schema, schema, query, lambda found: (dump(found), {}), about, status, errors, headers
            )

        return decorate

    def lists(
        self,
        schema: type[Schema],
        query: type[ListQuery] = ListQuery,
        *,
        about: str,
        errors: tuple[int, ...] = (),
        has_mark: bool = True,
    ) -> Callable[[View], View]:
        """The view gives a ``Page`` of a list; it gets what was asked as its first argument."""
        dump = schema(many=True).dump
        listed = type(
            f"{schema.__name__}List",
            (Schema,),
            {
                "__doc__": f"A piece of a list of {schema.__name__}.",
                "items": parts("items", schema, "Wat er in dit stuk van de lijst staat."),
                "following": text(
                    "next", "Cursor van het volgende stuk. Leeg (null) bij het laatste stuk.", nullable=True
                ),
            },
        )

        def answered(page: Page) -> tuple[Any, dict[str, str]]:
            more: dict[str, str] = {}
            if page.following is not None:
                more["Link"] = f'<{_address(page.following)}>; rel="next"'
            return {"items": dump(page.items), "next": page.following}, more

        headers = {**HEADERS, **LINK, **(ETAG if has_mark else {})}

        def decorate(view: View) -> View:
            return self._decorated(view, listed, schema, query, answered, about, 200, errors, headers)

        return decorate

    def _decorated(
        self,
        view: View,
        shown: type[Schema],
        chosen_from: type[Schema],
        query: type[Schema] | None,
        dump: Callable[[Any], tuple[Any, dict[str, str]]],
        about: str,
        status: int,
        errors: tuple[int, ...],
        headers: dict[str, Any],
    ) -> View:
        asked_schema = type(f"{view.__name__}_query", (query or Schema,), {"chosen": chosen_of(chosen_from)})

        @wraps(view)
        def answered(*given: dict[str, Any], **values: Any) -> ResponseReturnValue:
            *bodies, asked = given
            names = asked.pop("chosen", None)  # empty when somebody left the value out: all, as without it
            found = view(*bodies, *([] if query is None else [asked]), **values)
            if isinstance(found, Response):
                return found
            content, more = dump(found)
            if names:
                content = _only(content, names)
            answer = json_answer(content, status)
            answer.headers.update(more)
            return answer

        answered = self.arguments(asked_schema, location="query")(answered)
        answered = self.response(status, shown, headers=headers, description=about)(answered)
        return self.documented(answered, about, errors)

    def documented(self, view: View, about: str, errors: tuple[int, ...] = ()) -> View:
        """Put in the contract what a view does, and how it may fail besides what holds for all."""
        for code in sorted({400, 404, 406, 429, 503, *errors}):
            view = self.alt_response(code, f"Problem{code}")(view)
        first, *rest = view.__name__.split("_")
        name = first + "".join(each.capitalize() for each in rest)
        documented: View = self.doc(operationId=name, description=about)(view)
        return documented


def _only(content: dict[str, Any], names: list[str]) -> dict[str, Any]:
    """The chosen properties of an object, or of each object of a list."""
    if "items" in content and "next" in content:
        return {**content, "items": [_only(each, names) for each in content["items"]]}
    return {name: value for name, value in content.items() if name in names}


def _address(cursor: str) -> str:
    """This list from a cursor on."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "cursor"]
    base_url: str = current_app.config["KNELPUNT"].base_url
    return f"{base_url}{request.path}?{urlencode([*kept, ('cursor', cursor)], errors='replace')}"
