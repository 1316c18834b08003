"""Lets the people of the demo act on the days of a story, through the real services."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import select

from knelpunt.adapters.files.demo import DemoCase, DemoRule, DemoStep
from knelpunt.domain.calendar.timezone import AMSTERDAM, nl_day
from knelpunt.domain.calendar.working_days import add_working_days, is_ordinary_day
from knelpunt.domain.permissions import VISITOR
from knelpunt.domain.vocabulary import AssessmentRole, Result, ReviewStatus, Route, RuleLevel, Verdict
from knelpunt.models import Case, Message, Review
from knelpunt.services.cases import assessments, publication, resolution, reviews, triage
from knelpunt.services.cases.decisions import VerdictDecision
from knelpunt.services.core.context import Context
from knelpunt.services.demo.guides import GuideActs
from knelpunt.services.demo.outside import OutsideActs
from knelpunt.services.demo.rules import RuleActs
from knelpunt.services.demo.stage import Scene, Stage
from knelpunt.services.filing import intake
from knelpunt.services.submitters import reactions as submitter

FIRST_ACT = time(9, 15)
BETWEEN_ACTS = timedelta(minutes=20)


class Storyteller:
    """Plays stories one after another; each act gets a later moment than the one before it on the same day."""

    def __init__(self, stage: Stage, now: datetime) -> None:
        self._stage, self._now = stage, now
        self._acts: dict[str, Callable[[Scene], object]] = {
            **RuleActs(stage).acts,
            **GuideActs(stage).acts,
            **OutsideActs(stage).acts,
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

    def tell(self, cases: Sequence[DemoCase], rules: Sequence[DemoRule]) -> None:
        """Play all stories together in the order of time, so that numbers and events follow one another as in life.

        Raises:
            DomainError: an act that the services refuse; the story is wrong.
            KeyError: an act, a municipality, a provision or a name that does not exist.
        """
        stories = [case.story for case in cases] + [rule.story for rule in rules]
        scenes = sorted(
            (self._moment(step, place), number, place)
            for number, story in enumerate(stories)
            for place, step in enumerate(story)
        )
        filed: dict[int, Case] = {}
        for now, number, place in scenes:
            step = stories[number][place]
            if step.do == "file":
                filed[number] = self._file(cases[number], now)
            else:
                name = rules[number - len(cases)].name if number >= len(cases) else cases[number].fields["title"]
                self._acts[step.do](Scene(now, name, step.values, filed.get(number)))

    def _moment(self, step: DemoStep, place: int) -> datetime:
        """A moment in office hours, that many working days before today; never after now."""
        day, left = nl_day(self._now), step.ago
        while left > 0 or not is_ordinary_day(day):
            day -= timedelta(days=1)
            left -= is_ordinary_day(day)
        moment = datetime.combine(day, FIRST_ACT, tzinfo=AMSTERDAM) + place * BETWEEN_ACTS
        return min(moment.astimezone(UTC), self._now)

    def _file(self, story: DemoCase, now: datetime) -> Case:
        context = Context(self._stage.session, VISITOR, now, self._stage.links)
        fields = {**story.fields, "consents_seen": "ja"}
        if story.by == "gemeente":
            context = self._stage.by(self._stage.cast.filer, now)
            fields["mandate"] = "ja"
        codes = {row.code: row.id for row in self._stage.known.municipalities.values()}
        fields["municipality_id"] = str(codes[story.municipality])
        draft = intake.create_draft(context, fields)
        return intake.file_case(context, draft.key, draft.version)

    def _confirm(self, scene: Scene) -> None:
        submitter.verify_address(self._stage.by_submitter(scene), scene.case)

    def _assign(self, scene: Scene) -> None:
        context = self._stage.by(self._stage.cast.triager, scene.now)
        triage.assign(context, scene.case.reference, scene.case.version, self._stage.cast.handler.id)

    def _take_in(self, scene: Scene) -> None:
        context, case = self._stage.by(self._stage.cast.triager, scene.now), scene.case
        triage.set_scope(context, case.reference, case.version, in_scope=True, reason="")
        triage.take_in(context, case.reference, case.version)

    def _link(self, scene: Scene) -> None:
        context, case, values = self._stage.by(self._stage.cast.triager, scene.now), scene.case, scene.values
        role = AssessmentRole(values["role"])
        if "provision" in values:
            provision_id = self._stage.provision_id(values["provision"], case.law_date)
            assessments.link_provision(context, case.reference, case.version, provision_id, role, values["reasoning"])
        else:
            assessments.link_article(
                context,
                case.reference,
                case.version,
                self._stage.law_ids[values["law"]],
                values["article"],
                role,
                values["reasoning"],
            )

    def _note(self, scene: Scene) -> None:
        triage.add_note(self._stage.by(self._stage.cast.handler, scene.now), scene.case.reference, scene.values["text"])

    def _message(self, scene: Scene) -> None:
        triage.send_message(
            self._stage.by(self._stage.cast.handler, scene.now), scene.case.reference, scene.values["text"]
        )

    def _supplement(self, scene: Scene) -> None:
        context, values = self._stage.by(self._stage.cast.handler, scene.now), scene.values
        triage.request_supplement(
            context,
            scene.case.reference,
            scene.case.version,
            question=values["question"],
            why=values["why"],
            answer_by=add_working_days(context.today, values["answer_in"]),
        )

    def _answer(self, scene: Scene) -> None:
        question = self._stage.session.scalars(
            select(Message.id).where(Message.case_id == scene.case.id).order_by(Message.id.desc()).limit(1)
        ).one()
        submitter.answer(self._stage.by_submitter(scene), scene.case.reference, question, scene.values["text"])

    def _verdict(self, scene: Scene) -> None:
        values = scene.values
        triage.request_handling(
            self._stage.by(self._stage.cast.triager, scene.now),
            scene.case.reference,
            scene.case.version,
            VerdictDecision(
                verdict=Verdict(values["verdict"]),
                plain=values["plain"],
                legal=values["legal"],
                level=RuleLevel(values["level"]),
                route=Route(values["route"]),
                lead_ministry_id=self._stage.ministry_ids[values["ministry"]],
                no_provision_reason=values.get("no_provision_reason"),
            ),
        )

    def _approve(self, scene: Scene) -> None:
        review = self._stage.session.scalars(
            select(Review.id).where(Review.case_id == scene.case.id, Review.status == ReviewStatus.OPEN)
        ).one()
        reviews.approve(self._stage.by(self._stage.cast.reviewer, scene.now), scene.case.reference, review)

    def _propose(self, scene: Scene) -> None:
        context, values = self._stage.by(self._stage.cast.handler, scene.now), scene.values
        resolution.request_proposal(
            context,
            scene.case.reference,
            scene.case.version,
            text=values["text"],
            legal_basis=values["legal_basis"],
            legal_date=scene.case.law_date,
            conditions=values["conditions"],
            who_acts=values["who_acts"],
            act_by=context.today + timedelta(days=values["act_in"]),
        )

    def _accept(self, scene: Scene) -> None:
        submitter.accept_proposal(self._stage.by_submitter(scene), scene.case.reference)

    def _refuse(self, scene: Scene) -> None:
        submitter.refuse_proposal(self._stage.by_submitter(scene), scene.case.reference, scene.values["reason"])

    def _public_text(self, scene: Scene) -> None:
        values = scene.values
        publication.save_public_text(
            self._stage.by(self._stage.cast.handler, scene.now),
            scene.case.reference,
            scene.case.version,
            title=values["title"],
            question=values["question"],
            answer=values["answer"],
        )

    def _close(self, scene: Scene) -> None:
        values = scene.values
        resolution.request_closing(
            self._stage.by(self._stage.cast.handler, scene.now),
            scene.case.reference,
            scene.case.version,
            result=Result(values["result"]),
            reason=values["reason"],
            next_step=values["next_step"],
        )

    def _preview(self, scene: Scene) -> None:
        context = self._stage.by(self._stage.cast.handler, scene.now)
        publication.start_preview(context, scene.case.reference, scene.case.version)

    def _agree(self, scene: Scene) -> None:
        submitter.agree_to_text(self._stage.by_submitter(scene), scene.case.reference)

    def _publish(self, scene: Scene) -> None:
        publication.publish(
            self._stage.by(self._stage.cast.handler, scene.now), scene.case.reference, scene.case.version
        )

    def _withdraw(self, scene: Scene) -> None:
        submitter.withdraw(
            self._stage.by_submitter(scene), scene.case.reference, scene.values["reason"], erase_contact=False
        )
