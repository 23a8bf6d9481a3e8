"""The real clients of OpenAI and Anthropic, unchanged, at the gateway's doors, before every kind of provider."""

import json

import anthropic
import openai
import pytest

from harness.conformance import CALLS, KINDS, TEXT, USAGE, Kind
from harness.gateway import GatewayUnderTest, gateway_under_test
from harness.scripted import asking

ANSWER = "".join(TEXT)
ARGUMENTS = {call["name"]: json.loads("".join(call["arguments"])) for call in CALLS}
RICH = {"text": TEXT, "calls": CALLS, "usage": USAGE}
WEATHER = {"type": "object", "properties": {"city": {"type": "string"}, "days": {"type": "integer"}}, "required": ["city"]}
TIME = {"type": "object", "properties": {"zone": {"type": "string"}}}

every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


@pytest.fixture(scope="module")
def gateway(tmp_path_factory):
    with gateway_under_test(tmp_path_factory.mktemp("clients")) as gateway:
        yield gateway


@pytest.fixture(scope="module")
def openai_client(gateway):
    with openai.OpenAI(base_url=f"{gateway.origin}/v1", api_key=gateway.token, max_retries=0) as client:
        yield client


@pytest.fixture(scope="module")
def anthropic_client(gateway):
    with anthropic.Anthropic(base_url=gateway.origin, api_key=gateway.token, max_retries=0) as client:
        yield client


def messages(script: dict) -> list[dict]:
    return [{"role": "user", "content": asking(script)}]


def chat_tools() -> list[dict]:
    return [{"type": "function", "function": {"name": "weather", "description": "Tells it.", "parameters": WEATHER}},
            {"type": "function", "function": {"name": "time", "parameters": TIME}}]


def message_tools() -> list[dict]:
    return [{"name": "weather", "description": "Tells it.", "input_schema": WEATHER}, {"name": "time", "input_schema": TIME}]


def sent_to_provider(gateway: GatewayUnderTest, identity: str) -> str:
    """The last request that reached the provider, as text."""
    return json.dumps(gateway.service.report(identity)["last"]["body"], ensure_ascii=False)


@every_kind
def test_chat_completions(gateway, openai_client, kind: Kind):
    model = gateway.model(kind)
    script = {"id": f"chat {kind.name}", **RICH, "then": {"text": "It rains."}}
    conversation = messages(script)
    answer = openai_client.chat.completions.create(model=model, messages=conversation, tools=chat_tools())
    message = answer.choices[0].message
    assert message.content == ANSWER
    assert {call.function.name: json.loads(call.function.arguments) for call in message.tool_calls} == ARGUMENTS
    assert answer.choices[0].finish_reason == "tool_calls"
    expected = kind.expected(USAGE)
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens) == (expected.prompt, expected.completion)
    conversation.append(message.model_dump(exclude_none=True))
    conversation += [{"role": "tool", "tool_call_id": call.id, "content": f"result of {call.function.name}"}
                     for call in message.tool_calls]
    second = openai_client.chat.completions.create(model=model, messages=conversation, tools=chat_tools())
    assert second.choices[0].message.content == "It rains."
    sent = sent_to_provider(gateway, script["id"])
    assert all(words in sent for words in ("result of weather", "result of time", "Tells it."))


@every_kind
def test_chat_completions_streamed(gateway, openai_client, kind: Kind):
    stream = openai_client.chat.completions.create(
        model=gateway.model(kind), messages=messages({"id": f"chat stream {kind.name}", **RICH}), tools=chat_tools(),
        stream=True, stream_options={"include_usage": True})
    text, calls, finishes, usages = "", {}, [], []
    for chunk in stream:
        usages += [chunk.usage] if chunk.usage else []
        for choice in chunk.choices:
            text += choice.delta.content or ""
            finishes += [choice.finish_reason] if choice.finish_reason else []
            for call in choice.delta.tool_calls or []:
                known = calls.setdefault(call.index, {"name": call.function.name, "arguments": ""})
                known["arguments"] += call.function.arguments or ""
    assert (text, finishes) == (ANSWER, ["tool_calls"])
    assert {call["name"]: json.loads(call["arguments"]) for call in calls.values()} == ARGUMENTS
    expected = kind.expected(USAGE)
    assert [(usage.prompt_tokens, usage.completion_tokens) for usage in usages] == [(expected.prompt, expected.completion)]


