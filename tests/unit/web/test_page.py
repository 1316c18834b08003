"""What the tests read of a page: the same, however its template is written."""

import re

import pytest

from tests.support.page import parse_page

FLAT = (
    "<main><h2>Termijn</h2><p>Loopt <b>tot</b> 3 mei.</p><h2>Zaken</h2>"
    '<table><caption>Open</caption><tr><th scope="col">Zaak</th><th scope="col">Dag</th></tr>'
    '<tr><th scope="row"><a href="/a?b=1&amp;c=2">Tuin</a></th><td>3 mei</td></tr></table>'
    "<dl><dt>Wet</dt><dd>Erfgoedwet</dd></dl>"
    '<label for="x">Naam</label><input id="x" value="An"><span aria-hidden="true">▲</span></main>'
)
SPREAD = re.sub(r"(</?(?:p|h2|table|caption|tr|th|td|dl|dt|dd|main|label)\b[^>]*>)", r"\n  \1\n  ", FLAT)
CLASSED = re.sub(r"<(\w+)", r'<\1 class="kn-part utrecht-part"', FLAT)


@pytest.mark.parametrize("page", [FLAT, SPREAD, CLASSED], ids=["flat", "spread", "classed"])
def test_classes_and_line_breaks_play_no_part(page: str) -> None:
    read = parse_page(page)
    assert read.one("table", "Open").records() == [{"Zaak": "Tuin", "Dag": "3 mei"}]
    assert read.one("rowheader").links() == [("Tuin", "/a?b=1&c=2")]
    assert read.under("Termijn").text == "Loopt tot 3 mei."
    assert read.facts() == {"Wet": "Erfgoedwet"}
    assert read.one("textbox", "Naam").value == "An"
    assert "▲" not in read.text


def test_what_is_there_twice_or_not_at_all_is_not_the_only_one() -> None:
    for role, name in (("heading", None), ("link", "Huis")):
        with pytest.raises(AssertionError, match=role):
            parse_page(FLAT).one(role, name)
