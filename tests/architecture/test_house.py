"""The house rules that a tool can check: layers, style, templates, licence and description of the project."""

import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import yaml
from flask import Flask

from config import PROJECT_DIR, TEMPLATE_DIR

# Longer ones are read in pieces or not at all; the numbers are the house's own.
MAX_MODULE_LINES = 600
MAX_FILES_IN_A_FOLDER = 12
MAX_TEMPLATE_LINE = 120
WHOLE_SENTENCE = re.compile(r'"[^"]{80,}"')
"""A text that is given to a macro stays in one piece, so that its translation is found."""
LOOK_OF_A_PLAIN_ELEMENT = re.compile(
    r"\butrecht-(?:link|paragraph|table|ordered-list|unordered-list)(?!-|\w)|\butrecht-(?:link|table)(?:--|__)"
    r"|<h([1-6])\b[^>]*\butrecht-heading-\1\b"
)
"""What ``utrecht-html`` on the body gives them."""


def run(*command: str) -> None:
    program = shutil.which(command[0], path=str(Path(sys.executable).parent))
    assert program is not None, f"{command[0]} is not installed"
    result = subprocess.run([program, *command[1:]], cwd=PROJECT_DIR, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_imports_point_towards_the_domain():
    run("lint-imports", "--no-cache")


def test_the_folders_that_the_readme_names_are_those_on_disk():
    text = (PROJECT_DIR / "README.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `(knelpunt/\w+)` \|[^|]*\| `([a-z ]+)` \|$", text, re.MULTILINE))
    assert rows.keys() == {"knelpunt/web", "knelpunt/services", "knelpunt/queries", "knelpunt/domain"}
    for layer, named in rows.items():
        folders = {each.parent.name for each in (PROJECT_DIR / layer).glob("*/__init__.py")}
        assert set(named.split()) == folders, layer


def test_ruff_finds_nothing():
    run("ruff", "check", "--no-cache", ".")


def test_every_file_is_formatted():
    run("ruff", "format", "--no-cache", "--check", ".")


def test_every_template_compiles(app: Flask):
    names = [str(path.relative_to(TEMPLATE_DIR)) for path in TEMPLATE_DIR.rglob("*") if path.is_file()]
    for name in names:
        app.jinja_env.get_template(name)
    assert names


def test_no_template_holds_anything_inline_or_unescaped():
    faults = []
    for path in sorted(TEMPLATE_DIR.rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        for forbidden in (" style=", "<style", " onclick=", " onchange=", "javascript:", "|safe", "| safe"):
            if forbidden in text and "email/" not in str(path):
                faults.append(f"{path.relative_to(TEMPLATE_DIR)}: {forbidden.strip()}")
    assert faults == []


def test_templates_break_where_a_reader_would_and_leave_plain_elements_plain():
    faults = []
    for path in sorted(file for file in TEMPLATE_DIR.rglob("*") if file.is_file()):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if len(line) > MAX_TEMPLATE_LINE and not WHOLE_SENTENCE.search(line):
                faults.append(f"{path.relative_to(TEMPLATE_DIR)}:{number}: {len(line)} characters")
            if found := LOOK_OF_A_PLAIN_ELEMENT.search(line):
                faults.append(f"{path.relative_to(TEMPLATE_DIR)}:{number}: {found[0]}")
    assert faults == []


def test_no_module_is_too_long():
    sizes = {
        str(path.relative_to(PROJECT_DIR)): len(path.read_text(encoding="utf-8").splitlines())
        for path in (PROJECT_DIR / "knelpunt").rglob("*.py")
    }
    assert {path: size for path, size in sizes.items() if size > MAX_MODULE_LINES} == {}


def test_no_folder_holds_more_than_can_be_seen_at_once():
    counted = Counter(path.parent for path in (PROJECT_DIR / "knelpunt").rglob("*.py") if path.name != "__init__.py")
    sizes = {str(folder.relative_to(PROJECT_DIR)): count for folder, count in counted.items()}
    assert {folder: count for folder, count in sizes.items() if count > MAX_FILES_IN_A_FOLDER} == {}


def test_every_lock_of_the_database_has_a_number_of_its_own():
    """What takes the same advisory lock waits for one another, whatever it is about."""
    texts = (path.read_text(encoding="utf-8") for path in (PROJECT_DIR / "knelpunt").rglob("*.py"))
    numbers = Counter(number for text in texts for number in re.findall(r"\b2_013_\d{3}\b", text))
    assert len(numbers) > 5
    assert [number for number, count in numbers.items() if count > 1] == []


def test_the_locks_name_no_private_registry():
    uv_lock = (PROJECT_DIR / "uv.lock").read_text(encoding="utf-8")
    hosts = {line.split("://")[1].split("/")[0] for line in uv_lock.split('"') if line.startswith(("http:", "https:"))}
    assert hosts == {"pypi.org", "files.pythonhosted.org"}
    assert '"resolved"' not in (PROJECT_DIR / "package-lock.json").read_text(encoding="utf-8")


def test_the_licence_is_the_whole_eupl():
    text = (PROJECT_DIR / "LICENSE").read_text(encoding="utf-8")
    assert "EUROPEAN UNION PUBLIC LICENCE v. 1.2" in text
    for number in range(1, 16):
        assert f"## {number}. " in text
    assert "## Appendix" in text


def test_publiccode_describes_the_project():
    described = yaml.safe_load((PROJECT_DIR / "publiccode.yml").read_text(encoding="utf-8"))
    assert described["publiccodeYmlVersion"] == "0.5"
    assert described["name"] == "Knelpunt"
    assert described["url"].startswith("https://")
    assert described["legal"]["license"] == "EUPL-1.2"
    assert described["developmentStatus"] in {"concept", "development", "beta", "stable", "obsolete"}
    assert described["softwareType"] == "standalone/web"
    assert described["platforms"] == ["web"]
    assert described["localisation"] == {"localisationReady": True, "availableLanguages": ["nl", "en"]}
    assert described["maintenance"]["type"] in {"internal", "contract", "community", "none"}
    assert all(contact["name"] for contact in described["maintenance"]["contacts"])
    assert set(described["description"]) == {"nl", "en"}
    for words in described["description"].values():
        assert 0 < len(words["shortDescription"].strip()) <= 150
        assert 150 <= len(words["longDescription"]) <= 10_000
        assert words["features"]


def test_the_table_of_benchmarks_names_each_command_once():
    text = (PROJECT_DIR / "benchmarks" / "README.md").read_text("utf-8")
    named = re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE)
    assert named
    assert len(named) == len(set(named))
    modules = [each.removeprefix("python -m benchmarks.").split()[0] for each in named if " -m benchmarks." in each]
    assert [each for each in modules if not (PROJECT_DIR / "benchmarks" / f"{each}.py").is_file()] == []
