"""`cherry journal`: the same answers from a server that runs, which goes on sending, and from the files of one that is stopped."""

import re

import pytest

from harness.client import PASSPHRASE, Client
from harness.command import CommandLine
from harness.prometheus import wait_for
from harness.sinks import Received, Reply, Sink

# Lines of requests to this route are refused for good where a test says so.
REFUSED_ROUTE = "/api/v1/personas"


@pytest.fixture
def loki():
    with Sink(lambda _: Reply(204)) as sink:
        yield sink


@pytest.fixture
def command(server, client, loki) -> CommandLine:
    """A command line whose server sends its log to `loki`."""
    client.call("PATCH", "/api/v1/telemetry/loki", {"values": {"url": loki.origin}})
    wait_for("a line of the log", lambda: client.status() and loki.received)
    return CommandLine(server)


def account(text: str, destination: str = "loki") -> dict[str, int]:
    """A destination's figures in what a command printed."""
    line = re.search(rf"^{destination}(?: \(removed\))?: (.+)$", text, re.MULTILINE)
    assert line, text
    assert "DOES NOT ADD UP" not in line[1]
    counts = dict(zip(("produced", "sent", "queued", "quarantined"), map(int, re.findall(r"(\d+) (?:produced|sent|queued|in quarantine)", line[1])),
                      strict=True))
    dropped = sum(map(int, re.findall(r"(\d+)(?: \(\w+\))?(?:,|$)", line[1].split("dropped ")[1])))
    assert counts["produced"] == counts["sent"] + counts["queued"] + counts["quarantined"] + dropped, line[0]
    return counts


def refuse_one_route(request: Received) -> Reply:
    return Reply(400 if REFUSED_ROUTE in request.text else 204)


def test_a_running_server_tells_its_accounts_and_checks_its_files(command):
    text = command.ok("journal", "status", passphrase=PASSPHRASE)
    assert account(text)["sent"] > 0
    assert re.search(r"^\d+ of \d+ bytes in segments$", text, re.MULTILINE)
    text = command.ok("journal", "verify", passphrase=PASSPHRASE)
    assert text.endswith("The journal is sound.\n")
    assert re.search(r"^[1-9]\d* records read, 0 damaged, 0 do not open$", text, re.MULTILINE)
    assert account(command.ok("journal", "drain", "--seconds", "30", passphrase=PASSPHRASE))["queued"] == 0


def test_what_still_waits_after_the_time_is_said(command, loki):
    loki.answer = lambda _: Reply(503)
    result = command.run("journal", "drain", "--seconds", "1", passphrase=PASSPHRASE)
    assert result.returncode == 69
    assert account(result.stdout)["queued"] > 0
    assert "records are still queued" in result.stderr and "cherry doctor" in result.stderr


def test_what_was_refused_is_listed_sent_again_or_thrown_away(command, client, loki):
    loki.answer = refuse_one_route
    for _ in range(3):
        client.call("GET", REFUSED_ROUTE)
    command.ok("journal", "drain", passphrase=PASSPHRASE)
    listed = command.ok("journal", "quarantine", "list", passphrase=PASSPHRASE)
    records = re.findall(r"^loki  ([0-9a-f]{32})  log  \S+  http_400$", listed, re.MULTILINE)
    assert len(records) == 3 and REFUSED_ROUTE not in listed

    loki.answer = lambda _: Reply(204)
    before = len(loki.received)
    again = command.ok("journal", "quarantine", "retry", "loki", records[0], passphrase=PASSPHRASE)
    assert again == "1 records are queued again.\n"
    command.ok("journal", "drain", passphrase=PASSPHRASE)
    assert any(REFUSED_ROUTE in request.text for request in loki.received[before:]), "it was not sent again"

    gone = command.ok("journal", "quarantine", "discard", "loki", passphrase=PASSPHRASE)
    assert gone == "2 records were thrown away.\n"
    text = command.ok("journal", "status", passphrase=PASSPHRASE)
    assert account(text)["quarantined"] == 0 and "2 (discarded)" in text
    assert command.ok("journal", "quarantine", "list", passphrase=PASSPHRASE) == "Nothing is in quarantine.\n"


@pytest.mark.parametrize("is_running", [True, False], ids=["running", "stopped"])
def test_a_name_that_is_none_is_refused(server, command, is_running):
    if not is_running:
        server.stop()
    passphrase = {"passphrase": PASSPHRASE} if is_running else {}
    for destination, identity in (("nobody", []), ("../loki", []), ("loki", ["0123456789abcdef0123456789abcdef"]), ("loki", ["x"])):
        result = command.run("journal", "quarantine", "retry", destination, *identity, **passphrase)
        assert result.returncode != 0 and result.stderr.startswith("cherry: "), result
    assert command.run("journal", "drain", "--seconds", "-1", **passphrase).returncode == 64


def test_the_files_of_a_stopped_server_are_read_without_a_passphrase(server, command, client, loki):
    loki.answer = lambda _: Reply(503)
    client.call("GET", REFUSED_ROUTE)
    server.stop()
    text = command.ok("journal", "status")
    assert account(text)["queued"] > 0
    assert command.ok("journal", "verify").endswith("The journal is sound.\n")
    result = command.run("journal", "drain")
    assert result.returncode == 69 and "cherry serve" in result.stderr
    assert account(result.stdout) == account(text), "looking changed something"

    loki.answer = lambda _: Reply(204)
    server.start()
    assert account(command.ok("journal", "drain", passphrase=PASSPHRASE))["queued"] == 0
    assert any(REFUSED_ROUTE in request.text for request in loki.received)


def test_what_a_removed_destination_had_is_told_after_a_restart(server, command):
    command.ok("telemetry", "remove", "loki", passphrase=PASSPHRASE)
    server.stop()
    server.start()
    text = command.ok("journal", "status", passphrase=PASSPHRASE)
    assert "loki (removed): " in text and account(text)["queued"] == 0


def test_without_a_journal_that_is_said(server, client):
    command = CommandLine(server)
    none = "There is no journal yet: nothing was to be sent anywhere."
    assert command.ok("journal", "status", passphrase=PASSPHRASE) == f"{none}\n"
    server.stop()
    assert command.ok("journal", "status") == f"{none}\n"


def test_a_running_server_asks_for_the_passphrase(command):
    result = command.run("journal", "status")
    assert result.returncode == 66 and "--passphrase-fd" in result.stderr
    result = command.run("journal", "status", passphrase="not the passphrase at all")
    assert result.returncode == 77
    assert "produced" not in result.stdout
