"""Plays sequences of acts on the model and on the database, and compares the two after each act."""

import pickle
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Connection, bindparam, func, literal, literal_column, select, union_all
from sqlalchemy.orm import Session, selectinload

from knelpunt.adapters.uploads.store import FileStore
from knelpunt.domain.calendar import deadlines
from knelpunt.domain.calendar.timezone import Quarter, quarter_of
from knelpunt.domain.errors import DomainError
from knelpunt.domain.links import Links
from knelpunt.domain.permissions import Actor
from knelpunt.domain.vocabulary import ActorKind, AssessmentRole, OrganisationKind, Role
from knelpunt.models import (
    Account,
    Aftercare,
    Assessment,
    BottleneckCase,
    Case,
    ClockPeriod,
    Consultation,
    Contact,
    Disagreement,
    DisposalCase,
    DisposalList,
    Event,
    Message,
    MinistryContact,
    OutboxMail,
    Proposal,
    PublicText,
    Referral,
    Retention,
    RetentionCategory,
    Review,
    SecondLook,
)
from knelpunt.queries.cases import submitter_page
from knelpunt.queries.figures.quarter import differences
from knelpunt.queries.figures.series import counts_by_quarter
from knelpunt.services.bottlenecks import track as bottlenecks
from knelpunt.services.bottlenecks.track import News
from knelpunt.services.core import clocks, events
from knelpunt.services.filing import intake
from tests.support.archive import Archive
from tests.support.desk import FILED_AT, FILING, Desk
from tests.support.factories import Factory
from tests.support.guides import public_guide
from tests.support.sequences.acts import BY_LINK, CHOICES, ENDING, INSIDE, MOVING, SELDOM, Acts, Values
from tests.support.sequences.model import KEPT, OPEN, PEOPLE, Model, Refused

STEPS_OF_REVIEWS = {
    "oordeel": "in_behandeling_genomen", "ander oordeel": "oordeel_gewijzigd", "voorstel": "voorstel_gedaan",
    "ruimtewijzer": "beantwoord_met_ruimtewijzer", "sluiten": "afgesloten",
    "sluiten met regel": "afgesloten_met_regelknelpunt", "tekst": "openbare_tekst_bewaard",
}  # fmt: skip
LONGEST_DAYS = 800
"""How long a sequence lasts at most: the holidays of a few years are written down."""


Found = tuple[str, str, Values]
"""An act, by whom, and with what."""


@dataclass(frozen=True)
class Drawn:
    """Numbers from which the next act is made: any act by anybody or not, which, by whom, with what, days before."""

    is_any: bool
    act: int
    who: int
    detail: int
    days: int


