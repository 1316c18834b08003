"""Translations: the committed catalogues (.po), read at first use, and the words of dates and numbers out of Babel."""

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from itertools import zip_longest
from pathlib import Path

from babel.dates import format_date
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from knelpunt.domain.calendar.dutch_dates import MONTHS, WEEKDAYS
from knelpunt.domain.languages import DUTCH, Language

FOLDER = Path(__file__).resolve().parent.parent / "translations"
LONGEST_TEXT = 1200
"""Texts of the interface are shorter; what is longer was written by a person and is left as it is."""
_PLACE = re.compile(r"\{(\w+)\}")
_DAY_NAME = "on_day"
"""A place with such a name holds nothing but a day, with or without "op", or today."""
_FORM_PLACE = re.compile(r"%\((\w+)\)[ds]")
_DATE = re.compile(rf"(?:({'|'.join(WEEKDAYS)}) )?(\d{{1,2}}) ({'|'.join(MONTHS)}) (\d{{4}})")
_ON_DAY = re.compile(rf"op ({_DATE.pattern})")
_A_DAY = rf"((?:op )?{re.sub(r'[(](?![?])', '(?:', _DATE.pattern)}|vandaag)"
_MONTH = re.compile(rf"({'|'.join(MONTHS)}) (\d{{4}})")
_SENTENCES = re.compile(r"(?<=[.?]) (?=[A-Z])")
_COUNTED = re.compile(r"(\d[\d.]*) ([a-zë]+)")
_KEY_LENGTH = 4
_SHORT_LENGTH = 8
_SHORTEST = 4


def path_of(code: str) -> Path:
    """Where the catalogue of a language stands."""
    return FOLDER / code / "LC_MESSAGES" / "messages.po"


def read_texts(path: Path) -> dict[str, str]:
    """Dutch text to translation; what has none, or one that nobody looked at yet (fuzzy), is left out."""
    with path.open("rb") as file:
        catalogue = read_po(file)
    return {
        _FORM_PLACE.sub(r"{\1}", str(message.id)): _FORM_PLACE.sub(r"{\1}", str(message.string))
        for message in catalogue
        if message.id and message.string and not message.fuzzy
    }


class _Sentence:
    """A text with places to fill in, such as "Zoek op {words}": recognised when filled in, and written again."""

    def __init__(self, dutch: str, translation: str) -> None:
        parts = _PLACE.split(dutch)
        self.names = parts[1::2]
        self.translation = translation
        self.literal_length = sum(map(len, parts[::2]))
        self.start = parts[0][:_KEY_LENGTH] if len(parts[0]) >= _KEY_LENGTH else ""
        places = [_A_DAY if name.endswith(_DAY_NAME) else "(.+?)" for name in self.names]
        fixed = map(re.escape, parts[::2])
        self.pattern = re.compile("".join(map("".join, zip_longest(fixed, places, fillvalue=""))), re.DOTALL)

    def filled(self, values: Mapping[str, str]) -> str:
        """The translation with these values in its places."""
        return _PLACE.sub(lambda place: values[place.group(1)], self.translation)

    @property
    def is_long(self) -> bool:
        """Whether enough of it is fixed to know it by, whatever stands in its places."""
        return self.literal_length > _SHORT_LENGTH


