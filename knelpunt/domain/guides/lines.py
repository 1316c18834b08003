"""The lists of a ruimtewijzer as lines that people read: its rules, who did it before, and its sources."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from knelpunt.domain.texts import date_in_words
from knelpunt.domain.vocabulary import AssessmentRole

_ROLES = {AssessmentRole.OFFERS_ROOM: "Biedt ruimte", AssessmentRole.BLOCKS: "Belemmert"}
_OUTCOMES = {"gelukt": "Gelukt.", "deels": "Deels gelukt.", "niet": "Niet gelukt.", None: "Afloop niet bekend."}
_READ = {"full": "helemaal gelezen", "opening only": "alleen het begin gelezen", "not read": "niet gelezen"}


def rule_lines(rules: Iterable[Mapping[str, Any]]) -> str:
    """The rules of a version, one a line."""
    return "\n".join(
        f"{_ROLES[AssessmentRole(rule['role'])]}: {_rule_name(rule)}, zoals het gold op "
        f"{date_in_words(date.fromisoformat(rule['on_date']))}"
        for rule in rules
    )


def example_lines(examples: Iterable[Mapping[str, Any]], names: Mapping[str, str]) -> str:
    """The examples of a version, one a line; ``names`` has the name of each municipality by its code."""
    return "\n".join(_example(each, names) for each in examples)


def source_lines(sources: Iterable[Mapping[str, Any]]) -> str:
    """The sources of a version, one a line."""
    return "\n".join(f"{each['title']} ({_READ[each['read']]}): {each['url']}" for each in sources)


def _example(example: Mapping[str, Any], names: Mapping[str, str]) -> str:
    where = (example["place"], names.get(example["municipality"] or "", ""), example["year"])
    what = example["what"].rstrip(".")
    return f"{', '.join(dict.fromkeys(filter(None, where)))}: {what}. {_OUTCOMES[example['outcome']]} {example['url']}"


def _rule_name(rule: Mapping[str, Any]) -> str:
    if rule.get("provision"):
        article = rule.get("article") or ""
        words = f"artikel {article}" if article[:1].isdigit() else article
        return ", ".join(filter(None, (rule["title"], words, rule.get("instrument"))))
    return f"{rule['title']}, {rule['article']}" if rule.get("article") else str(rule["title"])