@every_kind
def test_chat_completions_streamed_without_asking_for_usage(gateway, openai_client, kind: Kind):
    stream = openai_client.chat.completions.create(
        model=gateway.model(kind), messages=messages({"id": f"unasked {kind.name}", "text": TEXT}), stream=True)
    chunks = list(stream)
    assert not any(chunk.usage for chunk in chunks), "usage was sent to a client that did not ask"
    empty = [chunk for chunk in chunks if not chunk.choices and not hasattr(chunk, "prompt_filter_results")]
    assert not empty, "a chunk without choices was sent to a client that did not ask for usage"
    assert "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices) == ANSWER


@every_kind
def test_responses(gateway, openai_client, kind: Kind):
    model = gateway.model(kind)
    script = {"id": f"responses {kind.name}", **RICH, "then": {"text": "It rains."}}
    tools = [{"type": "function", "strict": False, **tool["function"]} for tool in chat_tools()]
    answer = openai_client.responses.create(model=model, input=asking(script), tools=tools)
    assert answer.output_text == ANSWER
    calls = [item for item in answer.output if item.type == "function_call"]
    assert {call.name: json.loads(call.arguments) for call in calls} == ARGUMENTS
    expected = kind.expected(USAGE)
    assert (answer.usage.input_tokens, answer.usage.output_tokens) == (expected.prompt, expected.completion)
    turn = [{"role": "user", "content": asking(script)}, *(item.model_dump(exclude_none=True) for item in answer.output)]
    turn += [{"type": "function_call_output", "call_id": call.call_id, "output": "rain"} for call in calls]
    assert openai_client.responses.create(model=model, input=turn, tools=tools).output_text == "It rains."


@every_kind
def test_responses_streamed(gateway, openai_client, kind: Kind):
    script = {"id": f"responses stream {kind.name}", **RICH}
    pieces = ""
    with openai_client.responses.stream(model=gateway.model(kind), input=asking(script)) as stream:
        for event in stream:
            if event.type == "response.output_text.delta":
                pieces += event.delta
        final = stream.get_final_response()
    assert pieces == final.output_text == ANSWER
    assert {item.name: json.loads(item.arguments) for item in final.output if item.type == "function_call"} == ARGUMENTS
    assert final.usage.output_tokens == kind.expected(USAGE).completion


@every_kind
def test_messages(gateway, anthropic_client, kind: Kind):
    model = gateway.model(kind)
    script = {"id": f"messages {kind.name}", **RICH, "then": {"text": "It rains."}}
    conversation = messages(script)
    message = anthropic_client.messages.create(model=model, max_tokens=900, messages=conversation, tools=message_tools())
    assert "".join(block.text for block in message.content if block.type == "text") == ANSWER
    calls = [block for block in message.content if block.type == "tool_use"]
    assert {call.name: call.input for call in calls} == ARGUMENTS
    assert message.stop_reason == "tool_use"
    expected = kind.expected(USAGE)
    read = message.usage.input_tokens + (message.usage.cache_read_input_tokens or 0)
    assert (read, message.usage.output_tokens) == (expected.prompt, expected.completion)
    results = [{"type": "tool_result", "tool_use_id": call.id, "content": "rain"} for call in calls]
    conversation += [{"role": "assistant", "content": [block.model_dump(exclude_none=True) for block in message.content]},
                     {"role": "user", "content": results}]
    second = anthropic_client.messages.create(model=model, max_tokens=900, messages=conversation, tools=message_tools())
    assert second.content[0].text == "It rains."


