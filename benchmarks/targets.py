"""The pages that are measured: their addresses in a filled database, and what must stand on each of them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg
from markupsafe import escape

from benchmarks.words import RARE_WORDS
from knelpunt.adapters.words.search_terms import to_query
from knelpunt.domain.calendar.timezone import Quarter, quarter_of
from knelpunt.domain.links import Links
from knelpunt.domain.vocabulary import OPEN_STATUSES

Connection = psycopg.Connection[Any]
SAMPLES = 10
OPEN = sorted(status.value for status in OPEN_STATUSES)
_NUMBER = re.compile(r"KNP-\d{4}-\d{5,}")


class WrongAnswer(Exception):
    """A page does not show what the database holds; the text says what is missing."""


@dataclass(frozen=True, slots=True)
class Address:
    """One address, the texts that must stand on its page, and the case numbers that it must list, in order."""

    path: str
    texts: tuple[str, ...] = ()
    listed: tuple[str, ...] | None = None

    def check(self, body: str) -> None:
        for text in self.texts:
            if str(escape(text)) not in body:
                raise WrongAnswer(f"{self.path} lacks {text!r}")
        if self.listed is not None:
            found = tuple(dict.fromkeys(_NUMBER.findall(body)))
            if found != self.listed:
                raise WrongAnswer(f"{self.path} lists {found}, not {self.listed}")


@dataclass(frozen=True, slots=True)
class Target:
    """One page. ``limit``: at most this many times the bare page; ``growth``: the same for 100,000 against 1,000."""

    name: str
    limit: float
    is_private: bool
    addresses: Callable[[Connection, Links, date], list[Address]]
    growth: float | None = None


def _column(connection: Connection, statement: str, values: list[Any] | None = None) -> list[Any]:
    return [row[0] for row in connection.execute(statement, values or [])]


def _listed(connection: Connection, where: str, values: list[Any], order: str = "updated_at DESC, id DESC") -> Any:
    return tuple(_column(connection, f"SELECT reference FROM cases WHERE {where} ORDER BY {order} LIMIT 25", values))


def _most_used(connection: Connection, column: str) -> Any:
    return _column(connection, f"SELECT {column} FROM cases GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1")[0]


def work_list(connection: Connection, _links: Links, today: date) -> list[Address]:
    handler = _most_used(connection, "handler_id")
    law = _most_used(connection, "main_law_id")
    key = _column(connection, "SELECT key FROM laws WHERE id = %s", [law])[0]
    place = _most_used(connection, "municipality_id")
    code = _column(connection, "SELECT code FROM municipalities WHERE id = %s", [place])[0]
    province = _column(connection, "SELECT province_id FROM municipalities WHERE id = %s", [place])[0]
    province_code = _column(connection, "SELECT code FROM provinces WHERE id = %s", [province])[0]
    asked: list[tuple[str, str, list[Any], str]] = [
        ("lijst=alle", "true", [], "updated_at DESC, id DESC"),
        ("lijst=alle&staat=in_behandeling", "status = 'in_behandeling'", [], "updated_at DESC, id DESC"),
        (f"lijst=alle&wet={key}", "main_law_id = %s", [law], "updated_at DESC, id DESC"),
        (
            f"lijst=alle&wet={key}&staat=afgesloten",
            "main_law_id = %s AND status = 'afgesloten'",
            [law],
            "updated_at DESC, id DESC",
        ),
        (f"lijst=alle&gemeente={code}", "municipality_id = %s", [place], "updated_at DESC, id DESC"),
        (
            f"lijst=alle&behandelaar={handler}&oordeel=V4",
            "handler_id = %s AND verdict = 'V4'",
            [handler],
            "updated_at DESC, id DESC",
        ),
        (f"lijst=alle&provincie={province_code}", "province_id = %s", [province], "updated_at DESC, id DESC"),
        ("lijst=alle&sorteer=ingediend", "true", [], "filed_on DESC, id DESC"),
        (
            "lijst=niet-toegewezen",
            "handler_id IS NULL AND status = ANY(%s)",
            [OPEN],
            "due_on NULLS LAST, id",
        ),
        ("lijst=te-laat", "due_on < %s AND status = ANY(%s)", [today, OPEN], "due_on, id"),
    ]
    return [
        Address(f"/werkvoorraad?{query}", listed=_listed(connection, where, values, order))
        for query, where, values, order in asked
    ]


def staff_case(connection: Connection, _links: Links, _today: date) -> list[Address]:
    """Cases of every age, each with a full history."""
    rows = connection.execute(
        "SELECT DISTINCT ON (part) reference, title, description, result_reason FROM (SELECT *, ntile(%s) OVER"
        " (ORDER BY id) AS part FROM cases WHERE status = 'afgesloten') spread ORDER BY part, id",
        [SAMPLES],
    )
    return [Address(f"/zaken/{reference}", (reference, *texts)) for reference, *texts in rows]


def search(connection: Connection, _links: Links, _today: date) -> list[Address]:
    words = [*RARE_WORDS, "kermis monument", "omgevingsplan", "flexwoning"]
    found = []
    for text in words:
        where = "id IN (SELECT case_id FROM case_search WHERE terms @@ to_tsquery('simple', %s))"
        listed = _listed(connection, where, [to_query(text)])
        if listed:
            found.append(Address(f"/werkvoorraad?lijst=alle&q={text.replace(' ', '+')}", listed=listed))
    return found


def quarter(connection: Connection, _links: Links, today: date) -> list[Address]:
    current = quarter_of(today)
    found: list[Address] = []
    for each in (current, current.previous(), Quarter(today.year - 1, 4)):
        received = _column(
            connection,
            "SELECT count(*) FROM cases WHERE filed_on BETWEEN %s AND least(%s, %s::date)",
            [each.first_day, each.last_day, today],
        )[0]
        ended = _column(
            connection,
            "SELECT count(*) FROM cases WHERE closed_on BETWEEN %s AND least(%s, %s::date)",
            [each.first_day, each.last_day, today],
        )[0]
        numbers = [f"{number:,}".replace(",", ".") for number in (received, ended)]
        found.append(Address(f"/kwartalen/{each}", (f"{each.number}e kwartaal {each.year}", *numbers)))
    return found


def public_list(connection: Connection, _links: Links, _today: date) -> list[Address]:
    def titles(where: str, values: list[Any]) -> tuple[str, ...]:
        statement = f"SELECT title FROM published_cases WHERE {where} ORDER BY published_on DESC, case_id DESC LIMIT 20"
        return tuple(_column(connection, statement, values))

    province = _most_used(connection, "province_id")
    return [
        Address("/knelpunten", titles("true", [])),
        Address("/knelpunten?thema=wonen", titles("theme = 'wonen'", [])),
        Address(f"/knelpunten?provincie={province}", titles("province_id = %s", [province])),
        Address("/knelpunten?oordeel=V4", titles("verdict = 'V4'", [])),
    ]


def public_case(connection: Connection, _links: Links, _today: date) -> list[Address]:
    rows = connection.execute(
        "SELECT reference, title, question, answer FROM published_cases ORDER BY md5(reference) LIMIT %s", [SAMPLES]
    )
    return [Address(f"/knelpunten/{reference}", (reference, *texts)) for reference, *texts in rows]


def follow(connection: Connection, links: Links, _today: date) -> list[Address]:
    rows = connection.execute(
        "SELECT l.public_id, l.nonce, c.reference, c.title, c.description FROM follow_links l JOIN cases c"
        " ON c.id = l.case_id WHERE c.status = 'afgesloten' ORDER BY md5(l.public_id) LIMIT %s",
        [SAMPLES],
    )
    return [
        Address("/volgen/" + links.token("volgen", public_id, nonce), tuple(texts)) for public_id, nonce, *texts in rows
    ]


READ_PAGES = (
    Target("work list", 3, True, work_list, growth=1.3),
    Target("case page", 3, True, staff_case, growth=1.3),
    Target("search", 2, True, search),
    Target("quarter", 2, True, quarter),
    Target("public list", 3, False, public_list),
    Target("public case", 3, False, public_case),
    Target("follow page", 3, False, follow),
)
FILING = "filing"
FILING_LIMIT, FILING_GROWTH = 3.0, 1.3
