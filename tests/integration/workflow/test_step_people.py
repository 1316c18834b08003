"""Every step of the workflow × everybody: who takes it, who agrees as a second person, who writes it down for another.

The expectation stands in ``tests/support/step_table.py``.
"""

from collections.abc import Callable, Set
from functools import partial

import pytest
from sqlalchemy import update

from knelpunt.domain.cases import workflow
from knelpunt.domain.errors import NotFound, PermissionDenied, VersionConflict
from knelpunt.domain.permissions import ORGANISATION_ROLES
from knelpunt.domain.vocabulary import Role
from knelpunt.models import BottleneckCase, PublicText
from knelpunt.services.cases.workflow import advance
from knelpunt.services.filing import intake
from tests.support import step_table as table
from tests.support.rights import FILERS, VISITOR
from tests.support.stage import MUNICIPALITY, OTHER_FOLLOWER, PARTNER, RESIDENT, STRANGER, Stage, World
from tests.support.step_checks import AFTER_FILING, REVIEWED, name_of, places, refusal
from tests.support.step_table import FOLLOWER, OFFICIAL, RECEIVER, Step

PEOPLE = {
    RESIDENT: (frozenset(Role) - ORGANISATION_ROLES) | {FOLLOWER, OTHER_FOLLOWER, OFFICIAL, RECEIVER, VISITOR},
    MUNICIPALITY: ORGANISATION_ROLES | {STRANGER, PARTNER},
}
"""Who tries, on whose case."""


def let_everybody_try(
    world: World,
    step: Step,
    allowed: Set[str],
    context: Callable[[Stage, str], object],
    first: Callable[[Stage], object] = lambda stage: None,
) -> None:
    """Only those who are allowed to may do this to a case. The others share one: a refusal leaves it as it was.

    Args:
        first: what is done to a case before anybody tries.
    """
    for whose, people in PEOPLE.items():
        for who in sorted(people & allowed):
            with world.attempt(whose) as stage:
                stage.prepare(step, places(step)[0])
                first(stage)
                context(stage, who)
        with world.attempt(whose) as stage:
            stage.prepare(step, places(step)[0])
            first(stage)
            for who in sorted(people - allowed):
                refusal(stage, partial(context, stage, who), (PermissionDenied, NotFound))


@pytest.mark.parametrize("step", [step for step in AFTER_FILING if step.party != "calendar"], ids=name_of)
def test_only_those_in_the_table_take_a_step(world, step):
    let_everybody_try(world, step, step.takers, lambda stage, who: stage.take(step, who))


@pytest.mark.parametrize("step", AFTER_FILING, ids=name_of)
def test_only_those_in_the_table_write_a_step_down_for_the_submitter(world, step):
    def write_down(stage: Stage, who: str) -> None:
        if step.on_behalf:
            stage.write_down(step, who)
        else:
            advance(stage.context(who), stage.case, row, on_behalf=True)

    row = workflow.step_named(step.name)
    let_everybody_try(world, step, step.on_behalf, write_down)


@pytest.mark.parametrize("step", REVIEWED, ids=name_of)
def test_only_a_second_person_agrees(world, step):
    let_everybody_try(
        world,
        step,
        step.second,
        lambda stage, who: stage.agree(stage.open_review(), who),
        lambda stage: stage.take(step),
    )


@pytest.mark.parametrize("tie", ["asked for it", "handles the case", "wrote the text", "brought it under the rule"])
@pytest.mark.parametrize("step", REVIEWED, ids=name_of)
def test_whoever_has_a_part_in_it_is_no_second_person(world, step, tie):
    head, ends = Role.HEAD_OF_DESK, step in (table.CLOSE, table.CLOSE_LINKED)
    with world.attempt() as stage:
        account_id = world.actors[head].account_id
        stage.prepare(step, places(step)[0])
        review = stage.take(step, head if tie == "asked for it" else None)
        match tie:
            case "handles the case":
                stage.set(handler_id=account_id)
            case "wrote the text":
                stage.session.execute(update(PublicText).values(written_by_id=account_id))
            case "brought it under the rule":
                stage.session.execute(update(BottleneckCase).values(linked_by_id=account_id))
        stage.session.expire_all()
        is_other_matter = (tie == "wrote the text" and not ends) or (
            tie == "brought it under the rule" and step is not table.CLOSE_LINKED
        )
        if is_other_matter:
            stage.agree(review, head)
        else:
            refusal(stage, lambda: stage.agree(review, head), PermissionDenied)


@pytest.mark.parametrize("step", [step for step in AFTER_FILING if step.party == "desk"], ids=name_of)
def test_nobody_overwrites_what_another_did_unseen(world, step):
    with world.attempt() as stage:
        stage.prepare(step, places(step)[0])
        stage.versions_behind = 1
        refusal(stage, lambda: stage.take(step), VersionConflict)


def test_a_draft_of_an_organisation_is_filed_by_who_may_file_for_it(world):
    for who in PEOPLE[RESIDENT] | PEOPLE[MUNICIPALITY]:
        with world.attempt(MUNICIPALITY) as stage:
            draft = stage.draft(Role.FILER)
            file = partial(intake.file_case, stage.context(who), draft.key, draft.version)
            if who in FILERS:
                file()
            else:
                refusal(stage, file, (PermissionDenied, NotFound))
