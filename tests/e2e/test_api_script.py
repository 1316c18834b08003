"""What the documents of the API show, run as it stands there against a site that runs."""

import os
import re
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from config import PROJECT_DIR
from knelpunt.domain.permissions import OF_ORGANISATIONS
from knelpunt.domain.vocabulary import CaseStatus
from knelpunt.installation import links_of
from knelpunt.models import Attachment, Case, Event, Message
from knelpunt.services.accounts.identity import clients
from knelpunt.services.cases import triage
from knelpunt.services.core.context import Context
from tests.support.files import pdf

DOCS = PROJECT_DIR / "docs" / "api"
PATIENCE = 60


@pytest.fixture
def key(site):
    """A key of a new municipality, as its administrator makes it."""
    with site.factory() as make:
        admin = make.organisation_admin()
        context = Context(make.session, make.actor(admin), datetime.now(UTC), links_of(site.config))
        made = clients.make(
            context, name="Zaaksysteem", scopes=OF_ORGANISATIONS, ends_on=context.today + timedelta(days=30)
        )
        return made.client.client_id, made.secret, made.client.organisation_id


def test_the_script_has_sixty_lines_at_most():
    assert len((DOCS / "file_a_case.py").read_text("utf-8").splitlines()) <= 60


@pytest.mark.parametrize("way", ["python", "curl"])
def test_a_case_is_filed_and_answered_by_the_document(site, key, tmp_path, way):
    letter = tmp_path / "brief.pdf"
    letter.write_bytes(pdf())
    client_id, secret, organisation_id = key
    with site.factory() as make:
        code = make.municipality().code
    environ = {
        **os.environ,
        "KNELPUNT_URL": site.url,
        "KNELPUNT_CLIENT": client_id,
        "KNELPUNT_SECRET": secret,
        "KNELPUNT_PAUSE": "0.2",
        "MUNICIPALITY": code,
        "LETTER": str(letter),
    }
    running = subprocess.Popen(
        command(way, code, str(letter)), env=environ, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        ask_when_it_is_there(site, organisation_id)
        output, _nothing = running.communicate(timeout=PATIENCE)
    finally:
        running.kill()
        running.wait()
    assert running.returncode == 0, output
    assert "in_triage" in output
    assert "loket" in output
    with site.session() as session:
        case = session.scalars(select(Case).where(Case.organisation_id == organisation_id)).one()
        assert case.reference in output
        assert case.status is CaseStatus.IN_TRIAGE
        files = session.scalars(select(Attachment.shown_name).where(Attachment.case_id == case.id)).all()
        told = ["De brief is van 2 maart 2026."]
        if way == "curl":  # the document goes on with the same letter, by pieces
            told.append("De brief waar u om vroeg.")
        assert files == ["brief.pdf"] * len(told)
        own = select(Message.body).where(Message.case_id == case.id, ~Message.from_desk).order_by(Message.id)
        assert session.scalars(own).all() == told
        acts = session.scalars(select(Event).where(Event.case_id == case.id, Event.data.has_key("koppeling"))).all()
        assert {each.data["organisatie"] for each in acts} == {organisation_id}


def command(way: str, code: str, letter: str) -> list[str]:
    if way == "python":
        return [sys.executable, str(DOCS / "file_a_case.py"), code, letter]
    for program in ("bash", "curl", "python3"):
        assert shutil.which(program), f"{program} is needed to try the examples"
    shown = re.findall(r"^```sh\n(.*?)^```", (DOCS / "README.md").read_text("utf-8"), re.DOTALL | re.MULTILINE)
    return ["bash", "-eu", "-o", "pipefail", "-c", "\n".join(shown)]


def ask_when_it_is_there(site, organisation_id: int) -> None:
    """Let the desk take in the case as soon as it is filed, and ask something."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with site.factory() as make:
            case = make.session.scalars(select(Case).where(Case.organisation_id == organisation_id)).one_or_none()
            if case is not None:
                triager, handler = make.triager(), make.handler()
                now = datetime.now(UTC)
                desk = Context(make.session, make.actor(triager), now, links_of(site.config))
                triage.assign(desk, case.reference, case.version, handler.id)
                triage.set_scope(desk, case.reference, case.version, in_scope=True, reason="")
                triage.take_in(desk, case.reference, case.version)
                day = desk.today + timedelta(days=28)
                triage.request_supplement(
                    desk, case.reference, case.version, question="Van wanneer is de brief?", why="Dat telt.",
                    answer_by=day,
                )  # fmt: skip
                return
        time.sleep(0.1)
    raise AssertionError("no case came in")
