"""Each act by which words become public stops a name, an address and a number that were planted in them, or has a
second person decide. Which columns they fill stands in ``tests/support/public_words.py``."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy import text as sql

from knelpunt.adapters.files.cases import Line
from knelpunt.domain.bottlenecks import BottleneckChoice, BottleneckStep
from knelpunt.domain.calendar.timezone import Quarter
from knelpunt.domain.errors import DomainError
from knelpunt.domain.figures.definitions import REGISTER
from knelpunt.domain.figures.sealing import Check
from knelpunt.domain.figures.writing import Section
from knelpunt.domain.laws.edits import EntryKind, fingerprint
from knelpunt.domain.quarters.commitments import CommitmentKind, CommitmentStep
from knelpunt.domain.vocabulary import (
    AssessmentRole,
    Disposition,
    MessageKind,
    OrganisationKind,
    PublicationStatus,
    Role,
)
from knelpunt.models import BottleneckNews, Contact, Message, PublicText
from knelpunt.queries.laws import edits as law_entries
from knelpunt.services.accounts import mergers, organisations
from knelpunt.services.archive import categories
from knelpunt.services.bottlenecks import corrections, links
from knelpunt.services.bottlenecks import track as bottlenecks
from knelpunt.services.bottlenecks.corrections import Correction
from knelpunt.services.bottlenecks.track import News
from knelpunt.services.cases import publication, reviews
from knelpunt.services.figures import agreements, ledger
from knelpunt.services.figures import sealing as figures_sealing
from knelpunt.services.guides import editing as guides
from knelpunt.services.history.importing import ImportOptions, import_lines
from knelpunt.services.laws import edits
from knelpunt.services.laws.loading import load_catalogue
from knelpunt.services.quarters import approval, commitments, sealing, writing
from knelpunt.services.submitters import reactions as submitter
from knelpunt.web.reporting.public.making import public_edition
from knelpunt.web.reporting.writing.written import written_of
from tests.support.catalogue import shipped_catalogue
from tests.support.desk import FILED_AT, Desk
from tests.support.guides import public_guide, text
from tests.support.public_words import DOORS, Door

CONTACT, COLLEAGUE, LEFT = "Roos Wijngaard", "Tjeerd Hoekzema", "Lieke Zandbergen"
PLANTED = {
    "a contact": "Zie Wijngaard.",
    "a colleague": f"Zie {COLLEAGUE}.",
    "one who left": f"Zie {LEFT}.",
    "an e-mail": "Schrijf aan tuin12@straat.example.",
    "a telephone": "Bel 06-12345678.",
    "a BSN": "Het is 111222333.",
    "an IBAN": "Betaal op NL91ABNA0417164300.",
    "a house": "Het is op Dorpsstraat 12.",
}
ABOUT_NO_CASE = {"a contact"}
NAMES_OF_BODIES = {"a contact", "a house"}
"""A contact of a case is not known there; and an organisation may be called after its house. ``NAMES``: a number of a
paper is none without a digit."""
NAMES = {"a contact", "a colleague", "one who left"}
HARMLESS = "Het plan gaat door."
QUARTER = Quarter(2026, 1)

Act = Callable[[str], object]


class Stage:
    """A case of somebody with a name under a rule bottleneck, its desk, and two administrators."""

    def __init__(self, app, session, make) -> None:
        self.app, self.session, self.make = app, session, make
        self.desk = Desk(session, make)
        self.desk.handler.name, self.desk.reviewer.name = COLLEAGUE, "Wil de Beoordelaar"
        make.account(Role.HANDLER, organisation=self.desk.ministry, name=LEFT, is_active=False)
        self.admin = self.desk.context(make.administrator())
        self.author = make.account(Role.REPORT_AUTHOR, organisation=self.desk.ministry)
        self.head = make.head_of_desk(organisation=self.desk.ministry)
        self.case = self._named(self.desk.bring("voorstel"))
        session.flush()

    def _named(self, case):
        contact = self.session.get_one(Contact, case.id)
        contact.name = CONTACT
        self.session.flush()
        return case

    def bottleneck(self, *, with_case: bool = True):
        made = bottlenecks.signal(
            self.desk.context(self.desk.triager),
            title="De regel voor tuinen",
            problem="Zij knelt.",
            provisions=[(self.make.provision(self.desk.law).id, AssessmentRole.BLOCKS)],
            body="Wij kijken ernaar.",
        )
        if with_case:
            links.propose_link(
                self.desk.context(self.desk.handler), self.case.reference, self.case.version, made.reference
            )
        self.session.flush()
        bottlenecks.analyse(
            self.desk.context(self.head),
            made.reference,
            made.version,
            ministry_id=self.desk.ministry.id,
            owner_id=self.make.account(Role.BOTTLENECK_OWNER).id,
            news=News(HARMLESS),
        )
        self.session.flush()
        return made

    def closed(self):
        submitter.accept_proposal(self.desk.follower(self.case), self.case.reference)
        self.session.flush()
        return self.case

    def sealed(self) -> None:
        self.desk.now = FILED_AT.replace(year=2026, month=2)
        self.desk.file()
        self.desk.later(100)
        ledger.settle(self.session)
        why = dict.fromkeys(Check, "Bekend.")
        sealing.ask(self.desk.context(self.author), QUARTER, why)
        figures_sealing.agree(self.desk.context(self.head), QUARTER)
        self.session.flush()

    @contextmanager
    def trial(self) -> Iterator[None]:
        """Whatever the act did is taken back."""
        point = self.session.begin_nested()
        try:
            yield
            self.session.flush()
        finally:
            if point.is_active:
                point.rollback()
            self.session.expire_all()


@pytest.fixture
def stage(app, session, make) -> Stage:
    return Stage(app, session, make)


def case_text(stage: Stage, field: str) -> Act:
    case, desk = stage.closed(), stage.desk

    def act(words: str) -> None:
        desk.write_public_text(case, **{field: words})
        review = desk.ask_closing(case)
        reviews.approve(desk.context(desk.reviewer), case.reference, review.id)

    return act


def case_rule(stage: Stage, _field: str) -> Act:
    case, desk = stage.closed(), stage.desk

    def act(words: str) -> None:
        rule = desk.weigh(case)
        rule.provision_id, rule.article = None, words
        stage.session.flush()
        desk.write_public_text(case)
        review = desk.ask_closing(case)
        reviews.approve(desk.context(desk.reviewer), case.reference, review.id)

    return act


def _public(stage: Stage):
    case, desk = stage.closed(), stage.desk
    desk.close_accepted(case)
    handler = desk.context(desk.handler)
    publication.start_preview(handler, case.reference, case.version)
    stage.session.flush()
    stage.session.get_one(PublicText, case.id).agreed_on = desk.today
    stage.session.flush()
    publication.publish(handler, case.reference, case.version)
    stage.session.flush()
    assert case.publication is PublicationStatus.PUBLIC
    return case


def case_correction(stage: Stage, _field: str) -> Act:
    case, desk = _public(stage), stage.desk

    def act(words: str) -> None:
        desk.write_public_text(case, answer="Ja, met een vergunning voor vijf jaar.")
        review = publication.request_text_review(desk.context(desk.handler), case.reference, case.version, words)
        reviews.approve(desk.context(desk.reviewer), case.reference, review.id)

    return act


def case_withdrawn(stage: Stage, _field: str) -> Act:
    case, desk = _public(stage), stage.desk
    return lambda words: publication.withdraw_publication(
        desk.context(desk.handler), case.reference, case.version, words
    )


def case_import(stage: Stage, field: str) -> Act:
    @contextmanager
    def begin():
        with stage.session.begin_nested():
            yield stage.session

    load_catalogue(stage.session, shipped_catalogue())

    def act(words: str) -> None:
        data = {
            "id": "p-1",
            "year": 2019,
            "municipality": "Zwolle",
            "province": "Overijssel",
            "submitter_kind": "municipality",
            "title": "Proefgeval",
            "description": "Wij lopen vast op een regel.",
            "blocking": [{"law": "wabo", "article": "2.1", "basis": "source"}],
            "label": {"law": "crisis-en-herstelwet", "instrument": "Innovatie-experiment (art. 7b Bu Chw)"},
            "outcome": "experiment granted",
            "source": {"url": "https://example.nl/besluit", "title": "Een besluit", "read": "full"},
        }
        if field == "article":
            data["blocking"][0]["article"] = words
        elif field == "source":
            data["source"]["title"] = words
        else:
            data[field] = words
        report = import_lines([Line(1, data=data)], begin, ImportOptions("proef", stage.desk.now, publish=True))
        if report.refused:
            raise DomainError(report.refused[0].text)
        assert report.added == 1

    return act


def bottleneck_signal(stage: Stage, field: str) -> Act:
    said = {"title": "Een regel", "problem": "Zij knelt.", "body": HARMLESS}
    rules = [(stage.make.provision(stage.desk.law).id, AssessmentRole.BLOCKS)]
    by = stage.desk.context(stage.desk.triager)
    return lambda words: bottlenecks.signal(by, provisions=rules, case=stage.case.reference, **{**said, field: words})


def bottleneck_choice(stage: Stage, _field: str) -> Act:
    found, by = stage.bottleneck(), stage.desk.context(stage.head)
    return lambda words: bottlenecks.choose(
        by,
        found.reference,
        found.version,
        choice=BottleneckChoice.GUIDANCE,
        reason=words,
        news=News(HARMLESS),
    )


def bottleneck_news(stage: Stage, field: str) -> Act:
    found, by = stage.bottleneck(), stage.desk.context(stage.head)
    return lambda words: bottlenecks.move(
        by, found.reference, found.version, BottleneckStep.REPORT, News(**{"body": HARMLESS, field: words})
    )


def bottleneck_correction(stage: Stage, field: str) -> Act:
    found, by = stage.bottleneck(), stage.desk.context(stage.head)
    found.choice_reason, found.waiting_for = "Het kan.", "Het wacht."
    stage.session.flush()
    news = select(BottleneckNews.id).where(BottleneckNews.bottleneck_id == found.id).limit(1)
    news_id = stage.session.scalar(news) if field == "body" else None
    other = "body" if field == "body" else "problem"

    def act(words: str) -> None:
        texts = {other: "Zo klopt het.", "change": "Een woord.", field: words}
        correction = Correction(texts, texts.pop("change"), news_id)
        corrections.correct(by, found.reference, found.version, correction)

    return act


def guide_text(stage: Stage, field: str) -> Act:
    desk = stage.desk

    def act(words: str) -> None:
        value = {
            "examples": [{"place": "Zwolle", "what": words}],
            "sources": [{"title": words, "url": "https://bron.example/1", "read": "full"}],
            "rules": [{**text().rules[0], "article": words}],
        }.get(field, words)
        guide = guides.create(desk.context(desk.handler), text(**{field: value}), case_id=stage.case.id)
        stage.session.flush()
        guides.review(desk.context(desk.reviewer), guide.slug, guide.version)

    return act


def guide_recheck(stage: Stage, _field: str) -> Act:
    guide, by = public_guide(stage.make, case_id=stage.case.id), stage.desk.context(stage.desk.handler)
    return lambda words: guides.ask_recheck(by, guide.slug, guide.version, words)


def guide_expire(stage: Stage, _field: str) -> Act:
    guide, by = public_guide(stage.make, case_id=stage.case.id), stage.desk.context(stage.desk.handler)
    return lambda words: guides.expire(by, guide.slug, guide.version, words)


def agreement(stage: Stage, _field: str) -> Act:
    figure, definition = next(iter(REGISTER.items()))
    by = replace(stage.admin, now=datetime.combine(definition.since, time(12), UTC))
    return lambda words: agreements.note(by, figure=figure, partner=words, agreed_on=by.today, source_url="")


def ministry_reply(stage: Stage, _field: str) -> Act:
    stage.sealed()
    by = stage.desk.context(stage.author)
    return lambda words: agreements.reply(
        by, QUARTER, ministry_id=stage.desk.ministry.id, words=words, given_on=date(2026, 4, 1)
    )


def erratum(stage: Stage, field: str) -> Act:
    stage.sealed()
    by, edition = stage.desk.context(stage.author), public_edition(stage.session, QUARTER)
    return lambda words: figures_sealing.correct(
        by, edition, place="totalen; nu; ontvangen", **{"should_be": "3", "reason": "Dubbel geteld.", field: words}
    )


def quarter_text(stage: Stage, _field: str) -> Act:
    stage.sealed()
    found, by = stage.bottleneck(), stage.desk.context(stage.author)
    writing.begin(by, QUARTER)
    writing.choose_bottleneck(by, QUARTER, found.id, "Het raakt de meeste plannen.")
    writing.save(by, QUARTER, Section.OUTLOOK, "Hier staat iets.", 1)
    stage.session.flush()

    def act(words: str) -> None:
        row = writing.save(by, QUARTER, Section.OUTLOOK, words, 2)
        assert row.source == words
        with stage.app.test_request_context():
            placed = written_of(stage.session, QUARTER).figures
        approval.ask(by, QUARTER, placed)
        stage.session.flush()
        version = approval.open_text(stage.desk.context(stage.head), QUARTER, approval.QuarterStep.APPROVE)[0].version
        approval.approve(stage.desk.context(stage.head), QUARTER, version, placed)

    return act


def quarter_number(stage: Stage, field: str) -> Act:
    act = quarter_text(stage, field)
    act(HARMLESS)
    by = stage.desk.context(stage.author)
    stage.session.flush()
    approval.present(by, QUARTER, by.today)
    stage.session.flush()
    return lambda words: approval.number(by, QUARTER, words if words != HARMLESS else "32 847, nr. 106")


COMMITTED = commitments.Values(CommitmentKind.PROMISE, "Een brief", "De Kamer krijgt een brief.", "Op 1 maart 2026")


def commitment(stage: Stage, field: str) -> Act:
    """About a rule bottleneck, under which the case stands."""
    values, by = replace(COMMITTED, bottlenecks=(stage.bottleneck().reference,)), stage.desk.context(stage.author)
    return lambda words: commitments.add(by, replace(values, **{field: words}))


def commitment_news(stage: Stage, _field: str) -> Act:
    values, by = replace(COMMITTED, bottlenecks=(stage.bottleneck().reference,)), stage.desk.context(stage.author)
    row = commitments.add(by, values)
    stage.session.flush()
    return lambda words: commitments.take_step(
        by, row.id, row.version, CommitmentStep.PLAN, words=words, due_on=by.today + timedelta(days=90)
    )


def catalogue(stage: Stage, kind: EntryKind, key: str, field: str) -> Act:
    load_catalogue(stage.session, shipped_catalogue())
    stage.session.execute(
        sql("UPDATE laws SET details = details || '{\"family\": \"wonen\"}' WHERE key LIKE 'proefwet%'")
    )
    stage.session.expire_all()
    before = law_entries.one_entry(stage.session, kind, key).fields

    def act(words: str) -> None:
        value = [words] if isinstance(before.get(field), list) else words
        edits.propose(
            stage.admin,
            kind,
            {**before, field: value},
            base_digest=fingerprint(before),
            reason="De wet is gewijzigd.",
            source_url="https://bron.example/1",
        )

    return act


def law(stage: Stage, field: str) -> Act:
    return catalogue(stage, EntryKind.LAW, "lsw", field)


def provision(stage: Stage, field: str) -> Act:
    return catalogue(stage, EntryKind.PROVISION, "lsw-3", field)


def retention(stage: Stage, field: str) -> Act:
    wording = categories.Wording(
        "Antwoord", "De zaak", 7, Disposition.DESTROY, True, "Selectielijst", stage.admin.today, date(2020, 1, 1)
    )
    return lambda words: categories.propose(stage.admin, "antwoord", replace(wording, **{field: words}))


def organisation(stage: Stage, field: str) -> Act:
    said = {"name": "Stichting De Tuin", "abbreviation": None}
    return lambda words: organisations.add_organisation(
        stage.admin, kind=OrganisationKind.OTHER, **{**said, field: words}
    )


def merger(stage: Stage, _field: str) -> Act:
    ending = stage.make.municipality()
    return lambda words: mergers.propose(
        stage.admin,
        day=stage.admin.today + timedelta(days=30),
        ending=[ending.id],
        code="GM9801",
        name=words,
        province_id=ending.province_id,
        reason="Wet tot samenvoeging.",
    )


ACTS: dict[Door, tuple[Callable[[Stage, str], Act], tuple[str, ...], set[str]]] = {
    Door.CASE_TEXT: (case_text, ("title", "question", "answer", "next_step"), set()),
    Door.CASE_RULE: (case_rule, ("article",), {"a house"}),
    Door.CASE_CORRECTION: (case_correction, ("change",), set()),
    Door.CASE_WITHDRAWN: (case_withdrawn, ("reason",), set()),
    Door.CASE_IMPORT: (
        case_import, ("title", "description", "municipality", "article", "source"), {"a contact", "a house"},
    ),
    Door.BOTTLENECK_SIGNAL: (bottleneck_signal, ("title", "problem", "body"), set()),
    Door.BOTTLENECK_CHOICE: (bottleneck_choice, ("reason",), set()),
    Door.BOTTLENECK_NEWS: (bottleneck_news, ("body", "waiting_for"), set()),
    Door.BOTTLENECK_CORRECTION: (
        bottleneck_correction, ("title", "problem", "reason", "waiting_for", "body", "change"), set(),
    ),
    Door.GUIDE_TEXT: (
        guide_text,
        (
            "question", "short_answer", "room", "conditions", "who_decides", "model_text", "confidence_note",
            "search_words", "examples",
        ),
        set(),
    ),
    Door.GUIDE_RECHECK: (guide_recheck, ("reason",), set()),
    Door.GUIDE_EXPIRE: (guide_expire, ("reason",), set()),
    Door.AGREEMENT: (agreement, ("partner",), ABOUT_NO_CASE),
    Door.MINISTRY_REPLY: (ministry_reply, ("words",), ABOUT_NO_CASE),
    Door.ERRATUM: (erratum, ("should_be", "reason"), ABOUT_NO_CASE),
    Door.QUARTER_TEXT: (quarter_text, ("source",), set()),
    Door.QUARTER_NUMBER: (quarter_number, ("paper",), NAMES),
    Door.COMMITMENT: (commitment, ("title", "words", "made_when", "dossier", "paper"), set()),
    Door.COMMITMENT_NEWS: (commitment_news, ("words",), set()),
    Door.LAW: (law, ("citation_title", "abbreviation", "domain", "ministry_2026"), ABOUT_NO_CASE),
    Door.PROVISION: (
        provision, ("article", "instrument", "decided_by", "conditions", "procedure", "trigger_words"), ABOUT_NO_CASE,
    ),
    Door.RETENTION: (retention, ("name", "holds", "source"), ABOUT_NO_CASE),
    Door.ORGANISATION: (organisation, ("name",), NAMES_OF_BODIES),
    Door.MERGER: (merger, ("name",), NAMES_OF_BODIES),
}  # fmt: skip
"""How to come in by each door, what is filled in there, and what is not looked for and why: see the constants above.
Rules and sources may be called after an address."""


@pytest.mark.parametrize(
    ("door", "field"), [(door, field) for door, (_, fields, _) in ACTS.items() for field in fields]
)
def test_words_that_point_at_a_person_do_not_come_in(stage, door, field):
    begin, _, left_out = ACTS[door]
    act = begin(stage, field)
    came_in = []
    for what, words in PLANTED.items():
        if what not in left_out:
            with stage.trial():
                try:
                    act(words)
                except DomainError as refused:
                    assert " staat een " in refused.message, (what, refused.message)
                else:
                    came_in.append(what)
    assert came_in == []
    with stage.trial():
        act(HARMLESS)


@pytest.mark.parametrize("where", ["description", "a message"])
def test_a_name_that_the_submitter_gives_in_the_file_counts_by_a_part_of_it(stage, where):
    """A resident leaves an address of e-mail alone."""
    case, said = stage.case, "Mijn naam is Hidde Rozema en ik woon er."
    if where == "description":
        case.description = said
    else:
        values = {"case_id": case.id, "kind": MessageKind.ADDITION, "from_desk": False, "written_at": stage.desk.now}
        stage.make.add(Message(body=said, **values))
    stage.session.flush()
    with pytest.raises(DomainError, match="staat een naam: ‘Rozema’"):
        case_text(stage, "answer")("Ja, bij Rozema mag het.")


def test_the_address_of_a_guide_is_made_without_who_is_named_in_the_question(stage):
    by = stage.desk.context(stage.desk.handler)
    guide = guides.create(by, text(question="Mag Wijngaard een tuin aan de Dorpsstraat 12?"), case_id=stage.case.id)
    assert guide.slug == "mag-een-tuin-aan-de"


def test_an_abbreviation_is_no_number(stage):
    with pytest.raises(DomainError, match="telefoonnummer"):
        organisation(stage, "abbreviation")("06-12345678")


def test_every_door_is_tried():
    named = {door for doors in DOORS.values() for door in doors}
    assert named == set(Door)
    assert set(ACTS) | {Door.GUIDE_ADDRESS} == set(Door)
