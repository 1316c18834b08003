"""How urban municipalities are, in the words of CBS."""

from enum import StrEnum

from knelpunt.domain.texts import Text


class Urbanity(StrEnum):
    """The five classes, by how many addresses lie around an address. Their codes are those of CBS."""

    VERY_STRONG = "1"
    STRONG = "2"
    MODERATE = "3"
    LITTLE = "4"
    NOT = "5"

    @property
    def words(self) -> str:
        """What the class is called."""
        return _WORDS[self]


_WORDS = {
    Urbanity.VERY_STRONG: Text("Zeer sterk stedelijk"),
    Urbanity.STRONG: Text("Sterk stedelijk"),
    Urbanity.MODERATE: Text("Matig stedelijk"),
    Urbanity.LITTLE: Text("Weinig stedelijk"),
    Urbanity.NOT: Text("Niet stedelijk"),
}
