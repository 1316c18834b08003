"""Takes the pictures for the README: a site of its own with the demo, and a Chromium that looks at it.

    make screenshots          writes docs/pictures/*.png

Each picture is one page as one kind of visitor sees it.
"""

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select
from sqlalchemy.orm import Session

from config import PROJECT_DIR
from knelpunt.domain.links import Links
from knelpunt.domain.timezone import nl_day, quarter_of
from knelpunt.domain.vocabulary import CaseStatus
from knelpunt.models import Case, FollowLink
from knelpunt.services.demo import DEMO_DOMAIN, DEMO_PASSWORD
from tests import database
from tests.browser import CHROMIUM_OPTIONS, find_chromium
from tests.site import Site, running_site

PICTURES = PROJECT_DIR / "docs" / "pictures"
WIDTH, HEIGHT = 1280, 860


@dataclass(frozen=True, slots=True)
class Picture:
    """One page: its file, its address, and the demo account that looks (none: a visitor)."""

    name: str
    address: str
    account: str | None = None
    width: int = WIDTH


def pictures(session: Session, links: Links) -> Iterator[Picture]:
    """What to show; cases are chosen by their state, so that the demo may change its stories."""
    in_handling = _reference(session, CaseStatus.IN_HANDLING)
    quarter = quarter_of(nl_day(datetime.now(UTC)))
    yield Picture("home", "/")
    yield Picture("melden", "/melden/bewoner")
    yield Picture("volgen", _follow_address(session, links))
    yield Picture("wetten", "/wetten")
    yield Picture("openbaar", "/knelpunten")
    yield Picture("werkvoorraad", "/werkvoorraad", "triage")
    yield Picture("zaak", f"/zaken/{in_handling}", "behandelaar")
    yield Picture("klokken", f"/zaken/{in_handling}/klokken", "behandelaar")
    yield Picture("kwartaal", f"/kwartalen/{quarter}", "kwartaal")
    yield Picture("telefoon", "/", width=390)


def _reference(session: Session, status: CaseStatus) -> str:
    statement = select(Case.reference).where(Case.status == status, Case.import_key.is_(None)).order_by(Case.id)
    return session.scalars(statement.limit(1)).one()


def _follow_address(session: Session, links: Links) -> str:
    row = session.execute(
        select(FollowLink.public_id, FollowLink.nonce)
        .join(Case, Case.id == FollowLink.case_id)
        .where(FollowLink.revoked_at.is_(None), Case.closed_on.is_(None))
        .order_by(FollowLink.id)
        .limit(1)
    ).one()
    return links.follow(row.public_id, row.nonce).removeprefix(links.base_url)


@contextmanager
def opened(browser: Browser, site: Site, picture: Picture) -> Iterator[Page]:
    context = browser.new_context(
        base_url=site.url,
        locale="nl-NL",
        timezone_id="Europe/Amsterdam",
        viewport={"width": picture.width, "height": HEIGHT},
    )
    page = context.new_page()
    if picture.account:
        page.goto("/inloggen")
        page.get_by_label("E-mailadres").fill(f"{picture.account}@{DEMO_DOMAIN}")
        page.get_by_label("Wachtwoord", exact=True).fill(DEMO_PASSWORD)
        page.get_by_role("button", name="Log in").click()
    page.goto(picture.address)
    page.evaluate("document.fonts.ready")
    yield page
    context.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=PICTURES)
    out: Path = parser.parse_args().out
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
        site.fill_demo()
        with site.session() as session:
            wanted = list(pictures(session, Links(site.config.base_url, site.config.secret_key)))
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_OPTIONS)
        for picture in wanted:
            with opened(browser, site, picture) as page:
                page.screenshot(path=out / f"{picture.name}.png")
            print(f"{picture.name}.png")
        browser.close()


if __name__ == "__main__":
    main()
