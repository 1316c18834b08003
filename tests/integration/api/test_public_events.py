"""What anybody keeps a copy by: what became public, changed or was taken away, as subscribers are told it too."""

import json
from datetime import datetime

import pytest
from sqlalchemy import select

from knelpunt.domain.guides.track import GuideEvent, GuideStatus
from knelpunt.domain.public_events import PUBLIC, number_of, public_id
from knelpunt.models import Event
from knelpunt.services.cases import publication
from knelpunt.services.core import events
from tests.integration.public.conftest import published
from tests.support.guides import public_guide
from tests.support.statements import counted

__all__ = ["published"]

ADDRESS = "/gebeurtenissen"


def told(found):
    return [(each["type"].removeprefix("nl.knelpunt."), each["subject"]) for each in found["items"]]


def newest(session):
    """The id of what everybody heard last; so that a test sees what came after."""
    number = session.scalar(select(Event.number).order_by(Event.number.desc()).limit(1))
    return public_id(number or 0)


def test_a_text_is_told_from_its_publication_to_its_end_and_nothing_else_of_its_case(ask, session, desk, published):
    before = newest(session)
    case = published()
    guide = public_guide(desk.make)
    secret = public_guide(desk.make, status=GuideStatus.DRAFT, published_number=None)
    for each in (guide, secret):
        events.record(desk.system, GuideEvent.RECHECK, subject=f"ruimtewijzer:{each.id}")
    publication.withdraw_publication(desk.context(desk.handler), case.reference, case.version, "Op verzoek.")
    found = ask(f"{ADDRESS}?na={before}")
    assert told(found) == [
        ("antwoord.ingetrokken", case.reference),
        ("ruimtewijzer.hercontrole-nodig", guide.slug),
        ("antwoord.gepubliceerd", case.reference),
    ]
    text = json.dumps(found)
    assert case.title not in text
    assert secret.slug not in text
    first = found["items"][-1]
    row = session.scalars(select(Event).where(Event.kind == "gepubliceerd", Event.case_id == case.id)).one()
    assert first["id"] == f"openbaar-{row.number}"
    assert datetime.fromisoformat(first["time"]) == row.recorded_at
    assert first["specversion"] == "1.0"
    assert first["data"] == {
        "antwoord": case.reference,
        "links": {
            "antwoord": f"http://localhost/api/v1/knelpunten/{case.reference}",
            "pagina": f"http://localhost/knelpunten/{case.reference}",
        },
    }


def test_who_keeps_a_copy_reads_on_after_the_last_id_and_misses_or_doubles_nothing(ask, session, desk, connection):
    before, made = newest(session), []
    guide = public_guide(desk.make)
    for _ in range(5):
        events.record(desk.system, GuideEvent.RECHECK, subject=f"ruimtewijzer:{guide.id}")
        made.append(newest(session))
    seen, cursor = [], ""
    while cursor is not None:
        piece = ask(f"{ADDRESS}?na={before}&limit=2{cursor and f'&cursor={cursor}'}")
        seen += [each["id"] for each in piece["items"]]
        cursor = piece["next"]
    assert seen == made[::-1]
    assert ask(f"{ADDRESS}?na={seen[0]}")["items"] == []
    events.record(desk.system, GuideEvent.CONFIRMED, subject=f"ruimtewijzer:{guide.id}")
    assert told(ask(f"{ADDRESS}?na={seen[0]}")) == [("ruimtewijzer.opnieuw-bevestigd", guide.slug)]
    with counted(connection) as few:
        ask(f"{ADDRESS}?limit=1")
    with counted(connection) as many:
        ask(f"{ADDRESS}?limit=100")
    assert len(few) == len(many) == 1


@pytest.mark.parametrize("query", ["na=5", "na=openbaar-", "na=openbaar-²", "na=openbaar-%00", "cursor=b3BlbmJhYXI"])
def test_an_id_or_cursor_that_is_not_from_the_list_is_refused_by_its_name(client, query):
    answer = client.get(f"/api/v1{ADDRESS}?{query}")
    assert answer.status_code == 400
    assert [each["name"] for each in answer.json["errors"]] == [query.partition("=")[0]]


def test_every_act_that_is_told_has_its_noun_and_an_id_that_is_read_back():
    assert {told.noun for told in PUBLIC.values()} == {"antwoord", "ruimtewijzer", "regelknelpunt", "kwartaal"}
    assert number_of(public_id(12)) == 12
    assert [number_of(text) for text in ("12", "openbaar-12x", "openbaar--1", "openbaar-" + "9" * 19)] == [None] * 4
