"""What the measurements share: the CPU time of processes, and tables."""

from collections.abc import Iterable, Sequence
from pathlib import Path


def cpu_seconds(processes: Iterable[int]) -> float:
    """CPU time of these processes since they began, to the nanosecond, as the kernel counts it."""
    tasks = [task for pid in processes for task in Path(f"/proc/{pid}/task").iterdir()]
    return sum(int((task / "schedstat").read_text(encoding="ascii").split()[0]) for task in tasks) / 1e9


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown; the first column is text, the others are numbers."""
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
