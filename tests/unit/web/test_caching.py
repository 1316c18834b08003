"""What is kept for some minutes: for one database, until it is too old."""

from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from knelpunt.web.shared.pages import caching
from knelpunt.web.shared.pages.caching import cached_for_minutes


class Clock:
    at = 0.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def database(monkeypatch):
    """The database of this request; ``name`` says which."""
    one = SimpleNamespace(name="one")
    monkeypatch.setattr(caching, "db", SimpleNamespace(session=SimpleNamespace(get_bind=lambda: one.name)))
    return one


def test_a_value_is_counted_again_only_when_it_is_old_or_something_else_is_asked(database):
    clock, counted = Clock(), iter(range(10))
    count = cached_for_minutes(lambda key: next(counted), clock)
    assert count("a") == 0
    clock.at = 299
    assert count("a") == 0
    database.name = "other"
    assert count("a") == 1
    database.name = "one"
    assert count("b") == 2
    clock.at = 600
    assert count("b") == 3


def test_many_threads_get_one_value_and_none_is_lost(database):
    counted = iter(range(10_000))
    count = cached_for_minutes(lambda key: (key, next(counted)))
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(count, [number % 6 for number in range(3000)]))
    assert [key for key, _ in found] == [number % 6 for number in range(3000)]


def test_what_fails_is_not_kept(database):
    answers = iter([ValueError("the database went away"), 7])

    def count() -> int:
        found = next(answers)
        if isinstance(found, Exception):
            raise found
        return found

    kept = cached_for_minutes(count)
    with pytest.raises(ValueError, match="went away"):
        kept()
    assert kept() == kept() == 7
