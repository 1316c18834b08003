"""The address of an answer brings it to its case, and nobody can make one up."""

import pytest

from knelpunt.domain.links import Links, Tagged

LINKS = Links("https://knelpunt.example", "k" * 32, mailbox="loket@knelpunt.example")


def test_an_address_leads_to_its_case_however_a_mail_program_writes_it() -> None:
    address = LINKS.reply_to(42)
    assert address is not None
    assert LINKS.tagged(address) == LINKS.tagged(address.upper()) == Tagged(case_id=42)
    assert LINKS.tagged(LINKS.bounce_to(7) or "") == Tagged(mail_id=7)


def test_the_longest_address_that_may_be_set_fits_in_a_mail() -> None:
    address = Links("https://x.example", "k" * 32, mailbox="l" * 18 + "@knelpunt.example").reply_to(2**47)
    assert address is not None
    assert len(address.partition("@")[0]) == 64


@pytest.mark.parametrize("change", [(0, "b"), (12, "1"), (44, "0"), (44, "1")])
def test_a_tag_that_was_changed_is_forged(change: tuple[int, str]) -> None:
    local, _, domain = (LINKS.reply_to(42) or "").partition("@")
    base, _, tag = local.partition("+")
    at, letter = change
    changed = tag[:at] + letter + tag[at + 1 :]
    if changed != tag:
        assert LINKS.tagged(f"{base}+{changed}@{domain}") == Tagged(is_forged=True)


def test_a_tag_of_another_site_or_of_something_else_is_none_of_ours() -> None:
    other = Links("https://knelpunt.example", "x" * 32, mailbox="loket@knelpunt.example")
    assert LINKS.tagged(other.reply_to(42) or "") == Tagged(is_forged=True)
    for address in ("loket+nieuws@knelpunt.example", "loket@knelpunt.example", "x+z1@elders.example", "", "@"):
        assert LINKS.tagged(address) is None


def test_without_a_mailbox_there_is_no_address() -> None:
    none = Links("https://knelpunt.example", "k" * 32)
    assert none.reply_to(42) is none.reply_to(None) is none.bounce_to(7) is None
    assert not none.is_own("")
