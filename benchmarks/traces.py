"""What the acts on one made-up case leave behind: rows by table, events, and the runs of its clocks."""

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import count
from typing import Any

from benchmarks.words import Writer
from knelpunt.domain.calendar.clocks import Clock, Unit
from knelpunt.domain.calendar.deadlines import ClockRun, Suspension, due_on
from knelpunt.domain.event_kinds import EventKind as E
from knelpunt.domain.vocabulary import AssessmentRole, CaseStatus, MessageKind, ReviewStatus

Row = dict[str, Any]
TERMS = {
    Clock.K0: (0, Unit.CALENDAR_DAYS),
    Clock.K1: (5, Unit.WORKING_DAYS),
    Clock.K2: (10, Unit.WORKING_DAYS),
    Clock.K4: (10, Unit.WEEKS),
    Clock.K5: (10, Unit.WORKING_DAYS),
    Clock.K6: (4, Unit.WEEKS),
}
DAY = timedelta(days=1)
FRIDAY = 5


@dataclass(frozen=True, slots=True)
class Place:
    id: int
    province_id: int
    organisation_id: int | None
    filer_id: int | None


@dataclass(frozen=True, slots=True)
class Rule:
    """A provision of the catalogue with its law."""

    provision_id: int
    law_id: int
    law_key: str
    law_title: str
    provision_key: str
    article: str
    instrument: str


@dataclass(slots=True)
class World:
    """What the made-up cases refer to, and the numbers handed out so far."""

    today: date
    random: random.Random
    writer: Writer
    places: list[Place]
    rules: list[Rule]
    handlers: list[int]
    triagers: list[int]
    reviewers: list[int]
    ids: dict[str, Iterator[int]] = field(default_factory=lambda: defaultdict(lambda: count(1)))
    numbers: dict[int, int] = field(default_factory=lambda: defaultdict(int))


@lru_cache(maxsize=100_000)
def _plain_due(clock: Clock, started_on: date, length: int, unit: Unit) -> date | None:
    return due_on(ClockRun.of(clock, started_on, length, unit))


