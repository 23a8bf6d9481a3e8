/** One call on a stack: which of our files, and where in it. */
export interface Frame {
  /** As it is served: `/assets/main-A1B2C3D4.js`. */
  filename: string;
  function?: string;
  /** Counted from 1. */
  lineno: number;
  /** Counted from 1. */
  colno: number;
}

/** Chromium: `    at async Core.take (https://host/assets/main-A1B2C3D4.js:1:234)`, or without the name and the brackets. */
const chromium = /^\s*at (?:(.+?) \()?((?:https?|app):\/\/.+?):(\d+):(\d+)\)?$/;
/** Firefox and Safari: `take@https://host/assets/main-A1B2C3D4.js:1:234`. */
const firefox = /^(.*?)@((?:https?|app):\/\/.+?):(\d+):(\d+)$/;
const file = /^(?:\/assets\/[A-Za-z0-9]{1,40}-[0-9A-Z]{8}\.js|\/sw\.js)$/;
const identifier = /^[A-Za-z_$][\w$]{0,39}$/;
const limit = 50;

/** The last name of what a browser calls a function: `async Promise.all`, `new Foo`, `Object.take [as go]`, `take/<`. */
function nameOf(text: string | undefined): string | undefined {
  const plain = (text ?? "").replace(/ \[as .*\]$/, "").replace(/[/<]+$/, "").split(/[ ./]/).pop() ?? "";
  return identifier.test(plain) ? plain : undefined;
}

function frameOf(line: string, origin: string): Frame | null {
  const [, name, address, lineText, columnText] = chromium.exec(line) ?? firefox.exec(line) ?? [];
  if (address === undefined || !address.startsWith(`${origin}/`)) {
    return null; // an extension's, or the browser's own
  }
  const filename = address.slice(origin.length);
  if (!file.test(filename)) {
    return null;
  }
  const called = nameOf(name);
  return { filename, ...(called === undefined ? {} : { function: called }), lineno: Number(lineText), colno: Number(columnText) };
}

/**
 * Reads the calls out of an error's stack, the oldest first. Only files of the app itself are told of, so nothing of an address, an extension
 * or the error's message comes along.
 */
export function parseStack(stack: unknown, origin: string, message = ""): Frame[] {
  if (typeof stack !== "string") {
    return [];
  }
  // Chromium begins a stack with name and message; the message may hold lines that look like calls.
  const at = message === "" ? -1 : stack.indexOf(message);
  const calls = at > 0 && /^[\w$]+: $/.test(stack.slice(0, at)) ? stack.slice(at + message.length) : stack;
  const frames = calls.slice(0, 64 * 1024).split("\n").map((line) => frameOf(line, origin)).filter((frame): frame is Frame => frame !== null);
  return frames.slice(0, limit).reverse();
}
