"""Errors and traces reach a real Sentry-compatible server, and nothing private with them: of the server, of a page, and of a process that ended badly."""

import contextlib
import json
import pathlib
import re
import secrets
import signal
import sqlite3

import jsonschema
import pytest
import requests
from playwright.sync_api import expect

from harness import app as web, tools
from harness.browser import ACTION_SECONDS
from harness.bugsink import PROJECT, Bugsink, normalized
from harness.canaries import Canaries
from harness.client import Client
from harness.command import CommandLine
from harness.ids import make_id
from harness.otlp import Collector
from harness.prometheus import wait_for
from harness.provider import ScriptedProvider, answers, says
from harness.sentry import CLIENT_REPORT, SAMPLING, SESSION, Sink
from harness.server import Server

PASSPHRASE = web.PASSPHRASE
ENVIRONMENT = "end-to-end"
CRASH_SECONDS = 90


@pytest.fixture(scope="module")
def bugsink(tmp_path_factory):
    with Bugsink(tmp_path_factory.mktemp("bugsink")) as service:
        yield service


@pytest.fixture
def canaries() -> Canaries:
    return Canaries()


def report_to(server: Server, dsn: str, *values: str) -> None:
    commands = CommandLine(server)
    commands.ok("telemetry", "name", ENVIRONMENT, passphrase=PASSPHRASE)
    commands.ok("telemetry", "set", "sentry", *values, "--secret", "dsn", passphrase=PASSPHRASE, secret=dsn)


def set_up(server: Server, dsn: str, *values: str) -> Client:
    client = Client(server.origin)
    client.set_up(PASSPHRASE)
    report_to(server, dsn, *values)
    return client


def version(server: Server) -> str:
    return "cherry@" + CommandLine(server).ok("--version").strip()


def damage_store(server: Server, client: Client, canaries: Canaries) -> None:
    """Takes the table of records away, behind the server's back, and asks for one."""
    client.new_conversation(title=canaries.title)
    with contextlib.closing(sqlite3.connect(server.data / "cherry.sqlite", timeout=20)) as database:
        database.execute("DROP TABLE records")
    answer = client.request("GET", "/api/v1/conversations", headers={"X-Note": canaries.query})
    assert answer.status_code == 503, answer.text


def keep_from_writing(server: Server, client: Client, canaries: Canaries) -> None:
    """Puts a folder where the server wants to write a file, and has it write."""
    file = server.data / "telemetry.sealed"
    kept = file.rename(server.data / "kept")
    (file / canaries.title).mkdir(parents=True)
    answer = client.request("PATCH", "/api/v1/telemetry", json={"environment": "elsewhere"}, headers={"X-Note": canaries.query})
    assert answer.status_code == 500, answer.text
    (file / canaries.title).rmdir()
    file.rmdir()
    kept.rename(file)


def functions(event: dict) -> list[str]:
    frames = event["exception"]["values"][0].get("stacktrace", {}).get("frames", [])
    return [frame["function"] for frame in frames if frame.get("function")]


def assert_private(text: str | bytes, canaries: Canaries) -> None:
    found = [name for name, word in canaries.words.items() if (word.encode() if isinstance(text, bytes) else word) in text]
    assert not found, f"it tells {found}"


def upload_source_maps(server: Server, bugsink: Bugsink, folder: pathlib.Path) -> str:
    token = folder / "token"
    token.write_text(bugsink.token + "\n")
    return CommandLine(server).ok(
        "ops", "sentry-release", "--url", bugsink.origin, "--org", "any", "--project", PROJECT, "--maps", str(tools.ROOT / "web/maps"),
        "--files", str(tools.WEB_ROOT), "--token-file", str(token))


def wait_until_unlocked(app: web.App) -> None:
    """Like the app's own, with time for the many rounds of a derivation on a busy machine."""
    expect(app.page.get_by_role("navigation", name="Conversations")).to_be_visible(timeout=ACTION_SECONDS * 1000)


def break_navigation(app: web.App, words: str) -> None:
    """Takes from the page what its own handler of a click relies on, and clicks."""
    app.page.evaluate("words => { history.pushState = () => { throw new TypeError(words); }; }", words)
    app.go("Personas")


