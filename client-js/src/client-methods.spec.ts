/*
 * Handlers and the results they give to the server.
 */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { addHandler, callMethod, removeHandler, type ClientMethods, type Outcome } from "./client-methods.js";
import { MessageType } from "./message.js";
import { Recorder } from "./testing/recorder.js";

let logger: Recorder;
let methods: ClientMethods;

beforeEach(() => {
  logger = new Recorder();
  methods = new Map();
});

const call = (target: string, ...args: unknown[]): Promise<Outcome> =>
  callMethod(methods, { type: MessageType.Invocation, invocationId: "s1", target, arguments: args }, logger);

const throws = (text: string) => (): never => {
  throw new Error(text);
};

test("names_match_in_any_case", async () => {
  addHandler(methods, "Receive", (text: string) => `got ${text}`);
  assert.deepEqual(await call("rECEIVE", "it"), { result: "got it" });
});

test("a_promise_gives_its_value", async () => {
  addHandler(methods, "ask", async () => 7);
  assert.deepEqual(await call("ask"), { result: 7 });
});

test("null_is_a_result_and_undefined_is_none", async () => {
  addHandler(methods, "nothing", () => null);
  addHandler(methods, "none", () => undefined);
  assert.deepEqual(await call("nothing"), { result: null });
  assert.deepEqual(await call("none"), { error: "Client didn't provide a result." });
});

test("a_method_without_handlers_gives_an_error_and_a_warning", async () => {
  assert.deepEqual(await call("Unknown"), { error: "Client didn't provide a result." });
  assert.deepEqual(logger.lines, ["Warning: No client method with the name 'unknown' found."]);
});

test("two_results_are_an_error", async () => {
  addHandler(methods, "ask", () => 0);
  addHandler(methods, "ask", () => 0);
  addHandler(methods, "ask", () => 1);
  assert.deepEqual(await call("ask"), { error: "Client provided multiple results." });
});

test("one_result_among_several_handlers_is_taken", async () => {
  addHandler(methods, "ask", () => undefined);
  addHandler(methods, "ask", () => 3);
  addHandler(methods, "ask", () => undefined);
  assert.deepEqual(await call("ask"), { result: 3 });
});

test("a_handler_that_throws_gives_its_error_and_the_others_are_called", async () => {
  const seen: string[] = [];
  addHandler(methods, "ask", throws("h1"));
  addHandler(methods, "ask", () => void seen.push("second"));
  assert.deepEqual(await call("ask"), { error: "Error: h1" });
  assert.deepEqual(seen, ["second"]);
  assert.deepEqual(logger.lines, ["Error: A callback for the method 'ask' threw error 'Error: h1'."]);
});

test("the_last_word_counts_when_one_throws_and_one_answers", async () => {
  addHandler(methods, "a", throws("h1"));
  addHandler(methods, "a", () => 4);
  addHandler(methods, "b", () => 4);
  addHandler(methods, "b", throws("h2"));
  assert.deepEqual(await call("a"), { result: 4 });
  assert.deepEqual(await call("b"), { error: "Error: h2" });
});

test("the_same_handler_counts_once", async () => {
  let calls = 0;
  const handler = (): void => void calls++;
  addHandler(methods, "m", handler);
  addHandler(methods, "M", handler);
  await call("m");
  assert.equal(calls, 1);
});

test("remove_takes_one_handler_or_all", async () => {
  const one = (): number => 1;
  addHandler(methods, "m", one);
  addHandler(methods, "m", () => 2);
  removeHandler(methods, "M", one);
  assert.deepEqual(await call("m"), { result: 2 });
  removeHandler(methods, "m");
  assert.deepEqual(await call("m"), { error: "Client didn't provide a result." });
});

test("a_handler_that_removes_itself_does_not_disturb_the_others", async () => {
  const seen: string[] = [];
  const once = (): void => {
    seen.push("once");
    removeHandler(methods, "m", once);
  };
  addHandler(methods, "m", once);
  addHandler(methods, "m", () => void seen.push("always"));
  await call("m");
  await call("m");
  assert.deepEqual(seen, ["once", "always", "always"]);
});
