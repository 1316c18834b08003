"""Texts of laws out of copies of public repositories: which articles they have, and the fingerprint of an article.

Three shapes are known: a folder for each law with one text in Markdown (laws-markdown), one Markdown file for each law
(legalize-nl), and a folder for each law with a YAML file for each first day (regelrecht-corpus).
"""

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

_BWB = re.compile(r"BWBR\d{7}")
_HEADING = re.compile(r"^#+\s*Artikel\s+([0-9][0-9A-Za-z.:]*)[^\n]*\n?")
_OTHER = re.compile(r"^#+\s*(?:deel|boek|titel|hoofdstuk|afdeling|paragraaf|bijlage)\b|^#+\s*§", re.IGNORECASE)
"""A heading that ends an article; others stand within it."""
_PART = re.compile(r"(?m)^(?=#+\s*\S)")
_FRONT = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_PUBLISHED = re.compile(r'(?m)^publication_date: "?(\d{4}-\d{2}-\d{2})')
_YAML_BWB = re.compile(r"(?m)^bwb_id: (BWBR\d{7})")
_REFERENCE_LINE = re.compile(r"(?m)^\s*\[[^\]\n]+\]:\s+\S+\s*$")
_LINK_TARGET = re.compile(r"\](?:\([^)\s]*\)|\[[^\]\n]*\])")
_NO_LETTER = re.compile(r"[\W_]+")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_HEAD_CHARACTERS = 2000


@dataclass(frozen=True, slots=True)
class LawText:
    """One text of a law. ``valid_from`` is its first day, where the copy says it."""

    bwb_id: str
    valid_from: date | None
    source: Path
    articles: Mapping[str, str]


def fingerprint(articles: Iterable[str]) -> str:
    """SHA-256 over the letters and digits of articles: links, signs, blanks and line ends make no difference."""
    bare = "".join(_bare(article) for article in articles)
    return hashlib.sha256(bare.encode()).hexdigest()


def _bare(text: str) -> str:
    without_links = _LINK_TARGET.sub("]", _REFERENCE_LINE.sub("", text))
    return _NO_LETTER.sub("", without_links.casefold())


def fingerprint_of(text: LawText, numbers: Collection[str]) -> str | None:
    """The fingerprint of these articles of a text; None when it lacks all of them."""
    found = [text.articles[number] for number in numbers if number in text.articles]
    return fingerprint(found) if found else None


def read_texts(folder: Path, bwb_ids: Collection[str], on: date) -> Iterator[LawText]:
    """The text of each of these laws that a copy holds for a day: the newest that had begun by then."""
    wanted = set(bwb_ids)
    dated: dict[str, tuple[date, Path]] = {}
    for path in sorted(folder.rglob("*")):
        bwb_id = _bwb_of(path)
        if bwb_id in wanted:
            yield LawText(bwb_id, *_markdown(path))
        elif path.suffix == ".yaml" and (start := _day(path.stem)) is not None and start <= on:
            found = _YAML_BWB.search(_head(path))
            if found and found.group(1) in wanted:
                known = dated.get(found.group(1))
                if known is None or known[0] < start:
                    dated[found.group(1)] = (start, path)
    for bwb_id, (start, path) in dated.items():
        yield LawText(bwb_id, start, path, _yaml_articles(path))


def _bwb_of(path: Path) -> str | None:
    name = path.parent.name if path.name == "README.md" else path.stem
    return name if path.suffix == ".md" and _BWB.fullmatch(name) else None


def _markdown(path: Path) -> tuple[date | None, Path, Mapping[str, str]]:
    text = path.read_text(encoding="utf-8", errors="replace")
    front = _FRONT.match(text)
    published = _PUBLISHED.search(front.group()) if front else None
    return (_day(published.group(1)) if published else None), path, markdown_articles(text)


def markdown_articles(text: str) -> dict[str, str]:
    """The articles of a text in Markdown, by number and without their heading; two under one number stand together."""
    articles: dict[str, list[str]] = {}
    current: list[str] = []
    for part in _PART.split(text):
        heading = _HEADING.match(part)
        if heading:
            current = articles.setdefault(heading.group(1).rstrip("."), [])
            current.append(part[heading.end() :])
        elif _OTHER.match(part):
            current = []
        else:
            current.append(part)
    return {number: "\n".join(parts) for number, parts in articles.items()}


def _yaml_articles(path: Path) -> dict[str, str]:
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - a safe loader
    except (yaml.YAMLError, UnicodeDecodeError):
        return {}
    rows = data.get("articles") if isinstance(data, dict) else None
    articles: dict[str, str] = {}
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, dict) and isinstance(row.get("text"), str):
            number = str(row.get("number"))
            articles[number] = f"{articles[number]}\n{row['text']}" if number in articles else row["text"]
    return articles


def _head(path: Path) -> str:
    with path.open(encoding="utf-8", errors="replace") as file:
        return file.read(_HEAD_CHARACTERS)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
