"""What happens in the demo outside the desk: ministries and another organisation are asked, a second look begins."""

from collections.abc import Callable

from sqlalchemy import select

from knelpunt.domain.permissions import Actor
from knelpunt.domain.vocabulary import ActorKind, ConsentSource, RoomAnswer
from knelpunt.models import Consultation, ConsultationLink, MinistryContact
from knelpunt.services.consultations import answering, asking
from knelpunt.services.demo.stage import Scene, Stage
from knelpunt.services.referrals import offers
from knelpunt.services.submitters import second_look


class OutsideActs:
    """The acts in which a case goes out of the desk, or comes back to it."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.acts: dict[str, Callable[[Scene], object]] = {
            "consult": self._consult,
            "consulted": self._consulted,
            "offer": self._offer,
            "second_look": self._second_look,
        }

    def _consult(self, scene: Scene) -> None:
        values = scene.values
        contact_id = self._stage.session.scalars(
            select(MinistryContact.id).where(
                MinistryContact.ministry_id == self._stage.ministry_ids[values["ministry"]],
                MinistryContact.is_fallback,
                MinistryContact.ended_on.is_(None),
            )
        ).one()
        asking.ask(
            self._stage.by(self._stage.cast.handler, scene.now),
            scene.case.reference,
            scene.case.version,
            contact_id=contact_id,
            question=values["question"],
            article=values["article"],
        )

    def _consulted(self, scene: Scene) -> None:
        """The ministry that was asked last answers, by the link in its mail."""
        link_id = self._stage.session.scalars(
            select(ConsultationLink.id)
            .join(Consultation, Consultation.id == ConsultationLink.consultation_id)
            .where(Consultation.case_id == scene.case.id)
            .order_by(ConsultationLink.id.desc())
            .limit(1)
        ).one()
        official = Actor(ActorKind.ANSWER_LINK, consultation_link_id=link_id)
        answering.answer(
            self._stage.as_(official, scene.now), RoomAnswer(scene.values["room"]), scene.values["reasons"]
        )

    def _offer(self, scene: Scene) -> None:
        values = scene.values
        offers.offer(
            self._stage.by(self._stage.cast.triager, scene.now),
            scene.case.reference,
            scene.case.version,
            organisation=values["organisation"],
            receiver_name=values["receiver_name"],
            receiver_email=values["receiver_email"],
            reason=values["reason"],
            consent=ConsentSource(values["consent"]),
        )

    def _second_look(self, scene: Scene) -> None:
        second_look.ask(self._stage.by_submitter(scene), scene.case.reference, scene.values["points"])
