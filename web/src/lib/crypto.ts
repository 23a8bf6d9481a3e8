import type { KDFParameters } from "../state/types";
import { concat, fromBase64URL, randomBytes, textOf, toBase64URL, utf8 } from "./bytes";

/** Fewer rounds than this are refused, so that a server cannot weaken what it is told. */
export const iterationsFloor = 600_000;
/** More rounds than this are refused, so that a server cannot hang the page. */
export const iterationsCeiling = 10_000_000;

const nonceLength = 12;
const formVersion = 1;

/** Why something cryptographic was refused; never says with what content. */
export class CryptoError extends Error {
  override readonly name = "CryptoError";

  constructor(readonly code: "weakKDF" | "doesNotOpen" | "unknownForm") {
    super(`CryptoError(${code})`);
  }
}

/** What proves the passphrase to the server, as it is sent: base64url. */
export interface LoginKeys {
  authKey: string;
  unsealKey: string;
}

/** The keys of this browser: handles that cannot be exported. They live in memory only. */
export interface DataKeys {
  /** Names the key, so that old rows are recognised. Public. */
  id: string;
  seal: CryptoKey;
  tag: CryptoKey;
}

/** Parameters for a new passphrase. */
export function makeKDF(iterations: number = iterationsFloor): KDFParameters {
  return { algorithm: "pbkdf2-sha256", iterations, salt: toBase64URL(randomBytes(16)) };
}

/** The salt, after checking that the parameters are within bounds. */
function checkedSalt(kdf: KDFParameters): Uint8Array {
  const salt = fromBase64URL(kdf.salt);
  const isSound = kdf.algorithm === "pbkdf2-sha256" && Number.isInteger(kdf.iterations)
    && kdf.iterations >= iterationsFloor && kdf.iterations <= iterationsCeiling && salt?.length === 16;
  if (!isSound || salt === null) {
    throw new CryptoError("weakKDF");
  }
  return salt;
}

/** PBKDF2-HMAC-SHA256. */
export async function pbkdf2(password: Uint8Array, salt: Uint8Array, iterations: number, length: number): Promise<Uint8Array> {
  const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
  return new Uint8Array(await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations }, key, length * 8));
}

function hkdfParameters(salt: Uint8Array, info: Uint8Array): HkdfParams {
  return { name: "HKDF", hash: "SHA-256", salt, info };
}

/** HKDF-SHA256. */
export async function hkdf(material: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number): Promise<Uint8Array> {
  const key = await crypto.subtle.importKey("raw", material, "HKDF", false, ["deriveBits"]);
  return new Uint8Array(await crypto.subtle.deriveBits(hkdfParameters(salt, info), key, length * 8));
}

/** A passphrase turned into what the server is told and what stays here. */
export interface DerivedKeys {
  login: LoginKeys;
  /** Wraps this browser's data key; never leaves the browser. */
  localKEK: CryptoKey;
}

/**
 * Derives the keys of a passphrase. Takes some tenths of a second, off the main thread.
 *
 * Throws `CryptoError` `weakKDF` when the parameters are out of bounds.
 */
export async function deriveKeys(passphrase: string, kdf: KDFParameters): Promise<DerivedKeys> {
  const salt = checkedSalt(kdf);
  const password = utf8(passphrase.normalize("NFKC"));
  const stretched = await pbkdf2(password, salt, kdf.iterations, 32);
  password.fill(0);
  const material = await crypto.subtle.importKey("raw", stretched, "HKDF", false, ["deriveBits", "deriveKey"]);
  stretched.fill(0);
  const none = new Uint8Array(0);
  const bits = async (info: string) => toBase64URL(new Uint8Array(
    await crypto.subtle.deriveBits(hkdfParameters(none, utf8(info)), material, 256),
  ));
  return {
    login: { authKey: await bits("cherry/auth"), unsealKey: await bits("cherry/unseal") },
    localKEK: await crypto.subtle.deriveKey(
      hkdfParameters(none, utf8("cherry/local")), material, { name: "AES-GCM", length: 256 }, false, ["wrapKey", "unwrapKey"],
    ),
  };
}

/** AES-256-GCM with a 96-bit nonce and a 128-bit tag, which follows the ciphertext. */
export async function encrypt(key: CryptoKey, nonce: Uint8Array, associated: Uint8Array, plaintext: Uint8Array): Promise<Uint8Array> {
  const algorithm = { name: "AES-GCM", iv: nonce, additionalData: associated, tagLength: 128 };
  return new Uint8Array(await crypto.subtle.encrypt(algorithm, key, plaintext));
}

/** Throws `CryptoError` `doesNotOpen` when key, nonce, associated data or ciphertext do not belong together. */
export async function decrypt(key: CryptoKey, nonce: Uint8Array, associated: Uint8Array, ciphertext: Uint8Array): Promise<Uint8Array> {
  const algorithm = { name: "AES-GCM", iv: nonce, additionalData: associated, tagLength: 128 };
  try {
    return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, ciphertext));
  } catch {
    throw new CryptoError("doesNotOpen"); // the platform's error says no more than this
  }
}

