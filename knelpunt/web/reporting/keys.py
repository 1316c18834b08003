"""What the tables of an edition are called, beside those of ``domain/figures/edition.py``."""

from knelpunt.domain.figures.definitions import Dimension

DURATION_TABLE = "doorlooptijd"
CLOCK_TABLE = "looptijd"
LATE_TABLE = "te-laat"
AFTER_TABLE = "na-het-afsluiten"
PRESSING_TABLE = "knellend"
VERDICT = Dimension.VERDICT.value
PROVINCE = Dimension.PROVINCE.value
