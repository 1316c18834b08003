"""The pages on which administrators change the law catalogue."""

import html
import io
import re
import zipfile

import pytest
from sqlalchemy import select

from knelpunt.adapters.files.catalogue import CATALOGUE_FILE
from knelpunt.domain.laws.edits import EditStatus, EntryKind
from knelpunt.domain.vocabulary import Role
from knelpunt.models import CatalogueEdit, Law, LawChange, Provision
from knelpunt.queries.laws import edits as queries
from knelpunt.services.laws.files import reference_date
from knelpunt.web.admin.catalogue_forms import LawForm, NewLawForm, NewProvisionForm, ProvisionForm
from knelpunt.web.admin.catalogue_values import FILE_ONLY
from tests.integration.admin.reading import text
from tests.support.catalogue import shipped_catalogue
from tests.support.forms import fill
from tests.support.page import parse_page

LSW_3 = "/beheer/wetten/bepaling/lsw-3"
GROUNDS = {"reason": "De wet is gewijzigd.", "source_url": "https://zoek.officielebekendmakingen.nl/stb-2013-264.html"}


@pytest.fixture
def other(make, client_as):
    return client_as(make.administrator())


def propose(client, path=LSW_3, **typed):
    return client.post(path, data=fill(client.get(path), "base", **GROUNDS, **typed))


def last_edit(session):
    return session.scalars(select(CatalogueEdit).order_by(CatalogueEdit.id.desc()).limit(1)).one()


def provision(session, key="lsw-3"):
    return session.scalars(select(Provision).where(Provision.key == key)).one()


def decide(client, address, what, **typed):
    return client.post(address, data=fill(client.get(address), "note", besluit=what, **typed))


@pytest.mark.parametrize(("kind", "form_class"), [(EntryKind.LAW, LawForm), (EntryKind.PROVISION, ProvisionForm)])
def test_a_form_without_a_change_gives_back_every_entry_as_it_was(app, kind, form_class):
    entries = shipped_catalogue().laws if kind is EntryKind.LAW else shipped_catalogue().provisions
    with app.test_request_context("/"):
        for entry in entries:
            form = form_class()
            form.show(entry.details)
            assert form.read(entry.details, reference_date()) == dict(entry.details), entry.key


@pytest.mark.parametrize(("kind", "form_class"), [(EntryKind.LAW, NewLawForm), (EntryKind.PROVISION, NewProvisionForm)])
def test_every_field_of_an_entry_is_in_the_form_or_said_to_be_in_the_file_only(app, kind, form_class):
    with app.test_request_context("/"):
        form = form_class()
        asked = {field.short_name for field in form}
        parts = {"max_duration": "duration_text", "decision_term": "term_text"}
        follows_from_dates = {"status_on_reference_date"}
        for name in set(kind.fields) - follows_from_dates:
            assert parts.get(name, name) in asked or FILE_ONLY[kind].get(name), name
        shown = {field.short_name for _, fields in form.shown for field in fields}
        assert asked - shown == {"base", "submission_key", "csrf_token", "reason", "source_url"} & asked


