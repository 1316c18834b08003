"""The page of suggestions at the desk: rules of the case's own day with their reasons, and what people say of them."""

import re
from datetime import date

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError

from knelpunt.adapters.files.situations import shipped_matcher
from knelpunt.adapters.words.glossary import everyday, glossary
from knelpunt.adapters.words.pieces import shipped_points
from knelpunt.adapters.words.spelling import dictionary
from knelpunt.commands import web_worker
from knelpunt.domain.suggestions.feedback import RefusalReason, SuggestionDecision
from knelpunt.domain.vocabulary import AssessmentRole, CaseStatus, EventKind, Role, SubmitterKind
from knelpunt.models import Assessment, Event, Law, Provision, SuggestionFeedback
from knelpunt.services.core import search_index
from knelpunt.services.search import search
from knelpunt.services.suggestions import desk as suggested
from knelpunt.services.suggestions.shipped import shipped_examples
from knelpunt.web.desk.suggestions import view as suggestion_view
from knelpunt.web.shared.requests.access import today_in_nl
from tests.support.forms import fill
from tests.support.page import parse_page

TITLE = "Leegstaand kantoor tijdelijk verhuren"
TEXT = (
    "Wij willen een leegstaand kantoorgebouw tijdelijk verhuren aan studenten. Volgens de gewone huurregels mogen de "
    "huurders blijven als het gebouw wordt gesloopt."
)


@pytest.fixture
def case(make):
    return make.case(
        CaseStatus.IN_TRIAGE,
        title=TITLE,
        description=TEXT,
        law_date=date(2019, 6, 3),
        submitter_kind=SubmitterKind.HOUSING_CORPORATION,
    )


def address(case, rest: str = "") -> str:
    return f"/zaken/{case.reference}/voorstellen{rest}"


def law_id(session, key: str) -> int:
    return session.scalar(select(Law.id).where(Law.key == key))


def kinds(session, case) -> list[str]:
    return list(session.scalars(select(Event.kind).where(Event.case_id == case.id).order_by(Event.number)))


def standing(session, case) -> list[SuggestionFeedback]:
    return list(
        session.scalars(
            select(SuggestionFeedback)
            .where(SuggestionFeedback.case_id == case.id, SuggestionFeedback.withdrawn_at.is_(None))
            .order_by(SuggestionFeedback.id)
        )
    )


def test_the_page_names_the_law_with_the_words_that_led_to_it(make, client_as, case):
    page = parse_page(client_as(make.triager()).get(address(case)))

    assert "Leegstandwet" in page.names("region")
    assert "leegstaand" in page.names("mark")
    assert "maandag 3 juni 2019" in page.text
    assert "Gemeentelijke of provinciale regel" in page.text


@pytest.mark.parametrize(
    ("year", "current", "ended", "instead"),
    [
        (2012, {"Tijdelijke verhuur tot vijf jaar"}, None, None),
        (
            2019,
            {"Tijdelijke verhuur in een leegstaand gebouw (kantoor, school, zorg, logies)"},
            "Tijdelijke verhuur tot vijf jaar",
            "Tijdelijke verhuur in een leegstaand gebouw",
        ),
        (
            2026,
            {
                "Tijdelijke verhuur in een leegstaand gebouw (kantoor, school, zorg, logies)",
                "Omgevingsvergunning buitenplanse omgevingsplanactiviteit (BOPA)",
            },
            "Tijdelijke verhuur tot vijf jaar",
            "Tijdelijke verhuur in een leegstaand gebouw",
        ),
    ],
)
def test_the_room_on_the_page_is_that_of_the_year_with_what_became_of_the_rest(
    make, client_as, year, current, ended, instead
):
    plan = "Het bestemmingsplan of omgevingsplan staat wonen niet toe."
    case = make.case(CaseStatus.IN_TRIAGE, title=TITLE, description=f"{TEXT} {plan}", law_date=date(year, 9, 3))

    articles = parse_page(client_as(make.triager()).get(address(case))).all("article")
    held = [part for part in articles if "Maak er een toets van" in part.text]
    assert current <= {part.name for part in held}
    assert any("Past bij" in part.text for part in held)
    if ended is not None:
        (told,) = (part for part in articles if part.name == ended)
        assert "Maak er een toets van" not in told.text
        assert told.one("paragraph", re.compile("^Op die dag gold wel: ")).all("link", re.compile(re.escape(instead)))


