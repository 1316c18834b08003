"""Requests about personal data for the rights matrix: one that is looked after, and one that was answered."""

from datetime import date
from typing import Any

from knelpunt.domain.links import Links, new_nonce, new_public_id
from knelpunt.domain.privacy.requests import RequestChannel, RequestKind, RequestStatus, due_on
from knelpunt.models import Case, PrivacyPlace, PrivacyRequest
from knelpunt.queries.privacy.places import fingerprint
from knelpunt.services.privacy.answers import PURPOSE
from tests.support.factories import Factory
from tests.support.rights import Relation

RECEIVED_ON = date(2026, 11, 2)


def privacy_rows(make: Factory, links: Links, case: Case) -> dict[str, dict[Relation, object]]:
    """What to fill in for the parts of the addresses of such requests."""
    waiting = _request(make, RequestStatus.CHECKED, case_id=case.id, name="Proefpersoon", searched_at=make.now)
    make.add(
        PrivacyPlace(
            request_id=waiting.id,
            table_name="cases",
            column_name="title",
            row_key=[str(case.id)],
            path=[],
            case_id=case.id,
            kind="naam",
            start=0,
            end=4,
            words_hash=fingerprint(case.title[:4]),
        )
    )
    proof = [{"wat": "Bijlagen", "plaatsen": 2, "grond": None}, {"wat": "Accounts", "plaatsen": 1, "grond": "functie"}]
    done = _request(
        make,
        RequestStatus.DONE,
        decided_at=make.now,
        answer="Wij haalden weg wat weg kon.",
        proof=proof,
        digest="0" * 64,
    )
    token = links.token(PURPOSE, done.public_id, done.nonce)
    return {
        "privacy_id": {Relation.NONE: waiting.id},
        "antwoord.pdf:privacy_id": {Relation.NONE: done.id},
        "verstuurd:privacy_id": {Relation.NONE: done.id},
        "privacy_token": {
            Relation.RIGHT_TOKEN: token,
            Relation.WRONG_TOKEN: f"{token[:-1]}{'0' if token[-1] != '0' else '1'}",
        },
    }


def _request(make: Factory, status: RequestStatus, **columns: Any) -> PrivacyRequest:
    given = {
        "kind": RequestKind.ERASURE,
        "channel": RequestChannel.LETTER,
        "status": status,
        "public_id": new_public_id(),
        "nonce": new_nonce(),
        "received_on": RECEIVED_ON,
        "due_on": due_on(RECEIVED_ON),
    }
    return make.add(PrivacyRequest(**given, **columns))
