"""The clocks, and the terms that ship as data."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
import yaml

import knelpunt.domain.calendar.clocks
from knelpunt.domain.calendar.clocks import Clock, Term, TermFields, Unit
from knelpunt.domain.calendar.term_changes import LONGEST
from knelpunt.domain.shapes import InvalidData, shaped

TERMS_FILE = Path(knelpunt.domain.calendar.clocks.__file__).parents[2] / "data" / "terms.yaml"
FROM = date(2013, 11, 1)

RECORD = {
    "clock": "K2",
    "length": 10,
    "unit": "werkdagen",
    "valid_from": FROM,
    "valid_to": None,
    "may_be_suspended": True,
    "source": "Eigen termijn van het loket.",
}


@pytest.fixture(scope="module")
def shipped():
    return [shaped(record, TermFields).term for record in yaml.safe_load(TERMS_FILE.read_text(encoding="utf-8"))]


def test_the_terms_that_ship_are_those_of_the_product(shipped):
    assert [(term.clock, term.length, term.unit, term.may_be_suspended) for term in shipped] == [
        (Clock.K0, 0, Unit.CALENDAR_DAYS, False),
        (Clock.K1, 5, Unit.WORKING_DAYS, True),
        (Clock.K2, 10, Unit.WORKING_DAYS, True),
        (Clock.K3, 14, Unit.CALENDAR_DAYS, False),
        (Clock.K4, 10, Unit.WEEKS, True),
        (Clock.K5, 10, Unit.WORKING_DAYS, True),
        (Clock.K6, 6, Unit.WEEKS, False),
        (Clock.K7, 90, Unit.CALENDAR_DAYS, False),
        (Clock.K8, 6, Unit.WEEKS, True),
        (Clock.K9, 3, Unit.MONTHS, False),
        (Clock.K9, 12, Unit.MONTHS, False),
        (Clock.CLOSING, 10, Unit.WORKING_DAYS, False),
        (Clock.SUPPLEMENT, 10, Unit.WORKING_DAYS, False),
        (Clock.PREVIEW, 10, Unit.WORKING_DAYS, False),
        (Clock.SHARING, 10, Unit.WORKING_DAYS, False),
        (Clock.REFERRAL, 5, Unit.WORKING_DAYS, False),
        (Clock.AFTER_REFUSAL, 2, Unit.WEEKS, False),
        (Clock.OWNER, 30, Unit.CALENDAR_DAYS, False),
        (Clock.DRAFT, 60, Unit.CALENDAR_DAYS, False),
        (Clock.DRAFT, 90, Unit.CALENDAR_DAYS, False),
        (Clock.GUIDE, 24, Unit.MONTHS, False),
        (Clock.CLAIM, 3, Unit.MONTHS, False),
        (Clock.CLAIM, 12, Unit.MONTHS, False),
    ]
    assert {(term.valid_from, term.valid_to) for term in shipped} == {(FROM, None)}
    assert all(term.length <= LONGEST[term.unit] for term in shipped)


@pytest.mark.parametrize("clock", list(Clock))
def test_every_clock_has_words(clock):
    assert clock.label
    assert clock.explanation.endswith(".")
    assert "!" not in clock.explanation


def test_a_record_becomes_a_term():
    expected = Term(Clock.K2, 10, Unit.WORKING_DAYS, FROM, None, True, "Eigen termijn van het loket.")
    assert shaped(RECORD, TermFields).term == expected
    assert shaped({**RECORD, "valid_to": date(2026, 12, 31)}, TermFields).term == replace(
        expected, valid_to=date(2026, 12, 31)
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("clock", "K10"),
        ("clock", None),
        ("length", "10"),
        ("length", True),
        ("length", 10.0),
        ("length", None),
        ("length", -1),
        ("length", 10**20),
        ("unit", "uren"),
        ("unit", None),
        ("valid_from", "2013-11"),
        ("valid_from", datetime(2013, 11, 1, 12, 0)),
        ("valid_from", None),
        ("valid_to", "later"),
        ("valid_to", date(2013, 10, 31)),
        ("may_be_suspended", "ja"),
        ("may_be_suspended", None),
        ("source", ""),
        ("source", "  "),
        ("source", None),
        ("lenght", 10),
    ],
)
def test_a_record_that_is_wrong_is_refused(field, value):
    with pytest.raises(InvalidData):
        shaped({**RECORD, field: value}, TermFields)


@pytest.mark.parametrize("field", ["clock", "length", "unit", "valid_from", "may_be_suspended", "source"])
def test_a_record_that_lacks_something_is_refused(field):
    with pytest.raises(InvalidData):
        shaped({key: value for key, value in RECORD.items() if key != field}, TermFields)
