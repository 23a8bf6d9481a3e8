"""What watching costs the Bridge: requests through it with all of it on, beside the same without any of it."""

import http.server
import multiprocessing
import os
import pathlib
import signal
import statistics

import gateways
import load
from bridge import WHOLE, body
from figures import Figure
from harness.client import Client
from harness.scripted import ScriptedService
from harness.server import free_port

PROCESSES = 4
ROUNDS = 10
SECONDS = 2.0
WARMUP = 0.5
GOAL_PERCENT = 3


class Sink(http.server.BaseHTTPRequestHandler):
    """Takes whatever Loki, an OTLP collector or Sentry is sent, and says so."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:  # noqa: N802
        self.rfile.read(int(self.headers["Content-Length"]))
        is_loki = self.path.startswith("/loki")
        answer = b"" if is_loki else b"{}"
        self.send_response(204 if is_loki else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


def serve(port: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    http.server.ThreadingHTTPServer(("127.0.0.1", port), Sink).serve_forever()


class Watchable(gateways.Bridge):
    """Figures are kept in memory, and lines written to standard error, as ever. The rest can be turned on and off: the log
    to Loki, traces to OTLP, errors and transactions to Sentry."""

    name = "bridge"

    def __init__(self, service: ScriptedService, folder: pathlib.Path):
        super().__init__(service, folder)
        self.settings = {"CHERRY_METRICS_ADDRESS": f"127.0.0.1:{free_port()}"}

    def prepare(self, client: Client) -> None:
        self.client = client
        port = free_port()
        self.sink = multiprocessing.get_context("fork").Process(target=serve, args=(port,), daemon=True)
        with load.pinned(load.cores()[1]):  # those who are told are somewhere else
            self.sink.start()
        load.wait_for("the sink", lambda: gateways.listens(port), 10)
        origin = f"http://127.0.0.1:{port}"
        self.targets = {"loki": {"url": origin}, "otlp": {"url": origin},
                        "sentry": {"dsn": f"http://{'a' * 32}@127.0.0.1:{port}/1", "traces": "1"}}

    def watch(self, on: bool) -> None:
        """Turns all of it on or off."""
        for kind, values in self.targets.items():
            path = f"/api/v1/telemetry/{kind}"
            if on:
                answer = self.client.request("PATCH", path, json={"values": {**values, "private": "yes"}})
            else:
                answer = self.client.request("DELETE", path)
            assert answer.ok, answer.text

    def stop(self) -> None:
        super().stop()
        os.kill(self.sink.pid, signal.SIGKILL)
        self.sink.join()


def window(gateway: Watchable, generator: load.LoadGenerator) -> dict:
    before = load.processor_seconds(gateway.pid)
    result = generator.run(port=gateway.port, path=gateway.path, headers=gateway.headers,
                           body=body(WHOLE, streamed=False, model=gateway.model), concurrency=32, seconds=SECONDS,
                           warmup=WARMUP)
    assert not result["errors"], result["errors"]
    busy = (load.processor_seconds(gateway.pid) - before) / (result["seconds"] + WARMUP)
    return {"rate": result["perSecond"], "busy": busy / result["perSecond"] * 1e6, "memory": load.resident(gateway.pid)}


def measure(folder: pathlib.Path) -> list[Figure]:
    """Two processes of one program differ by a tenth and more, by nothing but where their memory lies; so each is compared
    with itself, now watched and now not."""
    for_gateway, for_rest = load.cores()
    watched, unwatched, lost = [], [], []
    with load.pinned(for_rest), ScriptedService() as service, load.LoadGenerator() as generator:
        for number in range(PROCESSES):
            gateway = Watchable(service, folder / f"{number}")
            with load.pinned(for_gateway):
                gateway.start()
            try:
                window(gateway, generator)  # finds its caches cold
                for turn in range(ROUNDS):
                    pair = {}
                    for on in (True, False) if turn % 2 else (False, True):
                        if on:
                            gateway.watch(True)
                        pair[on] = window(gateway, generator)
                        if on:
                            gateway.watch(False)
                    watched.append(pair[True])
                    unwatched.append(pair[False])
                    lost.append((1 - pair[True]["rate"] / pair[False]["rate"]) * 100)
            finally:
                gateway.stop()

    def both(name: str, what: str, unit: str) -> Figure:
        on, off = (statistics.median(each[what] for each in rounds) for rounds in (watched, unwatched))
        return Figure(name, on, unit, peer="unwatched", peer_value=off)

    low, _, high = statistics.quantiles(lost, n=4)
    return [
        both("requests/s, watched", "rate", "1/s"),
        Figure("requests/s that watching costs", statistics.median(lost), "%", GOAL_PERCENT,
               note=f"half of {len(lost)} pairs lie between {low:.1f} and {high:.1f}"),
        both("processor time of a request, watched", "busy", "µs"),
        both("resident memory, watched", "memory", "MB"),
    ]
