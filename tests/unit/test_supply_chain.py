"""The list of parts, their licences and weaknesses; nothing here asks the network."""

import json
from datetime import UTC, datetime

from config import PROJECT_DIR
from knelpunt.commands import supply_chain
from knelpunt.commands.supply_chain import Part

NOW = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)


def test_everything_that_is_locked_is_a_part_in_cyclonedx():
    found = supply_chain.parts(PROJECT_DIR)
    bom = json.loads(json.dumps(supply_chain.cyclonedx(found, NOW)))
    assert (bom["bomFormat"], bom["specVersion"]) == ("CycloneDX", "1.5")
    names = {each["purl"].partition("@")[0] for each in bom["components"]}
    assert {"pkg:pypi/flask", "pkg:pypi/sqlalchemy"} <= names
    assert any(name.startswith("pkg:npm/") for name in names)
    refs = [each["bom-ref"] for each in bom["components"]]
    assert len(refs) == len(set(refs)) > 40
    flask = next(each for each in bom["components"] if each["name"] == "flask")
    assert "BSD" in flask["licenses"][0]["license"]["name"]


def test_a_weakness_a_licence_and_what_was_not_seen_are_told_apart():
    def ask(address):
        if "away" in address:
            raise OSError("no network")
        if "strange" in address:
            return b"<html>"
        faults = [{"id": "CVE-2026-1", "fixed_in": ["1.1"]}, {"id": "CVE-2026-2", "withdrawn": "2026-01-01"}]
        return json.dumps({"vulnerabilities": faults if "weak" in address else []}).encode()

    told = supply_chain.audit(
        [
            Part("pypi", "weak", "1.0", "MIT License"),
            Part("pypi", "away", "1.0", "BSD-3-Clause"),
            Part("pypi", "strange", "1.0", "Proprietary"),
            Part("pypi", "silent", "1.0", ""),
            Part("npm", "@a/b", "2.0", "MIT"),
        ],
        ask,
    )
    assert told.weaknesses == ("weak 1.0: CVE-2026-1, mended in 1.1",)
    assert told.licences == ("strange 1.0: Proprietary",)
    assert [line.partition(":")[0] for line in told.unseen] == ["away 1.0", "strange 1.0", "@a/b 2.0", "silent 1.0"]
    assert Part("npm", "@a/b", "2.0", "MIT").purl == "pkg:npm/%40a/b@2.0"


def test_every_licence_of_what_is_locked_was_judged():
    odd = [part for part in supply_chain.parts(PROJECT_DIR) if part.licence and not part.has_known_licence]
    assert odd == []