class Trace:
    """The rows of one case so far. ``events`` lack their number and hashes."""

    def __init__(self, world: World, filed_on: date) -> None:
        self.world, self.random = world, world.random
        self.rows: dict[str, list[Row]] = defaultdict(list)
        self.events: list[Row] = []
        self.running: dict[Clock, Row] = {}
        self.case: Row = {}
        self.at = datetime.combine(filed_on, time(7), UTC) + timedelta(minutes=self.random.randint(0, 500))

    @property
    def day(self) -> date:
        return self.at.date()

    def _wait(self, low: int, high: int) -> bool:
        """Let days pass, to a working day; one in ten times many more. Whether that is before today."""
        moment = self.at + timedelta(days=self.random.randint(low, high) * (3 if self.random.random() < 0.1 else 1))
        while moment.isoweekday() > FRIDAY:
            moment += DAY
        if moment.date() >= self.world.today:
            return False
        self.at = moment.replace(hour=7, minute=0) + timedelta(minutes=self.random.randint(0, 480))
        return True

    def _id(self, table: str) -> int:
        return next(self.world.ids[table])

    def _assess(self, rule: Rule, role: AssessmentRole, by: int) -> None:
        if "main_law_id" not in self.case:
            self.case["main_law_id"] = rule.law_id
        self.rows["assessments"].append(
            {
                "id": self._id("assessments"),
                "case_id": self.case["id"],
                "law_id": rule.law_id,
                "provision_id": rule.provision_id,
                "role": role,
                "on_date": self.case["law_date"],
                "reasoning": self.world.writer.text(2),
                "basis": "loket",
                "author_id": by,
                "made_at": self.at,
                "public": {
                    "law": rule.law_key,
                    "title": rule.law_title,
                    "provision": rule.provision_key,
                    "article": rule.article,
                    "instrument": rule.instrument,
                    "role": role.value,
                    "on_date": self.case["law_date"].isoformat(),
                },
            }
        )
        self._event(E.PROVISION_LINKED, by=by, wet=rule.law_id, bepaling=rule.provision_id, rol=role.value)

    def _reviewed(self, step: E, by: int) -> bool:
        review: Row = {
            "id": self._id("reviews"),
            "case_id": self.case["id"],
            "step": step.value,
            "payload": {"plain": self.world.writer.text(1)},
            "status": ReviewStatus.OPEN,
            "requested_by_id": by,
            "requested_at": self.at,
        }
        self.rows["reviews"].append(review)
        self._event(E.REVIEW_REQUESTED, by=by, toetsing=review["id"], stap=step.value)
        if not self._wait(0, 3):
            return False
        reviewer = self.random.choice(self.world.reviewers)
        review.update(status=ReviewStatus.APPROVED, decided_by_id=reviewer, decided_at=self.at)
        self._event(E.REVIEW_APPROVED, by=reviewer, toetsing=review["id"], stap=step.value)
        return True

    def _message(self, kind: MessageKind, *, by: int | None, **values: Any) -> Row:
        message: Row = {
            "id": self._id("messages"),
            "case_id": self.case["id"],
            "kind": kind,
            "from_desk": by is not None,
            "body": self.world.writer.text(3),
            "author_id": by,
            "written_at": self.at,
            **values,
        }
        self.rows["messages"].append(message)
        return message

    def _note(self, by: int) -> None:
        note = {"id": self._id("notes"), "case_id": self.case["id"], "body": self.world.writer.text(2)}
        self.rows["notes"].append({**note, "author_id": by, "written_at": self.at})
        self._event(E.NOTE_ADDED, by=by, notitie=note["id"])

    def _step(
        self,
        kind: E,
        status: CaseStatus,
        *,
        by: int | None,
        stops: list[Clock] | None = None,
        starts: list[Clock] | None = None,
        **data: Any,
    ) -> None:
        before, self.case["status"] = self.case["status"], status
        effects = [self._stop(clock) for clock in stops or () if clock in self.running]
        effects += [self._start(clock) for clock in starts or ()]
        self._event(kind, by=by, before=before, klokken=effects, **data)

    def _event(self, kind: E, *, by: int | None, before: CaseStatus | None = None, **data: Any) -> None:
        self.at += timedelta(minutes=1)
        result = self.case.get("result")
        self.events.append(
            {
                "recorded_at": self.at,
                "happened_on": self.day,
                "kind": kind.value,
                "case_id": self.case["id"],
                "subject": None,
                "actor_kind": "account" if by else "volglink",
                "actor_id": by,
                "status_before": before.value if before else None,
                "status": self.case["status"].value,
                "verdict": self.case["verdict"].value,
                "result": result.value if result else None,
                "data": data,
            }
        )

    # --- clocks

    def _start(self, clock: Clock) -> Row:
        length, unit = TERMS[clock]
        run: Row = {
            "id": self._id("clock_periods"),
            "case_id": self.case["id"],
            "clock": clock,
            "started_on": self.day,
            "length": length,
            "unit": unit,
            "due_on": _plain_due(clock, self.day, length, unit),
            "stopped_on": self.day if clock is Clock.K0 else None,
            "still": [],
        }
        self.rows["clock_periods"].append(run)
        if clock is not Clock.K0:
            self.running[clock] = run
        return self._effect("begint", run)

    def _stop(self, clock: Clock) -> Row:
        run = self.running.pop(clock)
        run["stopped_on"] = self.day
        for stretch in run["still"]:
            stretch["until_day"] = stretch.get("until_day") or self.day
        return self._effect("stopt", run)

    def _suspend(self, run: Row) -> None:
        stretch = {"id": self._id("clock_suspensions"), "period_id": run["id"], "from_day": self.day + DAY}
        run["still"].append({**stretch, "reason": "wachten op aanvulling"})
        self.rows["clock_suspensions"].append(run["still"][-1])
        self._count_again(run)

    def _resume(self, run: Row) -> None:
        for stretch in run["still"]:
            stretch["until_day"] = stretch.get("until_day") or self.day
        self._count_again(run)

    @staticmethod
    def _count_again(run: Row) -> None:
        stretches = [Suspension(each["from_day"], each.get("until_day"), each["reason"]) for each in run["still"]]
        run["due_on"] = due_on(
            ClockRun.of(run["clock"], run["started_on"], run["length"], run["unit"], suspensions=stretches)
        )

    @staticmethod
    def _effect(what: str, run: Row) -> Row:
        day = run["due_on"]
        return {"klok": run["clock"].value, "wat": what, "uiterlijk": day.isoformat() if day else None}
