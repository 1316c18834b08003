"""Whom a note names: by the e-mail address, the whole name or one word of it; never by guessing."""

import pytest

from knelpunt.domain.collaboration.mentions import Colleague, handles_in, named_in
from knelpunt.domain.errors import DomainError

PEOPLE = [
    Colleague(1, "Anne de Vries", "a.devries@loket.example"),
    Colleague(2, "Bo de Vries", "bo@loket.example"),
    Colleague(3, "Chloé Jansen", "chloe.jansen@loket.example"),
]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Kijk jij hiernaar, @a.devries?", [1]),
        ("@bo en @Chloe.", [2, 3]),
        ("(@annedevries) en @Anne.de.Vries", [1, 1]),
        ("Mail naar info@gemeente.example of bel.", []),
        ("Geen handle: @ alleen", []),
    ],
)
def test_a_handle_finds_one_colleague(text, found):
    assert named_in(text, PEOPLE) == found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("@niemand", "is geen collega die deze zaak mag lezen"),
        ("@vries", "kan meer dan één collega zijn: Anne de Vries, Bo de Vries"),
    ],
)
def test_a_handle_that_fits_nobody_or_more_than_one_is_refused_with_words(text, words):
    with pytest.raises(DomainError) as refused:
        named_in(text, PEOPLE)
    assert words in refused.value.message
    assert refused.value.field == "body"


def test_each_handle_counts_once():
    assert handles_in("@bo, @bo en @bo!") == ["bo"]
