"""Acts on several cases at once: the preview says what is done, only that is done, and it can be put back."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from knelpunt.domain.bottlenecks import BottleneckStatus, LinkStatus
from knelpunt.domain.errors import DomainError, NotFound, PermissionDenied
from knelpunt.domain.mail_kinds import MailChoice
from knelpunt.domain.permissions import HANDLED_IT_FIRST
from knelpunt.domain.vocabulary import BulkKind, BulkOutcome, CaseStatus, EventKind, Priority, Reach, Role
from knelpunt.models import (
    Bottleneck,
    BottleneckCase,
    BottleneckProvision,
    BulkAct,
    BulkCase,
    CaseLabel,
    Contact,
    Event,
    Message,
    OutboxMail,
)
from knelpunt.services.bottlenecks import links
from knelpunt.services.cases import triage
from knelpunt.services.worklist import bulk, groups, marks
from knelpunt.services.worklist.bulk import Wanted
from tests.support.forms import fill
from tests.support.page import parse_page

IN_HANDLING = CaseStatus.IN_HANDLING


@pytest.fixture
def at_desk(desk):
    """The desk, with a head, and everybody acting now."""
    desk.now = desk.make.now
    desk.head = desk.make.head_of_desk()
    return desk


def rows_of(session, act):
    return list(session.scalars(select(BulkCase).where(BulkCase.bulk_id == act.id).order_by(BulkCase.place)))


def run(context, act):
    bulk.confirm(context, act.id)
    bulk.carry_out(context, act.id, context.session.flush)


def put_back(context, act):
    bulk.undo(context, act.id)
    bulk.carry_out(context, act.id, context.session.flush)


def kinds(session, case):
    return list(session.scalars(select(Event.kind).where(Event.case_id == case.id).order_by(Event.number)))


def mails(session, case):
    return session.scalar(select(func.count()).where(OutboxMail.case_id == case.id))


def bottleneck(make, law=None):
    row = make.add(
        Bottleneck(
            reference="RK-2026-9001",
            title="Een regel",
            problem="Te eng.",
            status=BottleneckStatus.SIGNALLED,
            signalled_on=make.today,
            owner_due_on=make.today + timedelta(days=30),
            updated_at=make.now,
            terms="regel",
        )
    )
    if law is not None:
        provision = make.provision(law)
        make.add(BottleneckProvision(bottleneck_id=row.id, provision_id=provision.id, role="belemmert"))
    return row


def test_who_is_left_out_is_named_with_the_reason_and_nothing_is_done_before_it_is_confirmed(session, make, at_desk):
    new = make.handler()
    fits = make.case(IN_HANDLING, email="a@proef.example")
    closed = make.case(CaseStatus.CLOSED)
    has = make.case(IN_HANDLING, handler_id=new.id)
    again = make.case(CaseStatus.RECONSIDERATION)
    ids = [fits.id, closed.id, has.id, again.id]
    act = bulk.prepare(at_desk.context(at_desk.triager), Wanted(BulkKind.ASSIGN, handler_id=new.id), ids)
    left_out = [row.left_out for row in rows_of(session, act)]
    assert left_out == [None, triage.CASE_IS_OVER, "Deze collega behandelt de zaak al.", triage.NAMED_BY_THE_HEAD]
    assert fits.handler_id is None and kinds(session, fits) == []
    run(at_desk.context(at_desk.triager), act)
    assert fits.handler_id == new.id and closed.handler_id is None
    assert kinds(session, fits) == [EventKind.HANDLER_ASSIGNED] and kinds(session, closed) == []
    assert mails(session, fits) == 2  # to the submitter, and to whoever handles it now


def test_who_handled_a_case_first_is_kept_out_of_it_here_too(session, make, at_desk):
    whose = [at_desk.triager.id, at_desk.handler.id, None]
    cases = [make.case(CaseStatus.RECONSIDERATION, first_handler_id=each) for each in whose]
    wanted = Wanted(BulkKind.ASSIGN, handler_id=make.handler().id)
    act = bulk.prepare(at_desk.context(at_desk.triager), wanted, [each.id for each in cases])
    left_out = [row.left_out for row in rows_of(session, act)]
    assert left_out == [HANDLED_IT_FIRST, triage.NAMED_BY_THE_HEAD, triage.NAMED_BY_THE_HEAD]


def test_a_case_that_changed_after_the_preview_is_passed_over_and_named_and_the_others_go_on(session, make, at_desk):
    new, context = make.handler(), at_desk.context(at_desk.triager)
    first, second = make.case(IN_HANDLING), make.case(IN_HANDLING)
    act = bulk.prepare(context, Wanted(BulkKind.ASSIGN, handler_id=new.id), [first.id, second.id])
    at_desk.now += timedelta(minutes=1)
    triage.add_note(at_desk.context(at_desk.handler), first.reference, "Er gebeurde iets.")
    run(context, act)
    passed, done = rows_of(session, act)
    assert (passed.outcome, passed.remark) == (BulkOutcome.SKIPPED, bulk.CHANGED)
    assert done.outcome is BulkOutcome.DONE
    assert first.handler_id is None and second.handler_id == new.id
    assert act.finished_at is not None


def test_confirming_twice_does_it_once(session, make, at_desk):
    context = at_desk.context(at_desk.handler)
    case = make.case(IN_HANDLING, email="a@proef.example")
    act = bulk.prepare(context, Wanted(BulkKind.MESSAGE, body="Wij zijn dicht op vrijdag."), [case.id])
    run(context, act)
    run(context, act)
    assert session.scalar(select(func.count()).where(Message.case_id == case.id)) == 1
    assert mails(session, case) == 1


def test_a_message_says_how_each_submitter_hears_of_it_and_leaves_out_who_cannot_read_it(session, make, at_desk):
    by_mail = make.case(IN_HANDLING, email="a@proef.example")
    by_letter = make.case(IN_HANDLING)
    make.contact(by_letter, email=None, postal_address="Dorpsstraat, Proefdorp")
    fewer = make.case(IN_HANDLING)
    make.contact(fewer, email="b@proef.example", mail_choice=MailChoice.NEEDED)
    nobody = make.case(IN_HANDLING)
    organisation = make.organisation()
    filer = make.filer(organisation)
    municipal = make.case(IN_HANDLING, organisation_id=organisation.id, author_id=filer.id)
    gone = make.case(IN_HANDLING, email="c@proef.example")
    session.get_one(Contact, gone.id).gone_at = at_desk.now
    cases = [by_mail, by_letter, fewer, nobody, municipal, gone]
    context = at_desk.context(at_desk.handler)
    act = bulk.prepare(context, Wanted(BulkKind.MESSAGE, body="Bericht."), [case.id for case in cases])
    found = [(row.reach, row.left_out) for row in rows_of(session, act)]
    assert found == [
        (Reach.MAIL, None), (Reach.LETTER, None), (Reach.PAGE, None), (Reach.NOBODY, bulk.NOBODY_READS),
        (Reach.MAIL, None), (Reach.TASK, None),
    ]  # fmt: skip
    run(context, act)
    assert [mails(session, case) for case in cases] == [1, 0, 0, 0, 1, 1]
    with pytest.raises(DomainError, match="kan niet meer"):
        bulk.undo(context, act.id)


def test_assigning_is_put_back_unless_the_case_has_moved_on(session, make, at_desk):
    old, new = make.handler(), make.handler()
    context = at_desk.context(at_desk.triager)
    still, moved = make.case(IN_HANDLING, handler_id=old.id), make.case(IN_HANDLING, handler_id=old.id)
    act = bulk.prepare(context, Wanted(BulkKind.ASSIGN, handler_id=new.id), [still.id, moved.id])
    run(context, act)
    at_desk.now += timedelta(minutes=1)
    context = at_desk.context(at_desk.triager)
    triage.add_note(context, moved.reference, "De nieuwe behandelaar begon al.")
    put_back(context, act)
    assert (still.handler_id, moved.handler_id) == (old.id, new.id)
    first, second = rows_of(session, act)
    assert first.undo_outcome is BulkOutcome.DONE
    assert (second.undo_outcome, second.undo_remark) == (BulkOutcome.SKIPPED, bulk.MOVED_ON)
    assert kinds(session, still) == [EventKind.HANDLER_ASSIGNED] * 2


def test_putting_back_ends_after_a_quarter_of_an_hour_and_is_for_who_did_it(make, at_desk):
    context = at_desk.context(at_desk.triager)
    act = bulk.prepare(
        context, Wanted(BulkKind.PRIORITY, priority=Priority.HIGH, body="Bouwt morgen."), [make.case(IN_HANDLING).id]
    )
    run(context, act)
    with pytest.raises(NotFound):
        bulk.undo(at_desk.context(at_desk.handler), act.id)
    at_desk.now += timedelta(minutes=16)
    with pytest.raises(DomainError, match="kan niet meer"):
        bulk.undo(at_desk.context(at_desk.triager), act.id)


def test_labels_go_on_and_come_off_and_only_those_that_the_act_gave(session, make, at_desk):
    label = groups.make_label(at_desk.context(at_desk.head), "Wacht op de raad")
    context = at_desk.context(at_desk.handler)
    had, new = make.case(), make.case(CaseStatus.CLOSED)
    marks.add_label(context, had.reference, had.version, label.id)
    act = bulk.prepare(context, Wanted(BulkKind.LABEL, label_id=label.id), [had.id, new.id])
    assert [row.left_out for row in rows_of(session, act)] == [marks.HAS_LABEL, None]
    run(context, act)
    assert session.get(CaseLabel, (new.id, label.id))
    put_back(context, act)
    session.expire_all()
    assert session.get(CaseLabel, (new.id, label.id)) is None
    assert session.get(CaseLabel, (had.id, label.id))


def test_linking_asks_a_reason_for_cases_that_share_no_law_and_can_be_taken_back(session, make, at_desk):
    rule = bottleneck(make, at_desk.law)
    shares, strange = make.case(IN_HANDLING), make.case(IN_HANDLING)
    make.assessment(shares, make.provision(at_desk.law))
    context = at_desk.context(at_desk.handler)
    ids = [shares.id, strange.id]
    act = bulk.prepare(context, Wanted(BulkKind.LINK, bottleneck=rule.reference), ids)
    assert [row.left_out is None for row in rows_of(session, act)] == [True, False]
    act = bulk.prepare(context, Wanted(BulkKind.LINK, bottleneck=rule.reference, body="Zelfde loket zegt nee."), ids)
    run(context, act)
    link = session.get(BottleneckCase, (rule.id, strange.id))
    assert (link.status, link.why) == (LinkStatus.PROPOSED, "Zelfde loket zegt nee.")
    with pytest.raises(NotFound):  # a colleague takes back what is the own only
        links.take_back_link(at_desk.context(at_desk.triager), strange.reference, strange.version, rule.id)
    put_back(context, act)
    session.expire_all()
    assert session.get(BottleneckCase, (rule.id, strange.id)) is None
    assert kinds(session, strange)[-1] == EventKind.BOTTLENECK_UNLINKED


def test_a_high_priority_comes_back_to_what_it_was(session, make, at_desk):
    context = at_desk.context(at_desk.handler)
    case = make.case(IN_HANDLING)
    act = bulk.prepare(context, Wanted(BulkKind.PRIORITY, priority=Priority.HIGH, body="Subsidie loopt af."), [case.id])
    run(context, act)
    assert (case.priority, case.priority_reason) == (Priority.HIGH, "Subsidie loopt af.")
    put_back(context, act)
    assert (case.priority, case.priority_reason) == (Priority.NORMAL, None)


def test_rights_are_those_of_the_single_act(make, at_desk):
    case = make.case(IN_HANDLING)
    with pytest.raises(PermissionDenied):
        bulk.prepare(
            at_desk.context(at_desk.handler), Wanted(BulkKind.ASSIGN, handler_id=at_desk.handler.id), [case.id]
        )
    with pytest.raises(PermissionDenied):
        bulk.prepare(at_desk.context(make.account(Role.AUDITOR)), Wanted(BulkKind.MESSAGE, body="x"), [case.id])
    with pytest.raises(DomainError, match="200"):
        bulk.prepare(at_desk.context(at_desk.handler), Wanted(BulkKind.MESSAGE, body="x"), list(range(1, 202)))


def test_who_lost_the_right_meanwhile_does_nothing_when_the_worker_goes_on(session, make, at_desk):
    context = at_desk.context(at_desk.triager)
    case = make.case(IN_HANDLING)
    act = bulk.prepare(context, Wanted(BulkKind.ASSIGN, handler_id=at_desk.handler.id), [case.id])
    bulk.confirm(context, act.id)
    at_desk.triager.is_active = False
    session.flush()
    assert list(bulk.at_work(session)) == [act.id]
    bulk.carry_out(at_desk.system, act.id, session.flush)
    (row,) = rows_of(session, act)
    assert row.outcome is BulkOutcome.SKIPPED and case.handler_id is None
    assert list(bulk.at_work(session)) == []


def test_the_way_over_the_pages(session, make, client_as):
    me, new = make.triager(), make.handler()
    cases = [make.case(IN_HANDLING, title=f"Zaak {number}") for number in range(3)]
    closed = make.case(CaseStatus.CLOSED, title="Deze is klaar")
    client = client_as(me)
    assert parse_page(client.get("/werkvoorraad?lijst=alle")).one("checkbox", f"Kies {cases[0].reference}")
    numbers = [case.reference for case in (*cases[:2], closed)]
    page = client.get("/werkvoorraad/samen", query_string={"doe": "toewijzen", "zaak": numbers})
    assert f"{new.name} (0 open)" in page.get_data(as_text=True)
    chosen = {"gekozen": [case.id for case in (*cases[:2], closed)]}
    refused = client.post("/werkvoorraad/samen", data={**fill(page, "handler_id"), **chosen})
    assert refused.status_code == 422 and "Kies een behandelaar." in parse_page(refused).text
    preview = client.post("/werkvoorraad/samen", data={**fill(page, "handler_id", handler_id=new.id), **chosen})
    assert preview.status_code == 303
    page = client.get(preview.location)
    text = parse_page(page).text
    assert "2 zaken doen mee" in text and "1 zaak doet niet mee" in text and triage.CASE_IS_OVER in text
    done = client.post(preview.location, data=fill(page, "submission_key"))
    assert done.status_code == 303
    page = client.get(done.location)
    assert "2 zaken gedaan" in parse_page(page).text
    assert {case.handler_id for case in cases[:2]} == {new.id} and cases[2].handler_id is None
    back = client.post(f"{preview.location}/terugdraaien", data=fill(page, "terugdraaien"))
    assert "2 zaken teruggezet" in parse_page(client.get(back.location)).text
    assert {case.handler_id for case in cases} == {None}
    assert client_as(make.triager()).get(preview.location).status_code == 404


def test_a_whole_list_can_be_chosen_with_its_filters(make, client_as):
    make.case(IN_HANDLING, title="Hoort erbij")
    make.case(CaseStatus.IN_TRIAGE, title="Valt erbuiten")
    query = {"doe": "bericht", "alles": "ja", "adres": "lijst=open&staat=in_behandeling"}
    text = parse_page(client_as(make.handler()).get("/werkvoorraad/samen", query_string=query)).text
    assert "Hoort erbij" in text and "Valt erbuiten" not in text


@pytest.mark.parametrize("query", ["doe=bericht", "doe=bericht&zaak=bestaat-niet&zaak=%00", "doe=bericht&alles=1"])
def test_nothing_chosen_says_so(make, client_as, query):
    assert "U koos nog geen zaken" in client_as(make.handler()).get(f"/werkvoorraad/samen?{query}").get_data(
        as_text=True
    )


def test_pages_of_many_cases_take_as_many_statements_as_of_few(session, make, at_desk, client_as, statements):
    context, client = at_desk.context(at_desk.handler), client_as(at_desk.handler)

    def cost(count):
        ids = [make.case(IN_HANDLING, email="a@proef.example").id for _ in range(count)]
        act = bulk.prepare(context, Wanted(BulkKind.MESSAGE, body="Bericht."), ids)
        session.flush()
        with statements() as sent:
            assert client.get(f"/werkvoorraad/samen/{act.id}").status_code == 200
        return len(sent)

    cost(1)
    assert cost(2) == cost(20)


def test_what_was_never_confirmed_is_forgotten_after_a_day(session, make, at_desk):
    from knelpunt.services.jobs import upkeep  # noqa: PLC0415 - for this one test

    context = at_desk.context(at_desk.handler)
    act = bulk.prepare(context, Wanted(BulkKind.MESSAGE, body="Bericht."), [make.case().id])
    assert upkeep.sweep_tables(session, make.now)["bulk_acts"] == 0
    assert upkeep.sweep_tables(session, make.now + timedelta(days=2))["bulk_acts"] == 1
    session.expire_all()
    assert session.get(BulkAct, act.id) is None


@pytest.mark.parametrize(
    "data",
    [
        {"doe": "toewijzen", "gekozen": "9" * 18, "handler_id": "9" * 18},
        {"doe": "label", "gekozen": ["x", "-1"], "label_id": "1"},
        {"doe": "koppelen", "gekozen": "1", "bottleneck": "RK-x'--"},
        {"doe": "prioriteit", "gekozen": "1", "priority": "hoogst"},
        {"doe": "bericht", "gekozen": ["1"] * 300, "body": "Bericht."},
    ],
)
def test_nothing_that_is_sent_breaks_it(make, client_as, data):
    assert client_as(make.head_of_desk()).post("/werkvoorraad/samen", data=data).status_code == 422


def test_an_act_that_is_not_there_is_not_found(make, client_as):
    client = client_as(make.handler())
    for query in ("", "?doe=wissen", "?doe=toewijzen"):
        assert client.get(f"/werkvoorraad/samen{query}").status_code == 404
    assert client.get("/werkvoorraad/samen/999999").status_code == 404