def test_a_fault_of_the_server_is_shown_with_release_and_stack(server, bugsink, canaries):
    client = set_up(server, bugsink.dsn)
    damage_store(server, client, canaries)
    event = bugsink.wait_for_event(transaction="/api/v1/conversations", environment=ENVIRONMENT)
    data = event["data"]
    assert data["release"] == version(server)
    assert data["tags"]["code"] == "unavailable" and data["tags"]["http.status"] == "503"
    assert any("ErrorMiddleware" in name for name in functions(data)), functions(data)
    assert_private(json.dumps(event), canaries)


def test_an_error_of_a_page_is_shown_in_the_files_that_were_written_and_no_other_origin_is_asked(
    server, bugsink, canaries, make_profile, tmp_path
):
    client = set_up(server, bugsink.dsn)
    assert version(server) in upload_source_maps(server, bugsink, tmp_path)
    client.new_conversation(title=canaries.title)
    profile = make_profile(server.origin)
    app = web.App(profile.open(), server.origin)
    app.open()
    with app.page.expect_response("**/api/v1/reports"):  # the visit's beginning
        app.unlock()
        wait_until_unlocked(app)
    expect(app.conversations.first).to_contain_text(canaries.title)
    profile.expect_error(canaries.message)
    break_navigation(app, canaries.message)
    event = bugsink.wait_for_event(platform="javascript", environment=ENVIRONMENT)
    data = event["data"]
    assert data["release"] == version(server)
    assert data["exception"]["values"][0]["type"] == "TypeError"
    frames = data["exception"]["values"][0]["stacktrace"]["frames"]
    assert frames and all(frame["filename"].startswith("/assets/") and frame["lineno"] for frame in frames)
    assert data["contexts"]["browser"]["name"] == "Chromium"
    stack = bugsink.stack(event)
    assert "web/src/hooks/useRoute.ts" in stack and re.search(r"web/src/\S+\.tsx", stack), stack
    assert "history[replace" in stack, stack
    assert_private(json.dumps(event), canaries)
    assert_private((bugsink.folder / "db.sqlite3").read_bytes(), canaries)
    profile.assert_clean()


def crash(server: Server, cause: signal.Signals) -> str:
    """Has the process crash; returns what it wrote down."""
    run = server.data / "run"
    wait_for("the run's marker", (run / "run.json").exists)
    server.process.send_signal(cause)
    log = run / "crash.log"
    # The runtime writes with all debug information at hand, which takes its time.
    wait_for("the crash log", lambda: log.exists() and "Backtrace took" in log.read_text(), CRASH_SECONDS)
    # A fault of its own would come again now. One from outside has to be sent again, once the process goes on; then nobody handles it any more.
    wait_for("the process to go on", lambda: requests.get(f"{server.origin}/livez", timeout=CRASH_SECONDS).ok)
    server.process.send_signal(cause)
    assert server.wait(CRASH_SECONDS) == -cause
    return log.read_text()


def test_a_crash_is_told_at_the_next_start(server, bugsink, canaries):
    client = set_up(server, bugsink.dsn)
    client.new_conversation(title=canaries.title)
    log = crash(server, signal.SIGSEGV)
    assert_private(log, canaries)
    before = {event["id"] for event in bugsink.events()}
    server.start()
    event = wait_for("a crash", lambda: next((event for event in bugsink.events() if event["id"] not in before), None))
    data = event["data"]
    assert data["level"] == "fatal" and data["tags"]["code"] == "crashed"
    assert data["release"] == version(server)
    assert functions(data), log
    assert not (server.data / "run" / "crash.log").exists()
    assert_private(json.dumps(event), canaries)


