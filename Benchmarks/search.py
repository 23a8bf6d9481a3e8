"""Searching 100,000 messages, next to SQLite's full-text search over the same messages in plaintext."""

import json
import pathlib
import sqlite3
import time

from figures import Figure, percentile
from harness.client import Client
from harness.server import Server
from texts import Texts, export

MESSAGES = 100_000
CONVERSATIONS = 200
QUERIES = 300
INDEX_SECONDS = 300


def peer(queries: list[str], messages: list[dict]) -> list[float]:
    """Milliseconds of each query with FTS5, ranked, in memory."""
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE messages USING fts5(content, tokenize='unicode61 remove_diacritics 2')")
    connection.executemany("INSERT INTO messages(content) VALUES (?)", ((each["content"],) for each in messages))
    times = []
    for query in queries:
        match = " ".join(f'"{word}"' for word in query.split()) + "*"
        started = time.perf_counter()
        connection.execute(
            "SELECT rowid, snippet(messages, 0, '', '', '…', 20) FROM messages WHERE messages MATCH ? ORDER BY rank LIMIT 20",
            (match,),
        ).fetchall()
        times.append((time.perf_counter() - started) * 1000)
    return times


def wait_for_index(client: Client) -> float:
    """Seconds until the search says that it has read everything."""
    started = time.perf_counter()
    while client.call("POST", "/api/v1/search", {"query": "anything"})["indexing"]:
        assert time.perf_counter() - started < INDEX_SECONDS, "the index is not ready"
        time.sleep(0.05)
    return time.perf_counter() - started


def measure(folder: pathlib.Path) -> list[Figure]:
    texts = Texts()
    share = MESSAGES // CONVERSATIONS
    conversations = [texts.conversation(f"Conversation {number}", share, 1_700_000_000_000 + number * 1_000_000)
                     for number in range(CONVERSATIONS)]
    queries = [texts.query() for _ in range(QUERIES)]
    body = json.dumps(export(conversations)).encode()
    with Server(folder / "search") as server:
        client = Client(server.origin)
        client.set_up()
        started = time.perf_counter()
        answer = client.request("POST", "/api/v1/import", data=body, headers={"Content-Type": "application/json"}, timeout=600)
        assert answer.status_code == 200, answer.text[:500]
        assert answer.json()["imported"]["messages"] == MESSAGES
        imported = time.perf_counter() - started
        server.stop()
        server.start()
        client.unlock()
        indexed = wait_for_index(client)
        times, hits = [], 0
        for query in queries:
            started = time.perf_counter()
            found = client.call("POST", "/api/v1/search", {"query": query, "limit": 20})
            times.append((time.perf_counter() - started) * 1000)
            hits += len(found["items"])
        assert hits > QUERIES, "the queries found next to nothing"
    theirs = peer(queries, [message for _, messages in conversations for message in messages])
    name = "SQLite FTS5, plaintext, in process"
    return [
        Figure("search over 100,000 messages, median", percentile(times, 0.5), "ms", 50, peer=name,
               peer_value=percentile(theirs, 0.5), note=f"{QUERIES} queries over HTTP, best 20 with snippets"),
        Figure("search over 100,000 messages, 95th of 100", percentile(times, 0.95), "ms", 50, peer=name,
               peer_value=percentile(theirs, 0.95)),
        Figure("import of 100,000 messages", imported, "s", note=f"{len(body) / 1e6:.0f} MB of JSON, sealed one by one"),
        Figure("index of 100,000 messages after unlocking", indexed, "s", note="in the background"),
    ]
