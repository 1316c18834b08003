"""What happens in the demo to rule bottlenecks, to the law, and to the cases under them, through the real services."""

from collections.abc import Callable
from datetime import date

from sqlalchemy import ColumnElement, select

from knelpunt.domain.bottlenecks import BottleneckChoice, BottleneckStep
from knelpunt.domain.laws.changes import LawChangeKind, TouchStatus
from knelpunt.domain.suggestions.feedback import RefusalReason
from knelpunt.domain.vocabulary import AssessmentRole
from knelpunt.models import LawChange, LawChangeTouch
from knelpunt.services.bottlenecks import links as bottleneck_links
from knelpunt.services.bottlenecks import reviews
from knelpunt.services.bottlenecks import track as bottlenecks
from knelpunt.services.bottlenecks.reviews import Filled
from knelpunt.services.bottlenecks.track import News
from knelpunt.services.demo.stage import Scene, Stage
from knelpunt.services.laws import changes as law_changes
from knelpunt.services.suggestions import feedback


class RuleActs:
    """The acts in which a rule moves, or a case meets one."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.acts: dict[str, Callable[[Scene], object]] = {
            "suggest_yes": self._suggest_yes,
            "suggest_no": self._suggest_no,
            "signal": self._signal,
            "analyse": self._analyse,
            "choose": self._choose,
            "prepare": lambda scene: self._move(scene, BottleneckStep.PREPARE),
            "report": lambda scene: self._move(scene, BottleneckStep.REPORT),
            "in_force": self._in_force,
            "under_rule": self._under_rule,
            "taken_in": self._taken_in,
            "close_linked": self._close_linked,
            "law_change": self._law_change,
            "touched": self._touched,
            "guide_touched": self._guide_touched,
        }

    def _suggest_yes(self, scene: Scene) -> None:
        values = scene.values
        feedback.confirm_provision(
            self._stage.by(self._stage.cast.triager, scene.now),
            scene.case.reference,
            scene.case.version,
            self._stage.provision_ids[values["provision"]],
            AssessmentRole(values["role"]),
            values["reasoning"],
            rank=values["rank"],
        )

    def _suggest_no(self, scene: Scene) -> None:
        values = scene.values
        feedback.refuse(
            self._stage.by(self._stage.cast.triager, scene.now),
            scene.case.reference,
            self._stage.law_ids[values["law"]],
            self._stage.provision_ids[values["provision"]] if "provision" in values else None,
            RefusalReason(values["reason"]),
            rank=values["rank"],
        )

    def _signal(self, scene: Scene) -> None:
        values = scene.values
        self._stage.bottlenecks[scene.name] = bottlenecks.signal(
            self._stage.by(self._stage.cast.triager, scene.now),
            title=values["title"],
            problem=values["problem"],
            provisions=[
                (self._stage.provision_ids[key], AssessmentRole(role)) for key, role in values["provisions"].items()
            ],
            body=values["body"],
        )

    def _analyse(self, scene: Scene) -> None:
        bottleneck = self._stage.bottlenecks[scene.name]
        bottlenecks.analyse(
            self._stage.by(self._stage.cast.head, scene.now),
            bottleneck.reference,
            bottleneck.version,
            ministry_id=self._stage.ministry_ids[scene.values["ministry"]],
            owner_id=self._stage.cast.owner.id,
            news=_news(scene),
        )

    def _choose(self, scene: Scene) -> None:
        bottleneck = self._stage.bottlenecks[scene.name]
        bottlenecks.choose(
            self._stage.by(self._stage.cast.owner, scene.now),
            bottleneck.reference,
            bottleneck.version,
            choice=BottleneckChoice(scene.values["choice"]),
            reason=scene.values["reason"],
            news=_news(scene),
        )

    def _move(self, scene: Scene, step: BottleneckStep) -> None:
        bottleneck = self._stage.bottlenecks[scene.name]
        context = self._stage.by(self._stage.cast.owner, scene.now)
        bottlenecks.move(context, bottleneck.reference, bottleneck.version, step, _news(scene))

    def _in_force(self, scene: Scene) -> None:
        bottleneck = self._stage.bottlenecks[scene.name]
        context, news = self._stage.by(self._stage.cast.owner, scene.now), _news(scene)
        filled = Filled(
            body=news.body,
            source_url=news.source_url,
            waiting_for=news.waiting_for,
            provision_id=self._stage.provision_ids[scene.values["provision"]],
            in_force_on=context.today,
        )
        asked = reviews.ask(context, bottleneck.reference, bottleneck.version, BottleneckStep.BRING_INTO_FORCE, filled)
        reviews.approve(self._stage.by(self._stage.cast.reviewer, scene.now), asked.id)

    def _under_rule(self, scene: Scene) -> None:
        bottleneck_links.propose_link(
            self._stage.by(self._stage.cast.handler, scene.now),
            scene.case.reference,
            scene.case.version,
            self._stage.bottlenecks[scene.values["bottleneck"]].reference,
            scene.values.get("why", ""),
        )

    def _taken_in(self, scene: Scene) -> None:
        bottleneck_links.decide_link(
            self._stage.by(self._stage.cast.owner, scene.now),
            self._stage.bottlenecks[scene.values["bottleneck"]].reference,
            scene.case.reference,
            accepted=True,
        )

    def _close_linked(self, scene: Scene) -> None:
        values = scene.values
        bottleneck_links.request_linked_closing(
            self._stage.by(self._stage.cast.handler, scene.now),
            scene.case.reference,
            scene.case.version,
            bottleneck_reference=self._stage.bottlenecks[values["bottleneck"]].reference,
            reason=values["reason"],
            next_step=values["next_step"],
        )

    def _law_change(self, scene: Scene) -> None:
        values = scene.values
        law_changes.note_by_hand(
            self._stage.by(self._stage.cast.triager, scene.now),
            law_id=self._stage.law_ids[values["law"]],
            provision_id=None,
            kind=LawChangeKind(values["kind"]),
            on_day=date.fromisoformat(values["on"]),
            summary=values["summary"],
            source=values["source"],
        )

    def _touched(self, scene: Scene) -> None:
        """The change by which a rule bottleneck came into force touches this case."""
        values = scene.values
        is_case = LawChangeTouch.case_id == scene.case.id
        self._confirm(scene, values["bottleneck"], is_case, values["meaning"], reopen=values["reopen"])

    def _guide_touched(self, scene: Scene) -> None:
        """It touches a ruimtewijzer, which has to be looked at again."""
        is_guide = LawChangeTouch.guide_id == self._stage.guide(scene.values["guide"]).id
        self._confirm(scene, scene.name, is_guide, "", reopen=False)

    def _confirm(
        self, scene: Scene, bottleneck: str, wanted: ColumnElement[bool], meaning: str, *, reopen: bool
    ) -> None:
        touch = self._stage.session.execute(
            select(LawChangeTouch.change_id, LawChangeTouch.id)
            .join(LawChange, LawChange.id == LawChangeTouch.change_id)
            .where(
                LawChange.bottleneck_id == self._stage.bottlenecks[bottleneck].id,
                LawChangeTouch.status == TouchStatus.OPEN,
                wanted,
            )
        ).one()
        context = self._stage.by(self._stage.cast.triager, scene.now)
        law_changes.confirm(context, touch.change_id, [touch.id], meaning=meaning, reopen=reopen)


def _news(scene: Scene) -> News:
    return News(scene.values["body"], scene.values.get("source"), scene.values.get("waiting_for"))
