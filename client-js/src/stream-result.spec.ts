/*
 * Subscribing to a stream and looping over it.
 */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Subject, type IStreamSubscriber } from "./stream.js";
import { streamResult, WAITING_ITEMS_LIMIT, type StreamResult } from "./stream-result.js";
import { settle } from "./testing/fake-server.js";
import { Recorder } from "./testing/recorder.js";

let events: unknown[];
let server: IStreamSubscriber<number>;
let cancelled: number;
let logger: Recorder;
let stream: StreamResult<number>;

beforeEach(() => {
  events = [];
  cancelled = 0;
  logger = new Recorder();
  stream = streamResult<number>((subscriber) => {
    server = subscriber;
    return () => cancelled++;
  }, logger);
});

const subscriber: IStreamSubscriber<number> = {
  next: (item) => events.push(item),
  error: (thrown) => events.push(thrown),
  complete: () => events.push("complete"),
};

test("a_subscriber_is_told_items_and_the_end", async () => {
  stream.subscribe(subscriber);
  server.next(1);
  server.next(2);
  server.complete();
  assert.deepEqual(events, [1, 2, "complete"]);
});

test("a_subscriber_is_told_an_error", () => {
  stream.subscribe(subscriber);
  server.error("no");
  assert.deepEqual(events, ["no"]);
});

test("a_subscriber_can_be_an_object_of_a_class", () => {
  const subject = new Subject<number>();
  subject.subscribe(subscriber);
  stream.subscribe(subject);
  server.next(1);
  server.error("no");
  server.complete();
  assert.deepEqual([events, logger.lines], [[1, "no", "complete"], []]);
});

test("a_subscriber_may_listen_to_items_alone", () => {
  const { next } = subscriber;
  stream.subscribe({ next } as IStreamSubscriber<number>);
  server.next(1);
  server.error("no");
  server.complete();
  assert.deepEqual([events, logger.lines], [[1], []]);
});

test("all_subscribers_are_told", () => {
  stream.subscribe(subscriber);
  stream.subscribe({ ...subscriber, next: (item) => events.push(item * 10) });
  server.next(1);
  assert.deepEqual(events, [1, 10]);
});

test("what_happened_before_is_told_when_the_caller_has_its_subscription", async () => {
  server.next(1);
  server.complete();
  stream.subscribe(subscriber);
  assert.deepEqual(events, []);
  await settle();
  assert.deepEqual(events, [1, "complete"]);
});

test("disposing_the_last_subscription_cancels_once", () => {
  const first = stream.subscribe(subscriber);
  const second = stream.subscribe({ ...subscriber });
  first.dispose();
  first.dispose();
  assert.equal(cancelled, 0);
  second.dispose();
  second.dispose();
  assert.equal(cancelled, 1);
  server.next(1);
  assert.deepEqual(events, []);
});

test("a_subscriber_that_throws_is_logged_and_the_others_are_told", () => {
  stream.subscribe({
    ...subscriber,
    next() {
      throw new Error("full");
    },
  });
  stream.subscribe(subscriber);
  server.next(1);
  assert.deepEqual(events, [1]);
  assert.deepEqual(logger.lines, ["Error: A callback for a stream threw error 'Error: full'."]);
});

test("a_loop_gets_all_items_in_order_and_ends", async () => {
  server.next(1);
  const looped = (async () => {
    for await (const item of stream) {
      events.push(item);
    }
    events.push("done");
  })();
  server.next(2);
  await settle();
  assert.deepEqual(events, [1, 2]);
  server.next(3);
  server.complete();
  await looped;
  assert.deepEqual(events, [1, 2, 3, "done"]);
});

test("a_loop_throws_the_error_after_the_items_before_it", async () => {
  server.next(1);
  server.error(new Error("broken"));
  await assert.rejects(
    async () => {
      for await (const item of stream) {
        events.push(item);
      }
    },
    { message: "broken" },
  );
  assert.deepEqual(events, [1]);
});

test("leaving_the_loop_cancels", async () => {
  server.next(1);
  server.next(2);
  for await (const item of stream) {
    assert.equal(item, 1);
    break;
  }
  assert.equal(cancelled, 1);
});

test("too_many_items_that_nobody_reads_cancel_the_stream", async () => {
  for (let item = 0; item < WAITING_ITEMS_LIMIT; item++) {
    server.next(item);
  }
  assert.equal(cancelled, 0);
  server.next(-1);
  assert.equal(cancelled, 1);
  let read = 0;
  await assert.rejects(
    async () => {
      for await (const item of stream) {
        read += item < 0 ? 0 : 1;
      }
    },
    { code: "limit", message: "Too many items are waiting." },
  );
  assert.equal(read, WAITING_ITEMS_LIMIT);
});

test("too_many_items_are_no_error_of_a_subscriber_that_listens_to_items_alone", async () => {
  for (let item = 0; item <= WAITING_ITEMS_LIMIT; item++) {
    server.next(item);
  }
  const { next } = subscriber;
  stream.subscribe({ next } as IStreamSubscriber<number>);
  await settle();
  assert.deepEqual([events.length, logger.lines], [WAITING_ITEMS_LIMIT + 1, []]);
});
