"""The Model Context Protocol with the official SDK on the other side, and every message against the protocol's schemas."""

import json
import pathlib
import subprocess
import sys
import threading
import time

import anyio
import pytest
import requests

from harness import protocol
from harness.client import Client
from harness.protocol import MODES, VERSIONS, RawClient, Schemas
from harness.provider import ScriptedProvider, answers, streams
from harness.server import free_port

TOOLS = ["search_context", "get_context", "add_context", "list_conversations", "get_conversation", "ask"]
CANARY = "canary-mcp-7713"


@pytest.fixture
def provider():
    with ScriptedProvider() as provider:
        provider.script = answers("Forty-two.")
        yield provider


@pytest.fixture
def ready(client: Client, provider: ScriptedProvider) -> Client:
    """A client whose server has a model that is not the small one."""
    client.call(
        "POST",
        "/api/v1/providers",
        {"name": "Scripted", "kind": "openai", "baseURL": provider.base_url, "defaultModel": "scripted",
         "contextLength": 32768},
        expect=201,
    )
    return client


@pytest.fixture(scope="session")
def schemas() -> Schemas:
    return Schemas()


@pytest.fixture
def token(client: Client) -> str:
    return client.make_token("Editor", "write")


def connections(server, token: str, folder: pathlib.Path):
    """Every way in: both transports, each way to begin."""
    file = protocol.token_file(folder, token)
    for mode in MODES:
        yield f"http {mode}", mode, protocol.over_http(server.origin + "/mcp", token, mode)
        yield f"stdio {mode}", mode, protocol.over_stdio(server, file, mode)


# The server


def test_the_official_client_finds_everything(server, ready, token, tmp_path):
    async def scenario():
        for name, mode, connection in connections(server, token, tmp_path):
            async with connection as session:
                assert session.protocol_version == MODES[mode], name
                tools = (await session.list_tools()).tools
                assert [tool.name for tool in tools] == TOOLS, name
                added = await session.call_tool("add_context", {"text": f"Tea at four, {CANARY} {name}", "kind": "fact"})
                assert not added.is_error, name
                found = await session.call_tool("search_context", {"query": CANARY, "limit": 50})
                assert any(item["text"].endswith(name) for item in found.structured_content["items"]), name
                whole = await session.call_tool("get_context", {"id": added.structured_content["id"]})
                assert whole.structured_content["author"] == "Editor"
                answer = await session.call_tool("ask", {"question": "What is it?"})
                assert answer.content[0].text == "Forty-two."
                prompts = (await session.list_prompts()).prompts
                assert [prompt.name for prompt in prompts] == ["cherry", "sophia", "karen"]
                prompt = await session.get_prompt("sophia", {"question": "Sell?"})
                assert prompt.messages[0].content.text.endswith("Sell?")
                resources = (await session.list_resources()).resources
                contents = await session.read_resource(resources[0].uri)
                assert contents.contents[0].text.startswith("# Cherry")
                assert len((await session.list_resource_templates()).resource_templates) == 3

    anyio.run(scenario)
    items = ready.call("GET", "/api/v1/context")["items"]
    assert len(items) == 2 * len(MODES)
    assert {item["value"]["origin"]["name"] for item in items} == {"Editor"}
    assert all(item["value"]["origin"]["client"] for item in items)


def test_errors_reach_the_official_client(server, ready, token, tmp_path):
    async def scenario():
        for name, _, connection in connections(server, token, tmp_path):
            async with connection as session:
                for call in (
                    lambda: session.call_tool("nonsense", {}),
                    lambda: session.get_prompt("nonsense"),
                    lambda: session.read_resource("cherry://personas/nonsense"),
                ):
                    with pytest.raises(Exception) as failure:
                        await call()
                    assert "There is no such" in str(failure.value), name
                wrong = await session.call_tool("search_context", {"query": "x", "limit": 1000})
                assert wrong.is_error
                assert json.loads(wrong.content[0].text)["error"]["code"] == "invalid"

    anyio.run(scenario)


