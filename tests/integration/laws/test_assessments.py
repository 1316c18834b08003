"""The toets: a case takes only rules of its own day, and is told what held instead."""

from contextlib import nullcontext
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from sqlalchemy import func, select

from knelpunt.domain.errors import DomainError, NotFound, NotValidOnDate, PermissionDenied, VersionConflict
from knelpunt.domain.links import Links
from knelpunt.domain.vocabulary import AssessmentRole, CaseStatus, EventKind, ReviewStatus, Verdict
from knelpunt.models import Assessment, Event, Law, LawSuccession, Provision, ProvisionSuccession, Review
from knelpunt.queries.laws import catalogue as laws
from knelpunt.services.cases import assessments
from knelpunt.services.core.context import Context
from knelpunt.web.desk.steps.provision_search import SHOWN_AT_ONCE
from tests.support.page import parse_page

BLOCKS, ROOM = AssessmentRole.BLOCKS, AssessmentRole.OFFERS_ROOM
WHY = "Hier loopt het plan op vast."


@pytest.fixture
def context(session, make):
    now = datetime(2026, 11, 24, 9, tzinfo=UTC)
    return Context(session, make.actor(make.triager()), now, Links("http://localhost", "k" * 32))


@pytest.fixture
def provision(session):
    return lambda key: session.scalar(select(Provision.id).where(Provision.key == key))


@pytest.fixture
def law(session):
    return lambda key: session.scalar(select(Law.id).where(Law.key == key))


@pytest.fixture
def case_of(make):
    return lambda year, status=CaseStatus.IN_TRIAGE: make.case(status, law_date=date(year, 6, 3))


def link(context, case, provision_id, role=ROOM, why=WHY):
    return assessments.link_provision(context, case.reference, case.version, provision_id, role, why)


def count(session) -> int:
    return session.scalar(select(func.count()).select_from(Assessment))


@pytest.mark.parametrize(
    ("year", "fits", "does_not", "when"),
    [
        (2019, "chw-2.4-2013", "ow-23.3", "gold nog niet op maandag 3 juni 2019. Geldig: vanaf 1 januari 2026."),
        (
            2026,
            "ow-23.3",
            "chw-2.4",
            "gold niet meer op woensdag 3 juni 2026. Geldig: van 19 juni 2019 tot en met 31 ",
        ),
    ],
)
def test_a_case_takes_the_rule_of_its_day_and_is_pointed_from_the_other_to_it(
    session, context, case_of, provision, year, fits, does_not, when
):
    case = case_of(year)
    with pytest.raises(NotValidOnDate) as refused:
        link(context, case, provision(does_not))
    assert when in refused.value.message
    assert refused.value.field == "provision_id"
    assert refused.value.alternatives[0].provision.key == fits
    assert count(session) == 0
    made = link(context, case, provision(fits))
    assert (made.on_date, made.role, made.article) == (date(year, 6, 3), ROOM, laws_article(session, fits))


def laws_article(session, key: str) -> str:
    return session.scalar(select(Provision.article).where(Provision.key == key))


@pytest.mark.parametrize(
    ("key", "day", "expected"),
    [
        ("ow-23.3", date(2019, 6, 3), ["chw-2.4-2013", "chw-2.3", "ew98-7a", "gaswet-1i"]),
        ("ow-23.3", date(2024, 6, 3), ["ow-23.3-2024", "ew98-7a", "gaswet-1i"]),
        ("chw-2.4", date(2024, 6, 3), ["ow-23.3-2024"]),
        ("chw-2.4", date(2026, 6, 3), ["ow-23.3"]),
        ("lsw-pre2013", date(2026, 6, 3), ["lsw-15-a", "lsw-15-b", "lsw-15-c"]),
        ("ow-23.3", date(2026, 6, 3), []),
        ("ow-23.3", date(1990, 6, 3), []),
    ],
)
def test_lines_of_provisions_are_followed_to_what_held_on_the_day(session, provision, key, day, expected):
    found = laws.alternatives(session, provision(key), day)
    assert [one.provision.key for one in found] == expected
    assert not any(one.is_through_law for one in found)


def test_where_no_provision_followed_the_line_of_laws_is_followed(session, provision):
    found = laws.alternatives(session, provision("chw-h1"), date(2026, 6, 3))
    assert found
    assert all(one.is_through_law for one in found)
    assert {one.provision.law_key for one in found} <= {"ow", "iwow"}
    assert {one.provision.room_type for one in found} == {"binnen bestaande regels"}


