"""What the demo tells of rules: bottlenecks on their way, a change of the law, and ruimtewijzers in use."""

from collections import Counter
from contextlib import nullcontext
from itertools import combinations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knelpunt.adapters.files.cases import read_lines
from knelpunt.adapters.files.reference import REAL_CASES
from knelpunt.domain.bottlenecks import BottleneckStatus, LinkStatus
from knelpunt.domain.guides.track import ClaimOutcome, GuideStatus
from knelpunt.domain.laws.changes import LawChangeKind, TouchStatus
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import Actor
from knelpunt.domain.suggestions.feedback import SuggestionDecision
from knelpunt.domain.vocabulary import ActorKind, CaseStatus, Result, Verdict
from knelpunt.models import (
    Account,
    Bottleneck,
    BottleneckCase,
    BottleneckNews,
    BottleneckProvision,
    Case,
    Guide,
    GuideClaim,
    GuideDeflection,
    GuideFollower,
    GuideVersion,
    LawChange,
    LawChangeTouch,
    Organisation,
    OutboxMail,
    SuggestionFeedback,
)
from knelpunt.queries.figures.dashboards import own_overview
from knelpunt.queries.guides import desk as guide_desk
from knelpunt.queries.laws.stacking import RuleLevel, StackFilter, public_stacking, staff_stacking
from knelpunt.services.demo.loading import DEMO_DOMAIN
from knelpunt.services.history.importing import ImportOptions, import_lines
from tests.integration.demo.conftest import NOW


def test_a_bottleneck_stands_at_each_part_of_its_track_with_cases_rules_and_news(loaded: Session) -> None:
    found = loaded.scalars(select(Bottleneck).order_by(Bottleneck.id)).all()
    assert {one.status for one in found} == {
        BottleneckStatus.SIGNALLED,
        BottleneckStatus.IN_ANALYSIS,
        BottleneckStatus.CHOSEN,
        BottleneckStatus.IN_PREPARATION,
        BottleneckStatus.IN_FORCE,
    }
    for table in (BottleneckCase, BottleneckProvision, BottleneckNews):
        assert set(loaded.scalars(select(table.bottleneck_id))) == {one.id for one in found}
    owner = loaded.scalars(select(Account.id).where(Account.email == f"regelknelpunt@{DEMO_DOMAIN}")).one()
    for one in found:
        assert one.owner_id == (None if one.status is BottleneckStatus.SIGNALLED else owner)
        assert one.news_due_on is not None
        assert one.news_due_on > NOW.date()
    links = Counter(loaded.scalars(select(BottleneckCase.status)))
    assert links == {LinkStatus.ACCEPTED: 9, LinkStatus.PROPOSED: 1}


def test_cases_end_because_of_a_bottleneck_and_one_with_a_ruimtewijzer(loaded: Session) -> None:
    results = Counter(loaded.scalars(select(Case.result).where(Case.status == CaseStatus.CLOSED)))
    assert results[Result.LINKED_TO_BOTTLENECK] == 3
    assert results[Result.ANSWERED_BY_GUIDE] == 1


def test_a_change_of_the_law_waits_for_some_cases_and_one_submitter_was_told(loaded: Session) -> None:
    solved = loaded.scalars(select(LawChange).where(LawChange.kind == LawChangeKind.BOTTLENECK_SOLVED)).one()
    touches = loaded.execute(
        select(LawChangeTouch.status, Case.status)
        .join(Case, Case.id == LawChangeTouch.case_id)
        .where(LawChangeTouch.change_id == solved.id)
    )
    assert Counter((touch, status) for touch, status in touches) == {
        (TouchStatus.CONFIRMED, CaseStatus.IN_HANDLING): 1,
        (TouchStatus.OPEN, CaseStatus.CLOSED): 2,
        (TouchStatus.OPEN, CaseStatus.PROPOSED): 1,
    }
    told = loaded.scalars(select(OutboxMail).where(OutboxMail.kind == MailKind.RULE_CHANGED)).one()
    assert told.subject.startswith("Er is nieuwe ruimte voor plannen zoals het uwe")
    assert loaded.scalar(select(func.count()).where(OutboxMail.kind == MailKind.REOPENED)) == 1
    noted = loaded.scalars(select(LawChange).where(LawChange.noticed_by_id.is_not(None), LawChange.id != solved.id))
    waiting = select(LawChangeTouch).where(
        LawChangeTouch.change_id == noted.one().id, LawChangeTouch.status == TouchStatus.OPEN
    )
    assert {touch.case_id is None for touch in loaded.scalars(waiting)} == {True, False}


