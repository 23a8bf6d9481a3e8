/** A very small test runner for pages: the tests of a module run in order and report to the server that sent the page. */
const tests: { name: string; body: () => Promise<string | void> }[] = [];

/** Adds a test; it may resolve to a note that is printed beside its name. */
export function test(name: string, body: () => Promise<string | void>): void {
  tests.push({ name, body });
}

export function check(condition: boolean, message: string): asserts condition {
  if (!condition) {
    throw new Error(message);
  }
}

export function same(actual: unknown, expected: unknown, message = "values differ"): void {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  check(a === b, `${message}: ${a} is not ${b}`);
}

const report = (verdict: object) => fetch("/verdict", { method: "POST", body: JSON.stringify(verdict) });

/** Runs what was added; a module calls it last. */
export async function run(): Promise<void> {
  let failures = tests.length === 0 ? 1 : 0;
  for (const { name, body } of tests) {
    try {
      const note = await body();
      await report({ name, note });
    } catch (error) {
      failures += 1;
      await report({ name, error: error instanceof Error ? `${error.message} ${error.stack ?? ""}` : String(error) });
    }
  }
  await report({ done: failures });
}
