"""Providers that fail: the reply says what happened, and what was written and what had arrived are kept."""

import threading
import time

import pytest

from harness.client import Client
from harness.provider import ScriptedProvider, ends_after, hangs_after, says, sends_garbage, streams

STOP_GOAL_SECONDS = 0.1
STOP_ALLOWED_SECONDS = 0.5


@pytest.fixture
def provider():
    with ScriptedProvider() as provider:
        yield provider


@pytest.fixture
def conversation(client: Client, provider: ScriptedProvider) -> str:
    """A conversation whose replies come from `provider`."""
    client.use(provider.base_url, key="sk-scripted-4c1d")
    return client.new_conversation()


def assert_failed(client: Client, conversation: str, envelope: dict, code: str, kept: str = "") -> None:
    reply = envelope["value"]
    assert reply["state"] == "failed"
    assert reply["failure"]["code"] == code
    assert reply["failure"]["message"].strip(), "a failure without words"
    assert "sk-scripted" not in str(envelope), "the key got into the failure"
    assert reply["content"] == kept
    first, second = client.messages(conversation)
    assert first["value"]["content"] == "Are you there?"
    assert second["value"] == reply
    assert client.verify()["status"] == "sound"


def test_an_unreachable_provider(client):
    with ScriptedProvider() as provider:
        gone = provider.base_url
    client.use(gone)
    conversation = client.new_conversation()
    reply = client.ask(conversation, "Are you there?")
    assert_failed(client, conversation, reply, "unreachable")
    assert reply["value"]["failure"]["hint"]


@pytest.mark.parametrize(
    ("script", "code", "kept"),
    [
        pytest.param(sends_garbage, "garbled", "", id="garbage"),
        pytest.param(ends_after(["Half ", "an ans"]), "cutOff", "Half an ans", id="ends in the middle"),
        pytest.param(ends_after([]), "cutOff", "", id="ends before the first word"),
        pytest.param(says(401), "unauthorized", "", id="refuses the key"),
        pytest.param(says(404), "unknownModel", "", id="has no such model"),
        pytest.param(says(429), "rateLimited", "", id="asks to wait"),
        pytest.param(says(500), "overloaded", "", id="fails"),
        pytest.param(says(200, {"hello": "no choices"}), "garbled", "", id="answers something else"),
    ],
)
def test_a_provider_that_fails(client, conversation, provider, script, code, kept):
    provider.script = script
    assert_failed(client, conversation, client.ask(conversation, "Are you there?"), code, kept)


def test_after_a_failure_a_retry_gets_the_answer(client, conversation, provider):
    provider.script = says(500)
    client.ask(conversation, "Are you there?")
    question = client.messages(conversation)[0]["id"]
    provider.script = streams(["Yes, ", "I am."])
    turn = client.call("POST", f"/api/v1/conversations/{conversation}/turns",
                       {"kind": "regenerate", "parentID": question})
    with client.reply_events(turn["reply"]["id"]) as stream:
        *_, end = stream
    assert end.data["value"]["content"] == "Yes, I am."
    assert end.data["value"]["state"] == "complete"


def test_a_provider_that_hangs_can_be_stopped(client, conversation, provider):
    release = threading.Event()
    provider.script = hangs_after(["A few ", "words"], release)
    reply = client.send(conversation, "Are you there?")["reply"]["id"]
    shown = ""
    with client.reply_events(reply) as stream:
        for event in stream:
            if event.kind == "text":
                shown += event.data["text"]
            if shown == "A few words":
                break
        client.call("POST", f"/api/v1/messages/{reply}/stop", expect=204)
        end = next(event for event in stream if event.kind == "end")
    assert end.data["value"]["state"] == "stopped"
    assert end.data["value"]["content"] == "A few words"
    release.set()


def test_stopping_closes_the_connection_to_the_provider_at_once(client, conversation, provider):
    closed = threading.Event()
    times: dict[str, float] = {}

    def script(exchange):
        exchange.begin()
        exchange.delta("Word ")
        exchange.handler.connection.settimeout(30)
        assert exchange.handler.connection.recv(1) == b"", "the server sent more than its request"
        times["closed"] = time.monotonic()
        closed.set()

    provider.script = script
    reply = client.send(conversation, "Are you there?")["reply"]["id"]
    with client.reply_events(reply) as stream:
        next(event for event in stream if event.kind == "text")
        times["stopped"] = time.monotonic()
        client.call("POST", f"/api/v1/messages/{reply}/stop", expect=204)
        assert closed.wait(10), "the connection stayed open"
    taken = times["closed"] - times["stopped"]
    print(f"closed after {taken * 1000:.0f} ms, goal {STOP_GOAL_SECONDS * 1000:.0f} ms")
    assert taken < STOP_ALLOWED_SECONDS


def test_a_client_that_leaves_does_not_end_the_reply(client, conversation, provider):
    provider.script = streams([f"{number} " for number in range(200)], pause=0.002)
    reply = client.send(conversation, "Are you there?")["reply"]["id"]
    with client.reply_events(reply) as stream:
        seen = next(event for event in stream if event.kind == "text")
    with client.reply_events(reply, after=seen.id) as stream:
        rest = list(stream)
    text = seen.data["text"] + "".join(event.data["text"] for event in rest if event.kind == "text")
    assert text == "".join(f"{number} " for number in range(200))
    assert rest[-1].kind == "end" and rest[-1].data["value"]["state"] == "complete"


def test_a_bad_address_is_refused(client):
    body = {"name": "Bad", "kind": "openai", "baseURL": "file:///etc/passwd"}
    error = client.call("POST", "/api/v1/providers", body, expect=422)["error"]
    assert error["code"] == "invalid"
    assert "baseURL" in error["message"]
