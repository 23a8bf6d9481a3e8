"""Asks a gateway through one of its doors and reads the answer as strictly as the API's reference allows.

An answer that breaks the API's own rules (an event twice, a number out of order, a call without its name) raises
`AssertionError` here, so that every test of an answer is one of its form too.
"""

import dataclasses
import json
from collections.abc import Iterator

import requests

READ_SECONDS = 240


@dataclasses.dataclass
class Usage:
    prompt: int
    completion: int
    cached: int = 0
    reasoning: int = 0


@dataclasses.dataclass
class Call:
    id: str
    name: str
    arguments: str = ""


@dataclasses.dataclass
class Answer:
    """What came back, in one form for all doors."""

    status: int = 200
    text: str = ""
    reasoning: str = ""
    calls: list[Call] = dataclasses.field(default_factory=list)
    finish: str | None = None
    usage: Usage | None = None
    model: str | None = None
    error: dict | None = None
    retry_after: str | None = None
    pieces: int = 0

    @property
    def is_whole(self) -> bool:
        return self.error is None and self.finish is not None


@dataclasses.dataclass
class Event:
    name: str
    data: str


def lines(response: requests.Response) -> Iterator[bytes]:
    """Lines, each as soon as it is there: they end with LF, CR or CRLF."""
    rest, had_cr = b"", False
    for part in response.iter_content(chunk_size=None):
        if had_cr:
            part = part.removeprefix(b"\n")
        had_cr = part.endswith(b"\r") if part else had_cr
        *whole, rest = (rest + part.replace(b"\r\n", b"\n").replace(b"\r", b"\n")).split(b"\n")
        yield from whole
    assert not rest, f"the stream ended within a line: {rest!r}"


def events(response: requests.Response) -> Iterator[Event]:
    """Server-sent events, each as soon as it is there. Comments are left out; an unfinished event is an error."""
    name, data = "", []
    for raw in lines(response):
        line = raw.decode()
        if not line:
            if data:
                yield Event(name, "\n".join(data))
            name, data = "", []
        elif line.startswith("event:"):
            name = line[6:].strip()
        elif line.startswith("data:"):
            data.append(line[5:].removeprefix(" "))
        else:
            assert line.startswith(":"), f"a line that means nothing: {line!r}"
    assert not data, f"the stream ended within an event: {data}"


