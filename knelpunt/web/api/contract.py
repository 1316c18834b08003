"""The contract of the API (OpenAPI 3.1), made from the code that keeps it."""

import json
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app
from flask_smorest import Api
from flask_smorest.spec.plugins import FlaskPlugin
from werkzeug.routing import Rule

from config import Config, Environment
from knelpunt.extensions import csrf
from knelpunt.web.api.organisation import RESOURCES as ORGANISATION_RESOURCES
from knelpunt.web.api.organisation.access import SCHEME, security_scheme
from knelpunt.web.api.organisation.token import bp as token
from knelpunt.web.api.public import RESOURCES as PUBLIC_RESOURCES
from knelpunt.web.api.shared import requests
from knelpunt.web.api.shared.events import CloudEvent
from knelpunt.web.api.shared.fields import Schema
from knelpunt.web.api.shared.resources import JSON, VERSION_HEADER, Resource, problems_of_contract
from knelpunt.web.api.staff import RESOURCES as STAFF_RESOURCES
from knelpunt.web.shared.api_version import API_VERSION, BASE
from knelpunt.web.shared.open_data.json_files import CC0
from knelpunt.web.shared.problems import DEVELOPERS
from knelpunt.web.shared.requests.access import public

OPENAPI = "3.1.0"
ABOUT = """\
Met deze API leest u wat op Knelpunt openbaar is: antwoorden, ruimtewijzers, regelknelpunten, wetten en cijfers.
Een organisatie dient er ook meldingen mee in vanuit haar eigen systeem, en volgt ze.

De API volgt de Nederlandse API Design Rules (versie 2). Zij leest hetzelfde als de pagina's van de site.
Voor wat openbaar is hebt u geen sleutel nodig. De inhoud daarvan is vrij te gebruiken (CC0).
Voor uw eigen concepten en zaken maakt de beheerder van uw organisatie een koppeling.

Errors are `application/problem+json`. Send `Accept-Language: en` to read them, and all labels, in English.
"""
EXAMPLE = Config(
    environment=Environment.DEVELOPMENT,
    secret_key="no secret: this installation answers nobody",  # noqa: S106
    base_url="https://knelpunt.example",
    data_dir=Path("."),
    database_url="postgresql+psycopg://nowhere",
)
"""An installation at an address that is reserved for examples: that of the contract in the repository."""
PATH_PARTS = {
    "municipality_code": ("code", "Code van het CBS, zoals GM0363."),
    "bottleneck_number": ("nummer", "Nummer van het regelknelpunt, zoals RK-2026-0001."),
    "figure_name": ("naam", "Naam van het cijfer, zoals ontvangen."),
    "guide_slug": ("naam", "Naam van de ruimtewijzer in het adres."),
    "law_key": ("wet", "Sleutel van de wet, zoals ow."),
    "provision_key": ("bepaling", "Sleutel van de bepaling."),
    "quarter": ("periode", "Een kwartaal, zoals 2026-3, of een jaar, zoals 2026."),
    "wording": ("redactie", "Eerste dag van de redactie, zoals 2024-01-01, of begin."),
    "reference_number": ("nummer", "Nummer van het knelpunt, zoals KNP-2026-00012."),
    "reference": ("nummer", "Nummer van uw zaak, zoals KNP-2026-00012."),
    "key": ("sleutel", "Sleutel van uw concept."),
    "message_id": ("bericht", "Nummer van het bericht."),
    "aftercare_id": ("nazorgvraag", "Nummer van de nazorgvraag."),
    "participant_id": ("vraag", "Nummer van de vraag om mee te melden."),
    "attachment_id": ("bijlage", "Nummer van de bijlage."),
    "upload_key": ("sleutel", "Sleutel van uw upload."),
    "public_id": ("sleutel", "Sleutel van uw abonnement."),
    "claim_id": ("gebruik", "Nummer van het gebruik."),
}
"""How a part of an address is called in the contract, and what it is."""
_HEADERS = {
    "webhook-id": "De id van de gebeurtenis: dezelfde als wij haar opnieuw sturen.",
    "webhook-timestamp": "Wanneer wij dit stuurden, in seconden sinds 1970.",
    "webhook-signature": "Een of meer handtekeningen (v1,…) met een spatie ertussen. Er moet er één kloppen.",
}
_WEBHOOK = {
    "operationId": "event",
    "tags": ["Abonnementen"],
    "summary": "Something happened.",
    "description": "Dit sturen wij naar het adres van een abonnement, getekend als Standard Webhooks.",
    "parameters": [
        {"in": "header", "name": name, "required": True, "schema": {"type": "string"}, "description": about}
        for name, about in _HEADERS.items()
    ],
    "requestBody": {
        "required": True,
        "content": {
            "application/cloudevents+json": {
                "schema": {
                    "$ref": "#/components/schemas/CloudEvent",
                    "required": [each.data_key for each in CloudEvent._declared_fields.values()],
                }
            }
        },
    },
    "responses": {
        "2XX": {"description": "Uw systeem nam het aan. Iets anders: wij sturen het later opnieuw."},
        "410": {"description": "Dit adres bestaat niet meer. Het abonnement gaat uit."},
        "429": {"description": "Te veel. Zeg met Retry-After hoeveel seconden wij wachten."},
    },
}
"""What other systems get from us."""


