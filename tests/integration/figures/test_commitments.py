"""Commitments to the Kamer: from noted to fulfilled, told in time, and listed in the text by themselves."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from knelpunt.domain.calendar.timezone import quarter_of
from knelpunt.domain.errors import DomainError, PermissionDenied, TransitionNotAllowed, VersionConflict
from knelpunt.domain.quarters.commitments import CommitmentKind, CommitmentStatus, CommitmentStep
from knelpunt.domain.quarters.track import usual_days
from knelpunt.domain.vocabulary import Role
from knelpunt.models import Contact, OutboxMail
from knelpunt.queries.quarters import commitments as queries
from knelpunt.queries.quarters import planning
from knelpunt.queries.quarters.commitments import CommitmentFilter
from knelpunt.services.jobs import scheduled
from knelpunt.services.quarters import commitments, sealing
from knelpunt.services.quarters.commitments import Values
from tests.support.desk import Desk
from tests.support.forms import fill
from tests.support.page import parse_page
from tests.support.statements import counted

VALUES = Values(CommitmentKind.PROMISE, "Elk jaar een brief", "De Kamer krijgt elk jaar een brief.", "Op 1 maart 2026")


@pytest.fixture
def desk(session, make):
    """Of today: commitments are for the days that come."""
    return Desk(session, make)


@pytest.fixture
def noted(session, desk, author):
    row = commitments.add(desk.context(author), VALUES)
    session.flush()
    return row


def step(desk, author, row, step, **values):
    found = commitments.take_step(
        desk.context(author), row.id, row.version, step, **{"words": "Het gaat goed.", "due_on": None, **values}
    )
    desk.session.flush()
    return found


@pytest.mark.parametrize("field", ["title", "words", "made_when", "dossier", "paper"])
def test_nobody_round_a_case_that_it_is_about_is_named(session, desk, author, field):
    case = desk.bring("in_behandeling")
    contact = session.get_one(Contact, case.id)
    contact.name, contact.email = "Roos Wijngaard", "wijngaard@tuin.example"
    session.flush()
    named = Values(**{**vars_of(VALUES), field: "Zie Wijngaard", "cases": (case.reference,)})
    with pytest.raises(DomainError, match="Kamer") as refused:
        commitments.add(desk.context(author), named)
    assert refused.value.field == field
    row = commitments.add(desk.context(author), Values(**{**vars_of(VALUES), "cases": (case.reference,)}))
    with pytest.raises(DomainError, match="de stand"):
        step(desk, author, row, CommitmentStep.PLAN, words="Wijngaard wacht.", due_on=desk.today + timedelta(days=90))


def test_the_way_leads_from_noted_to_fulfilled_and_not_past_a_step(desk, author, noted):
    with pytest.raises(TransitionNotAllowed):
        step(desk, author, noted, CommitmentStep.FULFIL)
    with pytest.raises(DomainError) as refused:
        step(desk, author, noted, CommitmentStep.PLAN, due_on=desk.today)
    assert refused.value.field == "due_on"
    step(desk, author, noted, CommitmentStep.PLAN, due_on=desk.today + timedelta(days=90))
    step(desk, author, noted, CommitmentStep.BEGIN)
    step(desk, author, noted, CommitmentStep.REPORT)
    step(desk, author, noted, CommitmentStep.NEW_TERM, due_on=desk.today + timedelta(days=120))
    assert noted.status is CommitmentStatus.UNDER_WAY
    step(desk, author, noted, CommitmentStep.REPORT)
    step(desk, author, noted, CommitmentStep.FULFIL_PARTLY)
    with pytest.raises(TransitionNotAllowed):
        step(desk, author, noted, CommitmentStep.REPORT)
    told = [each.status for each in queries.steps_of(desk.session, noted.id)]
    assert told[0] is CommitmentStatus.PARTLY
    assert len(told) == 7


def test_the_owner_is_reminded_sixty_thirty_and_seven_days_ahead_and_once_when_it_is_over(session, desk, author, make):
    owner = make.account(Role.BOTTLENECK_OWNER, organisation=desk.ministry)
    row = commitments.add(desk.context(author), Values(**{**vars_of(VALUES), "owner_id": owner.id}))
    session.flush()
    step(desk, author, row, CommitmentStep.PLAN, due_on=desk.today + timedelta(days=70))
    counts = []
    for days in (0, 10, 30, 23, 5, 3, 10):
        desk.later(days)
        scheduled.run_due(desk.system, session.flush)
        scheduled.run_due(desk.system, session.flush)
        mails = session.scalars(select(OutboxMail).where(OutboxMail.kind == "toezegging_herinnering")).all()
        counts.append(len(mails))
        assert {mail.account_id for mail in mails} <= {owner.id}
    assert counts == [0, 1, 2, 3, 3, 4, 4]


def vars_of(values: Values) -> dict[str, object]:
    return {name: getattr(values, name) for name in Values.__dataclass_fields__}


def test_what_is_open_or_just_ended_stands_in_the_text_by_itself(session, desk, author, noted):
    quarter = quarter_of(desk.today)
    table = queries.lists_of(session, quarter)["toezeggingen"]
    assert [row[0] for row in table.rows] == ["Elk jaar een brief"]
    step(desk, author, noted, CommitmentStep.PLAN, due_on=desk.today + timedelta(days=9))
    for each in (CommitmentStep.BEGIN, CommitmentStep.REPORT, CommitmentStep.FULFIL):
        step(desk, author, noted, each)
    [row] = queries.lists_of(session, quarter)["toezeggingen"].rows
    assert row[2] == "Voldaan"
    later = quarter.next().next()
    assert queries.lists_of(session, later)["toezeggingen"].rows == ()


def test_it_names_only_what_exists_and_points_at_nobody(session, desk, author, noted):
    case = desk.file()
    session.flush()
    linked = Values(**{**vars_of(VALUES), "cases": (case.reference,)})
    commitments.change(desk.context(author), noted.id, noted.version, linked)
    assert [each.reference for each in queries.cases_of(session, noted.id)] == [case.reference]
    for name, value, field in (
        ("cases", ("KNP-1900-00001",), "cases"),
        ("words", "Vraag het aan iemand@gemeente.example.", "words"),
        ("source_url", "http://example.nl", "source_url"),
        ("owner_id", desk.handler.id, "owner_id"),
    ):
        session.flush()
        with pytest.raises(DomainError) as refused:
            commitments.change(
                desk.context(author), noted.id, noted.version, Values(**{**vars_of(VALUES), name: value})
            )
        assert refused.value.field == field
        session.expire(noted)
    with pytest.raises(VersionConflict):
        commitments.change(desk.context(author), noted.id, noted.version - 1, VALUES)
    with pytest.raises(PermissionDenied):
        commitments.add(desk.context(desk.handler), VALUES)


def test_what_was_told_before_is_looked_through_for_a_case_that_comes_under_it(session, desk, author, noted):
    case, named = desk.file(), desk.file()
    session.get_one(Contact, named.id).name = "Sietske Hoekzema"
    context = desk.context(author)
    told = "Bij Hoekzema loopt de termijn af."
    step(desk, author, noted, CommitmentStep.PLAN, words=told, due_on=desk.today + timedelta(days=90))
    with pytest.raises(DomainError, match="‘Hoekzema’") as refused:
        linked = Values(**{**vars_of(VALUES), "cases": (case.reference, named.reference)})
        commitments.change(context, noted.id, noted.version, linked)
    assert refused.value.field == "cases"
    session.expire(noted)
    commitments.change(context, noted.id, noted.version, Values(**{**vars_of(VALUES), "cases": (case.reference,)}))
    assert [each.reference for each in queries.cases_of(session, noted.id)] == [case.reference]


def test_the_letter_and_the_motion_are_noted_once(session, desk):
    assert commitments.add_first(desk.system) == 2
    session.flush()
    assert commitments.add_first(desk.system) == 0
    found = queries.list_commitments(session, CommitmentFilter(order="titel"))
    assert {row.kind for row in found} == {CommitmentKind.PROMISE, CommitmentKind.MOTION}


def test_the_list_is_narrowed_and_a_step_is_taken_on_its_page(client_as, session, desk, author, noted):
    session.commit()
    client = client_as(author)
    assert "Elk jaar een brief" in parse_page(client.get("/toezeggingen?stand=open&q=brief")).text
    assert "Er is niets gevonden" in parse_page(client.get("/toezeggingen?soort=motie&pagina=2")).text
    change, form = (client.get(f"/toezeggingen/{noted.id}/{page}") for page in ("wijzigen", "stap"))
    empty = client.post(f"/toezeggingen/{noted.id}/stap", data=fill(form, "words", words="Het komt."))
    assert empty.status_code == 422
    assert "Kies een stap." in empty.text
    day = (desk.today + timedelta(days=90)).strftime("%d-%m-%Y").split("-")
    parts = dict(zip(("due_on-dag", "due_on-maand", "due_on-jaar"), day, strict=True), step=CommitmentStep.PLAN.value)
    done = client.post(f"/toezeggingen/{noted.id}/stap", data=fill(empty, "words", words="Het komt.", **parts))
    assert done.status_code == 303
    assert "Gepland" in parse_page(client.get(f"/toezeggingen/{noted.id}")).text
    overtaken = client.post(f"/toezeggingen/{noted.id}/wijzigen", data=fill(change, "words", words="x"))
    assert overtaken.status_code == 409
    assert "Zo is het nu" in parse_page(overtaken).text


def test_the_dates_of_a_quarter_are_set_a_year_ahead(session, desk, author):
    running = quarter_of(desk.today)
    plans = planning.plans(session, running)
    assert [each.is_chosen for each in plans] == [False] * 5
    last = plans[-1].days
    moved = usual_days(last.quarter).__class__(
        last.quarter, last.check_on, last.seal_on, last.text_on, last.present_on + timedelta(days=1)
    )
    sealing.plan(desk.context(author), moved, 0, running)
    session.flush()
    assert planning.plans(session, running)[-1].days == moved
    with pytest.raises(VersionConflict):
        sealing.plan(desk.context(author), moved, 0, running)
    with pytest.raises(DomainError):
        sealing.plan(desk.context(author), usual_days(last.quarter.next()), 0, running)


def test_the_list_asks_the_database_as_much_for_many_as_for_one(client_as, session, desk, author, noted):
    session.commit()
    client = client_as(author)
    client.get("/toezeggingen")
    with counted(session.connection()) as one:
        client.get("/toezeggingen")
    for number in range(5):
        commitments.add(desk.context(author), Values(**{**vars_of(VALUES), "title": f"Nog een brief {number}"}))
    session.commit()
    with counted(session.connection()) as many:
        assert "6 toezeggingen" in parse_page(client.get("/toezeggingen")).text
    assert len(many) == len(one)


def renamed(session, desk, case):
    desk.later(1)
    session.get_one(Contact, case.id).name = "Roos Wijngaard"
    case.updated_at = desk.now
    session.flush()
    scheduled.run_due(desk.system, session.flush)


def looked(session):
    return session.scalars(select(OutboxMail).where(OutboxMail.once_key.startswith("toezegging-namen:"))).all()


@pytest.mark.parametrize("has_owner", [True, False])
def test_a_contact_who_changed_and_is_named_there_is_a_task_until_the_text_is_mended(
    session, desk, author, client_as, has_owner
):
    case = desk.bring("in_behandeling")
    about = {"words": "De tuin van Wijngaard blijft.", "cases": (case.reference,)}
    row = commitments.add(
        desk.context(author), Values(**{**vars_of(VALUES), **about, "owner_id": author.id if has_owner else None})
    )
    scheduled.run_due(desk.system, session.flush)
    assert not looked(session)
    renamed(session, desk, case)
    renamed(session, desk, case)
    (mail,) = looked(session)
    assert mail.to_address == author.email
    assert "Wijngaard" not in mail.body
    session.commit()
    page = client_as(author).get(f"/toezeggingen/{row.id}").get_data(as_text=True)
    assert "In de tekst staat een naam: ‘van Wijngaard’" in page
    mended = Values(**{**vars_of(VALUES), "cases": (case.reference,)})
    commitments.change(desk.context(author), row.id, row.version, mended)
    assert commitments.names_standing(session, row.id) == []


def test_what_was_told_of_somebody_waits_until_the_case_goes(session, desk, author):
    case = desk.bring("in_behandeling")
    with_case = Values(**{**vars_of(VALUES), "cases": (case.reference,)})
    row = commitments.add(desk.context(author), with_case)
    session.flush()
    step(desk, author, row, CommitmentStep.PLAN, words="Wijngaard wacht.", due_on=desk.today + timedelta(days=90))
    renamed(session, desk, case)
    assert len(commitments.names_standing(session, row.id)) == 1
    commitments.change(desk.context(author), row.id, row.version, with_case)
    assert len(commitments.names_standing(session, row.id)) == 1, "to change it takes nothing away"
    session.flush()
    commitments.change(desk.context(author), row.id, row.version, VALUES)
    assert commitments.names_standing(session, row.id) == []
