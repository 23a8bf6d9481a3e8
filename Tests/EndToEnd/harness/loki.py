"""A small Loki: takes what the protocol allows, remembers it, and refuses on command."""

import gzip
import http.server
import json
import threading


class Loki:
    """Answers `POST /loki/api/v1/push` on a port of this machine."""

    def __init__(self):
        self.lines: list[str] = []
        self.authorizations: list[str | None] = []
        self.status = 204
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.headers.get("Content-Encoding") == "gzip":
                    body = gzip.decompress(body)
                outer.authorizations.append(self.headers.get("Authorization"))
                status = outer.status if self.path == "/loki/api/v1/push" else 404
                if status == 204:
                    streams = json.loads(body)["streams"]
                    outer.lines += [value[1] for stream in streams for value in stream["values"]]
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self) -> "Loki":
        self.thread.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
