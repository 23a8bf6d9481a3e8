"""Measures what watching costs. Usage: observability.py [cost] [journal] [metrics]

The programs must have been built for release: see scripts/bench-observability.sh."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Tests/EndToEnd"))

import cost  # noqa: E402
import journal  # noqa: E402
import load  # noqa: E402
import metrics  # noqa: E402
from figures import run  # noqa: E402

if __name__ == "__main__":
    load.allow_many_files()
    run({"cost": cost.measure, "journal": journal.measure, "metrics": metrics.measure})
