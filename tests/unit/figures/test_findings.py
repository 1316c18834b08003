"""Sentences that figures allow: said when their rule holds, and not a case earlier."""

from dataclasses import replace

from knelpunt.adapters.markup import parse
from knelpunt.domain.quarters.findings import Counts, Pressing, Side, Told, findings, ranked

QUIET = Counts(received=12, handled=8, open=20)


def keys(told: Told) -> list[str]:
    return [each.key for each in findings(told)]


def told(*last: Counts, **values: object) -> Told:
    return Told(quarters=(*(QUIET,) * (8 - len(last)), *last), **values)  # type: ignore[arg-type]


def test_quarters_alike_allow_no_sentence() -> None:
    assert keys(told()) == []
    assert keys(Told(quarters=())) == []


def test_first_time_is_said_only_when_it_never_was_so() -> None:
    more = Counts(received=10, handled=11, open=19)
    assert "voor-het-eerst-meer-afgehandeld" in keys(told(more))
    assert "voor-het-eerst-meer-afgehandeld" not in keys(told(more, more))
    assert "meer-afgehandeld" in keys(told(more, more))
    assert keys(told(replace(more, received=9))) == []


def test_half_under_one_law_counts_from_ten_cases() -> None:
    law = Side("Omgevingswet", 6, "ontvangen, wet omgevingswet")
    assert "helft-een-wet" in keys(told(laws=(law,)))
    [found] = [each for each in findings(told(laws=(law,))) if each.key == "helft-een-wet"]
    assert "één wet, Omgevingswet:" in found.sentence, "a Besluit takes no article"
    assert "helft-een-wet" not in keys(told(laws=(replace(law, count=5),)))
    assert "helft-een-wet" not in keys(told(Counts(9, 0, 29), laws=(law,)))


def test_three_in_a_row_is_three_changes_the_same_way() -> None:
    down = [Counts(12, 8, each) for each in (30, 28, 26, 24)]
    assert "open-daalt" in keys(told(*down))
    assert "open-daalt" not in keys(told(*down[1:], Counts(12, 8, 24)))
    assert "open-stijgt" in keys(told(*reversed(down)))


def test_faster_is_a_fifth_of_the_median_with_enough_cases() -> None:
    values = {"median": 40.0, "median_before": 50.0, "measured": 10, "measured_before": 10}
    assert "zaken-sneller" in keys(told(**values))
    assert "zaken-sneller" not in keys(told(**{**values, "median": 41.0}))
    assert "zaken-sneller" not in keys(told(**{**values, "measured_before": 9}))


def test_every_sentence_is_well_formed_and_tells_its_rule() -> None:
    many = told(
        Counts(20, 30, 10),
        laws=(Side("Omgevingswet", 12, "ontvangen, wet omgevingswet"),),
        provinces=(Side("Drenthe", 12, "ontvangen, provincie drenthe"),),
        stopped=12,
        pressing="Bbl, artikel 4",
        pressing_places=5,
        median=10.0,
        median_before=30.0,
        measured=12,
        measured_before=12,
    )
    found = findings(many)
    assert len(found) >= 7
    for each in found:
        assert parse(each.sentence).problems == ()
        assert each.rule.endswith(".")


def test_bottlenecks_are_ranked_by_weight_growth_and_age_with_reasons() -> None:
    small = Pressing(1, "RK-1", "Klein", projects=1, municipalities=1, days=30, new=0)
    grows = replace(small, id=2, reference="RK-2", new=3)
    old = replace(small, id=3, reference="RK-3", days=800)
    assert [each.bottleneck.id for each in ranked([small, old, grows])] == [2, 3, 1]
    assert len(ranked([small])[0].reasons) == 3
