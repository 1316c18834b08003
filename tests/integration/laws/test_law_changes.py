"""When the law changes: what counts, what it touches, and who hears of it."""

import re
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from knelpunt.domain.bottlenecks import BottleneckChoice, BottleneckStep
from knelpunt.domain.errors import DomainError, PermissionDenied
from knelpunt.domain.guides.track import GuideStatus
from knelpunt.domain.laws.changes import LawChangeKind, TouchStatus
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.vocabulary import AssessmentRole, CaseStatus, Result, Role
from knelpunt.models import Assessment, Case, Guide, Law, LawChange, LawChangeTouch, OutboxMail, Provision
from knelpunt.queries.laws import changes as queries
from knelpunt.services.bottlenecks import links as bottleneck_links
from knelpunt.services.bottlenecks import track as bottlenecks
from knelpunt.services.bottlenecks.track import News
from knelpunt.services.cases import reviews
from knelpunt.services.guides import editing as guides
from knelpunt.services.laws import changes as law_changes
from knelpunt.services.laws import loading as laws
from tests.support.bottlenecks import bring_into_force
from tests.support.catalogue import shipped_catalogue
from tests.support.desk import FILED_AT
from tests.support.forms import fill
from tests.support.guides import text as guide_text
from tests.support.page import parse_page
from tests.support.statements import counted


def provision_of(session, case):
    found = select(Assessment.provision_id).where(Assessment.case_id == case.id).limit(1)
    return session.get_one(Provision, session.scalar(found))


def note(desk, provision, **more):
    return law_changes.note_by_hand(
        desk.context(desk.triager),
        **{
            "law_id": provision.law_id,
            "provision_id": provision.id,
            "kind": LawChangeKind.BILL_ADOPTED,
            "on_day": date(2027, 1, 1),
            "summary": "De termijn wordt vijftien jaar.",
            "source": "https://zoek.officielebekendmakingen.nl/stb-2026-1",
            **more,
        },
    )


def touched(session, change):
    rows = select(LawChangeTouch).where(LawChangeTouch.change_id == change.id).order_by(LawChangeTouch.id)
    return list(session.scalars(rows))


def mails(session, case, kind):
    rows = select(OutboxMail.body).where(OutboxMail.case_id == case.id, OutboxMail.kind == kind)
    return list(session.scalars(rows.order_by(OutboxMail.id)))


def test_a_load_of_the_catalogue_notes_what_matters_and_not_a_search_word(session, desk):
    catalogue = shipped_catalogue()
    assert laws.load_catalogue(session, catalogue).law_changes == []
    first, second, *others = catalogue.provisions
    changed = replace(
        catalogue,
        provisions=(
            replace(first, valid_to=date(2030, 12, 31)),
            replace(second, details={**second.details, "trigger_words": ["iets nieuws"]}),
            *others,
        ),
    )
    found = laws.load_catalogue(session, changed).law_changes
    assert [(one.kind, one.on_day) for one in found] == [(LawChangeKind.NEW_VALIDITY, date(2031, 1, 1))]
    assert "dinsdag 31 december 2030" in found[0].summary
    assert law_changes.note_found(session, found, desk.context(desk.triager).today) == 1
    kept = session.scalars(select(LawChange)).one()
    assert session.get_one(Provision, kept.provision_id).key == first.key


def test_a_change_touches_open_cases_and_unsolved_ones_but_no_solved_one(session, desk):
    open_case, solved = desk.bring("in_behandeling"), desk.bring("afgesloten")
    provision = provision_of(session, open_case)
    session.get_one(
        Assessment, session.scalar(select(Assessment.id).where(Assessment.case_id == solved.id).limit(1))
    ).provision_id = provision.id
    change = note(desk, provision)
    assert [touch.case_id for touch in touched(session, change)] == [open_case.id]


