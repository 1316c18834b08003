"""The table of what is measured: each page with its limits, its addresses in a filled database, and what must stand
on them. The statements that say so are written for this check and are none of Knelpunt's."""

import re
from collections.abc import Callable, Iterable, Sequence
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
NEWEST, NUMBER = "updated_at DESC, id DESC", re.compile(r"KNP-\d{4}-\d{5,}")


class WrongAnswer(Exception):
    """A page does not show what the database holds; the text says what is missing."""


@dataclass(frozen=True, slots=True)
class Address:
    """One address, the texts that must stand on its page, and the case numbers that it must list, in order."""

    path: str
    texts: Sequence[str] = ()
    listed: Sequence[str] | None = None

    def check(self, body: str) -> None:
        for text in self.texts:
            if str(escape(text)) not in body:
                raise WrongAnswer(f"{self.path} lacks {text!r}")
        found = list(dict.fromkeys(NUMBER.findall(body)))
        if self.listed is not None and found != list(self.listed):
            raise WrongAnswer(f"{self.path} lists {found}, not {self.listed}")


Addresses = Callable[[Connection, Links, date], Iterable[Address]]


@dataclass(frozen=True, slots=True)
class Target:
    """One page. ``limit``: at most this many times the bare page; ``growth``: the same for 100,000 against 1,000.

    Filing has no addresses: each time another draft is filed.
    """

    name: str
    limit: float
    is_private: bool
    addresses: Addresses | None
    growth: float | None = None


def _column(connection: Connection, statement: str, *values: Any) -> list[Any]:
    return [row[0] for row in connection.execute(statement, values)]


def _listed(connection: Connection, where: str, *values: Any, order: str = NEWEST) -> list[str]:
    return _column(connection, f"SELECT reference FROM cases WHERE {where} ORDER BY {order} LIMIT 25", *values)


def _most_used(connection: Connection, column: str) -> Any:
    return _column(connection, f"SELECT {column} FROM cases GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1")[0]


def work_list(connection: Connection, _links: Links, today: date) -> Iterable[Address]:
    """Ten filters, orders and lists, with the handler, law and municipality that most cases have."""
    handler, law = _most_used(connection, "handler_id"), _most_used(connection, "main_law_id")
    place = _most_used(connection, "municipality_id")
    [key] = _column(connection, "SELECT key FROM laws WHERE id = %s", law)
    code, province, province_code = connection.execute(
        "SELECT m.code, p.id, p.code FROM municipalities m JOIN provinces p ON p.id = m.province_id WHERE m.id = %s",
        [place],
    ).fetchall()[0]
    for query, where, values, order in (
        ("alle", "true", (), NEWEST),
        ("alle&staat=in_behandeling", "status = 'in_behandeling'", (), NEWEST),
        (f"alle&wet={key}", "main_law_id = %s", (law,), NEWEST),
        (f"alle&wet={key}&staat=afgesloten", "main_law_id = %s AND status = 'afgesloten'", (law,), NEWEST),
        (f"alle&gemeente={code}", "municipality_id = %s", (place,), NEWEST),
        (f"alle&behandelaar={handler}&oordeel=V4", "handler_id = %s AND verdict = 'V4'", (handler,), NEWEST),
        (f"alle&provincie={province_code}", "province_id = %s", (province,), NEWEST),
        ("alle&sorteer=ingediend", "true", (), "filed_on DESC, id DESC"),
        ("niet-toegewezen", "handler_id IS NULL AND status = ANY(%s)", (OPEN,), "due_on NULLS LAST, id"),
        ("te-laat", "due_on < %s AND status = ANY(%s)", (today, OPEN), "due_on, id"),
    ):
        yield Address(f"/werkvoorraad?lijst={query}", listed=_listed(connection, where, *values, order=order))


def staff_case(connection: Connection, _links: Links, _today: date) -> Iterable[Address]:
    """Cases of every age, each with a full history."""
    rows = connection.execute(
        "SELECT DISTINCT ON (part) reference, title, description, result_reason FROM (SELECT *, ntile(%s) OVER"
        " (ORDER BY id) AS part FROM cases WHERE status = 'afgesloten') spread ORDER BY part, id",
        [SAMPLES],
    )
    return [Address(f"/zaken/{texts[0]}", texts) for texts in rows]


def search(connection: Connection, _links: Links, _today: date) -> Iterable[Address]:
    for text in (*RARE_WORDS, "kermis monument", "omgevingsplan", "flexwoning"):
        where = "id IN (SELECT case_id FROM case_search WHERE terms @@ to_tsquery('simple', %s))"
        listed = _listed(connection, where, to_query(text))
        if listed:
            yield Address(f"/werkvoorraad?lijst=alle&q={text.replace(' ', '+')}", listed=listed)


