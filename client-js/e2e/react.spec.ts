/*
 * The hooks as they are built, over a real connection.
 */

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { HubConnectionBuilder, HubConnectionState, LogLevel, type HubConnection } from "hubcast";
import { useHub, useHubEvent, useStream, type HubHandle, type StreamState } from "hubcast/react";
import ws from "ws";
import { renderHook, until } from "../src/testing/react.js";

const url = process.env["HUB_URL"] ?? "";
const sockets: ws[] = [];
const made: HubConnection[] = [];
/** In Node 20 there is no global one. */
class Socket extends ws {
  constructor(...args: ConstructorParameters<typeof ws>) {
    super(...args);
    sockets.push(this);
  }
}

function create(): HubConnection {
  const connection = new HubConnectionBuilder()
    .withUrl(url, { WebSocket: Socket })
    .withAutomaticReconnect([0, 0])
    .configureLogging(LogLevel.None)
    .build();
  made.push(connection);
  return connection;
}

afterEach(async () => {
  await Promise.all(made.splice(0).map((connection) => connection.stop()));
});

interface Seen extends HubHandle<HubConnection> {
  readonly counted: StreamState<number>;
}

function useBenchHub({ count }: { count: number }): Seen {
  const hub = useHub(create);
  useHubEvent(hub.connection, "answer", async (question: string) => `${question} Yes.`);
  return { ...hub, counted: useStream<number>(hub.connection, "Counter", [count]) };
}

test("a_component_is_answered_and_answers_streams_and_leaves", async () => {
  const rendered = await renderHook(useBenchHub, { count: 5 }, { strict: true });
  await until(() => rendered.result.counted.status === "completed");
  const { connection, state, counted } = rendered.result;
  assert.equal(state, "Connected");
  assert.deepEqual(counted.items, [0, 1, 2, 3, 4]);
  assert.equal(await connection?.invoke("AskCaller", "Here?"), "Here? Yes.");

  await rendered.rerender({ count: 2 });
  await until(() => rendered.result.counted.status === "completed");
  assert.deepEqual(rendered.result.counted.items, [0, 1]);
  assert.equal(rendered.result.connection, connection);

  await rendered.unmount();
  await until(() => connection?.state === HubConnectionState.Disconnected);
});

test("a_lost_connection_is_seen_and_comes_back", async () => {
  const rendered = await renderHook(useBenchHub, { count: 1 });
  await until(() => rendered.result.counted.status === "completed");
  const id = rendered.result.connection?.connectionId;
  sockets.at(-1)?.terminate();
  await until(() => rendered.result.state === "Reconnecting");
  assert.equal(rendered.result.error?.message, "WebSocket closed with status code: 1006 (no reason given).");
  await until(() => rendered.result.state === "Connected" && rendered.result.counted.status === "completed");
  assert.equal(rendered.result.error, undefined);
  assert.notEqual(rendered.result.connection?.connectionId, id);
  assert.equal(await rendered.result.connection?.invoke("AskCaller", "Again?"), "Again? Yes.");
  await rendered.unmount();
});
