"""A resident files without an account: four questions, a check, a receipt; one case whatever happens on the way."""

import pytest
from sqlalchemy import select, text

from knelpunt.domain.filing.rules import TITLE_LENGTH
from knelpunt.domain.vocabulary import SubmitterKind
from knelpunt.models import Case, Contact, Draft, Municipality, OutboxMail
from tests.integration.filing.residents import (
    CONTACT,
    OBSTACLE,
    PLACE,
    PLAN,
    answer_all,
    begin,
    cases,
    drafts,
    file,
    send,
)
from tests.support.forms import fill


def test_looking_leaves_nothing_behind(client, session):
    for path in ("/melden", "/melden/bewoner"):
        assert client.get(path).status_code == 200
    assert drafts(session) == 0


def test_four_questions_and_a_check_make_a_case(client, session):
    key = answer_all(client)
    check = client.get(f"/melden/{key}/controle").get_data(as_text=True)
    for words in (PLAN["title"], "Zwolle", OBSTACLE["description"], CONTACT["contact_email"], "bezwaar of beroep"):
        assert words in check

    answer = file(client, key, may_publish="y")

    assert answer.location == f"/melden/{key}/ontvangen"
    case = session.scalars(select(Case)).one()
    assert (case.title, case.goal, case.description) == (PLAN["title"], PLAN["goal"], OBSTACLE["description"])
    assert session.get_one(Municipality, case.municipality_id).name == "Zwolle"
    assert case.submitter_kind is SubmitterKind.CITIZEN_INITIATIVE
    assert (case.may_publish, case.may_share) == (True, False)
    assert (case.organisation_id, case.author_id) == (None, None)
    assert session.get_one(Contact, case.id).email == CONTACT["contact_email"]
    assert drafts(session) == 0
    receipt = client.get(answer.location)
    assert case.reference in receipt.get_data(as_text=True)
    assert "uiterlijk op" in receipt.get_data(as_text=True)
    assert "/volgen/" not in receipt.get_data(as_text=True).replace("/volgen/kwijt", "")
    assert receipt.headers["Referrer-Policy"] == "no-referrer"
    assert receipt.headers["Cache-Control"] == "no-store"


def test_what_is_missing_is_said_beside_the_field_and_what_was_typed_stays(client, session):
    page = client.get("/melden/bewoner")
    answer = client.post("/melden/bewoner", data=fill(page, "title", goal="Samen eten."))
    assert answer.location.endswith("/plan?let-op=ja")
    shown = client.get(answer.location).get_data(as_text=True)
    assert 'id="title-error"' in shown
    assert "Samen eten." in shown
    assert session.scalars(select(Draft)).one().data["goal"] == "Samen eten."


def test_an_unknown_municipality_gets_a_suggestion(client):
    key = begin(client)
    answer = send(client, key, "plaats", "municipality_id", municipality_id="Zwole")
    shown = client.get(answer.location).get_data(as_text=True)
    assert "Bedoelt u Zwolle" in shown
    assert 'value="Zwole"' in shown


@pytest.mark.parametrize("typed", ["zwolle", " ZWOLLE ", "Gemeente Zwolle"])
def test_a_municipality_is_found_however_it_is_written(client, session, typed):
    key = begin(client)
    assert send(client, key, "plaats", "municipality_id", municipality_id=typed).location.endswith("/belemmering")
    kept = session.scalars(select(Draft)).one().data["municipality_id"]
    assert session.get_one(Municipality, int(kept)).name == "Zwolle"


def test_a_municipality_of_then_becomes_that_of_today(client, session):
    former = session.scalars(
        select(Municipality).where(Municipality.valid_to.is_not(None), Municipality.successor_id.is_not(None)).limit(1)
    ).first()
    key = begin(client)
    answer = send(client, key, "plaats", "municipality_id", municipality_id=former.name)
    assert answer.location.endswith("/belemmering")
    kept = session.get_one(Municipality, int(session.scalars(select(Draft)).one().data["municipality_id"]))
    assert kept.valid_to is None
    assert f"hoort nu bij de gemeente {kept.name}" in client.get(answer.location).get_data(as_text=True)