class World:
    """The people round two cases, a resident's and a municipality's, which were just filed."""

    def __init__(self, connection: Connection, session: Session, links: Links, files: FileStore) -> None:
        self.connection, self.links, self.files, self.filed_at = connection, links, files, FILED_AT
        make = Factory(session)
        desk = Desk(session, make)
        desk.links = links
        roles = {
            "handler": Role.HANDLER, "handler2": Role.HANDLER, "triager": Role.TRIAGER, "head": Role.HEAD_OF_DESK,
            "head2": Role.HEAD_OF_DESK, "reviewer": Role.REVIEWER, "reviewer2": Role.REVIEWER,
            "owner": Role.BOTTLENECK_OWNER, "auditor": Role.AUDITOR,
        }  # fmt: skip
        accounts = {name: make.account(role, desk.ministry) for name, role in roles.items()}
        accounts |= {"submitter": make.filer(), "stranger": make.filer()}
        self.actors: dict[str, Actor] = {name: make.actor(account) for name, account in accounts.items()}
        self.names = {account.id: name for name, account in accounts.items()}
        resident = desk.file()
        data = {**FILING, "contact_email": "", "mandate": "ja", "municipality_id": str(make.municipality().id)}
        filer = desk.context(accounts["submitter"])
        draft = intake.create_draft(filer, data)
        municipal = intake.file_case(filer, draft.key, draft.version)
        self.case_ids = {True: resident.id, False: municipal.id}
        self.references = {True: resident.reference, False: municipal.reference}
        self.addresses = {True: FILING["contact_email"], False: accounts["submitter"].email}
        self.law_id, self.guide_id = make.law(in_force_from=date(2020, 1, 1)).id, public_guide(make).id
        self.officials = {name: self._official(make, desk, name) for name in ("een", "ander")}
        self.bottleneck = self._bottleneck(desk, accounts)
        self._keep_for_a_year(Archive(desk, files))
        self.categories = {each.id: each.code for each in session.scalars(select(RetentionCategory))}
        session.commit()

    @staticmethod
    def _official(make: Factory, desk: Desk, name: str) -> int:
        ministry = desk.ministry if name == "een" else make.organisation(OrganisationKind.MINISTRY)
        contact = MinistryContact(ministry_id=ministry.id, name=name, email=f"{name}@bouw.example", is_fallback=False)
        found: int = make.add(contact).id
        return found

    @staticmethod
    def _keep_for_a_year(archive: Archive) -> None:
        """So that the end of a case comes within a sequence; two people read the sources."""
        for code in KEPT:
            archive.reword(archive.category(code), years=1)

    @staticmethod
    def _bottleneck(desk: Desk, accounts: dict[str, Account]) -> str:
        found = bottlenecks.signal(
            desk.context(accounts["triager"]),
            title="De regel voor tijdelijke woningen",
            problem="De termijn is te kort.",
            provisions=[(desk.make.provision(desk.law).id, AssessmentRole.BLOCKS)],
            body="Drie gemeenten lopen hier tegenaan.",
        )
        bottlenecks.analyse(
            desk.context(accounts["head"]),
            found.reference,
            found.version,
            ministry_id=desk.ministry.id,
            owner_id=accounts["owner"].id,
            news=News("Het ministerie zoekt uit wat er kan."),
        )
        return found.reference

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """What happens inside is taken back."""
        with self.connection.begin_nested() as savepoint:
            yield
            savepoint.rollback()


MAIN_LINE: tuple[Found | int, ...] = (
    ("assign", "triager", {"target": "handler"}),
    ("scope", "triager", {"yes": True}),
    ("take_in", "triager", {}),
    ("weigh", "handler", {"role": "biedt_ruimte"}),
    ("ask_verdict", "triager", {"verdict": "V4"}),
    ("approve", "reviewer", {}),
    ("ask_proposal", "handler", {}),
    ("approve", "head", {}),
    ("accept", "submitter", {}),
    ("write_text", "handler", {}),
    ("ask_closing", "handler", {}),
    ("approve", "reviewer", {}),
    370,
    ("confirm_list", "head", {}),
    ("confirm_list", "head2", {}),
    1,
)
"""Acts, and days that go by, from a case that was just filed to one in the archive."""


def play(
    world: World, drawn: Iterable[Drawn], *, is_resident: bool, ahead: int = 0, seen: Counter[str] | None = None
) -> None:
    """Play one sequence. Raises AssertionError where model and database differ, with the story so far.

    Args:
        ahead: how many acts of the main line come before what was drawn.
        seen: counts which acts were done and refused.
    """
    model = Model(FILED_AT.date(), is_resident=is_resident)
    acts = Acts(world, model)
    story: list[str] = []
    with world.attempt():
        for step in MAIN_LINE[:ahead]:
            if isinstance(step, int):
                _days_go_by(world, model, acts, step, story)
            else:
                _take(world, model, acts, step, story, seen)
        for each in drawn:
            if (model.today - model.filed).days + each.days <= LONGEST_DAYS and each.days:
                is_away = each.detail % 3 == 0 and model.only_a_proposal_waits
                _days_go_by(world, model, acts, each.days, story, is_worker_away=is_away)
            found = _act(model, each)
            if found is not None:
                _take(world, model, acts, found, story, seen)
        _check_end(world, model, acts.now, story)


