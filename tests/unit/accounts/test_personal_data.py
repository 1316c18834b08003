"""Every column that can hold something about a person is in the register, with its purpose, ground and term."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import JSON, String
from sqlalchemy.dialects.postgresql import TSVECTOR

from knelpunt.domain.personal_data import NOT_PERSONAL, REGISTER
from knelpunt.models import Base
from knelpunt.services.cases import workflow
from knelpunt.services.filing import intake
from knelpunt.services.jobs import upkeep


def can_be_about_people():
    """Every column with text, and every link to an account."""
    return {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, (String, JSON, TSVECTOR))
        or any(key.target_fullname == "accounts.id" for key in column.foreign_keys)
    }


REGISTERED = [column for entry in REGISTER for column in entry.columns]
SET_ASIDE = [f"{table}.{column}" for table, columns in NOT_PERSONAL.items() for column in columns.split()]


def test_no_column_about_people_is_left_out():
    missing = can_be_about_people() - set(REGISTERED) - set(SET_ASIDE)
    assert missing == set(), "put these in knelpunt/domain/personal_data.py"


def test_the_register_has_no_column_that_is_gone_and_none_twice():
    assert set(REGISTERED + SET_ASIDE) <= can_be_about_people()
    assert [column for column, times in Counter(REGISTERED + SET_ASIDE).items() if times > 1] == []


@pytest.mark.parametrize("column", ["email", "phone", "contact_name", "to_address", "password_hash"])
def test_what_is_plainly_personal_is_never_set_aside(column):
    assert not [each for each in SET_ASIDE if each.endswith(f".{column}")]


@pytest.mark.parametrize("entry", REGISTER, ids=lambda entry: entry.title)
def test_every_entry_says_why_on_which_ground_and_for_how_long(entry):
    assert entry.purpose.endswith(".")
    assert "AVG, artikel 6" in entry.basis
    assert entry.term.endswith(".")


@pytest.mark.parametrize(
    ("column", "kept"),
    [
        ("contacts.email", workflow.CONTACT_KEPT_AFTER_CLOSING),
        ("invitations.email", upkeep.SIGNS_KEPT),
        ("login_sessions.token_hash", upkeep.SIGNS_KEPT),
        ("login_attempts.key", upkeep.ATTEMPTS_KEPT),
        ("outbox.to_address", upkeep.MAILS_KEPT),
        ("submissions.key", upkeep.SUBMISSIONS_KEPT),
        ("bulk_acts.body", upkeep.BULK_KEPT),
    ],
)
def test_the_terms_are_those_that_the_system_keeps(column, kept):
    entry = next(each for each in REGISTER if column in each.columns)
    assert timedelta(days=entry.kept_days) == kept
    assert "een dag" in entry.term.lower() if entry.kept_days == 1 else str(entry.kept_days) in entry.term


def test_contact_data_never_outlive_three_years():
    assert timedelta(days=3 * 365) == intake.CONTACT_KEPT
