/*
 * The entry without other transports: a WebSocket at once, or after negotiation.
 */

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import type { HubConnection } from "./hub-connection.js";
import { FakeServer, restore } from "./testing/fake-server.js";
import { Recorder } from "./testing/recorder.js";
import { HubConnectionBuilder, NegotiatingHubConnectionBuilder } from "./websocket.js";

let server: FakeServer;
let connection: HubConnection;

beforeEach(() => {
  server = new FakeServer();
});
afterEach(async () => {
  await connection.stop();
  restore();
});

const options = (): object => ({ WebSocket: server.WebSocket, accessTokenFactory: async () => "T" });

test("the_plain_builder_opens_the_socket_at_once_with_the_users_token", async () => {
  connection = new HubConnectionBuilder().withUrl("https://h/chat", options()).configureLogging(new Recorder()).build();
  await connection.start();
  assert.deepEqual([server.requests.length, connection.connectionId], [0, null]);
  assert.equal(server.socket.url, "wss://h/chat");
  assert.deepEqual(server.socket.args, [undefined, { headers: { Authorization: "Bearer T" } }]);
  assert.equal(server.socket.sent[0], '{"protocol":"json","version":1}\x1e');
});

test("the_negotiating_builder_asks_first_and_can_ask_for_stateful_reconnect", async () => {
  connection = new NegotiatingHubConnectionBuilder()
    .withUrl("https://h/chat", options())
    .configureLogging(new Recorder())
    .withStatefulReconnect()
    .build();
  await connection.start();
  assert.deepEqual(
    server.requests.map(({ url }) => url),
    ["https://h/chat/negotiate?negotiateVersion=1&useStatefulReconnect=true"],
  );
  assert.equal(connection.connectionId, "public-id");
});
