"""A rule bottleneck from signal to evaluation, who may move it, and the clock of its news."""

from datetime import date

import pytest
from sqlalchemy import select

from knelpunt.domain.bottlenecks import BottleneckChoice, BottleneckStatus, BottleneckStep
from knelpunt.domain.errors import DomainError, NotFound, PermissionDenied, TransitionNotAllowed, VersionConflict
from knelpunt.domain.vocabulary import AssessmentRole
from knelpunt.models import BottleneckNews, Event, OutboxMail
from knelpunt.queries.bottlenecks import news
from knelpunt.services.bottlenecks import reviews
from knelpunt.services.bottlenecks import track as bottlenecks
from knelpunt.services.bottlenecks.reviews import Filled
from knelpunt.services.bottlenecks.track import News
from knelpunt.services.jobs import scheduled
from tests.support.bottlenecks import bring_into_force


def kinds(session, bottleneck):
    subject = f"bottleneck:{bottleneck.id}"
    return list(session.scalars(select(Event.kind).where(Event.subject == subject).order_by(Event.number)))


def move(track, step, *, by=None, **more):
    found = track.bottleneck
    news = News("Er is nieuws.", more.pop("source_url", None), more.pop("waiting_for", None))
    bottlenecks.move(track.desk.context(by or track.owner), found.reference, found.version, step, news, **more)


def test_a_bottleneck_goes_from_signal_to_evaluation(session, track, make):
    found = track.bottleneck
    assert found.reference == "RK-2026-0001"
    assert (found.status, found.news_due_on) == (BottleneckStatus.SIGNALLED, date(2027, 2, 1))
    track.analyse()
    bottlenecks.choose(
        track.desk.context(track.owner),
        found.reference,
        found.version,
        choice=BottleneckChoice.AMVB,
        reason="De termijn staat in een AMvB.",
        news=News("De AMvB wordt gewijzigd."),
    )
    move(track, BottleneckStep.PREPARE, waiting_for="de eerste tekst")
    assert found.waiting_for == "de eerste tekst"
    move(
        track,
        BottleneckStep.CONSULT,
        source_url="https://www.internetconsultatie.nl/voorbeeld",
        consultation_until=date(2026, 12, 15),
    )
    move(track, BottleneckStep.SEND_TO_PARLIAMENT, source_url="https://www.tweedekamer.nl/voorbeeld")
    provision = make.provision()
    provision.valid_from, provision.valid_to = date(2026, 11, 1), None
    bring_into_force(
        track.desk.context(track.owner),
        track.desk.context(track.desk.reviewer),
        found,
        provision_id=provision.id,
        in_force_on=date(2026, 11, 2),
        body="De nieuwe termijn geldt.",
    )
    assert (found.status, found.in_force_on, found.news_due_on is None) == (
        BottleneckStatus.IN_FORCE,
        date(2026, 11, 2),
        False,
    )
    move(track, BottleneckStep.EVALUATE)
    assert (found.status, found.news_due_on) == (BottleneckStatus.EVALUATED, None)
    assert kinds(session, found) == [
        "regelknelpunt_gesignaleerd",
        "regelknelpunt_in_analyse",
        "regelknelpunt_keuze_gemaakt",
        "regelknelpunt_in_voorbereiding",
        "regelknelpunt_in_consultatie",
        "regelknelpunt_in_behandeling",
        "regelknelpunt_voorgelegd",
        "regelknelpunt_in_werking",
        "regelknelpunt_toetser_akkoord",
        "regelknelpunt_geevalueerd",
    ]
    told = news.news_of(session, found.id)
    assert told[0].status is BottleneckStatus.EVALUATED
    assert len(told) == 8
    assert all(item.moved for item in told)


def test_news_without_a_step_moves_only_the_clock(session, track):
    track.analyse()
    track.desk.later(30)
    move(track, BottleneckStep.REPORT, waiting_for="antwoord van de Europese Commissie")
    found = track.bottleneck
    assert (found.status, found.news_due_on) == (BottleneckStatus.IN_ANALYSIS, date(2027, 3, 3))
    latest = news.news_of(session, found.id)[0]
    assert (latest.moved, latest.body) == (False, "Er is nieuws.")


def test_only_its_owner_and_the_head_of_the_desk_move_it(track, make):
    track.analyse()
    with pytest.raises(PermissionDenied):
        move(track, BottleneckStep.REPORT, by=make.account(track.owner.role))
    with pytest.raises(PermissionDenied):
        move(track, BottleneckStep.REPORT, by=track.desk.handler)
    move(track, BottleneckStep.REPORT, by=track.head)


