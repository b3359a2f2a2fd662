/*
 * Frames in, requests out.
 */

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { sendAuthorized } from "../send.js";
import { FakeServer, restore, settle } from "../testing/fake-server.js";
import { sendQueue } from "./send-queue.js";
import type { Frame } from "./transport.js";

let server: FakeServer;
let answers: ((response: Response) => void)[];
let send: (frame: Frame) => Promise<void>;

beforeEach(() => {
  server = new FakeServer();
  answers = [];
  const http = { options: {}, tokenFactory: undefined, post: async () => "" };
  send = sendQueue((content) => sendAuthorized(http, "POST", "http://h/chat?id=1", { content }));
});
afterEach(restore);

/** Makes the next request wait. */
const wait = (): void => {
  server.answers.push(() => new Promise((resolve) => answers.push(resolve)));
};
const bodies = (): unknown[] => server.requests.map(({ body }) => body);

test("what_is_sent_while_a_request_is_under_way_goes_together_in_the_next", async () => {
  wait();
  wait();
  const first = send("a");
  await settle();
  const rest = Promise.all([send("b"), send("c")]);
  await settle();
  assert.deepEqual(bodies(), ["a"]);
  answers[0]?.(new Response(""));
  await first;
  await settle();
  assert.deepEqual(bodies(), ["a", "bc"]);
  answers[1]?.(new Response(""));
  await rest;
});

test("bytes_are_joined_as_well_and_with_text", async () => {
  await Promise.all([send("é"), send(new Uint8Array([1])), send(new Uint8Array([2]).buffer)]);
  const [body] = bodies();
  assert(body instanceof ArrayBuffer);
  assert.deepEqual([...new Uint8Array(body)], [0xc3, 0xa9, 1, 2]);
});

test("a_request_that_fails_rejects_what_was_in_it_and_nothing_else", async () => {
  server.answers.push(() => new Response("no", { status: 500 }));
  const lost = send("a");
  const [first] = await Promise.allSettled([lost]);
  assert.equal(first?.status, "rejected");
  await send("b");
  assert.deepEqual(bodies(), ["a", "b"]);
});
