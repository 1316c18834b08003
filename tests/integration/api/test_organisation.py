"""A system of an organisation does by the API what its people do on the pages, and nothing that a page refuses."""

import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from knelpunt.domain.calendar.clocks import Clock, Unit
from knelpunt.domain.calendar.working_days import add_working_days
from knelpunt.domain.errors import NotFound
from knelpunt.domain.permissions import ONLY_THE_LEAD, ApiScope
from knelpunt.domain.vocabulary import ActorKind, CaseStatus, ConsentSource, EventKind, ParticipantStatus
from knelpunt.models import (
    Aftercare,
    ApiClient,
    Case,
    CaseParticipant,
    ClockPeriod,
    Draft,
    Event,
    EventSubscription,
    Municipality,
    Organisation,
    PublicText,
)
from knelpunt.services.accounts.identity import clients
from knelpunt.services.cases import publication, triage
from knelpunt.services.filing import intake
from knelpunt.services.referrals import offers
from knelpunt.web.api.shared import limits
from knelpunt.web.api.shared.paging import cursor_of
from tests.integration.api.conftest import PDF, SURE, V1, WHOLE, System
from tests.support.guides import public_guide


def filed(system, **changes):
    draft = system.draft(**changes)
    answer = system.post("/zaken", {"concept": draft["sleutel"], "versie": draft["versie"], **SURE})
    assert answer.status_code == 201, answer.json
    return answer.json["nummer"]


def case_of(system, number):
    return system.session.scalars(select(Case).where(Case.reference == number)).one()


def detail_of(answer):
    return {each["name"]: each["detail"] for each in answer.json["errors"]}


def test_a_draft_is_begun_read_changed_and_thrown_away(system):
    begun = system.post("/concepten", {"titel": "Eerste gedachte"})
    assert begun.status_code == 201
    key = begun.json["sleutel"]
    assert begun.headers["Location"].endswith(f"/api/v1/concepten/{key}")
    assert {each["name"] for each in begun.json["ontbreekt"]} == {"beschrijving", "gemeente"}
    read = system.get(f"/concepten/{key}")
    assert read.json == begun.json
    assert read.headers["ETag"] == begun.headers["ETag"]
    assert system.get(f"/concepten/{key}", If_None_Match=read.headers["ETag"]).status_code == 304
    change = {"beschrijving": "De provincie wil niet.", "titel": None}
    assert system.ask("PATCH", f"/concepten/{key}", change).status_code == 428
    changed = system.ask("PATCH", f"/concepten/{key}", change, If_Match=read.headers["ETag"])
    assert changed.status_code == 200
    assert (changed.json["titel"], changed.json["beschrijving"]) == (None, "De provincie wil niet.")
    assert system.ask("PATCH", f"/concepten/{key}", change, If_Match=read.headers["ETag"]).status_code == 412
    assert [each["sleutel"] for each in system.get("/concepten").json["items"]] == [key]
    assert system.ask("DELETE", f"/concepten/{key}", If_Match=read.headers["ETag"]).status_code == 412
    assert system.ask("DELETE", f"/concepten/{key}", If_Match=changed.headers["ETag"]).status_code == 204
    assert system.get(f"/concepten/{key}").status_code == 404
    assert system.session.scalar(select(func.count()).select_from(Draft)) == 0


def test_what_a_draft_cannot_hold_is_named_by_property(system):
    for body, name in (
        ({"onzin": 1}, "onzin"),
        ({"thema": "ruimtevaart"}, "thema"),
        ({"gemeente": "GM9999"}, "gemeente"),
        ({"regels": [{"wet": "ow", "bepaling": "x"}]}, "regels"),
        ({"titel": "x" * 301}, "titel"),
        ({"afgewezenOp": "vandaag"}, "afgewezenOp"),
        ({"magDelen": "ja"}, "magDelen"),
        ({"magOpenbaar": "on"}, "magOpenbaar"),
    ):
        answer = system.post("/concepten", body)
        assert answer.status_code == 400, body
        assert answer.content_type == "application/problem+json"
        assert list(detail_of(answer)) == [name]
    unknown = system.post("/concepten", {"regels": [{"wet": "bestaat-niet"}]})
    assert (unknown.status_code, list(detail_of(unknown))) == (422, ["regels"])
    assert system.session.scalar(select(func.count()).select_from(Draft)) == 0


def test_a_case_is_filed_once_however_often_it_is_sent(system):
    draft = system.draft()
    body = {"concept": draft["sleutel"], "versie": draft["versie"], **SURE}
    first = system.post("/zaken", body, Idempotency_Key="een-eigen-kenmerk")
    assert first.status_code == 201, first.json
    assert first.headers["Location"].endswith(f"/zaken/{first.json['nummer']}")
    again = system.post("/zaken", body, Idempotency_Key="een-eigen-kenmerk")
    assert (again.status_code, again.json["nummer"]) == (201, first.json["nummer"])
    other = system.post("/zaken", {**body, "magDelen": False}, Idempotency_Key="een-eigen-kenmerk")
    assert other.status_code == 422
    assert system.post("/zaken", body, Idempotency_Key=None).status_code == 400
    case = case_of(system, first.json["nummer"])
    assert (case.organisation_id, case.author_id, case.title) == (system.organisation.id, None, WHOLE["titel"])
    assert (case.may_share, case.may_publish) == (True, True)
    event = system.session.scalars(select(Event).where(Event.case_id == case.id)).one()
    assert (event.kind, event.actor_kind, event.actor_id) == (EventKind.FILED, ActorKind.CLIENT, None)
    assert event.data["koppeling"] == system.client.id
    assert event.data["organisatie"] == system.organisation.id
    assert system.get(f"/zaken/{case.reference}").json["aanZet"] == "loket"