@pytest.fixture
def line(session, make):
    """Three laws, each ten years after the other, and a provision of each; only the laws follow one another."""
    held = [make.law(in_force_from=date(year, 1, 1), in_force_to=date(year + 9, 12, 31)) for year in (2000, 2010, 2020)]
    for earlier, later in pairwise(held):
        session.add(LawSuccession(predecessor_key=earlier.key, successor_key=later.key))
    return [(law, make.provision(law, valid_from=law.in_force_from, valid_to=law.in_force_to)) for law in held]


@pytest.mark.parametrize(
    ("asked", "year", "expected"), [(1, 2005, 0), (1, 2025, 2), (2, 2005, 0), (0, 2025, 2), (1, 2015, 1)]
)
def test_the_line_of_laws_is_followed_back_before_a_law_began_and_on_after_it_ended(
    session, line, asked, year, expected
):
    (law, provision), (then, held), day = line[asked], line[expected], date(year, 6, 3)
    found = [(one.provision.key, one.is_through_law) for one in laws.alternatives(session, provision.id, day)]
    assert found == ([] if asked == expected else [(held.key, True)])
    if asked != expected:
        assert [one.key for one in laws.law_alternatives(session, law.key, day)] == [then.key]


def test_the_page_of_a_law_or_provision_names_what_came_before_and_what_came_after(session, line):
    (first, one), (law, provision), (last, three) = line
    day = date(2015, 6, 3)
    page, below = laws.law_page(session, law.key, day), laws.provision_page(session, law.key, provision.key, day)
    for before, after in ((page.before, page.after), (below.laws_before, below.laws_after)):
        assert ([each.key for each in before], [each.key for each in after]) == ([first.key], [last.key])
    for earlier, later in pairwise(each for _law, each in line):
        session.add(ProvisionSuccession(predecessor_id=earlier.id, successor_id=later.id))
    session.flush()
    below = laws.provision_page(session, law.key, provision.key, day)
    assert ([each.key for each in below.before], [each.key for each in below.after]) == ([one.key], [three.key])
    assert (below.laws_before, below.laws_after) == ((), ())


def test_a_rule_whose_start_nobody_looked_up_may_be_linked(context, case_of, provision):
    assert link(context, case_of(2011), provision("wpo-180")).id


def test_linking_is_recorded_with_ids_and_dates_only(session, context, case_of, provision):
    case = case_of(2026)
    made = link(context, case, provision("ow-bopa"), BLOCKS)
    event = session.scalars(select(Event).where(Event.case_id == case.id)).one()
    assert event.kind == EventKind.PROVISION_LINKED
    assert event.data == {
        "toets": made.id,
        "wet": made.law_id,
        "bepaling": made.provision_id,
        "rol": "belemmert",
        "op_datum": "2026-06-03",
    }
    assert case.version == 2


def test_a_case_counts_under_what_blocks_it_first_and_else_under_what_offers_room(context, case_of, provision, law):
    case = case_of(2026)
    room = link(context, case, provision("ow-bopa"))
    assert case.main_law_id == law("ow")
    blocks = link(context, case, provision("lsw-3"), BLOCKS)
    assert case.main_law_id == law("lsw")
    second = link(context, case, provision("bbl-5.4"), BLOCKS)
    assert case.main_law_id == law("lsw")
    assessments.withdraw_assessment(context, case.reference, blocks.id, case.version)
    assert case.main_law_id == law("bbl")
    assessments.withdraw_assessment(context, case.reference, second.id, case.version)
    assert case.main_law_id == law("ow")
    assessments.withdraw_assessment(context, case.reference, room.id, case.version)
    assert case.main_law_id is None


def test_a_withdrawn_link_stays_in_the_file_and_can_be_made_again(session, context, case_of, provision):
    case = case_of(2026)
    made = link(context, case, provision("ow-bopa"))
    assessments.withdraw_assessment(context, case.reference, made.id, case.version)
    assert made.withdrawn_at == context.now
    with pytest.raises(DomainError, match="al losgekoppeld"):
        assessments.withdraw_assessment(context, case.reference, made.id, case.version)
    link(context, case, provision("ow-bopa"))
    assert count(session) == 2
    kinds = session.scalars(select(Event.kind).where(Event.case_id == case.id).order_by(Event.number)).all()
    assert kinds == [EventKind.PROVISION_LINKED, EventKind.PROVISION_UNLINKED, EventKind.PROVISION_LINKED]