def _days_go_by(
    world: World, model: Model, acts: Acts, days: int, story: list[str], *, is_worker_away: bool = False
) -> None:
    acts.now += timedelta(days=days)
    model.today = acts.now.date()
    story.append(f"--- {model.today}")
    if not is_worker_away:
        model.worker_comes_by()
        acts.worker_comes_by()
    _compare(world, model, story)


def _act(model: Model, drawn: Drawn) -> Found | None:
    """An act that the product allows now, mostly; sometimes any act by anybody."""
    if drawn.is_any:
        name = [*CHOICES][drawn.act % len(CHOICES)]
        values = CHOICES[name](model, drawn.detail)
        return None if values is None else (name, PEOPLE[drawn.who % len(PEOPLE)], values)
    kept = pickle.dumps(model.__dict__)
    turn = drawn.who % len(PEOPLE)
    people = [*PEOPLE[turn:], *PEOPLE[:turn]]
    allowed: list[Found] = []
    for name in CHOICES:
        values = CHOICES[name](model, drawn.detail)
        if values is None or (name in ENDING and drawn.act % 40):
            continue
        who = next((each for each in people if _is_allowed(model, kept, name, each, values)), None)
        if who is not None:
            weight = 1 if name in SELDOM else 40 if name in MOVING else 6
            allowed += [(name, who, values)] * weight
    return allowed[drawn.act % len(allowed)] if allowed else None


def _is_allowed(model: Model, kept: bytes, name: str, who: str, values: Values) -> bool:
    """Whether the model lets this act through; it is put back as it was."""
    try:
        getattr(model, name)(who, **values)
    except Refused:
        return False
    model.__dict__.update(pickle.loads(kept))
    return True


def _take(world: World, model: Model, acts: Acts, found: Found, story: list[str], seen: Counter[str] | None) -> None:
    name, who, values = found
    if who in ("submitter", "stranger") and name not in BY_LINK and model.is_erased:
        return  # the follow link is dead
    refused = error = None
    try:
        getattr(model, name)(who, **values)
    except Refused:
        refused = True
    try:
        acts.take(name, who, values)
    except DomainError as caught:
        error = caught
    story.append(f"{who}: {name} {values or ''}{' — refused' if error else ''}")
    assert bool(refused) == (error is not None), _told(story, f"the product {'forbids' if refused else 'allows'} this; "
                                                       f"the site {error.message if error else 'did it'}")  # fmt: skip
    if seen is not None:
        seen[f"{name} {'refused' if refused else 'done'}"] += 1
    _compare(world, model, story)


def _told(story: list[str], *more: str) -> str:
    return "\n".join(["", *story, *more])


def _compare(world: World, model: Model, story: list[str]) -> None:
    with Session(world.connection, join_transaction_mode="create_savepoint") as session:
        found, wanted = _in_database(world, session, world.case_ids[model.is_resident]), _plain(_in_model(model))
    different = {name: (found[name], wanted[name]) for name in wanted if found[name] != wanted[name]}
    assert not different, _told(story, "the site, the product:", *(f"{k}: {v}" for k, v in different.items()))
    if model.status not in OPEN:
        return
    # No open case is nobody's: somebody handles it, or it waits for triage or the head; and some term runs.
    waits_for_name = "ingediend" in (model.status, model.came_from) or model.status == "heroverweging"
    assert found["handler"] or waits_for_name, _told(story, "nobody owns the case")
    assert found["due"] or found["waits until"], _told(story, "no term runs")