def test_a_cancelled_question_stops_the_model(server, ready, token, provider, tmp_path):
    gone = []

    def goes_on(exchange):
        exchange.begin()
        try:
            for _ in range(200):
                exchange.delta("Well, ")
                time.sleep(0.05)
            gone.append(False)
        except (BrokenPipeError, ConnectionResetError):
            gone.append(True)

    async def scenario():
        for name, _, connection in connections(server, token, tmp_path):
            provider.script = goes_on
            async with connection as session:
                with anyio.move_on_after(2):
                    await session.call_tool("ask", {"question": "Why?"})
                    raise AssertionError(f"{name}: it was answered")
                assert (await session.list_tools()).tools, name

    anyio.run(scenario)
    for _ in range(200):
        if len(gone) == 2 * len(MODES):
            break
        time.sleep(0.1)
    assert gone == [True] * (2 * len(MODES))


def test_conversations_are_read_by_tools(server, ready, token):
    conversation = ready.new_conversation(title="Tea")
    ready.ask(conversation, "How long does green tea steep?")
    raw = RawClient(server.origin, token, "2026-07-28")
    listed = raw.call("list_conversations")["structuredContent"]["items"]
    assert [item["title"] for item in listed] == ["Tea"]
    read = raw.call("get_conversation", id=listed[0]["id"])["structuredContent"]
    assert [message["role"] for message in read["messages"]] == ["user", "assistant"]
    assert read["messages"][1]["text"] == "Forty-two."
    found = raw.call("search_context", query="green tea", kinds=["message"])["structuredContent"]["items"]
    assert raw.call("get_context", id=found[0]["id"])["structuredContent"]["text"].startswith("How long")


def test_a_token_is_offered_what_it_may_do(server, ready):
    for access, names in [("none", ["ask"]), ("read", [name for name in TOOLS if name != "add_context"]), ("write", TOOLS)]:
        raw = RawClient(server.origin, ready.make_token(access, access), "2026-07-28")
        assert [tool["name"] for tool in raw.ask("tools/list")["tools"]] == names
        assert len(raw.ask("prompts/list")["prompts"]) == (0 if access == "none" else 3)
    assert requests.post(server.origin + "/mcp", json={}, timeout=10).status_code == 401


@pytest.mark.parametrize("version", VERSIONS)
def test_every_message_of_the_server_is_what_its_schema_says(server, ready, token, schemas, version):
    raw = RawClient(server.origin, token, version, schemas)
    raw.begin()
    if not raw.is_stateless:
        raw.ask("ping")
    tools = raw.ask("tools/list")["tools"]
    added = raw.call("add_context", text=f"Tea {version}")
    for name, arguments in [
        ("search_context", {"query": "tea"}),
        ("get_context", {"id": added["structuredContent"]["id"]}),
        ("list_conversations", {}),
        ("ask", {"question": "What?"}),
    ]:
        result = raw.call(name, **arguments)
        output = next(tool["outputSchema"] for tool in tools if tool["name"] == name)
        protocol.jsonschema.validate(result["structuredContent"], output)
    assert raw.call("search_context", query="")["isError"]
    progress = raw.exchange(
        "tools/call",
        {"name": "ask", "arguments": {"question": "What?"}, "_meta": {"progressToken": "p"}},
    )
    assert "result" in progress[0]
    assert any(message.get("method") == "notifications/progress" for message in raw.seen)
    raw.ask("resources/templates/list")
    for resource in raw.ask("resources/list")["resources"]:
        raw.ask("resources/read", {"uri": resource["uri"]})
    for prompt in raw.ask("prompts/list")["prompts"]:
        raw.ask("prompts/get", {"name": prompt["name"], "arguments": {"question": "Why?"}})
    assert raw.refused("nonsense/method")["code"] == -32601
    assert raw.refused("tools/call", {"name": "nonsense"})["code"] == -32602
    assert raw.refused("tools/list", {"cursor": "x"})["code"] == -32602
    missing = raw.refused("resources/read", {"uri": "cherry://context/nonsense"})["code"]
    assert missing == (-32602 if raw.is_stateless else -32002)
    for body in ("{", "[]", '{"jsonrpc":"2.0"}', '{"jsonrpc":"2.0","id":7,"method":"tools/list","params":[]}'):
        refused = raw.session.post(
            raw.url,
            data=body,
            headers={"Content-Type": "application/json", "MCP-Protocol-Version": version},
            timeout=10,
        )
        assert refused.status_code == 400
        schemas.check_message(version, refused.json())


