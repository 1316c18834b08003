"""A mail that goes out or is given up while its reader acts in the case; on real connections, each its transaction."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select, text

from knelpunt.adapters.mail import Deliverer, DeliveryFailed
from knelpunt.adapters.uploads.store import FolderStore
from knelpunt.domain.links import CASE
from knelpunt.domain.mail_kinds import MailChoice
from knelpunt.domain.permissions import SYSTEM, VISITOR, Actor
from knelpunt.domain.privacy.requests import PlaceDecision, RequestChannel, RequestKind
from knelpunt.domain.vocabulary import EventKind
from knelpunt.extensions import db
from knelpunt.models import Case, Contact, DeliveryFailure, Event, OutboxMail, PrivacyPlace, RetentionCategory
from knelpunt.queries.core import cases
from knelpunt.services.archive import destruction
from knelpunt.services.core import events
from knelpunt.services.core.context import Context
from knelpunt.services.mail import delivery
from knelpunt.services.mail.delivery import MAX_ATTEMPTS, Outcome
from knelpunt.services.privacy import requests
from knelpunt.services.privacy.requests import Details
from knelpunt.services.submitters import links, mail_choices, reactions
from tests.support.desk import Desk
from tests.support.factories import Factory
from tests.support.statements import counted

LONGEST = 30
"""So many seconds an act may take; the database ends what waits in a circle after one."""


class Refusing:
    def deliver(self, _mail: object) -> None:
        raise DeliveryFailed("no", is_server_away=False)


class KnowsNobody:
    def deliver(self, _mail: object) -> None:
        raise DeliveryFailed("no", is_server_away=False, is_address_gone=True, code="5.1.1")


class Taking:
    """A mail server that takes a mail while something else happens."""

    def __init__(self, begun: list[Future[None]], begin: Callable[[], Future[None]]) -> None:
        self.begun, self.begin = begun, begin

    def deliver(self, _mail: object) -> None:
        self.begun.append(self.begin())
        until_it_waits(self.begun[0])


class Place:
    """A case of which one mail is due for the last time."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.case = desk, desk.file()
        self.mail = desk.session.scalars(select(OutboxMail).where(OutboxMail.case_id == self.case.id)).first()
        others = select(OutboxMail).where(OutboxMail.id != self.mail.id)
        for other in desk.session.scalars(others):
            other.sent_at = desk.now
        self.mail.attempts = MAX_ATTEMPTS - 1
        contact = desk.session.get_one(Contact, self.case.id)
        contact.undelivered_at = desk.now
        self.mail.to_address, self.mail.account_id = contact.email, None
        desk.session.commit()

    def try_last(self, later: timedelta = timedelta(), server: Deliverer | None = None) -> Outcome | None:
        with db.new_session() as own:
            context = Context(own, SYSTEM, self.desk.now + later, self.desk.links)
            done = delivery.deliver_next(context, server or Refusing())
            own.commit()
            return done.outcome if done is not None else None

    def sent_while(self, act: Callable[[Context], object], actor: Actor) -> Outcome | None:
        """The mail goes out well, and somebody acts while the mail server has it."""

        def acts() -> None:
            with db.new_session() as own:
                act(Context(own, actor, self.desk.now, self.desk.links))
                own.commit()

        begun: list[Future[None]] = []
        with ThreadPoolExecutor(1) as pool:
            done = self.try_last(server=Taking(begun, lambda: pool.submit(acts)))
            begun[0].result(LONGEST)
        return done

    def contact_after(self) -> Contact:
        """The contact, once the mail stands as given up and as one that reached nobody."""
        with db.new_session() as own:
            assert own.get_one(OutboxMail, self.mail.id).gave_up_at is not None
            assert own.scalars(select(DeliveryFailure.mail_id)).all() == [self.mail.id]
            return own.get_one(Contact, self.case.id)


@pytest.fixture
def place(own_database) -> Iterator[Place]:
    with db.new_session() as session:
        yield Place(Desk(session, Factory(session)))


