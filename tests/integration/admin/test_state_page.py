"""The page that says how the installation is: for administrators, in words, and changing nothing."""

from datetime import UTC, date, datetime, timedelta

from knelpunt.adapters import anchors
from knelpunt.domain.vocabulary import Role
from knelpunt.models import JobProgress, JobRun, OpenDataFile, OutboxMail, QuarterFile, QuarterSeal, RunningWorker
from tests.integration.admin.reading import text
from tests.support.page import parse_page
from tests.support.statements import counted


def fill(make, *, at=None, count=1):
    now = make.now
    for number in range(count):
        seen = at or now
        make.add(RunningWorker(name=f"server:{number}", version="9.8.7", started_at=seen, seen_at=seen))
        make.add(JobRun(name=f"taak {number}", period="1", started_at=now, finished_at=now))


def test_all_is_well_when_somebody_works_and_nothing_waits(admin, make, data_dir):
    fill(make)
    anchors.note(data_dir, make.now, 1234, "a" * 64)
    make.add(JobRun(name="reservekopie", period="1", started_at=make.now, finished_at=make.now))
    page = text(admin.get("/beheer/toestand"))
    for told in ("Alles werkt", "9.8.7", "server:0", "Reservekopie", "nummer 1.234", "PostgreSQL"):
        assert told in page, told
    assert "nog nooit" not in page
    assert "Toestand" in text(admin.get("/beheer"))


def test_what_is_wrong_stands_on_top_in_a_sentence(admin, make):
    fill(make, at=make.now - timedelta(hours=1))
    make.add(JobRun(name="termijnen", period="1", started_at=make.now, failed_at=make.now))
    make.add(
        OutboxMail(
            message_id="<1@proef.example>", kind="x", subject="x", body="x", to_address="iemand@proef.example",
            created_at=make.now, next_try_at=make.now - timedelta(minutes=61),
        )
    )  # fmt: skip
    page = text(admin.get("/beheer/toestand"))
    assert "Alles werkt" not in page
    assert "Er werkt geen werker" in page
    assert "geeft geen teken" in page
    assert "Een taak mislukt steeds" in page
    assert "Mail wacht langer dan een uur" in page
    assert "Termijnen en herinneringen" in page


def test_an_installation_that_just_began_has_a_page_too(admin):
    page = text(admin.get("/beheer/toestand"))
    assert "Er heeft zich geen werker gemeld" in page
    assert "nog nooit" in page


def test_it_takes_as_many_statements_for_two_workers_as_for_twenty(admin, make, connection):
    fill(make, count=2)
    with counted(connection) as few:
        admin.get("/beheer/toestand")
    for number in range(20):
        make.add(RunningWorker(name=f"ander:{number}", version="1", started_at=make.now, seen_at=make.now))
    with counted(connection) as many:
        admin.get("/beheer/toestand")
    assert len(few) == len(many)


def test_a_torn_line_at_the_end_of_the_log_of_anchors_is_passed_over(tmp_path, make):
    assert anchors.last(tmp_path) is None
    anchors.note(tmp_path, make.now, 7, "b" * 64)
    with (tmp_path / anchors.FILE_NAME).open("a") as log:
        log.write("2026-12-01T00:00")
    assert anchors.last(tmp_path) == (7, make.now.replace(microsecond=0))


def shown(admin):
    return parse_page(admin.get("/beheer/toestand")).text


def progress(make, done, *, told=timedelta(0), doing="knelpunten (csv)"):
    now = datetime.now(UTC)
    started = now - timedelta(hours=1)
    make.add(
        JobProgress(name="open-data", started_at=started, told_at=now - told, done=done, total=15, doing=doing)
    )  # fmt: skip


def test_how_far_the_files_of_open_data_are_stands_there_with_the_last_ones(admin, make):
    fill(make)
    assert "Open data: laatst gemaakt nog niet" in shown(admin)
    for number, (form, ago) in enumerate((("csv", 0), ("jsonl", 5), ("csv", 1500))):
        made_at = make.now - timedelta(minutes=ago)  # one of a day before, and two by rounds of today
        make.add(
            OpenDataFile(
                name=f"knelpunten-{form}-{number}", data_set="knelpunten", form=form, made_on=made_at.date(),
                made_at=made_at, public_version="1", lines=3, size=1_500_000, sha256="0" * 64, stored_name=str(number),
            )
        )  # fmt: skip
    progress(make, 3)
    page = shown(admin)
    assert "Alles werkt" in page
    assert "3 van 15 klaar sinds" in page
    assert "bezig met knelpunten (csv)" in page
    assert "2 bestanden, samen 3" in page
    assert "Open data: laatst gemaakt nog niet" not in page


def test_files_that_are_not_made_any_further_are_a_trouble_and_those_that_are_done_none(admin, make, session):
    fill(make)
    progress(make, 3, told=timedelta(minutes=31))
    page = shown(admin)
    assert "Het maken van de bestanden met open data is blijven steken" in page
    assert "gestopt bij knelpunten (csv)" in page
    session.query(JobProgress).update({"done": 15, "doing": ""})
    page = shown(admin)
    assert "Alles werkt" in page
    assert "Open data: nu er wordt niets gemaakt" in page


def test_the_forms_of_quarters_are_counted_by_how_they_stand(admin, make):
    fill(make)
    head, quarter = make.account(Role.HEAD_OF_DESK), date(2026, 1, 1)
    make.add(
        QuarterSeal(
            quarter=quarter, content="{}", sha256="0" * 64, event_number=0, event_hash="0" * 64,
            asked_by_id=head.id, sealed_by_id=head.id, sealed_at=make.now,
        )
    )  # fmt: skip
    for form, how in (
        ("json", {"status": "klaar", "content": b"x" * 2_000, "done_at": make.now}),
        ("csv", {"status": "klaar", "content": b"x" * 1_000, "done_at": make.now}),
        ("odt", {"status": "gevraagd", "begun_at": make.now}),
        ("pdf", {"status": "mislukt", "reason": "De schijf is vol.", "done_at": make.now}),
    ):
        make.add(QuarterFile(quarter=quarter, form=form, asked_at=make.now, **how))
    page = shown(admin)
    assert "Kwartalen: nu 1 te maken, begonnen" in page
    assert "2 bestanden, samen 3" in page
    assert "Kwartalen: niet gelukt 1" in page
    assert "Een bestand van een kwartaal kon niet worden gemaakt" in page