def test_confirming_tells_the_submitter_and_refusing_tells_nobody(session, desk):
    case, other = desk.bring("in_behandeling"), desk.bring("in_behandeling")
    provision = provision_of(session, case)
    session.scalars(select(Assessment).where(Assessment.case_id == other.id)).first().provision_id = provision.id
    change = note(desk, provision)
    first, second = touched(session, change)
    context = desk.context(desk.triager)
    with pytest.raises(DomainError) as refused:
        law_changes.confirm(context, change.id, [first.id], meaning=" ", reopen=False)
    assert refused.value.field == "meaning"
    assert law_changes.confirm(context, change.id, [first.id], meaning="U kunt nu langer blijven.", reopen=False) == 1
    assert law_changes.refuse(context, change.id, [second.id, 99_999_999]) == 1
    told = mails(session, case, MailKind.RULE_CHANGED)
    assert len(told) == 1
    assert "De termijn wordt vijftien jaar." in told[0]
    assert "U kunt nu langer blijven." in told[0]
    assert mails(session, other, MailKind.RULE_CHANGED) == []
    assert [touch.status for touch in touched(session, change)] == [TouchStatus.CONFIRMED, TouchStatus.REFUSED]
    assert law_changes.confirm(context, change.id, [first.id], meaning="Nog eens.", reopen=False) == 0
    assert len(mails(session, case, MailKind.RULE_CHANGED)) == 1


def published(desk, rule):
    """A public guide that leans on one rule."""
    writer = desk.context(desk.handler)
    made = guides.create(writer, guide_text(rules=[rule]))
    guides.review(desk.context(desk.reviewer), made.slug, made.version)
    guides.publish(writer, made.slug, made.version)
    desk.session.flush()
    return made


def rule_of(law, provision=None):
    return {
        "law": law.key,
        "title": law.citation_title,
        "provision": provision.key if provision else None,
        "article": "1",
        "instrument": None,
        "role": AssessmentRole.OFFERS_ROOM.value,
        "on_date": "2026-11-03",
    }


def test_a_confirmed_change_puts_the_ruimtewijzers_on_it_up_for_a_recheck(session, desk, make, client):
    law = make.law()
    provision, other = make.provision(law), make.provision(law)
    leaning, refused = published(desk, rule_of(law, provision)), published(desk, rule_of(law, provision))
    published(desk, rule_of(law, other))
    change = note(desk, provision)
    touches = touched(session, change)
    assert [touch.guide_id for touch in touches] == [leaning.id, refused.id]
    context = desk.context(desk.triager)
    assert law_changes.refuse(context, change.id, [touches[1].id]) == 1
    assert law_changes.confirm(context, change.id, [touches[0].id], meaning="", reopen=False) == 1
    assert (leaning.status, refused.status) == (GuideStatus.RECHECK, GuideStatus.PUBLIC)
    page = client.get(f"/ruimtewijzers/{leaning.slug}").get_data(as_text=True)
    assert "Wij kijken deze tekst opnieuw na" in page
    assert "De termijn wordt vijftien jaar." in page


def test_a_change_of_a_whole_law_finds_a_ruimtewijzer_that_names_an_article_and_leaves_one_in_recheck(
    session, desk, make
):
    law = make.law()
    first, second = published(desk, rule_of(law)), published(desk, rule_of(law, make.provision(law)))
    ended = published(desk, rule_of(law))
    guides.expire(desk.context(desk.handler), ended.slug, ended.version, "Voorbij.")
    session.flush()
    guides.ask_recheck(desk.context(desk.handler), second.slug, second.version, "De tekst is oud.")
    change = note(desk, make.provision(law), provision_id=None)
    touches = touched(session, change)
    assert [touch.guide_id for touch in touches] == [first.id, second.id]
    law_changes.confirm(
        desk.context(desk.triager), change.id, [touch.id for touch in touches], meaning="", reopen=False
    )
    assert first.status is second.status is GuideStatus.RECHECK
    assert second.recheck_reason == "De tekst is oud."


def test_only_a_triager_decides_and_a_wrong_note_says_what(session, desk):
    provision = provision_of(session, desk.bring("in_behandeling"))
    change = note(desk, provision)
    with pytest.raises(PermissionDenied):
        law_changes.refuse(desk.context(desk.reviewer), change.id, [1])
    for fields, wrong in (
        ({"law_id": 0}, "law_id"),
        ({"provision_id": 0}, "provision_id"),
        ({"summary": ""}, "summary"),
        ({"source": "javascript:alert(1)"}, "source"),
        ({"source": f"https://{'a' * 500}"}, "source"),
        ({"source": "https://een.example twee"}, "source"),
        ({"source": "https://een.example\u202e/fdp"}, "source"),
    ):
        with pytest.raises(DomainError) as refused:
            note(desk, provision, **fields)
        assert refused.value.field == wrong


