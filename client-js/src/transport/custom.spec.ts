/*
 * Transports of users, under this client and under the official one.
 */

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import * as official from "@microsoft/signalr";
import * as hubcast from "../index.js";
import { MessagePackHubProtocol } from "../messagepack.js";
import { accepting, FakeServer, json, restore, RS, settle } from "../testing/fake-server.js";

let server: FakeServer;
let transport: FakeTransport;
let connection: hubcast.HubConnection | undefined;

beforeEach(() => {
  server = new FakeServer();
  transport = new FakeTransport();
});
afterEach(async () => {
  await connection?.stop();
  restore();
});

// The same names; each has types of its own.
const clients = { official: official as unknown as typeof hubcast, hubcast };

for (const [name, { HubConnectionBuilder, DefaultHttpClient, HttpResponse }] of Object.entries(clients)) {
  test(`${name}_negotiates_and_opens_the_transport_whatever_the_server_offers`, async () => {
    const requests: string[] = [];
    const logger = hubcast.NullLogger.instance;
    class Negotiating extends DefaultHttpClient {
      override async send({ method, url }: hubcast.HttpRequest): Promise<hubcast.HttpResponse> {
        requests.push(`${method} ${url}`);
        return new HttpResponse(200, "OK", JSON.stringify({ ...accepting, connectionToken: "T", availableTransports: [] }));
      }
    }
    const connection = new HubConnectionBuilder()
      .withUrl("http://h/chat", { transport, httpClient: new Negotiating(logger), logger })
      .build();
    const closed = new Promise((resolve) => connection.onclose(() => resolve(undefined)));
    await connection.start();
    assert.equal(connection.connectionId, "public-id");
    const answer = connection.invoke("Echo", "a");
    await settle();
    transport.onreceive?.(`{"type":3,"invocationId":"0","result":"b"}${RS}`);
    assert.equal(await answer, "b");
    await connection.stop();
    await closed;
    assert.deepEqual(requests, ["POST http://h/chat/negotiate?negotiateVersion=1"]);
    assert.deepEqual(transport.calls.slice(0, 2), [
      "connect http://h/chat?id=T Text",
      `send {"protocol":"json","version":1}${RS}`,
    ]);
    assert.match(transport.calls[2] ?? "", /^send .*"Echo"/);
    assert.equal(transport.calls.at(-1), "stop");
  });

  test(`${name}_does_not_skip_negotiation_for_it`, async () => {
    const options = { transport, skipNegotiation: true, logger: hubcast.LogLevel.None };
    await assert.rejects(new HubConnectionBuilder().withUrl("http://h/chat", options).build().start(), {
      message: "Negotiation can only be skipped when using the WebSocket transport directly.",
    });
    assert.deepEqual(transport.calls, []);
  });
}

const build = (protocol: hubcast.IHubProtocol = new hubcast.JsonHubProtocol()): hubcast.HubConnection =>
  (connection = new hubcast.HubConnectionBuilder()
    .withUrl("http://h/chat", { transport })
    .withHubProtocol(protocol)
    .configureLogging(hubcast.NullLogger.instance)
    .withAutomaticReconnect([0])
    .build());

test("a_transport_that_ends_is_opened_anew_and_not_stopped", async () => {
  const connection = build();
  const back = new Promise((resolve) => connection.onreconnected(resolve));
  await connection.start();
  server.answers.push(() => json({ ...accepting, connectionId: "second" }));
  transport.onclose?.(new Error("gone"));
  assert.equal(await back, "second");
  assert.deepEqual(transport.short, ["connect", "send", "connect", "send"]);
});

test("a_transport_is_opened_anew_when_it_has_stopped", async () => {
  const connection = build();
  await connection.start();
  let stopped = (): void => undefined;
  transport.stopping = new Promise((resolve) => (stopped = resolve));
  const negotiated = new Promise<void>((resolve) =>
    server.answers.push(() => {
      resolve();
      return json(accepting);
    }),
  );
  transport.onreceive?.("no message");
  await negotiated;
  await settle();
  assert.deepEqual(transport.short, ["connect", "send", "stop"]);
  const back = new Promise((resolve) => connection.onreconnected(resolve));
  stopped();
  await back;
  assert.deepEqual(transport.short, ["connect", "send", "stop", "connect", "send"]);
});

test("a_stop_that_throws_is_a_stop", async () => {
  const connection = build();
  await connection.start();
  transport.stopping = Promise.reject(new Error("cannot"));
  await connection.stop();
  await connection.start();
  assert.equal(connection.state, hubcast.HubConnectionState.Connected);
});

test("what_fails_to_open_fails_the_start_with_its_error", async () => {
  transport.connecting = Promise.reject(new Error("no way"));
  await assert.rejects(build().start(), { message: "no way" });
  assert.deepEqual(transport.short, ["connect"]);
});

test("a_start_that_is_given_up_rejects_at_once_and_the_transport_is_stopped_when_it_is_open", async () => {
  let opened = (): void => undefined;
  transport.connecting = new Promise((resolve) => (opened = resolve));
  const connection = build();
  const starting = connection.start();
  await settle();
  await connection.stop();
  await assert.rejects(starting, hubcast.AbortError);
  const again = connection.start();
  await settle();
  assert.deepEqual(transport.short, ["connect"]);
  opened();
  await again;
  assert.deepEqual(transport.short, ["connect", "stop", "connect", "send"]);
});

test("one_thing_is_sent_at_a_time_and_bytes_are_an_array_buffer", async () => {
  const connection = build(new MessagePackHubProtocol());
  await connection.start();
  let sent = (): void => undefined;
  transport.sending = new Promise((resolve) => (sent = resolve));
  void connection.send("A");
  await settle();
  void connection.send("B");
  const last = connection.send("C");
  await settle();
  const before = transport.calls.length;
  sent();
  await last;
  assert.deepEqual([before, transport.calls.length], [3, 4]);
  assert.match(transport.calls[0] ?? "", / Binary$/);
  assert.match(transport.calls[3] ?? "", /^send \[object ArrayBuffer\]$/);
});

/** Accepts the handshake; what it does last is as long as the spec wants. */
class FakeTransport implements official.ITransport, hubcast.ITransport {
  onreceive: ((data: string | ArrayBuffer) => void) | null = null;
  onclose: ((error?: Error) => void) | null = null;
  /** What was asked of it, but for pings. */
  readonly calls: string[] = [];
  connecting: Promise<void> = Promise.resolve();
  sending: Promise<void> = Promise.resolve();
  stopping: Promise<void> = Promise.resolve();

  /** The calls without what they were given. */
  get short(): (string | undefined)[] {
    return this.calls.map((call) => call.split(" ")[0]);
  }

  async connect(url: string, format: hubcast.TransferFormat): Promise<void> {
    this.calls.push(`connect ${url} ${hubcast.TransferFormat[format]}`);
    await this.connecting;
  }

  async send(data: string | ArrayBuffer): Promise<void> {
    const text = `${data}`;
    if (text === `{"type":6}${RS}`) {
      return;
    }
    this.calls.push(`send ${text}`);
    if (text.includes('"protocol"')) {
      const answer = `{}${RS}`;
      const isBinary = text.includes("messagepack");
      queueMicrotask(() => this.onreceive?.(isBinary ? new TextEncoder().encode(answer).buffer : answer));
    }
    await this.sending;
  }

  async stop(): Promise<void> {
    this.calls.push("stop");
    await this.stopping;
    this.onclose?.();
  }
}