def test_an_incomplete_draft_is_refused_with_each_property_that_is_wrong(system):
    draft = system.post("/concepten", {"titel": "Half"}).json
    body = {"concept": draft["sleutel"], "versie": draft["versie"], "mandaat": False, "gelezen": False}
    answer = system.post("/zaken", body)
    assert answer.status_code == 422
    assert detail_of(answer).keys() == {"beschrijving", "gemeente", "mandaat", "gelezen"}
    assert system.get(f"/concepten/{draft['sleutel']}").status_code == 200
    stale = system.post("/zaken", {**body, "versie": draft["versie"] + 1})
    assert stale.status_code == 409
    assert list(detail_of(system.post("/zaken", {**body, "versie": draft["versie"] + 0.5}))) == ["versie"]


def test_a_second_signature_is_asked_for_as_on_the_pages(system):
    system.session.get_one(Organisation, system.organisation.id).needs_co_signature = True
    system.session.commit()
    draft = system.draft()
    answer = system.post("/zaken", {"concept": draft["sleutel"], "versie": draft["versie"], **SURE})
    assert answer.status_code == 422
    assert "ondertekenen" in answer.json["detail"]


def test_files_go_with_a_draft_and_come_back_from_the_case(system):
    draft = system.draft()
    added = system.upload(f"/concepten/{draft['sleutel']}/bijlagen", PDF, "brief.pdf")
    assert added.status_code == 201, added.json
    assert (added.json["naam"], added.json["mediatype"]) == ("brief.pdf", "application/pdf")
    refused = system.upload(f"/concepten/{draft['sleutel']}/bijlagen", b"MZ\x90", "brief.pdf")
    assert (refused.status_code, list(detail_of(refused))) == (422, ["bestand"])
    twice = [("bestand", (io.BytesIO(PDF), "een.pdf")), ("bestand", (io.BytesIO(PDF), "twee.pdf"))]
    headers = {"Authorization": f"Bearer {system.token}", "Idempotency-Key": "twee-bestanden"}
    both = system.app.test_client().post(
        f"{V1}/concepten/{draft['sleutel']}/bijlagen", data=MultiDict(twice), headers=headers
    )
    assert (both.status_code, list(detail_of(both))) == (400, ["bestand"])
    listed = system.get(f"/concepten/{draft['sleutel']}/bijlagen").json["items"]
    assert [each["id"] for each in listed] == [added.json["id"]]
    answer = system.post("/zaken", {"concept": draft["sleutel"], "versie": draft["versie"], **SURE})
    number = answer.json["nummer"]
    back = system.get(f"/zaken/{number}/bijlagen/{added.json['id']}", Accept="application/pdf")
    assert (back.status_code, back.data) == (200, PDF)
    assert back.headers["Content-Disposition"].startswith("attachment")
    later = system.upload(f"/zaken/{number}/bijlagen", PDF, "later.pdf", toelichting="Nog een brief.")
    assert later.status_code == 201, later.json
    assert [each["naam"] for each in system.get(f"/zaken/{number}/bijlagen").json["items"]] == [
        "brief.pdf",
        "later.pdf",
    ]
    assert system.get(f"/zaken/{number}/berichten").json["items"][-1]["tekst"] == "Nog een brief."
    assert system.upload(f"/zaken/{number}/bijlagen", PDF, "zonder.pdf").status_code == 400
    sent = {"data": {"bestand": "geen bestand", "toelichting": "Een brief."}, "content_type": "multipart/form-data"}
    headers = {"Authorization": f"Bearer {system.token}", "Idempotency-Key": "woorden"}
    words = system.app.test_client().post(f"{V1}/zaken/{number}/bijlagen", headers=headers, **sent)
    assert (words.status_code, list(detail_of(words))) == (400, ["bestand"])


def test_a_file_is_taken_out_of_a_draft(system):
    key = system.draft()["sleutel"]
    added = system.upload(f"/concepten/{key}/bijlagen", PDF, "brief.pdf").json["id"]
    assert system.ask("DELETE", f"/concepten/{key}/bijlagen/{added}").status_code == 204
    assert system.get(f"/concepten/{key}/bijlagen").json["items"] == []
    assert system.ask("DELETE", f"/concepten/{key}/bijlagen/{added}").status_code == 404


def asked(system, desk, number):
    """A case of which the desk asked something."""
    case = case_of(system, number)
    desk.now = datetime.now(UTC)
    desk.take_in(case)
    day = add_working_days(desk.today, 12)
    triage.request_supplement(
        desk.context(desk.handler), number, case.version, question="Van wanneer is de brief?", why="Dat telt.",
        answer_by=day,
    )  # fmt: skip
    system.session.commit()
    return system.get(f"/zaken/{number}").json["openVraag"]["id"]


