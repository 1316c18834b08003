"""``knelpunt import-cases``: what it commits, what it tells, and two of them at once."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from config import PROJECT_DIR
from knelpunt.adapters.database.embedded_database import DatabaseUrls
from knelpunt.adapters.files.reference import REAL_CASES
from knelpunt.cli import cli
from knelpunt.models import Case, Event
from knelpunt.services.core import events

GOOD: dict[str, Any] = json.loads(REAL_CASES.read_text(encoding="utf-8").splitlines()[0])


@pytest.fixture
def settings(own_database: DatabaseUrls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KNELPUNT_ENV", "test")
    monkeypatch.setenv("KNELPUNT_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", own_database.app)
    monkeypatch.setenv("DATABASE_OWNER_URL", own_database.owner)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["import-cases", *arguments])


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
    lines.append(json.dumps({**GOOD, "id": "\ud800", "half \udc00": 1}))
    path = tmp_path / "mixed.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.usefixtures("settings")
def test_good_lines_are_committed_and_bad_ones_told(own_database: DatabaseUrls, mixed_file: Path) -> None:
    dry = run(str(mixed_file), "--dry-run")
    assert dry.stdout.startswith("4 lines: 1 would be added")
    assert counts(own_database) == (0, 0, None)
    result = run(str(mixed_file))
    assert result.exit_code == 1
    assert result.stdout.splitlines()[0] == "4 lines: 1 added, 0 present, 3 refused"
    assert "refused, line 2 : De regel is geen geldige JSON." in result.stdout
    assert "refused, line 3 rc-002b: 'year' moet een jaar zijn" in result.stdout
    assert "refused, line 4 \ufffd: 'id' bevat een teken dat niet mag" in result.stdout
    assert "4 lines read, 1 new, 3 refused" in result.stderr
    assert counts(own_database) == (1, 3, None)


@pytest.mark.usefixtures("settings")
def test_a_missing_file_is_told_in_words(tmp_path: Path) -> None:
    result = run(str(tmp_path / "nothing.jsonl"))
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert "kan niet worden gelezen" in result.stderr


@pytest.mark.usefixtures("settings")
def test_two_imports_at_once_double_nothing(own_database: DatabaseUrls) -> None:
    command = [sys.executable, "-m", "knelpunt", "import-cases", str(REAL_CASES), "--publish"]
    processes = [subprocess.Popen(command, cwd=PROJECT_DIR, stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [process.wait(timeout=240) for process in processes] == [0, 0]
    cases, _, fault = counts(own_database)
    assert (cases, fault) == (114, None)
