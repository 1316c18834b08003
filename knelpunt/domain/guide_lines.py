"""The lists of a ruimtewijzer as lines of text: what somebody types in a form, and what the form shows again.

A rule: ``biedt ruimte | lsw-15-a | 2026-11-24``, or for a law without provision ``belemmert | alcoholwet, art. 4 | …``.
An example: ``Zwolle, drijvende hut | Zwolle | 2012 | wat er gebeurde | gelukt | https://…``.
A source: ``Leegstandwet, artikel 15 | https://… | helemaal``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from knelpunt.domain.guides import ClaimOutcome
from knelpunt.domain.vocabulary import AssessmentRole

ROLES = {"biedt ruimte": AssessmentRole.OFFERS_ROOM, "belemmert": AssessmentRole.BLOCKS}
READ = {"helemaal": "full", "deels": "opening only", "niet": "not read"}
_ROLE_WORDS = {role: words for words, role in ROLES.items()}
_READ_WORDS = {read: words for words, read in READ.items()}
UNKNOWN = "onbekend"
MOST_LINES = 60


class LineInvalid(ValueError):
    """A line cannot be read; the message is Dutch and names the line."""


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule as it was typed: the key of a provision, or of a law with an article in words behind a comma."""

    role: AssessmentRole
    key: str
    article: str | None
    on_date: date


def read_rules(text: str) -> list[RuleLine]:
    """Raises LineInvalid."""
    rules = []
    for number, (role, rule, day) in _lines(text, 3, "rol | bepaling of wet | dag"):
        key, comma, article = rule.partition(",")
        try:
            on_date = date.fromisoformat(day)
        except ValueError:
            raise LineInvalid(f"Regel {number}: ‘{day}’ is geen dag. Schrijf een dag als 2026-11-24.") from None
        rules.append(
            RuleLine(_chosen(ROLES, role, number, "rol"), key.strip(), article.strip() if comma else None, on_date)
        )
    return rules


def read_examples(text: str) -> list[dict[str, Any]]:
    """Raises LineInvalid. ``municipality`` is still a name, or empty."""
    examples = []
    shape = "plaats | gemeente | jaar | wat | gelukt, deels, niet of onbekend | webadres"
    for number, (place, municipality, year, what, outcome, url) in _lines(text, 6, shape):
        if year and not (len(year) == 4 and year.isascii() and year.isdecimal()):
            raise LineInvalid(f"Regel {number}: ‘{year}’ is geen jaar.")
        if outcome not in (UNKNOWN, *ClaimOutcome):
            raise LineInvalid(f"Regel {number}: kies gelukt, deels, niet of onbekend.")
        examples.append(
            {
                "place": _filled(place, number, "plaats"),
                "municipality": municipality or None,
                "year": year,
                "what": _filled(what, number, "wat er gebeurde"),
                "outcome": None if outcome == UNKNOWN else outcome,
                "url": _address(url, number),
            }
        )
    return examples


def read_sources(text: str) -> list[dict[str, Any]]:
    """Raises LineInvalid."""
    return [
        {
            "title": _filled(title, number, "titel"),
            "url": _address(url, number),
            "read": _chosen(READ, read, number, "hoe ver gelezen"),
        }
        for number, (title, url, read) in _lines(text, 3, "titel | webadres | helemaal, deels of niet")
    ]


def write_rules(rules: Iterable[Mapping[str, Any]]) -> str:
    """The rules of a version as lines."""
    return "\n".join(
        f"{_ROLE_WORDS[AssessmentRole(rule['role'])]} | {_rule_name(rule)} | {rule['on_date']}" for rule in rules
    )


def write_examples(examples: Iterable[Mapping[str, Any]], names: Mapping[str, str]) -> str:
    """The examples of a version as lines; ``names`` has the name of each municipality by its code."""
    return "\n".join(
        " | ".join(
            [
                each["place"],
                names.get(each["municipality"] or "", ""),
                each["year"],
                each["what"],
                each["outcome"] or UNKNOWN,
                each["url"],
            ]
        )
        for each in examples
    )


def write_sources(sources: Iterable[Mapping[str, Any]]) -> str:
    """The sources of a version as lines."""
    return "\n".join(f"{each['title']} | {each['url']} | {_READ_WORDS[each['read']]}" for each in sources)


def _rule_name(rule: Mapping[str, Any]) -> str:
    if rule.get("provision"):
        return str(rule["provision"])
    return f"{rule['law']}, {rule['article']}" if rule.get("article") else str(rule["law"])


def _lines(text: str, parts: int, shape: str) -> Iterable[tuple[int, list[str]]]:
    typed = [line.strip() for line in text.splitlines()]
    if len([line for line in typed if line]) > MOST_LINES:
        raise LineInvalid(f"Schrijf niet meer dan {MOST_LINES} regels.")
    for number, line in enumerate(typed, start=1):
        if not line:
            continue
        found = [part.strip() for part in line.split("|")]
        if len(found) != parts:
            raise LineInvalid(f"Regel {number}: schrijf {shape}.")
        yield number, found


def _chosen(table: Mapping[str, Any], word: str, number: int, what: str) -> Any:
    found = table.get(word.casefold())
    if found is None:
        raise LineInvalid(f"Regel {number}: kies bij {what} {' of '.join(table)}.")
    return found


def _filled(text: str, number: int, what: str) -> str:
    if not text:
        raise LineInvalid(f"Regel {number}: de {what} ontbreekt.")
    return text


def _address(text: str, number: int) -> str:
    if not text.startswith(("https://", "http://")) or " " in text:
        raise LineInvalid(f"Regel {number}: ‘{text}’ is geen webadres. Het begint met https://.")
    return text
