"""The rows of the small world about ruimtewijzers: a public one, what municipalities do with it, and followers."""

from datetime import timedelta

from knelpunt.domain.links import Links, new_nonce, new_public_id
from knelpunt.models import Account, Guide, GuideClaim, GuideFollower
from knelpunt.services.following import GUIDES
from tests.factories import Factory
from tests.guides import public_guide
from tests.rights import Relation

Numbers = dict[str, dict[Relation, object]]


def guide_rows(make: Factory, links: Links, colleague: Account, stranger: Account) -> Numbers:
    """``colleague`` is of the organisation that the roles of organisations belong to, ``stranger`` of another one."""
    guide = public_guide(make)
    own = _claim(make, guide, colleague)
    right, old = _follower(make, links, guide, days=30), _follower(make, links, guide, days=-1)
    wrong = ("a" if right[0] != "a" else "b") + right[1:]
    return {
        "guide_slug": {Relation.NONE: guide.slug},
        "ruimtewijzers:number": {Relation.NONE: 1},
        "claim_id": {Relation.OWN: own, Relation.COLLEAGUE: own, Relation.FOREIGN: _claim(make, guide, stranger)},
        "follow_token": {Relation.RIGHT_TOKEN: right, Relation.WRONG_TOKEN: wrong, Relation.REVOKED_TOKEN: old},
    }


def _claim(make: Factory, guide: Guide, account: Account) -> int:
    row = make.add(
        GuideClaim(
            guide_id=guide.id,
            guide_number=1,
            organisation_id=account.organisation_id,
            municipality_id=make.municipality().id,
            account_id=account.id,
            project="Woningen in de oude mavo",
            starts_on=make.today,
            claimed_on=make.today,
            ask_on=make.today + timedelta(days=90),
        )
    )
    return int(row.id)


def _follower(make: Factory, links: Links, guide: Guide, days: int) -> str:
    row = make.add(
        GuideFollower(
            guide_id=guide.id,
            email=f"volger-{days}@straat.example",
            public_id=new_public_id(),
            nonce=new_nonce(),
            asked_at=make.now,
            ends_on=make.today + timedelta(days=days),
        )
    )
    return links.token(GUIDES.purpose, row.public_id, row.nonce)
