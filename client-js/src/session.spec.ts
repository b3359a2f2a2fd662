/*
 * A session over a transport that the spec plays.
 */

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import type { Endpoint } from "./connect.js";
import { AbortError } from "./errors.js";
import { JsonHubProtocol } from "./json-protocol.js";
import { MessageType } from "./message.js";
import { openSession, type Session } from "./session.js";
import { restore, RS, settle, stopClock } from "./testing/fake-server.js";
import { Recorder } from "./testing/recorder.js";
import type { Transport, TransportSink } from "./transport/transport.js";

const HANDSHAKE = `{"protocol":"json","version":1}${RS}`;
const PING = `{"type":6}${RS}`;

let events: unknown[];
let sent: unknown[];
let closed: number;
let session: Session;
let sink: TransportSink;
let abort: AbortController;
let endpoint: Endpoint;

const transport: Transport = {
  async send(data) {
    sent.push(data);
  },
  async close() {
    closed++;
  },
};

beforeEach(() => {
  stopClock();
  mock.timers.tick(1_000_000);
  events = [];
  sent = [];
  closed = 0;
  abort = new AbortController();
  endpoint = { transport, connectionId: "id", statefulReconnect: false, reopen: () => Promise.reject(new Error("no")) };
});
afterEach(restore);

function start(connected: () => Promise<Endpoint> = async () => endpoint): Promise<void> {
  return openSession({
    dial(request) {
      sink = request.sink;
      return connected();
    },
    url: "http://h",
    options: {},
    schema: undefined,
    signal: abort.signal,
    protocol: new JsonHubProtocol(),
    logger: new Recorder(),
    keepAliveIntervalInMilliseconds: 15_000,
    serverTimeoutInMilliseconds: 30_000,
    replayLimit: undefined,
    opened(opened) {
      session = opened;
      events.push("opened");
    },
    message: (message) => events.push(message),
    ended: (error, mayReconnect) => events.push([error?.message, mayReconnect]),
  });
}

async function open(rest = ""): Promise<void> {
  const done = start();
  await settle();
  sink.received(`{}${RS}${rest}`);
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
  const done = start();
  await settle();
  sink.received(`{"error":"no"}${RS}`);
  await assert.rejects(done, { message: "Server returned handshake error: no", code: "handshake" });
  assert.deepEqual([closed, events], [1, []]);
});

test("a_transport_that_closes_before_the_handshake_rejects_it", async () => {
  const done = start();
  await settle();
  sink.ended(undefined);
  await assert.rejects(
    done,
    (error) =>
      error instanceof AbortError &&
      error.message === "The underlying connection was closed before the hub handshake could complete.",
  );
});

test("a_transport_that_closes_before_it_is_handed_over_rejects", async () => {
  const done = start(async () => {
    sink.ended(new Error("gone"));
    return endpoint;
  });
  await assert.rejects(done, { message: "gone" });
  assert.deepEqual([closed, sent], [1, []]);
});

test("a_session_that_is_aborted_closes_the_transport_that_it_gets", async () => {
  const done = start();
  abort.abort(new Error("stopped"));
  await assert.rejects(done, { message: "stopped" });
  assert.deepEqual([closed, sent], [1, []]);
});

test("an_abort_ends_the_handshake", async () => {
  const done = start();
  await settle();
  abort.abort(new Error("stopped"));
  await assert.rejects(done, { message: "stopped" });
  assert.deepEqual([closed, sent], [1, [HANDSHAKE]]);
});

test("a_handshake_that_is_not_answered_ends_at_the_server_timeout", async () => {
  const done = start();
  await settle();
  mock.timers.tick(30_000);
  await assert.rejects(done, {
    message: "Server timeout elapsed without receiving a message from the server.",
    code: "timeout",
  });
});

test("a_silent_server_ends_the_session_and_it_may_reconnect", async () => {
  await open();
  mock.timers.tick(29_999);
  sink.received(PING);
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
    sink.received(PING);
    mock.timers.tick(1000);
    await settle();
  }
  assert.deepEqual(sent, [HANDSHAKE, PING, PING, PING, PING]);
});

test("a_transport_that_keeps_itself_alive_is_not_pinged_and_may_be_silent", async () => {
  endpoint = { ...endpoint, inherentKeepAlive: true };
  await open();
  mock.timers.tick(1_000_000);
  sink.received(PING);
  assert.deepEqual([sent, closed], [[HANDSHAKE], 0]);
});

test("a_close_message_ends_the_session_and_what_follows_is_dropped", async () => {
  await open();
  sink.received(`{"type":7,"error":"boom"}${RS}${PING}`);
  sink.received(PING);
  sink.ended(new Error("late"));
  assert.deepEqual(events, ["opened", ["Server returned an error on close: boom", false]]);
  assert.equal(closed, 1);
});

test("a_close_message_may_allow_to_reconnect", async () => {
  await open();
  sink.received(`{"type":7,"allowReconnect":true}${RS}`);
  assert.deepEqual(events, ["opened", [undefined, true]]);
});

test("malformed_input_ends_the_session", async () => {
  await open();
  sink.received(`{"type":6`);
  assert.deepEqual(events, ["opened", ["Message is incomplete.", true]]);
});

test("stop_sends_a_close_message_and_waits_until_the_transport_is_closed", async () => {
  await open();
  let done = (): void => {};
  mock.method(transport, "close", () => new Promise<void>((resolve) => (done = resolve)));
  let stopped = false;
  const stopping = session.stop().then(() => (stopped = true));
  await settle();
  assert.equal(sent.at(-1), `{"type":7}${RS}`);
  sink.received(`{"type":1,"target":"a","arguments":[]}${RS}`);
  assert.equal(stopped, false);
  done();
  await stopping;
  assert.deepEqual(events, ["opened"]);
});

test("what_arrives_while_it_stops_arms_no_timer", async () => {
  await open();
  let done = (): void => {};
  mock.method(transport, "send", () => new Promise<void>((resolve) => (done = resolve)));
  const stopped = session.stop();
  const timers = mock.method(globalThis, "setTimeout");
  sink.received(PING);
  done();
  await stopped;
  assert.equal(timers.mock.callCount(), 0);
});

test("an_ended_session_sends_nothing", async () => {
  await open();
  await session.stop();
  await assert.rejects(session.send({ type: MessageType.Ping }), {
    message: "Cannot send data if the connection is not in the 'Connected' State.",
    code: "state",
  });
  mock.timers.tick(100_000);
  assert.equal(sent.length, 3);
});

test("a_ping_that_cannot_be_sent_is_for_the_transport_or_the_silence_to_tell", async () => {
  await open();
  mock.method(transport, "send", async () => {
    throw new Error("broken");
  });
  mock.timers.tick(15_000);
  sink.received(PING);
  await settle();
  assert.deepEqual(events, ["opened", { type: 6 }]);
  mock.timers.tick(30_000);
  await settle();
  assert.deepEqual(events.at(-1), ["Server timeout elapsed without receiving a message from the server.", true]);
});
