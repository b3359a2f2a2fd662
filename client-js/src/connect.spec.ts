/*
 * From an offer to an open transport.
 */

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { connect, type Endpoint } from "./connect.js";
import { AggregateErrors } from "./errors.js";
import type { IHttpConnectionOptions } from "./options.js";
import { accepting, FakeServer, json, restore, settle } from "./testing/fake-server.js";
import { Recorder } from "./testing/recorder.js";
import { HttpTransportType } from "./transport/transport.js";

let server: FakeServer;
let logger: Recorder;
const sink = { received: () => undefined, closed: () => undefined };

beforeEach(() => {
  server = new FakeServer();
  logger = new Recorder();
});
afterEach(restore);

const open = (options: IHttpConnectionOptions = {}): Promise<Endpoint> => {
  const signal = new AbortController().signal;
  return connect("http://h/chat", { WebSocket: server.WebSocket, ...options }, "Text", sink, signal, logger);
};
const offers = (...availableTransports: unknown[]): void => {
  server.answers.push(() => json({ ...accepting, availableTransports }));
};

test("the_socket_is_opened_with_the_connection_token", async () => {
  const { connectionId } = await open();
  assert.equal(connectionId, "public-id");
  assert.equal(server.socket.url, "ws://h/chat?id=secret%2Ftoken");
});

test("the_log_does_not_hold_the_connection_token", async () => {
  await open();
  assert.deepEqual(logger.lines, ["Information: WebSocket connected to http://h/chat."]);
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
  assert.equal(connectionId, null);
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
      "Unable to connect to the server with any of the available transports. Error: WebSockets failed: Error: 'WebSockets' is disabled by the client.",
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
    assert(error instanceof AggregateErrors);
    assert.match(error.message, /^Unable to connect to the server with any of the available transports\. Error: Web/);
    assert.deepEqual(
      error.innerErrors.map(({ message }) => message.slice(0, 70)),
      [
        "WebSockets failed: Error: WebSocket failed to connect. The connection ",
        "WebSockets failed: Error: 'WebSockets' does not support Text.",
        "Pigeons failed: Error: Skipping transport 'Pigeons' because it is not ",
      ],
    );
    return true;
  });
});

test("without_offers_there_is_nothing_to_try", async () => {
  offers();
  await assert.rejects(open(), {
    message: "None of the transports supported by the client are supported by the server.",
  });
});
