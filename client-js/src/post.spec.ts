/*
 * One request: what is sent, and each way it can fail.
 */

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { HttpError, TimeoutError } from "./errors.js";
import { post, type PostOptions } from "./post.js";
import { FakeServer, restore, silence } from "./testing/fake-server.js";

let server: FakeServer;
const options = (more: Partial<PostOptions> = {}): PostOptions => ({
  headers: {},
  withCredentials: true,
  timeout: 100_000,
  signal: new AbortController().signal,
  ...more,
});

beforeEach(() => {
  server = new FakeServer();
});
afterEach(restore);

test("headers_and_cookies_are_sent", async () => {
  server.answers.push(() => new Response("body"));
  assert.equal(await post("http://h/x", options({ headers: { "X-A": "1" } })), "body");
  const headers = { "X-Requested-With": "XMLHttpRequest", "X-A": "1" };
  assert.deepEqual(server.requests, [{ url: "http://h/x", headers, credentials: "include" }]);
});

test("without_credentials_other_origins_get_no_cookies", async () => {
  await post("http://h/x", options({ withCredentials: false }));
  assert.equal(server.requests[0]?.credentials, "same-origin");
});

test("a_bad_status_is_an_http_error_with_the_body_or_the_status_text", async () => {
  server.answers.push(() => new Response("because", { status: 500 }));
  await assert.rejects(
    post("http://h", options()),
    (error) => error instanceof HttpError && error.statusCode === 500 && error.message === "because: Status code '500'",
  );
  server.answers.push(() => new Response("", { status: 503, statusText: "Unavailable" }));
  await assert.rejects(post("http://h", options()), { message: "Unavailable: Status code '503'" });
});

test("an_answer_that_does_not_come_in_time_is_a_timeout_error", async () => {
  server.answers.push(silence);
  await assert.rejects(
    post("http://h", options({ timeout: 1 })),
    (error) => error instanceof TimeoutError && error.message === "A timeout occurred.",
  );
});

test("an_abort_ends_the_request_with_its_reason", async () => {
  server.answers.push(silence);
  const abort = new AbortController();
  const answer = post("http://h", options({ signal: abort.signal }));
  abort.abort(new Error("stopped"));
  await assert.rejects(answer, { message: "stopped" });
});