def test_a_question_is_answered_once_and_the_clock_runs_again(system, desk):
    number = filed(system)
    question = asked(system, desk, number)
    assert system.get(f"/zaken/{number}").json["aanZet"] == "indiener"
    assert [each["nummer"] for each in system.get("/zaken?aanZet=true").json["items"]] == [number]
    body = {"tekst": "De brief is van 2 maart."}
    done = system.post(f"/zaken/{number}/berichten/{question}/antwoorden", body, Idempotency_Key="antwoord")
    assert done.status_code == 201, done.json
    assert (done.json["aanZet"], done.json["openVraag"]) == ("loket", None)
    again = system.post(f"/zaken/{number}/berichten/{question}/antwoorden", body, Idempotency_Key="antwoord")
    assert again.status_code == 201
    second = system.post(f"/zaken/{number}/berichten/{question}/antwoorden", body)
    assert second.status_code == 422
    told = system.get(f"/zaken/{number}/berichten").json["items"]
    assert [each["soort"] for each in told] == ["vraag", "antwoord"]
    story = system.get(f"/zaken/{number}/tijdlijn").json["items"]
    assert story[-1]["tekst"] == "U gaf antwoord"
    assert story[-1]["doorIndiener"] is True


def test_a_message_and_a_withdrawal(system):
    number = filed(system)
    assert system.post(f"/zaken/{number}/berichten", {"tekst": "Nieuws."}).status_code == 201
    gone = system.post(f"/zaken/{number}/intrekkingen", {"reden": "Het plan gaat niet door."})
    assert (gone.status_code, gone.json["staat"], gone.json["aanZet"]) == (201, "ingetrokken", "niemand")
    assert system.post(f"/zaken/{number}/berichten", {"tekst": "Toch nog."}).status_code == 422
    assert system.upload(f"/zaken/{number}/bijlagen", PDF, "x.pdf", toelichting="Toch").status_code == 422
    assert system.post(f"/zaken/{number}/intrekkingen", {}).status_code == 422


def test_there_is_no_proposal_to_react_to(system):
    number = filed(system)
    for path, body in (
        ("voorstelreacties", {"akkoord": True, "voorstel": 1}),
        ("voorstelreacties", {"akkoord": False, "voorstel": 1, "reden": "Werkt niet."}),
        ("tekstreacties", {"akkoord": True, "versie": 1}),
        ("heroverwegingen", {"punten": ["Dit klopt niet."]}),
    ):
        assert system.post(f"/zaken/{number}/{path}", body).status_code == 422, path


def test_only_the_proposal_that_was_read_is_accepted(system, desk):
    case = desk.bring("voorstel")
    case.organisation_id = system.organisation.id
    system.session.commit()
    path = f"/zaken/{case.reference}"
    shown = system.get(path).json["voorstel"]["id"]
    for reaction in ({"akkoord": True}, {"akkoord": False, "reden": "Werkt niet."}):
        assert system.post(f"{path}/voorstelreacties", {**reaction, "voorstel": shown + 1}).status_code == 409
        bare = system.post(f"{path}/voorstelreacties", reaction)
        assert (bare.status_code, list(detail_of(bare))) == (400, ["voorstel"])
    assert system.get(path).json["voorstel"]["stand"] == "verstuurd"
    done = system.post(f"{path}/voorstelreacties", {"akkoord": True, "voorstel": shown})
    assert (done.status_code, done.json["voorstel"]["stand"]) == (201, "aanvaard")


def test_all_cases_come_out_a_line_each(system):
    numbers = {filed(system), filed(system)}
    answer = system.get("/zakenexport", Accept="application/jsonl")
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert {each["nummer"] for each in lines} == numbers
    event = system.session.scalars(select(Event).order_by(Event.number.desc()).limit(1)).one()
    assert (event.kind, event.data["koppeling"]) == ("lijst_gedownload", system.client.id)


def test_the_list_goes_on_from_a_cursor(system):
    numbers = [filed(system) for _ in range(3)][::-1]
    first = system.get("/zaken?limit=2")
    assert [each["nummer"] for each in first.json["items"]] == numbers[:2]
    second = system.get(f"/zaken?limit=2&cursor={first.json['next']}")
    assert [each["nummer"] for each in second.json["items"]] == numbers[2:]
    assert second.json["next"] is None
    assert system.get("/zaken?staat=afgesloten").json["items"] == []


def test_the_list_is_searched_as_the_page_is(system):
    number = filed(system)
    assert [each["nummer"] for each in system.get("/zaken?q=veilingterrein").json["items"]] == [number]
    for query in ("q=zeppelin", "q=de", "q=veilingterrein%20zeppelin"):
        assert system.get(f"/zaken?{query}").json["items"] == [], query


def test_without_a_good_token_nothing_is_told(system):
    for header, error in ((None, False), ("Basic eDp5", False), ("Bearer fout", True), ("Bearer", False)):
        answer = system.get("/zaken", Authorization=header)
        assert answer.status_code == 401
        assert answer.content_type == "application/problem+json"
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert ("invalid_token" in answer.headers["WWW-Authenticate"]) is error


