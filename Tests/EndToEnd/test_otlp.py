"""Traces, as a collector gets them that takes nothing but what the OpenTelemetry Protocol allows."""

import json
import secrets

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from harness.client import Client
from harness.ids import make_id
from harness.otlp import Collector, strictly
from harness.prometheus import wait_for
from harness.provider import ScriptedProvider, answers, says
from harness.sinks import Reply

TOKEN = "otlp-collector-token-5521"
TURN = {"turn", "turn.store", "turn.recall", "turn.prompt", "turn.model", "gateway.attempt"}


@pytest.fixture
def collector():
    with Collector(TOKEN) as collector:
        yield collector
        assert not collector.complaints, collector.complaints[:3]


@pytest.fixture
def traced(client, collector) -> Client:
    """A client whose server sends every trace to `collector`."""
    client.call("PATCH", "/api/v1/telemetry/otlp", {"values": {"url": collector.origin, "token": TOKEN}})
    wait_for("spans", lambda: client.status() and collector.spans)
    return client


def traced_call(client: Client, method: str, path: str, body: dict | None = None) -> bytes:
    """A request that continues a trace; returns the trace's id."""
    trace = secrets.token_hex(16)
    response = client.request(method, path, json=body, headers={"traceparent": f"00-{trace}-{secrets.token_hex(8)}-01"})
    assert response.status_code < 500, response.text
    return bytes.fromhex(trace)


def of(collector: Collector, trace: bytes) -> list[Span]:
    return [span for span in list(collector.spans) if span.trace_id == trace]


def account(client: Client) -> dict:
    destinations = client.call("GET", "/api/v1/journal")["destinations"]
    found = next(each for each in destinations if each["destination"] == "otlp")
    assert found["balanced"], found
    return found


def test_a_turn_is_one_trace_from_the_request_to_the_model(traced, collector):
    with ScriptedProvider(answers("Quite so.")) as provider:
        traced.use(provider.base_url)
        conversation = traced.new_conversation()
        body = {"kind": "send", "messageID": make_id(), "parentID": None, "content": "Is it?"}
        trace = traced_call(traced, "POST", f"/api/v1/conversations/{conversation}/turns", body)
        spans = wait_for("the whole turn", lambda: (found := of(collector, trace)) and TURN <= {span.name for span in found} and found)
    ids = {span.span_id: span for span in spans}
    assert len(ids) == len(spans), "a span's id stands twice"
    roots = [span for span in spans if span.parent_span_id not in ids]
    assert [span.name for span in roots] == ["http.request"]
    assert roots[0].kind == Span.SPAN_KIND_SERVER
    attributes = {each.key: each.value for each in roots[0].attributes}
    assert attributes["http.route"].string_value == "/api/v1/conversations/{id}/turns"
    assert attributes["http.response.status_code"].int_value == 202
    attempt = next(span for span in spans if span.name == "gateway.attempt")
    assert attempt.kind == Span.SPAN_KIND_CLIENT and ids[attempt.parent_span_id].name == "turn.model"
    resource = collector.resources[-1]
    assert resource["service.name"] == "cherry" and resource["deployment.environment.name"] == "production"
    assert resource["service.version"] and resource["service.instance.id"]


def test_a_failure_is_marked_and_its_words_are_not_told(traced, collector):
    words = "what the provider said of the prompt"
    with ScriptedProvider(says(500, {"error": {"message": words}})) as provider:
        traced.use(provider.base_url)
        body = {"kind": "send", "messageID": make_id(), "parentID": None, "content": "Is it?"}
        trace = traced_call(traced, "POST", f"/api/v1/conversations/{traced.new_conversation()}/turns", body)
        attempts = wait_for("the attempt", lambda: [span for span in of(collector, trace) if span.name == "gateway.attempt"])
    assert attempts[0].status.code == 2 and not attempts[0].status.message
    assert words.encode() not in b"".join(request.body for request in collector.received)


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_collector_that_is_busy_gets_the_same_spans_again_when_it_asked_for_them(traced, collector, status):
    collector.script = [Reply(status, headers={"Retry-After": "1"})]
    before = len(collector.received)
    trace = traced_call(traced, "GET", "/api/v1/personas")
    wait_for("the span", lambda: of(collector, trace))
    assert len(of(collector, trace)) == 1
    attempts = [request for request in collector.received[before:] if trace.hex() in request.text]
    assert len(attempts) == 2
    assert attempts[1].at - attempts[0].at >= 1, "it was asked again too early"
    assert account(traced)["dropped"] == {} and account(traced)["quarantined"] == 0


def test_what_is_rejected_of_a_request_is_counted_and_not_sent_again(traced, collector):
    partial = {"partialSuccess": {"rejectedSpans": "1", "errorMessage": "too old"}}
    collector.script = [Reply(200, json.dumps(partial).encode())]
    before = len(collector.received)
    trace = traced_call(traced, "GET", "/api/v1/personas")
    wait_for("the count", lambda: account(traced)["dropped"] == {"rejected": 1})
    assert sum(trace.hex() in request.text for request in collector.received[before:]) == 1


def test_what_is_refused_for_good_waits_for_a_person(traced, collector):
    collector.script = [Reply(400)] * 8
    trace = traced_call(traced, "GET", "/api/v1/personas")
    wait_for("quarantine", lambda: account(traced)["quarantined"])
    assert not of(collector, trace)
    collector.script = []
    assert traced.call("POST", "/api/v1/journal/quarantine/otlp/retry", {})["records"] > 0
    wait_for("the span", lambda: of(collector, trace))


def test_the_collector_refuses_what_the_protocol_does_not_allow():
    span = {"traceId": "0af7651916cd43dd8448eb211c80319c", "spanId": "00f067aa0ba902b7", "name": "turn", "kind": 1,
            "startTimeUnixNano": "1", "endTimeUnixNano": "2"}
    strictly(span)
    bad = [{"traceId": "CvdlGRbNQ92ESOshHIAxnA=="}, {"traceId": "0" * 32}, {"spanId": "00f067aa"}, {"kind": "SPAN_KIND_SERVER"}, {"kind": 9},
           {"startTimeUnixNano": 1}, {"endTimeUnixNano": "1e9"}, {"trace_id": "x"}]
    for change in bad:
        with pytest.raises(AssertionError):
            strictly(span | change)
