"""Municipalities that go up in another one: what follows on the day, what stays, who decides, and who hears of it."""

import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from knelpunt.adapters import passwords
from knelpunt.domain.accounts import password_bytes
from knelpunt.domain.errors import DomainError, NotFound, PermissionDenied
from knelpunt.domain.guides.track import ClaimOutcome
from knelpunt.domain.identity.claims import SignOnRuleStatus
from knelpunt.domain.identity.factors import LoginRules
from knelpunt.domain.links import Links
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.mergers import FOLLOWING, MergerStatus
from knelpunt.domain.permissions import SYSTEM, VISITOR
from knelpunt.domain.vocabulary import CaseStatus, EventKind, OrganisationKind, ParticipantStatus, Role, SubmitterKind
from knelpunt.extensions import db
from knelpunt.models import (
    Account,
    ApiClient,
    CaseParticipant,
    Draft,
    Event,
    EventSubscription,
    GuideClaim,
    Invitation,
    Merger,
    MergerMunicipality,
    Municipality,
    Organisation,
    OutboxEvent,
    OutboxMail,
    SignOnIdentity,
    SignOnRule,
)
from knelpunt.queries.accounts import mergers as queries
from knelpunt.queries.accounts import sign_on
from knelpunt.queries.cases.participants import open_questions
from knelpunt.queries.figures.quarter import all_differences
from knelpunt.services.accounts import hash_token, invitations, mergers
from knelpunt.services.core import events
from knelpunt.services.core.context import Context
from knelpunt.services.figures import ledger
from knelpunt.services.filing import intake, joint_filing
from knelpunt.services.guides import timers as guide_timers
from knelpunt.services.guides import use as guide_use
from knelpunt.services.laws.reference import load_reference
from tests.support.desk import FILING, Desk
from tests.support.factories import Factory
from tests.support.guides import public_guide
from tests.support.statements import counted

NEW = {"code": "GM9801", "name": "Nieuwstad"}
PROVIDER = "proef"
PASSWORD = "vier losse proef woorden"


class Plan:
    """Two administrators, and two municipalities that go up in a new one a month from now."""

    def __init__(self, session, make):
        self.session, self.make, self.links = session, make, Links("http://localhost", "k" * 32)
        self.one, self.two = make.administrator(), make.administrator()
        self.province = make.province()
        self.old = [self.organisation("Oudstad"), self.organisation("Randdorp")]
        self.day = make.today + timedelta(days=30)

    def organisation(self, name):
        place = self.make.municipality(name=name, province_id=self.province.id, tile_x=1, tile_row=1)
        return self.make.organisation(name=f"Gemeente {name}", municipality_id=place.id)

    def by(self, account=None, days=0):
        actor = self.make.actor(account) if account else SYSTEM
        return Context(self.session, actor, self.make.now + timedelta(days=days), self.links)

    def propose(self, **changed):
        asked = {
            "day": self.day,
            "ending": [each.municipality_id for each in self.old],
            "province_id": self.province.id,
            "reason": "Wet tot samenvoeging.",
            **NEW,
        }
        return mergers.propose(self.by(self.one), **{**asked, **changed})

    def plan(self, **changed):
        merger = self.propose(**changed)
        mergers.decide(self.by(self.two), merger.id, is_accepted=True)
        return merger

    def work(self, days):
        """What the worker does so many days from now."""
        context = self.by(days=days)
        for merger_id in self.session.scalars(mergers.due(context)).all():
            mergers.carry_out(context, merger_id)
        self.session.flush()
        self.session.expire_all()

    def new(self, code=NEW["code"]):
        return self.session.scalars(select(Organisation).where(Organisation.code == code)).one()

    def draft(self, organisation, **data):
        kind = SubmitterKind.MUNICIPALITY if organisation else SubmitterKind.OTHER
        return self.make.add(
            Draft(
                key=secrets.token_urlsafe(16),
                kind=kind,
                organisation_id=organisation.id if organisation else None,
                data=data,
                created_at=self.make.now,
                updated_at=self.make.now,
            )
        )

    def staying(self, code="GM9810"):
        """A municipality that goes on, by this code."""
        stays = self.organisation(f"Grootstad {code}")
        place = self.session.get(Municipality, stays.municipality_id)
        place.code = stays.code = code
        self.session.flush()
        return stays

    def rule(self, organisation, status=SignOnRuleStatus.HOLDS):
        return self.make.add(
            SignOnRule(
                provider=PROVIDER, claim="groups", value="x", organisation_id=organisation.id, role=Role.MEMBER,
                reason="x", status=status, proposed_by_id=self.one.id, proposed_at=self.make.now,
            )
        )  # fmt: skip

    def came_in(self, account):
        """Somebody comes in at the provider for the first time."""
        return self.make.add(
            SignOnIdentity(
                provider=PROVIDER, subject=account.email, account_id=account.id,
                linked_at=self.make.now, last_used_at=self.make.now,
            )
        )  # fmt: skip

    def must_come(self, account):
        """Whether no password opens this account, where the provider is the only way in."""
        return sign_on.must_come_by_provider(self.session, account.id, {PROVIDER})

    def mails(self, kind):
        rows = self.session.execute(
            select(OutboxMail.account_id, OutboxMail.body).where(OutboxMail.kind == kind).order_by(OutboxMail.id)
        )
        return {row.account_id: row.body for row in rows}


