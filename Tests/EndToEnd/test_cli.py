"""The command line: the whole life of a vault, and secrets that no other process can read."""

import os
import re

import pytest

from harness.client import Client
from harness.command import CommandLine, ProcessWatch, answer, ends, recovery_code
from harness.provider import ScriptedProvider

PASSPHRASE = "nine amber kites cross the valley"
SECOND = "cold lanterns follow the miller home"
THIRD = "a plain wooden boat waits below"
KEY = "sk-canary-2b7d0f4c9e1a5386"


@pytest.fixture
def command(server) -> CommandLine:
    return CommandLine(server)


@pytest.fixture
def vault(command) -> CommandLine:
    """A command line whose server has a vault, unlocked."""
    command.kit = recovery_code(command.ok("vault", "init", new_passphrase=PASSPHRASE))
    return command


def slots(command: CommandLine, passphrase: str = PASSPHRASE) -> dict[str, str]:
    details = command.ok("vault", "status", "--details", passphrase=passphrase)
    return {kind: slot for slot, kind in re.findall(r"^slot (\S+)\s+(\w+)", details, re.MULTILINE)}


def test_init_at_a_terminal_has_part_of_the_kit_typed_back(command):
    terminal = command.terminal("vault", "init")
    answer(terminal, "New passphrase: ", PASSPHRASE)
    answer(terminal, "The same again: ", PASSPHRASE)
    terminal.expect(r"Type group (\d) of the kit: ")
    number = int(terminal.match.group(1))
    code = recovery_code(terminal.before.replace("\r", ""))
    terminal.sendline("WRONG")
    terminal.expect_exact(f"That is not group {number}.")
    answer(terminal, f"Type group {number} of the kit: ", code.split("-")[number - 1].lower())
    terminal.expect_exact("The vault is ready.")
    assert ends(terminal) == 0
    assert "recovery kit: confirmed" in command.ok("vault", "status", "--details", passphrase=PASSPHRASE)


def test_what_is_typed_is_not_shown(command):
    terminal = command.terminal("vault", "init")
    shown = []
    terminal.logfile_read = type("Log", (), {"write": lambda _, text: shown.append(text), "flush": lambda _: None})()
    answer(terminal, "New passphrase: ", PASSPHRASE)
    answer(terminal, "The same again: ", PASSPHRASE + "!")
    terminal.expect_exact("The two differ; nothing was changed.")
    assert ends(terminal) == 64
    assert PASSPHRASE not in "".join(shown)
    assert command.ok("vault", "status") == "vault: uninitialized\n"


@pytest.mark.parametrize(
    ("weak", "reason"),
    [("short", "12"), ("passwordpassword", ""), ("aaaaaaaaaaaaaaaa", "")],
)
def test_a_weak_passphrase_is_refused_with_the_reason(command, weak, reason):
    result = command.run("vault", "init", new_passphrase=weak)
    assert result.returncode != 0
    assert "This passphrase is too weak: " in result.stderr
    assert reason in result.stderr
    assert weak not in result.stderr + result.stdout
    assert command.ok("vault", "status") == "vault: uninitialized\n"


def test_lock_and_unlock(vault):
    assert vault.ok("vault", "status") == "vault: unlocked\n"
    assert vault.ok("vault", "lock") == "Locked.\n"
    assert vault.ok("vault", "status") == "vault: sealed\n"
    assert vault.ok("vault", "unlock", passphrase=PASSPHRASE) == "Unlocked.\n"
    assert vault.ok("vault", "status") == "vault: unlocked\n"


def test_a_wrong_passphrase_is_said_and_changes_nothing(vault):
    vault.ok("vault", "lock")
    result = vault.run("vault", "unlock", passphrase=SECOND)
    assert result.returncode == 77
    assert "passphrase" in result.stderr.lower()
    assert SECOND not in result.stderr
    assert vault.ok("vault", "status") == "vault: sealed\n"


def test_without_a_terminal_the_descriptor_is_named(vault):
    result = vault.run("vault", "unlock")
    assert result.returncode == 66
    assert "--passphrase-fd" in result.stderr


def test_init_refuses_a_second_vault(vault):
    result = vault.run("vault", "init", new_passphrase=SECOND)
    assert result.returncode != 0
    assert "There is a vault already." in result.stderr
    vault.ok("vault", "unlock", passphrase=PASSPHRASE)


def test_change_passphrase(vault):
    vault.ok("vault", "change-passphrase", passphrase=PASSPHRASE, new_passphrase=SECOND)
    vault.ok("vault", "lock")
    assert vault.run("vault", "unlock", passphrase=PASSPHRASE).returncode == 77
    vault.ok("vault", "unlock", passphrase=SECOND)


def test_recover(vault):
    vault.ok("vault", "lock")
    vault.ok("vault", "recover", recovery=vault.kit.lower().replace("-", " "), new_passphrase=THIRD)
    vault.ok("vault", "lock")
    vault.ok("vault", "unlock", passphrase=THIRD)


