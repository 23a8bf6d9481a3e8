"""Where the programs are that the tests run, and what happens when one is missing."""

import os
import pathlib

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[3]
SCRIPTS = ROOT / "scripts"
CHERRY = pathlib.Path(os.environ.get("CHERRY_BIN", ROOT / ".build/debug/cherry"))
SCRIPTED_PROVIDER = pathlib.Path(os.environ.get("CHERRY_TEST_PROVIDER", CHERRY.parent / "ScriptedProvider"))
LOAD_GENERATOR = CHERRY.parent / "LoadGenerator"
WEB_ROOT = pathlib.Path(os.environ.get("CHERRY_WEB_ROOT", ROOT / "web/dist"))
CHROMIUM = pathlib.Path("/usr/bin/chromium")
LOCAL_SERVER = os.environ.get("CHERRY_TEST_LLAMA_SERVER", "")
LOCAL_MODEL = os.environ.get("CHERRY_TEST_MODEL", "")
IN_CI = bool(os.environ.get("CI"))


def missing(what: str) -> None:
    """Skips a test that lacks what it needs; in continuous integration that is a failure."""
    message = f"{what} is missing; 'make test' brings it"
    if IN_CI:
        pytest.fail(message)
    pytest.skip(message)


def need_file(path: str | os.PathLike, what: str) -> None:
    if not path or not os.path.exists(path):
        missing(what)


def need_root() -> None:
    if os.geteuid() != 0:
        missing("root, which this test uses to make a namespace or a file system of its own,")