def test_a_solved_bottleneck_puts_its_closed_case_up_and_the_case_opens_again(session, desk, make, client_as):
    owner, head, ministry = make.account(Role.BOTTLENECK_OWNER), make.head_of_desk(), make.ministry()
    found = bottlenecks.signal(
        desk.context(desk.triager),
        title="De termijn",
        problem="Te kort.",
        provisions=[(make.provision(desk.law).id, AssessmentRole.BLOCKS)],
        body="Er knelt iets.",
    )
    bottlenecks.analyse(
        desk.context(head), found.reference, found.version, ministry_id=ministry.id, owner_id=owner.id, news=News("1")
    )
    case = desk.bring("in_behandeling")
    bottleneck_links.propose_link(desk.context(desk.handler), case.reference, case.version, found.reference)
    bottleneck_links.decide_link(desk.context(owner), found.reference, case.reference, accepted=True)
    desk.write_public_text(case)
    review = bottleneck_links.request_linked_closing(
        desk.context(desk.handler),
        case.reference,
        case.version,
        bottleneck_reference=found.reference,
        reason="Alleen een andere regel helpt.",
        next_step="U hoort van ons.",
    )
    reviews.approve(desk.context(desk.reviewer), case.reference, review.id)
    bottlenecks.choose(
        desk.context(owner),
        found.reference,
        found.version,
        choice=BottleneckChoice.PRACTICE,
        reason="Het kan ook zo.",
        news=News("2"),
    )
    bottlenecks.move(desk.context(owner), found.reference, found.version, BottleneckStep.PREPARE, News("3"))
    provision = make.provision()
    provision.valid_from, provision.valid_to = date(2026, 1, 1), None
    bring_into_force(
        desk.context(owner),
        desk.context(desk.reviewer),
        found,
        provision_id=provision.id,
        in_force_on=date(2026, 11, 2),
        body="De nieuwe termijn geldt.",
    )
    change = session.scalars(select(LawChange).where(LawChange.bottleneck_id == found.id)).one()
    assert change.kind is LawChangeKind.BOTTLENECK_SOLVED
    assert [touch.case_id for touch in touched(session, change)] == [case.id]
    session.commit()
    triager = client_as(desk.triager)
    listed = triager.get("/wetswijzigingen?stand=wacht").get_data(as_text=True)
    assert "De nieuwe termijn geldt." in listed
    assert "1 te beoordelen" in listed
    path = f"/wetswijzigingen/{change.id}"
    page = triager.get(path)
    assert case.reference in page.get_data(as_text=True)
    without = triager.post(path, data=fill(page, "meaning", meaning="Het kan nu.", besluit="raakt"))
    assert without.status_code == 422
    assert "Kies ten minste een regel" in without.get_data(as_text=True)
    assert "Opgelost regelknelpunt: De termijn" in page.get_data(as_text=True)
    assert "Wetswijziging:" not in page.get_data(as_text=True)
    touch = touched(session, change)[0]
    for nothing in ("", "misschien"):
        undecided = triager.post(path, data=fill(page, "meaning", besluit=nothing, gekozen=str(touch.id)))
        assert undecided.status_code == 422
    assert touch.status is TouchStatus.OPEN
    sent = triager.post(
        path,
        data=fill(page, "meaning", meaning="Het kan nu.", besluit="raakt", gekozen=str(touch.id), heropenen="ja"),
    )
    assert sent.status_code == 303
    session.expire_all()
    assert case.status is CaseStatus.IN_HANDLING
    assert len(mails(session, case, MailKind.RULE_CHANGED)) == 1
    assert len(mails(session, case, MailKind.REOPENED)) == 1
    law = session.get_one(Law, provision.law_id)
    of_news = [mails(session, case, MailKind.BOTTLENECK_NEWS)[-1], *mails(session, case, MailKind.RULE_CHANGED)]
    for told in of_news:
        assert f"Deze bepaling geeft de ruimte: {law.citation_title}, {provision.article}." in told
        assert "De ruimte is er vanaf maandag 2 november 2026." in told
        assert "is veranderd" not in told
    assert "Er is nieuwe ruimte voor dit project." in mails(session, case, MailKind.REOPENED)[0]
    assert "Alles is beoordeeld" in parse_page(triager.get(path)).text


