"""The rules of handing a case over to another door: what can be done by the link of an offer, and how long."""

from datetime import date, timedelta
from enum import StrEnum, auto

from knelpunt.domain.vocabulary import ReferralStatus

READ_AFTER = timedelta(days=28)
"""How long after taking a case over its link still shows it."""
WAITING = frozenset({ReferralStatus.CONSENT_ASKED, ReferralStatus.OFFERED})


class OfferState(StrEnum):
    """What somebody finds who opens the link of an offer."""

    OPEN = auto()
    TAKEN = auto()
    OVER = auto()


def offer_state(status: ReferralStatus, answer_by: date | None, ended_on: date | None, today: date) -> OfferState:
    """What can be done by a link today."""
    if status is ReferralStatus.OFFERED and answer_by is not None and today <= answer_by:
        return OfferState.OPEN
    if status is ReferralStatus.TAKEN and ended_on is not None and today <= ended_on + READ_AFTER:
        return OfferState.TAKEN
    return OfferState.OVER
