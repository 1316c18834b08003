"""A submitter searches the rule as of the day of the refusal, and the case keeps it as no more than that."""

from datetime import date

import pytest
from sqlalchemy import select

from knelpunt.models import Assessment, Case, Draft, LawSuccession, PointedRule
from tests.integration.filing import residents
from tests.support.forms import fill
from tests.support.page import parse_page
from tests.support.statements import counted


@pytest.fixture
def town(make):
    return make.organisation()


def send(client, key, slug, holding, **typed):
    path = f"/melden/{key}/{slug}"
    return client.post(path, data=fill(client.get(path), holding, **typed))


def begin(client, refused_on="2026-09-01"):
    page = client.get("/melden/organisatie/nieuw")
    key = client.post("/melden/organisatie/nieuw", data=fill(page, "title", title="Woningen")).location.split("/")[2]
    send(client, key, "belemmering", "description", description="Geluid van het spoor.", refused_on=refused_on)
    return key


def file(client, key):
    return send(client, key, "controle", "version", consents_seen="y", mandate="y")


def draft_data(session):
    return session.scalars(select(Draft)).one().data


def two_laws(make):
    """A law that ended, with the one that followed it."""
    old = make.law(
        citation_title="Oude Proefwet", search_text="oude proefwet spoorgeluid", in_force_to=date(2020, 12, 31)
    )
    new = make.law(
        citation_title="Nieuwe Proefwet", search_text="nieuwe proefwet spoorgeluid", in_force_from=date(2021, 1, 1)
    )
    make.add(LawSuccession(predecessor_key=old.key, successor_key=new.key))
    return old, new


def test_a_rule_is_searched_as_of_the_day_of_the_refusal(client_as, make, town):
    old, new = two_laws(make)
    client = client_as(make.filer(town))
    key = begin(client, "2026-09-01")
    answer = send(client, key, "regel", "zoek", zoek="spoorgeluid", action="zoek")
    assert answer.location == f"/melden/{key}/regel?zoek=spoorgeluid#regels"
    shown = client.get(answer.location).get_data(as_text=True)
    assert "die golden op dinsdag 1 september 2026: de dag van de afwijzing" in shown
    assert "Niet meer geldig" in shown
    assert f'value="kies wet:{new.key}"' in shown
    assert f'value="kies wet:{old.key}"' not in shown

    send(client, key, "belemmering", "description", refused_on="2015-03-02")
    shown = client.get(answer.location).get_data(as_text=True)
    assert f'value="kies wet:{old.key}"' in shown
    assert "Nog niet geldig" in shown


def test_what_was_chosen_is_kept_with_the_case_and_is_no_assessment(client_as, make, session, town):
    _old, new = two_laws(make)
    provision = make.provision(new, article="4.1", instrument="Geluid bij spoor")
    client = client_as(make.filer(town))
    key = begin(client)
    answer = send(client, key, "regel", "zoek", action=f"kies bepaling:{provision.key}", rule_words="Ook een plan")
    assert answer.location == f"/melden/{key}/regel#gekozen"
    send(client, key, "regel", "zoek", action=f"kies wet:{new.key}")
    assert draft_data(session)["rules"] == f"bepaling:{provision.key} wet:{new.key}"
    assert draft_data(session)["rule_words"] == "Ook een plan"
    check = client.get(f"/melden/{key}/controle").get_data(as_text=True)
    assert "Regels die u koos, zoals die golden op dinsdag 1 september 2026" in check
    assert "Geluid bij spoor" in check

    assert file(client, key).status_code == 302

    case = session.scalars(select(Case)).one()
    kept = session.scalars(select(PointedRule).order_by(PointedRule.id)).all()
    assert [(row.case_id, row.law_id, row.provision_id) for row in kept] == [
        (case.id, new.id, provision.id),
        (case.id, new.id, None),
    ]
    assert {row.on_date for row in kept} == {date(2026, 9, 1)}
    assert session.scalars(select(Assessment)).all() == []
    own = client.get(f"/onze-zaken/{case.reference}").get_data(as_text=True)
    assert "Nieuwe Proefwet, artikel 4.1, zoals die gold op dinsdag 1 september 2026" in own
    exported = client.get("/onze-zaken.csv").get_data(as_text=True)
    assert "Nieuwe Proefwet, 4.1 op 2026-09-01; Nieuwe Proefwet op 2026-09-01" in exported
    triager = client_as(make.triager())
    desk = triager.get(f"/zaken/{case.reference}").get_data(as_text=True)
    assert "De indiener wijst op deze regels. Dat is nog geen toets van het loket." in desk
    assert f"/zaken/{case.reference}/toets/{provision.id}" in desk
    assert "Er is nog geen regel gekoppeld." in " ".join(desk.split())
    assert "Nieuwe Proefwet, 4.1 op 2026-09-01" in triager.get("/werkvoorraad.csv?lijst=alle").get_data(as_text=True)


def test_a_rule_can_be_taken_back_and_chosen_twice_is_chosen_once(client_as, make, session, town):
    _old, new = two_laws(make)
    client = client_as(make.filer(town))
    key = begin(client)
    for _ in range(2):
        assert send(client, key, "regel", "zoek", action=f"kies wet:{new.key}").status_code == 302
    assert draft_data(session)["rules"] == f"wet:{new.key}"
    assert send(client, key, "regel", "zoek", action=f"weg wet:{new.key}").status_code == 302
    assert draft_data(session)["rules"] == ""


