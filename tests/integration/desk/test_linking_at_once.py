"""Two handlers who link two cases to each other at the same moment; on real connections."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import func, select

from knelpunt.domain.errors import DomainError
from knelpunt.domain.vocabulary import CaseLinkKind
from knelpunt.extensions import db
from knelpunt.models import CaseLink
from knelpunt.services.cases import related
from knelpunt.services.core import events
from knelpunt.services.core.context import Context
from tests.support.desk import Desk
from tests.support.factories import Factory


def test_two_cases_are_linked_once_from_both_sides(own_database):
    with db.new_session() as session:
        desk = Desk(session, Factory(session))
        actor = desk.make.actor(desk.handler)
        for kind in (CaseLinkKind.SAME_RULE, CaseLinkKind.FOLLOW_UP, CaseLinkKind.SAME_PROJECT):
            one, other = desk.file(), desk.file()
            session.commit()
            sides = ((one.reference, one.version, other.reference), (other.reference, other.version, one.reference))
            barrier = Barrier(2)

            def link(side, kind=kind, barrier=barrier):
                with db.new_session() as own:
                    barrier.wait()
                    try:
                        related.link(Context(own, actor, desk.now, desk.links), *side, kind)
                        own.commit()
                    except DomainError as error:
                        own.rollback()
                        return error.message
                    return None

            with ThreadPoolExecutor(2) as pool:
                refused = [words for words in pool.map(link, sides) if words]
            assert refused == ["Deze zaken zijn al gekoppeld."]
        assert session.scalar(select(func.count()).select_from(CaseLink)) == 3
        assert events.verify(session).fault is None
