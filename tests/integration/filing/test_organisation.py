"""An organisation files: shared drafts, six pages, a mandate, and only who may file files."""

import pytest
from sqlalchemy import func, select

from knelpunt.domain.vocabulary import OrganisationKind, SubmitterKind
from knelpunt.models import Case, Contact, Draft, OutboxMail
from tests.support.forms import fill
from tests.support.statements import counted


@pytest.fixture
def town(make):
    return make.organisation()


def begin(client, title="Tijdelijke woningen op het veilingterrein"):
    page = client.get("/melden/organisatie/nieuw")
    return client.post("/melden/organisatie/nieuw", data=fill(page, "title", title=title)).location.split("/")[2]


def send(client, key, slug, holding, **typed):
    path = f"/melden/{key}/{slug}"
    return client.post(path, data=fill(client.get(path), holding, **typed))


def cases(session):
    return session.scalar(select(func.count()).select_from(Case))


def test_six_pages_and_a_mandate_make_a_case_of_the_organisation(client_as, make, session, town):
    filer = make.filer(town)
    client = client_as(filer)
    key = begin(client)
    assert send(client, key, "plaats", "municipality_id", place="Veilingterrein").location.endswith("/belemmering")
    answer = send(
        client, key, "belemmering", "description", description="Geluid van het spoor.", refused_on="2026-09-01"
    )
    assert answer.location.endswith("/regel")
    assert send(client, key, "regel", "rule_words", rule_words="Omgevingsplan").location.endswith("/inspanning")
    answer = send(client, key, "inspanning", "tried", tried="Ontheffing gevraagd", involved="Woningcorporatie")
    assert answer.location.endswith("/wens")
    assert send(client, key, "wens", "wanted", wanted="Een experiment").location == f"/melden/{key}/controle"

    refused = send(client, key, "controle", "version", consents_seen="y")
    assert refused.status_code == 422
    assert "Bevestig dat u namens uw organisatie mag melden." in refused.get_data(as_text=True)
    answer = send(client, key, "controle", "version", consents_seen="y", mandate="y")

    assert answer.location == f"/melden/{key}/ontvangen"
    case = session.scalars(select(Case)).one()
    assert (case.organisation_id, case.author_id) == (town.id, filer.id)
    assert case.submitter_kind is SubmitterKind.MUNICIPALITY
    assert (case.municipality_id, case.place) == (town.municipality_id, "Veilingterrein")
    assert (case.tried, case.involved, case.wanted) == ("Ontheffing gevraagd", "Woningcorporatie", "Een experiment")
    assert case.law_date.isoformat() == "2026-09-01"
    assert session.get(Contact, case.id) is None
    assert session.scalars(select(OutboxMail.to_address)).all() == [filer.email]
    assert f"/onze-zaken/{case.reference}" in client.get(answer.location).get_data(as_text=True)


def test_colleagues_share_a_draft_and_see_who_edited_last(client_as, make, session, town):
    one, two = make.filer(town), make.member(town)
    first, second = client_as(one), client_as(two)
    key = begin(first)
    assert one.name in second.get("/melden/organisatie").get_data(as_text=True)
    assert send(second, key, "regel", "rule_words", rule_words="Omgevingsplan").status_code == 302
    shown = first.get("/melden/organisatie").get_data(as_text=True)
    assert two.name in shown
    assert f"/melden/{key}" in shown
    draft = session.scalars(select(Draft)).one()
    assert (draft.author_id, draft.updated_by_id) == (one.id, two.id)


def test_a_colleague_who_may_not_file_is_told_who_may(client_as, make, session, town):
    member, filer = make.member(town), make.filer(town)
    make.filer(town, is_active=False, name="Wie hier weg is")
    make.filer(name="Iemand van elders")
    client = client_as(member)
    key = begin(client)
    send(client, key, "belemmering", "description", description="Geluid van het spoor.")
    shown = client.get(f"/melden/{key}/controle").get_data(as_text=True)
    assert filer.name in shown
    assert "Wie hier weg is" not in shown
    assert "Iemand van elders" not in shown
    assert "Verstuur naar het loket" not in shown
    version = session.scalars(select(Draft)).one().version
    answer = client.post(
        f"/melden/{key}/controle", data={"version": str(version), "consents_seen": "y", "mandate": "y"}
    )
    assert answer.status_code == 403
    assert cases(session) == 0