class _Paths(FlaskPlugin):
    """Addresses as they stand behind the address of the server, with Dutch names for their parts."""

    def rule_to_params(self, rule: Rule) -> list[dict[str, Any]]:
        """The parts of an address."""
        found: list[dict[str, Any]] = super().rule_to_params(rule)
        for each in found:
            each["name"], each["description"] = PATH_PARTS[each["name"]]
        return found

    @staticmethod
    def flaskpath2openapi(path: str) -> str:
        """``/knelpunten/{nummer}``."""
        path = FlaskPlugin.flaskpath2openapi(path).removeprefix(BASE)
        for name, (called, _about) in PATH_PARTS.items():
            path = path.replace(f"{{{name}}}", f"{{{called}}}")
        return path


class KnelpuntApi(Api):
    """The resources of the API, and the contract that they make up together."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        """The handlers of the site answer for the API too."""

    def _register_doc_blueprint(self) -> None:
        """The contract is a resource like the others."""

    def _register_pagination_header(self) -> None:
        """Lists go on from a cursor, without that header."""

    def add(self, resource: Resource) -> None:
        """Serve a resource, and put it in the contract."""
        self._app.extensions["flask-smorest"]["blp_name_to_api"][resource.name] = self
        self._app.register_blueprint(resource)
        csrf.exempt(resource)  # there is no session that another site could use
        resource.register_views_in_doc(self, self._app, self.spec, name=resource.name, parameters=None)
        self.spec.tag({"name": resource.tag, "description": resource.about})


contract = Resource("api_contract", "", "Contract", "Dit document.")


class OpenApiDocument(Schema):
    """This document."""

    class Meta:
        """Whatever OpenAPI allows."""

        unknown = "include"


@contract.route("/openapi.json")
@public
@contract.response(200, OpenApiDocument, headers=VERSION_HEADER, description="Het contract van de API.")
@contract.doc(operationId="openapiDocument", description="Het contract van de API: dit document.")
def openapi_document() -> Response:
    """The contract of the API."""
    return Response(as_json(document(current_app, current_app.config["KNELPUNT"])), content_type=JSON)


def document(app: Flask, config: Config) -> dict[str, Any]:
    """The contract of an application, with the contact and addresses of an installation."""
    api: KnelpuntApi = app.extensions["knelpunt.api"]
    made: dict[str, Any] = api.spec.to_dict()
    info = {
        "title": "Knelpunt",
        "version": API_VERSION,
        "description": ABOUT,
        "contact": {
            "name": "Loket van Knelpunt",
            "email": config.contact_email,
            "url": f"{config.base_url}{DEVELOPERS}",
        },
        "license": {"name": "CC0 1.0", "url": CC0},
    }
    made["components"]["securitySchemes"] = {SCHEME: security_scheme(config.base_url)}
    return {
        "openapi": OPENAPI,
        "info": info,
        "servers": [{"url": f"{config.base_url}{BASE}"}],
        **{name: part for name, part in made.items() if name not in ("openapi", "info", "servers")},
        "webhooks": {"gebeurtenis": {"post": _WEBHOOK}},
    }


def as_json(made: dict[str, Any]) -> str:
    """A contract as text: the same text for the same contract."""
    return json.dumps(made, ensure_ascii=False, indent=1) + "\n"


def init_app(app: Flask) -> None:
    """Serve the API."""
    requests.init_app(app)
    api = KnelpuntApi()
    api.init_app(
        app,
        spec_kwargs={
            "title": "Knelpunt", "version": API_VERSION, "openapi_version": OPENAPI, "flask_plugin": _Paths(),
        },
    )  # fmt: skip
    app.extensions["knelpunt.api"] = api
    for name, answer in problems_of_contract():
        api.spec.components.response(name, answer)
    for resource in (contract, *PUBLIC_RESOURCES, *ORGANISATION_RESOURCES, *STAFF_RESOURCES):
        api.add(resource)
    app.register_blueprint(token)
