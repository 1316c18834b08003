"""Checks the values of a file against the shape that a Struct declares, and says in Dutch all that is wrong.

msgspec stops at the first fault, so values that do not fit are looked at once more, field by field.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import EnumType
from functools import cache
from types import NoneType
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin

import msgspec
from msgspec import Meta, Struct, ValidationError, structs

MOST_FAULTS = 20
"""Of one value, as many as are told."""
Shape = TypeVar("Shape")
FieldPath = tuple[str | int, ...]
_LETTERS = r"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]*+"
"""Anything but NUL, control characters and halves of a character, which the database does not keep."""

Text = Annotated[str, Meta(pattern=rf"\A(?!\s*\Z){_LETTERS}\Z", description="moet een tekst zijn")]
_IN_URL = r"[^\s<>\"\x00-\x1f\x7f\ud800-\udfff]"
Url = Annotated[
    str,
    Meta(
        pattern=rf"\A(?i:https?)://((?![/?#@:\[\]]){_IN_URL})++(:[0-9]+)?([/?#]{_IN_URL}*)?\Z",
        description="moet een webadres zijn dat met https:// of http:// begint",
    ),
]
_EXPECTED = {
    str: "moet een tekst zijn",
    bool: "moet true of false zijn",
    int: "moet een heel getal zijn",
    float: "moet een getal zijn",
    date: "moet een dag zijn als 2019-07-01",
    list: "moet een lijst zijn",
}


def text_up_to(most: int) -> Meta:
    """A text of at most so many characters."""
    forbidden = "bevat een teken dat niet mag (NUL, stuurteken of half letterteken)"
    return Meta(max_length=most, pattern=rf"\A{_LETTERS}\Z", description=forbidden)


def one_of(words: Iterable[str]) -> Meta:
    """A text that is one of these words."""
    known = [str(word) for word in words]
    pattern = rf"\A({'|'.join(map(re.escape, known))})\Z"
    return Meta(pattern=pattern, description=f"moet een van deze zijn: {', '.join(known)}")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: where, and what, in Dutch without a capital and a full stop."""

    path: FieldPath
    text: str

    @property
    def where(self) -> str:
        """The path with dots, its lists counted from 0."""
        return ".".join(map(str, self.path)) or "bestand"

    @property
    def sentence(self) -> str:
        """For who wrote the file, with lists counted from 1: "blocking 1: 'law' ontbreekt"."""
        around, text = self.path, self.text
        if around and isinstance(around[-1], str):
            around, text = around[:-1], f"'{around[-1]}' {text}"
        words = " ".join(part if isinstance(part, str) else str(part + 1) for part in around)
        return f"{words}: {text}" if words else text


class InvalidData(ValueError):
    """Values do not have the shape that they need; ``faults`` says all that is wrong, the message the first of them."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(fault.sentence for fault in few(faults)))
        self.faults = faults


def few(faults: Sequence[Fault]) -> list[Fault]:
    """The first faults of one value, and how many more there are."""
    more = len(faults) - MOST_FAULTS
    return [*faults[:MOST_FAULTS], *([Fault((), f"en nog {more}")] if more > 0 else [])]


class FileRefused(Exception):
    """A file may not be taken in. The message is Dutch, a line for each thing that is wrong."""


def shaped(values: Any, shape: type[Shape]) -> Shape:
    """Values from a file in the shape that they must have. Raises InvalidData."""
    try:
        return msgspec.convert(values, shape, dec_hook=_own)
    except (ValidationError, UnicodeEncodeError):
        raise InvalidData(list(_faults(values, shape, ()))) from None


def shown(name: object, most: int = 40) -> str:
    """A name out of a file, short and fit to be printed."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in str(name)[:most])


def _own(kind: Any, value: Any) -> Any:
    """How msgspec makes a value of a type of ours, which checks itself."""
    return kind(value)


def _faults(value: Any, shape: Any, path: FieldPath) -> Iterator[Fault]:
    try:
        msgspec.convert(value, shape, dec_hook=_own)
        return
    except (ValidationError, UnicodeEncodeError) as error:
        kind, description = _known(shape)
        whole = Fault(path, _text(error, value, kind, description))
        is_too_long = re.fullmatch(r"Expected `array` of length <= \d+", str(error))
    inner: list[Fault] = []
    if isinstance(value, Mapping) and isinstance(kind, type) and issubclass(kind, Struct):
        inner += _faults_of_fields(value, kind, path)
    elif isinstance(value, list) and get_origin(kind) is list and not is_too_long:
        inner += (fault for at, each in enumerate(value) for fault in _faults(each, get_args(kind)[0], (*path, at)))
    yield from inner or [whole]


def _faults_of_fields(values: Mapping[str, Any], kind: type[Struct], path: FieldPath) -> Iterator[Fault]:
    fields = _fields(kind)
    wrong: set[str] = set()
    for name, (shape, is_required) in fields.items():
        found = [Fault((*path, name), "ontbreekt")] if is_required and name not in values else []
        found += _faults(values[name], shape, (*path, name)) if name in values else []
        wrong.update(name for _ in found)
        yield from found
    if kind.__struct_config__.forbid_unknown_fields:
        unknown = [name for name in values if name not in fields]
        yield from (Fault((*path, shown(name)), "is geen bekend veld") for name in unknown)
        wrong.update(unknown)
    for base in kind.__bases__ if wrong else ():
        # A rule over a few fields stands in a base of its own: it counts when those are right and others are not.
        own = _fields(base) if issubclass(base, Struct) else {}
        if own and not wrong & own.keys():
            yield from _faults({name: values[name] for name in own if name in values}, base, path)


def _text(error: Exception, value: Any, kind: Any, description: str) -> str:
    if error.__cause__ is not None:
        return str(error.__cause__)
    if value is None:
        return "ontbreekt"
    if longest := re.search(r"of length <= (\d+)", str(error)):
        most = longest.group(1)
        return f"is langer dan {most} tekens" if isinstance(value, str) else f"mag ten hoogste {most} regels hebben"
    if kind is str and not isinstance(value, str):
        return _EXPECTED[str]
    if description:
        return description
    if isinstance(kind, EnumType) or get_origin(kind) is Literal:
        choices = kind if isinstance(kind, EnumType) else get_args(kind)
        return f"moet een van deze zijn: {', '.join(map(str, choices))}"
    return _EXPECTED.get(get_origin(kind) or kind, "moet velden hebben")


@cache
def _fields(kind: type[Struct]) -> dict[str, tuple[Any, bool]]:
    return {field.encode_name: (field.type, field.required) for field in structs.fields(kind)}


def _known(shape: Any) -> tuple[Any, str]:
    """The type without "or nothing" and without its bounds, and the Dutch sentence that it carries."""
    description = ""
    while True:
        own = [each for each in get_args(shape) if each is not NoneType]
        if get_origin(shape) is Annotated:
            description = next((meta.description for meta in own[1:] if meta.description), description)
        elif len(own) == len(get_args(shape)):
            return shape, description
        shape = own[0]