def test_refusals_that_only_newer_revisions_have_are_what_their_schemas_say(server, ready, token, schemas):
    raw = RawClient(server.origin, token, "2026-07-28", schemas)
    message, headers = raw.request("tools/call", {"name": "list_conversations"})
    for header in ("Mcp-Method", "Mcp-Name", "MCP-Protocol-Version"):
        wrong = raw.session.post(raw.url, json=message, headers=headers | {header: "other"}, timeout=10)
        assert wrong.status_code == 400
        assert wrong.json()["error"]["code"] == -32020
        schemas.check_message("2026-07-28", wrong.json())
    message["params"]["_meta"][protocol.META + "protocolVersion"] = "1900-01-01"
    unsupported = raw.session.post(
        raw.url, json=message, headers=headers | {"MCP-Protocol-Version": "1900-01-01"}, timeout=10
    )
    assert unsupported.status_code == 400
    assert unsupported.json()["error"]["data"]["supported"] == list(reversed(VERSIONS))
    schemas.check_message("2026-07-28", unsupported.json())


def test_who_listens_hears_of_changes_and_of_the_lock(server, ready, token, schemas):
    raw = RawClient(server.origin, token, "2026-07-28", schemas)
    message, headers = raw.request("subscriptions/listen", {"notifications": {"promptsListChanged": True}})
    heard = []
    with raw.session.post(raw.url, json=message, headers=headers, stream=True, timeout=60) as response:
        for event in raw.messages(response):
            schemas.check_message("2026-07-28", event, "SubscriptionsListenResult")
            heard.append(event.get("method", "end"))
            if len(heard) <= 2:
                ready.call("POST", "/api/v1/personas", {"name": f"New {len(heard)}"}, expect=201)
            if heard.count("notifications/prompts/list_changed") == 1 and ready.status()["vault"] == "unlocked":
                ready.lock()
    assert heard[0] == "notifications/subscriptions/acknowledged"
    assert "notifications/prompts/list_changed" in heard
    assert heard[-1] == "end"


def test_a_locked_vault_is_told_and_nothing_is_left_behind(server, ready, token):
    raw = RawClient(server.origin, token, "2025-11-25")
    raw.begin()
    raw.call("add_context", text=CANARY)
    ready.lock()
    error = raw.refused("tools/list")
    assert error["code"] == 423
    assert error["data"]["code"] == "sealed"
    for path in [server.log, *server.data.rglob("*")]:
        if path.is_file():
            assert CANARY.encode() not in path.read_bytes(), path
            assert token.encode() not in path.read_bytes(), path


def test_the_command_keeps_its_output_for_the_protocol(server, ready, token, tmp_path):
    file = protocol.token_file(tmp_path, token)
    lines = ["{", '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}', "[]"]
    run = subprocess.run(
        [server.program, "mcp", "--token-file", str(file)],
        input="\n".join(lines) + "\n", capture_output=True, text=True, timeout=60, env=server.environment,
    )
    assert run.returncode == 0
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    assert sorted(answer["error"]["code"] for answer in answers) == [-32700, -32600, 400]
    file.chmod(0o644)
    refused = subprocess.run(
        [server.program, "mcp", "--token-file", str(file)],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, env=server.environment,
    )
    assert refused.returncode == 64
    assert refused.stdout == ""
    assert "chmod 600" in refused.stderr


# The client


def calls(name: str, **arguments):
    """An answer of a model that calls a tool."""

    def script(exchange):
        exchange.begin()
        call = {"index": 0, "id": "call_1", "type": "function", "function": {"name": name, "arguments": json.dumps(arguments)}}
        chunk = {"object": "chat.completion.chunk", "model": "scripted",
                 "choices": [{"index": 0, "delta": {"tool_calls": [call]}, "finish_reason": "tool_calls"}]}
        exchange.write(b"data: " + json.dumps(chunk).encode() + b"\n\n")
        exchange.write(b"data: [DONE]\n\n")

    return script


