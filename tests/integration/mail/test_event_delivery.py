"""Events reach the systems that subscribed to them, in order and under one id, whatever those systems do; and go
nowhere else."""

import html
import json
import re
from dataclasses import replace
from datetime import timedelta
from unittest.mock import ANY

import pytest
from sqlalchemy import func, select

from knelpunt.adapters.identity.sealer import Sealer
from knelpunt.adapters.webhooks import Answer, Poster
from knelpunt.domain.errors import DomainError, NotFound, PermissionDenied
from knelpunt.domain.filing.joint_filing import Partner
from knelpunt.domain.identity.subscriptions import (
    EVENTS_KEPT,
    MOST_SUBSCRIPTIONS,
    OLD_SECRET_TERM,
    Covers,
    Target,
    TryOutcome,
    new_secret,
    signature,
)
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import ApiScope
from knelpunt.domain.public_events import IF_SAID, public_id
from knelpunt.domain.vocabulary import CaseStatus, EventKind, ParticipantStatus
from knelpunt.models import (
    Bottleneck,
    CaseParticipant,
    Event,
    EventSubscription,
    EventTry,
    Organisation,
    OutboxEvent,
    OutboxMail,
)
from knelpunt.queries.figures.corrections import public_editions
from knelpunt.queries.public.events import public_events
from knelpunt.services.accounts.identity import clients
from knelpunt.services.core import events
from knelpunt.services.figures import sealing
from knelpunt.services.filing import joint_filing
from knelpunt.services.jobs import upkeep
from knelpunt.services.mail import event_delivery, subscriptions
from knelpunt.services.mail.delivery import MAX_ATTEMPTS, PAUSES
from knelpunt.services.mail.event_delivery import LEASE, LONG, Sender
from tests.integration.figures.conftest import busy, public_quarter, quarter_author
from tests.support.receiver import Receiver, receiving
from tests.support.statements import counted

__all__ = ["busy", "public_quarter", "quarter_author"]

SEALER = Sealer("a key that is only for tests, 32 characters")
HERE = Target(has_loopback=True)
SENDER = Sender(Poster(HERE, seconds=5), SEALER, "00000001823288444000")
HURRIED = Sender(Poster(HERE, seconds=0.25), SEALER, SENDER.oin)


@pytest.fixture
def admin(make):
    return make.organisation_admin()


def subscribe(desk, admin, url, covers=(Covers.OWN,)):
    return subscriptions.make(desk.as_(desk.make.actor(admin)), SEALER, HERE, url=url, covers=covers)


def system_of(desk, actor):
    """A key of the organisation that ends today, and who acts with it."""
    scopes = [ApiScope.SUBSCRIPTIONS]
    key = clients.make(desk.as_(actor), name="Systeem", scopes=scopes, ends_on=desk.today).client
    token = clients.give_token(desk.system, key.id, key.secret_hash, scopes, clients.Ticket(True, True, "x"))
    return key, clients.actor_with(desk.system, token)


def case_of(desk, admin):
    return desk.make.case(organisation_id=admin.organisation_id)


def happens(desk, case, kind="voorstel_gedaan"):
    events.record(desk.system, kind, case=case)


def work(desk, sender=SENDER, most=50):
    """What a worker does until nothing is due."""
    done = []
    while len(done) < most and (ready := event_delivery.claim(desk.system, sender)) is not None:
        done.append(tried(desk, ready, event_delivery.hand_over(ready, sender)))
    return done


def tried(desk, ready, answer):
    event_delivery.mark(desk.system, ready, answer)
    return answer.outcome


def hours_pass(desk, hours):
    """A worker that looks again and again while time passes."""
    done = []
    for _ in range(hours):
        done += work(desk)
        desk.now += timedelta(hours=1)
    return done


def test_an_event_of_an_own_case_is_told_with_ids_and_addresses_alone(session, desk, admin):
    case = case_of(desk, admin)
    with receiving(Receiver()) as receiver:
        made = subscribe(desk, admin, receiver.url)
        happens(desk, case)
        assert work(desk) == [TryOutcome.TAKEN, TryOutcome.TAKEN]
    [asked], [got] = receiver.asked, receiver.taken
    assert (asked.method, asked.headers["webhook-request-origin"]) == ("OPTIONS", "localhost")
    number = session.scalar(select(func.max(Event.number)).where(Event.case_id == case.id))
    told = json.loads(got.body)
    address = f"http://localhost/api/v1/zaken/{case.reference}"
    assert told == {
        "specversion": "1.0",
        "id": str(number),
        "source": "urn:nld:oin:00000001823288444000:systeem:knelpunt",
        "type": "nl.knelpunt.zaak.voorstel-gedaan",
        "subject": case.reference,
        "time": desk.now.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "datacontenttype": "application/json",
        "dataschema": "http://localhost/api/v1/openapi.json#/components/schemas/EventData",
        "data": {
            "zaak": case.reference,
            "gebeurtenis": number,
            "links": {
                "zaak": address,
                "tijdlijn": f"{address}/tijdlijn",
                "pagina": f"http://localhost/onze-zaken/{case.reference}",
            },
        },
    }
    assert got.headers["content-type"] == "application/cloudevents+json; charset=utf-8"
    assert got.headers["webhook-id"] == str(number)
    assert got.headers["webhook-signature"] == signature(made.secret, str(number), desk.now, got.body)
    assert case.title not in got.body.decode()


