"""Every migration comes up from every earlier one with rows in every table, and no row gets lost or changed."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    LargeBinary,
    MetaData,
    NullPool,
    Table,
    create_engine,
    inspect,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR
from sqlalchemy.engine import Connection

from config import MIGRATIONS_DIR
from knelpunt.adapters.database import schema
from knelpunt.adapters.database.embedded_database import DatabaseUrls, Server
from tests.support import database

PLAIN_VALUES: dict[type, Any] = {
    ARRAY: [1],
    BigInteger: 1,
    Boolean: True,
    Date: date(2026, 11, 24),
    DateTime: datetime(2026, 11, 24, 12, 0, tzinfo=UTC),
    Float: 52.1,
    JSONB: {},
    LargeBinary: b"%PDF",
    TSVECTOR: "huis",
}
LEFT_EMPTY = {
    ("attachments", "draft_id"),
    ("bottleneck_proposals", "decided_at"),
    ("bottlenecks", "merged_into_id"),
    ("cases", "result"),
    ("import_runs", "organisation_id"),
    ("catalogue_edits", "decided_at"),
    ("quarter_files", "content"),
    ("quarter_files", "reason"),
    ("quarter_sealings", "decided_at"),
    ("quarter_seals", "is_reconstructed"),
    ("quarter_texts", "approved_by_id"),
    ("quarter_texts", "presented_on"),
    ("co_signatures", "case_id"),
    ("co_signatures", "signer_id"),
    ("disposal_lists", "second_by_id"),
    ("guides", "published_number"),
    ("law_text_findings", "decided_at"),
    ("law_text_findings", "edit_id"),
    ("law_change_touches", "bottleneck_id"),
    ("law_change_touches", "guide_id"),
    ("merger_exceptions", "account_id"),
    ("mergers", "decided_by_id"),
    ("mergers", "done_at"),
    ("privacy_places", "ground"),
    ("privacy_requests", "decided_at"),
    ("suggestion_feedback", "reason"),
    ("suggestion_feedback", "situation"),
    ("tasks", "team_id"),
    ("term_changes", "decided_at"),
}
"""Columns that a CHECK wants empty, or as the database fills them, in this row."""
MOVED = {
    ("cases", "last_event_on"), ("provisions", "text_checked_from"), ("provisions", "details"),
    ("public_version", "version"), ("subscriptions", "asked"), ("subscriptions", "confirm_nonce"),
}  # fmt: skip
"""Columns whose data a later revision puts elsewhere or adds to, where a test of its own says that nothing was lost;
and the version that each row of a public table changes."""
WITHOUT_ROW = {"case_links", "factor_resets", "leave_covers", "retention_categories"}
"""Tables whose row needs two rows of another table, where this test has one, and one that comes with its rows."""


UNIQUE_OF_CASES = {"id", "reference", "draft_key", "import_key"}


@pytest.fixture
def empty_database(database_server: Server) -> Iterator[DatabaseUrls]:
    with database.copy_of_template(database_server, migrated=False) as urls:
        yield urls


def names_of(connection: Connection) -> list[str]:
    return [name for name in inspect(connection).get_table_names() if name != "alembic_version"]


def reflected(connection: Connection, names: list[str] | None = None) -> list[Table]:
    """The tables of these names, of all when none are given, and those that they point to; these come first."""
    metadata = MetaData()
    metadata.reflect(connection, only=names)
    return [table for table in metadata.sorted_tables if table.name != "alembic_version"]


def listed_values(connection: Connection, table: Table) -> dict[str, str]:
    """The first allowed value of every column that holds a closed list."""
    found = {}
    for check in inspect(connection).get_check_constraints(table.name):
        words = check["sqltext"]
        if "ANY" in words and "'" in words:
            column = words.strip("(").partition(")")[0].partition("::")[0].strip('("')
            found[column] = words.split("'")[1]
    return found


def value_of(column: Column[Any]) -> Any:
    for kind, value in PLAIN_VALUES.items():
        if isinstance(column.type, kind):
            return value
    return f"{column.name}"


def fill(connection: Connection, tables: list[Table]) -> dict[str, dict[str, Any]]:
    """One row in every table that is still empty, every column filled where that is allowed."""
    rows = {}
    for table in tables:
        if table.name in WITHOUT_ROW or connection.scalar(text(f'SELECT count(*) FROM "{table.name}"')):
            continue
        listed = listed_values(connection, table)
        self_references = {key.parent.name for key in table.foreign_keys if key.column.table is table}
        values = {
            column.name: listed.get(column.name, value_of(column))
            for column in table.columns
            if column.name not in self_references and (table.name, column.name) not in LEFT_EMPTY
        }
        connection.execute(table.insert().values(values))
        rows[table.name] = values
    return rows


def contents(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    """The rows of each table; in one statement, as JSON, since they are read again at each of a hundred revisions."""
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in names_of(connection)}
    asked = " UNION ALL ".join(f"SELECT '{name}', to_jsonb(t) FROM \"{name}\" t" for name in found)
    for name, row in connection.execute(text(asked)) if asked else ():
        found[name].append(row)
    return found


def step_called(name: str) -> tuple[str, str]:
    """The numbers of the step before the one with this name, and its own."""
    revisions = schema.revisions(MIGRATIONS_DIR)
    [own] = (path.name[:4] for path in MIGRATIONS_DIR.glob(f"versions/*_{name}.py"))
    return revisions[revisions.index(own) - 1], own


def test_rows_of_every_revision_survive_the_way_up(empty_database):
    """A table gets its row at the revision that makes it; from there that row goes all the way up, and down again."""
    engine = create_engine(empty_database.owner, poolclass=NullPool)
    stood = {}
    for revision in schema.revisions(MIGRATIONS_DIR):
        schema.upgrade(MIGRATIONS_DIR, empty_database.owner, revision)
        with engine.begin() as connection:
            empty = [name for name, rows in contents(connection).items() if not rows and name not in WITHOUT_ROW]
            filled = fill(connection, reflected(connection, empty)) if empty else {}
            stood[revision] = contents(connection)
        assert filled or len(stood) > 1
        assert all(len(rows) == 1 for name, rows in stood[revision].items() if name not in WITHOUT_ROW)
    after = stood[revision]
    for revision, before in stood.items():
        for name, rows in before.items():
            stays = [column for column in rows[0] if (name, column) not in MOVED] if rows else []
            kept = [{column: row[column] for column in stays} for row in after[name]]
            wanted = [{column: row[column] for column in stays} for row in rows]
            assert kept == wanted or not rows, f"{name} filled at {revision} did not come up whole"
    schema.downgrade(MIGRATIONS_DIR, empty_database.owner, "base")
    assert set(before) >= {"cases", "events", "published_cases", "outbox"}


def test_a_theme_that_nobody_knew_goes_down_as_something_else_and_other_themes_stay(empty_database):
    engine = create_engine(empty_database.owner, poolclass=NullPool)
    schema.upgrade(MIGRATIONS_DIR, empty_database.owner, "0028")
    tables = ("cases", "published_cases", "guide_versions")
    with engine.begin() as connection:
        everything = reflected(connection)
        fill(connection, everything)
        for table in tables:
            connection.execute(text(f"UPDATE {table} SET theme = 'onbekend'"))
        before = contents(connection)
    schema.downgrade(MIGRATIONS_DIR, empty_database.owner, "0027")
    schema.upgrade(MIGRATIONS_DIR, empty_database.owner, "0028")
    with engine.begin() as connection:
        after = contents(connection)
        connection.execute(text("UPDATE cases SET theme = 'zorg_en_welzijn'"))
    assert after == {
        name: [{**row, "theme": "anders"} for row in rows] if name in tables else rows for name, rows in before.items()
    }
    schema.downgrade(MIGRATIONS_DIR, empty_database.owner, "0027")
    with engine.begin() as connection:
        assert connection.scalar(text("SELECT theme FROM cases")) == "zorg_en_welzijn"


def test_a_proposal_that_was_accepted_before_gets_the_term_to_close(empty_database):
    engine = create_engine(empty_database.owner, poolclass=NullPool)
    schema.upgrade(MIGRATIONS_DIR, empty_database.owner, "0029")
    with engine.begin() as connection:
        fill(connection, reflected(connection))
        connection.execute(text("DELETE FROM clock_periods"))
        connection.execute(text("UPDATE cases SET status = 'voorstel', due_on = NULL, due_clock = NULL"))
        connection.execute(text("UPDATE proposals SET status = 'aanvaard', reacted_on = '2026-11-03'"))
    schema.upgrade(MIGRATIONS_DIR, empty_database.owner, "0030")
    with engine.begin() as connection:
        due = connection.execute(text("SELECT due_on, due_clock FROM cases")).one()
        run = connection.execute(text("SELECT started_on, due_on, stopped_on FROM clock_periods")).one()
    assert tuple(due) == (date(2026, 11, 17), "afsluiting")
    assert tuple(run) == (date(2026, 11, 3), date(2026, 11, 17), None)
    schema.downgrade(MIGRATIONS_DIR, empty_database.owner, "0029")
    with engine.begin() as connection:
        assert connection.scalar(text("SELECT due_on FROM cases")) is None


def test_a_case_that_is_looked_at_again_goes_down_as_closed_with_its_first_handler(empty_database):
    engine = create_engine(empty_database.owner, poolclass=NullPool)
    schema.upgrade(MIGRATIONS_DIR, empty_database.owner, "0031")
    with engine.begin() as connection:
        fill(connection, reflected(connection))
        connection.execute(
            text(
                "UPDATE cases SET status = 'heroverweging', result = 'via_experiment', first_handler_id ="
                " (SELECT id FROM accounts LIMIT 1), handler_id = NULL, due_on = '2026-12-15', due_clock = 'K8'"
            )
        )
        connection.execute(text("UPDATE clock_periods SET clock = 'K8', stopped_on = NULL"))
        connection.execute(text("UPDATE reviews SET status = 'open', decided_at = NULL"))
    schema.downgrade(MIGRATIONS_DIR, empty_database.owner, "0030")
    with engine.begin() as connection:
        status, handler_id, due_on = connection.execute(text("SELECT status, handler_id, due_on FROM cases")).one()
        assert (status, due_on) == ("afgesloten", None)
        assert handler_id is not None
        assert connection.scalar(text("SELECT stopped_on FROM clock_periods")) is not None
        assert connection.scalar(text("SELECT status FROM reviews")) == "ingetrokken"


def test_every_provision_gets_its_wordings_and_gives_its_day_back(empty_database):
    """What was read from a day on was not read before it; a provision without such a day was not read at all."""
    engine = create_engine(empty_database.owner, poolclass=NullPool)
    before, own = step_called("provision_wordings")
    schema.upgrade(MIGRATIONS_DIR, empty_database.owner, before)
    cases = {
        "since": ("2010-03-31", None, "2010-03-31"),
        "later": ("2010-03-31", "2023-12-31", "2013-07-06"),
        "never": ("2010-03-31", None, None),
        "after": ("2010-03-31", "2012-12-31", "2022-09-16"),
        "unknown": (None, None, "2024-01-01"),
    }
    with engine.begin() as connection:
        fill(connection, reflected(connection))
        law_id = connection.scalar(text("SELECT id FROM laws"))
        names = (
            "law_id, position, article, instrument, room_type, room_order, start_is_known, end_is_known, search_text"
        )
        for number, (key, (first, last, read)) in enumerate(cases.items(), 2):
            connection.execute(
                text(
                    "INSERT INTO provisions (id, key, valid_from, valid_to, text_checked_from, details, confidence, "
                    f"{names}) VALUES (:id, :key, :first, :last, :read, CAST(:details AS jsonb), 'verified', "
                    ":law_id, 1, '1', 'x', 'x', 1, true, true, '')"
                ),
                {
                    "id": number,
                    "key": key,
                    "first": first,
                    "last": last,
                    "read": read,
                    "details": json.dumps({"conditions": [key], "text_checked_from": read}),
                    "law_id": law_id,
                },
            )
    schema.upgrade(MIGRATIONS_DIR, empty_database.owner, own)
    with engine.begin() as connection:
        found = connection.execute(
            text(
                "SELECT key, w.valid_from::text, w.valid_to::text, read_on::text, w.details->'conditions'->>0 AS first "
                "FROM provisions JOIN provision_wordings w ON w.provision_id = provisions.id "
                "WHERE key = ANY(:keys) ORDER BY key, w.valid_from NULLS FIRST"
            ),
            {"keys": list(cases)},
        ).all()
        counts = connection.execute(text("SELECT key, jsonb_array_length(details->'wordings') FROM provisions")).all()
    assert [tuple(row) for row in found] == [
        ("after", "2010-03-31", "2012-12-31", None, "after"),
        ("later", "2010-03-31", "2013-07-05", None, "later"),
        ("later", "2013-07-06", "2023-12-31", "2013-07-06", "later"),
        ("never", "2010-03-31", None, None, "never"),
        ("since", "2010-03-31", None, "2010-03-31", "since"),
        ("unknown", None, "2023-12-31", None, "unknown"),
        ("unknown", "2024-01-01", None, "2024-01-01", "unknown"),
    ]
    assert dict(map(tuple, counts))["later"] == 2
    schema.downgrade(MIGRATIONS_DIR, empty_database.owner, before)
    with engine.begin() as connection:
        back = dict(map(tuple, connection.execute(text("SELECT key, text_checked_from::text FROM provisions")).all()))
    assert {key: back[key] for key in cases} == {
        key: None if key == "after" else read for key, (_, _, read) in cases.items()
    }


def test_a_site_with_terms_has_those_of_drafts_and_guides_before_anything_is_loaded(empty_database):
    engine = create_engine(empty_database.owner, poolclass=NullPool)
    own = next(path.name[:4] for path in MIGRATIONS_DIR.glob("versions/*_terms_of_drafts_and_guides.py"))
    before = f"{int(own) - 1:04d}"
    schema.upgrade(MIGRATIONS_DIR, empty_database.owner, before)
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO terms (clock, length, unit, may_be_suspended, valid_from, source)"
                " VALUES ('K1', 6, 'weken', true, '2013-11-01', 'x')"
            )
        )
    for _ in range(2):
        schema.upgrade(MIGRATIONS_DIR, empty_database.owner, own)
        with engine.begin() as connection:
            found = connection.execute(text("SELECT clock, length, unit FROM terms WHERE clock <> 'K1'")).all()
            unchecked = connection.scalars(text("SELECT conname FROM pg_constraint WHERE NOT convalidated")).all()
        assert {tuple(row) for row in found} == {
            ("concept", 60, "dagen"),
            ("concept", 90, "dagen"),
            ("hercontrole", 24, "maanden"),
            ("gebruik", 3, "maanden"),
            ("gebruik", 12, "maanden"),
        }
        assert unchecked == []
        schema.downgrade(MIGRATIONS_DIR, empty_database.owner, before)


def test_a_case_tells_the_day_of_its_last_event_and_without_one_when_it_came_in(empty_database):
    engine = create_engine(empty_database.owner, poolclass=NullPool)
    schema.upgrade(MIGRATIONS_DIR, empty_database.owner, "0112")
    days = text("SELECT id, last_event_on FROM cases ORDER BY id")
    with engine.begin() as connection:
        fill(connection, reflected(connection))
        first = connection.scalar(text("SELECT id FROM cases"))
        columns = ", ".join(
            column.name for column in reflected(connection, ["cases"])[-1].columns if column.name not in UNIQUE_OF_CASES
        )
        for number in (first + 1, first + 1000):
            connection.execute(
                text(
                    f"INSERT INTO cases (id, reference, {columns})"
                    f" SELECT {number}, 'KNP-2020-{number:05}', {columns} FROM cases WHERE id = {first}"
                )
            )
        connection.execute(text("UPDATE cases SET filed_on = '2020-01-02'"))
    schema.upgrade(MIGRATIONS_DIR, empty_database.owner, "0113")
    with engine.begin() as connection:
        assert connection.scalar(text("SELECT bool_and(last_event_on = current_date) FROM cases"))
    for _ in range(2):  # killed half way it is run again
        schema.upgrade(MIGRATIONS_DIR, empty_database.owner, "0114")
        with engine.begin() as connection:
            found = connection.execute(days).all()
            last = connection.scalar(text("SELECT max(happened_on) FROM events"))
            assert [day for _, day in found] == [last, date(2020, 1, 2), date(2020, 1, 2)]
            connection.execute(text("UPDATE alembic_version SET version_num = '0113'"))
            connection.execute(text("UPDATE cases SET last_event_on = current_date"))


def test_a_refused_situation_loses_the_reason_that_nobody_gave_and_a_refused_rule_keeps_its_own(empty_database):
    engine = create_engine(empty_database.owner, poolclass=NullPool)
    before, own = step_called("refused_situations_without_reason")
    schema.upgrade(MIGRATIONS_DIR, empty_database.owner, before)
    with engine.begin() as connection:
        fill(connection, reflected(connection))
        connection.execute(text("UPDATE suggestion_feedback SET decision = 'afgewezen', reason = 'gold_toen_niet'"))
        connection.execute(
            text(
                "INSERT INTO suggestion_feedback"
                " (id, case_id, situation, rank, decision, reason, decided_by_id, decided_at)"
                " SELECT each.id, case_id, each.situation, 1, each.decision, each.reason, decided_by_id, decided_at"
                " FROM suggestion_feedback, (VALUES (2, 'leeg-gebouw', 'afgewezen', 'ander_onderwerp'),"
                " (3, 'buurtgrond', 'bevestigd', NULL)) AS each (id, situation, decision, reason)"
            )
        )
    reasons = {}
    for step in (schema.upgrade, schema.downgrade):
        step(MIGRATIONS_DIR, empty_database.owner, own if step is schema.upgrade else before)
        with engine.begin() as connection:
            said = connection.execute(text("SELECT situation, reason FROM suggestion_feedback")).all()
        reasons[step] = dict(map(tuple, said))
    assert reasons[schema.upgrade] == {None: "gold_toen_niet", "leeg-gebouw": None, "buurtgrond": None}
    assert reasons[schema.downgrade] == {None: "gold_toen_niet", "leeg-gebouw": "ander_onderwerp", "buurtgrond": None}


def test_each_text_that_is_public_waits_for_its_similar_cases_and_a_withdrawn_one_does_not(empty_database):
    engine = create_engine(empty_database.owner, poolclass=NullPool)
    before, own = step_called("similar_cases")
    schema.upgrade(MIGRATIONS_DIR, empty_database.owner, "0031")
    with engine.begin() as connection:
        fill(connection, reflected(connection))
    schema.upgrade(MIGRATIONS_DIR, empty_database.owner, before)
    for withdrawn_on, wanted in (("NULL", [(1, None)]), ("'2026-11-24'", [])):
        with engine.begin() as connection:
            connection.execute(text(f"UPDATE published_cases SET withdrawn_on = {withdrawn_on}"))
        schema.upgrade(MIGRATIONS_DIR, empty_database.owner, own)
        with engine.begin() as connection:
            found = connection.execute(text("SELECT case_id, others FROM similar_cases WHERE due_at <= now()")).all()
        assert [tuple(row) for row in found] == wanted
        schema.downgrade(MIGRATIONS_DIR, empty_database.owner, before)


def test_where_a_merger_was_done_before_public_texts_are_compared_with_its_people_once(empty_database):
    engine = create_engine(empty_database.owner, poolclass=NullPool)
    before, own = step_called("people_who_change")
    schema.upgrade(MIGRATIONS_DIR, empty_database.owner, before)
    with engine.begin() as connection:
        names = ["provinces", "municipalities", "organisations", "accounts", "mergers", "ministry_contacts"]
        fill(connection, reflected(connection, names))
        connection.execute(text("UPDATE organisations SET municipality_id = (SELECT min(id) FROM municipalities)"))
        connection.execute(text("UPDATE mergers SET municipality_id = (SELECT min(id) FROM municipalities)"))
    merged = text("SELECT merged_at = done_at, changed_at <= now() FROM organisations, mergers, ministry_contacts")
    for done, wanted in (("'uitgevoerd', now()", (True, True)), ("'voorgesteld', NULL", (None, True))):
        with engine.begin() as connection:
            connection.execute(text(f"UPDATE mergers SET (status, done_at) = ({done})"))
        schema.upgrade(MIGRATIONS_DIR, empty_database.owner, own)
        with engine.begin() as connection:
            assert [tuple(row) for row in connection.execute(merged)] == [wanted]
        schema.downgrade(MIGRATIONS_DIR, empty_database.owner, before)


def test_a_topic_that_was_asked_keeps_the_link_that_confirms_it(empty_database):
    engine = create_engine(empty_database.owner, poolclass=NullPool)
    before, own = step_called("several_topics_asked")
    schema.upgrade(MIGRATIONS_DIR, empty_database.owner, before)
    with engine.begin() as connection:
        fill(connection, reflected(connection, ["subscriptions"]))
        connection.execute(text("UPDATE subscriptions SET asked = 'q=tuin', asked_at = '2026-11-30 23:30+00'"))
    for nonce, wanted in (("'n'", [{"topic": "q=tuin", "nonce": "n", "on": "2026-12-01"}]), ("NULL", [])):
        with engine.begin() as connection:
            connection.execute(text(f"UPDATE subscriptions SET confirm_nonce = {nonce}"))
        schema.upgrade(MIGRATIONS_DIR, empty_database.owner, own)
        with engine.begin() as connection:
            assert connection.scalar(text("SELECT questions FROM subscriptions")) == wanted
        schema.downgrade(MIGRATIONS_DIR, empty_database.owner, before)
        with engine.begin() as connection:
            kept = connection.execute(text("SELECT asked, confirm_nonce FROM subscriptions")).one()
            assert tuple(kept) == (("q=tuin", "n") if wanted else (None, None))
