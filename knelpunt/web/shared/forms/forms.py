"""What every form has in common: one look, Dutch messages, text without control characters, one submission key."""

import secrets
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import DateField as PlainDateField
from wtforms import (
    Field,
    HiddenField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.fields.core import UnboundField
from wtforms.validators import InputRequired, StopValidation
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget, html_params

from knelpunt.web.shared.forms.form_messages import DutchMessages
from knelpunt.web.shared.labels.labels import lazy_label
from knelpunt.web.shared.texts import _, lazy_gettext

FIRST_YEAR = 1900
LAST_YEAR = 2100
LARGEST_NUMBER = 2**31 - 1
CHOOSE = lazy_gettext("Maak een keuze")
INVISIBLE = lazy_gettext("In deze tekst staat een onzichtbaar teken dat wij niet kunnen bewaren. Typ de tekst opnieuw.")
_ALLOWED_CONTROLS = frozenset("\t\n\r")
# Marks that turn the direction of what follows: they can make a name or a number read as another.
_TURNING_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_CLASSES = {
    "text": "utrecht-textbox utrecht-textbox--html-input",
    "textarea": "utrecht-textarea utrecht-textarea--html-textarea",
    "select": "utrecht-select utrecht-select--html-select",
    "checkbox": "utrecht-checkbox utrecht-checkbox--html-input",
    "radio": "utrecht-radio-button utrecht-radio-button--html-input",
    "file": "kn-file-input",
}


def refuse_control_characters(text: str | None) -> str | None:
    """The text itself; ValueError with a Dutch sentence when it holds what no keyboard makes and no database takes."""
    for character in text or "":
        is_control = unicodedata.category(character) in ("Cc", "Cs") and character not in _ALLOWED_CONTROLS
        if is_control or character in _TURNING_MARKS:
            raise ValueError(INVISIBLE)
    return text


def clean_text(text: str | None) -> str | None:
    """Text without blanks around it and with one kind of line end; refuses control characters."""
    if not isinstance(text, str):
        return text
    refuse_control_characters(text)
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def single_line(text: str | None) -> str | None:
    """Text for a box of one line: line ends and tabs, which only a forged request holds there, become blanks."""
    return " ".join(text.split()) if isinstance(text, str) else text


def _short(number: int | None) -> int | None:
    """A number of hundreds of digits cannot be compared with one that is no whole number; one too large can."""
    return max(-LARGEST_NUMBER - 1, min(number, LARGEST_NUMBER + 1)) if number is not None else None


def _within_column(number: int | None) -> int | None:
    if number is not None and abs(number) > LARGEST_NUMBER:
        raise ValueError(_("Dit getal is te groot."))
    return number


def show_without_control_characters(field: Field) -> None:
    """What was refused for such a character is shown again without it: no page may hold one."""
    if isinstance(field, StringField) and isinstance(field.data, str):
        field.data = visible_text(field.data)
    if field.raw_data:
        field.raw_data = [visible_text(raw) if isinstance(raw, str) else raw for raw in field.raw_data]


def visible_text(text: str) -> str:
    """Text without the control characters that ``refuse_control_characters`` refuses, to be shown again."""
    return "".join(
        character
        for character in text
        if character in _ALLOWED_CONTROLS or unicodedata.category(character) not in ("Cc", "Cs")
    )


def _new_key(key: str | None) -> str:
    """The key that was posted, or a new one when there is none of the right shape."""
    if key and len(key) == 32 and all(letter in "0123456789abcdef" for letter in key):
        return key
    return secrets.token_hex(16)


def hint_id(field: Field) -> str:
    return f"{field.id}-hint"


def error_id(field: Field) -> str:
    return f"{field.id}-error"


def _kind(field: Field) -> str:
    input_type = getattr(field.widget, "input_type", None)
    if input_type in ("checkbox", "radio", "file", "hidden", "submit"):
        return str(input_type)
    if isinstance(field, TextAreaField):
        return "textarea"
    if isinstance(field, SelectField) and not isinstance(field, RadioField):
        return "select"
    return "text"


class BaseForm(FlaskForm):
    """The parent of every form. ``submission_key`` makes a form that arrives twice count once."""

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: Any) -> DutchMessages:
            return DutchMessages()

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Read a form and nothing else: Flask-WTF would take JSON for one, of whatever shape it is."""
            return None if request and request.is_json else super().wrap_formdata(form, formdata)

        def bind_field(self, form: Any, unbound_field: UnboundField, options: dict[str, Any]) -> Field:
            """Give every text and number field the filters that keep out what the database would refuse."""
            kind = unbound_field.field_class
            filters: tuple[Callable[[Any], Any], ...] = tuple(unbound_field.kwargs.get("filters", ()))
            if issubclass(kind, PasswordField):
                filters = (refuse_control_characters, *filters)
            elif issubclass(kind, TextAreaField | HiddenField):
                filters = (clean_text, *filters)
            elif issubclass(kind, StringField):
                filters = (clean_text, single_line, *filters)
            elif issubclass(kind, IntegerField):
                filters = (_short, _within_column, *filters)
            return unbound_field.bind(form=form, **{**options, "filters": filters})

        def render_field(self, field: Field, render_kw: dict[str, Any]) -> Markup:
            """Draw a field with its class and with the attributes that tie it to its hint and its error.

            ``has_hint=True`` among the attributes says that the page draws a hint of its own.
            """
            attributes = {key.rstrip("_"): value for key, value in (getattr(field, "render_kw", None) or {}).items()}
            attributes.update({key.rstrip("_"): value for key, value in render_kw.items()})
            has_hint = attributes.pop("has_hint", False) or bool(field.description)
            kind = _kind(field)
            if kind in _CLASSES:
                look = _CLASSES[kind]
                if kind == "checkbox" and field.type == "_Option":
                    attributes["required"] = False
                if field.errors and kind != "file":
                    look = f"{look} {look.split()[0]}--invalid"
                attributes["class"] = f"{look} {attributes.pop('class', '')}".strip()
                described_by = " ".join(
                    name for name, shown in ((hint_id(field), has_hint), (error_id(field), field.errors)) if shown
                )
                if described_by:
                    attributes.setdefault("aria-describedby", described_by)
                if field.errors:
                    attributes["aria-invalid"] = "true"
            return field.widget(field, **attributes)

    submission_key = HiddenField(default=lambda: secrets.token_hex(16), filters=[_new_key])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conflict = False
        self.refusal_status = 422
        for field in self:
            show_without_control_characters(field)

    @property
    def fields_in_sight(self) -> list[Field]:
        """What there is to fill in: every field that the page does not just carry along."""
        return [field for field in self if _kind(field) != "hidden"]


class ButtonForm(BaseForm):
    """A button, and nothing to fill in."""


class HiddenIntegerField(IntegerField):
    """A number that the page carries along. It shows what the form holds now, not what was posted."""

    widget = HiddenInput()

    def _value(self) -> str:
        return "" if self.data is None else str(self.data)


class VersionedForm(BaseForm):
    """A form that changes a row which others may be changing too: ``version`` is the version that was read."""

    version = HiddenIntegerField(
        validators=[InputRequired(lazy_gettext("Laad deze pagina opnieuw en probeer het nog eens."))]
    )


class DateField(PlainDateField):
    """A day from 1900 to 2100, typed as 24-11-2026 or picked in the browser's own calendar."""

    def __init__(self, label: str | None = None, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, format=["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"], **kwargs)

    def _value(self) -> str:
        """The day as the browser's calendar wants it; what cannot be read comes back as it was typed."""
        if self.data is not None:
            return self.data.isoformat()
        return str(self.raw_data[0]) if self.raw_data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        typed = valuelist[0].strip() if valuelist else ""
        if not typed:
            return
        for shape in self.format:
            try:
                day = datetime.strptime(typed, shape).date()
            except ValueError:
                continue
            if not FIRST_YEAR <= day.year <= LAST_YEAR:
                raise ValueError(
                    _(
                        "Vul een datum in tussen %(first_year)s en %(last_year)s.",
                        first_year=FIRST_YEAR,
                        last_year=LAST_YEAR,
                    )
                )
            self.data = day
            return
        raise ValueError(self.gettext("Not a valid date value."))


