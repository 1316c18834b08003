"""Bringing cases in from files: the 114 real ones, twice, with bad lines between, and what they then look like."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.orm import Session

from knelpunt.adapters.files.cases import Line, read_lines
from knelpunt.adapters.files.reference import REAL_CASES
from knelpunt.domain.calendar.timezone import Quarter
from knelpunt.domain.figures.definitions import Figure
from knelpunt.domain.vocabulary import (
    AssessmentRole,
    CaseStatus,
    Channel,
    PublicationStatus,
    Result,
    Verdict,
)
from knelpunt.models import (
    Assessment,
    Case,
    CaseSearch,
    ClockPeriod,
    Event,
    Law,
    Municipality,
    OutboxMail,
    Provision,
    PublicText,
    PublishedCase,
    SimilarCases,
)
from knelpunt.queries.figures.counts import Span, quarter_figures
from knelpunt.services.core import events
from knelpunt.services.history import rows as history_rows
from knelpunt.services.history.importing import ImportOptions, ImportReport, import_lines

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


class Importer:
    """Imports into the test's own session, each batch in a savepoint."""

    def __init__(self, session: Session) -> None:
        self.session = session

    @contextmanager
    def begin(self) -> Iterator[Session]:
        with self.session.begin_nested():
            yield self.session

    def __call__(self, lines: Iterable[Line], set_name: str = "proef", **options: Any) -> ImportReport:
        return import_lines(lines, self.begin, ImportOptions(set_name, NOW, **options))

    def real(self, **options: Any) -> ImportReport:
        return self(read_lines(REAL_CASES), "real-cases", **options)


@pytest.fixture
def bring_in(session: Session) -> Importer:
    return Importer(session)


def line(number: int = 1, **fields: Any) -> Line:
    data = {
        "id": f"p-{number}",
        "year": 2019,
        "municipality": "Zwolle",
        "province": "Overijssel",
        "submitter_kind": "municipality",
        "title": "Proefgeval",
        "description": "Wij lopen vast op een regel.",
        "blocking": [{"law": "wabo", "article": "2.1", "basis": "source"}],
        "label": {"law": "crisis-en-herstelwet", "instrument": "Innovatie-experiment (art. 7b Bu Chw)"},
        "outcome": "experiment granted",
        "source": {"url": "https://example.nl/besluit", "title": "Een besluit", "read": "full"},
    }
    return Line(number, data={**data, **fields})


def case_of(session: Session, key: str) -> Case:
    return session.scalars(select(Case).where(Case.import_key == key)).one()