def test_the_case_page_leads_to_it_and_readers_get_no_buttons(make, client_as, case):
    auditor = client_as(make.account(Role.AUDITOR))

    assert address(case) in auditor.get(f"/zaken/{case.reference}").text
    page = auditor.get(address(case))
    assert page.status_code == 200
    assert "Maak er een toets van" not in page.text
    assert "Past niet" not in page.text


def test_only_a_person_makes_a_toets_of_a_suggestion(session, make, client_as, case):
    triager = client_as(make.triager())
    provision = session.scalar(select(Provision).where(Provision.key == "lsw-15-a"))
    form = triager.get(address(case, f"/{provision.id}?plaats=2"))
    assert "Waarom het systeem dit voorstelt" in form.text
    assert "‘leegstaand’" in form.text
    assert fill(form, "reasoning")["reasoning"] == ""
    assert fill(form, "reasoning")["role"] == "biedt_ruimte"
    assert session.scalar(select(Assessment.id).where(Assessment.case_id == case.id)) is None

    answer = triager.post(
        address(case, f"/{provision.id}?plaats=2"),
        data={"version": str(case.version), "role": "biedt_ruimte", "reasoning": "Het kantoor staat leeg."},
    )

    assert answer.status_code == 303
    made = session.scalar(select(Assessment).where(Assessment.case_id == case.id))
    assert (made.provision_id, made.role) == (provision.id, AssessmentRole.OFFERS_ROOM)
    (said,) = standing(session, case)
    assert (said.decision, said.rank, said.assessment_id) == (SuggestionDecision.CONFIRMED, 2, made.id)
    assert kinds(session, case) == [EventKind.PROVISION_LINKED]


def test_the_words_of_the_system_alone_make_no_toets_and_what_was_typed_stays(session, make, client_as, case):
    triager = client_as(make.triager())
    provision = session.scalar(select(Provision).where(Provision.key == "lsw-15-a"))
    path = address(case, f"/{provision.id}?plaats=2")
    form = triager.get(path)
    explained = parse_page(form).one("paragraph", re.compile("^Past bij ")).text
    for copied in (explained, explained.upper().rstrip("."), provision.instrument):
        refused = triager.post(path, data=fill(form, "reasoning", reasoning=copied))
        assert refused.status_code == 422
        assert "alleen de woorden van het systeem" in refused.text
        assert fill(refused, "reasoning")["reasoning"] == copied
    empty = triager.post(path, data=fill(form, "reasoning", reasoning="  "))
    assert empty.status_code == 422
    no_role = triager.post(path, data=fill(form, "reasoning", reasoning="Het kantoor staat leeg.", role=""))
    assert fill(no_role, "reasoning")["reasoning"] == "Het kantoor staat leeg."
    assert session.scalar(select(Assessment.id).where(Assessment.case_id == case.id)) is None
    quoted = triager.post(path, data=fill(form, "reasoning", reasoning=f"{explained} Het kantoor staat al jaren leeg."))
    assert quoted.status_code == 303
    assert session.scalar(select(Assessment.reasoning).where(Assessment.case_id == case.id)).endswith("al jaren leeg.")


def test_a_provision_that_did_not_hold_is_refused_here_too(session, make, client_as, case):
    provision = session.scalar(select(Provision).where(Provision.key == "ow-23.3"))

    answer = client_as(make.triager()).post(
        address(case, f"/{provision.id}"),
        data={"version": str(case.version), "role": "biedt_ruimte", "reasoning": "Proef."},
    )

    assert answer.status_code == 422
    assert "gold nog niet" in answer.text
    assert standing(session, case) == []