PARTS_OF_DAY = (
    ("dag", lazy_gettext("Dag"), 2),
    ("maand", lazy_gettext("Maand"), 2),
    ("jaar", lazy_gettext("Jaar"), 4),
)
"""The boxes of a day: what each adds to a name, its label, and how many signs it shows."""
LONGEST_PART_OF_DAY = 20


def parts_of_day(given: Mapping[str, str], name: str) -> tuple[str, ...]:
    """What was typed in each of the three boxes of a day."""
    return tuple(given.get(f"{name}-{part}", "").strip()[:LONGEST_PART_OF_DAY] for part, *_rest in PARTS_OF_DAY)


def whole_day(parts: Sequence[str]) -> str:
    """Three boxes as one text; where only one was filled, a whole day may stand in it."""
    filled = [part for part in parts if part]
    return filled[0] if len(filled) == 1 else "-".join(parts) if filled else ""


def day_inputs(name: str, values: Sequence[str], id_: str, *, is_invalid: bool, **attributes: Any) -> Markup:
    """Three boxes with a label each, that hold these values."""
    look = _CLASSES["text"]
    if is_invalid:
        look = f"{look} {look.split()[0]}--invalid"
    boxes = (
        Markup(
            '<div class="kn-day-parts__part"><label class="utrecht-form-label" for="{id}">{words}</label>'
            '<input id="{id}" name="{name}" class="{look}" type="text" inputmode="numeric" autocomplete="off"'
            ' size="{size}" maxlength="{most}" value="{value}" {rest}></div>'
        ).format(
            id=f"{id_}-{part}",
            name=f"{name}-{part}",
            words=words,
            look=look,
            size=size,
            most=LONGEST_PART_OF_DAY,
            value=value,
            rest=Markup(html_params(**attributes)),  # noqa: S704 - escaped by html_params
        )
        for (part, words, size), value in zip(PARTS_OF_DAY, values, strict=True)
    )
    return Markup('<div class="kn-day-parts">{}</div>').format(Markup("").join(boxes))


