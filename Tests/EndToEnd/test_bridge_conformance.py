"""Every door of the gateway before every kind of provider, with everything that a provider can get wrong."""

import concurrent.futures
import itertools
import json
import random
import socket
import time
import urllib.parse

import pytest
import requests

from harness.conformance import CASES, KINDS, TEXT, USAGE, Case, Kind
from harness.doors import DOORS, ChatDoor, Door
from harness.gateway import GatewayUnderTest, gateway_under_test
from harness.scripted import asking

STOP_GOAL_MILLISECONDS = 100
STOPS = 1000
FAULTS = 1000
AT_ONCE = 4


@pytest.fixture(scope="module")
def gateway(tmp_path_factory):
    with gateway_under_test(tmp_path_factory.mktemp("conformance")) as gateway:
        yield gateway


def combinations(case: Case, door: Door) -> list[tuple[Kind, bool]]:
    """Bytes of the door's own API may be passed on as they are, damage and all."""
    return [(kind, streamed) for kind, streamed in itertools.product(KINDS, case.streamed)
            if kind.name not in case.without and not (case.is_damaged and kind.api == door.name)]


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_conformance(gateway: GatewayUnderTest, case: Case, door: Door):
    def check(kind: Kind, streamed: bool) -> None:
        script = case.script | {"id": f"{case.name}, {kind.name}, {door.name}, {'streamed' if streamed else 'whole'}"}
        model = gateway.model(kind, script["id"])
        answer = door.ask(gateway.origin, gateway.token, model, asking(script), streamed=streamed)
        case.judge(answer, kind, door)
        report = gateway.service.wait_for(script["id"], lambda report: report["open"] == 0)
        assert report["requests"] >= 1, "the answer did not come from the provider"

    every = [pair for pair in combinations(case, door) if pair[0].name in gateway.models]
    if not every:
        pytest.skip("none of the providers that it concerns")
    with concurrent.futures.ThreadPoolExecutor(len(every)) as pool:
        checks = {pair: pool.submit(check, *pair) for pair in every}
    wrong = [f"{kind.name}, {'streamed' if streamed else 'whole'}: {failure!r}"[:600]
             for (kind, streamed), check in checks.items() if (failure := check.exception())]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("streamed", [True, False], ids=["stream", "whole"])