def test_an_organisation_hears_what_its_own_page_tells_and_nothing_of_others(desk, make, admin):
    with receiving(Receiver()) as receiver:
        subscribe(desk, admin, receiver.url)
        case, other = case_of(desk, admin), case_of(desk, make.organisation_admin())
        for kind in ("notitie_toegevoegd", "behandelaar_toegewezen", "toetsing_gevraagd", "contact_ingezien"):
            happens(desk, case, kind)
        happens(desk, other)
        happens(desk, make.case())
        happens(desk, case, "afgesloten")
        work(desk)
    assert [json.loads(each.body)["type"] for each in receiver.taken] == ["nl.knelpunt.zaak.afgesloten"]


def test_what_becomes_public_is_told_to_who_asked_for_that_as_anybody_reads_it(desk, make, admin, client):
    case = desk.make.case()
    bottleneck = make.add(
        Bottleneck(
            reference="RK-2026-0001",
            title="Een regel",
            problem="Hij knelt.",
            status="in_analyse",
            signalled_on=desk.today,
            owner_due_on=desk.today,
            terms=func.to_tsvector("simple", "regel"),
            updated_at=desk.now,
        )
    )
    with receiving(Receiver()) as receiver:
        subscribe(desk, admin, receiver.url, (Covers.PUBLIC,))
        happens(desk, case_of(desk, admin))
        happens(desk, case, "gepubliceerd")
        events.record(desk.system, "regelknelpunt_in_analyse", subject=f"bottleneck:{bottleneck.id}")
        work(desk)
    told = [json.loads(each.body) for each in receiver.taken]
    assert [each["type"] for each in told] == [
        "nl.knelpunt.antwoord.gepubliceerd",
        "nl.knelpunt.regelknelpunt.in-analyse",
    ]
    assert [each["subject"] for each in told] == [case.reference, bottleneck.reference]
    assert told[0]["data"]["links"]["antwoord"] == f"http://localhost/api/v1/knelpunten/{case.reference}"
    assert told[1]["data"]["links"]["pagina"] == f"http://localhost/regelknelpunten/{bottleneck.reference}"
    listed = client.get("/api/v1/gebeurtenissen?limit=2").json["items"][::-1]
    same = ("id", "type", "subject", "data", "dataschema", "specversion", "datacontenttype")
    assert [[each[name] for name in same] for each in listed] == [[each[name] for name in same] for each in told]


def test_a_public_text_that_goes_with_its_file_is_told_and_no_other_end_of_a_file(session, desk, make, admin, client):
    everything = subscribe(desk, admin, "https://zaken.voorbeeld.nl/a", (Covers.PUBLIC,)).subscription
    gone, stays, never = make.case(), make.case(), make.case()
    make.published(gone, withdrawn_on=make.today, withdrawn_reason="De termijn is om.")
    make.published(stays)
    for case in (gone, stays, never):
        events.record(desk.system, EventKind.ARCHIVED, case=case, data={IF_SAID[EventKind.ARCHIVED]: case is gone})
    told = written_for(session, everything)
    assert [(each.kind, each.subject) for each in told] == [("nl.knelpunt.antwoord.ingetrokken", gone.reference)]
    listed = client.get("/api/v1/gebeurtenissen").text
    assert gone.reference in listed
    assert stays.reference not in listed
    assert never.reference not in listed


def written_for(session, subscription):
    rows = select(OutboxEvent).where(OutboxEvent.subscription_id == subscription.id).order_by(OutboxEvent.id)
    return session.scalars(rows).all()


def test_a_quarter_that_is_sealed_or_corrected_is_told_in_the_same_act(session, desk, admin, request):
    everything = subscribe(desk, admin, "https://zaken.voorbeeld.nl/a", (Covers.PUBLIC,)).subscription
    own = subscribe(desk, admin, "https://zaken.voorbeeld.nl/b", (Covers.OWN,)).subscription
    quarter = request.getfixturevalue("public_quarter")
    edition = next(each.edition for each in public_editions(session) if each.edition.period == str(quarter))
    author = request.getfixturevalue("busy").context(request.getfixturevalue("quarter_author"))
    sealing.correct(author, edition, place="totalen; nu; ontvangen", should_be="9", reason="Een zaak ontbrak.")
    told = [each for each in written_for(session, everything) if each.data.get("kwartaal")]
    assert [each.kind for each in told] == ["nl.knelpunt.kwartaal.gepubliceerd", "nl.knelpunt.kwartaal.gecorrigeerd"]
    assert {each.topic for each in told} == {f"kwartaal:{quarter}"}
    assert told[0].data == {
        "kwartaal": str(quarter),
        "links": {
            "kwartaal": f"http://localhost/api/v1/kwartalen/{quarter}",
            "pagina": f"http://localhost/kwartalen/{quarter}",
        },
    }
    assert written_for(session, own) == []