def in_turn(provider: ScriptedProvider, *scripts) -> list[dict]:
    """Lets a model answer with one script after another; returns the list that its requests are added to."""
    waiting = list(scripts)
    asked: list[dict] = []

    def script(exchange):
        if exchange.body.get("tools"):
            asked.append(exchange.body)
            waiting.pop(0)(exchange)
        else:
            streams(["A title"])(exchange)

    provider.script = script
    return asked


def tool_server(kind: str, folder: pathlib.Path) -> tuple[dict, subprocess.Popen | None]:
    """A server written with the SDK: how it is reached, and its process when it is ours."""
    program = str(pathlib.Path(protocol.__file__).with_name("tool_server.py"))
    if kind == "stdio":
        return {"kind": "command", "program": sys.executable, "arguments": [program, str(folder)]}, None
    port = free_port()
    process = subprocess.Popen([sys.executable, program, str(folder), str(port)], stderr=subprocess.DEVNULL)
    for _ in range(300):
        try:
            requests.get(f"http://127.0.0.1:{port}/mcp", timeout=1)
            break
        except requests.ConnectionError:
            time.sleep(0.1)
    return {"kind": "http", "url": f"http://127.0.0.1:{port}/mcp"}, process


@pytest.fixture(params=["stdio", "http"])
def tool_endpoint(request, tmp_path):
    endpoint, process = tool_server(request.param, tmp_path)
    yield endpoint
    if process:
        process.kill()
        process.wait()


def add_server(client: Client, endpoint: dict, **fields) -> dict:
    body = {"name": "Tools", "endpoint": endpoint, "permission": "always", **fields}
    return client.call("POST", "/api/v1/servers", body, expect=201)


def test_tools_of_a_server_made_with_the_sdk_are_used_in_a_turn(server, ready, provider, tool_endpoint, tmp_path):
    made = add_server(ready, tool_endpoint, isTrusted=True)
    test = ready.call("POST", f"/api/v1/servers/{made['id']}/test")
    assert test["ok"], test
    assert test["revision"] == "2026-07-28"
    assert sorted(tool["name"] for tool in test["tools"]) == ["add", "environment", "fail", "note", "sleep"]
    asked = in_turn(
        provider, calls("tools__add", a=19, b=23), calls("tools__fail"), calls("tools__note", text="x"), answers("Done.")
    )
    conversation = ready.new_conversation()
    reply = ready.send(conversation, "Add them")["reply"]["id"]
    seen = []
    with ready.reply_events(reply) as stream:
        for event in stream:
            if event.kind == "tools":
                seen = event.data["items"]
                # Words of others are in the turn by now, so the tool that writes asks.
                if len(seen) == 3 and seen[2]["state"] == "asked":
                    assert seen[2]["reason"] == "untrusted"
                    assert not (tmp_path / "notes").exists()
                    ready.call("POST", f"/api/v1/messages/{reply}/tool-calls/3.0", {"decision": "once"})
            if event.kind == "end":
                end = event.data["value"]
    assert end["state"] == "complete", end
    assert end["content"] == "Done."
    assert [use["state"] for use in end["toolUses"]] == ["done", "failed", "done"]
    assert end["toolUses"][0]["result"] == "42"
    assert "Error" in end["toolUses"][1]["result"]
    assert (tmp_path / "notes").read_text() == "x\n"
    names = [[tool["function"]["name"] for tool in body["tools"]] for body in asked]
    assert all(each == sorted(each) == names[0] for each in names)
    assert asked[1]["messages"][-1]["role"] == "tool"


