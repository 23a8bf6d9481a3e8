"""The journal beside SQLite and plain files that are synchronized as often."""

import os
import pathlib
import sqlite3
import time

from figures import Figure
from harness import journal

PAYLOAD = b"x" * 220
RECORDS = 400_000
GROUP = 8000
BATCH = 10
SECONDS = 5


def driver(folder: pathlib.Path) -> dict[str, float]:
    output, status = journal.run("measure", folder)
    assert status == 0, output
    return {name: float(value) for _, name, value in (line.split() for line in output.splitlines() if line.startswith("figure"))}


def sqlite_records(folder: pathlib.Path) -> float:
    """Records a second into SQLite with synchronous=FULL, as many in a transaction as the journal synchronizes together."""
    connection = sqlite3.connect(folder / "records.sqlite", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE records (id INTEGER PRIMARY KEY, payload BLOB)")
    started = time.perf_counter()
    for _ in range(RECORDS // GROUP):
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO records(payload) VALUES (?)", ((PAYLOAD,) for _ in range(GROUP)))
        connection.execute("COMMIT")
    return RECORDS / (time.perf_counter() - started)


def file_batches(folder: pathlib.Path) -> float:
    """Batches a second that are appended to a file and noted as delivered in another, each synchronized."""
    files = [os.open(folder / name, os.O_RDWR | os.O_CREAT) for name in ("records", "state")]
    for file in files:
        os.posix_fallocate(file, 0, 4 << 20)
    batches, offset, started = 0, 0, time.perf_counter()
    while time.perf_counter() - started < SECONDS:
        os.pwrite(files[0], PAYLOAD * BATCH, offset % (3 << 20))
        os.fdatasync(files[0])
        os.pwrite(files[1], b"s" * 400, 0)
        os.fdatasync(files[1])
        offset += len(PAYLOAD) * BATCH
        batches += 1
    for file in files:
        os.close(file)
    return batches / SECONDS


def measure(folder: pathlib.Path) -> list[Figure]:
    figures = driver(folder)
    return [
        Figure("journal, enqueued", figures["enqueued_records_per_second"], "records/s", goal=50_000, higher_is_better=True,
               peer="SQLite, synchronous=FULL", peer_value=sqlite_records(folder), note="sealed, synced every 8,000"),
        Figure("journal, delivered", figures["delivered_records_per_second"], "records/s", note="opened, 1,000 a batch"),
        Figure("journal, acknowledged", figures["acknowledged_batches_per_second"], "batches/s", goal=2_000,
               higher_is_better=True, peer="a file and fdatasync, one by one", peer_value=file_batches(folder),
               note="10 records, 64 at once"),
    ]
