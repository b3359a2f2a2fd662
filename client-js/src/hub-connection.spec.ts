/*
 * Starting, stopping and calling. Losing the connection and getting it back: hub-connection.reconnect.spec.ts.
 */

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { AbortError } from "./errors.js";
import type { HubConnection } from "./hub-connection.js";
import { HubConnectionBuilder } from "./websocket.js";
import { HubConnectionState } from "./hub-connection-state.js";
import { FakeServer, restore, settle, silence } from "./testing/fake-server.js";
import { Recorder } from "./testing/recorder.js";

const NOT_CONNECTED = { message: "Cannot send data if the connection is not in the 'Connected' State." };
const PING = { type: 6 };

let server: FakeServer;
let logger: Recorder;
let connection: HubConnection;
let closes: (string | undefined)[];

beforeEach(() => {
  server = new FakeServer();
  logger = new Recorder();
  closes = [];
  connection = new HubConnectionBuilder()
    .withUrl("http://h/chat", { WebSocket: server.WebSocket })
    .configureLogging(logger)
    .build();
  connection.onclose((error) => closes.push(error?.message));
});
afterEach(async () => {
  await connection.stop();
  restore();
});

test("start_connects", async () => {
  const started = connection.start();
  assert.equal(connection.state, HubConnectionState.Connecting);
  await started;
  assert.equal(connection.state, HubConnectionState.Connected);
  assert.equal(connection.connectionId, "public-id");
  assert.equal(server.socket.sent[0], '{"protocol":"json","version":1}\x1e');
});

test("start_is_refused_unless_disconnected", async () => {
  await connection.start();
  await assert.rejects(connection.start(), {
    message: "Cannot start a HubConnection that is not in the 'Disconnected' state.",
  });
  assert.equal(connection.state, HubConnectionState.Connected);
});

test("a_failed_start_leaves_it_disconnected_and_calls_no_onclose", async () => {
  server.answers.push(() => new Response("no", { status: 500 }));
  await assert.rejects(connection.start(), /Failed to complete negotiation with the server: /);
  assert.equal(connection.state, HubConnectionState.Disconnected);
  assert.deepEqual(closes, []);
  await connection.start();
});

test("stop_says_close_and_calls_onclose_without_an_error", async () => {
  await connection.start();
  const stopped = connection.stop();
  assert.equal(connection.state, HubConnectionState.Disconnecting);
  await Promise.all([stopped, connection.stop()]);
  assert.equal(connection.state, HubConnectionState.Disconnected);
  assert.equal(connection.connectionId, null);
  assert.deepEqual(server.socket.messages, [PING, { type: 7 }]);
  assert.equal(server.socket.closedByClient, true);
  assert.deepEqual(closes, [undefined]);
});

test("stop_while_negotiating_ends_the_start", async () => {
  server.answers.push(silence);
  const started = assert.rejects(connection.start(), { message: "The connection was stopped during negotiation." });
  await connection.stop();
  assert.equal(connection.state, HubConnectionState.Disconnected);
  await started;
  assert.deepEqual([server.sockets.length, closes], [0, []]);
});

test("stop_before_the_socket_is_open_closes_it", async () => {
  server.automatic = false;
  const started = assert.rejects(connection.start(), AbortError);
  await settle();
  await connection.stop();
  await started;
  assert.equal(server.socket.closedByClient, true);
});

test("stop_before_the_handshake_is_answered_ends_the_start", async () => {
  server.automatic = false;
  const started = assert.rejects(connection.start(), {
    message: "The connection was stopped before the hub handshake could complete.",
  });
  await settle();
  server.socket.open();
  await settle();
  await connection.stop();
  await started;
  assert.equal(server.socket.closedByClient, true);
  assert.equal(connection.state, HubConnectionState.Disconnected);
});

test("a_start_after_a_stopped_one_is_not_disturbed_by_it", async () => {
  server.answers.push(silence);
  const first = assert.rejects(connection.start(), AbortError);
  await settle();
  await connection.stop();
  await connection.start();
  await first;
  assert.equal(connection.state, HubConnectionState.Connected);
});

test("it_can_be_started_again_in_onclose", async () => {
  let restarted: Promise<void> | undefined;
  connection.onclose(() => {
    restarted ??= connection.start();
  });
  await connection.start();
  server.socket.end();
  await restarted;
  assert.equal(connection.state, HubConnectionState.Connected);
  assert.equal(server.sockets.length, 2);
});

test("invoke_gives_the_result", async () => {
  await connection.start();
  const result = connection.invoke<string>("Echo", "a", null);
  assert.deepEqual(server.socket.messages, [
    PING,
    { type: 1, invocationId: "0", target: "Echo", arguments: ["a", null] },
  ]);
  server.socket.receive({ type: 3, invocationId: "0", result: "a" });
  assert.equal(await result, "a");
});

