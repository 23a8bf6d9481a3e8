"""Measures what watching costs. Usage: observability.py [cost] [journal] [metrics]

The programs must have been built for release: see scripts/bench-observability.sh."""

import pathlib
import platform
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Tests/EndToEnd"))

import cost  # noqa: E402
import journal  # noqa: E402
import load  # noqa: E402
import metrics  # noqa: E402
from figures import table  # noqa: E402

BENCHMARKS = {"cost": cost.measure, "journal": journal.measure, "metrics": metrics.measure}


def main() -> None:
    chosen = sys.argv[1:] or list(BENCHMARKS)
    unknown = [name for name in chosen if name not in BENCHMARKS]
    if unknown:
        raise SystemExit(f"There is no benchmark called {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}.")
    load.allow_many_files()
    figures = []
    with tempfile.TemporaryDirectory(prefix="cherry-bench-") as folder:
        for name in chosen:
            print(f"==> Measuring: {name}", flush=True)
            place = pathlib.Path(folder) / name
            place.mkdir()
            figures += BENCHMARKS[name](place)
    print(f"\n{platform.platform()}, {platform.machine()}\n")
    print(table(figures))
    print()
    for figure in figures:
        print(figure.line())


if __name__ == "__main__":
    main()
