"""How a rule bottleneck goes, told from the track's own table: per state what can come next, and what that asks."""

from dataclasses import dataclass

from knelpunt.domain.bottlenecks import OPEN, RULES, TRACKS, BottleneckChoice, BottleneckStatus
from knelpunt.web.shared.labels.labels import label


@dataclass(frozen=True, slots=True)
class Move:
    """What can happen in a state: where it leads (None: it stays there), and what has to be told with it."""

    leads_to: BottleneckStatus | None
    asks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """One state with what can come next; ``owes_news`` while followers must hear in time how it stands."""

    status: BottleneckStatus
    owes_news: bool
    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """What can be chosen, and the states that follow from the choice, as words."""

    choice: BottleneckChoice
    stations: tuple[str, ...]


def places() -> list[Place]:
    """Every state of the track, in the order in which a bottleneck meets them."""
    return [_place(status) for status in BottleneckStatus]


def ways() -> list[Way]:
    """The way of each choice, from where they part."""
    shared = len([status for status in zip(*TRACKS.values(), strict=False) if len(set(status)) == 1])
    return [Way(choice, tuple(label(status) for status in track[shared:])) for choice, track in TRACKS.items()]


def _place(status: BottleneckStatus) -> Place:
    moves = tuple(Move(rule.target, rule.asks) for rule in RULES if status in rule.sources)
    return Place(status, status in OPEN, moves)
