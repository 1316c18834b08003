"""Lists of cases: who sees what, each filter, each order, and paging that meets every row once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, insert, select

from knelpunt.adapters.words.search_terms import to_document, to_query
from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.permissions import SYSTEM, VISITOR, Actor
from knelpunt.domain.vocabulary import (
    ActorKind,
    CaseStatus,
    EventKind,
    PublicationStatus,
    Result,
    ReviewStatus,
    Role,
    SubmitterKind,
    Theme,
    Verdict,
)
from knelpunt.models import Case, CaseSearch, Review
from knelpunt.queries.cases import lists as case_lists
from knelpunt.queries.cases.lists import (
    CaseFilter,
    CaseOrder,
    CaseSort,
    WorkList,
    counts_of,
    page_of_cases,
    stream_cases,
)
from knelpunt.queries.core.cases import visible_to
from knelpunt.services.core.context import Context
from knelpunt.services.core.events import append, event_row, record

TODAY = date(2026, 11, 24)
EVERYTHING = CaseFilter()
LATEST_FIRST = CaseOrder()
READER = Actor(ActorKind.ACCOUNT, 999_999, Role.AUDITOR, 1)


def references(session, narrowed=EVERYTHING, actor=READER, order=LATEST_FIRST):
    return [row.reference for row in page_of_cases(session, actor, narrowed, order, TODAY).rows]


def happened(session, make, case, day):
    append(
        session, [event_row("bericht_verstuurd", recorded_at=make.now, happened_on=day, case=case, status_before=None)]
    )


@pytest.mark.parametrize("is_changed", [True, False])
def test_the_last_day_of_a_case_never_goes_back(app, session, make, is_changed):
    """A worker that began before midnight may come after an act of the day after."""
    case, actor = make.case(), make.actor(make.handler())
    for days in (1, 0, 1):
        context = Context(session, actor, make.now + timedelta(days=days), app.config["LINKS"])
        if is_changed:
            case.updated_at = context.now
        record(context, EventKind.NOTE_ADDED, case=case)
        session.expire_all()
        assert case.last_event_on == make.today + timedelta(days=1)


def index(session, case, text):
    session.execute(insert(CaseSearch).values(case_id=case.id, terms=func.to_tsvector("simple", to_document(text))))


def walk(session, order, narrowed=EVERYTHING):
    """The references on all pages forward, and on all pages back again."""
    page = page_of_cases(session, READER, narrowed, order, TODAY)
    forward = [[row.reference for row in page.rows]]
    while page.after:
        page = page_of_cases(session, READER, narrowed, order, TODAY, after=page.after)
        forward.append([row.reference for row in page.rows])
    back = [forward[-1]]
    while page.before:
        page = page_of_cases(session, READER, narrowed, order, TODAY, before=page.before)
        back.append([row.reference for row in page.rows])
    return forward, back


def test_staff_see_all_an_organisation_its_own_a_follower_the_one_and_others_none(session, make):
    own, foreign, citizens = make.organisation(), make.organisation(), make.case()
    mine = make.case(organisation_id=own.id)
    theirs = make.case(organisation_id=foreign.id)
    follower = Actor(ActorKind.SUBMITTER_LINK, case_id=citizens.id)
    expected = {
        READER: {mine.reference, theirs.reference, citizens.reference},
        SYSTEM: {mine.reference, theirs.reference, citizens.reference},
        make.actor(make.member(own)): {mine.reference},
        make.actor(make.filer(foreign)): {theirs.reference},
        make.actor(make.administrator()): set(),
        follower: {citizens.reference},
        Actor(ActorKind.SUBMITTER_LINK): set(),
        VISITOR: set(),
    }
    for actor, seen in expected.items():
        assert set(references(session, actor=actor)) == seen
        assert set(session.scalars(select(Case.reference).where(visible_to(actor)))) == seen


def test_a_ministry_account_does_not_get_the_citizens_cases_by_having_no_organisation(session, make):
    make.case()
    assert references(session, actor=Actor(ActorKind.ACCOUNT, 1, Role.FILER, None)) == []


def test_each_filter_leaves_exactly_what_it_says(session, make):
    law, handler = make.law(), make.handler()
    province = make.province()
    municipality = make.municipality(province_id=province.id)
    filed = datetime(2025, 5, 1, 12, tzinfo=UTC)
    wanted = make.case(
        CaseStatus.CLOSED,
        verdict=Verdict.EU_OR_TREATY,
        result=Result.VIA_EXPERIMENT,
        publication=PublicationStatus.PUBLIC,
        submitter_kind=SubmitterKind.SCHOOL_BOARD,
        theme=Theme.EDUCATION,
        main_law_id=law.id,
        municipality_id=municipality.id,
        province_id=province.id,
        handler_id=handler.id,
        filed_at=filed,
    )
    make.case(submitter_kind=SubmitterKind.OTHER)
    for narrowed in (
        CaseFilter(status=CaseStatus.CLOSED),
        CaseFilter(verdict=Verdict.EU_OR_TREATY),
        CaseFilter(result=Result.VIA_EXPERIMENT),
        CaseFilter(publication=PublicationStatus.PUBLIC),
        CaseFilter(submitter_kind=SubmitterKind.SCHOOL_BOARD),
        CaseFilter(theme=Theme.EDUCATION),
        CaseFilter(law_id=law.id),
        CaseFilter(municipality_id=municipality.id),
        CaseFilter(province_id=province.id),
        CaseFilter(handler_id=handler.id),
        CaseFilter(filed_from=date(2025, 5, 1), filed_to=date(2025, 5, 1)),
        CaseFilter(filed_to=date(2025, 12, 31)),
        CaseFilter(status=CaseStatus.CLOSED, law_id=law.id, theme=Theme.EDUCATION),
    ):
        assert references(session, narrowed) == [wanted.reference], narrowed
    assert references(session, CaseFilter(filed_from=date(2025, 5, 2), status=CaseStatus.CLOSED)) == []
    assert references(session, CaseFilter(matches_nothing=True)) == []


def test_the_work_lists_hold_what_their_names_say(session, make):
    me = make.handler()
    mine = make.case(CaseStatus.IN_HANDLING, handler_id=me.id, due_on=TODAY + timedelta(days=30))
    make.case(CaseStatus.CLOSED, handler_id=me.id)
    unassigned = make.case(CaseStatus.SUBMITTED)
    asked = make.case(CaseStatus.AWAITING_SUPPLEMENT, handler_id=make.handler().id)
    proposed = make.case(
        CaseStatus.PROPOSED, handler_id=make.handler().id, due_on=date(2026, 12, 8), due_clock=Clock.K5
    )
    reacted = make.case(CaseStatus.PROPOSED, handler_id=make.handler().id, title="The submitter has reacted")
    other = make.handler().id
    today = make.case(CaseStatus.IN_TRIAGE, handler_id=other, due_on=TODAY)
    friday = make.case(CaseStatus.IN_TRIAGE, handler_id=other, due_on=date(2026, 11, 27))
    monday = make.case(CaseStatus.IN_TRIAGE, handler_id=other, due_on=date(2026, 11, 30))
    late = make.case(CaseStatus.IN_TRIAGE, handler_id=other, due_on=date(2026, 11, 23))
    make.add(
        Review(
            case_id=monday.id,
            step="in_behandeling_genomen",
            payload={},
            status=ReviewStatus.OPEN,
            requested_by_id=me.id,
            requested_at=make.now,
        )
    )
    expected = {
        WorkList.MINE: {mine},
        WorkList.TEAM: set(),
        WorkList.COVERED: set(),
        WorkList.UNASSIGNED: {unassigned},
        WorkList.REVIEW: {monday},
        WorkList.WAITING: {asked, proposed},
        WorkList.NEARLY_LATE: {today, friday},
        WorkList.LATE: {late},
        WorkList.SILENT: {mine, unassigned, asked, proposed, reacted, today, friday, monday},
        WorkList.OWNERLESS: set(),
        WorkList.OPEN: {mine, unassigned, asked, proposed, reacted, today, friday, monday, late},
    }
    happened(session, make, late, TODAY - timedelta(days=14))
    happened(session, make, friday, TODAY - timedelta(days=15))
    actor = make.actor(me)
    for worklist, cases in expected.items():
        found = references(session, CaseFilter(worklist=worklist), actor=actor)
        assert sorted(found) == sorted(case.reference for case in cases), worklist
    for status in (None, CaseStatus.IN_TRIAGE, CaseStatus.PROPOSED, CaseStatus.CLOSED):
        narrowed = {each: CaseFilter(worklist=each, status=status) for each in WorkList}
        held = {each: page_of_cases(session, actor, narrowed[each], LATEST_FIRST, TODAY).count for each in WorkList}
        assert counts_of(session, actor, CaseFilter(status=status), TODAY, tuple(WorkList)) == held, status
    assert set(expected) | {WorkList.ALL} == set(WorkList)


def test_words_are_found_in_every_form_with_other_filters_and_when_they_are_common(session, make, monkeypatch):
    school = make.case(CaseStatus.IN_TRIAGE, title="Buurthuizen")
    index(session, school, "Twee buurthuizen in oude scholen")
    shop = make.case(title="Winkel")
    index(session, shop, "Een winkel in een oude school")
    for limit in (2000, 0):
        monkeypatch.setattr(case_lists, "LOOK_UP_LIMIT", limit)
        assert references(session, CaseFilter(words=to_query("buurthuis"))) == [school.reference]
        assert set(references(session, CaseFilter(words=to_query("school")))) == {school.reference, shop.reference}
        narrowed = CaseFilter(words=to_query("school"), status=CaseStatus.IN_TRIAGE)
        assert references(session, narrowed) == [school.reference]
        assert references(session, CaseFilter(words=to_query("zwembad"))) == []
        assert references(session, CaseFilter(words=to_query("o'neill \\ & | ! :* 'x"))) == []


def test_a_search_for_common_words_tells_how_many_it_found(session, make, monkeypatch):
    """Found once, they are not counted again, unless the list is narrowed."""
    for number in range(5):
        index(session, make.case(CaseStatus.IN_TRIAGE if number else CaseStatus.CLOSED), "Een oude school")
    monkeypatch.setattr(case_lists, "LOOK_UP_LIMIT", 3)
    monkeypatch.setattr(case_lists, "COUNT_LIMIT", 2)
    for narrowed, rows in (({}, 5), ({"status": CaseStatus.IN_TRIAGE}, 4), ({"status": CaseStatus.CLOSED}, 1)):
        page = page_of_cases(session, READER, CaseFilter(words=to_query("school"), **narrowed), LATEST_FIRST, TODAY)
        assert (len(page.rows), page.count) == (rows, min(rows, 3))


@pytest.mark.parametrize("descending", [True, False])
@pytest.mark.parametrize("sort", list(CaseSort))
def test_paging_meets_every_case_once_forward_and_back(session, make, monkeypatch, sort, descending):
    monkeypatch.setattr(case_lists, "PAGE_SIZE", 3)
    moment = datetime(2026, 10, 1, 12, tzinfo=UTC)
    for number in range(10):
        make.case(
            CaseStatus.IN_TRIAGE,
            updated_at=moment + timedelta(hours=number // 3),
            filed_at=moment + timedelta(days=number // 4),
            due_on=None if number % 3 == 0 else TODAY + timedelta(days=number // 4),
        )
    forward, back = walk(session, CaseOrder(sort, descending))
    seen = [reference for page in forward for reference in page]
    assert len(seen) == len(set(seen)) == 10
    assert [len(page) for page in forward] == [3, 3, 3, 1]
    assert back == forward[::-1]


def test_orders_run_both_ways_and_cases_without_a_date_come_last(session, make):
    early = make.case(CaseStatus.IN_TRIAGE, due_on=TODAY)
    late = make.case(CaseStatus.IN_TRIAGE, due_on=TODAY + timedelta(days=9))
    never = make.case(CaseStatus.CLOSED)
    up, down = CaseOrder(CaseSort.DUE, descending=False), CaseOrder(CaseSort.DUE)
    assert references(session, order=up) == [early.reference, late.reference, never.reference]
    assert references(session, order=down) == [late.reference, early.reference, never.reference]
    both = CaseFilter(worklist=WorkList.NEARLY_LATE)
    assert references(session, both, order=up) == [early.reference]


@pytest.mark.parametrize("sort", list(CaseSort))
@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "_",
        "1_",
        "_1",
        "9" * 40 + "_1",
        "1_" + "9" * 30,
        "2026-02-30_1",
        "0000-01-01_1",
        "-1_-1",
        "1_1_1",
        "é_1",
    ],
)
def test_a_cursor_that_was_tampered_with_gives_a_page_and_no_fault(session, make, sort, cursor):
    case = make.case()
    order = CaseOrder(sort)
    for place in ({"after": cursor}, {"before": cursor}):
        page = page_of_cases(session, READER, CaseFilter(), order, TODAY, **place)
        assert page.count == 1
        assert {row.reference for row in page.rows} <= {case.reference}


def test_the_count_stops_just_above_its_limit(session, make, monkeypatch):
    monkeypatch.setattr(case_lists, "COUNT_LIMIT", 2)
    for _ in range(2):
        make.case()
    page = page_of_cases(session, READER, CaseFilter(), CaseOrder(), TODAY)
    assert (page.count, page.is_counted_exactly) == (2, True)
    for _ in range(3):
        make.case()
    page = page_of_cases(session, READER, CaseFilter(), CaseOrder(), TODAY)
    assert (page.count, page.is_counted_exactly) == (3, False)


def test_a_page_takes_one_statement_however_many_cases_there_are(session, make, statements):
    def cost(narrowed=EVERYTHING):
        with statements() as sent:
            page_of_cases(session, READER, narrowed, CaseOrder(), TODAY)
        return len(sent)

    for _ in range(2):
        index(session, make.case(), "school")
    few = cost(), cost(CaseFilter(words=to_query("school")))
    for _ in range(28):
        index(session, make.case(), "school")
    assert (cost(), cost(CaseFilter(words=to_query("school")))) == few == (1, 2)


def test_all_rows_of_a_list_stream_in_its_order(session, make):
    cases = [make.case(CaseStatus.IN_TRIAGE) for _ in range(30)]
    make.case(CaseStatus.SUBMITTED)
    order = CaseOrder(CaseSort.NUMBER, descending=False)
    rows = list(stream_cases(session, READER, CaseFilter(status=CaseStatus.IN_TRIAGE), order, TODAY))
    assert [row.reference for row in rows] == sorted(case.reference for case in cases)
