import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const sources = readdirSync("src", { recursive: true })
  .filter((name) => /\.tsx?$/.test(name) && !/\.(test|browser)\.tsx?$/.test(name) && !name.startsWith("types/") && !name.startsWith("tests/"))
  .map((name) => ({ name, text: readFileSync(`src/${name}`, "utf8").replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "") }));

function usersOf(pattern: RegExp): string[] {
  return sources.filter(({ text }) => pattern.test(text)).map(({ name }) => name).sort();
}

test("Each door to the outside has one keeper", () => {
  assert.ok(sources.length > 40, `only ${sources.length} files were read`);
  assert.deepEqual(usersOf(/\blocalStorage\b/), ["lib/SealedStorage.ts"]);
  assert.deepEqual(usersOf(/\bfetch\(/), ["api/client.ts", "sw.ts"]);
  assert.deepEqual(usersOf(/\bnew EventSource\b/), ["api/events.ts"]);
  assert.deepEqual(usersOf(/from "dexie"/), ["lib/replica.ts"]);
  assert.deepEqual(usersOf(/\bcrypto\.subtle\b/), ["lib/crypto.ts", "lib/recovery.ts"]);
  assert.deepEqual(usersOf(/\bcreatePolicy\(/), ["state/App.ts"]);
});

test("Nothing else keeps, sends or runs anything", () => {
  for (const forbidden of [
    /\bsessionStorage\b/, /\bindexedDB\b/, /\bdocument\.cookie\b/, /\bXMLHttpRequest\b/, /\bsendBeacon\b/, /\bnew WebSocket\b/,
    /\binnerHTML\b/, /\bouterHTML\b/, /\binsertAdjacentHTML\b/, /dangerouslySetInnerHTML/, /\bdocument\.write\b/, /\beval\(/, /\bnew Function\b/,
    /\bconsole\./,
  ]) {
    assert.deepEqual(usersOf(forbidden), [], String(forbidden));
  }
});
