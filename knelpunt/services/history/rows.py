"""The rows of a historic case: case, weighed rules, search terms, public text and events, written many at a time."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from knelpunt.adapters.database.bulk import copy_rows
from knelpunt.domain.calendar.timezone import nl_day, start_of_nl_day
from knelpunt.domain.history.records import LOCAL_RULE, NO_NEXT_STEP, Basis, HistoricCase, Precision
from knelpunt.domain.laws.articles import article_named
from knelpunt.domain.laws.catalogue import NO_RULE
from knelpunt.domain.laws.dates import held_on
from knelpunt.domain.vocabulary import (
    ActorKind,
    AssessmentRole,
    CaseStatus,
    Channel,
    EventKind,
    PublicationStatus,
    Verdict,
)
from knelpunt.models import Assessment, Case, CaseNumber, CaseSearch, PublicText, PublishedCase, SimilarCases
from knelpunt.queries.cases.history import ProvisionRow
from knelpunt.queries.core.reference import LawRow
from knelpunt.services.core import events, search_index
from knelpunt.services.core.search_index import IndexedText
from knelpunt.services.history.places import LawFinder, PlaceFinder

BY_SOURCE_WORDS = "Genoemd in de bron."
INFERRED_WORDS = "Afgeleid uit wat de bron beschrijft; de bron noemt deze regel niet zelf."
_PUBLISHED_SIDES = (
    "reference",
    "title",
    "verdict",
    "result",
    "next_step",
    "theme",
    "submitter_kind",
    "municipality_id",
    "municipality_then",
    "province_id",
    "main_law_id",
    "law_date",
    "filed_on",
    "closed_on",
    "source_url",
    "source_title",
)
NOT_IN_FORCE = " Volgens de wettencatalogus gold deze wet niet op de dag waarop dit geval is geboekt."


@dataclass(slots=True)
class Rows:
    """All columns of one historic case but its id and number."""

    case: dict[str, Any]
    assessments: list[dict[str, Any]]
    provisions: list[dict[str, Any]]
    answer: str
    precision: Precision
    remarks: list[str]


def rows_of(import_key: str, case: HistoricCase, places: PlaceFinder, laws: LawFinder, now: datetime) -> Rows:
    """Work the rows of a checked line out, without touching the database."""
    place = places.place(case.municipality, case.province, case.filed_on)
    remarks = [] if place.is_recognised else [f"De plaats '{case.municipality or case.province}' is niet herkend."]
    assessments, provisions, main_law = _weighed(case, laws, now, remarks)
    end = case.closed_on or case.filed_on
    ending = case.ending
    columns = {
        "status": ending.status,
        "result": ending.result,
        "verdict": ending.verdict,
        "publication": PublicationStatus.INTERNAL,
        "title": case.title,
        "description": case.description,
        "rule_words": _rule_words(case),
        "theme": case.theme,
        "law_date": case.filed_on,
        "submitter_kind": case.submitter_kind,
        "municipality_id": place.municipality_id,
        "municipality_then": place.name_then,
        "province_id": place.province_id,
        "level": ending.level,
        "main_law_id": main_law,
        "no_provision_reason": None if assessments else "De bron noemt geen regel die in de wettencatalogus staat.",
        "verdict_plain": ending.sentence if ending.verdict is not Verdict.UNDECIDED else None,
        "result_reason": case.answer if ending.is_closed else None,
        "next_step": NO_NEXT_STEP if ending.is_closed else None,
        "channel": Channel.IMPORT,
        "import_key": import_key,
        "source_url": case.source_url,
        "source_title": case.source_title,
        "source_note": case.note or None,
        "filed_at": start_of_nl_day(case.filed_on),
        "filed_on": case.filed_on,
        "closed_on": case.closed_on,
        "updated_at": start_of_nl_day(end),
        "last_event_on": end,
        "may_share": False,
        "may_publish": False,
        "got_no_reaction": False,
        "version": 1,
    }
    return Rows(columns, assessments, provisions, case.answer, case.precision, remarks)


def write(session: Session, rows: list[Rows], *, now: datetime, publish: bool, run_id: int | None = None) -> None:
    """Insert everything of these cases, the events last: they hold the lock on the chain until the commit.

    Args:
        run_id: the import in the site that they come from.
    """
    if not rows:
        return
    _number(session, rows)
    if publish:
        for row in rows:
            row.case |= {"publication": PublicationStatus.PUBLIC, "last_event_on": nl_day(now)}
    copy_rows(session, Case.__tablename__, [row.case for row in rows])
    copy_rows(
        session,
        Assessment.__tablename__,
        [{**item, "case_id": row.case["id"]} for row in rows for item in row.assessments],
    )
    search_index.index_many(session, (IndexedText(row.case["id"], _text(row)) for row in rows))
    if publish:
        copy_rows(session, PublicText.__tablename__, [_public_text(row) for row in rows])
        copy_rows(session, PublishedCase.__tablename__, [_published(row, now) for row in rows])
        copy_rows(session, SimilarCases.__tablename__, [{"case_id": row.case["id"], "due_at": now} for row in rows])
        session.execute(
            update(PublishedCase)
            .where(
                PublishedCase.case_id == CaseSearch.case_id,
                PublishedCase.case_id.in_([row.case["id"] for row in rows]),
            )
            .values(terms=CaseSearch.terms)
            .execution_options(synchronize_session=False)
        )
    told = [event for row in rows for event in _events(row, now, publish=publish, run_id=run_id)]
    events.append(session, told, days_are_noted=True)


def _number(session: Session, rows: list[Rows]) -> None:
    """Give every case an id and a number of the year in which it was filed."""
    ids = session.scalars(
        text("SELECT nextval(pg_get_serial_sequence('cases', 'id')) FROM generate_series(1, :count)"),
        {"count": len(rows)},
    ).all()
    per_year = Counter(row.case["filed_on"].year for row in rows)
    following: dict[int, int] = {}
    for year, count in sorted(per_year.items()):
        last = session.scalar(
            upsert(CaseNumber)
            .values(year=year, last=count)
            .on_conflict_do_update(index_elements=["year"], set_={"last": CaseNumber.last + count})
            .returning(CaseNumber.last)
        )
        following[year] = (last or count) - count + 1
    for id_, row in zip(ids, rows, strict=True):
        year = row.case["filed_on"].year
        row.case["id"] = id_
        row.case["reference"] = f"KNP-{year}-{following[year]:05d}"
        following[year] += 1


def _weighed(
    case: HistoricCase, laws: LawFinder, now: datetime, remarks: list[str]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], int | None]:
    """The rules that block and then the one that offered room, as rows and for the public; and the first one's law."""
    first, last = _between(case)
    assessments: list[dict[str, Any]] = []
    public: list[dict[str, Any]] = []

    def add(law: LawRow, provision: ProvisionRow | None, words: str | None, role: AssessmentRole, basis: Basis) -> None:
        day = case.filed_on
        is_own_law = provision is None or provision.law_id == law.id
        reasoning = BY_SOURCE_WORDS if basis is Basis.SOURCE else INFERRED_WORDS
        if is_own_law and not held_on(law.in_force_from, law.in_force_to, day):
            reasoning += NOT_IN_FORCE
        assessments.append(
            {
                "law_id": provision.law_id if provision else law.id,
                "provision_id": provision.id if provision else None,
                "article": words,
                "role": role,
                "on_date": day,
                "reasoning": reasoning,
                "basis": basis.value,
                "made_at": now,
            }
        )
        public.append(
            {
                "law": provision.law_key if provision else law.key,
                "title": provision.law_title if provision else law.citation_title,
                "provision": provision.key if provision else None,
                "article": provision.article if provision else words,
                "instrument": provision.instrument if provision else None,
                "role": role.value,
                "on_date": day.isoformat(),
            }
        )

    for rule in case.rules:
        law = laws.law(rule.law)
        if rule.law == NO_RULE:
            continue
        if law is None:
            remarks.append(f"De wet '{rule.law}' staat niet in de catalogus; de woorden zijn bewaard.")
        else:
            # As the desk writes it, so that the figures do not count one rule as two.
            article = article_named(rule.article) if rule.article else rule.article
            add(law, laws.blocking(law, rule.article, first, last), article, AssessmentRole.BLOCKS, rule.basis)
    room_law = laws.law(case.room_law)
    if room_law is None:
        remarks.append(f"De wet '{case.room_law}' staat niet in de catalogus; de woorden zijn bewaard.")
    elif case.ending.offers_room:
        found = laws.offering(room_law, case.room, first, last)
        add(room_law, found, case.room, AssessmentRole.OFFERS_ROOM, Basis.SOURCE)
    return assessments, public, assessments[0]["law_id"] if assessments else None


