"""The fields of requests and answers, with what is wrong with a value in plain words.

A field is named in English in the code and in Dutch in the API: ``title = text("titel", "Titel van de zaak.")``.
"""

from datetime import date
from enum import StrEnum
from typing import Any

import marshmallow as ma
from flask_smorest.fields import Upload
from webargs.fields import DelimitedList

from knelpunt.web.shared.forms.forms import FIRST_YEAR, INVISIBLE, LAST_YEAR, clean_text, single_line
from knelpunt.web.shared.texts import lazy_gettext

_ALWAYS = {
    "required": lazy_gettext("Dit moet u meesturen."),
    "null": lazy_gettext("Dit mag niet leeg zijn."),
    "validator_failed": lazy_gettext("Deze waarde past hier niet."),
}
_NO_TEXT = lazy_gettext("Dit moet tekst zijn.")
_NO_NUMBER = lazy_gettext("Dit moet een geheel getal zijn.")
_NO_MOMENT = lazy_gettext("Dit moet een moment met een zone zijn, zoals 2026-12-01T09:30:00+01:00.")
_NO_DAY = lazy_gettext("Dit moet een dag zijn, zoals 2026-12-01.")
_DAY_OUT_OF_RANGE = lazy_gettext("Kies een dag van {first} tot en met {last}.")
_NO_CHOICE = lazy_gettext("Deze waarde kennen wij niet. Kies uit: {choices}.")
_TOO_LONG = lazy_gettext("Dit mag hoogstens {max} tekens lang zijn.")
_TOO_LONG_OR_EMPTY = lazy_gettext("Dit mag niet leeg zijn, en hoogstens {max} tekens lang.")
_TOO_MANY = lazy_gettext("Dit zijn er te veel. Stuur er hoogstens {max}.")
_OUT_OF_RANGE = lazy_gettext("Dit getal moet liggen van {min} tot en met {max}.")


class Schema(ma.Schema):
    """The base of all schemas of the API."""

    error_messages = {  # noqa: RUF012 - as marshmallow wants it
        "unknown": lazy_gettext("Dit kennen wij niet."),
        "type": lazy_gettext("Dit moet een object zijn."),
    }


class Text(ma.fields.String):
    """Words, which come in as through a form: with one kind of line end and without what no keyboard makes."""

    default_error_messages = {  # noqa: RUF012
        **_ALWAYS,
        "invalid": _NO_TEXT,
        "invalid_utf8": _NO_TEXT,
        "invisible": INVISIBLE,
    }

    def _deserialize(self, value: Any, *rest: Any, **more: Any) -> Any:
        found = super()._deserialize(value, *rest, **more)
        try:
            return clean_text(found)
        except ValueError as error:
            raise self.make_error("invisible") from error


class Line(Text):
    """Words on one line."""

    def _deserialize(self, value: Any, *rest: Any, **more: Any) -> Any:
        return single_line(super()._deserialize(value, *rest, **more))


class Number(ma.fields.Integer):
    """A whole number."""

    default_error_messages = {**_ALWAYS, "invalid": _NO_NUMBER, "too_large": _NO_NUMBER}  # noqa: RUF012

    def _deserialize(self, value: Any, *rest: Any, **more: Any) -> Any:
        if isinstance(value, float) and not value.is_integer():
            raise self.make_error("invalid")
        return super()._deserialize(value, *rest, **more)


class Telling(ma.fields.Field):
    """A field whose errors name values; marshmallow fills those in only in texts that were translated already."""

    def make_error(self, key: str, **kwargs: Any) -> ma.ValidationError:
        return ma.ValidationError(str(self.error_messages[key]).format(**kwargs))


class Day(Telling, ma.fields.Date):
    """A day, written as RFC 3339 has it."""

    default_error_messages = {  # noqa: RUF012
        **_ALWAYS,
        "invalid": _NO_DAY,
        "format": _NO_DAY,
        "out_of_range": _DAY_OUT_OF_RANGE,
    }

    def _deserialize(self, value: Any, *rest: Any, **more: Any) -> Any:
        found = super()._deserialize(value, *rest, **more)
        if len(str(value)) != 10:
            raise self.make_error("invalid")
        if not FIRST_YEAR <= found.year <= LAST_YEAR:
            raise self.make_error("out_of_range", first=date(FIRST_YEAR, 1, 1), last=date(LAST_YEAR, 12, 31))
        return found


class Moment(ma.fields.AwareDateTime):
    """A moment with its zone, written as RFC 3339 has it."""

    default_error_messages = {  # noqa: RUF012
        **_ALWAYS,
        "invalid": _NO_MOMENT,
        "invalid_awareness": _NO_MOMENT,
        "format": _NO_MOMENT,
    }


