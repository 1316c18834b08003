"""Random sequences of acts by random people: a plain model of the product and the database stay equal.

Sixteen sequences in a run of all tests; more by command, in slices that each begin anew:

    KNELPUNT_SEQUENCES=2000 .venv/bin/python -m pytest -n 2 tests/integration/workflow/test_random_acts.py
"""

import os
from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.support import database
from tests.support.sequences.play import Drawn, World, play

IN_A_SLICE = 25
"""So many fit within the time that one test gets, on a machine that is busy with other things too."""
SEQUENCES = int(os.environ.get("KNELPUNT_SEQUENCES", "16"))
SLICES = range((SEQUENCES + IN_A_SLICE - 1) // IN_A_SLICE)
DAYS = st.sampled_from([*[0] * 26, *[1] * 3, 2, 3, 5, 8, 11, 15, 16, 30, 75, 370])
NUMBERS = st.integers(0, 9_999)
DRAWN = st.builds(Drawn, st.sampled_from([False] * 7 + [True]), NUMBERS, NUMBERS, NUMBERS, DAYS)
AHEAD = st.sampled_from([0, 3, 6, 8, 9, 12, 12, 12, 13, 14, 16])
SEQUENCE = st.lists(DRAWN, min_size=20, max_size=50)


@pytest.mark.parametrize("number", SLICES)
def test_model_and_database_stay_equal_whatever_happens(app, number):
    seen = Counter()
    with database.rolled_back() as (connection, session):
        world = World(connection, session, app.config["LINKS"], app.config["FILE_STORE"])

        @settings(
            max_examples=min(IN_A_SLICE, SEQUENCES - number * IN_A_SLICE),
            derandomize=not number,
            database=None,
            deadline=None,
            phases=[Phase.generate],  # the story that is told says more than a shorter one, and comes at once
            suppress_health_check=[*HealthCheck],
        )
        @given(SEQUENCE, st.booleans(), AHEAD)
        def sequences(drawn, is_resident, ahead):
            play(world, drawn, is_resident=is_resident, ahead=ahead, seen=seen)

        (seed(number)(sequences) if number else sequences)()
    done = {name.removesuffix(" done") for name in seen if name.endswith(" done")}
    if SEQUENCES >= 16:
        assert len(done) >= 30, f"too few different acts came by: {sorted(done)}"
