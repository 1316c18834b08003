"""Views, priorities, teams, load, and no case without an owner."""

from contextlib import contextmanager, nullcontext
from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from knelpunt.cli import cli
from knelpunt.commands import environment
from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.errors import DomainError, NotFound, PermissionDenied
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import SYSTEM
from knelpunt.domain.texts import date_in_words
from knelpunt.domain.vocabulary import AssessmentRole, CaseStatus, EventKind, Priority, Role
from knelpunt.models import Account, Event, LeaveCover, Notification, OutboxMail, SavedView, StartView
from knelpunt.queries.worklist.load import Load, loads, ownerless
from knelpunt.services.accounts import leave
from knelpunt.services.bottlenecks import track
from knelpunt.services.collaboration import tasks
from knelpunt.services.core.small_tables import touch
from knelpunt.services.worklist import groups, leaving, marks, views
from tests.support.forms import fill
from tests.support.page import parse_page

IN_HANDLING = CaseStatus.IN_HANDLING


@contextmanager
def app_context(app):
    with app.app_context():
        yield app


def titles(client, address):
    table = parse_page(client.get(address)).one("table")
    return [link.name for link in table.all("link") if link.href.startswith("/zaken/") and "Zaak" in link.name]


# --- what comes first


def test_a_list_begins_with_what_is_late_and_on_one_day_with_what_has_priority(make, client_as):
    days = {"morgen": 1, "laat": -3, "later": 20}
    for words, after in days.items():
        make.case(IN_HANDLING, title=f"Zaak {words}", due_on=make.today + timedelta(days=after), due_clock=Clock.K4)
    make.case(IN_HANDLING, title="Zaak hoog", due_on=make.today + timedelta(days=20), due_clock=Clock.K4,
              priority=Priority.HIGH, priority_reason="De bouw begint.")  # fmt: skip
    client = client_as(make.triager())
    assert titles(client, "/werkvoorraad?lijst=open") == ["Zaak laat", "Zaak morgen", "Zaak hoog", "Zaak later"]
    assert titles(client, "/werkvoorraad?lijst=open&prioriteit=hoog") == ["Zaak hoog"]


def test_a_priority_needs_a_reason_and_is_told_in_an_event(session, make, desk):
    case, context = make.case(IN_HANDLING), desk.context(desk.handler)
    with pytest.raises(DomainError, match="waarom"):
        marks.set_priority(context, case.reference, case.version, Priority.HIGH, "  ")
    marks.set_priority(context, case.reference, case.version, Priority.HIGH, "Subsidie loopt af.")
    event = session.scalars(select(Event).where(Event.case_id == case.id)).one()
    assert event.kind == EventKind.PRIORITY_SET and "Subsidie" not in str(event.data)


def test_priority_and_labels_are_seen_and_changed_on_the_page_of_the_case(session, make, desk, client_as, post):
    head, case = make.head_of_desk(), make.case(IN_HANDLING)
    first, second = (groups.make_label(desk.context(head), name) for name in ("Woningbouw", "Haast"))
    for label in (first, second):
        marks.add_label(desk.context(desk.handler), case.reference, case.version, label.id)
    groups.end_label(desk.context(head), second.id)
    third = groups.make_label(desk.context(head), "Pilot")
    assert post(desk.handler, case, "prioriteit", priority="hoog", body="").status_code == 422
    assert post(desk.handler, case, "prioriteit", priority="hoog", body="De subsidie loopt af.").status_code == 303
    assert post(desk.handler, case, "labels", label_ids=[second.id, 10**9]).status_code == 422
    assert post(desk.handler, case, "labels", label_ids=[second.id, third.id], version="1").status_code == 409
    assert post(desk.handler, case, "labels", label_ids=[second.id, third.id]).status_code == 303
    page = parse_page(client_as(desk.handler).get(f"/zaken/{case.reference}"))
    assert "Hoge prioriteit: De subsidie loopt af." in page.text
    assert page.one("list", "Labels").names("link") == ["Haast", "Pilot"]
    page = parse_page(client_as(make.account(Role.AUDITOR)).get(f"/zaken/{case.reference}"))
    assert "Kies de labels" not in page.names("link")
    assert post(desk.handler, case, "labels", label_ids=[third.id]).status_code == 303
    assert post(desk.handler, case, "labels", label_ids=[second.id]).status_code == 422


