"""The page on which an owner of rule bottlenecks works, and the files that an owner may read."""

import re

import pytest
from sqlalchemy import select

from knelpunt.domain.bottlenecks import OWNER_CHANGED, BottleneckChoice, BottleneckStep
from knelpunt.domain.errors import DomainError, PermissionDenied, TransitionNotAllowed
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.vocabulary import OrganisationKind, Role
from knelpunt.models import Event, OutboxMail
from knelpunt.services.bottlenecks import links as bottleneck_links
from knelpunt.services.bottlenecks import reviews
from knelpunt.services.bottlenecks import track as bottlenecks
from knelpunt.services.bottlenecks.reviews import Filled
from knelpunt.services.bottlenecks.track import News
from tests.support.forms import fill
from tests.support.statements import counted


def text(answer):
    return re.sub(r"\s+", " ", answer.get_data(as_text=True))


def put_under(track, case, found, why=""):
    context = track.desk.context(track.desk.handler)
    bottleneck_links.propose_link(context, case.reference, case.version, found.reference, why)


@pytest.fixture
def under(track):
    """A case under the owner's rule, one under the rule of another owner, and one under none."""
    track.analyse()
    other_owner, other = track.desk.make.account(Role.BOTTLENECK_OWNER), track.another()
    bottlenecks.analyse(
        track.desk.context(track.head), other.reference, other.version,
        ministry_id=track.ministry.id, owner_id=other_owner.id, news=News("Wij zoeken het uit."),
    )  # fmt: skip
    mine, theirs, none = track.case(), track.case(), track.case()
    put_under(track, mine, track.bottleneck)
    put_under(track, theirs, other)
    track.desk.session.commit()
    return mine, theirs, none, other


def test_an_owner_reads_the_files_under_the_own_rule_and_no_others(client_as, track, under):
    mine, theirs, none, other = under
    owner = client_as(track.owner)
    page = text(owner.get(f"/zaken/{mine.reference}"))
    assert mine.title in page
    assert "Mijn regelknelpunten</a>" in page
    assert f"/zaken/{mine.reference}/samenhang" not in page
    assert owner.get(f"/zaken/{mine.reference}/klokken").status_code == 200
    for case in (theirs, none):
        assert owner.get(f"/zaken/{case.reference}").status_code == 404
        assert owner.get(f"/zaken/{case.reference}/klokken").status_code == 404
    assert theirs.reference not in text(owner.get(f"/regelknelpunten/{other.reference}"))
    assert mine.reference in text(owner.get(f"/regelknelpunten/{track.bottleneck.reference}"))
    for closed in ("/werkvoorraad", "/wetswijzigingen", "/kwartalen/2026-4/zaken?cijfer=ontvangen"):
        assert owner.get(closed).status_code == 404
    assert "/zaken?" not in text(owner.get("/kwartalen/2026-4"))
    found = text(owner.get("/zoeken?q=schoolgebouw"))
    assert mine.reference in found
    assert theirs.reference not in found


def test_an_account_that_was_closed_owns_no_rule(track, make):
    """Also by a form that was opened before: an organisation that lets somebody in no more closes the account."""
    gone = make.account(Role.BOTTLENECK_OWNER)
    gone.is_active = False
    found, by = track.bottleneck, track.desk.context(track.head)
    to = {"ministry_id": track.ministry.id, "owner_id": gone.id}
    with pytest.raises(DomainError) as refused:
        bottlenecks.analyse(by, found.reference, found.version, **to, news=News("Wij zoeken het uit."))
    assert (refused.value.field, found.owner_id) == ("owner_id", None)
    track.analyse()
    with pytest.raises(DomainError) as refused:
        bottlenecks.give_to(by, found.reference, found.version, **to)
    assert (refused.value.field, found.owner_id) == ("owner_id", track.owner.id)


def test_a_rule_goes_to_another_owner_who_hears_so_and_works_on_with_its_cases(client_as, track, under, session, make):
    mine, *_ = under
    number, heir = track.bottleneck.reference, make.account(Role.BOTTLENECK_OWNER)
    due, path = track.bottleneck.news_due_on, f"/regelknelpunten/{number}/eigenaar"
    track.owner.is_active = False
    session.commit()
    head = client_as(track.head)
    assert f'href="{path}"' in text(head.get(f"/regelknelpunten/{number}"))
    page = head.get(path)
    again = head.post(path, data=fill(page, "owner_id"))
    assert again.status_code == 422  # the owner who left is not in the list
    sent = head.post(path, data=fill(page, "owner_id", owner_id=heir.id))
    assert sent.status_code == 303
    session.expire_all()
    assert (track.bottleneck.owner_id, track.bottleneck.news_due_on) == (heir.id, due)
    told = select(OutboxMail.to_address).where(OutboxMail.kind == MailKind.BOTTLENECK_GIVEN).order_by(OutboxMail.id)
    assert session.scalars(told).all()[-1] == heir.email
    owner = client_as(heir)
    assert owner.get(f"/zaken/{mine.reference}").status_code == 200
    assert number in text(owner.get("/mijn-regelknelpunten"))
    event = session.scalars(select(Event).where(Event.kind == OWNER_CHANGED)).one()
    assert (event.data["daarvoor"], event.data["eigenaar"]) == (track.owner.id, heir.id)


def given(session, address):
    found = select(OutboxMail.subject).where(
        OutboxMail.kind == MailKind.BOTTLENECK_GIVEN, OutboxMail.to_address == address
    )
    return [subject.partition(" (")[0] for subject in session.scalars(found.order_by(OutboxMail.id))]


