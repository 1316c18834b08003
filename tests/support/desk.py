"""The people round a case as tests need them: acts by different people at chosen moments, through the real services."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy.orm import Session

from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.domain.links import Links
from knelpunt.domain.permissions import SYSTEM, VISITOR, Actor
from knelpunt.domain.vocabulary import ActorKind, AssessmentRole, Result, Route, RuleLevel, Verdict
from knelpunt.models import Account, Assessment, Case
from knelpunt.services.cases import publication, resolution, reviews, triage
from knelpunt.services.cases.decisions import VerdictDecision
from knelpunt.services.core.context import Context
from knelpunt.services.filing import intake
from knelpunt.services.submitters import reactions as submitter
from tests.support.factories import Factory

FILED_AT = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
"""A Tuesday in a stretch without holidays."""
FILING = {
    "title": "Buurthuis in een leeg schoolgebouw",
    "description": "Wij willen een buurthuis beginnen. De gemeente zegt dat het bestemmingsplan het verbiedt.",
    "theme": "anders",
    "contact_email": "initiatief@proef.example",
    "consents_seen": "ja",
    "may_publish": "ja",
}
PROPOSAL = {
    "text": "De gemeente kan tijdelijk afwijken van het omgevingsplan.",
    "legal_basis": "Omgevingswet, artikel 5.1",
    "conditions": "Vraag een omgevingsvergunning aan.",
    "who_acts": "Uw initiatief, samen met de gemeente",
}
CLOSING = {
    "result": Result.WITH_ONTHEFFING,
    "reason": "De gemeente werkt mee met een tijdelijke vergunning.",
    "next_step": "Vraag de vergunning aan bij de gemeente.",
}


class Desk:
    """The people round one case, and the moment on which they act."""

    def __init__(self, session: Session, make: Factory) -> None:
        self.session, self.make, self.now = session, make, FILED_AT
        self.links = Links("http://localhost", "a key for the tests of the main line")
        ministry = make.ministry()
        self.triager, self.reviewer = make.triager(organisation=ministry), make.reviewer(organisation=ministry)
        self.handler = make.handler(organisation=ministry)
        self.ministry = ministry
        self.law = make.law()
        """The law that the cases of this desk are about."""

    def context(self, account: Account) -> Context:
        return Context(self.session, self.make.actor(account), self.now, self.links)

    def as_(self, actor: Actor) -> Context:
        return Context(self.session, actor, self.now, self.links)

    def follower(self, case: Case) -> Context:
        return self.as_(Actor(ActorKind.SUBMITTER_LINK, case_id=case.id))

    @property
    def system(self) -> Context:
        return self.as_(SYSTEM)

    @property
    def today(self) -> date:
        """The day in the Netherlands, which the pages reckon with; after 23:00 UTC it is another one than in UTC."""
        return nl_day(self.now)

    def later(self, days: int) -> "Desk":
        self.now += timedelta(days=days)
        return self

    def file(self, **data: str) -> Case:
        municipality = self.make.municipality()
        context = self.as_(VISITOR)
        draft = intake.create_draft(context, {"municipality_id": str(municipality.id), **FILING, **data})
        return intake.file_case(context, draft.key, draft.version)

    def take_in(self, case: Case) -> None:
        context = self.context(self.triager)
        triage.assign(context, case.reference, case.version, self.handler.id)
        triage.set_scope(context, case.reference, case.version, in_scope=True, reason="")
        triage.take_in(context, case.reference, case.version)

    def weigh(self, case: Case, role: AssessmentRole = AssessmentRole.OFFERS_ROOM) -> Assessment:
        return self.make.assessment(
            case, self.make.provision(self.law), role=role, author_id=self.handler.id, made_at=self.now
        )

    def ask_verdict(self, case: Case, verdict: Verdict = Verdict.BY_ONTHEFFING_OR_EXPERIMENT):
        return triage.request_handling(
            self.context(self.triager),
            case.reference,
            case.version,
            VerdictDecision(
                verdict,
                plain="Het kan met een vergunning.",
                legal="Afwijken kan.",
                level=RuleLevel.MUNICIPALITY,
                route=Route.ONTHEFFING,
            ),
        )

    def start_handling(self, case: Case, verdict: Verdict = Verdict.BY_ONTHEFFING_OR_EXPERIMENT) -> None:
        review = self.ask_verdict(case, verdict)
        reviews.approve(self.context(self.reviewer), case.reference, review.id)

    def ask_proposal(self, case: Case):
        return resolution.request_proposal(
            self.context(self.handler),
            case.reference,
            case.version,
            legal_date=case.law_date,
            act_by=self.today + timedelta(days=60),
            **PROPOSAL,
        )

    def propose(self, case: Case) -> None:
        reviews.approve(self.context(self.reviewer), case.reference, self.ask_proposal(case).id)

    def write_public_text(self, case: Case, **texts: str) -> None:
        publication.save_public_text(
            self.context(self.handler),
            case.reference,
            case.version,
            **{
                "title": "Buurthuis in een oude school",
                "question": "Mag een buurthuis in een leeg schoolgebouw?",
                "answer": "Ja, met een tijdelijke vergunning.",
                **texts,
            },
        )

    def ask_closing(self, case: Case, **texts: str):
        closing = {**CLOSING, **texts}
        return resolution.request_closing(self.context(self.handler), case.reference, case.version, **closing)

    def close(self, case: Case) -> None:
        submitter.accept_proposal(self.follower(case), case.reference)
        self.close_accepted(case)

    def close_accepted(self, case: Case, **texts: str) -> None:
        self.write_public_text(case, **texts)
        reviews.approve(self.context(self.reviewer), case.reference, self.ask_closing(case).id)

    def bring(self, status: str) -> Case:
        """A case that went to this state by the main line."""
        case = self.file()
        path = [
            ("in_triage", self.take_in),
            ("in_behandeling", lambda each: (self.weigh(each), self.start_handling(each))),
            ("voorstel", self.propose),
            ("afgesloten", self.close),
        ]
        for reached, go in path:
            if case.status == status:
                break
            go(case)
            assert case.status == reached
        assert case.status == status
        return case