def test_a_refusal_says_why_in_one_click_and_can_be_taken_back(session, make, client_as, case):
    triager, law = client_as(make.triager()), law_id(session, "lsw")
    data = {"law_id": str(law), "rank": "1", "reason": RefusalReason.OTHER_SUBJECT.value}

    assert triager.post(address(case, "/afwijzen"), data=data).status_code == 303
    (said,) = standing(session, case)
    assert (said.law_id, said.reason) == (law, RefusalReason.OTHER_SUBJECT)
    page = triager.get(address(case)).text
    assert "gaat over iets anders" in page
    assert 'id="wet-lsw"' not in page

    again = triager.post(address(case, "/afwijzen"), data=data)
    assert again.status_code == 422
    assert "al iets gezegd" in again.text

    assert triager.post(address(case, f"/{said.id}/terugnemen")).status_code == 303
    assert standing(session, case) == []
    assert kinds(session, case) == [EventKind.SUGGESTION_REFUSED, EventKind.SUGGESTION_RESTORED]
    assert 'id="wet-lsw"' in triager.get(address(case)).text


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"law_id": "1"},
        {"law_id": "x", "rank": "1", "reason": "ander_onderwerp"},
        {"law_id": "1", "rank": "1", "reason": "zomaar"},
        {"law_id": "0", "rank": "1", "reason": "ander_onderwerp"},
        {"law_id": "99999999999999999999", "rank": "1", "reason": "ander_onderwerp"},
    ],
)
def test_a_refusal_without_its_parts_changes_nothing(session, make, client_as, case, data):
    assert client_as(make.triager()).post(address(case, "/afwijzen"), data=data).status_code == 422
    assert standing(session, case) == []


def test_a_rule_that_does_not_exist_cannot_be_refused(session, make, client_as, case):
    triager = client_as(make.triager())
    data = {"law_id": str(law_id(session, "lsw")), "rank": "1", "reason": "ander_onderwerp"}

    assert triager.post(address(case, "/afwijzen"), data={**data, "law_id": "2000000000"}).status_code == 404
    assert triager.post(address(case, "/afwijzen"), data={**data, "provision_id": "2000000000"}).status_code == 404
    assert triager.post(address(case, "/2000000000/terugnemen")).status_code == 404


def test_no_rule_at_all_is_an_answer_but_a_law_is_not(session, make, client_as, case):
    triager = client_as(make.triager())
    answer = {"law_id": str(law_id(session, "geen-regel")), "rank": "4"}

    assert triager.post(address(case, "/bevestigen"), data=answer).status_code == 303
    (said,) = standing(session, case)
    assert (said.decision, said.rank) == (SuggestionDecision.CONFIRMED, 4)
    assert kinds(session, case) == [EventKind.SUGGESTION_CONFIRMED]
    law = {"law_id": str(law_id(session, "lsw")), "rank": "1"}
    assert triager.post(address(case, "/bevestigen"), data=law).status_code == 404


def test_a_confirmed_local_rule_leads_to_its_entries_and_the_verdict_and_stands_with_the_case(session, make, client_as):
    case = make.case(
        CaseStatus.IN_TRIAGE,
        title="Barbecue in het park mag niet van de APV",
        description="Volgens de Algemene plaatselijke verordening van de gemeente mag er in het park geen barbecue.",
        law_date=date(2026, 5, 4),
    )
    triager = client_as(make.triager())
    local = law_id(session, "lokaal")
    name = "Gemeentelijke of provinciale regel"

    triager.post(address(case, "/bevestigen"), data={"law_id": str(local), "rank": "1"})

    page = parse_page(triager.get(address(case)))
    decided = page.one("region", name)
    entry = session.scalar(select(Provision).where(Provision.key == "lokaal-ontheffing"))
    assert any(href.startswith(f"{address(case)}/{entry.id}?plaats=") for _words, href in decided.links())
    assert decided.leads_to(f"/zaken/{case.reference}/toets?wet=lokaal")
    assert "oordeel V7" in decided.text
    assert decided.leads_to(f"/zaken/{case.reference}/behandeling-starten")
    assert "Waarschijnlijk geen landelijke wet" not in page.text

    def rules():
        return parse_page(triager.get(f"/zaken/{case.reference}")).by_id("regels").text

    assert name in rules()
    assert "Bevestigd als antwoord" in rules()

    (said,) = standing(session, case)
    triager.post(address(case, f"/{said.id}/terugnemen"))

    assert name not in rules()


