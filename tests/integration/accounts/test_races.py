"""What several people, or one in a hurry, do at the same moment; on real connections."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knelpunt.adapters.passwords import hash_password
from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.domain.errors import DomainError, NotFound
from knelpunt.domain.identity.claims import SignOnRuleStatus
from knelpunt.domain.links import Links
from knelpunt.domain.permissions import SYSTEM, Actor
from knelpunt.domain.vocabulary import ActorKind, Role
from knelpunt.extensions import db
from knelpunt.models import (
    Account,
    AccountToken,
    Event,
    Invitation,
    LeaveCover,
    LoginAttempt,
    LoginSession,
    SignOnIdentity,
    SignOnRule,
    TotpFactor,
)
from knelpunt.services import accounts
from knelpunt.services.accounts import leave
from knelpunt.services.accounts.identity import factors, sign_on
from knelpunt.services.accounts.identity.sign_on import Visitor
from knelpunt.services.accounts.sessions import Browser
from knelpunt.services.core.context import Context
from tests.support.factories import Factory

PASSWORD = "vier losse woorden samen"
LINKS = Links("http://localhost", "k" * 32)


@pytest.fixture
def make(own_database):
    """Rows that all connections see."""
    with db.new_session() as session:
        yield Factory(session)


def act_in(session: Session, actor: Actor = SYSTEM) -> Context:
    return Context(session, actor, datetime.now(UTC), LINKS)


def at_once(count: int, work: Callable[[Session, int], Any]) -> list[Any]:
    """Run the work in so many threads that start together; what each gave, or the error that stopped it."""
    barrier = Barrier(count)

    def one(number: int) -> Any:
        with db.new_session() as session:
            barrier.wait()
            try:
                given = work(session, number)
                session.commit()
            except DomainError as error:
                session.rollback()
                return error
            return given

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def test_simultaneous_guesses_do_not_slip_through_together(make):
    for _ in range(3):
        tickets = at_once(8, lambda session, _n: accounts.count_login(session, "a@b.nl", "192.0.2.1", make.now))
        assert len(tickets) == 8
    with db.new_session() as session:
        assert not accounts.count_login(session, "a@b.nl", "192.0.2.1", make.now).account_allowed
        counted = session.scalar(select(func.count()).where(LoginAttempt.key.startswith("account:")))
    assert counted == 10


def test_a_log_in_beside_the_setting_up_of_a_second_factor_waits_and_asks_for_it(make):
    account = make.filer(email="traag@gemeente.example", password_hash=hash_password(PASSWORD.encode()))
    make.session.commit()

    def log_in():
        with db.new_session() as session:
            ticket = accounts.count_login(session, account.email, "192.0.2.1", make.now)
            session.commit()
            accounts.authenticate(act_in(session), account.email, PASSWORD, ticket)
            session.commit()

    with ThreadPoolExecutor(1) as pool, db.new_session() as session:
        factors.lock(act_in(session), account.id)
        session.add(TotpFactor(account_id=account.id, sealed_secret="x", created_at=make.now))
        session.flush()
        logged_in = pool.submit(log_in)
        with pytest.raises(FutureTimeout):
            logged_in.result(timeout=2)
        session.commit()
        logged_in.result(timeout=20)

    with db.new_session() as session:
        assert session.scalars(select(LoginSession.factor_due)).all() == [True]


def test_two_first_log_ins_at_once_make_one_account(make):
    one, two = make.administrator(), make.administrator()
    make.add(
        SignOnRule(
            provider="proef",
            claim="groups",
            value="knelpunt",
            organisation_id=make.organisation().id,
            role=Role.FILER,
            reason="Afspraak.",
            status=SignOnRuleStatus.HOLDS,
            proposed_by_id=one.id,
            proposed_at=make.now,
            decided_by_id=two.id,
            decided_at=make.now,
        )
    )
    make.session.commit()
    claims = {"groups": ["knelpunt"], "email": "nieuw@proef.example", "email_verified": True}
    visitor = Visitor("proef", "s-1", claims, None, is_strong=False, authenticated_at=None, trusts_email=False)

    given = at_once(4, lambda session, _n: sign_on.come_in(act_in(session), visitor, Browser()).account_id)

    assert len(set(given)) == 1 and isinstance(given[0], int)
    with db.new_session() as session:
        assert session.scalar(select(func.count()).select_from(SignOnIdentity)) == 1


def test_an_invitation_makes_one_account(make):
    organisation = make.organisation()
    make.add(
        Invitation(
            token_hash=accounts.hash_token("geheim"),
            email="nieuw@gemeente.example",
            name="Nieuw",
            role=Role.FILER,
            organisation_id=organisation.id,
            created_at=make.now,
            expires_at=make.now + timedelta(days=7),
        )
    )
    make.session.commit()

    given = at_once(
        4, lambda session, _n: accounts.accept_invitation(act_in(session), "geheim", name="Nieuw", password=PASSWORD)
    )

    assert sorted(isinstance(each, NotFound) for each in given) == [False, True, True, True]
    with db.new_session() as session:
        assert session.scalar(select(func.count()).where(Account.email == "nieuw@gemeente.example")) == 1


def test_a_password_link_is_used_once(make):
    account = make.filer()
    make.add(
        AccountToken(
            token_hash=accounts.hash_token("geheim"),
            purpose="wachtwoord",
            account_id=account.id,
            created_at=make.now,
            expires_at=make.now + timedelta(hours=1),
        )
    )
    make.session.commit()

    given = at_once(4, lambda session, _n: accounts.reset_password(act_in(session), "geheim", PASSWORD))

    assert sorted(isinstance(each, NotFound) for each in given) == [False, True, True, True]
    with db.new_session() as session:
        assert session.scalar(select(func.count()).where(Event.kind == "wachtwoord_hersteld")) == 1


def test_two_administrators_cannot_remove_each_other(make):
    pair = [make.administrator(), make.administrator()]
    numbers = [(account.id, account.version) for account in pair]
    make.session.commit()

    def remove_the_other(session: Session, number: int) -> None:
        own_id, _version = numbers[number]
        other_id, version = numbers[1 - number]
        actor = Actor(ActorKind.ACCOUNT, own_id, Role.ADMINISTRATOR)
        accounts.deactivate(act_in(session, actor), other_id, version)

    given = at_once(2, remove_the_other)

    assert len([each for each in given if isinstance(each, DomainError)]) == 1
    with db.new_session() as session:
        left = select(func.count()).where(Account.role == Role.ADMINISTRATOR, Account.is_active)
        assert session.scalar(left) == 1


def test_two_colleagues_who_register_at_once_do_not_stand_in_for_each_other(make):
    ministry = make.ministry()
    pair = [make.handler(organisation=ministry), make.handler(organisation=ministry)]
    ids, today = [account.id for account in pair], nl_day(datetime.now(UTC))
    make.session.commit()

    def go_away(session: Session, number: int) -> None:
        actor = Actor(ActorKind.ACCOUNT, ids[number], Role.HANDLER)
        leave.register(
            act_in(session, actor),
            account_id=ids[number],
            covered_by_id=ids[1 - number],
            first_day=today,
            last_day=today + timedelta(days=3),
        )

    given = at_once(2, go_away)

    assert [each.field for each in given if isinstance(each, DomainError)] == ["covered_by_id"]
    with db.new_session() as session:
        assert session.scalar(select(func.count(LeaveCover.id))) == 1


def test_one_address_gets_one_account(make):
    organisation_id = make.organisation().id
    make.session.commit()

    def create(session: Session, number: int) -> None:
        accounts.create_account(
            act_in(session),
            email="zelfde@gemeente.example",
            name=f"Collega {number}",
            role=Role.FILER,
            organisation_id=organisation_id,
            password=PASSWORD,
        )

    given = at_once(4, create)

    refused = [each for each in given if isinstance(each, DomainError)]
    assert len(refused) == 3
    assert {each.field for each in refused} == {"email"}
