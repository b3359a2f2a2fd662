/*
 * Requests, and how many connections they take.
 */

import assert from "node:assert/strict";
import { once } from "node:events";
import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { afterEach, beforeEach, test } from "node:test";
import { TestServer } from "../testing/http2-server.js";
import { Http2Client } from "./client.js";

let server: TestServer;
let client: Http2Client;
let answer: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void;

beforeEach(async () => {
  answer = (stream) => stream.respond({ ":status": 200 });
  server = await TestServer.start((stream, headers) => answer(stream, headers));
  client = new Http2Client();
});
afterEach(() => {
  client.close();
  server.stop();
});

async function bodyOf(stream: ServerHttp2Stream): Promise<string> {
  let body = "";
  for await (const chunk of stream) {
    body += chunk;
  }
  return body;
}

const socket = (): WebSocket => new client.WebSocket(server.url.replace("http", "ws"));

test("a_request_has_its_headers_and_body_and_the_answer_too", async () => {
  const bodies: string[] = [];
  answer = async (stream) => {
    bodies.push(await bodyOf(stream));
    stream.respond({ ":status": 201, "x-b": "2", "set-cookie": ["a=1", "b=2"] });
    stream.end("answer");
  };
  const response = await client.fetch(`${server.url}?a=b`, { method: "POST", headers: { "X-A": "1" }, body: "héllo" });
  assert.deepEqual([response.status, response.statusText, response.ok], [201, "Created", true]);
  assert.deepEqual([response.headers.get("x-b"), response.headers.getSetCookie()], ["2", ["a=1", "b=2"]]);
  assert.equal(await response.text(), "answer");
  const headers = server.streams[0]?.headers ?? {};
  assert.deepEqual(
    [headers[":method"], headers[":path"], headers["x-a"], headers["content-length"], headers["content-type"]],
    ["POST", "/hub?a=b", "1", "6", "text/plain;charset=UTF-8"],
  );
  assert.deepEqual(bodies, ["héllo"]);
});

test("bytes_are_sent_as_they_are", async () => {
  answer = async (stream) => {
    const body = await bodyOf(stream);
    stream.respond({ ":status": 200 });
    stream.end(body);
  };
  const bytes = new Uint8Array([97, 98, 99]);
  for (const body of [bytes.buffer, bytes.subarray(1)]) {
    const response = await client.fetch(server.url, { method: "POST", body });
    assert.equal(await response.text(), body === bytes.buffer ? "abc" : "bc");
  }
  await assert.rejects(client.fetch(server.url, { method: "POST", body: new FormData() }), TypeError);
});

test("an_answer_without_a_body_has_none", async () => {
  answer = (stream) => stream.respond({ ":status": 204 }, { endStream: true });
  const response = await client.fetch(server.url, { method: "DELETE" });
  assert.deepEqual([response.status, response.body], [204, null]);
});

test("a_body_is_read_as_it_comes", async () => {
  answer = (stream) => {
    stream.respond({ ":status": 200 });
    stream.write("one");
  };
  const { body } = await client.fetch(server.url);
  const reader = body?.getReader();
  assert.equal(Buffer.from((await reader?.read())?.value ?? []).toString(), "one");
  server.streams[0]?.stream.end("two");
  assert.equal(Buffer.from((await reader?.read())?.value ?? []).toString(), "two");
  assert.equal((await reader?.read())?.done, true);
});

test("a_body_that_is_not_read_is_not_taken_from_the_server", async () => {
  answer = (stream) => stream.respond({ ":status": 200 });
  await client.fetch(server.url);
  const stream = server.streams[0]?.stream;
  assert(stream);
  // Far more than both windows. It is taken when it is read, which no one does.
  stream.write(Buffer.alloc(8 * 1024 * 1024));
  await new Promise((resolve) => server.sessions[0]?.ping(resolve));
  assert(stream.writableLength > 0);
});

test("an_abort_ends_a_request_at_every_stage_with_its_reason", async () => {
  const reason = new Error("stopped");
  await assert.rejects(client.fetch(server.url, { signal: AbortSignal.abort(reason) }), reason);

  answer = () => undefined;
  const unanswered = new AbortController();
  const waiting = client.fetch(server.url, { signal: unanswered.signal });
  unanswered.abort(reason);
  await assert.rejects(waiting, reason);

  answer = (stream) => {
    stream.respond({ ":status": 200 });
    stream.write("half");
  };
  const half = new AbortController();
  const response = await client.fetch(server.url, { signal: half.signal });
  const text = response.text();
  half.abort(reason);
  await assert.rejects(text, reason);
  const cancelled = server.streams.at(-1)?.stream;
  if (cancelled && !cancelled.closed) {
    await once(cancelled, "close");
  }
  assert.equal(cancelled?.rstCode, 8);
});

