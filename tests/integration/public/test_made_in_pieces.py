"""However many cases are public, whoever makes or sends all of them has a piece of them in memory."""

import gc
import io
import tempfile
import tracemalloc
from collections.abc import Callable

import pyarrow.parquet
import pytest
from sqlalchemy import func, text

from knelpunt.domain.bottlenecks import BottleneckStatus
from knelpunt.models import Bottleneck
from knelpunt.queries.public.records import all_records
from knelpunt.web.public import open_bottlenecks
from knelpunt.web.public.developers import guides, laws
from knelpunt.web.shared.open_data import bulk
from tests.support.exports import in_database
from tests.support.guides import public_guide

__all__ = ["in_database"]
CASES, LETTERS = 5_000, 7_000
COPIES = 1_500
"""Their texts are 10 MiB. From pieces it took 4 to 5, with everything read at once 13 to 16."""
MOST_MIB = 26
"""All texts are 33 MiB. From pieces a file took 9 MiB and a download 20 when this was measured; with everything read at
once 43 and 54."""


@pytest.fixture
def made(app, session):
    """What writes the file of all cases in each form."""
    wanted = bulk.wanted(session, app.config["DATA_SETS"], "http://localhost")
    return {one.form: one.write for one in wanted if one.data_set == "knelpunten"}


@pytest.fixture
def many(session, published, made) -> int:
    """So many public cases, each with a long answer."""
    case = published()
    session.flush()
    made["jsonl"](io.BytesIO())  # reads the words and names that are kept from then on
    for table, key in (("cases", "id"), ("published_cases", "case_id")):
        session.execute(
            text(
                f"INSERT INTO {table} SELECT other.* FROM {table} one, generate_series(1, :cases) n,"
                f" jsonb_populate_record(one, jsonb_build_object('{key}', one.{key} + n, 'draft_key', NULL,"
                f" 'reference', 'KNP-1999-' || n, 'answer', repeat('letters', :letters / 7))) other"
                f" WHERE one.{key} = :case"
            ),
            {"cases": CASES, "case": case.id, "letters": LETTERS},
        )
    return CASES + 1


def most_mib(act: Callable[[], object]) -> float:
    """The most that Python held at once of what it made while it acted."""
    gc.collect()
    tracemalloc.start()
    try:
        act()
        return tracemalloc.get_traced_memory()[1] / 2**20
    finally:
        tracemalloc.stop()


def copies(session, table: str, key: str, copied: int, /, **columns: str) -> None:
    """So many rows more, like one that is there, with other values in some columns: each an expression with ``n``."""
    others = ", ".join(f"'{name}', {value}" for name, value in columns.items())
    session.execute(
        text(
            f"INSERT INTO {table} SELECT other.* FROM {table} one, generate_series(1, :copies) n,"
            f" jsonb_populate_record(one, jsonb_build_object({others})) other WHERE one.{key} = :copied"
        ),
        {"copies": COPIES, "copied": copied},
    )


def new_bottleneck(make):
    """A rule bottleneck as a row, without events."""
    return make.add(
        Bottleneck(
            reference="RK-1998-0001", title="Een regel", problem="Het knelt", status=BottleneckStatus.SIGNALLED,
            signalled_on=make.today, owner_due_on=make.today, updated_at=make.now,
            terms=func.to_tsvector("simple", "regel"),
        )
    )  # fmt: skip


def test_files_of_ruimtewijzers_and_regelknelpunten_are_written_from_pieces(session, make):
    guide, bottleneck = public_guide(make), new_bottleneck(make)
    long = f"repeat('letters', {LETTERS} / 7)"
    copies(session, "guides", "id", guide.id, id="one.id + n", slug="'wijzer-' || n")
    copies(
        session, "guide_versions", "guide_id", guide.id,
        id="one.id + n", guide_id="one.guide_id + n", conditions=long,
    )  # fmt: skip
    copies(session, "bottlenecks", "id", bottleneck.id, id="one.id + n", reference="'RK-1999-' || n", problem=long)
    for rows, key in ((guides.rows, "adres"), (open_bottlenecks.rows, "nummer")):
        found: list[str] = []
        took = most_mib(lambda rows=rows, key=key, found=found: found.extend(row[key] for row in rows(session, "")))
        assert len(set(found)) == len(found) > COPIES, key
        assert took < COPIES * LETTERS / 2**20 * 0.8, (key, took)


def test_the_file_of_laws_is_written_from_pieces(session, make):
    law, long = make.law(), f"repeat('letters', {LETTERS} / 7)"
    provision = make.provision(law)
    session.flush()
    copies(session, "laws", "id", law.id, id="one.id + n", key="'wet-' || n")
    copies(
        session, "provisions", "id", provision.id,
        id="one.id + n", law_id="one.law_id + n", key="'bepaling-' || n", instrument=long,
    )  # fmt: skip
    held: set[str] = set()
    took = most_mib(lambda: held.update(row["sleutel"] for row in laws.rows(session, "") if row["bepalingen"]))
    assert len(held) > COPIES
    assert took < 16, "it took 8 MiB from pieces, and 34 with everything read at once"


def test_the_database_keeps_what_was_not_read_yet(session, published):
    """What a driver fetched at once is no memory of Python, so that the other tests do not see it."""
    published()
    session.flush()
    rows = all_records(session)
    next(rows)
    assert session.scalar(text("SELECT count(*) FROM pg_cursors")) == 1
    assert list(rows) == []


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet"])
def test_a_file_of_all_cases_is_written_from_pieces(many, made, form, monkeypatch):
    monkeypatch.setattr(bulk, "LINES_AT_ONCE", 500)
    lines: list[int] = []
    with tempfile.TemporaryFile() as file:
        took = most_mib(lambda: lines.append(made[form](file)))
        if form == "parquet":  # of which the memory is not Python's
            assert pyarrow.parquet.ParquetFile(file).num_row_groups == -(-many // bulk.LINES_AT_ONCE) > 1
    assert lines == [many]
    assert took < MOST_MIB


@pytest.mark.parametrize("name", ["knelpunten.jsonl", "knelpunten.csv"])
def test_a_download_of_all_cases_is_sent_in_pieces(client, many, in_database, name):
    lengths: list[int] = []

    def read() -> None:
        with client.get(f"/open-data/{name}", buffered=False) as answer:
            lengths.extend(map(len, answer.iter_encoded()))

    took = most_mib(read)
    assert sum(lengths) > CASES * LETTERS
    assert max(lengths) < sum(lengths) / 10
    assert took < MOST_MIB
