"""What a step changed about a case, compared with ``step_table.py``; and that a refusal changed nothing."""

from collections.abc import Callable, Mapping, Set
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from knelpunt.domain.errors import DomainError
from knelpunt.domain.vocabulary import CaseStatus, Role
from knelpunt.models import Event, OutboxMail
from knelpunt.services.bottlenecks import redaction
from knelpunt.services.quarters import commitments
from tests.support import step_table as table
from tests.support.stage import MUNICIPALITY, NOW, PLACES, Place, Stage
from tests.support.step_table import BACK, CALENDAR, FROM, HANDLER, SECOND, SOME, STEPS, TAKER, TODAY, Run, Step
from tests.support.world import rows_written

Errors = type[DomainError] | tuple[type[DomainError], ...]
ONE_DAY = timedelta(days=1)
BOOKKEEPING = {"version", "updated_at", "last_event_on", "looked_at"}
AFTER_FILING = [step for step in STEPS if step is not table.FILE]
REVIEWED = [step for step in STEPS if step.second]


def name_of(value: object) -> str | None:
    return value.name if isinstance(value, Step) else str(value) if isinstance(value, Place) else None


def places(step: Step) -> list[Place]:
    """Where a step may start."""
    return [place for place in PLACES if place.status in step.starts_in]


def ends_in(step: Step, place: Place) -> CaseStatus | str | None:
    return place.came_from if step.ends_in == BACK else step.ends_in


def passes_by(stage: Stage, step: Step) -> None:
    """Let the calendar come to a case in which it has nothing to do.

    It looks at the names round the case first, which is no step of it.
    """
    context = stage.context(CALENDAR)
    for looks in (redaction, commitments):
        for which in looks.to_look_at(context):
            looks.look_again(context, which)
    stage.session.flush()
    before = rows_written(stage.world.connection)
    stage.take(step)
    assert rows_written(stage.world.connection) == before


def refusal(stage: Stage, context: Callable[[], object], error: Errors = DomainError) -> str:
    """Why an act is refused. By then it has written nothing, and has nothing ready to be written."""
    stage.session.flush()
    before = rows_written(stage.world.connection)
    with pytest.raises(error) as refused:
        context()
    stage.session.flush()
    assert rows_written(stage.world.connection) == before, "it was refused after something had changed"
    return refused.value.message


