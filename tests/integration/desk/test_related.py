"""Cases that belong together: linked, like each other, or split; never merged."""

import pytest
from sqlalchemy import select

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.domain.errors import DomainError
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.vocabulary import CaseLinkKind, CaseStatus, Role
from knelpunt.models import CaseLink, ClockPeriod, Contact, Event, FollowLink, Municipality, OutboxMail
from knelpunt.queries.search import related as queries
from knelpunt.services.cases import related
from knelpunt.services.core import events, search_index
from knelpunt.services.core.search_index import shared_words
from knelpunt.services.filing import intake
from tests.support.forms import fill
from tests.support.page import parse_page


def link(desk, case, other, kind=CaseLinkKind.SAME_PROJECT):
    return related.link(desk.context(desk.handler), case.reference, case.version, other.reference, kind)


def test_a_link_is_seen_from_both_sides_and_can_be_taken_away(session, desk):
    first, second = desk.bring("in_behandeling"), desk.bring("in_triage")
    link(desk, second, first, CaseLinkKind.FOLLOW_UP)
    towards, from_there = (queries.related_cases(session, case.id) for case in (second, first))
    assert [(row.reference, row.kind, row.is_towards) for row in towards] == [
        (first.reference, CaseLinkKind.FOLLOW_UP, True)
    ]
    assert [(row.reference, row.is_towards) for row in from_there] == [(second.reference, False)]
    with pytest.raises(DomainError, match="al gekoppeld"):
        link(desk, first, second)
    related.unlink(desk.context(desk.handler), first.reference, first.version, second.reference)
    assert queries.related_cases(session, second.id) == ()
    kinds = session.scalars(select(Event.kind).where(Event.case_id == first.id).order_by(Event.number)).all()
    assert kinds[-1] == "zaak_losgekoppeld"


def test_doubles_are_of_one_submitter_only(desk):
    mine, also_mine = desk.file(), desk.file()
    other = desk.file(contact_email="iemand.anders@proef.example")
    assert link(desk, also_mine, mine, CaseLinkKind.DUPLICATE).kind is CaseLinkKind.DUPLICATE
    with pytest.raises(DomainError, match="één indiener") as refused:
        link(desk, other, mine, CaseLinkKind.DUPLICATE)
    assert refused.value.field == "kind"


@pytest.mark.parametrize(
    ("reference", "words"),
    [("KNP-2026-99999", "bestaat niet"), ("zomaar iets", "bestaat niet"), (None, "de zaak zelf")],
)
def test_a_link_to_nothing_is_refused(desk, reference, words):
    case = desk.file()
    with pytest.raises(DomainError, match=words) as refused:
        related.link(
            desk.context(desk.handler),
            case.reference,
            case.version,
            reference or case.reference,
            CaseLinkKind.SAME_RULE,
        )
    assert refused.value.field == "other"


def test_a_case_is_split_for_the_same_submitter_with_a_clock_of_its_own(session, desk):
    case = desk.bring("in_behandeling")
    desk.later(40)
    made = related.split(
        desk.context(desk.handler), case.reference, case.version, title="De keuken", description="Mag de keuken ook?"
    )
    assert (made.status, made.municipality_id, made.handler_id) == (CaseStatus.SUBMITTED, case.municipality_id, None)
    sides = ("may_publish", "may_share", "law_date", "theme", "submitter_kind", "channel", "language", "province_id")
    assert [getattr(made, side) for side in sides] == [getattr(case, side) for side in sides]
    assert made.may_publish
    contact, first = session.get_one(Contact, made.id), session.get_one(Contact, case.id)
    assert (contact.email, contact.ends_on) == (first.email, nl_day(desk.now) + intake.CONTACT_KEPT)
    running = session.scalars(
        select(ClockPeriod.clock).where(ClockPeriod.case_id == made.id, ClockPeriod.stopped_on.is_(None))
    ).all()
    assert running == [Clock.K1]
    told = session.scalars(select(OutboxMail).where(OutboxMail.case_id == made.id)).one()
    assert told.kind == MailKind.SPLIT
    assert case.reference in told.body
    assert "/volgen/" in told.body
    assert session.get_one(CaseLink, (made.id, case.id)).kind is CaseLinkKind.SPLIT
    assert case.status is CaseStatus.IN_HANDLING
    with pytest.raises(DomainError, match="titel"):
        related.split(desk.context(desk.handler), case.reference, case.version, title=" ", description="x")