def test_tabs_show_how_many_there_are_under_the_same_filters(make, client_as):
    me = make.triager()
    make.case(IN_HANDLING, handler_id=me.id)
    make.case(CaseStatus.SUBMITTED)
    make.case(CaseStatus.CLOSED)
    page = parse_page(client_as(me).get("/werkvoorraad?lijst=open"))
    tabs = page.one("navigation", "Werklijsten").names("link")
    assert {"Mijn zaken 1", "Niet toegewezen 1", "Open zaken 2", "Alle zaken 3"} <= set(tabs)
    page = parse_page(client_as(me).get("/werkvoorraad?lijst=open&staat=ingediend"))
    assert {"Mijn zaken 0", "Open zaken 1"} <= set(page.one("navigation", "Werklijsten").names("link"))


def test_who_has_no_own_cases_lands_on_those_that_nobody_has(make, client_as):
    me = make.handler()
    make.case(CaseStatus.SUBMITTED, title="Nog van niemand")
    page = parse_page(client_as(me).get("/werkvoorraad"))
    assert page.one("heading", "Niet toegewezen") and "U hebt nu geen eigen zaken" in page.text
    assert parse_page(client_as(me).get("/werkvoorraad?lijst=mijn")).one("heading", "Mijn zaken")


# --- views


def test_a_view_is_kept_with_its_filters_and_order_and_one_begins_on_it(make, client_as):
    me = make.handler()
    client = client_as(me)
    address = "/werkvoorraad/weergaven/nieuw?lijst=open&staat=in_behandeling&sorteer=nummer&richting=op"
    page = client.get(address)
    assert "Open zaken, Staat: In behandeling" in parse_page(page).text
    saved = client.post(address, data=fill(page, "name", name="Lopend", is_start="y"))
    assert saved.status_code == 303
    start = client.get("/welkom").location
    assert start == saved.location and "staat=in_behandeling" in start and "sorteer=nummer" in start
    assert "Weergave ‘Lopend’" in parse_page(client.get(start)).text
    listed = parse_page(client.get("/werkvoorraad/weergaven")).text
    assert "Lopend" in listed and "Uw begin" in listed
    page = client.get("/werkvoorraad/weergaven")
    client.post("/werkvoorraad/weergaven", data={**fill(page, "submission_key"), "weergave": ""})
    assert client.get("/welkom").location == "/vandaag"


def test_a_view_needs_a_name_of_its_own(make, client_as):
    client = client_as(make.handler())
    address = "/werkvoorraad/weergaven/nieuw?lijst=open"
    assert client.post(address, data=fill(client.get(address), "name", name=" ")).status_code == 422
    client.post(address, data=fill(client.get(address), "name", name="Mijn lijst"))
    again = client.post(address, data=fill(client.get(address), "name", name="mijn LIJST"))
    assert again.status_code == 422 and "al een weergave met deze naam" in parse_page(again).text


def test_a_view_of_which_a_filter_is_gone_still_opens_and_says_so(session, make, client_as):
    me, other = make.handler(), make.handler()
    view = make.add(SavedView(owner_id=me.id, name="Van een collega", query=f"lijst=open&behandelaar={other.id}",
                              created_at=make.now))  # fmt: skip
    other.is_active = False
    session.flush()
    touch(session)
    client = client_as(me)
    listed = parse_page(client.get("/werkvoorraad/weergaven"))
    assert "Past niet meer: Behandelaar bestaat niet meer." in listed.text
    opened = parse_page(client.get(f"/werkvoorraad?{view.query}&weergave={view.id}"))
    assert "past niet meer helemaal" in opened.text and "Werk de weergave bij" in opened.text


def test_colleagues_see_what_is_shared_and_only_the_maker_and_the_head_change_it(session, make, desk, client_as):
    maker, colleague, head = make.handler(), make.handler(), make.head_of_desk()
    shared = views.save(desk.context(maker), name="Gedeeld", query="lijst=te-laat", is_shared=True)
    own = views.save(desk.context(maker), name="Alleen ik", query="lijst=open", is_shared=False)
    session.flush()
    page = parse_page(client_as(colleague).get("/werkvoorraad/weergaven")).text
    assert "Gedeeld" in page and maker.name in page and "Alleen ik" not in page
    assert client_as(colleague).get(f"/werkvoorraad/weergaven/{shared.id}").status_code == 404
    with pytest.raises(PermissionDenied):
        views.remove(desk.context(colleague), shared.id)
    with pytest.raises(NotFound):
        views.remove(desk.context(head), own.id)
    views.begin_with(desk.context(colleague), shared.id)
    asked = client_as(head).get(f"/werkvoorraad/weergaven/{shared.id}/verwijderen")
    assert "Eén persoon begint na het inloggen op deze weergave" in parse_page(asked).text
    assert views.remove(desk.context(head), shared.id) == "Gedeeld"
    session.expire_all()
    assert session.get(StartView, colleague.id) is None


