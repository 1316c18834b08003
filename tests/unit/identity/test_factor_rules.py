"""Codes: which count, for how long, and who must have them."""

from datetime import UTC, datetime, timedelta

import pytest

from knelpunt.adapters.identity import totp
from knelpunt.adapters.identity.sealer import Sealer
from knelpunt.domain.identity.factors import (
    LoginRules,
    digits_of,
    is_recent,
    must_have_factor,
    new_recovery_code,
    recovery_letters,
    step_of,
    steps_to_try,
)
from knelpunt.domain.permissions import ORGANISATION_ROLES
from knelpunt.domain.vocabulary import Role

NOW = datetime(2026, 11, 2, 9, 0, 10, tzinfo=UTC)
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # the one of RFC 6238, appendix B


@pytest.mark.parametrize(("second", "code"), [(59, "287082"), (1111111109, "081804"), (2000000000, "279037")])
def test_codes_are_those_of_the_standard(second, code):
    assert totp.code_of(SECRET, step_of(datetime.fromtimestamp(second, UTC))) == code


@pytest.mark.parametrize(("late", "counts"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_clock_may_be_half_a_minute_off(late, counts):
    code = totp.code_of(SECRET, step_of(NOW + timedelta(seconds=late)))
    assert (totp.matching_step(SECRET, code, steps_to_try(NOW, None)) is not None) is counts


def test_a_code_that_was_used_and_those_before_it_count_no_more():
    here = step_of(NOW)
    assert steps_to_try(NOW, here - 1) == [here, here + 1]
    assert steps_to_try(NOW, here) == [here + 1]
    assert steps_to_try(NOW, here + 1) == []


def test_everybody_at_the_ministry_must_and_others_may():
    assert {role for role in Role if not must_have_factor(role)} == set(ORGANISATION_ROLES)
    rules, today = LoginRules(), NOW.date()
    assert rules.waits(Role.HANDLER, None, today, is_due=False)
    assert not rules.waits(Role.HANDLER, NOW, today, is_due=True)
    assert rules.waits(Role.FILER, None, today, is_due=True)
    assert not rules.waits(Role.FILER, None, today, is_due=False)


def test_a_confirmation_lasts_a_quarter_of_an_hour():
    assert is_recent(NOW, NOW + timedelta(minutes=14, seconds=59))
    assert not is_recent(NOW, NOW + timedelta(minutes=15))
    assert not is_recent(None, NOW)


@pytest.mark.parametrize(
    ("typed", "digits"),
    [("123456", "123456"), (" 123 456 ", "123456"), ("12345", None), ("1234567", None), ("١٢٣٤٥٦", None), ("", None)],
)
def test_six_digits_are_read_with_or_without_blanks(typed, digits):
    assert digits_of(typed) == digits


def test_recovery_codes_differ_and_are_read_however_they_are_typed():
    codes = {new_recovery_code() for _ in range(200)}
    assert len(codes) == 200
    code = codes.pop()
    assert len(code) == 19
    assert recovery_letters(code) == recovery_letters(f" {code.upper().replace('-', ' ')} ") == code.replace("-", "")
    assert recovery_letters(code[:-1]) is None
    assert recovery_letters("oooo-oooo-oooo-oooo") is None


def test_an_older_key_still_opens_and_what_it_sealed_can_be_sealed_anew():
    old, both, new = Sealer("k" * 32), Sealer("n" * 32, "k" * 32), Sealer("n" * 32)
    sealed = old.seal("geheim", NOW)
    assert (both.open(sealed), new.open(sealed)) == ("geheim", None)
    again = both.renewed(sealed)
    assert again is not None
    assert (new.open(again), old.open(again)) == ("geheim", None)
    assert both.renewed(again) == again
    assert Sealer("x" * 32, "y" * 32).renewed(sealed) is None
    assert both.renewed("é") is None
    assert new.open(both.seal("nieuw", NOW)) == "nieuw"


def test_administrators_of_organisations_must_have_one_from_the_day_that_is_set():
    today = NOW.date()
    none, later, now = (LoginRules(administrators_from=day) for day in (None, today + timedelta(days=1), today))
    obliged = [each.must_have_factor(Role.ORGANISATION_ADMIN, today) for each in (none, later, now)]
    assert obliged == [False, False, True]
    assert not now.must_have_factor(Role.FILER, today)
    assert all(each.must_have_factor(Role.HANDLER, today) for each in (none, later, now))
    waiting = [each.waits(Role.ORGANISATION_ADMIN, None, today, is_due=False) for each in (none, later, now)]
    assert waiting == obliged


def test_what_is_sealed_opens_with_its_key_for_its_purpose_and_in_its_time_only():
    mine, other = Sealer("k" * 32), Sealer("x" * 32)
    sealed = mine.seal_values("proef", {"a": 1}, NOW)
    term = timedelta(minutes=5)
    assert mine.open_values("proef", sealed, now=NOW + timedelta(minutes=4), term=term) == {"a": 1}
    assert mine.open_values("proef", sealed, now=NOW + timedelta(minutes=6), term=term) is None
    assert mine.open_values("anders", sealed, now=NOW, term=term) is None
    assert other.open_values("proef", sealed, now=NOW, term=term) is None
    assert mine.open_values("proef", sealed[:-4] + "AAAA", now=NOW, term=term) is None
    assert mine.open_values("proef", "é\x00", now=NOW, term=term) is None
