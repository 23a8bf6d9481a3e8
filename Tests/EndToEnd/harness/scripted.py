"""The scripted provider as a process: a language-model service that says and misbehaves as a script tells it to."""

import json
import subprocess
import time
from collections.abc import Callable

import requests

from . import tools

MARKER = "SCRIPT:"
WAIT_SECONDS = 10


def asking(script: dict, words: str = "Say it.") -> str:
    """A user's message that carries a script."""
    return f"{words} {MARKER}{json.dumps(script, ensure_ascii=False)}"


class ScriptedService:
    """Runs for as long as the block."""

    def __init__(self, *, threads: int = 1, prefix: list[str] | None = None):
        self.command = [*(prefix or []), str(tools.SCRIPTED_PROVIDER), "--threads", str(threads)]
        self.process: subprocess.Popen | None = None
        self.port = 0
        self.session = requests.Session()
        self.session.trust_env = False

    def __enter__(self) -> "ScriptedService":
        tools.need_file(tools.SCRIPTED_PROVIDER, "ScriptedProvider")
        self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        first = self.process.stdout.readline().split()
        assert first[:1] == ["LISTENING"], f"the scripted provider said {first}"
        self.port = int(first[1])
        return self

    def __exit__(self, *_: object) -> None:
        self.session.close()
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def use(self, script: dict) -> None:
        """What is said to requests that carry no script."""
        response = self.session.put(f"{self.origin}/script", json=script, timeout=WAIT_SECONDS)
        assert response.status_code == 200, response.text

    def report(self, identity: str) -> dict:
        """What happened to the requests of a script."""
        return self.session.get(f"{self.origin}/report/{identity}", timeout=WAIT_SECONDS).json()

    def summary(self) -> dict:
        return self.session.get(f"{self.origin}/report", timeout=WAIT_SECONDS).json()

    def forget(self) -> None:
        self.session.delete(f"{self.origin}/report", timeout=WAIT_SECONDS)

    def wait_for(self, identity: str, condition: Callable[[dict], bool]) -> dict:
        """The first report that is as wanted."""
        deadline = time.monotonic() + WAIT_SECONDS
        while True:
            report = self.report(identity)
            if condition(report):
                return report
            assert time.monotonic() < deadline, f"not in {WAIT_SECONDS} s: {report}"
            time.sleep(0.002)
