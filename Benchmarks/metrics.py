"""What figures cost: to expose 10,000 series, beside Prometheus' own client for Python, and to record one."""

import json
import pathlib
import statistics
import subprocess
import time

import requests
from prometheus_client import CollectorRegistry, Counter, generate_latest
from prometheus_client.openmetrics.exposition import generate_latest as generate_openmetrics

from figures import Figure
from harness import tools
from harness.client import Client
from harness.command import CommandLine
from harness.server import Server, free_port

SERIES = 10_000
GOAL_MILLISECONDS = 20
ROUNDS = 20
YARDSTICK = tools.CHERRY.parent / "MetricsYardstick"


def peer(generate) -> float:
    """Milliseconds that the client for Python takes for the same series, the median."""
    registry = CollectorRegistry()
    counter = Counter("bench_requests", "Requests that were answered.", ["route", "shard"], registry=registry)
    for route in range(SERIES // 100):
        for shard in range(100):
            counter.labels(f"/api/v1/route{route}", f"shard{shard}").inc(route * 1000 + shard)
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        generate(registry)
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def scrapes(folder: pathlib.Path) -> Figure:
    """A whole scrape of a real server, as many series as it has."""
    address = f"127.0.0.1:{free_port()}"
    with Server(folder / "metrics", CHERRY_METRICS_ADDRESS=address) as server:
        token = CommandLine(server).ok("metrics", "token").strip()
        Client(server.origin).set_up()
        times = []
        with requests.Session() as session:
            session.trust_env = False
            session.headers.update({"Authorization": f"Bearer {token}", "Accept": "application/openmetrics-text"})
            for _ in range(ROUNDS):
                started = time.perf_counter()
                answer = session.get(f"http://{address}/metrics", timeout=10)
                times.append((time.perf_counter() - started) * 1000)
                assert answer.status_code == 200
        lines = sum(not line.startswith("#") for line in answer.text.splitlines())
    return Figure("a scrape over HTTP, median", statistics.median(times), "ms", GOAL_MILLISECONDS, note=f"{lines} samples")


def measure(folder: pathlib.Path) -> list[Figure]:
    found = json.loads(subprocess.run([str(YARDSTICK), str(SERIES)], check=True, capture_output=True, text=True).stdout)
    client = "prometheus_client (Python)"
    return [
        Figure(f"{SERIES} series as Prometheus text, median", found["text"], "ms", GOAL_MILLISECONDS,
               peer=client, peer_value=peer(generate_latest)),
        Figure(f"{SERIES} series as OpenMetrics, median", found["openMetrics"], "ms", GOAL_MILLISECONDS,
               peer=client, peer_value=peer(generate_openmetrics)),
        Figure(f"{SERIES} series as protocol buffers, median", found["protobuf"], "ms", GOAL_MILLISECONDS),
        Figure("recording into a histogram", found["timerNanoseconds"], "ns", note="classic and native buckets, sum"),
        Figure("counting", found["counterNanoseconds"], "ns"),
        scrapes(folder),
    ]