def test_no_rule_leads_to_the_verdict_that_says_so(session, make, client_as, case):
    triager = client_as(make.triager())

    triager.post(address(case, "/bevestigen"), data={"law_id": str(law_id(session, "geen-regel")), "rank": "4"})

    (decided,) = [part for part in parse_page(triager.get(address(case))).all("region") if "oordeel V9" in part.text]
    assert not any("/toets" in href for _words, href in decided.links())


def test_a_local_rule_that_fits_best_leads_with_its_rules_and_far_laws_are_left_out(make, client_as):
    case = make.case(
        CaseStatus.IN_TRIAGE,
        title="Barbecue in het park mag niet van de APV",
        description="Volgens de Algemene plaatselijke verordening van de gemeente mag er in het park geen barbecue.",
        law_date=date(2026, 5, 4),
    )

    page, local = parse_page(client_as(make.triager()).get(address(case))), "Gemeentelijke of provinciale regel"

    situations, leading = page.one("main").all("region")[:2]
    assert "Een straatfeest, festival of ander evenement" in situations.text
    assert leading.name == "Waarschijnlijk geen landelijke wet"
    assert leading.names("heading") == [
        leading.name,
        local,
        "Een plaatselijke verordening aanpassen",
        "Vergunning of ontheffing van een plaatselijke regel",
    ]
    assert page.names("heading").count(local) == 1
    others = ["Omgevingswet", "Drank- en Horecawet"]
    assert page.one("main").names("region")[2:5] == [*others, "De melding, met de woorden die telden"]
    assert page.all("group", re.compile("zwak")) == []


def test_what_fits_weakly_is_folded_behind_two_laws(make, client_as):
    case = make.case(
        CaseStatus.IN_TRIAGE,
        title="Vier studenten in een eengezinswoning",
        description="Ik wil de vier slaapkamers van mijn rijtjeshuis apart aan studenten verhuren. De gemeente zegt "
        "dat ik daarvoor eerst toestemming moet hebben, omdat ik van één huis meer woonruimtes maak.",
        law_date=date(2024, 11, 5),
    )

    page = parse_page(client_as(make.triager()).get(address(case)))

    weak = page.one("group", re.compile("zwak past$|zwak passen$")).all("region")
    situations, *laws = page.one("main").all("region")
    assert situations.name == "Waar lijkt dit op?"
    assert laws.index(weak[0]) == 2, "two laws stand outside the fold"
    assert all("Past zwak" in part.text for part in weak)


def test_a_case_that_is_over_takes_no_answers(session, make, client_as):
    case = make.case(CaseStatus.CLOSED, title=TITLE, description=TEXT)
    data = {"law_id": str(law_id(session, "lsw")), "rank": "1", "reason": "ander_onderwerp"}
    triager = client_as(make.triager())

    assert triager.get(address(case)).status_code == 200
    assert triager.post(address(case, "/afwijzen"), data=data).status_code == 422
    assert standing(session, case) == []


def test_statements_do_not_grow_with_earlier_cases(session, make, client_as, case, connection):
    triager = client_as(make.triager())
    triager.get(address(case))

    def count() -> int:
        sent: list[str] = []

        def note(_connection, _cursor, statement, *_rest) -> None:
            if "SAVEPOINT" not in statement:
                sent.append(statement)

        event.listen(connection, "before_cursor_execute", note)
        try:
            assert triager.get(address(case)).status_code == 200
        finally:
            event.remove(connection, "before_cursor_execute", note)
        return len(sent)

    _judged(session, make, "lsw", 2)
    few = count()
    _judged(session, make, "lsw", 12)
    assert count() == few