def quarter(connection: Connection, _links: Links, today: date) -> Iterable[Address]:
    for each in (quarter_of(today), quarter_of(today).previous(), Quarter(today.year - 1, 4)):
        numbers = [
            _column(
                connection,
                f"SELECT count(*) FROM cases WHERE {day} BETWEEN %s AND least(%s, %s::date)",
                each.first_day,
                each.last_day,
                today,
            )[0]
            for day in ("filed_on", "closed_on")
        ]
        shown = [f"{number:,}".replace(",", ".") for number in numbers]
        yield Address(f"/kwartalen/{each}", [f"{each.number}e kwartaal {each.year}", *shown])


def quarter_parts(connection: Connection, _links: Links, today: date) -> Iterable[Address]:
    """What the page of the quarter leads to: by law, by provision (of which there are hundreds), and the rest."""
    each = quarter_of(today)
    title = f"{each.number}e kwartaal {each.year}"
    [received] = _column(
        connection, "SELECT count(*) FROM cases WHERE filed_on BETWEEN %s AND %s", each.first_day, today
    )
    yield Address(f"/kwartalen/{each}/per/wet", [title])
    yield Address(f"/kwartalen/{each}/per/bepaling", [title])
    yield Address(f"/kwartalen/{each}/meer", [title, f"{received:,}".replace(",", ".")])


def quarter_list(connection: Connection, _links: Links, today: date) -> Iterable[Address]:
    """The cases behind what came in, what is open, and what one law made of it."""
    each = quarter_of(today)
    law = _most_used(connection, "main_law_id")
    [received] = [
        _column(
            connection,
            "SELECT reference FROM cases WHERE filed_on BETWEEN %s AND %s ORDER BY id DESC LIMIT 50",
            each.first_day,
            today,
        )
    ]
    yield Address(f"/kwartalen/{each}/zaken?cijfer=ontvangen", listed=received)
    for query in ("cijfer=open", f"cijfer=open&per=wet&waarde={law}", f"cijfer=afgehandeld&per=wet&waarde={law}"):
        yield Address(f"/kwartalen/{each}/zaken?{query}")


def dashboard(connection: Connection, _links: Links, _today: date) -> Iterable[Address]:
    """How the desk stands, with how many cases are open."""
    [number] = _column(connection, "SELECT count(*) FROM cases WHERE status = ANY(%s)", OPEN)
    yield Address("/bureau", [f"{number:,}".replace(",", ".")])


def public_list(connection: Connection, _links: Links, _today: date) -> Iterable[Address]:
    province = _most_used(connection, "province_id")
    for query, where in (
        ("", "true"),
        ("?thema=wonen", "theme = 'wonen'"),
        (f"?provincie={province}", f"province_id = {province}"),
        ("?oordeel=V4", "verdict = 'V4'"),
    ):
        statement = f"SELECT title FROM published_cases WHERE {where} ORDER BY published_on DESC, case_id DESC LIMIT 20"
        yield Address(f"/knelpunten{query}", _column(connection, statement))


def public_case(connection: Connection, _links: Links, _today: date) -> Iterable[Address]:
    rows = connection.execute(
        "SELECT reference, title, question, answer FROM published_cases ORDER BY md5(reference) LIMIT %s", [SAMPLES]
    )
    return [Address(f"/knelpunten/{texts[0]}", texts) for texts in rows]


def follow(connection: Connection, links: Links, _today: date) -> Iterable[Address]:
    rows = connection.execute(
        "SELECT l.public_id, l.nonce, c.reference, c.title, c.description FROM follow_links l JOIN cases c"
        " ON c.id = l.case_id WHERE c.status = 'afgesloten' ORDER BY md5(l.public_id) LIMIT %s",
        [SAMPLES],
    )
    return [Address("/volgen/" + links.token("volgen", row[0], row[1]), row[2:]) for row in rows]


TARGETS = {
    target.name: target
    for target in (
        Target("work list", 3, True, work_list, growth=1.3),
        Target("case page", 3, True, staff_case, growth=1.3),
        Target("search", 2, True, search),
        Target("quarter", 2, True, quarter, growth=1.5),
        Target("quarter's parts", 2, True, quarter_parts, growth=1.5),
        Target("quarter's cases", 3, True, quarter_list, growth=1.5),
        Target("dashboard", 2, True, dashboard, growth=1.5),
        Target("public list", 3, False, public_list),
        Target("public case", 3, False, public_case),
        Target("follow page", 3, False, follow),
        Target("filing", 3, False, None, growth=1.3),
    )
}
