"""Each term of the register: the day before everything is there, the day after nothing, wherever one looks.

The cases come from the register itself: an entry that ends and has none here fails. What is looked through is every
column of every row of the tables of that entry, as a dump would show them, and the files.
"""

import io
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from knelpunt.domain.privacy.register import REGISTER
from knelpunt.domain.vocabulary import PublicationStatus
from knelpunt.models import Base
from knelpunt.queries.privacy.register import columns_by_entry
from knelpunt.services.archive import timers as archive_timers
from knelpunt.services.cases import attachments
from knelpunt.services.jobs import scheduled, upkeep
from tests.support.archive import A_DAY, Archive, confirm_list, fill_with_words, found, full_case, made_row
from tests.support.desk import Desk

MARKER = "zwanenbrug"
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
"""A Tuesday."""
TODAY = NOW.date()
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


class Stage:
    """The worker, on a clock that can be moved, and rows with the marker in them."""

    def __init__(self, session: Session, archive: Archive) -> None:
        self.session, self.archive, self.make = session, archive, archive.make
        self.case = self.make.case()
        self.closed = self.make.filer(self.make.organisation(), is_active=False, created_at=NOW)

    def plant(self, table: str, columns: str, **given: Any) -> None:
        """A row with the marker in these columns."""
        made = Base.metadata.tables[table]
        row = made_row(self.session, made, given, self.case.id, self.archive.desk.handler.id, "ander")
        for name in columns.split():
            row[name] = [MARKER] if name in ("spellings", "refused_files") else MARKER
        self.session.execute(insert(made).values(row))
        self.session.flush()

    def parent(self, table: str, **given: Any) -> Any:
        """The key of another row on which one hangs."""
        self.plant(table, "", **given)
        made = Base.metadata.tables[table]
        return self.session.scalar(select(func.max(next(iter(made.primary_key.columns)))))

    def file(self) -> str:
        """Bytes with the marker that were written at the beginning; under which name they are kept."""
        name = self.archive.files.put(io.BytesIO(MARKER.encode()), 1000).name
        os.utime(self.folder / name, (NOW.timestamp(), NOW.timestamp()))
        return name

    @property
    def folder(self) -> Path:
        return Path(self.archive.files._folder)  # type: ignore[attr-defined]

    def attach(self, draft_id: int) -> None:
        self.plant("attachments", "", draft_id=draft_id, case_id=None, consultation_id=None, stored_name=self.file())

    def rounds(self, now: datetime) -> None:
        """All that the worker does in a day."""
        desk = self.archive.desk
        desk.now = now
        scheduled.run_due(desk.system, self.session.commit)
        archive_timers.run_due(desk.system, self.archive.files, self.session.commit)
        upkeep.sweep_tables(self.session, now)
        self.session.commit()
        attachments.sweep(self.session, self.archive.files, now)
        self.session.expire_all()

    def left(self, key: str) -> int:
        """How many rows of the tables of an entry hold the marker; where it has no text, how many rows there are."""
        tables = {column.partition(".")[0] for column in columns_by_entry()[key]}
        if key in WITHOUT_TEXT:
            return sum(self.session.scalar(select(func.count()).select_from(Base.metadata.tables[each])) or 0
                       for each in tables)  # fmt: skip
        return sum(count for table, count in found(self.session, MARKER).items() if table in tables | SOURCES)


@dataclass(frozen=True)
class Ends:
    """One way in which data of an entry end: how they are planted, the last moment at which they are there, and the
    first at which they are gone."""

    plant: Callable[[Stage], None]
    last: datetime
    gone: datetime


def after_days(table: str, columns: str, moment: str, days: int, **given: Any) -> Ends:
    """So many days from a moment, to the second."""
    length = timedelta(days=days)
    planted = lambda stage: stage.plant(table, columns, **{moment: NOW}, **of(stage, given))  # noqa: E731
    return Ends(planted, NOW + length - SECOND, NOW + length + SECOND)


def on_day(table: str, columns: str, day: str = "ends_on", days: int = 0, **given: Any) -> Ends:
    """Up to and including so many days after a day."""
    planted = lambda stage: stage.plant(table, columns, **{day: TODAY}, **of(stage, given))  # noqa: E731
    return Ends(planted, NOW + timedelta(days=days), NOW + timedelta(days=days + 1))


def of(stage: Stage, given: dict[str, Any]) -> dict[str, Any]:
    """Values that depend on the stage are functions of it."""
    return {name: value(stage) if callable(value) else value for name, value in given.items()}


def of_case(stage: Stage) -> int:
    return stage.case.id


def of_closed(stage: Stage) -> int:
    return stage.closed.id


def with_account(table: str, columns: str, **given: Any) -> Ends:
    """A year after somebody whose account is closed last did something, in no case that is still kept."""
    year = timedelta(days=365)
    planted = lambda stage: stage.plant(table, columns, **of(stage, given))  # noqa: E731
    return Ends(planted, NOW + year - SECOND, NOW + year + SECOND)


