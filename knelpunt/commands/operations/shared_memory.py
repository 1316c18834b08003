"""Keeps what was loaded before a fork in one place, so that all processes go on having it together.

Linux gives a process a page of memory of its own as soon as it writes there. Python writes in two places that nobody
asked for: in each object it counts who holds it, and new objects go into the holes between older ones. Here both end
for what is there when the processes part. What that gave stands in benchmarks/RESULTS.md.
"""

import ctypes
import gc
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from types import CodeType
from typing import Any

ARENA_BITS = 20
"""Objects of at most 512 bytes lie in arenas of a megabyte, by sizes of 16, 32, 48 bytes and so on."""
STEP, LARGEST = 16, 512
UNCOUNTED = 0xFFFFFFFF
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
"""Names of settings in malloc.h."""

_fillers: list[object] = []


def settle() -> None:
    """Call this last before the fork, in a process that does nothing else: all that is there now stays for ever."""
    gc.collect()
    if not is_counted(None):
        found = list(_reached(gc.get_objects()))
        arenas = {id(each) >> ARENA_BITS for each in found}
        _stop_counting(found)
        del found
        _fill_holes(arenas)
    with suppress(AttributeError, OSError, TypeError):  # another C library than that of Linux has no such things
        library = ctypes.CDLL(None)
        library.mallopt(M_ARENA_MAX, 1)  # each thread would keep what hardly any of them needs at the same moment
        library.mallopt(M_MMAP_THRESHOLD, 64 * 1024)  # what is large goes back when it is done with
        library.mallopt(M_TRIM_THRESHOLD, 128 * 1024)
        library.malloc_trim(0)
    gc.freeze()


def is_counted(one: object) -> bool:
    """Whether Python counts who holds this. From 3.12 on it doesn't for what never goes away, such as None; versions
    that mark that in another way than 3.12 and 3.13 are left as they are."""
    return not (sys.version_info >= (3, 12) and sys.getrefcount(one) == UNCOUNTED)


def _reached(objects: Iterable[Any]) -> Iterator[Any]:
    """These objects and all that they hold, each once."""
    found: set[int] = set()
    waiting = list(objects)
    found.update((id(found), id(waiting)))
    while waiting:
        one = waiting.pop()
        if id(one) in found:
            continue
        found.add(id(one))
        yield one
        if isinstance(one, CodeType):  # the collector doesn't know what code holds
            waiting += (one.co_consts, one.co_names, one.co_name, one.co_qualname, one.co_filename,
                        one.co_linetable, one.co_exceptiontable)  # fmt: skip
        else:
            waiting += gc.get_referents(one)


def _stop_counting(objects: Iterable[object]) -> None:
    """Give each object the count that None has."""
    for one in objects:
        if is_counted(one):
            ctypes.c_ssize_t.from_address(id(one)).value = UNCOUNTED


def _fill_holes(arenas: set[int]) -> None:
    """Put something in each place that Python would give to a new object, until it begins an arena."""
    for size in range(STEP, LARGEST + 1, STEP):
        while True:
            filler = _of(size)
            _fillers.append(filler)
            if id(filler) >> ARENA_BITS not in arenas:
                break


def _of(size: int) -> object:
    """A new object of this many bytes."""
    empty = sys.getsizeof(b"")
    match size:
        case 16:
            return object()
        case 32:
            return float(len(_fillers))
        case _:
            return bytes(size - empty)
