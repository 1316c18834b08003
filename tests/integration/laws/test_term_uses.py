"""Drafts, guides and their use follow the terms that two administrators set, each by the day on which it began."""

import secrets
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from knelpunt.domain.calendar.clocks import Clock, Unit
from knelpunt.domain.calendar.working_days import add_months
from knelpunt.domain.vocabulary import Role, SubmitterKind
from knelpunt.models import Draft, GuideClaim, TermRule
from knelpunt.services.core import clocks
from knelpunt.services.filing import draft_terms
from knelpunt.services.guides import timers
from knelpunt.services.jobs import scheduled
from tests.support.desk import Desk
from tests.support.guides import public_guide
from tests.support.page import parse_page

CHANGE = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
"""From this day the terms below hold."""


@pytest.fixture
def desk(session, make) -> Desk:
    desk = Desk(session, make)
    desk.now = CHANGE
    return desk


def shorten(session, clock: Clock, *lengths: int) -> None:
    """What two administrators decided: other lengths from the day of the change."""
    for row in session.scalars(select(TermRule).where(TermRule.clock == clock)).all():
        row.valid_to = CHANGE.date() - timedelta(days=1)
    unit = Unit.CALENDAR_DAYS if clock is Clock.DRAFT else Unit.MONTHS
    session.add_all(
        TermRule(
            clock=clock, length=length, unit=unit, valid_from=CHANGE.date(), may_be_suspended=False, source="Besluit.",
            is_ahead_of_file=True,
        )
        for length in lengths
    )  # fmt: skip
    session.flush()


def draft_of(make, changed_at: datetime) -> Draft:
    return make.add(
        Draft(
            key=secrets.token_hex(16), kind=SubmitterKind.CITIZEN_INITIATIVE, data={}, created_at=changed_at,
            updated_at=changed_at,
        )
    )  # fmt: skip


def claim_of(make, day: date) -> GuideClaim:
    account = make.account(Role.FILER)
    return make.add(
        GuideClaim(
            guide_id=public_guide(make).id, guide_number=1, organisation_id=account.organisation_id,
            municipality_id=make.municipality().id, account_id=account.id, project="Woningen in de oude mavo",
            starts_on=day, claimed_on=day, ask_on=day, asked_at=CHANGE,
        )
    )  # fmt: skip


def test_a_draft_is_kept_by_the_terms_of_the_day_on_which_it_was_last_changed(session, make, desk):
    shorten(session, Clock.DRAFT, 10, 20)
    early = draft_of(make, CHANGE - timedelta(days=1))
    late = draft_of(make, CHANGE + timedelta(days=1))
    assert draft_terms.purge_day(session, early.updated_at) == CHANGE.date() + timedelta(days=89)
    assert draft_terms.purge_day(session, late.updated_at) == CHANGE.date() + timedelta(days=21)
    keys = early.id, late.id
    for days, warned, kept in ((12, {keys[1]}, {*keys}), (22, set(), {keys[0]}), (60, {keys[0]}, {keys[0]})):
        desk.now = CHANGE + timedelta(days=days)
        scheduled.run_due(desk.system, session.flush)
        session.expire_all()
        rows = {row.id: row for row in session.scalars(select(Draft).where(Draft.id.in_(keys)))}
        assert set(rows) == kept
        assert {id_ for id_, row in rows.items() if row.warned_at is not None} == warned
    desk.now = CHANGE + timedelta(days=90)
    scheduled.run_due(desk.system, session.flush)
    assert session.scalars(select(Draft).where(Draft.id.in_(keys))).all() == []


def test_the_terms_of_guides_and_of_their_use_are_rows_with_a_history(session, desk):
    assert clocks.term_lengths(session, Clock.GUIDE, desk.today) == [24]
    shorten(session, Clock.GUIDE, 12)
    shorten(session, Clock.CLAIM, 2, 6)
    before = desk.today - timedelta(days=1)
    assert [clocks.term_lengths(session, Clock.GUIDE, day) for day in (before, desk.today)] == [[24], [12]]
    assert [term.length for term in clocks.held_terms(session, Clock.CLAIM, 0)] == [3, 2]
    assert [term.length for term in clocks.held_terms(session, Clock.CLAIM, 1)] == [12, 6]


def test_a_use_is_asked_about_again_by_the_terms_of_the_day_on_which_it_was_told(session, make, desk):
    claims = [claim_of(make, day) for day in (desk.today - timedelta(days=1), desk.today)]
    shorten(session, Clock.CLAIM, 2, 6)

    def due_after(months: int) -> list[int]:
        desk.now = datetime.combine(add_months(CHANGE.date(), months), CHANGE.timetz())
        return list(session.scalars(timers.open_claims(desk.system)))

    assert [due_after(months) for months in (5, 6, 12)] == [
        [], [claims[1].id], [claim.id for claim in claims]
    ]  # fmt: skip


def test_how_we_work_tells_these_terms(session, client, desk):
    told = parse_page(client.get("/over/werkwijze")).text
    for words in ("Melding die nog niet af is", "Nakijken van een ruimtewijzer", "24 maanden", "90 dagen"):
        assert words in told
