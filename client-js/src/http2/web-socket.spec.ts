/*
 * WebSockets on streams, against a server whose end the spec holds.
 */

import assert from "node:assert/strict";
import { once } from "node:events";
import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import { afterEach, beforeEach, test } from "node:test";
import { TestServer } from "../testing/http2-server.js";
import { Http2Client } from "./client.js";
import { Opcode } from "./frame.js";
import type { Http2ClientOptions } from "./options.js";

let server: TestServer;
let client: Http2Client;
let accept: (stream: ServerHttp2Stream) => void;

beforeEach(async () => {
  accept = (stream) => stream.respond({ ":status": 200 });
  server = await TestServer.start((stream) => accept(stream));
  client = new Http2Client();
});
afterEach(() => {
  client.close();
  server.stop();
});

interface Heard {
  readonly socket: WebSocket;
  readonly events: unknown[];
  readonly closed: Promise<unknown>;
}

function open(options?: Http2ClientOptions, protocols: string[] = []): Heard {
  if (options) {
    client = new Http2Client(options);
  }
  const socket = new client.WebSocket(server.url.replace("http", "ws") + "?id=1", protocols, { headers: { "X-A": "1" } });
  socket.binaryType = "arraybuffer";
  const events: unknown[] = [];
  socket.onopen = () => events.push("open");
  socket.addEventListener("message", ({ data }) => events.push(typeof data === "string" ? data : new Uint8Array(data)));
  socket.onerror = () => events.push("error");
  const closed = new Promise((resolve) => {
    socket.addEventListener("close", ({ code, reason, wasClean }) => resolve({ code, reason, wasClean }));
  });
  return { socket, events, closed };
}

async function opened(options?: Http2ClientOptions): Promise<Heard & { stream: ServerHttp2Stream }> {
  const heard = open(options);
  await once(heard.socket, "open");
  const stream = server.streams.at(-1)?.stream;
  assert(stream);
  return { ...heard, stream };
}

/** A frame as a server writes it; short ones only. */
const frame = (opcode: number, payload: string | number[]): Buffer => {
  const bytes = Buffer.from(payload as string);
  return Buffer.concat([Buffer.from([0x80 | opcode, bytes.length]), bytes]);
};

/** The next frame of the client's, unmasked; short ones only. */
async function clientFrame(stream: ServerHttp2Stream): Promise<[opcode: number, payload: Buffer]> {
  const [bytes] = (await once(stream, "data")) as [Buffer];
  const mask = bytes.subarray(2, 6);
  return [(bytes[0] ?? 0) & 0x0f, bytes.subarray(6).map((byte, index) => byte ^ (mask[index % 4] ?? 0)) as Buffer];
}

test("the_request_is_an_extended_connect_with_the_users_headers", async () => {
  const { socket } = await opened();
  const headers = server.streams[0]?.headers ?? {};
  const { host } = new URL(server.url);
  assert.deepEqual(
    Object.fromEntries(Object.entries(headers)),
    {
      ":method": "CONNECT",
      ":protocol": "websocket",
      ":scheme": "http",
      ":authority": host,
      ":path": "/hub?id=1",
      "sec-websocket-version": "13",
      "x-a": "1",
    },
  );
  assert.deepEqual([socket.readyState, socket.OPEN, socket.protocol, socket.extensions], [1, 1, "", ""]);
});

test("the_headers_of_the_answer_that_opens_it_are_told", async () => {
  accept = (stream) => stream.respond({ ":status": 200, "x-a": "1", "set-cookie": ["a=1", "b=2"] });
  const { socket, events } = open();
  socket.addEventListener("upgrade", (event) => events.push((event as Event & { headers: IncomingHttpHeaders }).headers));
  await once(socket, "open");
  const [headers, next] = events as [IncomingHttpHeaders, unknown];
  assert.deepEqual([headers["x-a"], headers["set-cookie"], next], ["1", ["a=1", "b=2"], "open"]);
});

test("text_and_bytes_go_both_ways", async () => {
  const { socket, stream, events } = await opened();
  socket.send("héllo");
  assert.deepEqual(await clientFrame(stream), [Opcode.Text, Buffer.from("héllo")]);
  socket.send(new Uint8Array([1, 2, 3]).subarray(1));
  assert.deepEqual(await clientFrame(stream), [Opcode.Binary, Buffer.from([2, 3])]);
  const heard = once(socket, "message");
  stream.write(frame(Opcode.Text, "one"));
  await heard;
  const second = once(socket, "message");
  stream.write(frame(Opcode.Binary, [7]));
  await second;
  assert.deepEqual(events, ["open", "one", new Uint8Array([7])]);
});

test("a_ping_is_answered", async () => {
  const { stream } = await opened();
  stream.write(frame(Opcode.Ping, "abc"));
  assert.deepEqual(await clientFrame(stream), [Opcode.Pong, Buffer.from("abc")]);
});

test("a_close_by_the_client_waits_for_the_servers", async () => {
  const { socket, stream, closed } = await opened();
  socket.close(3001, "bye");
  assert.equal(socket.readyState, socket.CLOSING);
  const [opcode, payload] = await clientFrame(stream);
  assert.deepEqual([opcode, payload.readUInt16BE(), `${payload.subarray(2)}`], [Opcode.Close, 3001, "bye"]);
  socket.send("late");
  stream.end(frame(Opcode.Close, [0x0b, 0xb9]));
  assert.deepEqual(await closed, { code: 3001, reason: "", wasClean: true });
  assert.equal(socket.readyState, socket.CLOSED);
});

