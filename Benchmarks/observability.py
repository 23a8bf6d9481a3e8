"""Measures what watching costs. Usage: observability.py [metrics]"""

import pathlib
import platform
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Tests/EndToEnd"))

import metrics  # noqa: E402
from figures import table  # noqa: E402

BENCHMARKS = {"metrics": metrics.measure}


def main() -> None:
    chosen = sys.argv[1:] or list(BENCHMARKS)
    unknown = [name for name in chosen if name not in BENCHMARKS]
    if unknown:
        raise SystemExit(f"There is no benchmark called {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}.")
    figures = []
    with tempfile.TemporaryDirectory(prefix="cherry-bench-") as folder:
        for name in chosen:
            print(f"==> Measuring: {name}", flush=True)
            figures += BENCHMARKS[name](pathlib.Path(folder))
    print(f"\n{platform.platform()}, {platform.machine()}\n")
    print(table(figures))
    print()
    for figure in figures:
        print(figure.line())


if __name__ == "__main__":
    main()
