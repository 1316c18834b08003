"""An erratum: what was told about a rule in force was not true, and exactly those who read it hear that."""

import json
import re
from datetime import date

import pytest
from sqlalchemy import select

from knelpunt.domain.bottlenecks import BottleneckChoice, BottleneckStatus, BottleneckStep
from knelpunt.domain.errors import DomainError, PermissionDenied, TransitionNotAllowed, VersionConflict
from knelpunt.domain.laws.changes import TouchStatus
from knelpunt.domain.mail_kinds import MailChoice, MailKind
from knelpunt.domain.vocabulary import Role
from knelpunt.models import (
    BottleneckFollower,
    BottleneckProposal,
    Contact,
    DigestItem,
    Event,
    LawChange,
    LawChangeTouch,
    Letter,
    OutboxMail,
)
from knelpunt.queries.bottlenecks import news as queries_of_news
from knelpunt.services.bottlenecks import links as bottleneck_links
from knelpunt.services.bottlenecks import reviews
from knelpunt.services.bottlenecks import track as bottlenecks
from knelpunt.services.bottlenecks.reviews import Filled
from knelpunt.services.bottlenecks.track import News
from knelpunt.services.jobs import scheduled
from knelpunt.services.laws import changes as law_changes
from tests.support.bottlenecks import bring_into_force, take_back
from tests.support.forms import fill

WRONG = "De wijziging is een jaar uitgesteld."


def text(answer):
    return answer.get_data(as_text=True)


def follow(make, track, email, **more):
    values = {"asked_at": make.now, "confirmed_at": make.now, "ends_on": date(2028, 1, 1), **more}
    return make.add(
        BottleneckFollower(bottleneck_id=track.bottleneck.id, email=email, public_id=email, nonce="n" * 22, **values)
    )


def told(session, *kinds):
    rows = session.scalars(select(OutboxMail.to_address).where(OutboxMail.kind.in_(kinds)).order_by(OutboxMail.id))
    return sorted(rows)


@pytest.fixture
def cases(track):
    """Three cases under the rule: by mail, by mail but without news, and on paper."""
    track.analyse()
    found, made = [], track.bottleneck
    for email in ("een@proef.example", "twee@proef.example", "drie@proef.example"):
        case = track.desk.file(contact_email=email)
        track.desk.take_in(case)
        track.desk.weigh(case)
        track.desk.start_handling(case)
        bottleneck_links.propose_link(
            track.desk.context(track.desk.handler), case.reference, case.version, made.reference
        )
        bottleneck_links.decide_link(track.desk.context(track.owner), made.reference, case.reference, accepted=True)
        found.append(case)
    session = track.desk.session
    session.get_one(Contact, found[1].id).mail_choice = MailChoice.NEEDED
    paper = session.get_one(Contact, found[2].id)
    paper.email, paper.postal_address = None, "Postbus 1"
    session.flush()
    return found


@pytest.fixture
def in_force(track, cases, make):
    """The rule is in force since today; one follower read it, another came later."""
    owner, found = track.desk.context(track.owner), track.bottleneck
    follow(make, track, "volger@proef.example")
    bottlenecks.choose(
        owner, found.reference, found.version, choice=BottleneckChoice.PRACTICE, reason="Het kan.", news=News("1")
    )
    bottlenecks.move(owner, found.reference, found.version, BottleneckStep.PREPARE, News("2"))
    provision = make.provision(valid_from=date(2026, 1, 1))
    reviewer = track.desk.context(track.desk.reviewer)
    bring_into_force(
        owner, reviewer, found, provision_id=provision.id, in_force_on=track.desk.today, body="Het kan nu."
    )
    follow(make, track, "later@proef.example")
    return found


def test_an_erratum_puts_all_back_and_tells_exactly_those_who_were_told(session, track, cases, in_force):
    found, desk = in_force, track.desk
    change = session.scalars(select(LawChange).where(LawChange.bottleneck_id == found.id)).one()
    touches = session.scalars(select(LawChangeTouch).where(LawChangeTouch.change_id == change.id)).all()
    mine = next(each for each in touches if each.case_id == cases[0].id)
    law_changes.confirm(desk.context(desk.triager), change.id, [mine.id], meaning="Vraag het aan.", reopen=False)
    take_back(desk.later(3).context(track.owner), desk.context(desk.reviewer), found, WRONG)

    assert (found.status, found.in_force_on, found.solving_provision_id) == (
        BottleneckStatus.IN_PREPARATION, None, None,
    )  # fmt: skip
    assert change.taken_back_on == desk.today
    session.expire_all()
    assert {each.status for each in touches if each.id != mine.id} == {TouchStatus.LAPSED}
    assert mine.status is TouchStatus.CONFIRMED
    assert told(session, MailKind.BOTTLENECK_ERRATUM) == ["een@proef.example"]
    assert told(session, MailKind.BOTTLENECK_ERRATUM_FOLLOWED) == ["volger@proef.example"]
    letters = select(Letter.case_id).where(Letter.kind == MailKind.BOTTLENECK_ERRATUM)
    assert session.scalars(letters).all() == [cases[2].id]
    assert told(session, MailKind.BOTTLENECK_ERRATUM_DESK) == [desk.handler.email]
    body = session.scalar(select(OutboxMail.body).where(OutboxMail.kind == MailKind.BOTTLENECK_ERRATUM))
    assert WRONG in body
    assert "in voorbereiding" in body
    on_case = select(Event.kind).where(Event.case_id == cases[0].id, Event.kind == "regel_toch_niet_veranderd")
    assert len(session.scalars(on_case).all()) == 1
    with pytest.raises(DomainError):
        law_changes.confirm_waiting(desk.context(desk.triager), change.id, 10**6, meaning="Nu.", reopen=False)


