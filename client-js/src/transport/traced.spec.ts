/*
 * What is said about a transport, and what is not.
 */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import type { IHttpConnectionOptions } from "../options.js";
import { Recorder } from "../testing/recorder.js";
import { openTraced } from "./traced.js";
import { HttpTransportType, TransferFormat, type Transport, type TransportOpener, type TransportSink } from "./transport.js";

let logger: Recorder;
let heard: unknown[];
let inner: TransportSink;

beforeEach(() => {
  logger = new Recorder();
  heard = [];
});

function open(type: HttpTransportType, options: IHttpConnectionOptions = {}): Promise<Transport> {
  const opener: TransportOpener = {
    name: HttpTransportType[type] as TransportOpener["name"],
    type,
    open: async (_target, sink) => {
      inner = sink;
      return {
        send: async (data) => void heard.push(["sent", data]),
        close: async () => void heard.push("close"),
      };
    },
  };
  const http = { options, tokenFactory: undefined, post: async () => "" };
  const sink = {
    received: (data: unknown) => heard.push(["received", data]) > 0,
    ended: (error: unknown) => heard.push(["closed", error]),
  };
  const target = { url: "http://h/chat?id=secret", format: TransferFormat.Text, http, logger };
  return openTraced(opener, target, sink, new AbortController().signal);
}

test("lengths_are_told_and_no_content_and_no_query", async () => {
  const transport = await open(HttpTransportType.WebSockets);
  await transport.send("out");
  inner.received(new ArrayBuffer(2));
  assert.deepEqual(logger.lines, [
    "Information: WebSockets connected to http://h/chat.",
    "Trace: (WebSockets transport) sending data. String data of length 3.",
    "Trace: (WebSockets transport) data received. Binary data of length 2.",
  ]);
});

test("content_is_told_if_the_user_wants_it", async () => {
  const transport = await open(HttpTransportType.ServerSentEvents, { logMessageContent: true });
  await transport.send(new Uint8Array([1, 255]));
  inner.received("in");
  assert.deepEqual(logger.lines, [
    "Information: ServerSentEvents connected to http://h/chat.",
    "Trace: (ServerSentEvents transport) sending data. Binary data of length 2. Content: '1,255'.",
    "Trace: (ServerSentEvents transport) data received. String data of length 2. Content: 'in'.",
  ]);
});

test("everything_is_handed_on", async () => {
  const transport = await open(HttpTransportType.LongPolling);
  await transport.send("out");
  inner.received("in");
  const error = new Error("lost");
  inner.ended(error);
  await transport.close();
  assert.deepEqual(heard, [["sent", "out"], ["received", "in"], ["closed", error], "close"]);
  assert.equal(logger.lines.length, 3);
});
