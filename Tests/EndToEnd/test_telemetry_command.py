"""`cherry telemetry`, `cherry doctor` and `cherry metrics`: what they say, and what to do when something is wrong."""

import re

import pytest

from harness.client import PASSPHRASE
from harness.command import CommandLine
from harness.sinks import Reply, Sink

SECRET = "glsa-a-very-secret-word"


@pytest.fixture
def loki():
    with Sink(lambda _: Reply(204)) as sink:
        yield sink


@pytest.fixture
def command(server, client) -> CommandLine:
    """A command line whose server has a vault, unlocked."""
    return CommandLine(server)


def refusal(command: CommandLine, *arguments: str, code: int = 64) -> str:
    """What a command that must fail says."""
    result = command.run(*arguments, passphrase=PASSPHRASE)
    assert result.returncode == code, result.stderr
    assert result.stderr.startswith("cherry: ")
    return result.stderr


def test_a_destination_is_set_tried_and_removed(command, loki):
    said = command.ok("telemetry", "set", "loki", f"url={loki.origin}", "--secret", "token", passphrase=PASSPHRASE, secret=SECRET)
    assert said.startswith("loki  Loki, takes the log: on\n")
    assert re.search(rf"^  url      = {loki.origin}  Loki's address, without /loki/api\. Needed\.$", said, re.MULTILINE)
    assert re.search(r"^  token    = \(stored\) +A bearer token", said, re.MULTILINE)
    assert SECRET not in said
    assert command.ok("telemetry", "test", "loki", passphrase=PASSPHRASE) == "Loki took the test event.\n"
    report = command.ok("doctor", passphrase=PASSPHRASE)
    assert f"Loki: on, is sent the log at {loki.origin}\n" in report
    assert "Sentry: off; it would take errors" in report
    assert "Loki is sent nothing any more." in command.ok("telemetry", "remove", "loki", passphrase=PASSPHRASE)
    assert command.ok("telemetry", "remove", "loki", passphrase=PASSPHRASE) == "Loki is off already.\n"


def test_what_is_wrong_with_a_setting_is_said_with_what_would_do(command):
    assert "It has: url, tenant, user, password, token, private." in refusal(command, "telemetry", "set", "loki", "colour=red")
    assert "Loki has no value of the name colour" in refusal(command, "telemetry", "set", "loki", "--secret", "colour")
    assert "url of Loki must be an http or https address." in refusal(command, "telemetry", "set", "loki", "url=nowhere")
    assert "There are: sentry, otlp, loki" in refusal(command, "telemetry", "set", "splunk", "url=https://example.com")
    assert "--secret token" in refusal(command, "telemetry", "set", "loki", f"token={SECRET}")
    assert "cherry telemetry set fluent" in refusal(command, "telemetry", "test", "fluent")
    assert command.ok("telemetry", "list", passphrase=PASSPHRASE).count(": off\n") == 5


def test_the_doctor_says_why_something_does_not_arrive(command, loki):
    loki.answer = lambda _: Reply(401)
    command.ok("telemetry", "set", "loki", f"url={loki.origin}", passphrase=PASSPHRASE)
    result = command.run("doctor", passphrase=PASSPHRASE)
    assert result.returncode == 69
    assert "  nothing was accepted since the server started\n" in result.stdout
    assert (
        "  Loki could not take the test event now. The destination does not accept the credentials. "
        "Set them anew; what waits is kept and sent then. (http_401)\n"
    ) in result.stdout
    assert "Not everything arrives: Loki." in result.stderr


def test_a_token_says_what_is_missing_until_figures_are_served(server):
    result = CommandLine(server).run("metrics", "token")
    assert result.returncode == 0
    assert re.fullmatch(r"cherry_metrics_[\w-]+\n", result.stdout)
    assert "CHERRY_METRICS_ADDRESS" in result.stderr