def test_a_scope_that_is_missing_is_named(app, session, desk, system):
    number = filed(system)
    reader = System(app, session, desk, system.organisation, (ApiScope.CASES,))
    assert reader.get(f"/zaken/{number}").status_code == 200
    answer = reader.post(f"/zaken/{number}/intrekkingen", {})
    assert answer.status_code == 403
    assert "scope=intrekken" in answer.headers["WWW-Authenticate"]
    assert answer.json["detail"] == "Hiervoor heeft uw token het recht ‘intrekken’ nodig."
    assert case_of(system, number).status is CaseStatus.SUBMITTED
    filer = System(app, session, desk, system.organisation, (ApiScope.FILING, ApiScope.DRAFTS))
    assert filed(filer)
    assert filer.get(f"/zaken/{number}").status_code == 403


def test_the_case_of_another_organisation_does_not_exist(app, session, desk, system):
    number = filed(system)
    stranger = System(app, session, desk, desk.make.organisation())
    assert stranger.get(f"/zaken/{number}").status_code == 404
    assert stranger.post(f"/zaken/{number}/intrekkingen", {}).status_code == 404
    assert stranger.get("/zaken").json["items"] == []
    key = system.draft()["sleutel"]
    assert stranger.get(f"/concepten/{key}").status_code == 404
    assert stranger.post("/zaken", {"concept": key, "versie": 1, **SURE}).status_code == 404


def test_an_end_of_the_key_is_the_end_at_once(system, desk):
    admin = desk.make.organisation_admin(system.organisation)
    row = system.session.get_one(ApiClient, system.client.id)
    clients.revoke(desk.as_(desk.make.actor(admin)), row.id, row.version)
    system.session.commit()
    assert system.get("/zaken").status_code == 401


def test_rules_and_partners_are_looked_up_as_by_the_form(system, desk):
    law, other = desk.law, desk.make.municipality()
    provision = desk.make.provision(law)
    system.session.commit()
    made = system.draft(
        regels=[{"wet": law.key}, {"bepaling": provision.key}],
        meldtSamenMet=[{"gemeente": other.code, "email": "Rules@proef.example"}],
    )
    assert made["regels"] == [{"wet": law.key, "bepaling": None}, {"wet": None, "bepaling": provision.key}]
    assert made["meldtSamenMet"] == [{"gemeente": other.code, "email": "Rules@proef.example"}]
    path, tag = f"/concepten/{made['sleutel']}", f'"v{made["versie"]}"'
    wrong = system.ask("PATCH", path, {"meldtSamenMet": [{"gemeente": other.code, "email": "geen"}]}, If_Match=tag)
    assert (wrong.status_code, list(detail_of(wrong))) == (422, ["meldtSamenMet"])
    less = system.ask("PATCH", path, {"regels": [], "regelOnbekend": True, "meldtSamenMet": []}, If_Match=tag)
    assert (less.json["regels"], less.json["regelOnbekend"], less.json["meldtSamenMet"]) == ([], True, [])


def test_words_come_in_as_through_a_form(system):
    number = filed(system, titel="Woningen\nop het\tterrein")
    assert case_of(system, number).title == "Woningen op het terrein"
    assert system.post(f"/zaken/{number}/berichten", {"tekst": " Een\r\ntwee. "}).status_code == 201
    assert system.get(f"/zaken/{number}/berichten").json["items"][-1]["tekst"] == "Een\ntwee."
    for words in ("Lees \u202edit", "Een \x07 bel", "\u2066", "\x00"):
        answer = system.post(f"/zaken/{number}/berichten", {"tekst": words})
        assert (answer.status_code, list(detail_of(answer))) == (400, ["tekst"]), words
        assert "onzichtbaar" in answer.json["detail"]


def test_a_list_holds_no_more_than_the_form_does(system, desk):
    desk.make.law(key="veel")
    system.session.commit()
    for body, name in (
        ({"regels": [{"wet": "veel"}] * 11}, "regels"),
        ({"meldtSamenMet": [{"gemeente": "GM0363", "email": "a@proef.example"}] * 21}, "meldtSamenMet"),
    ):
        answer = system.post("/concepten", body)
        assert (answer.status_code, list(detail_of(answer))) == (400, [name])
    number = filed(system)
    for points in (["Te veel."] * 6, ["x" * 10_001]):
        answer = system.post(f"/zaken/{number}/heroverwegingen", {"punten": points})
        assert answer.status_code == 400
        assert all(name.startswith("punten") for name in detail_of(answer))


def test_a_file_that_is_sent_again_is_kept_once(system):
    key, number = system.draft()["sleutel"], filed(system)
    for path, more in (
        (f"/concepten/{key}/bijlagen", {}),
        (f"/zaken/{number}/bijlagen", {"toelichting": "Een brief."}),
    ):
        first = system.upload(path, PDF, "brief.pdf", key=f"eens {path}", **more)
        again = system.upload(path, PDF, "brief.pdf", key=f"eens {path}", **more)
        assert (first.status_code, again.status_code) == (201, 201)
        assert again.json == first.json
        other = system.upload(path, PDF + b"\n", "brief.pdf", key=f"eens {path}", **more)
        assert other.status_code == 422
        assert len(system.get(path).json["items"]) == 1
    assert len(system.get(f"/zaken/{number}/berichten").json["items"]) == 1


