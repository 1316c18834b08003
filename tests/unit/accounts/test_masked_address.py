"""An address that is shown as its owner knows it again, and nobody else learns it."""

import pytest

from knelpunt.domain.accounts import masked_address


@pytest.mark.parametrize(
    ("email", "shown"),
    [
        ("kim@gmail.com", "k•••@gmail.com"),
        ("k@gmail.com", "k•••@gmail.com"),
        ('"a@b"@proef.example', '"•••@proef.example'),
        ("", ""),
        (None, ""),
        ("@proef.example", ""),
        ("kim@", ""),
        ("kim", ""),
    ],
)
def test_the_first_character_and_the_domain_are_shown(email, shown):
    assert masked_address(email) == shown
