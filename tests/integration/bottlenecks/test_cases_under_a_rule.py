"""Cases under a rule bottleneck: taken in by its owner, closed because of it (step 14), and opened again (step 17)."""

from datetime import date

import pytest
from sqlalchemy import select

from knelpunt.domain.bottlenecks import BottleneckChoice, BottleneckStep, LinkStatus
from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.errors import DomainError, PermissionDenied, TransitionNotAllowed
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.vocabulary import AssessmentRole, CaseStatus, Result, Role, Verdict
from knelpunt.models import ClockPeriod, Event, LawChange, LawChangeTouch, OutboxMail
from knelpunt.queries.bottlenecks import bottlenecks as queries
from knelpunt.services.bottlenecks import links as bottleneck_links
from knelpunt.services.bottlenecks import track as bottlenecks
from knelpunt.services.bottlenecks.track import News
from knelpunt.services.cases import resolution, reviews
from knelpunt.services.submitters import reactions as submitter
from tests.support.bottlenecks import bring_into_force
from tests.support.page import parse_page
from tests.support.statements import counted


def propose(track, case):
    return bottleneck_links.propose_link(
        track.desk.context(track.desk.handler), case.reference, case.version, track.bottleneck.reference
    )


def decide(track, case, *, accepted=True, reason=""):
    bottleneck_links.decide_link(
        track.desk.context(track.owner), track.bottleneck.reference, case.reference, accepted=accepted, reason=reason
    )


def ask_closing(track, case):
    return bottleneck_links.request_linked_closing(
        track.desk.context(track.desk.handler),
        case.reference,
        case.version,
        bottleneck_reference=track.bottleneck.reference,
        reason="De regel zelf moet veranderen.",
        next_step="U hoort van ons als er nieuws is over de regel.",
    )


def close_linked(track, case):
    propose(track, case)
    decide(track, case)
    track.desk.write_public_text(case)
    review = ask_closing(track, case)
    reviews.approve(track.desk.context(track.desk.reviewer), case.reference, review.id)


def mails(session, case, kind):
    rows = select(OutboxMail.body).where(OutboxMail.case_id == case.id, OutboxMail.kind == kind)
    return list(session.scalars(rows.order_by(OutboxMail.id)))


def test_a_case_closes_under_a_rule_and_its_submitter_hears_of_every_news(session, track):
    track.analyse()
    case = track.case()
    close_linked(track, case)
    assert (case.status, case.result) == (CaseStatus.CLOSED, Result.LINKED_TO_BOTTLENECK)
    assert "Gekoppeld aan een regelknelpunt" in mails(session, case, MailKind.CLOSED)[0]
    running = session.scalars(
        select(ClockPeriod.clock).where(ClockPeriod.case_id == case.id, ClockPeriod.stopped_on.is_(None))
    ).all()
    assert sorted(running) == [Clock.K6, Clock.K9, Clock.K9]
    facts = queries.bottleneck(session, track.bottleneck.reference)
    assert (facts.projects, facts.municipalities) == (1, 1)
    bottlenecks.move(
        track.desk.context(track.owner),
        track.bottleneck.reference,
        track.bottleneck.version,
        BottleneckStep.REPORT,
        News("De minister schrijft een brief."),
    )
    told = mails(session, case, MailKind.BOTTLENECK_NEWS)
    assert len(told) == 1
    assert "De minister schrijft een brief." in told[0]
    assert f"/regelknelpunten/{track.bottleneck.reference}" in told[0]


def test_a_case_cannot_close_under_a_rule_whose_owner_has_not_taken_it_in(session, track):
    track.analyse()
    case = track.case()
    track.desk.write_public_text(case)
    with pytest.raises(DomainError, match="nog niet aanvaard"):
        ask_closing(track, case)
    propose(track, case)
    with pytest.raises(DomainError, match="nog niet aanvaard"):
        ask_closing(track, case)
    with pytest.raises(DomainError) as refused:
        decide(track, case, accepted=False)
    assert refused.value.field == "reason"
    decide(track, case, accepted=False, reason="Dit gaat over een andere termijn.")
    with pytest.raises(DomainError, match="nog niet aanvaard"):
        ask_closing(track, case)
    propose(track, case)
    decide(track, case)
    assert ask_closing(track, case).id
    assert queries.bottlenecks_of_case(session, case.id) == (
        (track.bottleneck.reference, track.bottleneck.title, LinkStatus.ACCEPTED),
    )


