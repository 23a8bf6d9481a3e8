"""The API against its own description: schemathesis finds no answer that the description does not allow, and none ≥ 500."""

import json
import os
import pathlib
import random
import subprocess
import sys

import pytest

from harness import events
from harness.client import Client
from harness.provider import ScriptedProvider
from harness.server import Server

SEED = int(os.environ.get("CHERRY_FUZZ_SEED", random.SystemRandom().randrange(1 << 31)))
EXAMPLES = int(os.environ.get("CHERRY_FUZZ_EXAMPLES", 20))

# Each of these ends the session or the vault that all other routes are tested in. They get a run of their own.
ENDS_THE_RUN = ["/api/v1/lock", "/api/v1/logout", "/api/v1/erase", "/api/v1/passphrase", "/api/v1/sessions/{id}"]
# Answers without an end, which other tests read; each request for one would wait for its time to be over.
ENDLESS = ["/api/v1/events", "/api/v1/exchanges/events", "/api/v1/logs/events"]


def token_of(client: Client) -> str:
    return client.session.cookies["cherry_session"]


def credentials(token: str) -> str:
    """Settings that log schemathesis in by the scheme of the description, so that it can also leave the cookie out."""
    return f'\n[auth.openapi.session]\napi_key = "{token}"\n'


def fuzz(server: Server, token: str, folder: pathlib.Path, *arguments: str) -> dict:
    """Runs schemathesis; returns its report."""
    report, settings = folder / "report.json", folder / "schemathesis.toml"
    settings.write_text(pathlib.Path(__file__).with_name("schemathesis.toml").read_text() + credentials(token))
    command = [
        pathlib.Path(sys.executable).with_name("schemathesis"),
        "--config-file", settings,
        "run", f"{server.origin}/openapi.json",
        "--checks", "all",
        "--max-examples", str(EXAMPLES),
        "--seed", str(SEED),
        "--request-timeout", "30",
        "--generation-database", "none",
        "--report", "json", "--report-json-path", report,
        "--no-color",
        *arguments,
    ]
    environment = {**os.environ, "PYTHONPATH": str(pathlib.Path(__file__).with_name("harness"))}
    result = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=900)
    assert result.returncode == 0, f"CHERRY_FUZZ_SEED={SEED}\n{result.stdout[-20000:]}\n{result.stderr[-4000:]}"
    print(result.stdout[-3000:])
    return json.loads(report.read_text())


@pytest.fixture
def furnished(client: Client) -> Client:
    """A client whose vault holds one of everything."""
    with ScriptedProvider() as provider:
        client.use(provider.base_url, key="sk-scripted")
        conversation = client.new_conversation(title="One of everything")
        client.ask(conversation, "Hello")
    client.call("POST", "/api/v1/personas", {"name": "Guest", "hue": "moss", "instructions": "Be brief."}, expect=201)
    return client


@pytest.mark.timeout(900)
def test_an_unlocked_server_keeps_to_its_description(server, furnished, tmp_path):
    excluded = [argument for path in ENDS_THE_RUN + ENDLESS for argument in ("--exclude-path", path)]
    fuzz(server, token_of(furnished), tmp_path, *excluded)
    assert furnished.status()["session"], "the session did not last, so most answers were 401"
    assert furnished.verify()["status"] == "sound"


@pytest.mark.timeout(600)
def test_a_sealed_server_keeps_to_its_description(server, furnished, tmp_path):
    token = token_of(furnished)
    furnished.lock()
    fuzz(server, token, tmp_path, *[argument for path in ENDLESS for argument in ("--exclude-path", path)])
    assert furnished.status()["vault"] == "sealed"


@pytest.mark.timeout(600)
@pytest.mark.parametrize("path", ENDS_THE_RUN)
def test_a_route_that_ends_the_session_keeps_to_the_description(server, furnished, tmp_path, path):
    # After its first success the vault is sealed or gone, and that is said before the session is looked at.
    fuzz(server, token_of(furnished), tmp_path, "--include-path", path, "--exclude-checks", "ignored_auth")


def test_change_events(client):
    with client.session.get(client.origin + "/api/v1/events", stream=True, timeout=(10, 30)) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        stream = events.read(response)
        client.new_conversation()
        change = next(event for event in stream if event.kind == "change")
        assert change.data["position"] > 0
        client.lock()
        assert next(event for event in stream if event.kind == "lock").data == {}
