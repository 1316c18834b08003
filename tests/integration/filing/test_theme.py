"""Who does not know what a case is about leaves it unknown: it is not kept, counted or shown as something else."""

import pytest
from sqlalchemy import select

from knelpunt.domain.permissions import Actor
from knelpunt.domain.vocabulary import KNOWN_THEMES, ActorKind, Theme
from knelpunt.models import Case, Draft
from knelpunt.queries.cases import lists as case_lists
from knelpunt.queries.cases.lists import CaseFilter, CaseOrder
from tests.integration.filing.residents import answer_all, begin, file, send
from tests.support.desk import Desk
from tests.support.forms import fill


@pytest.mark.parametrize(
    ("chosen", "kept"), [("", Theme.UNKNOWN), (Theme.OTHER.value, Theme.OTHER), (Theme.CARE.value, Theme.CARE)]
)
def test_a_theme_is_kept_as_it_was_chosen_and_not_knowing_as_unknown(client, make, session, chosen, kept):
    key = answer_all(client)
    send(client, key, "plan", "title", goal="Samen eten", theme=chosen)
    assert file(client, key).status_code == 302
    case = session.scalars(select(Case)).one()
    assert case.theme is kept
    staff = Actor(ActorKind.ACCOUNT, 1, make.triager().role, None)
    for theme in (Theme.UNKNOWN, Theme.OTHER, Theme.CARE):
        found = case_lists.page_of_cases(session, staff, CaseFilter(theme=theme), CaseOrder(), make.today)
        assert found.count == (theme is kept)


def test_unknown_is_not_offered_beside_not_knowing_and_the_preview_says_it(client, session):
    key = begin(client)
    page = client.get(f"/melden/{key}/plan").get_data(as_text=True)
    assert "Weet ik niet" in page
    assert "onbekend" not in page
    assert all(f'value="{theme.value}"' in page for theme in KNOWN_THEMES)
    assert send(client, key, "plan", "title", theme="onbekend").status_code == 422
    preview = client.get(f"/melden/{key}/controle").get_data(as_text=True)
    assert "Onderwerp niet bekend" in preview
    assert "Iets anders" not in preview


def test_a_quarter_counts_unknown_apart_from_something_else(client_as, make, session):
    desk = Desk(session, make)
    for theme in ("", "", Theme.OTHER.value):
        desk.file(theme=theme)
    table = client_as(desk.triager).get("/kwartalen/2026-4.csv").get_data(as_text=True)
    counted = [line.split(";")[:4] for line in table.splitlines() if line.startswith("Ontvangen;")]
    assert [row[3] for row in counted if row[2] == "Onderwerp niet bekend"] == ["2"], table
    assert [row[3] for row in counted if row[2] == "Iets anders" and "ema" in row[1]] == ["1"], table


def test_a_copy_of_a_case_with_an_unknown_theme_asks_anew(client_as, make, session):
    filer = make.filer()
    case = make.case(organisation_id=filer.organisation_id, author_id=filer.id, theme=Theme.UNKNOWN)
    client = client_as(filer)
    page = client.get(f"/onze-zaken/{case.reference}")
    copied = client.post(f"/onze-zaken/{case.reference}/kopie", data=fill(page, "/kopie")).location
    assert session.scalars(select(Draft)).one().data["theme"] == ""
    assert client.get(copied).status_code == 200
