"""What makes a question one for this site: points for pieces of words, learned from all questions that were sorted.

    python -m benchmarks.ours            # how well it tells them apart, each set judged by what the others teach
    python -m benchmarks.ours --write    # learn from all of them and write the list that is shipped

It is plain logistic regression: both kinds weigh alike, and points are kept small. The last set teaches nothing, so
that it tells what new questions may expect; before a newer one is asked it may be taken in.
"""

import argparse
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from math import exp, sqrt
from typing import NamedTuple

from benchmarks.questions import AS_TYPED, DATA
from knelpunt.adapters.words.pieces import POINTS, UNIT, pieces_of, points_of
from knelpunt.adapters.words.search_terms import SEARCH_DATA

MORE = "questions-to-learn-from.txt"
UNSEEN = frozenset(f"questions-{each}.jsonl" for each in ("seventeenth", "nineteenth", "twentieth"))
"""What teaches nothing."""
TEACHING = tuple(file for file in AS_TYPED if file not in UNSEEN)
SEEN_FROM = 3
"""A piece that fewer questions have teaches nothing."""
TRUST = 10.0
"""How much the questions count against keeping points small."""
ROUNDS = 150
HEAD = """\
# How much each piece of a word says that a question is one for this site (above nothing) or for another desk (below): a
# number, in parts of {unit}, and the pieces that have it; _ is the edge of a word. Learned by `python -m
# benchmarks.ours --write`; not meant to be changed by hand.
"""


class Sorted(NamedTuple):
    """One question, from which file it is, and whether it is for this site."""

    file: str
    asked: str
    is_ours: bool


def sorted_questions() -> list[Sorted]:
    """All questions that were sorted, to learn from."""
    found = []
    for file in TEACHING:
        rows = [json.loads(line) for line in (DATA / file).read_text(encoding="utf-8").splitlines()]
        found += [Sorted(file, row["asked"], bool(row["right"])) for row in rows]
    for line in (DATA / MORE).read_text(encoding="utf-8").splitlines():
        answer, divider, asked = line.partition(": ")
        if divider and not line.startswith("#"):
            found.append(Sorted(MORE, asked, answer == "yes"))
    return found


def learn(questions: Sequence[Sorted]) -> dict[str, float]:
    """The points of each piece: the steepest way down, with a run-up (Nesterov)."""
    rows = [pieces_of(one.asked) for one in questions]
    seen = Counter(piece for row in rows for piece in row)
    columns = {piece: place for place, piece in enumerate(sorted(p for p, times in seen.items() if times >= SEEN_FROM))}
    places = [[columns[piece] for piece in sorted(row) if piece in columns] for row in rows]
    sizes = [1 / sqrt(max(1, len(row))) for row in rows]
    ours = sum(one.is_ours for one in questions)
    weights = [TRUST * len(rows) / 2 / (ours if one.is_ours else len(rows) - ours) for one in questions]
    signs = [1.0 if one.is_ours else -1.0 for one in questions]
    step = 1 / (1 + _steepest(places, sizes, weights, len(columns)) / 4)
    points = ahead = [0.0] * len(columns)
    for round_ in range(ROUNDS):
        slope = list(ahead)
        for row, size, weight, sign in zip(places, sizes, weights, signs, strict=True):
            value = sign * size * sum(ahead[place] for place in row)
            push = sign * size * weight / (1 + exp(min(value, 50.0)))
            for place in row:
                slope[place] -= push
        moved = [old - step * each for old, each in zip(ahead, slope, strict=True)]
        run_up = round_ / (round_ + 3)
        ahead = [new + run_up * (new - old) for new, old in zip(moved, points, strict=True)]
        points = moved
    return {piece: points[place] for piece, place in columns.items()}


def _steepest(places: Sequence[Sequence[int]], sizes: Sequence[float], weights: Sequence[float], width: int) -> float:
    """The largest curve of the questions together, which says how far a step may go."""
    vector, length = [1.0] * width, 0.0
    for _ in range(12):
        turned = [0.0] * width
        for row, size, weight in zip(places, sizes, weights, strict=True):
            push = size * size * weight * sum(vector[place] for place in row)
            for place in row:
                turned[place] += push
        length = sqrt(sum(each * each for each in turned))
        vector = [each / length for each in turned]
    return 1.1 * length


def apart(scored: Sequence[tuple[float, bool]]) -> float:
    """In how many of all pairs, one of ours and one of others, ours has more."""
    ours, others = ([points for points, is_ours in scored if is_ours is kind] for kind in (True, False))
    return sum((one > other) + (one == other) / 2 for one in ours for other in others) / len(ours) / len(others)


def text_of(points: Mapping[str, float]) -> str:
    """The list as it is shipped."""
    lines: dict[int, list[str]] = {}
    for piece, each in points.items():
        lines.setdefault(round(each * UNIT), []).append(piece)
    listed = [f"{number} {' '.join(sorted(pieces))}" for number, pieces in sorted(lines.items()) if number]
    return HEAD.format(unit=UNIT) + "\n" + "\n".join(listed) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    questions = sorted_questions()
    if parser.parse_args().write:
        (SEARCH_DATA / POINTS).write_text(text_of(learn(questions)), encoding="utf-8")
        return
    scored = []
    for file in sorted({one.file for one in questions}):
        points = learn([one for one in questions if one.file != file])
        judged = [(points_of(one.asked, points), one.is_ours) for one in questions if one.file == file]
        scored += judged
        if len({is_ours for _, is_ours in judged}) == 2:
            print(f"{file}: {apart(judged):.2f}")
    print(f"all: {apart(scored):.3f} of {len(scored)}")


if __name__ == "__main__":
    main()
