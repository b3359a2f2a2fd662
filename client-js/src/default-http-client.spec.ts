/*
 * The HttpClient that users extend.
 */

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { DefaultHttpClient } from "./default-http-client.js";
import { AbortError, HttpError, TimeoutError } from "./errors.js";
import { HttpResponse, type HttpRequest } from "./http-client.js";
import { FakeServer, restore, silence, stopClock } from "./testing/fake-server.js";
import { Recorder } from "./testing/recorder.js";

let server: FakeServer;
let logger: Recorder;
let client: DefaultHttpClient;

beforeEach(() => {
  server = new FakeServer();
  logger = new Recorder();
  client = new DefaultHttpClient(logger);
});
afterEach(restore);

test("its_short_forms_say_method_and_address", async () => {
  await client.get("http://h/1");
  await client.post("http://h/2", { content: "c" });
  await client.delete("http://h/3");
  assert.deepEqual(
    server.requests.map(({ method, url, body }) => [method, url, body]),
    [
      ["GET", "http://h/1", null],
      ["POST", "http://h/2", "c"],
      ["DELETE", "http://h/3", null],
    ],
  );
});

test("an_answer_is_an_http_response_and_a_refusal_an_http_error", async () => {
  server.answers.push(() => new Response("body"));
  const response = await client.get("http://h");
  assert(response instanceof HttpResponse);
  assert.deepEqual([response.statusCode, response.content], [200, "body"]);
  server.answers.push(() => new Response("", { status: 503, statusText: "Unavailable" }));
  await assert.rejects(
    client.get("http://h"),
    (error) => error instanceof HttpError && error.message === "Unavailable: Status code '503'",
  );
  assert.deepEqual(logger.lines, []);
});

test("a_request_needs_a_method_and_an_address", async () => {
  await assert.rejects(client.send({ url: "http://h" }), { message: "No method defined." });
  await assert.rejects(client.send({ method: "GET" }), { message: "No url defined." });
});

test("what_got_no_answer_is_logged", async () => {
  server.answers.push(() => Promise.reject(new TypeError("fetch failed")));
  await assert.rejects(client.get("http://h"), TypeError);
  stopClock();
  server.answers.push(silence);
  const late = client.get("http://h", { timeout: 5 });
  mock.timers.tick(5);
  await assert.rejects(late, TimeoutError);
  assert.deepEqual(logger.lines, [
    "Warning: Error from HTTP request. TypeError: fetch failed.",
    "Warning: Timeout from HTTP request.",
  ]);
});

test("an_abort_is_an_abort_error", async () => {
  await assert.rejects(client.get("http://h", { abortSignal: AbortSignal.abort() }), AbortError);
});

test("it_can_be_extended", async () => {
  class Signing extends DefaultHttpClient {
    override send(request: HttpRequest): Promise<HttpResponse> {
      return super.send({ ...request, headers: { ...request.headers, "X-Sign": "1" } });
    }
  }
  await new Signing().get("http://h");
  assert.equal(server.requests[0]?.headers["X-Sign"], "1");
  assert.equal(new Signing().getCookieString("http://h"), "");
});
