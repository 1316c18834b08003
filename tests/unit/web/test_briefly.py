"""What is kept for some minutes: for one database, until it is too old."""

from sqlalchemy import create_engine

from knelpunt.web.shared.pages.briefly import Briefly


class Clock:
    at = 0.0

    def __call__(self) -> float:
        return self.at


def test_a_value_is_counted_again_only_when_it_is_old_or_something_else_is_asked():
    clock = Clock()
    kept: Briefly[int] = Briefly(300, clock)
    one, other = create_engine("postgresql+psycopg://"), create_engine("postgresql+psycopg://")
    counted = iter(range(10))
    assert kept.get(one, "a", lambda: next(counted)) == 0
    clock.at = 299
    assert kept.get(one, "a", lambda: next(counted)) == 0
    assert kept.get(other, "a", lambda: next(counted)) == 1
    assert kept.get(one, "b", lambda: next(counted)) == 2
    clock.at = 600
    assert kept.get(one, "b", lambda: next(counted)) == 3
