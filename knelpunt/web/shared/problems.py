"""Errors of the API as problem+json (RFC 9457), in the language that was asked for."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote

from flask import Response, current_app, request
from werkzeug.exceptions import BadRequest

from knelpunt.web.shared.requests.bodies import FORM_TYPES
from knelpunt.web.shared.requests.logs import request_id
from knelpunt.web.shared.texts import _, lazy_gettext

API = "/api/"
PROBLEM_JSON = "application/problem+json"
DEVELOPERS = "/ontwikkelaars"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is the matter, in general, and what to do about it."""

    title: str
    detail: str


PROBLEMS = {
    400: Problem(
        lazy_gettext("Dit verzoek klopt niet"), lazy_gettext("Wij kunnen niet gebruiken wat er in het verzoek staat.")
    ),
    401: Problem(
        lazy_gettext("Wij weten niet wie u bent"),
        lazy_gettext("Stuur een geldig token mee. Werkt het niet meer, haal dan een nieuw."),
    ),
    403: Problem(lazy_gettext("U mag dit niet"), lazy_gettext("Uw toegang geeft geen recht op deze handeling.")),
    404: Problem(lazy_gettext("Dit bestaat niet"), lazy_gettext("Op dit adres is niets te vinden voor u.")),
    405: Problem(lazy_gettext("Dit kan hier niet"), lazy_gettext("Dit adres kent deze methode niet.")),
    406: Problem(lazy_gettext("Deze vorm hebben wij niet"), lazy_gettext("Vraag om application/json.")),
    409: Problem(
        lazy_gettext("Iemand anders was u voor"), lazy_gettext("Dit is intussen gewijzigd. Haal het opnieuw op.")
    ),
    410: Problem(lazy_gettext("Dit is voorbij"), lazy_gettext("Wat hier stond, is weggehaald.")),
    412: Problem(
        lazy_gettext("Dit is een andere versie"),
        lazy_gettext(
            "Uw If-Match hoort niet bij de versie die er nu is. Of u noemt bij een upload een andere versie van tus."
        ),
    ),
    413: Problem(lazy_gettext("Dit is te groot"), lazy_gettext("Wij nemen minder aan dan u verstuurt.")),
    415: Problem(
        lazy_gettext("Deze vorm nemen wij niet aan"), lazy_gettext("Het contract zegt welke Content-Type hier past.")
    ),
    422: Problem(
        lazy_gettext("Dit kan nu niet"), lazy_gettext("Wat u vraagt, past niet bij hoe het er nu voor staat.")
    ),
    428: Problem(
        lazy_gettext("Zeg welke versie u wijzigt"),
        lazy_gettext("Stuur If-Match mee met de ETag die u het laatst hebt gekregen."),
    ),
    429: Problem(lazy_gettext("Even wachten"), lazy_gettext("U vraagt te veel achter elkaar. Zie Retry-After.")),
    460: Problem(
        lazy_gettext("Het stuk kwam beschadigd aan"),
        lazy_gettext("De som van wat wij kregen is niet de som die u stuurde. Stuur dit stuk opnieuw."),
    ),
    500: Problem(lazy_gettext("Er ging iets mis bij ons"), lazy_gettext("Dit ligt niet aan u. De fout is vastgelegd.")),
    503: Problem(
        lazy_gettext("Even geduld"), lazy_gettext("Wij kunnen onze gegevens nu niet bereiken. Zie Retry-After.")
    ),
    507: Problem(lazy_gettext("Er is nu geen plek"), lazy_gettext("Wij kunnen nu geen bestanden bewaren.")),
}
"""By status. The page for developers shows the same table, with a place for each to link to."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in a request: where it is (``query``, ``body``, ``header``), its name, and what."""

    place: str
    name: str
    detail: str


class InvalidInput(BadRequest):
    """A request of which the content cannot be used; names every fault at once."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__()
        self.faults = faults


def is_asked() -> bool:
    """Whether this request is one to the API, whatever comes of it."""
    return request.path.startswith(API)


def _of_this_request(status: int) -> str | None:
    """What is to be sent here instead, where that depends on the address."""
    if status == 404 and request.endpoint is None and request.path.endswith("/"):
        return _("Een adres van de API eindigt niet op een schuine streep.")
    if status == 412 and "If-Match" in request.headers:
        return _("Uw If-Match hoort niet bij de versie die er nu is. Haal haar opnieuw op, en stuur haar ETag mee.")
    if status == 413 and request.max_content_length:
        return _("Stuur hier hoogstens %(size)s kB.", size=request.max_content_length // 1000)
    if status == 415 and request.endpoint is not None:
        view = current_app.view_functions[request.endpoint]
        return _("Stuur dit met Content-Type %(types)s.", types=", ".join(sorted(getattr(view, "takes", FORM_TYPES))))
    return None


def problem(status: int, detail: str | None = None, faults: Sequence[Fault] = ()) -> Response:
    """An error of the API. Without a detail of its own it says what its status means, or names what is wrong."""
    known = PROBLEMS.get(status) or PROBLEMS[500 if status >= 500 else 400]
    detail = detail or _of_this_request(status)
    if detail is None and faults:
        detail = " ".join(f"{fault.name}: {fault.detail}".lstrip(": ") for fault in faults)
    base_url: str = current_app.config["KNELPUNT"].base_url
    body: dict[str, object] = {
        "type": f"{base_url}{DEVELOPERS}#fout-{status}" if status in PROBLEMS else "about:blank",
        "title": str(known.title) if status in PROBLEMS else HTTPStatus(status).phrase,
        "status": status,
        "detail": str(detail or known.detail),
        "instance": f"{quote(request.path)}#{request_id()}",
    }
    if faults:
        body["errors"] = [{"in": each.place, "name": each.name, "detail": str(each.detail)} for each in faults]
    text = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    return Response(text, status, content_type=PROBLEM_JSON, headers={"Cache-Control": "no-store"})
