"""What may come in the place of what: the line in which laws, or provisions, follow one another."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from knelpunt.domain.laws.dates import incomplete_in_words, last_day


class Succession:
    """The entries of one list of the catalogue, as the file writes them, and which follows which.

    Args:
        word: what one entry is called, "wet" or "bepaling".
        end: the field with its last day.
        followers: the field that names what comes in its place.
    """

    def __init__(self, rows: Iterable[Mapping[str, Any]], *, word: str, end: str, followers: str) -> None:
        self.word, self.end, self.followers = word, end, followers
        self.rows = {str(row.get("id")): row for row in rows}

    @classmethod
    def of_laws(cls, rows: Iterable[Mapping[str, Any]]) -> "Succession":
        """The line of laws."""
        return cls(rows, word="wet", end="in_force_to", followers="successor")

    @classmethod
    def of_provisions(cls, rows: Iterable[Mapping[str, Any]]) -> "Succession":
        """The line of provisions."""
        return cls(rows, word="bepaling", end="valid_to", followers="replaced_by")

    def why_not(self, earlier: str, later: str) -> str | None:
        """Why ``later`` cannot come in the place of ``earlier``: the same, not outlasting it, or before it in the line.

        Where an end was not looked up, or is no date, nothing is refused for it.
        """
        if earlier == later:
            return f"een {self.word} kan zichzelf niet opvolgen"
        if self._never_held_after(later, earlier):
            last = incomplete_in_words(self.rows[later][self.end])
            return f"{self._name(later)} gold tot en met {last}, en dus niet na {self._name(earlier)}"
        if self._leads_to(later, earlier):
            return f"{self._name(later)} gaat al vooraf aan {self._name(earlier)}; zo zou het een kring worden"
        return None

    def _name(self, key: str) -> str:
        return f"‘{name_of(self.rows.get(key, {}), key)}’"

    def _never_held_after(self, later: str, earlier: str) -> bool:
        if later not in self.rows or earlier not in self.rows:
            return False
        end = _day(self.rows[later].get(self.end))
        if end is None:
            return False
        row = self.rows[earlier]
        other = _day(row.get(self.end))
        if other is None:
            return not row.get(self.end) and row.get("status_on_reference_date") != "onbekend"
        return end <= other

    def _leads_to(self, start: str, goal: str) -> bool:
        seen, waiting = {start}, [start]
        while waiting:
            named = self.rows.get(waiting.pop(), {}).get(self.followers)
            for key in named if isinstance(named, list) else []:
                if key == goal:
                    return True
                if key not in seen:
                    seen.add(key)
                    waiting.append(key)
        return False


def name_of(row: Mapping[str, Any], key: str) -> str:
    """What people call an entry: the title of a law, or an instrument with its article; its key while it has none."""
    instrument, article = row.get("instrument"), row.get("article")
    if instrument and article:
        return f"{instrument} ({'artikel ' if article[:1].isdigit() else ''}{article})"
    return str(row.get("citation_title") or instrument or key)


def _day(text: Any) -> date | None:
    try:
        return last_day(text) if isinstance(text, str) else None
    except ValueError:
        return None
