"""Whoever alters, removes, adds or reorders events, even as owner of the database, is noticed."""

import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import Connection, create_engine, delete, insert, select, text, update
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from knelpunt.adapters import anchors
from knelpunt.adapters.database.embedded_database import DatabaseUrls
from knelpunt.cli import cli
from knelpunt.domain.vocabulary import ActorKind, CaseStatus, Result, Verdict
from knelpunt.extensions import db
from knelpunt.models import Event
from knelpunt.services.core import events
from tests.support.factories import Factory

COUNT = 40
ALTERATIONS = 200
WRITERS, ACTS = 4, 15
START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
CHAIN = Event.__table__
Row = dict[str, Any]


def rows_to_append(count: int) -> list[Row]:
    return [
        events.event_row(
            "notitie_toegevoegd",
            recorded_at=START + timedelta(minutes=number),
            happened_on=date(2026, 11, 24),
            actor_kind=list(ActorKind)[number % len(ActorKind)],
            subject=f"zaak:{number}",
            data={"notitie": number, "dagen": ["2026-11-24", number]},
        )
        for number in range(count)
    ]


@pytest.fixture
def people(own_database: DatabaseUrls) -> Row:
    """A case and an account to which an event may be made to point."""
    with db.new_session() as session:
        make = Factory(session)
        ids = {"case_id": make.case().id, "actor_id": make.handler().id}
        events.append(session, rows_to_append(COUNT))
        session.commit()
    return ids


@pytest.fixture
def owner(own_database: DatabaseUrls, people: Row) -> Iterator[Connection]:
    """The owner of the table, who switched off the triggers that protect it."""
    engine = create_engine(own_database.owner)
    with engine.connect() as connection:
        connection.execute(text("ALTER TABLE events DISABLE TRIGGER USER"))
        yield connection
        connection.rollback()
    engine.dispose()


# --- alterations, of which each leaves a table that the database itself finds right


def stored(connection: Connection) -> list[Row]:
    return [dict(row) for row in connection.execute(select(CHAIN).order_by(CHAIN.c.number)).mappings()]


def rewrite(connection: Connection, rows: list[Row]) -> None:
    connection.execute(delete(CHAIN))
    if rows:
        connection.execute(insert(CHAIN), rows)


def chained_anew(rows: list[Row], start: int = 0) -> list[Row]:
    """The rows with numbers and hashes made right again from a place on, as an owner with our code would do."""
    for place in range(start, len(rows)):
        rows[place]["number"] = place + 1
        rows[place]["previous_hash"] = rows[place - 1]["hash"] if place else events.FIRST_HASH
        rows[place]["hash"] = events.chained_hash(rows[place])
    return rows


def another_value(name: str, row: Row, people: Row, chance: random.Random) -> Any:
    others: dict[str, list[Any]] = {
        "recorded_at": [row["recorded_at"] + timedelta(microseconds=1), row["recorded_at"] - timedelta(hours=1)],
        "happened_on": [row["happened_on"] + timedelta(days=1)],
        "kind": ["afgesloten", row["kind"] + " "],
        "case_id": [people["case_id"]],
        "subject": [None, "zaak:999", row["subject"] + "\n"],
        "actor_kind": [kind for kind in ActorKind if kind != row["actor_kind"]],
        "actor_id": [people["actor_id"]],
        "status_before": list(CaseStatus),
        "status": list(CaseStatus),
        "verdict": list(Verdict),
        "result": list(Result),
        "data": [{}, {**row["data"], "x": 1}, {**row["data"], "notitie": str(row["data"]["notitie"])}, {"notitie": 1}],
        "previous_hash": ["f" * 64, row["previous_hash"].upper() + "0"],
        "hash": ["f" * 64, row["hash"][:-1], row["hash"][::-1]],
    }
    return chance.choice(others[name])


