"""The hub of tools over real WebSockets: presence, messages, tasks, the change feed, and who is kept out."""

import json
import os
import signal
import socket
import ssl
import time

import pytest
import requests

from harness.client import Client
from harness.hub import Refused, Tool, open_socket
from test_tls import certificate, secure  # noqa: F401  (fixtures)


def test_two_tools_see_each_other_and_speak(client):
    with Tool(client, "editor", hello={"topics": ["presence"], "kind": "editor"}) as editor:
        whole = editor.hear("presence")
        assert whole["whole"] and [tool["name"] for tool in whole["tools"]] == ["editor"]
        with Tool(client, "shell", hello={"capabilities": ["run"], "topics": ["presence", "tool:editor"]}) as shell:
            news = editor.hear("presence")["tools"]
            assert news == [{"name": "shell", "state": "online", "kind": "tool", "capabilities": ["run"]}]
            assert {tool["name"] for tool in shell.hear("presence", whole=True)["tools"]} == {"editor", "shell"}

            assert editor.ask("send", tool="shell", payload={"run": "ls ü 🍒"})["queued"] == 1
            message = shell.hear("message")
            assert message["from"] == "editor" and message["payload"] == {"run": "ls ü 🍒"}
            shell.say("ack", ref=message["id"])
            assert editor.hear("ack", by="shell")

            assert editor.ask("send", topic="tool:editor", payload="saved")["queued"] == 1
            assert shell.hear("message")["topic"] == "tool:editor"
            assert editor.ask("send", tool="nobody", payload=1)["code"] == "noSuchTool"
            shell.say("announce", status="busy")
            assert editor.hear("presence")["tools"][0]["status"] == "busy"
        assert editor.hear("presence")["tools"][0]["state"] == "away"


def test_a_repeat_is_done_once(client):
    with Tool(client, "a") as a, Tool(client, "b") as b:
        for _ in range(3):
            assert a.ask("send", id="same", tool="b", payload=1)["type"] == "ack"
        a.ask("send", id="end", tool="b", payload=2)
        assert b.hear("message")["id"] == "a/same"
        assert b.hear("message")["id"] == "a/end"


def test_changes_are_told_as_they_happen(client):
    with Tool(client, "watcher", hello={"topics": ["conversations", "context"]}) as watcher:
        conversation = client.new_conversation(title="Secret plans")
        event = watcher.hear("event", id=conversation)
        assert event["topic"] == "conversations" and event["version"] == 1
        assert "Secret plans" not in json.dumps(event)
        persona = client.call("POST", "/api/v1/personas", {"name": "Ada", "hue": "moss", "instructions": "Be brief."}, expect=201)
        assert watcher.hear("event", id=persona["id"])["topic"] == "context"
        with Tool(client, "reader", hello={"topics": ["conversations"], "content": True}) as reader:
            client.call("PATCH", f"/api/v1/conversations/{conversation}", {"title": "Open plans", "baseVersion": 1})
            event = reader.hear("event", id=conversation)
            assert event["value"]["title"] == "Open plans" and event["version"] == 2
        version = client.call("GET", f"/api/v1/conversations/{conversation}")["version"]
        client.call("DELETE", f"/api/v1/conversations/{conversation}?baseVersion={version}", expect=(200, 204))
        assert watcher.hear("event", id=conversation)


def test_a_tool_that_comes_back_misses_nothing_and_hears_nothing_twice(client):
    with Tool(client, "reader", hello={"topics": ["conversations"]}) as reader:
        client.new_conversation()
        position = reader.hear("event")["position"]
    missed = [client.new_conversation() for _ in range(150)]
    with Tool(client, "reader", hello={"topics": ["conversations"], "position": position}) as reader:
        assert reader.resumed
        later = [client.new_conversation() for _ in range(20)]
        heard = [reader.hear("event") for _ in missed + later]
        assert [event["id"] for event in heard] == missed + later
        assert [event["position"] for event in heard] == sorted({event["position"] for event in heard})
        reader.say("ping", id="p")
        assert reader.hear("pong")["position"] >= heard[-1]["position"]


def test_a_position_that_the_feed_does_not_know_is_a_gap(client):
    with Tool(client, "reader", hello={"topics": ["conversations"], "position": 10**9}) as reader:
        assert reader.hear("gap")["position"] < 10**9
        conversation = client.new_conversation()
        assert reader.hear("event")["id"] == conversation


