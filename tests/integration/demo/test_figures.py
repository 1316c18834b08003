"""The figures of the demo, real history and cases that opened again among it, add up."""

from knelpunt.domain.calendar.timezone import quarter_of
from knelpunt.queries.figures.series import counts_by_quarter
from tests.integration.demo.conftest import NOW
from tests.integration.figures.test_balance import assert_sums


def test_the_sum_of_each_quarter_closes(loaded):
    assert_sums(loaded, NOW.date())
    running = counts_by_quarter(loaded, quarter_of(NOW.date()), NOW.date())[-1]
    assert running.reopened
