"""A file that is brought in by the site: checked line by line, brought in once, and put back where nothing happened."""

import csv
import io
import json
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from knelpunt.adapters.uploads.store import FolderStore
from knelpunt.domain.errors import DomainError, NotFound, PermissionDenied
from knelpunt.domain.filing.rules import clean
from knelpunt.domain.history.backlog import COLUMNS
from knelpunt.domain.history.imports import ImportKind, ImportState, ImportStatus
from knelpunt.domain.vocabulary import EventKind
from knelpunt.models import Case, ClockPeriod, Draft, Event, FigureTotal, ImportRow, ImportRun, OutboxMail
from knelpunt.queries.filing import imports as queries
from knelpunt.services.cases import attachments
from knelpunt.services.cases.attachments import AttachmentRules
from knelpunt.services.collaboration import notes
from knelpunt.services.core import events
from knelpunt.services.figures import ledger
from knelpunt.services.filing import intake
from knelpunt.services.history import backlog, runs
from knelpunt.services.jobs import upkeep
from tests.integration.history.test_case_import import line
from tests.support.desk import Desk

LIMITS = AttachmentRules(max_bytes=1_000_000, max_per_case=10)
GOOD = {"kenmerk": "A-1", "titel": "Een tuin op het dak", "omschrijving": "De regels voor brand staan dat niet toe."}

SAME_TEXT = "staat met dezelfde omschrijving al op regel"


class Stage:
    """An organisation and the desk, with a store for files."""

    def __init__(self, desk, folder):
        self.desk, self.session, self.files = desk, desk.session, FolderStore(folder)
        self.organisation = desk.make.organisation()
        self.admin = desk.context(desk.make.organisation_admin(self.organisation))
        self.head = desk.context(desk.make.head_of_desk())

    def load(self, content, *, kind=ImportKind.BACKLOG, name="lijst.csv", by=None, **how):
        by = by or (self.admin if kind is ImportKind.BACKLOG else self.head)
        run = runs.upload(by, self.files, LIMITS, kind, io.BytesIO(content), name, "oud")
        self.work(run, **how)
        return run

    def work(self, run, **how):
        runs.carry_out(self.desk.system, self.files, run.id, self.session.flush, **how)

    def confirm(self, run):
        runs.confirm(self.head if run.kind is ImportKind.HISTORY else self.admin, run.kind, run.id)
        self.work(run)

    def undo(self, run):
        runs.undo(self.head if run.kind is ImportKind.HISTORY else self.admin, run.kind, run.id)
        self.work(run)

    def rows(self, run):
        self.session.expire_all()
        return list(self.session.scalars(select(ImportRow).where(ImportRow.run_id == run.id).order_by(ImportRow.place)))

    def states(self, run):
        return [row.state for row in self.rows(run)]

    def count(self, model, *where):
        return self.session.scalar(select(func.count()).select_from(model).where(*where))


@pytest.fixture
def stage(session, make, tmp_path):
    return Stage(Desk(session, make), tmp_path / "files")


def table(*rows, delimiter=";", encoding="utf-8-sig"):
    heads = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, heads, delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def history(*numbers):
    return "".join(json.dumps(line(number).data) + "\n" for number in numbers).encode()


def test_a_backlog_becomes_drafts_that_start_no_clock_and_send_nothing(stage):
    run = stage.load(table(GOOD, {**GOOD, "kenmerk": "A-2", "titel": "Café naast de school"}))
    assert run.status is ImportStatus.CHECKED
    assert stage.count(Draft) == 0

    stage.confirm(run)

    drafts = list(stage.session.scalars(select(Draft).order_by(Draft.id)))
    assert [draft.data["title"] for draft in drafts] == ["Een tuin op het dak", "Café naast de school"]
    assert {draft.organisation_id for draft in drafts} == {stage.organisation.id}
    assert drafts[0].data["municipality_id"] == str(stage.organisation.municipality_id)
    assert "mandate" not in drafts[0].data
    assert "consents_seen" not in drafts[0].data
    assert [stage.count(each) for each in (Case, ClockPeriod, OutboxMail)] == [0, 0, 0]
    assert run.counts == {"binnengekomen": 2}
    kinds = stage.session.scalars(select(Event.kind).where(Event.subject == f"import:{run.id}").order_by(Event.number))
    assert list(kinds) == ["import_geladen", "import_begonnen", "import_klaar"]