def _between(case: HistoricCase) -> tuple[date, date]:
    """The first and last day on which the case can have played."""
    if case.precision is Precision.YEAR:
        return date(case.filed_on.year, 1, 1), date(case.filed_on.year, 12, 31)
    return case.filed_on, case.closed_on or case.filed_on


def _rule_words(case: HistoricCase) -> str | None:
    """The rules in the words of the source, for a reader; a local rule has no other name."""
    words = []
    for rule in case.rules:
        name = "lokale regel" if rule.law == LOCAL_RULE else rule.law
        words.append(f"{name}: {rule.article}" if rule.article else name)
    return "; ".join(words) or None


def _text(row: Rows) -> str:
    case = row.case
    return "\n".join([case["reference"], case["title"], case["description"], row.answer])


def _public_text(row: Rows) -> dict[str, Any]:
    return {
        "case_id": row.case["id"],
        "title": row.case["title"],
        "question": row.case["description"],
        "answer": row.answer,
        "next_step": row.case["next_step"],
        "version": 1,
    }


def _published(row: Rows, now: datetime) -> dict[str, Any]:
    """The public record: the chosen sides of the case, as ``publication.write_published`` copies them."""
    same = {name: row.case[name] for name in _PUBLISHED_SIDES}
    return {
        **same,
        "case_id": row.case["id"],
        "question": row.case["description"],
        "answer": row.answer,
        "closed_on": row.case["closed_on"] if row.precision is not Precision.NONE else None,
        "provisions": row.provisions,
        "published_on": nl_day(now),
        "updated_at": now,
        "terms": "",
    }


