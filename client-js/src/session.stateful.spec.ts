/*
 * Stateful redial: a session that outlives its transport.
 */

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { JsonHubProtocol } from "./json-protocol.js";
import { MessageType, type HubMessage } from "./message.js";
import { replayBuffer } from "./replay-buffer.js";
import { openSession, type Session } from "./session.js";
import { restore, RS, settle, stopClock } from "./testing/fake-server.js";
import { Recorder } from "./testing/recorder.js";
import type { Transport, TransportSink } from "./transport/transport.js";

const PING = `{"type":6}${RS}`;
const call = (target: string): HubMessage => ({ type: MessageType.Invocation, target, arguments: [] });
const frame = (target: string): string => `{"type":1,"target":"${target}","arguments":[]}${RS}`;

/** What was sent on each transport. */
let sent: string[][];
let closed: number[];
let events: unknown[];
let session: Session;
let sink: TransportSink;
let abort: AbortController;
let reopen: () => Promise<Transport>;

function transport(): Transport {
  const number = sent.push([]) - 1;
  return {
    async send(data) {
      sent[number]?.push(data as string);
    },
    async close() {
      closed.push(number);
    },
  };
}

beforeEach(async () => {
  stopClock();
  mock.timers.tick(1_000_000);
  [sent, closed, events] = [[], [], []];
  abort = new AbortController();
  reopen = async () => transport();
  const done = openSession({
    async dial(request) {
      sink = request.sink;
      assert.equal(request.statefulReconnect, true);
      return { transport: transport(), connectionId: "id", statefulReconnect: replayBuffer, reopen: () => reopen() };
    },
    url: "http://h",
    options: {},
    schema: undefined,
    signal: abort.signal,
    protocol: new JsonHubProtocol(),
    logger: new Recorder(),
    keepAliveIntervalInMilliseconds: 15_000,
    serverTimeoutInMilliseconds: 30_000,
    replayLimit: 1000,
    opened: (opened) => (session = opened),
    message: (message) => events.push(message),
    ended: (error, mayReconnect) => events.push([error?.message, mayReconnect]),
  });
  await settle();
  sink.received(`{}${RS}`);
  await done;
});
afterEach(restore);

test("the_handshake_asks_for_the_protocols_newest_version", () => {
  assert.deepEqual(sent, [[`{"protocol":"json","version":2}${RS}`, PING]]);
});

test("a_broken_transport_is_replaced_and_what_was_not_acknowledged_is_sent_again", async () => {
  await session.send(call("a"));
  await session.send(call("b"));
  sink.received(`{"type":8,"sequenceId":1}${RS}`);
  sink.ended(new Error("broken"));
  const during = session.send(call("c"));
  await settle();
  await during;
  await session.send(call("d"));
  assert.deepEqual(sent[1], [`{"type":9,"sequenceId":2}${RS}`, frame("b"), frame("c"), frame("d")]);
  assert.deepEqual([closed, events], [[0], []]);
});

test("what_the_server_sends_again_is_heard_once", async () => {
  sink.received(frame("a") + frame("b"));
  sink.ended(undefined);
  await settle();
  sink.received(`{"type":9,"sequenceId":2}${RS}${frame("b")}${frame("c")}`);
  assert.deepEqual(
    events.map((message) => (message as { target: string }).target),
    ["a", "b", "c"],
  );
});

test("a_transport_that_cannot_be_replaced_ends_the_session_with_the_first_error", async () => {
  reopen = () => Promise.reject(new Error("refused"));
  sink.ended(new Error("broken"));
  await settle();
  assert.deepEqual(events, [["broken", true]]);
});

test("a_silent_transport_is_replaced_and_a_silent_replacement_ends_the_session", async () => {
  mock.timers.tick(30_000);
  reopen = () => new Promise(() => undefined);
  await settle();
  assert.deepEqual([sent.length, closed, events], [2, [0], []]);
  mock.timers.tick(30_000);
  mock.timers.tick(30_000);
  await settle();
  assert.deepEqual(events, [["Server timeout elapsed without receiving a message from the server.", true]]);
});

test("a_replacement_that_comes_after_stop_is_closed", async () => {
  let opened = (_: Transport): void => {};
  reopen = () => new Promise((resolve) => (opened = resolve));
  sink.ended(undefined);
  await session.stop();
  opened(transport());
  await settle();
  assert.deepEqual([closed, events, sent[1]], [[0, 1], [], [`{"type":9,"sequenceId":1}${RS}`]]);
});

test("a_close_message_ends_the_session_for_good", async () => {
  sink.received(`{"type":7}${RS}`);
  sink.ended(undefined);
  await settle();
  assert.deepEqual([sent.length, events], [1, [[undefined, false]]]);
});

test("calls_wait_when_too_much_is_not_acknowledged", async () => {
  let isThrough = false;
  const waiting = session.send(call("x".repeat(1000))).then(() => (isThrough = true));
  await settle();
  assert.equal(isThrough, false);
  sink.received(`{"type":8,"sequenceId":1}${RS}`);
  await waiting;
});

test("calls_wait_likewise_while_the_transport_is_replaced", async () => {
  reopen = () => new Promise(() => undefined);
  sink.ended(undefined);
  let isThrough = false;
  void session.send(call("x".repeat(1000))).then(() => (isThrough = true));
  await settle();
  assert.equal(isThrough, false);
});