def test_every_fault_is_told_by_row_and_column(stage):
    run = stage.load(
        table(
            {**GOOD, "gemeente": "Nergenshuizen"},
            {**GOOD, "kenmerk": "A-2", "titel": "", "geweigerd_op": "31-02-2026"},
            {**GOOD, "kenmerk": "A-1"},
            {**GOOD, "kenmerk": "A-3", "titel": "x" * 151},
        )
    )
    assert [(row.line, row.faults) for row in stage.rows(run)] == [
        (2, [["gemeente", "herkennen wij niet"]]),
        (3, [["titel", "ontbreekt"], ["geweigerd_op", "moet een dag zijn als 2019-07-01"]]),
        (
            4,
            [["kenmerk", "staat twee keer in het bestand"], ["titel", "staat met dezelfde omschrijving al op regel 2"]],
        ),
        (5, [["titel", "is langer dan 150 tekens"]]),
    ]
    many = stage.load(json.dumps({**GOOD, **{f"x{n}": n for n in range(30)}}).encode(), name="lijst.jsonl")
    assert [(len(row.faults), row.faults[-1]) for row in stage.rows(many)] == [(21, ["", "en nog 10"])]
    with pytest.raises(DomainError, match="Geen enkele regel"):
        runs.confirm(stage.admin, run.kind, run.id)


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"PK\x03\x04abc", "lijst.csv", "Excel"),
        ("kenmerk;titel".encode("utf-16"), "lijst.csv", "UTF-16"),
        (b"kenmerk;titel\n\x00", "lijst.csv", "geen tekstbestand"),
        (b"", "lijst.csv", "leeg"),
        (b"a;b", "lijst.xlsx", r"\.csv of \.jsonl"),
    ],
)
def test_another_kind_of_file_is_refused_at_once(stage, content, name, says):
    with pytest.raises(DomainError, match=says) as refused:
        stage.load(content, name=name)
    assert refused.value.field == "file"


def test_a_column_that_nobody_knows_refuses_the_file_as_a_whole(stage):
    run = stage.load(table({**GOOD, "notitie": "x"}))
    assert (run.status, stage.rows(run)) == (ImportStatus.UNREADABLE, [])
    assert "'notitie' kennen wij niet" in run.problem


@pytest.mark.parametrize(("encoding", "delimiter"), [("utf-8", ","), ("utf-8-sig", ";"), ("windows-1252", ";")])
def test_letters_and_separators_of_spreadsheets_are_understood(stage, encoding, delimiter):
    run = stage.load(table({**GOOD, "titel": "Café in één pand"}, encoding=encoding, delimiter=delimiter))
    assert [row.title for row in stage.rows(run)] == ["Café in één pand"]
    assert run.encoding == ("windows-1252" if encoding == "windows-1252" else "utf-8")


def test_what_the_organisation_has_already_does_not_come_in_twice(stage, monkeypatch):
    stage.confirm(stage.load(table(GOOD)))
    same_number = {**GOOD, "titel": "Iets anders"}
    same_words = {**GOOD, "kenmerk": "B-1"}
    alike = {**GOOD, "kenmerk": "B-2", "omschrijving": "Een ander verhaal."}

    run = stage.load(table(same_number, same_words, alike))

    assert stage.states(run) == [ImportState.PRESENT, ImportState.PRESENT, ImportState.GOOD]
    assert [row.remarks[0][:30] for row in stage.rows(run)] == [
        "Dit kenmerk is al ingelezen op",
        "U hebt deze melding al: als co",
        "Lijkt op een melding die u al ",
    ]
    cleaned = []
    monkeypatch.setattr(backlog, "clean", lambda text: cleaned.append(text) or clean(text))
    stage.load(table(*({**GOOD, "kenmerk": f"C-{n}", "omschrijving": f"Verhaal {n}."} for n in range(5))))
    assert cleaned.count(GOOD["omschrijving"]) == 1