def test_a_view_that_somebody_else_changed_gives_409_and_both_texts(make, desk, client_as):
    maker = make.handler()
    view = views.save(desk.context(maker), name="Eerst", query="lijst=open", is_shared=False)
    client = client_as(maker)
    page = client.get(f"/werkvoorraad/weergaven/{view.id}")
    views.change(desk.context(maker), view.id, view.version, name="Daarna", is_shared=False)
    answer = client.post(f"/werkvoorraad/weergaven/{view.id}", data=fill(page, "name", name="Wat ik typte"))
    assert answer.status_code == 409
    assert parse_page(answer).one("textbox", "Naam").value == "Wat ik typte" and "Daarna" in parse_page(answer).text


# --- labels and teams


def test_the_head_makes_labels_that_others_choose_and_filter_by(session, make, desk, client_as):
    head = make.head_of_desk()
    client = client_as(head)
    page = client.get("/bureau/labels")
    assert client.post("/bureau/labels", data=fill(page, "name", name="Raad")).status_code == 303
    again = client.post("/bureau/labels", data=fill(client.get("/bureau/labels"), "name", name="raad"))
    assert again.status_code == 422
    label_id = next(iter(parse_page(client.get("/bureau/labels")).all("link", "Raad"))).href.rsplit("=")[-1]
    case = make.case(IN_HANDLING, title="Zaak met label")
    make.case(IN_HANDLING, title="Zaak zonder")
    marks.add_label(desk.context(desk.handler), case.reference, case.version, int(label_id))
    reader = client_as(desk.handler)
    assert titles(reader, f"/werkvoorraad?lijst=open&label={label_id}") == ["Zaak met label"]
    assert "Raad" in reader.get("/werkvoorraad.csv?lijst=open").get_data(as_text=True)
    assert reader.get("/bureau/labels").status_code == 404


def test_no_submitter_ever_sees_a_label(make, desk, client_as):
    label = groups.make_label(desk.context(make.head_of_desk()), "Intern woord")
    organisation = make.organisation()
    case = make.case(IN_HANDLING, organisation_id=organisation.id)
    marks.add_label(desk.context(desk.handler), case.reference, case.version, label.id)
    client = client_as(make.filer(organisation))
    for address in ("/onze-zaken", f"/onze-zaken/{case.reference}", "/onze-zaken.csv"):
        assert "Intern woord" not in client.get(address).get_data(as_text=True)


def test_a_team_has_a_list_of_the_cases_of_its_members(make, desk, client_as):
    head = make.head_of_desk()
    team = groups.make_team(desk.context(head), "Wonen")
    mate, stranger = make.handler(), make.handler()
    for colleague in (desk.handler, mate):
        groups.put_in_team(desk.context(head), colleague.id, team.id)
    make.case(IN_HANDLING, handler_id=mate.id, title="Zaak van mijn team")
    make.case(IN_HANDLING, handler_id=stranger.id, title="Zaak van een ander")
    client = client_as(desk.handler)
    assert titles(client, "/werkvoorraad?lijst=team") == ["Zaak van mijn team"]
    assert titles(client, f"/werkvoorraad?lijst=open&team={team.id}") == ["Zaak van mijn team"]
    assert "Mijn team" not in client_as(stranger).get("/werkvoorraad").get_data(as_text=True)
    page = client_as(head).get("/bureau/teams")
    answer = client_as(head).post(
        "/bureau/teams/indeling", data=fill(page, "indeling", **{f"team-{stranger.id}": team.id, f"team-{mate.id}": ""})
    )
    assert answer.status_code == 303
    assert titles(client, "/werkvoorraad?lijst=team") == ["Zaak van een ander"]


# --- load, and no case without an owner


