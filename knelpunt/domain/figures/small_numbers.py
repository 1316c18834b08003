"""Numbers so small that they could point at somebody are not told in public, nor what they could be worked out from.

A number is hidden when it is small by the rule of its figure. That is not enough: who knows a sum and all its other
parts, knows the hidden one too. So for every hidden small number a second reading is sought in which it is another
number, while everything that is told (totals, other tables, other quarters, what has run up, other forms) stays as it
is. Where there is none, other numbers are hidden too, as few as needed, until there is. A number is protected by such
a reading and not by a rule of thumb, so that no sum, however it is made, can tell it.
"""

import heapq
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Generic, TypeVar

from knelpunt.domain.figures.readings import Ranges

Key = TypeVar("Key", bound=Hashable)
LIMIT = 5
"""Smaller numbers than this, other than none at all, are hidden where the rule of a figure says so."""
SEARCH = 600
"""So many partial readings are looked at, by fewest numbers hidden; then any that can be completed is good."""


class Mark(StrEnum):
    """What stands in the place of a number: it is under the limit, or any number other than none, or its whole table
    is not told, with where there is none."""

    FEW = "minder-dan"
    KEPT_BACK = "niet-getoond"
    TABLE = "tabel-niet-getoond"

    def words(self, limit: int = LIMIT) -> str:
        """What a reader sees."""
        return f"minder dan {limit}" if self is Mark.FEW else "niet getoond"


class Told(StrEnum):
    """What the public knows of a number beforehand."""

    NEW = "nieuw"
    SHOWN = "getoond"
    FEW = "minder-dan"
    KEPT_BACK = "niet-getoond"
    TABLE = "tabel-niet-getoond"
    NEVER = "nooit"


def is_few(amount: int, limit: int = LIMIT) -> bool:
    """Whether a number is so small that everybody reads no more of it than that."""
    return 0 < amount < limit


@dataclass(frozen=True, slots=True)
class Number:
    """A number that may be told.

    Args:
        limit: smaller is hidden; 0 when the number cannot point at anybody by itself.
        told: how it was told in public before, which stays so; ``NEVER`` for one that no form tells but that others
            add up to.
    """

    amount: int
    limit: int = LIMIT
    told: Told = Told.NEW

    @property
    def is_small(self) -> bool:
        return is_few(self.amount, self.limit)

    def may_be(self, amount: int, mark: Mark) -> bool:
        """Whether a reader who sees this mark must think the amount possible."""
        if self.told is Told.NEVER or mark is Mark.TABLE:
            return amount >= 0
        return amount > 0 and (mark is Mark.KEPT_BACK or amount < self.limit)


@dataclass(frozen=True, slots=True)
class Sum(Generic[Key]):
    """Numbers that add up to nothing, each so many times: a total is minus one time, its parts one time."""

    times: Mapping[Key, int]

    @classmethod
    def of(cls, total: Key, parts: Iterable[Key], minus: Iterable[Key] = ()) -> "Sum[Key]":
        """A total of its parts, less others: what is open is what was, with what came, less what went."""
        times = {**dict.fromkeys(parts, 1), **dict.fromkeys(minus, -1)}
        return cls({**times, total: times.get(total, 0) - 1})


@dataclass(frozen=True, slots=True)
class Protected(Generic[Key]):
    """Which numbers are not told, each with its mark.

    ``exposed``: small numbers that can be worked out whatever is hidden now, because of what was told before.
    """

    marks: Mapping[Key, Mark]
    exposed: tuple[Key, ...]


class Publications(Generic[Key]):
    """What is published one after the other: each is protected with all before it, which stays as it was told."""

    def __init__(self) -> None:
        self._keys: list[Key] = []
        self._places: dict[Key, int] = {}
        self._weighing = _Weighing()

    @property
    def numbers(self) -> dict[Key, Number]:
        """All that was given so far."""
        return {self._keys[place]: number for place, number in self._weighing.numbers.items()}

    @property
    def sums(self) -> list[Sum[Key]]:
        """All ways in which these hang together."""
        return [Sum({self._keys[place]: times for place, times in each.times.items()}) for each in self._weighing.sums]

    def copy(self) -> "Publications[Key]":
        """The same, to try something on."""
        made = Publications[Key]()
        made._keys, made._places, made._weighing = list(self._keys), dict(self._places), self._weighing.copy()
        return made

    def publish(
        self,
        numbers: Mapping[Key, Number],
        sums: Iterable[Sum[Key]],
        ends_it: Callable[[Key], bool] = lambda _key: False,
    ) -> Protected[Key]:
        """Decide which of new numbers are told, and what is exposed of all; then they count as told.

        The same numbers in the same order give the same answer.

        Args:
            numbers: all that is told in any form, with what the sums need besides.
            sums: the new ways in which the new numbers hang together with each other and with older ones. A number in
                a sum that was never given is an error.
            ends_it: whether this is not published at all when a number is exposed, so that there is no need to go on.
        """
        for key in numbers:
            if key not in self._places:
                self._places[key] = len(self._keys)
                self._keys.append(key)
        found = self._weighing.publish(
            {self._places[key]: number for key, number in numbers.items()},
            [Sum({self._places[key]: times for key, times in each.times.items()}) for each in sums],
            lambda place: ends_it(self._keys[place]),
        )
        marks = {self._keys[place]: mark for place, mark in found.marks.items()}
        return Protected(marks, tuple(self._keys[place] for place in found.exposed))


