"""The rules of handing a case over to another door: how long an offer stands, and how long its link can be read."""

from datetime import date, timedelta
from enum import StrEnum, auto

from knelpunt.domain.calendar.working_days import add_working_days
from knelpunt.domain.vocabulary import ReferralStatus

OFFER_WORKING_DAYS = 5
CONSENT_WORKING_DAYS = 10
READ_AFTER = timedelta(days=28)
"""How long after taking a case over its link still shows it."""
WAITING = frozenset({ReferralStatus.CONSENT_ASKED, ReferralStatus.OFFERED})


class OfferState(StrEnum):
    """What somebody finds who opens the link of an offer."""

    OPEN = auto()
    TAKEN = auto()
    OVER = auto()


def last_day(offered_on: date) -> date:
    """The last day on which the other organisation can take a case over; after it the case comes back."""
    return add_working_days(offered_on, OFFER_WORKING_DAYS)


def last_consent_day(asked_on: date) -> date:
    """The last day on which the submitter can say whether the case may be shared; after it, it is not."""
    return add_working_days(asked_on, CONSENT_WORKING_DAYS)


def offer_state(status: ReferralStatus, answer_by: date | None, ended_on: date | None, today: date) -> OfferState:
    """What can be done by a link today."""
    if status is ReferralStatus.OFFERED and answer_by is not None and today <= answer_by:
        return OfferState.OPEN
    if status is ReferralStatus.TAKEN and ended_on is not None and today <= ended_on + READ_AFTER:
        return OfferState.TAKEN
    return OfferState.OVER