def test_a_ruimtewijzer_worked_once_and_once_in_part_and_nobody_follows_it(loaded: Session) -> None:
    claims = loaded.scalars(select(GuideClaim).order_by(GuideClaim.id)).all()
    assert [claim.outcome for claim in claims] == [ClaimOutcome.WORKED, ClaimOutcome.PARTLY]
    assert len({claim.guide_id for claim in claims}) == 1
    assert all(claim.answered_on is not None and claim.answered_on >= claim.ask_on for claim in claims)
    assert loaded.scalar(select(func.count()).where(OutboxMail.kind == MailKind.CLAIM_QUESTION)) == 2
    assert loaded.scalar(select(func.count()).select_from(GuideFollower)) == 0
    assert loaded.scalar(select(func.count()).select_from(GuideDeflection)) == 5


def test_a_ruimtewijzer_of_a_case_waits_for_its_review_whole(loaded: Session) -> None:
    draft = loaded.scalars(select(Guide).where(Guide.status == GuideStatus.DRAFT)).one()
    version = loaded.scalars(select(GuideVersion).where(GuideVersion.guide_id == draft.id)).one()
    assert draft.case_id is not None
    assert version.reviewed_on is None
    for text in (version.short_answer, version.room, version.who_decides, version.model_text):
        assert text
    assert version.rules
    assert version.sources
    rows = guide_desk.list_for_desk(loaded, None, NOW.date()).rows
    assert [row.status for row in rows[:3]] == [GuideStatus.RECHECK, GuideStatus.DRAFT, GuideStatus.PUBLIC]


def test_suggestions_were_confirmed_and_refused(loaded: Session) -> None:
    found = Counter(loaded.scalars(select(SuggestionFeedback.decision)))
    assert found == {SuggestionDecision.CONFIRMED: 3, SuggestionDecision.REFUSED: 2}


def test_the_stacking_view_shows_rules_that_conflict_to_everybody_and_more_to_the_desk(loaded: Session) -> None:
    wanted = StackFilter(level=RuleLevel.PROVISIONS, conflicts_only=True)
    public = {frozenset((pair.first.key, pair.second.key)) for pair in public_stacking(loaded, wanted).pairs}
    at_desk = {frozenset((pair.first.key, pair.second.key)) for pair in staff_stacking(loaded, wanted).pairs}
    stacked = ("alcoholwet-14", "lokaal-plan", "ow-bopa")
    assert public == {frozenset(pair) for pair in combinations(stacked, 2)}
    assert at_desk == public | {frozenset(("eu-aanbesteden", "gemw-150"))}


def test_the_municipality_sees_its_own_rule_and_who_got_past_one(loaded: Session) -> None:
    filer = loaded.scalars(select(Account).where(Account.email == f"gemeente@{DEMO_DOMAIN}")).one()
    actor = Actor(ActorKind.ACCOUNT, filer.id, filer.role, filer.organisation_id)
    place = loaded.get_one(Organisation, filer.organisation_id).municipality_id
    savepoint = loaded.begin_nested()
    elsewhere = [line for line in read_lines(REAL_CASES) if (line.data or {}).get("municipality") == "Nieuwkoop"]
    import_lines(elsewhere, lambda: nullcontext(loaded), ImportOptions("real-cases", NOW, publish=True))
    overview = own_overview(loaded, actor, [place])
    savepoint.rollback()
    assert [(row.verdict, row.status) for row in overview.held_by_own_rules] == [
        (Verdict.OWN_AUTHORITY, CaseStatus.IN_HANDLING)
    ]
    assert [(row.title, row.is_same_law) for row in overview.peers] == [("Vier appartementen", True)]
