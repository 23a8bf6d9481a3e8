"""The scripted provider itself, seen by the real clients of OpenAI and Anthropic: what they cannot read measures nothing."""

import json
import time

import anthropic
import openai
import pytest
import requests

from harness.scripted import ScriptedService, asking

RICH = {
    "reasoning": ["Let me ", "think."],
    "text": ["Grüß ", "Gott ", "🍒\n"],
    "calls": [
        {"id": "call_a", "name": "weather", "arguments": ['{"city": "Zü', 'rich", "da', 'ys": 3}']},
        {"id": "call_b", "name": "time", "arguments": ['{"zone":', '"CET"}']},
    ],
    "usage": {"prompt": 120, "completion": 45, "cached": 30, "reasoning": 12},
}
TEXT = "Grüß Gott 🍒\n"
ARGUMENTS = {"weather": {"city": "Zürich", "days": 3}, "time": {"zone": "CET"}}

HABITS = [
    pytest.param({}, id="plain"),
    pytest.param({"write": 1}, id="byte by byte"),
    pytest.param({"write": 3, "lineEnds": "crlf"}, id="CRLF in threes"),
    pytest.param({"comments": True}, id="comments"),
    pytest.param({"gzip": True}, id="gzip"),
    pytest.param({"atOnce": True}, id="at once"),
    pytest.param({"end": "noDone"}, id="without a last word"),
    pytest.param({"order": [1, 0, 1, 0, 0]}, id="calls interleaved"),
]


@pytest.fixture(scope="module")
def service():
    with ScriptedService() as service:
        yield service


@pytest.fixture(scope="module")
def openai_client(service: ScriptedService):
    with openai.OpenAI(base_url=f"{service.origin}/v1", api_key="sk-scripted", max_retries=0) as client:
        yield client


@pytest.fixture(scope="module")
def anthropic_client(service: ScriptedService):
    with anthropic.Anthropic(base_url=service.origin, api_key="sk-ant-scripted", max_retries=0) as client:
        yield client


def openai_messages(script: dict) -> list[dict]:
    return [{"role": "user", "content": asking(script)}]


@pytest.mark.parametrize("habits", HABITS)
def test_chat_completions_streamed(openai_client, habits):
    stream = openai_client.chat.completions.create(
        model="scripted", messages=openai_messages(RICH | habits), stream=True, stream_options={"include_usage": True})
    text, reasoning, calls, finish, usage = "", "", {}, None, None
    for chunk in stream:
        usage = chunk.usage or usage
        for choice in chunk.choices:
            text += choice.delta.content or ""
            reasoning += getattr(choice.delta, "reasoning_content", None) or ""
            finish = choice.finish_reason or finish
            for call in choice.delta.tool_calls or []:
                known = calls.setdefault(call.index, {"id": call.id, "name": call.function.name, "arguments": ""})
                known["arguments"] += call.function.arguments or ""
    assert (text, reasoning, finish) == (TEXT, "Let me think.", "tool_calls")
    assert {call["name"]: json.loads(call["arguments"]) for call in calls.values()} == ARGUMENTS
    assert {call["id"] for call in calls.values()} == {"call_a", "call_b"}
    assert (usage.prompt_tokens, usage.completion_tokens, usage.total_tokens) == (120, 45, 165)
    assert usage.prompt_tokens_details.cached_tokens == 30
    assert usage.completion_tokens_details.reasoning_tokens == 12


def test_chat_completions_whole(openai_client):
    answer = openai_client.chat.completions.create(model="scripted", messages=openai_messages(RICH))
    message = answer.choices[0].message
    assert message.content == TEXT
    assert {call.function.name: json.loads(call.function.arguments) for call in message.tool_calls} == ARGUMENTS
    assert answer.choices[0].finish_reason == "tool_calls"
    assert answer.usage.total_tokens == 165


@pytest.mark.parametrize("habits", HABITS)
def test_responses_streamed(openai_client, habits):
    pieces, arguments = "", {}
    with openai_client.responses.stream(model="scripted", input=asking(RICH | habits)) as stream:
        for event in stream:
            if event.type == "response.output_text.delta":
                pieces += event.delta
            elif event.type == "response.function_call_arguments.delta":
                arguments[event.item_id] = arguments.get(event.item_id, "") + event.delta
        final = stream.get_final_response()
    assert pieces == final.output_text == TEXT
    calls = [item for item in final.output if item.type == "function_call"]
    assert {call.name: json.loads(call.arguments) for call in calls} == ARGUMENTS
    assert [json.loads(text) for text in arguments.values()] == [json.loads(call.arguments) for call in calls]
    assert final.usage.total_tokens == 165
    assert final.usage.output_tokens_details.reasoning_tokens == 12


