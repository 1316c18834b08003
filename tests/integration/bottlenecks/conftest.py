"""A desk, an owner of rule bottlenecks, and a bottleneck that was just signalled."""

from dataclasses import dataclass

import pytest
from sqlalchemy.orm import Session

from knelpunt.domain.vocabulary import AssessmentRole, Role
from knelpunt.models import Account, Bottleneck, Case, Organisation
from knelpunt.services.bottlenecks import track as bottlenecks
from knelpunt.services.bottlenecks.track import News
from tests.support.desk import Desk
from tests.support.factories import Factory


@dataclass
class Track:
    """The people round a bottleneck, and the bottleneck."""

    desk: Desk
    owner: Account
    head: Account
    ministry: Organisation
    bottleneck: Bottleneck

    def analyse(self) -> None:
        bottlenecks.analyse(
            self.desk.context(self.head),
            self.bottleneck.reference,
            self.bottleneck.version,
            ministry_id=self.ministry.id,
            owner_id=self.owner.id,
            news=News("Het ministerie zoekt uit wat er kan."),
        )

    def another(self, title: str = "Een tweede regel") -> Bottleneck:
        """One more that was just signalled."""
        made = bottlenecks.signal(
            self.desk.context(self.desk.triager),
            title=title,
            problem="Deze knelt ook.",
            provisions=[(self.desk.make.provision(self.desk.law).id, AssessmentRole.BLOCKS)],
            body="Wij zoeken het uit.",
        )
        self.desk.session.commit()
        return made

    def case(self, status: str = "in_behandeling") -> Case:
        return self.desk.bring(status)


@pytest.fixture
def track(session: Session, make: Factory) -> Track:
    desk = Desk(session, make)
    ministry = make.ministry()
    bottleneck = bottlenecks.signal(
        desk.context(desk.triager),
        title="De regel voor tijdelijke woningen",
        problem="De termijn van tien jaar is te kort om de kosten terug te verdienen.",
        provisions=[(make.provision(desk.law).id, AssessmentRole.BLOCKS)],
        body="Drie gemeenten lopen tegen dezelfde termijn aan.",
    )
    return Track(desk, make.account(Role.BOTTLENECK_OWNER), make.head_of_desk(), ministry, bottleneck)