def until_it_waits(work: Future[Any]) -> None:
    """Go on when it waits for somebody, or is ready."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    with db.new_session() as watching:
        for _ in range(500):
            if work.done() or watching.scalar(waiting):
                break
            watching.rollback()
            time.sleep(0.02)


@contextmanager
def giving_up(place: Place) -> Iterator[Future[Outcome | None]]:
    """The worker tries it for the last time; goes on when it waits for somebody, or is ready."""
    with ThreadPoolExecutor(1) as pool:
        work = pool.submit(place.try_last)
        until_it_waits(work)
        yield work


def test_a_mail_is_given_up_while_its_submitter_confirms_the_address(place):
    with db.new_session() as own:
        context = Context(own, place.desk.follower(place.case).actor, place.desk.now, place.desk.links)
        cases.get_for_update(own, place.case.reference)
        with giving_up(place) as work:
            links.confirm_address(context, place.case.reference)
            own.commit()
            assert work.result(LONGEST) is Outcome.POSTPONED
    assert place.try_last() is None
    assert place.try_last(timedelta(minutes=1)) is Outcome.GAVE_UP
    assert place.contact_after().verified_at is not None


def test_a_mail_is_given_up_while_its_reader_stops_such_mails(place, monkeypatch):
    token = place.desk.links.unsubscribe(CASE, place.case.id).split("/")[-2]
    given_up = []

    def record(context, *args, **kwargs):
        context.session.flush()
        with giving_up(place) as work:
            events.record(context, *args, **kwargs)
            context.session.commit()
            given_up.append(work.result(LONGEST))

    monkeypatch.setattr(mail_choices, "events", SimpleNamespace(record=record))
    with db.new_session() as own:
        mail_choices.stop(Context(own, VISITOR, place.desk.now, place.desk.links), token)
    assert given_up == [Outcome.POSTPONED]
    assert place.try_last(timedelta(minutes=1)) is Outcome.GAVE_UP
    assert place.contact_after().mail_choice is MailChoice.NEEDED


@pytest.mark.parametrize("how", ["erase", "withdraw"])
def test_a_mail_goes_out_while_the_contact_of_its_reader_is_erased(place, how):
    follower, reference = place.desk.follower(place.case).actor, place.case.reference

    def act(context: Context) -> None:
        if how == "erase":
            reactions.erase_contact(context, reference)
        else:
            reactions.withdraw(context, reference, "", erase_contact=True)

    assert place.sent_while(act, follower) is Outcome.SENT
    with db.new_session() as own:
        mail = own.get_one(OutboxMail, place.mail.id)
        assert mail.sent_at is not None
        assert (mail.to_address, mail.body) == (None, None), "what went out meanwhile is emptied too"
        assert own.get_one(Contact, place.case.id).erased_at is not None


def test_a_mail_goes_out_while_its_reader_is_forgotten_on_request(place, tmp_path):
    desk, files = place.desk, FolderStore(tmp_path)
    contact = desk.session.get_one(Contact, place.case.id)
    who = Details("Ziva Zwanenbrug", email=contact.email or "")
    head = desk.make.head_of_desk()
    context = desk.context(head)
    asked = requests.write_down(context, RequestKind.ERASURE, RequestChannel.LETTER, who, "Wis alles.", desk.today)
    requests.check_identity(context, asked.id, asked.version, "Gebeld.", who)
    requests.search(context, files, asked.id, asked.version)
    found = desk.session.scalars(select(PrivacyPlace)).all()
    chosen = [(each.id, PlaceDecision.TAKE_AWAY, None) for each in found]
    requests.decide_places(context, asked.id, asked.version, chosen)
    desk.session.commit()
    assert "contacts" in {each.table_name for each in found}, "an address that nobody confirmed, so in no own case"

    def act(context: Context) -> None:
        requests.carry_out(context, files, asked.id, asked.version, "Alles is weg.")

    assert place.sent_while(act, context.actor) is Outcome.SENT
    with db.new_session() as own:
        mail = own.get_one(OutboxMail, place.mail.id)
        assert (mail.sent_at is not None, mail.to_address, mail.body) == (True, None, None)
        assert own.get_one(Contact, place.case.id).email is None


def test_a_mail_goes_out_while_the_words_of_its_case_are_destroyed(place, tmp_path):
    case_id = place.case.id

    def act(context: Context) -> None:
        category = context.session.scalars(select(RetentionCategory).limit(1)).one()
        case = cases.get_by_id_for_update(context.session, case_id)
        destruction.take_words_away(context, FolderStore(tmp_path), case, category)

    assert place.sent_while(act, SYSTEM) is Outcome.SENT
    with db.new_session() as own:
        mail = own.get_one(OutboxMail, place.mail.id)
        assert (mail.sent_at is not None, mail.to_address, mail.body) == (True, None, None)


def test_giving_a_mail_up_locks_its_case_once(place):
    with db.new_session() as own, counted(own.connection()) as sent:
        context = Context(own, SYSTEM, place.desk.now, place.desk.links)
        done = delivery.deliver_next(context, Refusing())
        assert done is not None and done.outcome is Outcome.GAVE_UP
        locks = [each for each in sent if "FROM cases" in each and "FOR UPDATE" in each]
        assert len(locks) == 1, locks
        own.commit()
    assert place.contact_after().undelivered_at is not None


def another_case(place: Place) -> Case:
    """A second case of the same address, of which one mail is due for the last time as well."""
    session = place.desk.session
    case = place.desk.file()
    mails = session.scalars(select(OutboxMail).where(OutboxMail.case_id == case.id).order_by(OutboxMail.id)).all()
    for each in mails[1:]:
        each.sent_at = place.desk.now
    mails[0].attempts = MAX_ATTEMPTS - 1
    session.commit()
    return case


def test_an_address_is_marked_past_a_case_in_which_somebody_works(place):
    other = another_case(place)
    with ThreadPoolExecutor(1) as pool, db.new_session() as own:  # which lets go of the case first
        cases.get_for_update(own, other.reference)
        assert pool.submit(place.try_last, server=KnowsNobody()).result(LONGEST) is Outcome.GAVE_UP
    with db.new_session() as own:
        assert own.get_one(Contact, place.case.id).gone_at is not None
        assert own.get_one(Contact, other.id).gone_at is None, "a next mail to it comes back too, and marks it"


def test_two_workers_mark_one_address_at_once(place):
    other = another_case(place)
    with ThreadPoolExecutor(2) as pool:
        done = [pool.submit(place.try_last, server=KnowsNobody()) for _ in range(2)]
        assert {each.result(LONGEST) for each in done} <= {Outcome.GAVE_UP, Outcome.POSTPONED}
    while place.try_last(timedelta(minutes=1), KnowsNobody()) is not None:
        pass
    with db.new_session() as own:
        marks = [own.get_one(Contact, each.id).gone_at for each in (place.case, other)]
        assert None not in marks
        told = select(Event.case_id).where(Event.kind == EventKind.ADDRESS_GONE)
        assert sorted(own.scalars(told)) == sorted((place.case.id, other.id))
        assert sorted(own.scalars(select(DeliveryFailure.case_id))) == sorted((place.case.id, other.id))
        assert events.verify(own).fault is None