def test_the_key_of_a_form_begins_no_session(system):
    key = system.draft()["sleutel"]
    answer = system.upload(f"/concepten/{key}/bijlagen", PDF, "brief.pdf", submission_key="0" * 32)
    assert answer.status_code == 201
    assert "Set-Cookie" not in answer.headers


def test_the_version_that_is_changed_may_stand_among_others(system):
    draft = system.draft()
    path, tag = f"/concepten/{draft['sleutel']}", f'"v{draft["versie"]}"'
    for wrong in ("*", f"W/{tag}", '"v99"', '"v99", "x"', "x"):
        refused = system.ask("PATCH", path, {"titel": "Anders"}, If_Match=wrong)
        assert (refused.status_code, "tus" in refused.json["detail"]) == (412, False), wrong
    assert system.ask("PATCH", path, {"titel": "Anders"}, If_Match=f'"v99", {tag}, "x"').status_code == 200


def test_the_text_that_becomes_public_is_shown_before_somebody_agrees(system, desk):
    case = desk.bring("afgesloten")
    case.organisation_id = system.organisation.id
    system.session.commit()
    path = f"/zaken/{case.reference}"
    assert system.get(path).json["openbareTekst"] is None
    publication.start_preview(desk.context(desk.handler), case.reference, case.version)
    system.session.commit()
    shown = system.get(path).json["openbareTekst"]
    text = system.session.get_one(PublicText, case.id)
    assert (shown["titel"], shown["vraag"], shown["antwoord"]) == (text.title, text.question, text.answer)
    assert shown["akkoordOp"] is None
    assert [rule.partition(": ")[0] for rule in shown["regels"]] == ["Biedt ruimte"]
    for step in (publication.stop_preview, publication.start_preview):  # the same text, laid there anew
        step(desk.context(desk.handler), case.reference, case.version)
        system.session.commit()
    for reaction in ({"akkoord": True}, {"akkoord": False, "bezwaar": "Anders."}):
        assert system.post(f"{path}/tekstreacties", {**reaction, "versie": shown["versie"]}).status_code == 409
        bare = system.post(f"{path}/tekstreacties", reaction)
        assert (bare.status_code, list(detail_of(bare))) == (400, ["versie"])
    shown = system.get(path).json["openbareTekst"]
    agreed = system.post(f"{path}/tekstreacties", {"akkoord": True, "versie": shown["versie"]})
    assert agreed.status_code == 201, agreed.json
    assert {**agreed.json["openbareTekst"], "akkoordOp": None, "versie": shown["versie"]} == shown
    assert agreed.json["openbareTekst"]["akkoordOp"] is not None


def test_who_files_along_is_told_no_day_for_an_act_that_only_the_lead_may_do(app, session, desk, system):
    lead = System(app, session, desk, desk.make.organisation())
    case = desk.bring("afgesloten")
    case.organisation_id = lead.organisation.id
    desk.make.add(
        CaseParticipant(
            case_id=case.id, municipality_id=system.organisation.municipality_id,
            organisation_id=system.organisation.id, status=ParticipantStatus.JOINED, asked_at=desk.make.now,
            ends_on=desk.today + timedelta(days=90),
        )
    )  # fmt: skip
    publication.start_preview(desk.context(desk.handler), case.reference, case.version)
    session.commit()
    asked_of_lead = ("heroverwegingTot", "bezwaarTot", "openbareTekst")
    of_lead, of_other = lead.get(f"/zaken/{case.reference}").json, system.get(f"/zaken/{case.reference}").json
    assert None not in [of_lead[name] for name in asked_of_lead]
    assert (of_other["rol"], {of_other[name] for name in asked_of_lead}) == ("doet_mee", {None})


def test_what_a_system_did_stays_the_submitters_when_its_municipality_goes_up_in_another(app, session, desk, system):
    case = case_of(system, filed(system))
    heir = System(app, session, desk, desk.make.organisation())
    former = session.get_one(Municipality, system.organisation.municipality_id)
    former.successor_id, case.organisation_id = heir.organisation.municipality_id, heir.organisation.id
    session.commit()
    story = heir.get(f"/zaken/{case.reference}/tijdlijn").json["items"]
    assert [each["doorIndiener"] for each in story if each["soort"] == "ingediend"] == [True]


def test_who_lost_the_answer_and_the_key_hears_as_what_the_draft_was_filed(app, session, desk, system):
    draft = system.draft()
    asked = {"concept": draft["sleutel"], "versie": draft["versie"], **SURE}
    number = system.post("/zaken", asked).json["nummer"]
    again = system.post("/zaken", asked)  # with another Idempotency-Key
    assert (again.status_code, again.json["detail"]) == (409, f"Dit concept is al ingediend als {number}.")
    stranger = System(app, session, desk, desk.make.organisation())
    assert stranger.post("/zaken", asked).status_code == 404


def test_a_cursor_that_is_not_ours_is_refused(system):
    filed(system)
    for place in ("KNP-2026-00001", "zomaar", "\x00", "9" * 50):
        with system.app.test_request_context(f"{V1}/zaken"):
            cursor = cursor_of(place)
        answer = system.get(f"/zaken?cursor={cursor}")
        assert (answer.status_code, list(detail_of(answer))) == (400, ["cursor"]), place


