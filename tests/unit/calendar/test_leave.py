"""Who acts for somebody who is away: chains of covers by day, and leave that would leave nobody."""

from datetime import date

import pytest

from knelpunt.domain.calendar.leave import Leave, acting_for, covered_by, first_day_without_cover

ANN, BEN, COR, DOT = 1, 2, 3, 4


def december(day):
    return date(2026, 12, day)


def leave(who, cover, first, last):
    return Leave(who, cover, december(first), december(last))


CHAIN = [leave(ANN, BEN, 1, 10), leave(BEN, COR, 5, 7)]


@pytest.mark.parametrize(
    ("who", "day", "acts"),
    [(ANN, 1, BEN), (ANN, 4, BEN), (ANN, 5, COR), (ANN, 7, COR), (ANN, 8, BEN), (ANN, 10, BEN), (ANN, 11, ANN),
     (BEN, 4, BEN), (BEN, 6, COR), (COR, 6, COR)],
)  # fmt: skip
def test_the_one_at_the_end_of_the_chain_acts(who, day, acts):
    assert acting_for(CHAIN, who, december(day)) == acts


@pytest.mark.parametrize(
    ("who", "day", "for_whom"),
    [(BEN, 4, {ANN}), (BEN, 6, set()), (COR, 6, {ANN, BEN}), (COR, 8, set()), (ANN, 4, set())],
)
def test_somebody_stands_in_for_all_whose_chain_ends_there(who, day, for_whom):
    assert covered_by(CHAIN, who, december(day)) == for_whom


def test_a_chain_that_goes_round_comes_to_an_end():
    assert acting_for([leave(ANN, BEN, 1, 3), leave(BEN, ANN, 1, 3)], ANN, december(2)) == BEN


@pytest.mark.parametrize(
    ("known", "wanted", "day"),
    [
        ([], leave(ANN, BEN, 1, 10), None),
        ([leave(BEN, COR, 5, 7)], leave(ANN, BEN, 1, 10), None),
        ([leave(BEN, ANN, 5, 7)], leave(ANN, BEN, 1, 10), 5),
        ([leave(BEN, ANN, 5, 7)], leave(ANN, BEN, 7, 10), 7),
        ([leave(BEN, ANN, 5, 7)], leave(ANN, BEN, 8, 10), None),
        ([leave(ANN, BEN, 1, 10), leave(COR, ANN, 2, 3)], leave(BEN, COR, 3, 4), 3),
        ([leave(ANN, BEN, 1, 10)], leave(BEN, DOT, 3, 4), None),
    ],
)
def test_leave_that_would_leave_nobody_is_found_with_its_first_day(known, wanted, day):
    assert first_day_without_cover(known, wanted) == (december(day) if day else None)