def _plain(value: Any) -> Any:
    """As it stands in a row that was read as JSON."""
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def _in_model(model: Model) -> dict[str, Any]:
    due = model.due
    last = model.questions[-1] if model.questions else None
    text = model.text
    review = model.review
    step = None
    if review is not None:
        step = STEPS_OF_REVIEWS.get(review.step) or f"heroverweging_{'blijft' if review.payload['kept'] else 'anders'}"
    return {
        "status": model.status,
        "came from": model.came_from,
        "result": model.result,
        "verdict": model.verdict,
        "handler": model.handler,
        "first handler": model.first_handler,
        "in scope": model.in_scope,
        "no reaction": model.no_reaction,
        "closed on": model.closed,
        "due": due,
        "waits until": model.question.by if model.status == "aanvulling_gevraagd" and model.question else None,
        "clocks": sorted(_plain([[run.clock, run.start, run.due, run.stopped] for run in model.runs]), key=repr),
        "question": last and (last.asked, last.by, last.answered, last.lapsed),
        "review": review and (step, review.asker),
        "rules": sorted(model.rules),
        "asked": [(each.status, each.due, each.raised, each.more) for each in model.asked],
        "ministries differ": model.disagree,
        "proposal": model.proposal,
        "text": text and (text.writer, text.reviewer),
        "objection waits": bool(text and text.objected),
        "preview": (text.object_by, text.agreed) if text and model.publication == "ter_inzage" else None,
        "publication": model.publication,
        "offer": model.offer and (model.offer.status, model.offer.by),
        "looks": [(each.by_submitter, each.status) for each in model.looks],
        "aftercare": [(each.months, each.asked, each.answer, each.wish, each.settled) for each in model.care],
        "link": model.link,
        "kept": model.kept and (model.kept.code, model.kept.until, model.kept.held),
        "lists": [(each.fate, each.status, each.holds) for each in model.lists],
        "contact until": model.contact_ends,
    }


_TABLES = (
    Case, ClockPeriod, Message, Review, Assessment, Consultation, Disagreement, Proposal, PublicText, Referral,
    SecondLook, Aftercare, BottleneckCase, Contact, Retention, DisposalCase,
)  # fmt: skip
_ROWS = union_all(
    *(
        select(literal(table.__tablename__), func.to_jsonb(literal_column(table.__tablename__)))
        .select_from(table.__table__)
        .where((table.id if table is Case else table.case_id) == bindparam("case_id"))
        for table in _TABLES
    )
)


def _outcome(look: Any) -> str:
    if look.outcome is None:
        return "open" if look.ended_on is None else "zonder uitkomst"
    return "blijft" if look.outcome == "blijft" else "anders"


def _in_database(world: World, session: Session, case_id: int) -> dict[str, Any]:
    rows: dict[str, list[Any]] = {table.__tablename__: [] for table in _TABLES}
    for table, row in session.execute(_ROWS, {"case_id": case_id}):
        rows[table].append(SimpleNamespace(**row))
    for found in rows.values():
        found.sort(key=lambda row: getattr(row, "id", 0))
    (case,) = rows["cases"]

    def last(table: str) -> Any:
        return rows[table][-1] if rows[table] else None

    name = world.names.get
    asked = [each for each in rows["messages"] if each.answer_by]
    question = asked[-1] if asked else None
    review = next((each for each in rows["reviews"] if each.status == "open"), None)
    text, offer, proposal = last("public_texts"), last("referrals"), last("proposals")
    link, contact = last("bottleneck_cases"), last("contacts")
    kept = last("retentions")
    on_lists = {(each.list_id, each.status) for each in rows["disposal_cases"]}
    runs = [[run.clock, run.started_on, run.due_on, run.stopped_on] for run in rows["clock_periods"]]
    return {
        "status": case.status,
        "came from": case.status_before_supplement,
        "result": case.result,
        "verdict": case.verdict,
        "handler": name(case.handler_id),
        "first handler": name(case.first_handler_id),
        "in scope": case.in_scope,
        "no reaction": case.got_no_reaction,
        "closed on": case.closed_on,
        "due": [case.due_on, case.due_clock] if case.due_on else None,
        "waits until": case.suspended_until,
        "clocks": sorted(runs, key=repr),
        "question": question
        and [question.written_at[:10], question.answer_by, question.answered_on, question.lapsed_on],
        "review": review and [review.step, name(review.requested_by_id)],
        "rules": sorted(each.role for each in rows["assessments"] if each.withdrawn_at is None),
        "asked": [[each.status, each.due_on, each.raised_on, each.more_time_until] for each in rows["consultations"]],
        "ministries differ": sum(each.decided_at is None for each in rows["disagreements"]),
        "proposal": proposal and proposal.status,
        "text": text and [name(text.written_by_id), name(text.reviewed_by_id)],
        "objection waits": bool(text and text.objection and not text.kept_back_on),
        "preview": [text.object_by, text.agreed_on is not None] if case.publication == "ter_inzage" else None,
        "publication": case.publication,
        "offer": offer and [offer.status, offer.answer_by],
        "looks": [[each.by_submitter, _outcome(each)] for each in rows["second_looks"]],
        "aftercare": [
            [each.months, each.asked_on, each.answer, each.asks_reopening, each.settled_on is not None]
            for each in rows["aftercare"]
        ],
        "link": link and link.status,
        "kept": kept and [world.categories[kept.category_id], kept.action_on, kept.hold_until],
        "lists": [
            [each.disposition, each.status, (each.id, "op_de_lijst") in on_lists]
            for each in session.scalars(select(DisposalList).order_by(DisposalList.id))
        ],
        "contact until": contact.ends_on if contact and contact.erased_at is None else None,
    }


