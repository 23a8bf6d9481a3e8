"""The API as a program uses it."""

from collections.abc import Iterator
from contextlib import contextmanager

import requests

from . import events, keys
from .ids import make_id

PASSPHRASE = "seven quiet otters repaint the harbour"


class Client:
    """One session. Requests carry what the server asks of a browser: the custom header and the cookie."""

    def __init__(self, origin: str):
        self.origin = origin
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["X-Cherry"] = "1"

    def request(self, method: str, path: str, **options) -> requests.Response:
        options.setdefault("timeout", 60)
        return self.session.request(method, self.origin + path, **options)

    def call(self, method: str, path: str, body: object = None, *, expect: int | tuple[int, ...] = (200, 201, 202, 204)):
        """Sends a request that must be answered as expected; returns the body, read from JSON."""
        response = self.request(method, path, json=body)
        allowed = (expect,) if isinstance(expect, int) else expect
        assert response.status_code in allowed, f"{method} {path}: {response.status_code} {response.text[:2000]}"
        return response.json() if response.content and "json" in response.headers.get("content-type", "") else None

    # Access

    def status(self) -> dict:
        return self.call("GET", "/api/v1/status")

    def set_up(self, passphrase: str = PASSPHRASE) -> str:
        """First run; returns the recovery code."""
        kdf = keys.new_kdf()
        return self.call("POST", "/api/v1/setup", {**keys.login_keys(passphrase, kdf), "kdf": kdf})["recoveryCode"]

    def login_keys(self, passphrase: str = PASSPHRASE) -> dict:
        return keys.login_keys(passphrase, self.status()["kdf"])

    def unlock(self, passphrase: str = PASSPHRASE) -> dict:
        return self.call("POST", "/api/v1/unlock", self.login_keys(passphrase))

    def lock(self) -> None:
        self.call("POST", "/api/v1/lock", expect=204)

    def verify(self) -> dict:
        return self.call("POST", "/api/v1/vault/verify")

    def make_token(self, name: str, access: str, **fields) -> str:
        """A token for another tool, with this right to the user's context."""
        body = {"name": name, "contextAccess": access, **fields}
        return self.call("POST", "/api/v1/tokens", body, expect=201)["token"]

    # Conversations

    def new_conversation(self, **fields) -> str:
        return self.call("POST", "/api/v1/conversations", {"id": make_id(), **fields}, expect=201)["id"]

    def conversations(self) -> list[dict]:
        return self.call("GET", "/api/v1/conversations")["items"]

    def messages(self, conversation: str, **query) -> list[dict]:
        """The messages of the branch on show, oldest first."""
        suffix = "".join(f"&{name}={value}" for name, value in query.items())
        return self.call("GET", f"/api/v1/conversations/{conversation}/messages?limit=200{suffix}")["items"]

    def message(self, identity: str) -> dict:
        return self.call("GET", f"/api/v1/messages/{identity}")["value"]

    def send(self, conversation: str, content: str, parent: str | None = None, **fields) -> dict:
        body = {"kind": "send", "messageID": make_id(), "parentID": parent, "content": content, **fields}
        return self.call("POST", f"/api/v1/conversations/{conversation}/turns", body, expect=202)

    def ask(self, conversation: str, content: str, parent: str | None = None, **fields) -> dict:
        """Sends a message and waits for the whole reply; returns the reply's record."""
        reply = self.send(conversation, content, parent, **fields)["reply"]["id"]
        with self.reply_events(reply) as stream:
            for event in stream:
                if event.kind == "end":
                    return event.data
        raise AssertionError("the stream ended before the reply did")

    @contextmanager
    def reply_events(self, reply: str, after: str | None = None) -> Iterator[Iterator[events.Event]]:
        headers = {"Accept": "text/event-stream"} | ({"Last-Event-ID": after} if after else {})
        path = f"{self.origin}/api/v1/messages/{reply}/events"
        with self.session.get(path, headers=headers, stream=True, timeout=(10, 120)) as response:
            assert response.status_code == 200, f"{response.status_code} {response.text[:500]}"
            yield events.read(response)

    # Providers

    def add_provider(self, base_url: str, *, name: str = "Scripted", model: str = "scripted", key: str | None = None) -> str:
        body = {"name": name, "kind": "openai", "baseURL": base_url, "defaultModel": model, "contextLength": 8192}
        if key:
            body["apiKey"] = key
        return self.call("POST", "/api/v1/providers", body, expect=201)["id"]

    def set_default_model(self, provider: str, model: str = "scripted") -> None:
        stored = [item for item in self.call("GET", "/api/v1/preferences")["items"] if item["value"]["key"] == "model.default"]
        body = {"value": {"providerID": provider, "model": model}, "baseVersion": stored[0]["version"] if stored else 0}
        self.call("PUT", "/api/v1/preferences/model.default", body)

    def use(self, base_url: str, key: str | None = None) -> None:
        """Lets the service at `base_url` answer from now on."""
        self.set_default_model(self.add_provider(base_url, key=key))
