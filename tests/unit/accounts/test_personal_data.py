"""Every column that can hold something about a person is in the register, with its purpose, ground and term."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import JSON, String
from sqlalchemy.dialects.postgresql import TSVECTOR

from knelpunt.domain.history import imports
from knelpunt.domain.privacy.register import NOT_PERSONAL, REGISTER
from knelpunt.domain.privacy.requests import DETAILS_KEPT
from knelpunt.models import Base
from knelpunt.models.base import about
from knelpunt.queries.privacy.register import columns_by_entry, personal_columns, register
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


BY_ENTRY = columns_by_entry()
SET_ASIDE = BY_ENTRY[NOT_PERSONAL]


def test_no_column_about_people_is_left_out():
    told = {column for columns in BY_ENTRY.values() for column in columns}
    assert can_be_about_people() - told == set(), "say in the model what these are about, with about(…)"


def test_the_register_has_no_column_that_is_gone_and_none_twice():
    told = [column for columns in BY_ENTRY.values() for column in columns]
    assert set(told) <= can_be_about_people()
    assert [column for column, times in Counter(told).items() if times > 1] == []


def test_every_entry_has_columns_and_no_model_names_an_entry_that_is_none():
    assert [each.entry.key for each in register() if not each.columns] == []
    with pytest.raises(KeyError, match="geheim"):
        about(geheim="name")


def test_a_table_knows_which_of_its_columns_are_about_people():
    assert personal_columns("contacts") == {"name", "email", "phone", "postal_address"}


@pytest.mark.parametrize("column", ["email", "phone", "contact_name", "to_address", "password_hash"])
def test_what_is_plainly_personal_is_never_set_aside(column):
    assert not [each for each in SET_ASIDE if each.endswith(f".{column}")]


@pytest.mark.parametrize("entry", REGISTER, ids=lambda entry: entry.title)
def test_every_entry_says_why_on_which_ground_and_for_how_long(entry):
    assert entry.purpose.endswith(".")
    assert "AVG, artikel 6" in entry.basis
    assert entry.term.endswith(".")
    assert entry.seen_by.endswith(".")
    assert entry.received_by.endswith(".")


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
        ("import_runs.shown_name", imports.KEPT),
        ("privacy_requests.email", DETAILS_KEPT),
    ],
)
def test_the_terms_are_those_that_the_system_keeps(column, kept):
    entry = next(each for each in REGISTER if column in BY_ENTRY[each.key])
    assert timedelta(days=entry.kept_days) == kept
    assert "een dag" in entry.term.lower() if entry.kept_days == 1 else str(entry.kept_days) in entry.term


def test_contact_data_never_outlive_three_years():
    assert timedelta(days=3 * 365) == intake.CONTACT_KEPT