def test_a_draft_of_another_organisation_does_not_exist(client_as, make, session, town):
    key = begin(client_as(make.filer(town)))
    stranger = client_as(make.filer())
    for page in ("", "/plan", "/controle", "/ontvangen", "/bewaard", "/weggooien", "/bijlagen/1"):
        assert stranger.get(f"/melden/{key}{page}").status_code == 404
    for page in ("/plan", "/controle", "/weggooien", "/bewaard"):
        assert stranger.post(f"/melden/{key}{page}", data={"title": "Gekaapt", "version": "1"}).status_code == 404
    assert key not in stranger.get("/melden/organisatie").get_data(as_text=True)
    assert session.scalars(select(Draft)).one().data["title"] != "Gekaapt"


@pytest.mark.parametrize("role", ["triager", "handler", "administrator"])
def test_the_ministry_does_not_open_drafts_of_organisations(client_as, make, town, role):
    key = begin(client_as(make.filer(town)))
    staff = client_as(getattr(make, role)())
    assert staff.get(f"/melden/{key}/plan").status_code == 404
    assert staff.get("/melden/organisatie").status_code == 404


def test_a_session_that_ended_leads_to_the_log_in_and_back(client, client_as, make, town):
    key = begin(client_as(make.filer(town)))
    assert client.get(f"/melden/{key}/plan").location == f"/inloggen?next=/melden/{key}/plan"
    answer = client.post(f"/melden/{key}/plan", data={"title": "Een titel die bewaard moet blijven"})
    assert answer.status_code == 401
    assert "Een titel die bewaard moet blijven" in answer.get_data(as_text=True)


def test_a_former_colleague_cannot_go_on(client_as, make, session, town):
    account = make.filer(town)
    client = client_as(account)
    key = begin(client)
    account.organisation_id = make.organisation().id
    session.flush()
    assert client.get(f"/melden/{key}/plan").status_code == 404


def test_a_resident_who_is_logged_in_for_work_files_as_a_resident(client_as, make, session, town):
    client = client_as(make.filer(town))
    page = client.get("/melden/bewoner")
    key = client.post("/melden/bewoner", data=fill(page, "title", title="Van mijzelf")).location.split("/")[2]
    draft = session.scalars(select(Draft)).one()
    assert (draft.organisation_id, draft.author_id) == (None, None)
    assert "Van mijzelf" not in client.get("/melden/organisatie").get_data(as_text=True)
    assert client.get(f"/melden/{key}/contact").status_code == 200


def test_a_conflict_names_the_colleague(client_as, make, session, town):
    one, two = make.filer(town), make.member(town)
    first, second = client_as(one), client_as(two)
    key = begin(first)
    mine = fill(first.get(f"/melden/{key}/wens"), "wanted", wanted="Mijn wens")
    send(second, key, "wens", "wanted", wanted="Haar wens")
    answer = first.post(f"/melden/{key}/wens", data=mine)
    shown = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert all(words in shown for words in (two.name, "Mijn wens", "Haar wens"))


def test_the_list_costs_the_same_for_two_and_for_twenty(client_as, make, connection, town):
    client = client_as(make.filer(town))

    def listed(number):
        for _ in range(number):
            begin(client)
        with counted(connection) as sent:
            client.get("/melden/organisatie")
        return len(sent)

    assert listed(2) == listed(18)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (OrganisationKind.PROVINCE, SubmitterKind.PROVINCE),
        (OrganisationKind.HOUSING_CORPORATION, SubmitterKind.HOUSING_CORPORATION),
        (OrganisationKind.SCHOOL_BOARD, SubmitterKind.SCHOOL_BOARD),
        (OrganisationKind.OTHER, SubmitterKind.OTHER),
    ],
)
def test_the_kind_of_submitter_follows_from_the_organisation(client_as, make, session, kind, expected):
    begin(client_as(make.filer(make.organisation(kind))))
    assert session.scalars(select(Draft)).one().kind is expected


def test_the_list_of_drafts_offers_a_new_one_once_with_and_without_drafts(client_as, make):
    client = client_as(make.filer())
    for _ in range(2):
        page = client.get("/melden/organisatie").get_data(as_text=True)
        main = page.partition("<main")[2].partition("</main>")[0]
        assert main.lower().count("nieuwe melding") == 1
        assert main.count('href="/melden/organisatie/nieuw"') == 1
        form = client.get("/melden/organisatie/nieuw")
        assert client.post("/melden/organisatie/nieuw", data=fill(form, "title", title="Woningen")).status_code == 302
