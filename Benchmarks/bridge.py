"""Measures the Bridge beside nginx, LiteLLM and no gateway at all, in one run. Usage: bridge.py [--long] [--rounds N]

The gateway under test has one core for itself; the scripted provider and the load generator share the other. Rounds are
interleaved, and every figure is the median of the rounds. What a gateway adds is what a client sees through it less what it
sees without it, in the same round.
"""

import argparse
import functools
import operator
import pathlib
import statistics
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Tests/EndToEnd"))

import gateways  # noqa: E402
import load  # noqa: E402
from figures import Figure, report  # noqa: E402
from harness.scripted import ScriptedService, asking  # noqa: E402

SYSTEM = "You are a careful assistant who answers in plain words and says so when something is not known. " * 5
WORDS = "The answer goes on for a while, as answers do. "
OPEN_STREAMS = 5000
LONG_SECONDS = 600
SHORT_SECONDS = 24

WHOLE = {"id": "whole", "text": WORDS * 10}
STREAM = {"id": "stream", "text": [{"piece": WORDS, "times": 10}]}
CHUNKS = {"id": "chunks", "text": [{"piece": "word ", "times": 500}]}
HELD = {"id": "held", "text": ["a", "b"], "faults": [{"do": "hang", "at": 1}]}

# Name, script, streamed, concurrency, seconds of measuring.
MEASURES = [
    ("whole 32", WHOLE, False, 32, 2.0),
    ("whole 1", WHOLE, False, 1, 1.5),
    ("stream 1", STREAM, True, 1, 1.5),
    ("chunks 16", CHUNKS, True, 16, 2.0),
]


def body(script: dict, *, streamed: bool, model: str) -> dict:
    messages = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": asking(script)}]
    options = {"stream": True, "stream_options": {"include_usage": True}} if streamed else {}
    return {"model": model, "messages": messages, "temperature": 0.2, "max_tokens": 1000, **options}


class Bench:
    def __init__(self, folder: pathlib.Path, generator: load.LoadGenerator, running: list[gateways.Gateway]):
        self.folder = folder
        self.generator = generator
        self.running = running
        self.results: dict[str, dict[str, list[dict]]] = {gateway.name: {} for gateway in running}

    def run(self, gateway: gateways.Gateway, script: dict, streamed: bool, **options) -> dict:
        return self.generator.run(port=gateway.port, path=gateway.path, headers=gateway.headers,
                                  body=body(script, streamed=streamed, model=gateway.model), **options)

    def round(self) -> None:
        for name, script, streamed, concurrency, seconds in MEASURES:
            for gateway in self.running:
                before = load.processor_seconds(gateway.pid) if gateway.pid else 0
                result = self.run(gateway, script, streamed, concurrency=concurrency, seconds=seconds, warmup=0.3)
                used = load.processor_seconds(gateway.pid) - before if gateway.pid else 0
                result["processor"] = used / (result["seconds"] + 0.3)
                assert not result["errors"], f"{gateway.name}, {name}: {result['errors']}"
                self.results[gateway.name].setdefault(name, []).append(result)

    def median(self, gateway: str, measure: str, *path: str) -> float:
        """The median over the rounds of one figure."""
        results = self.results[gateway][measure]
        return statistics.median(functools.reduce(operator.getitem, path, result) for result in results)

    def added(self, gateway: str, measure: str, *path: str) -> float | None:
        """What a gateway adds to a time, in milliseconds: the median of what it adds in each round."""
        def values(name: str) -> list[float]:
            results = self.results.get(name, {}).get(measure, [])
            return [functools.reduce(operator.getitem, path, result) for result in results]

        added = [with_it - without for with_it, without in zip(values(gateway), values("direct"))]
        return statistics.median(added) / 1000 if added else None

    def per_core(self, gateway: str, measure: str, key: str) -> float | None:
        """A rate divided by the part of its core that the gateway was busy."""
        results = self.results.get(gateway, {}).get(measure, [])
        return statistics.median(result[key] / result["processor"] for result in results) if results else None

    # Memory and many streams

    def memory(self, gateway: gateways.Gateway, seconds: float) -> tuple[float, float]:
        """The most that is held at concurrency 256, and how much more at the end than after a quarter of the time."""
        samples: list[float] = []
        turns = max(1, round(seconds / 6))
        for _ in range(turns):
            for script, streamed in ((WHOLE, False), (STREAM, True)):
                with load.Watch(gateway.pid) as watch:
                    self.run(gateway, script, streamed, concurrency=256, seconds=seconds / turns / 2)
                samples += watch.memory
        quarter = len(samples) // 4
        growth = statistics.median(samples[-quarter:]) - statistics.median(samples[quarter:2 * quarter])
        return max(samples), growth

    def held(self, gateway: gateways.Gateway) -> tuple[int, float]:
        """How many streams were open together, and what each took, in kilobytes."""
        before = load.resident(gateway.pid)
        with load.Watch(gateway.pid) as watch:
            result = self.run(gateway, HELD, True, mode="hold", concurrency=OPEN_STREAMS, seconds=2)
        return result["held"], (max(watch.memory) - before) * 1000 / OPEN_STREAMS


