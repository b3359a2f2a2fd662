/*
 * The transport over a socket whose other end the spec holds.
 */

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { DefaultHttpClient } from "../default-http-client.js";
import type { IHttpConnectionOptions } from "../options.js";
import { FakeServer, restore } from "../testing/fake-server.js";
import { Recorder } from "../testing/recorder.js";
import { TransferFormat, type Transport, type TransportSink } from "./transport.js";
import { webSockets } from "./web-socket-opener.js";

let server: FakeServer;
let abort: AbortController;
let heard: unknown[];
const sink: TransportSink = {
  received: (data) => heard.push(data) > 0,
  ended: (error) => heard.push(error?.message),
};

beforeEach(() => {
  server = new FakeServer();
  server.automatic = false;
  abort = new AbortController();
  heard = [];
});
afterEach(restore);

const open = (url = "http://h/chat?id=1", options: IHttpConnectionOptions = {}): Promise<Transport> => {
  const http = { options: { WebSocket: server.WebSocket, ...options }, tokenFactory: undefined, post: async () => "" };
  return webSockets.open({ url, format: TransferFormat.Text, http, logger: new Recorder() }, sink, abort.signal);
};

test("it_resolves_when_the_socket_is_open_and_carries_frames_both_ways", async () => {
  const opening = open();
  server.socket.open();
  const transport = await opening;
  await transport.send("out");
  server.socket.receiveRaw("in");
  assert.deepEqual(server.socket.sent, ["out"]);
  assert.deepEqual(heard, ["in"]);
  assert.equal(server.socket.binaryType, "arraybuffer");
});

test("http_becomes_ws_and_https_wss", () => {
  void open("http://h/chat?id=1");
  void open("HTTPS://h/chat");
  assert.deepEqual(
    server.sockets.map((socket) => socket.url),
    ["ws://h/chat?id=1", "wsS://h/chat"],
  );
});

test("a_socket_that_does_not_open_rejects_with_the_known_text", async () => {
  const opening = open();
  server.socket.end();
  await assert.rejects(opening, {
    message:
      "WebSocket failed to connect. The connection could not be found on the server, either the endpoint may not be a SignalR endpoint, the connection ID is not present on the server, or there is a proxy blocking WebSockets. If you have multiple servers check that sticky sessions are enabled.",
  });
  assert.deepEqual(heard, []);
});

test("an_error_before_it_is_open_rejects_even_if_no_close_follows", async () => {
  const opening = open();
  server.socket.fail();
  await assert.rejects(opening, /^Error: WebSocket failed to connect\. /);
});

test("a_close_in_good_order_has_no_error", async () => {
  const opening = open();
  server.socket.open();
  await opening;
  server.socket.end({ code: 1000 });
  assert.deepEqual(heard, [undefined]);
});

test("any_other_close_has_its_code_and_reason", async () => {
  for (const end of [{ code: 1011, reason: "sad" }, {}]) {
    const opening = open();
    server.socket.open();
    await opening;
    server.socket.end(end);
  }
  assert.deepEqual(heard, [
    "WebSocket closed with status code: 1011 (sad).",
    "WebSocket closed with status code: 1006 (no reason given).",
  ]);
});

test("an_abort_closes_the_socket_and_rejects_with_its_reason", async () => {
  const opening = open();
  abort.abort(new Error("stopped"));
  await assert.rejects(opening, { message: "stopped" });
  assert.equal(server.socket.closedByClient, true);
});

test("close_closes_the_socket_and_nothing_is_heard_of_it_any_more", async () => {
  const opening = open();
  server.socket.open();
  await (await opening).close();
  assert.equal(server.socket.closedByClient, true);
  server.socket.receiveRaw("late");
  server.socket.end();
  assert.deepEqual(heard, []);
});

test("a_frame_that_cannot_be_sent_rejects", async () => {
  const opening = open();
  server.socket.open();
  const transport = await opening;
  server.socket.close();
  await assert.rejects(transport.send("late"), { message: "the socket is closed" });
});

test("it_needs_a_class", () => {
  assert.equal(webSockets.isSupported?.({}), "WebSocket" in globalThis);
  assert.equal(webSockets.isSupported?.({ WebSocket: server.WebSocket }), true);
});

test("the_cookies_of_the_users_http_client_are_sent", () => {
  class WithCookies extends DefaultHttpClient {
    override getCookieString = (url: string): string => `for=${url}`;
  }
  void open("http://h/chat", { httpClient: new WithCookies(), headers: { "X-A": "1" } });
  assert.deepEqual(server.socket.args[1], { headers: { Cookie: "for=http://h/chat", "X-A": "1" } });
});