def change_a_column(connection: Connection, people: Row, chance: random.Random) -> None:
    row = chance.choice(stored(connection))
    name = chance.choice([column.key for column in CHAIN.columns if column.key != "number"])
    value = another_value(name, row, people, chance)
    connection.execute(update(CHAIN).where(CHAIN.c.number == row["number"]).values({name: value}))


def change_and_hash_again(connection: Connection, people: Row, chance: random.Random) -> None:
    row = chance.choice(stored(connection))
    row["data"] = another_value("data", row, people, chance)
    row["hash"] = events.chained_hash(row)
    connection.execute(update(CHAIN).where(CHAIN.c.number == row["number"]).values(data=row["data"], hash=row["hash"]))


def change_and_chain_anew(connection: Connection, people: Row, chance: random.Random) -> None:
    rows = stored(connection)
    place = chance.randrange(len(rows))
    rows[place]["data"] = another_value("data", rows[place], people, chance)
    rewrite(connection, chained_anew(rows, place))


def remove_one(connection: Connection, _people: Row, chance: random.Random) -> None:
    connection.execute(delete(CHAIN).where(CHAIN.c.number == chance.randint(1, COUNT)))


def remove_one_and_close_the_gap(connection: Connection, _people: Row, chance: random.Random) -> None:
    rows = stored(connection)
    del rows[chance.randrange(COUNT)]
    for number, row in enumerate(rows, 1):
        row["number"] = number
    rewrite(connection, rows)


def remove_one_and_chain_anew(connection: Connection, _people: Row, chance: random.Random) -> None:
    rows = stored(connection)
    del rows[chance.randrange(COUNT)]
    rewrite(connection, chained_anew(rows))


def cut_the_tail(connection: Connection, _people: Row, chance: random.Random) -> None:
    connection.execute(delete(CHAIN).where(CHAIN.c.number > chance.randint(1, COUNT - 1)))


def cut_the_tail_and_write_another(connection: Connection, _people: Row, chance: random.Random) -> None:
    rows = stored(connection)
    place = chance.randint(1, COUNT - 1)
    fresh = [{**row, "subject": "anders"} for row in rows[place:]]
    rewrite(connection, chained_anew(rows[:place] + fresh, place))


def empty_the_table(connection: Connection, _people: Row, _chance: random.Random) -> None:
    connection.execute(text("TRUNCATE events"))


def put_one_between(connection: Connection, _people: Row, chance: random.Random) -> None:
    rows = stored(connection)
    place = chance.randrange(COUNT)
    rows.insert(place, {**rows[place], "subject": "erbij"})
    for number, row in enumerate(rows, 1):
        row["number"] = number
    rewrite(connection, rows)


def swap_two(connection: Connection, _people: Row, chance: random.Random) -> None:
    rows = stored(connection)
    one, two = chance.sample(range(COUNT), 2)
    rows[one], rows[two] = rows[two], rows[one]
    rows[one]["number"], rows[two]["number"] = one + 1, two + 1
    rewrite(connection, rows)


def swap_two_and_chain_anew(connection: Connection, _people: Row, chance: random.Random) -> None:
    rows = stored(connection)
    one, two = chance.sample(range(COUNT), 2)
    rows[one], rows[two] = rows[two], rows[one]
    rewrite(connection, chained_anew(rows))


KINDS: list[Callable[[Connection, Row, random.Random], None]] = [
    *[change_a_column] * 9,
    change_and_hash_again,
    change_and_chain_anew,
    remove_one,
    remove_one_and_close_the_gap,
    remove_one_and_chain_anew,
    cut_the_tail,
    cut_the_tail_and_write_another,
    empty_the_table,
    put_one_between,
    swap_two,
    swap_two_and_chain_anew,
]


def verify(connection: Connection, noted: dict[int, str]) -> events.ChainReport:
    with Session(bind=connection, join_transaction_mode="create_savepoint") as session:
        return events.verify(session, noted)


