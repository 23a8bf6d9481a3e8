"""The journal is killed 500 times, and every system call that it makes is made to fail: its ledger adds up each time."""

import concurrent.futures
import os
import pathlib
import random
import shutil
import time

import pytest

from harness import journal, tools
from harness.journal import Story

ROUNDS = int(os.environ.get("CHERRY_JOURNAL_KILLS", 500))
SEED = int(os.environ.get("CHERRY_KILL_SEED", random.SystemRandom().randrange(1 << 32)))
LIFE_SECONDS = 0.2
# Most of a life is waiting for the disk and for its end: two at a time, each on a journal of its own.
AT_A_TIME = 2
CALLS = ["write", "pwrite64", "fdatasync", "fsync", "openat", "rename", "ftruncate", "fallocate", "unlink", "pread64"]
# More than the driver's steps ever make.
SEGMENTS = 20
FILES = [
    "state", "state.new", *(f"quarantine-{number}" for number in range(SEGMENTS)),
    *(f"{kind}-{number:016x}" for kind in ("essential", "expendable") for number in range(1, SEGMENTS)),
]


def longest_life(folder: pathlib.Path) -> float:
    """Seconds in which the driver gets to append on this machine, however busy it is."""
    folder.mkdir()
    started = time.monotonic()
    process = journal.start("endure", folder)
    while process.stdout.readline() != "begun\n":
        assert process.poll() is None
    seconds = time.monotonic() - started
    process.kill()
    process.communicate()
    return max(LIFE_SECONDS, 4 * seconds)


def live_and_die(folder: pathlib.Path, rounds: int, longest: float) -> tuple[Story, int]:
    """Kills the driver again and again on one folder; returns its story and how many kills came while it appended."""
    folder.mkdir()
    chance = random.Random(f"{SEED} {folder.name}")
    story = Story()
    killed_while_appending = 0
    for number in range(rounds):
        process = journal.start("endure", folder, number)
        time.sleep(chance.uniform(0, longest))
        process.kill()
        output, _ = process.communicate()
        assert process.returncode == -9, output[-300:]
        killed_while_appending += "tried" in story.read(output)
    output, status = journal.run("drain", folder)
    assert status == 0, output[-300:]
    assert "drained" in story.read(output)
    return story, killed_while_appending


@pytest.mark.timeout(900)
def test_what_was_acknowledged_survives_every_kill(tmp_path: pathlib.Path):
    print(f"CHERRY_KILL_SEED={SEED}")
    longest = longest_life(tmp_path / "first")
    with concurrent.futures.ThreadPoolExecutor(AT_A_TIME) as pool:
        folders = [tmp_path / f"{side}" for side in range(AT_A_TIME)]
        lives = list(pool.map(live_and_die, folders, [ROUNDS // AT_A_TIME] * AT_A_TIME, [longest] * AT_A_TIME))
    for story, _ in lives:
        story.check()
        ledger = story.reports[-1]["all"]
        assert len(story.kept) <= ledger.produced <= len(story.tried)
        assert not story.errors, story.errors
        twice = sum(count - 1 for count in story.received["all"].values())
        print(f"{ledger.produced} records, {twice} came twice")
    assert sum(killed for _, killed in lives) > ROUNDS / 4


def steps_with(folder: pathlib.Path, call: str, error: str, when: str) -> bool:
    """Takes the driver's steps with a system call failing on the journal's files and the key's, and checks that nothing
    is lost by it; returns whether one failed. Calls are counted in each thread, so several may fail.
    """
    tools.need_file(shutil.which("strace"), "strace")
    folder.mkdir()
    own, key = folder / "journal", folder / "key"
    # The system calls of the loader and of libdispatch are let be: no program lives on without its libraries.
    paths = [own, key, key / "operations.key", f"{own}/../key", f"{own}/../key/operations.key", *(own / name for name in FILES)]
    trace = folder / "trace"
    command = ["strace", "-f", "--seccomp-bpf", "-qq", "-o", str(trace), *(part for path in paths for part in ("-P", str(path)))]
    command += ["-e", f"trace={call}", "-e", f"inject={call}:error={error}:when={when}"]
    output, status = journal.run("steps", folder, 1, before=command)
    where = f"{call} number {when} fails with {error}"
    assert status in (0, 1), f"{where}: {status} {output[-300:]}"
    story = Story()
    story.read(output)
    if own.exists():
        unknown = {file.name for file in own.iterdir()} - set(FILES)
        assert not unknown, f"calls on {unknown} were not made to fail"
        drained, status = journal.run("drain", folder, 2)
        assert status == 0, f"{where}: {drained[-300:]}"
        story.read(drained)
        story.check()
    is_injected = "(INJECTED)" in trace.read_text()
    shutil.rmtree(folder)
    return is_injected


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("error", ["ENOSPC", "EIO"])
@pytest.mark.parametrize("call", CALLS)
def test_the_ledger_adds_up_whichever_call_fails(tmp_path: pathlib.Path, call: str, error: str):
    def fails(number: int) -> bool:
        return steps_with(tmp_path / f"{number}", call, error, f"{number}")

    number, failed = 1, 0
    with concurrent.futures.ThreadPoolExecutor(AT_A_TIME) as pool:
        # When no call of so many runs in a row failed, there is none with such a number.
        while injected := sum(pool.map(fails, range(number, number + AT_A_TIME))):
            failed += injected
            number += AT_A_TIME
    assert failed > 0, "the call is never made"


@pytest.mark.timeout(600)
@pytest.mark.parametrize("call", ["pwrite64", "fdatasync", "fallocate", "openat"])
def test_a_disk_that_fails_for_good_ends_in_errors_and_not_in_loss(tmp_path: pathlib.Path, call: str):
    failed = [steps_with(tmp_path / f"{number}", call, "EIO", f"{number}+") for number in range(1, 60, 7)]
    assert any(failed), "the call is never made"
