"""What may happen to a public text, against a table that is written by hand."""

from dataclasses import replace
from datetime import date

import pytest

from knelpunt.domain.cases import publication as steps
from knelpunt.domain.cases.publication import TextFacts
from knelpunt.domain.vocabulary import CaseStatus, PublicationStatus

READY = TextFacts(
    CaseStatus.CLOSED,
    PublicationStatus.INTERNAL,
    True,
    is_written=True,
    is_reviewed=True,
    has_open_review=False,
    is_shown_as_it_is=True,
)
NEW = replace(READY, is_reviewed=False)
OBJECTED = replace(READY, is_objected=True)
FITS = {
    "write": READY,
    "review": NEW,
    "preview": READY,
    "publish": READY,
    "keep_back": OBJECTED,
    "withdraw": READY,
}
STEPS = {
    "write": steps.WRITE,
    "review": steps.REVIEW,
    "preview": steps.START_PREVIEW,
    "publish": steps.PUBLISH,
    "keep_back": steps.KEEP_BACK,
    "withdraw": steps.WITHDRAW,
}
MAY_START = {
    "intern": {"write", "review", "preview", "keep_back"},
    "ter_inzage": {"publish"},
    "openbaar": {"write", "review", "withdraw"},
    "teruggetrokken": {"write", "review"},
}
IS_OVER = {"afgesloten", "ingetrokken", "gearchiveerd"}


@pytest.mark.parametrize("status", PublicationStatus)
def test_each_step_starts_where_the_table_says(status):
    possible = {name for name, step in STEPS.items() if step.obstacle(replace(FITS[name], publication=status)) is None}
    assert possible == MAY_START[status.value]


@pytest.mark.parametrize("name", ["review", "preview"])
def test_a_text_is_read_over_and_shown_once_the_case_is_over(name):
    open_states = {state.value for state in CaseStatus if STEPS[name].obstacle(replace(FITS[name], status=state))}
    assert open_states == {state.value for state in CaseStatus} - IS_OVER


@pytest.mark.parametrize(
    ("name", "lacking", "sentence"),
    [
        ("write", {"has_open_review": True}, "Er wacht al een stap op een tweede persoon."),
        ("review", {"has_open_review": True}, "Er wacht al een stap op een tweede persoon."),
        ("review", {"is_written": False}, "Er is nog geen openbare tekst."),
        ("review", {"is_reviewed": True}, "Deze tekst is al getoetst."),
        ("preview", {"is_written": False, "is_reviewed": False}, "Er is nog geen openbare tekst."),
        ("preview", {"is_reviewed": False}, "Laat de tekst eerst door een tweede persoon toetsen."),
        ("preview", {"has_open_review": True}, "Er wacht al een stap op een tweede persoon."),
        ("keep_back", {"is_objected": False}, "Er wacht geen bezwaar van de indiener tegen deze tekst."),
        (
            "preview",
            {"may_publish": False},
            "De indiener vindt het niet goed dat er iets over deze melding openbaar wordt.",
        ),
    ],
)
def test_what_is_lacking_is_said_in_words(name, lacking, sentence):
    assert STEPS[name].obstacle(replace(FITS[name], **lacking)) == sentence


def test_a_text_with_something_beside_it_that_the_submitter_did_not_see_is_not_published():
    in_preview = replace(READY, publication=PublicationStatus.PREVIEW)

    assert steps.PUBLISH.obstacle(in_preview) is None
    assert steps.PUBLISH.obstacle(replace(in_preview, is_shown_as_it_is=False)).startswith("Na de inzage is")
    assert steps.STOP_PREVIEW.obstacle(in_preview) is None
    assert steps.STOP_PREVIEW.obstacle(READY) == "De tekst ligt niet ter inzage."


@pytest.mark.parametrize(
    ("agreed_on", "today", "may"),
    [
        (None, date(2026, 11, 17), True),
        (None, date(2026, 11, 18), False),
        (date(2026, 11, 10), date(2026, 11, 17), False),
    ],
    ids=["on the last day", "the day after", "who agreed"],
)
def test_the_submitter_may_object_up_to_and_on_the_last_day(agreed_on, today, may):
    assert steps.may_still_object(agreed_on, date(2026, 11, 17), today) is may
