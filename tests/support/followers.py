"""Rows of addresses that follow something, and the tokens of their secret addresses."""

from datetime import timedelta

from knelpunt.domain.links import Links, new_nonce, new_public_id
from knelpunt.models import Subscription
from knelpunt.services.guides.following import TOPICS, Followed
from tests.support.factories import Factory
from tests.support.rights import Relation


def follow_tokens(make: Factory, links: Links, kind: Followed, followed_id: int) -> dict[Relation, object]:  # type: ignore[type-arg]
    """The token of an address that is kept, one that nobody was given, and one whose time is over."""
    right, old = (_token(make, links, kind, followed_id, days) for days in (30, -1))
    wrong = ("a" if right[0] != "a" else "b") + right[1:]
    return {Relation.RIGHT_TOKEN: right, Relation.WRONG_TOKEN: wrong, Relation.REVOKED_TOKEN: old}


def topic_tokens(make: Factory, links: Links) -> dict[str, dict[Relation, object]]:
    """The same for who follows topics: of the secret address, and of the link that confirms and works once."""
    tokens: dict[str, dict[Relation, object]] = {"topics_token": {}, "confirm_token": {}}
    for relation, days in ((Relation.RIGHT_TOKEN, 30), (Relation.REVOKED_TOKEN, -1)):
        question = {"topic": "q=tuin", "nonce": new_nonce(), "on": make.today.isoformat()}
        row = make.add(
            Subscription(
                email=f"onderwerpen-{days}@straat.example",
                public_id=new_public_id(),
                nonce=new_nonce(),
                asked_at=make.now,
                confirmed_at=make.now,
                ends_on=make.today + timedelta(days=days),
                topics=["thema=wonen", ""],
                questions=[question] if days > 0 else [],
                looked_on=make.today,
            )
        )
        tokens["topics_token"][relation] = links.token(TOPICS.purpose, row.public_id, row.nonce)
        tokens["confirm_token"][relation] = links.token("op-de-hoogte-bevestigen", row.public_id, question["nonce"])
    for each in tokens.values():
        right = str(each[Relation.RIGHT_TOKEN])
        each[Relation.WRONG_TOKEN] = ("a" if right[0] != "a" else "b") + right[1:]
    return tokens


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