test("a_connection_that_is_cut_fails_what_is_on_it_and_the_next_request_opens_another", async () => {
  answer = (stream) => {
    stream.respond({ ":status": 200 });
    stream.write("half");
  };
  const response = await client.fetch(server.url);
  const text = response.text();
  const ws = socket();
  await once(ws, "open");
  const closed = once(ws, "close");
  server.cut();
  await assert.rejects(text, TypeError);
  await closed;
  answer = (stream) => stream.respond({ ":status": 204 }, { endStream: true });
  assert.equal((await client.fetch(server.url)).status, 204);
  assert.equal(server.sessions.length, 2);
});

test("an_empty_post_is_made_again_if_its_connection_is_lost_before_the_answer_and_nothing_else_is", async () => {
  const requests: unknown[] = [];
  answer = (_stream, headers) => {
    requests.push(headers[":method"]);
    server.cut();
  };
  await assert.rejects(client.fetch(server.url), TypeError);
  await assert.rejects(client.fetch(server.url, { method: "POST", body: "a" }), TypeError);
  await assert.rejects(client.fetch(server.url, { method: "POST" }), TypeError);
  assert.deepEqual(requests, ["GET", "POST", "POST", "POST"]);
  answer = () => {
    answer = (stream) => stream.respond({ ":status": 204 }, { endStream: true });
    server.cut();
  };
  assert.equal((await client.fetch(server.url, { method: "POST" })).status, 204);
});

test("a_connection_that_the_server_winds_up_is_not_used_again", async () => {
  const ws = socket();
  await once(ws, "open");
  server.sessions[0]?.goaway();
  await new Promise((resolve) => server.sessions[0]?.ping(resolve));
  const second = socket();
  await once(second, "open");
  assert.equal(server.sessions.length, 2);
});

test("a_thousand_share_one_connection_and_it_is_opened_once", async () => {
  const sockets = Array.from({ length: 1_000 }, socket);
  await Promise.all(sockets.map((one) => once(one, "open")));
  assert.equal(server.sessions.length, 1);
  assert.equal(server.streams.length, 1_000);
});

test("another_connection_is_opened_only_when_all_streams_are_in_use_and_not_for_ever", async () => {
  server.stop();
  server = await TestServer.start((stream, headers) => answer(stream, headers), {
    enableConnectProtocol: true,
    maxConcurrentStreams: 2,
  });
  client = new Http2Client({ maxSessions: 2 });
  const sockets = Array.from({ length: 4 }, socket);
  await Promise.all(sockets.map((one) => once(one, "open")));
  assert.equal(server.sessions.length, 2);
  await assert.rejects(client.fetch(server.url), /All streams of 2 HTTP\/2 connections to http:\/\/127\.0\.0\.1:\d+ are in use\./);
  const fifth = socket();
  await once(fifth, "close");
  // A stream that has closed makes room.
  const closed = once(sockets[0] as WebSocket, "close");
  server.streams[0]?.stream.close();
  await closed;
  answer = (stream) => stream.respond({ ":status": 204 }, { endStream: true });
  assert.equal((await client.fetch(server.url)).status, 204);
  assert.equal(server.sessions.length, 2);
});

test("a_server_that_is_not_there_rejects", async () => {
  const { url } = server;
  server.stop();
  await assert.rejects(client.fetch(url), { code: "ECONNREFUSED" });
});

test("a_header_that_http2_forbids_rejects", async () => {
  await assert.rejects(client.fetch(server.url, { headers: { Connection: "close" } }), {
    code: "ERR_HTTP2_INVALID_CONNECTION_HEADERS",
  });
});

test("a_server_that_says_nothing_rejects_in_time", async () => {
  const silent = await Silent.start(Buffer.alloc(0));
  client = new Http2Client({ timeout: 100 });
  await assert.rejects(client.fetch(silent.url), /did not take the HTTP\/2 connection within 100 ms/);
  silent.stop();
});

test("a_connection_whose_server_is_gone_is_found_out", async () => {
  // An empty SETTINGS frame, and silence.
  const silent = await Silent.start(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]));
  client = new Http2Client({ pingInterval: 100 });
  await assert.rejects(client.fetch(silent.url), TypeError);
  silent.stop();
});

/** A server that says one thing and then nothing more. */
class Silent {
  readonly url: string;
  readonly #stop: () => void;

  private constructor(url: string, stop: () => void) {
    this.url = url;
    this.#stop = stop;
  }

  static async start(greeting: Buffer): Promise<Silent> {
    const sockets: Socket[] = [];
    const tcp = createServer((socket) => {
      sockets.push(socket);
      socket.on("error", () => undefined);
      socket.resume();
      socket.write(greeting);
    });
    tcp.listen(0, "127.0.0.1");
    await once(tcp, "listening");
    return new Silent(`http://127.0.0.1:${(tcp.address() as AddressInfo).port}/`, () => {
      sockets.forEach((socket) => socket.destroy());
      tcp.close();
    });
  }

  stop(): void {
    this.#stop();
  }
}
