"""One line of a file with cases: the fields it may hold, checked, with a Dutch sentence for each that is wrong.

The fields are explained in ``docs/import.md``.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from knelpunt.domain.filing.rules import TEXT_LENGTH, TITLE_LENGTH
from knelpunt.domain.history.records import (
    Basis,
    HistoricCase,
    NamedRule,
    Outcome,
    Precision,
    ending_of,
    overruled,
    theme_of,
)
from knelpunt.domain.vocabulary import Result, SubmitterKind, Theme, Verdict

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
EARLIEST_DAY = date(1990, 1, 1)
MONTH_AND_DAY_OF_A_YEAR = (7, 1)
"""Where only the year is known, the case is booked in the middle of it."""
DAY_WITHOUT_YEAR = date(2009, 12, 31)
"""Where not even the year is known: the day before the first quarter that is ever counted."""
ID_LENGTH = 80
WORD_LENGTH = 250
ARTICLE_LENGTH = 200
NOTE_LENGTH = 2000
URL_LENGTH = 500
MOST_RULES = 20

SUBMITTER_KINDS = {
    "municipality": SubmitterKind.MUNICIPALITY,
    "citizen initiative": SubmitterKind.CITIZEN_INITIATIVE,
    "housing corporation": SubmitterKind.HOUSING_CORPORATION,
    "province": SubmitterKind.PROVINCE,
    "school board": SubmitterKind.SCHOOL_BOARD,
    "other": SubmitterKind.OTHER,
}
BASES = {"source": Basis.SOURCE, "inferred": Basis.INFERRED}
FIELDS = frozenset(
    {
        "id",
        "year",
        "filed_on",
        "closed_on",
        "municipality",
        "province",
        "submitter_kind",
        "title",
        "description",
        "theme",
        "blocking",
        "label",
        "outcome",
        "result",
        "verdict",
        "source",
        "confidence",
        "note",
        "detail",
        "style",
        "case_type",
    }
)
CONFIDENCES = {"high": "groot", "medium": "redelijk", "low": "klein"}


class HistoryInvalid(Exception):
    """A line cannot be taken in. ``problems`` are Dutch sentences."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def read_case(data: Mapping[str, Any], today: date) -> HistoricCase:
    """Check one line and work out what it means here.

    Args:
        today: the day of the import (Europe/Amsterdam); no day may lie after it.
    Raises:
        HistoryInvalid: with everything that is wrong with it.
    """
    fields = _Fields(data)
    key = fields.text("id", ID_LENGTH)
    title = fields.text("title", TITLE_LENGTH)
    description = fields.text("description", TEXT_LENGTH)
    submitter = fields.choice("submitter_kind", SUBMITTER_KINDS)
    municipality = fields.optional_text("municipality", WORD_LENGTH)
    province = fields.optional_text("province", WORD_LENGTH)
    filed_on, closed_on, precision = _days(fields, today)
    rules = _rules(fields)
    room_law, room = _label(fields)
    outcome = fields.choice("outcome", {member.value: member for member in Outcome})
    result = fields.optional_choice("result", {member.value: member for member in Result})
    verdict = fields.optional_choice("verdict", {member.value: member for member in Verdict})
    theme = fields.optional_choice("theme", {member.value: member for member in Theme})
    note = fields.optional_text("note", NOTE_LENGTH)
    confidence = fields.optional_choice("confidence", CONFIDENCES)
    url, source_title, was_read_whole = _source(fields)
    for name in sorted(set(data) - FIELDS):
        fields.problem(f"onbekend veld '{name[:40]}'")
    if fields.problems or submitter is None or outcome is None or filed_on is None:
        raise HistoryInvalid(fields.problems)
    ending = overruled(ending_of(outcome, rules, room_law, f"{room or ''} {note or ''}"), result, verdict)
    return HistoricCase(
        key=key,
        title=title,
        description=description,
        submitter_kind=submitter,
        municipality=municipality,
        province=province,
        filed_on=filed_on,
        closed_on=(closed_on or filed_on) if ending.is_closed else None,
        precision=precision,
        theme=theme or theme_of((room_law, *(rule.law for rule in rules)), f"{title} {room or ''}"),
        rules=rules,
        room_law=room_law,
        room=room,
        ending=ending,
        source_url=url,
        source_title=source_title,
        note=_note(precision, filed_on, was_read_whole=was_read_whole, confidence=confidence, note=note),
    )


def _days(fields: "_Fields", today: date) -> tuple[date | None, date | None, Precision]:
    """When the case was filed and closed, and how exactly that is known."""
    filed_on, closed_on = fields.day("filed_on", today), fields.day("closed_on", today)
    year = fields.data.get("year")
    if year is not None and (type(year) is not int or not EARLIEST_DAY.year <= year <= today.year):
        fields.problem(f"'year' moet een jaar zijn van {EARLIEST_DAY.year} tot en met {today.year}")
        return None, None, Precision.NONE
    if filed_on is None:
        if closed_on is not None:
            fields.problem("bij 'closed_on' hoort ook 'filed_on'")
        if year is None:
            return DAY_WITHOUT_YEAR, None, Precision.NONE
        return min(date(year, *MONTH_AND_DAY_OF_A_YEAR), today), None, Precision.YEAR
    if closed_on is not None and closed_on < filed_on:
        fields.problem("'closed_on' ligt voor 'filed_on'")
    if year is not None and year not in {filed_on.year, (closed_on or filed_on).year}:
        fields.problem("'year' past niet bij 'filed_on'")
    return filed_on, closed_on, Precision.DAY