def test_everybody_hears_that_a_public_case_names_another_municipality_and_of_no_other_answer(
    session, desk, make, admin
):
    """Who declines was named nowhere, and a case that is not public changes nothing for anybody."""
    everybody = subscribe(desk, admin, "https://voorbeeld.nl/openbaar", [Covers.PUBLIC]).subscription
    us = session.get_one(Organisation, admin.organisation_id)
    lead, filer = make.organisation_admin(), desk.as_(make.actor(make.filer(us)))
    open_case, withdrawn, public = (
        make.case(CaseStatus.CLOSED, organisation_id=lead.organisation_id) for _ in range(3)
    )
    make.published(withdrawn, withdrawn_on=make.today)
    record = make.published(public)
    for case in (open_case, withdrawn, public):
        partner = [Partner(us.municipality_id, "collega@gemeente.example")]
        joint_filing.ask_along(desk.as_(make.actor(lead)), case, partner, desk.today + timedelta(days=90))
        row = session.scalars(select(CaseParticipant).where(CaseParticipant.case_id == case.id)).one()
        for joins in (False, True, False):
            joint_filing.answer(filer, row.id, joins=joins)
    told = written_for(session, everybody)
    assert [each.kind for each in told] == ["nl.knelpunt.antwoord.gewijzigd"] * 2, "joined, and stopped"
    assert {each.data["antwoord"] for each in told} == {public.reference}
    listed = public_events(session, 10)[:2]
    assert [(each.kind, each.name) for each in listed] == [
        (EventKind.PARTNER_DECLINED, public.reference), (EventKind.PARTNER_JOINED, public.reference)
    ]  # fmt: skip
    assert [public_id(each.number) for each in listed[::-1]] == [each.event_id for each in told]
    assert len([each for each in public_events(session, 100) if each.kind == EventKind.PARTNER_DECLINED]) == 1
    session.refresh(record)
    assert record.joined_municipalities == []


def test_a_municipality_hears_that_it_is_asked_and_follows_the_case_while_it_files_along(session, desk, make, admin):
    lead, stranger = make.organisation_admin(), make.organisation_admin()
    ours, theirs, others = (
        subscribe(desk, each, f"https://zaken.voorbeeld.nl/{each.id}").subscription for each in (admin, lead, stranger)
    )
    mirror = subscribe(desk, admin, "https://zaken.voorbeeld.nl/zgw").subscription
    mirror.zgw = {}
    case, us = (
        desk.make.case(organisation_id=lead.organisation_id),
        session.get_one(Organisation, admin.organisation_id),
    )
    partner = [Partner(us.municipality_id, "collega@gemeente.example")]
    joint_filing.ask_along(desk.as_(make.actor(lead)), case, partner, desk.today + timedelta(days=90))
    (row,) = session.scalars(select(CaseParticipant)).all()
    happens(desk, case, "in_triage_genomen")
    filer = desk.as_(make.actor(make.filer(us)))
    joint_filing.answer(filer, row.id, joins=True)
    happens(desk, case)
    joint_filing.answer(filer, row.id, joins=False)
    happens(desk, case, "afgesloten")
    told = written_for(session, ours)
    assert [each.kind.removeprefix("nl.knelpunt.") for each in told] == [
        "samenmelding.gevraagd",
        "samenmelding.doet-mee",
        "zaak.gemeente-doet-mee",
        "zaak.voorstel-gedaan",
        "samenmelding.doet-niet-mee",
    ]
    assert told[0].data == {
        "samenmelding": row.id,
        "links": {
            "samenmelding": f"http://localhost/api/v1/samenmeldingen/{row.id}",
            "pagina": f"http://localhost/onze-zaken/samen/{row.id}",
        },
    }
    assert told[3].data["zaak"] == case.reference
    assert [each.kind.removeprefix("nl.knelpunt.") for each in written_for(session, theirs)] == [
        "zaak.in-triage-genomen",
        "zaak.gemeente-doet-mee",
        "zaak.voorstel-gedaan",
        "zaak.gemeente-doet-niet-mee",
        "zaak.afgesloten",
    ]
    assert written_for(session, mirror) == [], "only the case of one's own is mirrored"
    assert written_for(session, others) == []


def test_what_still_waits_is_not_told_to_who_stopped_filing_along(session, desk, make, admin):
    lead = make.organisation_admin()
    case, us = (
        desk.make.case(organisation_id=lead.organisation_id),
        session.get_one(Organisation, admin.organisation_id),
    )
    row = make.add(
        CaseParticipant(
            case_id=case.id, municipality_id=us.municipality_id, email="collega@gemeente.example",
            organisation_id=admin.organisation_id, status=ParticipantStatus.JOINED, asked_at=desk.now,
            answered_at=desk.now, ends_on=desk.today,
        )
    )  # fmt: skip
    with receiving(Receiver()) as receiver:
        subscribe(desk, admin, receiver.url)
        happens(desk, case)
        work(desk)
        assert [json.loads(each.body)["subject"] for each in receiver.taken] == [case.reference]
        happens(desk, case, "afgesloten")
        row.status = ParticipantStatus.DECLINED
        session.flush()
        work(desk)
        assert len(receiver.taken) == 1


def test_an_act_that_is_rolled_back_told_nobody(session, desk, admin):
    case = case_of(desk, admin)
    with receiving(Receiver()) as receiver:
        subscribe(desk, admin, receiver.url)
        work(desk)
        with session.begin_nested() as savepoint:
            happens(desk, case)
            savepoint.rollback()
        assert work(desk) == []
    assert receiver.taken == []


