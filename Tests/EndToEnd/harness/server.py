"""The real server as a process."""

import contextlib
import os
import pathlib
import signal
import socket
import subprocess
import time

import requests

from . import tools

START_SECONDS = 30
STOP_SECONDS = 20


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """`cherry serve` on a data folder. Its output goes to a file, so that nothing blocks and a test can read it."""

    def __init__(self, folder: pathlib.Path, **settings: str):
        self.folder = folder
        self.data = folder / "data"
        self.log = folder / "server.log"
        self.port = free_port()
        self.settings = settings
        self.process: subprocess.Popen | None = None
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def program(self) -> str:
        return str(tools.CHERRY)

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        local = {"CHERRY_LOCAL_SERVER": tools.LOCAL_SERVER, "CHERRY_LOCAL_MODEL": tools.LOCAL_MODEL}
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "LANG": "C.UTF-8",
            "CHERRY_DATA": str(self.data),
            "CHERRY_PORT": str(self.port),
            "CHERRY_WEB_ROOT": str(tools.WEB_ROOT),
            **(local if all(local.values()) else {}),
            **self.settings,
        }

    def __enter__(self) -> "Server":
        return self.start()

    def __exit__(self, *failure: object) -> None:
        self.kill()

    def launch(self) -> None:
        """Starts the process without waiting for it."""
        tools.need_file(tools.CHERRY, f"the program {tools.CHERRY}")
        assert self.process is None, "the server runs already"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [self.program, "serve"],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def start(self) -> "Server":
        self.launch()
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise AssertionError(f"the server ended at once with {self.process.returncode}:\n{self.output()}")
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                if requests.get(f"{self.origin}/livez", timeout=5).status_code == 200:
                    return self
            time.sleep(0.01)
        raise AssertionError(f"the server did not answer in {START_SECONDS} s:\n{self.output()}")

    def wait(self, seconds: float = STOP_SECONDS) -> int:
        """Waits until the process ends by itself; returns its exit code."""
        code = self.process.wait(seconds)
        self.process = None
        return code

    def stop(self) -> int | None:
        """Asks the server to end, as Ctrl-C does, and waits for it."""
        if self.process is None:
            return None
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.wait()
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"the server did not end in {STOP_SECONDS} s:\n{self.output()}") from None

    def kill(self) -> None:
        """Ends the server as a power cut would: at once, with no chance to write anything."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def output(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""
