"""Takes the pictures for the README: a site of its own with the demo, and a Chromium that looks at it.

make screenshots                        writes docs/pictures/*.png: one page as one kind of visitor sees it
make screenshots SCREENSHOT_OPTIONS="--only zaak klokken"   takes these alone
make screenshots SCREENSHOT_OPTIONS=--all   writes .screenshots/: every page on three widths, light and dark
"""

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from config import PROJECT_DIR
from knelpunt import create_app
from knelpunt.domain.bottlenecks import BottleneckStatus
from knelpunt.domain.law_changes import LawChangeKind
from knelpunt.domain.links import Links
from knelpunt.domain.timezone import nl_day, quarter_of
from knelpunt.domain.vocabulary import CaseStatus, ReviewStatus
from knelpunt.models import Bottleneck, Case, FollowLink, Guide, GuideClaim, LawChange, PublishedCase, Review
from knelpunt.services.demo import DEMO_DOMAIN, DEMO_PASSWORD
from knelpunt.web.shared.access import BY_LINK, PUBLIC, access_of
from tests import database
from tests.browser import CHROMIUM_OPTIONS, find_chromium
from tests.site import Site, running_site

PICTURES = PROJECT_DIR / "docs" / "pictures"
EVERY_PAGE = PROJECT_DIR / ".screenshots"
ACCOUNTS = ("hoofd", "triage", "gemeente", "gemeente-beheer", "kwartaal", "beheer", "audit")
WIDTHS = (390, 768, 1280)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
NOT_PAGES = (".csv", ".atom", ".xml", ".txt", ".jsonl", ".pdf", "/health", "/health/db")
STEPS = ("", "/klokken", "/toets", "/aanvulling", "/behandeling-starten", "/voorstel", "/openbare-tekst", "/afsluiten")
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
    yield Picture("werkvoorraad", "/werkvoorraad", "triage")
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


def pages_of(site: Site, session: Session, links: Links, account: str | None) -> list[str]:
    """The addresses to look at: for a visitor what is public, for an account what is not."""
    app = create_app(site.config)
    found = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if not rule.arguments
        and "GET" in (rule.methods or ())
        and not rule.rule.endswith(NOT_PAGES)
        and (access_of(app.view_functions[rule.endpoint]) in (PUBLIC, BY_LINK)) is (account is None)
    ]
    if account is None:
        published = session.scalars(
            select(PublishedCase.reference).order_by(PublishedCase.case_id.desc()).limit(1)
        ).one()
        found += [_follow_address(session, links), f"/knelpunten/{published}", "/knelpunten?weergave=kaart"]
        found += ["/wetten/ow", "/wetten/ow/ow-23.3", "/bestaat-niet"]
    if account == "hoofd":
        cases = select(func.min(Case.reference)).where(Case.import_key.is_(None)).group_by(Case.status)
        found += [f"/zaken/{reference}{step}" for reference in session.scalars(cases) for step in STEPS]
        found.append(f"/kwartalen/{quarter_of(nl_day(datetime.now(UTC)))}")
    return sorted(found)


def look_at_every_page(browser: Browser, site: Site, links: Links, out: Path) -> None:
    """Every page of every kind of account, on each width, light and dark; what an account may not see is left."""
    for account in (None, *ACCOUNTS):
        with site.session() as session:
            addresses = pages_of(site, session, links, account)
        for width in WIDTHS:
            for scheme in SCHEMES:
                folder = out / (account or "bezoeker") / f"{width}-{scheme}"
                folder.mkdir(parents=True, exist_ok=True)
                with opened(browser, site, Picture("", "/", account, width), scheme) as page:
                    for address in addresses:
                        answer = page.goto(address)
                        if answer is not None and (answer.status == 200 or account is None):
                            name = address.strip("/").replace("/", "_").split("?")[0][:80] or "start"
                            page.screenshot(path=folder / f"{name}.png", full_page=True)
                print(folder.relative_to(out))


@contextmanager
def opened(
    browser: Browser, site: Site, picture: Picture, scheme: Literal["light", "dark"] = "light"
) -> Iterator[Page]:
    context = browser.new_context(
        base_url=site.url,
        locale="nl-NL",
        timezone_id="Europe/Amsterdam",
        viewport={"width": WIDTH, "height": HEIGHT},
        color_scheme=scheme,
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
        site.fill_demo()
        links = Links(site.config.base_url, site.config.secret_key)
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_OPTIONS)
        if asked.all:
            look_at_every_page(browser, site, links, out)
            return
        with site.session() as session:
            wanted = [each for each in pictures(session, links) if not asked.only or each.name in asked.only]
        for picture in wanted:
            with opened(browser, site, picture) as page:
                page.screenshot(path=out / f"{picture.name}.png")
            print(f"{picture.name}.png")
        browser.close()


if __name__ == "__main__":
    main()
