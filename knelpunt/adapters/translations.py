"""Translations: the committed catalogues (.po), read at first use, and dates and numbers as a language writes them."""

from datetime import date, datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations

from knelpunt.domain.languages import DUTCH, Language
from knelpunt.domain.texts import MONTHS, Text, date_in_words

_DUTCH_SIGNS = str.maketrans(",.", ".,")
FOLDER = Path(__file__).resolve().parent.parent / "translations"


class Translator:
    """Says texts of ours in one language. A text without a translation stays Dutch, so half a catalogue works too.

    ``script_texts`` are the texts of our scripts, Dutch to translation.
    """

    def __init__(self, language: Language, po: bytes = b"") -> None:
        self.language = language
        self.texts: NullTranslations = NullTranslations()
        self.script_texts: dict[str, str] = {}
        if po:
            catalogue = read_po(BytesIO(po), locale=language.locale)
            compiled = BytesIO()
            write_mo(compiled, catalogue)
            compiled.seek(0)
            self.texts = Translations(compiled)
            self.script_texts = {
                str(message.id): str(message.string)
                for message in catalogue
                if message.string and any(file.endswith(".js") for file, _line in message.locations)
            }

    def say(self, text: str) -> str:
        """A text of ours in the language; what a person wrote, which is no ``Text``, as it is."""
        if not isinstance(text, Text):
            return text
        found: str = self.texts.ngettext(text.message, text.many, text.number) if text.many else self.texts.gettext(
            text.message
        )  # fmt: skip
        return found % {name: self._value(value) for name, value in text.values.items()} if text.values else found

    def _value(self, value: object) -> object:
        if isinstance(value, date):
            return self.date_in_words(value)
        return self.say(value) if isinstance(value, str) else value

    def date_in_words(self, day: date) -> str:
        """ "Tuesday 24 November 2026"."""
        return format_date(day, "EEEE d MMMM y", locale=self.language.locale)

    def short_date(self, day: date) -> str:
        """ "24 Nov 2026"."""
        return format_date(day, "d MMM y", locale=self.language.locale)

    def clock_time(self, moment: datetime) -> str:
        """ "14:05", of a moment in its own time zone."""
        return f"{moment:%H:%M}"

    def number(self, value: int) -> str:
        """ "1,000"."""
        return format_decimal(value, locale=self.language.locale)

    def decimal(self, value: float, digits: int = 1) -> str:
        """ "1,234.5"."""
        shape = f"#,##0.{'0' * digits}" if digits else "#,##0"
        return format_decimal(value, format=shape, locale=self.language.locale)


class DutchWriter(Translator):
    """Dutch is the source: nothing is looked up, and dates and numbers are written here, many on a page."""

    def say(self, text: str) -> str:
        return text

    def date_in_words(self, day: date) -> str:
        return date_in_words(day)

    def short_date(self, day: date) -> str:
        """ "24 nov 2026"."""
        return f"{day.day} {'mrt' if day.month == 3 else MONTHS[day.month - 1][:3]} {day.year}"

    def clock_time(self, moment: datetime) -> str:
        """ "14.05 uur"."""
        return f"{moment:%H.%M} uur"

    def number(self, value: int) -> str:
        """ "1.000"."""
        return f"{value:,}".replace(",", ".")

    def decimal(self, value: float, digits: int = 1) -> str:
        """ "1.234,5"."""
        return f"{value:,.{digits}f}".translate(_DUTCH_SIGNS)


def path_of(language: Language) -> Path:
    """Where the catalogue of a language stands."""
    return FOLDER / language.code / "LC_MESSAGES" / "messages.po"


@lru_cache
def translator(language: Language) -> Translator:
    """The translator of a language, whose catalogue is read once in a process; Dutch has none, for it is the source."""
    return DutchWriter(language) if language is DUTCH else Translator(language, path_of(language).read_bytes())