def _events(row: Rows, now: datetime, *, publish: bool, run_id: int | None) -> list[dict[str, Any]]:
    """What happened, on the days of then: a case without a known end goes straight to the archive."""
    case = row.case
    data: dict[str, Any] = {"import": True, "datum": row.precision.value}
    if run_id is not None:
        data["bestand"] = run_id
    base: dict[str, Any] = {
        "recorded_at": now,
        "case_id": case["id"],
        "subject": None,
        "actor_kind": ActorKind.SYSTEM.value,
        "actor_id": None,
        "status_before": None,
        "result": None,
        "data": data,
    }
    is_closed = case["status"] is CaseStatus.CLOSED
    filed = {
        **base,
        "kind": EventKind.FILED.value,
        "happened_on": case["filed_on"],
        "status_before": CaseStatus.DRAFT.value,
        "status": (CaseStatus.SUBMITTED if is_closed else case["status"]).value,
        "verdict": Verdict.UNDECIDED.value,
    }
    written = [filed]
    if is_closed:
        ended = {**base, "happened_on": case["closed_on"], "verdict": case["verdict"].value}
        written.append({**ended, "kind": EventKind.VERDICT_CHANGED.value, "status": CaseStatus.SUBMITTED.value})
        written.append(
            {
                **ended,
                "kind": EventKind.CLOSED.value,
                "status_before": CaseStatus.SUBMITTED.value,
                "status": CaseStatus.CLOSED.value,
                "result": case["result"].value,
            }
        )
    if publish:
        written.append(
            {
                **base,
                "kind": EventKind.PUBLISHED.value,
                "happened_on": nl_day(now),
                "status": case["status"].value,
                "verdict": case["verdict"].value,
                "result": case["result"].value if case["result"] else None,
            }
        )
    return written