def _check_end(world: World, model: Model, now: datetime, story: list[str]) -> None:
    """What holds after every sequence: the chain, the last day of a case, the words that a submitter gets, the sums of
    the figures, and that the ledger says of every quarter what the events do."""
    with Session(world.connection, join_transaction_mode="create_savepoint") as session:
        for period in session.scalars(select(ClockPeriod).options(selectinload(ClockPeriod.suspensions))):
            run = clocks.run_of(period)
            net, gross = deadlines.net_days(run, model.today), deadlines.gross_days(run, model.today)
            assert 0 <= net <= gross, _told(story, f"{period.clock} ran {net} of {gross} days")
        report = events.verify(session)
        assert report.fault is None, _told(story, report.fault or "")
        last = select(func.max(Event.happened_on)).where(Event.case_id == Case.id).scalar_subquery()
        late = session.scalars(select(Case.reference).where(Case.last_event_on != last)).all()
        assert not late, _told(story, f"the last day of {late} is not that of their last event")
        page = submitter_page.read_page(session, _submitter(world, model), world.references[model.is_resident])
        assert INSIDE not in repr(page), _told(story, "a word of the desk stands on the page of the submitter")
        mails = select(OutboxMail.subject, OutboxMail.body).where(
            OutboxMail.to_address == world.addresses[model.is_resident]
        )
        for subject, body in session.execute(mails):
            assert INSIDE not in f"{subject} {body}", _told(story, f"a word of the desk was mailed: {subject}")
        counts = counts_by_quarter(session, Quarter(2026, 3), model.today)
        assert sum(each.received for each in counts) >= 2
        for before, count in pairwise(counts):
            summed = before.open + count.received + count.reopened - count.handled - count.no_end
            assert summed == count.open, _told(story, f"the figures of {count.quarter} do not add up: {count}")
        days = session.scalars(select(Event.happened_on).distinct())  # other quarters are as the ones before them
        quarters = sorted({quarter_of(day) for day in (*days, model.today)})
        differing = [line for each in quarters for line in differences(session, each, model.today)]
        assert not differing, _told(story, "the ledger and the events:", *differing)
        untouched = 1
        is_open = model.status in OPEN
        assert counts[-1].open == untouched + is_open, _told(story, "the figures tell another number of open cases")
        assert quarter_of(model.today) == counts[-1].quarter


def _submitter(world: World, model: Model) -> Actor:
    if not model.is_resident:
        return world.actors["submitter"]
    return Actor(ActorKind.SUBMITTER_LINK, case_id=world.case_ids[True])
