"""What a right gateway does with a provider that misbehaves: the cases of docs/conformance.md, and how each is judged."""

import dataclasses
import json
from collections.abc import Callable

from .doors import Answer, Door, Usage

TEXT = ["Grüß ", "Gott, ", "wie ", "geht's? ", "🍒", "🧑‍🚀\n", "Ende \\ \"gut\"."]
CALLS = [
    {"id": "call_a1b2", "name": "weather", "arguments": ['{"ci', 'ty": "Zü', 'rich", "days": 3}']},
    {"id": "call_c3d4", "name": "time", "arguments": ['{"zone":', ' "CET"}']},
]
USAGE = {"prompt": 1203, "completion": 457, "cached": 310, "reasoning": 12}
HUGE = 10_000_000


@dataclasses.dataclass(frozen=True)
class Kind:
    """A provider's API: how the scripted provider is reached in it, and what it cannot tell."""

    name: str
    path: str
    key: str = "sk-scripted"
    api: str = ""
    tells_cached: bool = True
    tells_reasoning: bool = True

    def expected(self, usage: dict) -> Usage:
        return Usage(usage["prompt"], usage["completion"], usage.get("cached", 0) if self.tells_cached else 0,
                     usage.get("reasoning", 0) if self.tells_reasoning else 0)


KINDS = [
    Kind("openai", "/v1", api="chat"),
    Kind("openai-responses", "/v1", api="responses"),
    Kind("anthropic", "/v1", api="messages", tells_reasoning=False),
    Kind("gemini", "/v1beta"),
    Kind("mistral", "/mistral/v1", tells_reasoning=False),
    Kind("ollama", "", tells_cached=False, tells_reasoning=False),
    Kind("azure", "?api-version=2024-10-21", api="chat"),
    Kind("bedrock", "?region=us-east-1", key="AKIASCRIPTED:scripted-secret", tells_reasoning=False),
]

Judge = Callable[[Answer, Kind, Door], None]


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    script: dict
    judge: Judge
    streamed: tuple[bool, ...] = (True, False)
    without: tuple[str, ...] = ()
    """Kinds whose API has no such thing."""
    is_damaged: bool = False
    """Whether the provider breaks its API's rules, so that bytes passed on as they are break them too."""


def same(found: object, expected: object) -> None:
    """Compares, and says both where they differ; of long texts only where they begin to."""
    if found == expected:
        return
    if isinstance(found, str) and isinstance(expected, str):
        start = next((place for place, (left, right) in enumerate(zip(found, expected)) if left != right),
                     min(len(found), len(expected)))
        raise AssertionError(f"after {start} characters {found[start:start + 60]!r} instead of {expected[start:start + 60]!r}")
    raise AssertionError(f"{found!r} instead of {expected!r}")


def whole(text: str = "".join(TEXT), calls: list[dict] = (), finish: str = "stop", reasoning: str | None = None) -> Judge:
    """The answer is there, once and whole, with its usage."""

    def judge(answer: Answer, kind: Kind, door: Door) -> None:
        assert answer.error is None, answer.error
        same(answer.text, text)
        assert [(call.name, json.loads(call.arguments)) for call in answer.calls] == [
            (call["name"], json.loads("".join(call["arguments"]))) for call in calls]
        assert len({call.id for call in answer.calls}) == len(calls)
        same(answer.finish, finish)
        if reasoning is not None:
            same(answer.reasoning, reasoning)
        expected = kind.expected(USAGE)
        if door.name == "messages":
            expected.reasoning = 0
        same(answer.usage, expected)

    return judge


def broken(text: str) -> Judge:
    """The client learns that the answer broke, and has what had come until then, once."""

    def judge(answer: Answer, kind: Kind, door: Door) -> None:
        assert answer.error is not None, "a broken answer was passed off as a whole one"
        same(answer.text, text)
        assert "sk-scripted" not in str(answer.error) and "scripted-secret" not in str(answer.error)

    return judge


def broken_early(most: str) -> Judge:
    """As `broken`; but a reset may overtake what was sent before it, so that less may have come."""

    def judge(answer: Answer, kind: Kind, door: Door) -> None:
        assert answer.error is not None, "a broken answer was passed off as a whole one"
        assert most.startswith(answer.text), answer.text

    return judge


def refused(*statuses: int) -> Judge:
    """The client gets an error of the door's own form, before any content."""

    def judge(answer: Answer, kind: Kind, door: Door) -> None:
        assert answer.error is not None, "a failure was passed off as an answer"
        same(answer.text, "")
        assert answer.status in statuses, answer

    return judge


def no_empty_success(answer: Answer, kind: Kind, door: Door) -> None:
    """Either the whole answer or an error; never an answer of nothing."""
    assert answer.error is not None or answer.text == "".join(TEXT), f"an answer of {answer.text!r}"


