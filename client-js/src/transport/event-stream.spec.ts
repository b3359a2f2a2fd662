/*
 * Server-Sent Events, however they are cut.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { eventStream } from "./event-stream.js";

function read(text: string, size = text.length): string[] {
  const stream = eventStream();
  const events: string[] = [];
  for (let start = 0; start < text.length; start += size) {
    events.push(...stream(text.slice(start, start + size)));
  }
  return events;
}

test("events_are_read_however_they_are_cut", () => {
  for (const end of ["\r\n", "\n"]) {
    const text = [":", "", "data: one", "", "data:two", "data: lines", "", "event: x", "id: 7", "data:", "", ""].join(end);
    for (const size of [1, 2, 3, 5, text.length]) {
      assert.deepEqual(read(text, size), ["one", "two\nlines", ""], JSON.stringify([end, size]));
    }
  }
});

test("other_ends_of_lines_are_no_ends", () => {
  assert.deepEqual(read("data: a\u2028data: b\u0085c\n\n"), ["a\u2028data: b\u0085c"]);
});

test("an_event_that_is_not_whole_is_not_given", () => {
  assert.deepEqual(read("data: one\n\ndata: tw"), ["one"]);
  assert.deepEqual(read("data: one\n"), []);
});

test("fields_that_only_begin_like_data_are_none", () => {
  assert.deepEqual(read("database: x\ndata: y\n\n"), ["y"]);
});

test("only_one_space_is_dropped", () => {
  assert.deepEqual(read("data:  two spaces\n\n"), [" two spaces"]);
});
