"""A file leaves as a download in a sandbox, and only for those of its case."""

import io

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from knelpunt.domain.permissions import Actor
from knelpunt.domain.vocabulary import ActorKind
from knelpunt.models import Attachment, Case, Organisation
from knelpunt.services.cases import attachments
from knelpunt.services.core.context import Context
from tests.conftest import ClientAs, PageClient
from tests.support import files
from tests.support.factories import Factory

CONTENT = files.pdf("inhoud")


@pytest.fixture
def case(make: Factory) -> Case:
    filer = make.filer()
    return make.case(organisation_id=filer.organisation_id, author_id=filer.id)


def keep(
    app: Flask, session: Session, make: Factory, case: Case, name: str = "Plan \u201ctuin\u201d.pdf"
) -> Attachment:
    context = Context(session, Actor(ActorKind.SUBMITTER_LINK, case_id=case.id), make.now, app.config["LINKS"])
    kept = attachments.store(
        context, app.config["FILE_STORE"], app.config["ATTACHMENT_RULES"], io.BytesIO(CONTENT), name, case=case
    )
    session.commit()
    return kept


def test_a_file_leaves_as_a_download_that_no_browser_opens(
    app: Flask, session: Session, make: Factory, case: Case, client_as: ClientAs
) -> None:
    kept = keep(app, session, make, case)
    answer = client_as(make.handler()).get(f"/bijlagen/{kept.id}")
    assert answer.status_code == 200
    assert answer.data == CONTENT
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Length"] == str(len(CONTENT))
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert "filename*=UTF-8''Plan%20%E2%80%9Ctuin%E2%80%9D.pdf" in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_an_odd_name_cannot_add_a_header(
    app: Flask, session: Session, make: Factory, case: Case, client_as: ClientAs
) -> None:
    kept = keep(app, session, make, case, 'x"\r\nSet-Cookie: a=b;\u202e.pdf')
    answer = client_as(make.handler()).get(f"/bijlagen/{kept.id}")
    assert answer.status_code == 200
    assert all("a=b" not in cookie for cookie in answer.headers.getlist("Set-Cookie"))
    assert "\n" not in answer.headers["Content-Disposition"]


def test_by_number_a_stranger_finds_nothing(
    app: Flask, session: Session, make: Factory, case: Case, client_as: ClientAs, client: PageClient
) -> None:
    kept = keep(app, session, make, case)
    other_case = make.case()
    link = make.follow_link(other_case)
    token = app.config["LINKS"].token("volgen", link.public_id, link.nonce)
    organisation = session.get_one(Organisation, case.organisation_id)
    assert client_as(make.member(organisation)).get(f"/bijlagen/{kept.id}").status_code == 200
    for stranger in (make.filer(), make.organisation_admin(), make.administrator()):
        assert client_as(stranger).get(f"/bijlagen/{kept.id}").status_code == 404
    assert client.get(f"/bijlagen/{kept.id}").status_code == 302
    assert client.get(f"/volgen/{token}/bijlagen/{kept.id}").status_code == 404


def test_the_follower_of_the_case_gets_its_file(
    app: Flask, session: Session, make: Factory, client: PageClient
) -> None:
    case = make.case(email="buurt@proef.example")
    link = make.follow_link(case)
    kept = keep(app, session, make, case)
    token = app.config["LINKS"].token("volgen", link.public_id, link.nonce)
    assert client.get(f"/volgen/{token}/bijlagen/{kept.id}").data == CONTENT


@pytest.mark.parametrize("number", ["0", "-1", "99999999999999999999", "x", "1%00"])
def test_no_number_is_too_odd(make: Factory, client_as: ClientAs, number: str) -> None:
    assert client_as(make.handler()).get(f"/bijlagen/{number}").status_code == 404


def test_a_row_whose_file_is_gone_is_a_page_not_found(
    app: Flask, session: Session, make: Factory, case: Case, client_as: ClientAs
) -> None:
    kept = keep(app, session, make, case)
    app.config["FILE_STORE"].delete(kept.stored_name)
    assert client_as(make.handler()).get(f"/bijlagen/{kept.id}").status_code == 404
