/*
 * What counts as a stream, and what becomes of its items, its end and its errors.
 */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Subject } from "./stream.js";
import { settle } from "./testing/fake-server.js";
import { isStreamSource, upload, type StreamSource } from "./upload.js";

let events: unknown[];
beforeEach(() => {
  events = [];
});

const start = (source: StreamSource, item = async (value: unknown): Promise<void> => void events.push(value)): (() => void) =>
  upload(source, item, (error) => events.push(error === undefined ? "end" : `end: ${error}`));

test("subjects_observables_generators_and_streams_are_sources", () => {
  const sources = [new Subject(), { subscribe() {} }, (async function* () {})(), new ReadableStream()];
  assert.deepEqual(sources.map(isStreamSource), [true, true, true, true]);
  const others = [null, undefined, 1, "text", [1], new Map(), { subscribe: 1 }, { a: 1 }];
  assert.deepEqual(others.filter(isStreamSource), []);
});

test("a_subject_gives_its_items_and_its_end", async () => {
  const subject = new Subject<number>();
  start(subject);
  subject.next(1);
  subject.next(2);
  subject.complete();
  assert.deepEqual(events, [1, 2, "end"]);
});

test("errors_become_their_texts", () => {
  for (const thrown of [new Error("no"), "why", 7, undefined, null]) {
    const subject = new Subject();
    start(subject);
    subject.error(thrown);
  }
  assert.deepEqual(events, ["end: no", "end: why", "end: 7", "end: Unknown error", "end: Unknown error"]);
});

test("a_generator_is_asked_for_the_next_item_when_the_one_before_is_sent", async () => {
  const asked: number[] = [];
  let sent = (): void => {};
  async function* numbers(): AsyncGenerator<number> {
    for (let number = 0; number < 3; number++) {
      asked.push(number);
      yield number;
    }
  }
  start(numbers(), () => new Promise((resolve) => (sent = resolve)));
  for (const wanted of [[0], [0, 1], [0, 1, 2]]) {
    await settle();
    assert.deepEqual(asked, wanted);
    sent();
  }
  await settle();
  assert.deepEqual(events, ["end"]);
});

test("a_generator_that_throws_ends_with_its_text", async () => {
  start(
    (async function* () {
      yield 1;
      throw new Error("out of numbers");
    })(),
  );
  await settle();
  assert.deepEqual(events, [1, "end: out of numbers"]);
});

test("an_item_that_cannot_be_sent_ends_the_upload", async () => {
  let isReturned = false;
  const source = (async function* () {
    try {
      yield 1;
      yield 2;
    } finally {
      isReturned = true;
    }
  })();
  start(source, () => Promise.reject(new Error("cannot be written")));
  await settle();
  assert.deepEqual([events, isReturned], [["end: cannot be written"], true]);
});

test("stopping_disposes_unsubscribes_or_returns", async () => {
  const stopped: string[] = [];
  start({ subscribe: () => ({ dispose: () => stopped.push("dispose") }) } as StreamSource)();
  start({ subscribe: () => ({ unsubscribe: () => stopped.push("unsubscribe") }) } as unknown as StreamSource)();
  start({ subscribe: () => undefined } as unknown as StreamSource)();
  const source = (async function* () {
    try {
      yield 1;
    } finally {
      stopped.push("return");
    }
  })();
  const stop = start(source, () => new Promise(() => undefined));
  await settle();
  stop();
  await settle();
  assert.deepEqual(stopped, ["dispose", "unsubscribe", "return"]);
});