class Sent(Upload):
    """A file. Words under its name are none."""

    default_error_messages = {**_ALWAYS, "invalid": lazy_gettext("Stuur hier een bestand mee, geen tekst.")}  # noqa: RUF012

    def _deserialize(self, value: Any, *rest: Any, **more: Any) -> Any:
        if isinstance(value, str):
            raise self.make_error("invalid")
        return super()._deserialize(value, *rest, **more)


class Choice(Telling, ma.fields.Enum):
    """One of a closed list."""

    default_error_messages = {**_ALWAYS, "unknown": _NO_CHOICE}  # noqa: RUF012


class Flag(ma.fields.Boolean):
    """Yes or no, and nothing that could be taken for it: who may file is told by one."""

    truthy, falsy = {"true", True}, {"false", False}
    default_error_messages = {**_ALWAYS, "invalid": lazy_gettext("Dit moet true of false zijn.")}  # noqa: RUF012


class Items(ma.fields.List):
    """A list."""

    default_error_messages = {**_ALWAYS, "invalid": lazy_gettext("Dit moet een lijst zijn.")}  # noqa: RUF012


class Part(ma.fields.Nested):
    """An object inside an object."""

    default_error_messages = {**_ALWAYS, "type": lazy_gettext("Dit moet een object zijn.")}  # noqa: RUF012


def _more(name: str, about: str, nullable: bool, options: dict[str, Any]) -> dict[str, Any]:
    metadata = {"description": about, **options.pop("metadata", {})}
    return {"data_key": name, "allow_none": nullable, "metadata": metadata, **options}


def text(
    name: str,
    about: str,
    *,
    nullable: bool = False,
    longest: int | None = None,
    kind: type[Text] = Text,
    **options: Any,
) -> Text:
    """Words; ``longest`` bounds what may come in."""
    if longest is not None:
        least = None if options.get("load_default") == "" else 1
        options.setdefault(
            "validate", ma.validate.Length(least, longest, error=_TOO_LONG_OR_EMPTY if least else _TOO_LONG)
        )
    return kind(**_more(name, about, nullable, options))


def number(
    name: str, about: str, *, nullable: bool = False, least: int | None = None, most: int | None = None, **options: Any
) -> Number:
    """A whole number, within bounds when it comes in."""
    if least is not None or most is not None:
        options.setdefault("validate", ma.validate.Range(least, most, error=_OUT_OF_RANGE))
    return Number(**_more(name, about, nullable, options))


def year(name: str, about: str, **options: Any) -> Number:
    """A year that a person could mean."""
    return number(name, about, least=FIRST_YEAR, most=LAST_YEAR, **options)


def day(name: str, about: str, *, nullable: bool = False, **options: Any) -> Day:
    """A day."""
    return Day(**_more(name, about, nullable, options))


def moment(name: str, about: str, *, nullable: bool = False, **options: Any) -> Moment:
    """A moment."""
    return Moment(**_more(name, about, nullable, options))


def choice(name: str, kind: type[StrEnum], about: str, *, nullable: bool = False, **options: Any) -> Choice:
    """One of a closed list, by the value that is stored."""
    return Choice(kind, by_value=True, **_more(name, about, nullable, options))


def flag(name: str, about: str, **options: Any) -> Flag:
    """Yes or no."""
    return Flag(**_more(name, about, False, options))


def words(name: str, values: list[str], about: str, **options: Any) -> Text:
    """One of some fixed texts that are no closed list of the field."""
    return text(name, about, validate=ma.validate.OneOf(values, error=_NO_CHOICE), **options)


def texts(name: str, about: str, *, most: int | None = None, longest: int | None = None, **options: Any) -> Items:
    """A list of words; ``most`` and ``longest`` bound what may come in."""
    bound = None if longest is None else ma.validate.Length(max=longest, error=_TOO_LONG)
    return Items(Text(validate=bound), **_at_most(most), **_more(name, about, False, options))


def part(name: str, schema: type[Schema], about: str, *, nullable: bool = False, **options: Any) -> Part:
    """An object."""
    return Part(schema, **_more(name, about, nullable, options))


def parts(name: str, schema: type[Schema], about: str, *, most: int | None = None, **options: Any) -> Items:
    """A list of objects; ``most`` bounds how many may come in."""
    return Items(Part(schema), **_at_most(most), **_more(name, about, False, options))


def _at_most(most: int | None) -> dict[str, Any]:
    return {} if most is None else {"validate": ma.validate.Length(max=most, error=_TOO_MANY)}


def chosen_of(schema: type[Schema]) -> DelimitedList:
    """The parameter ``fields``: which properties of an answer somebody wants."""
    names = [field.data_key or name for name, field in schema._declared_fields.items()]
    which = Text(validate=ma.validate.OneOf(names, error=_NO_CHOICE))
    about = "Alleen deze eigenschappen in het antwoord, met komma's ertussen. Zonder `fields` krijgt u alle."
    return DelimitedList(which, data_key="fields", metadata={"description": about})
