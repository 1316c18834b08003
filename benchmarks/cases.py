"""The life of one made-up case, day by day from its filing until today, as rows of the database."""

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import count
from typing import Any, NamedTuple

from benchmarks.words import Writer
from knelpunt.adapters.files import reference as reference_files
from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.calendar.deadlines import ClockRun, Suspension, due_on
from knelpunt.domain.cases import workflow as steps
from knelpunt.domain.cases.workflow import Transition
from knelpunt.domain.vocabulary import (
    AssessmentRole,
    CaseStatus,
    Channel,
    EventKind,
    MessageKind,
    ProposalStatus,
    PublicationStatus,
    Result,
    ReviewStatus,
    Route,
    RuleLevel,
    SubmitterKind,
    Theme,
    Verdict,
)
from knelpunt.services.cases.decisions import ClosingDecision, Decision, ProposalDecision, VerdictDecision, payload_of

Row = dict[str, Any]
DAY = timedelta(days=1)
FRIDAY = 5
TERMS = {term.clock: term for term in reference_files.terms()}
LISTED = frozenset({Clock.K1, Clock.K2, Clock.K4, Clock.K5})
VERDICTS = [each for each in Verdict if each is not Verdict.UNDECIDED]
RESULTS = [each for each in Result if each not in (Result.WITHDRAWN, Result.DUPLICATE)]
KINDS = [SubmitterKind.CITIZEN_INITIATIVE] * 2 + [
    SubmitterKind.HOUSING_CORPORATION,
    SubmitterKind.SCHOOL_BOARD,
    SubmitterKind.OTHER,
]
PUBLIC_FACTS = (
    "reference", "verdict", "result", "next_step", "theme", "submitter_kind", "municipality_id", "province_id",
    "main_law_id", "law_date", "filed_on", "closed_on",
)  # fmt: skip


class Place(NamedTuple):
    id: int
    province_id: int
    organisation_id: int | None
    filer_id: int | None


class Rule(NamedTuple):
    """A provision of the catalogue with its law."""

    provision_id: int
    law_id: int
    law: str
    title: str
    provision: str
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
def _due(clock: Clock, started_on: date, stretches: tuple[Suspension, ...] = ()) -> date | None:
    return due_on(ClockRun(clock, started_on, TERMS[clock], stretches))