def test_a_closed_case_is_not_split(desk):
    case = desk.bring("afgesloten")
    with pytest.raises(DomainError, match="niet meer open"):
        related.split(desk.context(desk.handler), case.reference, case.version, title="Deel", description="Iets.")


def test_shared_words_are_those_of_both_texts_and_no_stop_words():
    assert shared_words("Buurthuis in een leeg schoolgebouw", "Een buurthuis in de school") == ["buurthuis"]
    assert shared_words("De daken van woningen", "Een woning met een dak") == ["daken", "woningen"]


def test_words_in_which_every_case_is_told_are_not_shared_ones():
    told = "Wij willen een tuin maken. De gemeente zegt dat de regels dat niet toestaan."
    assert shared_words(told, "De gemeente zegt dat wij geen school mogen maken") == []
    assert shared_words(told, "De gemeente zegt dat de tuin weg moet") == ["tuin"]
    assert shared_words("Een fietspad langs twee scholen", "Twee kleine scholen gaan dicht") == ["scholen"]


def test_the_page_links_splits_and_shows_why_a_case_is_like_another(client_as, session, desk):
    case, other = desk.file(), desk.file(title="Een buurthuis in de school")
    session.commit()
    handler, path = client_as(desk.handler), f"/zaken/{case.reference}"
    page = handler.get(f"{path}/samenhang")
    shown = page.get_data(as_text=True)
    assert other.reference in shown
    assert "Gedeelde woorden:" in shown
    wrong = handler.post(f"{path}/samenhang", data=fill(page, "other", other="KNP-2026-99999", kind="zelfde_regel"))
    assert wrong.status_code == 422
    assert "Deze zaak bestaat niet." in wrong.get_data(as_text=True)
    assert "KNP-2026-99999" in wrong.get_data(as_text=True)
    sent = handler.post(f"{path}/samenhang", data=fill(page, "other", other=other.reference, kind="zelfde_regel"))
    assert sent.status_code == 303
    for unknown in ("KNP-2026-99999", "Bel 0900-1234", "%00"):
        assert handler.get(f"{path}/samenhang/{unknown}/losmaken").status_code == 404
    undo = f"{path}/samenhang/{other.reference}/losmaken"
    assert handler.post(undo, data=fill(handler.get(undo), "version")).status_code == 303
    parts = f"{path}/splitsen"
    made = handler.post(parts, data=fill(handler.get(parts), "title", title="Deel twee", description="Iets anders."))
    assert made.status_code == 303
    session.expire_all()
    assert [row.kind for row in queries.related_cases(session, case.id)] == [CaseLinkKind.SPLIT]
    reviewer = client_as(desk.reviewer).get(f"{path}/samenhang").get_data(as_text=True)
    assert "Koppel een zaak" not in reviewer


def test_one_rare_word_in_a_title_makes_cases_of_one_municipality_alike_and_a_common_one_does_not(
    client_as, session, desk, make
):
    zwolle, deventer = (
        session.scalars(select(Municipality.id).where(Municipality.name == name)).one()
        for name in ("Zwolle", "Deventer")
    )

    def filed(title, description, municipality_id):
        made = make.case(CaseStatus.IN_TRIAGE, title=title, description=description, municipality_id=municipality_id)
        search_index.index_case(session, made)
        return made

    case = filed("Hofje zonder auto", "De ambtenaar wijst ons op de parkeernorm van dertig jaar geleden.", zwolle)
    near = filed("Woongroep past niet in onze parkeernorm", "Zestien bewoners delen samen drie wagens.", zwolle)
    far = filed("Kantoor en de parkeernorm", "Een werkplek voor velen.", deventer)
    untold = filed("Moestuin op het dak", "Een ambtenaar kwam langs.", zwolle)

    def shown():
        return client_as(desk.handler).get(f"/zaken/{case.reference}/samenhang").get_data(as_text=True)

    page = shown()
    assert near.reference in page
    assert "Gedeelde woorden: parkeernorm" in page
    assert far.reference not in page
    assert untold.reference not in page
    for number in range(queries.RARE):
        filed(f"Parkeernorm {number}", "Iets anders.", deventer)
    assert near.reference not in shown()


