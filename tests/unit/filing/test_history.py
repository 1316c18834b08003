"""Lines of history: what is refused and why, and what an outcome becomes."""

from datetime import date
from typing import Any

import pytest

from knelpunt.domain.history.lines import read_case
from knelpunt.domain.history.records import Basis, NamedRule, Outcome, Precision, ending_of, theme_of
from knelpunt.domain.shapes import InvalidData
from knelpunt.domain.vocabulary import CaseStatus, Result, RuleLevel, Theme, Verdict

TODAY = date(2026, 11, 24)
GOOD: dict[str, Any] = {
    "id": "p-1",
    "year": 2019,
    "municipality": "Zwolle",
    "province": "Overijssel",
    "submitter_kind": "municipality",
    "title": "Proefgeval",
    "description": "Wij lopen vast.",
    "blocking": [{"law": "wabo", "article": "2.1", "basis": "source"}],
    "label": {"law": "crisis-en-herstelwet", "instrument": "Innovatie-experiment"},
    "outcome": "experiment granted",
    "source": {"url": "https://example.nl/x", "title": "Een besluit", "read": "full"},
    "note": None,
}


def test_a_good_line_is_read() -> None:
    case = read_case(GOOD, TODAY)
    assert (case.key, case.filed_on, case.closed_on) == ("p-1", date(2019, 7, 1), date(2019, 7, 1))
    assert case.answer == "Er kwam ruimte met een experiment of een aanwijzing. Uit de bron: Innovatie-experiment."


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"id": None}, "'id' ontbreekt"),
        ({"id": 5}, "'id' moet een tekst zijn"),
        ({"title": ""}, "'title' ontbreekt"),
        ({"title": "x" * 151}, "'title' is langer dan 150 tekens"),
        ({"title": "a\x00b"}, "'title' bevat een teken dat niet mag"),
        ({"description": "half \ud800"}, "'description' bevat een teken dat niet mag"),
        ({"description": ["x"]}, "'description' moet een tekst zijn"),
        ({"description": "x" * 10_001}, "'description' is langer dan 10000 tekens"),
        ({"submitter_kind": "koning"}, "'submitter_kind' moet een van deze zijn"),
        ({"outcome": None}, "'outcome' ontbreekt"),
        ({"year": "2019"}, "'year' moet een jaar zijn"),
        ({"year": True}, "'year' moet een jaar zijn"),
        ({"year": 0}, "'year' moet een jaar zijn"),
        ({"year": 10**30}, "'year' moet een jaar zijn"),
        ({"year": 2027}, "'year' moet een jaar zijn"),
        ({"filed_on": "2019-02-30"}, "'filed_on' moet een dag zijn"),
        ({"filed_on": "0000-01-01"}, "'filed_on' moet een dag zijn"),
        ({"filed_on": "2026-11-25"}, "'filed_on' moet een dag zijn"),
        ({"filed_on": 20190101}, "'filed_on' moet een dag zijn"),
        ({"filed_on": "2019-05-01", "closed_on": "2019-04-30"}, "'closed_on' ligt voor 'filed_on'"),
        ({"closed_on": "2019-04-30"}, "bij 'closed_on' hoort ook 'filed_on'"),
        ({"filed_on": "2018-05-01"}, "'year' past niet bij 'filed_on'"),
        ({"blocking": "wabo"}, "'blocking' moet een lijst zijn"),
        ({"blocking": ["wabo"]}, "blocking 1: moet velden hebben"),
        ({"blocking": [{"law": "wabo"}]}, "blocking 1: 'basis' ontbreekt"),
        ({"blocking": [{"law": "w", "basis": "source"}] * 21}, "ten hoogste 20"),
        ({"blocking": [1] * 21}, "'blocking' mag ten hoogste 20"),
        ({str(n): n for n in range(25)}, "'19' is geen bekend veld; en nog 5"),
        ({"label": None}, "'label' ontbreekt"),
        ({"source": {"title": "x"}}, "source: 'url' ontbreekt"),
        ({"source": {"url": "javascript:alert(1)", "title": "x"}}, "source: 'url' moet een webadres zijn"),
        ({"source": {"url": "https://[", "title": "x"}}, "source: 'url' moet een webadres zijn"),
        ({"source": {"url": "https://a b.nl", "title": "x"}}, "source: 'url' moet een webadres zijn"),
        ({"titel": "x"}, "'titel' is geen bekend veld"),
        ({"result": "gelukt"}, "'result' moet een van deze zijn"),
        ({"theme": "alles"}, "'theme' moet een van deze zijn"),
    ],
)
def test_a_wrong_field_is_named(changes: dict[str, Any], problem: str) -> None:
    with pytest.raises(InvalidData) as caught:
        read_case({**GOOD, **changes}, TODAY)
    assert problem in str(caught.value)


def test_everything_that_is_wrong_is_named_at_once() -> None:
    with pytest.raises(InvalidData) as caught:
        read_case({}, TODAY)
    assert len(caught.value.faults) >= 7


def test_a_year_that_is_not_over_is_not_booked_in_the_future() -> None:
    assert read_case({**GOOD, "year": 2026}, date(2026, 3, 1)).filed_on == date(2026, 3, 1)


