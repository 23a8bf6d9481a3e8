/** Error-correction words for each block, and the data words of each block, of versions 1 to 6 at level M. */
const levels = [
  { correction: 10, blocks: 1, words: 16 },
  { correction: 16, blocks: 1, words: 28 },
  { correction: 26, blocks: 1, words: 44 },
  { correction: 18, blocks: 2, words: 32 },
  { correction: 24, blocks: 2, words: 43 },
  { correction: 16, blocks: 4, words: 27 },
] as const;

const alphanumeric = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/** Powers and logarithms in GF(256) with the polynomial of QR codes, 0x11d. */
const powers = new Uint8Array(510);
const logarithms = new Uint8Array(256);
for (let exponent = 0, value = 1; exponent < 255; exponent += 1) {
  powers[exponent] = value;
  powers[exponent + 255] = value;
  logarithms[value] = exponent;
  value = value << 1 ^ (value & 0x80 ? 0x11d : 0);
}

function times(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : powers[(logarithms[a] ?? 0) + (logarithms[b] ?? 0)] ?? 0;
}

/** The remainder of `data` by the Reed-Solomon generator of `count` words. */
function correctionOf(data: number[], count: number): number[] {
  let generator = [1];
  for (let root = 0; root < count; root += 1) {
    const next = new Array<number>(generator.length + 1).fill(0);
    generator.forEach((factor, at) => {
      next[at] = (next[at] ?? 0) ^ factor;
      next[at + 1] = (next[at + 1] ?? 0) ^ times(factor, powers[root] ?? 0);
    });
    generator = next;
  }
  const remainder = [...data, ...new Array<number>(count).fill(0)];
  for (let at = 0; at < data.length; at += 1) {
    const lead = remainder[at] ?? 0;
    generator.forEach((factor, offset) => {
      remainder[at + offset] = (remainder[at + offset] ?? 0) ^ times(factor, lead);
    });
  }
  return remainder.slice(data.length);
}

function pushBits(bits: number[], value: number, length: number): void {
  for (let at = length - 1; at >= 0; at -= 1) {
    bits.push(value >> at & 1);
  }
}

/** Mode, length and content as bits, without padding. Alphanumeric where the text allows it, else UTF-8 bytes. */
function contentBits(text: string): number[] {
  const bits: number[] = [];
  if ([...text].every((character) => alphanumeric.includes(character))) {
    pushBits(bits, 0b0010, 4);
    pushBits(bits, text.length, 9);
    for (let at = 0; at < text.length; at += 2) {
      const first = alphanumeric.indexOf(text.charAt(at));
      if (at + 1 < text.length) {
        pushBits(bits, first * 45 + alphanumeric.indexOf(text.charAt(at + 1)), 11);
      } else {
        pushBits(bits, first, 6);
      }
    }
    return bits;
  }
  const bytes = new TextEncoder().encode(text);
  pushBits(bits, 0b0100, 4);
  pushBits(bits, bytes.length, 8);
  bytes.forEach((byte) => pushBits(bits, byte, 8));
  return bits;
}

/** Data and error-correction words in the order in which they are placed, as bits. */
function codeBits(content: number[], level: (typeof levels)[number]): number[] {
  const capacity = level.blocks * level.words * 8;
  const bits = [...content, ...new Array<number>(Math.min(4, capacity - content.length)).fill(0)];
  while (bits.length % 8 !== 0) {
    bits.push(0);
  }
  for (let pad = 0xec; bits.length < capacity; pad ^= 0xec ^ 0x11) {
    pushBits(bits, pad, 8);
  }
  const words: number[] = [];
  for (let at = 0; at < bits.length; at += 8) {
    words.push(bits.slice(at, at + 8).reduce((word, bit) => word << 1 | bit, 0));
  }
  const blocks = Array.from({ length: level.blocks }, (_, index) => words.slice(index * level.words, (index + 1) * level.words));
  const corrections = blocks.map((block) => correctionOf(block, level.correction));
  const placed: number[] = [];
  for (let at = 0; at < level.words; at += 1) {
    blocks.forEach((block) => pushBits(placed, block[at] ?? 0, 8));
  }
  for (let at = 0; at < level.correction; at += 1) {
    corrections.forEach((block) => pushBits(placed, block[at] ?? 0, 8));
  }
  return placed;
}

const masks: ((row: number, column: number) => boolean)[] = [
  (row, column) => (row + column) % 2 === 0,
  (row) => row % 2 === 0,
  (_row, column) => column % 3 === 0,
  (row, column) => (row + column) % 3 === 0,
  (row, column) => (Math.floor(row / 2) + Math.floor(column / 3)) % 2 === 0,
  (row, column) => row * column % 2 + row * column % 3 === 0,
  (row, column) => (row * column % 2 + row * column % 3) % 2 === 0,
  (row, column) => ((row + column) % 2 + row * column % 3) % 2 === 0,
];

