/*
 * Each transport against a bench hub whose address is in HUB_URL, and how one stands in for another.
 */

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { afterEach, test } from "node:test";
import {
  HttpTransportType,
  HubConnectionBuilder,
  HubConnectionState,
  LogLevel,
  type HubConnection,
  type IHttpConnectionOptions,
  type ILogger,
} from "hubcast";
import Socket from "ws";

const url = process.env["HUB_URL"] ?? "";

let open: HubConnection[] = [];
let lines: string[] = [];
const logger: ILogger = { log: (level, message) => lines.push(`${LogLevel[level]}: ${message}`) };

afterEach(async () => {
  await Promise.all(open.map((connection) => connection.stop()));
  open = [];
  lines = [];
});

async function connect(options: IHttpConnectionOptions): Promise<HubConnection> {
  const connection = new HubConnectionBuilder().withUrl(url, options).configureLogging(logger).build();
  connection.on("receive", () => undefined);
  open.push(connection);
  await connection.start();
  return connection;
}

/** A WebSocket that no server takes. */
const Refused = class extends Socket {
  constructor(address: string) {
    super(address.replace(/\?.*/, "?id=wrong"));
  }
} as NonNullable<IHttpConnectionOptions["WebSocket"]>;

for (const transport of [
  HttpTransportType.WebSockets,
  HttpTransportType.ServerSentEvents,
  HttpTransportType.LongPolling,
]) {
  const name = HttpTransportType[transport];
  const over = (): Promise<HubConnection> => connect({ transport, WebSocket: Socket });

  test(`${name}_carries_calls_and_what_the_hub_calls`, async () => {
    const connection = await over();
    const text = `${randomUUID()} é ✓ 😀`;
    assert.equal(await connection.invoke("Echo", text), text);
    const received = new Promise((resolve) => {
      connection.on("receive", (heard: string) => heard === text && resolve(heard));
    });
    await connection.send("Broadcast", text);
    await received;
  });

  test(`${name}_carries_large_messages`, async () => {
    const connection = await over();
    const text = "x".repeat(300_000);
    assert.equal(await connection.invoke("Echo", text), text);
  });

  test(`${name}_keeps_the_order_of_calls`, async () => {
    const connection = await over();
    const heard: string[] = [];
    const run = randomUUID();
    const all = new Promise<void>((resolve) => {
      connection.on("receive", (text: string) => text.startsWith(run) && heard.push(text) === 100 && resolve());
    });
    const texts = Array.from({ length: 100 }, (_, index) => `${run} ${index}`);
    await Promise.all(texts.map((text) => connection.send("Broadcast", text)));
    await all;
    assert.deepEqual(heard, texts);
  });

  test(`${name}_ends_with_stop_and_can_be_started_again`, async () => {
    const connection = await over();
    await connection.stop();
    assert.equal(connection.state, HubConnectionState.Disconnected);
    await connection.start();
    assert.equal(await connection.invoke("Echo", "again"), "again");
  });
}

test("a_websocket_that_cannot_be_opened_gives_way_to_server_sent_events", async () => {
  const connection = await connect({ WebSocket: Refused });
  assert.equal(await connection.invoke("Echo", "a"), "a");
  assert(lines.some((line) => line.startsWith("Error: Failed to start the transport 'WebSockets': Error: WebSocket failed")));
  assert(lines.includes(`Information: ServerSentEvents connected to ${url}.`), lines.join("\n"));
});

test("where_neither_works_polls_do", async () => {
  const allowed = HttpTransportType.WebSockets | HttpTransportType.LongPolling;
  const connection = await connect({ WebSocket: Refused, transport: allowed });
  assert.equal(await connection.invoke("Echo", "a"), "a");
  assert(lines.some((line) => line.startsWith("Trace: (LongPolling transport) data received.")));
});
