/*
 * Losing the connection and getting it back.
 */

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import type { HubConnection } from "./hub-connection.js";
import { HubConnectionBuilder } from "./websocket.js";
import { HubConnectionState } from "./hub-connection-state.js";
import type { IRetryPolicy, RetryContext } from "./reconnect-policy.js";
import { accepting, FakeServer, json, restore, settle, silence, stopClock } from "./testing/fake-server.js";
import { Recorder } from "./testing/recorder.js";

const LOST = "WebSocket closed with status code: 1006 (no reason given).";
const unavailable = (): Response => new Response("later", { status: 503 });

let server: FakeServer;
let connection: HubConnection;
let events: string[];

beforeEach(() => {
  stopClock();
  mock.timers.tick(1_000_000);
  server = new FakeServer();
  events = [];
});
afterEach(async () => {
  await connection.stop();
  restore();
});

async function start(retries?: readonly number[] | IRetryPolicy): Promise<void> {
  connection = new HubConnectionBuilder()
    .withUrl("http://h/chat", { WebSocket: server.WebSocket })
    .configureLogging(new Recorder())
    .withAutomaticReconnect(retries)
    .build();
  connection.onclose((error) => events.push(`closed ${error?.message}`));
  connection.onreconnecting((error) => events.push(`reconnecting ${error?.message}`));
  connection.onreconnected((id) => events.push(`reconnected ${id}`));
  await connection.start();
}

async function pass(milliseconds: number): Promise<void> {
  await settle();
  mock.timers.tick(milliseconds);
  await settle();
}

test("a_lost_connection_comes_back_with_another_id", async () => {
  await start();
  server.answers.push(() => json({ ...accepting, connectionId: "second-id" }));
  server.socket.end();
  assert.equal(connection.state, HubConnectionState.Reconnecting);
  assert.equal(connection.connectionId, null);
  await pass(0);
  assert.equal(connection.state, HubConnectionState.Connected);
  assert.deepEqual(events, [`reconnecting ${LOST}`, "reconnected second-id"]);
});

test("calls_that_wait_fail_and_calls_while_reconnecting_are_refused", async () => {
  await start();
  const waiting = assert.rejects(connection.invoke("x"), { message: LOST });
  server.socket.end();
  await waiting;
  await assert.rejects(connection.invoke("x"), {
    message: "Cannot send data if the connection is not in the 'Connected' State.",
  });
});

test("invocation_ids_go_on_after_a_reconnect", async () => {
  await start();
  connection.invoke("x").catch(() => undefined);
  server.socket.end();
  await pass(0);
  connection.invoke("y").catch(() => undefined);
  assert.deepEqual(server.socket.messages.at(-1), { type: 1, invocationId: "1", target: "y", arguments: [] });
});

test("attempts_follow_the_default_delays_and_then_it_is_closed_without_an_error", async () => {
  await start();
  server.answers.push(unavailable, unavailable, unavailable, unavailable);
  server.socket.end();
  await pass(0);
  const requests: number[] = [server.requests.length];
  for (const delay of [2000, 10_000, 30_000]) {
    await pass(delay - 1);
    requests.push(server.requests.length);
    await pass(1);
    requests.push(server.requests.length);
  }
  assert.deepEqual(requests, [2, 2, 3, 3, 4, 4, 5]);
  assert.deepEqual(events, [`reconnecting ${LOST}`, "closed undefined"]);
  assert.equal(connection.state, HubConnectionState.Disconnected);
});

test("a_policy_is_told_how_often_how_long_and_why", async () => {
  const contexts: RetryContext[] = [];
  await start({
    nextRetryDelayInMilliseconds(context) {
      contexts.push(context);
      return context.previousRetryCount < 2 ? 100 : null;
    },
  });
  server.answers.push(unavailable, unavailable);
  server.socket.end();
  await pass(100);
  await pass(100);
  const negotiation = "Failed to complete negotiation with the server: Error: later: Status code '503'";
  assert.deepEqual(
    contexts.map(({ previousRetryCount, elapsedMilliseconds, retryReason }) => [
      previousRetryCount,
      elapsedMilliseconds,
      retryReason.message,
    ]),
    [
      [0, 0, LOST],
      [1, 100, negotiation],
      [2, 200, negotiation],
    ],
  );
});

test("a_policy_that_gives_up_at_once_closes_with_the_error", async () => {
  await start([]);
  server.socket.end();
  assert.deepEqual(events, [`closed ${LOST}`]);
});

test("a_close_message_that_allows_it_reconnects", async () => {
  await start();
  server.socket.receive({ type: 7, error: "restart", allowReconnect: true });
  await pass(0);
  assert.deepEqual(events, ["reconnecting Server returned an error on close: restart", "reconnected public-id"]);
});

test("a_close_message_that_does_not_allow_it_closes", async () => {
  await start();
  server.socket.receive({ type: 7, error: "banned" });
  await pass(0);
  assert.deepEqual(events, ["closed Server returned an error on close: banned"]);
  assert.equal(server.requests.length, 1);
});

test("a_silent_server_is_left_and_tried_again", async () => {
  await start();
  await pass(30_000);
  assert.equal(server.sockets[0]?.closedByClient, true);
  await pass(0);
  assert.deepEqual(events, [
    "reconnecting Server timeout elapsed without receiving a message from the server.",
    "reconnected public-id",
  ]);
});

test("stop_while_waiting_cancels_the_attempt", async () => {
  await start([1000]);
  server.socket.end();
  await connection.stop();
  assert.equal(connection.state, HubConnectionState.Disconnected);
  await pass(2000);
  assert.equal(server.requests.length, 1);
  assert.deepEqual(events, [`reconnecting ${LOST}`, "closed undefined"]);
});

test("stop_during_an_attempt_cancels_it", async () => {
  await start([0, 0]);
  server.answers.push(silence);
  server.socket.end();
  await pass(0);
  assert.equal(server.requests.length, 2);
  await connection.stop();
  await pass(0);
  assert.equal(server.requests.length, 2);
  assert.equal(connection.state, HubConnectionState.Disconnected);
  assert.deepEqual(events, [`reconnecting ${LOST}`, "closed undefined"]);
});

test("stop_in_onreconnecting_is_final", async () => {
  await start([0]);
  connection.onreconnecting(() => void connection.stop());
  server.socket.end();
  await pass(10);
  assert.equal(connection.state, HubConnectionState.Disconnected);
  assert.equal(server.requests.length, 1);
  assert.deepEqual(events, [`reconnecting ${LOST}`, "closed undefined"]);
});

test("stop_in_the_policy_is_final", async () => {
  await start({
    nextRetryDelayInMilliseconds() {
      void connection.stop();
      return 0;
    },
  });
  server.socket.end();
  await pass(10);
  assert.equal(connection.state, HubConnectionState.Disconnected);
  assert.deepEqual(events, ["closed undefined"]);
});

test("the_address_can_change_while_reconnecting", async () => {
  await start([100]);
  server.socket.end();
  connection.baseUrl = "http://other/chat";
  await pass(100);
  assert.equal(server.requests.at(-1)?.url, "http://other/chat/negotiate?negotiateVersion=1");
});
