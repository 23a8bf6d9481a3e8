const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const groupLength = 4;

/** How many groups a code has. */
export const recoveryGroups = 9;

/** What is wrong with a typed code: how many characters it has instead of 36, which one is impossible, or a typing error. */
export type RecoveryProblem = { kind: "length"; count: number } | { kind: "character"; character: string } | { kind: "checksum" };

/** Upper case without spaces and hyphens, with O read as 0 and I and L as 1. */
export function normalizeRecoveryText(text: string): string {
  return text.toUpperCase().replaceAll(/[\s\-\u2010-\u2015]/g, "").replaceAll("O", "0").replaceAll(/[IL]/g, "1");
}

/** Nine groups of four joined by hyphens. */
export function formatRecoveryCode(text: string): string {
  return (normalizeRecoveryText(text).match(/.{1,4}/gu) ?? []).join("-");
}

/** The groups of a code. */
export function groupsOf(code: string): string[] {
  return formatRecoveryCode(code).split("-");
}

/** Reads a typed recovery code: 160 bits and a checksum of 20. Answers with the code as it is shown, or with what is wrong. */
export async function checkRecoveryCode(text: string): Promise<{ code: string } | { problem: RecoveryProblem }> {
  const plain = normalizeRecoveryText(text);
  const wrong = [...plain].find((character) => !alphabet.includes(character));
  if (wrong !== undefined) {
    return { problem: { kind: "character", character: wrong } };
  }
  if (plain.length !== recoveryGroups * groupLength) {
    return { problem: { kind: "length", count: plain.length } };
  }
  let number = 0n;
  for (const character of plain) {
    number = (number << 5n) | BigInt(alphabet.indexOf(character));
  }
  const checksum = Number(number & 0xfffffn);
  let rest = number >> 20n;
  const bytes = new Uint8Array(20);
  for (let at = 19; at >= 0; at -= 1) {
    bytes[at] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const expected = ((digest[0] ?? 0) << 12) | ((digest[1] ?? 0) << 4) | ((digest[2] ?? 0) >> 4);
  return checksum === expected ? { code: formatRecoveryCode(plain) } : { problem: { kind: "checksum" } };
}

/** Whether a group was typed back rightly. */
export function isSameGroup(typed: string, code: string, index: number): boolean {
  return normalizeRecoveryText(typed) === groupsOf(code)[index];
}
