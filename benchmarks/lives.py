"""The life of one made-up case, from its filing until today."""

from datetime import date, timedelta

from benchmarks.traces import Row, Trace, World
from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.event_kinds import EventKind as E
from knelpunt.domain.vocabulary import (
    AssessmentRole,
    CaseStatus,
    Channel,
    MessageKind,
    ProposalStatus,
    PublicationStatus,
    Result,
    Route,
    RuleLevel,
    SubmitterKind,
    Theme,
    Verdict,
)

S = CaseStatus
SUSPENDABLE = frozenset({Clock.K1, Clock.K2, Clock.K4})
LISTED = frozenset({Clock.K1, Clock.K2, Clock.K4, Clock.K5})
VERDICTS = [each for each in Verdict if each is not Verdict.UNDECIDED]
RESULTS = [each for each in Result if each not in (Result.WITHDRAWN, Result.DUPLICATE)]
KINDS = [
    SubmitterKind.CITIZEN_INITIATIVE,
    SubmitterKind.CITIZEN_INITIATIVE,
    SubmitterKind.HOUSING_CORPORATION,
    SubmitterKind.SCHOOL_BOARD,
    SubmitterKind.OTHER,
]


class Life(Trace):
    """Lives through one case."""

    def __init__(self, world: World, filed_on: date) -> None:
        super().__init__(world, filed_on)
        self.case = self._filed(filed_on)
        self.proposal: Row | None = None
        self._live()
        dates = [(run["due_on"], clock) for clock, run in self.running.items() if clock in LISTED and run["due_on"]]
        self.case["due_on"], self.case["due_clock"] = min(dates) if dates else (None, None)
        self.case["updated_at"] = self.at

    def _live(self) -> None:
        """One act after the other, as long as today has not come."""
        withdraws_after = self.random.randint(0, 5) if self.random.random() < 0.08 else None
        for number, stage in enumerate((self._take_in, self._judge, self._propose, self._react, self._close)):
            if number == withdraws_after:
                if self._wait(1, 20):
                    self._withdraw()
                return
            if not stage():
                return
        self._publish()

    def _filed(self, filed_on: date) -> Row:
        place, draw = self.random.choice(self.world.places), self.random
        by_organisation = place.organisation_id is not None and draw.random() < 0.45
        self.world.numbers[filed_on.year] += 1
        case: Row = {
            "id": self._id("cases"),
            "reference": f"KNP-{filed_on.year}-{self.world.numbers[filed_on.year]:05d}",
            "status": S.SUBMITTED,
            "verdict": Verdict.UNDECIDED,
            "publication": PublicationStatus.INTERNAL,
            "title": self.world.writer.title(),
            "description": self.world.writer.story(9),
            "goal": self.world.writer.text(2),
            "place": self.world.writer.text(1),
            "rule_words": self.world.writer.text(1),
            "tried": self.world.writer.text(2),
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
        self.case = case
        if not by_organisation:
            self.rows["contacts"].append(
                {
                    "case_id": case["id"],
                    "name": "Indiener",
                    "email": f"indiener{case['id']}@voorbeeld.example",
                    "purpose": "behandeling van de melding",
                    "ends_on": filed_on + timedelta(days=3 * 365),
                }
            )
            self.rows["follow_links"].append(
                {
                    "id": self._id("follow_links"),
                    "case_id": case["id"],
                    "public_id": f"{self.random.getrandbits(48):012x}",
                    "nonce": f"{self.random.getrandbits(128):032x}",
                    "created_at": self.at,
                }
            )
        effects = [self._start(Clock.K0), self._start(Clock.K1)]
        self._event(E.FILED, by=case["author_id"], before=S.DRAFT, klokken=effects, mandaat=by_organisation)
        return case

    # --- the acts

    def _take_in(self) -> bool:
        if not self._wait(0, 7):
            return False
        triager, handler = self.random.choice(self.world.triagers), self.random.choice(self.world.handlers)
        self.case["handler_id"] = handler
        self._event(E.HANDLER_ASSIGNED, by=triager, behandelaar=handler, daarvoor=None)
        self.case["in_scope"] = True
        self._event(E.SCOPE_ANSWERED, by=triager, hoort_hier=True)
        self._step(E.TAKEN_IN, S.IN_TRIAGE, by=triager, stops=[Clock.K1], starts=[Clock.K2])
        return self._supplement() if self.random.random() < 0.25 else True

    def _supplement(self) -> bool:
        before, handler = self.case["status"], self.case["handler_id"]
        if not self._wait(1, 4):
            return False
        answer_by = self.day + timedelta(days=21)
        question = self._message(MessageKind.QUESTION, by=handler, why=self.world.writer.text(1), answer_by=answer_by)
        for clock, run in self.running.items():
            if clock in SUSPENDABLE:
                self._suspend(run)
        self.case.update(suspended_until=answer_by, status_before_supplement=before.value)
        self._step(
            E.SUPPLEMENT_REQUESTED,
            S.AWAITING_SUPPLEMENT,
            by=handler,
            bericht=question["id"],
            antwoord_uiterlijk=answer_by.isoformat(),
        )
        if not self._wait(2, 18):
            return False
        question["answered_on"] = self.day
        answer = self._message(MessageKind.ANSWER, by=None)
        for clock, run in self.running.items():
            if clock in SUSPENDABLE:
                self._resume(run)
        self.case.update(suspended_until=None, status_before_supplement=None)
        self._step(E.SUPPLEMENT_RECEIVED, before, by=None, bericht=answer["id"], vraag=question["id"])
        return True

    def _judge(self) -> bool:
        handler = self.case["handler_id"]
        if not self._wait(1, 9):
            return False
        verdict = self.random.choice(VERDICTS)
        for number in range(self.random.randint(1, 3)):
            role = AssessmentRole.BLOCKS if number == 0 else self.random.choice(list(AssessmentRole))
            self._assess(self.random.choice(self.world.rules), role, handler)
        if not self._reviewed(E.HANDLING_STARTED, handler):
            return False
        self.case.update(
            verdict=verdict,
            verdict_plain=self.world.writer.text(2),
            verdict_legal=self.world.writer.text(3),
            level=self.random.choice(list(RuleLevel)),
            route=self.random.choice(list(Route)),
        )
        self._step(E.HANDLING_STARTED, S.IN_HANDLING, by=handler, stops=[Clock.K2], starts=[Clock.K4])
        for _ in range(self.random.randint(0, 2)):
            if not self._wait(2, 12):
                return False
            self._note(handler)
        return self._supplement() if self.random.random() < 0.1 else True

    def _propose(self) -> bool:
        handler = self.case["handler_id"]
        if not self._wait(5, 45):
            return False
        self.proposal = {
            "id": self._id("proposals"),
            "case_id": self.case["id"],
            "text": self.world.writer.text(4),
            "legal_basis": self.world.writer.text(1),
            "legal_date": self.case["law_date"],
            "conditions": self.world.writer.text(1),
            "who_acts": "het college van de gemeente",
            "act_by": self.day + timedelta(days=60),
            "status": ProposalStatus.IN_REVIEW,
        }
        self.rows["proposals"].append(self.proposal)
        if not self._reviewed(E.PROPOSED, handler):
            return False
        self.proposal.update(status=ProposalStatus.SENT, sent_on=self.day)
        stops, starts = [Clock.K4], [Clock.K5]
        self._step(E.PROPOSED, S.PROPOSED, by=handler, stops=stops, starts=starts, voorstel=self.proposal["id"])
        return True

    def _react(self) -> bool:
        if not self._wait(1, 12):
            return False
        if self.proposal is not None:
            self.proposal.update(status=ProposalStatus.ACCEPTED, reacted_on=self.day)
            effects = [self._stop(Clock.K5)]
            self._event(E.PROPOSAL_ACCEPTED, by=self.case["author_id"], voorstel=self.proposal["id"], klokken=effects)
        return True

    def _close(self) -> bool:
        handler = self.case["handler_id"]
        if not self._wait(1, 10):
            return False
        self.rows["public_texts"].append(
            {
                "case_id": self.case["id"],
                "title": self.case["title"],
                "question": self.world.writer.text(3),
                "answer": self.world.writer.text(5),
                "written_by_id": handler,
                "version": 2,
            }
        )
        self._event(E.PUBLIC_TEXT_SAVED, by=handler, versie=1)
        if not self._reviewed(E.CLOSED, handler):
            return False
        self.case.update(
            result=self.random.choice(RESULTS),
            result_reason=self.world.writer.text(3),
            next_step=self.world.writer.text(1),
            closed_on=self.day,
        )
        self._step(E.CLOSED, S.CLOSED, by=handler, stops=list(self.running), starts=[Clock.K6])
        return True

    def _publish(self) -> None:
        text = self.rows["public_texts"][0]
        if not self.case["may_publish"] or not self._wait(14, 30):
            return
        self.case["publication"] = PublicationStatus.PUBLIC
        self._event(E.PUBLISHED, by=self.case["handler_id"], versie=2)
        same = ("reference", "verdict", "result", "next_step", "theme", "submitter_kind", "municipality_id")
        also = ("province_id", "main_law_id", "law_date", "filed_on", "closed_on")
        self.rows["published_cases"].append(
            {
                **{name: self.case.get(name) for name in (*same, *also)},
                **{name: text[name] for name in ("case_id", "title", "question", "answer")},
                "provisions": [row["public"] for row in self.rows["assessments"]],
                "published_on": self.day,
                "updated_at": self.at,
            }
        )

    def _withdraw(self) -> None:
        self.case.update(result=Result.WITHDRAWN, closed_on=self.day, suspended_until=None)
        self._step(E.WITHDRAWN, S.WITHDRAWN, by=self.case["author_id"], stops=list(self.running), gegevens_gewist=False)
