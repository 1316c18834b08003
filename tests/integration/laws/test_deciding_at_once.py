"""Two triagers who decide on everything that a change of the law may touch at the same moment; on real connections."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import func, select

from knelpunt.domain.errors import DomainError
from knelpunt.domain.laws.changes import LawChangeKind, TouchStatus
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.vocabulary import CaseStatus
from knelpunt.extensions import db
from knelpunt.models import LawChangeTouch, OutboxMail
from knelpunt.services.core import events
from knelpunt.services.core.context import Context
from knelpunt.services.laws import changes as law_changes
from tests.support.desk import Desk
from tests.support.factories import Factory

CASES = 6


def test_each_case_is_decided_once_and_told_once(own_database):
    with db.new_session() as session:
        desk = Desk(session, Factory(session))
        make = desk.make
        provision = make.provision()
        for number in range(CASES):
            case = make.case(CaseStatus.IN_HANDLING, email=f"groep-{number}@proef.example")
            make.follow_link(case)
            make.assessment(case, provision)
        change = law_changes.note_by_hand(
            desk.context(desk.triager),
            law_id=provision.law_id,
            provision_id=provision.id,
            kind=LawChangeKind.AMENDED,
            on_day=None,
            summary="De termijn wordt langer.",
            source="https://zoek.officielebekendmakingen.nl/",
        )
        last_id = session.scalar(select(func.max(LawChangeTouch.id)).where(LawChangeTouch.change_id == change.id))
        actors = [make.actor(desk.triager), make.actor(make.triager())]
        session.commit()
        barrier = Barrier(2)

        def decide(actor):
            with db.new_session() as own:
                context = Context(own, actor, desk.now, desk.links)
                barrier.wait()
                try:
                    number = law_changes.confirm_waiting(
                        context, change.id, last_id, meaning="Het kan nu.", reopen=False
                    )
                    own.commit()
                except DomainError as error:
                    own.rollback()
                    assert error.message == law_changes.DECIDED_ALREADY
                    return 0
                return number

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(decide, actors)) == [0, CASES]
        statuses = select(LawChangeTouch.status).where(LawChangeTouch.change_id == change.id)
        assert session.scalars(statuses).all() == [TouchStatus.CONFIRMED] * CASES
        told = select(func.count()).select_from(OutboxMail).where(OutboxMail.kind == MailKind.RULE_CHANGED)
        assert session.scalar(told) == CASES
        assert events.verify(session).fault is None
