"""Takes what somebody wrote out of a reply, without the mail that it answers.

Mail programs agree on nothing here. Where in doubt a line stays: a line too much is read over, a line lost is a loss.
"""

import re
from collections.abc import Iterator

_QUOTED = re.compile(r"^\s{0,3}(?:>|\|\s)")
_DIVIDER = re.compile(
    r"^\W*(?:-{2,}|_{2,})?\s*(?:oorspronkelijk bericht|doorgestuurd bericht|original message|forwarded message"
    r"|ursprüngliche nachricht|message d'origine)\s*(?:-{2,}|_{2,})?\W*$",
    re.IGNORECASE,
)
_RULE = re.compile(r"^\s*_{10,}\s*$")
_INTRODUCTION = re.compile(
    r"^\s*>*\s*(?:(?:op|on|am|le)\b.{4,200}?\b(?:schreef|wrote|schrieb|a écrit)\b.{0,150}"
    r"|op\b.{4,200}?\bheeft\b.{1,150}?\bhet\s+volgende\s+geschreven"
    r"|[^\n]{1,150}<[^<>\s]+@[^<>\s]+>\s*(?:schreef|wrote|schrieb|a écrit)\b[^\n]{0,60}):\s*$",
    re.IGNORECASE | re.DOTALL,
)
_HEAD = re.compile(
    r"^\s*\*?(?P<name>van|from|von|de|verzonden|sent|datum|date|gesendet|aan|to|an|onderwerp|subject|betreff|cc)"
    r"\s*:\*?\s*\S",
    re.IGNORECASE,
)
_SENDERS = frozenset({"van", "from", "von", "de"})
_HEAD_LINES = 3
"""So many lines of a head in a row, beginning with the sender, are the head of an older mail."""


def new_text(text: str) -> str:
    """The words that are new in a reply; all of it when nothing would be left."""
    return own_words(text) or text.strip()


def own_words(text: str) -> str:
    """The same; empty when nothing is left."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept = "\n".join(line.rstrip() for line in _without_history(lines))
    return re.sub(r"\n{3,}", "\n\n", kept).strip()


def _without_history(lines: list[str]) -> Iterator[str]:
    """The lines that are not quoted, up to where an older mail stands whole below them."""
    at = 0
    while at < len(lines):
        line = lines[at]
        if _DIVIDER.match(line) or _starts_head(lines, at):
            return
        if _RULE.match(line) and _starts_head(lines, _next_filled(lines, at + 1)):
            return
        length = _introduction(lines, at)
        if length:
            at += length
            continue
        if not _QUOTED.match(line):
            yield line
        at += 1


def _introduction(lines: list[str], at: int) -> int:
    """How many lines here introduce a quotation, such as "Op ma 30 nov 2026 schreef ...:"; 0 for none.

    Only before a quotation, or before nothing: a sentence of a person may look the same.
    """
    for length in (1, 2, 3):
        joined = "\n".join(lines[at : at + length])
        if not lines[at + length - 1 : at + length] or not lines[at + length - 1].strip():
            return 0
        if not _INTRODUCTION.match(joined):
            continue
        following = _next_filled(lines, at + length)
        if following >= len(lines) or _QUOTED.match(lines[following]):
            return length
    return 0


def _starts_head(lines: list[str], at: int) -> bool:
    """Whether the head of an older mail starts here, as Outlook puts it above that mail."""
    first = _HEAD.match(lines[at]) if at < len(lines) else None
    if first is None or first["name"].lower() not in _SENDERS:
        return False
    return sum(_HEAD.match(line) is not None for line in lines[at : at + 6]) >= _HEAD_LINES


def _next_filled(lines: list[str], at: int) -> int:
    while at < len(lines) and not lines[at].strip():
        at += 1
    return at