/** The fifteen format bits of level M and a mask, most significant first. */
function formatBits(mask: number): number {
  let remainder = mask << 10; // level M is 00
  for (let at = 4; at >= 0; at -= 1) {
    remainder ^= remainder >> at + 10 & 1 ? 0x537 << at : 0;
  }
  return (mask << 10 | remainder) ^ 0x5412;
}

/** A square of modules: `null` while free, else whether it is dark. */
type Grid = (boolean | null)[][];

function drawPatterns(grid: Grid, version: number): void {
  const size = grid.length;
  const set = (row: number, column: number, isDark: boolean) => {
    const line = grid[row];
    if (line !== undefined && column >= 0 && column < size) {
      line[column] = isDark;
    }
  };
  for (const [top, left] of [[0, 0], [0, size - 7], [size - 7, 0]] as const) {
    for (let row = -1; row <= 7; row += 1) {
      for (let column = -1; column <= 7; column += 1) {
        const ring = Math.max(Math.abs(row - 3), Math.abs(column - 3));
        set(top + row, left + column, ring !== 2 && ring < 4);
      }
    }
  }
  for (let at = 8; at < size - 8; at += 1) {
    set(6, at, at % 2 === 0);
    set(at, 6, at % 2 === 0);
  }
  if (version > 1) {
    for (let row = -2; row <= 2; row += 1) {
      for (let column = -2; column <= 2; column += 1) {
        set(size - 7 + row, size - 7 + column, Math.max(Math.abs(row), Math.abs(column)) !== 1);
      }
    }
  }
  drawFormat(grid, 0); // keeps its place free
}

function drawFormat(grid: Grid, mask: number): void {
  const size = grid.length;
  const bits = formatBits(mask);
  const set = (row: number, column: number, isDark: boolean) => {
    const line = grid[row];
    if (line !== undefined) {
      line[column] = isDark;
    }
  };
  for (let at = 0; at < 15; at += 1) {
    const isDark = (bits >> at & 1) === 1;
    set(at < 6 ? at : at < 8 ? at + 1 : size - 15 + at, 8, isDark);
    set(8, at < 8 ? size - 1 - at : at < 9 ? 7 : 14 - at, isDark);
  }
  set(size - 8, 8, true);
}

function placeData(grid: Grid, bits: number[], mask: number): boolean[][] {
  const size = grid.length;
  const placed = grid.map((line) => [...line]);
  let next = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) {
      right = 5; // the timing column is skipped
    }
    for (let step = 0; step < size; step += 1) {
      const row = (right + 1 & 2) === 0 ? size - 1 - step : step;
      for (const column of [right, right - 1]) {
        const line = placed[row];
        if (line !== undefined && line[column] === null) {
          line[column] = ((bits[next] ?? 0) === 1) !== (masks[mask]?.(row, column) ?? false);
          next += 1;
        }
      }
    }
  }
  drawFormat(placed, mask);
  return placed.map((line) => line.map((module) => module === true));
}

/** How hard a code is to read, by the four rules of the standard. */
function penalty(code: boolean[][]): number {
  const size = code.length;
  const at = (row: number, column: number) => code[row]?.[column] ?? false;
  let sum = 0;
  let dark = 0;
  for (const isTurned of [false, true]) {
    for (let line = 0; line < size; line += 1) {
      const text = Array.from({ length: size }, (_, index) => ((isTurned ? at(index, line) : at(line, index)) ? "1" : "0")).join("");
      for (const run of text.match(/0{5,}|1{5,}/g) ?? []) {
        sum += run.length - 2;
      }
      for (let start = 0; start + 11 <= size; start += 1) {
        const part = text.slice(start, start + 11);
        sum += part === "10111010000" || part === "00001011101" ? 40 : 0;
      }
    }
  }
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      const module = at(row, column);
      dark += module ? 1 : 0;
      const isBlock = row + 1 < size && column + 1 < size
        && module === at(row, column + 1) && module === at(row + 1, column) && module === at(row + 1, column + 1);
      sum += isBlock ? 3 : 0;
    }
  }
  return sum + Math.floor(Math.abs(dark * 20 - size * size * 10) / (size * size)) * 10;
}

/**
 * A QR code of level M, versions 1 to 6, as rows of modules (true is dark), without the quiet zone: draw four light modules around it.
 * `null` when the text does not fit (about 150 letters and digits, or 100 bytes).
 */
export function encodeQR(text: string): boolean[][] | null {
  const content = contentBits(text);
  const index = levels.findIndex((level) => content.length <= level.blocks * level.words * 8);
  const level = levels[index];
  if (level === undefined) {
    return null;
  }
  const size = 21 + 4 * index;
  const grid: Grid = Array.from({ length: size }, () => new Array<boolean | null>(size).fill(null));
  drawPatterns(grid, index + 1);
  const bits = codeBits(content, level);
  const candidates = masks.map((_, mask) => placeData(grid, bits, mask));
  return candidates.reduce((best, each) => (penalty(each) < penalty(best) ? each : best));
}
