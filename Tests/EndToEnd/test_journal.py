"""The journal is killed 500 times, and every system call that it makes is made to fail: its ledger adds up each time."""

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
LONGEST_LIFE_SECONDS = 0.2
CALLS = ["write", "pwrite64", "fdatasync", "fsync", "openat", "rename", "ftruncate", "fallocate", "unlink", "pread64"]
# A call that stays away for so many runs is not made any more.
PATIENCE = 2


@pytest.mark.timeout(900)
def test_what_was_acknowledged_survives_every_kill(tmp_path: pathlib.Path):
    print(f"CHERRY_KILL_SEED={SEED}")
    chance = random.Random(SEED)
    story = Story()
    killed_while_appending = 0
    for number in range(ROUNDS):
        process = journal.start("endure", tmp_path, number)
        time.sleep(chance.uniform(0, LONGEST_LIFE_SECONDS))
        process.kill()
        output, _ = process.communicate()
        assert process.returncode == -9, output[-300:]
        killed_while_appending += "tried" in story.read(output)
    output, status = journal.run("drain", tmp_path)
    assert status == 0, output[-300:]
    assert "drained" in story.read(output)
    story.check()
    ledger = story.reports[-1]["all"]
    assert len(story.kept) <= ledger.produced <= len(story.tried)
    assert not story.errors, story.errors
    assert killed_while_appending > ROUNDS / 4
    twice = sum(count - 1 for count in story.received["all"].values())
    print(f"{ledger.produced} records, {killed_while_appending} kills while appending, {twice} came twice")


def inject(folder: pathlib.Path, call: str, error: str, when: str) -> tuple[str, int, bool]:
    """Takes the driver's steps with one system call failing; returns what it printed, its status, whether one failed.

    Calls are counted in each thread, so several may fail. The status is 0 where it is not the driver that ended it: the
    loader and libdispatch do not live on without their own files.
    """
    trace = folder / "trace"
    command = ["strace", "-f", "-qq", "-o", str(trace), "-e", f"trace={call}", "-e", f"inject={call}:error={error}:when={when}"]
    output, status = journal.run("steps", folder, 1, before=command)
    failures = [line for line in trace.read_text().splitlines() if "(INJECTED)" in line]
    if status in (-4, 127) and any("/proc/" in line or ".so" in line or call == "pread64" for line in failures):
        status = 0
    return output, status, bool(failures)


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("error", ["ENOSPC", "EIO"])
@pytest.mark.parametrize("call", CALLS)
def test_the_ledger_adds_up_whichever_call_fails(tmp_path: pathlib.Path, call: str, error: str):
    tools.need_file(shutil.which("strace"), "strace")
    away, number, failed = 0, 0, 0
    while away < PATIENCE:
        number += 1
        folder = tmp_path / f"{number}"
        folder.mkdir()
        output, status, is_injected = inject(folder, call, error, str(number))
        away = 0 if is_injected else away + 1
        failed += is_injected
        where = f"{call} number {number} fails with {error}"
        assert status in (0, 1), f"{where}: {status} {output[-300:]}"
        story = Story()
        story.read(output)
        if (folder / "journal").exists():
            drained, status = journal.run("drain", folder, 2)
            assert status == 0, f"{where}: {drained[-300:]}"
            story.read(drained)
            story.check()
        shutil.rmtree(folder)
    assert failed > 0 or call in ("write", "fallocate"), "the call is never made"


@pytest.mark.timeout(600)
@pytest.mark.parametrize("call", ["pwrite64", "fdatasync", "fallocate", "openat"])
def test_a_disk_that_fails_for_good_ends_in_errors_and_not_in_loss(tmp_path: pathlib.Path, call: str):
    tools.need_file(shutil.which("strace"), "strace")
    for number in range(1, 60, 7):
        folder = tmp_path / f"{number}"
        folder.mkdir()
        output, status, _ = inject(folder, call, "EIO", f"{number}+")
        assert status in (0, 1), f"{status} {output[-300:]}"
        story = Story()
        story.read(output)
        if (folder / "journal").exists():
            drained, status = journal.run("drain", folder, 2)
            assert status == 0, drained[-300:]
            story.read(drained)
            story.check()