def test_the_list_is_for_staff_and_narrows_in_the_address(client, client_as, session, desk):
    provision = provision_of(session, desk.bring("in_behandeling"))
    note(desk, provision)
    session.commit()
    assert client.get("/wetswijzigingen").status_code in (302, 404)
    triager = client_as(desk.triager)
    assert "De termijn wordt" in triager.get(f"/wetswijzigingen?wet={provision.law_id}").get_data(as_text=True)
    assert "Niets gevonden" in triager.get("/wetswijzigingen?soort=opvolger").get_data(as_text=True)
    assert triager.get("/wetswijzigingen/99999999").status_code == 404
    rows, total = queries.list_changes(session, queries.LawChangeFilter(kind=LawChangeKind.BILL_ADOPTED))
    assert (len(rows), total) == (1, 1)


def test_whoever_decides_sees_at_the_start_of_the_day_that_changes_wait_and_only_then(
    session, desk, make, client_as, connection
):
    triager, head = client_as(desk.triager), client_as(make.head_of_desk())
    case = desk.bring("in_behandeling")
    session.commit()
    waits = '/wetswijzigingen?stand=wacht"'
    for client, path in ((triager, "/vandaag"), (head, "/vandaag"), (head, "/bureau")):
        assert waits not in client.get(path).get_data(as_text=True)
    provision = provision_of(session, case)
    changes = [note(desk, provision)]
    note(desk, make.provision())
    session.commit()
    triager.get("/vandaag")  # reads the small tables again, which a new provision changed
    with counted(connection) as one:
        assert "1 wijziging wacht" in triager.get("/vandaag").get_data(as_text=True)
    assert waits in head.get("/bureau").get_data(as_text=True)
    assert waits not in client_as(desk.reviewer).get("/vandaag").get_data(as_text=True)
    changes += [note(desk, provision) for _ in range(4)]
    session.commit()
    with counted(connection) as five:
        page = triager.get("/vandaag").get_data(as_text=True)
    assert "5 wijzigingen wachten" in page and waits in page
    assert len(five) == len(one)
    for change in changes:
        law_changes.refuse(desk.context(desk.triager), change.id, [each.id for each in touched(session, change)])
    session.commit()
    assert waits not in triager.get("/vandaag").get_data(as_text=True)
    assert 'href="/wetswijzigingen"' in client_as(desk.reviewer).get("/werkvoorraad").get_data(as_text=True)


@pytest.fixture
def waiting(session, desk, make):
    """``waiting(cases, guides)``: a change with so much that waits; half of the cases were closed without a way out."""

    def build(cases, guides=0):
        law = make.law()
        provision = make.provision(law)
        for number in range(cases):
            is_closed = number % 2 == 1
            status = CaseStatus.CLOSED if is_closed else CaseStatus.IN_HANDLING
            more = {"result": Result.NOT_SOLVABLE} if is_closed else {}
            case = make.case(status, email=f"groep-{number}@proef.example", handler_id=desk.handler.id, **more)
            make.follow_link(case)
            make.assessment(case, provision, author_id=desk.handler.id, made_at=FILED_AT)
        for _ in range(guides):
            published(desk, rule_of(law, provision))
        change = note(desk, provision)
        session.commit()
        return change

    return build


def boxes(page):
    return re.findall(r'name="gekozen" value="(\d+)"[^>]*?( checked)?>', page.get_data(as_text=True))