# --- receivers that do not do well


def test_a_later_event_of_a_case_waits_for_the_earlier_one_and_other_cases_go_on(session, desk, admin):
    first, second = case_of(desk, admin), case_of(desk, admin)
    with receiving(Receiver(lambda attempt: 422 if attempt == 1 else 204)) as receiver:
        subscribe(desk, admin, receiver.url)
        happens(desk, first, "voorstel_gedaan")
        happens(desk, first, "voorstel_aanvaard")
        happens(desk, second, "afgesloten")
        assert work(desk) == [TryOutcome.TAKEN, TryOutcome.REFUSED, TryOutcome.TAKEN]
        desk.now += PAUSES[0]
        assert work(desk) == [TryOutcome.TAKEN, TryOutcome.TAKEN]
    assert [json.loads(each.body)["type"].rpartition(".")[2] for each in receiver.taken] == [
        "afgesloten", "voorstel-gedaan", "voorstel-aanvaard",
    ]  # fmt: skip
    assert len(set(receiver.ids)) == 3


def test_an_answer_that_comes_too_late_is_followed_by_the_same_event_with_the_same_id(desk, admin):
    case = case_of(desk, admin)
    with receiving(Receiver(lambda attempt: "late" if attempt == 1 else 204, late=0.6)) as receiver:
        subscribe(desk, admin, receiver.url)
        happens(desk, case)
        assert work(desk, HURRIED) == [TryOutcome.TAKEN, TryOutcome.TOO_SLOW]
        desk.now += PAUSES[0]
        assert work(desk) == [TryOutcome.TAKEN]
    first, second = receiver.taken
    assert first.body == second.body
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.headers["webhook-timestamp"] != second.headers["webhook-timestamp"]


@pytest.mark.parametrize("fault", ["hang up", "take and hang up", 500, 503, 404, 422])
def test_after_any_fault_nothing_is_lost(desk, admin, fault):
    case = case_of(desk, admin)
    with receiving(Receiver(lambda attempt: fault if attempt < 4 else 204)) as receiver:
        subscribe(desk, admin, receiver.url)
        happens(desk, case, "voorstel_gedaan")
        happens(desk, case, "voorstel_aanvaard")
        hours_pass(desk, 6)
    seen = list(dict.fromkeys(json.loads(each.body)["type"].rpartition(".")[2] for each in receiver.taken))
    assert seen == ["voorstel-gedaan", "voorstel-aanvaard"]
    assert len(set(receiver.ids)) == 2


@pytest.mark.parametrize("to", ["http://127.0.0.1:{port}/elders", "http://169.254.169.254/latest/meta-data/"])
def test_a_redirect_is_not_followed(desk, admin, to):
    with receiving(Receiver()) as receiver:
        receiver.verdict = lambda _try: (307, {"Location": to.format(port=receiver.port)})
        subscribe(desk, admin, receiver.url)
        happens(desk, case_of(desk, admin))
        assert work(desk) == [TryOutcome.TAKEN, TryOutcome.REDIRECTED]
        assert (receiver.tries, receiver.taken) == (1, [])


def test_nothing_is_sent_before_the_address_allowed_it(desk, admin):
    with receiving(Receiver(allows=None)) as receiver:
        subscribe(desk, admin, receiver.url)
        happens(desk, case_of(desk, admin))
        assert work(desk) == [TryOutcome.NOT_ALLOWED]
        assert receiver.tries == 0
        receiver.allows = "localhost"
        desk.now += PAUSES[0]
        assert work(desk) == [TryOutcome.TAKEN, TryOutcome.TAKEN]


def test_a_name_that_leads_inside_gets_nothing_not_even_the_question(desk, admin):
    asked = []

    def look_up(name, port):
        asked.append((name, port))
        return ["93.184.215.14", "10.0.0.7"]

    sender = Sender(Poster(look_up=look_up), SEALER)
    subscribe(desk, admin, "https://zaken.voorbeeld.nl/knelpunt")
    assert work(desk, sender) == [TryOutcome.FORBIDDEN]
    assert asked == [("zaken.voorbeeld.nl", 443)]


def test_a_receiver_that_asks_to_wait_is_left_alone_for_so_long(desk, admin):
    with receiving(Receiver(lambda attempt: (429, {"Retry-After": "600"}) if attempt == 1 else 204)) as receiver:
        subscribe(desk, admin, receiver.url)
        happens(desk, case_of(desk, admin))
        happens(desk, case_of(desk, admin))
        assert work(desk) == [TryOutcome.TAKEN, TryOutcome.BUSY]
        desk.now += timedelta(seconds=599)
        assert work(desk) == []
        desk.now += timedelta(seconds=1)
        assert work(desk) == [TryOutcome.TAKEN, TryOutcome.TAKEN]