@pytest.mark.parametrize("is_of_organisation", [False, True])
@pytest.mark.parametrize("has_read_it", [True, False])
def test_who_read_it_in_the_mail_of_the_week_hears_it_and_who_did_not_yet_never_reads_it(
    session, track, cases, make, has_read_it, is_of_organisation
):
    desk, found, reader = track.desk, track.bottleneck, cases[1]
    whose = session.get_one(Contact, reader.id)
    if is_of_organisation:
        whose = make.filer()
        reader.organisation_id, reader.author_id = whose.organisation_id, whose.id
    whose.mail_choice = MailChoice.WEEKLY
    owner, reviewer = desk.context(track.owner), desk.context(desk.reviewer)
    bottlenecks.choose(
        owner, found.reference, found.version, choice=BottleneckChoice.PRACTICE, reason="Het kan.", news=News("1")
    )
    bottlenecks.move(owner, found.reference, found.version, BottleneckStep.PREPARE, News("2"))
    room, today = make.provision(valid_from=date(2026, 1, 1)).id, desk.today
    bring_into_force(owner, reviewer, found, provision_id=room, in_force_on=today, body="Het kan nu.")
    if has_read_it:
        scheduled.run_due(desk.later(7).system, session.flush)
        desk.later(3)
    take_back(desk.context(track.owner), desk.context(desk.reviewer), found, WRONG)
    assert (whose.email in told(session, MailKind.BOTTLENECK_ERRATUM)) is has_read_it
    scheduled.run_due(desk.later(8).system, session.flush)
    weekly = session.scalars(select(OutboxMail.body).where(OutboxMail.kind == MailKind.WEEKLY)).all()
    assert [("Het kan nu." in body) for body in weekly] == [has_read_it]
    assert session.scalars(select(DigestItem.body)).all() == [""] * (3 if has_read_it else 2)


def test_everybody_reads_the_erratum_and_the_open_data_agree(session, client, track, in_force):
    desk, number = track.desk, in_force.reference
    take_back(desk.later(3).context(track.owner), desk.context(desk.reviewer), in_force, WRONG)
    session.commit()
    page = text(client.get(f"/regelknelpunten/{number}"))
    assert WRONG in page
    assert "Erratum" in page
    assert "Op vrijdag 6 november 2026 hebben wij het teruggenomen." in re.sub(r"\s+", " ", page)
    assert "Sinds dinsdag 3 november" not in page
    assert "erratum" in text(client.get("/regelknelpunten.atom"))
    record = json.loads(client.get("/open-data/regelknelpunten.jsonl").data.splitlines()[0])
    assert (record["staat"], record["inWerkingSinds"]) == ("in_voorbereiding", None)
    assert (record["staatSinds"], record["erratumOp"]) == ("2026-11-03", "2026-11-06")
    assert number in text(client.get("/regelknelpunten?stand=loopt"))
    assert number not in text(client.get("/regelknelpunten?stand=in-werking"))


def test_after_an_erratum_the_rule_can_come_into_force_and_counts_from_then(session, track, in_force, make, client):
    desk = track.desk
    owner, reviewer = desk.later(3).context(track.owner), desk.context(desk.reviewer)
    take_back(owner, reviewer, in_force, WRONG)
    provision = make.provision(valid_from=date(2026, 1, 1))
    again, second = desk.later(4).context(track.owner), desk.context(desk.reviewer)
    bring_into_force(again, second, in_force, provision_id=provision.id, in_force_on=desk.today, body="Nu echt.")
    session.commit()
    record = json.loads(client.get("/open-data/regelknelpunten.jsonl").data.splitlines()[0])
    assert (record["staat"], record["staatSinds"]) == ("in_werking", "2026-11-10")
    news = queries_of_news.news_of(session, in_force.id)
    assert [item.taken_back_on for item in news if item.status is BottleneckStatus.IN_FORCE] == [
        None, date(2026, 11, 6),
    ]  # fmt: skip