test("a_close_by_the_server_is_answered_with_its_code", async () => {
  const { stream, closed, events } = await opened();
  stream.write(frame(Opcode.Close, [0x03, 0xe9, 0x62]));
  const [opcode, payload] = await clientFrame(stream);
  assert.deepEqual([opcode, payload.readUInt16BE()], [Opcode.Close, 1001]);
  stream.end();
  assert.deepEqual(await closed, { code: 1001, reason: "b", wasClean: true });
  assert.deepEqual(events, ["open"]);
});

test("a_stream_that_ends_without_a_close_is_1006", async () => {
  const ended = await opened();
  ended.stream.end();
  assert.deepEqual(await ended.closed, { code: 1006, reason: "", wasClean: false });
  assert.deepEqual(ended.events, ["open", "error"]);
  const reset = await opened();
  reset.stream.close(2);
  assert.deepEqual(await reset.closed, { code: 1006, reason: "", wasClean: false });
});

test("frames_that_break_the_rules_end_it_with_their_code", async () => {
  const { stream, closed } = await opened();
  stream.write(frame(Opcode.Text, [0xff]));
  const [opcode, payload] = await clientFrame(stream);
  assert.deepEqual([opcode, payload.readUInt16BE()], [Opcode.Close, 1007]);
  stream.end();
  assert.deepEqual(await closed, { code: 1007, reason: "", wasClean: false });
});

test("a_message_over_the_limit_ends_it_with_1009", async () => {
  const { stream, closed } = await opened({ maxMessageSize: 3 });
  stream.write(frame(Opcode.Text, "four"));
  stream.end();
  assert.deepEqual(await closed, { code: 1009, reason: "", wasClean: false });
});

test("what_the_server_does_not_read_is_counted_and_has_a_limit", async () => {
  const { socket, stream, closed } = await opened({ maxBufferedAmount: 1_000_000 });
  stream.pause();
  const message = "x".repeat(400_000);
  socket.send(message);
  socket.send(message);
  assert(socket.bufferedAmount > 400_000, `${socket.bufferedAmount}`);
  assert.equal(socket.readyState, socket.OPEN);
  socket.send(message);
  assert.deepEqual(await closed, { code: 1006, reason: "", wasClean: false });
});

test("answers_to_pings_have_the_limit_too", async () => {
  const { stream, closed } = await opened({ maxBufferedAmount: 1_000 });
  stream.pause();
  const pings = Array(1_000).fill(frame(Opcode.Ping, "x".repeat(125)));
  stream.write(Buffer.concat(pings));
  assert.deepEqual(await closed, { code: 1006, reason: "", wasClean: false });
});

test("a_refusal_is_an_error_and_a_close", async () => {
  accept = (stream) => stream.respond({ ":status": 404 }, { endStream: true });
  const { closed, events } = open();
  assert.deepEqual(await closed, { code: 1006, reason: "", wasClean: false });
  assert.deepEqual(events, ["error"]);
  accept = (stream) => {
    stream.respond({ ":status": 404 });
    stream.end("No Connection with that ID");
  };
  assert.deepEqual(await open().closed, { code: 1006, reason: "", wasClean: false });
});

test("a_subprotocol_that_was_not_asked_for_is_a_refusal", async () => {
  accept = (stream) => stream.respond({ ":status": 200, "sec-websocket-protocol": "b" });
  assert.deepEqual(await open().closed, { code: 1006, reason: "", wasClean: false });
  const { socket } = open(undefined, ["a", "b"]);
  await once(socket, "open");
  assert.equal(socket.protocol, "b");
  assert.equal(server.streams[1]?.headers["sec-websocket-protocol"], "a, b");
});

test("close_before_the_answer_gives_it_up", async () => {
  accept = () => undefined;
  const { socket, closed } = open();
  assert.throws(() => socket.send("early"), { name: "InvalidStateError" });
  socket.close();
  assert.deepEqual(await closed, { code: 1006, reason: "", wasClean: false });
});

test("an_answer_that_does_not_come_ends_it", async () => {
  accept = () => undefined;
  const { closed, events } = open({ timeout: 200 });
  assert.deepEqual(await closed, { code: 1006, reason: "", wasClean: false });
  assert.deepEqual(events, ["error"]);
});

test("a_close_that_the_servers_does_not_answer_ends_in_the_end", { timeout: 20_000 }, async (context) => {
  const { socket, closed } = await opened();
  context.mock.timers.enable({ apis: ["setTimeout"] });
  socket.close();
  context.mock.timers.tick(5_000);
  assert.deepEqual(await closed, { code: 1006, reason: "", wasClean: false });
});

test("codes_and_reasons_are_checked", async () => {
  const { socket } = await opened();
  assert.throws(() => socket.close(1001), { name: "InvalidAccessError" });
  assert.throws(() => socket.close(1000, "x".repeat(124)), { name: "SyntaxError" });
});

test("a_server_that_takes_no_websockets_is_told_from_the_settings", async () => {
  server.stop();
  server = await TestServer.start(() => undefined, {});
  assert.deepEqual(await open().closed, { code: 1006, reason: "", wasClean: false });
  assert.equal(server.streams.length, 0);
});
