"""What the measurements share: the CPU time and memory of processes, and tables."""

from collections.abc import Iterable, Sequence
from pathlib import Path


def cpu_seconds(processes: Iterable[int]) -> float:
    """CPU time of these processes since they began, to the nanosecond, as the kernel counts it."""
    tasks = [task for pid in processes for task in Path(f"/proc/{pid}/task").iterdir()]
    return sum(int((task / "schedstat").read_text(encoding="ascii").split()[0]) for task in tasks) / 1e9


def most_mib(process: int | str = "self") -> float:
    """The most memory that a program had so far; 0 once it ended.

    What getrusage says begins with what the program had that started it.
    """
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM:")), 0)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown; the first column is text, the others are numbers."""
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