def test_who_tries_tokens_has_to_wait(system, monkeypatch):
    monkeypatch.setattr(limits, "counter", limits.Counter())
    config = system.app.config["KNELPUNT"]
    monkeypatch.setitem(system.app.config, "KNELPUNT", replace(config, api_requests_per_minute=3))
    tried = [system.get("/zaken", Authorization=f"Bearer x{number}").status_code for number in range(4)]
    assert tried == [401, 401, 401, 429]
    assert system.get("/zaken").status_code == 200


def test_the_draft_of_a_resident_is_for_people_only(system, desk):
    draft = intake.create_draft(desk.system, {"title": "Van een bewoner"})
    actor = clients.actor_with(desk.system, system.token)
    with pytest.raises(NotFound):
        intake.open_draft(desk.as_(actor), draft.key)


def test_a_use_of_a_guide_and_how_it_went(system, desk):
    guide = public_guide(desk.make)
    system.session.commit()
    asked = {"ruimtewijzer": guide.slug, "project": "Buurthuis", "begint": desk.today.isoformat()}
    made = system.post("/gebruikte-ruimtewijzers", asked)
    assert made.status_code == 201, made.json
    twice = system.post("/gebruikte-ruimtewijzers", asked)
    assert (twice.status_code, list(detail_of(twice))) == (422, ["project"])
    path = f"/gebruikte-ruimtewijzers/{made.json['id']}"
    why = system.post(f"{path}/ervaringen", {"uitkomst": "niet"})
    assert (why.status_code, list(detail_of(why))) == (422, ["reden"])
    assert system.post(f"{path}/ervaringen", {"uitkomst": "gelukt"}).json["uitkomst"] == "gelukt"
    assert system.get(path).json["project"] == "Buurthuis"
    assert [each["id"] for each in system.get("/gebruikte-ruimtewijzers").json["items"]] == [made.json["id"]]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b'{"titel": "\\ud800"}',
        b'{"titel": "\\u0000"}',
        b'{"titel": 1}',
        b'{"titel": ' + b"9" * 5000 + b"}",
        b'{"afgewezenOp": NaN}',
        b'{"titel": "\xff"}',
        b'{"regels": [[]]}',
        b'{"titel": "een", "titel": "twee"}',
        b"[" * 100_000,
        b"null",
    ],
)
def test_no_body_is_a_fault_of_ours(system, body):
    headers = {"Authorization": f"Bearer {system.token}", "Idempotency-Key": "x", "Content-Type": "application/json"}
    answer = system.app.test_client().post(f"{V1}/concepten", data=body, headers=headers)
    assert answer.status_code in (201, 400), answer.text
    assert answer.headers["API-Version"]


def test_a_name_that_stands_there_twice_is_refused_and_named_in_both_languages(system):
    sent = b'{"thema": "wonen", "regels": [{"wet": "ow", "artikel": "1", "artikel": "2"}]}'
    headers = {"Authorization": f"Bearer {system.token}", "Idempotency-Key": "x", "Content-Type": "application/json"}
    for language, detail in (
        ("nl", "Deze naam staat er meer dan één keer."),
        ("en", "This name is there more than once."),
    ):
        answer = system.app.test_client().post(
            f"{V1}/concepten", data=sent, headers={**headers, "Accept-Language": language}
        )
        assert (answer.status_code, answer.content_type) == (400, "application/problem+json")
        assert answer.json["errors"] == [{"in": "body", "name": "artikel", "detail": detail}]


# --- subscriptions to events


def test_a_subscription_is_made_read_tried_renewed_and_stopped(system):
    asked = {"adres": "https://zaken.voorbeeld.nl/knelpunt", "openbaar": True}
    made = system.post("/abonnementen", asked)
    assert made.status_code == 201
    path = f"/abonnementen/{made.json['sleutel']}"
    assert made.headers["Location"].endswith(f"/api/v1{path}")
    assert made.json["geheim"].startswith("whsec_")
    read = system.get(path)
    assert read.json == {name: value for name, value in made.json.items() if name != "geheim"}
    assert (read.json["eigen"], read.json["openbaar"], read.json["stand"]) == (True, True, "wacht")
    assert system.get("/abonnementen").json["items"] == [read.json]
    tried = [system.post(f"{path}/proeven", None, Idempotency_Key="proef").status_code for _ in range(2)]
    assert tried == [204, 204]
    assert system.get(path).json["wachtend"] == 1
    assert system.post(f"{path}/proeven", None).status_code == 422
    assert system.post(f"{path}/proeven", None, Idempotency_Key=None).status_code == 400
    assert system.get(f"{path}/pogingen").json == {"items": [], "next": None}
    empty = {}  # what a client of JSON sends when it has nothing to say
    assert system.post(f"{path}/geheimen", empty).json["geheim"] != made.json["geheim"]
    assert system.ask("DELETE", path).status_code == 204
    assert system.get(path).status_code == 404