@pytest.fixture
def plan(app, session, make):
    return Plan(session, make)


def test_everything_follows_on_the_day_and_not_the_day_before(plan, session, make):
    one, two = plan.old
    account, off = make.filer(one), make.filer(two, is_active=False)
    own = plan.draft(one, municipality_id=str(one.municipality_id), partners=f"{two.municipality_id} x@dorp.example")
    resident = plan.draft(None, municipality_id=str(two.municipality_id))
    open_case = make.case(CaseStatus.IN_HANDLING, organisation_id=one.id, municipality_id=one.municipality_id)
    answered = make.case(CaseStatus.CLOSED, organisation_id=two.id, municipality_id=two.municipality_id)
    archived = make.case(
        CaseStatus.ARCHIVED, organisation_id=two.id, municipality_id=two.municipality_id,
        archived_on=make.today, archived_as="vernietigen",
    )  # fmt: skip
    elsewhere = make.case(CaseStatus.IN_HANDLING, organisation_id=make.organisation().id)
    joined = make.add(
        CaseParticipant(
            case_id=elsewhere.id, municipality_id=one.municipality_id, organisation_id=one.id,
            status=ParticipantStatus.JOINED, asked_at=make.now, ends_on=make.today,
        )
    )  # fmt: skip
    merger = plan.plan()
    expected = queries.counts(session, merger.id)

    plan.work(days=29)
    assert account.organisation_id == one.id
    assert merger.status is MergerStatus.PLANNED

    plan.work(days=30)
    new = plan.new()
    assert (new.name, new.kind, new.valid_from) == ("Gemeente Nieuwstad", OrganisationKind.MUNICIPALITY, plan.day)
    assert {row.organisation_id for row in (account, off, own, open_case, answered, joined)} == {new.id}
    assert archived.organisation_id == two.id, "nothing of an archived case changes any more"
    assert (open_case.municipality_id, answered.municipality_id) == (one.municipality_id, two.municipality_id)
    assert joined.municipality_id == one.municipality_id
    assert own.data == {"municipality_id": str(new.municipality_id), "partners": ""}
    assert resident.data["municipality_id"] == str(new.municipality_id)
    assert resident.organisation_id is None
    places = session.scalars(
        select(Municipality).where(Municipality.id.in_([one.municipality_id, two.municipality_id]))
    ).all()
    assert {each.valid_to for each in places} == {plan.day - timedelta(days=1)}
    assert {each.successor_id for each in places} == {new.municipality_id}
    assert (merger.status, merger.followed) == (MergerStatus.DONE, expected)
    assert expected == {
        **dict.fromkeys(FOLLOWING, 0), "accounts": 2, "concepten": 1, "concepten_van_anderen": 1, "open_zaken": 1,
        "afgeronde_zaken": 1, "samen_gemeld": 1,
    }  # fmt: skip
    told = session.scalars(
        select(Event.case_id).where(Event.kind == "gemeente_heringedeeld").order_by(Event.case_id)
    ).all()
    assert told == sorted([open_case.id, answered.id])
    assert events.verify(session).fault is None


def test_a_day_that_has_passed_is_done_at_once_and_once(plan, session, make):
    account = make.filer(plan.old[0])
    merger = plan.plan(day=make.today - timedelta(days=10))
    session.expire_all()
    assert merger.status is MergerStatus.DONE
    assert account.organisation_id == plan.new().id
    followed = merger.followed
    mergers.carry_out(plan.by(), merger.id)
    assert (merger.followed, len(plan.mails(MailKind.MERGER_DONE))) == (followed, 1)


def test_what_came_late_follows_the_next_time(plan, session, make):
    merger = plan.plan(day=make.today)
    late = make.case(CaseStatus.SUBMITTED, organisation_id=plan.old[0].id)
    assert merger.id in session.scalars(mergers.due(plan.by())).all()
    plan.work(days=1)
    assert late.organisation_id == plan.new().id
    assert session.scalars(mergers.due(plan.by(days=2))).all() == []