def timeline(client, case):
    """What the file of a case says happened, as words, the latest first."""
    history = parse_page(client.get(f"/zaken/{case.reference}")).by_id("verloop")
    return history.names("listitem"), history


@pytest.mark.parametrize(
    ("kind", "here", "there"),
    [
        (CaseLinkKind.DUPLICATE, "Deze zaak is dubbel van", "Heeft een dubbele melding:"),
        (CaseLinkKind.FOLLOW_UP, "Deze zaak is een vervolg op", "Kreeg een vervolg in"),
        (CaseLinkKind.SAME_PROJECT, "Zelfde project:", "Zelfde project:"),
        (CaseLinkKind.SAME_RULE, "Zelfde regel:", "Zelfde regel:"),
    ],
)
def test_the_files_of_both_cases_name_the_other_one(session, desk, client_as, kind, here, there):
    later, first = desk.bring("in_triage"), desk.file(title="Een tuin op het plein")
    made = link(desk, later, first, kind)
    session.commit()
    reader = client_as(desk.make.account(Role.AUDITOR))
    (latest, *_), history = timeline(reader, later)
    words = {made.case_id: here, made.other_id: there}
    assert latest.startswith("Aan een andere zaak gekoppeld")
    assert latest.endswith(f"{words[later.id]} {first.reference}, Een tuin op het plein")
    assert history.leads_to(f"/zaken/{first.reference}")
    (latest, *_), _ = timeline(reader, first)
    related.unlink(desk.context(desk.handler), first.reference, first.version, later.reference)
    assert latest.endswith(f"{words[first.id]} {later.reference}, {later.title}")
    session.commit()
    for case, other in ((later, first), (first, later)):
        (latest, *_), _ = timeline(reader, case)
        assert latest.startswith("Van een andere zaak losgekoppeld") and other.reference in latest
    assert events.verify(session).fault is None


def test_a_split_is_named_in_both_files_and_no_submitter_reads_of_the_case_of_another(
    app, session, desk, client, client_as
):
    links = app.config["LINKS"]
    case, other = desk.file(), desk.file(contact_email="anders@proef.example", title="Een tuin van iemand anders")
    made = related.split(
        desk.context(desk.handler), case.reference, case.version, title="De keuken", description="Mag dat?"
    )
    link(desk, case, other, CaseLinkKind.SAME_RULE)
    session.commit()
    handler = client_as(desk.handler)
    lines, _ = timeline(handler, case)
    assert any(line.endswith(f"Het nieuwe deel is {made.reference}, De keuken") for line in lines)
    lines, _ = timeline(handler, made)
    assert any(f"Afgesplitst van {case.reference}, {case.title}" in line for line in lines)
    for followed, hidden in ((case, other), (other, case)):
        row = session.scalars(select(FollowLink).where(FollowLink.case_id == followed.id)).one()
        path = links.follow(row.public_id, row.nonce).removeprefix(links.base_url)
        seen = client.get(path).get_data(as_text=True)
        assert followed.reference in seen
        assert hidden.reference not in seen and hidden.title not in seen


def test_a_file_asks_as_much_for_many_links_as_for_one(session, desk, client_as, statements):
    case, handler = desk.bring("in_triage"), client_as(desk.handler)

    def cost():
        session.commit()
        handler.get(f"/zaken/{case.reference}")
        with statements() as sent:
            assert handler.get(f"/zaken/{case.reference}").status_code == 200
        return len(sent)

    without = cost()
    link(desk, case, desk.file())
    one = cost()
    for _ in range(4):
        link(desk, case, desk.file())
    assert cost() == one == without + 1
