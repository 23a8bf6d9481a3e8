"""The gateway under test: Cherry with the scripted provider behind every kind of provider, or any other by its address.

Another gateway is tested with CONFORMANCE_URL, CONFORMANCE_TOKEN and CONFORMANCE_MODELS, which is JSON from the kinds of
`conformance.KINDS` to the names of models, and CONFORMANCE_PROVIDER, the port of a scripted provider that it uses.
CONFORMANCE_ANY_NAME says that models are reached under these names with anything after them too.
"""

import json
import os
import pathlib
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests

from .client import Client
from .conformance import KINDS, Kind
from .scripted import ScriptedService
from .server import Server

MODEL = "scripted"


class GatewayUnderTest:
    def __init__(self, origin: str, token: str, models: dict[str, str], service: ScriptedService,
                 client: Client | None = None, server: Server | None = None, takes_any_name: bool = False):
        self.origin = origin
        self.token = token
        self.models = models
        self.service = service
        self.client = client
        self.server = server
        self.takes_any_name = takes_any_name

    def model(self, kind: Kind, part: object = "") -> str:
        """The name to ask for. With a part of its own, where the gateway takes any name, so that one test's failures are not
        what the gateway remembers of another test's model."""
        if kind.name not in self.models:
            pytest.skip(f"no model of {kind.name} was named")
        name = self.models[kind.name]
        return f"{name}-{zlib.crc32(str(part).encode()):08x}" if part and self.takes_any_name else name

    def leave_evidence(self, folder: pathlib.Path) -> str:
        return self.server.output()[-4000:] if self.server else ""


def base_url(service: ScriptedService, kind: Kind) -> str:
    return service.origin + kind.path


def add_provider(client: Client, service: ScriptedService, kind: Kind) -> str:
    body = {"name": kind.name, "kind": kind.name, "baseURL": base_url(service, kind), "apiKey": kind.key,
            "defaultModel": MODEL, "contextLength": 128_000, "allowsPrivateAddresses": True}
    return client.call("POST", "/api/v1/providers", body, expect=201)["id"]


def model_names(origin: str, token: str) -> list[str]:
    answer = requests.get(f"{origin}/v1/models", headers={"Authorization": f"Bearer {token}"}, timeout=20)
    assert answer.status_code == 200, answer.text
    return [entry["id"] for entry in answer.json()["data"]]


@contextmanager
def gateway_under_test(folder: pathlib.Path) -> Iterator[GatewayUnderTest]:
    if os.environ.get("CONFORMANCE_URL"):
        service = ScriptedService()
        service.port = int(os.environ["CONFORMANCE_PROVIDER"])
        yield GatewayUnderTest(os.environ["CONFORMANCE_URL"], os.environ["CONFORMANCE_TOKEN"],
                               json.loads(os.environ["CONFORMANCE_MODELS"]), service,
                               takes_any_name=bool(os.environ.get("CONFORMANCE_ANY_NAME")))
        return
    with ScriptedService() as service, Server(folder) as server:
        client = Client(server.origin)
        client.set_up()
        answer = client.request("POST", "/api/v1/tokens", json={"name": "conformance"})
        if answer.status_code == 404:
            pytest.skip("this build has no tokens and no doors for tools")
        assert answer.status_code == 201, answer.text
        token = answer.json()["token"]
        for kind in KINDS:
            add_provider(client, service, kind)
        names = model_names(server.origin, token)
        models = {kind.name: f"{kind.name}/{MODEL}" for kind in KINDS}
        assert set(models.values()) <= set(names), names
        yield GatewayUnderTest(server.origin, token, models, service, client, server, takes_any_name=True)