def counted_somehow(answer: Answer, kind: Kind, door: Door) -> None:
    """The answer is there; usage, of which the provider said nothing, is an estimate or missing, never zero."""
    assert answer.error is None, answer.error
    same(answer.text, "".join(TEXT))
    assert answer.usage is None or answer.usage.completion > 0, "usage of 0 was made up"


def script(**members) -> dict:
    return {"text": TEXT, "usage": USAGE, **members}


def failing(action: str, at: object = "request", times: int | None = None, **members) -> dict:
    fault = {"do": action, "at": at, **members} | ({"times": times} if times else {})
    return script(faults=[fault])


FINISHED = whole()
HALF = "".join(TEXT[:3])
STREAM, WHOLE = (True,), (False,)

CASES = [
    Case("plain", script(), FINISHED),
    Case("byte by byte", script(write=1), FINISHED),
    Case("in threes with CRLF", script(write=3, lineEnds="crlf"), FINISHED, STREAM),
    Case("CR alone", script(lineEnds="cr"), FINISHED, STREAM),
    Case("comments between events", script(comments=True), FINISHED, STREAM),
    Case("gzip", script(gzip=True), FINISHED),
    Case("gzip byte by byte", script(gzip=True, write=1), FINISHED),
    Case("everything at once", script(atOnce=True), FINISHED, STREAM),
    Case("slow drip", script(write=64, pause=1), FINISHED),
    Case("no last word", script(end="noDone"), FINISHED, STREAM, is_damaged=True),
    Case("start twice", script(duplicate="start"), FINISHED, STREAM, is_damaged=True),
    Case("end twice", script(duplicate="end"), FINISHED, STREAM, is_damaged=True),
    Case("both twice", script(duplicate="both"), FINISHED, STREAM, is_damaged=True),
    Case("usage first", script(usageAt="first"), FINISHED, STREAM, is_damaged=True),
    Case("usage with every event", script(usageAt="every"), FINISHED, STREAM, is_damaged=True),
    Case("usage never", script(usageAt="never"), counted_somehow, is_damaged=True),
    Case("reasoning", script(reasoning=["Let me ", "see."]), whole(reasoning="Let me see.")),
    Case("one call", script(calls=CALLS[:1]), whole(calls=CALLS[:1], finish="tool_calls")),
    Case("parallel calls", script(calls=CALLS), whole(calls=CALLS, finish="tool_calls")),
    Case("parallel calls interleaved", script(calls=CALLS, order=[0, 1, 0, 1, 0]),
         whole(calls=CALLS, finish="tool_calls"), is_damaged=True),
    Case("a call without arguments", script(calls=[{"id": "call_0001", "name": "now", "arguments": ["{}"]}]),
         whole(calls=[{"name": "now", "arguments": ["{}"]}], finish="tool_calls")),
    Case("calls without text", {"calls": CALLS, "usage": USAGE}, whole(text="", calls=CALLS, finish="tool_calls")),
    Case("cut at the token limit", script(finish="length"), whole(finish="length")),
    Case("withheld", script(finish="filtered"), whole(finish="content_filter"), without=("ollama",)),
    Case("ten megabytes in one event", script(text=[{"piece": "x", "length": HUGE}]), whole(text="x" * HUGE), STREAM),
    Case("busy once, with Retry-After", failing("status", status=429, retryAfter="0", times=1), FINISHED),
    Case("busy once, without Retry-After", failing("status", status=429, times=1), FINISHED),
    Case("broken once", failing("status", status=500, times=1), FINISHED),
    Case("reset once", failing("reset", times=1), FINISHED),
    Case("closed once", failing("close", times=1), FINISHED),
    Case("always busy", failing("status", status=429, retryAfter="0"), refused(429)),
    Case("always broken", failing("status", status=500), refused(500, 502, 503, 529)),
    Case("refuses the key", failing("status", status=401), refused(401, 502)),
    Case("always reset", failing("reset"), refused(502, 503)),
    Case("an error that is no JSON", failing("status", status=503, body="<html>busy</html>"), refused(500, 502, 503, 529)),
    Case("closed within", failing("close", at=3), broken(HALF), STREAM),
    Case("reset within", failing("reset", at=3), broken_early(HALF), STREAM),
    Case("cut off", script(end="cutOff"), broken("".join(TEXT)), STREAM),
    Case("an error within", failing("error", at=3), broken(HALF), STREAM),
    Case("garbage within", failing("garbage", at=3), broken(HALF), STREAM, without=("bedrock",)),
    Case("a whole answer breaks", failing("close", at=1), refused(500, 502, 503, 529), WHOLE),
    Case("a page instead of an answer", script(contentType="text/html"), no_empty_success),
    Case("plain text instead of the API's type", script(contentType="text/plain"), no_empty_success),
]
