"""The pages of the work lists: filters in the address, nothing that breaks them, and the same list as a file."""

import csv
import io
import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.vocabulary import CaseStatus, Role, Verdict
from knelpunt.models import Municipality
from knelpunt.queries.cases import lists as case_lists
from knelpunt.queries.cases.lists import WorkList
from knelpunt.services.core.small_tables import touch
from knelpunt.web.desk.worklist.filters import EMPTY, WORKLIST_WORDS
from knelpunt.web.shared.pages.csv_files import BYTE_ORDER_MARK, DELIMITER
from tests.support.page import parse_page


def rows_of(response):
    text = response.get_data(as_text=True)
    assert text.startswith(BYTE_ORDER_MARK)
    return list(csv.reader(io.StringIO(text[1:]), delimiter=DELIMITER))


def test_a_handler_starts_with_the_own_cases_and_an_auditor_with_all(make, client_as):
    me = make.handler()
    mine = make.case(CaseStatus.IN_HANDLING, handler_id=me.id, title="Mijn zaak")
    make.case(CaseStatus.IN_HANDLING, title="Andermans zaak")
    page = client_as(me).get("/werkvoorraad").get_data(as_text=True)
    assert mine.title in page and "Andermans zaak" not in page
    page = client_as(make.account(Role.AUDITOR)).get("/werkvoorraad").get_data(as_text=True)
    assert mine.title in page and "Andermans zaak" in page


def test_organisations_and_visitors_do_not_get_here(make, client, client_as):
    assert client.get("/werkvoorraad").status_code == 302
    for account in (make.filer(), make.member(), make.organisation_admin(), make.administrator()):
        assert client_as(account).get("/werkvoorraad").status_code == 404
        assert client_as(account).get("/werkvoorraad.csv").status_code == 404


def test_filters_stand_in_the_address_and_can_be_taken_away_one_by_one(make, client_as):
    law = make.law()
    make.case(CaseStatus.IN_TRIAGE, main_law_id=law.id, title="Deze hoort erbij")
    make.case(CaseStatus.IN_TRIAGE, title="Deze niet")
    touch(make.session)
    answer = client_as(make.triager()).get(f"/werkvoorraad?lijst=alle&staat=in_triage&wet={law.key}&van=2020-01-01")
    page = parse_page(answer)
    assert "Deze hoort erbij" in page.text and "Deze niet" not in page.text
    assert "1 zaak" in page.text
    assert page.leads_to("/werkvoorraad?lijst=alle&staat=in_triage&van=2020-01-01")
    assert page.leads_to(f"/werkvoorraad?lijst=alle&wet={law.key}&van=2020-01-01")
    assert (page.one("combobox", "Wet").value, page.one("combobox", "Staat").value) == (law.key, "in_triage")


def test_days_are_asked_as_day_month_and_year_and_stay_in_the_address(make, client_as):
    make.case(CaseStatus.IN_TRIAGE, title="Van juli", filed_on=date(2026, 7, 1))
    make.case(CaseStatus.IN_TRIAGE, title="Van juni", filed_on=date(2026, 6, 30))
    client = client_as(make.triager())
    for typed in ("van-dag=1&van-maand=7&van-jaar=2026", "van=2026-07-01"):
        answer = client.get(f"/werkvoorraad?lijst=alle&{typed}")
        page = parse_page(answer)
        assert answer.status_code == 200
        assert "Van juli" in page.text and "Van juni" not in page.text
        assert [page.all("textbox", part)[0].value for part in ("Dag", "Maand", "Jaar")] == ["1", "7", "2026"]
        assert "Ingediend vanaf 1 jul 2026" in page.text
    answer = client.get("/werkvoorraad?lijst=alle&van-dag=31&van-maand=2&van-jaar=2026")
    page = parse_page(answer)
    assert answer.status_code == 422
    assert "Deze dag bestaat niet, of ligt buiten de jaren 1900 tot en met 2100." in page.text
    assert "Vul dag, maand en jaar in, in cijfers" in page.text and "Van juni" in page.text
    assert "De lijst en de download gaan daarom over meer dan u vroeg." in page.text
    # What is kept of this list or done to all of it goes by what was read, so no view and no act comes by half a day.
    kept = "lijst=alle"
    assert page.leads_to(f"/werkvoorraad/weergaven/nieuw?{kept}")
    assert f'name="adres" value="{kept}"' in answer.get_data(as_text=True)


