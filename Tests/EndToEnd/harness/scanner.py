"""Searches files for secrets, in every form in which they might have been written."""

import base64
import dataclasses
import pathlib
import urllib.parse
import zlib
from collections.abc import Callable, Iterator

import brotli
import snappy
import zstd

from .storage import leveldb_folders, leveldb_records

CACHE_ENTRY = bytes.fromhex("305c72a71b6dfbfc")
CACHE_END = bytes.fromhex("d8410d97456ffaf4")
CACHE_HEADER_BYTES = 24
PACKED_VALUE = b"\xff\x11\x02"
MOST_VALUE_PREFIX = 16
SHORTEST_PATTERN = 10


@dataclasses.dataclass(frozen=True)
class Finding:
    path: str
    secret: str
    form: str
    view: str

    def __str__(self) -> str:
        return f"{self.secret} as {self.form} in {self.path} ({self.view})"


def base64_forms(data: bytes) -> Iterator[tuple[str, bytes]]:
    """`data` as it looks inside longer base64 text: at each of three alignments, without the letters it shares."""
    for offset in range(3):
        padded = bytes(offset) + data
        usable = len(padded) - len(padded) % 3
        text = base64.b64encode(padded[:usable])[(0, 2, 3)[offset]:]
        yield f"base64 at {offset}", text
        url = text.replace(b"+", b"-").replace(b"/", b"_")
        if url != text:
            yield f"base64url at {offset}", url


def forms(secret: str | bytes) -> dict[str, bytes]:
    """The byte patterns that give a secret away."""
    if isinstance(secret, bytes):
        plain = {"bytes": secret}
    else:
        plain = {"UTF-8": secret.encode(), "UTF-16LE": secret.encode("utf-16-le"), "UTF-16BE": secret.encode("utf-16-be")}
    found = dict(plain)
    for name, data in plain.items():
        found |= {f"{form} of {name}": pattern for form, pattern in base64_forms(data)}
        found[f"hexadecimal of {name}"] = data.hex().encode()
        found[f"upper hexadecimal of {name}"] = data.hex().upper().encode()
        found[f"percent encoding of {name}"] = b"".join(b"%%%02X" % byte for byte in data)
        found[f"lower percent encoding of {name}"] = b"".join(b"%%%02x" % byte for byte in data)
    if isinstance(secret, str) and (quoted := urllib.parse.quote(secret, safe="")) != secret:
        found["percent encoding"] = quoted.encode()
    assert all(len(pattern) >= SHORTEST_PATTERN for pattern in found.values()), "a secret is too short to search for"
    return found


def unsnap(data: bytes) -> bytes:
    """Unpacks what a page stored, where Chromium packed it; other data is refused."""
    position = data.find(PACKED_VALUE, 0, MOST_VALUE_PREFIX)
    if position < 0:
        raise snappy.UncompressError
    return snappy.decompress(data[position + len(PACKED_VALUE):])


DECODERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda data: zlib.decompressobj(wbits=zlib.MAX_WBITS | 16).decompress(data),
    "deflate": zlib.decompress,
    "brotli": brotli.decompress,
    "zstandard": zstd.decompress,
    "snappy": unsnap,
}
DECODER_ERRORS = (zlib.error, brotli.error, zstd.Error, snappy.UncompressError)


def views(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The data as it is, and what it unpacks to: whole, at each gzip header, and as an entry of Chromium's cache."""
    yield "as it is", data
    bodies = {"unpacked": data}
    position = data.find(b"\x1f\x8b\x08")
    while position >= 0:
        bodies[f"at {position}"] = data[position:]
        position = data.find(b"\x1f\x8b\x08", position + 1)
    if data.startswith(CACHE_ENTRY):
        key_bytes = int.from_bytes(data[12:16], "little")
        start = CACHE_HEADER_BYTES + key_bytes
        bodies["cached body"] = data[start:data.find(CACHE_END, start)]
    for place, body in bodies.items():
        for name, decode in DECODERS.items():
            try:
                yield f"{place}, {name}", decode(body)
            except DECODER_ERRORS:
                continue


class Scanner:
    """Knows the secrets of one test and looks for them."""

    def __init__(self, secrets: dict[str, str | bytes]):
        self.patterns = {name: forms(secret) for name, secret in secrets.items()}
        self.files = 0
        self.bytes = 0

    def scan_data(self, data: bytes, path: str, view: str = "as it is") -> Iterator[Finding]:
        for secret, patterns in self.patterns.items():
            for form, pattern in patterns.items():
                if pattern in data:
                    yield Finding(path, secret, form, view)

    def scan_file(self, path: pathlib.Path) -> Iterator[Finding]:
        data = path.read_bytes()
        self.files += 1
        self.bytes += len(data)
        yield from self.scan_data(str(path).encode(), str(path), "its name")
        for view, content in views(data):
            yield from self.scan_data(content, str(path), view)

    def scan_leveldb(self, folder: pathlib.Path) -> Iterator[Finding]:
        """The records of a database of Chromium's, whose files are packed in blocks."""
        for record in leveldb_records(folder):
            for view, content in views(record.record.value):
                yield from self.scan_data(record.record.key + b"\0" + content, str(folder), f"record, {view}")

    def scan(self, *folders: pathlib.Path) -> list[Finding]:
        """Every finding in every file under `folders`."""
        findings = []
        for folder in folders:
            for path in sorted(folder.rglob("*")):
                if path.is_file() and not path.is_symlink():
                    findings.extend(self.scan_file(path))
            for database in leveldb_folders(folder):
                findings.extend(self.scan_leveldb(database))
        return findings
