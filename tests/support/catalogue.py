"""The catalogue that ships with the project, read once by each test process: reading it takes a third of a second."""

from functools import cache

from knelpunt.domain.laws.catalogue import Catalogue
from knelpunt.services.laws.loading import read_catalogue


@cache
def shipped_catalogue() -> Catalogue:
    """What its files say. Its entries cannot be changed; a test that wants another makes one by ``replace``."""
    return read_catalogue()
