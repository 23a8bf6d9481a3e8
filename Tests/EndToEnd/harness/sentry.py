"""What stands in for a Sentry server where every item of every envelope has to be seen, and the rules for items that no other tool checks."""

import gzip
import http.server
import json
import threading

UUID = {"type": "string", "pattern": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"}
TIME = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$"}
NAME = {"type": "string", "minLength": 1, "maxLength": 200, "pattern": r"^[^\n\r\t/\\]+$"}
COUNT = {"type": "integer", "minimum": 0}

# The developer documentation, "Sessions".
SESSION = {
    "type": "object", "additionalProperties": False, "required": ["sid", "started", "timestamp", "status", "errors", "attrs"],
    "properties": {
        "sid": UUID, "init": {"type": "boolean"}, "seq": COUNT, "started": TIME, "timestamp": TIME, "duration": {"type": "number", "minimum": 0},
        "status": {"enum": ["ok", "exited", "crashed", "abnormal"]}, "errors": COUNT,
        "attrs": {"type": "object", "additionalProperties": False, "required": ["release"], "properties": {"release": NAME, "environment": NAME}},
    },
}
# The same, "Dynamic Sampling Context": what an envelope with a transaction says of its trace.
RATIO = {"type": "string", "pattern": r"^(0(\.\d+)?|1(\.0+)?)$"}
SAMPLING = {
    "type": "object", "additionalProperties": False,
    "required": ["trace_id", "public_key", "sample_rate", "sample_rand", "sampled", "release", "environment"],
    "properties": {
        "trace_id": {"type": "string", "pattern": "^[0-9a-f]{32}$"}, "public_key": {"const": "publickey"}, "sample_rate": RATIO, "sample_rand": RATIO,
        "sampled": {"const": "true"}, "release": NAME, "environment": NAME,
    },
}
# The same, "Client Reports".
CLIENT_REPORT = {
    "type": "object", "additionalProperties": False, "required": ["timestamp", "discarded_events"],
    "properties": {
        "timestamp": TIME,
        "discarded_events": {"type": "array", "minItems": 1, "items": {
            "type": "object", "additionalProperties": False, "required": ["reason", "category", "quantity"],
            "properties": {
                "reason": {"enum": [
                    "queue_overflow", "cache_overflow", "ratelimit_backoff", "network_error", "sample_rate", "before_send", "event_processor",
                    "send_error", "internal_sdk_error", "backpressure"]},
                "category": {"enum": ["error", "session", "transaction", "span", "internal", "default"]}, "quantity": {"type": "integer", "minimum": 1},
            }}},
    },
}


def read_envelope(data: bytes) -> tuple[dict, list[tuple[str, dict]]]:
    """The headers of an envelope, and its items by type. Refuses one whose lengths are wrong."""
    line, _, rest = data.partition(b"\n")
    headers, items = json.loads(line), []
    while rest:
        line, _, rest = rest.partition(b"\n")
        item = json.loads(line)
        payload, rest = rest[:item["length"]], rest[item["length"]:]
        assert len(payload) == item["length"] and rest[:1] in (b"\n", b""), "an item is not as long as it says"
        items.append((item["type"], json.loads(payload)))
        rest = rest[1:]
    return headers, items


class Sink:
    """Takes envelopes for as long as the block, and answers with `status`."""

    def __init__(self):
        self.envelopes: list[tuple[dict, list[tuple[str, dict]]]] = []
        self.status = 200
        sink = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                sink.envelopes.append(read_envelope(gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body))
                self.send_response(sink.status)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *_: object) -> None:
                pass

        self.service = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.dsn = f"http://publickey@127.0.0.1:{self.service.server_port}/1"

    def __enter__(self) -> "Sink":
        threading.Thread(target=self.service.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.service.shutdown()
        self.service.server_close()

    def items(self, kind: str) -> list[dict]:
        """The items of a type, in the order of their coming."""
        return [item for _, items in list(self.envelopes) for each, item in items if each == kind]