def test_load_counts_what_is_open_late_and_due_within_a_week(session, make, desk, client_as):
    me = make.handler()
    for after in (-1, 0, 6, 7):
        make.case(IN_HANDLING, handler_id=me.id, due_on=make.today + timedelta(days=after), due_clock=Clock.K4)
    make.case(CaseStatus.CLOSED, handler_id=me.id)
    assert loads(session, make.today)[me.id] == Load(open=4, late=1, due_this_week=2, high=0)
    case = make.case(IN_HANDLING)
    page = client_as(make.triager()).get(f"/zaken/{case.reference}/toewijzen").get_data(as_text=True)
    assert f"{me.name} (4 open, 1 te laat)" in page
    row = next(
        each
        for each in parse_page(client_as(make.head_of_desk()).get("/bureau/werklast")).one("table").records()
        if each["Behandelaar"] == me.name
    )
    assert row["Open"].startswith("4") and row["Te laat"].startswith("1") and row["Binnen zeven dagen"] == "2"


def test_cases_beyond_triage_without_anybody_are_counted_and_listed(session, make, client_as):
    gone = make.handler(is_active=False)
    without = make.case(IN_HANDLING, title="Zaak zonder iemand")
    left = make.case(CaseStatus.IN_TRIAGE, handler_id=gone.id, title="Zaak van wie weg is")
    make.case(CaseStatus.SUBMITTED, title="Zaak die net binnen is")
    make.case(IN_HANDLING, handler_id=make.handler().id)
    make.case(CaseStatus.CLOSED)
    touch(session)
    assert ownerless(session) == 2
    client = client_as(make.head_of_desk())
    assert set(titles(client, "/werkvoorraad?lijst=zonder-eigenaar")) == {without.title, left.title}
    page = parse_page(client.get("/vandaag"))
    assert "2 open zaken hebben niemand die ze kan behandelen" in page.text
    assert page.leads_to("/werkvoorraad?lijst=zonder-eigenaar")


def test_closing_an_account_asks_to_whom_the_open_cases_go(session, make, client_as):
    leaver, heir = make.handler(), make.handler()
    mine, done = make.case(IN_HANDLING, handler_id=leaver.id), make.case(CaseStatus.CLOSED, handler_id=leaver.id)
    again = make.case(CaseStatus.RECONSIDERATION, handler_id=leaver.id, first_handler_id=heir.id)
    client = client_as(make.administrator())
    address = f"/beheer/accounts/{leaver.id}/uitzetten"
    page = client.get(address)
    assert "behandelt 2 open zaken" in parse_page(page).text
    refused = client.post(address, data=fill(page, "handler_id"))
    assert refused.status_code == 422 and session.get(Account, leaver.id).is_active
    answer = client.post(address, data=fill(page, "handler_id", handler_id=heir.id))
    assert answer.status_code == 302
    session.expire_all()
    assert not session.get(Account, leaver.id).is_active
    assert (mine.handler_id, done.handler_id, again.handler_id) == (heir.id, leaver.id, None)
    assert session.scalars(select(Event.kind).where(Event.case_id == mine.id)).all() == [EventKind.HANDLER_ASSIGNED]


def test_no_other_way_leaves_the_cases_of_a_leaver(session, make, desk):
    leaver = make.handler()
    make.case(IN_HANDLING, handler_id=leaver.id)
    with pytest.raises(DomainError, match="Kies aan wie"):
        leaving.close_account(desk.as_(SYSTEM), leaver.id, leaver.version, None)
    with pytest.raises(DomainError):
        leaving.close_account(desk.as_(SYSTEM), leaver.id, leaver.version, make.account(Role.AUDITOR).id)


