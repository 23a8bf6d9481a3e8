import common from "./common-passphrases.json";

/** Why a passphrase would be guessed; the same codes as in the server's `PassphrasePolicy`. */
export type Weakness = "tooShort" | "fewCharacters" | "repeated" | "sequence" | "digitsOnly" | "common";

/** In plain words. */
export const weaknessReasons: Record<Weakness, string> = {
  tooShort: "It has fewer than 12 characters.",
  fewCharacters: "It uses fewer than 5 different characters.",
  repeated: "It repeats itself.",
  sequence: "Most of it follows the alphabet, the digits or the keyboard.",
  digitsOnly: "It is all digits.",
  common: "It is built from passphrases that are tried first.",
};

const minimumLength = 12;

/** The alphabet, the digits and rows of keys, in which four neighbours make a sequence. */
const rows = [
  "abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "yxcvbnm",
  "azertyuiop", "qsdfghjklm", "wxcvbn", "1qaz2wsx3edc4rfv5tgb6yhn7ujm", "1q2w3e4r5t6y7u8i9o0p",
  "qazwsxedcrfvtgbyhnujm", "!@#$%^&*()",
];

const windows = new Set(rows.flatMap((row) => Array.from({ length: row.length - 3 }, (_, at) => row.slice(at, at + 4))
  .flatMap((window) => [window, [...window].reverse().join("")])));
const commonList = new Set<string>(common);

const lower = (point: string): string => (/^[A-Z]$/.test(point) ? point.toLowerCase() : point);
const isDecoration = (point: string): boolean => point >= "!" && point <= "~" && !/^[A-Za-z]$/.test(point);
const figures: Record<string, string> = { "0": "o", "3": "e", "4": "a", "@": "a", "5": "s", "$": "s", "7": "t", "8": "b" };
const plain = (point: string, one: string): string => (point === "1" || point === "!" ? one : figures[point] ?? point);

function isBlockRepeated(text: readonly string[]): boolean {
  // One more than half: a block, something between, and the block again.
  for (let period = 1; text.length >= 2 && period <= Math.min(11, Math.floor((text.length + 1) / 2)); period += 1) {
    if (text.every((point, at) => at < period || point === text[at - period])) {
      return true;
    }
  }
  return false;
}

function isMostlyRuns(text: readonly string[]): boolean {
  let left = 0;
  let hasRun = false;
  for (let start = 0; start < text.length;) {
    let end = start;
    while (end < text.length && text[end] === text[start]) {
      end += 1;
    }
    hasRun = hasRun || end - start >= 3;
    left += end - start >= 3 ? 1 : end - start;
    start = end;
  }
  return hasRun && left < 8;
}

function isMostlySequences(text: readonly string[]): boolean {
  const marked = new Set<number>();
  for (let start = 0; start + 4 <= text.length; start += 1) {
    if (windows.has(text.slice(start, start + 4).join(""))) {
      [0, 1, 2, 3].forEach((step) => marked.add(start + step));
    }
  }
  return marked.size > 0 && text.length - marked.size < 8;
}

function isCommon(text: readonly string[]): boolean {
  const whole = text.filter((point) => ![" ", "-", "_", "."].includes(point));
  let end = whole.length;
  while (end > 0 && isDecoration(whole[end - 1] ?? "")) {
    end -= 1;
  }
  const headed = whole.slice(0, end);
  const first = headed.findIndex((point) => !isDecoration(point));
  const trimmed = first < 0 ? [] : headed.slice(first);
  return [whole, headed, trimmed].some((candidate) =>
    [candidate, candidate.map((point) => plain(point, "i")), candidate.map((point) => plain(point, "l"))].some((points) => {
      if (commonList.has(points.join(""))) {
        return true;
      }
      return points.some((_, split) => split > 0 && commonList.has(points.slice(0, split).join("")) && commonList.has(points.slice(split).join("")));
    }));
}

/** All the ways in which a passphrase is weak, by the rules of the server's `PassphrasePolicy`, and a strength from 0 to 4 for the meter. */
export function assessPassphrase(passphrase: string): { weaknesses: Weakness[]; score: 0 | 1 | 2 | 3 | 4 } {
  const text = Array.from(passphrase.normalize("NFKC"), lower);
  const has: Record<Weakness, boolean> = {
    tooShort: text.length < minimumLength,
    fewCharacters: new Set(text).size < 5,
    repeated: isBlockRepeated(text) || isMostlyRuns(text),
    sequence: isMostlySequences(text),
    digitsOnly: text.length > 0 && text.length < 20 && text.every((point) => point >= "0" && point <= "9"),
    common: isCommon(text),
  };
  const weaknesses = (Object.keys(has) as Weakness[]).filter((each) => has[each]);
  if (weaknesses.length > 0) {
    return { weaknesses, score: text.length === 0 ? 0 : 1 };
  }
  // What a guesser who knows the kind of passphrase must try: words by their number, characters by their variety.
  const words = passphrase.trim().split(/[\s\-_.]+/).filter((word) => word.length >= 3).length;
  const bits = Math.max(words * 12, new Set(text).size * 3.2 + text.length * 0.8);
  return { weaknesses, score: bits < 48 ? 2 : bits < 60 ? 3 : 4 };
}
