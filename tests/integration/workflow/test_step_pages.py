"""The pages that show the steps of the workflow, compared with ``tests/support/step_table.py``."""

import re
from collections import Counter
from collections.abc import Set
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.domain.vocabulary import CaseStatus, Role
from knelpunt.models import Message
from knelpunt.web.public import way_of_working
from knelpunt.web.shared.labels.labels import label, step_label
from tests.support import login
from tests.support import step_table as table
from tests.support.desk import PROPOSAL
from tests.support.stage import PLACES, Stage
from tests.support.step_checks import name_of, places
from tests.support.step_table import BACK, STEPS, Run, Step

S = CaseStatus


def browser(app: Flask, stage: Stage, role: Role) -> FlaskClient:
    client = app.test_client()
    login.log_in(app, client, stage.session, stage.world.accounts[role])
    stage.session.commit()
    return client


OF_ANOTHER_STATE = re.compile(r"<dt>[^<]*</dt>\s*<dd>\s*Kan zodra de staat")
"""A step that is named with the state in which it can be taken."""


@pytest.mark.parametrize("place", [place for place in PLACES if place.status is not S.DRAFT], ids=name_of)
def test_the_page_of_a_case_offers_the_steps_of_the_table_to_those_in_it(app, world, place):
    desk = [step for step in STEPS if step.button]
    for role in (Role.HEAD_OF_DESK, Role.HANDLER):
        with world.attempt() as stage:
            stage.move(place)
            stage.session.commit()
            page = browser(app, stage, role).get(f"/zaken/{stage.reference}").get_data(as_text=True)
            page = OF_ANOTHER_STATE.sub("", page)
            offered = {step.name for step in desk if step.button in page}
            assert offered == {step.name for step in desk if place.status in step.starts_in and role in step.takers}


def typed(step: Step, stage: Stage) -> dict[str, str]:
    """What somebody fills in on the page of a step, all of it."""
    later = (nl_day(datetime.now(UTC)) + timedelta(days=40)).isoformat()
    verdict = {"verdict": "V1", "plain": "Het mag.", "legal": "Artikel 1.", "level": "gemeente", "route": "uitleg"}
    ended = {"result": "via_experiment", "reason": "Het mag als proef.", "next_step": "De gemeente begint."}
    return {
        table.TAKE_IN: {"handler_id": str(stage.world.handler_id), "in_scope": "ja"},
        table.REQUEST_SUPPLEMENT: {"question": "Welk plan?", "why": "Daarom.", "answer_by": later},
        table.RECEIVE_SUPPLEMENT: {"body": "Dat van 2019."},
        table.START_HANDLING: verdict,
        table.ANSWER_WITH_GUIDE: {**verdict, "guide_id": str(stage.world.guide_id)},
        table.PROPOSE: {**PROPOSAL, "legal_date": "2026-11-03", "act_by": later},
        table.REFUSE_PROPOSAL: {"reason": "Te duur."},
        table.CLOSE: ended,
        table.CLOSE_LINKED: {**ended, "bottleneck": stage.world.bottleneck.reference},
        table.CONSULT: {
            "contact_id": str(stage.world.contact_id),
            "question": "Mag dit van u?",
            "article": "Proefwet, artikel 12",
        },
        table.REOPEN: {"reason": "De regel is veranderd."},
        table.ASK_SECOND_LOOK: {"point_1": "De brief.", "point_2": "De buren."},
        table.START_SECOND_LOOK: {
            "reason": "Nieuwe rechtspraak.",
            "handler_id": str(stage.world.actors[Role.TRIAGER].account_id),
        },
        table.KEEP_OUTCOME: {"answer_1": "Die is gelezen.", "reason": "Het blijft."},
        table.CHANGE_OUTCOME: {"outcome": "anders", "answer_1": "Die is gelezen.", "reason": "Het wordt anders."},
        table.WITHDRAW: {"reason": "", "erase_contact": "nee"},
    }[step]


@pytest.mark.parametrize("step", [step for step in STEPS if step.page], ids=name_of)
def test_the_page_of_a_step_asks_for_all_that_the_table_says(app, world, step):
    with world.attempt() as stage:
        stage.prepare(step, places(step)[0], with_clocks=False)
        today = nl_day(datetime.now(UTC))
        stage.session.execute(update(Message).values(answer_by=today + timedelta(days=40)))
        if step is table.ASK_SECOND_LOOK:
            stage.add_runs([Run(Clock.K6, today, 6, "weken", today + timedelta(weeks=6))])
        stage.session.commit()
        by_desk = step.party == "desk"
        client = browser(app, stage, stage.taker(step)) if by_desk else app.test_client()
        path = f"/zaken/{stage.reference}/{step.page}" if by_desk else f"{world.follow_path}/{step.page}"
        path += f"/{stage.question_id}" if step is table.RECEIVE_SUPPLEMENT else ""
        whole = {"version": str(stage.version), **typed(step, stage)}
        before = stage.rows()
        for name, sentence in step.asks.items():
            answer = client.post(path, data={**whole, name: ""})
            assert (answer.status_code, sentence in answer.get_data(as_text=True)) == (422, True), name
            assert stage.rows() == before
        assert client.post(path, data=whole).location
        assert stage.rows() != before


def test_the_page_about_the_way_of_working_tells_the_table():
    """Which steps follow each state, who takes them, where they lead, and which clocks they move."""
    who = {
        "desk": "Het loket doet dit",
        "submitter": "U doet dit",
        "ministry": "Het ministerie doet dit",
        "other": "De andere instantie doet dit",
        "calendar": "Dit gebeurt vanzelf als de termijn voorbij is",
    }
    steps = [step for step in STEPS if not step.is_beside]
    told = {
        state.status: Counter(
            (each.title, each.who, each.leads_to, each.is_reviewed, each.clocks) for each in state.steps
        )
        for state in way_of_working.states()
    }
    assert told.keys() == {S.DRAFT} | {step.ends_in for step in steps} - {BACK}
    for status, following in told.items():
        assert following == Counter(
            (
                step_label(step.name),
                who[step.party],
                "Terug naar waar de zaak was" if step.ends_in == BACK else label(step.ends_in),
                bool(step.second),
                clocks_in_words(step),
            )
            for step in steps
            if status in step.starts_in
        )


def clocks_in_words(step: Step) -> str:
    def names(clocks: Set[Clock]) -> str:
        return ", ".join(clock.label.lower() for clock in sorted(clocks))

    lines = {
        "Alle klokken stoppen.": step.stops == table.ALL,
        f"Stopt: {names(step.stops)}.": step.stops and step.stops != table.ALL,
        "De klok staat stil vanaf de volgende dag.": step.suspends,
        "De klok loopt weer.": step.resumes_after,
        f"Begint: {names({run.clock for run in step.starts})}.": step.starts,
    }
    return " ".join(line for line, holds in lines.items() if holds)