def test_an_owner_of_a_rule_a_stand_in_and_the_only_head_hand_on_first(session, make, desk, client_as):
    head, away, cover = make.head_of_desk(), make.handler(), make.handler()
    later, later_cover = make.handler(), make.handler()
    owner = make.account(Role.BOTTLENECK_OWNER, desk.ministry)
    rule = track.signal(
        desk.context(desk.triager),
        title="De regel voor tijdelijke woningen",
        problem="De termijn is te kort.",
        provisions=[(make.provision(desk.law).id, AssessmentRole.BLOCKS)],
        body="Drie gemeenten lopen hier tegenaan.",
    )
    news = track.News("Het ministerie zoekt uit wat er kan.")
    given = {"ministry_id": desk.ministry.id, "owner_id": owner.id}
    track.analyse(desk.context(head), rule.reference, rule.version, **given, news=news)
    leave.register(
        desk.context(away), account_id=away.id, covered_by_id=cover.id, first_day=desk.today, last_day=desk.today
    )
    tomorrow = desk.today + timedelta(days=1)
    leave.register(
        desk.context(later), account_id=later.id, covered_by_id=later_cover.id, first_day=tomorrow, last_day=tomorrow
    )
    session.flush()
    first = {
        head: "enige hoofd van het loket",
        owner: f"eigenaar van regelknelpunt {rule.reference}. Laat",
        cover: f"neemt waar voor {away.name}, tot en met .* intrekken, en opnieuw vastleggen",
        later_cover: f"gaat waarnemen voor {later.name}, van {date_in_words(tomorrow)} tot en met",
    }
    for account, why in first.items():
        with pytest.raises(DomainError, match=why):
            leaving.close_account(desk.as_(SYSTEM), account.id, account.version, None)
        with pytest.raises(DomainError, match=why) as refused:
            leaving.change_role(desk.as_(SYSTEM), account.id, account.version, Role.AUDITOR, None)
        assert refused.value.field == "role"
        assert account.is_active
    page = parse_page(client_as(make.administrator()).get(f"/beheer/accounts/{owner.id}/uitzetten"))
    assert f"eigenaar van regelknelpunt {rule.reference}" in page.text
    names = [each.name for each in page.all("button")]
    assert "Zet uit" not in names and "Blokkeer het inloggen" in names
    rule.owner_id = make.account(Role.BOTTLENECK_OWNER, desk.ministry).id
    make.head_of_desk()
    desk.later(2)
    session.flush()
    for account in first:
        leaving.close_account(desk.as_(SYSTEM), account.id, account.version, None)
        assert not account.is_active


def test_an_account_is_blocked_at_once_and_its_work_is_handed_over_after_that(session, make, client_as):
    head, leaver, heir = make.head_of_desk(), make.handler(), make.handler()
    case, again = (
        make.case(IN_HANDLING, handler_id=leaver.id),
        make.case(CaseStatus.RECONSIDERATION, handler_id=leaver.id),
    )
    away = make.handler()
    make.add(
        LeaveCover(account_id=away.id, covered_by_id=leaver.id, first_day=make.today, last_day=make.today,
                   registered_by_id=away.id, registered_at=make.now)
    )  # fmt: skip
    thief, admin = client_as(leaver), client_as(make.administrator())
    assert thief.get("/vandaag").status_code == 200
    one = f"/beheer/accounts/{leaver.id}"
    assert "Nog over te dragen" not in parse_page(admin.get(one)).text
    page = admin.get(f"{one}/uitzetten")
    assert [each.name for each in parse_page(page).all("button")].count("Blokkeer het inloggen") == 1

    assert admin.post(f"{one}/uitzetten", data=fill(page, "version", blokkeer="ja")).location == one

    assert thief.get("/vandaag").status_code == 302
    session.expire_all()
    assert not session.get(Account, leaver.id).is_active
    assert (case.handler_id, again.handler_id) == (leaver.id, leaver.id), "nothing is lost where it was a mistake"
    told = session.scalars(select(OutboxMail).where(OutboxMail.kind == MailKind.WORK_LEFT)).all()
    assert [mail.account_id for mail in told] == [head.id]
    words = " ".join(told[0].body.split())
    assert "2 open zaken" in words and f"neemt niet meer waar voor {away.name}" in words
    assert "Nog over te dragen" in parse_page(admin.get(one)).text
    assert parse_page(admin.get("/beheer/accounts")).leads_to(one)
    page = admin.get(f"{one}/overdragen")
    assert admin.post(f"{one}/overdragen", data=fill(page, "handler_id", handler_id="")).status_code == 422
    assert admin.post(f"{one}/overdragen", data=fill(page, "handler_id", handler_id=heir.id)).location == one
    session.expire_all()
    assert (case.handler_id, again.handler_id) == (heir.id, None)
    assert "Nog over te dragen" not in parse_page(admin.get(one)).text
    assert admin.get(f"{one}/overdragen").location == one


def test_who_is_blocked_without_cases_leaves_the_tasks_to_who_handles_the_case(session, make, desk):
    make.head_of_desk()
    leaver, other = make.handler(), make.handler()
    case = make.case(IN_HANDLING, handler_id=other.id)
    task = tasks.add(desk.context(leaver), case.reference, words="Bel.", given_to=tasks.For(leaver.id), due_on=None)
    leaving.block(desk.as_(SYSTEM), leaver.id, leaver.version)
    assert task.assignee_id == other.id
    assert session.scalars(select(Notification.account_id)).all() == [other.id]


