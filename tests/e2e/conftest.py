"""A browser on a running site: every page is watched for errors, and can be checked with axe."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from knelpunt.adapters.database.embedded_database import Server
from tests.support.accessibility import WIDTHS, Checker
from tests.support.browser import CHROMIUM_OPTIONS, find_chromium
from tests.support.site import Site, running_site

TIMEOUT_MS = 10_000

CheckPage = Callable[[Page], None]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the browser. Without one these tests fail: what was not tried is not in order."""
    found = find_chromium()
    if found is None:
        pytest.fail("NO CHROMIUM FOUND: the browser tests did not run (apt-get install chromium)")
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
def checker(run_folder: Path) -> Checker:
    """One for each test process; what they found in order they share."""
    return Checker(run_folder / "kinds-in-order")


@pytest.fixture(scope="session")
def check_page(checker: Checker) -> CheckPage:
    """``check_page(page)``: axe finds nothing and nothing scrolls sideways, on a phone and on a desktop."""

    def check(page: Page) -> None:
        before = page.viewport_size
        faults = checker.faults(page, *WIDTHS)
        assert faults == [], f"{page.url}: {faults}"
        if before:
            page.set_viewport_size(before)

    return check


def _note_foreign(address: str, own: str, errors: list[str]) -> None:
    if not address.startswith((own, "data:", "blob:", "about:")):
        errors.append(f"a request left the site: {address}")
