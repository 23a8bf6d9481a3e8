"""Reads what Chromium keeps for a page, out of its files, without the browser."""

import dataclasses
import pathlib
import shutil
import tempfile
from collections.abc import Iterator

from dfindexeddb.indexeddb.chromium import record as indexeddb
from dfindexeddb.indexeddb.chromium import v8
from dfindexeddb.leveldb import record as leveldb

# Chromium writes version 16 since this package was released; what the app stores reads the same.
v8.ValueDeserializer.LATEST_VERSION = max(v8.ValueDeserializer.LATEST_VERSION, 16)


@dataclasses.dataclass(frozen=True)
class StoredValue:
    """One value that a page put into IndexedDB, superseded and deleted ones included."""

    database: int
    store: int
    key: object
    value: object


def leveldb_folders(profile: pathlib.Path) -> list[pathlib.Path]:
    return sorted(marker.parent for marker in profile.rglob("CURRENT"))


def leveldb_records(folder: pathlib.Path) -> Iterator[leveldb.LevelDBRecord]:
    """Every record of every file, unpacked, whether it still counts or not."""
    return leveldb.FolderReader(folder).GetRecords()


def indexeddb_values(profile: pathlib.Path) -> Iterator[StoredValue]:
    """What pages stored in IndexedDB. Raises when a value cannot be read, so that none goes unseen."""
    for folder in (profile / "Default/IndexedDB").glob("*.leveldb"):
        for record in leveldb_records(folder):
            prefix = indexeddb.KeyPrefix.FromBytes(record.record.key, base_offset=0)
            if prefix.object_store_id == 0 or prefix.index_id != 1 or not record.record.value:
                continue
            decoded = indexeddb.ChromiumIndexedDBRecord.FromLevelDBRecord(record)
            assert decoded.value.blob_size is None, "a value lies in a file of its own"
            yield StoredValue(prefix.database_id, prefix.object_store_id, decoded.key.encoded_user_key.value, decoded.value.value)


def local_storage(profile: pathlib.Path, origin: str) -> Iterator[tuple[str, str]]:
    """What pages of `origin` put into localStorage, superseded values included."""
    prefix = f"_{origin}\0".encode()
    for record in leveldb_records(profile / "Default/Local Storage/leveldb"):
        if record.record.key.startswith(prefix) and record.record.value:
            yield text(record.record.key[len(prefix):]), text(record.record.value)


def text(stored: bytes) -> str:
    """A string as localStorage writes it: a byte for the encoding, then the text."""
    return stored[1:].decode("latin-1" if stored[0] == 1 else "utf-16-le")


def copy_of(profile: pathlib.Path) -> pathlib.Path:
    """A copy to read, since reading must not change what was left."""
    target = pathlib.Path(tempfile.mkdtemp(prefix="cherry-profile-")) / "profile"
    shutil.copytree(profile, target, symlinks=True, ignore=shutil.ignore_patterns("Singleton*"))
    return target
