"""A case as the product describes it (states and steps, clocks, four eyes), in plain values and without a database.

Each method is an act: it raises ``Refused`` or changes the values. Written from the table of steps and clocks of the
product, not from the services: where the two differ, one of them is wrong.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from tests.support.sequences.days import ONE_DAY, WORKING_DAYS, Run, Still, months_on, moved_on, working_days_on

HANDLING = {"handler", "handler2", "triager", "head", "head2"}
TRIAGING = {"triager", "head", "head2"}
REVIEWING = {"reviewer", "reviewer2", "head", "head2"}
HEADS = {"head", "head2"}
DESK = HANDLING | REVIEWING
PEOPLE = (*sorted(DESK), "owner", "auditor", "submitter", "stranger")
OPEN = {"ingediend", "in_triage", "aanvulling_gevraagd", "in_behandeling", "uitgezet", "voorstel", "heroverweging"}
OVER = {"afgesloten", "ingetrokken"}
TERMS = {
    "K1": [(5, WORKING_DAYS)], "K2": [(10, WORKING_DAYS)], "K3": [(14, "dagen")], "K4": [(10, "weken")],
    "K5": [(10, WORKING_DAYS)], "K6": [(6, "weken")], "K8": [(6, "weken")], "K9": [(3, "maanden"), (12, "maanden")],
    "afsluiting": [(10, WORKING_DAYS)],
}  # fmt: skip
STANDS_STILL_BY_A_QUESTION = {"K1", "K2", "K4"}
IN_THE_LISTS = {"K1", "K2", "K3", "K4", "K5", "K8", "afsluiting"}
"""Clocks of which somebody at the desk, the ministry or the submitter can be late; K6 and K9 only tell until when."""
KEPT = {
    "antwoord": ("vernietigen", True), "regelknelpunt": ("overbrengen", True), "overgedragen": ("vernietigen", False),
    "ingetrokken": ("vernietigen", False),
}  # fmt: skip
"""What becomes of a case of each category after its year, and whether its public text stays."""
LONGEST_HOLD = timedelta(days=3660)
ROOM, NO_ROOM = "er_is_ruimte", "geen_ruimte"


class Refused(Exception):
    """The product forbids this act, here or to this person."""


def need(condition: object) -> None:
    if not condition:
        raise Refused


@dataclass
class Question:
    asked: date
    by: date
    answered: date | None = None
    lapsed: date | None = None


@dataclass
class Waiting:
    """A step that waits for a second person."""

    step: str
    asker: str
    payload: dict[str, Any] = field(default_factory=dict)


@dataclass
class Asked:
    """A question to a ministry."""

    ministry: str
    asked_in: int
    run: Run
    due: date
    status: str = "open"
    raised: date | None = None
    more: date | None = None
    room: str | None = None


@dataclass
class Text:
    writer: str
    reviewer: str | None = None
    object_by: date | None = None
    agreed: bool = False
    objected: bool = False


@dataclass
class Offer:
    status: str
    by: date


@dataclass
class Look:
    """A second look; ``parts`` are those who had a part in the end of the case and so take none here."""

    by_submitter: bool
    status: str = "open"


@dataclass
class Care:
    """One question of aftercare."""

    months: int
    asked: date
    answer: str | None = None
    wish: bool = False
    settled: bool = False


@dataclass
class Kept:
    """How long a case that is over is kept; ``held`` until when somebody keeps it longer."""

    code: str
    until: date
    held: date | None = None

    @property
    def fate(self) -> str:
        return KEPT[self.code][0]


@dataclass
class Disposal:
    """A list of cases to destroy or transfer; ``holds``: this case stands on it."""

    fate: str
    status: str = "open"
    holds: bool = True
    first: str | None = None
    received: bool = False

    @property
    def is_ready(self) -> bool:
        """Two people agreed, and the archive has the package where there is one."""
        return self.status == "bevestigd" and (self.fate == "vernietigen" or self.received)


@dataclass
class Leave:
    who: str
    cover: str
    first: date
    last: date


class Model:
    """One case that was just filed; ``is_resident``: with a follow link, else by an account of a municipality."""

    def __init__(self, today: date, *, is_resident: bool) -> None:
        self.today, self.filed, self.is_resident = today, today, is_resident
        self.status, self.came_from = "ingediend", None
        self.verdict, self.result = "V0", None
        self.is_judged = self.has_reason = False
        self.handler: str | None = None
        self.first_handler: str | None = None
        self.in_scope: bool | None = None
        self.no_reaction = False
        self.closed: date | None = None
        self.runs = [Run("K0", today, 0, "dagen", stopped=today)]
        self.start("K1")
        self.questions: list[Question] = []
        self.review: Waiting | None = None
        self.rules: list[str] = []
        self.asked: list[Asked] = []
        self.times_opened = 0
        self.disagree = 0
        self.proposal: str | None = None
        self.proposed: date | None = None
        self.text: Text | None = None
        self.publication = "intern"
        self.offer: Offer | None = None
        self.looks: list[Look] = []
        self.had_look = False
        self.parts: set[str | None] = set()
        self.care: list[Care] = []
        self.link: str | None = None
        self.brought: set[str] = set()
        self.leave: Leave | None = None
        self.kept: Kept | None = None
        self.lists: list[Disposal] = []
        self.contact_ends: date | None = today + timedelta(days=3 * 365) if is_resident else None

    # --- what can be read off

    @property
    def is_erased(self) -> bool:
        return self.is_resident and self.contact_ends is None

    @property
    def due(self) -> tuple[date, str] | None:
        dated = [(run.due, run.clock) for run in self.running() if run.clock in IN_THE_LISTS and run.due is not None]
        return min(dated) if dated else None

    @property
    def question(self) -> Question | None:
        last = self.questions[-1] if self.questions else None
        return last if last is not None and last.answered is None and last.lapsed is None else None

    @property
    def open_asked(self) -> list[Asked]:
        return [each for each in self.asked if each.status == "open"]

    @property
    def waits_for_other_door(self) -> bool:
        return self.offer is not None and self.offer.status in ("toestemming_gevraagd", "aangeboden")

    @property
    def standing_in(self) -> str | None:
        """Who acts today for the handler, when that is another."""
        leave = self.leave
        if leave is None or leave.who != self.handler or not leave.first <= self.today <= leave.last:
            return None
        return None if leave.cover == self.first_handler else leave.cover

    def running(self, *clocks: str) -> list[Run]:
        return [run for run in self.runs if run.stopped is None and (not clocks or run.clock in clocks)]

    def fits(self, verdict: str, rules: list[str] | None = None) -> bool:
        rules = self.rules if rules is None else rules
        blocks = rules.count("belemmert")
        return {"V0": True, "V1": "biedt_ruimte" in rules, "V4": "biedt_ruimte" in rules,
                "V5": blocks > 0, "V8": blocks > 1, "V9": blocks == 0}[verdict]  # fmt: skip

    # --- what acts share

    def start(self, clock: str, on: date | None = None) -> None:
        self.runs += [Run(clock, on or self.today, length, unit) for length, unit in TERMS[clock]]

    def stop(self, *clocks: str, on: date | None = None) -> None:
        for run in self.running(*clocks):
            run.stop(on or self.today)

    def here(self, who: str, right: set[str], *states: str) -> None:
        """Somebody with the right acts on a case in one of these states; the first handler of a second look not."""
        need(who in right and who != self.first_handler and self.status != "gearchiveerd")
        need(not states or self.status in states)

    def submitter(self, who: str) -> None:
        need(who == "submitter")

    def no_review(self) -> None:
        need(self.review is None)

    def told(self, who: str, received: date, since: date) -> None:
        """The desk writes down what the submitter said, with the day on which it heard it."""
        need(who in HANDLING and who != self.first_handler and not self.is_erased and self.status != "gearchiveerd")
        need(since <= received <= self.today)

    def drop_review(self) -> None:
        if self.review is not None and self.review.step in ("voorstel", "ruimtewijzer"):
            self.proposal = "vervallen"
        self.review = None

    def back_from_preview(self) -> None:
        self.drop_review()
        if self.publication == "ter_inzage":
            self.end_preview()

    def end_preview(self) -> None:
        self.publication = "intern"
        if self.text is not None:
            self.text.object_by, self.text.agreed = None, False

    def wants_opening(self) -> list[Care]:
        return [each for each in self.care if each.wish and not each.settled]

    def keep_contact(self, *, over: bool) -> None:
        if self.contact_ends is not None:
            longest = self.filed + timedelta(days=3 * 365)
            self.contact_ends = self.today + timedelta(days=400) if over else max(self.contact_ends, longest)

    def resume(self, last: date) -> None:
        assert self.came_from is not None
        self.status, self.came_from = self.came_from, None
        for run in self.running():
            for still in run.still:
                if still.until is None:
                    still.until = max(last, still.first - ONE_DAY)

    # --- triage

    def assign(self, who: str, target: str) -> None:
        self.here(who, TRIAGING, *OPEN - {"heroverweging"})
        need(target in HANDLING and target != self.handler)
        self.handler = target

    def scope(self, who: str, yes: bool) -> None:
        self.here(who, TRIAGING, *OPEN)
        self.in_scope = yes

    def take_in(self, who: str) -> None:
        self.here(who, TRIAGING, "ingediend")
        need(self.handler and self.in_scope is not None)
        self.status = "in_triage"
        self.stop("K1")
        self.start("K2")

    def weigh(self, who: str, role: str) -> None:
        self.here(who, HANDLING, *OPEN)
        self.no_review()
        self.rules.append(role)

    def unweigh(self, who: str, number: int) -> None:
        self.here(who, HANDLING, *OPEN)
        self.no_review()
        rests_on_it = len(self.rules) == 1 and self.is_judged and not self.has_reason
        need(not rests_on_it)
        left = [role for place, role in enumerate(self.rules) if place != number]
        need(self.status != "voorstel" or not self.fits(self.verdict) or self.fits(self.verdict, left))
        self.rules = left

    def ask(self, who: str, by: date) -> None:
        self.here(who, HANDLING, "ingediend", "in_triage", "in_behandeling")
        self.no_review()
        need(not self.waits_for_other_door)
        need(working_days_on(self.today, 10) <= by <= working_days_on(self.today, 60))
        self.questions.append(Question(self.today, moved_on(by)))
        self.status, self.came_from, self.no_reaction = "aanvulling_gevraagd", self.status, False
        for run in self.running(*STANDS_STILL_BY_A_QUESTION):
            run.still.append(Still(self.today + ONE_DAY, None, waits_for_answer=True))

    def answer(self, who: str) -> None:
        self.submitter(who)
        question = self.question
        need(question is not None and self.today <= question.by)
        assert question is not None
        question.answered = self.today
        self.resume(self.today)
        self.no_reaction = False

    def tell_answer(self, who: str, received: date) -> None:
        question = self.questions[-1] if self.questions else None
        need(question is not None and question.answered is None and self.status != "ingetrokken")
        assert question is not None
        self.told(who, received, question.asked)
        need(received <= question.by)
        lapsed, question.lapsed, question.answered = question.lapsed, None, received
        self.no_reaction = False
        if lapsed is None:
            self.resume(received)
            return
        for run in self.runs:
            for still in run.still:
                if still.waits_for_answer and still.until == lapsed:
                    still.until = max(received, still.first - ONE_DAY)

    # --- verdict and proposal

    def ask_verdict(self, who: str, verdict: str) -> None:
        self.here(who, TRIAGING, "in_triage")
        self.no_review()
        need(self.handler and not self.waits_for_other_door and self.fits(verdict))
        self.review = Waiting("oordeel", who, {"verdict": verdict})

    def ask_other_verdict(self, who: str, verdict: str) -> None:
        self.here(who, HANDLING, "in_behandeling", "uitgezet", "voorstel")
        self.no_review()
        need(self.fits(verdict))
        self.review = Waiting("ander oordeel", who, {"verdict": verdict})

    def ask_guide(self, who: str, verdict: str) -> None:
        self.here(who, TRIAGING, "in_triage")
        self.no_review()
        need(self.handler and not self.waits_for_other_door and verdict in ("V1", "V4"))
        self.review = Waiting("ruimtewijzer", who, {"verdict": verdict})
        self.proposal = "ter_toetsing"

    def may_propose(self) -> None:
        need(self.verdict != "V0" and self.fits(self.verdict) and not self.disagree)

    def ask_proposal(self, who: str) -> None:
        self.here(who, HANDLING, "in_behandeling")
        self.no_review()
        self.may_propose()
        self.review = Waiting("voorstel", who)
        self.proposal = "ter_toetsing"

    def may_close(self) -> None:
        need(self.status == "voorstel" and self.text is not None)
        has_room = self.verdict in ("V1", "V4")
        need(has_room or (self.verdict != "V0" and self.fits(self.verdict)))
        due = next((run.due for run in self.running("K5")), None)
        is_silent = self.proposal == "verstuurd" and (due is None or due < self.today)
        need(self.proposal == "aanvaard" or is_silent)

    def end_time_to_react(self) -> None:
        """It ended on its last day, and the term to close runs from the day on which that is stated."""
        if self.status == "voorstel" and self.proposal == "verstuurd":
            for run in self.running("K5"):
                if run.due is not None and run.due < self.today:
                    run.stop(run.due)
                    self.start("afsluiting", self.today)

    def ask_closing(self, who: str) -> None:
        self.here(who, HANDLING)
        self.no_review()
        self.may_close()
        self.end_time_to_react()
        self.review = Waiting("sluiten", who)

    def may_close_linked(self) -> None:
        need(self.status == "in_behandeling" and self.text is not None and self.link == "aanvaard")
        self.may_propose()

    def ask_linked_closing(self, who: str) -> None:
        self.here(who, HANDLING)
        self.no_review()
        self.may_close_linked()
        self.review = Waiting("sluiten met regel", who)

    def second(self, who: str) -> Waiting:
        """The second person: another than who asked, than the handler, and than who stands in for that one."""
        self.here(who, REVIEWING)
        review = self.review
        need(review is not None)
        assert review is not None
        need(who not in (review.asker, self.handler, self.standing_in))
        if review.step == "uitkomst":
            need(who in HEADS)
        if review.step == "sluiten met regel":
            need(who not in self.brought)
        return review

    def approve(self, who: str) -> None:
        review = self.second(who)
        if review.step in ("oordeel", "ander oordeel"):
            need(self.fits(review.payload["verdict"]))
        if review.step == "voorstel":
            self.may_propose()
        if review.step == "sluiten":
            self.may_close()
        if review.step == "sluiten met regel":
            self.may_close_linked()
        text = self.text
        if review.step in ("sluiten", "sluiten met regel", "tekst"):
            assert text is not None
            need(text.writer != who or text.reviewer is not None)
            if text.writer != who:
                text.reviewer = who
        self.review = None
        if "verdict" in review.payload:
            self.verdict = review.payload["verdict"]
            self.is_judged, self.has_reason = True, review.step != "ruimtewijzer"
        if review.step == "oordeel":
            self.status = "in_behandeling"
            self.stop("K2")
            self.start("K4")
        if review.step in ("voorstel", "ruimtewijzer"):
            self.status, self.proposal, self.proposed = "voorstel", "verstuurd", self.today
            self.stop("K2", "K4")
            self.start("K5")
        if review.step in ("sluiten", "sluiten met regel"):
            if self.proposal == "verstuurd":
                self.proposal = "geen_reactie"
            self.status, self.closed = "afgesloten", self.today
            self.result = "met_ontheffing_of_afwijking" if review.step == "sluiten" else "gekoppeld_aan_regelknelpunt"
            self.parts, self.had_look = {self.handler, who}, False
            self.stop()
            self.start("K6")
            self.start("K9")
            self.keep_contact(over=True)
        if review.step == "uitkomst":
            self.conclude(review.payload["kept"])

    def give_back(self, who: str) -> None:
        self.second(who)
        self.drop_review()

    def cancel(self, who: str) -> None:
        self.here(who, HANDLING)
        need(self.review is not None and self.review.asker == who)
        self.drop_review()

    def accept(self, who: str) -> None:
        self.submitter(who)
        need(self.status == "voorstel" and self.proposal == "verstuurd")
        self.accepted(self.today)

    def tell_acceptance(self, who: str, received: date) -> None:
        need(self.status == "voorstel" and self.proposal == "verstuurd" and self.proposed is not None)
        assert self.proposed is not None
        self.told(who, received, self.proposed)
        self.accepted(received)

    def accepted(self, on: date) -> None:
        if self.review is not None and self.review.step == "sluiten":
            self.drop_review()
        self.proposal = "aanvaard"
        self.reacted(on)
        self.start("afsluiting", on if working_days_on(on, 10) >= self.today else self.today)

    def reacted(self, on: date) -> None:
        """The time to react ends, and what began when it ran out; a reaction that was in time takes that back."""
        for run in self.running("K5"):
            run.stop(min(on, run.due) if run.due is not None else on)
            return
        ended = [run for run in self.runs if run.clock == "K5"][-1]
        assert ended.stopped is not None
        ended.stop(min(on, ended.stopped))
        for run in self.running("afsluiting"):
            assert run.due is not None
            run.stop(self.today if run.due < self.today else max(on, run.start))

    def refuse(self, who: str) -> None:
        self.submitter(who)
        need(self.status == "voorstel" and self.proposal == "verstuurd")
        self.refused(self.today)

    def tell_refusal(self, who: str, received: date) -> None:
        need(self.status == "voorstel" and self.proposal == "verstuurd" and self.proposed is not None)
        assert self.proposed is not None
        self.told(who, received, self.proposed)
        self.refused(received)

    def refused(self, on: date) -> None:
        self.drop_review()
        self.status, self.proposal = "in_behandeling", "niet_aanvaard"
        self.reacted(on)
        earlier = [run for run in self.runs if run.clock == "K4"]
        if not earlier:
            self.start("K4", on)
            return
        last = earlier[-1]
        assert last.due is not None and last.stopped is not None
        left = (last.due - last.stopped).days
        self.runs.append(Run("K4", on, max(left, 14), "dagen"))

    def reopen(self, who: str) -> None:
        self.here(who, HANDLING, "afgesloten")
        need(self.handler)
        self.back_from_preview()
        for each in self.wants_opening():
            each.settled = True
        self.open_again()

    def open_again(self) -> None:
        self.keep_no_longer()
        self.status, self.result, self.closed = "in_behandeling", None, None
        self.times_opened += 1
        self.had_look = False
        self.stop()
        self.start("K4")
        self.keep_contact(over=False)

    def decline(self, who: str) -> None:
        self.here(who, HANDLING, "afgesloten")
        need(self.wants_opening())
        for each in self.wants_opening():
            each.settled = True

    # --- a second look

    def begin_look(self, by_submitter: bool, on: date, handler: str | None) -> None:
        self.back_from_preview()
        self.keep_no_longer()
        self.looks.append(Look(by_submitter))
        self.parts.add(self.handler)
        self.first_handler, self.handler = self.handler, handler
        self.status = "heroverweging"
        self.stop("K6", on=on)
        self.start("K8", on)
        self.keep_contact(over=False)

    def ask_look(self, who: str) -> None:
        self.submitter(who)
        self.in_time_for_look(self.today)
        self.begin_look(True, self.today, None)

    def tell_look(self, who: str, received: date) -> None:
        need(self.status == "afgesloten" and self.closed is not None)
        assert self.closed is not None
        self.told(who, received, self.closed)
        self.in_time_for_look(received)
        window = [run for run in self.runs if run.clock == "K6"][-1]
        self.begin_look(True, max(received, window.start), None)

    def in_time_for_look(self, day: date) -> None:
        windows = [run for run in self.runs if run.clock == "K6"]
        need(self.status == "afgesloten" and windows and not self.had_look)
        due = windows[-1].due
        assert due is not None
        need(day <= due)

    def may_look(self, who: str, target: str) -> None:
        need(target in HANDLING and target != who and target not in self.parts)

    def start_look(self, who: str, target: str) -> None:
        self.here(who, HEADS, "afgesloten")
        self.may_look(who, target)
        self.begin_look(False, self.today, target)

    def name(self, who: str, target: str) -> None:
        self.here(who, HEADS, "heroverweging")
        self.may_look(who, target)
        need(target != self.handler)
        self.handler = target

    def ask_outcome(self, who: str, kept: bool) -> None:
        self.here(who, HANDLING, "heroverweging")
        self.no_review()
        need(self.handler)
        self.review = Waiting("uitkomst", who, {"kept": kept})

    def conclude(self, kept: bool) -> None:
        look = self.looks[-1]
        look.status = "blijft" if kept else "anders"
        self.first_handler = None
        if not kept:
            self.open_again()
            return
        self.status = "afgesloten"
        self.parts.add(self.handler)
        self.had_look = self.had_look or look.by_submitter
        self.stop("K8")
        self.keep_contact(over=True)
        if not self.had_look:
            self.start("K6")

    # --- ministries

    def consult(self, who: str, ministry: str) -> None:
        self.here(who, HANDLING, "in_behandeling", "uitgezet")
        self.no_review()
        self.status = "uitgezet"
        self.start("K3")
        run = self.runs[-1]
        assert run.due is not None
        self.asked.append(Asked(ministry, self.times_opened, run, run.due))

    def end_asked(self, asked: Asked, status: str) -> None:
        asked.status, asked.more = status, None
        asked.run.stop(self.today)
        if not self.open_asked:
            self.status = "in_behandeling"

    def by_link(self, asked: Asked) -> None:
        need(asked.status == "open" and self.today <= asked.due + timedelta(days=28))

    def official_answers(self, who: str, number: int, room: str) -> None:
        asked = self.asked[number]
        self.by_link(asked)
        asked.room = room
        self.end_asked(asked, "beantwoord")
        opposite = {ROOM: NO_ROOM, NO_ROOM: ROOM}.get(room)
        self.disagree += any(
            other.room == opposite is not None
            and other.ministry != asked.ministry
            and other.asked_in == self.times_opened
            for other in self.asked
        )

    def official_sends_back(self, who: str, number: int) -> None:
        self.by_link(self.asked[number])
        self.end_asked(self.asked[number], "niet_van_ons")

    def official_asks_time(self, who: str, number: int, until: date) -> None:
        asked = self.asked[number]
        self.by_link(asked)
        need(asked.more is None and max(asked.due, self.today) < until <= self.today + timedelta(days=42))
        asked.more = until

    def decide_time(self, who: str, number: int, given: bool) -> None:
        asked = self.asked[number]
        self.here(who, HANDLING, "uitgezet")
        need(asked.status == "open" and asked.more is not None)
        assert asked.more is not None
        if given:
            need(max(asked.due, self.today) < asked.more <= self.today + timedelta(days=42))
            asked.run.length, asked.run.unit = (asked.more - asked.run.start).days, "dagen"
            assert asked.run.due is not None
            asked.due, asked.raised = asked.run.due, None
        asked.more = None

    def unanswered(self, who: str, number: int) -> None:
        asked = self.asked[number]
        self.here(who, HANDLING, "uitgezet")
        need(asked.status == "open" and self.today > asked.due)
        asked.raised = asked.raised or self.today
        self.end_asked(asked, "geen_antwoord")

    def take_question_back(self, who: str, number: int) -> None:
        self.here(who, HANDLING, "uitgezet")
        need(self.asked[number].status == "open")
        self.end_asked(self.asked[number], "vervallen")

    def decide_disagreement(self, who: str) -> None:
        self.here(who, HEADS)
        need(self.disagree)
        self.disagree -= 1

    # --- another door

    def offer_case(self, who: str, must_ask: bool) -> None:
        self.here(who, TRIAGING, "ingediend", "in_triage")
        self.no_review()
        need(self.handler and not self.waits_for_other_door)
        need(not (must_ask and self.is_erased))
        days = 10 if must_ask else 5
        self.offer = Offer("toestemming_gevraagd" if must_ask else "aangeboden", working_days_on(self.today, days))

    def share(self, who: str, yes: bool) -> None:
        self.submitter(who)
        need(self.offer is not None and self.offer.status == "toestemming_gevraagd")
        assert self.offer is not None
        if yes:
            self.offer.status, self.offer.by = "aangeboden", working_days_on(self.today, 5)
        else:
            self.offer.status = "geen_toestemming"

    def take_offer_back(self, who: str) -> None:
        self.here(who, TRIAGING)
        need(self.waits_for_other_door)
        assert self.offer is not None
        self.offer.status = "ingetrokken"

    def by_offer(self) -> Offer:
        need(self.offer is not None and self.offer.status == "aangeboden")
        assert self.offer is not None
        need(self.today <= self.offer.by)
        return self.offer

    def door_opens(self, who: str) -> None:
        offer = self.by_offer()
        need(self.status in ("ingediend", "in_triage") and self.handler)
        self.no_review()
        offer.status = "overgenomen"
        self.status, self.result, self.closed = "doorverwezen", "buiten_bereik_warm_overgedragen", self.today
        self.stop()
        if self.contact_ends is not None:
            self.contact_ends = min(self.contact_ends, self.today + timedelta(days=400))

    def door_stays_shut(self, who: str) -> None:
        self.by_offer().status = "niet_overgenomen"

    # --- the public text

    def write_text(self, who: str) -> None:
        self.here(who, HANDLING)
        self.no_review()
        need(self.publication != "ter_inzage")
        self.text = Text(who, objected=self.text is not None and self.text.objected)

    def ask_text(self, who: str) -> None:
        self.here(who, HANDLING, *OVER)
        self.no_review()
        need(self.text is not None and self.text.reviewer is None and self.publication != "ter_inzage")
        self.review = Waiting("tekst", who)

    def preview(self, who: str) -> None:
        self.here(who, HANDLING, *OVER)
        self.no_review()
        need(self.publication == "intern" and self.text is not None and self.text.reviewer is not None)
        assert self.text is not None
        self.publication = "ter_inzage"
        self.text.object_by = working_days_on(self.today, 10)
        self.text.objected = False

    def keep_back(self, who: str) -> None:
        self.here(who, HANDLING)
        need(self.publication == "intern" and self.text is not None and self.text.objected)
        assert self.text is not None
        self.text.objected = False

    def stop_preview(self, who: str) -> None:
        self.here(who, HANDLING)
        need(self.publication == "ter_inzage")
        self.end_preview()

    def agree(self, who: str) -> None:
        self.submitter(who)
        need(self.publication == "ter_inzage" and self.text is not None and not self.text.agreed)
        assert self.text is not None
        self.text.agreed = True

    def object(self, who: str) -> None:
        self.submitter(who)
        need(self.publication == "ter_inzage" and self.text is not None)
        assert self.text is not None
        self.end_preview()
        self.text.objected = True

    def publish(self, who: str) -> None:
        self.here(who, HANDLING)
        need(self.publication == "ter_inzage" and self.text is not None)
        assert self.text is not None and self.text.object_by is not None
        need(self.text.agreed or self.today > self.text.object_by)
        self.publication = "openbaar"

    def take_from_public(self, who: str) -> None:
        need(who in HANDLING and who != self.first_handler)  # also of a case in the archive
        need(self.publication == "openbaar")
        self.publication = "teruggetrokken"

    # --- the rest

    def suspend(self, who: str, until: date) -> None:
        self.here(who, HANDLING, "voorstel", "heroverweging")
        run = next(iter(self.running("K5" if self.status == "voorstel" else "K8")), None)
        need(run is not None)
        assert run is not None and run.due is not None
        need(run.due >= self.today)
        need(not any(each.until is None or each.until > self.today for each in run.still))
        need(self.today < until <= working_days_on(self.today, 60))
        run.still.append(Still(self.today + ONE_DAY, until))

    def put_under_rule(self, who: str) -> None:
        self.here(who, HANDLING, *OPEN, "afgesloten")
        need(self.link in (None, "niet_aanvaard"))
        self.link = "aanvaard" if who in HEADS else "voorgesteld"
        self.brought = {who}

    def decide_link(self, who: str, yes: bool) -> None:
        self.here(who, HEADS | {"owner"})
        need(self.link == "voorgesteld")
        self.link = "aanvaard" if yes else "niet_aanvaard"
        self.brought.add(who)

    def withdraw(self, who: str, erase: bool) -> None:
        self.submitter(who)
        need(self.status in OPEN)
        self.drop_review()
        if self.question is not None:
            self.questions[-1].lapsed = self.today
        for each in self.open_asked:
            each.status, each.more = "vervallen", None
        if self.waits_for_other_door:
            assert self.offer is not None
            self.offer.status = "ingetrokken"
        if self.looks and self.looks[-1].status == "open":
            self.looks[-1].status = "zonder uitkomst"
        self.status, self.came_from, self.first_handler = "ingetrokken", None, None
        self.result, self.closed = "ingetrokken", self.today
        self.stop()
        if erase and self.is_resident:
            self.erased()

    def erase(self, who: str) -> None:
        self.submitter(who)
        need(self.contact_ends is not None)
        self.erased()

    def erased(self) -> None:
        self.contact_ends = None
        self.stop("K9")
        if self.waits_for_other_door:
            assert self.offer is not None
            self.offer.status = "ingetrokken"

    def add(self, who: str) -> None:
        self.submitter(who)
        need(self.status not in ("ingetrokken", "gearchiveerd"))

    def note(self, who: str) -> None:
        self.here(who, DESK)

    def write(self, who: str) -> None:
        self.here(who, HANDLING)

    def aftercare(self, who: str, number: int, given: str) -> None:
        self.submitter(who)
        care = self.care[number]
        need(not care.settled and self.status != "gearchiveerd")
        care.answer = given
        care.wish = given == "nog_vast" and self.status == "afgesloten"

    def go_on_leave(self, who: str, cover: str, last: date) -> None:
        need(who in HANDLING and cover in HANDLING and cover != who)
        need(who not in HEADS or cover in HEADS)
        need(self.leave is None or self.leave.last < self.today or self.leave.who != who)
        self.leave = Leave(who, cover, self.today, last)

    # --- the archive

    def keep_no_longer(self) -> None:
        """A case that is opened again has no end any more."""
        self.kept = None
        self.leave_list()

    def leave_list(self) -> None:
        for each in self.lists:
            each.holds = False

    def may_archive(self, who: str) -> Disposal:
        need(who in HEADS and self.lists)
        return self.lists[-1]

    def confirm_list(self, who: str) -> None:
        last = self.may_archive(who)
        need(last.holds and last.status in ("open", "eenmaal_bevestigd") and last.first != who)
        last.status = "eenmaal_bevestigd" if last.status == "open" else "bevestigd"
        last.first = last.first or who

    def give_list_back(self, who: str) -> None:
        last = self.may_archive(who)
        need(last.status == "eenmaal_bevestigd")
        last.status, last.first = "open", None

    def receive_package(self, who: str) -> None:
        last = self.may_archive(who)
        need(last.fate == "overbrengen" and last.status == "bevestigd" and not last.received)
        last.received = True

    def take_off_list(self, who: str, until: date) -> None:
        last = self.may_archive(who)
        need(last.holds and self.kept and not last.received)
        self.hold(until)

    def keep_longer(self, who: str, until: date) -> None:
        self.here(who, HEADS)
        need(self.kept and not any(each.holds and each.received for each in self.lists))
        self.hold(until)

    def hold(self, until: date) -> None:
        assert self.kept is not None
        need(self.today < until <= self.today + LONGEST_HOLD)
        self.kept.held = until
        self.leave_list()

    def lift_hold(self, who: str) -> None:
        self.here(who, HEADS)
        need(self.kept and self.kept.held)
        assert self.kept is not None
        self.kept.held = None

    def keep_as(self, who: str, code: str) -> None:
        self.here(who, HANDLING)
        need(self.kept and self.kept.code != code and not any(each.holds and each.received for each in self.lists))
        assert self.kept is not None
        self.kept.code = code
        self.leave_list()

    def archive_by_calendar(self) -> None:
        """A case that is over and in which nothing runs gets its end; then a list, and what two people agreed to."""
        is_over = self.status in OVER | {"doorverwezen"}
        is_settled = not (self.running() or self.review or self.open_asked or self.wants_opening())
        is_objected = self.text is not None and self.text.objected and self.publication == "intern"
        if not is_over or not is_settled or is_objected or self.publication == "ter_inzage":
            self.finish_lists()
            return
        if self.kept is None:
            assert self.closed is not None
            by_status = {"ingetrokken": "ingetrokken", "doorverwezen": "overgedragen"}
            by_result = "regelknelpunt" if self.result == "gekoppeld_aan_regelknelpunt" else "antwoord"
            self.kept = Kept(by_status.get(self.status, by_result), months_on(self.closed, 12))
        is_held = self.kept.held is not None and self.kept.held >= self.today
        is_on_list = any(each.holds for each in self.lists)
        if self.kept.until <= self.today and not is_on_list and not is_held:
            self.put_on_list(self.kept)
        for each in self.lists:
            if each.holds and each.is_ready:
                self.archived()
                each.holds = False
        self.finish_lists()

    def finish_lists(self) -> None:
        for each in self.lists:
            if each.is_ready and not each.holds:
                each.status = "uitgevoerd"

    def put_on_list(self, kept: Kept) -> None:
        kept.held = None
        into = next((each for each in self.lists if each.fate == kept.fate and each.status == "open"), None)
        if into is None:
            self.lists.append(Disposal(kept.fate))
        else:
            into.holds = True

    def archived(self) -> None:
        """The words are gone, with all that had only words; what figures count stays."""
        assert self.kept is not None
        if self.publication == "openbaar" and not KEPT[self.kept.code][1]:
            self.publication = "teruggetrokken"
        self.status = "gearchiveerd"
        self.questions, self.text, self.proposal, self.contact_ends = [], None, None, None

    # --- the calendar

    @property
    def only_a_proposal_waits(self) -> bool:
        """Whether the worker may stay away for a while: what it states of a proposal counts also before it does."""
        is_proposed = self.status == "voorstel" and self.proposal == "verstuurd"
        return is_proposed and (self.contact_ends is None or self.today <= self.contact_ends)

    def worker_comes_by(self) -> None:
        """What time does by itself; each thing states a fact, and nothing is decided."""
        question = self.question
        if question is not None and question.by < self.today:
            question.lapsed, self.no_reaction = question.by, True
            self.resume(question.by)
        if self.waits_for_other_door:
            assert self.offer is not None
            if self.offer.by < self.today:
                self.offer.status = (
                    "geen_toestemming" if self.offer.status == "toestemming_gevraagd" else "geen_reactie"
                )
        for asked in self.open_asked:
            if asked.due < self.today and asked.raised is None:
                asked.raised = self.today
        self.end_time_to_react()
        if self.status == "afgesloten":
            come = [run for run in self.running("K9") if run.due is not None and run.due <= self.today]
            for run in come:
                run.stop(self.today)
            if come:
                self.care.append(Care(come[-1].length, self.today))
            for run in self.running("K6"):
                if run.due is not None and run.due < self.today:
                    run.stop(run.due)
        if self.contact_ends is not None and self.contact_ends < self.today:
            self.erased()
        self.archive_by_calendar()