def test_a_task_is_handed_over_when_its_tool_dies(client):
    able = {"capabilities": ["translate"]}
    with Tool(client, "asker") as asker, Tool(client, "b", hello=able) as b, Tool(client, "c", hello=able) as c:
        offer = asker.ask("task.offer", capability="translate", payload="hello", deadline=60_000)
        first, second = (b, c) if offer["tool"] == "b" else (c, b)
        task = first.hear("task.offer")["task"]
        assert task == offer["task"]
        first.vanish()
        assert second.hear("task.offer")["task"] == task
        assert second.ask("task.accept", task=task)["type"] == "ack"
        assert asker.hear("task.accept")["by"] == second.name
        second.say("task.progress", task=task, payload={"done": 0.5})
        assert asker.hear("task.progress")["payload"] == {"done": 0.5}
        assert second.ask("task.done", task=task, payload="bonjour")["type"] == "ack"
        assert asker.hear("task.done")["payload"] == "bonjour"
        assert asker.ask("ack", ref=task)["type"] == "ack"


def test_a_result_waits_for_whoever_asked(client):
    with Tool(client, "worker", hello={"capabilities": ["w"]}) as worker:
        with Tool(client, "asker") as asker:
            task = asker.ask("task.offer", capability="w", payload=1)["task"]
            worker.hear("task.offer")
            worker.ask("task.accept", task=task)
            asker.vanish()
        while worker.ask("send", tool="asker", payload=1)["type"] == "ack":
            pass  # The server has not seen yet that the connection is gone.
        assert worker.ask("task.done", task=task, payload=42)["type"] == "ack"
        with Tool(client, "asker") as asker:
            assert asker.hear("task.done")["payload"] == 42
            assert asker.ask("ack", ref=task)["type"] == "ack"


def test_a_task_expires(client):
    with Tool(client, "asker") as asker, Tool(client, "worker") as worker:
        asker.ask("task.offer", tool="worker", payload=1, deadline=500)
        worker.hear("task.offer")
        assert asker.hear("task.fail")["code"] == "expired"
        assert worker.hear("task.fail")["code"] == "expired"


def test_a_slow_tool_makes_its_senders_hear_busy_and_loses_nothing(client):
    """The queue of one who does not read is bounded; what was acknowledged arrives, what was refused is repeated."""
    with Tool(client, "fast") as fast:
        slow = Tool(client, "slow", max_queue=1)
        try:
            payload = "x" * 200_000
            answers = []
            for number in range(200):
                answers.append(fast.ask("send", id=f"m{number}", tool="slow", payload=payload))
                if answers[-1]["type"] == "error":
                    break
            assert answers[-1]["code"] == "busy", "nothing was refused"
            refused = f"m{len(answers) - 1}"
            for number in range(len(answers) - 1):
                assert slow.hear("message")["id"] == f"fast/m{number}"
            assert fast.ask("send", id=refused, tool="slow", payload=payload)["type"] == "ack"
            assert slow.hear("message")["id"] == f"fast/{refused}"
        finally:
            slow.vanish()


def test_malformed_messages_get_errors_and_the_connection_goes_on(client):
    with Tool(client, "a") as a:
        for text, code in [("{", "malformed"), ("[]", "malformed"), ('{"type":"dance"}', "unknownType"),
                           ('{"type":"send","id":"1","payload":1}', "malformed"), ('{"type":"hello","name":"b"}', "alreadyGreeted")]:
            a.socket.send(text)
            assert a.hear("error")["code"] == code
        a.say("ping")
        assert a.hear("pong")


@pytest.mark.parametrize(("message", "code"), [(b"\x00binary", 1003), ("x" * 300_000, 1009)], ids=["binary", "oversize"])
def test_what_is_not_taken_closes_with_its_code(client, message, code):
    tool = Tool(client, "a")
    tool.socket.send(message)
    assert tool.hear_close() == code


def test_text_in_pieces_is_one_message(client):
    with Tool(client, "a") as a:
        a.socket.send(["{\"type\":", "\"ping\",", "\"id\":\"pieces\"}"])
        assert a.hear("pong")["ref"] == "pieces"


