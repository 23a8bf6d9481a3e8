import assert from "node:assert/strict";
import { test } from "node:test";
import { checkRecoveryCode, formatRecoveryCode, groupsOf, isSameGroup } from "./recovery";

/** 160 bits of zero with their checksum: SHA-256 of twenty zero bytes begins with de47c. */
const zero = `${"0".repeat(32)}VS3W`;

async function codeOf(bytes: Uint8Array): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  let number = bytes.reduce((sum, byte) => sum << 8n | BigInt(byte), 0n);
  number = number << 20n | BigInt(((digest[0] ?? 0) << 12) | ((digest[1] ?? 0) << 4) | ((digest[2] ?? 0) >> 4));
  let text = "";
  for (let at = 0; at < 36; at += 1) {
    text = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[Number(number & 31n)] + text;
    number >>= 5n;
  }
  return text;
}

test("A code is read however it is typed", async () => {
  const code = await codeOf(Uint8Array.from({ length: 20 }, (_, at) => at * 13 + 1));
  const shown = formatRecoveryCode(code);
  assert.match(shown, /^([0-9A-Z]{4}-){8}[0-9A-Z]{4}$/);
  for (const typed of [code, shown, shown.toLowerCase(), shown.replaceAll("-", " "), ` ${shown}\n`, shown.replaceAll("0", "o").replaceAll("1", "l")]) {
    assert.deepEqual(await checkRecoveryCode(typed), { code: shown });
  }
});

test("A known code is accepted", async () => {
  assert.equal(await codeOf(new Uint8Array(20)), zero);
  assert.deepEqual(await checkRecoveryCode(zero), { code: formatRecoveryCode(zero) });
});

test("Every single wrong character is noticed", async () => {
  const code = await codeOf(Uint8Array.from({ length: 20 }, (_, at) => 255 - at));
  for (let at = 0; at < code.length; at += 1) {
    const other = code[at] === "7" ? "8" : "7";
    const answer = await checkRecoveryCode(code.slice(0, at) + other + code.slice(at + 1));
    assert.deepEqual(answer, { problem: { kind: "checksum" } }, `at ${at}`);
  }
});

test("What is wrong is named", async () => {
  assert.deepEqual(await checkRecoveryCode("ABCD"), { problem: { kind: "length", count: 4 } });
  assert.deepEqual(await checkRecoveryCode(`${zero.slice(1)}U`), { problem: { kind: "character", character: "U" } });
});

test("Groups are compared as they are read", () => {
  const code = formatRecoveryCode(zero);
  assert.equal(groupsOf(code).length, 9);
  assert.ok(isSameGroup("vs3w", code, 8));
  assert.ok(isSameGroup(" oooo ", code, 0));
  assert.ok(!isSameGroup("VS3X", code, 8));
});