def test_a_step_out_of_order_an_old_version_and_an_unknown_number_change_nothing(session, track):
    track.analyse()
    found = track.bottleneck
    with pytest.raises(TransitionNotAllowed):
        move(track, BottleneckStep.PREPARE)
    with pytest.raises(VersionConflict):
        bottlenecks.move(
            track.desk.context(track.owner), found.reference, found.version - 1, BottleneckStep.REPORT, News("Later.")
        )
    with pytest.raises(NotFound):
        bottlenecks.move(track.desk.context(track.owner), "RK-2026-9999", 1, BottleneckStep.REPORT, News("Later."))
    assert len(list(session.scalars(select(BottleneckNews.id).order_by(BottleneckNews.id)))) == 2


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"title": " "}, "title"),
        ({"problem": ""}, "problem"),
        ({"body": ""}, "body"),
        ({"provisions": []}, "provision_id"),
        ({"provisions": [(0, "belemmert")]}, "provision_id"),
    ],
)
def test_a_signal_that_lacks_something_says_what(track, fields, wrong, make):
    whole = {"title": "Regel", "problem": "Knelt.", "provisions": [(make.provision().id, "belemmert")], "body": "Nu."}
    with pytest.raises(DomainError) as refused:
        bottlenecks.signal(track.desk.context(track.desk.triager), **{**whole, **fields})
    assert refused.value.field == wrong


def test_keeping_the_rule_ends_the_track_with_a_reason(track):
    track.analyse()
    found = track.bottleneck
    bottlenecks.choose(
        track.desk.context(track.owner),
        found.reference,
        found.version,
        choice=BottleneckChoice.KEPT,
        reason="De termijn beschermt de omgeving.",
        news=News("De regel blijft zoals hij is."),
    )
    assert (found.status, found.news_due_on) == (BottleneckStatus.JUSTIFIED, None)


def test_a_provision_that_does_not_hold_cannot_solve_a_bottleneck(track, make):
    track.analyse()
    found = track.bottleneck
    context = track.desk.context(track.owner)
    bottlenecks.choose(
        context,
        found.reference,
        found.version,
        choice=BottleneckChoice.GUIDANCE,
        reason="Uitleg is genoeg.",
        news=News("1"),
    )
    move(track, BottleneckStep.PREPARE)
    provision = make.provision()
    provision.valid_from, provision.valid_to = date(2020, 1, 1), date(2023, 12, 31)
    for day, wrong in ((date(2026, 11, 1), "provision_id"), (date(2027, 1, 1), "in_force_on")):
        with pytest.raises(DomainError) as refused:
            filled = Filled(body="2", provision_id=provision.id, in_force_on=day)
            reviews.ask(context, found.reference, found.version, BottleneckStep.BRING_INTO_FORCE, filled)
        assert refused.value.field == wrong


def test_the_owner_is_asked_for_news_once_before_the_clock_ends(session, track):
    track.analyse()

    def reminders():
        rows = select(OutboxMail.to_address).where(OutboxMail.kind == "regelknelpunt_herinnering")
        return list(session.scalars(rows.order_by(OutboxMail.id)))

    scheduled.run_due(track.desk.later(70).system, session.flush)
    assert reminders() == []
    scheduled.run_due(track.desk.later(10).system, session.flush)
    scheduled.run_due(track.desk.later(1).system, session.flush)
    assert reminders() == [track.owner.email]
    move(track, BottleneckStep.REPORT)
    scheduled.run_due(track.desk.later(1).system, session.flush)
    assert reminders() == [track.owner.email]


def test_news_with_a_name_or_a_number_in_it_is_not_told(session, track):
    found = track.bottleneck

    for body, words in (
        ("De heer A.B. Specht schrijft de tekst.", "In het nieuws staat een naam"),
        ("Bel 070 - 555 12 34 voor de tekst.", "In het nieuws staat een telefoonnummer"),
    ):
        with pytest.raises(DomainError, match=words) as refused:
            bottlenecks.move(
                track.desk.context(track.head), found.reference, found.version, BottleneckStep.REPORT, News(body)
            )
        assert refused.value.field == "body"
    assert len(session.scalars(select(BottleneckNews.id).where(BottleneckNews.bottleneck_id == found.id)).all()) == 1


def test_a_bottleneck_is_not_signalled_with_the_address_of_somebody(track, make):
    with pytest.raises(DomainError, match="In wat er knelt staat een adres"):
        bottlenecks.signal(
            track.desk.context(track.desk.triager),
            title="De regel voor schuren",
            problem="Op Kwikstaartlaan 17b mag geen schuur.",
            provisions=[(make.provision().id, AssessmentRole.BLOCKS)],
            body="Wij kijken hiernaar.",
        )
