/*
 * One request: what is sent, and each way it can end.
 */

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { TimeoutError } from "./errors.js";
import { sendByFetch } from "./fetch.js";
import { FakeServer, restore, silence, stopClock } from "./testing/fake-server.js";

let server: FakeServer;

beforeEach(() => {
  server = new FakeServer();
});
afterEach(restore);

test("a_request_is_made_as_it_says", async () => {
  server.answers.push(() => new Response("body", { status: 201, statusText: "Made" }));
  const headers = { "X-A": "1" };
  const response = await sendByFetch({ method: "POST", url: "http://h/x", content: "c", headers, withCredentials: true });
  assert.deepEqual(response, { statusCode: 201, statusText: "Made", content: "body" });
  const { signal, ...seen } = server.requests[0] ?? {};
  assert.deepEqual(seen, {
    method: "POST",
    url: "http://h/x",
    headers: { "X-Requested-With": "XMLHttpRequest", "X-A": "1" },
    credentials: "include",
    body: "c",
  });
  await sendByFetch({ method: "GET", url: "http://h/x" });
  assert.deepEqual([server.requests[1]?.credentials, server.requests[1]?.body], ["same-origin", null]);
});

test("content_is_bytes_if_asked_for_but_an_errors_is_text", async () => {
  const request = { method: "GET", url: "http://h", responseType: "arraybuffer" } as const;
  server.answers.push(() => new Response("a"));
  const { content } = await sendByFetch(request);
  assert.deepEqual(content, new Uint8Array([97]).buffer);
  server.answers.push(() => new Response("why", { status: 500 }));
  assert.deepEqual((await sendByFetch(request)).content, "why");
});

test("an_answer_that_does_not_come_in_time_is_a_timeout_error", async () => {
  stopClock();
  server.answers.push(silence);
  const answer = sendByFetch({ method: "GET", url: "http://h", timeout: 100 });
  mock.timers.tick(100);
  await assert.rejects(
    answer,
    (error) => error instanceof TimeoutError && error.message === "A timeout occurred.",
  );
});

test("an_abort_ends_the_request_with_its_reason", async () => {
  server.answers.push(silence);
  const abort = new AbortController();
  const answer = sendByFetch({ method: "GET", url: "http://h", abortSignal: abort.signal });
  abort.abort(new Error("stopped"));
  await assert.rejects(answer, { message: "stopped" });
  await assert.rejects(sendByFetch({ method: "GET", url: "http://h", abortSignal: abort.signal }), { message: "stopped" });
  assert.equal(server.requests.length, 1);
});
