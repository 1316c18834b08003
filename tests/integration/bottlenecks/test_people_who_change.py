"""People round a case under a rule who change after it came there: what is public is compared with them again."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from knelpunt.domain.bottlenecks import NAMES_FOUND, BottleneckStep, LinkStatus
from knelpunt.domain.errors import DomainError, PermissionDenied
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.vocabulary import ParticipantStatus, Role
from knelpunt.models import (
    BottleneckCase,
    CaseParticipant,
    Consultation,
    Contact,
    Event,
    MinistryContact,
    Municipality,
    OutboxMail,
)
from knelpunt.services.accounts import mergers
from knelpunt.services.archive import destruction
from knelpunt.services.bottlenecks import links, redaction, reviews
from knelpunt.services.bottlenecks import track as bottlenecks
from knelpunt.services.bottlenecks.reviews import Filled
from knelpunt.services.bottlenecks.track import News
from knelpunt.services.consultations import address_book
from knelpunt.services.jobs import scheduled, upkeep
from knelpunt.services.submitters import addresses, reactions
from tests.support.forms import fill

SURNAME = "Hoekzema"
NEWS = f"Bij {SURNAME} loopt de termijn af."
ADDRESS = "s.hoekzema@voorbeeld.example"
OFFICIAL = "Frouke Wiarda"
AT_WORK = "f.wiarda@bouw.example"
WHY = "De naam staat in het gepubliceerde advies."


def text(answer):
    return answer.get_data(as_text=True)


@pytest.fixture
def under(track):
    """A case that was taken in under a rule whose news has a surname that is nobody's yet."""
    track.analyse()
    found = track.bottleneck
    bottlenecks.move(track.desk.context(track.owner), found.reference, found.version, BottleneckStep.REPORT, News(NEWS))
    case = track.case()
    links.propose_link(track.desk.context(track.desk.handler), case.reference, case.version, found.reference)
    links.decide_link(track.desk.context(track.owner), found.reference, case.reference, accepted=True)
    track.desk.session.flush()
    return case


def link_of(track, case, found=None):
    found = found or track.bottleneck
    return track.desk.session.get(BottleneckCase, (found.id, case.id), populate_existing=True)


def round_of_calendar(track):
    """What the calendar looks at, and how many that was."""
    context = track.desk.context(track.head)
    due = redaction.to_look_at(context)
    for each in due:
        redaction.look_again(context, each)
    track.desk.session.flush()
    return len(due)


def renamed(track, case, name=f"Sietske {SURNAME}"):
    """The contact gets another name, as any act in the case would leave it."""
    track.desk.later(1)
    track.desk.session.get_one(Contact, case.id).name = name
    case.updated_at = track.desk.now
    track.desk.session.flush()


def told(session):
    rows = select(OutboxMail.to_address, OutboxMail.body).where(
        OutboxMail.kind == MailKind.BOTTLENECK_CASE_WAITS, OutboxMail.once_key.startswith("regelknelpunt-namen:")
    )
    return [tuple(row) for row in session.execute(rows.order_by(OutboxMail.id))]


def test_a_contact_whose_name_is_public_by_now_is_a_task_of_the_owner_and_no_mail_names_it(track, session, under):
    track.desk.later(1)
    round_of_calendar(track)
    assert round_of_calendar(track) == 0, "nothing happened since"
    renamed(track, under)
    assert round_of_calendar(track) == 1
    assert link_of(track, under).found_at == track.desk.now
    ((address, body),) = told(session)
    assert address == track.owner.email
    assert track.bottleneck.reference in body
    assert SURNAME not in body
    assert session.scalars(select(Event.data).where(Event.kind == NAMES_FOUND)).all() == [
        {"zaak": under.id, "gevonden": {"naam": 1}}
    ]


def test_the_calendar_looks(track, session, under):
    renamed(track, under)
    scheduled.run_due(track.desk.system, session.flush)
    assert link_of(track, under).found_at is not None


def test_it_is_told_once_and_looked_at_only_after_something_happened(track, session, under):
    renamed(track, under)
    assert round_of_calendar(track) == 1
    track.desk.later(1)
    assert [round_of_calendar(track), round_of_calendar(track)] == [1, 0]
    renamed(track, under)
    assert round_of_calendar(track) == 1
    assert len(told(session)) == 1