@pytest.mark.parametrize(
    ("options", "status", "code"),
    [
        pytest.param({"token": "ck-" + "A" * 43, "origin": None}, 401, "wrongToken", id="unknown token"),
        pytest.param({"cookies": False}, 401, "wrongToken", id="nothing to show"),
        pytest.param({"origin": None}, 401, "wrongToken", id="a cookie without an origin"),
        pytest.param({"origin": "https://evil.example"}, 403, "wrongOrigin", id="another origin"),
        pytest.param({"origin": "null"}, 403, "wrongOrigin", id="no origin to speak of"),
        pytest.param({"protocol": None}, 400, "wrongProtocol", id="no subprotocol"),
        pytest.param({"protocol": "chat"}, 400, "wrongProtocol", id="another subprotocol"),
    ],
)
def test_who_is_kept_out(client, options, status, code):
    with pytest.raises(Refused) as refusal:
        open_socket(client, **options)
    assert (refusal.value.status, refusal.value.code) == (status, code)
    assert client.request("GET", "/livez").status_code == 200


def test_nobody_comes_in_while_it_is_locked_and_a_lock_closes(client):
    tool = Tool(client, "a")
    client.lock()
    assert tool.hear_close() == 4001
    with pytest.raises(Refused) as refusal:
        open_socket(client)
    assert (refusal.value.status, refusal.value.code) == (423, "sealed")
    client.unlock()
    with Tool(client, "a") as tool:
        assert not tool.resumed, "a lock forgets everything"


def test_a_session_that_ends_takes_its_connections_along(server, client):
    other = Client(server.origin)
    other.unlock()
    tool = Tool(other, "a")
    other_id, = [item["id"] for item in other.call("GET", "/api/v1/sessions")["sessions"] if item["current"]]
    client.call("DELETE", f"/api/v1/sessions/{other_id}", expect=204)
    assert tool.hear_close() == 4002


def test_too_many_connections_are_refused(client):
    tools = [Tool(client, f"t{number}") for number in range(8)]
    with pytest.raises(Refused) as refusal:
        open_socket(client)
    assert (refusal.value.status, refusal.value.code) == (429, "tooManyConnections")
    tools[0].socket.close()
    with Tool(client, "late"):
        pass
    for tool in tools[1:]:
        tool.socket.close()


def test_a_tool_that_connects_again_replaces_itself(client):
    old = Tool(client, "a")
    with Tool(client, "a") as new:
        assert new.resumed
        assert old.hear_close() == 4000


def test_a_shutdown_says_goodbye(server, client):
    tool = Tool(client, "a")
    started = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    assert tool.hear_close() == 1001
    assert server.wait() == 0
    assert time.monotonic() - started < 8, "the hub kept the server from ending"


def test_tools_leave_nothing_readable_behind(server, client):
    """What tools tell each other is kept nowhere, and no word of it is logged."""
    with Tool(client, "a") as a, Tool(client, "b") as b:
        a.ask("send", tool="b", payload="canary-in-a-payload")
        b.hear("message")
        a.ask("task.offer", tool="b", payload="canary-in-a-task")
        b.hear("task.offer")
        a.say("canary-in-a-type")
        a.hear("error")
    server.stop()
    for folder, _, names in os.walk(server.folder):
        for name in names:
            with open(os.path.join(folder, name), "rb") as file:
                assert b"canary-in" not in file.read(), name


def test_a_request_to_upgrade_holds_no_more_than_it_needs(server, client):
    """After a request to upgrade nothing more is read before it is answered, and a refusal closes."""
    head = (f"GET /bridge/hub HTTP/1.1\r\nHost: localhost:{server.port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            "Sec-WebSocket-Protocol: cherry.hub.1\r\n\r\n")
    with socket.create_connection(("127.0.0.1", server.port), 20) as connection:
        connection.sendall(head.encode())
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
    assert answer.startswith(b"HTTP/1.1 401 ")
    assert requests.get(f"{server.origin}/livez", timeout=5).status_code == 200


def test_the_hub_over_tls(secure, certificate):  # noqa: F811
    secure.set_up()
    trust = ssl.create_default_context(cafile=certificate["CHERRY_TLS_CERTIFICATE"])
    with Tool(secure, "a", ssl=trust) as a, Tool(secure, "b", ssl=trust, hello={"topics": ["conversations"]}) as b:
        big = "ä" * 60_000
        assert a.ask("send", tool="b", payload=big)["queued"] == 1
        assert b.hear("message")["payload"] == big
        conversation = secure.new_conversation()
        assert b.hear("event")["id"] == conversation
    assert secure.request("GET", "/livez").status_code == 200
