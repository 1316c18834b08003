"""Which ruimtewijzers a municipality uses, for which project, and how that went."""

from typing import Any

from knelpunt.domain.guides.track import ClaimOutcome
from knelpunt.domain.permissions import ApiScope
from knelpunt.extensions import db
from knelpunt.queries.guides import desk as queries
from knelpunt.queries.guides.desk import ClaimRow
from knelpunt.services.guides import use
from knelpunt.web.api.organisation.access import (
    ACT_ERRORS,
    ERRORS,
    client,
    context,
    endpoint,
    fields_named,
    keyed,
    once,
    says_where,
)
from knelpunt.web.api.shared.fields import Line, Schema, choice, day, number, text
from knelpunt.web.api.shared.paging import ListQuery, Page, piece_of
from knelpunt.web.api.shared.resources import JSON, Resource
from knelpunt.web.shared.api_version import BASE
from knelpunt.web.shared.requests.bodies import takes

claims = Resource(
    "api_claims", "/gebruikte-ruimtewijzers", "Gebruik van ruimtewijzers", "Welk antwoord uw gemeente gebruikt."
)
_NAMES = {"starts_on": "begint", "reason": "reden"}


class ClaimInput(Schema):
    """A municipality uses a ruimtewijzer for a project."""

    slug = text("ruimtewijzer", "Naam van de ruimtewijzer in haar adres.", required=True, longest=200)
    project = text("project", "Waarvoor.", required=True, longest=use.PROJECT_LENGTH, kind=Line)
    starts_on = day("begint", "Wanneer het project begint.", required=True)


class OutcomeInput(Schema):
    """How it went."""

    outcome = choice("uitkomst", ClaimOutcome, "Of het lukte.", required=True)
    reason = text("reden", "Waarom het niet of maar deels lukte.", longest=use.REASON_LENGTH)


class Claim(Schema):
    """A use of a ruimtewijzer. Nothing in it is required: ``fields`` may leave each out."""

    id = number("id", "Nummer van dit gebruik.")
    slug = text("ruimtewijzer", "Naam van de ruimtewijzer in haar adres.")
    project = text("project", "Waarvoor.")
    starts_on = day("begint", "Wanneer het project begint.")
    claimed_on = day("gemeldOp", "Wanneer u het meldde.")
    ask_on = day("gevraagdOp", "Wanneer wij vragen hoe het ging.")
    outcome = choice("uitkomst", ClaimOutcome, "Of het lukte.", nullable=True)
    outcome_reason = text("reden", "Waarom het niet of maar deels lukte.", nullable=True)


@endpoint(claims, "", ApiScope.CLAIMS)
@claims.lists(Claim, ListQuery, about="Wat uw gemeente gebruikt, het laatste eerst.", errors=ERRORS)
def claim_list(asked: dict[str, Any]) -> Page:
    """What the own organisation said that it would do."""
    return piece_of([_shown(each) for each in queries.claims_of(db.session, client().organisation_id)], asked)


@endpoint(claims, "", ApiScope.CLAIMS, "POST")
@takes(JSON)
@claims.gives(Claim, about="Meld dat uw gemeente dit ook gaat doen.", status=201, errors=ACT_ERRORS, has_mark=False)
@keyed(claims)
@claims.arguments(ClaimInput, location="json")
def new_claim(asked: dict[str, Any]) -> dict[str, Any]:
    """Claim a precedent for an own project."""

    def make() -> str:
        with fields_named(_NAMES):
            made = use.claim(context(), asked["slug"], project=asked["project"], starts_on=asked["starts_on"])
        return str(made.id)

    made = int(once(make))
    says_where(f"{BASE}/gebruikte-ruimtewijzers/{made}")
    return _shown(queries.claim_of(db.session, made, client().organisation_id))


@endpoint(claims, "/<id:claim_id>", ApiScope.CLAIMS)
@claims.gives(Claim, about="Eén gebruik van een ruimtewijzer.", errors=ERRORS)
def own_claim(claim_id: int) -> dict[str, Any]:
    """One use of a ruimtewijzer."""
    return _shown(queries.claim_of(db.session, claim_id, client().organisation_id))


@endpoint(claims, "/<id:claim_id>/ervaringen", ApiScope.CLAIMS, "POST")
@takes(JSON)
@claims.gives(Claim, about="Vertel hoe het ging.", status=201, errors=ACT_ERRORS, has_mark=False)
@claims.arguments(OutcomeInput, location="json")
def tell_outcome(asked: dict[str, Any], claim_id: int) -> dict[str, Any]:
    """Say how it went; a second answer replaces the first."""
    with fields_named(_NAMES):
        use.answer_claim(context(), claim_id, outcome=asked["outcome"], reason=asked.get("reason", ""))
    return _shown(queries.claim_of(db.session, claim_id, client().organisation_id))


def _shown(row: ClaimRow) -> dict[str, Any]:
    names = ["id", "slug", "project", "starts_on", "claimed_on", "ask_on", "outcome", "outcome_reason"]
    return {name: getattr(row, name) for name in names}