def test_responses_whole(openai_client):
    answer = openai_client.responses.create(model="scripted", input=asking(RICH))
    assert answer.output_text == TEXT
    assert answer.status == "completed"
    assert [item.type for item in answer.output] == ["reasoning", "message", "function_call", "function_call"]
    cut = openai_client.responses.create(model="scripted", input=asking({"finish": "length"}))
    assert (cut.status, cut.incomplete_details.reason) == ("incomplete", "max_output_tokens")


@pytest.mark.parametrize("habits", HABITS)
def test_messages_streamed(anthropic_client, habits):
    with anthropic_client.messages.stream(
            model="scripted", max_tokens=100, messages=openai_messages(RICH | habits)) as stream:
        text = "".join(stream.text_stream)
        message = stream.get_final_message()
    assert text == TEXT
    kinds = [block.type for block in message.content]
    assert kinds == ["thinking", "text", "tool_use", "tool_use"]
    assert message.content[0].thinking == "Let me think."
    assert message.content[0].signature
    assert {block.name: block.input for block in message.content[2:]} == ARGUMENTS
    assert message.stop_reason == "tool_use"
    usage = message.usage
    assert (usage.input_tokens, usage.cache_read_input_tokens, usage.output_tokens) == (90, 30, 45)


def test_messages_whole(anthropic_client):
    message = anthropic_client.messages.create(model="scripted", max_tokens=100, messages=openai_messages(RICH))
    assert message.content[1].text == TEXT
    assert {block.name: block.input for block in message.content[2:]} == ARGUMENTS
    stopped = anthropic_client.messages.create(
        model="scripted", max_tokens=100, messages=openai_messages({"finish": {"stopText": "##"}}))
    assert (stopped.stop_reason, stopped.stop_sequence) == ("stop_sequence", "##")


def test_messages_count_and_insist(anthropic_client, service):
    counted = anthropic_client.messages.count_tokens(model="scripted", messages=openai_messages(RICH))
    assert counted.input_tokens == 120
    body = {"model": "scripted", "messages": [{"role": "user", "content": "Hi"}]}
    for headers in ({}, {"anthropic-version": "2023-06-01"}):
        answer = requests.post(f"{service.origin}/v1/messages", json=body, headers=headers, timeout=10)
        assert answer.status_code == 400, "a request without its version and max_tokens was taken"


def test_models_and_embeddings(openai_client, anthropic_client):
    assert [model.id for model in openai_client.models.list()] == ["scripted", "scripted-mini"]
    assert [model.id for model in anthropic_client.models.list()] == ["scripted", "scripted-mini"]
    texts = ["one", "two", "one"]
    packed = openai_client.embeddings.create(model="e", input=texts, dimensions=5)
    plain = openai_client.embeddings.create(model="e", input=texts, dimensions=5, encoding_format="float")
    assert [len(item.embedding) for item in packed.data] == [5, 5, 5]
    assert packed.data[0].embedding == packed.data[2].embedding != packed.data[1].embedding
    assert packed.data[0].embedding == pytest.approx(plain.data[0].embedding)
    assert packed.usage.prompt_tokens == 3


@pytest.mark.parametrize(
    ("status", "openai_error", "anthropic_error"),
    [
        (400, openai.BadRequestError, anthropic.BadRequestError),
        (401, openai.AuthenticationError, anthropic.AuthenticationError),
        (429, openai.RateLimitError, anthropic.RateLimitError),
        (500, openai.InternalServerError, anthropic.InternalServerError),
    ],
)
def test_refusals_are_the_clients_own_errors(openai_client, anthropic_client, status, openai_error, anthropic_error):
    messages = openai_messages({"faults": [{"do": "status", "status": status}]})
    with pytest.raises(openai_error, match=f"scripted {status}"):
        openai_client.chat.completions.create(model="scripted", messages=messages)
    with pytest.raises(anthropic_error, match=f"scripted {status}"):
        anthropic_client.messages.create(model="scripted", max_tokens=9, messages=messages)


