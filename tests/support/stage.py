"""Cases brought to where a step of the workflow fits, and the steps taken through the services; see ``step_table``.

One world serves many attempts: a resident's case, and a municipality's in which another one files along, each with all
that any step may ask for. An attempt has a session of its own, as a request has, and leaves nothing behind.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, cast

from sqlalchemy import (
    Connection,
    bindparam,
    delete,
    func,
    insert,
    literal,
    literal_column,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import Session

from knelpunt.adapters.uploads.store import FileStore
from knelpunt.domain import permissions
from knelpunt.domain.bottlenecks import LinkStatus
from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.cases.replies import OnBehalf, Reaction, ReplyChannel
from knelpunt.domain.links import Links, new_nonce, new_public_id
from knelpunt.domain.permissions import ORGANISATION_ROLES, Actor
from knelpunt.domain.vocabulary import (
    ActorKind,
    AssessmentRole,
    CaseStatus,
    ConsentSource,
    ConsultationStatus,
    DisposalStatus,
    Disposition,
    EventKind,
    MessageKind,
    ParticipantStatus,
    ProposalStatus,
    ReferralStatus,
    Result,
    ReviewStatus,
    Role,
    RoomAnswer,
    Route,
    RuleLevel,
    SecondLookOutcome,
    Verdict,
)
from knelpunt.models import (
    Account,
    Assessment,
    Base,
    Bottleneck,
    BottleneckCase,
    Case,
    CaseParticipant,
    ClockPeriod,
    ClockSuspension,
    Consultation,
    ConsultationLink,
    Disagreement,
    DisposalCase,
    DisposalList,
    Draft,
    Law,
    Message,
    MinistryContact,
    Proposal,
    PublicText,
    Referral,
    Retention,
    RetentionCategory,
    Review,
    SecondLook,
    TermRule,
)
from knelpunt.queries.core import cases
from knelpunt.services.archive import lists as disposal
from knelpunt.services.bottlenecks import links as bottleneck_links
from knelpunt.services.bottlenecks import track as bottlenecks
from knelpunt.services.bottlenecks.track import News
from knelpunt.services.cases import resolution, reviews, triage
from knelpunt.services.cases.decisions import VerdictDecision
from knelpunt.services.consultations import answering, asking
from knelpunt.services.core.context import Context
from knelpunt.services.filing import intake
from knelpunt.services.guides import answers as guide_answers
from knelpunt.services.jobs import scheduled
from knelpunt.services.mail import messages
from knelpunt.services.referrals import offers
from knelpunt.services.submitters import reactions as submitter
from knelpunt.services.submitters import replies, second_look
from tests.support import step_table as table
from tests.support.desk import CLOSING, FILING, PROPOSAL, Desk
from tests.support.factories import Factory
from tests.support.guides import public_guide
from tests.support.rights import VISITOR
from tests.support.step_table import CALENDAR, FOLLOWER, OFFICIAL, RECEIVER, Run, Step, november

S, C = CaseStatus, Clock
NOW = datetime(2026, 11, 9, 10, 0, tzinfo=UTC)
RESIDENT, MUNICIPALITY = "resident", "municipality"
STRANGER, OTHER_FOLLOWER, PARTNER = "filer elsewhere", "follower of another case", "filer along"
PROPOSALS = {
    table.REFUSE_PROPOSAL: ProposalStatus.SENT,
    table.ACCEPT_PROPOSAL: ProposalStatus.SENT,
    table.CLOSE: ProposalStatus.ACCEPTED,
}
"""What became of the proposal made last, before these steps."""
ABOUT_A_QUESTION = (
    table.CONSULTATION_ANSWERED,
    table.CONSULTATION_RETURNED,
    table.CONSULTATION_UNANSWERED,
    table.CONSULTATION_TAKEN_BACK,
)
"""Steps for which a ministry was asked something."""
ENDED = {"result": Result.WITHIN_RULES, "result_reason": "Het kon.", "next_step": "Geen.", "closed_on": november(6)}


@dataclass(frozen=True)
class Place:
    """Where a case is; after a question also where that was asked."""

    status: CaseStatus
    came_from: CaseStatus | None = None

    def __str__(self) -> str:
        return f"{self.status.value} uit {self.came_from.value}" if self.came_from else self.status.value


PLACES = tuple(Place(status) for status in S if status is not S.AWAITING_SUPPLEMENT) + tuple(
    Place(S.AWAITING_SUPPLEMENT, status) for status in sorted(table.REQUEST_SUPPLEMENT.starts_in)
)


class World:
    """What all attempts share: plain values, so that each may change and roll back the rows as it likes."""

    def __init__(self, connection: Connection, session: Session, links: Links) -> None:
        self.connection, self.links = connection, links
        make = Factory(session)
        desk = Desk(session, make)
        desk.links = links
        partner, organisation = make.filer(), make.organisation()
        accounts = {
            role: make.account(role, organisation if role in ORGANISATION_ROLES else desk.ministry) for role in Role
        }
        accounts[Role.HANDLER] = desk.handler
        self.law = desk.law
        self.handler_id, self.ministry_id = desk.handler.id, desk.ministry.id
        self.mail_names = {
            FILING["contact_email"]: "submitter",
            accounts[Role.FILER].email: "submitter",
            desk.handler.email: "handler",
            accounts[Role.HEAD_OF_DESK].email: "head",
            accounts[Role.TRIAGER].email: "second",
            partner.email: "partner",
            "ambtenaar@ministerie.example": "official",
        }
        self.contact_id = make.add(
            MinistryContact(
                ministry_id=desk.ministry.id,
                name="Ambtenaar proef",
                email="ambtenaar@ministerie.example",
                is_fallback=False,
            )
        ).id
        resident, other = desk.file(), desk.file(contact_email="ander@proef.example")
        municipal = self._file_for(desk, accounts[Role.FILER])
        make.add(
            CaseParticipant(
                case_id=municipal.id,
                municipality_id=make.municipality().id,
                organisation_id=partner.organisation_id,
                status=ParticipantStatus.JOINED,
                asked_at=desk.now,
                answered_by_id=partner.id,
                answered_at=desk.now,
                ends_on=date(2029, 11, 3),
            )
        )
        self.actors: dict[str, Actor] = {
            **{role: make.actor(account) for role, account in accounts.items()},
            FOLLOWER: Actor(ActorKind.SUBMITTER_LINK, case_id=resident.id),
            OTHER_FOLLOWER: Actor(ActorKind.SUBMITTER_LINK, case_id=other.id),
            STRANGER: make.actor(make.filer()),
            PARTNER: Actor(
                ActorKind.ACCOUNT,
                partner.id,
                partner.role,
                partner.organisation_id,
                joined_case_ids=frozenset({municipal.id}),
            ),
            OFFICIAL: Actor(ActorKind.ANSWER_LINK),
            RECEIVER: Actor(ActorKind.ANSWER_LINK),
            VISITOR: permissions.VISITOR,
            CALENDAR: permissions.SYSTEM,
        }
        self.guide_id = public_guide(make).id
        self.bottleneck = self._bottleneck(desk, accounts)
        for case in (resident, municipal):
            self._complete(make, case)
        session.flush()
        session.execute(delete(ClockPeriod))
        self._double_the_terms(session)
        self.accounts = accounts
        self.follow_path = messages.follow_url(desk.context(desk.handler), resident).removeprefix(links.base_url)
        self.ids = {RESIDENT: resident.id, MUNICIPALITY: municipal.id}
        self.references = {RESIDENT: resident.reference, MUNICIPALITY: municipal.reference}
        session.commit()

    @staticmethod
    def _file_for(desk: Desk, author: Account) -> Case:
        data = {**FILING, "contact_email": "", "mandate": "ja", "municipality_id": str(desk.make.municipality().id)}
        draft = intake.create_draft(desk.context(author), data)
        return intake.file_case(desk.context(author), draft.key, draft.version)

    @staticmethod
    def _bottleneck(desk: Desk, accounts: dict[Role, Account]) -> Bottleneck:
        """A rule bottleneck that takes cases in."""
        found = bottlenecks.signal(
            desk.context(accounts[Role.TRIAGER]),
            title="De regel voor tijdelijke woningen",
            problem="De termijn is te kort.",
            provisions=[(desk.make.provision(desk.law).id, AssessmentRole.BLOCKS)],
            body="Drie gemeenten lopen hier tegenaan.",
        )
        bottlenecks.analyse(
            desk.context(accounts[Role.HEAD_OF_DESK]),
            found.reference,
            found.version,
            ministry_id=desk.ministry.id,
            owner_id=accounts[Role.BOTTLENECK_OWNER].id,
            news=News("Het ministerie zoekt uit wat er kan."),
        )
        return found

    def _complete(self, make: Factory, case: Case) -> None:
        """Give a case everything that any step may ask for."""
        case.handler_id, case.in_scope = self.handler_id, True
        case.verdict, case.verdict_plain = Verdict.BY_ONTHEFFING_OR_EXPERIMENT, "Een eerder oordeel."
        case.no_provision_reason, case.got_no_reaction = "Een eerdere reden.", True
        for role in AssessmentRole:
            make.assessment(case, make.provision(self.law), role=role)
        make.add(
            PublicText(case_id=case.id, title="Titel", question="Vraag", answer="Antw.", written_by_id=self.handler_id)
        )
        make.add(
            BottleneckCase(
                bottleneck_id=self.bottleneck.id,
                case_id=case.id,
                status=LinkStatus.ACCEPTED,
                linked_by_id=self.handler_id,
                linked_at=NOW,
                decided_by_id=self.actors[Role.BOTTLENECK_OWNER].account_id,
                decided_at=NOW,
            )
        )

    @staticmethod
    def _double_the_terms(session: Session) -> None:
        """Let other terms hold since Friday 6 November, which no case that was filed before may get."""
        rules = session.scalars(select(TermRule)).all()
        for rule in rules:
            rule.valid_to = november(5)
            values = {
                column.key: getattr(rule, column.key) for column in TermRule.__table__.columns if column.key != "id"
            }
            values |= {"valid_from": november(6), "valid_to": None, "length": 2 * rule.length + 1}
            session.add(TermRule(**{**values, "may_be_suspended": not rule.may_be_suspended}))

    @contextmanager
    def attempt(self, whose: str = RESIDENT) -> Iterator["Stage"]:
        """A case as a request meets it; what is done to it is taken back."""
        with self.connection.begin_nested() as savepoint:
            with Session(
                self.connection, join_transaction_mode="create_savepoint", autoflush=False, expire_on_commit=False
            ) as session:
                yield Stage(self, session, whose)
            savepoint.rollback()


class Stage:
    """One attempt at a step of one case."""

    def __init__(self, world: World, session: Session, whose: str) -> None:
        self.world, self.session, self.whose = world, session, whose
        self.case_id = world.ids[whose]
        self.reference = world.references[whose]
        self.runs_before: list[Run] = []
        self.versions_behind = 0
        self.question_id = 0
        self.consultation_id = 0
        self.referral_id: int | None = None

    def context(self, who: str, now: datetime = NOW) -> Context:
        if who == RECEIVER:
            receiver = Actor(ActorKind.ANSWER_LINK, referral_id=self.referral_id)
            return Context(self.session, receiver, now, self.world.links)
        if who == OFFICIAL:
            link = select(ConsultationLink.id).where(ConsultationLink.consultation_id == self.consultation_id)
            official = Actor(ActorKind.ANSWER_LINK, consultation_link_id=self.session.scalar(link))
            return Context(self.session, official, now, self.world.links)
        return Context(self.session, self.world.actors[who], now, self.world.links)

    @property
    def version(self) -> int:
        """What somebody read who then fills in a form."""
        now = self.session.scalars(select(Case.version).where(Case.id == self.case_id)).one()
        return now - self.versions_behind

    @property
    def case(self) -> Case:
        return cases.get_for_update(self.session, self.reference)

    def set(self, **columns: Any) -> None:
        """Change the case behind the back of its services."""
        self.session.execute(update(Case).where(Case.id == self.case_id).values(columns))

    # --- where the step fits

    def prepare(self, step: Step, place: Place, *, with_clocks: bool = True) -> None:
        """Bring the case to a place with everything that the step needs, so that only the place can be wrong."""
        self.move(place)
        if step is table.FILE:
            self.set(draft_key="0" * 32)
        if step in (table.KEEP_OUTCOME, table.CHANGE_OUTCOME):
            self.add_second_look()
        if step in PROPOSALS:
            self.add_proposal(PROPOSALS[step])
        waits = place.status is S.AWAITING_SUPPLEMENT
        if step in (table.RECEIVE_SUPPLEMENT, table.SUPPLEMENT_LAPSED) or (waits and step is table.WITHDRAW):
            answer_by = november(6) if step is table.SUPPLEMENT_LAPSED else november(20)
            self.set(
                status_before_supplement=(place.came_from or S.IN_TRIAGE).value,
                suspended_until=answer_by,
                got_no_reaction=step is not table.SUPPLEMENT_LAPSED,
            )
            self.question_id = self.add_question(answer_by)
        if with_clocks:
            self.runs_before = self._runs_before(step, place)
            self.add_runs(self.runs_before)
        if step is table.REFER:
            self.referral_id = self.add_offer()
        if step is table.ARCHIVE:
            self.put_on_confirmed_list()
        if step in ABOUT_A_QUESTION:
            due_on = november(6) if step is table.CONSULTATION_UNANSWERED else november(20)
            self.consultation_id = self.add_consultation(due_on=due_on)

    def move(self, place: Place) -> None:
        # Neither the day nor the clock that is due next is right: a step has to look again.
        is_over = place.status in (S.CLOSED, S.WITHDRAWN, S.ARCHIVED)
        self.set(status=place.status, due_on=date(2030, 1, 1), due_clock="K9", **(ENDED if is_over else {}))
        self.session.expire_all()

    def _runs_before(self, step: Step, place: Place) -> list[Run]:
        runs = list(table.PROPER.get(place.came_from or place.status, ()))
        left_out = {run.clock for run in runs}
        waits = place.status is S.AWAITING_SUPPLEMENT
        if waits or step.suspends:
            left_out |= table.NOT_IN_A_STATE_WITH_QUESTIONS
        if step in (table.REFUSE_PROPOSAL, table.ACCEPT_PROPOSAL) and place.status is S.PROPOSED:
            runs.append(table.EARLIER_K4)
            left_out.add(table.EARLIER_K4.clock)
        runs += [table.beside(clock) for clock in table.ALL - left_out]
        if waits:
            still = (table.STILL_SINCE, None)
            runs = [
                run._replace(due=None, still=still) if run.clock in table.SUSPENDED_BY_QUESTION else run for run in runs
            ]
        return runs

    def add_runs(self, runs: list[Run]) -> None:
        for run in runs:
            row = ClockPeriod(
                case_id=self.case_id,
                clock=run.clock,
                started_on=run.started,
                length=run.length,
                unit=run.unit,
                due_on=run.due,
                stopped_on=run.stopped,
            )
            if run.still is not None:
                row.suspensions = [ClockSuspension(from_day=run.still[0], until_day=run.still[1], reason="vraag")]
            self.session.add(row)
        self.session.flush()
        self.session.expunge_all()

    def add_proposal(self, status: ProposalStatus) -> None:
        values = {**PROPOSAL, "legal_date": november(3), "act_by": date(2027, 1, 8), "sent_on": november(6)}
        self.session.execute(insert(Proposal).values(**values, case_id=self.case_id, status=status))

    def add_consultation(self, **columns: Any) -> int:
        """A question to a ministry with its link; it has the run of K3 that the case has."""
        run = select(ClockPeriod.id).where(ClockPeriod.case_id == self.case_id, ClockPeriod.clock == C.K3)
        row = Consultation(
            case_id=self.case_id,
            ministry_id=self.world.ministry_id,
            contact_id=self.world.contact_id,
            question="Mag dit van u?",
            article="Proefwet, artikel 12",
            law_on=november(3),
            asked_by_id=self.world.handler_id,
            asked_at=datetime(2026, 11, 6, 9, 0, tzinfo=UTC),
            period_id=self.session.scalar(run),
            **columns,
        )
        self.session.add(row)
        self.session.flush()
        self.session.add(
            ConsultationLink(
                consultation_id=row.id,
                email="ambtenaar@ministerie.example",
                public_id=new_public_id(),
                nonce=new_nonce(),
                created_at=NOW,
            )
        )
        self.session.flush()
        self.session.expunge_all()
        return row.id

    def put_on_confirmed_list(self) -> None:
        """The term of the case is over, and two people agreed that its words go."""
        category = self.session.scalars(select(RetentionCategory).where(RetentionCategory.code == "antwoord")).one()
        first, second = (self.world.actors[role].account_id for role in (Role.HEAD_OF_DESK, Role.ADMINISTRATOR))
        into = DisposalList(
            disposition=Disposition.DESTROY,
            status=DisposalStatus.CONFIRMED,
            made_on=november(6),
            first_by_id=first,
            second_by_id=second,
            updated_at=NOW,
        )
        self.session.add(into)
        self.session.flush()
        term = {"case_id": self.case_id, "category_id": category.id, "ended_on": november(5), "action_on": november(6)}
        self.session.add_all([Retention(**term), DisposalCase(**term, list_id=into.id)])
        self.session.flush()
        self.session.expunge_all()

    def add_offer(self) -> int:
        """The case is offered to another organisation."""
        row = Referral(
            case_id=self.case_id,
            status=ReferralStatus.OFFERED,
            consent=ConsentSource.TELEPHONE,
            organisation="Woonloket Zwolle",
            receiver_name="De balie",
            receiver_email="balie@woonloket.example",
            reason="De gemeente beslist hier zelf over.",
            asked_by_id=self.world.handler_id,
            asked_at=NOW,
            answer_by=november(16),
            public_id=new_public_id(),
            nonce=new_nonce(),
        )
        self.session.add(row)
        self.session.flush()
        self.session.expunge_all()
        return row.id

    def _let_ministries_disagree(self) -> None:
        answered = {"status": ConsultationStatus.ANSWERED, "due_on": november(6), "ended_on": november(6)}
        first, second = (
            self.add_consultation(**answered, room=room, answer="Daarom.")
            for room in (RoomAnswer.ROOM, RoomAnswer.NO_ROOM)
        )
        self.session.add(Disagreement(case_id=self.case_id, first_id=first, second_id=second, noticed_at=NOW))
        self.session.flush()
        self.session.expunge_all()

    def add_second_look(self) -> None:
        """Another handler looks at the case again; who handled it first takes no part in these tests."""
        first = self.world.actors[Role.REPORT_AUTHOR].account_id
        self.set(first_handler_id=first, **ENDED)
        values = {"by_submitter": True, "points": ["De brief is niet gelezen."], "requested_on": november(6)}
        self.session.execute(
            insert(SecondLook).values(**values, case_id=self.case_id, requested_at=NOW, closing_handler_id=first)
        )

    def add_question(self, answer_by: date) -> int:
        statement = insert(Message).values(
            case_id=self.case_id,
            kind=MessageKind.QUESTION,
            from_desk=True,
            body="Welk plan geldt hier?",
            why="Zonder plan is er geen regel.",
            answer_by=answer_by,
            author_id=self.world.handler_id,
            written_at=datetime(2026, 11, 5, 9, 0, tzinfo=UTC),
        )
        return self.session.scalars(statement.returning(Message.id)).one()

    # --- what a step needs

    def take_away(self, sentence: str) -> None:
        """Let one fact be missing: the one of which the desk then reads this."""
        MISSING[sentence](self)
        self.session.expire_all()

    def _add_review(self) -> None:
        self.session.execute(
            insert(Review).values(
                case_id=self.case_id,
                step=EventKind.VERDICT_CHANGED,
                payload={},
                requested_by_id=self.world.actors[Role.TRIAGER].account_id,
                requested_at=NOW,
            )
        )

    def withdraw_assessments(self, *roles: AssessmentRole) -> None:
        found = update(Assessment).where(
            Assessment.case_id == self.case_id, Assessment.role.in_(roles or AssessmentRole)
        )
        self.session.execute(found.values(withdrawn_at=NOW))

    def link(self, *what: str) -> None:
        """Weigh provisions: one that offers ``room``, or that blocks and is of ``rijk``, ``eu`` or ``lokaal``."""
        make = Factory(self.session)
        for each in what:
            role = AssessmentRole.OFFERS_ROOM if each == "room" else AssessmentRole.BLOCKS
            known = self.session.scalar(select(Law).where(Law.key == each)) if each in ("eu", "lokaal") else None
            make.assessment(self.case, make.provision(known), role=role)

    def _leave_proposal_unanswered(self) -> None:
        """The submitter can still react, today."""
        self.session.execute(
            update(Proposal).where(Proposal.case_id == self.case_id).values(status=ProposalStatus.SENT)
        )
        self.set(due_on=table.TODAY, due_clock="K5")

    # --- the steps

    def taker(self, step: Step) -> str:
        """Somebody who may take the step."""
        if FOLLOWER in step.takers:
            return FOLLOWER if self.whose == RESIDENT else Role.FILER
        return next(
            who
            for who in (CALENDAR, OFFICIAL, RECEIVER, Role.HANDLER, Role.TRIAGER, Role.HEAD_OF_DESK)
            if who in step.takers
        )

    def second(self, step: Step) -> str:
        """Somebody who may agree to the step."""
        return next(who for who in (Role.REVIEWER, Role.HEAD_OF_DESK) if who in step.second)

    def take(self, step: Step, who: str | None = None, **other: Any) -> Any:
        """Take a step, or ask a second person for it.

        Args:
            other: what is filled in, where that differs from what is right.
        """
        return _ACTS[step](self, self.context(who or self.taker(step)), other)

    def take_whole(self, step: Step, **other: Any) -> None:
        """Take a step, with the second person where there must be one."""
        review = self.take(step, **other)
        if step.second:
            self.agree(review, self.second(step))

    def agree(self, review: Review, who: str = Role.REVIEWER) -> None:
        reviews.approve(self.context(who), self.reference, review.id)

    def open_review(self) -> Review:
        found = select(Review).where(Review.case_id == self.case_id, Review.status == ReviewStatus.OPEN)
        return self.session.scalars(found).one()

    def write_down(self, step: Step, who: str, received_on: date = table.TODAY) -> None:
        """Take a step for a submitter who told it by telephone."""
        said_by = self.world.actors[Role.FILER].account_id if self.whose == MUNICIPALITY else None
        told = OnBehalf(ReplyChannel.TELEPHONE, received_on, self.version, said_by)
        reaction, words = _REACTIONS[step]
        replies.write_down(self.context(who), self.reference, reaction, words, told)

    def draft(self, who: str, **data: str) -> Draft:
        """A draft that is complete but for what is given."""
        municipality_id = self.session.scalars(select(Case.municipality_id).where(Case.id == self.case_id)).one()
        given = {"mandate": "ja", "municipality_id": str(municipality_id), **FILING, **data}
        return intake.create_draft(self.context(who), given)

    # --- what became of it

    def runs(self) -> list[Run]:
        """All runs of the clocks of the case."""
        rows = self.session.execute(
            select(ClockPeriod, ClockSuspension.from_day, ClockSuspension.until_day)
            .outerjoin(ClockSuspension, ClockSuspension.period_id == ClockPeriod.id)
            .where(ClockPeriod.case_id == self.case_id)
        )
        return [
            Run(
                run.clock,
                run.started_on,
                run.length,
                run.unit,
                run.due_on,
                run.stopped_on,
                None if from_day is None else (from_day, until_day),
            )
            for run, from_day, until_day in rows
        ]

    def rows(self) -> dict[tuple[str, str], dict[str, Any]]:
        """Every row that belongs to the case, but for clocks, events and mails: by table and key, as plain values."""
        found = self.session.execute(_ROWS, {"case_id": self.case_id})
        return {(name, repr([row[key] for key in _KEYS[name]])): row for name, row in found}


_LOOKED_AT_APART = {"clock_periods", "events", "notifications", "outbox"}
_TABLES = {
    name: held.c["id" if name == "cases" else "case_id"]
    for name, held in Base.metadata.tables.items()
    if (name == "cases" or "case_id" in held.c) and name not in _LOOKED_AT_APART
}
_KEYS = {name: [key.name for key in Base.metadata.tables[name].primary_key] for name in _TABLES}
_ROWS = union_all(
    *(
        select(literal(name), func.to_jsonb(literal_column(name)))
        .select_from(of_case.table)
        .where(of_case == bindparam("case_id"))
        for name, of_case in _TABLES.items()
    )
)
MISSING: dict[str, Callable[[Stage], object]] = {
    table.HANDLER_MISSING: lambda stage: stage.set(handler_id=None),
    table.SCOPE_MISSING: lambda stage: stage.set(in_scope=None),
    table.QUESTION_OPEN: lambda stage: stage.add_question(november(20)),
    table.REVIEW_OPEN: Stage._add_review,
    table.VERDICT_UNDECIDED: lambda stage: stage.set(verdict=Verdict.UNDECIDED),
    table.NO_RULE_NAMED: Stage.withdraw_assessments,
    table.VERDICT_LOST: lambda stage: stage.set(verdict=Verdict.UNDECIDED),
    table.NO_PROVISION: Stage.withdraw_assessments,
    table.NOT_ANSWERED: Stage._leave_proposal_unanswered,
    table.TEXT_MISSING: lambda stage: stage.session.execute(
        delete(PublicText).where(PublicText.case_id == stage.case_id)
    ),
    table.RULE_NOT_ACCEPTED: lambda stage: stage.session.execute(
        delete(BottleneckCase).where(BottleneckCase.case_id == stage.case_id)
    ),
    table.DISAGREEMENT: Stage._let_ministries_disagree,
    table.OFFERED: lambda stage: stage.referral_id or stage.add_offer(),
}


def _lapse(stage: Stage, context: Context, other: dict[str, Any]) -> None:
    scheduled.run_due(context, stage.session.flush)


def _archive(stage: Stage, context: Context, other: dict[str, Any]) -> None:
    no_files = cast(FileStore, None)
    for row_id in stage.session.scalars(disposal.to_carry_out(context)).all():
        disposal.carry_out(context, no_files, row_id)


def _ask_ministry(stage: Stage, context: Context, other: dict[str, Any]) -> Consultation:
    right = {"contact_id": stage.world.contact_id, "question": "Mag dit van u?", "article": "Proefwet, artikel 12"}
    return asking.ask(context, stage.reference, stage.version, **{**right, **other})


def _verdict(stage: Stage, **other: Any) -> VerdictDecision:
    right = {
        "verdict": Verdict.OWN_AUTHORITY,
        "plain": "De gemeente mag dit zelf.",
        "legal": "Artikel 5.1 Omgevingswet.",
        "level": RuleLevel.STATE,
        "route": Route.OWN_POWER,
        "lead_ministry_id": stage.world.ministry_id,
    }
    return VerdictDecision(**{**right, **other})


_Fill = dict[str, Any]


def _conclude(stage: Stage, context: Context, outcome: SecondLookOutcome, other: _Fill) -> Review:
    right = {"answers": ["Die is nu gelezen."], "reason": "Wij lazen alles nog eens."}
    return resolution.request_second_look_outcome(
        context, stage.reference, stage.version, outcome=outcome, **{**right, **other}
    )


_ACTS: dict[Step, Callable[[Stage, Context, _Fill], Any]] = {
    table.FILE: lambda stage, context, other: intake.file_case(context, "0" * 32, 1),
    table.TAKE_IN: lambda stage, context, other: triage.take_in(context, stage.reference, stage.version),
    table.REQUEST_SUPPLEMENT: lambda stage, context, other: triage.request_supplement(
        context,
        stage.reference,
        stage.version,
        question="Welk plan geldt hier?",
        why="Zonder plan is er geen regel.",
        **{"answer_by": november(23), **other},
    ),
    table.RECEIVE_SUPPLEMENT: lambda stage, context, other: submitter.answer(
        context, stage.reference, stage.question_id, other.get("body", "Het plan van 2019.")
    ),
    table.SUPPLEMENT_LAPSED: _lapse,
    table.ARCHIVE: _archive,
    table.START_HANDLING: lambda stage, context, other: triage.request_handling(
        context, stage.reference, stage.version, _verdict(stage, **other)
    ),
    table.ANSWER_WITH_GUIDE: lambda stage, context, other: guide_answers.request_guide_answer(
        context,
        stage.reference,
        stage.version,
        plain="Dit staat al in een ruimtewijzer.",
        level=RuleLevel.MUNICIPALITY,
        **{"guide_id": stage.world.guide_id, "verdict": Verdict.PERCEIVED, **other},
    ),
    table.PROPOSE: lambda stage, context, other: resolution.request_proposal(
        context,
        stage.reference,
        stage.version,
        legal_date=november(3),
        **{"act_by": date(2027, 1, 8), **PROPOSAL, **other},
    ),
    table.ACCEPT_PROPOSAL: lambda stage, context, other: submitter.accept_proposal(
        context, stage.reference, remark="Graag."
    ),
    table.REFUSE_PROPOSAL: lambda stage, context, other: submitter.refuse_proposal(
        context, stage.reference, other.get("reason", "De gemeente werkt niet mee.")
    ),
    table.CLOSE: lambda stage, context, other: resolution.request_closing(
        context,
        stage.reference,
        stage.version,
        **{**CLOSING, "reason": "De gemeente werkt mee.", "next_step": "Vraag de vergunning aan.", **other},
    ),
    table.CLOSE_LINKED: lambda stage, context, other: bottleneck_links.request_linked_closing(
        context,
        stage.reference,
        stage.version,
        bottleneck_reference=stage.world.bottleneck.reference,
        reason="De gemeente werkt mee.",
        next_step="Vraag de vergunning aan.",
    ),
    table.CONSULT: _ask_ministry,
    table.CONSULTATION_ANSWERED: lambda stage, context, other: answering.answer(
        context, RoomAnswer.ROOM, other.get("reasons", "Het tweede lid laat dit toe.")
    ),
    table.CONSULTATION_RETURNED: lambda stage, context, other: answering.send_back(
        context, other.get("whom", "Vraag het aan de afdeling Bouw.")
    ),
    table.CONSULTATION_UNANSWERED: lambda stage, context, other: asking.note_unanswered(
        context, stage.reference, stage.version, stage.consultation_id
    ),
    table.CONSULTATION_TAKEN_BACK: lambda stage, context, other: asking.take_back(
        context, stage.reference, stage.version, stage.consultation_id
    ),
    table.REFER: lambda stage, context, other: offers.accept(context, other.get("contact", "Bel de balie.")),
    table.REOPEN: lambda stage, context, other: resolution.reopen(
        context, stage.reference, stage.version, other.get("reason", "De regel is veranderd.")
    ),
    table.ASK_SECOND_LOOK: lambda stage, context, other: second_look.ask(
        context, stage.reference, other.get("points", table.POINTS)
    ),
    table.START_SECOND_LOOK: lambda stage, context, other: resolution.start_second_look(
        context,
        stage.reference,
        stage.version,
        **{
            "reason": "Er is nieuwe rechtspraak.",
            "handler_id": stage.world.actors[Role.TRIAGER].account_id,
            **other,
        },
    ),
    table.KEEP_OUTCOME: lambda stage, context, other: _conclude(stage, context, SecondLookOutcome.KEPT, other),
    table.CHANGE_OUTCOME: lambda stage, context, other: _conclude(stage, context, SecondLookOutcome.PARTLY, other),
    table.WITHDRAW: lambda stage, context, other: submitter.withdraw(
        context, stage.reference, "Wij stoppen.", erase_contact=False
    ),
}
_REACTIONS = {
    table.RECEIVE_SUPPLEMENT: (Reaction.ANSWER, "Het plan van 2019."),
    table.ACCEPT_PROPOSAL: (Reaction.ACCEPT, "Graag."),
    table.REFUSE_PROPOSAL: (Reaction.REFUSE, "De gemeente werkt niet mee."),
    table.ASK_SECOND_LOOK: (Reaction.SECOND_LOOK, "\n".join(table.POINTS)),
}