class _DayMonthYear:
    """Three boxes with a label each. What was typed comes back in them as it was."""

    def __call__(self, field: "DayField | TypedDayField", **attributes: Any) -> Markup:
        for name in ("id", "name", "type", "value", "class", "required"):
            attributes.pop(name, None)
        return day_inputs(field.name, field.shown_parts, field.id, is_invalid=bool(field.errors), **attributes)


class _InThreeBoxes(Field):
    """What is asked as day, month and year. Takes a whole date as well, under its own name, as programs send it."""

    widget = _DayMonthYear()
    typed: tuple[str, ...] = ("", "", "")

    def process(self, formdata: Any, *given: Any, **more: Any) -> None:
        if formdata is not None:
            self.typed = parts_of_day(formdata, self.name)
            if any(self.typed) and not formdata.get(self.name):
                formdata = MultiDict({self.name: whole_day(self.typed)})
        super().process(formdata, *given, **more)


class DayField(_InThreeBoxes, DateField):
    """A day."""

    @property
    def shown_parts(self) -> tuple[str, ...]:
        """What the boxes hold: the day that was understood, else what was typed."""
        if self.data is not None:
            return str(self.data.day), str(self.data.month), str(self.data.year)
        if any(self.typed):
            return tuple(visible_text(each) for each in self.typed)
        return visible_text(str(self.raw_data[0])) if self.raw_data else "", "", ""


class TypedDayField(_InThreeBoxes, StringField):
    """A day as it was typed: what cannot be read stays, so that it can be mended later on. One that can is kept in the
    form of ISO 8601."""

    data: str | None

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        typed = (self.data or "").strip()
        for shape in ("%d-%m-%Y", "%d/%m/%Y"):
            try:
                self.data = datetime.strptime(typed, shape).date().isoformat()
            except ValueError:
                continue

    @property
    def shown_parts(self) -> tuple[str, ...]:
        """What the boxes hold: the day, or what was typed in each."""
        try:
            day = date.fromisoformat(self.data or "")
        except ValueError:
            parts = visible_text(self.data or "").split("-")
            return tuple(parts) if len(parts) == len(PARTS_OF_DAY) else ("-".join(parts), "", "")
        return str(day.day), str(day.month), str(day.year)


