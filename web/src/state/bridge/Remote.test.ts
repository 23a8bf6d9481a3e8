import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError } from "../../api/ApiError";
import { core } from "../core";
import { Remote } from "./Remote";

/** A source whose answers are given by hand. */
function source(): { read: () => Promise<string>; answer: ((value: string) => void)[]; fail: ((error: Error) => void)[] } {
  const answer: ((value: string) => void)[] = [];
  const fail: ((error: Error) => void)[] = [];
  return { answer, fail, read: () => new Promise((resolve, reject) => { answer.push(resolve); fail.push(reject); }) };
}

test("Several that ask at once share one answer", async () => {
  const { read, answer } = source();
  const remote = new Remote(read);
  const both = Promise.all([remote.join(), remote.join()]);
  assert.equal(answer.length, 1);
  answer[0]?.("here");
  await both;
  assert.deepEqual(remote.view.get(), { value: "here", isLoading: false, error: null });
  remote.close();
});

test("Of two answers the one that was asked for last counts, in whatever order they come", async () => {
  const { read, answer } = source();
  const remote = new Remote(read);
  const [first, second] = [remote.load(), remote.load()];
  answer[1]?.("new");
  answer[0]?.("old");
  await Promise.all([first, second]);
  assert.equal(remote.view.get().value, "new");
  remote.close();
});

test("A failure keeps what was known and says why", async () => {
  const { read, answer, fail } = source();
  const remote = new Remote(read);
  const first = remote.load();
  answer[0]?.("kept");
  await first;
  const second = remote.load();
  fail[1]?.(new ApiError({ code: "offline", message: "Away." }));
  await second;
  assert.equal(remote.view.get().value, "kept");
  assert.equal(remote.view.get().error?.message, "Away.");
  remote.close();
});

test("A lock forgets what was known, and an answer that comes after it is dropped", async () => {
  const { read, answer } = source();
  const remote = new Remote(read);
  const first = remote.load();
  answer[0]?.("secret");
  await first;
  const second = remote.load();
  core.wipe();
  answer[1]?.("late");
  await second;
  assert.equal(remote.view.get().value, null);
  remote.close();
});
