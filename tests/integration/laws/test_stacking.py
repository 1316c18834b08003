"""Rules that are named together: counted right, each number opens its cases, and nothing unpublished shows."""

import re
from datetime import date
from types import SimpleNamespace
from urllib.parse import unquote

import pytest

from knelpunt.domain.vocabulary import CaseStatus, PublicationStatus, Verdict
from knelpunt.models import Assessment, PublishedCase
from knelpunt.queries.laws import stacking
from knelpunt.queries.laws.stacking import RuleLevel, StackFilter
from knelpunt.services.cases.publication import withdraw_publication
from knelpunt.web.laws import routes_stacking
from tests.support.desk import Desk
from tests.support.page import parse_page
from tests.support.statements import counted

PAIRS = "Regels die samen in een zaak staan, met het aantal zaken"
ODD = [
    "niveau=x",
    "vanaf=%00&tot=99999999999999999999",
    "vanaf=2026&tot=2013",
    "vanaf=²020",
    "domein=%27--&wet=%00",
    "wet=chw~ow&botsen=%ff",
]


@pytest.fixture
def weighed(session, make):
    """``weighed([provision, …], published=True)``: a case in which these were weighed."""

    def case_with(provisions, *, published=False, verdict=Verdict.NATIONAL_RULE, filed_on=date(2019, 5, 1), **more):
        publication = PublicationStatus.PUBLIC if published else PublicationStatus.INTERNAL
        case = make.case(CaseStatus.CLOSED, verdict=verdict, filed_on=filed_on, publication=publication, **more)
        for provision in provisions:
            make.assessment(case, provision)
        if published:
            listed = [
                {
                    "law": provision.law.key,
                    "title": provision.law.citation_title,
                    "provision": provision.key,
                    "article": provision.article,
                    "instrument": provision.instrument,
                    "role": "belemmert",
                    "on_date": case.law_date.isoformat(),
                }
                for provision in provisions
            ]
            make.published(case, title=f"Openbaar {case.reference}", provisions=listed, published_on=case.filed_on)
        return case

    return case_with


def rule_of(make, **law_columns):
    """One provision of a law of its own, as plain values that outlive a request."""
    law = make.law(**law_columns)
    provision = make.provision(law)
    named = SimpleNamespace(key=law.key, citation_title=law.citation_title)
    return SimpleNamespace(
        id=provision.id, key=provision.key, article=provision.article, instrument="afwijking", law_id=law.id, law=named
    )


@pytest.fixture
def rules(make):
    """Three provisions of three laws."""
    return [rule_of(make) for _ in range(3)]


def of(pairs, *rules):
    keys = {rule.key for rule in rules}
    return next((pair for pair in pairs if {pair.first.key, pair.second.key} == keys), None)


def page(client, address):
    return parse_page(client.get(address))


def opened(client, address):
    """How many cases a list says that it holds."""
    return len(set(re.findall(r"KNP-\d{4}-9\d{4}", page(client, address).text)))


def row_with(shown, words):
    """The row of the pairs in which these words stand."""
    (row,) = [row for row in shown.one("table", PAIRS).all("row") if words in row.text]
    return row


def filters_on(shown):
    """Each filter that is on, with the address without it."""
    return [link for chips in shown.all("list", "Deze filters staan aan") for link in chips.links()]


def test_a_pair_counts_cases_conflicts_and_municipalities(session, make, weighed, rules):
    one, other, third = rules
    place = make.municipality()
    weighed([one, other], published=True, municipality_id=place.id)
    weighed([one, other, third], published=True, verdict=Verdict.STACKED_RULES, municipality_id=place.id)
    last = weighed([other, one, one], published=True, filed_on=date(2020, 1, 2), municipality_id=make.municipality().id)
    for wanted in (StackFilter(law_key=one.law.key), StackFilter(RuleLevel.PROVISIONS, law_key=one.law.key)):
        for read in (stacking.public_stacking, stacking.staff_stacking):
            found = read(session, wanted)
            level = wanted.level is RuleLevel.LAWS
            pair = of(found.pairs, one.law if level else one, other.law if level else other)
            assert (pair.cases, pair.conflicts, pair.municipalities) == (3, 1, 2)
            assert (pair.newest_reference, pair.newest_on) == (last.reference, date(2020, 1, 2))
            assert found.total == len(found.pairs) == 2