def counted(session: Session, model: type[Any]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_all_real_cases_come_in_with_everything_about_them(session: Session, bring_in: Importer) -> None:
    report = bring_in.real(publish=True)
    assert (report.read, report.added, report.refused_count) == (114, 114, 0)
    assert counted(session, Case) == counted(session, CaseSearch) == counted(session, PublishedCase) == 114
    assert counted(session, PublicText) == counted(session, SimilarCases) == 114
    assert all(case.source_url and case.source_title for case in session.scalars(select(Case).order_by(Case.id)))
    assert counted(session, ClockPeriod) == 0
    assert counted(session, OutboxMail) == 0


def test_a_second_import_doubles_nothing(session: Session, bring_in: Importer) -> None:
    bring_in.real(publish=True)
    before = counted(session, Event)
    report = bring_in.real(publish=True)
    assert (report.added, report.present, report.refused_count) == (0, 114, 0)
    assert report.remarks == []
    assert counted(session, Case) == 114
    assert counted(session, Event) == before


def test_outcomes_become_results_verdicts_and_states(session: Session, bring_in: Importer) -> None:
    bring_in.real()
    rows = session.execute(select(Case.status, Case.result, Case.verdict).order_by(Case.id))
    found = Counter((row.status, row.result, row.verdict) for row in rows)
    assert found == {
        (CaseStatus.CLOSED, Result.VIA_EXPERIMENT, Verdict.BY_ONTHEFFING_OR_EXPERIMENT): 59,
        (CaseStatus.CLOSED, Result.WITH_ONTHEFFING, Verdict.BY_ONTHEFFING_OR_EXPERIMENT): 5,
        (CaseStatus.CLOSED, Result.WITHIN_RULES, Verdict.PERCEIVED): 14,
        (CaseStatus.CLOSED, Result.WITHIN_RULES, Verdict.OWN_AUTHORITY): 4,
        (CaseStatus.CLOSED, Result.WITHIN_RULES, Verdict.NOT_A_RULE): 3,
        (CaseStatus.CLOSED, Result.LINKED_TO_BOTTLENECK, Verdict.NATIONAL_RULE): 5,
        (CaseStatus.CLOSED, Result.NOT_SOLVABLE, Verdict.NATIONAL_RULE): 6,
        (CaseStatus.CLOSED, Result.NOT_SOLVABLE, Verdict.LOCAL_RULE): 4,
        (CaseStatus.CLOSED, Result.NOT_SOLVABLE, Verdict.NOT_A_RULE): 1,
        (CaseStatus.ARCHIVED, None, Verdict.UNDECIDED): 13,
    }


@pytest.mark.parametrize(
    ("key", "today", "then"),
    [
        ("rc-061", "Meierijstad", "Veghel"),
        ("rc-072", "Hoeksche Waard", "Cromstrijen"),
        ("rc-017", "'s-Gravenhage", None),
        ("rc-111", "Hengelo (O.)", None),
        ("rc-034", None, "Borsele en Vlissingen"),
        ("rc-043", None, None),
    ],
)
def test_municipalities_of_then_lead_to_those_of_today(
    session: Session, bring_in: Importer, key: str, today: str | None, then: str | None
) -> None:
    bring_in.real()
    case = case_of(session, f"real-cases/{key}")
    name = session.scalar(select(Municipality.name).where(Municipality.id == case.municipality_id))
    assert (name, case.municipality_then) == (today, then)
    assert case.province_id is not None


def test_a_case_has_its_rules_and_its_room(session: Session, bring_in: Importer) -> None:
    bring_in.real()
    case = case_of(session, "real-cases/rc-001")
    rows = session.execute(
        select(Law.key, Provision.key, Assessment.article, Assessment.role, Assessment.basis, Assessment.on_date)
        .join(Law, Law.id == Assessment.law_id)
        .outerjoin(Provision, Provision.id == Assessment.provision_id)
        .where(Assessment.case_id == case.id)
        .order_by(Assessment.id)
    ).all()
    assert [tuple(row) for row in rows] == [
        ("wabo", None, "2.12 lid 1 onder a 3°, 3.10", AssessmentRole.BLOCKS, "bron", date(2022, 7, 1)),
        (
            "buchw",
            "buchw-6",
            "Tijdelijke woningen met reguliere procedure (art. 6 Bu Chw)",
            AssessmentRole.OFFERS_ROOM,
            "bron",
            date(2022, 7, 1),
        ),
    ]
    assert case.main_law_id == session.scalar(select(Law.id).where(Law.key == "wabo"))


def test_a_year_is_booked_in_its_middle_and_says_so(session: Session, bring_in: Importer) -> None:
    bring_in.real()
    case = case_of(session, "real-cases/rc-001")
    assert (case.filed_on, case.closed_on, case.law_date) == (date(2022, 7, 1),) * 3
    assert case.reference.startswith("KNP-2022-")
    assert case.source_note is not None
    assert "alleen het jaar bekend (2022)" in case.source_note
    assert case.channel is Channel.IMPORT


def test_a_case_without_a_year_counts_in_no_quarter(session: Session, bring_in: Importer) -> None:
    bring_in.real()
    case = case_of(session, "real-cases/rc-003")
    assert case.filed_on == date(2009, 12, 31)
    assert case.source_note is not None
    assert "telt in geen enkel kwartaal mee" in case.source_note


def test_events_stand_on_the_days_of_then_and_chain_up(session: Session, bring_in: Importer) -> None:
    bring_in.real(publish=True)
    case = case_of(session, "real-cases/rc-001")
    rows = session.scalars(select(Event).where(Event.case_id == case.id).order_by(Event.number)).all()
    assert [(row.kind, row.happened_on, row.status) for row in rows] == [
        ("ingediend", date(2022, 7, 1), CaseStatus.SUBMITTED),
        ("oordeel_gewijzigd", date(2022, 7, 1), CaseStatus.SUBMITTED),
        ("afgesloten", date(2022, 7, 1), CaseStatus.CLOSED),
        ("gepubliceerd", date(2026, 11, 24), CaseStatus.CLOSED),
    ]
    assert rows[2].result is Result.VIA_EXPERIMENT
    assert rows[2].data == {"import": True, "datum": "jaar"}
    assert events.verify(session).fault is None


def test_the_last_event_of_each_case_holds_its_sides(session: Session, bring_in: Importer) -> None:
    bring_in.real()
    last = (
        select(Event.case_id, Event.status, Event.verdict, Event.result)
        .ext(distinct_on(Event.case_id))
        .order_by(Event.case_id, Event.number.desc())
        .subquery()
    )
    differing = session.scalar(
        select(func.count())
        .select_from(Case)
        .join(last, last.c.case_id == Case.id)
        .where(
            Case.status.is_distinct_from(last.c.status)
            | Case.verdict.is_distinct_from(last.c.verdict)
            | Case.result.is_distinct_from(last.c.result)
        )
    )
    assert differing == 0


def test_the_quarter_counts_history_on_its_own_days_but_no_durations(session: Session, bring_in: Importer) -> None:
    bring_in([line(1), line(2, outcome="open"), line(3, year=2018), line(4, year=None)])
    found = quarter_figures(session, Span.of(Quarter(2019, 3), date(2026, 11, 24)))
    totals = {figure: count.total for figure, count in found.counts.items()}
    assert totals == {Figure.RECEIVED: 2, Figure.HANDLED: 1, Figure.OPEN: 0}
    assert found.gross.cases == 0


def test_an_open_end_goes_to_the_archive_without_a_result(session: Session, bring_in: Importer) -> None:
    bring_in([line(outcome="open")])
    case = case_of(session, "proef/p-1")
    assert (case.status, case.result, case.closed_on) == (CaseStatus.ARCHIVED, None, None)
    event = session.scalars(select(Event).where(Event.case_id == case.id)).one()
    assert (event.kind, event.status) == ("ingediend", CaseStatus.ARCHIVED)


def test_only_what_may_be_public_becomes_public(session: Session, bring_in: Importer) -> None:
    bring_in([line()])
    assert case_of(session, "proef/p-1").publication is PublicationStatus.INTERNAL
    assert counted(session, PublishedCase) == 0


def test_a_published_case_shows_its_source_and_its_rules(session: Session, bring_in: Importer) -> None:
    bring_in.real(publish=True)
    case = case_of(session, "real-cases/rc-001")
    published = session.scalars(select(PublishedCase).where(PublishedCase.case_id == case.id)).one()
    assert published.source_url == case.source_url
    assert published.answer.startswith("Er kwam ruimte met een experiment")
    assert [(item["law"], item["role"]) for item in published.provisions] == [
        ("wabo", "belemmert"),
        ("buchw", "biedt_ruimte"),
    ]
    query = func.to_tsquery("simple", "'huisvest'")
    assert session.scalar(select(PublishedCase.terms.op("@@")(query)).where(PublishedCase.case_id == case.id))


def test_a_law_that_was_not_in_force_is_kept_with_a_notice(session: Session, bring_in: Importer) -> None:
    bring_in([line(blocking=[{"law": "monumentenwet", "article": None, "basis": "inferred"}])])
    case = case_of(session, "proef/p-1")
    first = session.scalars(
        select(Assessment).where(Assessment.case_id == case.id).order_by(Assessment.id).limit(1)
    ).one()
    assert first.basis == "afgeleid"
    assert "gold deze wet niet op de dag" in first.reasoning


def test_bad_lines_are_refused_with_reasons_and_do_not_stop_the_rest(session: Session, bring_in: Importer) -> None:
    report = bring_in(
        [
            line(1),
            Line(2, problem="De regel is geen geldige JSON."),
            line(3, title="x" * 200),
            line(4, outcome="geweldig"),
            line(5, title="NUL\x00teken"),
            line(1),
            line(7),
        ]
    )
    assert (report.read, report.added, report.refused_count) == (7, 2, 5)
    assert [(refused.line, refused.key) for refused in report.refused] == [
        (2, ""),
        (3, "p-3"),
        (4, "p-4"),
        (5, "p-5"),
        (1, "p-1"),
    ]
    assert "langer dan 150 tekens" in report.refused[1].text
    assert counted(session, Case) == 2


def test_only_what_a_line_holds_can_refuse_it_and_not_a_database_without_time(session, bring_in, monkeypatch) -> None:
    def write(session, rows, **how):
        if len(rows) > 1:
            raise error

    monkeypatch.setattr(history_rows, "write", write)
    error: Exception = DataError("INSERT", {}, Exception())
    assert bring_in([line(1), line(2)]).added == 2
    error = OperationalError("INSERT", {}, Exception())
    with pytest.raises(OperationalError):
        bring_in([line(1), line(2)])


def test_a_line_that_changed_is_left_alone_and_reported(session: Session, bring_in: Importer) -> None:
    bring_in([line(1)])
    report = bring_in([line(1, title="Een andere titel")])
    assert (report.added, report.present) == (0, 1)
    assert report.remarks[0].text == "Al aanwezig, met andere woorden; die zijn niet overgenomen."
    assert case_of(session, "proef/p-1").title == "Proefgeval"


def test_an_unknown_place_or_law_is_kept_in_words_and_reported(session: Session, bring_in: Importer) -> None:
    report = bring_in(
        [line(1, municipality="Nergenshuizen", blocking=[{"law": "onbekend", "article": "1", "basis": "source"}])]
    )
    assert [remark.text for remark in report.remarks] == [
        "De plaats 'Nergenshuizen' is niet herkend.",
        "De wet 'onbekend' staat niet in de catalogus; de woorden zijn bewaard.",
    ]
    case = case_of(session, "proef/p-1")
    assert (case.municipality_id, case.municipality_then) == (None, "Nergenshuizen")
    assert case.rule_words == "onbekend: 1"


def test_exact_days_a_result_and_a_verdict_of_the_file_are_taken_over(session: Session, bring_in: Importer) -> None:
    bring_in(
        [
            line(
                1,
                year=None,
                filed_on="2024-03-04",
                closed_on="2024-06-07",
                result="door_andere_uitvoeringspraktijk",
                verdict="V3",
                theme="leegstand",
            )
        ]
    )
    case = case_of(session, "proef/p-1")
    assert (case.filed_on, case.closed_on) == (date(2024, 3, 4), date(2024, 6, 7))
    assert (case.result, case.verdict) == (Result.OTHER_PRACTICE, Verdict.STRICT_PRACTICE)
    assert case.theme.value == "leegstand"
    assert case.source_note is None


def test_a_dry_run_checks_everything_and_writes_nothing(session: Session, bring_in: Importer) -> None:
    report = bring_in([line(1), line(2, year=1800)], is_dry_run=True)
    assert (report.added, report.refused_count) == (1, 1)
    assert counted(session, Case) == counted(session, Event) == 0


def test_numbers_go_on_where_they_were(session: Session, bring_in: Importer) -> None:
    bring_in([line(1), line(2)])
    bring_in([line(3), line(4, year=2020)])
    references = session.scalars(select(Case.reference).order_by(Case.reference)).all()
    assert references == ["KNP-2019-00001", "KNP-2019-00002", "KNP-2019-00003", "KNP-2020-00001"]


def test_progress_is_told_after_each_batch(session: Session, bring_in: Importer) -> None:
    told: list[int] = []
    lines = [line(number) for number in range(1, 1502)]
    import_lines(lines, bring_in.begin, ImportOptions("proef", NOW), lambda report: told.append(report.read))
    assert told == [1000, 1501]


def test_a_csv_file_and_a_jsonl_file_say_the_same(session: Session, bring_in: Importer, tmp_path: Path) -> None:
    data = line(1).data
    assert data is not None
    jsonl, csv = tmp_path / "a.jsonl", tmp_path / "b.csv"
    jsonl.write_text(json.dumps(data) + "\n", encoding="utf-8")
    csv.write_text(
        "id;year;municipality;province;submitter_kind;title;description;blocking;label_law;label_instrument;outcome;"
        "source_url;source_title;source_read\n"
        "p-1;2019;Zwolle;Overijssel;municipality;Proefgeval;Wij lopen vast op een regel.;wabo|2.1|source;"
        "crisis-en-herstelwet;Innovatie-experiment (art. 7b Bu Chw);experiment granted;https://example.nl/besluit;"
        "Een besluit;full\n",
        encoding="utf-8-sig",
    )
    bring_in(read_lines(jsonl), "jsonl")
    report = bring_in(read_lines(csv), "csv")
    assert report.refused == []
    one, other = case_of(session, "jsonl/p-1"), case_of(session, "csv/p-1")
    for name in ("title", "verdict", "result", "filed_on", "municipality_id", "rule_words", "main_law_id"):
        assert getattr(one, name) == getattr(other, name)


NAMED = "Mijn naam is Foekje Terpsma en ik wil een tuin op het dak."


@pytest.mark.parametrize(
    "fields",
    [
        {"title": NAMED},
        {"description": NAMED},
        {"municipality": NAMED},
        {"label": {"law": "wabo", "instrument": NAMED}},
        {"blocking": [{"law": "wabo", "article": NAMED, "basis": "source"}]},
        {"source": {"url": "https://example.nl/besluit", "title": NAMED, "read": "full"}},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_a_line_that_would_be_public_and_points_at_somebody_is_refused_with_the_reason(bring_in, fields):
    named = line(1, **fields)

    report = bring_in([named, line(2)], publish=True)

    assert (report.added, report.refused_count) == (1, 1)
    assert "een naam: ‘Foekje Terpsma’" in report.refused[0].text


def test_an_article_is_kept_as_the_desk_writes_it(session, bring_in):
    """So that two lines that write it in two ways count as one rule."""
    written = ("Art. 12, tweede lid", "artikel 12 lid 2")
    lines = [
        line(number, blocking=[{"law": "wabo", "article": words, "basis": "source"}])
        for number, words in enumerate(written, 1)
    ]
    assert bring_in(lines, publish=True).added == 2
    rules = select(Assessment.article).where(Assessment.role == AssessmentRole.BLOCKS)
    assert session.scalars(rules).all() == ["12 lid 2", "12 lid 2"]
    shown = session.scalars(select(PublishedCase.provisions)).all()
    assert {each[0]["article"] for each in shown} == {"12 lid 2"}


def test_a_plan_that_was_read_may_be_called_after_an_address(bring_in):
    source = {"url": "https://example.nl/besluit", "title": "Toelichting Nieuweweg Noord 273", "read": "full"}
    assert bring_in([line(1, source=source)], publish=True).refused == []


def test_a_line_that_stays_inside_may_name_somebody(bring_in):
    assert bring_in([line(1, description="Mijn naam is Foekje Terpsma en ik wil een tuin.")]).added == 1
