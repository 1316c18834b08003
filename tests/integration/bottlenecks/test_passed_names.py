"""A public text of a rule bottleneck that points at somebody: stopped, unless a second person says why it may stand."""

from datetime import UTC, date, datetime

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from knelpunt.domain.bottlenecks import (
    DECIDED_WITHIN,
    BottleneckChoice,
    BottleneckStatus,
    BottleneckStep,
    LinkStatus,
)
from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.domain.calendar.working_days import add_working_days
from knelpunt.domain.errors import DomainError, PermissionDenied
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.quarters.commitments import CommitmentKind
from knelpunt.domain.vocabulary import AssessmentRole, EventKind, Role
from knelpunt.models import (
    Bottleneck,
    BottleneckCase,
    BottleneckNews,
    BottleneckProposal,
    BottleneckProvision,
    Contact,
    Event,
    OutboxMail,
)
from knelpunt.services.bottlenecks import links, redaction, reviews
from knelpunt.services.bottlenecks import track as bottlenecks
from knelpunt.services.bottlenecks.redaction import NamesSomebody
from knelpunt.services.bottlenecks.reviews import Filled
from knelpunt.services.bottlenecks.track import News
from knelpunt.services.jobs import scheduled
from knelpunt.services.quarters import commitments
from tests.support.forms import fill
from tests.support.statements import counted

NEWS = "De heer A.B. Specht schreef het advies dat is gepubliceerd."
WHY = "De naam staat in het gepubliceerde advies."
SURNAME = "Hoekzema"
OF_THE_CASE = f"Bij {SURNAME} loopt de termijn af."


def text(answer):
    return answer.get_data(as_text=True)


def told(session, found):
    rows = select(BottleneckNews.body).where(BottleneckNews.bottleneck_id == found.id).order_by(BottleneckNews.id)
    return session.scalars(rows).all()


def test_a_second_person_lets_a_name_stand_with_a_reason_and_only_then_it_is_told(session, track):
    track.analyse()
    found, owner = track.bottleneck, track.desk.context(track.owner)
    reviewer = track.desk.context(track.desk.reviewer)
    with pytest.raises(NamesSomebody):
        reviews.take_step(owner, found.reference, found.version, BottleneckStep.REPORT, Filled(body=NEWS))
    asked = reviews.ask(owner, found.reference, found.version, BottleneckStep.REPORT, Filled(body=NEWS))
    assert NEWS not in told(session, found)
    with pytest.raises(DomainError) as refused:
        reviews.approve(reviewer, asked.id)
    assert refused.value.field == "pass_reason"
    session.refresh(asked)
    reviews.approve(reviewer, asked.id, WHY)
    assert told(session, found)[-1] == NEWS
    assert asked.pass_reason == WHY
    news = session.scalars(select(BottleneckNews).order_by(BottleneckNews.id.desc()).limit(1)).one()
    assert news.author_id == track.owner.id
    data = session.scalars(select(Event.data).where(Event.kind == "regelknelpunt_toetser_akkoord")).all()
    assert data == [{"voorstel": asked.id, "stap": "regelknelpunt_nieuws", "gevonden": {"naam": 1}}]


def test_the_page_of_a_step_offers_the_second_person_once_something_was_found(client_as, track, session):
    track.analyse()
    session.commit()
    owner, reviewer = client_as(track.owner), client_as(track.desk.reviewer)
    path = f"/regelknelpunten/{track.bottleneck.reference}/stap/nieuws"
    page = owner.get(path)
    assert "Leg voor aan een tweede persoon" not in text(page)
    refused = owner.post(path, data=fill(page, "body", body=NEWS))
    assert refused.status_code == 422
    assert "Leg voor aan een tweede persoon" in text(refused)
    asked = owner.post(path, data=fill(refused, "body", besluit="voorleggen"))
    assert asked.status_code == 303
    waiting = reviewer.get(asked.location)
    assert '<mark class="kn-find">' in text(waiting)
    without = reviewer.post(asked.location, data=fill(waiting, "note", besluit="akkoord"))
    assert without.status_code == 422
    assert "schrijf op waarom dit toch openbaar mag" in text(without)
    agreed = reviewer.post(asked.location, data=fill(waiting, "note", besluit="akkoord", pass_reason=WHY))
    assert agreed.status_code == 303
    assert NEWS in text(owner.get(f"/regelknelpunten/{track.bottleneck.reference}"))
    assert WHY not in text(owner.get(f"/regelknelpunten/{track.bottleneck.reference}"))


