"""Tasks on a case: who gets one hears it, who stands in gets it, and the submitter never reads of it."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from knelpunt.domain.errors import DomainError, PermissionDenied, VersionConflict
from knelpunt.domain.vocabulary import CaseStatus, EventKind, Role, Theme
from knelpunt.models import Event, LeaveCover, Task
from knelpunt.services.collaboration import checklists, notifications, tasks
from knelpunt.services.collaboration.tasks import For
from knelpunt.services.core import small_tables
from knelpunt.services.submitters import reactions as submitter
from knelpunt.services.worklist import groups
from tests.support.page import parse_page


@pytest.fixture
def add(desk, case):
    def make_task(by, to, **columns):
        values = {"words": "Bel de gemeente.", "due_on": desk.today, **columns}
        return tasks.add(desk.context(by), case.reference, given_to=to if isinstance(to, For) else For(to.id), **values)

    return make_task


def go_away(make, away, cover, days=2):
    make.add(
        LeaveCover(
            account_id=away.id, covered_by_id=cover.id, first_day=make.today, last_day=make.today + timedelta(days),
            registered_by_id=away.id, registered_at=make.now,
        )
    )  # fmt: skip
    small_tables.touch(make.session)


def test_a_task_is_told_to_who_gets_it_and_not_to_who_gave_it_to_themselves(desk, add, told, mails_to):
    add(desk.triager, desk.handler)
    add(desk.handler, desk.handler)
    assert told(desk.handler) == mails_to(desk.handler) == ["taak_gekregen"]


def test_who_stands_in_gets_the_task_and_its_due_day(desk, add, make, told, session):
    cover = make.handler()
    go_away(make, desk.handler, cover)
    task = add(desk.triager, desk.handler)
    notifications.tell_due(desk.system, task.id)
    notifications.tell_due(desk.system, task.id)
    assert told(cover) == ["taak_gekregen", "taak_moet_klaar"]
    assert told(desk.handler) == []


def test_a_task_of_a_team_is_told_to_its_members_and_stands_on_their_day(desk, add, make, told, client_as, case, post):
    head, other, outsider = make.head_of_desk(), make.handler(), make.handler()
    team = groups.make_team(desk.context(head), "Wonen")
    with pytest.raises(DomainError, match="waar iemand in zit"):
        add(desk.triager, For(team_id=team.id))
    for account in (desk.handler, other):
        groups.put_in_team(desk.context(head), account.id, team.id)
    task = add(desk.handler, For(team_id=team.id), words="Bel de provincie.")
    go_away(make, other, outsider)
    notifications.tell_due(desk.system, task.id)
    notifications.tell_due(desk.system, task.id)
    assert (told(other), told(desk.handler), told(outsider)) == (
        ["taak_gekregen", "taak_moet_klaar"], ["taak_moet_klaar"], [],
    )  # fmt: skip
    assert "Bel de provincie." in parse_page(client_as(desk.handler).get("/vandaag")).text
    assert "Bel de provincie." not in parse_page(client_as(make.handler()).get("/vandaag")).text
    assert "Team Wonen" in parse_page(client_as(desk.triager).get(f"/zaken/{case.reference}")).text
    client = client_as(head)
    client.post(f"/bureau/teams/{team.id}/verwijderen")
    assert "Er staat nog een taak open voor dit team." in parse_page(client.get("/bureau/teams")).text
    tasks.set_done(desk.context(other), case.reference, task.id, is_done=True)
    groups.remove_team(desk.context(head), team.id)
    make.session.refresh(task)
    assert (task.assignee_id, task.team_id) == (other.id, None)


def test_a_task_is_for_one_colleague_or_one_team_and_never_both(desk, make, post, case, session):
    head = make.head_of_desk()
    fields = {"words": "Bel de provincie.", "due_on": ""}
    assert post(desk.triager, case, "taken/nieuw", **fields, assignee_id="").status_code == 422
    team = groups.make_team(desk.context(head), "Wonen")
    groups.put_in_team(desk.context(head), desk.handler.id, team.id)
    session.flush()
    for wrong in ({"assignee_id": desk.handler.id, "team_id": team.id}, {"assignee_id": "", "team_id": ""}):
        assert post(desk.triager, case, "taken/nieuw", **fields, **wrong).status_code == 422
    assert post(desk.triager, case, "taken/nieuw", **fields, assignee_id="", team_id=team.id).status_code == 303
    (task,) = session.scalars(select(Task).where(Task.case_id == case.id))
    assert (task.assignee_id, task.team_id) == (None, team.id)
    form = {**fields, "assignee_id": desk.handler.id, "team_id": "", "version": str(task.version)}
    assert post(desk.triager, case, f"taken/{task.id}", **form).status_code == 303
    assert (task.assignee_id, task.team_id) == (desk.handler.id, None)


def test_a_task_is_done_once_and_can_come_back(desk, add, case, session):
    task = add(desk.handler, desk.handler)
    for _ in range(2):
        tasks.set_done(desk.context(desk.reviewer), case.reference, task.id, is_done=True)
    assert task.done_by_id == desk.reviewer.id
    tasks.set_done(desk.context(desk.handler), case.reference, task.id, is_done=False)
    assert task.done_at is None
    kinds = list(session.scalars(select(Event.kind).where(Event.case_id == case.id).order_by(Event.number)))
    assert kinds == [EventKind.TASK_ADDED, EventKind.TASK_DONE, EventKind.TASK_REOPENED]


def test_a_task_and_a_checklist_change_by_their_buttons_and_by_nothing_else(desk, add, case, make, session, client_as):
    task, head = add(desk.handler, desk.handler), make.head_of_desk()
    row = checklists.save(
        desk.context(head), None, None, name="Voor het oordeel", step=None, theme=None, lines="Bel.", working_days=None
    )
    at = f"/zaken/{case.reference}"
    for who, page, path, read in (
        (desk.handler, at, f"{at}/taken/{task.id}/klaar", lambda: task.done_at),
        (head, "/checklists", f"/checklists/{row.id}/gebruik", lambda: row.ended_on),
    ):
        client = client_as(who)
        for odd in ({}, {"stand": ""}, {"stand": "bijna"}):
            assert client.post(path, data=odd).status_code == 422
            assert read() is None
        for is_over in (True, False):
            (stand,) = re.findall(rf'action="{path}">.*?name="stand" value="(\w+)"', client.get(page).text, re.DOTALL)
            assert client.post(path, data={"stand": stand}).status_code == 303
            session.expire_all()
            assert (read() is not None) is is_over


def test_two_who_change_a_task_do_not_overwrite_each_other(desk, add, case):
    task = add(desk.handler, desk.handler)
    version = task.version
    values = {"given_to": For(desk.handler.id), "due_on": task.due_on}
    tasks.change(desk.context(desk.handler), case.reference, task.id, version, words="Een", **values)
    with pytest.raises(VersionConflict):
        tasks.change(desk.context(desk.triager), case.reference, task.id, version, words="Twee", **values)
    assert task.words == "Een"


def test_a_task_does_not_stand_in_the_way_of_a_form_about_the_case(desk, add, case):
    before = case.version
    add(desk.handler, desk.handler)
    assert case.version == before


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.REPORT_AUTHOR])
def test_readers_set_out_no_tasks(desk, add, make, role):
    with pytest.raises(PermissionDenied):
        add(make.account(role), desk.handler)


def test_a_task_goes_only_to_who_works_on_cases_and_to_no_day_gone_by(desk, add, make):
    for to, columns in ((make.account(Role.AUDITOR), {}), (desk.handler, {"due_on": desk.today - timedelta(1)})):
        with pytest.raises(DomainError):
            add(desk.triager, to, **columns)


def test_closing_with_open_tasks_asks_first(desk, make, post, client_as, session):
    case = desk.bring("voorstel")
    submitter.accept_proposal(desk.follower(case), case.reference)
    desk.write_public_text(case)
    tasks.add(
        desk.context(desk.handler), case.reference, words="Vraag de tekening op.", given_to=For(desk.handler.id),
        due_on=None,
    )  # fmt: skip
    page = parse_page(client_as(desk.handler).get(f"/zaken/{case.reference}/afsluiten"))
    assert "Vraag de tekening op." in page.text
    answers = {"result": "met_ontheffing_of_afwijking", "reason": "Het kan.", "next_step": "Vraag aan."}
    assert post(desk.handler, case, "afsluiten", **answers).status_code == 422
    assert post(desk.handler, case, "afsluiten", **answers, leaves_tasks="y").status_code == 303


def test_a_checklist_becomes_tasks_once(desk, case, make, session):
    head = make.head_of_desk()
    row = checklists.save(
        desk.context(head), None, None, name="Voor het sluiten", step=EventKind.CLOSED, theme=None,
        lines="- Bel de gemeente.\n\nLees de tekst na.", working_days=1,
    )  # fmt: skip
    assert tasks.add_checklist(desk.context(desk.handler), case.reference, row.id, For(desk.handler.id)) == 2
    with pytest.raises(DomainError, match="staan al open"):
        tasks.add_checklist(desk.context(desk.handler), case.reference, row.id, For(desk.handler.id))
    found = session.scalars(select(Task).where(Task.case_id == case.id).order_by(Task.id)).all()
    assert [each.words for each in found] == ["Bel de gemeente.", "Lees de tekst na."]
    assert all(each.due_on > desk.today for each in found)


def test_a_checklist_of_another_topic_is_not_offered(desk, make, client_as):
    head, case = make.head_of_desk(), make.case(CaseStatus.IN_HANDLING, theme=Theme.ENERGY)
    for theme in (Theme.ENERGY, Theme.HOUSING):
        checklists.save(
            desk.context(head), None, None, name=f"Bij {theme}", step=None, theme=theme, lines="Iets.",
            working_days=None,
        )  # fmt: skip
    text = client_as(head).get(f"/zaken/{case.reference}/taken/checklist").get_data(as_text=True)
    assert "Bij energie" in text and "Bij wonen" not in text


def test_the_step_of_a_checklist_leads_to_it(desk, make, client_as):
    head, case = make.head_of_desk(), desk.bring("in_triage")
    checklists.save(
        desk.context(head), None, None, name="Voor het oordeel", step=EventKind.HANDLING_STARTED, theme=None,
        lines="Lees de wet.", working_days=None,
    )  # fmt: skip
    page = parse_page(client_as(head).get(f"/zaken/{case.reference}/behandeling-starten"))
    assert page.one("link", "Zet ‘Voor het oordeel’ klaar").href.startswith(f"/zaken/{case.reference}/taken/checklist?")


def test_a_late_task_stands_on_the_page_of_the_day_of_who_has_it_and_who_stands_in(desk, make, client_as, case):
    cover = make.handler()
    make.add(
        Task(
            case_id=case.id, words="Bel de provincie.", assignee_id=desk.handler.id,
            due_on=desk.today - timedelta(3), made_by_id=desk.handler.id, made_at=desk.now,
        )
    )  # fmt: skip
    assert "Bel de provincie." in client_as(desk.handler).get("/vandaag").get_data(as_text=True)
    assert "Bel de provincie." not in client_as(cover).get("/vandaag").get_data(as_text=True)
    go_away(make, desk.handler, cover)
    text = client_as(cover).get("/vandaag").get_data(as_text=True)
    assert "Bel de provincie." in text and "te laat" in text and desk.handler.name in text


def test_the_submitter_never_reads_of_a_task(desk, make, client_as, client):
    organisation = make.organisation()
    filer = make.filer(organisation)
    case = make.case(
        CaseStatus.IN_HANDLING, organisation_id=organisation.id, author_id=filer.id, handler_id=desk.handler.id
    )
    context = desk.context(desk.handler)
    tasks.add(context, case.reference, words="Geheime taak", given_to=For(desk.handler.id), due_on=None)
    text = client_as(filer).get(f"/onze-zaken/{case.reference}").get_data(as_text=True)
    assert "Geheime taak" not in text and "Taak klaargezet" not in text


def test_tasks_go_when_the_case_goes():
    assert {each.ondelete for each in Task.__table__.c.case_id.foreign_keys} == {"CASCADE"}
