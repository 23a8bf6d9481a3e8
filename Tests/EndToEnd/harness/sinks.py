"""Places that reports and lines are sent to: each keeps what comes, byte for byte, and answers as a test tells it to."""

import dataclasses
import gzip
import http.server
import socketserver
import threading
import time
import zlib
from collections.abc import Callable

import msgpack

from .prometheus import wait_for


@dataclasses.dataclass
class Received:
    """One request, its body unpacked."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    at: float

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclasses.dataclass
class Reply:
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = dataclasses.field(default_factory=dict)


Answering = Callable[[Received], Reply]


class Sink:
    """An HTTP server on loopback. What its `answer` raises is kept as a complaint, and answered 400."""

    def __init__(self, answer: Answering | None = None):
        self.answer: Answering = answer or (lambda _: Reply())
        self.received: list[Received] = []
        self.complaints: list[str] = []
        sink = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def serve(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                if self.headers.get("Content-Encoding") == "gzip":
                    body = gzip.decompress(body)
                request = Received(self.command, self.path, {name.lower(): value for name, value in self.headers.items()},
                                   body, time.monotonic())
                try:
                    reply = sink.answer(request)
                except (AssertionError, KeyError, TypeError, ValueError) as problem:
                    sink.complaints.append(f"{request.method} {request.path}: {problem!r}")
                    reply = Reply(400)
                sink.received.append(request)
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body)

            do_GET = do_HEAD = do_POST = do_PUT = serve  # noqa: N815

            def log_message(self, *_: object) -> None:
                pass

        self.service = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.service.daemon_threads = True

    @property
    def port(self) -> int:
        return self.service.server_port

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> "Sink":
        threading.Thread(target=self.service.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.service.shutdown()
        self.service.server_close()

    def wait_for(self, what: str, condition: Callable[[Received], object]) -> Received:
        """The first request that is as wanted."""
        return wait_for(what, lambda: next((each for each in list(self.received) if condition(each)), None))


class ForwardSink:
    """A server of the forward protocol that takes what comes and acknowledges it."""

    def __init__(self):
        self.messages: list[list] = []
        self.raw = b""
        sink = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                unpacker = msgpack.Unpacker(raw=False, strict_map_key=False)
                while piece := self.request.recv(65536):
                    sink.raw += piece
                    unpacker.feed(piece)
                    for message in unpacker:
                        sink.messages.append(message)
                        self.request.sendall(msgpack.packb({"ack": message[-1]["chunk"]}))

        class Service(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True

        self.service = Service(("127.0.0.1", 0), Handler)

    @property
    def address(self) -> str:
        return "tcp://127.0.0.1:%d" % self.service.server_address[1]

    def __enter__(self) -> "ForwardSink":
        threading.Thread(target=self.service.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.service.shutdown()
        self.service.server_close()

    @property
    def unpacked(self) -> bytes:
        """All that came, with what was compressed unpacked as well."""
        parts = [self.raw]
        for message in list(self.messages):
            for part in message:
                if isinstance(part, bytes):
                    parts.append(zlib.decompress(part, 31) if part[:2] == b"\x1f\x8b" else part)
        return b"\n".join(parts)