def test_recover_refuses_a_mistyped_kit(vault):
    vault.ok("vault", "lock")
    wrong = ("A" if vault.kit[0] != "A" else "B") + vault.kit[1:]
    result = vault.run("vault", "recover", recovery=wrong, new_passphrase=THIRD)
    assert result.returncode == 64
    assert wrong not in result.stderr
    vault.ok("vault", "unlock", passphrase=PASSPHRASE)


def test_rotate_keeps_everything(server, vault):
    client = Client(server.origin)
    client.unlock(PASSPHRASE)
    conversation = client.new_conversation(title="Kept")
    before = client.call("GET", "/api/v1/vault")["keys"]
    assert vault.ok("vault", "rotate", passphrase=PASSPHRASE).endswith("Rotated. The old key is gone.\n")
    after = client.call("GET", "/api/v1/vault")["keys"]
    assert [key["active"] for key in after] == [True]
    assert after[0]["id"] not in {key["id"] for key in before}
    assert client.call("GET", f"/api/v1/conversations/{conversation}")["value"]["title"] == "Kept"
    assert client.verify()["status"] == "sound"


def test_the_machine_slot_unlocks_at_start(make_server, tmp_path):
    key_file = tmp_path / "machine.key"
    server = make_server(CHERRY_KEY_FILE=str(key_file)).start()
    command = CommandLine(server)
    command.ok("vault", "init", new_passphrase=PASSPHRASE)
    command.ok("vault", "add-slot", passphrase=PASSPHRASE)
    assert key_file.stat().st_mode & 0o777 == 0o600
    server.stop()
    server.start()
    assert command.ok("vault", "status") == "vault: unlocked\n"
    command.ok("vault", "remove-slot", slots(command)["machine"], passphrase=PASSPHRASE)
    server.stop()
    server.start()
    assert command.ok("vault", "status") == "vault: sealed\n"


def test_the_last_passphrase_slot_stays(vault):
    result = vault.run("vault", "remove-slot", slots(vault)["passphrase"], passphrase=PASSPHRASE)
    assert result.returncode != 0
    vault.ok("vault", "lock")
    vault.ok("vault", "unlock", passphrase=PASSPHRASE)


def test_a_provider_is_added_tried_and_removed(server, vault):
    with ScriptedProvider() as provider:
        added = vault.ok("provider", "add", "--name", "Mine", "--base-url", provider.base_url, "--model", "scripted",
                         passphrase=PASSPHRASE, key=KEY)
        identity = re.search(r"as (\S+)\.", added).group(1)
        assert "offers 1 model." in vault.ok("provider", "test", identity, passphrase=PASSPHRASE)
        client = Client(server.origin)
        client.unlock(PASSPHRASE)
        client.set_default_model(identity)
        client.ask(client.new_conversation(), "Hello")
        assert provider.requests[0].authorization == f"Bearer {KEY}"
    listed = vault.ok("provider", "list", passphrase=PASSPHRASE)
    assert "Mine" in listed and KEY not in listed
    vault.ok("provider", "remove", identity, passphrase=PASSPHRASE)
    assert "Mine" not in vault.ok("provider", "list", passphrase=PASSPHRASE)


def test_an_unreachable_provider_is_explained(vault):
    with ScriptedProvider() as provider:
        gone = provider.base_url
    added = vault.ok("provider", "add", "--name", "Gone", "--base-url", gone, "--no-key", passphrase=PASSPHRASE)
    result = vault.run("provider", "test", re.search(r"as (\S+)\.", added).group(1), passphrase=PASSPHRASE)
    assert result.returncode == 69
    assert result.stderr.startswith("cherry: ")


def test_commands_work_while_no_server_runs(server, vault):
    server.stop()
    assert vault.ok("vault", "status") == "vault: sealed\n"
    vault.ok("vault", "change-passphrase", passphrase=PASSPHRASE, new_passphrase=SECOND)
    server.start()
    vault.ok("vault", "unlock", passphrase=SECOND)


def test_secrets_are_in_no_argument_and_no_environment(command):
    with ProcessWatch(os.getpid()) as watch:
        terminal = command.terminal("vault", "init")
        answer(terminal, "New passphrase: ", PASSPHRASE)
        answer(terminal, "The same again: ", PASSPHRASE)
        terminal.expect(r"Type group (\d) of the kit: ")
        code = recovery_code(terminal.before.replace("\r", ""))
        terminal.sendline(code.split("-")[int(terminal.match.group(1)) - 1])
        assert ends(terminal) == 0
        command.ok("vault", "lock")
        command.ok("vault", "unlock", passphrase=PASSPHRASE)
        command.ok("provider", "add", "--name", "Mine", "--base-url", "https://example.invalid/v1",
                   passphrase=PASSPHRASE, key=KEY)
    assert len(watch.processes) > 4, "the watch missed the commands"
    assert b"example.invalid" in watch.seen, "the watch missed the arguments"
    for secret in (PASSPHRASE, KEY, code, code.replace("-", "")):
        assert secret.encode() not in watch.seen
