"""Tools that speak the Model Context Protocol, as the official SDK makes them, and the protocol's own schemas."""

import contextlib
import copy
import json
import os
import pathlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import jsonschema
import requests
from mcp.client.client import Client as SDKClient
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client

from . import tools

#: What the SDK calls the ways to begin, with the revision that each comes to.
MODES = {"legacy": "2025-11-25", "2026-07-28": "2026-07-28", "auto": "2026-07-28"}
VERSIONS = ["2025-06-18", "2025-11-25", "2026-07-28"]
META = "io.modelcontextprotocol/"


@contextlib.asynccontextmanager
async def over_http(url: str, token: str, mode: str):
    async with create_mcp_http_client(headers={"Authorization": f"Bearer {token}"}) as client:
        async with SDKClient(streamable_http_client(url, http_client=client), mode=mode) as session:
            yield session


@contextlib.asynccontextmanager
async def over_stdio(server, file: pathlib.Path, mode: str):
    parameters = StdioServerParameters(
        command=server.program, args=["mcp", "--token-file", str(file)], env=server.environment
    )
    async with SDKClient(stdio_client(parameters), mode=mode) as session:
        yield session


class Schemas:
    """The JSON Schemas of every revision."""

    folder = tools.ROOT.parent / "shared/contracts/mcp"

    def __init__(self):
        tools.need_file(self.folder, "the folder with the protocol's schemas (../shared/contracts/mcp)")
        self.schemas = {version: json.loads((self.folder / f"{version}.json").read_text()) for version in VERSIONS}

    def check(self, version: str, name: str, value: object) -> None:
        """Holds a value to the definition `name` of a revision."""
        schema = self.schemas[version]
        section = "$defs" if "$defs" in schema else "definitions"
        wanted = {**schema, "$ref": f"#/{section}/{name}"}
        validator = jsonschema.validators.validator_for(schema)(wanted, format_checker=jsonschema.FormatChecker())
        errors = sorted(validator.iter_errors(value), key=str)
        assert not errors, f"{version} {name}: {errors[0].message}\n{json.dumps(value)[:2000]}"

    def has(self, version: str, name: str) -> bool:
        schema = self.schemas[version]
        return name in schema.get("$defs", schema.get("definitions", {}))

    def check_message(self, version: str, message: dict, result: str | None = None) -> None:
        """Holds one message to what its revision says of it: its envelope, and what is in it."""
        self.check(version, "JSONRPCMessage", message)
        if "method" in message:
            name = METHODS[message["method"]]
            self.check(version, name, message)
        elif "error" in message:
            self.check(version, "JSONRPCErrorResponse" if self.has(version, "JSONRPCErrorResponse") else "JSONRPCError", message)
            special = {-32020: "HeaderMismatchError", -32022: "UnsupportedProtocolVersionError"}
            name = special.get(message["error"]["code"])
            if name and self.has(version, name):
                self.check(version, name, message)
        else:
            assert result, "an answer to a question that nobody knows"
            self.check(version, result, message["result"])


METHODS = {
    "initialize": "InitializeRequest",
    "ping": "PingRequest",
    "server/discover": "DiscoverRequest",
    "tools/list": "ListToolsRequest",
    "tools/call": "CallToolRequest",
    "resources/list": "ListResourcesRequest",
    "resources/templates/list": "ListResourceTemplatesRequest",
    "resources/read": "ReadResourceRequest",
    "prompts/list": "ListPromptsRequest",
    "prompts/get": "GetPromptRequest",
    "subscriptions/listen": "SubscriptionsListenRequest",
    "notifications/initialized": "InitializedNotification",
    "notifications/cancelled": "CancelledNotification",
    "notifications/progress": "ProgressNotification",
    "notifications/prompts/list_changed": "PromptListChangedNotification",
    "notifications/resources/list_changed": "ResourceListChangedNotification",
    "notifications/subscriptions/acknowledged": "SubscriptionsAcknowledgedNotification",
}

RESULTS = {
    "initialize": "InitializeResult",
    "ping": "EmptyResult",
    "server/discover": "DiscoverResult",
    "tools/list": "ListToolsResult",
    "tools/call": "CallToolResult",
    "resources/list": "ListResourcesResult",
    "resources/templates/list": "ListResourceTemplatesResult",
    "resources/read": "ReadResourceResult",
    "prompts/list": "ListPromptsResult",
    "prompts/get": "GetPromptResult",
    "subscriptions/listen": "SubscriptionsListenResult",
}


