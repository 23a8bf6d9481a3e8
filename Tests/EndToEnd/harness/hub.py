"""A tool that speaks to the hub, by way of the websockets package."""

import itertools
import json
import socket
import time

from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from .client import Client

PROTOCOL = "cherry.hub.1"
SECONDS = 20


class Refused(Exception):
    """The handshake was answered with something else than 101."""

    def __init__(self, status: int, code: str | None):
        super().__init__(f"{status} {code}")
        self.status, self.code = status, code


def open_socket(client: Client, *, protocol: str | None = PROTOCOL, origin: str | None = "own", token: str | None = None,
                cookies: bool = True, ssl=None, **options):
    """Opens the WebSocket as a page of the web app does, or with a token as a program does."""
    headers = {}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    elif cookies:
        headers["Cookie"] = "; ".join(f"{cookie.name}={cookie.value}" for cookie in client.session.cookies)
    if origin == "own":
        origin = None if token else client.origin
    address = client.origin.replace("http", "ws", 1) + "/bridge/hub"
    try:
        # Entered here and closed by the test, which may outlive any block.
        return connect(
            address, additional_headers=headers, origin=origin, subprotocols=[protocol] if protocol else None, ssl=ssl,
            compression=None, proxy=None, open_timeout=SECONDS, close_timeout=5, **options,
        ).__enter__()
    except InvalidStatus as refusal:
        body = refusal.response.body or b""
        code = json.loads(body)["error"]["code"] if body.startswith(b"{") else None
        raise Refused(refusal.response.status_code, code) from None


class Tool:
    """One greeted connection. `resumed` and `position` are what it was welcomed with."""

    def __init__(self, client: Client, name: str, *, hello: dict | None = None, **options):
        self.name = name
        self.numbers = itertools.count(1)
        self.socket = open_socket(client, **options)
        self.say("hello", name=name, **(hello or {}))
        welcome = self.hear("welcome")
        self.position, self.resumed, self.limits = welcome["position"], welcome["resumed"], welcome["limits"]

    def __enter__(self) -> "Tool":
        return self

    def __exit__(self, *failure: object) -> None:
        self.socket.close()

    def say(self, type: str, **fields) -> None:
        self.socket.send(json.dumps({"type": type, **fields}, ensure_ascii=False))

    def ask(self, type: str, **fields) -> dict:
        """Sends a message under an id of its own; returns its acknowledgement or its error."""
        identity = fields.pop("id", None) or f"{self.name}-{next(self.numbers)}"
        self.say(type, id=identity, **fields)
        return self.hear("ack", "error", ref=identity)

    def hear(self, *types: str, **fields) -> dict:
        """The next message of these types with these fields, past others."""
        deadline = time.monotonic() + SECONDS
        while True:
            message = json.loads(self.socket.recv(timeout=max(0, deadline - time.monotonic())))
            if message["type"] in types and all(message.get(name) == value for name, value in fields.items()):
                return message

    def hear_close(self) -> int:
        """The code that the server closes with, past messages."""
        deadline = time.monotonic() + SECONDS
        try:
            while True:
                self.socket.recv(timeout=max(0, deadline - time.monotonic()))
        except ConnectionClosed as closed:
            assert closed.rcvd is not None, "the connection ended without a goodbye"
            return closed.rcvd.code

    def vanish(self) -> None:
        """Ends as a crash does, without a goodbye."""
        self.socket.socket.shutdown(socket.SHUT_RDWR)