def test_a_request_that_is_sent_twice_makes_one_subscription_and_one_secret(system, session):
    asked = {"adres": "https://zaken.voorbeeld.nl/knelpunt"}
    made, again = (system.post("/abonnementen", asked, Idempotency_Key="nieuw") for _ in range(2))
    assert (again.status_code, again.json, again.headers["Location"]) == (201, made.json, made.headers["Location"])
    path = f"/abonnementen/{made.json['sleutel']}"
    renewed, once_more = (system.post(f"{path}/geheimen", None, Idempotency_Key="geheim") for _ in range(2))
    assert renewed.json["geheim"] == once_more.json["geheim"] != made.json["geheim"]
    assert system.post(f"{path}/geheimen", None, Idempotency_Key=None).status_code == 400
    third = system.post(f"{path}/geheimen", None)
    assert third.json["geheim"] != renewed.json["geheim"]
    session.expire_all()
    row = session.scalars(select(EventSubscription)).one()
    signing = [system.app.config["SEALER"].open(each) for each in (row.sealed_secret, row.old_sealed_secret)]
    assert signing == [third.json["geheim"], made.json["geheim"]]


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ({"adres": "https://10.0.0.1/"}, "adres"),
        ({"adres": "http://zaken.voorbeeld.nl/"}, "adres"),
        ({"adres": "https://zaken.voorbeeld.nl/", "eigen": False}, "over"),
    ],
)
def test_a_subscription_that_cannot_be(system, asked, name):
    answer = system.post("/abonnementen", asked)
    assert answer.status_code == 422
    assert name in detail_of(answer)


def last_event(system):
    """What was noted last of a case, and by which system."""
    event = system.session.scalars(
        select(Event).where(Event.case_id.is_not(None)).order_by(Event.number.desc()).limit(1)
    ).one()
    return event.kind, event.actor_kind, event.data.get("koppeling"), event.data.get("organisatie")


@pytest.mark.parametrize(
    ("name", "code"),
    [("Gemeente Zwolle", "GM0193"), ("provincie Utrecht", "PV26"), ("Ministerie van Defensie", "mnre1018")],
)
def test_an_organisation_with_which_a_case_would_be_shared_is_told_with_its_code(system, desk, name, code):
    number = filed(system)
    desk.now = datetime.now(UTC)
    desk.take_in(case_of(system, number))
    offers.offer(
        desk.context(desk.triager), number, case_of(system, number).version, organisation=name,
        receiver_name="Balie", receiver_email="balie@elders.example", reason="Zij beslist hier.",
        consent=ConsentSource.ON_PAGE,
    )  # fmt: skip
    system.session.commit()
    asked = system.get(f"/zaken/{number}").json["deelvraag"]
    assert (asked["organisatie"], asked["organisatieCode"]) == (name, code)


def test_consent_to_share_and_aftercare_are_answered(system, desk):
    number = filed(system)
    case, path = case_of(system, number), f"/zaken/{number}"
    by = (ActorKind.CLIENT, system.client.id, system.organisation.id)
    desk.now = datetime.now(UTC)
    desk.take_in(case)
    offer = {"organisation": "Woonloket", "receiver_name": "Balie", "receiver_email": "balie@woonloket.example"}
    asked = offers.offer(
        desk.context(desk.triager), number, case.version, **offer, reason="De gemeente beslist hier.",
        consent=ConsentSource.ON_PAGE,
    )  # fmt: skip
    system.session.commit()
    shown = system.get(path).json
    assert (shown["aanZet"], shown["deelvraag"]["id"]) == ("indiener", asked.id)
    filed(system)
    (waiting,) = system.get("/zaken?aanZet=true").json["items"]
    assert (waiting["nummer"], waiting["aanZet"]) == (number, "indiener")
    assert {each["nummer"]: each["aanZet"] for each in system.get("/zaken").json["items"]}[number] == "indiener"
    assert (shown["deelvraag"]["organisatie"], shown["deelvraag"]["organisatieCode"]) == ("Woonloket", None)
    assert system.post(f"{path}/deelreacties", {"akkoord": True, "deelvraag": asked.id + 1}).status_code == 409
    refused = system.post(f"{path}/deelreacties", {"akkoord": False, "deelvraag": asked.id})
    assert (refused.status_code, refused.json["deelvraag"], refused.json["aanZet"]) == (201, None, "loket")
    assert system.get("/zaken?aanZet=true").json["items"] == []
    assert last_event(system) == (EventKind.SHARING_REFUSED, *by)
    assert system.post(f"{path}/deelreacties", {"akkoord": True, "deelvraag": asked.id}).status_code == 422
    assert list(detail_of(system.post(f"{path}/deelreacties", {"akkoord": True}))) == ["deelvraag"]
    period = desk.make.add(
        ClockPeriod(
            case_id=case.id, clock=Clock.K9, started_on=desk.today, length=3, unit=Unit.MONTHS, due_on=desk.today
        )
    )
    question = desk.make.add(
        Aftercare(case_id=case.id, period_id=period.id, months=3, public_id="p", nonce="n", asked_on=desk.today)
    )
    system.session.commit()
    answered = system.post(f"{path}/nazorgvragen/{question.id}/antwoorden", {"antwoord": "ja", "toelichting": "Mooi."})
    (told,) = answered.json["nazorg"]
    assert (answered.status_code, told["antwoord"], told["toelichting"]) == (201, "ja", "Mooi.")
    assert last_event(system) == (EventKind.AFTERCARE_ANSWERED, *by)
    assert system.post(f"{path}/nazorgvragen/{question.id + 1}/antwoorden", {"antwoord": "ja"}).status_code == 404


