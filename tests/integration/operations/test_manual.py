"""The manual for operators says what the code does: its commands, settings, links, unit files and manifests."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from click import Context

from config import PROJECT_DIR, Config, Environment
from knelpunt.cli import cli
from knelpunt.commands import site

MANUAL = PROJECT_DIR / "docs" / "operations"
PAGES = sorted(MANUAL.glob("*.md"))
UNITS = sorted((MANUAL / "systemd").glob("*.service"))
MANIFESTS = sorted((MANUAL / "kubernetes").glob("*.yaml"))
VERSION = tomllib.loads((PROJECT_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
SETTINGS = set(re.findall(r'"([A-Z][A-Z0-9_]{3,})"', (PROJECT_DIR / "config.py").read_text(encoding="utf-8")))
COMMANDS = cli.list_commands(Context(cli))
OF_OTHERS = {"BACKUP_RECIPIENT", "PATH"}
"""Names that stand where settings do, and are read by something else."""


def web_options() -> set[str]:
    """What `serve` starts the web server with, but for where it listens and how many it starts."""
    command = site.web_command(Config(Environment.TEST, "x" * 32, "http://localhost", Path("/tmp")))
    text = " ".join(command)
    return {f"{name} {value}".strip() for name, value in re.findall(r"(--[a-z-]+)(?: ([^-\s]\S*))?", text)} - {
        "--bind 127.0.0.1:8000",
        "--workers 2",
        "--threads 4",
    }


def containers(manifest: dict) -> list[dict]:
    """The containers of one document, wherever they stand in it."""
    spec = manifest.get("spec", {})
    for key in ("jobTemplate", "template"):
        if key in spec:
            return containers(spec[key])
    return spec.get("containers", [])


def documents() -> list[dict]:
    return [each for path in MANIFESTS for each in yaml.safe_load_all(path.read_text(encoding="utf-8"))]


def test_the_web_server_is_started_everywhere_as_serve_starts_it() -> None:
    unit = (MANUAL / "systemd" / "knelpunt-web.service").read_text(encoding="utf-8").replace("\\\n", " ")
    image = (MANUAL / "container" / "Containerfile").read_text(encoding="utf-8")
    image = image.replace('", "', " ").replace('", \\\n     "', " ")
    for text in (unit, image):
        squeezed = " ".join(text.split())
        assert {option for option in web_options() if option not in squeezed} == set()


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_runs_as_nobody_special_and_keeps_to_its_folders(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    for wanted in (
        "User=knelpunt", "NoNewPrivileges=yes", "ProtectSystem=strict", "ProtectHome=yes", "CapabilityBoundingSet=",
        "PrivateTmp=yes", "SystemCallFilter=@system-service", "UMask=0077",
    ):  # fmt: skip
        assert wanted in lines, wanted
    [start] = [line for line in lines if line.startswith("ExecStart=")]
    program = start.removeprefix("ExecStart=").split()
    assert program[0].startswith("/opt/knelpunt/site/.venv/bin/")
    assert program[0].endswith("gunicorn") or program[1] in COMMANDS


def test_a_container_may_do_nothing_special_and_starts_what_there_is() -> None:
    found = [each for document in documents() for each in containers(document)]
    assert len(found) == 5
    for each in found:
        assert each["image"].endswith(f"knelpunt:{VERSION}")
        rights = each["securityContext"]
        assert (rights["allowPrivilegeEscalation"], rights["readOnlyRootFilesystem"]) == (False, True)
        assert rights["capabilities"] == {"drop": ["ALL"]}
        words = " ".join(each.get("command", []))
        assert all(name in COMMANDS for name in re.findall(r"knelpunt ([a-z-]+)", words)), words
        owner = {"secretRef": {"name": "knelpunt-owner"}} in each["envFrom"]
        assert owner == (each["name"] in {"migrate", "backup"}), "nothing that visitors reach may change the schema"


def test_the_probe_of_a_worker_is_a_command_that_exists() -> None:
    (worker,) = [each for document in documents() for each in containers(document) if each["name"] == "worker"]
    program, command = worker["livenessProbe"]["exec"]["command"]
    assert program == "knelpunt"
    assert command in COMMANDS


def test_every_setting_in_a_manifest_or_page_is_one_that_is_read_and_described() -> None:
    named = {name for each in documents() if each["kind"] == "ConfigMap" for name in each["data"]}
    assert named <= SETTINGS
    for page in PAGES:
        written = re.findall(
            r"\b(?:KNELPUNT|SMTP|IMAP|DATABASE)_[A-Z0-9_]*[A-Z0-9]\b", page.read_text(encoding="utf-8")
        )
        unknown = {name for name in written if name not in SETTINGS and not any(s.startswith(name) for s in SETTINGS)}
        assert unknown - OF_OTHERS == set(), page.name
    readme = (PROJECT_DIR / "README.md").read_text(encoding="utf-8")
    assert {name for name in SETTINGS if f"`{name}`" not in readme} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_names_commands_options_and_pages_that_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for command, options in re.findall(
        r"^(?:[^|#\n]*\s)?(?<!-n )knelpunt ([a-z][a-z-]+)([^\n`]*)", _in_code(text), re.MULTILINE
    ):
        assert command in COMMANDS, command
        known = {option for each in _parameters(command) for option in each}
        assert set(re.findall(r"--[a-z-]+", options.split("&&")[0])) <= known, command
    for target in re.findall(r"\]\((?!https)([^)#:\s]+)", text):
        assert (page.parent / target).exists(), target
    for target, part in re.findall(r"\]\(([^)#:\s]+\.md)#([^)]+)\)", text):
        heads = re.findall(r"^#+ (.+)$", (page.parent / target).read_text(encoding="utf-8"), re.MULTILINE)
        assert part in {re.sub(r"[^a-z0-9 -]", "", head.lower()).replace(" ", "-") for head in heads}, part


def _in_code(text: str) -> str:
    blocks = re.findall(r"```\w*\n(.*?)```", text, re.DOTALL)
    return "\n".join([*blocks, *re.findall(r"`([^`\n]+)`", text)])


def _parameters(command: str) -> list[list[str]]:
    found = cli.get_command(Context(cli), command)
    assert found is not None
    return [each.opts for each in found.params] + [["--help"]]


def test_the_version_is_one_and_what_changed_in_it_is_told() -> None:
    described = yaml.safe_load((PROJECT_DIR / "publiccode.yml").read_text(encoding="utf-8"))
    changes = (PROJECT_DIR / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## (\S+) \((\S+)\)", changes, re.MULTILINE)
    assert newest is not None
    assert (newest[1], newest[2]) == (VERSION, str(described["releaseDate"]))
    assert described["softwareVersion"] == VERSION
    lock = tomllib.loads((PROJECT_DIR / "uv.lock").read_text(encoding="utf-8"))
    assert [each["version"] for each in lock["package"] if each["name"] == "knelpunt"] == [VERSION]
    assert f"v{VERSION}" in (MANUAL / "install.md").read_text(encoding="utf-8")
