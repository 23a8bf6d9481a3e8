"""The keys that a browser derives from the passphrase; docs/threat-model.md says what each is for."""

import base64
import functools
import hashlib
import hmac
import os
import unicodedata

ITERATIONS = 600_000


def encode(data: bytes) -> str:
    """base64url without padding, as the API writes bytes."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def new_kdf() -> dict:
    return {"algorithm": "pbkdf2-sha256", "iterations": ITERATIONS, "salt": encode(os.urandom(16))}


def hkdf(secret: bytes, info: bytes, length: int = 32) -> bytes:
    """HKDF-SHA256 with an empty salt, for one block at most."""
    extracted = hmac.digest(bytes(32), secret, "sha256")
    return hmac.digest(extracted, info + b"\x01", "sha256")[:length]


@functools.lru_cache(maxsize=64)
def _pbkdf2(passphrase: str, salt: str, iterations: int) -> bytes:
    normal = unicodedata.normalize("NFKC", passphrase).encode()
    return hashlib.pbkdf2_hmac("sha256", normal, decode(salt), iterations, 32)


def stretched(passphrase: str, kdf: dict) -> bytes:
    """What the keys are derived from. Kept for the next call with the same passphrase: it takes a quarter second."""
    return _pbkdf2(passphrase, kdf["salt"], kdf["iterations"])


def login_keys(passphrase: str, kdf: dict) -> dict:
    """What the server gets in place of the passphrase."""
    secret = stretched(passphrase, kdf)
    return {
        "authKey": encode(hkdf(secret, b"cherry/auth")),
        "unsealKey": encode(hkdf(secret, b"cherry/unseal")),
    }