def _rules(fields: "_Fields") -> tuple[NamedRule, ...]:
    listed = fields.data.get("blocking") or []
    if not isinstance(listed, list) or len(listed) > MOST_RULES:
        fields.problem(f"'blocking' moet een lijst zijn van ten hoogste {MOST_RULES} regels")
        return ()
    rules = []
    for item in listed:
        part = fields.part("blocking", item)
        law = part.text("law", ID_LENGTH)
        article = part.optional_text("article", ARTICLE_LENGTH)
        basis = part.choice("basis", BASES)
        if law and basis:
            rules.append(NamedRule(law, article, basis))
    return tuple(rules)


def _label(fields: "_Fields") -> tuple[str, str | None]:
    part = fields.part("label", fields.data.get("label"))
    law, instrument = part.text("law", ID_LENGTH), part.optional_text("instrument", WORD_LENGTH)
    return law, instrument.rstrip(".") if instrument else None


def _source(fields: "_Fields") -> tuple[str, str, bool]:
    part = fields.part("source", fields.data.get("source"))
    url, title = part.text("url", URL_LENGTH), part.text("title", WORD_LENGTH)
    read = part.optional_choice("read", {"full": True, "opening only": False})
    if url and not _is_web_address(url):
        part.problem("'url' moet een adres zijn dat met https:// of http:// begint")
    return url, title, read is not False


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"https", "http"} and bool(parts.hostname) and not any(map(str.isspace, url))


def _note(
    precision: Precision, filed_on: date, *, was_read_whole: bool, confidence: str | None, note: str | None
) -> str:
    """What a reader must know about the line, in whole sentences."""
    sentences = []
    if precision is Precision.YEAR:
        sentences.append(
            f"Van dit geval is alleen het jaar bekend ({filed_on.year}): het jaar van het besluit, de uitspraak of "
            f"het bericht. Het is geboekt in het midden van dat jaar; de echte dag en de duur zijn niet bekend."
        )
    elif precision is Precision.NONE:
        sentences.append("Van dit geval is het jaar niet bekend. Het telt in geen enkel kwartaal mee.")
    if not was_read_whole:
        sentences.append("Van de bron is alleen het begin gelezen.")
    if confidence:
        sentences.append(f"De zekerheid dat de bron deze ruimte noemt is {confidence}.")
    if note:
        sentences.append(note)
    return " ".join(sentences)


class _Fields:
    """Reads the fields of one object and gathers what is wrong with them."""

    def __init__(self, data: Mapping[str, Any], problems: list[str] | None = None, within: str = "") -> None:
        self.data = data
        self.problems: list[str] = [] if problems is None else problems
        self._within = within

    def problem(self, text: str) -> None:
        self.problems.append(f"{self._within}{text}")

    def part(self, name: str, value: Any) -> "_Fields":
        """An object inside this one; when it is none, it counts as empty."""
        if not isinstance(value, dict):
            self.problem(f"'{name}' ontbreekt of is geen object")
            return _Fields({}, [])
        return _Fields(value, self.problems, f"{name}: ")

    def text(self, name: str, longest: int) -> str:
        text = self.optional_text(name, longest)
        if text is None:
            if not isinstance(self.data.get(name), str) or not self.data[name].strip():
                self.problem(f"'{name}' ontbreekt")
            return ""
        return text

    def optional_text(self, name: str, longest: int) -> str | None:
        value = self.data.get(name)
        if value is None:
            return None
        if not isinstance(value, str):
            self.problem(f"'{name}' moet tekst zijn")
            return None
        if not value.strip():
            return None
        if _FORBIDDEN.search(value):
            self.problem(f"'{name}' bevat een teken dat niet mag (NUL, stuurteken of half letterteken)")
            return None
        if len(value) > longest:
            self.problem(f"'{name}' is langer dan {longest} tekens")
            return None
        return value.strip()

    def choice(self, name: str, choices: Mapping[str, Any]) -> Any:
        if self.data.get(name) is None:
            self.problem(f"'{name}' ontbreekt")
            return None
        return self.optional_choice(name, choices)

    def optional_choice(self, name: str, choices: Mapping[str, Any]) -> Any:
        value = self.data.get(name)
        if value is None:
            return None
        if not isinstance(value, str) or value not in choices:
            self.problem(f"'{name}' moet een van deze zijn: {', '.join(choices)}")
            return None
        return choices[value]

    def day(self, name: str, today: date) -> date | None:
        value = self.data.get(name)
        if value is None:
            return None
        try:
            day = date.fromisoformat(value) if isinstance(value, str) and len(value) == len("2026-11-24") else None
        except ValueError:
            day = None
        if day is None or not EARLIEST_DAY <= day <= today:
            self.problem(f"'{name}' moet een dag zijn als 2015-07-01, niet voor 1990 en niet in de toekomst")
            return None
        return day
