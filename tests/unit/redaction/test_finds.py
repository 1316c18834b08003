"""Personal details in a text for the public: what is stopped, and what goes through."""

import time

import pytest

from knelpunt.domain.redaction.finds import FindKind, Known, counted, finds_in, pieces
from tests.unit.redaction import texts

KNOWN = Known(
    names=(texts.CONTACT_NAME, *texts.ACCOUNT_NAMES),
    emails=(texts.CONTACT_EMAIL,),
    phones=(texts.CONTACT_PHONE,),
    addresses=(texts.CONTACT_ADDRESS,),
)
PLANTED_AT_LEAST, HARMLESS_AT_MOST = 38, 3


def test_of_forty_texts_with_something_personal_at_least_38_are_stopped_where_it_stands():
    missed = [
        text
        for text, planted, kind in texts.PLANTED
        if not any(
            find.kind is kind and find.start < text.index(planted) + len(planted) and find.end > text.index(planted)
            for find in finds_in(text, KNOWN)
        )
    ]

    assert len(texts.PLANTED) == 40
    assert len(missed) <= 40 - PLANTED_AT_LEAST, missed


def test_of_forty_harmless_texts_at_most_three_are_stopped():
    stopped = [
        (text, [(find.kind.value, text[find.start : find.end]) for find in finds_in(text, KNOWN)])
        for text in texts.HARMLESS
        if finds_in(text, KNOWN)
    ]

    assert len(texts.HARMLESS) == 40
    assert len(stopped) <= HARMLESS_AT_MOST, stopped