def test_one_person_neither_brings_a_rule_into_force_nor_takes_it_back(session, track, in_force, make):
    desk, found = track.desk, in_force
    head = desk.context(track.head)
    asked = reviews.ask(head, found.reference, found.version, BottleneckStep.ERRATUM, Filled(body=WRONG))
    with pytest.raises(PermissionDenied):
        reviews.approve(head, asked.id)
    for role in (Role.HANDLER, Role.TRIAGER, Role.BOTTLENECK_OWNER, Role.AUDITOR, Role.ADMINISTRATOR):
        with pytest.raises(PermissionDenied):
            reviews.approve(desk.context(make.account(role)), asked.id)
    with pytest.raises(PermissionDenied):
        reviews.take_step(head, found.reference, found.version, BottleneckStep.ERRATUM, Filled(body=WRONG))
    with pytest.raises(PermissionDenied):
        bottlenecks.take_back(head, found.reference, found.version, news=News(WRONG), agreed=asked)
    with pytest.raises(DomainError, match="wacht al een stap"):
        reviews.ask(head, found.reference, found.version, BottleneckStep.ERRATUM, Filled(body=WRONG))
    with pytest.raises(DomainError, match="wacht al een stap"):
        bottlenecks.move(head, found.reference, found.version, BottleneckStep.EVALUATE, News("Klaar."))
    bottlenecks.move(head, found.reference, found.version, BottleneckStep.REPORT, News("Er is nieuws."))
    assert found.status is BottleneckStatus.IN_FORCE


def test_a_step_that_came_back_or_was_taken_back_tells_nobody(session, track, in_force):
    desk, found = track.desk, in_force
    owner, reviewer = desk.context(track.owner), desk.context(desk.reviewer)
    before = len(told(session, MailKind.BOTTLENECK_ERRATUM, MailKind.BOTTLENECK_ERRATUM_FOLLOWED))
    asked = reviews.ask(owner, found.reference, found.version, BottleneckStep.ERRATUM, Filled(body=WRONG))
    with pytest.raises(DomainError) as refused:
        reviews.give_back(reviewer, asked.id, " ")
    assert refused.value.field == "note"
    reviews.give_back(reviewer, asked.id, "Het klopt wel.")
    assert told(session, MailKind.BOTTLENECK_REVIEWED)[-1] == track.owner.email
    again = reviews.ask(owner, found.reference, found.version, BottleneckStep.ERRATUM, Filled(body=WRONG))
    with pytest.raises(PermissionDenied):
        reviews.cancel(reviewer, again.id)
    reviews.cancel(owner, again.id)
    with pytest.raises(VersionConflict):
        reviews.approve(reviewer, again.id)
    assert len(told(session, MailKind.BOTTLENECK_ERRATUM, MailKind.BOTTLENECK_ERRATUM_FOLLOWED)) == before
    assert found.status is BottleneckStatus.IN_FORCE


def test_what_is_not_in_force_cannot_be_taken_back_and_who_lost_the_rule_asks_nothing(session, track, in_force, make):
    desk, found = track.desk, in_force
    owner, reviewer = desk.context(track.owner), desk.context(desk.reviewer)
    asked = reviews.ask(owner, found.reference, found.version, BottleneckStep.ERRATUM, Filled(body=WRONG))
    found.owner_id = make.account(Role.BOTTLENECK_OWNER).id
    session.flush()
    with pytest.raises(DomainError, match="mag hem niet meer zetten"):
        reviews.approve(reviewer, asked.id)
    session.rollback()


def test_an_erratum_needs_a_rule_in_force(track):
    track.analyse()
    found, owner = track.bottleneck, track.desk.context(track.owner)
    with pytest.raises(TransitionNotAllowed):
        reviews.ask(owner, found.reference, found.version, BottleneckStep.ERRATUM, Filled(body=WRONG))


def test_the_pages_of_an_erratum(session, client_as, track, in_force):
    number = in_force.reference
    session.commit()
    owner, reviewer = client_as(track.owner), client_as(track.desk.reviewer)
    path = f"/regelknelpunten/{number}/stap/erratum"
    assert path in text(owner.get(f"/regelknelpunten/{number}"))
    page = owner.get(path)
    assert "2 indieners" in re.sub(r"\s+", " ", text(page))
    assert owner.post(path, data=fill(page, "body")).status_code == 422
    sent = owner.post(path, data=fill(page, "body", body=WRONG))
    assert sent.status_code == 303
    assert client_as(track.desk.triager).get(sent.location).status_code == 404
    waiting = reviewer.get(sent.location)
    assert WRONG in text(waiting)
    agreed = reviewer.post(sent.location, data=fill(waiting, "note", besluit="akkoord"))
    assert agreed.status_code == 303
    assert WRONG in text(owner.get(f"/regelknelpunten/{number}"))
    change = session.scalars(select(LawChange)).one()
    assert "Teruggenomen met een erratum" in text(client_as(track.desk.triager).get(f"/wetswijzigingen/{change.id}"))
    assert owner.get("/regelknelpunten/voorstellen/999999").status_code == 404
    assert session.scalars(select(BottleneckProposal.status)).all() == ["akkoord", "akkoord"]