def test_a_successor_is_looked_up_on_the_page_and_what_was_typed_stays(admin, session):
    path = "/beheer/wetten/bepaling/lsw-pre2013"
    typed = fill(admin.get(path), "base", decided_by="Het college", zoek="replaced_by", **{"replaced_by-zoek": "lsw"})
    assert typed["replaced_by"] == ["lsw-15-a", "lsw-15-b", "lsw-15-c"]
    answer = admin.post(path, data=typed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert 'value="Het college"' in page
    found = page.partition("Gevonden bij “lsw”")[2].partition("</fieldset>")[0]
    assert 'value="lsw-3"' in found
    assert "sinds" in found
    assert 'value="lsw-pre2013"' not in found
    assert "een bepaling kan zichzelf niet opvolgen" in found
    # Enter in the box sends the form without the button: that searches as well, and keeps what was picked.
    typed = {**fill(answer, "base", **{"replaced_by-zoek": "zoietsbestaatniet"}), "replaced_by": ["lsw-15-a", "lsw-3"]}
    answer = admin.post(path, data=typed)
    assert answer.status_code == 200
    assert "Geen andere bepaling gevonden" in text(answer)
    assert fill(answer, "base")["replaced_by"] == ["lsw-15-a", "lsw-3"]
    answer = admin.post(path, data=fill(answer, "base", **GROUNDS))
    assert answer.status_code == 303
    assert last_edit(session).after["replaced_by"] == ["lsw-15-a", "lsw-3"]


@pytest.mark.parametrize(
    ("path", "field", "key", "reason"),
    [
        ("bepaling/lsw-3", "replaced_by", "lsw-3", "Een bepaling kan zichzelf niet opvolgen."),
        ("bepaling/lsw-3", "replaced_by", "lsw-pre2013", "gold tot en met 30 juni 2013, en"),
        ("bepaling/chw-2.2", "replaced_by", "chw-2.2-amvb", "gold tot en met 18 juni 2019, en"),
        ("bepaling/ow-2.4", "replaced_by", "wro-3.1", "gold tot en met 31 december 2023, en"),
        (
            "bepaling/wcw-klein",
            "replaced_by",
            "warmtewet-1a",
            "levert (artikel 1a)’ gaat al vooraf aan ‘Klein collectief",
        ),
        ("wet/wro", "predecessor", "ow", "gold tot en met 31 december 2023, en"),
        ("wet/ow", "successor", "chw", "gold tot en met 31 december 2023, en"),
        (
            "wet/wro",
            "successor",
            "wabo",
            "‘Wet algemene bepalingen omgevingsrecht’ gold tot en met 31 december 2023, en dus niet na ‘Wet ruim",
        ),
    ],
)
def test_what_cannot_follow_is_refused_beside_its_field(admin, session, path, field, key, reason):
    answer = propose(admin, f"/beheer/wetten/{path}", **{field: key})
    page = html.unescape(answer.get_data(as_text=True))
    assert answer.status_code == 422
    assert reason in page.partition(f'id="{field}-error"')[2].partition("</div>")[0]
    assert "Elders in de catalogus" not in page
    assert session.scalars(select(CatalogueEdit)).all() == []


def test_a_law_counts_under_a_name_that_is_there_and_the_page_says_what_only_the_file_changes(admin, session):
    page = text(admin.get("/beheer/wetten/wet/ow"))
    assert "Wat alleen in het bestand verandert, en waarom" in page
    assert 'name="counts_as"' not in page
    path = "/beheer/wetten/wet/erfgoedwet"
    answer = propose(admin, path, counts_as="omgevingswet", ministry_2013="OCW", known_text_versions="1-7-2016")
    assert answer.status_code == 303
    after = last_edit(session).after
    assert (after["counts_as"], after["ministry_2013"]) == ("omgevingswet", "OCW")
    assert after["known_text_versions"] == ["2016-07-01"]
    assert propose(admin, path, counts_as="zomaar").status_code == 422


def test_a_proposal_goes_from_the_form_to_the_catalogue_by_a_second_administrator(admin, other, auditor, session):
    answer = propose(admin, decided_by="De gemeenteraad", valid_to="30-6-2027")
    address = answer.location
    assert answer.status_code == 303
    shown = parse_page(admin.get(address))
    assert "U stelde dit zelf voor" in shown.text
    assert "Stel vast" not in shown.names("button")
    assert "30 juni 2027" in shown.names("insertion")
    assert "Wie kan het vragen" not in shown.text
    assert provision(session).valid_to is None

    overview = text(other.get("/beheer"))
    assert "1 voorstel wacht op een tweede beheerder" in overview
    waiting = text(other.get("/beheer/wetten"))
    assert waiting.index("Voorgesteld door") < waiting.index("Verfijn de lijst")
    assert decide(other, address, "vastgesteld").status_code == 303
    assert provision(session).details["decided_by"] == "De gemeenteraad"
    assert "Vastgesteld" in text(other.get(address))
    trail = text(auditor.get("/beheer/auditspoor"))
    assert "Wijziging van de wettencatalogus voorgesteld" in trail
    assert "Wijziging van de wettencatalogus vastgesteld" in trail
    history = text(other.get(f"{LSW_3}/geschiedenis"))
    assert "De wet is gewijzigd." in history
    assert GROUNDS["source_url"] in history
    assert "nog niet in het bestand" in text(other.get("/beheer/wetten?stand=niet_in_bestand"))
    public = text(other.get("/wetten/lsw/lsw-3"))
    assert "De gemeenteraad" in public
    assert last_edit(session).reason not in public


def test_who_proposed_cannot_decide_but_withdraw(admin, other, session):
    address = propose(admin, decided_by="De gemeenteraad").location
    forged = fill(admin.get(address), "submission_key", besluit="vastgesteld")
    assert admin.post(address, data=forged).status_code == 403
    assert decide_own(admin, address).status_code == 303
    assert last_edit(session).status is EditStatus.WITHDRAWN
    assert "Schrijf het voorstel opnieuw" in text(admin.get(address))


def decide_own(client, address):
    form = fill(client.get(address), f"voorstellen/{address.rsplit('/', 1)[1]}", besluit="ingetrokken")
    return client.post(address, data=form)


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(admin, session):
    answer = propose(
        admin,
        valid_from="ergens in juli",
        replaced_by="nergens",
        duration_text="Kort",
        duration_years="veel",
        instrument="",
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "is geen datum; schrijf JJJJ" in page
    assert 'value="ergens in juli"' in page
    assert page.count("Vul dit in.") == 2
    assert 'href="#duration_years"' in page
    assert re.search(r'value="nergens"\s+checked', page)
    answer = propose(admin, replaced_by="nergens")
    assert "Bepaling &#39;nergens&#39; staat niet in de catalogus." in answer.get_data(as_text=True)
    assert admin.post(LSW_3, data={**fill(admin.get(LSW_3), "base"), "reason": ""}).status_code == 422
    assert session.scalars(select(CatalogueEdit)).all() == []


@pytest.mark.parametrize("typed", ["\x00", "\u202e", "9" * 4000, "<b>|</b>", "9999-99-99"])
def test_strange_input_is_no_error_of_ours(admin, typed):
    for field in ("instrument", "valid_from", "duration_years", "conditions", "sources"):
        answer = propose(admin, **{field: typed})
        assert answer.status_code in (303, 422)
        if answer.status_code == 303:
            assert decide_own(admin, answer.location).status_code == 303
    assert admin.get("/beheer/wetten/bepaling/a%00b").status_code == 404
    assert admin.get("/beheer/wetten?pagina=99999&zoek=%00&soort=x").status_code == 200


@pytest.mark.parametrize("path", ["/beheer/wetten/nieuwe-wet", "/beheer/wetten/nieuwe-bepaling"])
def test_what_is_wrong_is_summed_up_in_the_order_of_the_page(admin, path):
    page = parse_page(admin.post(path, data=fill(admin.get(path), "base")))
    summed_up = [href.removeprefix("#") for _words, href in page.one("alert").links()]
    assert len(summed_up) > 3
    assert summed_up == [each.get("id") for each in page.element.iter() if each.get("id") in summed_up]


def test_an_entry_that_changed_while_somebody_wrote_shows_both(admin, session):
    filled = fill(admin.get(LSW_3), "base", **GROUNDS, decided_by="De gemeenteraad")
    row = provision(session)
    row.details = {**row.details, "decided_by": "De provincie"}
    session.commit()
    answer = admin.post(LSW_3, data=filled)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Zo staat het nu" in page
    assert parse_page(answer).names("deletion") == ["provincie"]
    assert 'value="De gemeenteraad"' in page
    assert admin.post(LSW_3, data=fill(answer, "base")).status_code == 303
    assert last_edit(session).before["decided_by"] == "De provincie"


def test_a_proposal_on_an_older_text_is_not_approved_and_shows_what_stands_there(admin, other, session):
    address = propose(admin, decided_by="De gemeenteraad").location
    filled = fill(other.get(address), "note", besluit="vastgesteld")
    row = provision(session)
    row.details = {**row.details, "decided_by": "De provincie"}
    session.commit()
    answer = other.post(address, data=filled)
    assert answer.status_code == 409
    page = answer.get_data(as_text=True)
    assert "Nu in de catalogus" in page
    assert "De provincie" in page
    assert provision(session).details["decided_by"] == "De provincie"


def test_a_proposal_that_was_sent_back_is_written_anew_from_its_own_text(admin, other, session):
    address = propose(admin, decided_by="De gemeenteraad").location
    assert decide(other, address, "teruggegeven").status_code == 422
    assert decide(other, address, "iets").status_code == 422
    assert decide(other, address, "teruggegeven", note="Noem het college.").status_code == 303
    assert decide_again(other, address).status_code == 409
    again = f"{LSW_3}?vanaf={last_edit(session).id}"
    page = text(admin.get(again))
    assert "Noem het college." in page
    assert 'value="De gemeenteraad"' in page
    assert admin.post(again, data=fill(admin.get(again), "base", decided_by="Het college")).status_code == 303
    assert last_edit(session).after["decided_by"] == "Het college"


def decide_again(client, address):
    return client.post(address, data={"besluit": "vastgesteld", "submission_key": "0" * 32})


def test_a_new_law_and_a_new_provision(admin, other, session):
    path = "/beheer/wetten/nieuwe-wet"
    answer = propose(
        admin,
        path,
        family="wonen",
        id="proefwet",
        citation_title="Proefwet",
        kind="wet",
        domain="wonen",
        in_force_from="2027",
        end_is_known="ja",
        trigger_words="proef\n\nproeven",
        situations="Wij willen iets proberen.",
        urls="https://wetten.overheid.nl/",
        confidence="partly",
    )
    assert answer.status_code == 303
    assert decide(other, answer.location, "vastgesteld").status_code == 303
    law = session.scalars(select(Law).where(Law.key == "proefwet")).one()
    assert (law.citation_title, law.details["trigger_words"]) == ("Proefwet", ["proef", "proeven"])
    answer = propose(
        admin,
        "/beheer/wetten/nieuwe-bepaling",
        law="proefwet",
        id="proefwet-1",
        article="1",
        instrument="Proef",
        room_type="experimenteerbepaling",
        decided_by="De minister",
        duration_text="Ten hoogste anderhalf jaar",
        duration_years="1,5",
        valid_from="2027",
        start_known="ja",
        end_is_known="nee",
        validity_basis="wet",
        trigger_words="proef",
        situations="Wij willen iets proberen.",
        sources="https://wetten.overheid.nl/",
        confidence="partly",
    )
    assert answer.status_code == 303
    assert decide(other, answer.location, "vastgesteld").status_code == 303
    made = provision(session, "proefwet-1")
    assert made.details["max_duration"] == {"text": "Ten hoogste anderhalf jaar", "years": 1.5, "extension": None}
    assert not made.end_is_known
    assert "Proefwet" in text(other.get("/wetten/proefwet"))


def test_the_download_holds_the_files_of_the_command(admin):
    answer = admin.get("/beheer/wetten/bestanden.zip")
    assert answer.mimetype == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.get_data())) as archive:
        for file in CATALOGUE_FILE.parent.glob("*.yaml"):
            assert archive.read(file.name).decode() == file.read_text(encoding="utf-8")