def test_an_unpublished_case_is_in_no_public_figure_and_a_withdrawn_one_neither(session, client, weighed, rules, make):
    one, other, _ = rules
    weighed([one, other])
    assert stacking.public_stacking(session, StackFilter(law_key=one.law.key)).pairs == ()
    for address in (f"/wetten/samenloop?wet={one.law.key}", f"/wetten/{one.law.key}"):
        assert not page(client, address).leads_to(f"/wetten/{other.law.key}")
    assert "Niets gevonden" in page(client, f"/knelpunten?wetten={one.law.key}~{other.law.key}").text
    case = weighed([one, other], published=True)
    assert len(stacking.public_stacking(session, StackFilter(law_key=one.law.key)).pairs) == 1
    session.get(PublishedCase, case.id).withdrawn_on = date(2026, 1, 1)
    session.flush()
    assert stacking.public_stacking(session, StackFilter(law_key=one.law.key)).pairs == ()


def test_a_withdrawn_case_leaves_what_is_kept_for_some_minutes_at_once(session, make, client, weighed, rules):
    one, other, _ = rules
    case = weighed([one, other], published=True)
    assert case.reference in page(client, "/wetten/samenloop").text
    desk = Desk(session, make)
    withdraw_publication(desk.context(make.head_of_desk()), case.reference, case.version, "Er stond een naam in.")
    assert case.reference not in page(client, "/wetten/samenloop").text


def test_the_desk_sees_this_year_and_the_one_before_until_it_asks_for_all(client_as, make, weighed, rules):
    one, other, _ = rules
    old = weighed([one, other], filed_on=date(2019, 5, 1)).reference
    new = weighed([one, other], filed_on=date(make.today.year - 1, 1, 1)).reference
    handler = client_as(make.handler())
    asked = f"/loket/samenloop?wet={one.law.key}"
    shown = page(handler, asked)
    assert row_with(shown, new).one("link", "1 zaak openen")
    since = f"Verwijder filter: Gemeld vanaf {make.today.year - 1}"
    without = dict(filters_on(shown))[since]
    assert "vanaf=" in without
    for address in (without, f"{asked}&vanaf="):
        assert row_with(page(handler, address), new).one("link", "2 zaken openen")
    assert old in page(handler, f"{asked}&tot=2019").text
    assert filters_on(page(handler, shown.one("link", "Wis alle filters").href)) == []


def test_a_toets_that_was_taken_back_no_longer_counts(session, make, weighed, rules):
    one, other, _ = rules
    case = weighed([one, other])
    wanted = StackFilter(law_key=one.law.key)
    assert of(stacking.staff_stacking(session, wanted).pairs, one.law, other.law).cases == 1
    session.query(Assessment).filter_by(case_id=case.id, law_id=one.law_id).update({"withdrawn_at": make.now})
    assert stacking.staff_stacking(session, wanted).pairs == ()


@pytest.mark.parametrize("level", list(RuleLevel))
def test_each_number_opens_as_many_cases_as_it_says(client, client_as, make, weighed, rules, level):
    one, other, third = rules
    for year in (2012, 2018, 2019, 2026):
        weighed([one, other], published=True, filed_on=date(year, 6, 1))
    weighed([one, other], published=True, verdict=Verdict.STACKED_RULES)
    weighed([one, third], published=True)
    weighed([one, other], verdict=Verdict.STACKED_RULES)
    asked = f"wet={one.law.key}&niveau={level.value}&vanaf=2018&tot=2019"
    handler = client_as(make.handler())
    for who, path, totals in ((client, "/wetten/samenloop", (3, 1)), (handler, "/loket/samenloop", (4, 2))):
        row = row_with(page(who, f"{path}?{asked}"), other.law.citation_title)
        links = row.all("link", re.compile("openen$"))
        assert tuple(int(link.name.split()[0]) for link in links) == totals
        assert tuple(opened(who, link.href) for link in links) == totals


