"""The style sheet of Utrecht is fetched without what the site does not use, and with all that it does."""

import importlib.util
import re
import sys
from types import ModuleType

import pytest

from config import PROJECT_DIR, TEMPLATE_DIR

SHEET = """@charset "UTF-8";
/* .utrecht-button { of old } */
.utrecht-button { color: red; }
.utrecht-calendar, .utrecht-button:is(.a, .b) { color: blue; }
.utrecht-calendar .utrecht-button { color: green; }
@media (forced-colors: active) { .utrecht-calendar { color: pink; } .utrecht-alert { color: gold; } }
@media print { .utrecht-calendar { color: grey; } }
.utrecht-button-link--subtle::before { color: black; }
.utrecht-button-link--gone { color: brown; }
.utrecht-button:not(.utrecht-button--gone) { color: white; }
.utrecht-button--unseen, .utrecht-button--subtle { color: cyan; }
:root { --a: 1; }
"""


@pytest.fixture(scope="module")
def set_up() -> ModuleType:
    spec = importlib.util.spec_from_file_location("set_up", PROJECT_DIR / ".ci" / "set_up.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_only_rules_of_used_components_stay(set_up):
    found = set_up.trimmed(SHEET)
    assert found.startswith('@charset "UTF-8";')
    assert [word for word in ("red", "blue", "gold", "black", "white", "cyan", "--a") if word not in found] == []
    assert [word for word in ("green", "pink", "grey", "brown", "unseen", "of old") if word in found] == []
    assert found.count("{") == found.count("}")
    assert set_up.trimmed(found) == found


def test_plain_elements_keep_their_look_and_parts_of_forms_have_classes_for_it(set_up):
    sheet = (
        ".utrecht-html a:hover { color: red; } .utrecht-html th, .utrecht-html td { color: blue; }"
        ".utrecht-html thead tr:last-child th { color: gold; }"
        ".utrecht-html button { color: green; } .utrecht-html td.numeric { color: pink; }"
    )
    found = set_up.trimmed(sheet, set_up.is_plain)
    assert [word for word in ("red", "blue", "gold") if word not in found] == []
    assert [word for word in ("green", "pink") if word in found] == []


def test_every_component_in_a_template_is_kept(set_up):
    sources = [*TEMPLATE_DIR.rglob("*.html"), *(PROJECT_DIR / "knelpunt" / "web").rglob("*.py")]
    used = {
        name
        for path in sources
        for name in re.findall(r"\butrecht-([a-z][a-z0-9-]*?)(?=__|--|[^a-z0-9-])", path.read_text(encoding="utf-8"))
    }
    assert len(used) > 15
    assert {name for name in used if not name.endswith("-")} - set_up.UTRECHT_COMPONENTS == set()


def test_every_look_in_a_template_is_kept(set_up):
    sources = [*TEMPLATE_DIR.rglob("*.html"), *(PROJECT_DIR / "knelpunt" / "web").rglob("*.py")]
    used = {
        look
        for path in sources
        for look in re.findall(r"\butrecht-[a-z0-9_-]+?--([a-z][a-z0-9-]*)", path.read_text(encoding="utf-8"))
    }
    assert len(used) > 10
    assert used - set_up.UTRECHT_LOOKS == set()


def test_only_tokens_that_something_reads_stay(set_up):
    theme = """/* old */
.voorbeeld-theme {
  --a: var(--b);
  --b: calc(1px + var(--c, 2px));
  --c: 3px;
  --unread: 4px;
}
"""
    found = set_up.only_used(theme, ".x { color: var(--a); width: var( --own ); }")
    assert [name for name in ("--a:", "--b:", "--c:") if name not in found] == []
    assert "--unread" not in found
    assert "old" not in found
    assert set_up.only_used(found, ".x { color: var(--a); }") == found


def test_tokens_of_looks_that_went_go_too(set_up):
    sheet = ".x {\n  --_a: var(\n    --_b\n  );\n  --_b: red;\n  --_c: blue;\n  color: var(--_a);\n  --d: green;\n}\n"
    found = set_up.without_unread(sheet, ".y { color: var(--d); }")
    assert [name for name in ("--_a:", "--_b:", "--d:") if name not in found] == []
    assert "--_c" not in found
    assert set_up.without_unread(".x {\n  --_a: var(--_b);\n  --_b: red;\n}\n", "") == ".x {\n}\n"


def test_every_token_that_the_site_reads_is_there(set_up):
    sheets = [*set_up.OWN_STYLES.glob("*.css"), set_up.VENDOR_DIR / "utrecht.css", set_up.VENDOR_DIR / "theme.css"]
    text = "".join(path.read_text(encoding="utf-8") for path in sheets)
    own = "".join(path.read_text(encoding="utf-8") for path in set_up.OWN_STYLES.glob("*.css"))
    defined = set(re.findall(r"(--[\w-]+)\s*:", text))
    read = set(re.findall(r"var\(\s*(--[\w-]+)\s*\)", own))
    assert len(read) > 50
    assert read - defined == set()


def test_styles_that_cannot_be_fetched_stop_an_installation_and_not_a_look_around(set_up, monkeypatch, capsys):
    def away(*_arguments, **_options):
        raise OSError("no registry")

    monkeypatch.setattr(set_up, "install_packages", away)
    with pytest.raises(SystemExit, match="could not be fetched"):
        set_up.fetch_frontend(optional=False, with_checkers=False)
    set_up.fetch_frontend(optional=True, with_checkers=False)
    assert "own base styles" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "needed"),
    [
        ([], True),
        (["-x", "-k", "worklist"], True),
        (["tests/unit"], False),
        (["-n", "0", "tests/integration/site/test_health.py::test_x", "tests/unit"], False),
        (["tests/unit", "tests/e2e/test_print.py"], True),
        (["tests"], True),
    ],
)
def test_a_browser_is_fetched_for_tests_in_a_browser_only(set_up, monkeypatch, options, needed):
    monkeypatch.chdir(PROJECT_DIR)
    assert set_up.needs_chromium(options) is needed


def test_a_wheel_is_refused_and_the_link_of_a_checkout_is_not(monkeypatch):
    plugin = ModuleType("hatchling.builders.hooks.plugin.interface")
    plugin.BuildHookInterface = object
    for name in ("hatchling", "hatchling.builders", "hatchling.builders.hooks", "hatchling.builders.hooks.plugin"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    monkeypatch.setitem(sys.modules, plugin.__name__, plugin)
    spec = importlib.util.spec_from_file_location("build_hook", PROJECT_DIR / ".ci" / "build_hook.py")
    hook = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(hook)
    hook.CheckoutOnly().initialize("editable", {})
    with pytest.raises(SystemExit, match="not built as a wheel"):
        hook.CheckoutOnly().initialize("standard", {})