def test_a_client_that_goes_closes_the_connection_to_the_provider(gateway, streamed):
    """1,000 of 1,000, over every door and kind; also while nothing has been said yet and none is streamed."""

    def stop(number: int) -> float:
        kind, door = KINDS[number % len(KINDS)], DOORS[number // len(KINDS) % len(DOORS)]
        where = 1 if streamed else "request"
        script = {"id": f"stop {streamed} {number}", "text": ["some ", "words"], "faults": [{"do": "hang", "at": where}]}
        session = requests.Session()
        session.trust_env = False
        body = door.body(gateway.model(kind), asking(script), streamed)
        if streamed:
            answer = session.post(gateway.origin + door.path, headers=door.headers(gateway.token), json=body, stream=True,
                                  timeout=30)
            lines = answer.iter_lines(chunk_size=None)  # kept: the connection is closed with it
            while b"some" not in next(lines):
                pass
            before = time.monotonic()
            answer.raw._fp.fp.raw._sock.close()
            answer.close()
        else:
            with pytest.raises(requests.exceptions.RequestException):
                session.post(gateway.origin + door.path, headers=door.headers(gateway.token), json=body, timeout=(5, 0.5))
            before = time.monotonic()
        session.close()
        report = gateway.service.wait_for(script["id"], lambda report: report["closedByClient"])
        closing, = report["closedByClient"]
        assert report["requests"] == 1
        return closing["monotonicMilliseconds"] - before * 1000

    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        delays = sorted(pool.map(stop, range(STOPS)))
    late = [delay for delay in delays if delay > STOP_GOAL_MILLISECONDS]
    assert not late, f"{len(late)} of {STOPS} took longer than {STOP_GOAL_MILLISECONDS} ms: {late[-5:]}"


def test_no_token_is_lost_or_doubled_in_a_thousand_faults(gateway):
    """Streams break at any piece, in any way that loses nothing on its own way: what had come is there, once."""
    choose = random.Random(20260501)

    def fault(number: int) -> None:
        kind, door = KINDS[number % len(KINDS)], DOORS[number // len(KINDS) % len(DOORS)]
        words = [f"w{number}.{place} " for place in range(choose.randint(3, 40))]
        at = choose.randint(1, len(words) - 1)
        script = {"id": f"fault {number}", "text": words, "atOnce": choose.random() < 0.2,
                  "faults": [{"do": choose.choice(["close", "error"]), "at": at}]}
        if choose.random() < 0.3:
            script["write"] = choose.randint(1, 50)
        answer = door.ask(gateway.origin, gateway.token, gateway.model(kind, script["id"]), asking(script), streamed=True)
        assert answer.error is not None, f"{script}: the fault was not told"
        assert answer.text == "".join(words[:at]), f"{script}: {answer.text}"

    for number in range(FAULTS):
        fault(number)


def test_a_thousand_broken_streams_are_gone_on_with_and_nothing_is_lost_or_doubled(gateway):
    """Where the user allows it: another model of another provider says the rest, and starts over on its own account."""
    if gateway.client is None:
        pytest.skip("aliases are Cherry's own")
    providers = {item["value"]["name"]: item["id"] for item in gateway.client.call("GET", "/api/v1/providers")["items"]}
    choose = random.Random(20261124)

    def broken(number: int) -> None:
        first, second = choose.sample(KINDS, 2)
        door = DOORS[number % len(DOORS)]
        words = [f"w{number}.{place} " for place in range(choose.randint(3, 40))]
        at = choose.randint(1, len(words) - 1)
        fault = {"do": choose.choice(["close", "error", "reset"]), "at": at, "times": 1}
        script = {"id": f"going on {number}", "text": words, "write": choose.choice([None, 7, 50]), "faults": [fault]}
        script = {key: value for key, value in script.items() if value is not None}
        # A model of its own each time, so that the breakers do not remember the last one's failures.
        targets = [{"providerID": providers[kind.name], "model": f"going-on-{number}"} for kind in (first, second)]
        alias = {"name": f"going-on-{number}", "targets": targets, "continuesAfterFirstToken": True}
        record = gateway.client.call("POST", "/api/v1/aliases", alias, expect=201)
        answer = door.ask(gateway.origin, gateway.token, f"going-on-{number}", asking(script), streamed=True)
        assert answer.error is None, f"{first.name}, {second.name}, {door.name}, {script}: {answer.error}"
        assert answer.text == "".join(words), f"{first.name}, {second.name}, {door.name}, {script}: {answer.text}"
        assert gateway.service.report(script["id"])["requests"] >= 2, "nothing broke"
        gateway.client.call("DELETE", f"/api/v1/aliases/{record['id']}", expect=204)

    for number in range(FAULTS):
        broken(number)


def test_ten_pieces_are_on_their_way_before_the_eleventh_is_said(gateway):
    """Pieces are handed on as they come, not collected."""
    for kind, door in itertools.product(KINDS, DOORS):
        words = [f"piece{number} " for number in range(10)]
        script = {"id": f"prompt {kind.name} {door.name}", "text": [*words, "end"], "faults": [{"do": "hang", "at": 10}]}
        with door.post(gateway.origin, gateway.token, gateway.model(kind), asking(script), streamed=True) as answer:
            seen = b""
            for part in answer.iter_content(chunk_size=None):
                seen += part
                if b"piece9" in seen:
                    break
            assert seen.count(b"piece9") == 1


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.name in ("openai", "anthropic")], ids=lambda kind: kind.name)
def test_back_pressure_reaches_the_provider(gateway, kind):
    """A client that does not read stops the provider; what is on its way is little more than sockets hold."""
    door = ChatDoor()
    script = {"id": f"slow reader {kind.name}", "text": [{"piece": "x", "length": 20_000, "times": 1500}]}
    body = json.dumps(door.body(gateway.model(kind), asking(script), True)).encode()
    address = urllib.parse.urlsplit(gateway.origin)
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        client.settimeout(60)
        client.connect(("127.0.0.1", address.port))
        head = "".join(f"{name}: {value}\r\n" for name, value in door.headers(gateway.token).items())
        client.sendall(f"POST {door.path} HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Type: application/json\r\n{head}"
                       f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
        assert client.recv(12) == b"HTTP/1.1 200"
        sent, deadline = 0, time.monotonic() + 120
        while (now := gateway.service.report(script["id"])["bytes"]) != sent or now == 0:
            assert time.monotonic() < deadline, "the provider is still allowed to send"
            sent = now
            time.sleep(1)
    assert sent < 20_000_000, f"{sent} bytes were taken from the provider for a client that reads none"


def test_usage_is_counted_exactly_in_every_scripted_stream(gateway):
    if gateway.client is None:
        pytest.skip("only Cherry's own records are read")
    before = recorded(gateway)
    count = 0
    for kind, door, place in itertools.product(KINDS, DOORS, ["first", "last", "every"]):
        usage = {"prompt": 1000 + count, "completion": 500 + count}
        script = {"id": f"usage {count}", "text": TEXT, "usage": usage, "usageAt": place}
        # Not every API has its count in these places, so what is passed on as it came is not read strictly.
        with door.post(gateway.origin, gateway.token, gateway.model(kind), asking(script), streamed=True) as answer:
            assert answer.status_code == 200 and answer.content
        count += 1
    prompt, completion = recorded(gateway, wait_for=count + before[0])[1:]
    triangle = count * (count - 1) // 2
    assert (prompt - before[1], completion - before[2]) == (1000 * count + triangle, 500 * count + triangle)


def recorded(gateway: GatewayUnderTest, wait_for: int = 0) -> tuple[int, int, int]:
    """Requests, prompt tokens and completion tokens in the records of usage."""
    deadline = time.monotonic() + 20
    while True:
        sums = gateway.client.call("GET", "/api/v1/usage?by=day")["items"]
        exchanges, prompt, completion = (
            sum(day["exchanges"] for day in sums),
            sum(day["tokens"]["prompt"] for day in sums),
            sum(day["tokens"]["completion"] for day in sums),
        )
        if exchanges >= wait_for:
            return exchanges, prompt, completion
        assert time.monotonic() < deadline, sums
        time.sleep(0.1)


def test_the_cases_are_what_the_documentation_lists():
    from harness import tools

    text = (tools.ROOT / "docs/conformance.md").read_text()
    missing = [case.name for case in CASES if f"| {case.name} |" not in text]
    assert not missing, f"docs/conformance.md does not describe {missing}"
    assert USAGE["cached"] <= USAGE["prompt"]
