"""A language-model service that behaves as a test tells it to: well, badly or not at all."""

import dataclasses
import json
import threading
import time
from collections.abc import Callable, Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MODELS = {"object": "list", "data": [{"id": "scripted", "object": "model", "owned_by": "tests"}]}


@dataclasses.dataclass
class Exchange:
    """One request for a reply, and the means to answer it."""

    body: dict
    authorization: str | None
    handler: BaseHTTPRequestHandler
    hung_up: threading.Event = dataclasses.field(default_factory=threading.Event)

    def begin(self, status: int = 200, content_type: str = "text/event-stream") -> None:
        self.handler.send_response(status)
        self.handler.send_header("Content-Type", content_type)
        self.handler.send_header("Connection", "close")
        self.handler.end_headers()

    def write(self, data: bytes) -> None:
        self.handler.wfile.write(data)
        self.handler.wfile.flush()

    def delta(self, text: str) -> None:
        chunk = {"object": "chat.completion.chunk", "model": "scripted",
                 "choices": [{"index": 0, "delta": {"content": text}, "finish_reason": None}]}
        self.write(b"data: " + json.dumps(chunk).encode() + b"\n\n")

    def finish(self, tokens: int = 0) -> None:
        chunk = {"object": "chat.completion.chunk", "model": "scripted",
                 "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
        usage = {"object": "chat.completion.chunk", "model": "scripted", "choices": [],
                 "usage": {"prompt_tokens": 1, "completion_tokens": tokens, "total_tokens": tokens + 1}}
        for each in (chunk, usage):
            self.write(b"data: " + json.dumps(each).encode() + b"\n\n")
        self.write(b"data: [DONE]\n\n")


Script = Callable[[Exchange], None]


def streams(words: Iterable[str], *, pause: float = 0.0) -> Script:
    """A good answer, word by word."""
    words = list(words)

    def script(exchange: Exchange) -> None:
        exchange.begin()
        for word in words:
            exchange.delta(word)
            if pause:
                time.sleep(pause)
        exchange.finish(len(words))

    return script


def answers(text: str) -> Script:
    return streams([text])


def sends_garbage(exchange: Exchange) -> None:
    exchange.begin()
    exchange.write(b"data: {\"choices\": [{\"delta\": \xff\xfe not json at all\n\n" * 3)


def says(status: int, body: dict | None = None) -> Script:
    """An answer that is an error."""

    def script(exchange: Exchange) -> None:
        exchange.begin(status, "application/json")
        exchange.write(json.dumps(body or {"error": {"message": f"scripted {status}"}}).encode())

    return script


def ends_after(words: Iterable[str]) -> Script:
    """Stops in the middle of an answer without saying that it is one's end."""
    words = list(words)

    def script(exchange: Exchange) -> None:
        exchange.begin()
        for word in words:
            exchange.delta(word)

    return script


def hangs_after(words: Iterable[str], release: threading.Event) -> Script:
    """Says a few words, then nothing, with the connection open, until the test lets go."""
    words = list(words)

    def script(exchange: Exchange) -> None:
        exchange.begin()
        for word in words:
            exchange.delta(word)
        release.wait(120)

    return script


class ScriptedProvider:
    """An OpenAI-compatible server on loopback."""

    def __init__(self, script: Script | None = None):
        self.script: Script = script or answers("A scripted answer.")
        self.requests: list[Exchange] = []
        provider = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                body = json.dumps(MODELS).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                exchange = Exchange(body, self.headers.get("Authorization"), self)
                provider.requests.append(exchange)
                self.close_connection = True
                try:
                    provider.script(exchange)
                except (BrokenPipeError, ConnectionResetError):
                    exchange.hung_up.set()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}/v1"

    def __enter__(self) -> "ScriptedProvider":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