test("invoke_rejects_with_the_servers_error", async () => {
  await connection.start();
  const result = connection.invoke("Fail");
  server.socket.receive({ type: 3, invocationId: "0", error: "An unexpected error occurred" });
  await assert.rejects(result, { message: "An unexpected error occurred" });
});

test("send_waits_for_nothing", async () => {
  await connection.start();
  await connection.send("Say", 1, { a: undefined });
  assert.deepEqual(server.socket.messages, [PING, { type: 1, target: "Say", arguments: [1, {}] }]);
});

test("calls_are_refused_unless_connected", async () => {
  await assert.rejects(connection.invoke("x"), NOT_CONNECTED);
  await assert.rejects(connection.send("x"), NOT_CONNECTED);
  await connection.start();
  const stopped = connection.stop();
  await assert.rejects(connection.invoke("x"), NOT_CONNECTED);
  await stopped;
});

test("an_argument_that_json_cannot_hold_rejects_the_call_alone", async () => {
  await connection.start();
  await assert.rejects(connection.invoke("x", 1n), TypeError);
  await assert.rejects(connection.send("x", 1n), TypeError);
  assert.equal(connection.state, HubConnectionState.Connected);
});

test("stop_rejects_the_calls_that_wait", async () => {
  await connection.start();
  const result = assert.rejects(connection.invoke("x"), {
    message: "Invocation canceled due to the underlying connection being closed.",
  });
  await connection.stop();
  await result;
});

test("handlers_are_called_in_any_case_until_they_are_removed", async () => {
  const seen: string[] = [];
  const handler = (text: string): void => void seen.push(text);
  connection.on("receive", handler);
  await connection.start();
  const call = (text: string): void => server.socket.receive({ type: 1, target: "RECEIVE", arguments: [text] });
  call("a");
  call("b");
  connection.off("Receive", handler);
  call("c");
  assert.deepEqual(seen, ["a", "b"]);
});

test("a_call_with_an_id_is_answered_with_what_the_handler_returns", async () => {
  connection.on("ask", async (question: string) => `${question}!`);
  await connection.start();
  server.socket.receive({ type: 1, invocationId: "s1", target: "ask", arguments: ["why"] });
  server.socket.receive({ type: 1, invocationId: "s2", target: "unknown", arguments: [] });
  await settle();
  assert.deepEqual(server.socket.messages.slice(1), [
    { type: 3, invocationId: "s2", error: "Client didn't provide a result." },
    { type: 3, invocationId: "s1", result: "why!" },
  ]);
});

test("a_result_that_json_cannot_hold_is_answered_with_an_error", async () => {
  connection.on("ask", () => 1n);
  await connection.start();
  server.socket.receive({ type: 1, invocationId: "s1", target: "ask", arguments: [] });
  await settle();
  assert.deepEqual(server.socket.messages.slice(1), [
    { type: 3, invocationId: "s1", error: "TypeError: Do not know how to serialize a BigInt" },
  ]);
});

test("messages_of_unknown_types_and_of_no_call_are_ignored", async () => {
  await connection.start();
  server.socket.receive({ type: 99 }, { type: 3, invocationId: "77", result: 1 }, { type: 2, invocationId: "7", item: 1 });
  assert.equal(connection.state, HubConnectionState.Connected);
});

test("a_lost_connection_without_a_policy_is_closed_with_the_error", async () => {
  await connection.start();
  const result = assert.rejects(connection.invoke("x"), {
    message: "WebSocket closed with status code: 1006 (no reason given).",
  });
  server.socket.end();
  await result;
  assert.equal(connection.state, HubConnectionState.Disconnected);
  assert.deepEqual(closes, ["WebSocket closed with status code: 1006 (no reason given)."]);
});

test("the_address_can_change_while_disconnected", async () => {
  connection.baseUrl = "http://other/chat";
  await connection.start();
  assert.equal(server.requests[0]?.url, "http://other/chat/negotiate?negotiateVersion=1");
  assert.throws(() => (connection.baseUrl = "http://h"), {
    message: "The HubConnection must be in the Disconnected or Reconnecting state to change the url.",
  });
  await connection.stop();
  assert.throws(() => (connection.baseUrl = ""), { message: "The HubConnection url must be a valid url." });
});

test("nothing_is_left_to_run_after_stop", async () => {
  const timers = new Set<unknown>();
  const { setTimeout: set, clearTimeout: clear } = globalThis;
  mock.method(globalThis, "setTimeout", (...args: Parameters<typeof set>) => {
    const timer = set(...args);
    timers.add(timer);
    return timer;
  });
  mock.method(globalThis, "clearTimeout", (timer: ReturnType<typeof set> | undefined) => {
    timers.delete(timer);
    clear(timer);
  });
  await connection.start();
  server.socket.receive(PING);
  assert.equal(timers.size, 2);
  await connection.stop();
  assert.equal(timers.size, 0);
});
