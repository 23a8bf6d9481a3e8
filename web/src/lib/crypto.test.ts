import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fromBase64URL, utf8 } from "./bytes";
import {
  createDataKey, decrypt, deriveKeys, encrypt, hkdf, makeKDF, opaque, open, openDataKey, openJSON, pbkdf2, rewrapDataKey, seal,
  sealJSON,
} from "./crypto";

interface Vectors {
  testGroups: { ivSize?: number; keySize?: number; tagSize?: number; tests: Record<string, string | number>[] }[];
}

const folder = "../../shared/vectors/wycheproof";

function vectors(name: string): Vectors["testGroups"] | null {
  const path = `${folder}/${name}`;
  if (!existsSync(path)) {
    assert.equal(process.env.CI, undefined, `${path} is missing`);
    return null;
  }
  return (JSON.parse(readFileSync(path, "utf8")) as Vectors).testGroups;
}

function hex(value: string | number | undefined): Uint8Array {
  return Uint8Array.from(String(value ?? "").match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

test("AES-GCM accepts every valid vector and refuses every invalid one", async (context) => {
  const groups = vectors("aes_gcm_test.json");
  if (groups === null) {
    context.skip("the vectors are not beside the repository");
    return;
  }
  let count = 0;
  for (const group of groups.filter((each) => each.ivSize === 96 && each.keySize === 256 && each.tagSize === 128)) {
    for (const each of group.tests) {
      const key = await crypto.subtle.importKey("raw", hex(each["key"]), "AES-GCM", false, ["encrypt", "decrypt"]);
      const sealed = hex(`${each["ct"] ?? ""}${each["tag"] ?? ""}`);
      const opened = decrypt(key, hex(each["iv"]), hex(each["aad"]), sealed);
      if (each["result"] === "valid") {
        assert.equal(hexOf(await opened), each["msg"], `case ${each["tcId"]}`);
        assert.equal(hexOf(await encrypt(key, hex(each["iv"]), hex(each["aad"]), hex(each["msg"]))), hexOf(sealed));
      } else {
        await assert.rejects(opened, { code: "doesNotOpen" });
      }
      count += 1;
    }
  }
  assert.ok(count > 50, `only ${count} cases ran`);
  context.diagnostic(`${count} cases`);
});

test("HKDF gives every valid vector and refuses every invalid one", async (context) => {
  const groups = vectors("hkdf_sha256_test.json");
  if (groups === null) {
    context.skip("the vectors are not beside the repository");
    return;
  }
  let count = 0;
  for (const each of groups.flatMap((group) => group.tests)) {
    const output = hkdf(hex(each["ikm"]), hex(each["salt"]), hex(each["info"]), Number(each["size"]));
    if (each["result"] === "valid") {
      assert.equal(hexOf(await output), each["okm"], `case ${each["tcId"]}`);
    } else {
      await assert.rejects(output);
    }
    count += 1;
  }
  assert.ok(count > 50, `only ${count} cases ran`);
  context.diagnostic(`${count} cases`);
});

test("PBKDF2 gives every vector", async (context) => {
  const groups = vectors("pbkdf2_hmacsha256_test.json");
  if (groups === null) {
    context.skip("the vectors are not beside the repository");
    return;
  }
  let count = 0;
  for (const each of groups.flatMap((group) => group.tests)) {
    const output = await pbkdf2(hex(each["password"]), hex(each["salt"]), Number(each["iterationCount"]), Number(each["dkLen"]));
    assert.equal(hexOf(output) === each["dk"], each["result"] === "valid", `case ${each["tcId"]}`);
    count += 1;
  }
  assert.ok(count > 50, `only ${count} cases ran`);
  context.diagnostic(`${count} cases`);
});

test("Weak or absurd parameters are refused", async () => {
  const sound = makeKDF();
  for (const kdf of [
    { ...sound, iterations: 599_999 }, { ...sound, iterations: 10_000_001 }, { ...sound, iterations: 600_000.5 },
    { ...sound, salt: "c2FsdA" }, { ...sound, salt: "not base64!" },
  ]) {
    await assert.rejects(deriveKeys("a long passphrase", kdf), { code: "weakKDF" });
  }
});

test("The same passphrase in another Unicode form gives the same keys; the two keys differ", async () => {
  const kdf = makeKDF();
  const composed = await deriveKeys("caf\u00e9 de la gare", kdf);
  const decomposed = await deriveKeys("cafe\u0301 de la gare", kdf);
  assert.deepEqual(composed.login, decomposed.login);
  assert.notEqual(composed.login.authKey, composed.login.unsealKey);
  assert.equal(fromBase64URL(composed.login.authKey)?.length, 32);
  assert.equal(composed.localKEK.extractable, false);
});

test("Known derivation of both login keys", async () => {
  const kdf = { algorithm: "pbkdf2-sha256", iterations: 600_000, salt: "AAECAwQFBgcICQoLDA0ODw" } as const;
  const stretched = await pbkdf2(utf8("correct horse battery staple"), hex("000102030405060708090a0b0c0d0e0f"), 600_000, 32);
  const expected = await hkdf(stretched, new Uint8Array(0), utf8("cherry/auth"), 32);
  const { login } = await deriveKeys("correct horse battery staple", kdf);
  assert.deepEqual(fromBase64URL(login.authKey), expected);
});

async function makeKeys() {
  const { localKEK } = await deriveKeys("a long passphrase", makeKDF());
  return openDataKey(await createDataKey(localKEK), localKEK);
}

test("A sealed value opens only in its own place, whole and unchanged", async () => {
  const keys = await makeKeys();
  const sealed = await seal(keys, "records", "one", 3, utf8("secret"));
  assert.deepEqual(await open(keys, "records", "one", 3, sealed), utf8("secret"));
  for (const [store, id, version] of [["meta", "one", 3], ["records", "two", 3], ["records", "one", 2]] as const) {
    await assert.rejects(open(keys, store, id, version, sealed), { code: "doesNotOpen" });
  }
  for (let at = 0; at < sealed.length; at += 1) {
    const flipped = sealed.slice();
    flipped[at] = (flipped[at] ?? 0) ^ 1;
    await assert.rejects(open(keys, "records", "one", 3, flipped));
    await assert.rejects(open(keys, "records", "one", 3, sealed.subarray(0, at)));
  }
});

test("The keys of the browser cannot be exported, and another passphrase does not open them", async () => {
  const first = await deriveKeys("a long passphrase", makeKDF());
  const second = await deriveKeys("another long passphrase", makeKDF());
  const wrapped = await createDataKey(first.localKEK);
  const keys = await openDataKey(wrapped, first.localKEK);
  await assert.rejects(crypto.subtle.exportKey("raw", keys.seal));
  await assert.rejects(crypto.subtle.exportKey("raw", keys.tag));
  await assert.rejects(openDataKey(wrapped, second.localKEK), { code: "doesNotOpen" });
  await assert.rejects(openDataKey({ ...wrapped, id: "other" }, first.localKEK), { code: "doesNotOpen" });

  const sealed = await sealJSON(keys, "records", "one", 1, { text: "kept" });
  const again = await openDataKey(await rewrapDataKey(wrapped, first.localKEK, second.localKEK), second.localKEK);
  assert.deepEqual(await openJSON(again, "records", "one", 1, sealed), { text: "kept" });
});

test("Opaque names are stable, differ by part and tell nothing", async () => {
  const keys = await makeKeys();
  assert.equal(await opaque(keys, "messages", "id"), await opaque(keys, "messages", "id"));
  assert.notEqual(await opaque(keys, "messages", "id"), await opaque(keys, "message", "sid"));
  assert.match(await opaque(keys, "messages", "id"), /^[A-Za-z0-9_-]{22}$/);
});
