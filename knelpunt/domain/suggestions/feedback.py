"""What a person says of a suggestion: the closed lists in which it is kept. Stored words; never renamed."""

from enum import StrEnum


class SuggestionDecision(StrEnum):
    CONFIRMED = "bevestigd"
    REFUSED = "afgewezen"


class RefusalReason(StrEnum):
    """Why a suggested rule does not fit, chosen with one click."""

    OTHER_SUBJECT = "ander_onderwerp"
    OTHER_RULE_FITS = "andere_regel_past_beter"
    CONDITIONS = "voorwaarden_niet_vervuld"
    NOT_THEN = "gold_toen_niet"
    ALREADY_TRIED = "al_geprobeerd"


TEACHES = frozenset({RefusalReason.OTHER_SUBJECT, RefusalReason.OTHER_RULE_FITS})
"""Only these say that cases like this one are about another rule; the others say something of this one case."""