def test_the_check_leads_to_what_is_missing_and_keeps_the_choices(client, session):
    key = begin(client)
    answer = file(client, key, may_share="y")
    shown = answer.get_data(as_text=True)
    assert answer.status_code == 422
    for where in ("plaats?let-op=ja#municipality_id", "belemmering?let-op=ja#description", "contact?let-op=ja"):
        assert f"/melden/{key}/{where}" in shown
    assert 'name="may_share"' in shown
    assert "checked" in shown
    assert cases(session) == 0


def test_without_the_words_about_data_nothing_is_filed(client, session):
    key = answer_all(client)
    answer = send(client, key, "controle", "version")
    assert answer.status_code == 422
    assert "Bevestig dat u hebt gelezen wat er met uw melding gebeurt." in answer.get_data(as_text=True)
    assert cases(session) == 0


def test_a_wrong_address_is_refused_where_it_was_typed(client):
    key = begin(client)
    answer = send(client, key, "contact", "contact_email", contact_email="buurt at proef")
    assert answer.location.endswith("/contact?let-op=ja")
    assert "Dit e-mailadres klopt niet" in client.get(answer.location).get_data(as_text=True)


def test_a_day_that_cannot_be_read_stays_and_is_refused(client):
    key = begin(client)
    answer = send(client, key, "belemmering", "description", **OBSTACLE, refused_on="31-02-2026")
    shown = client.get(answer.location)
    assert "Vul dag, maand en jaar in" in shown.get_data(as_text=True)
    boxes = {f"refused_on-{part}": typed for part, typed in (("dag", "31"), ("maand", "02"), ("jaar", "2026"))}
    assert boxes.items() <= fill(shown, "description").items()


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (("1", "7", "2019"), ("1", "7", "2019")),
        (("01-07-2019", "", ""), ("1", "7", "2019")),
        (("", "2019-07-01", ""), ("1", "7", "2019")),
        (("24", "", ""), ("24", "", "")),
        (("24", "11", ""), ("24", "11", "")),
        (("vorige week", "", ""), ("vorige week", "", "")),
    ],
)
def test_a_day_is_asked_in_three_boxes_that_come_back_as_they_were_filled(client, typed, shown):
    key = begin(client)
    names = [f"refused_on-{part}" for part in ("dag", "maand", "jaar")]
    send(client, key, "belemmering", "description", **OBSTACLE, **dict(zip(names, typed, strict=True)))
    page = fill(client.get(f"/melden/{key}/belemmering"), "description")
    assert tuple(page[name] for name in names) == shown


def test_the_same_form_twice_is_one_draft_and_one_case(client, session):
    first = fill(client.get("/melden/bewoner"), "title", **PLAN)
    one = client.post("/melden/bewoner", data=first)
    two = client.post("/melden/bewoner", data=first)
    assert one.location == two.location
    assert drafts(session) == 1

    key = one.location.split("/")[2]
    send(client, key, "plaats", "municipality_id", **PLACE)
    send(client, key, "belemmering", "description", **OBSTACLE)
    send(client, key, "contact", "contact_email", **CONTACT)
    last = fill(client.get(f"/melden/{key}/controle"), "version", consents_seen="y")
    answers = [client.post(f"/melden/{key}/controle", data=last) for _ in range(3)]
    assert {answer.location for answer in answers} == {f"/melden/{key}/ontvangen"}
    assert cases(session) == 1


