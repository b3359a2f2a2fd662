/*
 * The stock delays, and the back-off.
 */

import assert from "node:assert/strict";
import { afterEach, mock, test } from "node:test";
import { retryDelay, type ReconnectOptions, type RetryContext } from "./reconnect-policy.js";

afterEach(() => mock.restoreAll());

const delays = (options: ReconnectOptions, counts: readonly number[]): (number | null)[] =>
  counts.map((previousRetryCount) =>
    retryDelay(options, { previousRetryCount, elapsedMilliseconds: 0, retryReason: new Error("lost") }),
  );

test("a_list_is_followed_and_then_it_gives_up", () => {
  assert.deepEqual(delays({ retry: [0, 2000] }, [0, 1, 2]), [0, 2000, null]);
});

test("an_empty_list_gives_up_at_once", () => {
  assert.deepEqual(delays({ retry: [] }, [0]), [null]);
});

test("a_policy_is_asked", () => {
  const retry = { nextRetryDelayInMilliseconds: ({ previousRetryCount }: RetryContext) => previousRetryCount * 2 };
  assert.deepEqual(delays({ retry }, [0, 1, 2]), [0, 2, 4]);
});

test("the_back_off_is_random_below_a_bound_that_doubles_up_to_the_longest", () => {
  mock.method(Math, "random", () => 0.5);
  assert.deepEqual(delays({}, [0, 1, 4, 5, 2000]), [500, 1000, 8000, 15_000, 15_000]);
  assert.deepEqual(delays({ firstDelay: 10, longestDelay: 50 }, [0, 1, 2, 3]), [5, 10, 20, 25]);
  mock.method(Math, "random", () => 0);
  assert.deepEqual(delays({}, [3]), [0]);
});