class Door:
    """One of the APIs in which tools speak to a gateway."""

    name = ""
    path = ""

    def body(self, model: str, words: str, streamed: bool) -> dict:
        raise NotImplementedError

    def headers(self, token: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {token}"}

    def read_whole(self, body: dict) -> Answer:
        raise NotImplementedError

    def read_stream(self, stream: Iterator[Event], answer: Answer) -> None:
        raise NotImplementedError

    def check_error(self, body: dict) -> dict:
        """The error within a refusal, whose form is checked."""
        error = body["error"]
        assert isinstance(error["message"], str) and error["message"].strip()
        assert isinstance(error["type"], str)
        return error

    def post(self, origin: str, token: str, model: str, words: str, *, streamed: bool, **more) -> requests.Response:
        return requests.post(origin + self.path, headers=self.headers(token), stream=streamed,
                             json=self.body(model, words, streamed) | more, timeout=READ_SECONDS)

    def ask(self, origin: str, token: str, model: str, words: str, *, streamed: bool, **more) -> Answer:
        with self.post(origin, token, model, words, streamed=streamed, **more) as response:
            if response.status_code != 200:
                error = self.check_error(response.json())
                return Answer(response.status_code, error=error, retry_after=response.headers.get("Retry-After"))
            if not streamed:
                assert response.headers["Content-Type"].startswith("application/json")
                return self.read_whole(response.json())
            assert response.headers["Content-Type"].startswith("text/event-stream")
            answer = Answer()
            self.read_stream(events(response), answer)
            return answer


class ChatDoor(Door):
    """OpenAI's Chat Completions."""

    name = "chat"
    path = "/v1/chat/completions"

    def body(self, model: str, words: str, streamed: bool) -> dict:
        options = {"stream": True, "stream_options": {"include_usage": True}} if streamed else {}
        return {"model": model, "messages": [{"role": "user", "content": words}], **options}

    @staticmethod
    def usage(value: dict | None) -> Usage | None:
        if value is None:
            return None
        assert value["total_tokens"] == value["prompt_tokens"] + value["completion_tokens"]
        return Usage(value["prompt_tokens"], value["completion_tokens"],
                     (value.get("prompt_tokens_details") or {}).get("cached_tokens") or 0,
                     (value.get("completion_tokens_details") or {}).get("reasoning_tokens") or 0)

    def read_whole(self, body: dict) -> Answer:
        assert body["object"] == "chat.completion"
        choice, = body["choices"]
        message = choice["message"]
        calls = [Call(call["id"], call["function"]["name"], call["function"]["arguments"])
                 for call in message.get("tool_calls") or []]
        return Answer(text=message["content"] or "", reasoning=message.get("reasoning_content") or "", calls=calls,
                      finish=choice["finish_reason"], usage=self.usage(body.get("usage")), model=body["model"])

    def read_stream(self, stream: Iterator[Event], answer: Answer) -> None:
        done, heads = False, set()
        for event in stream:
            assert not done, f"after [DONE] came {event.data}"
            if event.data == "[DONE]":
                done = True
                continue
            chunk = json.loads(event.data)
            if "error" in chunk:
                assert answer.error is None, "two errors"
                answer.error = self.check_error(chunk)
                continue
            assert answer.error is None, "content after an error"
            if chunk["choices"] or chunk.get("usage"):  # Azure begins with a chunk of neither, under no name
                assert chunk["object"] == "chat.completion.chunk"
                heads.add((chunk["id"], chunk["model"]))
                answer.model = chunk["model"]
            if chunk.get("usage"):
                assert answer.usage is None and not chunk["choices"], "usage comes once, in a chunk of its own"
                answer.usage = self.usage(chunk["usage"])
            for choice in chunk["choices"]:
                assert answer.finish is None and choice["index"] == 0, f"after the end came {choice}"
                self.read_delta(choice["delta"], answer)
                answer.finish = choice["finish_reason"]
        assert len(heads) <= 1, f"one answer under several names: {heads}"
        assert done or answer.error, "a stream ended without [DONE] and without an error"
        assert (answer.error is None) == (answer.finish is not None), "an answer ends with a reason or with an error"

    @staticmethod
    def read_delta(delta: dict, answer: Answer) -> None:
        text, reasoning = delta.get("content") or "", delta.get("reasoning_content") or ""
        answer.text += text
        answer.reasoning += reasoning
        answer.pieces += bool(text or reasoning)
        for call in delta.get("tool_calls") or []:
            if call["index"] == len(answer.calls):
                answer.calls.append(Call(call["id"], call["function"]["name"]))
            else:
                assert not call.get("id") or call["id"] == answer.calls[call["index"]].id
            answer.calls[call["index"]].arguments += call["function"].get("arguments") or ""


class ResponsesDoor(Door):
    """OpenAI's Responses."""

    name = "responses"
    path = "/v1/responses"

    def body(self, model: str, words: str, streamed: bool) -> dict:
        return {"model": model, "input": words} | ({"stream": True} if streamed else {})

    @staticmethod
    def usage(value: dict | None) -> Usage | None:
        if value is None:
            return None
        assert value["total_tokens"] == value["input_tokens"] + value["output_tokens"]
        return Usage(value["input_tokens"], value["output_tokens"], value["input_tokens_details"]["cached_tokens"],
                     value["output_tokens_details"]["reasoning_tokens"])

    def read_whole(self, body: dict) -> Answer:
        assert body["object"] == "response"
        assert body["id"].startswith("resp_")
        answer = Answer(usage=self.usage(body["usage"]), model=body["model"])
        for item in body["output"]:
            match item["type"]:
                case "message":
                    answer.text += "".join(part.get("text", part.get("refusal", "")) for part in item["content"])
                case "reasoning":
                    answer.reasoning += "".join(part["text"] for part in item["summary"] or item.get("content") or [])
                case "function_call":
                    answer.calls.append(Call(item["call_id"], item["name"], item["arguments"]))
                case kind:
                    raise AssertionError(f"an item of type {kind}")
        reasons = {"max_output_tokens": "length", "content_filter": "content_filter"}
        match body["status"]:
            case "completed":
                answer.finish = "tool_calls" if answer.calls else "stop"
            case "incomplete":
                answer.finish = reasons[body["incomplete_details"]["reason"]]
            case "failed":
                answer.error = self.check_error({"error": {"type": "failed", **body["error"]}})
        return answer

    def read_stream(self, stream: Iterator[Event], answer: Answer) -> None:
        number, final, streamed = 0, None, Answer()
        arguments: dict[str, str] = {}
        for event in stream:
            value = json.loads(event.data)
            assert value["type"] == event.name, f"{event.name} is called {value['type']} within"
            assert value["sequence_number"] == number, f"number {value['sequence_number']} instead of {number}"
            assert final is None, f"after the end came {event.name}"
            number += 1
            match event.name:
                case "response.created":
                    assert number == 1
                case "response.output_text.delta":
                    streamed.text += value["delta"]
                    streamed.pieces += 1
                case "response.reasoning_summary_text.delta" | "response.reasoning_text.delta":
                    streamed.reasoning += value["delta"]
                    streamed.pieces += 1
                case "response.function_call_arguments.delta":
                    arguments[value["item_id"]] = arguments.get(value["item_id"], "") + value["delta"]
                case "response.completed" | "response.incomplete" | "response.failed":
                    final = value["response"]
                case "error":
                    answer.error = self.check_error({"error": {"type": "error", **value}})
                    final = {}
        assert final is not None, "a stream ended without its end"
        answer.text, answer.reasoning, answer.pieces = streamed.text, streamed.reasoning, streamed.pieces
        if final:
            whole = self.read_whole(final)
            answer.calls, answer.finish, answer.usage, answer.model = whole.calls, whole.finish, whole.usage, whole.model
            answer.error = whole.error
            if whole.error is None:
                assert (whole.text, whole.reasoning) == (streamed.text, streamed.reasoning)
                assert sorted(arguments.values()) == sorted(call.arguments for call in whole.calls if call.arguments)


class MessagesDoor(Door):
    """Anthropic's Messages."""

    name = "messages"
    path = "/v1/messages"
    FINISHES = {"end_turn": "stop", "stop_sequence": "stop", "max_tokens": "length", "tool_use": "tool_calls",
                "refusal": "content_filter"}

    def headers(self, token: str) -> dict[str, str]:
        return {"x-api-key": token, "anthropic-version": "2023-06-01"}

    def body(self, model: str, words: str, streamed: bool) -> dict:
        return {"model": model, "max_tokens": 4096, "messages": [{"role": "user", "content": words}], "stream": streamed}

    def check_error(self, body: dict) -> dict:
        assert body["type"] == "error"
        return super().check_error(body)

    @staticmethod
    def usage(value: dict | None) -> Usage | None:
        if value is None:
            return None
        cached = value.get("cache_read_input_tokens") or 0
        written = value.get("cache_creation_input_tokens") or 0
        return Usage(value["input_tokens"] + cached + written, value["output_tokens"], cached)

    def read_whole(self, body: dict) -> Answer:
        assert (body["type"], body["role"]) == ("message", "assistant")
        answer = Answer(usage=self.usage(body["usage"]), model=body["model"], finish=self.FINISHES[body["stop_reason"]])
        for block in body["content"]:
            match block["type"]:
                case "text":
                    answer.text += block["text"]
                case "thinking":
                    answer.reasoning += block["thinking"]
                case "tool_use":
                    answer.calls.append(Call(block["id"], block["name"], json.dumps(block["input"])))
                case kind:
                    raise AssertionError(f"a block of type {kind}")
        return answer

    def read_stream(self, stream: Iterator[Event], answer: Answer) -> None:
        usage, blocks, state = {}, {}, "new"
        for event in stream:
            value = json.loads(event.data)
            assert value["type"] == event.name
            assert state != "done" and answer.error is None, f"after the end came {event.name}"
            match event.name:
                case "ping":
                    continue
                case "message_start":
                    assert state == "new", "a second message_start"
                    state = "begun"
                    usage |= {key: number for key, number in value["message"]["usage"].items() if number is not None}
                    answer.model = value["message"]["model"]
                case "content_block_start":
                    assert state == "begun" and value["index"] == len(blocks), "blocks are numbered from 0"
                    blocks[value["index"]] = True
                    block = value["content_block"]
                    if block["type"] == "tool_use":
                        blocks[value["index"]] = Call(block["id"], block["name"])
                        answer.calls.append(blocks[value["index"]])
                case "content_block_delta":
                    assert blocks[value["index"]], "a piece of a block that is closed"
                    self.read_delta(value["delta"], blocks[value["index"]], answer)
                case "content_block_stop":
                    assert blocks[value["index"]], "a block is closed twice"
                    blocks[value["index"]] = None
                case "message_delta":
                    assert answer.finish is None and not any(blocks.values()), "the reason comes once, after the blocks"
                    answer.finish = self.FINISHES[value["delta"]["stop_reason"]]
                    usage |= {key: number for key, number in value["usage"].items() if number is not None}
                case "message_stop":
                    assert answer.finish, "the end came without a reason"
                    state = "done"
                case "error":
                    answer.error = self.check_error(value)
                    answer.finish = None
        assert state == "done" or answer.error, "a stream ended without message_stop and without an error"
        answer.usage = self.usage(usage) if usage and answer.error is None else None
        for call in answer.calls:
            call.arguments = call.arguments or "{}"

    @staticmethod
    def read_delta(delta: dict, block: Call | bool, answer: Answer) -> None:
        match delta["type"]:
            case "text_delta":
                answer.text += delta["text"]
                answer.pieces += 1
            case "thinking_delta":
                answer.reasoning += delta["thinking"]
                answer.pieces += 1
            case "input_json_delta":
                block.arguments += delta["partial_json"]
            case "signature_delta":
                pass
            case kind:
                raise AssertionError(f"a piece of type {kind}")


DOORS = [ChatDoor(), ResponsesDoor(), MessagesDoor()]
