/*
 * Waiting, with a clock that is moved by hand.
 */

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { sleep } from "./sleep.js";
import { restore, settle, stopClock } from "./testing/fake-server.js";

beforeEach(stopClock);
afterEach(restore);

test("it_ends_at_its_time", async () => {
  let done = false;
  void sleep(100, new AbortController().signal).then(() => (done = true));
  mock.timers.tick(99);
  await settle();
  assert.equal(done, false);
  mock.timers.tick(1);
  await settle();
  assert.equal(done, true);
});

test("an_abort_ends_it_at_once_with_its_reason", async () => {
  const abort = new AbortController();
  const slept = sleep(100, abort.signal);
  abort.abort(new Error("stopped"));
  await assert.rejects(slept, { message: "stopped" });
  await assert.rejects(sleep(100, abort.signal), { message: "stopped" });
});