def test_the_only_head_is_blocked_and_the_only_administrator_is_not(session, make, client_as):
    admin, head = make.administrator(), make.head_of_desk()
    client = client_as(admin)
    for account, status in ((head, 302), (admin, 422)):
        address = f"/beheer/accounts/{account.id}/uitzetten"
        page = client.get(address)
        assert client.post(address, data=fill(page, "version", blokkeer="ja")).status_code == status
        session.refresh(account)
        assert account.is_active is (account is admin)
    told = session.scalars(select(OutboxMail).where(OutboxMail.kind == MailKind.WORK_LEFT)).all()
    assert [mail.account_id for mail in told] == [admin.id]
    assert "geen hoofd van het loket meer" in " ".join(told[0].body.split())
    assert "geen hoofd van het loket meer" in parse_page(client.get(f"/beheer/accounts/{head.id}")).text


def test_the_tasks_of_a_leaver_go_along_and_who_gets_work_hears_so(session, make, desk):
    leaver, heir, other = make.handler(), make.handler(), make.handler()
    own, elsewhere = make.case(IN_HANDLING, handler_id=leaver.id), make.case(IN_HANDLING, handler_id=other.id)
    given = [
        tasks.add(desk.context(leaver), case.reference, words="Bel.", given_to=tasks.For(leaver.id), due_on=None)
        for case in (own, elsewhere)
    ]
    leaving.change_role(desk.as_(SYSTEM), leaver.id, leaver.version, Role.REVIEWER, heir.id)
    assert [task.assignee_id for task in given] == [leaver.id, leaver.id]
    leaving.close_account(desk.as_(SYSTEM), leaver.id, leaver.version, heir.id)
    assert [task.assignee_id for task in given] == [heir.id, other.id]
    told = session.execute(select(Notification.account_id, Notification.kind).order_by(Notification.id)).all()
    assert [tuple(row) for row in told] == [
        (heir.id, "zaak_toegewezen"), (heir.id, "taak_gekregen"), (other.id, "taak_gekregen"),
    ]  # fmt: skip


def test_another_role_without_cases_asks_to_whom_the_open_ones_go(session, make, client_as):
    leaver, heir = make.handler(), make.handler()
    mine = make.case(IN_HANDLING, handler_id=leaver.id)
    client = client_as(make.administrator())
    address = f"/beheer/accounts/{leaver.id}/rol"
    page = client.get(address)
    assert "behandelt 1 open zaak" in parse_page(page).text
    assert client.post(address, data=fill(page, "role", role="auditor")).status_code == 422
    assert client.post(address, data=fill(page, "role", role=Role.TRIAGER.value, handler_id="")).status_code == 302
    session.expire_all()
    assert mine.handler_id == leaver.id
    page = client.get(address)
    assert client.post(address, data=fill(page, "role", role="auditor", handler_id=heir.id)).status_code == 302
    session.expire_all()
    assert (session.get(Account, leaver.id).role, mine.handler_id) == (Role.AUDITOR, heir.id)


def test_the_commands_ask_for_a_successor_too(session, make, app, monkeypatch):
    monkeypatch.setattr(environment, "database", nullcontext)
    monkeypatch.setattr(environment, "application", lambda _ready: app_context(app))
    leaver, mover, heir = make.handler(), make.handler(), make.handler()
    closed, moved = make.case(IN_HANDLING, handler_id=leaver.id), make.case(IN_HANDLING, handler_id=mover.id)
    session.commit()

    def run(*words):
        return CliRunner().invoke(cli, words)

    for words in (["close-account", "--email", leaver.email],
                  ["change-role", "--email", mover.email, "--role", "auditor"]):  # fmt: skip
        refused = run(*words)
        assert refused.exit_code == 1 and "Kies aan wie zij gaan" in refused.output
        assert run(*words, "--successor", "niemand@proef.example").exit_code == 1
        assert run(*words, "--successor", heir.email).exit_code == 0
    session.expire_all()
    assert (closed.handler_id, moved.handler_id) == (heir.id, heir.id)
    assert (session.get(Account, leaver.id).is_active, session.get(Account, mover.id).role) == (False, Role.AUDITOR)
