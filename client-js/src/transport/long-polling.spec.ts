/*
 * The transport against a server that answers each poll when the spec says so.
 */

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { HttpResponse } from "../http-client.js";
import type { IHttpConnectionOptions } from "../options.js";
import { FakeServer, restore, settle, silence, stopClock } from "../testing/fake-server.js";
import { mock } from "node:test";
import { Recorder } from "../testing/recorder.js";
import { longPolling } from "./long-polling.js";
import { TransferFormat, type Transport, type TransportSink } from "./transport.js";

const URL = "http://h/chat?id=1";

let server: FakeServer;
let abort: AbortController;
let heard: unknown[];
let wanted: boolean;
const sink: TransportSink = {
  received: (data) => heard.push(typeof data === "string" ? data : [...new Uint8Array(data)]) > 0 && wanted,
  ended: (error) => heard.push(["closed", error?.message]),
};

beforeEach(() => {
  server = new FakeServer();
  abort = new AbortController();
  heard = [];
  wanted = true;
  stopClock();
});
afterEach(restore);

function open(options: IHttpConnectionOptions = {}, format = TransferFormat.Text): Promise<Transport> {
  const http = { options, token: "T0", tokenFactory: options.accessTokenFactory, post: async () => "" };
  return longPolling.open({ url: URL, format, http, logger: new Recorder() }, sink, abort.signal);
}

const answer = (body: string | Uint8Array<ArrayBuffer>, status = 200): void => {
  server.answers.push(() => new Response(status === 204 ? null : body, { status }));
};
const requests = (): string[] => server.requests.map(({ method, url }) => `${method} ${url}`);

test("the_first_poll_opens_it_and_each_poll_brings_frames", async () => {
  answer("");
  answer("one");
  answer("");
  answer("two");
  server.answers.push(silence);
  mock.timers.setTime(1000);
  await open({ headers: { "X-A": "1" } });
  await settle();
  assert.deepEqual(heard, ["one", "two"]);
  assert.deepEqual(requests(), Array(5).fill(`GET ${URL}&_=1000`));
  assert.deepEqual(server.requests[0]?.headers, {
    "X-Requested-With": "XMLHttpRequest",
    "X-A": "1",
    Authorization: "Bearer T0",
  });
});

test("binary_frames_are_bytes", async () => {
  answer("");
  answer(new Uint8Array([1, 2]));
  answer("");
  server.answers.push(silence);
  const transport = await open({}, TransferFormat.Binary);
  await settle();
  assert.deepEqual(heard, [[1, 2]]);
  answer("");
  await transport.send(new Uint8Array([7, 8]));
  const { body } = server.requests.at(-1) ?? {};
  assert(body instanceof ArrayBuffer);
  assert.deepEqual([...new Uint8Array(body)], [7, 8]);
});

test("204_ends_it_in_good_order_and_another_status_does_not", async () => {
  answer("");
  answer("", 204);
  const transport = await open();
  await settle();
  await transport.close();
  answer("");
  answer("why", 500);
  await open();
  await settle();
  assert.deepEqual(heard, [
    ["closed", undefined],
    ["closed", "why: Status code '500'"],
  ]);
  assert.deepEqual(
    server.requests.map(({ method }) => method),
    ["GET", "GET", "GET", "GET"],
  );
});

test("a_first_poll_that_fails_rejects", async () => {
  answer("no", 404);
  await assert.rejects(open(), { message: "no: Status code '404'" });
  assert.deepEqual(heard, []);
});

test("a_poll_that_takes_too_long_is_made_again", async () => {
  answer("");
  server.answers.push(silence);
  answer("late");
  server.answers.push(silence);
  await open();
  await settle();
  mock.timers.tick(99_999);
  await settle();
  assert.equal(server.requests.length, 2);
  mock.timers.tick(1);
  await settle();
  assert.deepEqual(heard, ["late"]);
});

test("close_ends_the_poll_and_tells_the_server", async () => {
  answer("");
  server.answers.push(silence);
  const transport = await open();
  await settle();
  answer("", 202);
  await transport.close();
  assert.equal(server.requests[1]?.signal?.aborted, true);
  assert.equal(requests().at(-1), `DELETE ${URL}`);
  assert.deepEqual(heard, []);
});

test("no_poll_comes_between_the_last_message_and_the_delete", async () => {
  answer("");
  wanted = false;
  answer("the last");
  const transport = await open();
  await settle();
  answer("", 202);
  await transport.close();
  assert.deepEqual(heard, ["the last"]);
  assert.deepEqual(
    server.requests.map(({ method }) => method),
    ["GET", "GET", "DELETE"],
  );
});

test("a_server_that_has_forgotten_the_connection_does_not_fail_the_close", async () => {
  answer("");
  server.answers.push(silence);
  const transport = await open();
  answer("", 404);
  await transport.close();
  assert.equal(requests().at(-1), `DELETE ${URL}`);
});

test("an_abort_ends_the_first_poll_with_its_reason", async () => {
  server.answers.push(silence);
  const opening = open();
  abort.abort(new Error("stopped"));
  await assert.rejects(opening, { message: "stopped" });
});

test("a_token_that_has_expired_is_renewed_once_for_each_request", async () => {
  let asked = 0;
  answer("");
  answer("", 401);
  answer("one");
  answer("", 401);
  answer("no", 401);
  await open({ accessTokenFactory: () => `T${++asked}` });
  await settle();
  assert.deepEqual(
    server.requests.map(({ headers }) => headers["Authorization"]),
    ["Bearer T0", "Bearer T0", "Bearer T1", "Bearer T1", "Bearer T2"],
  );
  assert.deepEqual(heard, ["one", ["closed", "no: Status code '401'"]]);
});

test("the_users_http_client_makes_all_requests", async () => {
  const seen: unknown[] = [];
  let wait: ((response: HttpResponse) => void) | undefined;
  const httpClient = {
    async send({ method, url, timeout, responseType, content }) {
      seen.push([method, url?.replace(/_=.*/, "_"), timeout, responseType, content]);
      return seen.length === 2 ? new Promise<HttpResponse>((resolve) => (wait = resolve)) : new HttpResponse(200, "", "");
    },
  } as NonNullable<IHttpConnectionOptions["httpClient"]>;
  const transport = await open({ httpClient, timeout: 5 });
  await transport.send("out");
  const closing = transport.close();
  wait?.(new HttpResponse(204));
  await closing;
  assert.deepEqual(seen, [
    ["GET", `${URL}&_`, 100_000, "text", undefined],
    ["GET", `${URL}&_`, 100_000, "text", undefined],
    ["POST", URL, 5, undefined, "out"],
    ["DELETE", URL, 5, undefined, undefined],
  ]);
  assert.deepEqual(server.requests, []);
});