def told(session, kind):
    return list(session.scalars(select(OutboxMail.to_address).where(OutboxMail.kind == kind).order_by(OutboxMail.id)))


def test_who_becomes_owner_hears_so(session, track):
    track.analyse()
    assert told(session, MailKind.BOTTLENECK_GIVEN) == [track.owner.email]


def test_the_owner_hears_once_a_day_that_cases_wait_and_the_handler_what_became_of_each(session, track):
    track.analyse()
    first, second = track.case(), track.case()
    propose(track, first)
    propose(track, second)
    assert told(session, MailKind.BOTTLENECK_CASE_WAITS) == [track.owner.email]
    track.desk.later(1)
    propose(track, track.case())
    assert told(session, MailKind.BOTTLENECK_CASE_WAITS) == [track.owner.email] * 2
    decide(track, first)
    decide(track, second, accepted=False, reason="Dit gaat over een andere termijn.")
    assert told(session, MailKind.BOTTLENECK_CASE_DECIDED) == [track.desk.handler.email] * 2
    assert "De zaak hoort bij regelknelpunt" in mails(session, first, MailKind.BOTTLENECK_CASE_DECIDED)[0]
    assert "hoort niet bij regelknelpunt" in mails(session, second, MailKind.BOTTLENECK_CASE_DECIDED)[0]


def test_who_decided_about_every_case_hears_of_the_next_one_on_the_same_day(session, track):
    track.analyse()
    first, second = track.case(), track.case()
    propose(track, first)
    decide(track, first)
    propose(track, second)
    assert told(session, MailKind.BOTTLENECK_CASE_WAITS) == [track.owner.email] * 2
    propose(track, track.case())
    assert told(session, MailKind.BOTTLENECK_CASE_WAITS) == [track.owner.email] * 2


def test_a_refusal_leads_to_the_page_on_which_the_reason_stands(session, track, client_as):
    track.analyse()
    case, number = track.case(), track.bottleneck.reference
    propose(track, case)
    decide(track, case, accepted=False, reason="Dit gaat over een andere termijn.")
    (mail,) = mails(session, case, MailKind.BOTTLENECK_CASE_DECIDED)
    session.commit()
    assert f"/regelknelpunten/{number}#zaken" in mail
    page = client_as(track.desk.handler).get(f"/regelknelpunten/{number}").get_data(as_text=True)
    assert "Dit gaat over een andere termijn." in page.partition('id="zaken"')[2]


def test_a_case_decided_about_after_its_handler_left_is_told_to_the_heads(session, track):
    track.analyse()
    case = track.case()
    propose(track, case)
    track.desk.handler.is_active = False
    session.flush()
    decide(track, case)
    assert told(session, MailKind.BOTTLENECK_CASE_DECIDED) == [track.head.email]


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": Role.REVIEWER}], ids=["left", "another role"])
def test_when_the_owner_of_a_rule_cannot_decide_the_heads_hear_that_a_case_waits(session, track, change):
    track.analyse()
    for name, value in change.items():
        setattr(track.owner, name, value)
    session.flush()
    propose(track, track.case())
    assert told(session, MailKind.BOTTLENECK_CASE_WAITS) == [track.head.email]


def test_while_a_rule_has_no_owner_the_heads_hear_that_a_case_waits(session, track):
    propose(track, track.case())
    assert told(session, MailKind.BOTTLENECK_CASE_WAITS) == [track.head.email]


def test_a_head_who_puts_a_case_under_a_rule_is_not_told_to_decide(session, track):
    case = track.case()
    bottleneck_links.propose_link(
        track.desk.context(track.head), case.reference, case.version, track.bottleneck.reference
    )
    assert told(session, MailKind.BOTTLENECK_CASE_WAITS) == []


@pytest.mark.parametrize(
    ("verdict", "has_text", "missing"),
    [
        (Verdict.UNDECIDED, True, "nog onbeslist"),
        (Verdict.BY_ONTHEFFING_OR_EXPERIMENT, False, "eerst de openbare tekst"),
    ],
)
def test_a_case_closes_under_a_rule_with_a_verdict_and_a_public_text_only(track, verdict, has_text, missing):
    track.analyse()
    case = track.case("in_triage")
    track.desk.weigh(case)
    track.desk.start_handling(case, verdict)
    propose(track, case)
    decide(track, case)
    if has_text:
        track.desk.write_public_text(case)
    with pytest.raises(TransitionNotAllowed, match=missing):
        ask_closing(track, case)
    assert case.status is CaseStatus.IN_HANDLING