def test_one_alone_decides_nothing_and_others_may_not(plan, session, make):
    merger = plan.propose()
    with pytest.raises(PermissionDenied):
        mergers.decide(plan.by(plan.one), merger.id, is_accepted=True)
    for account in (make.head_of_desk(), make.organisation_admin(plan.old[0]), make.account(Role.AUDITOR)):
        with pytest.raises(PermissionDenied):
            mergers.decide(plan.by(account), merger.id, is_accepted=True)
        with pytest.raises(PermissionDenied):
            mergers.cancel(plan.by(account), merger.id)
    assert merger.status is MergerStatus.PROPOSED
    plan.work(days=60)
    assert merger.status is MergerStatus.PROPOSED


def test_before_the_day_it_can_be_taken_back_and_after_it_not(plan, session, make):
    account = make.filer(plan.old[0])
    merger = plan.plan()
    assert account.id in plan.mails(MailKind.MERGER_PLANNED)
    mergers.cancel(plan.by(plan.one), merger.id)
    assert set(plan.mails(MailKind.MERGER_CANCELLED)) == set(plan.mails(MailKind.MERGER_PLANNED))
    plan.work(days=40)
    assert account.organisation_id == plan.old[0].id
    again = plan.plan()
    plan.work(days=40)
    with pytest.raises(NotFound):
        mergers.cancel(plan.by(plan.one), again.id)