class Catalogue:
    """The texts of one language. A text without a translation comes back in Dutch, so half a catalogue works too."""

    def __init__(self, language: Language, texts: Mapping[str, str]) -> None:
        self.language = language
        self._messages = texts
        self._texts = {dutch: text for dutch, text in texts.items() if not _PLACE.search(dutch) or "{{" in dutch}
        sentences = [
            _Sentence(dutch, text) for dutch, text in texts.items() if _PLACE.search(dutch) and not _is_markup(dutch)
        ]
        self._sentences: dict[str, list[_Sentence]] = {}
        for sentence in sorted(sentences, key=lambda each: -each.literal_length):
            self._sentences.setdefault(sentence.start, []).append(sentence)
        self._say = lru_cache(4096)(self._translated)

    def exact(self, dutch: str) -> str | None:
        """The translation of this very text, with the blanks around it as they were."""
        core = dutch.strip()
        found = self._texts.get(core)
        return None if found is None else dutch.replace(core, found, 1)

    def sentence(self, dutch: str) -> str | None:
        """The translation of a message with its places still open, such as "Zoek op {words}"."""
        return self._messages.get(dutch)

    def say(self, dutch: str, *, longest: int = LONGEST_TEXT) -> str:
        """This text in the language of the catalogue: a known text, a known sentence that was filled in, a date or a
        counted unit; else the text as it is."""
        return dutch if len(dutch) > longest else self._say(dutch)

    def _translated(self, dutch: str) -> str:
        core = dutch.strip()
        if not core or (len(core) < _SHORTEST and core.islower()):
            return dutch  # a joint such as "en", or a code: only a template knows which
        found = self._known(core)
        return dutch if found is None else dutch.replace(core, found, 1)

    def _known(self, core: str) -> str | None:
        if core in self._texts:
            return self._texts[core]
        if core[0].islower() and (found := self._texts.get(_capital(core))) is not None:
            return found[0].lower() + found[1:]
        if core.endswith(",") and (found := self._texts.get(core[:-1])) is not None:
            return f"{found},"
        day = _DATE.fullmatch(core)
        if day:
            return self._day(day)
        if _ON_DAY.fullmatch(core) and "op" in self._texts:
            return f"{self._texts['op']} {self.say(core[3:])}"
        month = _MONTH.fullmatch(core)
        if month:
            first = date(int(month.group(2)), MONTHS.index(month.group(1)) + 1, 1)
            return format_date(first, "MMMM y", locale=self.language.locale)
        counted = _COUNTED.fullmatch(core)
        if counted and (unit := self._texts.get(counted.group(2))):
            return f"{counted.group(1)} {unit}"
        filled = self._filled_in(core)
        if filled is not None:
            return filled
        head, colon, rest = core.partition(": ")
        if colon and head in self._texts:
            return f"{self._texts[head]}: {self._part(rest)}"
        pieces = _SENTENCES.split(core)
        if len(pieces) > 1:
            return self._joined(pieces)
        if core[0].isupper():
            lowered = core[0].lower() + core[1:]
            found = self._known(lowered) if lowered != core else None
            return None if found is None else _capital(found)
        return None

    def _joined(self, sentences: list[str]) -> str | None:
        """Texts that were put one after another, each of one or more sentences; what is not ours stays."""
        said, at, is_ours = [], 0, False
        while at < len(sentences):
            for end in range(len(sentences) - (at == 0), at, -1):
                text = " ".join(sentences[at:end])
                found = self._texts.get(text) if end - at > 1 else self._known(text)
                if found is not None and len(text) > _SHORT_LENGTH:
                    said.append(found)
                    at, is_ours = end, True
                    break
            else:
                said.append(sentences[at])
                at += 1
        return " ".join(said) if is_ours else None

    def _filled_in(self, core: str) -> str | None:
        """A sentence with places, recognised by its fixed words, with what stood in its places."""
        for start in (core[:_KEY_LENGTH], ""):
            for sentence in self._sentences.get(start, ()):
                found = sentence.pattern.fullmatch(core)
                if not found:
                    continue
                parts = [self._part(part) for part in found.groups()]
                if sentence.is_long or all(map(_is_known, found.groups(), parts)):
                    return sentence.filled(dict(zip(sentence.names, parts, strict=True)))
        return None

    def _part(self, text: str) -> str:
        """What fills a place: a text of ours, a list of them, or a text of a person, in which dates are anew."""
        known = self.say(text)
        if known != text:
            return known
        if ", " in text and len(text) < 200:
            return ", ".join(map(self.say, text.split(", ")))
        return _DATE.sub(self._day, text)

    def _day(self, found: re.Match[str]) -> str:
        weekday, day, month, year = found.groups()
        try:
            on = date(int(year), MONTHS.index(month) + 1, int(day))
        except ValueError:
            return found.group()
        return self.date_in_words(on) if weekday else format_date(on, "d MMMM y", locale=self.language.locale)

    def date_in_words(self, day: date) -> str:
        """ "Tuesday 24 November 2026"."""
        return format_date(day, "EEEE d MMMM y", locale=self.language.locale)

    def short_date(self, day: date) -> str:
        """ "24 Nov 2026"."""
        return format_date(day, "d MMM y", locale=self.language.locale)

    def number(self, value: int) -> str:
        """ "1,000"."""
        return format_decimal(value, locale=self.language.locale)

    def decimal(self, value: float, digits: int = 1) -> str:
        """ "1,234.5"."""
        shape = f"#,##0.{'0' * digits}" if digits else "#,##0"
        return format_decimal(value, format=shape, locale=self.language.locale)


def _is_known(dutch: str, said: str) -> bool:
    """Whether a part of a sentence is ours: it was translated, or is a number."""
    return said != dutch or dutch.replace(".", "").isdigit()


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _is_markup(dutch: str) -> bool:
    """Whether it is a piece of a template, which is only translated while the template is compiled."""
    return "{{" in dutch or "{%" in dutch or "<" in dutch


@lru_cache
def catalogue(language: Language) -> Catalogue:
    """The catalogue of a language, read once in a process; Dutch is empty, for everything is Dutch already."""
    return Catalogue(language, {} if language is DUTCH else read_texts(path_of(language.code)))
