"""The lists of a ruimtewijzer in its form: a row of fields for each rule, example and source."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from wtforms import FieldList, Form, FormField, SelectField, StringField, TextAreaField
from wtforms.fields.core import Field, Label
from wtforms.validators import Length

from knelpunt.domain.guides.track import ClaimOutcome
from knelpunt.domain.laws.edits import EntryKind
from knelpunt.domain.vocabulary import AssessmentRole
from knelpunt.queries.guides.rules import Catalogue, NamedRule
from knelpunt.web.shared.forms.forms import (
    CHOOSE,
    BaseForm,
    DayField,
    EnumField,
    choices,
    show_without_control_characters,
)

MOST_ROWS = 60
LONGEST_WORDS = 500
LONGEST_ADDRESS = 1000
HOW_FAR_READ = {"full": "Helemaal", "opening only": "Alleen het begin", "not read": "Niet"}
ADD, DROP = "voeg_toe", "haal_weg"
"""The names of the buttons that give a list one row more or less; nothing is kept by them."""
_MOST_DIGITS = 3


def is_place(text: str) -> bool:
    """Whether a text from a request can be the place of a row; a number of thousands of digits cannot even be read."""
    return text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS


class Row(Form):
    """One row. An empty one counts for nothing; of any other what is missing is said beside its field."""

    class Meta(BaseForm.Meta):
        csrf = False

    words = ""
    """What one row is called, with a number behind it."""
    hint = ""
    """What the list holds."""
    add_words = ""
    """What stands on the button for one row more."""
    needed: ClassVar[Mapping[str, str]] = {}
    """What is said of a field that is empty, by its name."""
    may_be_empty: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self:
            show_without_control_characters(field)

    @property
    def is_empty(self) -> bool:
        typed = [str(raw).strip() for field in self for raw in field.raw_data or ()]
        return not any(typed) and not any(field.data for field in self)

    def validate(self, extra_validators: Any = None) -> bool:
        is_right: bool = super().validate(extra_validators)
        if self.is_empty:
            return is_right
        for name, message in self.needed.items():
            if not self[name].data and not self[name].errors:
                self.refuse(name, message)
                is_right = False
        return self.check() and is_right

    def check(self) -> bool:
        """What the fields must be beside filled in."""
        return True

    def refuse(self, name: str, message: str) -> None:
        """Say beside a field what is wrong with it."""
        self[name].errors = [*self[name].errors, message]

    def is_address(self) -> bool:
        """Whether the field ``url`` holds the address of a page, said beside it when not."""
        url = self["url"].data or ""
        if self["url"].errors or (url.startswith(("https://", "http://")) and " " not in url):
            return not self["url"].errors
        self.refuse("url", "Dit is geen webadres. Het begint met https://.")
        return False


class RuleRow(Row):
    """A rule: a provision by its name, or a law with an article in words."""

    words = "Regel"
    hint = "De bepaling die ruimte biedt of in de weg staat. Typ een woord en kies een naam uit de lijst."
    add_words = "Voeg nog een regel toe"
    needed: ClassVar[Mapping[str, str]] = {
        "role": "Kies wat de regel doet.",
        "rule": "Vul een bepaling of wet in.",
        "on_date": "Vul de dag in waarop dit gold.",
    }
    may_be_empty = frozenset({"article"})
    role = EnumField("Wat de regel doet", kind=AssessmentRole)
    rule = StringField("Bepaling of wet", [Length(max=LONGEST_WORDS)], render_kw={"list": "bepalingen"})
    article = StringField(
        "Artikel", [Length(max=LONGEST_WORDS)], description="Alleen bij een wet, als er geen bepaling is."
    )
    on_date = DayField("Gold op")

    def read(self, names: Catalogue) -> dict[str, Any] | None:
        """The rule as a version keeps it; None when the catalogue does not know it, and then its field says so. The
        field shows the name of the rule from then on, whatever it was named by."""
        article = self.article.data or None
        if not self.rule.data or self.rule.errors:
            return None
        try:
            entry = names.rule_names.find(self.rule.data, with_article=article is not None)
            self.rule.data = names.rule_names.name_of(entry)
            is_law = entry.kind is EntryKind.LAW
            if article and not is_law:
                self.refuse("article", "Laat dit leeg: een bepaling heeft haar artikel al.")
            if self.errors or self.on_date.data is None:
                return None
            return names.rule(
                NamedRule(
                    provision=None if is_law else entry.key,
                    law=entry.key if is_law else None,
                    article=article,
                    role=self.role.data,
                    on_date=self.on_date.data,
                )
            )
        except ValueError as error:
            self.refuse("rule", str(error))
            return None


class ExampleRow(Row):
    """Where somebody did it before."""

    words = "Voorbeeld"
    hint = "Waar het al eens is gedaan. Zet er geen namen van mensen in."
    add_words = "Voeg nog een voorbeeld toe"
    needed: ClassVar[Mapping[str, str]] = {
        "place": "Vul in welke plek of welk project het was.",
        "what": "Schrijf op wat er gebeurde.",
        "url": "Vul in waar dit staat.",
    }
    may_be_empty = frozenset({"municipality", "year"})
    place = StringField("Plek of project", [Length(max=LONGEST_WORDS)], description="Zonder namen van mensen.")
    municipality = StringField("Gemeente", [Length(max=LONGEST_WORDS)], render_kw={"list": "gemeenten"})
    year = StringField("Jaar", [Length(max=LONGEST_WORDS)], render_kw={"inputmode": "numeric"})
    what = TextAreaField("Wat er gebeurde", [Length(max=2000)], render_kw={"rows": 2})
    outcome = EnumField("Hoe het afliep", kind=ClaimOutcome, blank="Niet bekend")
    url = StringField("Webadres", [Length(max=LONGEST_ADDRESS)], render_kw={"inputmode": "url"})

    def check(self) -> bool:
        year = self.year.data or ""
        is_year = not year or (len(year) == 4 and year.isascii() and year.isdecimal())
        if not is_year:
            self.refuse("year", "Dit is geen jaar. Vul een jaar in, zoals 2012.")
        return self.is_address() and is_year

    def read(self, names: Catalogue) -> dict[str, Any] | None:
        """The example as a version keeps it; None when there is no such municipality, and then its field says so."""
        try:
            municipality = names.municipality(self.municipality.data)
        except ValueError as error:
            self.refuse("municipality", str(error))
            return None
        return {
            "place": self.place.data,
            "municipality": municipality,
            "year": self.year.data or "",
            "what": self.what.data,
            "outcome": self.outcome.data.value if self.outcome.data else None,
            "url": self.url.data,
        }


class SourceRow(Row):
    """A page on which the answer rests."""

    words = "Bron"
    hint = "Waar het antwoord op steunt."
    add_words = "Voeg nog een bron toe"
    needed: ClassVar[Mapping[str, str]] = {
        "title": "Vul de titel in.",
        "url": "Vul het webadres in.",
        "how_far": "Kies hoe ver u hem las.",
    }
    title = StringField("Titel", [Length(max=LONGEST_WORDS)])
    url = StringField("Webadres", [Length(max=LONGEST_ADDRESS)], render_kw={"inputmode": "url"})
    how_far = SelectField("Gelezen", choices=choices([("", CHOOSE), *HOW_FAR_READ.items()]))

    def check(self) -> bool:
        return self.is_address()

    def read(self, _names: Catalogue) -> dict[str, Any]:
        """The source as a version keeps it."""
        return {"title": self.title.data, "url": self.url.data, "read": self.how_far.data}


class RowsField(FieldList):
    """A list of rows, with at least one to fill in, and buttons for one more and one less."""

    def __init__(self, label: str, row: type[Row], **kwargs: Any) -> None:
        super().__init__(FormField(row), label, min_entries=1, max_entries=MOST_ROWS, **kwargs)
        self.hint, self.add_words = row.hint, row.add_words
        self.has_new = False
        self.has_less = False
        self.has_too_many = False

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        """Read the rows, and notice when more were sent than a list can hold: no page sends those."""
        self.has_too_many = len(set(self._extract_indices(self.name, formdata or ()))) > MOST_ROWS
        super().process(formdata, *args, **kwargs)

    def _extract_indices(self, prefix: str, formdata: Any) -> Iterator[int]:
        for name in formdata:
            number = name[len(prefix) + 1 :].partition("-")[0] if name.startswith(f"{prefix}-") else ""
            if is_place(number):
                yield int(number)

    @property
    def is_full(self) -> bool:
        return len(self.entries) >= MOST_ROWS

    @property
    def rows(self) -> list[Row]:
        return [entry.form for entry in self.entries]

    def show(self, rows: list[dict[str, Any]]) -> None:
        """Fill in what a version says."""
        while self.entries:
            self.pop_entry()
        for row in rows[:MOST_ROWS] or [{}]:
            self.append_entry(row)

    def add(self) -> None:
        """One more row, to begin in."""
        if not self.is_full:
            self.append_entry()
            self.has_new = True

    def drop(self, place: int) -> None:
        """One row less, of which the place is counted from nought; the last one becomes an empty one."""
        if place < len(self.entries):
            self.pop_entry(place)
            self.has_less = True
        if not self.entries:
            self.append_entry()

    def read(self, names: Catalogue) -> list[dict[str, Any]] | None:
        """What the rows say; None when the catalogue does not know something, and then its field says so."""
        read = [row.read(names) for row in self.rows if not row.is_empty]
        self.errors = [row.errors for row in self.rows] if any(row.errors for row in self.rows) else []
        return None if None in read else read


class _InRow:
    """A field of a row as the summary of errors names it: with the row that it stands in."""

    def __init__(self, words: str, field: Field) -> None:
        name = f"{words}, {field.label.text[0].lower()}{field.label.text[1:]}"
        self.id, self.type = field.id, field.type
        self.errors = [f"{name}: {message}" for message in field.errors]
        self.label = Label(field.id, "")


class Problems:
    """A form as the summary of errors reads it: the fields of its rows in place of their lists."""

    def __init__(self, form: Any) -> None:
        self.errors, self.form_errors, self.conflict = form.errors, form.form_errors, form.conflict
        self._form = form

    def __iter__(self) -> Iterator[Any]:
        for field in self._form:
            if not isinstance(field, RowsField):
                yield field
                continue
            for number, row in enumerate(field.rows, start=1):
                yield from (_InRow(f"{row.words} {number}", each) for each in row)
