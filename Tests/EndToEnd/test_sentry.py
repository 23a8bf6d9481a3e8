"""Errors reach a real Sentry-compatible server, and nothing private with them: of the server, of a page, and of a process that ended badly."""

import contextlib
import json
import pathlib
import re
import signal
import sqlite3

import jsonschema
import pytest
import requests
from playwright.sync_api import expect, sync_playwright

from harness import app as web, tools
from harness.browser import ACTION_SECONDS, Profile
from harness.bugsink import PROJECT, Bugsink, normalized
from harness.canaries import Canaries
from harness.client import Client
from harness.command import CommandLine
from harness.prometheus import wait_for
from harness.sentry import CLIENT_REPORT, SESSION, Sink
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


def report_to(server: Server, dsn: str) -> None:
    commands = CommandLine(server)
    commands.ok("telemetry", "name", ENVIRONMENT, passphrase=PASSPHRASE)
    commands.ok("telemetry", "set", "sentry", "--secret", "dsn", passphrase=PASSPHRASE, secret=dsn)


def set_up(server: Server, dsn: str) -> Client:
    client = Client(server.origin)
    client.set_up(PASSPHRASE)
    report_to(server, dsn)
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


@pytest.fixture
def make_profile(tmp_path):
    with sync_playwright() as playwright:
        profiles = []

        def make(origin: str) -> Profile:
            profiles.append(Profile(playwright, tmp_path / f"profile-{len(profiles)}", origin))
            return profiles[-1]

        yield make
        for profile in profiles:
            profile.close()


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
        for session in sink.items("session"):
            jsonschema.validate(session, SESSION)
        begun = {each["sid"] for each in sink.items("session") if each["init"]}
        assert begun == {each["sid"] for each in sink.items("session")}, "a session was told of that never began"
        for report in sink.items("client_report"):
            jsonschema.validate(report, CLIENT_REPORT)
        assert_private(json.dumps(sink.envelopes), canaries)