def test_a_rule_that_did_not_hold_is_refused(client_as, make, session, town):
    old, _new = two_laws(make)
    client = client_as(make.filer(town))
    key = begin(client)
    for token in (f"wet:{old.key}", "wet:bestaat-niet", "bepaling:ook-niet"):
        answer = send(client, key, "regel", "zoek", action=f"kies {token}", rule_words="Blijft staan")
        assert answer.status_code == 422
        shown = answer.get_data(as_text=True)
        assert "Deze regel gold niet op die dag." in shown
        assert "Blijft staan" in shown
    assert "rules" not in draft_data(session)
    assert send(client, key, "regel", "zoek", action="kies <script>").status_code == 302


def test_not_knowing_is_an_answer_and_does_not_go_with_a_choice(client_as, make, session, town):
    _old, new = two_laws(make)
    client = client_as(make.filer(town))
    key = begin(client)
    assert send(client, key, "regel", "rule_words", rule_unknown="y").location.endswith("/inspanning")
    assert "Welke regel staat in de weg" not in client.get(f"/melden/{key}/wens").get_data(as_text=True)
    send(client, key, "regel", "zoek", action=f"kies wet:{new.key}")
    assert draft_data(session)["rule_unknown"] == ""
    answer = send(client, key, "regel", "rule_words", rule_unknown="y")
    assert "let-op=ja" in answer.location
    assert "Haal een van de twee weg" in client.get(answer.location).get_data(as_text=True)
    assert file(client, key).status_code == 422
    send(client, key, "regel", "zoek", action=f"weg wet:{new.key}")
    assert file(client, key).status_code == 302
    case = session.scalars(select(Case)).one()
    assert case.rule_is_unknown
    desk = client_as(make.triager()).get(f"/zaken/{case.reference}").get_data(as_text=True)
    assert "De indiener weet niet welke regel het is." in desk
    assert "weet ik niet" in client.get("/onze-zaken.csv").get_data(as_text=True)


def test_a_resident_may_look_the_rule_up_beside_the_four_questions(client, make, session):
    _old, new = two_laws(make)
    key = residents.begin(client)
    residents.send(client, key, "plaats", "municipality_id", **residents.PLACE)
    answer = residents.send(client, key, "belemmering", "description", action="regel", **residents.OBSTACLE)
    assert answer.location == f"/melden/{key}/regel"
    assert draft_data(session)["description"] == residents.OBSTACLE["description"]
    shown = client.get(f"/melden/{key}/regel?zoek=spoorgeluid").get_data(as_text=True)
    assert f'value="kies wet:{new.key}"' in shown
    residents.send(client, key, "regel", "zoek", action=f"kies wet:{new.key}")
    assert residents.send(client, key, "regel", "zoek").location == f"/melden/{key}/belemmering"
    residents.send(client, key, "contact", "contact_email", **residents.CONTACT)
    assert residents.file(client, key).status_code == 302
    assert session.scalars(select(PointedRule.law_id)).all() == [new.id]


def test_a_copy_points_at_the_same_rules(client_as, make, session, town):
    _old, new = two_laws(make)
    filer = make.filer(town)
    case = make.case(organisation_id=town.id, author_id=filer.id)
    make.add(PointedRule(case_id=case.id, law_id=new.id, on_date=case.law_date))
    client = client_as(filer)
    page = client.get(f"/onze-zaken/{case.reference}")
    client.post(f"/onze-zaken/{case.reference}/kopie", data=fill(page, "kopie"))
    assert draft_data(session)["rules"] == f"wet:{new.key}"


def test_a_search_takes_the_same_number_of_statements_whatever_it_finds(client_as, make, connection, town):
    law = make.law(citation_title="Eén Proefwet", search_text="spoorgeluid")
    client = client_as(make.filer(town))
    key = begin(client)
    client.get(f"/melden/{key}/regel?zoek=spoorgeluid")
    with counted(connection) as few:
        client.get(f"/melden/{key}/regel?zoek=spoorgeluid")
    for _ in range(12):
        make.provision(law, search_text="spoorgeluid")
        make.law(search_text="spoorgeluid", in_force_to=date(2000, 1, 1))
    client.get(f"/melden/{key}/regel?zoek=spoorgeluid")
    with counted(connection) as many:
        client.get(f"/melden/{key}/regel?zoek=spoorgeluid")
    assert len(many) == len(few)


def test_words_that_say_nothing_do_not_narrow_and_few_hits_are_followed_by_looser_ones(client_as, make, town):
    make.law(citation_title="Wet op beide", search_text="wet op beide spoorgeluid trillingshinder")
    make.law(citation_title="Wet op de een", search_text="wet op de een spoorgeluid")
    make.law(citation_title="Wet op niets", search_text="wet op niets")
    client = client_as(make.filer(town))
    key = begin(client)

    def found(words):
        page = parse_page(client.get(f"/melden/{key}/regel", query_string={"zoek": words}))
        return page.one("region", "Gevonden regels").text

    assert "2 resultaten gevonden." in found("spoorgeluid")
    assert "2 resultaten gevonden." in found("de regel over spoorgeluid, in de gemeente")
    loose = found("trillingshinder van spoorgeluid")
    assert loose.index("Wet op beide") < loose.index("Wet op de een")
    assert "Wet op niets" not in loose
    assert "Wat de meeste van uw woorden heeft, staat bovenaan." in loose
    for number in range(7):
        make.law(citation_title=f"Wet {number}", search_text=f"wet {number} spoorgeluid trillingshinder")
    assert "Dit zijn de eerste resultaten." in found("trillingshinder spoorgeluid")


def test_the_search_finds_the_laws_about_a_thing_beside_the_one_rule_with_every_word(client_as, make, town):
    client = client_as(make.filer(town))
    key = begin(client)
    found = parse_page(client.get(f"/melden/{key}/regel?zoek=geluid+van+verkeer")).one("region", "Gevonden regels")
    chosen = [button.value for button in found.all("button")]
    assert len([value for value in chosen if value.startswith("kies wet:")]) > 2
