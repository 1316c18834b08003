"""The rows of the small world about ruimtewijzers: a public one, what municipalities do with it, and followers."""

from datetime import timedelta

from knelpunt.domain.links import Links
from knelpunt.models import Account, Guide, GuideClaim
from knelpunt.services.guides.following import GUIDES
from tests.support.factories import Factory
from tests.support.followers import follow_tokens, topic_tokens
from tests.support.guides import public_guide
from tests.support.rights import Relation

Numbers = dict[str, dict[Relation, object]]


def guide_rows(make: Factory, links: Links, colleague: Account, stranger: Account) -> Numbers:
    """``colleague`` is of the organisation that the roles of organisations belong to, ``stranger`` of another one."""
    guide = public_guide(make)
    own = _claim(make, guide, colleague)
    return {
        "guide_slug": {Relation.NONE: guide.slug},
        "ruimtewijzers:number": {Relation.NONE: 1},
        "claim_id": {Relation.OWN: own, Relation.COLLEAGUE: own, Relation.FOREIGN: _claim(make, guide, stranger)},
        "follow_token": follow_tokens(make, links, GUIDES, guide.id),
        **topic_tokens(make, links),
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