def _judged(session, make, law: str, number: int) -> None:
    """Closed cases like it that turned on a law."""
    author = make.triager()
    for _ in range(number):
        case = make.case(CaseStatus.CLOSED, title=TITLE, description=TEXT, law_date=date(2019, 6, 3))
        search_index.index_case(session, case)
        session.add(
            Assessment(
                case_id=case.id,
                law_id=law_id(session, law),
                article="15",
                role=AssessmentRole.OFFERS_ROOM,
                on_date=case.law_date,
                reasoning="Proef.",
                basis="toets",
                author_id=author.id,
                made_at=make.now,
            )
        )
    session.flush()


def test_a_text_of_nothing_but_words_of_every_case_fits_no_law(make, client_as):
    thin = make.case(CaseStatus.IN_TRIAGE, title="Mag dat van de gemeente?", description="Wij willen graag antwoord.")
    told = make.case(CaseStatus.IN_TRIAGE, title="Mag dat van de gemeente?", description="Wij willen een moestuin.")
    triager = client_as(make.triager())

    page = triager.get(address(thin))
    assert page.status_code == 200
    assert "Past bij de woorden" not in page.text
    assert "Past bij de woorden" in triager.get(address(told)).text


def test_a_reason_names_each_word_once_and_no_word_of_every_case_beside_a_telling_one():
    assert suggestion_view._telling(("Minder", "gemeente", "minder", "trottoir", "zegt")) == ("minder", "trottoir")
    assert suggestion_view._telling(("gemeente", "zegt")) == ("gemeente", "zegt")
    assert suggestion_view._telling(()) == ()


def test_a_web_process_reads_ahead_what_the_first_pages_would_wait_for(app, session, monkeypatch):
    monkeypatch.setattr(suggested, "_latest", None)
    monkeypatch.setattr(search, "_latest", None)
    web_worker.read_ahead(app)
    assert suggested._latest is not None
    assert search._latest is not None
    assert suggested.known(session) is suggested._latest
    assert search.knowledge(session, today_in_nl()) is search._latest


def test_another_municipality_needs_no_other_engine_and_another_law_does(session, make):
    first = suggested.known(session)
    make.municipality()
    session.flush()
    second = suggested.known(session)
    assert second.version != first.version
    assert second.engine is first.engine
    law = make.law()
    make.provision(law=law)
    session.flush()
    assert suggested.known(session).engine is not first.engine


def test_what_comes_from_files_is_loaded_before_the_processes_are_made(app, monkeypatch):
    """A page that is asked after the start reads no list of words, situation or earlier case, and compiles nothing."""
    frozen = []
    monkeypatch.setattr(web_worker.gc, "freeze", lambda: frozen.append(True))
    kept = (dictionary, everyday, glossary, shipped_points, shipped_matcher, shipped_examples)
    for each in kept:
        each.cache_clear()
    monkeypatch.setattr(app.jinja_env, "cache", {})

    web_worker.load_before_fork(app)

    misses = [each.cache_info().misses for each in kept]
    compiled = len(app.jinja_env.cache)
    assert compiled == len(app.jinja_env.list_templates())
    assert app.test_client().get("/antwoord?q=wonen+in+een+schuur").status_code == 200
    assert [each.cache_info().misses for each in kept] == misses
    assert len(app.jinja_env.cache) == compiled
    assert frozen == [True]


def test_a_database_that_is_not_ready_does_not_stop_the_process(app, monkeypatch):
    monkeypatch.setattr(suggested, "_latest", None)
    monkeypatch.setattr(search, "_latest", None)
    monkeypatch.setattr(web_worker, "known", _not_ready)
    web_worker.read_ahead(app)
    assert suggested._latest is None


def _not_ready(_session):
    raise OperationalError("SELECT 1", {}, ConnectionError("no server"))
