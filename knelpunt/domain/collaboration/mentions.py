"""Which colleagues a note names: "@" and a name, or the part of the e-mail address before the @."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from knelpunt.domain.errors import DomainError

# An address such as info@gemeente.example names nobody: the sign stands at the start of a word.
_HANDLE = re.compile(r"(?<![\w.@+-])@([\w][\w.'’-]*)")
_WORD = re.compile(r"[^\W_]+")
MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody at the desk who may read the case."""

    id: int
    name: str
    email: str


def handles_in(text: str) -> list[str]:
    """The handles of a note as they were typed, each once, without the sign and without a full stop behind them."""
    return list(dict.fromkeys(found.rstrip(".'’-") for found in _HANDLE.findall(text)))


def named_in(text: str, colleagues: Iterable[Colleague]) -> list[int]:
    """The accounts that a note names.

    Raises:
        DomainError: a handle fits nobody, or more than one.
    """
    known = list(colleagues)
    handles = handles_in(text)
    if len(handles) > MOST_NAMED:
        raise DomainError(f"Noem niet meer dan {MOST_NAMED} collega’s in één notitie.", field="body")
    return [_one(handle, known) for handle in handles]


def _one(handle: str, colleagues: list[Colleague]) -> int:
    wanted = _folded(handle)
    found = [each for each in colleagues if wanted in (_folded(each.email.partition("@")[0]), _folded(each.name))]
    found = found or [each for each in colleagues if wanted in map(_folded, _WORD.findall(each.name))]
    if not found:
        raise DomainError(
            f"‘@{handle}’ is geen collega die deze zaak mag lezen. Kies een collega in de lijst, of haal de @ weg.",
            field="body",
        )
    if len(found) > 1:
        names = ", ".join(sorted(each.name for each in found)[:5])
        raise DomainError(
            f"‘@{handle}’ kan meer dan één collega zijn: {names}. Kies een collega in de lijst.", field="body"
        )
    return found[0].id


def _folded(text: str) -> str:
    """Small letters and digits only, without accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in plain if character.isalnum())
