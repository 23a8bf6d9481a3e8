import assert from "node:assert/strict";
import { test } from "node:test";
import { count } from "./format";
import { sayOutcome, saySetting, sayWrite } from "./words";

test("Settings and waiting writes are said in words, never by their names in the program", () => {
  assert.equal(saySetting("lock.idleMinutes"), "the idle lock");
  assert.equal(saySetting("something.new"), "a setting");
  assert.equal(sayWrite({ kind: "setPreference", text: "lock.idleMinutes" }), "A setting: the idle lock");
  assert.equal(sayWrite({ kind: "sendMessage", text: "Hello" }), "Hello");
  assert.equal(sayWrite({ kind: "changePersona", text: "" }), "A change of a persona");
});

test("One thing stands alone, others in the plural", () => {
  assert.deepEqual([0, 1, 2].map((number) => count(number, "model")), ["0 models", "1 model", "2 models"]);
});

test("A failure is said in words, one that is not known yet by its code", () => {
  assert.deepEqual(["complete", "stopped", "unauthorized", "someNewTrouble"].map(sayOutcome), ["Complete", "Stopped", "Failed: key refused", "Failed: some new trouble"]);
});