def test_the_reviewer_asks_again_whether_the_rule_still_has_the_case(track):
    track.analyse()
    case = track.case()
    propose(track, case)
    decide(track, case)
    track.desk.write_public_text(case)
    review = ask_closing(track, case)
    other = bottlenecks.signal(
        track.desk.context(track.desk.triager),
        title="Een bredere regel",
        problem="Deze omvat de andere.",
        provisions=[(queries.provisions_of(track.desk.session, track.bottleneck)[0].provision_id, "belemmert")],
        body="Samengenomen.",
    )
    bottlenecks.merge(
        track.desk.context(track.head),
        track.bottleneck.reference,
        track.bottleneck.version,
        into=other.reference,
        news=News("Wij nemen dit samen."),
    )
    with pytest.raises(TransitionNotAllowed):
        reviews.approve(track.desk.context(track.desk.reviewer), case.reference, review.id)
    assert case.status is CaseStatus.IN_HANDLING


@pytest.mark.parametrize("brought_by", ["taken in", "put there"])
def test_who_brought_a_case_under_a_rule_does_not_review_its_closing(track, make, client_as, brought_by):
    track.analyse()
    case = track.case()
    head = track.desk.context(track.head)
    if brought_by == "taken in":
        propose(track, case)
        bottleneck_links.decide_link(head, track.bottleneck.reference, case.reference, accepted=True)
    else:
        bottleneck_links.propose_link(head, case.reference, case.version, track.bottleneck.reference)
    track.desk.write_public_text(case)
    review = ask_closing(track, case)
    path, data = f"/zaken/{case.reference}/toetsing", {"review_id": str(review.id), "remark": "Goed."}
    browser = client_as(track.head)
    page = browser.get(path).get_data(as_text=True)
    assert "U bracht deze zaak onder bij het regelknelpunt." in page and 'value="akkoord"' not in page
    assert "Toets deze stap" not in browser.get(f"/zaken/{case.reference}").get_data(as_text=True)
    for decision in ("akkoord", "teruggeven"):
        assert browser.post(path, data={**data, "besluit": decision}).status_code == 403
    assert case.status is CaseStatus.IN_HANDLING
    other = client_as(make.head_of_desk())
    assert 'value="akkoord"' in other.get(path).get_data(as_text=True)
    assert other.post(path, data={**data, "besluit": "akkoord"}).status_code == 303
    track.desk.session.refresh(case)
    assert case.status is CaseStatus.CLOSED
    assert other.post(path, data={**data, "besluit": "akkoord"}).status_code == 422


def test_who_brought_a_case_under_a_rule_may_review_another_step(track):
    track.analyse()
    case = track.case()
    bottleneck_links.propose_link(
        track.desk.context(track.head), case.reference, case.version, track.bottleneck.reference
    )
    track.desk.write_public_text(case)
    review = track.desk.ask_proposal(case)
    reviews.approve(track.desk.context(track.head), case.reference, review.id)
    assert case.status is CaseStatus.PROPOSED


def test_others_than_the_owner_cannot_take_a_case_in(track):
    track.analyse()
    case = track.case()
    propose(track, case)
    with pytest.raises(PermissionDenied):
        bottleneck_links.decide_link(
            track.desk.context(track.desk.triager), track.bottleneck.reference, case.reference, accepted=True
        )
    with pytest.raises(DomainError, match="al bij dit regelknelpunt"):
        propose(track, case)


def test_a_rule_that_goes_no_further_takes_no_case_in_but_may_still_send_it_on(track, client_as):
    track.analyse()
    case = track.case()
    propose(track, case)
    kept = BottleneckChoice.KEPT
    found = track.bottleneck
    bottlenecks.choose(
        track.desk.context(track.owner), found.reference, found.version, choice=kept, reason="Veilig.", news=News("Zo.")
    )
    browser, path = client_as(track.owner), f"/regelknelpunten/{found.reference}/zaken/{case.reference}"
    page = browser.get(f"/regelknelpunten/{found.reference}").get_data(as_text=True)
    assert f"{path}/afwijzen" in page and f"{path}/aanvaarden" not in page
    answer = browser.post(f"{path}/aanvaarden", data={})
    assert answer.status_code == 422 and "loopt niet meer" in answer.get_data(as_text=True)
    assert browser.post(f"{path}/afwijzen", data={"reason": "De regel blijft."}).status_code == 303
    assert browser.post(f"{path}/afwijzen", data={"reason": "Nog eens."}).status_code == 422


