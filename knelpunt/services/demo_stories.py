"""Lets the people of the demo act on the days of a story, through the real services."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from knelpunt.adapters.demo_file import DemoCase, DemoStep
from knelpunt.domain.links import Links
from knelpunt.domain.permissions import VISITOR, Actor
from knelpunt.domain.timezone import AMSTERDAM, nl_day
from knelpunt.domain.vocabulary import ActorKind, AssessmentRole, Result, ReviewStatus, Route, RuleLevel, Verdict
from knelpunt.domain.working_days import add_working_days, is_ordinary_day
from knelpunt.models import Account, Case, Message, Review
from knelpunt.queries import history
from knelpunt.queries.reference import reference
from knelpunt.services import assessments, intake, publication, resolution, reviews, submitter, triage
from knelpunt.services.act import Act
from knelpunt.services.triage import TriageVerdict

FIRST_ACT = time(9, 15)
BETWEEN_ACTS = timedelta(minutes=20)


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays which part."""

    triager: Account
    handler: Account
    reviewer: Account
    filer: Account


@dataclass(slots=True)
class _Scene:
    """One act of one story: when it happens, about which case, with which values."""

    now: datetime
    case: Case
    values: dict[str, Any]


class Storyteller:
    """Plays stories one after another; each act gets a later moment than the one before it on the same day."""

    def __init__(self, session: Session, links: Links, now: datetime, cast: Cast) -> None:
        self._session, self._links, self._now, self._cast = session, links, now, cast
        self._known = reference(session)
        self._provision_ids = {row.key: row.id for row in history.provisions(session)}
        self._acts: dict[str, Callable[[_Scene], object]] = {
            "confirm": self._confirm,
            "assign": self._assign,
            "take_in": self._take_in,
            "link": self._link,
            "note": self._note,
            "message": self._message,
            "supplement": self._supplement,
            "answer": self._answer,
            "verdict": self._verdict,
            "approve": self._approve,
            "propose": self._propose,
            "accept": self._accept,
            "refuse": self._refuse,
            "public_text": self._public_text,
            "close": self._close,
            "preview": self._preview,
            "agree": self._agree,
            "publish": self._publish,
            "withdraw": self._withdraw,
        }

    def tell(self, stories: Sequence[DemoCase]) -> None:
        """Play all stories together in the order of time, so that numbers and events follow one another as in life.

        Raises:
            DomainError: an act that the services refuse; the story is wrong.
            KeyError: an act, a municipality or a provision that does not exist.
        """
        scenes = sorted(
            (self._moment(step, place), number, place)
            for number, story in enumerate(stories)
            for place, step in enumerate(story.story)
        )
        cases: dict[int, Case] = {}
        for now, number, place in scenes:
            step = stories[number].story[place]
            if step.do == "file":
                cases[number] = self._file(stories[number], now)
            else:
                self._acts[step.do](_Scene(now, cases[number], step.values))

    def _moment(self, step: DemoStep, place: int) -> datetime:
        """A moment in office hours, that many working days before today; never after now."""
        day, left = nl_day(self._now), step.ago
        while left > 0 or not is_ordinary_day(day):
            day -= timedelta(days=1)
            left -= is_ordinary_day(day)
        moment = datetime.combine(day, FIRST_ACT, tzinfo=AMSTERDAM) + place * BETWEEN_ACTS
        return min(moment.astimezone(UTC), self._now)

    def _by(self, account: Account, now: datetime) -> Act:
        actor = Actor(ActorKind.ACCOUNT, account.id, account.role, account.organisation_id)
        return Act(self._session, actor, now, self._links)

    def _submitter(self, scene: _Scene) -> Act:
        if scene.case.organisation_id is not None:
            return self._by(self._cast.filer, scene.now)
        actor = Actor(ActorKind.SUBMITTER_LINK, case_id=scene.case.id)
        return Act(self._session, actor, scene.now, self._links)

    def _file(self, story: DemoCase, now: datetime) -> Case:
        act = Act(self._session, VISITOR, now, self._links)
        fields = {**story.fields, "consents_seen": "ja"}
        if story.by_municipality:
            act = self._by(self._cast.filer, now)
            fields["mandate"] = "ja"
        codes = {row.code: row.id for row in self._known.municipalities.values()}
        fields["municipality_id"] = str(codes[story.municipality_code])
        draft = intake.create_draft(act, fields)
        return intake.file_case(act, draft.key, draft.version)

    def _confirm(self, scene: _Scene) -> None:
        submitter.verify_address(self._submitter(scene), scene.case)

    def _assign(self, scene: _Scene) -> None:
        act = self._by(self._cast.triager, scene.now)
        triage.assign(act, scene.case.reference, scene.case.version, self._cast.handler.id)

    def _take_in(self, scene: _Scene) -> None:
        act, case = self._by(self._cast.triager, scene.now), scene.case
        triage.set_scope(act, case.reference, case.version, in_scope=True, reason="")
        triage.take_in(act, case.reference, case.version)

    def _link(self, scene: _Scene) -> None:
        act, case, values = self._by(self._cast.triager, scene.now), scene.case, scene.values
        role = AssessmentRole(values["role"])
        if "provision" in values:
            provision_id = self._provision_ids[values["provision"]]
            assessments.link_provision(act, case.reference, case.version, provision_id, role, values["reasoning"])
        else:
            law_ids = {row.key: row.id for row in self._known.laws.values()}
            assessments.link_article(
                act,
                case.reference,
                case.version,
                law_ids[values["law"]],
                values["article"],
                role,
                values["reasoning"],
            )

    def _note(self, scene: _Scene) -> None:
        triage.add_note(self._by(self._cast.handler, scene.now), scene.case.reference, scene.values["text"])

    def _message(self, scene: _Scene) -> None:
        triage.send_message(self._by(self._cast.handler, scene.now), scene.case.reference, scene.values["text"])

    def _supplement(self, scene: _Scene) -> None:
        act, values = self._by(self._cast.handler, scene.now), scene.values
        triage.request_supplement(
            act,
            scene.case.reference,
            scene.case.version,
            question=values["question"],
            why=values["why"],
            answer_by=add_working_days(act.today, values["answer_in"]),
        )

    def _answer(self, scene: _Scene) -> None:
        question = self._session.scalars(
            select(Message.id).where(Message.case_id == scene.case.id).order_by(Message.id.desc()).limit(1)
        ).one()
        submitter.answer(self._submitter(scene), scene.case.reference, question, scene.values["text"])

    def _verdict(self, scene: _Scene) -> None:
        values = scene.values
        ministries = {row.abbreviation: row.id for row in self._known.ministries.values()}
        triage.request_handling(
            self._by(self._cast.triager, scene.now),
            scene.case.reference,
            scene.case.version,
            TriageVerdict(
                verdict=Verdict(values["verdict"]),
                plain=values["plain"],
                legal=values["legal"],
                level=RuleLevel(values["level"]),
                route=Route(values["route"]),
                lead_ministry_id=ministries[values["ministry"]],
                no_provision_reason=values.get("no_provision_reason"),
            ),
        )

    def _approve(self, scene: _Scene) -> None:
        review = self._session.scalars(
            select(Review.id).where(Review.case_id == scene.case.id, Review.status == ReviewStatus.OPEN)
        ).one()
        reviews.approve(self._by(self._cast.reviewer, scene.now), scene.case.reference, review)

    def _propose(self, scene: _Scene) -> None:
        act, values = self._by(self._cast.handler, scene.now), scene.values
        resolution.request_proposal(
            act,
            scene.case.reference,
            scene.case.version,
            text=values["text"],
            legal_basis=values["legal_basis"],
            legal_date=scene.case.law_date,
            conditions=values["conditions"],
            who_acts=values["who_acts"],
            act_by=act.today + timedelta(days=values["act_in"]),
        )

    def _accept(self, scene: _Scene) -> None:
        submitter.accept_proposal(self._submitter(scene), scene.case.reference)

    def _refuse(self, scene: _Scene) -> None:
        submitter.refuse_proposal(self._submitter(scene), scene.case.reference, scene.values["reason"])

    def _public_text(self, scene: _Scene) -> None:
        values = scene.values
        publication.save_public_text(
            self._by(self._cast.handler, scene.now),
            scene.case.reference,
            scene.case.version,
            title=values["title"],
            question=values["question"],
            answer=values["answer"],
        )

    def _close(self, scene: _Scene) -> None:
        values = scene.values
        resolution.request_closing(
            self._by(self._cast.handler, scene.now),
            scene.case.reference,
            scene.case.version,
            result=Result(values["result"]),
            reason=values["reason"],
            next_step=values["next_step"],
        )

    def _preview(self, scene: _Scene) -> None:
        act = self._by(self._cast.handler, scene.now)
        publication.start_preview(act, scene.case.reference, scene.case.version)

    def _agree(self, scene: _Scene) -> None:
        submitter.agree_to_text(self._submitter(scene), scene.case.reference)

    def _publish(self, scene: _Scene) -> None:
        publication.publish(self._by(self._cast.handler, scene.now), scene.case.reference, scene.case.version)

    def _withdraw(self, scene: _Scene) -> None:
        submitter.withdraw(self._submitter(scene), scene.case.reference, scene.values["reason"], erase_contact=False)
