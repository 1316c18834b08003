"""``knelpunt import-cases`` in processes of its own: what it commits, what it tells, and two of them at once."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from config import PROJECT_DIR
from knelpunt.adapters.database.embedded_database import DatabaseUrls
from knelpunt.adapters.files.reference import REAL_CASES
from knelpunt.models import Case, Event
from knelpunt.services.core import events

GOOD: dict[str, Any] = json.loads(REAL_CASES.read_text(encoding="utf-8").splitlines()[0])


def start(urls: DatabaseUrls, data_dir: Path, *arguments: str) -> subprocess.Popen[str]:
    environ = {
        **os.environ,
        "KNELPUNT_ENV": "test",
        "KNELPUNT_DATA_DIR": str(data_dir),
        "DATABASE_URL": urls.app,
        "DATABASE_OWNER_URL": urls.owner,
    }
    return subprocess.Popen(
        [sys.executable, "-m", "knelpunt", "import-cases", *arguments],
        cwd=PROJECT_DIR,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def counts(urls: DatabaseUrls) -> tuple[int, int, str | None]:
    engine = create_engine(urls.app)
    with Session(engine) as session:
        cases = session.scalar(select(func.count()).select_from(Case)) or 0
        written = session.scalar(select(func.count()).select_from(Event)) or 0
        fault = events.verify(session).fault
    engine.dispose()
    return cases, written, fault


@pytest.fixture
def mixed_file(tmp_path: Path) -> Path:
    lines = [json.dumps(GOOD), "{broken", json.dumps({**GOOD, "id": "rc-002b", "year": 1850})]
    path = tmp_path / "mixed.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_good_lines_are_committed_and_bad_ones_told(
    own_database: DatabaseUrls, tmp_path: Path, mixed_file: Path
) -> None:
    process = start(own_database, tmp_path, str(mixed_file))
    told, progress = process.communicate(timeout=60)
    assert process.returncode == 1
    assert told.splitlines()[0] == "3 lines: 1 added, 0 present, 2 refused"
    assert "refused, line 2 : De regel is geen geldige JSON." in told
    assert "refused, line 3 rc-002b: 'year' moet een jaar zijn" in told
    assert "3 lines read, 1 new, 2 refused" in progress
    assert counts(own_database) == (1, 3, None)


def test_a_dry_run_commits_nothing(own_database: DatabaseUrls, tmp_path: Path, mixed_file: Path) -> None:
    process = start(own_database, tmp_path, str(mixed_file), "--dry-run")
    told, _ = process.communicate(timeout=60)
    assert told.startswith("3 lines: 1 would be added")
    assert counts(own_database) == (0, 0, None)


def test_a_missing_file_is_told_in_words(own_database: DatabaseUrls, tmp_path: Path) -> None:
    process = start(own_database, tmp_path, str(tmp_path / "nothing.jsonl"))
    _, told = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "kan niet worden gelezen" in told
    assert "Traceback" not in told


def test_two_imports_at_once_double_nothing(own_database: DatabaseUrls, tmp_path: Path) -> None:
    processes = [start(own_database, tmp_path, str(REAL_CASES), "--publish") for _ in range(2)]
    for process in processes:
        process.communicate(timeout=90)
        assert process.returncode == 0
    cases, _, fault = counts(own_database)
    assert (cases, fault) == (114, None)
