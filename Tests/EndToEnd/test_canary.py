"""Nothing that a person writes and no secret is readable in any file that the server or the browser leaves."""

import pathlib

import pytest
from playwright.sync_api import sync_playwright

from harness import keys
from harness.app import App
from harness.browser import Profile
from harness.canaries import Canaries
from harness.client import Client
from harness.command import CommandLine
from harness.provider import ScriptedProvider, answers
from harness.scanner import Scanner
from harness.server import Server
from harness.storage import copy_of, indexeddb_values, local_storage

LEAST_FILES = 3
# What a row of the browser's copy may hold: opaque names, a version, counts and ciphertext.
# Dexie's list of its databases; the name is the same for everybody.
DEXIE_OWN_ROW = {"name": "cherry"}
SEALED_FIELDS = {"id", "group", "up", "v", "data", "more", "n", "key"}


@pytest.fixture
def canaries() -> Canaries:
    return Canaries()


@pytest.fixture
def talkative(make_server) -> Server:
    """A server that logs as much as it can."""
    return make_server(CHERRY_LOG_LEVEL="trace").start()


def secrets_of(canaries: Canaries, client: Client, code: str) -> dict[str, str | bytes]:
    """Everything that must not be found: the canaries and all that is derived from the passphrase."""
    kdf = client.status()["kdf"]
    login = keys.login_keys(canaries.passphrase, kdf)
    stretched = keys.stretched(canaries.passphrase, kdf)
    return canaries.words | {
        "the recovery code": code,
        "the recovery code without hyphens": code.replace("-", ""),
        "the key that proves who one is": keys.decode(login["authKey"]),
        "the key that unseals": keys.decode(login["unsealKey"]),
        "the key that wraps the browser's": keys.hkdf(stretched, b"cherry/local"),
        "the stretched passphrase": stretched,
    }


def assert_nothing_found(scanner: Scanner, *folders: pathlib.Path) -> None:
    findings = scanner.scan(*folders)
    assert not findings, "readable on disk:\n" + "\n".join(str(finding) for finding in findings)
    assert scanner.files >= LEAST_FILES and scanner.bytes > 20_000, "there was next to nothing to search"
    print(f"{scanner.files} files, {scanner.bytes / 1e6:.1f} MB, {len(scanner.patterns)} secrets: nothing found")


def use_everything(client: Client, canaries: Canaries, provider: ScriptedProvider) -> str:
    """Puts a canary wherever the API takes words; returns the recovery code."""
    code = client.set_up(canaries.passphrase)
    client.set_default_model(client.add_provider(provider.base_url, name=canaries.provider_name, key=canaries.provider_key))
    persona = client.call("POST", "/api/v1/personas", {
        "name": canaries.persona_name, "hue": "moss", "instructions": f"Never say {canaries.persona_instructions}."})["id"]
    client.call("PUT", "/api/v1/preferences/canary.note", {"value": canaries.preference, "baseVersion": 0}, expect=(200, 422))
    client.call("PUT", "/api/v1/preferences/links.loadImages", {"value": [canaries.preference], "baseVersion": 0}, expect=(200, 422))
    conversation = client.new_conversation(title=canaries.title, personaID=persona)
    client.ask(conversation, f"What does {canaries.message} mean?")
    client.call("POST", "/api/v1/search", {"query": canaries.query})
    assert client.call("POST", "/api/v1/search", {"query": canaries.message})["items"], "the search cannot find it"
    return code


def test_the_server_leaves_nothing_readable(talkative, canaries):
    client = Client(talkative.origin)
    with ScriptedProvider(answers(f"It means {canaries.reply}.")) as provider:
        code = use_everything(client, canaries, provider)
        assert canaries.persona_instructions in str(provider.requests[0].body), "the persona did not reach the model"
        assert provider.requests[0].authorization == f"Bearer {canaries.provider_key}"
    secrets = secrets_of(canaries, client, code)
    assert_nothing_found(Scanner(secrets), talkative.folder)  # While it runs: the WAL is still there.
    CommandLine(talkative).ok("vault", "rotate", passphrase=canaries.passphrase)
    client.lock()
    assert client.request("POST", "/api/v1/unlock", json=client.login_keys("wrong " + canaries.passphrase)).status_code == 401
    talkative.stop()
    assert_nothing_found(Scanner(secrets), talkative.folder)


def test_a_killed_server_leaves_nothing_readable(talkative, canaries):
    client = Client(talkative.origin)
    with ScriptedProvider(answers(f"It means {canaries.reply}.")) as provider:
        code = use_everything(client, canaries, provider)
    secrets = secrets_of(canaries, client, code)
    talkative.kill()
    assert_nothing_found(Scanner(secrets), talkative.folder)


def test_the_browser_leaves_nothing_readable(talkative, canaries, tmp_path, local_model):
    with ScriptedProvider(answers(f"It means {canaries.reply}.")) as provider, sync_playwright() as playwright:
        profile = Profile(playwright, tmp_path / "profile", talkative.origin)
        app = App(profile.open(), profile.origin)
        code = app.set_up(canaries.passphrase)
        app.go("Settings")
        app.button("Add a provider").click()
        app.field("Name").fill(canaries.provider_name)
        app.field("Address").fill(provider.base_url)
        app.field("Key").fill(canaries.provider_key)
        app.field("Default model").fill("scripted")
        app.button("Save").click()
        app.page.get_by_text(canaries.provider_name).wait_for()
        app.go("Personas")
        app.button("New persona").click()
        app.field("Name").fill(canaries.persona_name)
        app.field("Instructions").fill(canaries.persona_instructions)
        app.button("Save").click()
        app.page.get_by_role("heading", name=canaries.persona_name).wait_for()
        app.go("New conversation")
        app.say(f"What does {canaries.message} mean?")
        app.wait_for_reply()
        app.field("Search conversations").fill(canaries.query)
        app.page.get_by_text("Nothing found").wait_for()
        app.field("Search conversations").fill("")
        app.message_field.fill(canaries.draft)
        sealed = "Object.keys(localStorage).filter(key => key.startsWith('cherry.sealed.')).length"
        app.page.evaluate(f"new Promise(done => {{ const look = () => {sealed} >= 2 ? done() : requestAnimationFrame(look); look(); }})")
        app.lock()
        origin, folder = profile.origin, profile.folder
        profile.close()
    secrets = secrets_of(canaries, Client(talkative.origin), code)
    talkative.stop()
    assert_nothing_found(Scanner(secrets), talkative.folder, folder)
    copy = copy_of(folder)
    values = list(indexeddb_values(copy))
    assert len(values) > 10, "the browser kept no copy"
    stored = dict(local_storage(copy, origin))
    assert {key for key in stored if not key.startswith("cherry.sealed.")} == {"cherry.header"}
    rows = [value for value in values if isinstance(value.value, dict) and value.value != DEXIE_OWN_ROW]
    readable = [value for value in rows if not set(value.value) <= SEALED_FIELDS]
    assert not readable, f"a row has more than opaque names and ciphertext: {readable[0]}"