def test_a_case_that_was_withdrawn_comes_under_no_rule(track, make, client_as):
    track.analyse()
    case = make.case(CaseStatus.WITHDRAWN, handler_id=track.desk.handler.id)
    answer = client_as(track.desk.handler).post(
        f"/zaken/{case.reference}/regelknelpunt",
        data={"version": str(case.version), "bottleneck": track.bottleneck.reference},
    )
    assert answer.status_code == 422
    assert queries.bottlenecks_of_case(track.desk.session, case.id) == ()


def test_a_closed_case_opens_again_with_a_new_clock_and_a_mail(session, desk):
    case = desk.bring("afgesloten")
    first = session.scalars(
        select(ClockPeriod).where(ClockPeriod.case_id == case.id, ClockPeriod.clock == Clock.K4)
    ).one()
    desk.later(20)
    with pytest.raises(DomainError) as refused:
        resolution.reopen(desk.context(desk.handler), case.reference, case.version, "  ")
    assert refused.value.field == "reason"
    resolution.reopen(desk.context(desk.handler), case.reference, case.version, "De regel is veranderd.")
    assert (case.result_reason, case.next_step) == (None, None)
    assert (case.status, case.result, case.closed_on) == (CaseStatus.IN_HANDLING, None, None)
    runs = session.scalars(
        select(ClockPeriod)
        .where(ClockPeriod.case_id == case.id, ClockPeriod.clock == Clock.K4)
        .order_by(ClockPeriod.id)
    ).all()
    assert runs[0].id == first.id
    running = session.scalars(
        select(ClockPeriod).where(ClockPeriod.case_id == case.id, ClockPeriod.stopped_on.is_(None))
    ).all()
    assert running == [runs[1]], "the time to contest ends, and only the new time for a solution runs"
    assert case.due_on == runs[1].due_on
    assert "De regel is veranderd." in mails(session, case, MailKind.REOPENED)[0]
    last = session.scalars(select(Event).where(Event.case_id == case.id).order_by(Event.number.desc()).limit(1)).one()
    assert (last.kind, last.data["was"]) == ("heropend", Result.WITH_ONTHEFFING)
    with pytest.raises(TransitionNotAllowed):
        resolution.reopen(desk.context(desk.handler), case.reference, case.version, "Nog eens.")


def test_a_case_without_a_handler_does_not_open_again(desk, make):
    case = make.case(CaseStatus.CLOSED)
    with pytest.raises(TransitionNotAllowed, match="eerst een behandelaar"):
        resolution.reopen(desk.context(desk.handler), case.reference, case.version, "De regel is veranderd.")
    assert (case.status, case.result) == (CaseStatus.CLOSED, Result.WITHIN_RULES)


@pytest.mark.parametrize("erased", [True, False], ids=["erased", "with its contact"])
def test_what_its_submitter_took_back_does_not_open_again(session, desk, erased):
    case = desk.bring("in_behandeling")
    submitter.withdraw(desk.follower(case), case.reference, "", erase_contact=erased)
    with pytest.raises(TransitionNotAllowed):
        resolution.reopen(desk.context(desk.handler), case.reference, case.version, "De regel is veranderd.")
    assert (case.status, case.result) == (CaseStatus.WITHDRAWN, Result.WITHDRAWN)


def test_the_weight_counts_each_project_and_municipality_once_also_what_came_along(session, track):
    other, last = track.another(), track.another()
    both, own, elsewhere = track.case(), track.case(), track.case()
    own.municipality_id = both.municipality_id
    head = track.desk.context(track.head)
    for case, under in ((both, track.bottleneck), (both, other), (own, other), (elsewhere, other)):
        bottleneck_links.propose_link(head, case.reference, case.version, under.reference)
        session.flush()
    for one, into in ((track.bottleneck, other), (other, last)):
        bottlenecks.merge(head, one.reference, one.version, into=into.reference, news=News("Samengevoegd."))
        session.flush()
    shown = [queries.bottleneck(session, each.reference) for each in (track.bottleneck, other, last)]
    assert [(each.projects, each.municipalities) for each in shown] == [(1, 1), (3, 2), (3, 2)]
    rows, _total = queries.list_bottlenecks(session, queries.BottleneckFilter(), queries.BottleneckOrder.WEIGHT)
    assert {row.reference: (row.projects, row.municipalities) for row in rows}[last.reference] == (3, 2)


