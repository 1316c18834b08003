"""The rules of a case on its own day and on another: what still holds, what ended and what came of it."""

from datetime import date
from html import unescape
from unittest.mock import Mock

import pytest

from knelpunt.domain.laws.changes import LawChangeKind, TouchStatus
from knelpunt.domain.vocabulary import AssessmentRole, CaseStatus
from knelpunt.models import LawChange, LawChangeTouch, ProvisionSuccession
from knelpunt.queries.laws.rules_compared import Outcome, Weighed, compare_rules
from knelpunt.queries.search import suggestions
from tests.support.statements import counted

ENDED, BEGUN = date(2023, 12, 31), date(2024, 1, 1)


@pytest.fixture
def line(make):
    """A provision that ended with 2023, what followed it in the same law, and what is announced after that."""
    law = make.law()
    old = make.provision(law, instrument="tot tien jaar", valid_to=ENDED, details={"max_duration": years(10)})
    new = make.provision(law, instrument="tot vijftien jaar", valid_from=BEGUN, details={"max_duration": years(15)})
    coming = make.provision(law, instrument="zonder grens", valid_from=date(2190, 1, 1))
    for before, after in ((old, new), (new, coming)):
        make.add(ProvisionSuccession(predecessor_id=before.id, successor_id=after.id))
    return law, old, new, coming


def years(number):
    return {"text": f"{number} jaar", "years": number, "extension": None}


def weighed(law, provision=None):
    return Weighed(AssessmentRole.OFFERS_ROOM, law.key, law.citation_title, provision and provision.key, None)


def weigh(make, case, provision):
    return make.assessment(case, provision, role=AssessmentRole.OFFERS_ROOM)


@pytest.mark.parametrize(
    ("then", "now", "outcome"),
    [
        (date(2012, 7, 1), date(2019, 7, 1), Outcome.SAME),
        (date(2012, 7, 1), date(2026, 11, 24), Outcome.WIDENED),
        (date(2019, 7, 1), date(2026, 11, 24), Outcome.WIDENED),
        (date(2026, 11, 24), date(2009, 1, 1), Outcome.NOT_YET),
        (date(2009, 1, 1), date(2012, 7, 1), Outcome.BEGAN),
    ],
)
def test_what_became_of_a_rule_depends_on_both_days(session, line, then, now, outcome):
    law, old, new, coming = line
    found = compare_rules(session, [weighed(law, old)], then, now)
    (rule,) = found.rules
    assert rule.outcome is outcome
    assert (new.id in {one.id for one in rule.became}) == (outcome is Outcome.WIDENED)
    assert [one.id for one in found.new_room] == ([new.id] if outcome is Outcome.WIDENED else [])
    assert coming.id in {one.id for one in rule.announced}
    if outcome is Outcome.WIDENED:
        assert (rule.duration_then, rule.duration_now, rule.ended_on) == ("10 jaar", "15 jaar", ENDED)


def test_a_rule_that_goes_over_to_another_law_and_one_that_just_ends(session, make):
    old, gone = make.provision(valid_to=ENDED), make.provision(valid_to=ENDED)
    other = make.provision(valid_from=BEGUN)
    make.add(ProvisionSuccession(predecessor_id=old.id, successor_id=other.id))
    laws = [session.get(type(make.law()), one.law_id) for one in (old, gone)]
    rules = [weighed(laws[0], old), weighed(laws[1], gone), weighed(laws[0])]
    found = compare_rules(session, rules, date(2019, 7, 1), date(2026, 11, 24))
    assert [one.outcome for one in found.rules] == [Outcome.MOVED, Outcome.ENDED, Outcome.SAME]
    unknown = Weighed(AssessmentRole.BLOCKS, "bestaat-niet", "Oude wet", None, "3")
    (rule,) = compare_rules(session, [unknown], date(2019, 7, 1), date(2026, 11, 24)).rules
    assert (rule.then, rule.now, rule.citation) == (None, None, "Oude wet, artikel 3")


