"""The public pages in a browser: every one with axe, the question on the start page, and the map with the keyboard."""

import re
from datetime import date

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from knelpunt.domain.vocabulary import CaseStatus, PublicationStatus, Result, SubmitterKind, Theme, Verdict
from knelpunt.models import Municipality
from knelpunt.web.public.pages import PAGES

TITLE = "Zwaluwtil boven het pad"


@pytest.fixture(scope="session")
def shown(site):
    """A public case in Zwolle, with a rule from the catalogue."""
    with site.factory() as make:
        zwolle = make.session.scalars(select(Municipality).where(Municipality.name == "Zwolle")).one()
        case = make.case(
            CaseStatus.CLOSED, verdict=Verdict.STRICT_PRACTICE, publication=PublicationStatus.PUBLIC,
            result=Result.OTHER_PRACTICE, municipality_id=zwolle.id,
        )  # fmt: skip
        make.published(
            case,
            title=TITLE,
            question="Mag er een zwaluwtil boven het fietspad?",
            answer="Ja. De gemeente las de regel te streng.",
            theme=Theme.PUBLIC_SPACE,
            submitter_kind=SubmitterKind.CITIZEN_INITIATIVE,
            province_id=zwolle.province_id,
            provisions=[
                {
                    "law": "ow", "title": "Omgevingswet", "provision": "ow-23.3-2024", "article": "23.3",
                    "instrument": "Experiment", "role": "biedt_ruimte", "on_date": "2024-05-01",
                }
            ],
            law_date=date(2024, 5, 1),
            filed_on=date(2024, 5, 1),
            closed_on=date(2024, 6, 3),
            published_on=date(2024, 6, 20),
            terms=func.to_tsvector("simple", "zwaluwtil fietspad"),
        )  # fmt: skip
        return case.reference


@pytest.mark.parametrize("path", [page.path for page in PAGES])
def test_a_page_about_the_desk_is_accessible(page, check_page, path):
    page.goto(path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    for fold in page.locator("main details").all():
        fold.evaluate("fold => { fold.open = true }")
    check_page(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_published_is_accessible_in_light_and_dark(new_page, check_page, shown, scheme):
    page = new_page(color_scheme=scheme)
    for path in ("/", "/knelpunten?weergave=kaart", f"/knelpunten/{shown}"):
        page.goto(path)
        for fold in page.locator("main details").all():
            fold.evaluate("fold => { fold.open = true }")
        check_page(page)


def test_somebody_asks_what_is_possible_and_where_without_scripts(new_page, shown):
    page = new_page(java_script_enabled=False)
    page.goto("/")
    page.get_by_label("Wat wilt u?").fill("zwaluwtil")
    page.get_by_label("Waar?").select_option(label="Zwolle")
    page.get_by_role("button", name="Zoek").click()
    page.get_by_role("link", name=TITLE).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(page.get_by_text("Wie beslist:")).to_be_visible()


def test_the_map_is_walked_with_the_keyboard_and_names_show_on_focus(page, shown):
    page.goto("/knelpunten?weergave=kaart&q=zwaluwtil")
    page.get_by_role("link", name="Liever een tabel?").focus()
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_attribute("aria-label", re.compile(r"^Zwolle, Overijssel: \d+ knelpunt"))
    expect(page.locator(":focus .kn-map__name")).to_be_visible()
    page.keyboard.press("Tab")
    assert page.locator(".kn-map__name:visible").count() == 0
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/knelpunten\?q=zwaluwtil&gemeente=\d+$"))
    expect(page.get_by_role("link", name=TITLE)).to_be_visible()