def test_a_case_that_came_along_is_up_for_a_second_look_when_the_other_rule_moves(session, track, make):
    track.analyse()
    case = track.case()
    context = track.desk.context(track.head)
    bottleneck_links.propose_link(context, case.reference, case.version, track.bottleneck.reference)
    other = track.another()
    found = track.bottleneck
    bottlenecks.merge(context, found.reference, found.version, into=other.reference, news=News("Samen."))
    bottlenecks.analyse(
        context,
        other.reference,
        other.version,
        ministry_id=track.ministry.id,
        owner_id=track.owner.id,
        news=News("Wij zoeken het uit."),
    )
    practice = BottleneckChoice.PRACTICE
    bottlenecks.choose(context, other.reference, other.version, choice=practice, reason="Het kan.", news=News("Zo."))
    bottlenecks.move(context, other.reference, other.version, BottleneckStep.PREPARE, News("Wij beginnen."))
    provision = make.provision()
    provision.valid_from, provision.valid_to = date(2026, 1, 1), None
    bring_into_force(
        context,
        track.desk.context(track.desk.reviewer),
        other,
        provision_id=provision.id,
        in_force_on=date(2026, 11, 2),
        body="Het kan nu.",
    )
    touches = select(LawChangeTouch.case_id).join(LawChange, LawChange.id == LawChangeTouch.change_id)
    assert session.scalars(touches.where(LawChange.bottleneck_id == other.id)).all() == [case.id]


def test_the_file_names_the_rule_bottleneck_and_what_its_owner_said(session, track, client_as, connection):
    track.analyse()
    case = track.case()
    session.commit()
    reader, found = client_as(track.desk.reviewer), track.bottleneck

    def lines():
        reader.get(f"/zaken/{case.reference}")
        with counted(connection) as sent:
            page = parse_page(reader.get(f"/zaken/{case.reference}"))
        words = [each.text for each in page.by_id("verloop").all("paragraph") if found.reference in each.text]
        return [text.partition(found.reference)[0].strip() for text in words], len(sent)

    nothing, without = lines()
    propose(track, case)
    session.commit()
    assert (nothing, lines()) == ([], (["Het gaat om"], without + 1))
    decide(track, case)
    track.desk.write_public_text(case)
    reviews.approve(track.desk.context(track.desk.reviewer), case.reference, ask_closing(track, case).id)
    session.commit()
    assert lines() == (["Het gaat om", "Aanvaard door de eigenaar:", "Het gaat om"], without + 1)


def test_a_case_goes_only_to_a_rule_that_it_shares_a_law_with_or_somebody_says_why(session, track, make, client_as):
    case, desk = track.case(), track.desk
    other = bottlenecks.signal(
        desk.context(desk.triager),
        title="Een heel andere regel",
        problem="Deze knelt ergens anders.",
        provisions=[(make.provision().id, AssessmentRole.BLOCKS)],
        body="Wij zoeken het uit.",
    )
    with pytest.raises(DomainError, match="deelt geen bepaling en geen wet") as refused:
        bottleneck_links.propose_link(desk.context(desk.handler), case.reference, case.version, other.reference)
    assert refused.value.field == "why"
    why = "De gemeente past deze regel hier ook toe."
    bottleneck_links.propose_link(desk.context(desk.handler), case.reference, case.version, other.reference, why)
    bottleneck_links.decide_link(desk.context(track.head), other.reference, case.reference, accepted=True)
    desk.write_public_text(case)
    review = bottleneck_links.request_linked_closing(
        desk.context(desk.handler),
        case.reference,
        case.version,
        bottleneck_reference=other.reference,
        reason="Alleen een andere regel helpt.",
        next_step="Wacht op de regel.",
    )
    session.commit()

    assert review.payload["why"] == why
    assert why in client_as(desk.reviewer).get(f"/zaken/{case.reference}/toetsing").get_data(as_text=True)
    assert why in client_as(track.head).get(f"/regelknelpunten/{other.reference}").get_data(as_text=True)