def test_every_one_of_200_alterations_is_noticed(owner: Connection, people: Row) -> None:
    noted = {COUNT: stored(owner)[-1]["hash"]}
    chance = random.Random(20261124)
    unnoticed = []
    for number in range(ALTERATIONS):
        alter = KINDS[number % len(KINDS)]
        before = stored(owner)
        with owner.begin_nested() as savepoint:
            alter(owner, people, chance)
            assert stored(owner) != before
            if verify(owner, noted).fault is None:
                unnoticed.append(f"{number}: {alter.__name__}")
            savepoint.rollback()
    assert unnoticed == []
    assert verify(owner, noted) == events.ChainReport(COUNT, noted[COUNT], None)


def test_a_cut_tail_is_noticed_by_the_anchor_only(owner: Connection) -> None:
    noted = {COUNT: stored(owner)[-1]["hash"]}
    owner.execute(delete(CHAIN).where(CHAIN.c.number > COUNT - 1))
    assert verify(owner, {}).fault is None
    assert verify(owner, noted).fault == f"The chain ends at {COUNT - 1}, before the anchor at {COUNT}."


def test_an_emptied_table_is_refused_when_an_anchor_says_that_it_was_not_empty(owner: Connection) -> None:
    noted = {COUNT: stored(owner)[-1]["hash"]}
    owner.execute(text("TRUNCATE events"))
    assert verify(owner, noted).fault == f"The chain ends at 0, before the anchor at {COUNT}."
    assert verify(owner, {}) == events.ChainReport(0, events.FIRST_HASH, None)


def test_a_chain_that_grew_still_fits_every_older_anchor(owner: Connection, people: Row) -> None:
    rows = stored(owner)
    noted = {number: rows[number - 1]["hash"] for number in (1, 7, COUNT)}
    with Session(bind=owner, join_transaction_mode="create_savepoint") as session:
        events.append(session, rows_to_append(3))
        session.flush()
        assert events.verify(session, noted).fault is None
        assert events.verify(session, {**noted, 7: "f" * 64}).fault == "Event 7 differs from the anchor."


@pytest.mark.parametrize("statement", ["UPDATE events SET kind = 'x'", "DELETE FROM events", "TRUNCATE events"])
@pytest.mark.parametrize("who", ["app", "owner"])
def test_the_database_refuses_to_change_events(
    own_database: DatabaseUrls, people: Row, statement: str, who: str
) -> None:
    engine = create_engine(getattr(own_database, who))
    with engine.connect() as connection, pytest.raises(ProgrammingError, match=r"append-only|permission denied"):
        connection.execute(text(statement))
    engine.dispose()


def test_what_many_append_at_once_makes_one_chain(own_database: DatabaseUrls) -> None:
    barrier = Barrier(WRITERS)

    def write(writer: int) -> None:
        barrier.wait()
        for row in rows_to_append(ACTS):
            with db.new_session() as session:
                events.append(session, [{**row, "subject": f"{row['subject']}:{writer}"}])
                session.commit()

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    with db.new_session() as session:
        report = events.verify(session)
        subjects = set(session.scalars(select(Event.subject)))
    assert (report.count, report.fault, len(subjects)) == (WRITERS * ACTS, None, WRITERS * ACTS)


# --- the log of anchors and the command


def test_anchors_are_added_to_a_log_and_read_back(tmp_path: Path) -> None:
    anchors.note(tmp_path, START, 7, "a" * 64)
    anchors.note(tmp_path, START, 9, "b" * 64)
    anchors.note(tmp_path, START, 9, "b" * 64)
    assert anchors.read(["3:" + "c" * 64], tmp_path / anchors.FILE_NAME).anchors == {
        3: "c" * 64,
        7: "a" * 64,
        9: "b" * 64,
    }
    assert anchors.read([], tmp_path / "nothing") == anchors.Log({}, 0)


