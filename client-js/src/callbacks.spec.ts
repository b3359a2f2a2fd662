/*
 * Callbacks that throw.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { Callbacks } from "./callbacks.js";
import { Recorder } from "./testing/recorder.js";

test("one_that_throws_is_logged_and_the_others_are_called_in_order", () => {
  const logger = new Recorder();
  const callbacks = new Callbacks<[number]>("onclose", logger);
  const seen: number[] = [];
  callbacks.add((value) => seen.push(value));
  callbacks.add(() => {
    throw new Error("cb");
  });
  callbacks.add((value) => seen.push(value + 1));
  callbacks.call(1);
  assert.deepEqual(seen, [1, 2]);
  assert.deepEqual(logger.lines, ["Error: An onclose callback threw error 'Error: cb'."]);
});