def test_a_signal_with_a_name_waits_and_takes_its_case_along(client_as, track, session):
    case = track.case()
    session.commit()
    triager, reviewer = client_as(track.desk.triager), client_as(track.desk.reviewer)
    path = f"/regelknelpunten/nieuw?zaak={case.reference}"
    typed = {"title": "De regel van Specht", "problem": "De heer A.B. Specht schreef haar.", "body": "Wij kijken."}
    refused = triager.post(path, data=fill(triager.get(path), "title", **typed))
    assert refused.status_code == 422
    asked = triager.post(path, data=fill(refused, "title", besluit="voorleggen"))
    assert asked.status_code == 303
    assert session.scalar(select(Bottleneck.id).where(Bottleneck.title == typed["title"])) is None
    assert triager.post(asked.location, data={"besluit": "akkoord"}).status_code == 403
    waiting = reviewer.get(asked.location)
    assert case.reference in text(waiting)
    agreed = reviewer.post(asked.location, data=fill(waiting, "note", besluit="akkoord", pass_reason=WHY))
    assert agreed.status_code == 303
    made = session.scalars(select(Bottleneck).where(Bottleneck.title == typed["title"])).one()
    assert (made.status, made.signalled_by_id) == (BottleneckStatus.SIGNALLED, track.desk.triager.id)
    assert session.get(BottleneckCase, (made.id, case.id)) is not None
    assert session.scalars(select(BottleneckProposal.bottleneck_id)).all() == [made.id]


def test_a_signal_from_a_case_of_another_law_says_why_and_its_owner_reads_it(client_as, track, session, make):
    case, elsewhere = track.case(), make.provision()
    session.commit()
    triager = client_as(track.desk.triager)
    path = f"/regelknelpunten/nieuw?zaak={case.reference}"
    assert "Waarom hoort deze zaak bij dit regelknelpunt?" in text(triager.get(path))
    assert "Waarom hoort deze zaak" not in text(triager.get("/regelknelpunten/nieuw"))
    typed = {"title": "Een andere regel", "problem": "Hij knelt.", "body": "Wij kijken.", "provision_id": elsewhere.id}
    refused = triager.post(path, data=fill(triager.get(path), "title", **typed))
    assert refused.status_code == 422
    assert "deelt geen bepaling en geen wet" in text(refused)
    assert session.scalar(select(Bottleneck.id).where(Bottleneck.title == typed["title"])) is None
    why = "De gemeente noemt deze regel in haar brief."
    made = triager.post(path, data=fill(refused, "title", why=why))
    assert made.status_code == 303
    assert why in text(client_as(track.head).get(made.location))


def test_a_signal_from_nowhere_needs_no_reason(track, make):
    filled = Filled(
        body="Nu.", title="Regel", problem="Knelt.", provisions=[(make.provision().id, AssessmentRole.BLOCKS)]
    )
    assert reviews.signal(track.desk.context(track.desk.triager), filled).status is BottleneckStatus.SIGNALLED


def named_case(track):
    """A case whose submitter has a surname that no pattern knows."""
    case = track.case()
    track.desk.session.get_one(Contact, case.id).name = f"Sietske {SURNAME}"
    return case


def put_under(track, case, bottleneck=None):
    reference = (bottleneck or track.bottleneck).reference
    links.propose_link(track.desk.context(track.desk.handler), case.reference, case.version, reference)


def news_of(track, step=BottleneckStep.REPORT, **fields):
    found = track.bottleneck
    reviews.take_step(track.desk.context(track.owner), found.reference, found.version, step, Filled(**fields))