def test_a_link_ticks_every_box_of_the_page_and_of_no_other(waiting, session, desk, client_as, monkeypatch):
    monkeypatch.setattr(queries, "CASES_ON_PAGE", 3)
    change = waiting(5, guides=1)
    triager, path = client_as(desk.triager), f"/wetswijzigingen/{change.id}"
    plain = triager.get(path)
    assert [is_on for _, is_on in boxes(plain)] == [""] * 4
    assert f'href="{path}?kies=alles"' in plain.get_data(as_text=True)
    page = triager.get(f"{path}?kies=alles")
    assert [is_on for _, is_on in boxes(page)] == [" checked"] * 4
    ids = [number for number, _ in boxes(page)]
    sent = triager.post(f"{path}?kies=alles", data=fill(page, "meaning", besluit="raakt-niet", gekozen=ids))
    assert sent.status_code == 303
    session.expire_all()
    assert [touch.status.value for touch in touched(session, change)].count("niet_geraakt") == 4
    assert "kies=alles" not in client_as(desk.reviewer).get(path).get_data(as_text=True)
    beyond = triager.get(f"{path}?na={touched(session, change)[-1].id}").get_data(as_text=True)
    assert "Hier houdt de lijst op" in beyond and "Alles is beoordeeld" not in beyond


def test_everything_that_waits_is_counted_first_and_then_decided_once(waiting, session, desk, client_as):
    change = waiting(4, guides=2)
    triager, path = client_as(desk.triager), f"/wetswijzigingen/{change.id}"
    assert "Besluit over alle 6 die nog wachten" in parse_page(triager.get(path)).text
    page = triager.get(f"{path}/alles")
    text = " ".join(page.get_data(as_text=True).split())
    assert "De wijziging raakt alle 6" in text and "4, waarvan 2 afgesloten" in text
    without = triager.post(f"{path}/alles", data=fill(page, "meaning", besluit="raakt"))
    assert without.status_code == 422
    assert "Schrijf op wat de wijziging betekent." in without.get_data(as_text=True)
    undecided = triager.post(f"{path}/alles", data=fill(without, "meaning", meaning="Het kan nu.", besluit=""))
    assert undecided.status_code == 422 and "Het kan nu." in undecided.get_data(as_text=True)
    answer = fill(undecided, "meaning", besluit="raakt", heropenen="ja")
    for _twice in range(2):
        assert triager.post(f"{path}/alles", data=answer).status_code == 303
    again = triager.post(f"{path}/alles", data={**answer, "submission_key": "0" * 32})
    assert again.status_code == 422 and law_changes.DECIDED_ALREADY in again.get_data(as_text=True)
    session.expire_all()
    touches = touched(session, change)
    assert {touch.status for touch in touches} == {TouchStatus.CONFIRMED}
    for touch in touches[:4]:
        case = session.get_one(Case, touch.case_id)
        assert case.status is CaseStatus.IN_HANDLING
        assert len(mails(session, case, MailKind.RULE_CHANGED)) == 1
    assert {session.get_one(Guide, touch.guide_id).status for touch in touches[4:]} == {GuideStatus.RECHECK}
    assert "Alles is beoordeeld" in triager.get(path).get_data(as_text=True)
    assert triager.get(f"{path}?stand=alles").get_data(as_text=True).count("Geraakt") == 6
    assert "Er wacht niets meer" in triager.get(f"{path}/alles").get_data(as_text=True)


def test_what_is_more_than_one_act_takes_goes_in_batches_that_a_second_click_does_not_widen(
    waiting, session, desk, client_as, monkeypatch
):
    monkeypatch.setattr(law_changes, "MOST_AT_ONCE", 3)
    change = waiting(5)
    triager, path = client_as(desk.triager), f"/wetswijzigingen/{change.id}/alles"
    page = triager.get(path)
    assert "de eerste 3 van 5" in page.get_data(as_text=True)
    answer = fill(page, "meaning", besluit="raakt-niet")
    assert triager.post(path, data=answer).status_code == 303
    assert triager.post(path, data={**answer, "submission_key": "0" * 32}).status_code == 422
    assert triager.post(path, data={**answer, "submission_key": "1" * 32, "last_id": "nergens"}).status_code == 422
    session.expire_all()
    statuses = [touch.status for touch in touched(session, change)]
    assert statuses == [TouchStatus.REFUSED] * 3 + [TouchStatus.OPEN] * 2
    context = desk.context(desk.triager)
    assert law_changes.refuse_waiting(context, change.id, touched(session, change)[-1].id) == 2
    with pytest.raises(PermissionDenied):
        law_changes.confirm_waiting(desk.context(desk.reviewer), change.id, 10**9, meaning="Ja.", reopen=False)
