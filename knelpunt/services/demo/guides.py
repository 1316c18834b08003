"""What happens in the demo with ruimtewijzers: they answer, are used, and one waits for its review."""

from collections.abc import Callable
from dataclasses import replace

from knelpunt.domain.guides.track import ClaimOutcome, GuideAudience, GuideText
from knelpunt.domain.vocabulary import RuleLevel, Verdict
from knelpunt.services.demo.stage import Scene, Stage
from knelpunt.services.guides import answers as guide_answers
from knelpunt.services.guides import drafts as guide_drafts
from knelpunt.services.guides import editing as guides
from knelpunt.services.guides import timers as guide_timers
from knelpunt.services.guides import use as guide_use


class GuideActs:
    """The acts in which a case or a municipality meets a ruimtewijzer."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.acts: dict[str, Callable[[Scene], object]] = {
            "guide_answer": self._answer_case,
            "draft_guide": self._draft,
            "answered": self._answered,
            "use": self._use,
            "asked": self._asked,
            "told": self._told,
        }

    def _answer_case(self, scene: Scene) -> None:
        values = scene.values
        guide_answers.request_guide_answer(
            self._stage.by(self._stage.cast.triager, scene.now),
            scene.case.reference,
            scene.case.version,
            guide_id=self._stage.guide(values["guide"]).id,
            verdict=Verdict(values["verdict"]),
            plain=values["plain"],
            level=RuleLevel(values["level"]),
        )

    def _draft(self, scene: Scene) -> None:
        """Begin from the case, then write what fits everybody."""
        context = self._stage.by(self._stage.cast.handler, scene.now)
        guide = guide_drafts.draft_from_case(context, scene.case.reference)
        begun = guides.latest_version(context.session, guide)
        text = GuideText(**{name: getattr(begun, name) for name in GuideText.__slots__})
        audiences = tuple(GuideAudience(each) for each in begun.audiences)
        guides.save(context, guide.slug, guide.version, replace(text, audiences=audiences, **scene.values))

    def _answered(self, scene: Scene) -> None:
        guide_use.deflect(self._stage.by_itself(scene.now), scene.values["guide"])

    def _use(self, scene: Scene) -> None:
        context = self._stage.by(self._stage.cast.filer, scene.now)
        made = guide_use.claim(context, scene.values["guide"], project=scene.values["project"], starts_on=context.today)
        self._stage.uses[scene.name] = made.id

    def _asked(self, scene: Scene) -> None:
        guide_timers.ask_about_claim(self._stage.by_itself(scene.now), self._stage.uses[scene.name])

    def _told(self, scene: Scene) -> None:
        guide_use.answer_claim(
            self._stage.by(self._stage.cast.filer, scene.now),
            self._stage.uses[scene.name],
            outcome=ClaimOutcome(scene.values["outcome"]),
            reason=scene.values["reason"],
        )