def test_a_case_in_which_an_organisation_files_along_is_read_and_not_acted_on(app, session, desk, system):
    lead = System(app, session, desk, desk.make.organisation())
    number, own = filed(lead), filed(system)
    case, path = case_of(lead, number), f"/zaken/{number}"
    attachment = lead.upload(f"{path}/bijlagen", PDF, "brief.pdf", toelichting="Een brief.").json["id"]
    asked(lead, desk, number)
    row = desk.make.add(
        CaseParticipant(
            case_id=case.id, municipality_id=system.organisation.municipality_id, status=ParticipantStatus.ASKED,
            email="collega@gemeente.example", asked_at=desk.make.now, ends_on=desk.today + timedelta(days=90),
        )
    )  # fmt: skip
    session.commit()
    reads = (path, f"{path}/tijdlijn", f"{path}/berichten", f"{path}/bijlagen", f"{path}/bijlagen/{attachment}")

    def answers(of):
        return {of.get(each).status_code for each in reads}

    def listed(of):
        return {each["nummer"]: each["rol"] for each in of.get("/zaken").json["items"]}

    assert (answers(system), listed(system)) == ({404}, {own: "indiener"})
    assert system.post(f"/samenmeldingen/{row.id}/antwoorden", {"doetMee": True}).status_code == 201
    assert answers(system) == {200}
    assert listed(system) == {own: "indiener", number: "doet_mee"}
    exported = [json.loads(line) for line in system.get("/zakenexport").text.splitlines()]
    assert {each["nummer"]: each["rol"] for each in exported} == listed(system)
    shown = system.get(path).json
    assert (shown["rol"], shown["ingediendDoor"], shown["aanZet"]) == ("doet_mee", lead.organisation.name, "indiener")
    code = session.get_one(Municipality, lead.organisation.municipality_id).code
    assert shown["ingediendDoorCode"] == system.get("/zaken").json["items"][0]["ingediendDoorCode"] == code
    assert lead.get(path).json["rol"] == "indiener"
    assert system.get("/zaken?aanZet=true").json["items"] == [], "it is the turn of the lead"
    told = [each["tekst"] for each in system.get(f"{path}/tijdlijn").json["items"]]
    assert told[0] == f"{lead.organisation.name} diende de melding in"
    assert told[-1] == "Uw gemeente doet mee"

    def by_submitter(of):
        return [each["doorIndiener"] for each in of.get(f"{path}/tijdlijn").json["items"]]

    assert by_submitter(system) == by_submitter(lead)
    assert (by_submitter(lead)[0], by_submitter(lead)[-1]) == (True, False), "the lead filed it, the other joined"
    for act, body in (("berichten", {"tekst": "Ook van ons."}), ("intrekkingen", {})):
        refused = system.post(f"{path}/{act}", body)
        assert (refused.status_code, refused.json["detail"]) == (403, str(ONLY_THE_LEAD)), act
    assert system.upload(f"{path}/bijlagen", PDF, "brief.pdf", toelichting="Meer.").status_code == 403
    assert system.post(f"/samenmeldingen/{row.id}/antwoorden", {"doetMee": False}).status_code == 201
    assert (answers(system), listed(system)) == ({404}, {own: "indiener"})


def test_a_municipality_files_along_and_stops(app, session, desk, system):
    lead = desk.make.organisation()
    case = desk.make.case(CaseStatus.IN_TRIAGE, organisation_id=lead.id, author_id=desk.make.filer(lead).id)
    row = desk.make.add(
        CaseParticipant(
            case_id=case.id, municipality_id=system.organisation.municipality_id, status=ParticipantStatus.ASKED,
            email="collega@gemeente.example", asked_at=desk.make.now, ends_on=desk.today + timedelta(days=90),
        )
    )  # fmt: skip
    session.commit()
    (asked,) = system.get("/samenmeldingen").json["items"]
    assert (asked["id"], asked["nummer"], asked["stand"]) == (row.id, case.reference, "gevraagd")
    assert asked["gevraagdDoorCode"] == session.get_one(Municipality, lead.municipality_id).code
    path = f"/samenmeldingen/{row.id}"
    joined = system.post(f"{path}/antwoorden", {"doetMee": True}, Idempotency_Key="mee")
    assert (joined.status_code, joined.json["stand"]) == (201, "doet_mee")
    assert last_event(system) == (
        EventKind.PARTNER_JOINED, ActorKind.CLIENT, system.client.id, system.organisation.id
    )  # fmt: skip
    assert system.post(f"{path}/antwoorden", {"doetMee": True}, Idempotency_Key="mee").status_code == 201
    assert system.get("/samenmeldingen").json["items"] == []
    neighbour = System(app, session, desk, desk.make.organisation())
    assert neighbour.get(path).status_code == 404
    assert neighbour.post(f"{path}/antwoorden", {"doetMee": False}).status_code == 404
    stopped = system.post(f"{path}/antwoorden", {"doetMee": False})
    assert (stopped.status_code, stopped.json["stand"]) == (201, "doet_niet_mee")
