"""A browser on a running site: every page is watched for errors, and can be checked with axe."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from config import PROJECT_DIR
from knelpunt.adapters.database.embedded_database import Server
from tests.support.browser import CHROMIUM_OPTIONS, find_chromium
from tests.support.html import TOKEN
from tests.support.site import Site, running_site

AXE = PROJECT_DIR / "tests" / "vendor" / "axe.min.js"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (320, 1280)
TIMEOUT_MS = 10_000

CheckPage = Callable[[Page], None]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the browser. Without one these tests are skipped, except in CI, where they must run."""
    found = find_chromium()
    if found is None:
        reason = "NO CHROMIUM FOUND: the browser tests did not run (apt-get install chromium)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@pytest.fixture(scope="session")
def site(database_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site of this test process; tests share it, so each makes its own accounts and cases."""
    with running_site(database_server, tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def new_page(browser: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """Opens pages of separate people: each has its own cookies. At the end no page may have logged an error."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        # A form that is shown again answers 422, which the console reports as a failed load; that is no error.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            errors.append(message.text)

    def open_page(width: int = 1280, **options: object) -> Page:
        context = browser.new_context(
            base_url=site.url,
            locale="nl-NL",
            timezone_id="Europe/Amsterdam",
            viewport={"width": width, "height": 900},
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(TIMEOUT_MS)
        page.on("console", on_console)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("request", lambda request: _note_foreign(request.url, site.url, errors))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    return new_page()


@pytest.fixture(scope="session")
def check_page() -> CheckPage:
    """``check_page(page)``: axe finds nothing and nothing scrolls sideways, on a phone and on a desktop.

    A page that came by before, such as that to log in, is not asked about again.
    """
    source = AXE.read_text(encoding="utf-8")
    asked_about: set[str] = set()

    def check(page: Page) -> None:
        content = TOKEN.sub("", page.content())
        if content in asked_about:
            return
        before = page.viewport_size
        # Evaluated by the browser's own tools, so that the page's policy against inline scripts stays as it is.
        if not page.evaluate("'axe' in window"):
            page.evaluate(source)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            # A bar that sticks to the foot of the screen lies over whatever is there, until somebody scrolls on.
            page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
            found = page.evaluate(
                "(tags) => axe.run(document, {preload: false, resultTypes: ['violations'],"
                " runOnly: {type: 'tag', values: tags}})",
                AXE_TAGS,
            )
            faults = [
                f"{violation['id']}: {node['html'][:200]}"
                for violation in found["violations"]
                for node in violation["nodes"]
            ]
            assert faults == [], f"{page.url} at {width} px: {faults}"
            overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert overflow <= 0, f"{page.url} scrolls {overflow} px sideways at {width} px"
        page.evaluate("window.scrollTo(0, 0)")
        if before:
            page.set_viewport_size(before)
        asked_about.add(content)

    return check


def _note_foreign(address: str, own: str, errors: list[str]) -> None:
    if not address.startswith((own, "data:", "blob:", "about:")):
        errors.append(f"a request left the site: {address}")
