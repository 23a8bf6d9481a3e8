"""A collector of the OpenTelemetry Protocol over HTTP that takes JSON and refuses whatever the protocol does not allow.

The names and types are those of the protocol's own messages (`opentelemetry-proto`); what its JSON form has otherwise than
that of Protocol Buffers is checked here: ids are hexadecimal, 64-bit numbers are text, enumerations are numbers, names are
in camel case.
"""

import base64
import json
import re

from google.protobuf import json_format
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from .sinks import Received, Reply, Sink

ID_BYTES = {"traceId": 16, "spanId": 8, "parentSpanId": 8}
TIMES = {"startTimeUnixNano", "endTimeUnixNano", "timeUnixNano"}
ENUMERATIONS = {"kind": Span.SpanKind.values(), "code": Status.StatusCode.values()}


def strictly(value: object) -> object:
    """The same in the JSON of Protocol Buffers. Raises AssertionError for what OTLP's JSON does not allow."""
    if isinstance(value, list):
        return [strictly(each) for each in value]
    if not isinstance(value, dict):
        return value
    converted = {}
    for name, part in value.items():
        assert re.fullmatch(r"[a-z][A-Za-z0-9]*", name), f"{name} is not in camel case"
        if name in ID_BYTES:
            assert isinstance(part, str) and re.fullmatch(r"[0-9a-f]+", part), f"{name} is not hexadecimal: {part}"
            raw = bytes.fromhex(part)
            assert len(raw) == ID_BYTES[name] and any(raw), f"{name} is not valid: {part}"
            part = base64.b64encode(raw).decode()
        elif name in TIMES or name == "intValue":
            assert isinstance(part, str) and re.fullmatch(r"-?(0|[1-9][0-9]*)", part), f"{name} is not decimal text: {part}"
        elif name in ENUMERATIONS:
            assert type(part) is int and part in ENUMERATIONS[name], f"{name} is no number of its enumeration: {part}"
        converted[name] = strictly(part)
    return converted


class Collector(Sink):
    """Keeps the spans that it accepted. `script` holds answers to give first, in turn, instead of accepting."""

    def __init__(self, token: str | None = None):
        super().__init__(self.export)
        self.token = token
        self.script: list[Reply] = []
        self.spans: list[Span] = []
        self.resources: list[dict[str, str]] = []

    def export(self, request: Received) -> Reply:
        assert (request.method, request.path) == ("POST", "/v1/traces")
        assert request.headers["content-type"] == "application/json"
        assert request.headers.get("authorization") == (f"Bearer {self.token}" if self.token else None)
        message = json_format.ParseDict(strictly(json.loads(request.body)), ExportTraceServiceRequest())
        spans = []
        for resource in message.resource_spans:
            attributes = {each.key: each.value.string_value for each in resource.resource.attributes}
            assert attributes["service.name"], "the service has no name"
            for scope in resource.scope_spans:
                assert scope.scope.name, "the scope has no name"
                for span in scope.spans:
                    assert len(span.trace_id) == 16 and len(span.span_id) == 8 and span.name
                    assert 0 < span.start_time_unix_nano <= span.end_time_unix_nano, f"{span.name} ends before it begins"
                    keys = [each.key for each in span.attributes]
                    assert len(set(keys)) == len(keys), f"{span.name} has an attribute twice"
                    assert all(each.value.WhichOneof("value") for each in span.attributes), f"{span.name} has an empty value"
                    spans.append(span)
            self.resources.append(attributes)
        assert spans, "there is no span in it"
        if self.script:
            return self.script.pop(0)
        self.spans += spans
        return Reply(200, b"{}", {"Content-Type": "application/json"})
