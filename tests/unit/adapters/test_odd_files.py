"""Whatever a file holds, it is taken in or refused in words that can be printed, and nothing odd comes through."""

import json
from collections.abc import Callable
from dataclasses import asdict, is_dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from knelpunt.adapters.files.cases import read_lines
from knelpunt.adapters.files.catalogue import CATALOGUE_FILE, read_catalogue_file
from knelpunt.adapters.files.demo import demo_cases, demo_rules
from knelpunt.adapters.files.guides import guide_records
from knelpunt.adapters.files.reference import DATA_DIR, REAL_CASES, terms
from knelpunt.adapters.files.yaml_file import read_yaml
from knelpunt.commands.suggesting import by_what_ships, write_suggestions
from knelpunt.domain.calendar.clocks import TermFields
from knelpunt.domain.guides.schema import GuideFields
from knelpunt.domain.history.lines import read_case
from knelpunt.domain.laws.catalogue import parse
from knelpunt.domain.laws.schema import LawFields, ProvisionFields
from knelpunt.domain.shapes import FileRefused, InvalidData, shaped
from knelpunt.domain.suggestions.labelled import labelled_of
from knelpunt.services.laws.loading import read_catalogue
from knelpunt.services.suggestions.shipped import read_labelled

TODAY = date(2026, 11, 24)
TERMS = DATA_DIR / "terms.yaml"
RAW = read_catalogue_file().data
CASE = json.loads(REAL_CASES.read_text(encoding="utf-8").splitlines()[0])


def nested(depth: int) -> Any:
    value: Any = "x"
    for _ in range(depth):
        value = [value]
    return value


def history(path: Path) -> list[Any]:
    lines = [line.data for line in read_lines(path) if line.data is not None]
    return [read_case(data, TODAY) for data in lines]


def family(path: Path) -> Any:
    """A file of laws, the only one that the catalogue names."""
    index = path.with_name(CATALOGUE_FILE.name)
    index.write_text(yaml.safe_dump({"families": [path.stem], **{name: RAW[name] for name in ("meta", "room_types")}}))
    return read_catalogue(index).laws


READERS: dict[str, Callable[[Path], Any]] = {
    "index.yaml": read_catalogue,
    "family.yaml": family,
    "guides.yaml": lambda path: [shaped(record.fields, GuideFields) for record in guide_records(path.parent)],
    "terms.yaml": terms,
    "demo_cases.yaml": demo_cases,
    "demo_rules.yaml": demo_rules,
    "history.jsonl": history,
    "history.csv": history,
    "labelled.jsonl": read_labelled,
    "labelled.csv": read_labelled,
}
ODD_CONTENTS = {
    "nothing": b"",
    "one word": b"tekst",
    "a number of 5,000 digits": b"a: " + b"1" * 5000,
    "a list": b"[1, 2]",
    "a list of lists": b"- [[]]\n- {}\n",
    "nested without end": b"[" * 100_000,
    "nested deeply": b"[" * 900 + b"]" * 900,
    "objects nested deeply": b'{"a": ' * 900 + b"1" + b"}" * 900,
    "no UTF-8": b"title\n\xff\xfe\n",
    "UTF-16": "id,title\na,b\n".encode("utf-16"),
    "NUL": b'{"id": "a\x00"}\n',
    "an escaped NUL": b'{"id": "a\\u0000", "slug": "\\0"}\n',
    "half a letter": b'{"id": "\\ud800", "\\ud800": 1}\n',
    "half a letter twice as a field": b'{"\\ud800": 1, "\\ud800": 2}\n',
    "not a number": b'{"year": NaN, "families": Infinity, "x": .nan}\n',
    "a field twice": b'{"laws": [], "laws": []}\n',
    "a part in itself": b"a: &a [*a]\n",
    "a part a billion times": b"a: &a [x, x]\n"
    + b"".join(b"%c: &%c [*%c, *%c]\n" % (new, new, old, old) for old, new in pairwise(b"abcdefghijk")),
    "a list as a field": b"? [a, b]\n: 1\n",
    "words for a number": b"laws: !!int abc\nprovisions: !!bool x\n",
    "a number without digits": b"laws: !!int ''\n",
    "two documents": b"--- 1\n--- 2\n",
    "names of files elsewhere": b"families: [../../../etc/passwd, 'a\\0', '', 7, [x]]\n",
    "a part and its whole as columns": b"title,label,label_law,source,source_url\nx,y,z,u,v\n",
    "cells without a heading": b"title,title_2\na,b,c\n\xe9,\n",
}
ODD_VALUES: dict[str, Any] = {
    "nothing": None,
    "empty": "",
    "blank": " \n ",
    "NUL": "a\x00b",
    "half a letter": "a\ud800b",
    "a long text": "x" * 200_001,
    "true": True,
    "a huge number": 10**400,
    "a fraction": 2019.5,
    "not a number": float("nan"),
    "without end": float("inf"),
    "below zero": -1,
    "no day": "2019-02-30",
    "no address": "https://[",
    "an empty list": [],
    "a list of nothing": [None],
    "a list of texts": ["a\x00", "\ud800"],
    "nested": nested(500),
    "fields": {"a": 1},
    "fields of a list": [{"law": "\ud800", "title": 1, "on": "x", "do": []}],
}