def test_after_days_of_silence_it_goes_off_with_a_mail_and_on_by_hand_without_a_loss(session, desk, admin):
    case = case_of(desk, admin)
    with receiving(Receiver(lambda _try: 503)) as receiver:
        made = subscribe(desk, admin, receiver.url)
        happens(desk, case, "voorstel_gedaan")
        began = desk.now
        done = hours_pass(desk, 80)
        assert done == [TryOutcome.TAKEN] + [TryOutcome.BUSY] * MAX_ATTEMPTS
        subscription = session.get_one(EventSubscription, made.subscription.id)
        assert LONG <= subscription.switched_off_at - began < timedelta(days=4)
        [mail] = session.scalars(select(OutboxMail).where(OutboxMail.kind == MailKind.SUBSCRIPTION_OFF)).all()
        assert mail.account_id == admin.id
        assert f"/onze-organisatie/koppelingen/abonnementen/{subscription.id}" in mail.body
        happens(desk, case, "voorstel_aanvaard")
        assert work(desk) == []
        receiver.verdict = lambda _try: 204
        subscriptions.switch_on(desk.as_(desk.make.actor(admin)), subscription.id, subscription.version)
        assert work(desk) == [TryOutcome.TAKEN] * 3
    assert [json.loads(each.body)["type"].rpartition(".")[2] for each in receiver.taken] == [
        "voorstel-gedaan", "voorstel-aanvaard",
    ]  # fmt: skip


def test_one_event_that_is_refused_for_days_is_given_up_and_can_be_sent_again(session, desk, admin):
    refused = case_of(desk, admin)
    with receiving(Receiver()) as receiver:
        subscription = subscribe(desk, admin, receiver.url).subscription
        happens(desk, refused, "voorstel_gedaan")
        work_only = receiver.answer
        number = session.scalar(select(OutboxEvent.event_id))
        receiver.answer = lambda got: (400, {}) if got.headers.get("webhook-id") == number else work_only(got)
        for _ in range(20):
            happens(desk, case_of(desk, admin), "afgesloten")
            work(desk)
            desk.now += timedelta(hours=6)
        given_up = session.scalars(select(OutboxEvent).where(OutboxEvent.event_id == number)).one()
        assert given_up.gave_up_at is not None
        assert given_up.attempts == MAX_ATTEMPTS
        assert subscription.switched_off_at is None
        assert len(receiver.taken) == 20
        receiver.answer = work_only
        subscriptions.send_again(desk.as_(desk.make.actor(admin)), subscription.id, given_up.id)
        assert work(desk) == [TryOutcome.TAKEN]
        assert receiver.ids[-1] == number


def test_an_address_that_is_gone_goes_off_at_once(session, desk, admin):
    with receiving(Receiver(lambda _try: 410)) as receiver:
        made = subscribe(desk, admin, receiver.url)
        happens(desk, case_of(desk, admin))
        assert work(desk) == [TryOutcome.TAKEN, TryOutcome.GONE]
    assert session.get_one(EventSubscription, made.subscription.id).switched_off_at == desk.now


# --- secrets, and who may


def test_a_new_secret_signs_beside_the_old_one_for_two_days(desk, admin):
    actor = desk.make.actor(admin)
    with receiving(Receiver()) as receiver:
        old = subscribe(desk, admin, receiver.url)
        work(desk)
        new = subscriptions.renew(desk.as_(actor), SEALER, old.subscription.id, old.subscription.version)
        for moment in (OLD_SECRET_TERM - timedelta(seconds=1), timedelta(seconds=1)):
            desk.now += moment
            happens(desk, case_of(desk, admin))
            work(desk)
            got = receiver.taken[-1]
            made = [signature(each.secret, got.headers["webhook-id"], desk.now, got.body) for each in (new, old)]
            signed = got.headers["webhook-signature"].split(" ")
            assert signed == (made if moment > timedelta(hours=1) else made[:1])
    assert old.secret not in new.subscription.sealed_secret


def test_only_who_manages_the_organisation_or_a_system_with_that_scope_may(desk, make, admin):
    made = subscribe(desk, admin, "https://zaken.voorbeeld.nl/a")
    for stranger, error in ((make.filer(), PermissionDenied), (make.organisation_admin(), NotFound)):
        context = desk.as_(make.actor(stranger))
        with pytest.raises(error):
            subscriptions.end(context, made.subscription.id, made.subscription.version)
        with pytest.raises(error):
            subscriptions.send_test(context, made.subscription.id)
        with pytest.raises(error):
            subscriptions.renew(context, SEALER, made.subscription.id, made.subscription.version)


def test_there_are_not_endlessly_many_and_no_address_twice(desk, admin):
    for number in range(MOST_SUBSCRIPTIONS):
        subscribe(desk, admin, f"https://zaken.voorbeeld.nl/{number}")
    with pytest.raises(DomainError, match="met dit adres"):
        subscribe(desk, admin, "https://zaken.voorbeeld.nl/0")
    with pytest.raises(DomainError, match="Stop er eerst een"):
        subscribe(desk, admin, "https://zaken.voorbeeld.nl/nog-een")


# --- ends


def test_it_ends_by_hand_with_its_organisation_and_with_the_key_that_made_it(session, desk, make, admin):
    actor = make.actor(admin)
    key, system = system_of(desk, actor)
    with receiving(Receiver()) as receiver:
        by_key = subscriptions.make(desk.as_(system), SEALER, HERE, url=receiver.url, covers=[Covers.OWN]).subscription
        by_hand = subscribe(desk, admin, receiver.url + "/2").subscription
        by_merger = subscribe(desk, admin, receiver.url + "/3").subscription
        work(desk)
        happens(desk, case_of(desk, admin))
        clients.revoke(desk.as_(actor), key.id, key.version)
        subscriptions.end(desk.as_(actor), by_hand.id, by_hand.version)
        clients.end_of_organisations(desk.system, select(EventSubscription.organisation_id))
        assert all(each.ended_at == desk.now for each in (by_key, by_hand, by_merger))
        happens(desk, case_of(desk, admin))
        assert work(desk) == []
    assert receiver.taken == []
    assert session.scalar(select(func.count()).select_from(OutboxEvent)) == 3


