import { randomBytes, utf8 } from "./bytes";

/** The fixed id of the built-in local provider. */
export const localProviderID = "00000000-0000-7000-8000-000000000001";
/** The fixed ids of the personas that every vault starts with. */
export const builtInPersonas = {
  cherry: "00000000-0000-7000-8000-0000000000c1",
  sophia: "00000000-0000-7000-8000-0000000000c2",
  karen: "00000000-0000-7000-8000-0000000000c3",
} as const;

const hexOf = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

function format(bytes: Uint8Array): string {
  const hex = hexOf(bytes);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** A new UUID version 7, which sorts by time. */
export function makeID(now: number = Date.now()): string {
  const bytes = randomBytes(16);
  let rest = now;
  for (let at = 5; at >= 0; at -= 1) {
    bytes[at] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return format(bytes);
}

/** The field that begins a trace here (W3C Trace Context): the server keeps no more of it than its user wants. */
export const traceParent = (): string => `00-${hexOf(randomBytes(16))}-${hexOf(randomBytes(8))}-01`;

/** The id of the record of a preference: FNV-1a, 128 bits, marked as UUID version 8, as the server makes it. */
export function preferenceID(key: string): string {
  const prime = (1n << 88n) + 0x13bn;
  let hash = 0x6c62272e07bb014262b821756295c58dn;
  for (const byte of utf8(key)) {
    hash = ((hash ^ BigInt(byte)) * prime) & ((1n << 128n) - 1n);
  }
  const bytes = new Uint8Array(16);
  for (let at = 15; at >= 0; at -= 1) {
    bytes[at] = Number(hash & 0xffn);
    hash >>= 8n;
  }
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return format(bytes);
}

/** Whether a text is an id in canonical form. */
export function isID(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(text);
}
