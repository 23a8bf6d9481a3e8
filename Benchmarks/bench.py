"""Measures what the README promises. Usage: bench.py [start] [search] [browser]"""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Tests/EndToEnd"))

import browser  # noqa: E402
import search  # noqa: E402
import start  # noqa: E402
from figures import run  # noqa: E402

if __name__ == "__main__":
    run({"start": start.measure, "search": search.measure, "browser": browser.measure})
