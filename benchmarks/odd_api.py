"""What a system of an organisation sends to the API, right and wrong: bodies after the contract, and its headers."""

import base64
import json
import random
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from benchmarks.browser import Browser
from config import PROJECT_DIR
from knelpunt.domain.identity.clients import DEMO_CLIENT, DEMO_SECRET

SYSTEM = "system"
"""Who comes with the key of the demonstration."""
BASE = "/api/v1"
UPLOADS = f"{BASE}/uploads"
PIECE = "application/offset+octet-stream"
CONTRACT = PROJECT_DIR / "docs" / "api" / "openapi.json"
LISTS = ("concepten", "zaken", "uploads", "samenmeldingen", "abonnementen", "gebruikte-ruimtewijzers")
BELOW = ("bijlagen", "berichten", "pogingen", "tijdlijn")
NAMES = ("sleutel", "nummer", "gebruik", "id")
"""Under which name a list tells what stands in the address of one."""
KEYS = ("zelfde", "x" * 255, "x" * 256, "", "\xff", "7")
VERSIONS = ('"v1"', '"v1"', '"v2"', "*", "v1", 'W/"v1"', '"v99999999999999999999"', '"v-1"', '"', "")
ODD_VALUES: tuple[Any, ...] = (
    None, True, 0, -1, 5, 10**30, 1e308, float("nan"), "", [], {}, [[[[]]]], [None], {"x": {"x": []}}, ["a"] * 2_000,
)  # fmt: skip


class Contract:
    """The bodies that the contract of the API describes."""

    def __init__(self) -> None:
        document = json.loads(CONTRACT.read_text(encoding="utf-8"))
        self._schemas = document["components"]["schemas"]
        self._bodies = {
            (method.upper(), re.sub(r"\{[^}]+\}", "*", f"{BASE}{path}")): next(
                iter(act["requestBody"]["content"].items())
            )
            for path, acts in document["paths"].items()
            for method, act in acts.items()
            if isinstance(act, dict) and "requestBody" in act
        }

    def body_of(self, rule: str, method: str) -> tuple[str, Mapping[str, Any]]:
        """The type and the shape of what an address takes; of nothing where the contract names none."""
        told, media = self._bodies.get((method, re.sub(r"<[^>]+>", "*", rule)), ("application/json", {}))
        return told, self._read(media.get("schema", {}))

    def _read(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        name = str(schema.get("$ref", "")).rpartition("/")[2]
        return self._schemas[name] if name else schema

    def value(self, schema: Mapping[str, Any], chance: random.Random, text: Callable[[], str], share: float) -> Any:
        """Something of this shape, of which each part is odd with this chance."""
        if chance.random() < share:
            return chance.choice(ODD_VALUES) if chance.random() < 0.6 else text()
        schema = self._read(schema)
        if schema.get("enum"):
            return chance.choice(schema["enum"])
        kinds = schema.get("type", "object" if "properties" in schema else "string")
        kind = chance.choice([each for each in kinds if each != "null"]) if isinstance(kinds, list) else kinds
        if kind == "object":
            made = {
                name: self.value(part, chance, text, share)
                for name, part in schema.get("properties", {}).items()
                if name in schema.get("required", ()) or chance.random() < 0.7
            }
            return made | ({text(): text()} if chance.random() < share else {})
        if kind == "array":
            return [self.value(schema.get("items", {}), chance, text, share) for _ in range(chance.randrange(3))]
        if kind == "boolean":
            return chance.random() < 0.8
        if kind in ("integer", "number"):
            return chance.choice((1, 1, 2, 0, 10**12))
        if schema.get("format") == "date":
            return chance.choice(("2026-11-02", "2027-01-04"))
        return "Een gewone zin over het plan."


def headers_of(chance: random.Random) -> dict[str, str]:
    """The headers by which an act is done once and on one version; now and then odd, or not there."""
    sent = {}
    if chance.random() < 0.9:
        sent["Idempotency-Key"] = f"{chance.getrandbits(64):x}" if chance.random() < 0.8 else chance.choice(KEYS)
    if chance.random() < 0.8:
        sent["If-Match"] = chance.choice(VERSIONS)
    return sent


def tus_headers_of(chance: random.Random) -> dict[str, str]:
    """The headers by which a file comes in pieces; now and then odd, or not there."""
    kinds: tuple[tuple[str, tuple[str, ...], float], ...] = (
        ("Tus-Resumable", ("1.0.0", "1.0.0", "1.0.0", "1.0.0", "0.2.2", ""), 0.95),
        ("Upload-Length", ("5", "40", "1000000", "0", "-1", "9" * 30, "x"), 0.9),
        ("Upload-Offset", ("0", "0", "0", "5", "-1", "9" * 30, "x"), 0.9),
        ("Upload-Checksum", ("sha256 eA==", "md5 eA==", "sha1 ?", "", "\xff"), 0.2),
        ("Upload-Metadata", ("filename YnJpZWYucGRm", "filename", "\xff"), 0.3),
    )
    return {name: chance.choice(values) for name, values, share in kinds if chance.random() < share}


def token_for(browser: Browser) -> str:
    """A token for the key of the demonstration; empty when it opens nothing any more."""
    basic = base64.b64encode(f"{DEMO_CLIENT}:{DEMO_SECRET}".encode()).decode()
    headers = {"Authorization": f"Basic {basic}", "Content-Type": "application/x-www-form-urlencoded"}
    answer = browser.ask("POST", f"{BASE}/token", headers, urlencode({"grant_type": "client_credentials"}).encode())
    return str(json.loads(answer.text)["access_token"]) if answer.status == 200 else ""


def addresses_in(read: Callable[[str], str]) -> list[str]:
    """The addresses of what the lists of an organisation show; ``read`` gives the text of an address."""
    found = []
    for name in LISTS:
        for one in _ids(read(f"{BASE}/{name}")):
            found.append(f"{BASE}/{name}/{one}")
            for below in BELOW:
                path = f"{found[-1]}/{below}"
                found += [f"{path}/{number}" for number in _ids(read(path))]
            if len(found) > 60:
                break
    return found


def _ids(text: str) -> list[str]:
    try:
        read = json.loads(text)
    except ValueError:
        return []
    items = read.get("items", []) if isinstance(read, dict) else []
    return [str(each[name]) for each in items for name in NAMES if name in each][:10]
