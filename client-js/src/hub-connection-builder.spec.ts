/*
 * What the builder hands on and what it refuses.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { HubConnectionBuilder, HubConnectionState, HttpTransportType, LogLevel } from "./index.js";

const builder = (): HubConnectionBuilder => new HubConnectionBuilder();

test("a_connection_has_the_stock_defaults", () => {
  const connection = builder().withUrl("http://h/chat").build();
  assert.equal(connection.state, HubConnectionState.Disconnected);
  assert.equal(connection.connectionId, null);
  assert.equal(connection.baseUrl, "http://h/chat");
  assert.equal(connection.serverTimeoutInMilliseconds, 30_000);
  assert.equal(connection.keepAliveIntervalInMilliseconds, 15_000);
});

test("times_reach_the_connection", () => {
  const connection = builder().withUrl("http://h").withServerTimeout(1).withKeepAliveInterval(2).build();
  assert.deepEqual([connection.serverTimeoutInMilliseconds, connection.keepAliveIntervalInMilliseconds], [1, 2]);
});

test("every_method_gives_the_builder_back", () => {
  const first = builder();
  const last = first
    .withUrl("http://h", HttpTransportType.WebSockets)
    .configureLogging(LogLevel.None)
    .configureLogging("warn")
    .withAutomaticReconnect([1, 2]);
  assert.equal(last, first);
});

test("misuse_is_named", () => {
  const misuse = (message: string, action: () => unknown): void => assert.throws(action, { message });
  misuse("The 'HubConnectionBuilder.withUrl' method must be called before building the connection.", () =>
    builder().build(),
  );
  misuse("The 'url' argument is required.", () => Reflect.apply(builder().withUrl, builder(), []));
  misuse("The 'url' argument should not be empty.", () => builder().withUrl("  "));
  misuse("Cannot resolve '/chat'.", () => builder().withUrl("/chat").build());
  misuse("The 'logging' argument is required.", () => Reflect.apply(builder().configureLogging, builder(), []));
  misuse("The 'logging' argument is required.", () => Reflect.apply(builder().configureLogging, builder(), [null]));
  misuse("Unknown log level: bogus", () => builder().configureLogging("bogus"));
  misuse("The 'milliseconds' argument is required.", () => Reflect.apply(builder().withServerTimeout, builder(), []));
  misuse("A reconnectPolicy has already been set.", () => builder().withAutomaticReconnect().withAutomaticReconnect());
});