def test_half_a_line_in_the_log_spoils_no_other(tmp_path: Path) -> None:
    anchors.note(tmp_path, START, 7, "a" * 64)
    with (tmp_path / anchors.FILE_NAME).open("a") as log:
        log.write("2026-11-30T10:00:00+00:00 8:abc\n")
    anchors.note(tmp_path, START, 9, "b" * 64)
    assert anchors.read([], tmp_path / anchors.FILE_NAME) == anchors.Log({7: "a" * 64, 9: "b" * 64}, 1)


def test_every_commit_is_anchored_so_that_no_last_event_can_be_cut_off(
    own_database: DatabaseUrls, owner: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner.commit()
    monkeypatch.setattr(db.make_session, "kw", {**db.make_session.kw})
    log = tmp_path / anchors.FILE_NAME
    events.anchor_commits(db.make_session, partial(anchors.note, tmp_path, START))
    row = events.event_row("proef", recorded_at=START, happened_on=START.date())
    for _ in range(3):
        with db.new_session() as session:
            events.append(session, [dict(row)])
            session.commit()
    assert set(anchors.read([], log).anchors) == {COUNT + 1, COUNT + 2, COUNT + 3}
    with db.new_session() as session:
        events.append(session, [dict(row)])
        session.rollback()
        session.commit()
    with db.new_session() as session:
        events.append(session, [dict(row)])
        with session.begin_nested() as attempt:
            events.append(session, [dict(row)])
            attempt.rollback()
        session.commit()
    noted = anchors.read([], log).anchors
    assert max(noted) == COUNT + 4, "what was taken back is no anchor"
    assert verify(owner, noted).fault is None
    owner.execute(delete(CHAIN).where(CHAIN.c.number == COUNT + 4))
    assert verify(owner, noted).fault == f"The chain ends at {COUNT + 3}, before the anchor at {COUNT + 4}."


@pytest.mark.parametrize("text", ["", "7", "7:abc", "-1:" + "a" * 64, "9" * 30 + ":" + "a" * 64])
def test_what_is_no_anchor_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(anchors.BadAnchor, match="is no anchor"):
        anchors.read([text], tmp_path / "nothing")


def test_two_anchors_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    anchors.note(tmp_path, START, 7, "a" * 64)
    with pytest.raises(anchors.BadAnchor, match="two different anchors for event 7"):
        anchors.read(["7:" + "b" * 64], tmp_path / anchors.FILE_NAME)


def test_the_command_tells_good_from_bad(own_database: DatabaseUrls, owner: Connection, tmp_path: Path) -> None:
    noted = f"{COUNT}:{stored(owner)[-1]['hash']}"
    environ = {
        "KNELPUNT_ENV": "test",
        "DATABASE_URL": own_database.app,
        "KNELPUNT_DATA_DIR": str(tmp_path),
    }
    owner.commit()
    assert db.engine is not None
    db.engine.dispose()  # the command makes one of its own
    good = CliRunner().invoke(cli, ["verify-events", "--anchor", noted], env=environ)
    assert (good.exit_code, good.output.splitlines()[-1]) == (0, noted)
    assert f"the last event, {COUNT}, has an anchor" in good.output
    few = CliRunner().invoke(cli, ["verify-events", "--anchor", f"7:{stored(owner)[6]['hash']}"], env=environ)
    assert f"This vouches up to event 7. Of {COUNT - 7} later events there is no anchor" in few.output
    none = CliRunner().invoke(cli, ["verify-events"], env=environ)
    assert f"This vouches up to event 0. Of {COUNT} later events there is no anchor" in none.output
    owner.execute(delete(CHAIN).where(CHAIN.c.number == COUNT))
    owner.commit()
    bad = CliRunner().invoke(cli, ["verify-events", "--anchor", noted], env=environ)
    assert bad.exit_code == 1
    assert "NOT IN ORDER: The chain ends at 39" in bad.output
    odd = CliRunner().invoke(cli, ["verify-events", "--anchor", "x"], env=environ)
    assert odd.exit_code == 1
    assert "is no anchor" in odd.output
