"""The server is killed while a reply streams: what a client had been shown is there afterwards."""

import os
import random
import threading
import time

import pytest
import requests

from harness.client import Client
from harness.provider import ScriptedProvider, streams
from harness.server import Server

ROUNDS = int(os.environ.get("CHERRY_KILL_ROUNDS", 200))
LOCAL_ROUNDS = int(os.environ.get("CHERRY_KILL_LOCAL_ROUNDS", 8))
SEED = int(os.environ.get("CHERRY_KILL_SEED", random.SystemRandom().randrange(1 << 32)))
LATEST_KILL_SECONDS = 0.5
WORD_PAUSE_SECONDS = 0.001


def words(count: int = 4000) -> list[str]:
    """Known text in which every word is different, some of it longer than a byte a letter."""
    return [f"{number}·wörd " for number in range(count)]


def shown_before_kill(server: Server, client: Client, reply: str, delay: float) -> str:
    """Reads a reply until the server is killed, `delay` seconds after its first word; returns what had arrived."""
    shown, killer = "", None
    try:
        with client.reply_events(reply) as stream:
            for event in stream:
                assert event.kind != "end", f"the reply ended before the kill: {event.data['value']['state']}"
                if event.kind == "text":
                    assert event.data["at"] == len(shown.encode()), "the stream skipped or repeated something"
                    shown += event.data["text"]
                    if killer is None:
                        killer = threading.Timer(delay, server.process.kill)
                        killer.start()
    except requests.RequestException:
        pass  # The connection broke, as it must: the server is gone.
    assert killer is not None, "no word arrived"
    killer.join()
    server.kill()
    return shown


def check(client: Client, reply: str, shown: str, where: str) -> None:
    message = client.message(reply)
    assert message["content"].startswith(shown), (
        f"{where}: {len(shown)} characters were shown, {len(message['content'])} were kept; "
        f"lost from {os.path.commonprefix([shown, message['content']])[-40:]!r}"
    )
    assert message["state"] == "interrupted", where
    assert client.verify()["status"] == "sound", where


@pytest.mark.timeout(900)
def test_nothing_shown_is_lost(make_server):
    chance = random.Random(SEED)
    server = make_server()
    server.start()
    client = Client(server.origin)
    client.set_up()
    text = words()
    with ScriptedProvider(streams(text, pause=WORD_PAUSE_SECONDS)) as provider:
        client.use(provider.base_url)
        conversation = client.new_conversation()
        started, total = time.monotonic(), 0
        for number in range(ROUNDS):
            where = f"round {number} of CHERRY_KILL_SEED={SEED}"
            reply = client.send(conversation, f"Round {number}")["reply"]["id"]
            shown = shown_before_kill(server, client, reply, chance.uniform(0, LATEST_KILL_SECONDS))
            assert "".join(text).startswith(shown), where
            total += len(shown)
            server.start()
            client.unlock()
            check(client, reply, shown, where)
        seconds = time.monotonic() - started
        print(f"{ROUNDS} kills in {seconds:.0f} s, {total} characters shown, none lost; seed {SEED}")
        assert len(client.conversations()) == 1


@pytest.mark.timeout(300)
def test_nothing_shown_by_the_local_model_is_lost(make_server, local_model):
    chance = random.Random(SEED)
    server = make_server()
    server.start()
    client = Client(server.origin)
    client.set_up()
    conversation = client.new_conversation()
    for number in range(LOCAL_ROUNDS):
        where = f"round {number} of CHERRY_KILL_SEED={SEED}"
        reply = client.send(conversation, "Tell me a long story about a lighthouse, a storm and a cat.")["reply"]["id"]
        shown = shown_before_kill(server, client, reply, chance.uniform(0, LATEST_KILL_SECONDS))
        server.start()
        client.unlock()
        check(client, reply, shown, where)
