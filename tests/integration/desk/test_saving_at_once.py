"""The same step sent twice, and two people who save the same case: nothing is done twice or lost unseen."""

import pytest
from sqlalchemy import select

from knelpunt.domain.vocabulary import (
    CaseStatus,
    Verdict,
)
from knelpunt.models import Note
from knelpunt.services.cases import publication
from tests.integration.desk.typed import TEXT, VERDICT


def test_a_second_click_gets_the_first_answer(session, make, client_as):
    case, key = make.case(), "0123456789abcdef" * 2
    client = client_as(make.handler())
    for _ in range(3):
        answer = client.post(f"/zaken/{case.reference}/notitie", data={"body": "Een keer.", "submission_key": key})
        assert answer.status_code == 303
        assert answer.location == f"/zaken/{case.reference}"
    assert session.scalars(select(Note.body).where(Note.case_id == case.id)).all() == ["Een keer."]


@pytest.mark.parametrize(
    ("state", "step", "data"),
    [
        ("ingediend", "toewijzen", {}),
        ("in_triage", "behandeling-starten", VERDICT),
        ("in_behandeling", "oordeel-wijzigen", VERDICT),
        ("in_behandeling", "openbare-tekst", TEXT),
    ],
)
def test_who_saves_second_sees_both_texts_and_can_send_again(session, desk, make, client_as, state, step, data):
    case = desk.bring(state)
    head = make.head_of_desk()
    if step == "toewijzen":
        data = {"handler_id": str(desk.handler.id)}
    if step == "openbare-tekst":
        publication.save_public_text(
            desk.context(desk.handler),
            case.reference,
            case.version,
            title="Eerste",
            question="Van een ander",
            answer="x",
        )
    session.refresh(case)
    old, new = case.version - 1, case.version
    answer = client_as(head).post(f"/zaken/{case.reference}/{step}", data={**data, "version": str(old)})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Zo staat het nu" in page and "Dit schreef u" in page
    assert f'name="version" type="hidden" value="{new}"' in page
    for typed in (data[name] for name in ("plain", "question") if name in data):
        assert typed in page
    if step == "openbare-tekst":
        assert "Van een ander" in page


@pytest.mark.parametrize("version", ["", "x", "9" * 30, "-1", "0"])
def test_a_version_that_is_none_changes_nothing(session, make, client_as, version):
    case = make.case()
    answer = client_as(make.triager()).post(
        f"/zaken/{case.reference}/binnen-bereik", data={"in_scope": "ja", "version": version}
    )
    assert answer.status_code in (409, 422)
    session.refresh(case)
    assert case.in_scope is None


def test_posting_other_columns_changes_nothing(session, make, post):
    case = make.case(title="Titel")
    post(make.triager(), case, "binnen-bereik", in_scope="ja", title="Anders", status="afgesloten", verdict="V1")
    session.refresh(case)
    assert (case.title, case.status, case.verdict, case.in_scope) == (
        "Titel",
        CaseStatus.SUBMITTED,
        Verdict.UNDECIDED,
        True,
    )