def test_what_was_in_hand_while_the_calendar_looked_is_looked_at_after_it(track, session, under):
    began = track.desk.now
    track.desk.now = began + timedelta(seconds=20)
    round_of_calendar(track)
    session.get_one(Contact, under.id).name = f"Sietske {SURNAME}"
    under.updated_at = began + timedelta(seconds=10)
    session.flush()
    track.desk.now = began + timedelta(seconds=90)
    assert round_of_calendar(track) == 1
    assert link_of(track, under).found_at is not None


def test_a_mended_address_is_not_held_up_and_is_compared(track, session, under):
    bottlenecks.move(
        track.desk.context(track.owner), track.bottleneck.reference, track.bottleneck.version, BottleneckStep.REPORT,
        News("De aanvraag kwam van s.hoekzema."),
    )  # fmt: skip
    track.desk.later(1)
    addresses.correct(track.desk.context(track.desk.handler), under.reference, ADDRESS)
    assert session.get_one(Contact, under.id).email == ADDRESS
    assert round_of_calendar(track) == 1


def test_a_new_colleague_of_the_organisation_that_files_is_one_of_the_people(track, session, under, make):
    organisation = make.organisation()
    under.organisation_id = organisation.id
    session.flush()
    round_of_calendar(track)
    track.desk.later(1)
    account = make.account(Role.FILER, organisation=organisation, name=f"Sietske {SURNAME}")
    account.created_at = track.desk.now
    session.flush()
    round_of_calendar(track)
    assert link_of(track, under).found_at is not None


@pytest.mark.parametrize("decided", ["voorgesteld", "niet_aanvaard"])
def test_a_case_that_was_not_taken_in_is_no_task(track, under, decided):
    link_of(track, under).status = LinkStatus(decided)
    renamed(track, under)
    assert round_of_calendar(track) == 0


def test_another_than_who_put_the_case_there_lets_it_stand_with_a_reason_on_the_page(track, session, under, client_as):
    renamed(track, under)
    round_of_calendar(track)
    session.commit()
    owner, number = client_as(track.owner), track.bottleneck.reference
    own = owner.get("/mijn-regelknelpunten")
    path = f"/regelknelpunten/{number}/zaken/{under.reference}/nakijken"
    assert path in text(own)
    assert path in text(owner.get(f"/regelknelpunten/{number}"))
    page = owner.get(path)
    assert f"een naam: ‘{SURNAME}’" in text(page)
    assert '<mark class="kn-find">' in text(page)
    without = owner.post(path, data=fill(page, "pass_reason"))
    assert without.status_code == 422
    assert owner.post(path, data=fill(without, "pass_reason", pass_reason=WHY)).status_code == 303
    link = link_of(track, under)
    assert (link.found_at, link.pass_reason, link.passed_by_id) == (None, WHY, track.owner.id)
    assert path not in text(owner.get("/mijn-regelknelpunten"))
    assert "U hoeft niets te doen" in text(owner.get(path))
    renamed(track, under)
    round_of_calendar(track)
    assert link_of(track, under).found_at is None, "it was let stand"


def test_who_put_the_case_there_does_not_let_it_stand(track, under):
    renamed(track, under)
    round_of_calendar(track)
    link_of(track, under).linked_by_id = track.head.id
    track.desk.session.flush()
    with pytest.raises(PermissionDenied):
        links.let_names_stand(track.desk.context(track.head), track.bottleneck.reference, under.reference, WHY)


def test_who_put_the_case_there_reads_that_another_decides(track, under, client_as, session):
    renamed(track, under)
    round_of_calendar(track)
    link_of(track, under).linked_by_id = track.head.id
    session.commit()
    path = f"/regelknelpunten/{track.bottleneck.reference}/zaken/{under.reference}/nakijken"
    own, other = text(client_as(track.head).get(path)), text(client_as(track.owner).get(path))
    assert "Een ander moet beslissen" in own
    assert "Laat dit staan" not in own
    assert "Laat dit staan" in other


def test_where_nothing_points_at_anybody_there_is_nothing_to_let_stand(track, under):
    with pytest.raises(DomainError, match="U hoeft niets te doen"):
        links.let_names_stand(track.desk.context(track.owner), track.bottleneck.reference, under.reference, WHY)
    assert link_of(track, under).pass_reason is None


