"""A page and the worker that carry out one act at the same moment; on real connections."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import func, select

from knelpunt.domain.vocabulary import BulkKind, BulkOutcome
from knelpunt.extensions import db
from knelpunt.models import BulkAct, BulkCase, Message, OutboxMail
from knelpunt.services.core import events
from knelpunt.services.core.context import Context
from knelpunt.services.worklist import bulk
from knelpunt.services.worklist.bulk import Wanted
from tests.support.desk import Desk
from tests.support.factories import Factory


def test_each_case_gets_one_message_and_the_act_is_finished(own_database):
    with db.new_session() as session:
        desk = Desk(session, Factory(session))
        desk.now = desk.make.now
        cases = [desk.make.case(email=f"plein-{number}@proef.example") for number in range(12)]
        act = bulk.prepare(
            desk.context(desk.handler), Wanted(BulkKind.MESSAGE, body="Bericht."), [case.id for case in cases]
        )
        bulk.confirm(desk.context(desk.handler), act.id)
        session.commit()
        barrier, actors = Barrier(2), (desk.make.actor(desk.handler), desk.make.actor())

        def carry_out(actor):
            with db.new_session() as own:
                barrier.wait()
                bulk.carry_out(Context(own, actor, desk.now, desk.links), act.id, own.commit)

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(carry_out, actors))
        session.expire_all()
        assert session.scalar(select(func.count()).select_from(Message)) == len(cases)
        assert session.scalar(select(func.count()).select_from(OutboxMail)) == len(cases)
        outcomes = session.scalars(select(BulkCase.outcome).where(BulkCase.bulk_id == act.id)).all()
        assert set(outcomes) == {BulkOutcome.DONE}
        assert session.get_one(BulkAct, act.id).finished_at is not None
        assert events.verify(session).fault is None
