"""Rows of addresses that follow something, and the tokens of their secret addresses."""

from datetime import timedelta

from knelpunt.domain.links import Links, new_nonce, new_public_id
from knelpunt.services.guides.following import Followed
from tests.support.factories import Factory
from tests.support.rights import Relation


def follow_tokens(make: Factory, links: Links, kind: Followed, followed_id: int) -> dict[Relation, object]:  # type: ignore[type-arg]
    """The token of an address that is kept, one that nobody was given, and one whose time is over."""
    right, old = (_token(make, links, kind, followed_id, days) for days in (30, -1))
    wrong = ("a" if right[0] != "a" else "b") + right[1:]
    return {Relation.RIGHT_TOKEN: right, Relation.WRONG_TOKEN: wrong, Relation.REVOKED_TOKEN: old}


def _token(make: Factory, links: Links, kind: Followed, followed_id: int, days: int) -> str:  # type: ignore[type-arg]
    """The token of a new address that is kept for so many days more."""
    row = make.add(
        kind.model(
            **{kind.column: followed_id},
            email=f"volger-{days}@straat.example",
            public_id=new_public_id(),
            nonce=new_nonce(),
            asked_at=make.now,
            ends_on=make.today + timedelta(days=days),
        )
    )
    return links.token(kind.purpose, row.public_id, row.nonce)