def name_of_account(stage: Stage) -> None:
    stage.closed.name, stage.closed.email = f"Ziva {MARKER}", f"{MARKER}@proef.example"
    stage.session.flush()


def letter_of_contact(stage: Stage) -> None:
    stage.plant("contacts", "name", case_id=stage.case.id, ends_on=TODAY)
    stage.plant("letters", "body", case_id=stage.case.id)


def mail_with_its_source(stage: Stage) -> None:
    stage.plant("incoming_mails", "from_address subject body refused_files decision_reason", decided_at=NOW,
                status="niet_voor_ons")  # fmt: skip
    mail_id = stage.session.scalar(select(func.max(Base.metadata.tables["incoming_mails"].c.id)))
    stage.plant("incoming_sources", "", mail_id=mail_id, raw=MARKER.encode(), ends_on=TODAY + timedelta(days=30))


def line_of_a_file(stage: Stage) -> None:
    run_id = stage.parent("import_runs", kind="geschiedenis", organisation_id=None, ends_on=TODAY)
    stage.plant("import_rows", "own_number title", run_id=run_id)


def a_quarter(stage: Stage) -> date:
    """A sealed quarter of which the text is being written."""
    desk, quarter = stage.archive.desk, date(2026, 7, 1)
    stage.plant("quarter_seals", "", quarter=quarter, asked_by_id=desk.handler.id, sealed_by_id=desk.reviewer.id)
    stage.plant("quarter_texts", "", quarter=quarter, status="tekst", begun_by_id=desk.handler.id)
    return quarter


SOURCES = {"incoming_sources"}
"""The mails as they came in, byte for byte; they hang on the rows of the register."""
WITHOUT_TEXT = {"notification", "presence"}
ENDINGS: dict[str, list[Ends]] = {
    "contact": [on_day("contacts", "name email phone postal_address", case_id=of_case)],
    "draft": [after_days("drafts", "", "updated_at", 90, data={"title": MARKER}, created_at=NOW)],
    "co_signing": [on_day("co_signatures", "name email public_id nonce", case_id=of_case)],
    "joint_filing": [on_day("case_participants", "email", case_id=of_case)],
    "map_point": [on_day("case_points", "point", case_id=of_case)],
    "officials": [
        on_day("ministry_contacts", "name email", "ended_on", 30),
        after_days(
            "consultation_links",
            "email",
            "revoked_at",
            30,
            consultation_id=lambda stage: stage.parent("consultations", case_id=stage.case.id, ended_on=TODAY),
        ),
        on_day("quarter_comment_requests", "email", "due_on", 30, quarter=a_quarter),
    ],
    "account": [Ends(name_of_account, NOW + timedelta(days=365) - SECOND, NOW + timedelta(days=365) + SECOND)],
    "work_layout": [with_account("saved_views", "name query", owner_id=of_closed)],
    "second_factor": [
        with_account("totp_factors", "sealed_secret", account_id=of_closed, created_at=NOW),
        with_account("passkeys", "name", account_id=of_closed, credential_id=b"x", public_key=b"x"),
    ],
    "bulk": [
        after_days("bulk_acts", "body", "prepared_at", 30, confirmed_at=NOW, finished_at=NOW),
        after_days("bulk_acts", "body", "prepared_at", 1),
    ],
    "import_file": [
        on_day("import_runs", "shown_name", kind="geschiedenis", organisation_id=None),
        Ends(line_of_a_file, NOW, NOW + DAY),
    ],
    "notification": [on_day("notifications", "", case_id=of_case)],
    "presence": [Ends(lambda stage: stage.plant("case_presences", "", seen_at=NOW), NOW + SECOND, NOW + DAY)],
    "invitation": [after_days("invitations", "email name", "expires_at", 30)],
    "login": [
        after_days("login_sessions", "token_hash browser provider_session", "last_seen_at", 30),
        after_days("account_tokens", "token_hash", "expires_at", 30),
    ],
    "api_client": [
        after_days("api_clients", "name", "revoked_at", 365, ends_on=date(2030, 1, 1)),
        on_day("api_clients", "name", "ends_on", 365),
        after_days("event_subscriptions", "url", "ended_at", 365),
    ],
    "failed_login": [after_days("login_attempts", "key", "at", 1)],
    "usage": [after_days("usage_counts", "key", "period_start", 2)],
    "incoming": [
        Ends(mail_with_its_source, NOW + timedelta(days=30) - SECOND, NOW + timedelta(days=31)),
        after_days("delivery_failures", "note", "settled_at", 30, case_id=of_case, outcome="brief",
                   mail_id=lambda stage: stage.parent("outbox", sent_at=NOW)),
    ],
    "outbox": [
        after_days("outbox", "to_address body last_error", "sent_at", 30),
        after_days("outbox", "to_address body last_error", "gave_up_at", 30),
    ],
    "digest": [
        Ends(lambda stage: stage.plant("digest_items", "subject body", case_id=stage.case.id, written_at=NOW),
             NOW + timedelta(days=5), NOW + timedelta(days=6)),
    ],
    "follower": [
        on_day("bottleneck_followers", "email public_id nonce"),
        on_day("subscriptions", "email public_id nonce"),
    ],
    "letters": [Ends(letter_of_contact, NOW, NOW + DAY)],
    "new_address": [after_days("address_changes", "email", "asked_at", 7, case_id=of_case)],
    "submissions": [after_days("submissions", "author key location", "created_at", 30)],
    "referral": [on_day("referrals", "receiver_name receiver_email", "ended_on", 30, case_id=of_case)],
    "privacy_request": [
        after_days("privacy_requests", "name spellings email phone postal_address words identity_how", "decided_at",
                   90, status="afgehandeld"),
        Ends(lambda stage: stage.plant("privacy_requests", "answer extended_reason", decided_at=NOW,
                                       status="afgehandeld", answered_on=TODAY),
             datetime(2031, 11, 24, 9, 0, tzinfo=UTC), datetime(2031, 11, 25, 9, 0, tzinfo=UTC)),
    ],
}  # fmt: skip
WITH_THE_CASE = {"story", "attachments", "desk_words", "ministry_words", "aftercare", "public_text", "referral"}
"""What ends when the file of a case is destroyed, or handed to an archive."""


