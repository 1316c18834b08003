"""The check page says what would help and what could become public; each page of questions how far one is."""

import pytest
from sqlalchemy import select

from knelpunt.domain.vocabulary import Theme
from knelpunt.models import Draft
from knelpunt.web.intake.forms import ResidentContactForm
from knelpunt.web.intake.routes_check import WHY, completeness_of
from tests.support import markup
from tests.support.forms import fill


def begin(client, path="/melden/bewoner", **typed):
    page = client.get(path)
    answer = client.post(path, data=fill(page, "title", title="Een buurthuis", **typed))
    return answer.location.split("/")[2]


def send(client, key, slug, holding, **typed):
    path = f"/melden/{key}/{slug}"
    return client.post(path, data=fill(client.get(path), holding, **typed))


def tree_of(response):
    return markup.parse(response.get_data(as_text=True))


def words_of(element):
    return " ".join("".join(element.itertext()).split())


def bar_on(response):
    (bar,) = tree_of(response).iter("progress")
    return bar.get("value"), bar.get("max")


def preview_on(client, key):
    (table,) = tree_of(client.get(f"/melden/{key}/controle")).iter("table")
    lines = [[words_of(cell) for cell in row] for row in table.iter("tr")]
    return {what: (filed, public) for what, filed, public in lines[1:]}


def test_the_bar_fills_as_questions_are_answered(client):
    key = begin(client)
    assert bar_on(client.get(f"/melden/{key}/plaats")) == ("0", "5")
    send(client, key, "plan", "title", goal="Samen eten", theme=Theme.VACANCY.value)
    send(client, key, "plaats", "municipality_id", municipality_id="Zwolle", place="   ")
    shown = client.get(f"/melden/{key}/controle")
    assert bar_on(shown) == ("2", "5")
    page = shown.get_data(as_text=True)
    assert "U beantwoordde 2 van de 5 extra vragen" in page
    assert f'href="/melden/{key}/plaats#place"' in page
    assert str(WHY["place"]) in page
    assert str(WHY["goal"]) not in page


def test_nothing_is_asked_for_when_all_is_answered(client_as, make):
    client = client_as(make.filer())
    key = begin(client, "/melden/organisatie/nieuw")
    assert bar_on(client.get(f"/melden/{key}/wens")) == ("0", "8")
    send(client, key, "plan", "title", goal="x", theme=Theme.HOUSING.value)
    send(client, key, "plaats", "municipality_id", place="x")
    send(client, key, "belemmering", "description", refused_on="2026-09-01")
    send(client, key, "regel", "rule_words", rule_words="x")
    send(client, key, "inspanning", "tried", tried="x", involved="x")
    send(client, key, "wens", "wanted", wanted="x")
    shown = client.get(f"/melden/{key}/controle")
    assert bar_on(shown) == ("8", "8")
    assert "Dit kunt u nog toevoegen" not in shown.get_data(as_text=True)


@pytest.mark.parametrize("by_organisation", [False, True])
def test_what_must_be_filled_in_or_is_personal_is_not_advised(app, by_organisation):
    with app.test_request_context():
        meter = completeness_of({}, by_organisation=by_organisation)
    fields = {question.field for question in meter.open_questions}
    assert meter.answered == 0
    assert meter.total == len(fields)
    assert not fields & {"title", "description", "municipality_id", *ResidentContactForm.draft_fields()}


def test_a_resident_sees_that_name_and_words_stay_private(client, session):
    key = begin(client)
    send(client, key, "plaats", "municipality_id", municipality_id="Zwolle", place="Kerkweg 12")
    send(client, key, "belemmering", "description", description="Dit is mijn eigen verhaal. " * 20)
    send(client, key, "contact", "contact_email", contact_email="ik@proef.example", contact_name="Mijn naam")
    lines = preview_on(client, key)
    assert lines["Gemeente"] == ("Zwolle, provincie Overijssel",) * 2
    assert lines["Onderwerp"] == ("Niet ingevuld", "Onderwerp niet bekend")
    assert lines["Wie het meldt"][1] == "Bewonersinitiatief"
    assert lines["Naam en contact"] == ("Mijn naam, ik@proef.example", "Nooit openbaar.")
    assert lines["Bestanden"] == ("Geen", "Nooit openbaar.")
    public = " ".join(public for _, public in lines.values())
    for private in ("Mijn naam", "proef.example", "Kerkweg", "eigen verhaal", "Een buurthuis"):
        assert private not in public
    assert len(lines["Uw verhaal"][0]) <= 122


def test_of_an_organisation_only_its_kind_is_public(client_as, make):
    filer = make.filer()
    client = client_as(filer)
    lines = preview_on(client, begin(client, "/melden/organisatie/nieuw"))
    assert lines["Wie het meldt"][1] == "Gemeente"
    assert "Naam en contact" not in lines


@pytest.mark.parametrize("odd", ["9" * 5000, "²", "-1", "Zwole", "0"])
def test_a_municipality_that_is_none_leaves_the_page_whole(client, session, odd):
    key = begin(client)
    draft = session.scalars(select(Draft)).one()
    draft.data = {**draft.data, "municipality_id": odd, "theme": "geen thema"}
    session.commit()
    assert preview_on(client, key)["Gemeente"] == ("Niet ingevuld", "Niets")