def test_a_refused_one_does_nothing_and_tells_nobody(plan, session, make):
    make.filer(plan.old[0])
    merger = plan.propose()
    mergers.decide(plan.by(plan.two), merger.id, is_accepted=False)
    plan.work(days=60)
    assert merger.status is MergerStatus.REFUSED
    assert plan.mails(MailKind.MERGER_PLANNED) == plan.mails(MailKind.MERGER_DONE) == {}
    plan.propose()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"ending": []}, "ending"),
        ({"ending": [2**40]}, "ending"),
        ({"code": "1234"}, "code"),
        ({"name": "  "}, "name"),
        ({"name": "x\x07"}, "name"),
        ({"province_id": None}, "province_id"),
        ({"elsewhere": "hallo"}, "elsewhere"),
        ({"elsewhere": "niemand@x.example GM0014"}, "elsewhere"),
        ({"elsewhere": "KNP-2026-00001 GM9999"}, "elsewhere"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(plan, changed, field):
    with pytest.raises(DomainError) as refused:
        plan.propose(**changed)
    assert refused.value.field == field


def test_no_day_long_ago_or_far_ahead_and_no_municipality_twice(plan, make):
    for day in (make.today - timedelta(days=365 * 20), make.today + timedelta(days=2000)):
        with pytest.raises(DomainError) as refused:
            plan.propose(day=day)
        assert refused.value.field == "day"
    plan.propose()
    with pytest.raises(DomainError) as refused:
        plan.propose(code="GM9802", name="Anders")
    assert refused.value.field == "ending"


def test_a_municipality_that_stays_receives_and_is_told_too(plan, session, make):
    stays = plan.staying()
    colleague, account = make.filer(stays), make.filer(plan.old[0])
    plan.plan(code="GM9810", name="", province_id=None)
    assert set(plan.mails(MailKind.MERGER_PLANNED)) == {colleague.id, account.id}
    plan.work(days=30)
    assert account.organisation_id == stays.id
    assert set(plan.mails(MailKind.MERGER_DONE)) == {colleague.id, account.id}
    assert "Gemeente Oudstad en Gemeente Randdorp" in plan.mails(MailKind.MERGER_DONE)[account.id]


def test_a_new_municipality_may_take_an_old_name(plan, session):
    plan.plan(name="Oudstad")
    plan.work(days=30)
    assert plan.new().name == "Gemeente Oudstad"
    assert plan.old[0].name.startswith("Gemeente Oudstad (tot ")


def test_of_a_split_municipality_a_part_goes_elsewhere(plan, session, make):
    other = plan.organisation("Buurstad")
    place = session.get(Municipality, other.municipality_id)
    place.code = other.code = "GM9811"
    old = plan.old[0]
    stays, moves = make.filer(old), make.filer(old)
    hers = plan.draft(old, title="van haar")
    hers.author_id = moves.id
    case = make.case(CaseStatus.IN_HANDLING, organisation_id=old.id)
    also = make.case(CaseStatus.IN_HANDLING, organisation_id=old.id)
    merger = plan.plan(ending=[old.municipality_id], elsewhere=f"{moves.email} GM9811\n{case.reference} gm9811")
    assert "Gemeente Buurstad" in plan.mails(MailKind.MERGER_PLANNED)[moves.id]
    plan.work(days=30)
    new = plan.new()
    assert (moves.organisation_id, hers.organisation_id, case.organisation_id) == (other.id,) * 3
    assert (stays.organisation_id, also.organisation_id) == (new.id, new.id)
    assert (merger.followed["accounts"], merger.followed["open_zaken"]) == (2, 2)


def test_a_part_goes_to_a_municipality_that_had_no_organisation_yet(plan, session, make):
    place = make.municipality(name="Losdorp", code="GM9813", province_id=plan.province.id)
    old = plan.old[0]
    moves, case = make.filer(old), make.case(CaseStatus.IN_HANDLING, organisation_id=old.id)
    plan.plan(ending=[old.municipality_id], elsewhere=f"{moves.email} GM9813\n{case.reference} GM9813")
    plan.work(days=30)
    made = session.scalars(select(Organisation).where(Organisation.municipality_id == place.id)).one()
    assert (moves.organisation_id, case.organisation_id) == (made.id, made.id)
    for kind in (MailKind.MERGER_PLANNED, MailKind.MERGER_DONE):
        assert "Gemeente Losdorp" in plan.mails(kind)[moves.id]


def test_many_lines_of_what_goes_elsewhere_ask_no_more_than_one(plan, session, make):
    plan.staying()
    numbers = []
    for many in (1, 12):
        lines = "\n".join(f"{make.filer(plan.old[0]).email} GM9810" for _each in range(many))
        with counted(session.connection()) as sent:
            merger = plan.propose(elsewhere=lines)
        numbers.append(len(sent))
        mergers.cancel(plan.by(plan.one), merger.id)
    assert numbers[0] == numbers[1]


def test_a_system_of_who_receives_is_told_of_each_case_that_moves(plan, session, make):
    stays = plan.staying()
    cases = [make.case(CaseStatus.IN_HANDLING, organisation_id=plan.old[0].id) for _each in range(2)]
    make.add(
        EventSubscription(
            public_id="s", organisation_id=stays.id, url="https://zaken.voorbeeld.nl/", covers=["eigen"],
            sealed_secret="x", made_at=make.now, next_try_at=make.now,
        )
    )  # fmt: skip
    plan.plan(code="GM9810", name="", province_id=None)
    plan.work(days=30)
    numbers = select(Event.number, Event.case_id).where(Event.kind == EventKind.ORGANISATION_MERGED)
    happened = session.execute(numbers.order_by(Event.number)).all()
    told = session.execute(select(OutboxEvent.data, OutboxEvent.case_id).order_by(OutboxEvent.id)).all()
    assert [(each.data["gebeurtenis"], each.case_id) for each in told] == [tuple(each) for each in happened]
    assert {each.case_id for each in told} == {each.id for each in cases}


def test_who_files_along_hears_of_its_own_case_alone_that_it_moves(plan, session, make):
    """Whichever of the cases comes first, and whether or not who receives them listens."""
    stays, partner = plan.staying(), plan.organisation("Buurdorp")
    _alone, joined = (make.case(CaseStatus.IN_HANDLING, organisation_id=plan.old[0].id) for _each in range(2))
    make.add(
        CaseParticipant(
            case_id=joined.id, organisation_id=partner.id, municipality_id=partner.municipality_id, asked_at=make.now,
            status=ParticipantStatus.JOINED, answered_at=make.now, ends_on=make.today + timedelta(days=400),
        )
    )  # fmt: skip
    make.add(
        EventSubscription(
            public_id="s", organisation_id=partner.id, url="https://zaken.voorbeeld.nl/", covers=["eigen"],
            sealed_secret="x", made_at=make.now, next_try_at=make.now,
        )
    )  # fmt: skip
    plan.plan(code="GM9810", name="", province_id=None)
    plan.work(days=30)
    assert joined.organisation_id == stays.id
    assert session.scalars(select(OutboxEvent.case_id)).all() == [joined.id]


def test_many_cases_follow_by_no_more_statements_than_one(plan, session, make):
    numbers = []
    for many, code in ((1, "GM9801"), (30, "GM9802")):
        plan.old = [plan.organisation(f"{words} {code}") for words in ("Oudstad", "Randdorp")]
        cases = [make.case(CaseStatus.IN_HANDLING, organisation_id=plan.old[0].id) for _each in range(many)]
        merger = plan.plan(code=code, name=f"Nieuwstad {code}")
        with counted(session.connection()) as sent:
            mergers.carry_out(plan.by(days=30), merger.id)
        numbers.append(len(sent))
        session.expire_all()
        assert {each.organisation_id for each in cases} == {plan.new(code).id}
        about = Event.case_id.in_([each.id for each in cases]) & (Event.kind == EventKind.ORGANISATION_MERGED)
        told = session.scalars(select(Event.data).where(about)).all()
        assert [each["naar_organisatie"] for each in told] == [plan.new(code).id] * many
    assert numbers[1] <= numbers[0]


def test_what_ends_and_follows_is_locked_before_the_chain_as_others_do(plan, session, make):
    for status in (CaseStatus.IN_HANDLING, CaseStatus.CLOSED):
        make.case(status, organisation_id=plan.old[0].id)
    merger = plan.plan()
    with counted(session.connection()) as sent:
        mergers.carry_out(plan.by(days=30), merger.id)
    _of_mergers, chain, *_more = (at for at, each in enumerate(sent) if "pg_advisory_xact_lock" in each)
    locked = [at for at, each in enumerate(sent) if each.endswith("FOR NO KEY UPDATE")]
    for table in ("organisations", "api_clients", "event_subscriptions"):
        assert any(f"FROM {table}" in sent[at] and at < chain for at in locked)
    cases = [each for each in sent[:chain] if each.startswith("SELECT cases.id") and each.endswith("FOR UPDATE")]
    assert "OR" in cases[0], "those that are open and those that are done, before any event"


def test_a_municipality_does_not_receive_and_end_in_open_mergers(plan, make):
    stays, part = plan.staying(), plan.staying("GM9814")
    account = make.filer(plan.old[0])
    plan.plan(code="GM9810", elsewhere=f"{account.email} GM9814")
    for receiver in (stays, part):
        with pytest.raises(DomainError) as refused:
            plan.propose(ending=[receiver.municipality_id])
        assert refused.value.field == "ending"


def test_of_two_that_take_the_same_municipality_one_is_planned(plan, session):
    """Both stood already when nothing forbade it."""
    first, second = plan.propose(), plan.propose(ending=[plan.organisation("Verweg").municipality_id], code="GM9802")
    plan.make.add(MergerMunicipality(merger_id=second.id, municipality_id=plan.old[0].municipality_id))
    mergers.decide(plan.by(plan.two), first.id, is_accepted=True)
    with pytest.raises(DomainError) as refused:
        mergers.decide(plan.by(plan.two), second.id, is_accepted=True)
    assert refused.value.message == mergers.TAKEN_MEANWHILE
    assert second.status is MergerStatus.PROPOSED


def test_what_cannot_be_done_on_the_day_is_taken_back_and_told(plan, session, make, client_as):
    account = make.filer(plan.old[0])
    merger = plan.plan()
    place = session.get(Municipality, plan.old[1].municipality_id)
    place.valid_to = plan.day - timedelta(days=9)
    session.flush()
    plan.work(days=30)
    assert (merger.status, merger.municipality_id) == (MergerStatus.CANCELLED, None)
    assert (place.valid_to, place.successor_id) == (plan.day - timedelta(days=9), None)
    assert account.organisation_id == plan.old[0].id
    assert account.id in plan.mails(MailKind.MERGER_CANCELLED)
    assert "al opgegaan in een andere" in client_as(plan.one).get(f"/beheer/herindelingen/{merger.id}").text


def test_of_two_proposals_at_the_same_moment_one_stands(own_database):
    with db.new_session() as first, db.new_session() as second, ThreadPoolExecutor(1) as pool:
        plan = Plan(first, Factory(first))
        first.commit()
        other = Context(second, plan.make.actor(plan.two), plan.make.now, plan.links)
        asked = {"day": plan.day, "ending": [plan.old[0].municipality_id], "code": "GM9802", "name": "Anders"}
        plan.propose()
        later = pool.submit(mergers.propose, other, **asked, province_id=plan.province.id, reason="Wet.")
        with pytest.raises(TimeoutError):
            later.result(timeout=0.3)
        first.commit()
        with pytest.raises(DomainError) as refused:
            later.result(timeout=10)
        assert refused.value.field == "ending"
        second.rollback()
        assert len(first.scalars(select(Merger)).all()) == 1


def test_invitations_rules_and_uses_of_answers_follow(plan, session, make):
    old = plan.old[0]
    guide = public_guide(make)
    invited = make.add(
        Invitation(
            token_hash="a" * 64, email="nieuw@oudstad.example", name="Nieuw", role=Role.MEMBER, organisation_id=old.id,
            created_at=make.now, expires_at=make.now + timedelta(days=60),
        )
    )  # fmt: skip
    rules = [plan.rule(old, status) for status in (SignOnRuleStatus.HOLDS, SignOnRuleStatus.ENDED)]
    claim = make.add(
        GuideClaim(
            guide_id=guide.id, guide_number=1, organisation_id=old.id, municipality_id=old.municipality_id,
            project="Buurthuis", starts_on=make.today, claimed_on=make.today, ask_on=make.today + timedelta(days=90),
        )
    )  # fmt: skip
    plan.plan()
    plan.work(days=30)
    new = plan.new()
    assert (invited.organisation_id, rules[0].organisation_id, claim.organisation_id) == (new.id,) * 3
    assert rules[1].organisation_id == old.id
    assert claim.municipality_id == old.municipality_id


def test_of_a_split_municipality_who_told_of_a_use_is_asked_and_can_answer(plan, session, make):
    other = plan.organisation("Buurstad")
    place = session.get(Municipality, other.municipality_id)
    place.code = other.code = "GM9811"
    old, guide = plan.old[0], public_guide(make)
    stays, moves, left = make.filer(old), make.filer(old), make.filer(old)
    uses = {
        account.id: make.add(
            GuideClaim(
                guide_id=guide.id, guide_number=1, organisation_id=old.id, municipality_id=old.municipality_id,
                account_id=account.id, project=account.email, starts_on=make.today, claimed_on=make.today,
                ask_on=make.today + timedelta(days=90),
            )
        )
        for account in (stays, moves, left)
    }  # fmt: skip
    plan.plan(ending=[old.municipality_id], elsewhere=f"{moves.email} GM9811")
    plan.work(days=30)
    new = plan.new()
    left.organisation_id = other.id
    session.flush()
    assert [uses[each.id].organisation_id for each in (stays, moves, left)] == [new.id, other.id, new.id]
    assert {use.municipality_id for use in uses.values()} == {old.municipality_id}
    later = plan.by(days=120)
    for claim_id in session.scalars(guide_timers.due_claims(later)).all():
        guide_timers.ask_about_claim(later, claim_id)
    session.flush()
    asked = dict(
        session.execute(
            select(OutboxMail.once_key, OutboxMail.account_id).where(OutboxMail.kind == MailKind.CLAIM_QUESTION)
        ).all()
    )
    wanted = {stays.id: stays.id, moves.id: moves.id, left.id: stays.id}
    assert asked == {f"ruimtewijzer-ervaring:{uses[whose].id}": account for whose, account in wanted.items()}
    for whose, account in wanted.items():
        teller = plan.by(session.get(Account, account))
        guide_use.answer_claim(teller, uses[whose].id, outcome=ClaimOutcome.WORKED, reason="")


def test_a_use_that_was_told_of_just_after_the_day_follows_too(plan, session, make):
    old, guide = plan.old[0], public_guide(make)
    plan.plan()
    plan.work(days=30)
    late = make.add(
        GuideClaim(
            guide_id=guide.id, guide_number=1, organisation_id=old.id, municipality_id=old.municipality_id,
            project="Buurthuis", starts_on=make.today, claimed_on=make.today, ask_on=make.today + timedelta(days=90),
        )
    )  # fmt: skip
    plan.work(days=30)
    assert late.organisation_id == plan.new().id


def test_an_invitation_that_comes_along_makes_an_account_that_its_password_opens(plan, session, make):
    with_rule, without = plan.old
    plan.rule(with_rule)
    sent = {days: secrets.token_urlsafe(32) for days in (28, 31)}

    def invite(days, organisation):
        at = make.now + timedelta(days=days)
        make.add(
            Invitation(
                token_hash=hash_token(sent[days]), email=f"dag{days}@nieuwstad.example", name="Nieuw", role=Role.MEMBER,
                organisation_id=organisation.id, created_at=at, expires_at=at + timedelta(days=7),
            )
        )  # fmt: skip

    invite(28, without)
    plan.plan()
    plan.work(days=30)
    invite(31, plan.new())
    before, after = (
        invitations.accept_invitation(plan.by(days=32), token, name="Nieuw", password=PASSWORD)
        for token in sent.values()
    )
    session.flush()
    assert (before.organisation_id, after.organisation_id) == (plan.new().id,) * 2
    assert [plan.must_come(each) for each in (before, after)] == [False, True]
    plan.came_in(before)
    session.flush()
    assert plan.must_come(before), "who came in there once goes on so"


@pytest.mark.parametrize("is_active", [True, False])
def test_who_managed_the_old_one_hears_that_its_keys_and_subscriptions_ended(plan, make, is_active):
    admin, old = make.organisation_admin(plan.old[0], is_active=is_active), plan.old[0]
    common = {"organisation_id": old.id, "made_at": make.now}
    key = make.add(
        ApiClient(name="Zaaksysteem", client_id="x", secret_hash="x", scopes=["zaken"], ends_on=plan.day, **common)
    )
    make.add(
        EventSubscription(
            public_id="s", url="https://zaken.voorbeeld.nl/", covers=["eigen"], sealed_secret="x",
            next_try_at=make.now, **common,
        )
    )  # fmt: skip
    plan.plan()
    plan.work(days=30)
    assert key.revoked_at is not None
    for kind in (MailKind.CLIENT_REVOKED, MailKind.SUBSCRIPTION_OFF):
        assert set(plan.mails(kind)) == ({admin.id} if is_active else {plan.one.id, plan.two.id})


def test_a_rule_that_comes_along_locks_nobody_out(app, plan, session, make, client, monkeypatch):
    monkeypatch.setitem(app.config, "LOGIN_RULES", LoginRules(only_by=frozenset({PROVIDER})))
    with_rule, without = plan.old
    plan.rule(with_rule)
    hashed = {"password_hash": passwords.hash_password(password_bytes(PASSWORD))}
    bound, free = make.filer(with_rule, **hashed), make.filer(without, **hashed)
    plan.plan()
    plan.work(days=30)

    def log_in(account):
        answer = client.post("/inloggen", data={"email": account.email, "password": PASSWORD})
        client.post("/uitloggen")
        return answer.status_code

    assert (bound.organisation_id, free.organisation_id) == (plan.new().id,) * 2
    assert log_in(free) == 302
    assert log_in(bound) == 422, "it held before, and goes on"
    plan.came_in(free)
    session.flush()
    assert log_in(free) == 422, "who came in there once goes on so"


def test_neither_people_of_the_one_that_stays_nor_who_come_to_it_are_locked_out(plan, make):
    stays, other = plan.staying(), plan.staying("GM9812")
    first, second = plan.old
    colleague, coming = make.filer(stays), make.filer(second)
    plan.rule(first)
    plan.rule(other)
    plan.plan(code="GM9810", ending=[first.municipality_id])
    plan.plan(code="GM9812", ending=[second.municipality_id])
    plan.work(days=30)
    later = make.filer(other)
    assert [plan.must_come(each) for each in (colleague, coming)] == [False, False]
    assert plan.must_come(later), "the rule still holds for everybody else"


def test_who_goes_elsewhere_chooses_a_password_and_is_told(plan, session, make):
    old, other = plan.old[0], plan.staying()
    plan.rule(old)
    moves, stays = make.filer(old), make.filer(old)
    for account in (moves, stays):
        plan.came_in(account)
    plan.plan(ending=[old.municipality_id], elsewhere=f"{moves.email} GM9810")
    plan.work(days=30)
    assert (moves.organisation_id, stays.organisation_id) == (other.id, plan.new().id)
    for kind in (MailKind.MERGER_PLANNED, MailKind.MERGER_DONE):
        told = plan.mails(kind)
        assert "Kies een wachtwoord" in told[moves.id]
        assert "wachtwoord" not in told[stays.id]
    assert not sign_on.comes_by_provider(session, moves.id, {PROVIDER}), "a new password is mailed"
    assert sign_on.comes_by_provider(session, stays.id, {PROVIDER})


def test_the_new_one_answers_questions_to_file_along_but_not_its_own(plan, session, make):
    one, two = plan.old
    lead = make.organisation()
    by_other, by_own = make.case(organisation_id=lead.id), make.case(organisation_id=one.id)
    asked, own = (
        make.add(
            CaseParticipant(
                case_id=case.id, municipality_id=two.municipality_id, status=ParticipantStatus.ASKED,
                asked_at=make.now, ends_on=make.today,
            )
        )
        for case in (by_other, by_own)
    )  # fmt: skip
    account = make.filer(two)
    plan.plan()
    plan.work(days=30)
    new = plan.new()
    assert [each.id for each in open_questions(session, new.id)] == [asked.id]
    joint_filing.answer(plan.by(account, days=31), asked.id, joins=True)
    assert (asked.organisation_id, asked.municipality_id) == (new.id, two.municipality_id)
    assert own.status is ParticipantStatus.ASKED


def test_a_stranger_still_reads_nothing_and_the_new_colleagues_everything(plan, session, make, client_as):
    case = make.case(CaseStatus.CLOSED, organisation_id=plan.old[0].id, title="Smalle deur in Oudstad")
    before, colleague, stranger = make.filer(plan.old[0]), make.filer(plan.old[1]), make.filer()
    path = f"/onze-zaken/{case.reference}"
    assert client_as(colleague).get(path).status_code == 404
    plan.plan(day=make.today)
    assert client_as(before).get(path).status_code == 200
    assert client_as(colleague).get(path).status_code == 200
    assert client_as(stranger).get(path).status_code == 404


def test_a_filing_that_names_the_old_place_lands_in_the_new_one_and_old_figures_stay(plan, session, make):
    desk = Desk(session, make)
    desk.now = make.now
    old = plan.old[0].municipality_id
    before = desk.file(municipality_id=str(old))
    draft = intake.create_draft(desk.as_(VISITOR), {**FILING, "municipality_id": str(old)})
    merger = plan.plan(day=make.today)
    session.execute(update(Draft).where(Draft.id == draft.id).values(data={**FILING, "municipality_id": str(old)}))
    session.expire_all()
    after = intake.file_case(desk.as_(VISITOR), draft.key, draft.version)
    assert (before.municipality_id, after.municipality_id) == (old, merger.municipality_id)
    ledger.settle(session)
    assert list(all_differences(session, make.today)) == []


def test_the_shipped_files_do_not_bring_an_ended_municipality_back(plan, session):
    ended = session.scalars(select(Municipality).where(Municipality.name == "Groningen")).first()
    if ended is None:
        load_reference(session)
        ended = session.scalars(select(Municipality).where(Municipality.name == "Groningen")).one()
    plan.plan(ending=[ended.id], day=plan.make.today)
    load_reference(session)
    session.expire_all()
    assert ended.valid_to == plan.make.today - timedelta(days=1)
    organisation = session.scalars(select(Organisation).where(Organisation.municipality_id == ended.id)).one()
    assert organisation.valid_to == ended.valid_to


class TestPages:
    """What administrators see and do."""

    def form(self, plan, **changed):
        day = plan.day
        return {
            "ending": "Oudstad\nranddorp",
            "day-dag": str(day.day), "day-maand": str(day.month), "day-jaar": str(day.year),
            "day": day.isoformat(),
            "code": "gm9801", "name": "Nieuwstad", "province_id": str(plan.province.id), "reason": "Wet.",
            **changed,
        }  # fmt: skip

    def test_from_proposal_to_preview_to_decision(self, plan, session, make, client_as):
        account = make.filer(plan.old[0], name="Demo indiener")
        case = make.case(CaseStatus.IN_HANDLING, organisation_id=plan.old[0].id)
        first, second = client_as(plan.one), client_as(plan.two)
        answer = first.post("/beheer/herindelingen/nieuw", data=self.form(plan))
        assert answer.status_code == 303, answer.text
        page = first.get(answer.location).text
        assert "Wacht op een andere beheerder" in page
        assert "Akkoord" not in page
        shown = second.get(answer.location).text
        for words in ("Demo indiener", case.reference, "1 account", "1 open zaak", "Nieuwstad (GM9801, nieuw)"):
            assert words in " ".join(shown.split()), words
        second.post(f"{answer.location}/besluit", data={"besluit": "gepland"})
        assert "Gaat door op de dag" in second.get(answer.location).text
        listed = second.get("/beheer/herindelingen?stand=gepland").text
        assert "Oudstad, Randdorp" in listed
        assert "Hier staat geen herindeling" in second.get("/beheer/herindelingen?stand=afgewezen").text
        first.post(f"{answer.location}/intrekken")
        session.expire_all()
        assert account.organisation_id == plan.old[0].id
        assert "Ingetrokken" in first.get(answer.location).text

    def test_a_button_that_is_none_decides_nothing(self, plan, session, client_as):
        merger = plan.propose()
        client = client_as(plan.two)
        path = f"/beheer/herindelingen/{merger.id}"
        for data in ({}, {"besluit": "misschien"}):
            answer = client.post(f"{path}/besluit", data=data)
            assert answer.status_code == 422
            assert "Kies wat er met het voorstel gebeurt" in answer.text
        session.expire_all()
        assert merger.status is MergerStatus.PROPOSED
        assert client.post(f"{path}/besluit", data={"besluit": "afgewezen"}).status_code == 302

    def test_a_wrong_name_keeps_what_was_typed(self, plan, client_as):
        answer = client_as(plan.one).post("/beheer/herindelingen/nieuw", data=self.form(plan, ending="Nergenshuizen"))
        assert answer.status_code == 422
        assert "Deze gemeente kennen wij niet: Nergenshuizen" in answer.text
        assert "gm9801" in answer.text

    def test_the_page_asks_as_much_for_many_rows_as_for_few(self, plan, session, make, client_as):
        merger = plan.propose()
        client = client_as(plan.two)
        client.get(f"/beheer/herindelingen/{merger.id}")
        numbers = []
        for more in (1, 30):
            for _each in range(more):
                make.filer(plan.old[0])
                make.case(CaseStatus.IN_HANDLING, organisation_id=plan.old[0].id)
            session.expire_all()
            client.get(f"/beheer/herindelingen/{merger.id}")
            with counted(session.connection()) as sent:
                client.get(f"/beheer/herindelingen/{merger.id}")
            numbers.append(len(sent))
        assert numbers[0] == numbers[1]

    def test_the_old_name_leads_to_the_new_one_in_the_filters(self, plan, session, make, client, client_as):
        case = make.case(
            CaseStatus.IN_HANDLING, organisation_id=plan.old[0].id, municipality_id=plan.old[0].municipality_id
        )
        plan.plan(day=make.today)
        old, new = plan.old[0].municipality_id, plan.new().municipality_id
        page = client.get(f"/knelpunten?gemeente={old}").text
        assert "Oudstad hoort nu bij Nieuwstad" in " ".join(page.split())
        assert f'value="{new}" selected' in page
        code = session.get(Municipality, old).code
        desk = client_as(make.triager()).get(f"/werkvoorraad?lijst=alle&gemeente={code}").text
        assert case.reference in desk
        own = client_as(make.filer(plan.new())).get("/onze-zaken/overzicht").text
        assert "In uw gemeente opgegaan" in own
        assert "Oudstad" in own
