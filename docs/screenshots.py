"""Takes pictures with a site of its own and a Chromium that looks at it.

make screenshots                        writes docs/pictures/*.png, for the README, from the demo
make screenshots SCREENSHOT_OPTIONS="--only zaak klokken"   takes these alone
make screenshots SCREENSHOT_OPTIONS=--all   writes .screenshots/: every page on three widths, light and dark
"""

import argparse
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, StorageState, sync_playwright
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from config import PROJECT_DIR, Environment
from knelpunt.application import create_app
from knelpunt.domain.bottlenecks import BottleneckStatus
from knelpunt.domain.calendar.timezone import nl_day, quarter_of
from knelpunt.domain.laws.changes import LawChangeKind
from knelpunt.domain.links import Links
from knelpunt.domain.vocabulary import CaseStatus, ReviewStatus
from knelpunt.models import Bottleneck, Case, FollowLink, Guide, GuideClaim, LawChange, Review
from knelpunt.services.demo.loading import DEMO_DOMAIN, DEMO_PASSWORD
from tests.support import database
from tests.support.asker import Asker, cookies_of
from tests.support.browser import CHROMIUM_OPTIONS, find_chromium
from tests.support.every_page import Seen, every_page
from tests.support.site import Site, running_site
from tests.support.world import World

PICTURES = PROJECT_DIR / "docs" / "pictures"
EVERY_PAGE = PROJECT_DIR / ".screenshots"
WIDTHS = (390, 768, 1280)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
WIDTH, HEIGHT = 1280, 860


@dataclass(frozen=True, slots=True)
class Picture:
    """One page: its file, its address, and the demo account that looks (none: a visitor)."""

    name: str
    address: str
    account: str | None = None


def pictures(session: Session, links: Links) -> Iterator[Picture]:
    """What to show; cases are chosen by their state, so that the demo may change its stories."""
    in_handling = _reference(session, CaseStatus.IN_HANDLING)
    quarter = quarter_of(nl_day(datetime.now(UTC)))
    yield Picture("home", "/")
    yield Picture("melden", "/melden/bewoner")
    yield Picture("volgen", _follow_address(session, links))
    yield Picture("werkvoorraad", "/werkvoorraad?lijst=open", "triage")
    yield Picture("zaak", f"/zaken/{in_handling}", "behandelaar")
    yield Picture("klokken", f"/zaken/{in_handling}/klokken", "behandelaar")
    yield Picture("suggesties", f"/zaken/{_reference(session, CaseStatus.IN_TRIAGE)}/voorstellen", "triage")
    yield Picture("ruimtewijzer", f"/ruimtewijzers/{_used_guide(session)}")
    yield Picture("regelknelpunt", f"/regelknelpunten/{_bottleneck(session)}")
    yield Picture("wetswijziging", f"/wetswijzigingen/{_law_change(session)}", "triage")
    yield Picture("kwartaal", f"/kwartalen/{quarter}", "kwartaal")


def _reference(session: Session, status: CaseStatus) -> str:
    """The case in this state with the least time left that waits for no second person."""
    waits = exists().where(Review.case_id == Case.id, Review.status == ReviewStatus.OPEN)
    own = select(Case.reference).where(Case.status == status, Case.import_key.is_(None), ~waits)
    return session.scalars(own.order_by(Case.due_on, Case.id).limit(1)).one()


def _used_guide(session: Session) -> str:
    return session.scalars(
        select(Guide.slug).join(GuideClaim, GuideClaim.guide_id == Guide.id).order_by(GuideClaim.id).limit(1)
    ).one()


def _bottleneck(session: Session) -> str:
    on_its_way = Bottleneck.status == BottleneckStatus.IN_PREPARATION
    return session.scalars(select(Bottleneck.reference).where(on_its_way).order_by(Bottleneck.id).limit(1)).one()


def _law_change(session: Session) -> int:
    solved = LawChange.kind == LawChangeKind.BOTTLENECK_SOLVED
    return session.scalars(select(LawChange.id).where(solved).order_by(LawChange.id).limit(1)).one()


def _follow_address(session: Session, links: Links) -> str:
    row = session.execute(
        select(FollowLink.public_id, FollowLink.nonce)
        .join(Case, Case.id == FollowLink.case_id)
        .where(FollowLink.revoked_at.is_(None), Case.closed_on.is_(None))
        .order_by(FollowLink.id)
        .limit(1)
    ).one()
    return links.follow(row.public_id, row.nonce).removeprefix(links.base_url)