def test_what_a_key_made_waits_while_that_key_is_over(desk, make, admin):
    _key, system = system_of(desk, make.actor(admin))
    with receiving(Receiver()) as receiver:
        subscriptions.make(desk.as_(system), SEALER, HERE, url=receiver.url, covers=[Covers.OWN])
        work(desk)
        happens(desk, case_of(desk, admin))
        desk.now += timedelta(days=1)
        assert work(desk) == []


def test_it_ends_with_a_mail_once_its_key_or_its_organisation_is_over(session, desk, make, admin):
    key = clients.make(
        desk.as_(make.actor(admin)), name="Systeem", scopes=[ApiScope.SUBSCRIPTIONS], ends_on=desk.today
    ).client
    other = make.organisation_admin()
    by_key = subscribe(desk, admin, "https://zaken.voorbeeld.nl/a").subscription
    by_key.client_id = key.id
    by_hand = subscribe(desk, admin, "https://zaken.voorbeeld.nl/b").subscription
    of_other = subscribe(desk, other, "https://zaken.voorbeeld.nl/c").subscription
    session.get_one(Organisation, other.organisation_id).valid_to = desk.today
    session.flush()
    assert session.scalars(subscriptions.orphans(desk.system)).all() == []
    desk.now += timedelta(days=1)
    gone = session.scalars(subscriptions.orphans(desk.system)).all()
    assert gone == [by_key.id, of_other.id]
    for id_ in gone:
        subscriptions.end_orphan(desk.system, id_)
        subscriptions.end_orphan(desk.system, id_)
    assert (by_key.ended_at, of_other.ended_at, by_hand.ended_at) == (desk.now, desk.now, None)
    told = session.scalars(
        select(OutboxMail.account_id).where(OutboxMail.kind == MailKind.SUBSCRIPTION_OFF).order_by(OutboxMail.id)
    ).all()
    assert told == [admin.id, other.id]
    assert session.scalars(subscriptions.orphans(desk.system)).all() == []


def off_mails(session):
    rows = select(OutboxMail.account_id, OutboxMail.subject).where(OutboxMail.kind == MailKind.SUBSCRIPTION_OFF)
    return [tuple(row) for row in session.execute(rows.order_by(OutboxMail.id))]


def look_after(session, desk):
    """What the hourly work does about subscriptions; twice, as if a worker was killed."""
    for which, does in (
        (subscriptions.unmanaged, subscriptions.warn_unmanaged), (subscriptions.orphans, subscriptions.end_orphan)
    ):  # fmt: skip
        for id_ in session.scalars(which(desk.system)).all() * 2:
            does(desk.system, id_)
    session.flush()


def test_what_nobody_looks_after_goes_on_for_thirty_days_and_ends(session, desk, make, admin):
    of_site, other = make.administrator(), make.organisation_admin()
    ours = subscribe(desk, admin, "https://zaken.voorbeeld.nl/a").subscription
    theirs = subscribe(desk, other, "https://zaken.voorbeeld.nl/b").subscription
    by_key = subscribe(desk, admin, "https://zaken.voorbeeld.nl/c").subscription
    by_key.client_id = system_of(desk, desk.make.actor(admin))[0].id
    look_after(session, desk)
    assert (ours.ends_on, theirs.ends_on, off_mails(session)) == (None, None, [])
    admin.is_active = False
    look_after(session, desk)
    assert (ours.ends_on, theirs.ends_on) == (desk.today + timedelta(days=30), None)
    assert by_key.ends_on is None, "it ends with its key"
    assert off_mails(session) == [(of_site.id, "Een abonnement zonder beheerder stopt")]
    noted = select(func.count()).where(Event.kind == "abonnement_verkort", Event.subject == f"abonnement:{ours.id}")
    assert session.scalar(noted) == 1
    by_key.ended_at = desk.now
    desk.now += timedelta(days=23)
    look_after(session, desk)
    assert off_mails(session) == [(of_site.id, "Een abonnement zonder beheerder stopt")] * 2
    desk.now += timedelta(days=7)
    look_after(session, desk)
    assert (ours.ended_at, len(off_mails(session))) == (None, 2), "its last day"
    desk.now += timedelta(days=1)
    look_after(session, desk)
    assert (ours.ended_at, theirs.ended_at) == (desk.now, None)
    assert off_mails(session)[2:] == [(of_site.id, "Een abonnement is gestopt")]
    ended = select(func.count()).where(Event.kind == "abonnement_gestopt", Event.subject == f"abonnement:{ours.id}")
    assert session.scalar(ended) == 1