def test_every_kind_of_item_is_as_the_protocol_demands(server, canaries, make_profile):
    with Sink() as sink:
        client = set_up(server, sink.dsn)
        sink.status = 413  # What is refused has to be told in a client report.
        keep_from_writing(server, client, canaries)
        wait_for("a refused event", lambda: sink.items("event"))
        sink.status = 200
        keep_from_writing(server, client, canaries)
        wait_for("a client report", lambda: sink.items("client_report"))

        profile = make_profile(server.origin)
        app = web.App(profile.open(), server.origin)
        app.open()
        app.unlock()
        wait_until_unlocked(app)
        break_navigation(app, canaries.message)
        app.page.evaluate("words => { void Promise.reject(new RangeError(words)); }", canaries.reply)
        wait_for("two errors of the page", lambda: sum(each["platform"] == "javascript" for each in sink.items("event")) >= 2)
        profile.close()

        server.kill()
        server.start()
        wait_for("the end of a killed run", lambda: any(each["status"] == "abnormal" for each in sink.items("session")))
        crash(server, signal.SIGABRT)
        server.start()
        wait_for("the end of a crashed run", lambda: any(each["status"] == "crashed" for each in sink.items("session")))
        wait_for("its crash", lambda: any(each["level"] == "fatal" for each in sink.items("event")))
        server.stop()
        server.start()
        wait_for("the end of a run", lambda: any(each["status"] == "exited" and each["seq"] for each in sink.items("session")))

        kinds = {kind for _, items in sink.envelopes for kind, _ in items}
        assert kinds == {"event", "session", "client_report"}
        for headers, items in sink.envelopes:
            assert len({kind for kind, _ in items}) == 1, "one envelope has items of several categories"
            assert headers["sent_at"] and ("event_id" in headers) == (items[0][0] == "event")
        events = sink.items("event")
        assert {each["exception"]["values"][0]["mechanism"]["type"] for each in events} >= {"request", "onerror", "onunhandledrejection", "crash"}
        for event, seen in zip(events, normalized(events), strict=True):
            assert not seen.get("errors"), seen["errors"]
            assert seen["type"] == "error" and seen["event_id"] == event["event_id"]
            assert seen["release"] == event["release"] and seen["environment"] == ENVIRONMENT
        sessions = sink.items("session")  # once: the run that goes on may tell of itself at any moment
        for session in sessions:
            jsonschema.validate(session, SESSION)
        begun = {each["sid"] for each in sessions if each["init"]}
        assert begun == {each["sid"] for each in sessions}, "a session was told of that never began"
        for report in sink.items("client_report"):
            jsonschema.validate(report, CLIENT_REPORT)
        assert_private(json.dumps(sink.envelopes), canaries)


def traced(client: Client, method: str, path: str, **options) -> str:
    """A request that continues a trace; returns the trace's id."""
    trace = secrets.token_hex(16)
    headers = {"traceparent": f"00-{trace}-{secrets.token_hex(8)}-01", **options.pop("headers", {})}
    response = client.request(method, path, headers=headers, **options)
    assert response.status_code < 500, response.text
    return trace


def traced_turn(client: Client, content: str) -> str:
    body = {"kind": "send", "messageID": make_id(), "parentID": None, "content": content}
    return traced(client, "POST", f"/api/v1/conversations/{client.new_conversation()}/turns", json=body)


def transactions(sink: Sink, trace: str) -> dict[str, dict]:
    """The transactions of a trace, by their names."""
    found = [each for each in sink.items("transaction") if each["contexts"]["trace"]["trace_id"] == trace]
    assert len({each["transaction"] for each in found}) == len(found), "a transaction came twice"
    return {each["transaction"]: each for each in found}


def assert_tree(transaction: dict) -> set[str]:
    """Checks that each step is within the transaction; returns the steps' names."""
    whole = transaction["contexts"]["trace"]
    inside = {whole["span_id"], *(span["span_id"] for span in transaction["spans"])}
    assert len(inside) == len(transaction["spans"]) + 1, "a span's id stands twice"
    for span in transaction["spans"]:
        assert span["trace_id"] == whole["trace_id"] and span["parent_span_id"] in inside
        assert transaction["start_timestamp"] <= span["start_timestamp"] <= span["timestamp"] <= transaction["timestamp"]
    return {span["description"] for span in transaction["spans"]}