@pytest.fixture
def archive(session, make, app):
    return Archive(Desk(session, make), app.config["FILE_STORE"]).on(date(2026, 11, 24))


def test_every_entry_that_ends_has_a_test_here():
    ending = {entry.key for entry in REGISTER if entry.ends}
    assert ending == ENDINGS.keys() | WITH_THE_CASE


@pytest.mark.parametrize(
    ("key", "ends"),
    [pytest.param(key, ends, id=f"{key}-{number}") for key, those in ENDINGS.items()
     for number, ends in enumerate(those)],
)  # fmt: skip
def test_the_day_before_all_is_there_and_the_day_after_nothing(session, archive, key, ends):
    stage = Stage(session, archive)
    before = stage.left(key)
    ends.plant(stage)
    planted = stage.left(key)
    assert planted > before
    stage.rounds(ends.last)
    assert stage.left(key) == planted
    stage.rounds(ends.gone)
    assert stage.left(key) == before


FILES: dict[str, Ends] = {
    "draft": Ends(
        lambda stage: stage.attach(stage.parent("drafts", updated_at=NOW, created_at=NOW, data={})),
        NOW + timedelta(days=90) - SECOND,
        NOW + timedelta(days=90) + SECOND,
    ),
    "import_file": Ends(
        lambda stage: stage.plant("import_runs", "", kind="geschiedenis", organisation_id=None,
                                  ends_on=TODAY + 30 * DAY, stored_name=stage.file()),
        NOW + timedelta(days=30),
        NOW + timedelta(days=31),
    ),
    "uploads": Ends(
        lambda stage: stage.plant("uploads", "", organisation_id=stage.closed.organisation_id, pieces=[stage.file()],
                                  ends_at=NOW + timedelta(days=2)),
        NOW + timedelta(days=2) - SECOND,
        NOW + timedelta(days=2) + SECOND,
    ),
}  # fmt: skip
"""Bytes that hang on a row that ends."""


@pytest.mark.parametrize("ends", [pytest.param(ends, id=key) for key, ends in FILES.items()])
def test_the_day_before_its_file_is_there_and_the_day_after_it_is_not(session, archive, data_dir, ends):
    stage = Stage(session, archive)
    ends.plant(stage)
    session.flush()
    assert on_disk(data_dir) == 1
    stage.rounds(ends.last)
    assert on_disk(data_dir) == 1
    stage.rounds(ends.gone)
    assert on_disk(data_dir) == 0


def on_disk(data_dir: Path) -> int:
    return sum(MARKER.encode() in path.read_bytes() for path in data_dir.rglob("*") if path.is_file())


def test_what_is_kept_with_the_case_goes_with_it(session, archive, data_dir):
    case = full_case(archive)
    fill_with_words(session, case, archive.desk.handler.id, MARKER)
    case.publication = PublicationStatus.PUBLIC
    session.execute(Base.metadata.tables["clock_periods"].update().values(stopped_on=archive.desk.today))
    archive.check_sources()
    archive.run()
    archive.reword(archive.category("antwoord"), public_text_stays=False)
    last = session.scalars(select(Base.metadata.tables["retentions"].c.action_on)).one()
    session.execute(Base.metadata.tables["retentions"].update().values(reason=MARKER))
    columns = columns_by_entry()
    tables = {column.partition(".")[0] for key in WITH_THE_CASE for column in columns[key]}
    assert tables <= found(session, MARKER).keys()
    archive.on(last - A_DAY).run()
    assert tables <= found(session, MARKER).keys()
    archive.on(last + A_DAY).run()
    confirm_list(archive)
    archive.run()
    assert found(session, MARKER) == {}
    assert [path for path in data_dir.rglob("*") if path.is_file() and MARKER.encode() in path.read_bytes()] == []