@pytest.mark.parametrize("days", [1, 31])
def test_it_just_goes_on_when_somebody_manages_the_organisation_again(session, desk, make, admin, days):
    ours = subscribe(desk, admin, "https://zaken.voorbeeld.nl/a").subscription
    admin.is_active = False
    look_after(session, desk)
    admin.is_active = True
    desk.now += timedelta(days=days)
    look_after(session, desk)
    assert (ours.ends_on, ours.ended_at) == (None, None)
    told = select(Event.kind).where(Event.subject == f"abonnement:{ours.id}").order_by(Event.number)
    assert session.scalars(told).all() == ["abonnement_gemaakt", "abonnement_verkort", "abonnement_gaat_door"]


@pytest.mark.parametrize("why", ["switched off", "last day", "over"])
def test_of_what_sends_nothing_nobody_is_told_how_long_it_still_sends(session, desk, make, admin, why):
    make.administrator()
    ours = subscribe(desk, admin, "https://zaken.voorbeeld.nl/a").subscription
    admin.is_active = False
    if why == "switched off":
        ours.switched_off_at = desk.now
    else:
        days = {"last day": 0, "over": 1}[why]
        session.get_one(Organisation, admin.organisation_id).valid_to = desk.today - timedelta(days=days)
    look_after(session, desk)
    told = [subject for _account, subject in off_mails(session)]
    assert (ours.ends_on, told) == (None, ["Een abonnement is gestopt"] if why == "over" else [])


def test_the_end_of_what_is_switched_off_is_taken_back_too(session, desk, admin):
    ours = subscribe(desk, admin, "https://zaken.voorbeeld.nl/a").subscription
    admin.is_active = False
    look_after(session, desk)
    admin.is_active, ours.switched_off_at = True, desk.now
    look_after(session, desk)
    assert ours.ends_on is None


def test_a_case_that_went_to_another_organisation_is_not_told_to_the_old_one(desk, make, admin):
    case = case_of(desk, admin)
    with receiving(Receiver()) as receiver:
        subscribe(desk, admin, receiver.url)
        happens(desk, case)
        case.organisation_id = make.organisation().id
        work(desk)
    assert receiver.taken == []


def test_a_test_goes_out_at_once_and_one_at_a_time(desk, admin):
    actor = desk.make.actor(admin)
    with receiving(Receiver()) as receiver:
        subscription = subscribe(desk, admin, receiver.url).subscription
        work(desk)
        subscriptions.send_test(desk.as_(actor), subscription.id)
        with pytest.raises(DomainError, match="al een proefbericht"):
            subscriptions.send_test(desk.as_(actor), subscription.id)
        work(desk)
    assert [json.loads(each.body)["type"] for each in receiver.taken] == ["nl.knelpunt.proef"]


def test_events_and_the_log_of_tries_go_after_thirty_days(session, desk, admin):
    with receiving(Receiver()) as receiver:
        subscribe(desk, admin, receiver.url)
        happens(desk, case_of(desk, admin))
        work(desk)
        upkeep.sweep_tables(session, desk.now + EVENTS_KEPT)
        assert session.scalar(select(func.count()).select_from(EventTry)) == 2
        upkeep.sweep_tables(session, desk.now + EVENTS_KEPT + timedelta(seconds=1))
    assert session.scalar(select(func.count()).select_from(EventTry)) == 0
    assert session.scalar(select(func.count()).select_from(OutboxEvent)) == 0


def test_the_lines_on_the_page_for_developers_tell_ours_from_others(desk, admin, client, monkeypatch):
    blocks = re.findall(r"<pre[^>]*><code>(.*?)</code></pre>", client.get("/ontwikkelaars").text, re.DOTALL)
    (text,) = [each for each in blocks if "is_from_knelpunt" in each]
    shown = {}
    exec(html.unescape(text), shown)  # what a reader would copy
    verify = shown["is_from_knelpunt"]
    with receiving(Receiver()) as receiver:
        old = subscribe(desk, admin, receiver.url)
        new = subscriptions.renew(desk.as_(desk.make.actor(admin)), SEALER, old.subscription.id, 1)
        happens(desk, case_of(desk, admin))
        work(desk)
    [got] = receiver.taken
    monkeypatch.setattr("time.time", desk.now.timestamp)
    assert verify(old.secret, got.headers, got.body)
    assert verify(new.secret, got.headers, got.body)
    assert not verify(new_secret(), got.headers, got.body)
    assert not verify(new.secret, got.headers, got.body + b" ")
    assert not verify(new.secret, {**got.headers, "webhook-id": "1"}, got.body)
    for name in ("webhook-id", "webhook-timestamp", "webhook-signature"):
        assert not verify(new.secret, {**got.headers, name: "é²"}, got.body), name
        assert not verify(new.secret, {key: each for key, each in got.headers.items() if key != name}, got.body), name
    monkeypatch.setattr("time.time", (desk.now + timedelta(minutes=6)).timestamp)
    assert not verify(new.secret, got.headers, got.body)


# --- one try at a time


def due(desk):
    """What a worker claims of an address that answers."""
    return event_delivery.claim(desk.system, SENDER)


def allowed(desk, admin, url="https://zaken.voorbeeld.nl/knelpunt"):
    """A subscription of which the address gave its permission."""
    subscription = subscribe(desk, admin, url).subscription
    subscription.allowed_at = desk.now
    desk.session.flush()
    return subscription