def test_exact_days_leave_no_remark_about_the_day() -> None:
    case = read_case({**GOOD, "year": None, "filed_on": "2019-03-04", "closed_on": "2019-05-06"}, TODAY)
    assert (case.filed_on, case.closed_on, case.precision) == (date(2019, 3, 4), date(2019, 5, 6), Precision.DAY)
    assert case.note == ""


def test_what_was_not_read_or_not_sure_is_said() -> None:
    source = {**GOOD["source"], "read": "opening only"}
    case = read_case({**GOOD, "source": source, "confidence": "low", "note": "Gemeente afgeleid."}, TODAY)
    assert "alleen het begin gelezen" in case.note
    assert "is klein" in case.note
    assert case.note.endswith("Gemeente afgeleid.")


NATIONAL = (NamedRule("wabo", None, Basis.SOURCE),)
LOCAL = (NamedRule("lokaal", None, Basis.SOURCE),)
EU = (NamedRule("eu", None, Basis.INFERRED),)
LOCAL_BY_SOURCE = (NamedRule("wabo", None, Basis.INFERRED), NamedRule("lokaal", None, Basis.SOURCE))


@pytest.mark.parametrize(
    ("outcome", "rules", "room_law", "words", "verdict", "result", "level"),
    [
        (Outcome.EXPERIMENT, NATIONAL, "chw", "", Verdict.BY_ONTHEFFING_OR_EXPERIMENT, Result.VIA_EXPERIMENT, "rijk"),
        (Outcome.LAW_CHANGED, NATIONAL, "wpo", "", Verdict.NATIONAL_RULE, Result.LINKED_TO_BOTTLENECK, "rijk"),
        (Outcome.REGULATION_CHANGED, LOCAL, "x", "", Verdict.LOCAL_RULE, Result.LINKED_TO_BOTTLENECK, None),
        (Outcome.WITHIN_RULES, NATIONAL, "wabo", "", Verdict.PERCEIVED, Result.WITHIN_RULES, "rijk"),
        (Outcome.WITHIN_RULES, LOCAL, "lokaal", "", Verdict.OWN_AUTHORITY, Result.WITHIN_RULES, None),
        (
            Outcome.WITHIN_RULES,
            LOCAL,
            "wabo",
            "Tijdelijke Afwijking",
            Verdict.BY_ONTHEFFING_OR_EXPERIMENT,
            Result.WITH_ONTHEFFING,
            None,
        ),
        (Outcome.WITHIN_RULES, (), "geen-regel", "", Verdict.NOT_A_RULE, Result.WITHIN_RULES, "geen_regel"),
        (Outcome.REJECTED_OR_PERCEIVED, NATIONAL, "wabo", "", Verdict.NATIONAL_RULE, Result.NOT_SOLVABLE, "rijk"),
        (Outcome.REJECTED_OR_PERCEIVED, EU, "eu", "", Verdict.EU_OR_TREATY, Result.NOT_SOLVABLE, "eu"),
        (Outcome.REJECTED_OR_PERCEIVED, LOCAL_BY_SOURCE, "wabo", "", Verdict.LOCAL_RULE, Result.NOT_SOLVABLE, None),
        (
            Outcome.REJECTED_OR_PERCEIVED,
            NATIONAL,
            "wabo",
            "Vermeende belemmering",
            Verdict.PERCEIVED,
            Result.WITHIN_RULES,
            "rijk",
        ),
        (Outcome.REJECTED_OR_PERCEIVED, (), "geen-regel", "", Verdict.NOT_A_RULE, Result.NOT_SOLVABLE, "geen_regel"),
    ],
)
def test_an_outcome_becomes_a_verdict_a_result_and_a_level(
    outcome: Outcome,
    rules: tuple[NamedRule, ...],
    room_law: str,
    words: str,
    verdict: Verdict,
    result: Result,
    level: str | None,
) -> None:
    ending = ending_of(outcome, rules, room_law, words)
    assert (ending.status, ending.verdict, ending.result) == (CaseStatus.CLOSED, verdict, result)
    assert ending.level == (RuleLevel(level) if level else None)


@pytest.mark.parametrize("outcome", [Outcome.OPEN, Outcome.UNKNOWN])
def test_without_a_known_end_a_case_is_archived_undecided(outcome: Outcome) -> None:
    ending = ending_of(outcome, NATIONAL, "wabo", "")
    assert (ending.status, ending.verdict, ending.result) == (CaseStatus.ARCHIVED, Verdict.UNDECIDED, None)
    assert not ending.offers_room


def test_a_closed_case_always_has_a_result_and_room_only_where_it_was_found() -> None:
    for outcome in Outcome:
        ending = ending_of(outcome, NATIONAL, "wabo", "")
        assert ending.is_closed == (ending.result is not None)
        assert not (ending.offers_room and ending.result is Result.NOT_SOLVABLE)


@pytest.mark.parametrize(
    ("laws", "words", "theme"),
    [
        (("wpo",), "", Theme.EDUCATION),
        (("wabo", "monumentenwet"), "Tijdelijke woningen", Theme.CULTURE_SPORT),
        (("wabo",), "Tijdelijke woningen", Theme.HOUSING),
        (("wabo",), "Centrum", Theme.OTHER),
    ],
)
def test_a_theme_follows_from_the_laws_and_then_from_the_title(laws: tuple[str, ...], words: str, theme: Theme) -> None:
    assert theme_of(laws, words) is theme
