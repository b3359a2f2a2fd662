/*
 * Pings and silence, with a clock that is moved by hand.
 */

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { keepAlive, type KeepAlive } from "./keep-alive.js";
import { restore, stopClock } from "./testing/fake-server.js";

let events: string[];
let alive: KeepAlive;

beforeEach(() => {
  stopClock();
  // Away from zero, where the clock of a page never is.
  mock.timers.tick(1000);
  events = [];
  const ping = (): void => {
    events.push(`ping ${Date.now() - 1000}`);
    alive.sent();
  };
  alive = keepAlive(15, 30, ping, () => events.push(`silent ${Date.now() - 1000}`));
});
afterEach(restore);

test("the_first_thing_received_is_answered_with_a_ping", () => {
  alive.received();
  assert.deepEqual(events, ["ping 0"]);
});

test("a_ping_follows_what_was_received_when_nothing_was_sent_for_the_interval", () => {
  alive.sent();
  mock.timers.tick(10);
  alive.received();
  mock.timers.tick(4);
  assert.deepEqual(events, []);
  mock.timers.tick(1);
  assert.deepEqual(events, ["ping 15"]);
});

test("sending_puts_the_ping_off", () => {
  alive.sent();
  alive.received();
  mock.timers.tick(10);
  alive.sent();
  alive.received();
  mock.timers.tick(14);
  assert.deepEqual(events, []);
  mock.timers.tick(1);
  assert.deepEqual(events, ["ping 25"]);
});

test("an_overdue_ping_goes_out_when_something_is_received", () => {
  alive.sent();
  mock.timers.tick(20);
  assert.deepEqual(events, []);
  alive.received();
  assert.deepEqual(events, ["ping 20"]);
});

test("silence_is_reported_at_its_limit_and_not_before", () => {
  alive.listen();
  mock.timers.tick(20);
  alive.listen();
  mock.timers.tick(29);
  assert.deepEqual(events, []);
  mock.timers.tick(1);
  assert.deepEqual(events, ["silent 50"]);
});

test("nothing_happens_after_stop", () => {
  alive.sent();
  alive.received();
  alive.stop();
  mock.timers.tick(100);
  assert.deepEqual(events, []);
});