def test_an_address_gets_one_try_at_a_time_and_another_when_its_worker_was_killed(desk, admin):
    subscription = allowed(desk, admin)
    happens(desk, case_of(desk, admin))
    happens(desk, case_of(desk, admin))
    first = due(desk)
    assert due(desk) is None
    subscriptions.send_test(desk.as_(desk.make.actor(admin)), subscription.id)
    assert due(desk) is None, "a click does not make two at once"
    desk.now += LEASE
    second = due(desk)
    assert second == replace(first, head=ANY, busy_until=desk.now + LEASE)
    tried(desk, first, Answer(TryOutcome.REFUSED, 10, 422))
    event_delivery.set_aside(desk.system, first)
    assert (due(desk), subscription.busy_until) == (None, second.busy_until), "the late one frees no claim of another"
    tried(desk, second, Answer(TryOutcome.TAKEN, 10))
    assert due(desk) is not None


def test_who_stops_it_during_a_try_is_obeyed(session, desk, admin):
    subscription = allowed(desk, admin)
    happens(desk, case_of(desk, admin))
    ready = due(desk)
    subscriptions.end(desk.as_(desk.make.actor(admin)), subscription.id)
    tried(desk, ready, Answer(TryOutcome.NO_ANSWER, 10))
    waited = session.get_one(OutboxEvent, ready.event_id)
    assert (waited.gave_up_at, waited.attempts, subscription.failures) == (desk.now, 0, 0)
    assert (subscription.sealed_secret, subscription.old_sealed_secret) == ("", None)
    desk.now += timedelta(days=1)
    assert due(desk) is None


def test_pauses_count_from_the_end_of_a_try(desk, admin):
    allowed(desk, admin)
    happens(desk, case_of(desk, admin))
    ready = due(desk)
    desk.now += timedelta(seconds=10)
    tried(desk, ready, Answer(TryOutcome.REFUSED, 400, 422))
    desk.now += PAUSES[0] - timedelta(seconds=1)
    assert due(desk) is None
    desk.now += timedelta(seconds=1)
    assert due(desk) is not None


@pytest.mark.parametrize("outcome", [TryOutcome.TAKEN, TryOutcome.REFUSED])
def test_a_slow_address_rests_and_others_take_turns(desk, make, admin, outcome):
    slow, other = allowed(desk, admin), make.organisation_admin()
    quick = allowed(desk, other)
    for each in (admin, admin, other, other):
        happens(desk, case_of(desk, each))
    seen = []
    for _ in range(3):
        ready = due(desk)
        seen.append(ready.subscription_id)
        tried(desk, ready, Answer(outcome, 9000) if ready.subscription_id == slow.id else Answer(TryOutcome.TAKEN, 20))
    assert seen == [slow.id, quick.id, quick.id]
    desk.now += timedelta(seconds=35)
    assert due(desk) is None
    desk.now += timedelta(seconds=1)
    assert due(desk).subscription_id == slow.id


def test_clicks_do_not_bring_the_end_nearer_than_two_days(session, desk, admin):
    actor = desk.make.actor(admin)
    subscription = allowed(desk, admin)
    happens(desk, case_of(desk, admin))
    event_id = session.scalar(select(OutboxEvent.id))
    for _ in range(MAX_ATTEMPTS + 3):
        subscriptions.send_again(desk.as_(actor), subscription.id, event_id)
        tried(desk, due(desk), Answer(TryOutcome.NO_ANSWER, 10))
        desk.now += timedelta(minutes=10)
    assert subscription.failures > MAX_ATTEMPTS
    assert subscription.switched_off_at is None
    desk.now += LONG
    tried(desk, due(desk), Answer(TryOutcome.NO_ANSWER, 10))
    assert subscription.switched_off_at == desk.now


def test_a_fault_of_our_own_hits_one_event_or_the_question_and_is_no_loop(session, desk, admin, monkeypatch):
    def no_more(*_args, **_more):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr("knelpunt.adapters.webhooks.threading.Timer", no_more)
    subscription = subscribe(desk, admin, "http://127.0.0.1:9/").subscription
    happens(desk, case_of(desk, admin))
    assert work(desk) == [TryOutcome.FAULT]
    subscription.allowed_at, desk.now = desk.now, desk.now + PAUSES[0]
    session.flush()
    assert work(desk) == [TryOutcome.FAULT]
    assert session.scalar(select(OutboxEvent.next_try_at)) == desk.now + PAUSES[0]


def test_who_hears_an_event_is_asked_before_the_chain_is_taken(session, desk, admin):
    case = case_of(desk, admin)
    subscribe(desk, admin, "https://zaken.voorbeeld.nl/knelpunt")
    with counted(session.connection()) as asked:
        happens(desk, case)
    [chain] = [at for at, each in enumerate(asked) if "pg_advisory_xact_lock" in each]
    [found] = [at for at, each in enumerate(asked) if "FROM event_subscriptions" in each]
    assert found < chain


def test_an_address_of_which_a_try_cannot_be_written_down_is_set_aside(desk, admin):
    allowed(desk, admin)
    happens(desk, case_of(desk, admin))
    event_delivery.set_aside(desk.system, due(desk))
    assert due(desk) is None
    desk.now += event_delivery.SET_ASIDE
    assert due(desk) is not None
