"""Every column whose words the public reads is known, with the act by which they get in."""

from collections.abc import Iterator
from itertools import count

import pytest
from sqlalchemy import JSON, Column, Connection, Enum, String, event, text
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import ColumnElement

from knelpunt.domain.figures.sealing import FILE_FORMS, FileStatus
from knelpunt.models import Base, QuarterEdition, QuarterFile
from knelpunt.queries.core import reference
from knelpunt.web.shared.pages import caching
from knelpunt.web.shared.requests.access import PUBLIC, access_of
from tests.support import database
from tests.support.asker import Asker
from tests.support.every_page import WITH_A_QUESTION
from tests.support.public_words import ADDRESSES, DOORS, KEYS, MADE, NOT_SHOWN
from tests.support.rights import RULES, VISITOR
from tests.support.world import World

MARK = "zqplantedqz"


@pytest.fixture(scope="module")
def asker(app) -> Iterator[Asker]:
    with database.rolled_back() as (connection, session):
        world = World(session, app.config["LINKS"], app.config["FILE_STORE"])
        quarter = session.query(QuarterEdition.quarter).limit(1).scalar()
        session.merge(
            QuarterFile(
                quarter=quarter, form=FILE_FORMS[0], status=FileStatus.FAILED, asked_at=world.make.now, reason="Vol."
            )
        )
        session.commit()
        yield Asker(app, connection, world, {})


@pytest.fixture(autouse=True)
def nothing_is_kept(monkeypatch):
    """What a process keeps for some minutes is read again each time."""
    never_again = count()
    monkeypatch.setattr(caching, "period", lambda _timer: next(never_again))
    monkeypatch.setattr(reference, "_kept", ())


def public_paths(asker: Asker) -> list[str]:
    """Each public address, for every row that a visitor reaches, and pages with a question."""
    paths = [path for who, path in WITH_A_QUESTION if who == VISITOR]
    for rule in RULES:
        endpoint = asker.address_of(rule).endpoint
        if "GET" in rule.methods.split() and access_of(asker.app.view_functions[endpoint]) == PUBLIC:
            reached = [each for each in asker.relations(rule) if rule.allows(VISITOR, each)]
            paths += [asker.path(VISITOR, rule, each) for each in reached]
    assert len(paths) > 100
    return paths


def public_answer(asker: Asker, path: str) -> bytes:
    answer, _ = asker.send(VISITOR, "GET", path)
    assert answer.status_code < 500, path
    return answer.get_data()


def holds_words(column: Column) -> bool:
    is_closed = isinstance(column.type, Enum) or bool(column.foreign_keys)
    return isinstance(column.type, (String, JSON)) and not is_closed


def columns_of(selected: ColumnElement) -> Iterator[Column]:
    """The columns of tables that an expression of a SELECT is made of, through functions and inner SELECTs."""
    for part in visitors.iterate(selected):
        for column in getattr(part, "base_columns", ()):
            if isinstance(column, Column) and getattr(column.table, "name", None) in Base.metadata.tables:
                yield column


class Reading:
    """Which columns with words a connection reads, each with the first address that did."""

    def __init__(self, connection: Connection) -> None:
        self.found: dict[str, str] = {}
        self.path = ""
        event.listen(connection, "before_cursor_execute", self._before)
        self._end = lambda: event.remove(connection, "before_cursor_execute", self._before)

    def __enter__(self) -> "Reading":
        return self

    def __exit__(self, *_error: object) -> None:
        self._end()

    def _before(self, _connection, _cursor, _statement, _parameters, context, _many) -> None:
        for entry in getattr(getattr(context, "compiled", None), "_result_columns", None) or ():
            for selected in entry.objects:
                if isinstance(selected, ColumnElement):
                    for column in filter(holds_words, columns_of(selected)):
                        self.found.setdefault(f"{column.table.name}.{column.name}", self.path)


def test_every_column_that_a_public_page_reads_says_by_which_act_its_words_get_in(asker):
    with Reading(asker.connection) as reading:
        for reading.path in public_paths(asker):
            public_answer(asker, reading.path)
    known = DOORS.keys() | MADE.keys() | ADDRESSES | NOT_SHOWN | KEYS
    new = {column: path for column, path in reading.found.items() if column not in known}
    assert new == {}, "say in tests/support/public_words.py by which act these words become public"
    assert known - reading.found.keys() == set(), "no public page reads these any more"
    assert len(known) == sum(map(len, (DOORS, MADE, ADDRESSES, NOT_SHOWN, KEYS)))


def test_what_is_read_along_and_not_meant_for_the_public_stands_in_no_answer(asker):
    with database.put_back(asker.connection):
        for column in sorted(NOT_SHOWN):
            table, name = column.split(".")
            done = asker.connection.execute(text(f"UPDATE {table} SET {name} = coalesce({name}, '') || '{MARK}'"))
            assert done.rowcount > 0, f"{table} has no row in this world"
        asker.connection.execute(text("UPDATE bottlenecks SET title = title || 'zqseenqz'"))
        asker.connection.execute(text("UPDATE reference_version SET version = version + 1"))
        answers = {path: public_answer(asker, path) for path in public_paths(asker)}
    assert [path for path, body in answers.items() if MARK.encode() in body] == []
    assert [path for path, body in answers.items() if b"zqseenqz" in body] != []
