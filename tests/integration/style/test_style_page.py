"""The style page shows every component that there is, with every macro in it; and not to the public in production."""

import re
from dataclasses import replace

import pytest

from config import TEMPLATE_DIR, Environment
from knelpunt.domain.vocabulary import CaseStatus, PublicationStatus, Result, Verdict
from knelpunt.web.shared.labels.labels import label

COMPONENTS = sorted(path.stem for path in (TEMPLATE_DIR / "components").glob("*.html"))
MACRO = re.compile(r"{%-?\s*macro\s+(\w+)\(")


@pytest.fixture
def page(client) -> str:
    answer = client.get("/stijl")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_every_component_has_its_part_of_the_page(page):
    shown = re.findall(r'data-component="(\w+)"', page)
    assert sorted(shown) == COMPONENTS, "each file in templates/components has one part in templates/style/style.html"


@pytest.mark.parametrize("name", COMPONENTS)
def test_every_macro_of_a_component_is_drawn(name):
    sources = [(TEMPLATE_DIR / each).read_text("utf-8") for each in ("style/style.html", "base.html")]
    macros = MACRO.findall((TEMPLATE_DIR / "components" / f"{name}.html").read_text("utf-8"))
    assert macros
    for macro in macros:
        call = re.compile(rf"\b{macro}\(")
        assert any(call.search(source) for source in sources), f"{macro} of {name}.html is not on the style page"


def test_every_state_has_its_badge(page):
    for member in (*CaseStatus, *Result, *PublicationStatus, *Verdict):
        assert label(member) in page
    for kind in ("running", "soon", "late", "paused", "none"):
        assert f"kn-clock--{kind}" in page


def test_production_does_not_serve_it(app, client, monkeypatch):
    monkeypatch.setitem(app.config, "KNELPUNT", replace(app.config["KNELPUNT"], environment=Environment.PRODUCTION))
    assert client.get("/stijl").status_code == 404
