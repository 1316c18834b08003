"""What the numbers of a quarter are called, once for whoever counts, hides or corrects them."""

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.figures.definitions import Dimension, Figure
from knelpunt.domain.figures.ledger import Effect
from knelpunt.domain.vocabulary import AftercareAnswer, SecondLookOutcome

NO_SIDE = "geen"
"""How addresses write the side of what has none."""
REOPENED, NO_END = "heropend", "zonder-einde"
OWED, OWED_IN_TIME, SILENT = "antwoord verschuldigd", "antwoord op tijd", "stil"
MUNICIPALITIES, MUNICIPALITIES_SHARE = "gemeenten", "gemeenten, deel"
SINCE = ("sinds, ontvangen", "sinds, afgehandeld", "sinds, gemeenten")
ALWAYS_TOLD = frozenset({MUNICIPALITIES_SHARE, *SINCE})
"""Of the whole country and since the begin: these are hidden nowhere, and nothing is worked out from them."""
BRIDGEABLE, ACTUAL = f"{Figure.HANDLED.value}, overbrugbaar", f"{Figure.HANDLED.value}, echt"
STOPPED, STOPPED_LATE, RUNNING_LATE = "gestopt", "te laat", "loopt te laat"
GROSS, NET = "bruto", "netto"
ASKED, IN_TIME, LATE, NO_ANSWER, ENDED = "gesteld", "op tijd", "te laat", "geen antwoord", "geëindigd"
GUIDES_ANSWERED, GUIDES_CLAIMED = "wegwijs, beantwoord", "wegwijs, gebruikt"
SECOND_LOOK_ASKED, SECOND_LOOK_BEGUN, SECOND_LOOK_UNASKED = (
    "heroverweging, gevraagd",
    "heroverweging, begonnen door het loket",
    "heroverweging, niet gevraagd",
)


def place_of(figure: Figure | str, dimension: Dimension | str | None = None, side: object = None) -> str:
    """A figure, or one side of it as addresses write it."""
    return str(figure) if dimension is None else f"{figure}, {dimension} {NO_SIDE if side is None else side}"


def clock(name: Clock | str, what: str) -> str:
    """``name`` is the clock, ``what`` how its runs ended."""
    return f"klok {name}, {what}"


def duration(name: str) -> str:
    return f"doorlooptijd {name}"


def questions(ministry_id: int | str, what: str) -> str:
    """Questions to a ministry, and what became of them."""
    return f"raadpleging {ministry_id}, {what}"


def second_look(outcome: SecondLookOutcome) -> str:
    return f"heroverweging {outcome.value}"


def effect(what: Effect) -> str:
    """What was different after a second look that changed an outcome."""
    return f"heroverweging, gevolg {what.value}"


EFFECTS = frozenset(effect(each) for each in Effect)
"""These stand among what happened after closing, also as none; where they do not, they were not counted yet."""


def aftercare_asked(months: int) -> str:
    return f"nazorg gevraagd na {months}"


def aftercare(months: int, answer: AftercareAnswer) -> str:
    return f"nazorg {months}, {answer.value}"


def guide_use(outcome: str) -> str:
    return f"gebruik {outcome}"


def pressing(law_id: int, provision_id: int | None, article: str | None, *, municipalities: bool = False) -> str:
    """A pressing rule: its cases, or the municipalities that they came from."""
    place = f"knelt, {law_id}|{provision_id or ''}|{article or ''}"
    return f"{place}, gemeenten" if municipalities else place