def words(error: Exception) -> str:
    """What is said of a file, which must be printable and say something."""
    text = str(error)
    text.encode()
    assert text
    assert "\x00" not in text
    return text


@pytest.mark.parametrize("content", ODD_CONTENTS.values(), ids=list(ODD_CONTENTS))
@pytest.mark.parametrize("name", READERS)
def test_a_file_with_odd_contents_is_taken_in_or_refused_in_words(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    try:
        found = READERS[name](path)
    except (FileRefused, InvalidData) as error:
        words(error)
    else:
        assert not found, "nothing of this is what the file should hold"


def plain(value: Any) -> Any:
    return asdict(value) if is_dataclass(value) else msgspec.to_builtins(value, enc_hook=str)


SHAPES: dict[str, tuple[dict[str, Any], Callable[[dict[str, Any]], Any]]] = {
    "law": (RAW["laws"][0], lambda data: shaped(data, LawFields)),
    "provision": (RAW["provisions"][0], lambda data: shaped(data, ProvisionFields)),
    "guide": (guide_records()[0].fields, lambda data: shaped(data, GuideFields)),
    "term": (read_yaml(TERMS).data[0], lambda data: shaped(data, TermFields)),
    "history": (CASE, lambda data: read_case(data, TODAY)),
}
FIELDS = [(kind, name) for kind, (good, _) in SHAPES.items() for name in [*good, "\\ud800"]]


@pytest.mark.parametrize(("kind", "name"), FIELDS)
def test_an_odd_value_in_a_field_is_refused_in_words_or_harmless(kind, name):
    good, read = SHAPES[kind]
    name = name.encode().decode("unicode_escape")
    for what, value in ODD_VALUES.items():
        try:
            found = read({**good, name: value})
        except InvalidData as error:
            assert len(words(error)) < 2000, what
        else:
            kept = json.dumps(plain(found), ensure_ascii=False, default=str, allow_nan=False)
            assert "\\u0000" not in json.dumps(kept), what
            kept.encode()


def test_odd_values_in_the_whole_catalogue_are_refused_in_words():
    for section in ("meta", "room_types", "families", "laws", "provisions"):
        for value in ODD_VALUES.values():
            if (section, value) != ("provisions", []):
                with pytest.raises(InvalidData) as refused:
                    parse({**RAW, section: value})
                words(refused.value)


def test_odd_lines_of_questions_are_answered_or_told(tmp_path):
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    lines = [{**CASE, name: value} for name in ("id", "title", "year", "date") for value in ODD_VALUES.values()]
    source.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    report = write_suggestions(source, target, by_what_ships(True))
    assert report.answered + len(report.problems) == len(lines)
    assert len(target.read_text(encoding="utf-8").splitlines()) == report.answered
    for line in lines:
        try:
            labelled_of(line)
        except InvalidData as error:
            words(error)
