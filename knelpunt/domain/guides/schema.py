"""What a file of ruimtewijzers must hold, checked field by field before anything of it is loaded."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from knelpunt.domain.guides.track import ClaimOutcome, GuideAudience, GuideText
from knelpunt.domain.laws.schema import Confidence, RoomType
from knelpunt.domain.vocabulary import KNOWN_THEMES, AssessmentRole, Theme

READ = ("full", "opening only", "not read")
"""How far a source was read."""
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_TEXTS = (
    "question",
    "short_answer",
    "room",
    "who_decides",
    "model_text",
    "confidence_note",
    "search_words",
)
_FIELDS = {
    "slug",
    "conditions",
    "theme",
    "room_type",
    "audiences",
    "confidence",
    "valid_from",
    "valid_to",
    "rules",
    "examples",
    "sources",
    *_TEXTS,
}


class GuideInvalid(Exception):
    """Something in a file is not right; ``problems`` are Dutch sentences that each name the guide."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class GuideEntry:
    """One guide of a file: checked, with its rules and places still as the writer named them."""

    slug: str
    text: GuideText


def parse_guide(fields: Mapping[str, Any]) -> GuideEntry:
    """Check one guide.

    Raises:
        GuideInvalid: with everything that is wrong.
    """
    problems = list(_problems(fields))
    if problems:
        raise GuideInvalid([f"{fields.get('slug', 'zonder slug')}: {problem}" for problem in problems])
    return GuideEntry(
        slug=fields["slug"],
        text=GuideText(
            question=fields["question"].strip(),
            short_answer=fields["short_answer"].strip(),
            room=fields["room"].strip(),
            conditions="\n".join(line.strip() for line in fields["conditions"]),
            who_decides=fields["who_decides"].strip(),
            model_text=fields["model_text"].strip(),
            search_words=fields["search_words"].strip(),
            theme=Theme(fields["theme"]),
            room_type=RoomType(fields["room_type"]),
            audiences=tuple(GuideAudience(each) for each in fields["audiences"]),
            confidence=Confidence(fields["confidence"]),
            confidence_note=fields["confidence_note"].strip(),
            valid_from=_day(fields["valid_from"]),
            valid_to=_day(fields["valid_to"]),
            rules=[dict(each) for each in fields["rules"]],
            examples=[dict(each) for each in fields["examples"]],
            sources=[dict(each) for each in fields["sources"]],
        ),
    )


def _problems(fields: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"‘{name}’ ontbreekt" for name in sorted(_FIELDS - set(fields)))
    yield from (f"‘{name}’ is geen bekend veld" for name in sorted(set(fields) - _FIELDS))
    if set(fields) != _FIELDS:
        return
    if not isinstance(fields["slug"], str) or not _SLUG.fullmatch(fields["slug"]):
        yield "‘slug’ heeft kleine letters, cijfers en streepjes"
    yield from (f"‘{name}’ moet een tekst zijn" for name in _TEXTS if not _is_text(fields[name]))
    for name in ("conditions", "audiences", "rules", "sources"):
        if not isinstance(fields[name], list) or not fields[name]:
            yield f"‘{name}’ moet een lijst zijn die niet leeg is"
    if not isinstance(fields["examples"], list):
        yield "‘examples’ moet een lijst zijn"
        return
    for name, kind in (("theme", KNOWN_THEMES), ("room_type", RoomType), ("confidence", Confidence)):
        yield from _in_list(name, fields[name], kind)
    for audience in fields["audiences"] or ():
        yield from _in_list("audiences", audience, GuideAudience)
    yield from _period(fields["valid_from"], fields["valid_to"])
    for check, name in ((_rule, "rules"), (_example, "examples"), (_source, "sources")):
        for place, each in enumerate(fields[name] or (), start=1):
            yield from (f"{name} {place}: {problem}" for problem in _checked(check, each))


def _checked(check: Callable[[Mapping[str, Any]], Iterator[str]], value: Any) -> Iterator[str]:
    if not isinstance(value, dict):
        yield "moet uit velden bestaan"
        return
    yield from check(value)


def _rule(rule: Mapping[str, Any]) -> Iterator[str]:
    if (rule.get("provision") is None) == (rule.get("law") is None):
        yield "noem een bepaling of een wet, en niet allebei"
    yield from _in_list("role", rule.get("role"), AssessmentRole)
    if not _is_day(rule.get("on")):
        yield "‘on’ moet een dag zijn"


def _example(example: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"‘{name}’ moet een tekst zijn" for name in ("place", "what", "url") if not _is_text(example.get(name)))
    if example.get("outcome") is not None:
        yield from _in_list("outcome", example["outcome"], ClaimOutcome)
    year = example.get("year")
    if year != "" and not (isinstance(year, str) and re.fullmatch(r"(19|20)\d\d", year)):
        yield "‘year’ moet een jaar zijn, of leeg"
    if not str(example.get("url")).startswith(("https://", "http://")):
        yield "‘url’ moet een webadres zijn"


def _source(source: Mapping[str, Any]) -> Iterator[str]:
    if not _is_text(source.get("title")):
        yield "‘title’ moet een tekst zijn"
    if not str(source.get("url")).startswith(("https://", "http://")):
        yield "‘url’ moet een webadres zijn"
    if source.get("read") not in READ:
        yield f"‘read’ moet een van deze zijn: {', '.join(READ)}"


def _in_list(name: str, value: Any, kind: Iterable[StrEnum]) -> Iterator[str]:
    if value not in set(kind):
        yield f"‘{name}’ moet een van deze zijn: {', '.join(kind)}"


def _period(start: Any, end: Any) -> Iterator[str]:
    for name, value in (("valid_from", start), ("valid_to", end)):
        if value is not None and not _is_day(value):
            yield f"‘{name}’ moet een dag zijn, of leeg"
            return
    if start is not None and end is not None and end < start:
        yield "‘valid_to’ ligt voor ‘valid_from’"


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_day(value: Any) -> bool:
    try:
        _day(value)
    except (TypeError, ValueError):
        return False
    return value is not None


def _day(value: Any) -> date | None:
    return None if value is None else date.fromisoformat(value)