def test_a_slow_tool_is_given_up_and_a_stopped_reply_stops_it(server, ready, provider, tmp_path):
    endpoint, _ = tool_server("stdio", tmp_path)
    add_server(ready, endpoint, timeoutSeconds=3)
    in_turn(provider, calls("tools__sleep", seconds=30), answers("Gave up."))
    conversation = ready.new_conversation()
    reply = ready.ask(conversation, "Sleep")
    use = reply["value"]["toolUses"][0]
    assert use["state"] == "failed"
    assert use["failure"]["code"] == "timedOut"
    in_turn(provider, calls("tools__sleep", seconds=30), answers("never"))
    stopped = ready.send(conversation, "Again", parent=reply["id"])["reply"]["id"]
    with ready.reply_events(stopped) as stream:
        for event in stream:
            if event.kind == "tools" and event.data["items"][0]["state"] == "running":
                threading.Timer(0.5, lambda: ready.call("POST", f"/api/v1/messages/{stopped}/stop")).start()
            if event.kind == "end":
                assert event.data["value"]["state"] == "stopped"
                assert event.data["value"]["toolUses"][0]["state"] == "cancelled"


def test_a_server_sees_only_what_it_was_given_and_ends_with_ours(make_server, provider, tmp_path):
    server = make_server("guarded", CHERRY_TEST_SECRET_VARIABLE="canary").start()
    client = Client(server.origin)
    client.set_up()
    client.call(
        "POST",
        "/api/v1/providers",
        {"name": "Scripted", "kind": "openai", "baseURL": provider.base_url, "defaultModel": "scripted",
         "contextLength": 32768},
        expect=201,
    )
    endpoint, _ = tool_server("stdio", tmp_path)
    add_server(
        client, endpoint | {"environment": ["PATH", "LANG"], "credentialVariable": "TOOL_KEY"}, credential="canary-key-1"
    )
    in_turn(provider, calls("tools__environment"), answers("Seen."))
    use = client.ask(client.new_conversation(), "Look")["value"]["toolUses"][0]
    names = set(use["result"].split(","))
    assert {"PATH", "LANG", "TOOL_KEY"} <= names
    assert "CHERRY_TEST_SECRET_VARIABLE" not in names
    assert "CHERRY_DATA" not in names
    in_turn(provider, calls("tools__sleep", seconds=60))
    client.send(client.new_conversation(), "Sleep")
    for _ in range(600):
        if (tmp_path / "sleeping").exists():
            break
        time.sleep(0.05)
    pid = int((tmp_path / "sleeping").read_text())
    server.stop()
    assert not is_running(pid)
    assert b"canary-stderr-5190" not in server.log.read_bytes()
    assert b"canary-key-1" not in server.log.read_bytes()


def is_running(pid: int) -> bool:
    for _ in range(100):
        try:
            state = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except FileNotFoundError:
            return False
        if state == "Z":
            return False
        time.sleep(0.05)
    return True


@pytest.mark.parametrize("allow_older", [False, True])
def test_every_message_of_our_client_is_what_its_schema_says(server, ready, provider, schemas, tmp_path, allow_older):
    endpoint, process = tool_server("http", tmp_path)
    try:
        with protocol.Recorder(endpoint["url"]) as recorder:
            recorder.refuses_newer = allow_older
            made = add_server(ready, {"kind": "http", "url": recorder.url})
            test = ready.call("POST", f"/api/v1/servers/{made['id']}/test")
            version = "2025-11-25" if allow_older else "2026-07-28"
            assert test["revision"] == version, test
            in_turn(provider, calls("tools__add", a=1, b=2), answers("Three."))
            ready.ask(ready.new_conversation(), "Add")
            methods = [message["method"] for message, _ in recorder.requests]
            assert "tools/call" in methods
            for message, headers in recorder.requests:
                spoken = "2026-07-28" if message["method"] == "server/discover" else version
                schemas.check_message(spoken, message)
                if spoken == "2026-07-28":
                    assert headers["Mcp-Method"] == message["method"]
    finally:
        process.kill()
        process.wait()


def test_a_server_that_is_not_there_is_said_to_be_missing(ready, provider):
    add_server(ready, {"kind": "command", "program": "/no/such/program"})
    provider.script = answers("Without.")
    reply = ready.send(ready.new_conversation(), "Go")["reply"]["id"]
    notices = []
    with ready.reply_events(reply) as stream:
        for event in stream:
            if event.kind == "notice":
                notices.append(event.data)
            if event.kind == "end":
                assert event.data["value"]["content"] == "Without."
    assert {"code": "toolsMissing", "servers": ["Tools"]} in notices
