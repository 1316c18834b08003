"""The acts of the sequences through the real services, under the names that ``model.Model`` gives them.

``choices`` draws what is filled in from a number, so that model and services get the same.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from knelpunt.domain.cases.replies import OnBehalf, Reaction, ReplyChannel
from knelpunt.domain.links import Links
from knelpunt.domain.permissions import SYSTEM, Actor
from knelpunt.domain.vocabulary import (
    ActorKind,
    AftercareAnswer,
    AssessmentRole,
    ConsentSource,
    HoldGround,
    Result,
    ReviewStatus,
    RoomAnswer,
    Route,
    RuleLevel,
    SecondLookOutcome,
    Verdict,
)
from knelpunt.models import (
    Aftercare,
    Assessment,
    Case,
    Consultation,
    ConsultationLink,
    DisposalList,
    Message,
    Referral,
    Review,
    SecondLook,
)
from knelpunt.services.accounts import leave
from knelpunt.services.archive import lists, retention
from knelpunt.services.archive import timers as archive_timers
from knelpunt.services.bottlenecks import links as bottleneck_links
from knelpunt.services.cases import assessments, publication, resolution, reviews, second_looks, triage
from knelpunt.services.cases.decisions import VerdictDecision
from knelpunt.services.consultations import answering, asking
from knelpunt.services.core.context import Context
from knelpunt.services.guides import answers as guide_answers
from knelpunt.services.jobs import scheduled
from knelpunt.services.referrals import offers
from knelpunt.services.submitters import aftercare, reactions, replies, second_look, suspensions
from tests.support.desk import PROPOSAL
from tests.support.sequences.days import working_days_on
from tests.support.sequences.model import HANDLING, KEPT, Model

INSIDE = "onderonsje"
"""A word that stands in all that is for the desk alone, and must never reach a submitter."""
_TARGETS = ("handler", "handler2", "triager", "head", "head2", "reviewer")
_VERDICTS = ("V4", "V4", "V5", "V0", "V9", "V1", "V8")
_ANSWERS = ("ja", "nog_vast", "nog_vast", "nee", "nog_bezig")
Values = dict[str, Any]
Choose = Callable[[Model, int], Values | None]


def _target(model: Model, n: int) -> Values:
    return {"target": _TARGETS[n % len(_TARGETS)]}


def _received(model: Model, n: int) -> Values:
    return {"received": model.today - timedelta(days=n % 9)}


def _asked(model: Model, n: int) -> Values | None:
    """One of the questions to ministries; the open ones more often."""
    if not model.asked:
        return None
    pool = model.open_asked if model.open_asked and n % 8 else model.asked
    return {"number": model.asked.index(pool[n % len(pool)])}


def _room(model: Model, n: int) -> Values | None:
    values = _asked(model, n)
    return None if values is None else {**values, "room": ("er_is_ruimte", "geen_ruimte", "anders")[n // 3 % 3]}


def _more_time(model: Model, n: int) -> Values | None:
    values = _asked(model, n)
    if values is None:
        return None
    return {**values, "until": model.asked[values["number"]].due + timedelta(days=(7, 13, 30, 60, 0)[n % 5])}


def _given(model: Model, n: int) -> Values | None:
    values = _asked(model, n)
    return None if values is None else {**values, "given": n % 3 > 0}


def _aftercare(model: Model, n: int) -> Values | None:
    if not model.care:
        return None
    return {"number": n % len(model.care), "given": _ANSWERS[n // 2 % len(_ANSWERS)]}


def _supplement(model: Model, n: int) -> Values:
    far = (10, 10, 12, 20, 60, 9, 61)[n % 7]
    return {"by": working_days_on(model.today, far) + timedelta(days=n // 7 % 3 if far in (12, 20) else 0)}


def _away(model: Model, n: int) -> Values | None:
    if model.leave is not None and model.leave.last >= model.today:
        return None  # one absence at a time is enough here; chains have tests of their own
    cover = ("head", "handler2", "triager", "reviewer")[n % 4]
    return {"cover": cover, "last": model.today + timedelta(days=n % 12)}


def _held(model: Model, n: int) -> Values:
    return {"until": model.today + timedelta(days=(20, 90, 400, 0, 4000)[n % 5])}


def _nothing(model: Model, n: int) -> Values:
    return {}


CHOICES: dict[str, Choose] = {
    "assign": _target,
    "scope": lambda model, n: {"yes": n % 5 > 0},
    "take_in": _nothing,
    "weigh": lambda model, n: {"role": ("biedt_ruimte", "belemmert")[n % 2]},
    "unweigh": lambda model, n: {"number": n % len(model.rules)} if model.rules else None,
    "ask": _supplement,
    "answer": _nothing,
    "tell_answer": _received,
    "ask_verdict": lambda model, n: {"verdict": _VERDICTS[n % len(_VERDICTS)]},
    "ask_other_verdict": lambda model, n: {"verdict": _VERDICTS[n % len(_VERDICTS)]},
    "ask_guide": lambda model, n: {"verdict": ("V1", "V4", "V5")[n % 3]},
    "ask_proposal": _nothing,
    "ask_closing": _nothing,
    "ask_linked_closing": _nothing,
    "approve": _nothing,
    "give_back": _nothing,
    "cancel": _nothing,
    "accept": _nothing,
    "tell_acceptance": _received,
    "refuse": _nothing,
    "tell_refusal": _received,
    "reopen": _nothing,
    "decline": _nothing,
    "ask_look": _nothing,
    "tell_look": _received,
    "start_look": _target,
    "name": _target,
    "ask_outcome": lambda model, n: {"kept": n % 3 > 0},
    "consult": lambda model, n: {"ministry": ("een", "ander")[n % 2]},
    "official_answers": _room,
    "official_sends_back": _asked,
    "official_asks_time": _more_time,
    "decide_time": _given,
    "unanswered": _asked,
    "take_question_back": _asked,
    "decide_disagreement": _nothing,
    "offer_case": lambda model, n: {"must_ask": n % 2 > 0},
    "share": lambda model, n: {"yes": n % 3 > 0},
    "take_offer_back": _nothing,
    "door_opens": lambda model, n: {} if model.offer else None,
    "door_stays_shut": lambda model, n: {} if model.offer else None,
    "write_text": _nothing,
    "ask_text": _nothing,
    "preview": _nothing,
    "stop_preview": _nothing,
    "keep_back": _nothing,
    "agree": _nothing,
    "object": _nothing,
    "publish": _nothing,
    "take_from_public": _nothing,
    "suspend": lambda model, n: {"until": model.today + timedelta(days=(5, 14, 40, 0, 100)[n % 5])},
    "put_under_rule": _nothing,
    "decide_link": lambda model, n: {"yes": n % 4 > 0},
    "withdraw": lambda model, n: {"erase": n % 2 > 0},
    "erase": _nothing,
    "add": _nothing,
    "note": _nothing,
    "write": _nothing,
    "aftercare": _aftercare,
    "go_on_leave": _away,
    "confirm_list": _nothing,
    "give_list_back": _nothing,
    "receive_package": _nothing,
    "take_off_list": _held,
    "keep_longer": _held,
    "lift_hold": _nothing,
    "keep_as": lambda model, n: {"code": [*KEPT][n % len(KEPT)]},
}
"""What is filled in for each act, from a number; None where the act has nothing to be about."""
BY_LINK = {"official_answers", "official_sends_back", "official_asks_time", "door_opens", "door_stays_shut"}
"""Acts of people without an account or a role: whoever has the link."""
SELDOM = {
    "add", "assign", "cancel", "decide_link", "door_opens", "erase", "give_back", "give_list_back", "go_on_leave",
    "keep_as", "keep_longer", "note", "offer_case", "put_under_rule", "scope", "stop_preview", "take_from_public",
    "take_off_list", "unweigh", "weigh", "withdraw", "write", "write_text",
}  # fmt: skip
"""Acts that end a case or lead nowhere: drawn now and then, so that most sequences come far."""
ENDING = {"door_opens", "erase", "withdraw"}
"""Those after which little can happen: drawn less still."""
MOVING = {
    "take_in", "ask_verdict", "ask_proposal", "ask_closing", "ask_linked_closing", "approve", "refuse", "accept",
    "ask_look", "ask_outcome", "name", "official_answers", "preview", "publish", "confirm_list", "receive_package",
}  # fmt: skip
"""Acts by which a case comes further."""


class Acts:
    """Takes an act in the name of somebody, with a session of its own as a request has."""

    def __init__(self, world: Any, model: Model) -> None:
        self.world, self.model = world, model
        self.links: Links = world.links
        self.case_id: int = world.case_ids[model.is_resident]
        self.reference: str = world.references[model.is_resident]
        self.now = world.filed_at

    def session(self) -> Session:
        connection: Connection = self.world.connection
        return Session(connection, join_transaction_mode="create_savepoint", autoflush=False)

    def take(self, name: str, who: str, values: Values) -> None:
        """Raises what the service raises; then nothing of it is kept."""
        with self.session() as session:
            self.context = Context(session, self._actor(session, name, who, values), self.now, self.links)
            getattr(self, name)(who, **values)
            session.commit()

    def worker_comes_by(self) -> None:
        with self.session() as session:
            context = Context(session, SYSTEM, self.now, self.links)
            scheduled.run_due(context, session.flush)
            archive_timers.run_due(context, self.world.files, session.flush)
            session.commit()

    def _actor(self, session: Session, name: str, who: str, values: Values) -> Actor:
        if name in ("door_opens", "door_stays_shut"):
            last = select(Referral.id).where(Referral.case_id == self.case_id).order_by(Referral.id.desc()).limit(1)
            return Actor(ActorKind.ANSWER_LINK, referral_id=session.scalar(last))
        if name in BY_LINK:
            link = select(ConsultationLink.id).where(
                ConsultationLink.consultation_id == self._asked(session, values["number"]).id
            )
            return Actor(ActorKind.ANSWER_LINK, consultation_link_id=session.scalar(link))
        if self.model.is_resident and who == "submitter":
            return Actor(ActorKind.SUBMITTER_LINK, case_id=self.case_id)
        if self.model.is_resident and who == "stranger":
            return Actor(ActorKind.SUBMITTER_LINK, case_id=self.world.case_ids[not self.model.is_resident])
        actor: Actor = self.world.actors[who]
        return actor

    def _version(self) -> int:
        return self.context.session.scalars(select(Case.version).where(Case.id == self.case_id)).one()

    def _of_case(self, table: Any, *where: Any) -> Any:
        found = select(table).where(table.case_id == self.case_id, *where).order_by(table.id)
        return self.context.session.scalars(found).all()

    def _asked(self, session: Session, number: int) -> Consultation:
        found = select(Consultation).where(Consultation.case_id == self.case_id).order_by(Consultation.id)
        return session.scalars(found).all()[number]

    def _told(self, received: Any) -> OnBehalf:
        said_by = None if self.model.is_resident else self.world.actors["submitter"].account_id
        return OnBehalf(ReplyChannel.TELEPHONE, received, self._version(), said_by)

    def _here(self) -> tuple[Context, str, int]:
        return self.context, self.reference, self._version()

    def _id(self, who: str) -> int:
        found: int = self.world.actors[who].account_id
        return found

    # --- triage

    def assign(self, who: str, target: str) -> None:
        triage.assign(*self._here(), self._id(target))

    def scope(self, who: str, yes: bool) -> None:
        triage.set_scope(*self._here(), in_scope=yes, reason=f"Zo is het. {INSIDE}")

    def take_in(self, who: str) -> None:
        triage.take_in(*self._here())

    def weigh(self, who: str, role: str) -> None:
        article = f"artikel {len(self._of_case(Assessment)) + 1}"
        law_id = self.world.law_id
        assessments.link_article(*self._here(), law_id, article, AssessmentRole(role), "Daarom.")

    def unweigh(self, who: str, number: int) -> None:
        linked = self._of_case(Assessment, Assessment.withdrawn_at.is_(None))[number]
        context, reference, version = self._here()
        assessments.withdraw_assessment(context, reference, linked.id, version)

    def ask(self, who: str, by: Any) -> None:
        triage.request_supplement(*self._here(), question="Welk plan?", why="Dat zegt de regel.", answer_by=by)

    def answer(self, who: str) -> None:
        questions = self._of_case(Message, Message.answer_by.is_not(None))
        number = questions[-1].id if questions else 0
        reactions.answer(self.context, self.reference, number, "Het plan van 2019.")

    def tell_answer(self, who: str, received: Any) -> None:
        self._tell(Reaction.ANSWER, received)

    def _tell(self, reaction: Reaction, received: Any) -> None:
        replies.write_down(self.context, self.reference, reaction, "Dat zei de indiener.", self._told(received))

    # --- verdict and proposal

    def _verdict(self, verdict: str) -> VerdictDecision:
        return VerdictDecision(
            Verdict(verdict), "Zo zit het.", "Artikel 1.", RuleLevel.MUNICIPALITY, Route.ONTHEFFING, None, "Geen regel."
        )

    def ask_verdict(self, who: str, verdict: str) -> None:
        triage.request_handling(*self._here(), self._verdict(verdict))

    def ask_other_verdict(self, who: str, verdict: str) -> None:
        triage.request_verdict_change(*self._here(), self._verdict(verdict))

    def ask_guide(self, who: str, verdict: str) -> None:
        guide_answers.request_guide_answer(
            *self._here(),
            guide_id=self.world.guide_id,
            verdict=Verdict(verdict),
            plain="Dit staat al in een ruimtewijzer.",
            level=RuleLevel.MUNICIPALITY,
        )

    def ask_proposal(self, who: str) -> None:
        today = self.model.today
        resolution.request_proposal(*self._here(), legal_date=today, act_by=today + timedelta(days=60), **PROPOSAL)

    def ask_closing(self, who: str) -> None:
        resolution.request_closing(
            *self._here(), result=Result.WITH_ONTHEFFING, reason="De gemeente werkt mee.", next_step="Vraag haar aan."
        )

    def ask_linked_closing(self, who: str) -> None:
        bottleneck_links.request_linked_closing(
            *self._here(),
            bottleneck_reference=self.world.bottleneck,
            reason="De regel is in beweging.",
            next_step="Wacht op nieuws.",
        )

    def _review(self) -> int:
        waiting = self._of_case(Review, Review.status == ReviewStatus.OPEN)
        return waiting[0].id if waiting else 0

    def approve(self, who: str) -> None:
        reviews.approve(self.context, self.reference, self._review(), f"Goed. {INSIDE}")

    def give_back(self, who: str) -> None:
        reviews.give_back(self.context, self.reference, self._review(), f"Nog niet. {INSIDE}")

    def cancel(self, who: str) -> None:
        reviews.cancel(self.context, self.reference, self._review())

    def accept(self, who: str) -> None:
        reactions.accept_proposal(self.context, self.reference)

    def tell_acceptance(self, who: str, received: Any) -> None:
        self._tell(Reaction.ACCEPT, received)

    def refuse(self, who: str) -> None:
        reactions.refuse_proposal(self.context, self.reference, "De gemeente werkt niet mee.")

    def tell_refusal(self, who: str, received: Any) -> None:
        self._tell(Reaction.REFUSE, received)

    def reopen(self, who: str) -> None:
        resolution.reopen(*self._here(), "De regel is veranderd.")

    def decline(self, who: str) -> None:
        resolution.decline_reopening(*self._here(), "Wij kunnen niets meer doen.")

    # --- a second look

    def ask_look(self, who: str) -> None:
        second_look.ask(self.context, self.reference, ["De brief is niet gelezen."])

    def tell_look(self, who: str, received: Any) -> None:
        self._tell(Reaction.SECOND_LOOK, received)

    def start_look(self, who: str, target: str) -> None:
        resolution.start_second_look(*self._here(), reason="Er is een uitspraak.", handler_id=self._id(target))

    def name(self, who: str, target: str) -> None:
        second_looks.name_handler(*self._here(), self._id(target))

    def ask_outcome(self, who: str, kept: bool) -> None:
        looks = self._of_case(SecondLook)
        outcome = SecondLookOutcome.KEPT if kept else SecondLookOutcome.PARTLY
        answers = ["Die is nu gelezen."] * (len(looks[-1].points) if looks else 1)
        resolution.request_second_look_outcome(*self._here(), outcome=outcome, answers=answers, reason="Daarom.")

    # --- ministries

    def consult(self, who: str, ministry: str) -> None:
        asking.ask(
            *self._here(),
            contact_id=self.world.officials[ministry],
            question=f"Mag dit van u? {INSIDE}",
            article="Proefwet, artikel 12",
        )

    def official_answers(self, who: str, number: int, room: str) -> None:
        answering.answer(self.context, RoomAnswer(room), f"Zo lezen wij het. {INSIDE}")

    def official_sends_back(self, who: str, number: int) -> None:
        answering.send_back(self.context, f"Vraag het een ander. {INSIDE}")

    def official_asks_time(self, who: str, number: int, until: Any) -> None:
        answering.ask_more_time(self.context, until, f"Het is druk. {INSIDE}")

    def decide_time(self, who: str, number: int, given: bool) -> None:
        asked = self._asked(self.context.session, number)
        asking.decide_more_time(*self._here(), asked.id, is_given=given, until=asked.more_time_until)

    def unanswered(self, who: str, number: int) -> None:
        asking.note_unanswered(*self._here(), self._asked(self.context.session, number).id)

    def take_question_back(self, who: str, number: int) -> None:
        asking.take_back(*self._here(), self._asked(self.context.session, number).id)

    def decide_disagreement(self, who: str) -> None:
        asking.decide_disagreement(*self._here(), decision=RoomAnswer.ROOM, reason=f"Zo doen wij het. {INSIDE}")

    # --- another door

    def offer_case(self, who: str, must_ask: bool) -> None:
        offers.offer(
            *self._here(),
            organisation="Woonloket",
            receiver_name="De balie",
            receiver_email="balie@woonloket.example",
            reason="De gemeente beslist hier zelf over.",
            consent=ConsentSource.ON_PAGE if must_ask else ConsentSource.TELEPHONE,
        )

    def share(self, who: str, yes: bool) -> None:
        offers.answer_sharing(self.context, self.reference, is_allowed=yes)

    def take_offer_back(self, who: str) -> None:
        offers.take_back(*self._here())

    def door_opens(self, who: str) -> None:
        offers.accept(self.context, "Bel de balie.")

    def door_stays_shut(self, who: str) -> None:
        offers.refuse(self.context, f"Dit is niet van ons. {INSIDE}")

    # --- the public text

    def write_text(self, who: str) -> None:
        texts = {
            "title": "Een buurthuis",
            "question": "Mag dat in een lege school?",
            "answer": "Ja, met een vergunning.",
        }
        publication.save_public_text(*self._here(), **texts)

    def ask_text(self, who: str) -> None:
        publication.request_text_review(*self._here(), change="Een woord is anders.")

    def preview(self, who: str) -> None:
        publication.start_preview(*self._here())

    def stop_preview(self, who: str) -> None:
        publication.stop_preview(*self._here())

    def keep_back(self, who: str) -> None:
        publication.keep_back(*self._here())

    def agree(self, who: str) -> None:
        reactions.agree_to_text(self.context, self.reference)

    def object(self, who: str) -> None:
        reactions.object_to_text(self.context, self.reference, "De titel klopt niet.")

    def publish(self, who: str) -> None:
        publication.publish(*self._here())

    def take_from_public(self, who: str) -> None:
        publication.withdraw_publication(*self._here(), "De tekst klopt niet meer.")

    # --- the rest

    def suspend(self, who: str, until: Any) -> None:
        suspensions.suspend_term(*self._here(), until=until, reason="De indiener vroeg erom.")

    def put_under_rule(self, who: str) -> None:
        bottleneck_links.propose_link(*self._here(), self.world.bottleneck, why=f"Zelfde regel. {INSIDE}")

    def decide_link(self, who: str, yes: bool) -> None:
        bottleneck_links.decide_link(
            self.context, self.world.bottleneck, self.reference, accepted=yes, reason=f"Daarom. {INSIDE}"
        )

    def withdraw(self, who: str, erase: bool) -> None:
        reactions.withdraw(self.context, self.reference, "Wij stoppen.", erase_contact=erase)

    def erase(self, who: str) -> None:
        reactions.erase_contact(self.context, self.reference)

    def add(self, who: str) -> None:
        reactions.add(self.context, self.reference, "Er is een nieuwe brief.")

    def note(self, who: str) -> None:
        triage.add_note(self.context, self.reference, f"Let op. {INSIDE}")

    def write(self, who: str) -> None:
        triage.send_message(self.context, self.reference, "Wij zijn bezig.")

    def aftercare(self, who: str, number: int, given: str) -> None:
        row = self._of_case(Aftercare)[number]
        aftercare.answer(
            self.context, self.reference, row.id, given=AftercareAnswer(given), words="", asks_reopening=True
        )

    def go_on_leave(self, who: str, cover: str, last: Any) -> None:
        leave.register(
            self.context,
            account_id=self._id(who) if who in HANDLING else 0,
            covered_by_id=self._id(cover),
            first_day=self.model.today,
            last_day=last,
        )

    # --- the archive

    def _list(self) -> tuple[int, int]:
        last = select(DisposalList.id, DisposalList.version).order_by(DisposalList.id.desc()).limit(1)
        row = self.context.session.execute(last).one_or_none()
        return (row.id, row.version) if row is not None else (0, 1)

    def confirm_list(self, who: str) -> None:
        lists.confirm(self.context, *self._list())

    def give_list_back(self, who: str) -> None:
        lists.give_back(self.context, *self._list())

    def receive_package(self, who: str) -> None:
        list_id, version = self._list()
        told = lists.manifest_hash(self.context.session, list_id)
        lists.receive(self.context, list_id, version, reference="NA-1", on=self.model.today, package_hash=told)

    def take_off_list(self, who: str, until: Any) -> None:
        list_id, version = self._list()
        lists.take_off(
            self.context, list_id, self.reference, version, ground=HoldGround.LAWSUIT, until=until, reason="Een zaak."
        )

    def keep_longer(self, who: str, until: Any) -> None:
        lists.hold(*self._here(), ground=HoldGround.OTHER, until=until, reason=f"Nog even. {INSIDE}")

    def lift_hold(self, who: str) -> None:
        lists.lift_hold(*self._here())

    def keep_as(self, who: str, code: str) -> None:
        retention.choose_category(*self._here(), code, f"Dat past beter. {INSIDE}")