@pytest.mark.parametrize("by_owner", [False, True])
def test_who_owned_a_rule_hears_that_it_went_unless_that_one_gave_it(track, session, make, by_owner):
    track.analyse()
    heir, found = make.account(Role.BOTTLENECK_OWNER), track.bottleneck
    case = track.case()
    bottleneck_links.propose_link(track.desk.context(track.desk.handler), case.reference, case.version, found.reference)
    by = track.desk.context(track.owner if by_owner else track.head)
    bottlenecks.give_to(by, found.reference, found.version, ministry_id=track.ministry.id, owner_id=heir.id)
    gone = [] if by_owner else ["U bent geen eigenaar meer van een regelknelpunt"]
    assert given(session, track.owner.email) == ["U bent eigenaar van een regelknelpunt", *gone]
    assert given(session, heir.email) == ["U bent eigenaar van een regelknelpunt"]
    body = session.scalars(select(OutboxMail.body).where(OutboxMail.to_address == heir.email)).one()
    assert "Er wacht 1 zaak op uw besluit." in body and "Het loket wees u aan" not in body


def test_another_ministry_for_a_rule_is_no_news_for_the_owner_who_stays(client_as, track, session, make):
    track.analyse()
    other, number = make.organisation(OrganisationKind.MINISTRY), track.bottleneck.reference
    session.commit()
    head, path = client_as(track.head), f"/regelknelpunten/{number}/eigenaar"
    page = head.get(path)
    sent = head.post(path, data=fill(page, "owner_id", owner_id=track.owner.id, ministry_id=other.id))
    assert sent.status_code == 303
    session.expire_all()
    assert track.bottleneck.ministry_id == other.id
    assert given(session, track.owner.email) == ["U bent eigenaar van een regelknelpunt"]
    shown = text(head.get(f"/regelknelpunten/{number}"))
    assert "Het ministerie is gewijzigd." in shown and "krijgt een mail" not in shown


def test_a_rule_without_an_owner_is_given_to_none_and_only_who_moves_it_gives_it(client_as, track, make):
    heir, other = make.account(Role.BOTTLENECK_OWNER), make.account(Role.BOTTLENECK_OWNER)

    def give(by):
        found = track.bottleneck
        context = track.desk.context(by)
        bottlenecks.give_to(context, found.reference, found.version, ministry_id=track.ministry.id, owner_id=heir.id)

    with pytest.raises(TransitionNotAllowed, match="nog geen eigenaar"):
        give(track.head)
    track.analyse()
    track.desk.session.commit()
    with pytest.raises(PermissionDenied):
        give(other)
    assert client_as(other).get(f"/regelknelpunten/{track.bottleneck.reference}/eigenaar").status_code == 404
    give(track.owner)
    assert track.bottleneck.owner_id == heir.id
    with pytest.raises(DomainError, match="al"):
        give(heir)


def test_a_case_that_was_refused_or_went_along_is_read_no_more_or_still(client_as, track, under):
    mine, theirs, _none, other = under
    owner = client_as(track.owner)
    bottleneck_links.decide_link(
        track.desk.context(track.owner), track.bottleneck.reference, mine.reference, accepted=False, reason="Elders."
    )
    track.desk.session.commit()
    assert owner.get(f"/zaken/{mine.reference}").status_code == 404
    bottlenecks.merge(
        track.desk.context(track.head), other.reference, other.version,
        into=track.bottleneck.reference, news=News("Samen."),
    )  # fmt: skip
    track.desk.session.commit()
    assert owner.get(f"/zaken/{theirs.reference}").status_code == 200


def test_the_page_says_what_is_due_what_waits_and_what_comes_next(client_as, track, under, session):
    mine, theirs, *_ = under
    owner, found = client_as(track.owner), track.bottleneck
    page = text(owner.get("/mijn-regelknelpunten"))
    assert "Zaken waarover u nog beslist" in page
    assert f"/regelknelpunten/{found.reference}/zaken/{mine.reference}/aanvaarden" in page
    assert theirs.reference not in page
    assert f"/regelknelpunten/{found.reference}/stap/keuze" in page
    assert "nieuws uiterlijk" in page
    context = track.desk.context(track.owner)
    bottlenecks.choose(
        context, found.reference, found.version, choice=BottleneckChoice.PRACTICE, reason="Het kan.", news=News("1")
    )
    filled = Filled(body="De heer A.B. Specht schrijft de tekst.")
    asked = reviews.ask(context, found.reference, found.version, BottleneckStep.PREPARE, filled)
    session.commit()
    assert "Wacht op een tweede persoon" in text(owner.get("/mijn-regelknelpunten"))
    reviews.give_back(track.desk.context(track.desk.reviewer), asked.id, "Zonder naam graag.")
    session.commit()
    assert "Zonder naam graag." in text(owner.get("/mijn-regelknelpunten"))
    assert theirs.reference in text(client_as(track.head).get("/mijn-regelknelpunten"))


def test_the_page_reads_in_a_fixed_number_of_statements(client_as, track, under, session):
    owner = client_as(track.owner)
    owner.get("/mijn-regelknelpunten")
    counts = []
    for _round in range(2):
        with counted(session.connection()) as sent:
            owner.get("/mijn-regelknelpunten")
        counts.append(len(sent))
        for _more in range(2):
            put_under(track, track.case(), track.bottleneck)
        session.commit()
    assert counts[0] == counts[1]