def test_a_correction_of_the_text_ends_the_task(track, session, under):
    renamed(track, under)
    round_of_calendar(track)
    found = track.bottleneck
    news = redaction.standing_of_link(session, link_of(track, under)).found[0].field.removeprefix("news:")
    reviews.take_step(
        track.desk.context(track.owner), found.reference, found.version, BottleneckStep.CORRECT,
        Filled(news_id=int(news), body="Er loopt een termijn af.", change="Een naam is weggehaald."),
    )  # fmt: skip
    assert link_of(track, under).found_at is None


def test_erased_contact_data_end_the_task(track, session, under):
    renamed(track, under)
    round_of_calendar(track)
    track.desk.later(1)
    reactions.erase_contact_data(track.desk.context(track.head), under, session.get_one(Contact, under.id))
    round_of_calendar(track)
    assert link_of(track, under).found_at is None


def test_a_destroyed_case_leaves_no_task(track):
    assert destruction.EMPTIED[BottleneckCase]["found_at"] is None


def test_the_heads_hear_it_when_the_owner_left(track, session, under):
    track.owner.is_active = False
    renamed(track, under)
    round_of_calendar(track)
    assert [address for address, _body in told(session)] == [track.head.email]


def test_the_bottleneck_into_which_a_rule_went_up_is_looked_through_too(track, session, under):
    other = track.another()
    news = News("Op.")
    case = track.case()
    head = track.desk.context(track.head)
    links.propose_link(head, case.reference, case.version, other.reference)
    bottlenecks.merge(head, other.reference, other.version, into=track.bottleneck.reference, news=news)
    renamed(track, case)
    round_of_calendar(track)
    link = link_of(track, case, other)
    assert link.found_at is not None
    assert SURNAME in redaction.standing_of_link(session, link).told[0]


def test_what_a_second_person_let_stand_in_a_later_text_is_asked_no_second_time(track, session, under):
    renamed(track, under, name="Trijntje Meeuwsen")
    round_of_calendar(track)
    found, owner = track.bottleneck, track.desk.context(track.owner)
    filled = Filled(body="De zaak Meeuwsen laat het zien.")
    asked = reviews.ask(owner, found.reference, found.version, BottleneckStep.REPORT, filled)
    reviews.approve(track.desk.context(track.desk.reviewer), asked.id, WHY)
    renamed(track, under, name="Trijntje Meeuwsen")
    assert round_of_calendar(track) == 1
    assert link_of(track, under).found_at is None
    assert "Meeuwsen" not in str(link_of(track, under).passed)


@pytest.fixture
def official(track, under, session):
    """An official who was asked about the case, and news that names somebody whom nobody knows yet."""
    found, owner = track.bottleneck, track.desk.context(track.owner)
    bottlenecks.move(owner, found.reference, found.version, BottleneckStep.REPORT, News(f"Volgens {OFFICIAL} kan het."))
    contact = track.desk.make.add(
        MinistryContact(ministry_id=track.desk.ministry.id, name="F. Wiarda", email=AT_WORK, is_fallback=False)
    )
    track.desk.make.add(
        Consultation(
            case_id=under.id,
            ministry_id=contact.ministry_id,
            contact_id=contact.id,
            question="Kan dit?",
            article="artikel 12",
            law_on=under.law_date,
            asked_by_id=track.desk.handler.id,
            asked_at=track.desk.now,
            due_on=track.desk.today,
        )
    )
    contact.changed_at = track.desk.now
    session.flush()
    track.desk.later(1)
    round_of_calendar(track)
    return contact


def renamed_official(track, contact, name, email=AT_WORK):
    track.desk.later(1)
    administrator = track.desk.context(track.desk.make.administrator())
    address_book.change(administrator, contact.id, contact.version, name=name, email=email, is_fallback=False)
    track.desk.session.flush()


def test_an_official_whose_name_is_public_by_now_is_a_task(track, session, under, official):
    """The address book is kept by an administrator: nothing happens in the case."""
    assert round_of_calendar(track) == 0
    renamed_official(track, official, official.name)
    assert round_of_calendar(track) == 0, "nothing changed"
    renamed_official(track, official, OFFICIAL)
    assert round_of_calendar(track) == 1
    assert link_of(track, under).found_at == track.desk.now
    assert [each for _to, body in told(session) for each in OFFICIAL.split() if each in body] == []
    track.desk.later(1)
    assert [round_of_calendar(track), round_of_calendar(track)] == [1, 0]