class Changes:
    """What an act changes about a case, column by column."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.before = stage.rows()
        self.last_event = stage.session.scalar(select(Event.number).order_by(Event.number.desc()).limit(1)) or 0
        self.last_mail = stage.session.scalar(select(OutboxMail.id).order_by(OutboxMail.id.desc()).limit(1)) or 0

    def look(self, empties: Set[str] = frozenset()) -> None:
        """Read what there is now, as another would; of some tables the rows are gone."""
        self.stage.session.flush()
        self.stage.session.expire_all()
        after = self.stage.rows()
        self.added = {key: row for key, row in after.items() if key not in self.before}
        self.columns = {
            f"{table_name}.{column}": value
            for (table_name, key), row in after.items()
            for column, value in row.items()
            if (table_name, key) in self.before
        }
        self.changed = {
            f"{table_name}.{column}"
            for (table_name, key), row in after.items()
            for column, value in row.items()
            if (table_name, key) in self.before
            and value != self.before[table_name, key][column]
            and column not in BOOKKEEPING
        }
        assert {name for name, _key in self.before.keys() - after.keys()} <= empties, "a row is gone"

    @property
    def events(self) -> list[Event]:
        found = select(Event).where(Event.number > self.last_event).order_by(Event.number)
        return list(self.stage.session.scalars(found))

    @property
    def mails(self) -> list[tuple[str, str]]:
        found = select(OutboxMail.kind, OutboxMail.to_address).where(OutboxMail.id > self.last_mail)
        names = self.stage.world.mail_names
        return [(kind, names[address]) for kind, address in self.stage.session.execute(found.order_by(OutboxMail.id))]


def plain(value: Any) -> Any:
    """As it stands in a row that was read as JSON."""
    if isinstance(value, Mapping):
        return {name: plain(each) for name, each in value.items()}
    return value.isoformat() if isinstance(value, date) else value


def check_rows(changes: Changes, columns: Mapping[str, Any], rows: Mapping[str, Mapping[str, Any]]) -> None:
    """Compare the rows of the case with what should be changed and added, and nothing else."""
    wanted = {column: plain(value) for column, value in columns.items() if value is not SOME}
    if changes.stage.whose == MUNICIPALITY:
        wanted = {column: value for column, value in wanted.items() if not column.startswith("contacts.")}
    assert {column: changes.columns[column] for column in wanted} == wanted
    assert changes.changed <= columns.keys(), changes.changed - columns.keys()
    assert {column for column in columns if columns[column] is SOME} <= changes.changed
    assert sorted(name for name, _key in changes.added) == sorted(rows)
    for (name, _key), row in changes.added.items():
        assert {column: row[column] for column in rows[name]} == plain(rows[name])


def filled_in(values: Mapping[str, Any], stage: Stage, place: Place, taker: str) -> dict[str, Any]:
    stands_for = {
        FROM: place.status.value,
        TAKER: stage.world.actors[taker].account_id,
        SECOND: stage.world.actors[Role.REVIEWER].account_id,
        HANDLER: stage.world.handler_id,
    }
    return {name: stands_for.get(value, value) if isinstance(value, str) else value for name, value in values.items()}


def runs_after(stage: Stage, step: Step) -> tuple[list[Run], set[tuple[str, str, str | None]]]:
    """The runs of the clocks as they should be after a step, and what its event says of them."""
    runs, effects = [], []
    for run in stage.runs_before:
        stops = run.stopped is None and run.clock in step.stops
        ends_on = step.stopped_on if stops else step.resumes_after
        if run.still is not None and ends_on is not None:
            still = run.still[0], ends_on
            is_beside = run.length == table.beside(run.clock).length
            due = (
                table.BESIDE_DUE + (still[1] - still[0]) + ONE_DAY if is_beside else table.DUE_AGAIN[ends_on][run.clock]
            )
            run = run._replace(due=due, still=still)
            effects.append((run, "stopt" if stops else "loopt weer"))
        elif stops:
            effects.append((run, "stopt"))
        elif step.suspends and run.clock in table.SUSPENDED_BY_QUESTION:
            run = run._replace(due=None, still=(TODAY + ONE_DAY, None))
            effects.append((run, "staat stil"))
        runs.append(run._replace(stopped=step.stopped_on) if stops else run)
    effects += [(run, "begint") for run in step.starts]
    said = {(run.clock.value, what, run.due.isoformat() if run.due else None) for run, what in effects}
    return [*runs, *step.starts], said


def check_clocks(stage: Stage, step: Step, event: Event) -> None:
    runs, said = runs_after(stage, step)
    assert sorted(stage.runs(), key=repr) == sorted(runs, key=repr)
    assert {(each["klok"], each["wat"], each["uiterlijk"]) for each in event.data["klokken"]} == said


def check_taken(changes: Changes, step: Step, place: Place, taker: str, by: str) -> None:
    """Compare the case after a step with the table.

    Args:
        by: who completed it: the taker, or the second person.
    """
    changes.look(step.empties)
    stage, status = changes.stage, ends_in(step, place)
    due_clock, due_on = step.next_due[place.status if step.due_by_start else status] or (None, None)
    actor = stage.world.actors[by]
    columns = {
        "cases.status": status,
        "cases.due_on": due_on,
        "cases.due_clock": due_clock,
        **filled_in(step.columns, stage, place, taker),
    }
    if step.ends_question and place.status is CaseStatus.AWAITING_SUPPLEMENT:
        columns["messages.lapsed_on"] = TODAY
    if step.second:
        columns |= {"reviews.status": "akkoord", "reviews.decided_by_id": actor.account_id, "reviews.decided_at": NOW}
    check_rows(changes, columns, {name: filled_in(row, stage, place, taker) for name, row in step.rows.items()})
    assert changes.columns["cases.updated_at"] == plain(NOW)
    *earlier, event = changes.events
    assert [each.kind for each in earlier] == (["toetsing_akkoord"] if step.second else [])
    assert (event.kind, event.actor_kind, event.actor_id) == (step.name, actor.kind, actor.account_id)
    assert event.status_before == (None if step.is_beside else place.status)
    sides = tuple(changes.columns[f"cases.{side}"] for side in ("status", "verdict", "result"))
    assert (event.status, event.verdict, event.result, event.happened_on) == (*sides, TODAY)
    check_clocks(stage, step, event)
    along = [("nieuws_samen_melden", "partner")] if step.tells_partners and stage.whose == MUNICIPALITY else []
    is_another = stage.world.actors[taker].account_id != stage.world.handler_id
    handler = [(step.tells_handler, "handler")] if step.tells_handler and is_another else []
    assert changes.mails == [*step.mails, *handler, *along]


def check_asked(changes: Changes, step: Step, taker: str) -> None:
    """Compare the case with what it was before a second person was asked: nothing happens before there is an answer."""
    changes.look()
    asker = changes.stage.world.actors[taker].account_id
    waits = {"step": step.name, "status": "open", "requested_by_id": asker, "requested_at": NOW, "decided_by_id": None}
    check_rows(changes, {}, {**step.asked, "reviews": waits})
    assert [(each.kind, each.data["stap"]) for each in changes.events] == [("toetsing_gevraagd", step.name)]
    assert sorted(changes.stage.runs(), key=repr) == sorted(changes.stage.runs_before, key=repr)
    assert changes.mails == []
