"""The laws that tests make are as complete as those of the catalogue."""

import pytest

from knelpunt.domain.laws.schema import LawFields, ProvisionFields
from knelpunt.domain.shapes import shaped


@pytest.mark.parametrize(("kind", "shape"), [("law", LawFields), ("provision", ProvisionFields)])
def test_a_made_entry_has_every_field_as_the_catalogue_wants_it(make, kind, shape):
    details = getattr(make, kind)().details
    assert list(details) == list(shape.__struct_fields__)
    assert isinstance(shaped(details, shape), shape)