class RawClient:
    """Speaks one revision over HTTP with nothing in between, and holds every message that comes to its schema, if it has them."""

    def __init__(self, origin: str, token: str, version: str, schemas: Schemas | None = None):
        self.url = origin + "/mcp"
        self.version = version
        self.schemas = schemas
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers.update(
            {"Authorization": f"Bearer {token}", "Accept": "application/json, text/event-stream"}
        )
        self.number = 0
        self.seen: list[dict] = []

    @property
    def is_stateless(self) -> bool:
        return self.version == "2026-07-28"

    def begin(self) -> None:
        if self.is_stateless:
            self.ask("server/discover")
            return
        client = {"name": "raw", "version": "1"}
        params = {"protocolVersion": self.version, "capabilities": {}, "clientInfo": client}
        answer, response = self.exchange("initialize", params)
        assert answer["result"]["protocolVersion"] == self.version
        self.session.headers["Mcp-Session-Id"] = response.headers["Mcp-Session-Id"]
        self.session.headers["MCP-Protocol-Version"] = self.version
        ready = self.session.post(self.url, json={"jsonrpc": "2.0", "method": "notifications/initialized"}, timeout=30)
        assert ready.status_code == 202

    def request(self, method: str, params: dict | None = None) -> tuple[dict, dict]:
        """A request with the headers that go with it."""
        self.number += 1
        params = copy.deepcopy(params or {})
        headers = {}
        if self.is_stateless:
            headers = {"MCP-Protocol-Version": self.version, "Mcp-Method": method}
            name = params.get("uri" if method == "resources/read" else "name")
            if method in ("tools/call", "prompts/get", "resources/read") and isinstance(name, str):
                headers["Mcp-Name"] = name
            meta = params.setdefault("_meta", {})
            meta[META + "protocolVersion"] = self.version
            meta[META + "clientCapabilities"] = {}
            meta[META + "clientInfo"] = {"name": "raw", "version": "1"}
        return {"jsonrpc": "2.0", "id": self.number, "method": method, "params": params}, headers

    def exchange(self, method: str, params: dict | None = None) -> tuple[dict, requests.Response]:
        """Asks, and returns the answer with the response that carried it."""
        message, headers = self.request(method, params)
        with self.session.post(self.url, json=message, headers=headers, stream=True, timeout=120) as response:
            answers = list(self.messages(response))
        for answer in answers:
            self.seen.append(answer)
            if self.schemas:
                self.schemas.check_message(self.version, answer, RESULTS.get(method))
        return answers[-1], response

    def ask(self, method: str, params: dict | None = None) -> dict:
        """The result of a request that must succeed."""
        answer = self.exchange(method, params)[0]
        assert "result" in answer, answer
        return answer["result"]

    def refused(self, method: str, params: dict | None = None) -> dict:
        """The error of a request that must fail."""
        answer = self.exchange(method, params)[0]
        assert "error" in answer, answer
        return answer["error"]

    def call(self, name: str, **arguments) -> dict:
        return self.ask("tools/call", {"name": name, "arguments": arguments})

    @staticmethod
    def messages(response: requests.Response):
        if response.headers["Content-Type"].startswith("text/event-stream"):
            for line in response.iter_lines():
                if line.startswith(b"data: "):
                    yield json.loads(line[6:])
        else:
            yield json.loads(response.content)


class Recorder:
    """Stands between a client and a server over HTTP and keeps every message that the client sends."""

    def __init__(self, target: str):
        recorder = self
        self.requests: list[tuple[dict, dict]] = []
        #: Whether it plays a server that knows nothing of requests that stand alone.
        self.refuses_newer = False

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                message = json.loads(body)
                recorder.requests.append((message, dict(self.headers)))
                if recorder.refuses_newer and message["method"] == "server/discover":
                    self.send_response(400)
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                else:
                    self.forward("POST", body)

            def do_GET(self):
                self.forward("GET", None)

            def do_DELETE(self):
                self.forward("DELETE", None)

            def forward(self, method: str, body: bytes | None) -> None:
                headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
                with requests.request(method, target, data=body, headers=headers, stream=True, timeout=60) as answer:
                    self.send_response(answer.status_code)
                    for name in ("Content-Type", "Mcp-Session-Id"):
                        if name in answer.headers:
                            self.send_header(name, answer.headers[name])
                    self.send_header("Connection", "close")
                    self.end_headers()
                    self.close_connection = True
                    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                        for piece in answer.iter_content(None):
                            self.wfile.write(piece)
                            self.wfile.flush()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/mcp"

    def __enter__(self) -> "Recorder":
        return self

    def __exit__(self, *failure: object) -> None:
        self.server.shutdown()
        self.server.server_close()


def token_file(folder: pathlib.Path, token: str) -> pathlib.Path:
    path = folder / "token"
    path.write_text(token + "\n")
    os.chmod(path, 0o600)
    return path
