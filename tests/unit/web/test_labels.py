"""Every member of every closed list has words on the screen, and every step of the workflow too."""

from enum import StrEnum

import pytest

from knelpunt.domain import vocabulary
from knelpunt.domain.calendar.clocks import Clock, Unit
from knelpunt.domain.cases.event_words import EVENTS
from knelpunt.domain.cases.workflow import TRANSITIONS
from knelpunt.domain.vocabulary import CaseStatus, EventKind, SubmitterKind, Theme, Verdict
from knelpunt.web.shared.labels.labels import explanation, label, step_label

ENUMS = [
    kind
    for kind in vars(vocabulary).values()
    if isinstance(kind, type) and issubclass(kind, StrEnum) and kind not in (StrEnum, vocabulary.EventKind)
] + [Clock, Unit]
"""An event has no label: its words differ for each reader (``domain/cases/event_words.py``)."""


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


def test_every_kind_of_event_is_told_at_the_desk_and_to_others_as_far_as_they_may_know() -> None:
    assert set(EVENTS) == set(EventKind)
    for told in EVENTS.values():
        assert told.desk
        assert told.submitter or not (told.partner or told.itself or told.look != "step")
    assert {kind for kind, told in EVENTS.items() if told.public} == {
        EventKind.FILED,
        EventKind.CLOSED,
        EventKind.PUBLISHED,
        EventKind.PUBLICATION_CORRECTED,
        EventKind.PUBLICATION_WITHDRAWN,
    }