@every_kind
def test_messages_streamed(gateway, anthropic_client, kind: Kind):
    script = {"id": f"messages stream {kind.name}", **RICH}
    with anthropic_client.messages.stream(model=gateway.model(kind), max_tokens=900, messages=messages(script),
                                          tools=message_tools()) as stream:
        text = "".join(stream.text_stream)
        message = stream.get_final_message()
    assert text == ANSWER
    assert {block.name: block.input for block in message.content if block.type == "tool_use"} == ARGUMENTS
    assert message.usage.output_tokens == kind.expected(USAGE).completion


@every_kind
def test_errors_are_the_clients_own(gateway, openai_client, anthropic_client, kind: Kind):
    model = gateway.model(kind, "busy")
    busy = messages({"id": f"busy {kind.name}", "faults": [{"do": "status", "status": 429, "retryAfter": "0"}]})
    with pytest.raises(openai.RateLimitError):
        openai_client.chat.completions.create(model=model, messages=busy)
    with pytest.raises(openai.RateLimitError):
        openai_client.responses.create(model=model, input=busy[0]["content"])
    with pytest.raises(anthropic.RateLimitError):
        anthropic_client.messages.create(model=model, max_tokens=9, messages=busy)


@every_kind
def test_errors_within_a_stream_are_the_clients_own(gateway, openai_client, anthropic_client, kind: Kind):
    model = gateway.model(kind, "within")
    script = {"id": f"within {kind.name}", "text": ["a", "b", "c"], "faults": [{"do": "error", "at": 2}]}
    got = ""
    with pytest.raises(openai.APIError):
        for chunk in openai_client.chat.completions.create(model=model, messages=messages(script), stream=True):
            got += "".join(choice.delta.content or "" for choice in chunk.choices)
    assert got == "ab"
    got = ""
    with pytest.raises(anthropic.APIStatusError):
        with anthropic_client.messages.stream(model=model, max_tokens=9, messages=messages(script)) as stream:
            for text in stream.text_stream:
                got += text
    assert got == "ab"


def test_models_in_both_shapes(gateway, openai_client, anthropic_client):
    names = {model.id for model in openai_client.models.list()}
    assert names >= set(gateway.models.values())
    assert {model.id for model in anthropic_client.models.list()} == names


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.name in ("openai", "gemini", "mistral", "ollama", "azure")],
                         ids=lambda kind: kind.name)
def test_embeddings(gateway, openai_client, kind: Kind):
    texts = ["one", "two", "one"]
    answer = openai_client.embeddings.create(model=gateway.model(kind), input=texts)
    vectors = [item.embedding for item in answer.data]
    assert [len(vector) for vector in vectors] == [8, 8, 8]
    assert vectors[0] == pytest.approx(vectors[2]) and vectors[0] != pytest.approx(vectors[1])


def test_counting_tokens(gateway, anthropic_client):
    script = messages({"id": "count", "usage": {"prompt": 321, "completion": 1}})
    for name in ("anthropic", "gemini"):
        assert anthropic_client.messages.count_tokens(model=gateway.models[name], messages=script).input_tokens == 321


def test_a_wrong_token_and_an_unknown_model_are_refused(gateway):
    with openai.OpenAI(base_url=f"{gateway.origin}/v1", api_key="ck-" + "A" * 43, max_retries=0) as stranger:
        with pytest.raises(openai.AuthenticationError):
            stranger.models.list()
        with pytest.raises(openai.AuthenticationError):
            stranger.chat.completions.create(model="scripted", messages=[{"role": "user", "content": "Hi"}])
    with anthropic.Anthropic(base_url=gateway.origin, api_key="ck-" + "A" * 43, max_retries=0) as stranger:
        with pytest.raises(anthropic.AuthenticationError):
            stranger.messages.create(model="scripted", max_tokens=9, messages=[{"role": "user", "content": "Hi"}])
    with openai.OpenAI(base_url=f"{gateway.origin}/v1", api_key=gateway.token, max_retries=0) as client:
        with pytest.raises(openai.NotFoundError):
            client.chat.completions.create(model="no-such-model", messages=[{"role": "user", "content": "Hi"}])
