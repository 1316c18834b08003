"""The laws that tests make are as complete as those of the catalogue."""

import pytest

from knelpunt.domain.laws.schema import LAW_FIELDS, PROVISION_FIELDS


@pytest.mark.parametrize(("kind", "fields"), [("law", LAW_FIELDS), ("provision", PROVISION_FIELDS)])
def test_a_made_entry_has_every_field_as_the_catalogue_wants_it(make, kind, fields):
    details = getattr(make, kind)().details
    assert list(details) == list(fields)
    assert {name: check(details[name]) for name, check in fields.items() if check(details[name])} == {}