@pytest.mark.parametrize("field", ["title", "problem", "body"])
def test_a_signal_may_not_name_the_submitter_of_its_case(track, session, field):
    case, triager = named_case(track), track.desk.context(track.desk.triager)
    provision = session.scalars(select(BottleneckProvision.provision_id)).first()
    texts = {"title": "De regel", "problem": "Hij knelt.", "body": "Wij kijken.", field: OF_THE_CASE}
    filled = Filled(**texts, provisions=[(provision, AssessmentRole.BLOCKS)])
    with pytest.raises(NamesSomebody, match=f"een naam: ‘{SURNAME}’") as refused:
        reviews.signal(triager, replace(filled, case=case.reference))
    assert refused.value.field == field
    asked = reviews.ask_signal(triager, replace(filled, case=case.reference))
    with pytest.raises(DomainError, match=SURNAME):
        reviews.approve(track.desk.context(track.desk.reviewer), asked.id)
    assert reviews.signal(triager, filled).reference, "of no case, the word is nobody's name"


@pytest.mark.parametrize("decided", [None, True, False])
def test_news_may_not_name_the_submitter_of_a_case_under_the_bottleneck(track, decided):
    track.analyse()
    case, owner = named_case(track), track.desk.context(track.owner)
    put_under(track, case)
    if decided is not None:
        reference = track.bottleneck.reference
        links.decide_link(owner, reference, case.reference, accepted=decided, reason="Het hoort elders.")
    for fields in ({"body": OF_THE_CASE}, {"body": "Wij kijken.", "waiting_for": f"de brief van {SURNAME}"}):
        with pytest.raises(NamesSomebody, match=SURNAME):
            news_of(track, **fields)
    with pytest.raises(NamesSomebody, match=SURNAME) as refused:
        news_of(track, BottleneckStep.CHOOSE, body="Dit komt.", reason=OF_THE_CASE, choice=BottleneckChoice.BILL)
    assert refused.value.field == "reason"


def test_what_is_known_goes_along_with_a_bottleneck_that_went_up_into_another(track):
    track.analyse()
    other = track.another()
    put_under(track, named_case(track), other)
    bottlenecks.merge(
        track.desk.context(track.head),
        other.reference,
        other.version,
        into=track.bottleneck.reference,
        news=News("Op."),
    )
    with pytest.raises(NamesSomebody, match=SURNAME):
        news_of(track, body=OF_THE_CASE)


def test_the_page_before_a_rule_is_in_force_and_that_of_the_second_person_show_the_name(
    client_as, track, session, make
):
    track.analyse()
    put_under(track, named_case(track))
    news_of(track, BottleneckStep.CHOOSE, body="Dit komt.", reason="Het kan.", choice=BottleneckChoice.PRACTICE)
    news_of(track, BottleneckStep.PREPARE, body="Wij schrijven haar.")
    provision = make.provision(valid_from=date(2026, 1, 1))
    session.commit()
    owner, reviewer = client_as(track.owner), client_as(track.desk.reviewer)
    path = f"/regelknelpunten/{track.bottleneck.reference}/stap/in-werking"
    typed = {"body": OF_THE_CASE, "provision_id": provision.id, "in_force_on": "2026-11-02"}
    check = owner.post(path, data=fill(owner.get(path), "body", **typed))
    assert f"een naam: ‘{SURNAME}’" in text(check)
    asked = owner.post(path, data=fill(check, "body", besluit="vastleggen"))
    waiting = reviewer.get(asked.location)
    assert f"een naam: ‘{SURNAME}’" in text(waiting)
    assert '<mark class="kn-find">' in text(waiting)
    agreed = reviewer.post(asked.location, data=fill(waiting, "note", besluit="akkoord"))
    assert agreed.status_code == 422


def test_what_is_known_of_many_cases_is_read_in_as_many_statements_as_of_one(track, session, connection):
    track.analyse()

    def asked():
        with counted(connection) as sent:
            redaction.found_in(session, {"body": OF_THE_CASE}, bottleneck_id=track.bottleneck.id)
        return len(sent)

    put_under(track, named_case(track))
    asked()
    one = asked()
    for _ in range(3):
        put_under(track, named_case(track))
    session.flush()
    assert (asked(), one) == (3, 3)


