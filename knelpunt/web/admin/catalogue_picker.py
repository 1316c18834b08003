"""A field that names entries of the catalogue: what was picked, and a search on the same page to pick more from."""

from collections.abc import Mapping
from typing import Any

from flask import request
from sqlalchemy.orm import Session
from wtforms import Field
from wtforms.utils import unset_value

from knelpunt.domain.laws.edits import EntryKind
from knelpunt.queries.laws.candidates import MOST_FOUND, Candidate, find_candidates, named_candidates
from knelpunt.services.laws import edits
from knelpunt.web.shared.forms.forms import visible_text

SEARCH_BUTTON = "zoek"
"""The name of the button that searches; its value is the field to search for."""
SEARCH_MAX = 200
KEY_MAX = 60
MOST_KEYS = 50
UNKNOWN = "staat niet in de catalogus"


class KeysField(Field):
    """Keys of laws or provisions, one tick box each.

    What is typed in the search box and was not searched for yet is searched for first, whatever button sends the form:
    nothing that somebody looks for is passed over in silence.
    """

    data: Any

    def __init__(self, label: str | None = None, validators: Any = None, *, entries: EntryKind, **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self.entries = entries
        self.typed = self.searched = ""
        self.was_asked = False
        self.chosen: list[Candidate] = []
        self.found: list[tuple[Candidate, str | None]] = []
        self.has_more = False

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        super().process(formdata, data, extra_filters)
        self.data = list(self.data or [])
        if formdata:
            self.typed = _one_line(formdata.get(f"{self.name}-zoek"), SEARCH_MAX)
            self.searched = _one_line(formdata.get(f"{self.name}-gezocht"), SEARCH_MAX)
            self.was_asked = formdata.get(SEARCH_BUTTON) == self.name

    def process_formdata(self, valuelist: list[str]) -> None:
        keys = [_one_line(value, KEY_MAX) for value in valuelist[:MOST_KEYS]]
        self.data = list(dict.fromkeys(key for key in keys if key))

    @property
    def is_searching(self) -> bool:
        """Whether the form came to look something up, and not to be kept."""
        return request.method == "POST" and (self.was_asked or (bool(self.typed) and self.typed != self.searched))

    @property
    def one(self) -> str:
        """What one entry is called."""
        return "wet" if self.entries is EntryKind.LAW else "bepaling"

    @property
    def many(self) -> str:
        """What more of them are called."""
        return "wetten" if self.entries is EntryKind.LAW else "bepalingen"

    def look_up(self, session: Session, entry: Mapping[str, Any]) -> None:
        """Fill in what was picked and what the search finds, with why it cannot be picked. ``entry`` is as typed."""
        named = named_candidates(session, self.entries, self.data)
        self.chosen = [named.get(key) or Candidate(key, key, UNKNOWN) for key in self.data]
        found = find_candidates(session, self.entries, self.typed)
        self.has_more = len(found) > MOST_FOUND
        found = [each for each in found[:MOST_FOUND] if each.key not in self.data]
        keys = [each.key for each in found]
        refused = edits.impossible(session, self.entries, self.name, entry, keys) if keys else {}
        self.found = [(each, refused.get(each.key)) for each in found]


def _one_line(text: Any, length: int) -> str:
    return visible_text(" ".join(str(text or "").split()))[:length].strip()
