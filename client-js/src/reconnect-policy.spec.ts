/*
 * The stock delays, and policies that fail.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { retryAfter, retryDelay, type RetryContext } from "./reconnect-policy.js";
import { Recorder } from "./testing/recorder.js";

const context = (previousRetryCount: number): RetryContext => ({
  previousRetryCount,
  elapsedMilliseconds: 0,
  retryReason: new Error("lost"),
});

test("the_default_delays_are_0_2_10_and_30_seconds_then_it_gives_up", () => {
  const policy = retryAfter();
  const delays = [0, 1, 2, 3, 4].map((count) => policy.nextRetryDelayInMilliseconds(context(count)));
  assert.deepEqual(delays, [0, 2000, 10_000, 30_000, null]);
});

test("an_empty_list_gives_up_at_once", () => {
  assert.equal(retryAfter([]).nextRetryDelayInMilliseconds(context(0)), null);
});

test("a_policy_that_throws_gives_up_and_is_logged", () => {
  const logger = new Recorder();
  const policy = {
    nextRetryDelayInMilliseconds(): number {
      throw new Error("no idea");
    },
  };
  assert.equal(retryDelay(policy, context(0), logger), null);
  assert.deepEqual(logger.lines, ["Error: IRetryPolicy.nextRetryDelayInMilliseconds threw error 'Error: no idea'."]);
});