def signalled_with_a_name(track):
    """A bottleneck whose problem and second news have a surname in them that is nobody's yet."""
    made = bottlenecks.signal(
        track.desk.context(track.desk.triager),
        title="De regel voor schuren",
        problem=f"De schuur van {SURNAME} mag niet blijven.",
        provisions=[(track.desk.make.provision(track.desk.law).id, AssessmentRole.BLOCKS)],
        body="Wij kijken.",
    )
    bottlenecks.analyse(
        track.desk.context(track.head),
        made.reference,
        made.version,
        ministry_id=track.ministry.id,
        owner_id=track.owner.id,
        news=News(OF_THE_CASE),
    )
    track.desk.session.commit()
    return made


def link_of(track, made, case):
    return track.desk.session.get(BottleneckCase, (made.id, case.id), populate_existing=True)


def test_what_is_public_already_is_looked_through_again_for_a_case_that_comes_under_the_rule(track, session):
    made, case = signalled_with_a_name(track), named_case(track)
    put_under(track, case, made)
    owner = track.desk.context(track.owner)
    with pytest.raises(DomainError) as refused:
        links.decide_link(owner, made.reference, case.reference, accepted=True)
    assert refused.value.field == "pass_reason"
    assert f"In wat er knelt staat een naam: ‘van {SURNAME}’" in str(refused.value.message)
    assert "In het nieuws van" in str(refused.value.message)
    assert link_of(track, made, case).status is LinkStatus.PROPOSED
    links.decide_link(owner, made.reference, case.reference, accepted=True, pass_reason=WHY)
    link = link_of(track, made, case)
    assert (link.status, link.pass_reason, link.passed_by_id) == (LinkStatus.ACCEPTED, WHY, track.owner.id)
    assert len(link.passed) == 2
    assert SURNAME not in str(link.passed)
    data = session.scalars(select(Event.data).where(Event.kind == EventKind.BOTTLENECK_LINK_DECIDED)).all()
    assert data == [{"regelknelpunt": made.id, "stand": "aanvaard", "gevonden": {"naam": 2}}]


def test_a_case_of_nobody_who_is_named_there_is_taken_in_without_a_reason(track, session):
    made, case = signalled_with_a_name(track), track.case()
    session.get_one(Contact, case.id).name = "Trijntje Meeuwsen"
    put_under(track, case, made)
    links.decide_link(track.desk.context(track.owner), made.reference, case.reference, accepted=True)
    link = link_of(track, made, case)
    assert (link.status, link.pass_reason, link.passed) == (LinkStatus.ACCEPTED, None, [])


def test_who_put_a_case_there_does_not_let_its_people_stand_in_public(track, session):
    made, case = signalled_with_a_name(track), named_case(track)
    owner, head = track.desk.context(track.owner), track.desk.context(track.head)
    links.propose_link(head, case.reference, case.version, made.reference)
    assert link_of(track, made, case).status is LinkStatus.PROPOSED
    with pytest.raises(PermissionDenied):
        links.decide_link(head, made.reference, case.reference, accepted=True, pass_reason=WHY)
    links.decide_link(owner, made.reference, case.reference, accepted=True, pass_reason=WHY)
    assert link_of(track, made, case).status is LinkStatus.ACCEPTED
    other = track.case()
    links.propose_link(head, other.reference, other.version, made.reference)
    assert link_of(track, made, other).status is LinkStatus.ACCEPTED, "nobody of it is named there"


def test_who_was_let_stand_is_asked_about_again_when_the_case_comes_back(track):
    made, case, owner = signalled_with_a_name(track), named_case(track), track.desk.context(track.owner)
    put_under(track, case, made)
    links.decide_link(owner, made.reference, case.reference, accepted=False, reason="Elders.")
    put_under(track, case, made)
    with pytest.raises(DomainError, match=SURNAME):
        links.decide_link(owner, made.reference, case.reference, accepted=True)


