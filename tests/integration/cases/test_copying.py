"""An earlier case of the own organisation begins a new draft: its texts, and nothing that belongs to that one case."""

from datetime import date

from sqlalchemy import select

from knelpunt.domain.vocabulary import SubmitterKind, Theme
from knelpunt.models import Attachment, Draft, Organisation
from tests.support.forms import fill


def own_case(make, filer, **values):
    return make.case(
        organisation_id=filer.organisation_id,
        author_id=filer.id,
        title="Woningen langs het spoor",
        description="Het geluid staat het niet toe.",
        goal="Wonen voor starters",
        tried="Ontheffing gevraagd",
        theme=Theme.HOUSING,
        **values,
    )


def press(client, case):
    page = client.get(f"/onze-zaken/{case.reference}")
    return client.post(f"/onze-zaken/{case.reference}/kopie", data=fill(page, "/kopie"))


def test_the_texts_come_along_and_the_rest_does_not(client_as, make, session):
    filer = make.filer()
    case = own_case(make, filer, refused_on=date(2026, 9, 1), may_share=True, may_publish=True)
    session.add(
        Attachment(
            case_id=case.id,
            stored_name="a" * 32,
            shown_name="brief.pdf",
            media_type="application/pdf",
            size=1,
            sha256="0" * 64,
            created_at=make.now,
        )
    )
    colleague = make.member(session.get_one(Organisation, filer.organisation_id))
    client = client_as(colleague)

    answer = press(client, case)

    draft = session.scalars(select(Draft)).one()
    assert answer.location == f"/melden/{draft.key}/plan"
    assert (draft.organisation_id, draft.author_id) == (filer.organisation_id, colleague.id)
    assert draft.kind is SubmitterKind.MUNICIPALITY
    filled = {name: text for name, text in draft.data.items() if text}
    assert filled == {
        "title": case.title,
        "description": case.description,
        "goal": case.goal,
        "tried": case.tried,
        "theme": "wonen",
        **({"municipality_id": str(case.municipality_id)} if case.municipality_id else {}),
    }
    assert session.scalars(select(Attachment.draft_id)).all() == [None]
    page = client.get(answer.location).get_data(as_text=True)
    assert case.reference in page
    assert case.title in page


def test_a_double_click_makes_one_draft(client_as, make, session):
    filer = make.filer()
    case = own_case(make, filer)
    client = client_as(filer)
    data = fill(client.get(f"/onze-zaken/{case.reference}"), "/kopie")
    path = f"/onze-zaken/{case.reference}/kopie"
    first, second = client.post(path, data=data), client.post(path, data=data)
    assert first.location == second.location
    assert len(session.scalars(select(Draft)).all()) == 1


def test_another_organisation_the_desk_and_a_visitor_copy_nothing(client_as, client, make, session):
    case = own_case(make, make.filer())
    path = f"/onze-zaken/{case.reference}/kopie"
    assert client_as(make.filer()).post(path).status_code == 404
    assert client_as(make.handler()).post(path).status_code in (403, 404)
    assert client.post(path).status_code in (302, 401)
    assert client_as(make.filer()).post("/onze-zaken/KNP-2026-99999/kopie").status_code == 404
    assert client_as(make.filer()).get(path).status_code == 405
    assert session.scalars(select(Draft)).all() == []