def test_errors_within_a_stream_are_the_clients_own(openai_client, anthropic_client):
    messages = openai_messages({"text": ["a", "b"], "faults": [{"do": "error", "at": 1}]})
    got = []
    with pytest.raises(openai.APIError):
        for chunk in openai_client.chat.completions.create(model="scripted", messages=messages, stream=True):
            got += [choice.delta.content for choice in chunk.choices if choice.delta.content]
    assert got == ["a"]
    with pytest.raises(anthropic.APIStatusError):
        with anthropic_client.messages.stream(model="scripted", max_tokens=9, messages=messages) as stream:
            stream.until_done()


def test_a_refusal_for_some_requests_and_then_an_answer(service):
    script = {"id": "twice busy", "faults": [{"do": "status", "status": 429, "retryAfter": "0", "times": 2}]}
    with openai.OpenAI(base_url=f"{service.origin}/v1", api_key="k", max_retries=2) as client:
        answer = client.chat.completions.create(model="scripted", messages=openai_messages(script))
    assert answer.choices[0].message.content == "Hello from the script."
    report = service.report("twice busy")
    assert (report["requests"], report["finished"], report["refusals"]) == (3, 3, {"429": 2})


def test_tool_results_lead_to_what_comes_then(openai_client):
    messages = openai_messages({"calls": RICH["calls"], "then": {"text": "It rains."}})
    first = openai_client.chat.completions.create(model="scripted", messages=messages).choices[0].message
    messages += [first.model_dump(exclude_none=True)]
    messages += [{"role": "tool", "tool_call_id": call.id, "content": "rain"} for call in first.tool_calls]
    second = openai_client.chat.completions.create(model="scripted", messages=messages).choices[0].message
    assert second.content == "It rains."


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        pytest.param({"do": "reset", "at": 1}, "broken", id="reset"),
        pytest.param({"do": "close", "at": 1}, "broken", id="close"),
        pytest.param({"do": "hang", "at": 1}, "closedByClient", id="hang"),
    ],
)
def test_what_breaks_is_reported(service, fault, expected):
    identity = f"broken by {fault['do']}"
    script = {"id": identity, "text": ["a", "b"], "faults": [fault]}
    body = {"model": "m", "stream": True, "messages": openai_messages(script)}
    got = b""
    with requests.post(f"{service.origin}/v1/chat/completions", json=body, stream=True, timeout=10) as answer:
        if fault["do"] == "hang":
            for line in answer.iter_lines():
                got += line
                if b'"a"' in line:
                    break
        else:
            with pytest.raises(requests.exceptions.RequestException):
                for line in answer.iter_content(64):
                    got += line
    assert b'"a"' in got and b'"b"' not in got
    report = service.wait_for(identity, lambda report: report["open"] == 0)
    assert (report["requests"], report["finished"], report["pieces"]) == (1, 0, 1)
    assert report[expected]


def test_a_client_that_goes_is_seen_at_once(service):
    script = {"id": "gone", "text": ["a", "b"], "faults": [{"do": "hang", "at": 1}]}
    body = {"model": "m", "stream": True, "messages": openai_messages(script)}
    answer = requests.post(f"{service.origin}/v1/chat/completions", json=body, stream=True, timeout=10)
    lines = answer.iter_lines()  # kept: the connection is closed with it
    while b'"a"' not in next(lines):
        pass
    before = time.monotonic()
    answer.close()
    after = time.monotonic()
    closing, = service.wait_for("gone", lambda report: report["closedByClient"])["closedByClient"]
    assert before * 1000 <= closing["monotonicMilliseconds"] <= after * 1000 + 100
    assert closing["pieces"] == 1


def test_a_script_that_means_nothing_is_refused(service):
    body = {"model": "m", "messages": openai_messages({"txet": "a"})}
    answer = requests.post(f"{service.origin}/v1/chat/completions", json=body, timeout=10)
    assert answer.status_code == 400
    assert "txet" in answer.json()["error"]["message"]


def test_ten_megabytes_in_one_event(openai_client):
    script = {"text": [{"piece": "x", "length": 10_000_000}]}
    stream = openai_client.chat.completions.create(model="scripted", messages=openai_messages(script), stream=True)
    sizes = [len(choice.delta.content or "") for chunk in stream for choice in chunk.choices]
    assert sizes == [0, 10_000_000, 0]