def test_a_signal_that_a_second_person_passed_asks_no_second_reason_for_its_own_case(track, session):
    case, triager = named_case(track), track.desk.context(track.desk.triager)
    provision = session.scalars(select(BottleneckProvision.provision_id)).first()
    filled = Filled(
        title="De regel", problem=OF_THE_CASE, body="Wij kijken.", case=case.reference,
        provisions=[(provision, AssessmentRole.BLOCKS)],
    )  # fmt: skip
    asked = reviews.ask_signal(triager, filled)
    made = reviews.approve(track.desk.context(track.desk.reviewer), asked.id, WHY)
    link = link_of(track, made, case)
    assert (link.pass_reason, link.passed_by_id) == (WHY, track.desk.reviewer.id)
    links.decide_link(track.desk.context(track.head), made.reference, case.reference, accepted=True)
    assert link_of(track, made, case).status is LinkStatus.ACCEPTED


def test_a_commitment_about_the_rule_is_looked_through_too(track, session, make):
    author = track.desk.context(make.account(Role.REPORT_AUTHOR))
    values = commitments.Values(
        kind=CommitmentKind.PROMISE, title="Schuren", words=f"De schuur van {SURNAME} blijft.", made_when="In 2026.",
        bottlenecks=(track.bottleneck.reference,),
    )  # fmt: skip
    commitments.add(author, values)
    track.analyse()
    case = named_case(track)
    put_under(track, case)
    with pytest.raises(DomainError, match=f"In de tekst van een toezegging staat een naam: ‘van {SURNAME}’"):
        links.decide_link(track.desk.context(track.owner), track.bottleneck.reference, case.reference, accepted=True)


def test_a_bottleneck_that_goes_up_into_one_that_names_somebody_needs_a_second_person(track, client_as, session):
    made, other = signalled_with_a_name(track), track.another()
    put_under(track, named_case(track), other)
    session.commit()
    head, filled = track.desk.context(track.head), Filled(body="Op.", into=made.reference)
    with pytest.raises(NamesSomebody, match=SURNAME) as refused:
        reviews.take_step(head, other.reference, other.version, BottleneckStep.MERGE, filled)
    assert refused.value.field == "into"
    session.refresh(other)
    asked = reviews.ask(head, other.reference, other.version, BottleneckStep.MERGE, filled)
    session.commit()
    waiting = text(client_as(track.desk.reviewer).get(f"/regelknelpunten/voorstellen/{asked.id}"))
    assert f"In wat er knelt staat een naam: ‘van {SURNAME}’" in waiting
    reviewer = track.desk.context(track.desk.reviewer)
    with pytest.raises(DomainError, match=SURNAME):
        reviews.approve(reviewer, asked.id)
    session.refresh(asked)
    assert reviews.approve(reviewer, asked.id, WHY).status is BottleneckStatus.MERGED


def test_the_pages_say_whom_the_public_texts_of_the_rule_name(track, client_as, session):
    made, case = signalled_with_a_name(track), named_case(track)
    session.commit()
    handler, owner = client_as(track.desk.handler), client_as(track.owner)
    path = f"/zaken/{case.reference}/regelknelpunt"
    done = handler.post(path, data=fill(handler.get(path), "bottleneck", bottleneck=made.reference))
    assert done.status_code == 303
    assert f"In wat er knelt staat een naam: ‘van {SURNAME}’" in text(handler.get(done.location))
    take_in = f"/regelknelpunten/{made.reference}/zaken/{case.reference}/aanvaarden"
    page = owner.get(take_in)
    assert f"een naam: ‘{SURNAME}’" in text(page)
    refused = owner.post(take_in, data=fill(page, "pass_reason"))
    assert refused.status_code == 422
    assert owner.post(take_in, data=fill(refused, "pass_reason", pass_reason=WHY)).status_code == 303
    assert "pass_reason" not in text(owner.get(take_in)), "it was let stand"


def mails_of_waiting(session):
    rows = select(OutboxMail.to_address, OutboxMail.body).where(OutboxMail.kind == MailKind.BOTTLENECK_CASE_WAITS)
    return [tuple(row) for row in session.execute(rows.order_by(OutboxMail.id))]


