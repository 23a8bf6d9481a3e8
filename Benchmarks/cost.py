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

ROUNDS = 7
SECONDS = 2.0
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


class Unwatched(gateways.Bridge):
    """Neither figures, nor a trace, nor anything that leaves; lines on standard error as ever."""

    name = "unwatched"


class Watched(gateways.Bridge):
    """Figures are kept; the log goes to Loki, traces to OTLP, errors to Sentry."""

    name = "watched"

    def __init__(self, service: ScriptedService, folder: pathlib.Path):
        super().__init__(service, folder)
        self.settings = {"CHERRY_METRICS_ADDRESS": f"127.0.0.1:{free_port()}"}

    def prepare(self, client: Client) -> None:
        port = free_port()
        self.sink = multiprocessing.get_context("fork").Process(target=serve, args=(port,), daemon=True)
        self.sink.start()
        load.wait_for("the sink", lambda: gateways.listens(port), 10)
        origin = f"http://127.0.0.1:{port}"
        for kind, values in (("loki", {"url": origin}), ("otlp", {"url": origin}),
                             ("sentry", {"dsn": f"http://{'a' * 32}@127.0.0.1:{port}/1"})):
            answer = client.request("PATCH", f"/api/v1/telemetry/{kind}", json={"values": {**values, "private": "yes"}})
            assert answer.status_code == 200, answer.text

    def stop(self) -> None:
        super().stop()
        os.kill(self.sink.pid, signal.SIGKILL)
        self.sink.join()


def measure(folder: pathlib.Path) -> list[Figure]:
    for_gateway, for_rest = load.cores()
    results: dict[str, list[dict]] = {}
    with load.pinned(for_rest), ScriptedService() as service, load.LoadGenerator() as generator:
        running = [kind(service, folder) for kind in (Unwatched, Watched)]
        started = []
        try:
            for gateway in running:
                with load.pinned(for_gateway):
                    gateway.start()
                started.append(gateway)
            for number in range(ROUNDS):
                for gateway in running if number % 2 else reversed(running):
                    before = load.processor_seconds(gateway.pid)
                    result = generator.run(port=gateway.port, path=gateway.path, headers=gateway.headers,
                                           body=body(WHOLE, streamed=False, model=gateway.model), concurrency=32,
                                           seconds=SECONDS, warmup=0.3)
                    assert not result["errors"], result["errors"]
                    result["processor"] = (load.processor_seconds(gateway.pid) - before) / (result["seconds"] + 0.3)
                    result["memory"] = load.resident(gateway.pid)
                    results.setdefault(gateway.name, []).append(result)
        finally:
            for gateway in started:
                gateway.stop()

    def median(name: str, value) -> float:
        return statistics.median(value(each) for each in results[name])

    lost = [(1 - on["perSecond"] / off["perSecond"]) * 100 for on, off in zip(results["watched"], results["unwatched"])]
    busy = {name: median(name, lambda each: each["processor"] / each["perSecond"] * 1e6) for name in results}
    return [
        Figure("requests/s, watched", median("watched", lambda each: each["perSecond"]), "1/s", peer="unwatched",
               peer_value=median("unwatched", lambda each: each["perSecond"])),
        Figure("requests/s that watching costs", statistics.median(lost), "%", GOAL_PERCENT,
               note=f"{min(lost):.1f} to {max(lost):.1f} in {ROUNDS} rounds"),
        Figure("processor time of a request, watched", busy["watched"], "µs", peer="unwatched", peer_value=busy["unwatched"]),
        Figure("resident memory, watched", median("watched", lambda each: each["memory"]), "MB", peer="unwatched",
               peer_value=median("unwatched", lambda each: each["memory"])),
    ]
