"""Joins rows to pages, by hand. The unchanging parts and the names of the small tables are made once, at the start."""

import itertools
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from html import escape
from typing import Any
from urllib.parse import urlencode

import psycopg

from knelpunt.domain.vocabulary import CaseStatus, PublicationStatus, Result, SubmitterKind, Theme, Verdict
from knelpunt.web.shared.labels import labels

MONTHS = ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"]
WORDS: dict[str, str] = {}
SIDED = 5
"""A row of a figure by its sides has more columns than this."""
HEADS = "<thead><tr><th>" + "</th><th>".join(
    ["Zaak", "Plaats", "Wet", "Staat", "Behandelaar", "Termijn", "Ingediend", "Gewijzigd"]
) + "</th></tr></thead>"  # fmt: skip


def day(value: date | datetime | None) -> str:
    return "" if value is None else f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def text(value: Any) -> str:
    """Any value as escaped text; a stored word of a closed list in the words of the screen."""
    if value is None:
        return ""
    if isinstance(value, date):
        return day(value)
    found = WORDS.get(value) if isinstance(value, str) else None
    return found or escape(str(value))


def facts(pairs: Iterable[tuple[Any, Any]]) -> str:
    return "<dl>" + "".join(f"<dt>{name}</dt><dd>{text(value)}</dd>" for name, value in pairs if value) + "</dl>"


class Drawn:
    """The pages of one database."""

    def __init__(self, url: str, frames: Mapping[str, tuple[str, str]]) -> None:
        self.frames = frames
        with psycopg.connect(url) as connection:

            def names(statement: str) -> dict[Any, str]:
                return {key: escape(name) for key, name in connection.execute(statement).fetchall()}

            self.places = names("SELECT id, name FROM municipalities ORDER BY name")
            self.provinces = names("SELECT id, name FROM provinces ORDER BY name")
            self.laws = names("SELECT id, citation_title FROM laws ORDER BY citation_title")
            self.people = names("SELECT id, name FROM accounts WHERE role <> 'indiener' ORDER BY name")
            codes = names("SELECT code, name FROM municipalities WHERE valid_to IS NULL ORDER BY name")
            keys = names("SELECT key, citation_title FROM laws ORDER BY citation_title")
        closed = [CaseStatus, Verdict, Result, SubmitterKind, Theme, PublicationStatus]
        lists: list[tuple[str, dict[Any, str]]] = [
            (name, {member.value: escape(labels.label(member)) for member in members})
            for name, members in zip(("staat", "oordeel", "resultaat", "indiener", "thema", "publicatie"), closed,
                                     strict=True)
        ]  # fmt: skip
        for _name, words in lists:
            WORDS.update(words)
        self.filter = self._filter([*lists, ("wet", keys), ("gemeente", codes), ("provincie", self.provinces),
                                    ("behandelaar", self.people)])  # fmt: skip
        self.public_filter = self._filter([*lists[1:2], *lists[3:5], ("wet", self.laws), ("gemeente", self.places),
                                           ("provincie", self.provinces)])  # fmt: skip

    @staticmethod
    def _filter(lists: list[tuple[str, dict[Any, str]]]) -> str:
        selects = "".join(
            f'<label>{name}<select name="{name}"><option value="">Alle</option>'
            + "".join(f'<option value="{value}">{words}</option>' for value, words in options.items())
            + "</select></label>"
            for name, options in lists
        )
        return f'<form method="get">{selects}<input type="date" name="van"><input type="date" name="tot">'

    def _page(self, kind: str, title: str, *parts: str, name: str = "") -> str:
        before, after = self.frames[kind]
        return "".join([before.replace("%NAME%", escape(name)), f"<h1>{title}</h1>", *parts, after])

    def work_list(self, name: str, rows: list[Any], asked: Mapping[str, str]) -> str:
        lines = []
        for row in rows[:25]:
            place = self.places[row[9]] if row[9] else text(row[10])
            law = self.laws[row[12]] if row[12] else "geen"
            handler = self.people[row[13]] if row[13] else "niemand"
            number = escape(row[1])
            lines.append(
                f'<tr><th scope="row"><a href="/zaken/{number}">{escape(row[2])}</a> <span>{number}</span></th>'
                f"<td>{place}</td><td>{law}</td><td>{text(row[3])} {row[4]}</td><td>{handler}</td>"
                f"<td>{day(row[17] or row[19])}</td><td>{day(row[15])}</td><td>{day(row[20])}</td></tr>"
            )
        count = f"<p>{rows[0][-1] if rows else 0} zaken</p>"
        more = f'<a href="?{escape(urlencode(asked))}&amp;na={rows[24][0]}">Volgende</a>' if len(rows) > 25 else ""
        search = f'<input name="q" value="{escape(asked.get("q", ""))}"><button>Toon</button></form>'
        table = f"<table>{HEADS}<tbody>{''.join(lines)}</tbody></table>"
        return self._page("work list", "Zaken", self.filter, search, count, table, more, name=name)

    def case(self, name: str, results: list[list[Any]]) -> str:
        return self._page("case page", "Zaak", *self._parts(results), name=name)

    def _parts(self, results: list[list[Any]]) -> Iterable[str]:
        """Every value of every row: single ones as facts, each list that came as JSON as a section of fact sheets."""
        for row in itertools.chain.from_iterable(results):
            yield facts((str(place), value) for place, value in enumerate(row) if not isinstance(value, list | dict))
            for place, value in enumerate(row):
                if isinstance(value, list | dict):
                    yield self._section(str(place), value if isinstance(value, list) else [value])

    @staticmethod
    def _section(title: str, rows: list[Any]) -> str:
        if not rows:
            return f"<section><h2>{title}</h2><p>Geen.</p></section>"
        sheets = (facts(row.items() if isinstance(row, dict) else enumerate(row)) for row in rows)
        return f"<section><h2>{title}</h2>{''.join(sheets)}</section>"

    def quarter(self, name: str, name_of_quarter: str, results: list[list[Any]]) -> str:
        number, year = name_of_quarter[-1], name_of_quarter[:4]
        tables = []
        for rows in results:
            if rows and len(rows[0]) > SIDED:
                total = sum(row[-1] for row in rows if row[-2] == rows[0][-2])
                tables.append(f"<p>{total:,}</p>".replace(",", "."))
            lines = ("<tr>" + "".join(f"<td>{text(value)}</td>" for value in row) + "</tr>" for row in rows)
            tables.append(f"<table><tbody>{''.join(lines)}</tbody></table>")
        return self._page("quarter", f"{number}e kwartaal {year}", *tables, name=name)

    def public_list(self, results: list[list[Any]], asked: Mapping[str, str]) -> str:
        search = f'<input name="q" value="{escape(asked.get("q", ""))}"><button>Toon</button></form>'
        return self._page("public list", "Knelpunten", self.public_filter, search, *self._parts(results))

    def public_case(self, results: list[list[Any]]) -> str:
        return self._page("public case", "Knelpunt", *self._parts(results))

    def follow(self, results: list[list[Any]], token: str) -> str:
        links = "".join(f'<a href="/volgen/{token}/{what}">{what}</a>' for what in ("toevoegen", "intrekken", "link"))
        return self._page("follow page", "Uw melding", *self._parts(results), links)
