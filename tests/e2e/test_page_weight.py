"""What a visitor downloads for one page of each public kind stays within its budget, and comes from the site alone."""

import pytest

from benchmarks.first_view import BUDGETS, FIRST_VIEW_BYTES, weigh


@pytest.mark.parametrize("path", BUDGETS)
def test_a_page_stays_within_its_budget(site, new_page, path):
    weight = weigh(new_page(390), path)
    budget = BUDGETS[path]
    over = {kind: size for kind, size in weight.bytes_of.items() if size > budget.get(kind, budget["total"])}
    assert over == {}, f"{path} may weigh {budget}"
    assert weight.total <= budget["total"]
    assert weight.first_view <= FIRST_VIEW_BYTES
    assert weight.bytes_of["css"] > 10_000
    assert [address for address in weight.addresses if not address.startswith(site.url)] == []
