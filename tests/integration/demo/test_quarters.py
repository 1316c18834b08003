"""The quarters of the demo: those that are over are sealed, the last is written about and presented, one is open."""

import pytest

from knelpunt.domain.calendar.timezone import quarter_of
from knelpunt.domain.quarters.track import QuarterStatus
from knelpunt.models import QuarterSeal, QuarterText
from knelpunt.queries.figures import editions
from knelpunt.services.demo.quarters import Readings, seal_quarters
from knelpunt.services.figures import ledger
from knelpunt.web.reporting.public.making import written
from knelpunt.web.reporting.writing.written import written_of
from tests.integration.demo.conftest import LINKS, NOW


@pytest.fixture(scope="module")
def sealed(loaded):
    ledger.settle(loaded)
    readings = Readings(lambda quarter: written(loaded, quarter), lambda quarter: written_of(loaded, quarter).placed)
    return seal_quarters(loaded, LINKS, NOW, readings), readings


def test_every_quarter_that_is_over_is_sealed_and_public(loaded, sealed):
    running = quarter_of(NOW.date())
    public = editions.public_quarters(loaded)
    assert (public[0].quarter, len(public)) == (running.previous(), sealed[0])
    assert set(editions.all_editions(loaded)) == {each.quarter for each in public}
    own = editions.first_own_quarter(loaded)
    assert [each.is_reconstructed for each in public] == [each.quarter < own for each in public]
    assert loaded.get(QuarterSeal, running.first_day) is None


def test_the_last_one_is_written_about_and_presented(loaded, sealed):
    last = quarter_of(NOW.date()).previous()
    assert loaded.get_one(QuarterText, last.first_day).status is QuarterStatus.PRESENTED
    assert not written_of(loaded, last).problems


def test_a_demo_in_which_a_quarter_is_sealed_is_left_as_it_is(loaded, sealed):
    assert seal_quarters(loaded, LINKS, NOW, sealed[1]) == 0
