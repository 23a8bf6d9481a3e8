"""The gateway under test: Cherry with the scripted provider behind every kind of provider, or any other by its address.

Another gateway is tested with CONFORMANCE_URL, CONFORMANCE_TOKEN and CONFORMANCE_MODELS, which is JSON from the kinds of
`conformance.KINDS` to the names of models, and CONFORMANCE_PROVIDER, the port of a scripted provider that it uses.
"""

import json
import os
import pathlib
from collections.abc import Iterator
from contextlib import contextmanager

import requests

from . import tools
from .client import Client
from .conformance import KINDS, Kind
from .scripted import ScriptedService
from .server import Server

MODEL = "scripted"


class GatewayUnderTest:
    def __init__(self, origin: str, token: str, models: dict[str, str], service: ScriptedService,
                 client: Client | None = None, server: Server | None = None):
        self.origin = origin
        self.token = token
        self.models = models
        self.service = service
        self.client = client
        self.server = server

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
                               json.loads(os.environ["CONFORMANCE_MODELS"]), service)
        return
    with ScriptedService() as service, Server(folder) as server:
        client = Client(server.origin)
        client.set_up()
        for kind in KINDS:
            add_provider(client, service, kind)
        answer = client.request("POST", "/api/v1/tokens", json={"name": "conformance"})
        if answer.status_code == 404:
            tools.missing("the door for tools in this build")
        assert answer.status_code == 201, answer.text
        token = answer.json()["token"]
        names = model_names(server.origin, token)
        models = {kind.name: name for kind in KINDS for name in names if kind.name in name.split("/") and MODEL in name}
        yield GatewayUnderTest(server.origin, token, models, service, client, server)
