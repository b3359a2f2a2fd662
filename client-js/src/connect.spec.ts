/*
 * From an offer to an open transport.
 */

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { connect, type ConnectRequest, type Endpoint } from "./connect.js";
import { HubcastError } from "./errors.js";
import type { IHttpConnectionOptions } from "./options.js";
import { replayBuffer } from "./replay-buffer.js";
import { accepting, FakeServer, json, restore, settle } from "./testing/fake-server.js";
import { Recorder } from "./testing/recorder.js";
import { HttpTransportType, TransferFormat, type TransportOpener } from "./transport/transport.js";
import { webSockets } from "./transport/web-socket-opener.js";

let server: FakeServer;
let logger: Recorder;
const sink = { received: () => true, ended: () => undefined };

const NOT_FOUND =
  "WebSocket failed to connect. The connection could not be found on the server, either the endpoint may not be a SignalR endpoint, the connection ID is not present on the server, or there is a proxy blocking WebSockets. If you have multiple servers check that sticky sessions are enabled.";

beforeEach(() => {
  server = new FakeServer();
  logger = new Recorder();
});
afterEach(restore);

const open = (options: IHttpConnectionOptions = {}, more: Partial<ConnectRequest> = {}): Promise<Endpoint> =>
  connect({
    url: "http://h/chat",
    options: { WebSocket: server.WebSocket, ...options },
    openers: [webSockets],
    format: TransferFormat.Text,
    statefulReconnect: false,
    schema: undefined,
    sink,
    signal: new AbortController().signal,
    logger,
    ...more,
  });
const innerErrors = (error: Error): string[] =>
  (Reflect.get(error, "innerErrors") as Error[]).map(({ message }) => message);
const offers = (...availableTransports: unknown[]): void => {
  server.answers.push(() => json({ ...accepting, availableTransports }));
};

test("the_socket_is_opened_with_the_connection_token", async () => {
  const { connectionId } = await open();
  assert.equal(connectionId, "public-id");
  assert.equal(server.socket.url, "ws://h/chat?id=secret%2Ftoken");
});

test("one_token_serves_negotiation_and_socket", async () => {
  let asked = 0;
  await open({ accessTokenFactory: () => `T${asked++}`, headers: { "X-A": "1" } });
  assert.equal(server.requests[0]?.headers["Authorization"], "Bearer T0");
  assert.deepEqual(server.socket.args[1], { headers: { "X-A": "1", Authorization: "Bearer T0" } });
});

test("negotiation_can_be_skipped_and_then_there_is_no_id", async () => {
  const { connectionId } = await open({
    skipNegotiation: true,
    transport: HttpTransportType.WebSockets,
    accessTokenFactory: () => "T",
  });
  assert.equal(connectionId, undefined);
  assert.deepEqual(server.requests, []);
  assert.equal(server.socket.url, "ws://h/chat");
  assert.deepEqual(server.socket.args[1], { headers: { Authorization: "Bearer T" } });
});

test("negotiation_is_not_skipped_for_other_transports", async () => {
  const message = "Negotiation can only be skipped when using the WebSocket transport directly.";
  await assert.rejects(open({ skipNegotiation: true }), { message });
  await assert.rejects(open({ skipNegotiation: true, transport: HttpTransportType.LongPolling }), { message });
});

test("a_transport_that_the_options_leave_out_is_not_used", async () => {
  await assert.rejects(open({ transport: HttpTransportType.LongPolling }), {
    message:
      "Unable to connect to the server with any of the available transports. WebSockets failed: Error: 'WebSockets' is disabled by the client.",
  });
});

test("several_transports_can_be_allowed", async () => {
  await open({ transport: HttpTransportType.LongPolling | HttpTransportType.WebSockets });
  assert.equal(server.sockets.length, 1);
});

test("offers_that_cannot_be_used_are_passed_over", async () => {
  offers({ transport: "Pigeons", transferFormats: ["Text"] }, ...accepting.availableTransports);
  await open();
  assert.equal(server.sockets.length, 1);
});

test("when_every_offer_fails_the_error_has_one_for_each", async () => {
  server.automatic = false;
  offers(
    { transport: "WebSockets", transferFormats: ["Text"] },
    { transport: "WebSockets", transferFormats: ["Binary"] },
    { transport: "Pigeons", transferFormats: ["Text"] },
  );
  const opening = open();
  await settle();
  server.socket.end();
  await assert.rejects(opening, (error) => {
    assert(error instanceof HubcastError);
    assert.equal(
      error.message,
      `Unable to connect to the server with any of the available transports. Error: WebSockets failed: Error: ${NOT_FOUND} WebSockets failed: Error: 'WebSockets' does not support Text. Pigeons failed: Error: Skipping transport 'Pigeons' because it is not supported by this client.`,
    );
    assert.deepEqual(
      innerErrors(error),
      [
        `WebSockets failed: Error: ${NOT_FOUND}`,
        "'WebSockets' does not support Text.",
        "Skipping transport 'Pigeons' because it is not supported by this client.",
      ],
    );
    return true;
  });
});

