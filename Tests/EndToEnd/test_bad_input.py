"""A full disk, a damaged or a newer database, a port or a folder that is taken: said clearly, and nothing is lost."""

import hashlib
import os
import pathlib
import sqlite3

import pytest

from harness.client import Client
from harness.disk import small_disk
from harness.provider import ScriptedProvider, answers, streams
from harness.server import Server

QUESTIONS = ["First question", "Second question", "Third question"]


def database(server: Server) -> pathlib.Path:
    found = [path for path in server.data.iterdir() if path.read_bytes()[:15] == b"SQLite format 3"]
    assert len(found) == 1, f"which of {found} is the database?"
    return found[0]


def digests(server: Server) -> dict[str, str]:
    """What is in the data folder, without the files that SQLite makes and drops as it likes."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in server.data.iterdir()
        if path.is_file() and not path.name.endswith(("-wal", "-shm", ".lock", ".json", ".pid"))
    }


def fill_with_questions(client: Client) -> str:
    """A conversation with a few answered questions, in a vault whose model is scripted; returns its id."""
    with ScriptedProvider(answers("An answer.")) as provider:
        client.use(provider.base_url)
        conversation, parent = client.new_conversation(), None
        for question in QUESTIONS:
            parent = client.ask(conversation, question, parent)["id"]
    return conversation


def questions(client: Client, conversation: str) -> list[str]:
    return [each["value"]["content"] for each in client.messages(conversation) if each["value"]["role"] == "user"]


def test_a_full_disk_refuses_writes_and_loses_nothing(make_server):
    server = make_server()
    with small_disk(server.data) as disk:
        server.start()
        client = Client(server.origin)
        client.set_up()
        conversation = fill_with_questions(client)
        last = client.messages(conversation)[-1]["id"]

        disk.fill()
        refused = "This one does not fit. " * 2000
        body = {"kind": "send", "messageID": "01890000-0000-7000-8000-000000000001", "parentID": last, "content": refused}
        path = f"/api/v1/conversations/{conversation}/turns"
        error = client.call("POST", path, body, expect=507)["error"]
        assert error["code"] == "diskFull"
        assert error["hint"], "it does not say what to do"
        assert questions(client, conversation) == QUESTIONS
        assert client.request("GET", "/readyz").status_code == 200

        disk.empty()
        with ScriptedProvider(answers("There is room again.")) as provider:
            client.use(provider.base_url)
            client.call("POST", path, body, expect=202)
        server.stop()
        server.start()
        client.unlock()
        assert questions(client, conversation) == [*QUESTIONS, refused]
        assert client.verify()["status"] == "sound"
        server.stop()


def test_a_disk_that_fills_while_a_reply_streams(make_server):
    server = make_server()
    with small_disk(server.data) as disk:
        server.start()
        client = Client(server.origin)
        client.set_up()
        conversation = fill_with_questions(client)
        last = client.messages(conversation)[-1]["id"]
        disk.leave(kilobytes=512)
        words = [f"{number} " + "x" * 2000 + " " for number in range(2000)]
        shown = ""
        with ScriptedProvider(streams(words, pause=0.002)) as provider:
            client.use(provider.base_url)
            reply = client.send(conversation, "Go on until the disk is full", last)["reply"]["id"]
            with client.reply_events(reply) as stream:
                for event in stream:
                    if event.kind == "text":
                        shown += event.data["text"]
                    if event.kind == "end":
                        assert event.data["value"]["state"] == "failed"
                        assert event.data["value"]["failure"]["code"] == "diskFull"
        assert "".join(words).startswith(shown) and shown
        disk.empty()
        server.stop()
        server.start()
        client.unlock()
        message = client.message(reply)
        assert message["content"].startswith(shown)
        assert message["state"] in ("failed", "interrupted")
        assert questions(client, conversation)[:3] == QUESTIONS
        assert client.verify()["status"] == "sound"
        server.stop()


def damage_pages(path: pathlib.Path) -> None:
    """Overwrites the middle third."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size // 3)
        file.write(os.urandom(size // 3))


def cut_short(path: pathlib.Path) -> None:
    os.truncate(path, path.stat().st_size // 2 + 100)


def replace_by_garbage(path: pathlib.Path) -> None:
    path.write_bytes(os.urandom(path.stat().st_size))


@pytest.mark.parametrize("damage", [damage_pages, cut_short, replace_by_garbage])
def test_a_damaged_database_is_said_and_left_as_it_is(server, client, damage):
    fill_with_questions(client)
    path = database(server)
    server.stop()
    damage(path)
    before = digests(server)
    said = refusal(server, "damaged")
    assert "damaged" in said
    assert digests(server) == before, "the damaged file was changed"


def test_a_newer_database_is_said_and_left_as_it_is(server, client):
    fill_with_questions(client)
    path = database(server)
    server.stop()
    with sqlite3.connect(path) as connection:
        connection.execute("INSERT INTO grdb_migrations(identifier) VALUES ('999-from-the-future')")
        connection.execute("PRAGMA user_version = 999")
    connection.close()
    before = digests(server)
    said = refusal(server, "tooNew")
    assert "newer" in said
    assert digests(server) == before, "the newer file was changed"


def refusal(server: Server, code: str) -> str:
    """What a server says that cannot use its database: it ends at once, or it answers 503 with the code."""
    server.launch()
    log = server.output()
    try:
        assert server.wait(20) == 65
        return server.output()[len(log):]
    except TimeoutError:
        server.kill()
        raise


def test_a_taken_port_is_named(server, make_server):
    second = make_server("second", CHERRY_PORT=str(server.port))
    second.launch()
    assert second.wait() == 69
    assert str(server.port) in second.output()
    assert "CHERRY_PORT" in second.output()


def test_a_second_server_on_the_same_data_is_refused(server, make_server):
    client = Client(server.origin)
    client.set_up()
    second = make_server("second", CHERRY_DATA=str(server.data))
    second.launch()
    assert second.wait() == 69
    assert str(server.data) in second.output()
    assert client.verify()["status"] == "sound"


def test_a_data_folder_that_cannot_be_written_is_named(make_server, tmp_path):
    (tmp_path / "file").write_text("in the way")
    server = make_server(CHERRY_DATA=str(tmp_path / "file/data"))
    server.launch()
    assert server.wait() != 0
    assert str(tmp_path / "file/data") in server.output()


@pytest.mark.parametrize("value", ["0x50", "70000", "-1", "eight"])
def test_a_setting_that_makes_no_sense_is_named(make_server, value):
    server = make_server(CHERRY_PORT=value)
    server.launch()
    assert server.wait() == 64
    assert "CHERRY_PORT" in server.output() or "port" in server.output()
    assert value in server.output()
