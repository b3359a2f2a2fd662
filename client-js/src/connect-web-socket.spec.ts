/*
 * The smaller way to a WebSocket.
 */

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { connectWebSocket } from "./connect-web-socket.js";
import type { ConnectRequest, Endpoint } from "./connect.js";
import type { IHttpConnectionOptions } from "./options.js";
import { replayBuffer } from "./replay-buffer.js";
import { accepting, FakeServer, json, restore, settle, silence } from "./testing/fake-server.js";
import { Recorder } from "./testing/recorder.js";
import { TransferFormat } from "./transport/transport.js";

let server: FakeServer;

beforeEach(() => {
  server = new FakeServer();
});
afterEach(restore);

const open = (options: IHttpConnectionOptions = {}, more: Partial<ConnectRequest> = {}): Promise<Endpoint> =>
  connectWebSocket({
    url: "http://h/chat",
    options: { WebSocket: server.WebSocket, ...options },
    format: TransferFormat.Text,
    statefulReconnect: false,
    schema: undefined,
    sink: { received: () => true, ended: () => undefined },
    signal: new AbortController().signal,
    logger: new Recorder(),
    ...more,
  });
const offers = (transport: string, transferFormats: string[]): void => {
  server.answers.push(() => json({ ...accepting, availableTransports: [{ transport, transferFormats }] }));
};

test("it_negotiates_and_opens_the_socket_with_the_connection_token", async () => {
  const { connectionId, statefulReconnect } = await open({ headers: { "X-A": "1" }, accessTokenFactory: () => "T" });
  assert.deepEqual([connectionId, statefulReconnect], ["public-id", undefined]);
  const { signal, ...request } = server.requests[0] ?? {};
  assert.deepEqual(request, {
    method: "POST",
    url: "http://h/chat/negotiate?negotiateVersion=1",
    headers: { "X-Requested-With": "XMLHttpRequest", "X-A": "1", Authorization: "Bearer T" },
    credentials: "include",
    body: undefined,
  });
  assert.equal(server.socket.url, "ws://h/chat?id=secret%2Ftoken");
  assert.deepEqual(server.socket.args[1], { headers: { "X-A": "1", Authorization: "Bearer T" } });
});

test("without_credentials_other_origins_get_no_cookies", async () => {
  await open({ withCredentials: false });
  assert.equal(server.requests[0]?.credentials, "same-origin");
});

test("the_function_of_the_user_makes_the_request", async () => {
  const urls: string[] = [];
  await open({
    fetch: async (url) => {
      urls.push(url);
      return json(accepting);
    },
  });
  assert.deepEqual(urls, ["http://h/chat/negotiate?negotiateVersion=1"]);
  assert.deepEqual(server.requests, []);
});

test("a_redirect_is_followed", async () => {
  server.answers.push(() => json({ url: "http://other/hub", accessToken: "theirs" }));
  await open({ accessTokenFactory: () => "mine" });
  assert.equal(server.socket.url, "ws://other/hub?id=secret%2Ftoken");
  assert.deepEqual(server.socket.args[1], { headers: { Authorization: "Bearer theirs" } });
});

test("negotiation_can_be_skipped", async () => {
  const { connectionId } = await open({ skipNegotiation: true, accessTokenFactory: () => "T" });
  assert.deepEqual([connectionId, server.requests.length, server.socket.url], [undefined, 0, "ws://h/chat"]);
  assert.deepEqual(server.socket.args[1], { headers: { Authorization: "Bearer T" } });
});

test("a_server_without_websockets_or_without_the_format_is_no_server_for_it", async () => {
  const message = "None of the transports supported by the client are supported by the server.";
  offers("LongPolling", ["Text"]);
  await assert.rejects(open(), { message, code: "transport" });
  offers("WebSockets", ["Text"]);
  await assert.rejects(open({}, { format: TransferFormat.Binary }), { message });
  server.answers.push(() => json({ connectionId: "a" }));
  await assert.rejects(open(), { message });
});

test("an_http_error_has_the_servers_text", async () => {
  server.answers.push(() => new Response("no", { status: 500 }));
  await assert.rejects(open(), {
    message: "Failed to complete negotiation with the server: Error: no: Status code '500'",
    code: "negotiation",
  });
});

test("an_answer_that_does_not_come_in_time_fails_the_negotiation", async () => {
  server.answers.push(silence);
  await assert.rejects(open({ timeout: 1 }), /^Error: Failed to complete negotiation with the server: TimeoutError: /);
});

test("a_connection_that_the_server_keeps_is_opened_again_with_a_new_token", async () => {
  server.answers.push(() => json({ ...accepting, useStatefulReconnect: true }));
  let asked = 0;
  const endpoint = await open({ accessTokenFactory: () => `T${asked++}` }, { statefulReconnect: true });
  assert.equal(endpoint.statefulReconnect, replayBuffer);
  await endpoint.reopen?.(new AbortController().signal);
  assert.deepEqual(
    server.sockets.map(({ url, args }) => [url, args[1]]),
    ["T0", "T1"].map((token) => ["ws://h/chat?id=secret%2Ftoken", { headers: { Authorization: `Bearer ${token}` } }]),
  );
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