def test_the_list_finds_and_turns_its_pages(admin, session):
    page = text(admin.get("/beheer/wetten"))
    assert 'rel="next"' in page
    assert 'rel="prev"' in text(admin.get("/beheer/wetten?pagina=2"))
    found = text(admin.get("/beheer/wetten?zoek=lsw-3&soort=bepaling"))
    assert f'href="{LSW_3}"' in found
    assert "Niets gevonden" in text(admin.get("/beheer/wetten?zoek=zoietsbestaatniet"))
    assert queries.count_waiting(session) == 0


@pytest.mark.parametrize("path", ["/beheer/wetten", LSW_3, f"{LSW_3}/geschiedenis", "/beheer/wetten/bestanden.zip"])
def test_strangers_find_nothing(make, client_as, path):
    assert client_as(make.account(Role.AUDITOR)).get(path).status_code == 404
    assert client_as(make.triager()).get(path).status_code == 404


def test_other_words_for_the_same_are_marked_so_and_the_second_administrator_reads_that(admin, other, session):
    said = provision(session).details["decided_by"]
    answer = propose(admin, decided_by=f"{said} (voluit)", keeps_meaning="y")
    assert answer.status_code == 303
    assert "Dit zou niets veranderen aan wat er geldt" in text(other.get(answer.location))
    assert decide(other, answer.location, "vastgesteld").status_code == 303
    assert session.scalars(select(LawChange)).all() == []
    assert "zelfde betekenis" in text(other.get(f"{LSW_3}/geschiedenis"))


def test_another_day_is_refused_beside_its_field_when_it_is_called_the_same(admin, session):
    answer = propose(admin, valid_to="2027-06-30", keeps_meaning="y")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Dit veld zegt wat er geldt." in page.partition('id="valid_to-error"')[2].partition("</p>")[0]
    assert session.scalars(select(CatalogueEdit)).all() == []
