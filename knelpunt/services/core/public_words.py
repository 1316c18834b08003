"""Stops words that become public when they point at a person, where no second person can let them stand."""

from collections.abc import Mapping

from knelpunt.domain.errors import DomainError
from knelpunt.domain.redaction.checks import in_words, look_through
from knelpunt.domain.redaction.finds import FindKind, Known

NUMBERS = frozenset({FindKind.EMAIL, FindKind.PHONE, FindKind.BSN, FindKind.ACCOUNT})
TAKE_OUT = "Haal dit weg: deze tekst komt op de openbare site."


def require_nobody(
    written: Mapping[str, str | None], known: Known, called: Mapping[str, str], then: str = TAKE_OUT
) -> None:
    """Raise on the first field whose words point at a person.

    Args:
        called: what each field is called, in a sentence.
        then: what to do about it.
    """
    found = look_through(written, known)
    if found:
        field = found[0].field
        told = in_words((each for each in found if each.field == field), called)
        raise DomainError(f"{' '.join(told)} {then}", field=field)


def require_no_numbers(written: Mapping[str, str | None], known: Known, called: Mapping[str, str]) -> None:
    """The same for the name of an organisation or a place, which may be called after a person or stand in a street:
    what is looked for is who is at the desk, an address of e-mail, and a number."""
    for field, words in written.items():
        found = [
            each
            for each in look_through({field: words}, known)
            if each.find.kind in NUMBERS or each.quote.lower() in {name.lower() for name in known.whole_names}
        ]
        if found:
            raise DomainError(f"{' '.join(in_words(found, called))} {TAKE_OUT}", field=field)
