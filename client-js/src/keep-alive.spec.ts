/*
 * Pings and silence, with a clock that is moved by hand.
 */

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { KeepAlive } from "./keep-alive.js";
import { restore, stopClock } from "./testing/fake-server.js";

let events: string[];
let keepAlive: KeepAlive;

beforeEach(() => {
  stopClock();
  // Away from zero, where the clock of a page never is.
  mock.timers.tick(1000);
  events = [];
  keepAlive = new KeepAlive({
    pingEvery: 15,
    silenceLimit: 30,
    ping: () => {
      events.push(`ping ${Date.now() - 1000}`);
      keepAlive.sent();
    },
    silent: () => events.push(`silent ${Date.now() - 1000}`),
  });
});
afterEach(restore);

test("the_first_thing_received_is_answered_with_a_ping", () => {
  keepAlive.received();
  assert.deepEqual(events, ["ping 0"]);
});

test("a_ping_follows_what_was_received_when_nothing_was_sent_for_the_interval", () => {
  keepAlive.sent();
  mock.timers.tick(10);
  keepAlive.received();
  mock.timers.tick(4);
  assert.deepEqual(events, []);
  mock.timers.tick(1);
  assert.deepEqual(events, ["ping 15"]);
});

test("sending_puts_the_ping_off", () => {
  keepAlive.sent();
  keepAlive.received();
  mock.timers.tick(10);
  keepAlive.sent();
  keepAlive.received();
  mock.timers.tick(14);
  assert.deepEqual(events, []);
  mock.timers.tick(1);
  assert.deepEqual(events, ["ping 25"]);
});

test("an_overdue_ping_goes_out_when_something_is_received", () => {
  keepAlive.sent();
  mock.timers.tick(20);
  assert.deepEqual(events, []);
  keepAlive.received();
  assert.deepEqual(events, ["ping 20"]);
});

test("silence_is_reported_at_its_limit_and_not_before", () => {
  keepAlive.listen();
  mock.timers.tick(20);
  keepAlive.listen();
  mock.timers.tick(29);
  assert.deepEqual(events, []);
  mock.timers.tick(1);
  assert.deepEqual(events, ["silent 50"]);
});

test("nothing_happens_after_stop", () => {
  keepAlive.sent();
  keepAlive.received();
  keepAlive.stop();
  mock.timers.tick(100);
  assert.deepEqual(events, []);
});