def test_a_run_that_is_killed_between_two_batches_goes_on_and_doubles_nothing(stage, monkeypatch):
    monkeypatch.setattr(runs, "BATCH", 2)
    run = stage.load(table(*({**GOOD, "kenmerk": f"A-{n}", "titel": f"Plan {n}"} for n in range(5))))
    runs.confirm(stage.admin, run.kind, run.id)
    turns = iter([True, False, False])
    stage.work(run, go_on=lambda: next(turns))
    assert (run.status, run.position, stage.count(Draft)) == (ImportStatus.RUNNING, 1, 1)
    stage.work(run, go_on=lambda: run.position < 3)
    assert (run.status, run.position, stage.count(Draft)) == (ImportStatus.RUNNING, 3, 3)

    stage.work(run)
    stage.work(run)

    assert (run.status, stage.count(Draft)) == (ImportStatus.DONE, 5)
    assert stage.states(run) == [ImportState.ADDED] * 5


def test_a_check_that_is_cut_off_finds_the_same_as_one_that_is_not(stage, monkeypatch):
    monkeypatch.setattr(runs, "BATCH", 2)
    same_text, mended = {**GOOD, "kenmerk": "B-1"}, {**GOOD, "kenmerk": "B-1", "omschrijving": "Een ander verhaal."}
    broken = json.dumps({**line(7).data, "outcome": "geweldig"}).encode() + b"\n"
    for content, how in (
        (table(GOOD, same_text, mended), {}),
        (broken + history(7, 8, 7), {"kind": ImportKind.HISTORY, "name": "oud.jsonl"}),
    ):
        whole = stage.states(stage.load(content, **how))
        assert ImportState.GOOD in whole[1:]
        for turns in ([True, False, False], [True, True, False]):
            run = stage.load(content, go_on=iter(turns).__next__, **how)
            assert run.status is ImportStatus.CHECKING
            stage.work(run)
            assert stage.states(run) == whole
    stage.confirm(run)
    assert stage.states(run) == [ImportState.REFUSED, ImportState.ADDED, ImportState.ADDED, ImportState.REFUSED]


def test_undoing_leaves_what_somebody_changed_or_filed(stage):
    run = stage.load(table(*({**GOOD, "kenmerk": f"A-{n}", "titel": f"Plan {n}"} for n in range(3))))
    stage.confirm(run)
    changed, filed, _left = [row.draft_key for row in stage.rows(run)]
    intake.save_draft(stage.admin, changed, 1, {"goal": "Meer groen"})
    case = intake.file_case(stage.admin, filed, 1, {"mandate": "ja", "consents_seen": "ja"})

    stage.undo(run)

    assert [(row.state, row.remark) for row in stage.rows(run)] == [
        (ImportState.STAYED, "Dit concept is daarna gewijzigd."),
        (ImportState.STAYED, f"Dit concept is ingediend als {case.reference}."),
        (ImportState.PUT_BACK, None),
    ]
    assert list(stage.session.scalars(select(Draft.key))) == [changed]


def test_drafts_are_filed_together_and_one_that_cannot_stays(stage):
    run = stage.load(table(GOOD, {**GOOD, "kenmerk": "A-2", "titel": "Plan 2"}))
    stage.confirm(run)
    one, two = [row.draft_key for row in stage.rows(run)]
    words = {"mandate": "ja", "consents_seen": "ja"}

    done = backlog.file_drafts(stage.admin, [(one, 1, "Plan 1"), (two, 9, "Plan 2")], words, stage.session.flush)

    assert done[0].reference is not None
    assert (done[1].reference, done[1].reason[:19]) == (None, "Een collega wijzigd")
    assert stage.count(Case) == 1
    with pytest.raises(DomainError, match="hoogstens 50"):
        backlog.file_drafts(stage.admin, [(one, 1, "")] * 51, words, stage.session.flush)