/** Unambiguous: where a sealed value stands, so that a swapped, moved or older one does not open in its place. */
function place(store: string, id: string, version: number): Uint8Array {
  return utf8(JSON.stringify(["cherry/browser", formVersion, store, id, version]));
}

/** Seals bytes for one place: form version, nonce, ciphertext and tag. */
export async function seal(keys: DataKeys, store: string, id: string, version: number, plaintext: Uint8Array): Promise<Uint8Array> {
  const nonce = randomBytes(nonceLength);
  return concat(Uint8Array.of(formVersion), nonce, await encrypt(keys.seal, nonce, place(store, id, version), plaintext));
}

/** Opens what `seal` made for the same place; throws `CryptoError` otherwise. */
export async function open(keys: DataKeys, store: string, id: string, version: number, sealed: Uint8Array): Promise<Uint8Array> {
  if (sealed[0] !== formVersion || sealed.length < 1 + nonceLength + 16) {
    throw new CryptoError("unknownForm");
  }
  const nonce = sealed.subarray(1, 1 + nonceLength);
  return decrypt(keys.seal, nonce, place(store, id, version), sealed.subarray(1 + nonceLength));
}

/** Seals any JSON value for one place. */
export async function sealJSON(keys: DataKeys, store: string, id: string, version: number, value: unknown): Promise<Uint8Array> {
  return seal(keys, store, id, version, utf8(JSON.stringify(value)));
}

/** Opens what `sealJSON` made. The caller names the type that it sealed. */
export async function openJSON<T>(keys: DataKeys, store: string, id: string, version: number, sealed: Uint8Array): Promise<T> {
  return JSON.parse(textOf(await open(keys, store, id, version, sealed))) as T;
}

/** An opaque name: 128 bits of HMAC-SHA256 under this browser's key, base64url. Parts cannot run into each other. */
export async function opaque(keys: DataKeys, ...parts: string[]): Promise<string> {
  const digest = await crypto.subtle.sign("HMAC", keys.tag, utf8(JSON.stringify(parts)));
  return toBase64URL(new Uint8Array(digest, 0, 16));
}

function wrapping(nonce: Uint8Array, id: string): AesGcmParams {
  return { name: "AES-GCM", iv: nonce, additionalData: utf8(JSON.stringify(["cherry/browser/data-key", formVersion, id])), tagLength: 128 };
}

async function wrap(dataKey: CryptoKey, id: string, kek: CryptoKey): Promise<string> {
  const nonce = randomBytes(nonceLength);
  const wrapped = new Uint8Array(await crypto.subtle.wrapKey("raw", dataKey, kek, wrapping(nonce, id)));
  return toBase64URL(concat(Uint8Array.of(formVersion), nonce, wrapped));
}

async function unwrap(
  wrapped: string, id: string, kek: CryptoKey, algorithm: string, isExtractable: boolean, usages: KeyUsage[],
): Promise<CryptoKey> {
  const bytes = fromBase64URL(wrapped);
  if (bytes === null || bytes[0] !== formVersion) {
    throw new CryptoError("unknownForm");
  }
  const nonce = bytes.subarray(1, 1 + nonceLength);
  try {
    return await crypto.subtle.unwrapKey("raw", bytes.subarray(1 + nonceLength), kek, wrapping(nonce, id), algorithm, isExtractable, usages);
  } catch {
    throw new CryptoError("doesNotOpen"); // another passphrase, or a damaged key
  }
}

/** The data key as it is kept: wrapped, with its public id. */
export interface WrappedDataKey {
  id: string;
  wrapped: string;
}

/** Makes this browser's random data key. Its bytes never reach the page's code: it is made, wrapped and unwrapped as a handle. */
export async function createDataKey(kek: CryptoKey): Promise<WrappedDataKey> {
  const dataKey = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, true, ["encrypt", "decrypt"]);
  const id = toBase64URL(randomBytes(9));
  return { id, wrapped: await wrap(dataKey, id, kek) };
}

/** Opens a wrapped data key into working keys that cannot be exported; throws `doesNotOpen` for another passphrase. */
export async function openDataKey(key: WrappedDataKey, kek: CryptoKey): Promise<DataKeys> {
  const material = await unwrap(key.wrapped, key.id, kek, "HKDF", false, ["deriveKey"]);
  const none = new Uint8Array(0);
  return {
    id: key.id,
    seal: await crypto.subtle.deriveKey(
      hkdfParameters(none, utf8("cherry/browser/seal")), material, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"],
    ),
    tag: await crypto.subtle.deriveKey(
      hkdfParameters(none, utf8("cherry/browser/names")), material, { name: "HMAC", hash: "SHA-256", length: 256 }, false, ["sign"],
    ),
  };
}

/** Wraps the same data key for a new passphrase. */
export async function rewrapDataKey(key: WrappedDataKey, oldKEK: CryptoKey, newKEK: CryptoKey): Promise<WrappedDataKey> {
  const dataKey = await unwrap(key.wrapped, key.id, oldKEK, "AES-GCM", true, ["encrypt", "decrypt"]);
  return { id: key.id, wrapped: await wrap(dataKey, key.id, newKEK) };
}