def test_a_retry_from_a_browser_that_lost_its_session_finds_the_receipt(app, client, session):
    key = answer_all(client)
    last = fill(client.get(f"/melden/{key}/controle"), "version", consents_seen="y")
    client.post(f"/melden/{key}/controle", data=last)
    other = app.test_client()
    other.test_session = session
    for path in ("controle", "plan", "contact", "bewaard"):
        answer = other.post(f"/melden/{key}/{path}", data=last)
        assert (answer.status_code, answer.location) == (303, f"/melden/{key}/ontvangen")
    assert other.get(f"/melden/{key}").location == f"/melden/{key}/ontvangen"
    assert cases(session) == 1


def test_the_receipt_before_filing_is_the_check(client):
    key = begin(client)
    assert client.get(f"/melden/{key}/ontvangen").location == f"/melden/{key}/controle"


def test_a_draft_goes_on_by_its_link_on_another_device(app, client, session):
    key = begin(client)
    other = app.test_client()
    other.test_session = session
    assert other.get(f"/melden/{key}").location == f"/melden/{key}/plaats"
    assert send(other, key, "plaats", "municipality_id", **PLACE).status_code == 302
    assert session.scalars(select(Draft)).one().data["place"] == PLACE["place"]


def test_a_form_that_outlived_its_session_comes_back_filled_in(app, client, session, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    key = begin(client)
    path = f"/melden/{key}/belemmering"
    typed = fill(client.get(path), "description", **OBSTACLE)
    client.delete_cookie(app.config["SESSION_COOKIE_NAME"])

    refused = client.post(path, data=typed)

    assert refused.status_code == 400
    assert OBSTACLE["description"] in refused.get_data(as_text=True)
    assert "description" not in session.scalars(select(Draft)).one().data
    again = client.post(path, data=fill(refused, "description"))
    assert again.location == f"/melden/{key}/contact"
    assert session.scalars(select(Draft)).one().data["description"] == OBSTACLE["description"]


def test_two_people_on_one_page_see_both_texts(app, client, session):
    key = begin(client)
    path = f"/melden/{key}/belemmering"
    mine = fill(client.get(path), "description", description="Mijn tekst")
    other = app.test_client()
    other.test_session = session
    send(other, key, "belemmering", "description", description="Haar tekst")

    answer = client.post(path, data=mine)

    assert answer.status_code == 409
    shown = answer.get_data(as_text=True)
    assert "Mijn tekst" in shown
    assert "Haar tekst" in shown
    assert session.scalars(select(Draft)).one().data["description"] == "Haar tekst"
    assert client.post(path, data=fill(answer, "description")).status_code == 302
    assert session.scalars(select(Draft)).one().data["description"] == "Mijn tekst"


def test_two_people_on_different_pages_do_not_hinder_each_other(app, client, session):
    key = begin(client)
    mine = fill(client.get(f"/melden/{key}/belemmering"), "description", **OBSTACLE)
    other = app.test_client()
    other.test_session = session
    send(other, key, "plaats", "municipality_id", **PLACE)
    assert client.post(f"/melden/{key}/belemmering", data=mine).status_code == 302
    data = session.scalars(select(Draft)).one().data
    assert (data["place"], data["description"]) == (PLACE["place"], OBSTACLE["description"])


def test_going_back_and_changing_ones_own_text_is_no_conflict(client, session):
    key = begin(client)
    path = f"/melden/{key}/plan"
    kept_page = fill(client.get(path), "title")
    client.post(path, data={**kept_page, "title": "Tweede titel", "submission_key": "1" * 32})
    answer = client.post(path, data={**kept_page, "title": "Derde titel", "submission_key": "2" * 32})
    assert answer.status_code == 302
    assert session.scalars(select(Draft)).one().data["title"] == "Derde titel"


def test_filing_what_somebody_else_changed_meanwhile_asks_to_look_again(app, client, session):
    key = answer_all(client)
    mine = fill(client.get(f"/melden/{key}/controle"), "version", consents_seen="y")
    other = app.test_client()
    other.test_session = session
    send(other, key, "plan", "title", title="Iets heel anders")
    answer = client.post(f"/melden/{key}/controle", data=mine)
    assert answer.status_code == 409
    assert "Iets heel anders" in answer.get_data(as_text=True)
    assert cases(session) == 0
    assert client.post(f"/melden/{key}/controle", data=fill(answer, "version")).status_code == 302
    assert cases(session) == 1


def test_hidden_columns_do_nothing(client, session):
    key = answer_all(client)
    send(client, key, "plan", "title", status="afgesloten", handler_id="1", organisation_id="1", kind="gemeente")
    file(client, key, status="afgesloten", verdict="V5", in_scope="1", reference="KNP-2026-1", channel="import")
    case = session.scalars(select(Case)).one()
    assert (case.status.value, case.verdict.value, case.channel.value) == ("ingediend", "V0", "online")
    assert (case.handler_id, case.organisation_id, case.in_scope) == (None, None, None)


@pytest.mark.parametrize("typed", ["\x00", "tekst\x07", "\ud800"])
def test_letters_that_no_keyboard_makes_never_break_a_page(client, typed):
    answer = client.post("/melden/bewoner", data={"title": typed.encode("utf-8", "surrogatepass")})
    assert answer.status_code in (302, 422)


def test_texts_that_are_far_too_long_are_refused_and_stay(client, session):
    answer = client.post("/melden/bewoner", data={"title": "a" * (3 * TITLE_LENGTH), "goal": "kort"})
    assert answer.status_code == 422
    assert "kort" in answer.get_data(as_text=True)
    assert drafts(session) == 0


@pytest.mark.parametrize("key", ["0" * 32, "x", "%00", "0" * 31, "é", "0" * 500])
def test_keys_that_are_none_do_not_exist(client, key):
    for page in ("", "/plan", "/controle", "/ontvangen", "/bewaard", "/weggooien", "/bijlagen/1"):
        assert client.get(f"/melden/{key}{page}").status_code == 404


def test_pages_of_organisations_are_no_pages_of_a_resident(client):
    key = begin(client)
    for slug in ("inspanning", "wens", "iets"):
        assert client.get(f"/melden/{key}/{slug}").status_code == 404


# --- keeping and throwing away


def test_the_link_is_mailed_and_asking_too_often_is_refused(client, session):
    key = begin(client, action="later")
    page = client.get(f"/melden/{key}/bewaard")
    assert f"/melden/{key}" in page.get_data(as_text=True)
    for _ in range(3):
        answer = send(client, key, "bewaard", "email", email="buurt@proef.example")
        assert answer.location == f"/melden/{key}/bewaard"
    assert send(client, key, "bewaard", "email", email="buurt@proef.example").status_code == 429
    mails = session.scalars(select(OutboxMail)).all()
    assert len(mails) == 3
    assert f"http://localhost/melden/{key}" in mails[0].body


@pytest.mark.parametrize("email", ["", "geen adres", "a@b\r\nBcc: c@d.nl", "a@b, c@d"])
def test_a_link_is_mailed_to_one_address_only(client, session, email):
    key = begin(client)
    assert send(client, key, "bewaard", "email", email=email).status_code == 422
    assert session.scalars(select(OutboxMail)).all() == []


def test_throwing_away_takes_a_second_click(client, session):
    key = begin(client)
    page = client.get(f"/melden/{key}/weggooien")
    assert drafts(session) == 1
    assert client.post(f"/melden/{key}/weggooien", data=fill(page, "version")).location == "/melden"
    assert drafts(session) == 0
    assert client.get(f"/melden/{key}/plan").status_code == 404


def test_a_draft_that_changed_is_not_thrown_away_unseen(app, client, session):
    key = begin(client)
    page = client.get(f"/melden/{key}/weggooien")
    session.execute(text("UPDATE drafts SET version = version + 1"))
    assert client.post(f"/melden/{key}/weggooien", data=fill(page, "version")).status_code == 409
    assert drafts(session) == 1