class _Weighing:
    """Does the work of ``Publications``, for numbers that are called 0, 1, 2: those are looked up in a third of the
    time."""

    def __init__(self) -> None:
        self.numbers: dict[int, Number] = {}
        self.sums: list[Sum[int]] = []
        self._in_sums: defaultdict[int, list[int]] = defaultdict(list)
        self._marks: dict[int, Mark] = {}
        self._readings: dict[int, dict[int, int]] = {}
        """For each small number that is hidden, the reading that protects it."""
        self._steps: dict[tuple[int, bool], dict[int, int]] = {}
        self._possible: dict[tuple[int, int], bool] = {}
        self._ranges: Ranges | None = None

    def copy(self) -> "_Weighing":
        """The same, to try something on."""
        made = _Weighing()
        made.numbers, made.sums = dict(self.numbers), list(self.sums)
        made._in_sums.update((key, list(found)) for key, found in self._in_sums.items())
        made._marks, made._readings = dict(self._marks), dict(self._readings)
        return made

    def publish(
        self, numbers: Mapping[int, Number], sums: Iterable[Sum[int]], ends_it: Callable[[int], bool]
    ) -> Protected[int]:
        self._take_in(numbers, sums)
        exposed = self._exposed(ends_it)
        for key in numbers:
            if self.numbers[key].told is Told.NEW:
                told = Told(self._marks[key]) if key in self._marks else Told.SHOWN
                self.numbers[key] = replace(self.numbers[key], told=told)
        hidden = {
            key: self._marks[key]
            for key, number in self.numbers.items()
            if key in self._marks and number.told is not Told.NEVER
        }
        return Protected(hidden, tuple(exposed))

    def _take_in(self, numbers: Mapping[int, Number], sums: Iterable[Sum[int]]) -> None:
        self.numbers |= numbers
        for key, number in numbers.items():
            if number.told is Told.FEW or (number.told is Told.NEW and number.is_small):
                self._marks[key] = Mark.FEW
            elif number.told is Told.TABLE:
                self._marks[key] = Mark.TABLE
            elif number.told in (Told.KEPT_BACK, Told.NEVER):
                self._marks[key] = Mark.KEPT_BACK
        self._add([each for each in sums if len(each.times) > 1])

    def _small(self) -> list[int]:
        return [
            key
            for key, number in self.numbers.items()
            if number.is_small and key in self._marks and number.told is not Told.NEVER
        ]

    def _room(self) -> Ranges:
        if self._ranges is None:
            self._ranges = Ranges([each.times for each in self.sums], self._in_sums, self._is_possible_now)
        return self._ranges

    def _exposed(self, ends_it: Callable[[int], bool]) -> list[int]:
        """The small numbers that are hidden and can be worked out, after hiding what is needed for the others."""
        exposed = []
        for key in self._small():
            if self._hide(key):
                continue
            if not self._keep_tables(key) or not self._hide(key):
                exposed.append(key)
                if ends_it(key):
                    break
        return exposed

    def _keep_tables(self, exposed: int) -> bool:
        """Tell nothing new of whatever hangs together with a number: also not where there is none. False when there was
        nothing new to keep back."""
        near = {
            key
            for place in self._in_sums[exposed]
            for key in self.sums[place].times
            if self.numbers[key].told is not Told.SHOWN
        }
        beside = {key for each in near for place in self._in_sums[each] for key in self.sums[place].times}
        news = {key for key in beside if self.numbers[key].told is Told.NEW and self._marks.get(key) is not Mark.TABLE}
        if news:
            self._marks |= dict.fromkeys(news, Mark.TABLE)
            self._forget()
        return bool(news)

    def _add(self, sums: Sequence[Sum[int]]) -> None:
        """Take sums in, and forget the readings in which one of them does not hold."""
        self._forget()
        for each in sums:
            for key in each.times:
                self._in_sums[key].append(len(self.sums))
            self.sums.append(each)
        news = {key for each in sums for key in each.times}
        for key, reading in list(self._readings.items()):
            if not news.isdisjoint(reading) and any(
                sum(times * reading.get(name, 0) for name, times in each.times.items()) for each in sums
            ):
                del self._readings[key]

    def _hide(self, key: int) -> bool:
        """Find a reading in which a hidden number is another one, and hide for it what is needed; False: there is none.

        What protects one number protects all others of the same reading.
        """
        if key in self._readings:
            return True
        ranges = self._room()
        if not ranges.can_move(key):
            return False
        reading = self._look(key) or ranges.reading_with(key, self._weight)
        if reading is None:
            return False
        for each, step in reading.items():
            mark = self._mark_for(each, step)
            if self._marks.get(each) is not mark:
                self._marks[each] = mark
                self._forget()
            self._readings.setdefault(each, reading)
        return True

    def _forget(self) -> None:
        """Look up anew what is possible: a mark changed, or a sum came."""
        self._steps.clear()
        self._possible.clear()
        self._ranges = None

    def _look(self, first: int) -> dict[int, int] | None:
        """The reading that hides fewest other numbers; None when it was not among the first that were looked at."""
        heap: list[tuple[tuple[int, ...], int, dict[int, int], dict[int, int]]] = []
        pushed = 0
        for step in (1, -1):
            if self._is_possible(first, step):
                changed, amount = self._weight(first, step)
                heapq.heappush(heap, ((changed, 1, amount), pushed, {first: step}, self._off(step, {}, first)))
                pushed += 1
        seen: set[frozenset[tuple[int, int]]] = set()
        for _ in range(SEARCH):
            if not heap:
                return None
            cost, _order, steps, off = heapq.heappop(heap)
            if not off:
                return steps
            known = frozenset(steps.items())
            if known in seen:
                continue
            seen.add(known)
            for key, step in self._repairs(steps, off):
                changed, amount = self._weight(key, step)
                more = {**steps, key: step}
                cost_of_more = cost[0] + changed, len(more), cost[2] + amount
                heapq.heappush(heap, (cost_of_more, pushed, more, self._off(step, off, key)))
                pushed += 1
        return None

    def _is_possible_now(self, key: int, step: int) -> bool:
        """The same as ``_is_possible``, looked up once for as long as no mark changes."""
        found = self._possible.get((key, step))
        if found is None:
            found = self._possible[key, step] = self._is_possible(key, step)
        return found

    def _mark_for(self, key: int, step: int) -> Mark:
        """The mark under which a number can be read one step away: the one it has, or one that says less."""
        mark = self._marks.get(key, Mark.KEPT_BACK)
        number = self.numbers[key]
        return mark if number.may_be(number.amount + step, mark) else Mark.KEPT_BACK

    def _is_possible(self, key: int, step: int) -> bool:
        number = self.numbers[key]
        mark = self._marks.get(key)
        if number.told is Told.SHOWN or (
            not number.amount and number.told is not Told.NEVER and mark is not Mark.TABLE
        ):
            return False
        loosest = mark if mark and (number.told is not Told.NEW or mark is Mark.TABLE) else Mark.KEPT_BACK
        return number.may_be(number.amount + step, loosest)

    def _weight(self, key: int, step: int) -> tuple[int, int]:
        """What a step costs: one when a mark comes or says less, and how large the number that comes to be hidden."""
        if self._marks.get(key) is self._mark_for(key, step):
            return 0, 0
        return 1, self.numbers[key].amount

    def _off(self, step: int, off: Mapping[int, int], added: int) -> dict[int, int]:
        """How far each sum is off with one step added, without those that hold."""
        now = dict(off)
        for place in self._in_sums[added]:
            now[place] = now.get(place, 0) + step * self.sums[place].times[added]
            if not now[place]:
                del now[place]
        return now

    def _repairs(self, steps: Mapping[int, int], off: Mapping[int, int]) -> list[tuple[int, int]]:
        """Every step that brings one of the sums that are off nearer: the sum with the fewest ways to do so."""
        fewest: dict[int, int] = {}
        count = -1
        for place, amount in off.items():
            found = self._nearer(place, is_over=amount > 0)
            left = len(found) - sum(key in found for key in steps)
            if count < 0 or left < count:
                fewest, count = found, left
            if not left:
                break
        return [(key, step) for key, step in fewest.items() if key not in steps]

    def _nearer(self, place: int, *, is_over: bool) -> dict[int, int]:
        """The possible steps that bring a sum down, or up; looked up once for as long as no mark changes."""
        found = self._steps.get((place, is_over))
        if found is None:
            found = {}
            for key, times in self.sums[place].times.items():
                step = -1 if is_over == (times > 0) else 1
                if times and self._is_possible_now(key, step):
                    found[key] = step
            self._steps[place, is_over] = found
        return found