class Chosen:
    """Demands a choice, in the words given; for the fields below, whose empty choice is None."""

    def __init__(self, message: str = lazy_gettext("Maak een keuze.")) -> None:
        self.message = message
        self.field_flags = {"required": True}

    def __call__(self, form: Any, field: Field) -> None:
        if field.data is None:
            field.errors = []
            raise StopValidation(self.message)


def choices(pairs: Iterable[tuple[Any, str]]) -> list[SelectChoice]:
    """Choices for a select or radio field from (value, words)."""
    return [SelectChoice(value, words) for value, words in pairs]


def enum_choices(members: Iterable[StrEnum]) -> list[SelectChoice]:
    """The members of an enum as choices, with their Dutch labels."""
    return choices((member.value, lazy_label(member)) for member in members)


def _or_none(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A reader of posted values for which nothing chosen is None."""
    return lambda value: None if value in (None, "", "None") else read(value)


def _yes_or_no(value: Any) -> bool:
    if value in (True, "ja"):
        return True
    if value in (False, "nee"):
        return False
    raise ValueError


class _MayBeEmpty:
    """An empty choice is for the validators to judge, where there is one; any other must have been offered."""

    data: Any
    has_empty = True

    def pre_validate(self, form: Any) -> None:
        if self.data is not None or not self.has_empty:
            super().pre_validate(form)  # type: ignore[misc]


class IdField(_MayBeEmpty, SelectField):
    """One row from a list that the route fills with ``offer``; the value is its id, or None."""

    def __init__(self, label: str | None = None, validators: Any = None, *, blank: str = CHOOSE, **kwargs: Any) -> None:
        super().__init__(label, validators, coerce=_or_none(int), choices=[], **kwargs)
        self.blank = blank

    def offer(self, rows: Iterable[tuple[int, str]]) -> None:
        """Fill the list with (id, words) in the order given, after an empty first choice."""
        self.choices = choices([("", self.blank), *rows])


class EnumField(_MayBeEmpty, SelectField):
    """One member of an enum from a list, or None. Without ``blank`` there is no empty first choice."""

    def __init__(
        self,
        label: str | None = None,
        validators: Any = None,
        *,
        kind: type[StrEnum],
        members: Sequence[StrEnum] | None = None,
        blank: str | None = CHOOSE,
        **kwargs: Any,
    ) -> None:
        self.has_empty = blank is not None
        first = choices([("", blank)]) if blank is not None else []
        shown = enum_choices(members if members is not None else tuple(kind))
        super().__init__(label, validators, coerce=_or_none(kind), choices=first + shown, **kwargs)


class EnumRadioField(_MayBeEmpty, RadioField):
    """One member of an enum from a group of radio buttons, or None."""

    def __init__(
        self,
        label: str | None = None,
        validators: Any = None,
        *,
        kind: type[StrEnum],
        members: Sequence[StrEnum] | None = None,
        **kwargs: Any,
    ) -> None:
        shown = enum_choices(members if members is not None else tuple(kind))
        super().__init__(label, validators, coerce=_or_none(kind), choices=shown, **kwargs)


class YesNoField(_MayBeEmpty, RadioField):
    """True, False, or None when nothing was chosen; posted as ``ja`` or ``nee``."""

    def __init__(
        self,
        label: str | None = None,
        validators: Any = None,
        *,
        yes: str = lazy_gettext("Ja"),
        no: str = lazy_gettext("Nee"),
        **kwargs: Any,
    ) -> None:
        shown = choices([("ja", yes), ("nee", no)])
        super().__init__(label, validators, coerce=_or_none(_yes_or_no), choices=shown, **kwargs)


class CheckboxGroupField(SelectMultipleField):
    """Several choices from a group of tick boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()
