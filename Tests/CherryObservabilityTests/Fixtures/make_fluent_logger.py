"""Writes fluent-logger.json: what fluent-logger sends for some records.

Run with the tests' Python; Tests/EndToEnd/test_log_collectors.py checks that the file is what it would write.
"""
import json
import sys

from fluent.sender import EventTime, FluentSender

RECORDS = [
    ("cherry.log", 1_769_860_800, 1_000, {"level": "info", "message": "request", "http_status": 200}),
    ("cherry.log", 0, 0, {"level": "trace"}),
    ("cherry.log", 4_294_967_295, 999_999_000, {"message": "ü 日本語 🍒", "long": "x" * 300, "medium": "y" * 40}),
    ("a" * 40, 1, 2_000, {f"field_{number}": f"value {number}" for number in range(20)}),
    (
        "numbers",
        1,
        0,
        {
            str(number): number
            for number in [
                0, 127, 128, 255, 256, 65535, 65536, 2**32 - 1, 2**32, 2**63 - 1,
                -1, -32, -33, -128, -129, -32768, -32769, -(2**31), -(2**31) - 1, -(2**63),
            ]
        },
    ),
]


def examples() -> list[dict]:
    sender = FluentSender("", nanosecond_precision=True)
    return [
        {
            "tag": tag,
            "seconds": seconds,
            "nanoseconds": nanoseconds,
            "record": record,
            "bytes": sender._make_packet(
                tag, EventTime.from_unix_nano(seconds * 1_000_000_000 + nanoseconds), record
            ).hex(),
        }
        for tag, seconds, nanoseconds, record in RECORDS
    ]


def text() -> str:
    return json.dumps(examples(), ensure_ascii=True, indent=1) + "\n"


if __name__ == "__main__":
    sys.stdout.write(text())
