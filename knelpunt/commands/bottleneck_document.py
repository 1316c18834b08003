"""The part of docs/workflow.md about rule bottlenecks, from the table of their track."""

from collections.abc import Iterator

from knelpunt.domain.bottlenecks import OPEN, OWNER_NAMED_WITHIN, RULES, TRACKS, BottleneckStatus, BottleneckStep

HEAD = """
## The track of a rule bottleneck

From `knelpunt/domain/bottlenecks.py`. Every step carries public news. In the states marked with K7 news is owed; clock
K7 starts anew with each news. The choice decides which way is open: no station of it can be skipped.

"""


def document() -> str:
    """This part in Markdown."""
    return HEAD + "\n".join([*_diagram(), "", *_steps(), "", *_tracks(), ""])


def _diagram() -> Iterator[str]:
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield "    direction LR"
    yield f"    [*] --> {BottleneckStatus.SIGNALLED}: {_words(BottleneckStep.SIGNAL)}"
    for rule in RULES:
        for source in BottleneckStatus:
            if source in rule.sources and rule.target is not None:
                yield f"    {source} --> {rule.target}: {_words(rule.step)}"
    for status in BottleneckStatus:
        if status not in OPEN:
            yield f"    {status} --> [*]"
    yield "```"


def _steps() -> Iterator[str]:
    yield "| step | from | to | the form asks, besides the news | clocks |"
    yield "| --- | --- | --- | --- | --- |"
    within = f"K7 starts; a ministry is named within {OWNER_NAMED_WITHIN.days} days"
    signal = (_words(BottleneckStep.SIGNAL), "", BottleneckStatus.SIGNALLED, "titel, wat er knelt, bepaling", within)
    yield f"| {' | '.join(signal)} |"
    for rule in RULES:
        cells = (
            _words(rule.step),
            ", ".join(source for source in BottleneckStatus if source in rule.sources),
            rule.target or "stays where it is",
            ", ".join(ask.lower() for ask in rule.asks),
            "K7 starts anew" if rule.target is None or rule.target in OPEN else "K7 stops",
        )
        yield f"| {' | '.join(cells)} |"


def _tracks() -> Iterator[str]:
    yield "| choice | way |"
    yield "| --- | --- |"
    for choice, way in TRACKS.items():
        yield f"| {choice.replace('_', ' ')} | {' → '.join(f'{each} (K7)' if each in OPEN else each for each in way)} |"


def _words(step: BottleneckStep) -> str:
    return step.removeprefix("regelknelpunt_").replace("_", " ")
