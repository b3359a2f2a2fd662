/*
 * A session over a transport that the spec plays.
 */

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { AbortError } from "./errors.js";
import { JsonHubProtocol } from "./json-protocol.js";
import { MessageType } from "./message.js";
import { Session } from "./session.js";
import { Recorder } from "./testing/recorder.js";
import { restore, RS, settle, stopClock } from "./testing/fake-server.js";
import type { Transport } from "./transport/transport.js";

const HANDSHAKE = `{"protocol":"json","version":1}${RS}`;
const PING = `{"type":6}${RS}`;

let events: unknown[];
let sent: unknown[];
let closed: number;
let session: Session;

const transport: Transport = {
  async send(data) {
    sent.push(data);
  },
  close() {
    closed++;
  },
};

beforeEach(() => {
  stopClock();
  mock.timers.tick(1_000_000);
  events = [];
  sent = [];
  closed = 0;
  session = new Session({
    protocol: new JsonHubProtocol(),
    logger: new Recorder(),
    keepAliveInterval: 15_000,
    serverTimeout: 30_000,
    opened: () => events.push("opened"),
    message: (message) => events.push(message),
    ended: (error, mayReconnect) => events.push([error?.message, mayReconnect]),
  });
});
afterEach(restore);

async function open(rest = ""): Promise<void> {
  const done = session.handshake(transport);
  session.received(`{}${RS}${rest}`);
  await done;
}

test("the_handshake_is_followed_by_a_ping_at_once", async () => {
  await open();
  assert.deepEqual(sent, [HANDSHAKE, PING]);
  assert.deepEqual(events, ["opened"]);
});

test("messages_in_the_frame_of_the_handshake_are_dispatched_after_it_opened", async () => {
  await open(`{"type":1,"target":"a","arguments":[]}${RS}`);
  assert.deepEqual(events, ["opened", { type: 1, target: "a", arguments: [] }]);
});

test("a_refused_handshake_rejects_and_closes_the_transport", async () => {
  const done = session.handshake(transport);
  session.received(`{"error":"no"}${RS}`);
  await assert.rejects(done, { message: "Server returned handshake error: no" });
  assert.deepEqual([closed, events], [1, []]);
});

test("a_transport_that_closes_before_the_handshake_rejects_it", async () => {
  const done = session.handshake(transport);
  session.closed(undefined);
  await assert.rejects(
    done,
    (error) =>
      error instanceof AbortError &&
      error.message === "The underlying connection was closed before the hub handshake could complete.",
  );
});

test("a_session_that_ended_before_it_had_a_transport_closes_the_one_it_gets", async () => {
  session.end(new Error("stopped"), false);
  await assert.rejects(session.handshake(transport), { message: "stopped" });
  assert.deepEqual([closed, sent], [1, []]);
});

test("a_handshake_that_is_not_answered_ends_at_the_server_timeout", async () => {
  const done = session.handshake(transport);
  mock.timers.tick(30_000);
  await assert.rejects(done, { message: "Server timeout elapsed without receiving a message from the server." });
});

test("a_silent_server_ends_the_session_and_it_may_reconnect", async () => {
  await open();
  mock.timers.tick(29_999);
  session.received(PING);
  mock.timers.tick(29_999);
  assert.deepEqual(events, ["opened", { type: 6 }]);
  mock.timers.tick(1);
  assert.deepEqual(events.at(-1), ["Server timeout elapsed without receiving a message from the server.", true]);
  assert.equal(closed, 1);
});

test("pings_follow_what_the_server_sends_at_the_keep_alive_interval", async () => {
  await open();
  for (let count = 0; count < 3; count++) {
    mock.timers.tick(14_000);
    session.received(PING);
    mock.timers.tick(1000);
    await settle();
  }
  assert.deepEqual(sent, [HANDSHAKE, PING, PING, PING, PING]);
});

test("a_close_message_ends_the_session_and_what_follows_is_dropped", async () => {
  await open();
  session.received(`{"type":7,"error":"boom"}${RS}${PING}`);
  session.received(PING);
  session.closed(new Error("late"));
  assert.deepEqual(events, ["opened", ["Server returned an error on close: boom", false]]);
  assert.equal(closed, 1);
});

test("a_close_message_may_allow_to_reconnect", async () => {
  await open();
  session.received(`{"type":7,"allowReconnect":true}${RS}`);
  assert.deepEqual(events, ["opened", [undefined, true]]);
});

test("malformed_input_ends_the_session", async () => {
  await open();
  session.received(`{"type":6`);
  assert.deepEqual(events, ["opened", ["Message is incomplete.", true]]);
});

test("stop_sends_a_close_message_before_it_closes_the_transport", async () => {
  await open();
  await session.stop();
  assert.equal(sent.at(-1), `{"type":7}${RS}`);
  assert.deepEqual([closed, events.at(-1)], [1, [undefined, false]]);
});

test("an_ended_session_sends_nothing", async () => {
  await open();
  await session.stop();
  await assert.rejects(session.send({ type: MessageType.Ping }), {
    message: "Cannot send data if the connection is not in the 'Connected' State.",
  });
  mock.timers.tick(100_000);
  assert.equal(sent.length, 3);
});

test("a_transport_that_cannot_send_a_ping_ends_the_session", async () => {
  mock.method(transport, "send", async () => {
    throw new Error("broken");
  });
  const done = session.handshake(transport);
  await assert.rejects(done, { message: "broken" });
});