def look_at_every_page(browser: Browser, site: Site, out: Path) -> None:
    """Every page that ``tests/support/every_page.py`` knows, in a folder of its own, on each width, light and dark."""
    pages, shown = _every_page(site), {"html": ""}
    for width in WIDTHS:
        for scheme in SCHEMES:
            context = browser.new_context(
                base_url=site.url,
                locale="nl-NL",
                timezone_id="Europe/Amsterdam",
                viewport={"width": width, "height": HEIGHT},
                color_scheme=scheme,
                reduced_motion="reduce",
            )
            page = context.new_page()
            page.route(
                lambda url: "/bladzijde/" in url,
                lambda route: route.fulfill(content_type="text/html; charset=utf-8", body=shown["html"]),
            )
            for number, seen in enumerate(pages):
                shown["html"] = seen.html
                page.goto(f"/bladzijde/{number}")
                page.evaluate("document.fonts.ready")
                folder = out / _folder_name(number, seen)
                folder.mkdir(parents=True, exist_ok=True)
                page.screenshot(path=folder / f"{width}-{scheme}.png", full_page=True)
            context.close()
            print(f"{width} px, {scheme}")


def _every_page(site: Site) -> list[Seen]:
    # The address that the tests know the site by: some pages are only there for an address of the site.
    app = create_app(replace(site.config, environment=Environment.TEST, base_url="http://localhost"))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    with database.rolled_back() as (connection, session):
        world = World(session, app.config["LINKS"], app.config["FILE_STORE"])
        return every_page(Asker(app, connection, world, cookies_of(app, world.tokens)), session)


def _folder_name(number: int, seen: Seen) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", f"{seen.method if seen.method != 'GET' else ''} {seen.path}".lower()).strip("-")
    return f"{number:03} {words[:60] or 'start'} {seen.who} {seen.status}"


@contextmanager
def opened(
    browser: Browser,
    site: Site,
    picture: Picture,
    signed_in: dict[str, StorageState],
    scheme: Literal["light", "dark"] = "light",
) -> Iterator[Page]:
    """A page for a picture. Each account logs in once, since a code works once."""
    context = browser.new_context(
        storage_state=signed_in.get(picture.account or ""),
        base_url=site.url,
        locale="nl-NL",
        timezone_id="Europe/Amsterdam",
        viewport={"width": WIDTH, "height": HEIGHT},
        color_scheme=scheme,
    )
    page = context.new_page()
    if picture.account and picture.account not in signed_in:
        page.goto("/inloggen")
        page.get_by_label("E-mailadres").fill(f"{picture.account}@{DEMO_DOMAIN}")
        page.get_by_label("Wachtwoord", exact=True).fill(DEMO_PASSWORD)
        page.get_by_role("button", name="Log in").click()
        if "/inloggen/code" in page.url:
            page.locator("input[name=code]").fill(page.locator("[data-demo-code]").inner_text())
            page.get_by_role("button", name="Verder").click()
        signed_in[picture.account] = context.storage_state()
    page.goto(picture.address)
    page.evaluate("document.fonts.ready")
    yield page
    context.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", action="store_true", help="every page, on three widths, light and dark")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="these pictures alone")
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    out: Path = asked.out or (EVERY_PAGE if asked.all else PICTURES)
    out.mkdir(parents=True, exist_ok=True)
    chromium = find_chromium()
    if chromium is None:
        raise SystemExit("There is no Chromium; on Debian: sudo apt-get install chromium")
    with (
        tempfile.TemporaryDirectory(prefix="knelpunt-pictures-") as folder,
        database.running_server() as server,
        running_site(server, Path(folder)) as site,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_OPTIONS)
        if asked.all:
            look_at_every_page(browser, site, out)
            return
        site.fill_demo()
        links = Links(site.config.base_url, site.config.secret_key)
        with site.session() as session:
            wanted = [each for each in pictures(session, links) if not asked.only or each.name in asked.only]
        signed_in: dict[str, StorageState] = {}
        for picture in wanted:
            with opened(browser, site, picture, signed_in) as page:
                page.screenshot(path=out / f"{picture.name}.png")
            print(f"{picture.name}.png")
        browser.close()


if __name__ == "__main__":
    main()