@pytest.mark.parametrize("worklist", list(WorkList))
def test_each_empty_list_says_what_to_do_next(make, client_as, worklist):
    text = client_as(make.head_of_desk()).get(f"/werkvoorraad?lijst={worklist}").get_data(as_text=True)
    title, _, other = EMPTY[worklist]
    assert title in text
    assert f"lijst={other}" in text
    assert WORKLIST_WORDS[worklist] in text


@pytest.mark.parametrize("narrowed", ["", "&thema=anders"])
def test_every_tab_tells_how_many_its_list_holds(make, client_as, narrowed):
    """Also what lies silent; whether each list is counted by itself or all in one pass."""
    me = make.head_of_desk()
    make.case()
    make.case(CaseStatus.IN_TRIAGE, handler_id=me.id, last_event_on=make.today, due_on=make.today, due_clock=Clock.K2)
    tabs = parse_page(client_as(me).get(f"/werkvoorraad?lijst=alle{narrowed}")).one("navigation", "Werklijsten")
    told = {link.name.rpartition(" ")[0]: int(link.name.rpartition(" ")[2]) for link in tabs.all("link")}
    assert told == {
        "Mijn zaken": 1, "Niet toegewezen": 1, "Te toetsen": 0, "Wacht op indiener": 0, "Bijna te laat": 1,
        "Te laat": 0, "Lang stil": 1, "Zonder eigenaar": 0, "Open zaken": 2, "Alle zaken": 2,
    }  # fmt: skip


def test_a_case_number_leads_straight_to_the_case(make, client_as):
    case = make.case()
    client = client_as(make.triager())
    for typed in (case.reference, f" {case.reference.lower()} "):
        answer = client.get("/werkvoorraad", query_string={"q": typed})
        assert answer.status_code == 302
        assert answer.location == f"/zaken/{case.reference}"
    assert client.get("/werkvoorraad?q=KNP-1999-00001").status_code == 200


def test_a_search_with_only_small_words_says_so(make, client_as):
    make.case()
    assert "Hierop kunnen we niet zoeken" in client_as(make.triager()).get("/werkvoorraad?q=de+van").get_data(
        as_text=True
    )


def test_paging_and_sorting_stay_in_the_list(make, client_as, monkeypatch):
    monkeypatch.setattr(case_lists, "PAGE_SIZE", 2)
    for number in range(5):
        make.case(title=f"Zaak nummer {number}", updated_at=make.now - timedelta(minutes=number))
    client = client_as(make.triager())
    address, seen = "/werkvoorraad?lijst=alle&sorteer=nummer&richting=op", []
    while address:
        page = parse_page(client.get(address))
        seen += re.findall(r"Zaak nummer (\d)", page.text)
        address = page.next_href
        assert address is None or "sorteer=nummer" in address
    assert seen == ["0", "1", "2", "3", "4"]
    assert "ascending" in [head.element.get("aria-sort") for head in page.all("columnheader")]


def test_lists_that_one_works_down_start_with_what_is_due_first(make, client_as):
    me = make.triager()
    for handler_id, worklist in ((me.id, "mijn"), (None, "niet-toegewezen")):
        for words, due_on in (("zonder", None), ("later", make.today + timedelta(days=9)), ("laat", make.today)):
            make.case(CaseStatus.IN_TRIAGE, title=f"Zaak {words} {worklist}", handler_id=handler_id, due_on=due_on,
                      due_clock=due_on and Clock.K2)  # fmt: skip
        text = client_as(me).get(f"/werkvoorraad?lijst={worklist}").get_data(as_text=True)
        assert re.findall(rf"Zaak (\w+) {worklist}", text) == ["laat", "later", "zonder"]


def test_the_list_is_kept_as_the_place_to_go_back_to(make, client_as):
    case = make.case(CaseStatus.IN_TRIAGE)
    client = client_as(make.triager())
    client.get("/werkvoorraad?lijst=alle&staat=in_triage")
    page = client.get(f"/zaken/{case.reference}").get_data(as_text=True)
    assert 'href="/werkvoorraad?lijst=alle&amp;staat=in_triage"' in page


