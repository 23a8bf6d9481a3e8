"""Reading server-sent events."""

import dataclasses
import json
from collections.abc import Iterator

import requests


@dataclasses.dataclass(frozen=True)
class Event:
    kind: str
    data: dict
    id: str | None = None


def parse(block: str) -> Event | None:
    """One event out of the lines between two blank ones; `None` for a comment."""
    kind, data, identity = "message", [], None
    for line in block.split("\n"):
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "event":
            kind = value
        elif name == "data":
            data.append(value)
        elif name == "id":
            identity = value
    return Event(kind, json.loads("\n".join(data)), identity) if data else None


def read(response: requests.Response) -> Iterator[Event]:
    """The events of a stream, each as soon as it is whole, until the stream ends or breaks."""
    pending = b""
    for chunk in response.iter_content(chunk_size=None):
        pending = (pending + chunk).replace(b"\r\n", b"\n")
        *blocks, pending = pending.split(b"\n\n")
        for block in blocks:
            event = parse(block.decode())
            if event is not None:
                yield event
