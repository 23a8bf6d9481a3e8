"""What a benchmark measured, and how it is printed."""

import dataclasses
import json
import pathlib
import platform
import statistics
import sys
import tempfile
from collections.abc import Callable


@dataclasses.dataclass(frozen=True)
class Figure:
    """One measured figure. `goal` is a limit: an upper one, or a lower one for what should be high."""

    name: str
    value: float
    unit: str
    goal: float | None = None
    higher_is_better: bool = False
    peer: str | None = None
    peer_value: float | None = None
    note: str = ""

    @property
    def ok(self) -> bool | None:
        if self.goal is None:
            return None
        return self.value >= self.goal if self.higher_is_better else self.value < self.goal

    def row(self) -> list[str]:
        sign = "≥" if self.higher_is_better else "<"
        goal = "" if self.goal is None else f"{sign} {self.goal:g} {self.unit}"
        peer = "" if self.peer is None else f"{self.peer}: {self.peer_value:.4g} {self.unit}"
        verdict = {None: "", True: "yes", False: "NO"}[self.ok]
        return [self.name, f"{self.value:.4g} {self.unit}", goal, verdict, peer, self.note]

    def line(self) -> str:
        peer = None if self.peer is None else {"name": self.peer, "value": round(self.peer_value, 4)}
        fields = {"name": self.name, "value": round(self.value, 4), "unit": self.unit, "goal": self.goal, "ok": self.ok,
                  "peer": peer}
        return "RESULT " + json.dumps(fields, ensure_ascii=False)


def percentile(values: list[float], part: float) -> float:
    """The value below which `part` of the values lie, between 0 and 1."""
    return statistics.quantiles(values, n=1000, method="inclusive")[round(part * 1000) - 1]


def run(benchmarks: dict[str, Callable[[pathlib.Path], list[Figure]]]) -> None:
    """Measures what the arguments name, everything without any, each in an empty folder, and prints what came out."""
    chosen = sys.argv[1:] or list(benchmarks)
    unknown = [name for name in chosen if name not in benchmarks]
    if unknown:
        raise SystemExit(f"There is no benchmark called {', '.join(unknown)}; there are {', '.join(benchmarks)}.")
    figures = []
    with tempfile.TemporaryDirectory(prefix="cherry-bench-") as folder:
        for name in chosen:
            print(f"==> Measuring: {name}", flush=True)
            place = pathlib.Path(folder) / name
            place.mkdir()
            figures += benchmarks[name](place)
    report(figures)


def report(figures: list[Figure]) -> None:
    """Prints the machine, a table, and a line for each figure."""
    print(f"\n{platform.platform()}, {platform.machine()}\n")
    print(table(figures))
    print()
    for figure in figures:
        print(figure.line())


def table(figures: list[Figure]) -> str:
    rows = [["figure", "measured", "goal", "met", "peer in the same run", "note"], *(figure.row() for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows)
