import assert from "node:assert/strict";
import { test } from "node:test";
import { afterUTF8Offset, fromBase64URL, toBase64URL, utf8, utf8Length } from "./bytes";

const samples = ["", "plain", "h\u00e9llo", "\u65e5\u672c\u8a9e", "a\u{1f352}b\u{1f352}", "\ud800 alone", "\udc00\ud800"];

test("The length in UTF-8 is that of the encoder", () => {
  for (const sample of samples) {
    assert.equal(utf8Length(sample), utf8(sample).length, JSON.stringify(sample));
  }
});

test("The rest after an offset begins at that character", () => {
  assert.equal(afterUTF8Offset("a\u{1f352}b", 0), "a\u{1f352}b");
  assert.equal(afterUTF8Offset("a\u{1f352}b", 1), "\u{1f352}b");
  assert.equal(afterUTF8Offset("a\u{1f352}b", 5), "b");
  assert.equal(afterUTF8Offset("h\u00e9llo", 3), "llo");
  assert.equal(afterUTF8Offset("short", 99), "");
});

test("base64url goes both ways and refuses what it is not", () => {
  for (let length = 0; length < 70; length += 1) {
    const bytes = Uint8Array.from({ length }, (_, at) => (at * 37 + length) % 256);
    assert.deepEqual(fromBase64URL(toBase64URL(bytes)), bytes);
  }
  for (const wrong of ["a", "a=", "a+b/", "\u00e9"]) {
    assert.equal(fromBase64URL(wrong), null);
  }
});