@pytest.mark.parametrize(
    ("verdict", "role", "lost"),
    [(Verdict.PERCEIVED, ROOM, True), (Verdict.NATIONAL_RULE, BLOCKS, True), (Verdict.NOT_A_RULE, BLOCKS, False)],
)
def test_what_a_proposal_rests_on_stays_while_the_submitter_has_it(context, case_of, provision, verdict, role, lost):
    case = case_of(2026, CaseStatus.PROPOSED)
    case.verdict = verdict
    link(context, case, provision("lsw-3"), ROOM if role is BLOCKS else BLOCKS)
    made = link(context, case, provision("ow-bopa"), role)
    with pytest.raises(DomainError, match="steunt op deze regel") if lost else nullcontext():
        assessments.withdraw_assessment(context, case.reference, made.id, case.version)
    assert (made.withdrawn_at is None) == lost
    case.verdict = Verdict.UNDECIDED
    context.session.flush()
    if lost:
        assessments.withdraw_assessment(context, case.reference, made.id, case.version)
        assert made.withdrawn_at is not None


def test_the_last_rule_of_a_judged_case_stays_unless_a_reason_stands_in_for_it(context, case_of, provision):
    case = case_of(2026, CaseStatus.IN_HANDLING)
    made = link(context, case, provision("ow-bopa"))
    with pytest.raises(DomainError, match="enige regel"):
        assessments.withdraw_assessment(context, case.reference, made.id, case.version)
    assert made.withdrawn_at is None
    case.no_provision_reason = "Het gaat om geld."
    context.session.flush()
    assessments.withdraw_assessment(context, case.reference, made.id, case.version)
    assert made.withdrawn_at is not None


def test_the_same_rule_in_the_same_role_is_linked_once(session, context, case_of, provision):
    case = case_of(2026)
    link(context, case, provision("ow-bopa"))
    with pytest.raises(DomainError, match="al bij deze zaak"):
        link(context, case, provision("ow-bopa"))
    link(context, case, provision("ow-bopa"), BLOCKS)
    assert count(session) == 2


def test_an_article_outside_the_catalogue_is_linked_to_a_law_that_was_in_force(session, context, case_of, law):
    case = case_of(2015)
    made = assessments.link_article(context, case.reference, case.version, law("wro"), " 3.1 ", BLOCKS, WHY)
    assert (made.article, made.provision_id, case.main_law_id) == ("3.1", None, law("wro"))
    local = assessments.link_article(context, case.reference, case.version, law("lokaal"), "welstandsnota", BLOCKS, WHY)
    assert local.law_id == law("lokaal")
    with pytest.raises(NotValidOnDate) as refused:
        assessments.link_article(context, case.reference, case.version, law("energiewet"), "1.1", BLOCKS, WHY)
    assert "gold nog niet op woensdag 3 juni 2015" in refused.value.message
    assert {one.key for one in refused.value.alternatives} == {"ew98", "gaswet"}
    for nothing in ("", " ", "x" * 201):
        with pytest.raises(DomainError) as empty:
            assessments.link_article(context, case.reference, case.version, law("wro"), nothing, BLOCKS, WHY)
        assert empty.value.field == "article"
    with pytest.raises(DomainError, match="soort regel"):
        assessments.link_article(context, case.reference, case.version, law("geen-regel"), "x", BLOCKS, WHY)
    with pytest.raises(DomainError, match="uit de lijst"):
        assessments.link_article(context, case.reference, case.version, 10**15, "x", BLOCKS, WHY)


@pytest.mark.parametrize(
    ("one", "other", "kept"),
    [("art. 3.1", "artikel 3.1", "3.1"), ("Art. 3.1 lid 2", "artikel 3.1, tweede lid", "3.1 lid 2")],
)
def test_an_article_is_linked_once_however_it_is_written_and_kept_as_the_catalogue_writes(
    context, case_of, law, one, other, kept
):
    case, wro = case_of(2015), law("wro")
    made = assessments.link_article(context, case.reference, case.version, wro, one, BLOCKS, WHY)
    assert made.article == kept
    with pytest.raises(DomainError, match="al bij deze zaak"):
        assessments.link_article(context, case.reference, case.version, wro, other, BLOCKS, WHY)
    assert assessments.link_article(context, case.reference, case.version, wro, "3.1 lid 3", BLOCKS, WHY).id