@pytest.mark.parametrize(
    "query",
    [
        "na=%00", "voor=%00", "na=" + "9" * 50 + "_1", "na=1_" + "9" * 50, "na=0000-01-01_1&sorteer=ingediend",
        "na=2026-02-30_1&sorteer=uiterste-datum", "na=_1&sorteer=uiterste-datum", "na=%F0%9F%92%A9&sorteer=nummer",
        "van=0000-01-01", "van=99999-01-01", "tot=2026-02-30", "van=%00", "staat=%00", "staat=bestaat-niet",
        "wet=" + "9" * 40, "gemeente='--", "behandelaar=99999999999999999999", "behandelaar=-1", "lijst=%ED%A0%80",
        "q=%00", "q=%ED%A0%80", "q=" + "a" * 5000, "q=%27%20%26%20%7C%20%21%20%3A%2A%20%28%29", "q=%E2%80%AE",
        "sorteer=titel", "sorteer=nummer&richting=schuin", "lijst=alle&lijst=mijn", "staat=&wet=&q=", "%00=1",
        "na=1_1&voor=1_1", "publicatie=openbaar&resultaat=via_experiment&thema=wonen&indiener=gemeente&oordeel=V5",
    ],
)  # fmt: skip
def test_no_address_breaks_a_list_or_its_file(make, client_as, query):
    make.case()
    client = client_as(make.triager())
    assert client.get(f"/werkvoorraad?{query}").status_code == 200
    assert client.get(f"/werkvoorraad.csv?{query}").status_code == 200


def test_what_is_not_known_is_left_out_and_said(make, client_as):
    make.case(title="Toch getoond")
    text = client_as(make.triager()).get("/werkvoorraad?lijst=alle&staat=bestaat-niet").get_data(as_text=True)
    assert "Toch getoond" in text
    assert "een filter dat wij niet kennen" in text


def test_the_file_holds_what_the_filters_leave_and_no_formula(make, client_as):
    handler = make.handler(name="=Naam")
    place = make.session.scalars(select(Municipality).where(Municipality.code == "GM0193")).one()
    case = make.case(
        CaseStatus.IN_HANDLING,
        title="=1+1",
        municipality_id=place.id,
        province_id=place.province_id,
        verdict=Verdict.NATIONAL_RULE,
        municipality_then="  +gemeente",
        handler_id=handler.id,
        due_on=make.today,
        due_clock=Clock.K4,
        email="geheim@proef.example",
    )
    make.case(CaseStatus.SUBMITTED, title="Buiten het filter")
    touch(make.session)
    answer = client_as(make.triager()).get("/werkvoorraad.csv?lijst=alle&staat=in_behandeling")
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    heads, *lines = rows_of(answer)
    assert len(lines) == 1
    row = dict(zip(heads, lines[0], strict=True))
    assert row["Nummer"] == case.reference
    assert row["Titel"] == "'=1+1"
    assert row["Gemeente van toen"] == "'  +gemeente"
    assert (row["Gemeentecode"], row["Provinciecode"]) == ("GM0193", "PV23")
    assert row["Behandelaar"] == "'=Naam"
    assert row["Oordeel"] == "V5"
    assert row["Uiterste datum"] == make.today.isoformat()
    assert "geheim" not in answer.get_data(as_text=True)


def test_a_role_that_may_read_but_not_export_gets_no_file(make, client_as):
    make.case()
    client = client_as(make.account(Role.AUDITOR))
    assert "Download als CSV" not in client.get("/werkvoorraad").get_data(as_text=True)
    assert client.get("/werkvoorraad.csv").status_code == 404


def test_markup_in_a_title_is_shown_and_not_run(make, client_as):
    make.case(title="<script>alert(1)</script>")
    text = client_as(make.triager()).get("/werkvoorraad?lijst=alle").get_data(as_text=True)
    assert "&lt;script&gt;alert(1)" in text


def test_a_page_takes_as_many_statements_with_many_rows_as_with_few(make, client_as, statements):
    client = client_as(make.triager())

    def cost():
        with statements() as sent:
            assert client.get("/werkvoorraad?lijst=alle").status_code == 200
        return len(sent)

    for _ in range(2):
        make.case(CaseStatus.IN_HANDLING, handler_id=make.handler().id, main_law_id=make.law().id, due_on=make.today)
    touch(make.session)
    cost()
    few = cost()
    for _ in range(18):
        make.case(CaseStatus.IN_HANDLING, handler_id=make.handler().id, main_law_id=make.law().id, due_on=make.today)
    touch(make.session)
    cost()
    assert cost() == few <= 4