def test_a_turn_and_a_request_at_a_door_are_transactions_as_the_relay_takes_them(server, canaries):
    turns, door = "/api/v1/conversations/{id}/turns", "/v1/chat/completions"
    with Sink() as sink, ScriptedProvider(answers(canaries.reply)) as provider:
        client = set_up(server, sink.dsn, "traces=1")
        client.use(provider.base_url)
        trace = traced_turn(client, canaries.message)
        found = wait_for("the turn", lambda: (found := transactions(sink, trace)).keys() == {turns, "turn"} and found)
        # Its request was answered before, and is a transaction by itself; Sentry shows both as one trace.
        assert found["turn"]["contexts"]["trace"]["parent_span_id"] == found[turns]["contexts"]["trace"]["span_id"]
        assert found[turns]["contexts"]["trace"]["op"] == "http.server" and found[turns]["transaction_info"] == {"source": "route"}
        assert found[turns]["tags"]["http.status"] == "202" and found["turn"]["transaction_info"] == {"source": "task"}
        assert assert_tree(found["turn"]) == {"turn.store", "turn.recall", "turn.prompt", "turn.model", "gateway.attempt"}

        headers = {"Authorization": f"Bearer {client.make_token(canaries.title, 'none')}"}
        body = {"model": "Scripted/scripted", "messages": [{"role": "user", "content": canaries.query}]}
        trace = traced(client, "POST", door, json=body, headers=headers)
        found = wait_for("the request at the door", lambda: transactions(sink, trace))
        assert found.keys() == {door} and assert_tree(found[door]) == {"gateway.attempt"}
        assert found[door]["contexts"]["trace"]["status"] == "ok"
        provider.script = says(500, {"error": {"message": canaries.draft}})
        trace = traced_turn(client, canaries.message)
        failed = wait_for("the turn that failed", lambda: transactions(sink, trace).get("turn"))
        attempt = next(span for span in failed["spans"] if span["op"] == "gateway.attempt")
        assert attempt["status"] == "internal_error" and attempt["data"]["error.type"] != "unlisted"

    for envelope, items in sink.envelopes:
        assert len(items) == 1 or items[0][0] == "session"
        assert ("trace" in envelope) == (items[0][0] == "transaction")
        if items[0][0] == "transaction":
            jsonschema.validate(envelope["trace"], SAMPLING)
            transaction = items[0][1]
            assert envelope["event_id"] == transaction["event_id"] and envelope["trace"]["trace_id"] == transaction["contexts"]["trace"]["trace_id"]
    sent = sink.items("transaction")
    for transaction, seen in zip(sent, normalized(sent), strict=True):
        assert not seen.get("errors"), seen["errors"]
        assert seen["type"] == "transaction" and seen["transaction"] == transaction["transaction"]
        assert seen["release"] == version(server) and seen["environment"] == ENVIRONMENT
        assert len(seen["spans"]) == len(transaction["spans"])
    assert_private(json.dumps(sink.envelopes), canaries)


def test_each_destination_gets_its_own_part_of_the_traces(server):
    def account(kind: str) -> dict:
        destinations = client.call("GET", "/api/v1/journal")["destinations"]
        return next((each for each in destinations if each["destination"] == kind), {"produced": 0})

    with Sink() as sink, Collector() as collector:
        client = Client(server.origin)
        client.set_up(PASSPHRASE)
        client.call("PATCH", "/api/v1/telemetry/sentry", {"values": {"dsn": sink.dsn}})
        client.call("PATCH", "/api/v1/telemetry/otlp", {"values": {"url": collector.origin}})
        wait_for("spans", lambda: client.status() and collector.spans)
        assert not sink.items("transaction"), "nobody asked for transactions"
        client.call("PATCH", "/api/v1/telemetry/otlp", {"values": {"share": "0"}})
        client.call("PATCH", "/api/v1/telemetry/sentry", {"values": {"traces": "1"}})
        wait_for("transactions", lambda: client.status() and sink.items("transaction"))
        before = account("otlp")["produced"]
        trace = traced(client, "GET", "/api/v1/personas")
        wait_for("the transaction", lambda: transactions(sink, trace))
        assert account("otlp")["produced"] == before
    assert not collector.complaints


def test_bugsink_which_has_no_transactions_says_so_and_still_gets_errors(server, bugsink, canaries):
    """It names a limit of a day for them in every answer: they are dropped, counted and told, and nothing else waits for them."""
    client = set_up(server, bugsink.dsn, "traces=1")

    def account() -> dict:
        destinations = client.call("GET", "/api/v1/journal")["destinations"]
        found = next((each for each in destinations if each["destination"] == "sentry"), None)
        assert found is None or found["balanced"], found
        return found or {"dropped": {}}

    wait_for("a transaction to be dropped", lambda: account()["dropped"].get("rate_limited"))
    assert account()["quarantined"] == 0
    keep_from_writing(server, client, canaries)
    event = bugsink.wait_for_event(transaction="/api/v1/telemetry", environment=ENVIRONMENT)
    assert_private(json.dumps(event), canaries)
