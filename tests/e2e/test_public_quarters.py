"""The public quarters in a browser: from the archive to a quarter, a figure, the cases behind it, and every form."""

import re
from datetime import UTC, datetime, time, timedelta

import pytest
from playwright.sync_api import expect

from knelpunt.domain.calendar.timezone import quarter_of
from knelpunt.domain.figures.edition import period_title
from knelpunt.domain.figures.sealing import Check
from knelpunt.domain.vocabulary import Role
from knelpunt.services.figures import ledger, publishing, sealing
from knelpunt.web.reporting.public.making import written
from knelpunt.web.reporting.public.pages import FORMS
from tests.support.desk import Desk
from tests.support.sealing import seal_before


@pytest.fixture(scope="module")
def quarter(site):
    """The last quarter that is over, sealed with six cases in it, one of which is closed and public."""
    with site.factory() as make:
        desk = Desk(make.session, make)
        last = quarter_of(make.today).previous()
        desk.now = datetime.combine(last.first_day + timedelta(days=5), time(9), UTC)
        for _ in range(5):
            desk.file()
        case = desk.bring("afgesloten")
        make.published(case)
        desk.now = datetime.combine(last.last_day + timedelta(days=5), time(9), UTC)
        ledger.settle(make.session)
        author, head = (
            make.account(role, organisation=desk.ministry) for role in (Role.REPORT_AUTHOR, Role.HEAD_OF_DESK)
        )
        seal_before(make, last)
        sealing.ask(desk.context(author), last, dict.fromkeys(Check, "Dit is bekend."))
        sealing.agree(desk.context(head), last)
        make.session.flush()
        publishing.keep(desk.context(head), last, written(make.session, last))
        return last, case.reference


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_reader_goes_from_the_archive_to_a_figure_its_cases_and_the_forms(new_page, check_page, quarter, scheme):
    last, reference = quarter
    page = new_page(color_scheme=scheme)
    page.goto("/")
    page.get_by_role("link", name="Cijfers per kwartaal").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kwartalen")
    check_page(page)
    page.get_by_role("row").get_by_role("link", name=period_title(last), exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(period_title(last))
    check_page(page)
    page.get_by_role("link", name="1 afgehandeld", exact=True).click()
    expect(page.get_by_text("Zaken die in het kwartaal zijn afgesloten")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name=reference).click()
    expect(page).to_have_url(f"/knelpunten/{reference}")
    page.goto(f"/kwartalen/{last}")
    for form, name, _good_for in FORMS:
        with page.expect_download() as download:
            page.get_by_role("main").get_by_role("link", name=name, exact=True).click()
        assert download.value.suggested_filename == f"knelpunt-{last}.{form}"
    page.locator("summary", has_text="Van begin naar eind").click()
    page.get_by_role("link", name=re.compile("van begin naar eind")).click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_an_address_with_a_place_opens_the_fold_in_which_it_is(new_page, quarter):
    last, _reference = quarter
    page = new_page(java_script_enabled=False)
    page.goto(f"/kwartalen/{last}")
    table = page.get_by_role("table", name="Doorlooptijd", exact=True)
    expect(table).to_be_hidden()
    page.goto("about:blank")
    page.goto(f"/kwartalen/{last}#doorlooptijd")
    expect(table).to_be_visible()
    expect(page.locator("summary", has_text="Doorlooptijd")).to_be_in_viewport()


def test_every_figure_is_printed(new_page, quarter):
    last, _reference = quarter
    page = new_page()
    page.goto(f"/kwartalen/{last}")
    tables = page.get_by_role("main").locator("table")
    assert tables.count() > len(page.get_by_role("main").locator("table:visible").all())
    page.emulate_media(media="print")
    heights = tables.evaluate_all("all => all.map(each => each.getBoundingClientRect().height)")
    assert min(heights) > 0
