"""No page and no letter promises what no step keeps: every promising sentence belongs to a promise in the table."""

import re
from pathlib import Path

import pytest

from benchmarks.reading_level import passages
from config import PROJECT_DIR
from knelpunt.domain.bottlenecks import RULES, BottleneckStep
from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.cases.workflow import TRANSITIONS
from knelpunt.domain.figures.promises import PROMISES
from knelpunt.domain.vocabulary import EventKind

PROMISING = re.compile(
    r"\bu hoort\b|\bhoort u\b|\bu weer hoort\b|krijgt altijd|krijgt u (binnen|meteen|altijd|uiterlijk)|op elk punt"
    r"|andere behandelaar|ten minste elk|sluiten niets|wij beloven|meteen een bevestiging|u krijgt (een (nieuw )?"
    r"voorstel|ons oordeel|onze|de uitkomst)"
)
"""How pages and letters say what somebody may count on."""
READ_BY_SUBMITTERS = re.compile(
    r"templates/(public|intake|cases)/|services/(cases/mail_texts|submitters|filing|bottlenecks|consultations|referrals)"
    r"|domain/calendar/clocks"
)
NO_PROMISES = (
    r"hoort dat het niet mag",  # what somebody heard elsewhere
    r"hoort daar niets meer over",  # what somebody who leaves no address does not get
    r"hoort of wij het herstellen",  # about a weakness of the site, not a case
    r"welke mails u krijgt",
    r"u hoort bij:",
    r"niets meer van",
    r"^wat wij beloven( en wat wij waarmaken)?$",
    r"deze mails krijgt u altijd",
)


def promising():
    for each in passages():
        words = " ".join(each.text.lower().split())
        if READ_BY_SUBMITTERS.search(each.file) and PROMISING.search(words):
            yield f"{each.file}:{each.line}", words


def test_every_promise_in_a_page_or_letter_is_one_of_the_table():
    said = [pattern for promise in PROMISES for pattern in promise.said]
    found = list(promising())
    assert len(found) > 15
    loose = [
        f"{place}: {words}"
        for place, words in found
        if not any(re.search(pattern, words) for pattern in (*said, *NO_PROMISES))
    ]
    assert loose == []


def test_a_promise_of_a_step_that_is_not_there_is_caught():
    said = [pattern for promise in PROMISES for pattern in promise.said]
    invented = "u hoort binnen een dag van de minister zelf wat die besluit."
    assert PROMISING.search(invented)
    assert not any(re.search(pattern, invented) for pattern in (*said, *NO_PROMISES))


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.key)
def test_every_promise_is_kept_by_steps_that_there_are(promise):
    steps = {transition.name for transition in TRANSITIONS} | {rule.step for rule in RULES}
    services = "".join(path.read_text() for path in (Path(PROJECT_DIR) / "knelpunt/services").rglob("*.py"))
    assert promise.steps
    for step in promise.steps:
        # What is no step of the workflow is done by a service beside it, which says so in the chain.
        name = f"{type(step).__name__}.{step.name}"
        assert step in steps or name in services or f"BottleneckStep.{step.name}" in services, name


@pytest.mark.parametrize("promise", [each for each in PROMISES if each.clock], ids=lambda promise: promise.key)
def test_the_clock_of_a_promise_starts_and_stops(promise):
    starts = {clock for transition in TRANSITIONS for clock in transition.starts}
    stops = {clock for transition in TRANSITIONS for clock in transition.stops}
    assert promise.clock in starts | {Clock.CLOSING}
    assert promise.clock in stops | {Clock.CLOSING}


def test_keys_are_unique_and_the_promises_of_the_product_are_there():
    keys = [promise.key for promise in PROMISES]
    assert len(set(keys)) == len(keys)
    assert {"eerste-reactie", "geen-stil-nee", "heroverweging", "nazorg", "openbaar-na-inzage"} <= set(keys)
    assert all(isinstance(step, EventKind | BottleneckStep) for promise in PROMISES for step in promise.steps)
