"""Prometheus, Alertmanager and what stands around them, each on a free port and with its files in a folder."""

import contextlib
import http.server
import json
import pathlib
import subprocess
import threading
import time
from collections.abc import Callable

import requests

from . import tools
from .server import free_port

PROMETHEUS = "/usr/bin/prometheus"
PROMTOOL = "/usr/bin/promtool"
ALERTMANAGER = "/usr/bin/prometheus-alertmanager"
START_SECONDS = 30
WAIT_SECONDS = 30


def wait_for(what: str, condition: Callable[[], object], seconds: float = WAIT_SECONDS):
    """The first answer of `condition` that is true."""
    deadline = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        assert time.monotonic() < deadline, f"not in {seconds} s: {what}"
        time.sleep(0.05)


def promtool(*arguments: str | pathlib.Path, text: str | None = None) -> subprocess.CompletedProcess:
    tools.need_file(PROMTOOL, "promtool")
    return subprocess.run([PROMTOOL, *map(str, arguments)], input=text, capture_output=True, text=True, timeout=60)


class Program:
    """A program that answers at `/-/ready`."""

    def __init__(self, folder: pathlib.Path, name: str, command: list[str]):
        self.port = free_port()
        self.log = folder / f"{name}.log"
        self.command = [part.replace("PORT", str(self.port)) for part in command]
        self.process: subprocess.Popen | None = None

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self):
        tools.need_file(self.command[0], self.command[0])
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            assert self.process.poll() is None, f"it ended at once:\n{self.log.read_text()}"
            with contextlib.suppress(requests.ConnectionError):
                if requests.get(f"{self.origin}/-/ready", timeout=5).status_code == 200:
                    return self
            time.sleep(0.05)
        raise AssertionError(f"it did not answer in {START_SECONDS} s:\n{self.log.read_text()}")

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()


class Prometheus(Program):
    def __init__(self, folder: pathlib.Path, config: dict, *features: str):
        folder.mkdir(parents=True, exist_ok=True)
        # JSON is YAML.
        (folder / "prometheus.yml").write_text(json.dumps(config))
        super().__init__(folder, "prometheus", [
            PROMETHEUS, f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/tsdb",
            "--web.listen-address=127.0.0.1:PORT", "--log.level=warn", *(f"--enable-feature={name}" for name in features)])

    def query(self, expression: str) -> list[dict]:
        answer = requests.get(f"{self.origin}/api/v1/query", params={"query": expression}, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]["result"]

    def value(self, expression: str) -> float | None:
        """The only value of an expression."""
        found = self.query(expression)
        assert len(found) <= 1, found
        return float(found[0]["value"][1]) if found else None

    def get(self, path: str) -> dict:
        return requests.get(f"{self.origin}{path}", timeout=10).json()["data"]


class Alertmanager(Program):
    """Hands every alert on to `webhook` at once."""

    def __init__(self, folder: pathlib.Path, webhook: str):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "alertmanager.yml").write_text(json.dumps({
            "route": {"receiver": "listener", "group_wait": "0s", "group_interval": "1s"},
            "receivers": [{"name": "listener", "webhook_configs": [{"url": webhook}]}]}))
        super().__init__(folder, "alertmanager", [
            ALERTMANAGER, f"--config.file={folder}/alertmanager.yml", f"--storage.path={folder}/alertmanager",
            "--web.listen-address=127.0.0.1:PORT", "--cluster.listen-address=", "--log.level=warn"])


class Listener:
    """Keeps what is posted to it."""

    def __init__(self):
        self.bodies: list[dict] = []
        listener = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                listener.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.service = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.service.server_port}/"

    def __enter__(self) -> "Listener":
        threading.Thread(target=self.service.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.service.shutdown()
        self.service.server_close()


class Preference:
    """Passes scrapes on with an `Accept` of its own: this Prometheus cannot be told which form to ask for."""

    def __init__(self, target: str, accept: str):
        self.types: list[str] = []
        preference = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                headers = {"Accept": accept, "Authorization": self.headers.get("Authorization", "")}
                answer = requests.get(target, headers=headers, timeout=10)
                preference.types.append(answer.headers["Content-Type"])
                self.send_response(answer.status_code)
                self.send_header("Content-Type", answer.headers["Content-Type"])
                self.send_header("Content-Length", str(len(answer.content)))
                self.end_headers()
                self.wfile.write(answer.content)

            def log_message(self, *_: object) -> None:
                pass

        self.service = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self.service.server_port}"

    def __enter__(self) -> "Preference":
        threading.Thread(target=self.service.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.service.shutdown()
        self.service.server_close()
