"""How heavy the public pages are and how long a slow phone takes to show something.

    python -m benchmarks.first_view

A site of its own with the demo, a Chromium without a cache, the processor four times as slow, and two networks: 1.6
Mbit/s and 400 kbit/s, both with 400 ms there and back. Bytes are those on the wire, but for the page itself: the
proxy in front of the site compresses that, and so does this measurement. Times are those of the browser ("first
contentful paint"), the median of three visits, and never seen by a test: they depend on the machine.
"""

import gzip
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.measuring import table
from tests.support import database
from tests.support.browser import CHROMIUM_OPTIONS, find_chromium
from tests.support.site import Site, running_site

NETWORKS = {"1.6 Mbit/s": 1_600_000, "400 kbit/s": 400_000}
LATENCY_MS = 400
SLOWER = 4
VISITS = 3
PHONE = {"width": 390, "height": 844}
KINDS = ("html", "css", "js", "font", "image")
BUDGETS: dict[str, dict[str, int]] = {
    # Bytes, compressed: a little above what the pages weigh, so that growth is a decision.
    "/": {"html": 20_000, "css": 40_000, "js": 3_000, "font": 40_000, "total": 106_000},
    "/knelpunten": {"html": 11_000, "css": 34_000, "js": 3_000, "font": 40_000, "total": 88_000},
    "/knelpunten?weergave=kaart": {"html": 20_000, "css": 34_000, "js": 3_000, "font": 40_000, "total": 99_000},
    "/wetten": {"html": 8_000, "css": 34_000, "js": 3_000, "font": 40_000, "total": 87_000},
    "/wetten/ow": {"html": 8_000, "css": 34_000, "js": 3_000, "font": 40_000, "total": 88_000},
    "/over/werkwijze": {"html": 6_000, "css": 34_000, "js": 3_000, "font": 40_000, "total": 86_000},
    "/melden/bewoner": {"html": 6_000, "css": 34_000, "js": 9_000, "font": 40_000, "total": 90_000},
    "/inloggen": {"html": 5_000, "css": 34_000, "js": 3_000, "font": 40_000, "total": 82_000},
}
"""The most that one page of each public kind may weigh; pictures count in the total only."""
FIRST_VIEW_BYTES = 100_000
"""Page, styles, scripts and fonts together; pictures come after."""


@dataclass(slots=True)
class Weight:
    """What came over the wire for one page: bytes and requests by kind, and every address that was asked."""

    bytes_of: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    requests: int = 0
    addresses: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(self.bytes_of.values())

    @property
    def first_view(self) -> int:
        return sum(size for kind, size in self.bytes_of.items() if kind != "image")


def weigh(page: Page, path: str) -> Weight:
    """Load a page that nothing is kept of, and weigh all that it asks for."""
    weight = Weight()
    kinds: dict[str, str] = {}
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    names = {"Document": "html", "Stylesheet": "css", "Script": "js", "Font": "font", "Image": "image"}

    def on_request(event: dict) -> None:
        kinds[event["requestId"]] = names.get(event.get("type", ""), "image")
        if event["request"]["url"].startswith("http"):
            weight.requests += 1
            weight.addresses.append(event["request"]["url"])

    def on_finished(event: dict) -> None:
        kind = kinds.get(event["requestId"], "image")
        if kind != "html":
            weight.bytes_of[kind] += int(event["encodedDataLength"])

    session.on("Network.requestWillBeSent", on_request)
    session.on("Network.loadingFinished", on_finished)
    answer = page.goto(path, wait_until="networkidle")
    assert answer is not None and answer.status == 200, path
    weight.bytes_of["html"] = len(gzip.compress(answer.body()))
    session.detach()
    return weight


def first_paint_ms(browser: Browser, site: Site, path: str, bits_a_second: int) -> float:
    """Milliseconds until a slow phone with an empty cache shows the first words or picture."""
    context = browser.new_context(base_url=site.url, viewport=PHONE, device_scale_factor=2, is_mobile=True)
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    rate = bits_a_second / 8
    session.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": LATENCY_MS, "downloadThroughput": rate, "uploadThroughput": rate},
    )
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.set_default_timeout(120_000)
    page.goto(path, wait_until="load")
    found = page.evaluate("performance.getEntriesByName('first-contentful-paint').map(entry => entry.startTime)")
    context.close()
    return float(found[0])


@contextmanager
def demo_site() -> Iterator[Site]:
    with (
        database.running_server() as server,
        tempfile.TemporaryDirectory(prefix="knelpunt-first-view-") as folder,
        running_site(server, Path(folder)) as site,
    ):
        site.fill_demo()
        yield site


def main() -> None:
    chromium = find_chromium()
    if chromium is None:
        raise SystemExit("There is no Chromium on this machine (apt-get install chromium).")
    heads = ["page", *(f"{kind}, KB" for kind in KINDS), "total, KB", "requests"]
    rows = []
    with demo_site() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_OPTIONS)
        for path in BUDGETS:
            context = browser.new_context(base_url=site.url, viewport=PHONE)
            weight = weigh(context.new_page(), path)
            context.close()
            kilobytes = [f"{size / 1000:.1f}" for size in (*weight.bytes_of.values(), weight.total)]
            paints = [
                median(first_paint_ms(browser, site, path, bits) for _ in range(VISITS)) / 1000
                for bits in NETWORKS.values()
            ]
            rows.append([f"`{path}`", *kilobytes, str(weight.requests), *(f"{paint:.1f}" for paint in paints)])
        browser.close()
    # After the site, which writes its log in between, has stopped.
    print(table([*heads, *(f"first paint at {name}, s" for name in NETWORKS)], rows))


if __name__ == "__main__":
    main()