test("what_the_environment_lacks_and_what_broke_is_told", async () => {
  const message = async (...openers: TransportOpener[]): Promise<unknown> => {
    const thrown: unknown = await open({}, { openers }).catch((error: unknown) => error);
    assert(thrown instanceof HubcastError && thrown.code === "transport");
    return innerErrors(thrown)[0];
  };
  const unsupported = { ...webSockets, isSupported: () => false };
  assert.equal(await message(unsupported), "'WebSockets' is not supported in your environment.");
  const broken = { ...webSockets, open: () => Promise.reject(new Error("broken")) };
  assert.equal(await message(broken), "WebSockets failed: Error: broken");
});

test("when_a_transport_has_failed_the_next_one_negotiates_anew", async () => {
  const tried: string[] = [];
  const opener = (name: keyof typeof HttpTransportType, works: boolean): TransportOpener => ({
    name,
    type: HttpTransportType[name],
    async open({ url }) {
      tried.push(`${name} ${url}`);
      return works ? { send: async () => undefined, close: async () => undefined } : Promise.reject(new Error("broken"));
    },
  });
  const availableTransports = ["Pigeons", "ServerSentEvents", "LongPolling", "WebSockets"].map((transport) => ({
    transport,
    transferFormats: ["Text"],
  }));
  server.answers.push(() => json({ url: "http://other/chat", accessToken: "theirs" }));
  for (const connectionToken of ["A", "B"]) {
    server.answers.push(() => json({ ...accepting, connectionId: `id-${connectionToken}`, connectionToken, availableTransports }));
  }
  const openers = [
    opener("WebSockets", true),
    opener("ServerSentEvents", false),
    opener("LongPolling", true),
  ];
  const endpoint = await open({ accessTokenFactory: () => "mine" }, { openers });
  assert.deepEqual(tried, ["ServerSentEvents http://other/chat?id=A", "LongPolling http://other/chat?id=B"]);
  assert.deepEqual([endpoint.connectionId, endpoint.inherentKeepAlive], ["id-B", true]);
  assert.deepEqual(
    server.requests.map(({ url, headers }) => [url, headers["Authorization"]]),
    [
      ["http://h/chat/negotiate?negotiateVersion=1", "Bearer mine"],
      ["http://other/chat/negotiate?negotiateVersion=1", "Bearer theirs"],
      ["http://other/chat/negotiate?negotiateVersion=1", "Bearer theirs"],
    ],
  );
  assert.deepEqual(logger.lines, [
    "Error: Failed to start the transport 'ServerSentEvents': Error: broken",
    "Information: LongPolling connected to http://other/chat.",
  ]);
});

test("a_connection_that_the_server_keeps_is_opened_again_with_its_token_and_new_credentials", async () => {
  server.answers.push(() => json({ ...accepting, useStatefulReconnect: true }));
  let asked = 0;
  const endpoint = await open({ accessTokenFactory: () => `T${asked++}` }, { statefulReconnect: true });
  assert.equal(endpoint.statefulReconnect, replayBuffer);
  assert.equal(server.requests[0]?.url, "http://h/chat/negotiate?negotiateVersion=1&useStatefulReconnect=true");
  await endpoint.reopen?.(new AbortController().signal);
  assert.deepEqual(
    server.sockets.map(({ url, args }) => [url, args[1]]),
    [
      ["ws://h/chat?id=secret%2Ftoken", { headers: { Authorization: "Bearer T0" } }],
      ["ws://h/chat?id=secret%2Ftoken", { headers: { Authorization: "Bearer T1" } }],
    ],
  );
});

test("a_connection_is_kept_only_if_the_server_says_so", async () => {
  assert.equal((await open({}, { statefulReconnect: true })).statefulReconnect, undefined);
});

test("an_abort_ends_the_attempt_with_its_reason", async () => {
  server.automatic = false;
  const abort = new AbortController();
  const opening = open({}, { signal: abort.signal });
  await settle();
  abort.abort(new Error("stopped"));
  await assert.rejects(opening, { message: "stopped" });
  assert.equal(server.socket.closedByClient, true);
});

test("the_old_aspnet_signalr_is_recognised", async () => {
  server.answers.push(() => json({ ProtocolVersion: "1.5" }));
  await assert.rejects(open(), /^Error: Detected a connection attempt to an ASP\.NET SignalR Server\./);
});

test("a_server_that_keeps_connections_unasked_is_refused", async () => {
  server.answers.push(() => json({ ...accepting, useStatefulReconnect: true }));
  await assert.rejects(open(), { message: "Client didn't negotiate Stateful Reconnect but the server did." });
});

test("without_offers_there_is_nothing_to_try", async () => {
  offers();
  await assert.rejects(open(), {
    message: "None of the transports supported by the client are supported by the server.",
  });
});