def test_the_mail_that_a_case_waits_says_that_something_public_points_at_somebody_but_not_at_whom(track, session):
    made = signalled_with_a_name(track)
    put_under(track, track.case(), made)
    for _ in range(2):
        put_under(track, named_case(track), made)
    (_, harmless), (address, pointing) = mails_of_waiting(session)
    assert "naar iemand uit deze zaak kan wijzen" not in harmless
    assert address == track.owner.email
    assert "naar iemand uit deze zaak kan wijzen" in pointing
    assert SURNAME not in pointing


def test_who_put_a_case_under_an_own_rule_that_names_somebody_gets_no_mail_but_another_head_does(track, session):
    made = signalled_with_a_name(track)
    other = track.desk.make.head_of_desk()
    made.owner_id = track.head.id
    session.flush()
    case = named_case(track)
    links.propose_link(track.desk.context(track.head), case.reference, case.version, made.reference)
    assert link_of(track, made, case).status is LinkStatus.PROPOSED
    assert [address for address, _body in mails_of_waiting(session)] == [other.email]


def put_by_the_only_head(track):
    """A case that waits for another than its linker, where nobody else may decide."""
    made = signalled_with_a_name(track)
    made.owner_id = track.head.id
    administrator = track.desk.make.administrator()
    case = named_case(track)
    links.propose_link(track.desk.context(track.head), case.reference, case.version, made.reference)
    track.desk.session.flush()
    return made, case, administrator


def test_where_only_who_put_a_case_there_may_decide_the_administrators_hear_it(track, session, client_as):
    made, case, administrator = put_by_the_only_head(track)
    told = mails_of_waiting(session)
    assert {address for address, _body in told} == {administrator.email, track.head.email}
    assert all("/beheer/accounts" in body and made.reference in body and SURNAME not in body for _to, body in told)
    path = f"/regelknelpunten/{made.reference}/zaken/{case.reference}/aanvaarden"
    page = text(client_as(track.head).get(path))
    assert "Nu is er niemand anders die dat mag" in page
    assert "een andere eigenaar aanwijzen" in page
    assert "Aanvaard deze zaak" not in page
    other = track.desk.make.head_of_desk(name="Hanneke Wietsma")
    session.commit()
    page = text(client_as(track.head).get(path))
    assert "Dat kan Hanneke Wietsma." in page
    assert "Aanvaard deze zaak" in text(client_as(other).get(path))


def test_the_only_head_reads_at_once_that_nobody_else_decides(track, session, client_as):
    made, case = signalled_with_a_name(track), named_case(track)
    made.owner_id = track.head.id
    session.commit()
    head = client_as(track.head)
    path = f"/zaken/{case.reference}/regelknelpunt"
    done = head.post(path, data=fill(head.get(path), "bottleneck", bottleneck=made.reference, why=WHY))
    assert "De beheerders krijgen daarover een mail." in text(head.get(done.location))


def test_a_case_about_which_nobody_decides_is_told_again_after_its_last_day(track, session, client_as):
    made, case, administrator = put_by_the_only_head(track)
    linked = link_of(track, made, case).linked_at
    last = add_working_days(nl_day(linked), DECIDED_WITHIN)
    session.commit()
    assert f"besluit uiterlijk {last.day} " in text(client_as(track.head).get("/mijn-regelknelpunten"))

    seen = [address for address, _body in mails_of_waiting(session)]

    def told_on(day):
        track.desk.now = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        scheduled.run_due(track.desk.system, session.flush)
        scheduled.run_due(track.desk.system, session.flush)
        new = [address for address, _body in mails_of_waiting(session)][len(seen) :]
        seen.extend(new)
        return sorted(new)

    everybody = sorted([administrator.email, track.head.email, track.head.email])
    assert told_on(last) == []
    assert told_on(add_working_days(last, 1)) == everybody
    assert told_on(add_working_days(last, 2)) == []
    assert told_on(add_working_days(last, 11)) == everybody
    other = track.desk.make.head_of_desk()
    session.flush()
    assert told_on(add_working_days(last, 21)) == sorted([track.head.email, other.email])
    links.decide_link(track.desk.context(other), made.reference, case.reference, accepted=True, pass_reason=WHY)
    session.flush()
    assert told_on(add_working_days(last, 31)) == []


