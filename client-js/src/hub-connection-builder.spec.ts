/*
 * What the builder hands on and what it refuses.
 */

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import {
  HubConnectionBuilder,
  HubConnectionState,
  HttpTransportType,
  LogLevel,
  type IHttpConnectionOptions,
} from "./index.js";

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

/** How many lines reach the console when a connection with these options cannot be opened. */
async function linesOf(options: object, configure = (builder: HubConnectionBuilder) => builder): Promise<number> {
  const methods = (["info", "warn", "error"] as const).map((method) => mock.method(console, method, () => undefined));
  const fetch = async (): Promise<Response> => new Response("", { status: 404 });
  try {
    const all: IHttpConnectionOptions = { fetch, ...options };
    await assert.rejects(configure(builder().withUrl("http://h/chat", all)).build().start());
    return methods.reduce((sum, method) => sum + method.mock.callCount(), 0);
  } finally {
    mock.restoreAll();
  }
}

test("without_a_logger_the_console_is_written_to", async () => {
  assert.notEqual(await linesOf({}), 0);
  assert.notEqual(await linesOf({ logger: undefined }), 0);
  assert.notEqual(await linesOf({ logger: LogLevel.Error }), 0);
});

test("null_for_a_logger_writes_nothing", async () => {
  assert.equal(await linesOf({ logger: null }), 0);
  assert.equal(await linesOf({ logger: LogLevel.None }), 0);
});

test("configureLogging_comes_before_a_logger_of_the_options", async () => {
  const lines: string[] = [];
  const logger = { log: (_level: LogLevel, message: string) => lines.push(message) };
  assert.equal(await linesOf({ logger: null }, (builder) => builder.configureLogging(logger)), 0);
  assert.notEqual(lines.length, 0);
  assert.equal(await linesOf({ logger: LogLevel.Trace }, (builder) => builder.configureLogging(LogLevel.None)), 0);
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
