"""Who has a case open: noted by the page, said to colleagues, cheap, gone after two minutes, never for submitters."""

from datetime import timedelta

from sqlalchemy import func, select, update

from knelpunt.models import CasePresence
from knelpunt.services.jobs import upkeep
from tests.support.statements import counted


def test_a_colleague_sees_who_reads_the_case_and_its_steps(desk, case, client_as):
    client_as(desk.reviewer).get(f"/zaken/{case.reference}")
    client = client_as(desk.handler)
    for page in ("", "/aanvulling"):
        text = client.get(f"/zaken/{case.reference}{page}").get_data(as_text=True)
        assert f"{desk.reviewer.name} leest dit nu ook." in text
    assert f"{desk.handler.name} leest dit nu ook." not in text


def test_it_is_over_after_two_minutes_and_swept(desk, case, client_as, session):
    client_as(desk.reviewer).get(f"/zaken/{case.reference}")
    session.execute(update(CasePresence).values(seen_at=CasePresence.seen_at - timedelta(minutes=3)))
    assert "leest dit nu ook" not in client_as(desk.handler).get(f"/zaken/{case.reference}").get_data(as_text=True)
    upkeep.sweep_tables(session, desk.now + timedelta(hours=1))
    assert session.scalar(select(func.count()).select_from(CasePresence)) == 0


def test_reading_again_within_a_minute_writes_nothing(desk, case, client_as, connection):
    client = client_as(desk.handler)
    client.get(f"/zaken/{case.reference}")
    for path in ("", "/aanwezig", "/aanvulling"):
        with counted(connection) as sent:
            client.get(f"/zaken/{case.reference}{path}")
        assert not [each for each in sent if each.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))]


def test_the_script_asks_with_a_mark_and_gets_nothing_new(desk, case, client_as):
    client_as(desk.reviewer).get(f"/zaken/{case.reference}")
    client = client_as(desk.handler)
    first = client.get(f"/zaken/{case.reference}/aanwezig")
    assert first.json == {"words": f"{desk.reviewer.name} leest dit nu ook."}
    again = client.get(f"/zaken/{case.reference}/aanwezig", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_a_submitter_is_neither_noted_nor_told(make, desk, client_as, session):
    organisation = make.organisation()
    filer = make.filer(organisation)
    case = make.case(organisation_id=organisation.id, author_id=filer.id)
    client_as(desk.reviewer).get(f"/zaken/{case.reference}")
    text = client_as(filer).get(f"/onze-zaken/{case.reference}").get_data(as_text=True)
    assert "leest dit nu" not in text
    assert client_as(filer).get(f"/zaken/{case.reference}/aanwezig").status_code == 404
    assert list(session.scalars(select(CasePresence.account_id))) == [desk.reviewer.id]