def test_filters_on_years_domain_and_conflicts(session, make, weighed):
    one, other = rule_of(make, domain="Sloten"), rule_of(make)
    weighed([one, other], filed_on=date(2012, 12, 31))
    weighed([one, other], filed_on=date(2019, 1, 1))

    def count(**wanted):
        pairs = stacking.staff_stacking(session, StackFilter(RuleLevel.PROVISIONS, **wanted), 10_000).pairs
        pair = of(pairs, one, other)
        return pair.cases if pair else 0

    assert count() == 2
    assert count(first_year=2013) == 1
    assert count(last_year=2012) == 1
    assert count(first_year=2020) == 0
    assert count(domain="Sloten") == 2
    assert count(domain="elders") == 0
    assert count(conflicts_only=True) == 0
    weighed([one, other], filed_on=date(2026, 1, 1), verdict=Verdict.STACKED_RULES)
    assert count(conflicts_only=True) == 3


def test_the_page_takes_as_many_statements_for_much_as_for_little(client, connection, make, weighed, rules):
    def statements(path="/wetten/samenloop?tot=2026"):
        client.get(path)
        with counted(connection) as sent:
            assert client.get(path).status_code == 200
        return len(sent)

    weighed(rules, published=True)
    few = statements()
    for _ in range(15):
        weighed([*rules, rule_of(make)], published=True)
    assert statements() == few <= 3
    assert statements("/wetten/samenloop") <= 2  # kept for some minutes


@pytest.mark.parametrize("path", ["/wetten/samenloop", "/loket/samenloop"])
@pytest.mark.parametrize("query", ODD)
def test_an_odd_address_is_answered(client_as, make, path, query):
    answer = client_as(make.handler()).get(f"{path}?{query}")
    assert answer.status_code in (200, 422)


@pytest.mark.parametrize("pair", ["a", "a~b", "~", "%00~%00", "chw~chw", "chw~ow~wabo", "x" * 4000])
def test_an_odd_pair_is_left_out(client, client_as, make, pair):
    assert client.get(f"/knelpunten?wetten={pair}&bepalingen={pair}&vanaf=x&tot=%00").status_code == 200
    assert client.get(f"/knelpunten?weergave=kaart&wetten={pair}").status_code == 200
    assert client_as(make.handler()).get(f"/werkvoorraad?lijst=alle&bepalingen={pair}").status_code == 200


def test_the_matrix_comes_first_and_can_be_folded_as_the_other_pairs_are(client_as, make, weighed, monkeypatch):
    monkeypatch.setattr(routes_stacking, "FIRST_SHOWN", 2)
    one, two, three = rule_of(make), rule_of(make), rule_of(make)
    for _ in range(2):
        weighed([one, two])
    weighed([one, two, three], verdict=Verdict.STACKED_RULES)
    handler = client_as(make.handler())
    matrix, address = "De paren in een matrix", f"/loket/samenloop?vanaf=&wet={one.law.key}"
    shown = page(handler, address)
    assert shown.names("table") == ["Regels die samen in een zaak staan", PAIRS]
    assert [row["Stapelt of botst"] for row in shown.one("table", PAIRS).records()] == ["1 zaak openen"] * 2
    assert shown.one("main").names("group")[1:] == [matrix]
    assert shown.one("group", matrix).names("table") == ["Regels die samen in een zaak staan"]
    weighed([one, rule_of(make)])
    shown = page(handler, address)
    assert shown.one("main").names("group")[1:] == [matrix, "Toon de volgende paren (1)"]
    shown = page(handler, shown.one("link", "Toon alleen wat stapelt of botst").href)
    assert len(shown.one("table", PAIRS).records()) == 2
    assert shown.all("link", "Toon alleen wat stapelt of botst") == []


def test_nothing_together_says_so_and_shows_a_way_on(client, make):
    law = make.law()
    shown = page(client, f"/wetten/samenloop?wet={law.key}&botsen=ja")
    assert "Geen regels gevonden" in shown.text
    assert shown.one("link", "Toon alle regels")


def test_the_law_page_and_the_lists_lead_to_it(client, weighed, rules):
    one, other, _ = rules
    weighed([one, other], published=True)
    shown = page(client, f"/wetten/{one.law.key}")
    assert "Wordt vaak samen genoemd met" in shown.text
    assert any(unquote(href) == f"/knelpunten?wetten={one.law.key}~{other.law.key}" for _words, href in shown.links())
    for address in ("/wetten", "/regelknelpunten"):
        assert page(client, address).leads_to("/wetten/samenloop")
