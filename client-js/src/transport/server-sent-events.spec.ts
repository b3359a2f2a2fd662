/*
 * The transport over a response whose body the spec writes.
 */

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import type { IHttpConnectionOptions } from "../options.js";
import { FakeServer, restore, settle } from "../testing/fake-server.js";
import { Recorder } from "../testing/recorder.js";
import { serverSentEvents } from "./server-sent-events.js";
import { TransferFormat, type Transport, type TransportSink } from "./transport.js";

const URL = "http://h/chat?id=1";
const NOT_FOUND =
  "EventSource failed to connect. The connection could not be found on the server, either the connection ID is not present on the server, or a proxy is refusing/buffering the connection. If you have multiple servers check that sticky sessions are enabled.";

let server: FakeServer;
let abort: AbortController;
let body: ReadableStreamDefaultController<Uint8Array>;
let heard: unknown[];
const sink: TransportSink = {
  received: (data) => heard.push(data) > 0,
  ended: (error) => heard.push(["closed", error?.message]),
};

beforeEach(() => {
  server = new FakeServer();
  abort = new AbortController();
  heard = [];
});
afterEach(restore);

function open(options: IHttpConnectionOptions = {}, token?: string): Promise<Transport> {
  const http = { options, token, tokenFactory: undefined, post: async () => "" };
  return serverSentEvents.open({ url: URL, format: TransferFormat.Text, http, logger: new Recorder() }, sink, abort.signal);
}

function answerStream(): void {
  server.answers.push(({ signal }) => {
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        body = controller;
        signal?.addEventListener("abort", () => controller.error(signal.reason));
      },
    });
    return new Response(stream, { headers: { "Content-Type": "text/event-stream" } });
  });
}

const write = (text: string): void => body.enqueue(new TextEncoder().encode(text));

test("the_stream_is_asked_for_with_the_headers_and_the_token", async () => {
  answerStream();
  await open({ headers: { "X-A": "1" } }, "T");
  assert.deepEqual(server.requests, [
    {
      method: "GET",
      url: URL,
      headers: {
        "X-Requested-With": "XMLHttpRequest",
        "X-A": "1",
        Authorization: "Bearer T",
        Accept: "text/event-stream",
      },
      credentials: "include",
      body: null,
      signal: server.requests[0]?.signal,
    },
  ]);
});

test("events_are_frames_and_characters_may_be_cut", async () => {
  answerStream();
  await open();
  write(":\r\n\r\ndata: one\r\n\r\ndata: tw");
  body.enqueue(new Uint8Array([0xc3]));
  body.enqueue(new Uint8Array([0xa9, 13, 10, 13, 10]));
  await settle();
  assert.deepEqual(heard, ["one", "twé"]);
});

test("frames_to_the_server_are_posts", async () => {
  answerStream();
  server.answers.push(() => new Response(""));
  const transport = await open({}, "T");
  await transport.send("out");
  const { method, url, body, headers } = server.requests[1] ?? {};
  assert.deepEqual([method, url, body, headers?.["Authorization"]], ["POST", URL, "out", "Bearer T"]);
});

test("a_bad_status_rejects_with_the_known_text", async () => {
  server.answers.push(() => new Response("", { status: 404 }));
  await assert.rejects(open(), { message: NOT_FOUND });
  server.answers.push(() => Promise.reject(new TypeError("fetch failed")));
  await assert.rejects(open(), { message: NOT_FOUND, cause: new TypeError("fetch failed") });
});

test("the_end_of_the_stream_is_the_end_in_good_order_and_its_loss_is_not", async () => {
  answerStream();
  await open();
  body.close();
  await settle();
  answerStream();
  await open();
  body.error(new Error("lost"));
  await settle();
  assert.deepEqual(heard, [
    ["closed", undefined],
    ["closed", "lost"],
  ]);
});

test("close_ends_the_stream_and_nothing_is_heard_of_it_any_more", async () => {
  answerStream();
  const transport = await open();
  await transport.close();
  assert.equal(server.requests[0]?.signal?.aborted, true);
  await settle();
  assert.deepEqual(heard, []);
});

test("an_abort_rejects_with_its_reason", async () => {
  server.answers.push(() => new Promise(() => undefined));
  const opening = open();
  abort.abort(new Error("stopped"));
  await assert.rejects(opening, { message: "stopped" });
});
