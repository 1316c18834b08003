"""Seeks another reading of numbers that hang together: steps of one up or down, after which every sum holds again.

A number has a range of steps that are possible. What a sum leaves no room for is ruled out, in that sum and then in
all others of the same number, until nothing more follows; only then is a step tried, and taken back when it leads
nowhere.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

TRIES = 60
"""So many steps are tried for one number before it counts as one without another reading."""


class Ranges:
    """The steps from -1 to 1 that each number may still take."""

    def __init__(
        self,
        sums: Sequence[Mapping[int, int]],
        in_sums: Mapping[int, Sequence[int]],
        is_possible: Callable[[int, int], bool],
    ) -> None:
        """
        Args:
            sums: numbers that add up to nothing, each so many times.
            in_sums: in which sums each number is.
        """
        self._sums, self._in_sums = sums, in_sums
        self._low = {key: -1 if is_possible(key, -1) else 0 for key in in_sums}
        self._high = {key: 1 if is_possible(key, 1) else 0 for key in in_sums}
        self._trail: list[tuple[int, int, int]] = []
        self._tries = 0
        self._narrow(range(len(sums)))

    def can_move(self, key: int) -> bool:
        """Whether the sums leave this number room for a step, up or down."""
        if key not in self._low:  # in no sum
            return True
        for step in (1, -1):
            begin = len(self._trail)
            leaves_room = self._low[key] <= step <= self._high[key] and self._take(key, step, step)
            self._back_to(begin)
            if leaves_room:
                return True
        return False

    def reading_with(self, first: int, weight: Callable[[int, int], tuple[int, int]]) -> dict[int, int] | None:
        """A reading in which this number is another one; None when there is none, or none was found.

        Args:
            weight: what a step costs; the cheapest is tried first.
        """
        if first not in self._low:
            return None
        for step in (1, -1):
            self._tries = 0
            begin = len(self._trail)
            if self._low[first] <= step <= self._high[first] and self._take(first, step, step):
                found = self._complete(begin, weight)
                if found is not None:
                    self._back_to(begin)
                    return found
            self._back_to(begin)
        return None

    def _complete(self, begin: int, weight: Callable[[int, int], tuple[int, int]]) -> dict[int, int] | None:
        """Mend every sum that is off, the one with the fewest repairs first.

        Args:
            begin: how long the trail was before the first step. Whatever has less room since then may have moved: also
                the number that was tried last, and all that followed from it.
        """
        while True:
            moved = {key for key, _low, _high in self._trail[begin:]}
            steps = {key: step for key in moved if (step := self._least(key))}
            off = self._off(steps)
            if not off:
                return steps
            repairs = min((self._repairs(place, amount) for place, amount in off.items()), key=len)
            if not repairs or self._tries >= TRIES:
                return None
            self._tries += 1
            key, step = min(repairs, key=lambda repair: weight(*repair))
            before = len(self._trail)
            if self._take(key, step, step):
                found = self._complete(begin, weight)
                if found is not None:
                    return found
            self._back_to(before)
            low, high = (self._low[key], 0) if step > 0 else (0, self._high[key])
            if not self._take(key, low, high):
                return None

    def _least(self, key: int) -> int:
        """The smallest step that is possible."""
        return max(self._low[key], min(0, self._high[key]))

    def _off(self, steps: Mapping[int, int]) -> dict[int, int]:
        """How far each sum is off, without those that hold."""
        found: dict[int, int] = {}
        for key, step in steps.items():
            for place in self._in_sums[key]:
                found[place] = found.get(place, 0) + step * self._sums[place][key]
        return {place: amount for place, amount in found.items() if amount}

    def _repairs(self, place: int, amount: int) -> list[tuple[int, int]]:
        """Every number that stands still and can bring a sum nearer, with its step."""
        found = []
        for key, times in self._sums[place].items():
            step = -1 if (amount > 0) == (times > 0) else 1
            if times and self._low[key] <= step <= self._high[key] and self._low[key] <= 0 <= self._high[key]:
                found.append((key, step))
        return found

    def _take(self, key: int, low: int, high: int) -> bool:
        """Leave a number no more room than this, and draw what follows; False when a sum cannot hold any more."""
        self._set(key, low, high)
        return self._narrow(self._in_sums[key])

    def _set(self, key: int, low: int, high: int) -> None:
        self._trail.append((key, self._low[key], self._high[key]))
        self._low[key], self._high[key] = low, high

    def _back_to(self, length: int) -> None:
        while len(self._trail) > length:
            key, self._low[key], self._high[key] = self._trail.pop()

    def _narrow(self, places: Iterable[int]) -> bool:
        waiting = list(places)
        queued = set(waiting)
        while waiting:
            place = waiting.pop()
            queued.discard(place)
            least, most = self._bounds(place)
            if least > 0 or most < 0:
                return False
            for key, times in self._sums[place].items():
                low, high = self._low[key], self._high[key]
                if low == high or not times:
                    continue
                ends = (times * low, times * high) if times > 0 else (times * high, times * low)
                # With all others as small, or as large, as they can be.
                room = [step for step in range(low, high + 1) if least - ends[0] <= -times * step <= most - ends[1]]
                if not room:
                    return False
                if (room[0], room[-1]) != (low, high):
                    self._set(key, room[0], room[-1])
                    fresh = [each for each in self._in_sums[key] if each not in queued]
                    waiting += fresh
                    queued.update(fresh)
                    least, most = self._bounds(place)
        return True

    def _bounds(self, place: int) -> tuple[int, int]:
        """The least and the most that a sum can come to."""
        least = most = 0
        for key, times in self._sums[place].items():
            if times > 0:
                least += times * self._low[key]
                most += times * self._high[key]
            else:
                least += times * self._high[key]
                most += times * self._low[key]
        return least, most