def test_history_comes_in_with_verdicts_and_goes_back_out_of_the_figures(stage):
    run = stage.load(history(1, 2, 3), kind=ImportKind.HISTORY, name="oud.jsonl")
    stage.confirm(run)
    ledger.settle(stage.session)
    rows = stage.rows(run)
    assert [row.state for row in rows] == [ImportState.ADDED] * 3
    touched, *others = [stage.session.get_one(Case, row.case_id) for row in rows]
    assert others[0].result is not None
    assert stage.session.scalar(select(Event.data).where(Event.case_id == touched.id).limit(1))["bestand"] == run.id
    notes.write(stage.head, touched.reference, "Hier zit meer achter.")
    again = stage.load(history(1), kind=ImportKind.HISTORY, name="oud.jsonl")
    assert stage.states(again) == [ImportState.PRESENT]

    stage.undo(run)
    ledger.settle(stage.session)

    stayed, *undone = stage.rows(run)
    assert stayed.state is ImportState.STAYED
    assert stayed.remark.startswith("Daarna gebeurde dit: ")
    assert [row.state for row in undone] == [ImportState.PUT_BACK] * 2
    case = stage.session.get_one(Case, undone[0].case_id)
    assert (case.description, case.import_key, case.import_undone_on) == ("", None, stage.desk.today)
    last = stage.session.scalars(
        select(Event).where(Event.case_id == case.id).order_by(Event.number.desc()).limit(1)
    ).one()
    assert (last.kind, last.status, last.result) == (EventKind.IMPORT_UNDONE, case.status, case.result)
    assert events.verify(stage.session).fault is None
    total = select(func.sum(FigureTotal.amount)).where(
        FigureTotal.kind == "ontvangen", FigureTotal.split == "totaal", FigureTotal.quarter == date(2019, 7, 1)
    )
    assert stage.session.scalar(total) == 1
    assert stage.states(stage.load(history(2), kind=ImportKind.HISTORY, name="oud.jsonl")) == [ImportState.GOOD]


def test_only_who_may_brings_in_and_nobody_else_sees_it(stage):
    stranger = stage.desk.context(stage.desk.make.organisation_admin(stage.desk.make.organisation()))
    run = stage.load(table(GOOD))
    with pytest.raises(NotFound):
        runs.confirm(stranger, run.kind, run.id)
    with pytest.raises(PermissionDenied):
        stage.load(history(1), kind=ImportKind.HISTORY, name="oud.jsonl", by=stage.admin)
    assert queries.one_run(stage.session, run.kind, stranger.actor.organisation_id, run.id) is None


def test_who_lost_the_right_meanwhile_brings_nothing_in(stage):
    came_in = stage.load(table(GOOD))
    stage.confirm(came_in)
    runs.undo(stage.admin, came_in.kind, came_in.id)
    run = stage.load(table({**GOOD, "kenmerk": "A-2", "titel": "Plan 2"}))
    runs.confirm(stage.admin, run.kind, run.id)
    stage.session.get_one(type(stage.desk.triager), stage.admin.actor.account_id).is_active = False
    stage.work(run)
    assert (run.status, run.problem, stage.count(Draft)) == (ImportStatus.DONE, runs.MAY_NOT, 1)
    shown = queries.one_run(stage.session, run.kind, run.organisation_id, run.id)
    assert [told for _, told, _ in runs.refused_lines(stage.session, stage.files, shown)] == [runs.NOT_ADDED]
    stage.work(came_in)
    assert (came_in.status, came_in.problem) == (ImportStatus.DONE, runs.MAY_NOT_UNDO)


def test_the_file_and_its_lines_go_after_a_month(stage):
    run = stage.load(table(GOOD))
    name = run.stored_name
    month = stage.desk.now + timedelta(days=30)
    upkeep.sweep_tables(stage.session, month)
    assert len(stage.rows(run)) == 1
    upkeep.sweep_tables(stage.session, month + timedelta(days=1))
    assert stage.rows(run) == []
    run = stage.session.get_one(ImportRun, run.id)
    assert (run.stored_name, run.shown_name) == (None, "")
    attachments.sweep(stage.session, stage.files, month + timedelta(days=400))
    assert name not in {each for each, _written in stage.files.list_all()}


def test_the_examples_of_the_columns_come_in(stage):
    run = stage.load(table({column.name: column.example for column in COLUMNS}, delimiter=","))
    assert [row.faults for row in stage.rows(run)] == [[]]


def test_who_went_to_another_organisation_meanwhile_brings_nothing_in(stage):
    run = stage.load(table(GOOD))
    runs.confirm(stage.admin, run.kind, run.id)
    account = stage.session.get_one(type(stage.desk.triager), stage.admin.actor.account_id)
    account.organisation_id = stage.desk.make.organisation().id
    stage.work(run)
    assert (run.status, run.problem, stage.count(Draft)) == (ImportStatus.DONE, runs.MAY_NOT, 0)