def test_a_handler_who_became_the_only_owner_may_decide_about_an_own_case(track, session):
    """Nothing that is public points at somebody round it, so that nobody else is needed, and no administrator is told
    that nobody may."""
    made, case = signalled_with_a_name(track), track.case()
    handler, administrator = track.desk.handler, track.desk.make.administrator()
    links.propose_link(track.desk.context(handler), case.reference, case.version, made.reference)
    handler.role, made.owner_id, track.head.is_active = Role.HEAD_OF_DESK, handler.id, False
    session.flush()
    assert link_of(track, made, case).status is LinkStatus.PROPOSED
    late = add_working_days(nl_day(link_of(track, made, case).linked_at), DECIDED_WITHIN + 1)
    before = len(mails_of_waiting(session))
    track.desk.now = datetime(late.year, late.month, late.day, 9, tzinfo=UTC)
    scheduled.run_due(track.desk.system, session.flush)
    told = mails_of_waiting(session)[before:]
    assert [address for address, _body in told] == [handler.email]
    assert "wacht een zaak sinds" in told[0][1]
    assert administrator.email not in [address for address, _body in mails_of_waiting(session)]


def bulk_link(track, client, made, *cases):
    """The preview of putting these cases under a rule at once, and where it stands."""
    asked = client.get("/werkvoorraad/samen?doe=koppelen" + "".join(f"&zaak={case.reference}" for case in cases))
    typed = {"bottleneck": made.reference, "body": WHY, "gekozen": [case.id for case in cases]}
    preview = client.post("/werkvoorraad/samen", data=fill(asked, "bottleneck", **typed))
    return preview.location, client.get(preview.location)


def test_putting_cases_under_a_rule_at_once_says_of_each_what_points_at_its_people(track, client_as, session):
    made, named, other = signalled_with_a_name(track), named_case(track), track.case()
    session.commit()
    handler, owner = client_as(track.desk.handler), client_as(track.owner)
    address, preview = bulk_link(track, handler, made, named, other)
    assert text(preview).count(f"In wat er knelt staat een naam: ‘van {SURNAME}’") == 1
    assert "Een ander dan u beslist" in text(preview)
    assert "niets over iemand uit deze zaak" in text(preview)
    done = handler.post(address, data=fill(preview, "csrf_token"))
    result = text(handler.get(done.location))
    assert "Een ander beslist of dit mag blijven staan." in result
    assert link_of(track, made, named).status is LinkStatus.PROPOSED
    assert any("naar iemand uit deze zaak kan wijzen" in body for _address, body in mails_of_waiting(session))
    take_in = f"/regelknelpunten/{made.reference}/zaken/{named.reference}/aanvaarden"
    assert owner.post(take_in, data=fill(owner.get(take_in), "pass_reason")).status_code == 422
    assert owner.post(take_in, data=fill(owner.get(take_in), "pass_reason", pass_reason=WHY)).status_code == 303
    assert SURNAME not in text(handler.get(done.location)), "somebody let it stand"


def test_a_head_who_puts_own_cases_there_at_once_takes_only_those_in_of_which_nobody_is_named(
    track, client_as, session
):
    made, named, other = signalled_with_a_name(track), named_case(track), track.case()
    session.commit()
    head = client_as(track.head)
    address, preview = bulk_link(track, head, made, named, other)
    assert head.post(address, data=fill(preview, "csrf_token")).status_code == 303
    assert link_of(track, made, named).status is LinkStatus.PROPOSED
    assert link_of(track, made, other).status is LinkStatus.ACCEPTED


def test_a_preview_of_cases_of_whom_nobody_is_named_says_nothing_of_it(track, client_as, session):
    made = signalled_with_a_name(track)
    session.commit()
    _address, preview = bulk_link(track, client_as(track.desk.handler), made, track.case(), track.case())
    assert "Wat openbaar staat" not in text(preview)
