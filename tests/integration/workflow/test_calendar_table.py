"""Every reminder, lapse and escalation of the clocks on its day, once: one table, counted by hand from the law.

The days are those of the Algemene termijnenwet: the day of the event does not count, a term that ends on a Saturday,
Sunday or holiday moves on, and what is counted back (a reminder) does not move. The stretches hold Christmas and New
Year (25 and 26 December 2026, 1 January 2027), Good Friday and Easter Monday (26 and 29 March 2027), and both changes
of the clock (28 March and 31 October 2027).

The worker comes by twice a day, just after midnight and just before it. A row also says what happens when it stood
still for three days: what fell in them comes with the next run, and nothing comes twice.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from knelpunt.domain.calendar.timezone import quarter_of
from knelpunt.domain.permissions import ActorKind
from knelpunt.domain.quarters.track import planned_quarters
from knelpunt.domain.vocabulary import AssessmentRole, ConsentSource, Role
from knelpunt.models import Account, Event, OutboxMail, QuarterPlan
from knelpunt.queries.figures.dashboards import desk_overview
from knelpunt.services.bottlenecks import track
from knelpunt.services.bottlenecks.track import News
from knelpunt.services.cases import publication, triage
from knelpunt.services.jobs import scheduled
from knelpunt.services.referrals import offers
from knelpunt.services.submitters import reactions as submitter
from knelpunt.services.submitters import second_look
from tests.support.consulting import Ministries
from tests.support.desk import FILING, Desk

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
ONE_DAY = timedelta(days=1)
MOMENTS = (time(0, 10), time(23, 40))
RECEIVER = "balie@woonloket.example"
FAR_AHEAD = dict.fromkeys(("check_on", "seal_on", "text_on", "present_on"), date(2030, 1, 1))
LATE = "te laat op de pagina van het hoofd"
HEAD_TOLD = "loket_te_laat: hoofd"


def day(text: str) -> date:
    """``"24-12"`` and ``"04-01"``: of the winter and the year after it."""
    number, month = map(int, text[:5].split("-"))
    return date(int(text[6:]) if len(text) > 5 else (2026 if month > 9 else 2027), month, number)


@dataclass
class Row:
    """What begins on a day, and what the calendar then does; ``down`` is the first of three days without a worker, and
    ``moved`` what comes on another day by that."""

    name: str
    begins: str
    begin: Callable[["Stage"], None]
    does: dict[str, tuple[str, ...]]
    down: str
    moved: dict[str, str] = field(default_factory=dict)


class Stage:
    """A desk on the day that a row begins; its quarters have their own days long after all rows."""

    def __init__(self, session: Any, make: Any, begins: date) -> None:
        self.session, self.begins = session, begins
        self.desk = Desk(session, make)
        self.head = make.head_of_desk(organisation=self.desk.ministry)
        self.desk.now = datetime.combine(begins, time(11), AMSTERDAM)
        for quarter in planned_quarters(quarter_of(begins)):
            plan = {**FAR_AHEAD, "quarter": quarter.first_day, "set_at": self.desk.now, "set_by_id": self.head.id}
            session.add(QuarterPlan(**plan))
        self.names = {
            FILING["contact_email"]: "indiener",
            self.desk.handler.email: "behandelaar",
            self.head.email: "hoofd",
            "jansen@bouw.example": "ambtenaar",
            RECEIVER: "instantie",
        }

    def case(self, status: str, *, days_before: int = 0) -> Any:
        """A case that came to a state on this day, or some days before."""
        self.desk.now -= timedelta(days=days_before)
        found = self.desk.bring(status)
        self.desk.now += timedelta(days=days_before)
        return found


def ask(answer_by: str) -> Callable[[Stage], None]:
    def begin(stage: Stage) -> None:
        case = stage.case("in_triage", days_before=1)
        context = stage.desk.context(stage.desk.handler)
        triage.request_supplement(
            context, case.reference, case.version, question="Welk plan?", why="Daarom.", answer_by=day(answer_by)
        )

    return begin


def bring(status: str) -> Callable[[Stage], None]:
    return lambda stage: stage.case(status) and None


def propose(stage: Stage) -> None:
    stage.desk.propose(stage.case("in_behandeling", days_before=2))


def consult(stage: Stage) -> None:
    Ministries(stage.desk).ask(stage.case("in_behandeling", days_before=1))


def offer(consent: ConsentSource) -> Callable[[Stage], None]:
    def begin(stage: Stage) -> None:
        case = stage.case("in_triage")
        offers.offer(
            stage.desk.context(stage.desk.triager),
            case.reference,
            case.version,
            organisation="Woonloket",
            receiver_name="De balie",
            receiver_email=RECEIVER,
            reason="De gemeente beslist hier zelf over.",
            consent=consent,
        )

    return begin


def preview(stage: Stage) -> None:
    case = stage.case("afgesloten")
    publication.start_preview(stage.desk.context(stage.desk.handler), case.reference, case.version)


def accept(stage: Stage) -> None:
    case = stage.case("voorstel")
    submitter.accept_proposal(stage.desk.follower(case), case.reference)


def ask_second_look(stage: Stage) -> None:
    case = stage.case("afgesloten", days_before=3)
    second_look.ask(stage.desk.follower(case), case.reference, ["De brief is niet gelezen."])


def signal(*, with_owner: bool) -> Callable[[Stage], None]:
    def begin(stage: Stage) -> None:
        desk = stage.desk
        provision = desk.make.provision(desk.law)
        found = track.signal(
            desk.context(desk.triager),
            title="De regel voor tijdelijke woningen",
            problem="De termijn is te kort.",
            provisions=[(provision.id, AssessmentRole.BLOCKS)],
            body="Drie gemeenten lopen hier tegenaan.",
        )
        if with_owner:
            owner: Account = desk.make.account(Role.BOTTLENECK_OWNER, desk.ministry)
            stage.names[owner.email] = "eigenaar"
            context = desk.context(stage.head)
            news = News("Het ministerie zoekt uit wat er kan.")
            track.analyse(
                context, found.reference, found.version, ministry_id=desk.ministry.id, owner_id=owner.id, news=news
            )

    return begin


LAPSED = ("geen_reactie_ontvangen", "geen_reactie: indiener")
PROPOSAL_OVER = ("tijd_voor_reactie_voorbij", "voorstel_geen_reactie: indiener", "termijn_voorbij: behandelaar")
STAYS = ("overdracht_gaat_niet_door: indiener", "overdracht_nieuws: behandelaar")
HALF, LAST = ("herinnering_halverwege: indiener",), ("herinnering_laatste: indiener",)
REMINDED = ("herinnering_reactie: indiener",)
ASKED_MINISTRY = ("raadpleging_herinnering: ambtenaar",)
RAISED = ("raadpleging_bij_hoofd_loket", "raadpleging_nieuws: behandelaar", "raadpleging_nieuws: hoofd", LATE)
DESK_LATE = ("loket_te_laat: behandelaar", HEAD_TOLD, LATE)
HEAD_HEARS = ("regelknelpunt_herinnering: hoofd",)
AFTERCARE = ("nazorg_gevraagd", "nazorg: indiener")

TABLE = (
    # Ten working days from Tuesday 15 December: 16-18 (3), 21-24 (7), 28-30 (10). Half of 15 days is 7, counted back.
    Row(
        "question over Christmas", "15-12", ask("30-12"), {"23-12": HALF, "28-12": LAST, "31-12": LAPSED},
        down="23-12", moved={"23-12": "26-12"},
    ),
    # From Tuesday 16 March: 17-19 (3), 22-25 (7), not Good Friday and Easter Monday, 30 and 31 March, 1 April (10).
    Row(
        "question over Easter", "16-03", ask("01-04"), {"24-03": HALF, "30-03": LAST, "02-04": LAPSED},
        down="02-04", moved={"02-04": "05-04"},
    ),
    # From Thursday 17 December: 18 (1), 21-24 (5), 28-31 (9), not New Year's Day, Monday 4 January (10). Then ten to
    # close from the 5th, on which that is stated: 6-8 (3), 11-15 (8), 18 and 19 January (10).
    Row(
        "K5 over New Year", "17-12", propose,
        {"26-12": REMINDED, "02-01": REMINDED, "05-01": PROPOSAL_OVER, "20-01": DESK_LATE},
        down="26-12", moved={"26-12": "29-12"},
    ),
    # From Tuesday 19 October 2027: 20-22 (3), 25-29 (8), 1 and 2 November (10); the last reminder on the Sunday of the
    # change of the clock. Ten to close after the 3rd: 4 and 5 (2), 8-12 (7), 15-17 November (10). Where the worker
    # comes on Saturday the 6th: 8-12 (5), 15-19 (10).
    Row(
        "K5 over the end of summer time", "19-10-2027", propose,
        {
            "26-10-2027": REMINDED, "31-10-2027": REMINDED, "03-11-2027": PROPOSAL_OVER, "18-11-2027": DESK_LATE,
        },
        down="03-11-2027", moved={"03-11-2027": "06-11-2027", "18-11-2027": "20-11-2027"},
    ),
    # Ten working days to close after Thursday 17 December, as above.
    Row("closing term over New Year", "17-12", accept, {"05-01": DESK_LATE}, down="04-01", moved={"05-01": "07-01"}),
    # Fourteen days from Monday 14 December.
    Row(
        "K3 over Christmas", "14-12", consult, {"21-12": ASKED_MINISTRY, "26-12": ASKED_MINISTRY, "29-12": RAISED},
        down="21-12", moved={"21-12": "24-12"},
    ),
    # Fourteen days from Friday 12 March end on Good Friday, and so on Tuesday 30 March; half of 18 days is 9.
    Row(
        "K3 over Easter and the begin of summer time", "12-03", consult,
        {"21-03": ASKED_MINISTRY, "28-03": ASKED_MINISTRY, "31-03": RAISED},
        down="31-03", moved={"31-03": "03-04"},
    ),
    # Five working days from Monday 21 December: 22-24 (3), 28 and 29 (5). Two days before is Sunday 27 December.
    # K2 began on the 21st as well: its tenth day is Wednesday 6 January.
    Row(
        "offer to another door over Christmas", "21-12", offer(ConsentSource.TELEPHONE),
        {"24-12": ("overdracht_herinnering: instantie",), "30-12": ("aanbod_verlopen", *STAYS), "07-01": DESK_LATE},
        down="24-12", moved={"24-12": "27-12"},
    ),
    # Ten working days from Thursday 18 March: 19 (1), 22-25 (5), 30-31 March, 1-2 April (9), Monday 5 April (10). K2,
    # which began that day too, is late from then on as well.
    Row(
        "consent to share over Easter", "18-03", offer(ConsentSource.ON_PAGE),
        {"27-03": REMINDED, "03-04": REMINDED, "06-04": ("toestemming_om_te_delen_verlopen", *STAYS, *DESK_LATE)},
        down="27-03", moved={"27-03": "30-03"},
    ),
    # Ten working days from Wednesday 16 December: 17-18 (2), 21-24 (6), 28-31 (10). Nothing is published by itself; the
    # head hears when nobody did so in five more: 4-8 January.
    Row(
        "preview over Christmas", "16-12", preview,
        {
            "24-12": REMINDED, "29-12": REMINDED, "01-01": ("termijn_voorbij: behandelaar",),
            "09-01": ("termijn_voorbij: hoofd",),
        },
        down="01-01", moved={"01-01": "04-01"},
    ),
    # Six weeks from Friday 13 November end on Christmas Day, and so on Monday 28 December. Three months end on Saturday
    # 13 February, and so on Monday; twelve months are too long a term to move.
    Row(
        "K6 and K9", "13-11", bring("afgesloten"),
        {"29-12": ("tijd_voor_heroverweging_voorbij",), "15-02": AFTERCARE, "13-11-2027": AFTERCARE},
        down="15-02", moved={"15-02": "18-02"},
    ),
    # Six weeks from Monday 28 December: 8 February. Three months: 28 March, which is Easter, and so Tuesday 30 March.
    Row(
        "K9 over Easter", "28-12", bring("afgesloten"),
        {"09-02": ("tijd_voor_heroverweging_voorbij",), "30-03": AFTERCARE},
        down="29-03", moved={"30-03": "01-04"},
    ),
    # Five working days from Monday 21 December end on the 29th; ten from the 22nd on Thursday 7 January.
    Row("K1 over Christmas", "21-12", bring("ingediend"), {"30-12": (HEAD_TOLD, LATE)}, down="25-12"),
    Row("K2 over New Year", "22-12", bring("in_triage"), {"08-01": DESK_LATE}, down="31-12"),
    # Ten weeks from Friday 16 October end on Christmas Day, and so on Monday 28 December.
    Row("K4 over Christmas", "16-10", bring("in_behandeling"), {"29-12": DESK_LATE}, down="25-12"),
    # Six weeks from Friday 13 November, likewise.
    Row("K8 over Christmas", "13-11", ask_second_look, {"29-12": (HEAD_TOLD, LATE)}, down="25-12"),
    # Ninety days from Monday 28 December end on Easter Sunday, so on Tuesday 30 March; the owner hears 14 days ahead.
    Row(
        "K7 over Easter", "28-12", signal(with_owner=True),
        {"16-03": ("regelknelpunt_herinnering: eigenaar",), "31-03": HEAD_HEARS},
        down="16-03", moved={"16-03": "19-03"},
    ),
    # Thirty days from Tuesday 15 December to name a ministry: Thursday 14 January. Ninety days end on Monday 15 March.
    Row(
        "an owner over New Year", "15-12", signal(with_owner=False),
        {"31-12": HEAD_HEARS, "15-01": HEAD_HEARS, "16-03": HEAD_HEARS}, down="15-01", moved={"15-01": "18-01"},
    ),
)  # fmt: skip


@pytest.mark.parametrize("stands_still", [False, True], ids=["twice a day", "after three days"])
@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_the_calendar_does_each_thing_on_its_day_and_once(session, make, row, stands_still):
    stage = Stage(session, make, day(row.begins))
    row.begin(stage)
    session.flush()
    down = {day(row.down) + n * ONE_DAY for n in range(3)} if stands_still else set()
    wanted: dict[date, set[str]] = {}
    for written, what in row.does.items():
        moved = row.moved.get(written, written) if stands_still else written
        wanted.setdefault(day(moved), set()).update(what)
    happened: dict[date, list[str]] = {}
    for today in days_to_look_at(day(row.begins), {*wanted, *map(day, row.does), *down}):
        if today in down:
            continue
        for moment in MOMENTS:
            stage.desk.now = datetime.combine(today, moment, AMSTERDAM)
            found = what_the_worker_does(stage)
            if found:
                happened.setdefault(today, []).extend(found)
    late = first_late_day(happened)
    counted = {today: [each for each in what if each != LATE or today == late] for today, what in happened.items()}
    counted = {today: sorted({*what} if LATE in what else what) for today, what in counted.items() if what}
    assert counted == {today: sorted(what) for today, what in wanted.items()}


def days_to_look_at(begins: date, near: set[date]) -> list[date]:
    """Each day on which something happens or the worker stands still, and the days round it; the quiet ones not."""
    round_them = {one + n * ONE_DAY for one in near for n in (-1, 0, 1)}
    return sorted(each for each in {*round_them, begins + 2 * ONE_DAY} if each > begins)


def what_the_worker_does(stage: Stage) -> list[str]:
    """One run of the worker: the mails that it writes, what it states, and whether the head sees a late case."""
    session = stage.session
    last_mail = session.scalar(select(OutboxMail.id).order_by(OutboxMail.id.desc()).limit(1)) or 0
    last_event = session.scalar(select(Event.number).order_by(Event.number.desc()).limit(1)) or 0
    scheduled.run_due(stage.desk.system, session.flush)
    mails = session.execute(select(OutboxMail.kind, OutboxMail.to_address).where(OutboxMail.id > last_mail))
    stated = select(Event.kind).where(Event.number > last_event, Event.actor_kind == ActorKind.SYSTEM)
    found = [f"{kind}: {stage.names[address]}" for kind, address in mails] + list(session.scalars(stated))
    if desk_overview(session, stage.desk.make.actor(stage.head), stage.desk.today).late:
        found.append(LATE)
    return found


def first_late_day(happened: dict[date, list[str]]) -> date | None:
    return min((today for today, what in happened.items() if LATE in what), default=None)