def test_what_is_missing_is_asked_and_nothing_is_saved(session, context, case_of, provision):
    case = case_of(2026)
    with pytest.raises(DomainError) as no_reason:
        link(context, case, provision("ow-bopa"), why="  ")
    assert no_reason.value.field == "reasoning"
    with pytest.raises(DomainError) as no_provision:
        link(context, case, 10**15)
    assert no_provision.value.field == "provision_id"
    assert count(session) == 0


def test_an_old_version_is_refused(context, case_of, provision):
    case = case_of(2026)
    with pytest.raises(VersionConflict):
        assessments.link_provision(context, case.reference, case.version - 1, provision("ow-bopa"), ROOM, WHY)


@pytest.mark.parametrize("status", [CaseStatus.CLOSED, CaseStatus.WITHDRAWN, CaseStatus.ARCHIVED])
def test_a_case_that_is_over_is_not_weighed_again(context, case_of, provision, status):
    case = case_of(2026, status)
    with pytest.raises(DomainError, match="niet meer open"):
        link(context, case, provision("ow-bopa"))


def test_nothing_changes_while_a_second_person_looks(context, case_of, provision, make, session):
    case = case_of(2026)
    session.add(
        Review(
            case_id=case.id,
            step="in_behandeling_genomen",
            payload={},
            status=ReviewStatus.OPEN,
            requested_by_id=make.triager().id,
            requested_at=context.now,
        )
    )
    session.flush()
    with pytest.raises(DomainError):
        link(context, case, provision("ow-bopa"))


@pytest.mark.parametrize(
    ("role", "error"),
    [("reviewer", PermissionDenied), ("filer", NotFound), ("administrator", NotFound), ("handler", None)],
)
def test_only_those_who_triage_or_handle_may_weigh(session, context, make, case_of, provision, role, error):
    case = case_of(2026)
    other = Context(session, make.actor(getattr(make, role)()), context.now, context.links)
    if error is None:
        assert link(other, case, provision("ow-bopa")).author_id == other.actor.account_id
        return
    with pytest.raises(error):
        link(other, case, provision("ow-bopa"))
    assert count(session) == 0


def test_the_picker_offers_what_held_and_for_room_the_lightest_step_first(session):
    then = laws.linkable(session, date(2019, 6, 3), role=ROOM)
    keys = [one.key for one in then]
    assert "chw-2.4-2013" in keys
    assert "ow-23.3" not in keys
    assert [one.room_type.order for one in then] == sorted(one.room_type.order for one in then)
    found = laws.linkable(session, date(2019, 6, 3), words="Léégstand kantoor")
    assert [one.key for one in found] == ["lsw-15-a"]
    in_force = {law.key for law in laws.laws_in_force(session, date(2019, 6, 3))}
    assert {"wro", "lokaal", "chw"} <= in_force
    assert not in_force & {"ow", "wwb", "geen-regel"}


def test_the_picker_takes_one_statement(session, statements):
    with statements() as seen:
        laws.linkable(session, date(2019, 6, 3), words="wonen", role=ROOM)
    assert len(seen) == 1


def test_of_many_provisions_the_laws_stand_in_sight_and_each_opens(session, case_of, make, client_as):
    case = case_of(2026)
    held = laws.linkable(session, case.law_date)
    browser = client_as(make.triager())
    page = parse_page(browser.get(f"/zaken/{case.reference}/toets"))
    assert all(page.leads_to(f"/zaken/{case.reference}/toets/{each.id}") for each in held)
    folds = {each.name for each in page.all("heading") if each.name in {one.law_title for one in held}}
    assert len(held) > SHOWN_AT_ONCE and folds == {one.law_title for one in held}
    few = next(each for each in held if [one.law_key for one in held].count(each.law_key) <= SHOWN_AT_ONCE)
    page = parse_page(browser.get(f"/zaken/{case.reference}/toets?wet={few.law_key}"))
    assert page.leads_to(f"/zaken/{case.reference}/toets/{few.id}")
    assert few.law_title not in page.names("heading")