@pytest.mark.parametrize("name", ["Frouke Oosterhof", SURNAME, f"Team {SURNAME}"])
def test_of_an_official_only_a_first_name_with_its_surname_counts(track, under, official, name):
    renamed_official(track, official, name)
    assert round_of_calendar(track) == 1
    assert link_of(track, under).found_at is None


def test_an_official_of_another_case_is_not_looked_for(track, session, under, official):
    session.scalars(select(Consultation)).one().case_id = track.case().id
    session.flush()
    renamed_official(track, official, OFFICIAL)
    assert round_of_calendar(track) == 0


def test_an_official_whose_name_is_emptied_is_no_task_any_more(track, session, under, official):
    renamed_official(track, official, OFFICIAL)
    round_of_calendar(track)
    administrator = track.desk.context(track.desk.make.administrator())
    address_book.remove(administrator, official.id, official.version)
    session.flush()
    track.desk.later(31)
    upkeep.sweep_tables(session, track.desk.now)
    assert round_of_calendar(track) == 1
    assert link_of(track, under).found_at is None


def test_a_new_text_that_names_an_official_of_a_case_waits_for_a_second_person(track, under, official):
    renamed_official(track, official, OFFICIAL)
    found, owner = track.bottleneck, track.desk.context(track.owner)
    with pytest.raises(redaction.NamesSomebody, match=OFFICIAL):
        news = News(f"{OFFICIAL} denkt mee.")
        bottlenecks.move(owner, found.reference, found.version, BottleneckStep.REPORT, news)


def merged(track, ending, receiving=None):
    """What the worker does on the day of a merger that two administrators agreed on before."""
    make, session = track.desk.make, track.desk.session
    one, two = make.administrator(), make.administrator()
    place = session.get_one(Municipality, receiving.municipality_id) if receiving else None
    merger = mergers.propose(
        track.desk.context(one),
        day=track.desk.today + timedelta(days=1),
        ending=[ending.municipality_id],
        code=place.code if place else "GM9801",
        name="Nieuwstad",
        province_id=make.province().id,
        reason="Herindeling.",
    )
    mergers.decide(track.desk.context(two), merger.id, is_accepted=True)
    track.desk.later(1)
    mergers.carry_out(track.desk.system, merger.id)
    session.flush()


def municipality(make, name):
    place = make.municipality(name=name, province_id=make.province().id, code=f"GM98{len(name):02}")
    return make.organisation(name=f"Gemeente {name}", municipality_id=place.id)


@pytest.mark.parametrize("stays", ["the case", "the account", "neither"])
def test_a_colleague_who_comes_by_a_merger_is_one_of_the_people(track, session, under, make, stays):
    """Also of one who was there long before, where the case comes along to the organisation of that account."""
    old, other = municipality(make, "Oudstad"), municipality(make, "Randdorp")
    case_of, account_of = (other, old) if stays == "the case" else (old, other)
    under.organisation_id = case_of.id
    account = make.account(Role.FILER, organisation=account_of, name=f"Sietske {SURNAME}")
    account.created_at = track.desk.now - timedelta(days=400)
    session.flush()
    track.desk.later(1)
    round_of_calendar(track)
    assert link_of(track, under).found_at is None
    if stays == "neither":
        account.organisation_id = old.id
        under.organisation_id = other.id
        session.flush()
        merged(track, old)
        assert round_of_calendar(track) == 0, "it went elsewhere"
        return
    merged(track, old, other)
    assert round_of_calendar(track) == 1
    assert link_of(track, under).found_at is not None
    track.desk.later(1)
    assert [round_of_calendar(track), round_of_calendar(track)] == [1, 0]


def test_who_files_along_gets_colleagues_by_a_merger_too(track, session, under, make):
    old, other = municipality(make, "Oudstad"), municipality(make, "Randdorp")
    make.add(
        CaseParticipant(
            case_id=under.id,
            organisation_id=old.id,
            municipality_id=old.municipality_id,
            status=ParticipantStatus.JOINED,
            asked_at=track.desk.now,
            ends_on=track.desk.today + timedelta(days=365),
        )
    )
    account = make.account(Role.FILER, organisation=other, name=f"Sietske {SURNAME}")
    account.created_at = track.desk.now - timedelta(days=400)
    session.flush()
    track.desk.later(1)
    round_of_calendar(track)
    merged(track, old, other)
    assert round_of_calendar(track) == 1
    assert link_of(track, under).found_at is not None
