"""Drives the load generator, and watches what a process takes meanwhile."""

import contextlib
import json
import os
import pathlib
import resource
import subprocess
import threading
import time
from collections.abc import Iterator

from harness import tools

SAMPLE_SECONDS = 0.05
TICKS = os.sysconf("SC_CLK_TCK")


def cores() -> tuple[int, int]:
    """The core of the gateway under test, and the core of everything else."""
    usable = sorted(os.sched_getaffinity(0))
    return usable[0], usable[-1]


@contextlib.contextmanager
def pinned(core: int) -> Iterator[None]:
    """Lets processes that are started within run on one core only."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def allow_many_files() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def family(pid: int) -> list[int]:
    """A process and all that it started."""
    found = [pid]
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += family(int(child))
    return found


def resident(pid: int) -> float:
    """Megabytes that are resident, of the process and all that it started."""
    pages = sum(int(pathlib.Path(f"/proc/{each}/statm").read_text().split()[1]) for each in family(pid))
    return pages * resource.getpagesize() / 1e6


def processor_seconds(pid: int) -> float:
    total = 0
    for each in family(pid):
        fields = pathlib.Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


class Watch:
    """Notes what a process holds, from time to time."""

    def __init__(self, pid: int):
        self.pid = pid
        self.memory: list[float] = []
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def run(self) -> None:
        while not self.stopped.wait(SAMPLE_SECONDS):
            self.memory.append(resident(self.pid))

    def __enter__(self) -> "Watch":
        self.memory.append(resident(self.pid))
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        self.thread.join()


class LoadGenerator:
    """One process that takes one job after another."""

    def __enter__(self) -> "LoadGenerator":
        self.process = subprocess.Popen([tools.LOAD_GENERATOR], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        return self

    def __exit__(self, *_: object) -> None:
        self.process.stdin.close()
        self.process.wait(20)
        self.process.stdout.close()

    def run(self, *, port: int, path: str, headers: dict[str, str], body: dict, **options: object) -> dict:
        """Performs a job and returns what it measured. Members are those of the load generator."""
        job = {"port": port, "path": path, "headers": headers, "body": json.dumps(body), **options}
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, "the load generator ended"
        return json.loads(line)


def wait_for(what: str, condition, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not come up in {seconds} s"
        time.sleep(0.05)
