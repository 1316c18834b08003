"""Every member of every closed list has words on the screen, and every step of the workflow too."""

from enum import StrEnum

import pytest

from knelpunt.domain import vocabulary
from knelpunt.domain.calendar.clocks import Clock, Unit
from knelpunt.domain.cases.workflow import TRANSITIONS
from knelpunt.domain.vocabulary import CaseStatus, SubmitterKind, Theme, Verdict
from knelpunt.web.shared.labels.labels import explanation, label, step_label

ENUMS = [
    kind
    for kind in vars(vocabulary).values()
    if isinstance(kind, type) and issubclass(kind, StrEnum) and kind not in (StrEnum, vocabulary.EventKind)
] + [Clock, Unit]
"""An event has no label: each reader's timeline has words of its own for it."""


@pytest.mark.parametrize("kind", ENUMS, ids=lambda kind: kind.__name__)
def test_every_member_has_words_of_its_own(kind: type[StrEnum]) -> None:
    words = [label(member) for member in kind]
    assert all(text and text[0].isupper() and "_" not in text for text in words)
    assert len(set(words)) == len(words)


def test_equal_values_of_two_lists_keep_their_own_words() -> None:
    assert SubmitterKind.OTHER == Theme.OTHER
    assert label(SubmitterKind.OTHER) != label(Theme.OTHER)


def test_a_bare_value_has_no_words() -> None:
    with pytest.raises((KeyError, AttributeError)):
        label("wonen")  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", [CaseStatus, Verdict, Clock], ids=lambda kind: kind.__name__)
def test_states_verdicts_and_clocks_are_explained_in_a_sentence(kind: type[StrEnum]) -> None:
    for member in kind:
        assert explanation(member).endswith(".")
        assert "!" not in explanation(member)


def test_what_needs_no_explanation_has_none() -> None:
    assert explanation(Theme.HOUSING) == ""


@pytest.mark.parametrize("step", TRANSITIONS, ids=lambda step: step.name)
def test_every_step_says_what_is_done(step: object) -> None:
    assert step_label(step.name)  # type: ignore[attr-defined]
