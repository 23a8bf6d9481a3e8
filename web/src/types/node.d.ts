// The few parts of Node that the tests use; Debian ships no types for it.
declare module "node:test" {
  interface TestContext {
    skip(reason: string): void;
    diagnostic(text: string): void;
  }
  export function test(name: string, body: (context: TestContext) => void | Promise<void>): Promise<void>;
}
declare module "node:assert/strict" {
  interface Assert {
    (value: unknown, message?: string): asserts value;
    ok(value: unknown, message?: string): asserts value;
    equal<T>(actual: unknown, expected: T, message?: string): asserts actual is T;
    notEqual(actual: unknown, expected: unknown, message?: string): void;
    deepEqual(actual: unknown, expected: unknown, message?: string): void;
    rejects(body: Promise<unknown> | (() => Promise<unknown>), expected?: object | ((error: unknown) => boolean)): Promise<void>;
    throws(body: () => unknown, expected?: object | ((error: unknown) => boolean)): void;
    match(text: string, expected: RegExp, message?: string): void;
    fail(message: string): never;
  }
  const assert: Assert;
  export default assert;
}
declare module "node:fs" {
  export function readFileSync(path: string, encoding: "utf8"): string;
  export function existsSync(path: string): boolean;
  export function readdirSync(path: string, options: { recursive: true }): string[];
}
declare const process: { env: Record<string, string | undefined> };