class Life:
    """Lives through one case. ``events`` lack their number and hashes."""

    def __init__(self, world: World, filed_on: date) -> None:
        self.world, self.random, self.text = world, world.random, world.writer.text
        self.rows: dict[str, list[Row]] = defaultdict(list)
        self.events: list[Row] = []
        self.running: dict[Clock, Row] = {}
        self.case: Row = {}
        self.at = datetime.combine(filed_on, time(7), UTC) + timedelta(minutes=self.random.randint(0, 500))
        self._file(filed_on)
        self._live()
        dates = [(run["due_on"], clock) for clock, run in self.running.items() if clock in LISTED and run["due_on"]]
        self.case["due_on"], self.case["due_clock"] = min(dates) if dates else (None, None)
        self.case |= {"updated_at": self.at, "last_event_on": max(each["happened_on"] for each in self.events)}

    @property
    def day(self) -> date:
        return self.at.date()

    def _live(self) -> None:
        """One act after the other, as long as today has not come."""
        withdraws_after = self.random.randint(0, 5) if self.random.random() < 0.08 else None
        for number, context in enumerate((self._take_in, self._judge, self._propose, self._react, self._close)):
            if number == withdraws_after:
                if self._wait(1, 20):
                    self.case.update(result=Result.WITHDRAWN, closed_on=self.day, suspended_until=None)
                    self._step(steps.WITHDRAW, by=self.case["author_id"], gegevens_gewist=False)
                return
            if not context():
                return
        self._publish()

    # --- the acts; each says whether there was time for it

    def _file(self, filed_on: date) -> None:
        place, draw, writer = self.random.choice(self.world.places), self.random, self.world.writer
        by_organisation = place.organisation_id is not None and draw.random() < 0.45
        self.world.numbers[filed_on.year] += 1
        self.case |= {
            "id": next(self.world.ids["cases"]),
            "reference": f"KNP-{filed_on.year}-{self.world.numbers[filed_on.year]:05d}",
            "status": CaseStatus.DRAFT,
            "verdict": Verdict.UNDECIDED,
            "publication": PublicationStatus.INTERNAL,
            "title": writer.title(),
            "description": writer.story(9),
            "goal": writer.text(2),
            "place": writer.text(1),
            "rule_words": writer.text(1),
            "tried": writer.text(2),
            "theme": draw.choice(list(Theme)),
            "law_date": filed_on,
            "submitter_kind": SubmitterKind.MUNICIPALITY if by_organisation else draw.choice(KINDS),
            "organisation_id": place.organisation_id if by_organisation else None,
            "author_id": place.filer_id if by_organisation else None,
            "municipality_id": place.id,
            "province_id": place.province_id,
            "may_share": True,
            "may_publish": draw.random() < 0.8,
            "got_no_reaction": False,
            "channel": Channel.ONLINE,
            "filed_at": self.at,
            "filed_on": filed_on,
            "version": draw.randint(3, 12),
        }
        if not by_organisation:
            until = filed_on + timedelta(days=3 * 365)
            address = f"indiener{self.case['id']}@voorbeeld.example"
            self._add("contacts", name="Indiener", email=address, purpose="behandeling van de melding", ends_on=until)
            public_id, nonce = f"{draw.getrandbits(48):012x}", f"{draw.getrandbits(128):032x}"
            self._add("follow_links", public_id=public_id, nonce=nonce, created_at=self.at)
        self._step(steps.FILE, by=self.case["author_id"], mandaat=by_organisation)

    def _take_in(self) -> bool:
        if not self._wait(0, 7):
            return False
        triager, handler = self.random.choice(self.world.triagers), self.random.choice(self.world.handlers)
        self.case.update(handler_id=handler, in_scope=True)
        self._event(EventKind.HANDLER_ASSIGNED, by=triager, behandelaar=handler, daarvoor=None)
        self._event(EventKind.SCOPE_ANSWERED, by=triager, hoort_hier=True)
        self._step(steps.TAKE_IN, by=triager)
        return self._supplement() if self.random.random() < 0.25 else True

    def _supplement(self) -> bool:
        before, handler = self.case["status"], self.case["handler_id"]
        if not self._wait(1, 4):
            return False
        until = self.day + timedelta(days=21)
        question = self._message(MessageKind.QUESTION, by=handler, why=self.text(1), answer_by=until)
        self.case.update(suspended_until=until, status_before_supplement=before.value)
        asked = {"bericht": question["id"], "antwoord_uiterlijk": until.isoformat()}
        self._step(steps.REQUEST_SUPPLEMENT, by=handler, **asked)
        if not self._wait(2, 18):
            return False
        question["answered_on"] = self.day
        answer = self._message(MessageKind.ANSWER, by=None)
        self.case.update(suspended_until=None, status_before_supplement=None)
        self._step(steps.RECEIVE_SUPPLEMENT, by=None, back_to=before, bericht=answer["id"], vraag=question["id"])
        return True

    def _judge(self) -> bool:
        handler = self.case["handler_id"]
        if not self._wait(1, 9):
            return False
        verdict = self.random.choice(VERDICTS)
        for number in range(self.random.randint(1, 3)):
            role = AssessmentRole.BLOCKS if number == 0 else self.random.choice(list(AssessmentRole))
            self._assess(self.random.choice(self.world.rules), role, handler)
        level, route = self.random.choice(list(RuleLevel)), self.random.choice(list(Route))
        given = VerdictDecision(verdict, self.text(2), self.text(3), level, route)
        if not self._reviewed(steps.START_HANDLING, given):
            return False
        self.case.update(
            verdict=verdict, verdict_plain=given.plain, verdict_legal=given.legal, level=level, route=route
        )
        self._step(steps.START_HANDLING, by=handler)
        for _ in range(self.random.randint(0, 2)):
            if not self._wait(2, 12):
                return False
            note = self._add("notes", body=self.text(2), author_id=handler, written_at=self.at)
            self._event(EventKind.NOTE_ADDED, by=handler, notitie=note["id"])
        return self._supplement() if self.random.random() < 0.1 else True

    def _propose(self) -> bool:
        if not self._wait(5, 45):
            return False
        self.proposal = self._add(
            "proposals",
            text=self.text(4),
            legal_basis=self.text(1),
            legal_date=self.case["law_date"],
            conditions=self.text(1),
            who_acts="het college van de gemeente",
            act_by=self.day + timedelta(days=60),
            status=ProposalStatus.IN_REVIEW,
        )
        if not self._reviewed(steps.PROPOSE, ProposalDecision(self.proposal["id"])):
            return False
        self.proposal.update(status=ProposalStatus.SENT, sent_on=self.day)
        self._step(steps.PROPOSE, by=self.case["handler_id"], voorstel=self.proposal["id"])
        return True

    def _react(self) -> bool:
        if not self._wait(1, 12):
            return False
        self.proposal.update(status=ProposalStatus.ACCEPTED, reacted_on=self.day)
        accepted = {"voorstel": self.proposal["id"], "klokken": [self._stop(Clock.K5)]}
        self._event(EventKind.PROPOSAL_ACCEPTED, by=self.case["author_id"], **accepted)
        return True

    def _close(self) -> bool:
        handler = self.case["handler_id"]
        if not self._wait(1, 10):
            return False
        words = {"title": self.case["title"], "question": self.text(3), "answer": self.text(5)}
        self.public = self._add("public_texts", **words, written_by_id=handler, version=2)
        self._event(EventKind.PUBLIC_TEXT_SAVED, by=handler, versie=1)
        given = ClosingDecision(self.random.choice(RESULTS), self.text(3), self.text(1))
        if not self._reviewed(steps.CLOSE, given):
            return False
        self.case.update(result=given.result, result_reason=given.reason, next_step=given.next_step)
        self.case["closed_on"] = self.day
        self._step(steps.CLOSE, by=handler)
        return True

    def _publish(self) -> None:
        if not self.case["may_publish"] or not self._wait(14, 30):
            return
        self.case["publication"] = PublicationStatus.PUBLIC
        self._event(EventKind.PUBLISHED, by=self.case["handler_id"], versie=2)
        self._add(
            "published_cases",
            **{name: self.case.get(name) for name in PUBLIC_FACTS},
            **{name: self.public[name] for name in ("title", "question", "answer")},
            provisions=[row["public"] for row in self.rows["assessments"]],
            published_on=self.day,
            updated_at=self.at,
        )

    # --- what the acts are made of

    def _wait(self, low: int, high: int) -> bool:
        """Let days pass, to a working day; one in ten times many more. Whether that is before today."""
        moment = self.at + timedelta(days=self.random.randint(low, high) * (3 if self.random.random() < 0.1 else 1))
        while moment.isoweekday() > FRIDAY:
            moment += DAY
        if moment.date() >= self.world.today:
            return False
        self.at = moment.replace(hour=7, minute=0) + timedelta(minutes=self.random.randint(0, 480))
        return True

    def _add(self, table: str, **values: Any) -> Row:
        """A row of this case; what the table has no column for is left out when it is written."""
        row = {"id": next(self.world.ids[table]), "case_id": self.case["id"], **values}
        self.rows[table].append(row)
        return row

    def _assess(self, rule: Rule, role: AssessmentRole, by: int) -> None:
        self.case.setdefault("main_law_id", rule.law_id)
        on_date = self.case["law_date"]
        shown = ("law", "title", "provision", "article", "instrument")
        self._add(
            "assessments",
            law_id=rule.law_id,
            provision_id=rule.provision_id,
            role=role,
            on_date=on_date,
            reasoning=self.text(2),
            basis="loket",
            author_id=by,
            made_at=self.at,
            public={**{name: getattr(rule, name) for name in shown}, "role": role, "on_date": on_date.isoformat()},
        )
        self._event(EventKind.PROVISION_LINKED, by=by, wet=rule.law_id, bepaling=rule.provision_id, rol=role)

    def _reviewed(self, step: Transition, decision: Decision) -> bool:
        """Whether a second person had time to agree with what waits."""
        by, asked = self.case["handler_id"], {"requested_at": self.at, "payload": payload_of(decision)}
        review = self._add("reviews", step=step.name, status=ReviewStatus.OPEN, requested_by_id=by, **asked)
        self._event(EventKind.REVIEW_REQUESTED, by=by, toetsing=review["id"], stap=step.name)
        if not self._wait(0, 3):
            return False
        reviewer = self.random.choice(self.world.reviewers)
        review.update(status=ReviewStatus.APPROVED, decided_by_id=reviewer, decided_at=self.at)
        self._event(EventKind.REVIEW_APPROVED, by=reviewer, toetsing=review["id"], stap=step.name)
        return True

    def _message(self, kind: MessageKind, *, by: int | None, **values: Any) -> Row:
        who = {"from_desk": by is not None, "author_id": by}
        return self._add("messages", kind=kind, **who, body=self.text(3), written_at=self.at, **values)

    def _step(self, step: Transition, *, by: int | None, back_to: CaseStatus | None = None, **data: Any) -> None:
        """Do to state and clocks what the workflow says."""
        effects = []
        for clock, run in list(self.running.items()):
            if clock in step.stops:
                effects.append(self._stop(clock))
            elif step.suspends and TERMS[clock].may_be_suspended:
                stretch = {"period_id": run["id"], "from_day": self.day + DAY, "reason": "wachten op aanvulling"}
                run["still"].append(self._add("clock_suspensions", **stretch))
                self._count_again(run)
            elif step.resumes:
                self._go_on(run)
                self._count_again(run)
        effects += [self._start(clock) for clock in sorted(step.starts)]
        before, self.case["status"] = self.case["status"], back_to or step.target
        self._event(step.name, by=by, before=before, klokken=effects, **data)

    def _event(self, kind: EventKind, *, by: int | None, before: CaseStatus | None = None, **data: Any) -> None:
        self.at += timedelta(minutes=1)
        row = {"recorded_at": self.at, "happened_on": self.day, "kind": kind, "case_id": self.case["id"]}
        row |= {"subject": None, "actor_kind": "account" if by else "volglink", "actor_id": by, "data": data}
        row |= {name: self.case.get(name) for name in ("status", "verdict", "result")} | {"status_before": before}
        self.events.append(row)

    def _start(self, clock: Clock) -> Row:
        term, stopped_on = TERMS[clock], self.day if clock is Clock.K0 else None
        length = {"length": term.length, "unit": term.unit, "due_on": _due(clock, self.day)}
        run = self._add("clock_periods", clock=clock, started_on=self.day, **length, stopped_on=stopped_on, still=[])
        if stopped_on is None:
            self.running[clock] = run
        return self._effect("begint", run)

    def _stop(self, clock: Clock) -> Row:
        run = self.running.pop(clock)
        run["stopped_on"] = self.day
        self._go_on(run)
        return self._effect("stopt", run)

    def _go_on(self, run: Row) -> None:
        for stretch in run["still"]:
            stretch["until_day"] = stretch.get("until_day") or self.day

    @staticmethod
    def _count_again(run: Row) -> None:
        still = tuple(Suspension(each["from_day"], each.get("until_day"), each["reason"]) for each in run["still"])
        run["due_on"] = _due(run["clock"], run["started_on"], still)

    @staticmethod
    def _effect(what: str, run: Row) -> Row:
        day = run["due_on"]
        return {"klok": run["clock"].value, "wat": what, "uiterlijk": day.isoformat() if day else None}