def test_the_page_compares_then_today_and_any_day(client_as, make, line):
    law, old, *_ = line
    case = make.case(CaseStatus.IN_TRIAGE, law_date=date(2019, 7, 1))
    weigh(make, case, old)
    make.session.flush()
    client, path, titles = client_as(make.handler()), f"/zaken/{case.reference}/regels", law.citation_title

    def page(query=""):
        answer = client.get(f"{path}{query}")
        assert answer.status_code == 200
        return unescape(answer.get_data(as_text=True))

    today = page()
    assert titles in today
    assert "Verruimd" in today
    assert "tot vijftien jaar" in today
    assert "Ruimte die er toen nog niet was" in today
    assert "Wat het systeem voorstelt, toen en nu" in today
    then = page("?op=toen")
    assert "Verruimd" not in then
    assert "Wat ervan werd" not in then
    assert "Geldt nog zo" in page("?datum=2020-01-01")
    assert f'href="{path}"' in unescape(client.get(f"/zaken/{case.reference}").get_data(as_text=True))


def test_a_confirmed_change_is_told_to_staff(client_as, make, line):
    law, old, *_ = line
    case = make.case(CaseStatus.IN_TRIAGE)
    weigh(make, case, old)
    change = make.add(
        LawChange(kind=LawChangeKind.AMENDED, law_id=law.id, summary="De termijn is langer.", noticed_on=make.today)
    )
    make.add(LawChangeTouch(change_id=change.id, case_id=case.id, status=TouchStatus.CONFIRMED, decided_at=make.now))
    text = client_as(make.reviewer()).get(f"/zaken/{case.reference}/regels").get_data(as_text=True)
    assert "De termijn is langer." in text
    assert "Bevestigd voor deze zaak op" in text
    assert f'href="/wetswijzigingen/{change.id}"' in text


def test_the_same_suggestions_for_both_days_stand_there_once(client_as, make):
    text = "Wij willen een leegstaand kantoor tijdelijk verhuren."
    case = make.case(CaseStatus.IN_TRIAGE, title="Leegstaand kantoor", description=text, law_date=date(2026, 11, 2))
    client, path = client_as(make.handler()), f"/zaken/{case.reference}/regels"
    same = client.get(f"{path}?datum=2026-11-03").get_data(as_text=True)
    assert "stelt het systeem hetzelfde voor" in " ".join(same.split())
    assert 'id="voorstel-toen"' not in same and "Tijdelijke verhuur" in same
    other = client.get(f"{path}?datum=2012-11-02").get_data(as_text=True)
    assert 'id="voorstel-toen"' in other and "(alleen op deze dag)" in other


@pytest.mark.parametrize("query", ["datum=gisteren", "datum=%00", "datum=9999-99-99", "op=%ff&datum=" + "9" * 5000])
def test_an_odd_day_gets_a_sentence_and_today(client_as, make, query):
    case = make.case(CaseStatus.IN_TRIAGE)
    answer = client_as(make.handler()).get(f"/zaken/{case.reference}/regels?{query}")
    assert answer.status_code in (200, 422)
    assert "Er is nog geen regel getoetst" in answer.get_data(as_text=True)


def test_many_rules_take_as_many_statements_as_one(session, connection, make, line):
    law, old, *_ = line

    def taken(rules):
        with counted(connection) as sent:
            compare_rules(session, rules, date(2019, 7, 1), date(2026, 11, 24))
        return len(sent)

    many = [weighed(law, make.provision(law)) for _ in range(12)]
    assert taken([weighed(law, old)]) == taken([weighed(law, old), *many]) == 9


def test_everybody_reads_it_for_a_published_case_only(client, session, make):
    hidden = make.case(CaseStatus.CLOSED)
    assert client.get(f"/knelpunten/{hidden.reference}/regels").status_code == 404
    assert client.get(f"/zaken/{hidden.reference}/regels").status_code in (302, 404)


def test_cases_like_it_are_looked_for_once_for_both_days(make, client_as, monkeypatch):
    looked = Mock(side_effect=suggestions.judged_like)
    monkeypatch.setattr(suggestions, "judged_like", looked)
    case = make.case(CaseStatus.IN_TRIAGE, title="Leegstaand kantoor tijdelijk verhuren", law_date=date(2012, 6, 3))

    page = client_as(make.handler()).get(f"/zaken/{case.reference}/regels").text

    assert "/wetten/lsw/lsw-pre2013?op=2012-06-03" in page
    assert "/wetten/ow/ow-bopa?op=" in page
    assert looked.call_count == 1
