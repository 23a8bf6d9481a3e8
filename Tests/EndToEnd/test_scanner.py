"""The search for secrets finds what is there to be found; without this, finding nothing would prove nothing."""

import base64
import gzip
import pathlib
import random

import brotli
import pytest
import snappy
import zstd

from harness import canaries
from harness.scanner import CACHE_END, CACHE_ENTRY, CACHE_HEADER_BYTES, PACKED_VALUE, Scanner, forms

NOISE = random.Random(7).randbytes(5000)


@pytest.fixture
def secret() -> str:
    return canaries.word()


def finds(folder: pathlib.Path, secret: str | bytes, data: bytes) -> bool:
    (folder / "file.bin").write_bytes(data)
    return any(finding.secret == "canary" for finding in Scanner({"canary": secret}).scan(folder))


def cache_entry(body: bytes) -> bytes:
    key = b"1/0/_dk_http://localhost/page"
    header = CACHE_ENTRY + (5).to_bytes(4, "little") + len(key).to_bytes(4, "little")
    return header.ljust(CACHE_HEADER_BYTES, b"\0") + key + body + CACHE_END + NOISE[:40]


@pytest.mark.parametrize("form", list(forms("x" * canaries.LETTERS)))
def test_it_finds_every_form(tmp_path, secret, form):
    assert finds(tmp_path, secret, NOISE + forms(secret)[form] + NOISE)


@pytest.mark.parametrize("shift", range(6))
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_it_finds_base64_at_every_alignment(tmp_path, secret, shift, encoding):
    text = b"~" * shift + secret.encode(encoding) + b"?>" * 9
    assert finds(tmp_path, secret, NOISE + base64.b64encode(text) + NOISE)
    assert finds(tmp_path, secret, NOISE + base64.urlsafe_b64encode(text) + NOISE)


@pytest.mark.parametrize("wrap", [
    pytest.param(gzip.compress, id="gzip"),
    pytest.param(lambda data: NOISE + gzip.compress(data) + NOISE, id="gzip in the middle"),
    pytest.param(brotli.compress, id="brotli"),
    pytest.param(zstd.compress, id="zstandard"),
    pytest.param(lambda data: PACKED_VALUE + snappy.compress(data), id="snappy"),
    pytest.param(lambda data: cache_entry(data), id="cache entry"),
    pytest.param(lambda data: cache_entry(brotli.compress(data)), id="cache entry with brotli"),
    pytest.param(lambda data: cache_entry(gzip.compress(data)), id="cache entry with gzip"),
])
def test_it_finds_what_is_packed(tmp_path, secret, wrap):
    assert finds(tmp_path, secret, wrap(("some text around " * 50 + secret + " and more" * 50).encode()))


def test_it_finds_raw_keys(tmp_path):
    key = random.Random(3).randbytes(32)
    assert finds(tmp_path, key, NOISE + key + NOISE)
    assert finds(tmp_path, key, NOISE + key.hex().encode())


def test_it_finds_a_secret_in_a_name(tmp_path, secret):
    (tmp_path / f"{secret}.log").touch()
    assert Scanner({"canary": secret}).scan(tmp_path)


def test_it_finds_nothing_in_noise(tmp_path, secret):
    assert not finds(tmp_path, secret, NOISE * 20)