def rate_figures(
    bench: Bench, gateway: gateways.Gateway, what: str, measure: str, key: str, part: float, core_part: float | None
) -> list[Figure]:
    """What comes through, and what would if the gateway were busy all the time: where the load is the bottleneck, only the
    second tells gateways apart. The goals are parts of what nginx does."""
    rate = bench.median(gateway.name, measure, key)
    if gateway.pid is None:
        return [Figure(f"{gateway.name}: {what}", rate, "1/s", note="provider and load share one core")]
    peer = "nginx" if gateway.name == "Bridge" and "nginx" in bench.results else None
    busy = bench.median(gateway.name, measure, "processor")

    def figure(name: str, value: float, peer_value: float | None, part: float | None, note: str = "") -> Figure:
        goal = peer_value * part if peer and part else None
        return Figure(name, value, "1/s", goal, True, peer=peer, peer_value=peer_value, note=note)

    return [
        figure(f"{gateway.name}: {what}", rate, bench.median(peer, measure, key) if peer else None, part,
               f"{busy * 100:.0f} % of its core"),
        figure(f"{gateway.name}: {what} per core", bench.per_core(gateway.name, measure, key),
               bench.per_core(peer, measure, key) if peer else None, core_part),
    ]


def speed_figures(bench: Bench) -> list[Figure]:
    figures = []
    for gateway in bench.running:
        name, is_ours = gateway.name, gateway.name == "Bridge"
        figures += rate_figures(bench, gateway, "requests/s at concurrency 32", "whole 32", "perSecond", 0.25, 0.25)
        figures += rate_figures(bench, gateway, "chunks/s of 16 streams", "chunks 16", "eventsPerSecond", 0.5, None)
        if gateway.pid is None:
            median = bench.median(name, "whole 1", "latency", "median")
            figures.append(Figure(f"{name}: median at concurrency 1", median / 1000, "ms"))
            continue
        for label, measure, path, goal in (
                ("median added at concurrency 1", "whole 1", ("latency", "median"), 0.25),
                ("99th of 100 added at concurrency 1", "whole 1", ("latency", "p99"), 1.0),
                ("first byte of a stream added", "stream 1", ("firstByte", "median"), 0.3)):
            value, peer = bench.added(name, measure, *path), bench.added("nginx", measure, *path)
            peer = peer if is_ours else None
            figures.append(Figure(f"{name}: {label}", value, "ms", goal if is_ours else None,
                                  peer=None if peer is None else "nginx", peer_value=peer))
    return figures


def memory_figures(bench: Bench, seconds: float) -> list[Figure]:
    figures = []
    for gateway in bench.running:
        if gateway.pid is None:
            continue
        is_ours = gateway.name == "Bridge"
        print(f"==> Memory: {gateway.name}", flush=True)
        time = seconds if is_ours else SHORT_SECONDS / 2
        most, growth = bench.memory(gateway, time)
        figures.append(Figure(f"{gateway.name}: resident memory at concurrency 256", most, "MB", 60 if is_ours else None))
        figures.append(Figure(f"{gateway.name}: growth of memory over {time:.0f} s", growth, "MB", 3 if is_ours else None))
        if gateway.name == "LiteLLM":
            continue
        count, kilobytes = bench.held(gateway)
        figures.append(Figure(f"{gateway.name}: open streams held", count, "", OPEN_STREAMS if is_ours else None, True))
        figures.append(Figure(f"{gateway.name}: memory per open stream", kilobytes, "KB", 64 if is_ours else None))
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--long", action="store_true", help="watch memory for ten minutes")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    load.allow_many_files()
    for_gateway, for_rest = load.cores()
    if for_gateway == for_rest:
        print("==> There is only one core: the gateway shares it with the load.", flush=True)
    with tempfile.TemporaryDirectory(prefix="cherry-bench-") as name, load.pinned(for_rest), \
            ScriptedService() as service, load.LoadGenerator() as generator:
        folder = pathlib.Path(name)
        running: list[gateways.Gateway] = []
        try:
            for kind in gateways.ALL:
                gateway = kind(service, folder)
                running.append(gateway)
                print(f"==> Starting: {gateway.name}", flush=True)
                try:
                    with load.pinned(for_gateway):
                        gateway.start()
                except gateways.Unavailable as reason:
                    print(f"==> Not measured: {gateway.name}: {reason}", flush=True)
                    running.remove(gateway)
                    gateway.stop()
            bench = Bench(folder, generator, running)
            for number in range(options.rounds):
                print(f"==> Round {number + 1} of {options.rounds}", flush=True)
                bench.round()
            figures = speed_figures(bench) + memory_figures(bench, LONG_SECONDS if options.long else SHORT_SECONDS)
        finally:
            for gateway in running:
                gateway.stop()
    report(figures)


if __name__ == "__main__":
    main()
