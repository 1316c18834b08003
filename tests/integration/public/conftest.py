"""Published cases, brought there by the real services."""

from collections.abc import Callable

import pytest

from knelpunt.models import Case
from knelpunt.services.cases import publication
from knelpunt.services.submitters import reactions as submitter

Publish = Callable[..., Case]


@pytest.fixture
def published(desk) -> Publish:
    """``published()``: a case that went the whole way to a public page; its file holds words that may never show."""

    def make_public(**data: str) -> Case:
        case = desk.bring("afgesloten")
        publication.start_preview(desk.context(desk.handler), case.reference, case.version)
        submitter.agree_to_text(desk.follower(case), case.reference)
        publication.publish(desk.context(desk.handler), case.reference, case.version)
        return case

    return make_public


@pytest.fixture
def private_words(desk):
    """What stands in a case's file and with its people, and may be on no public page."""

    def words_of(case: Case) -> list[str]:
        return [case.title, case.description, "initiatief@proef.example", desk.handler.name, desk.reviewer.name]

    return words_of
