/*
 * Bytes in, bytes out, and what that costs.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { GrowingBuffer } from "./growing-buffer.js";

test("bytes_come_out_as_they_went_in", () => {
  const buffer = new GrowingBuffer();
  buffer.append(Buffer.from("abc"));
  buffer.drop(2);
  buffer.append(Buffer.from("def"));
  assert.equal(`${buffer.bytes}`, "cdef");
  buffer.drop(4);
  assert.equal(buffer.length, 0);
  buffer.append(Buffer.alloc(5000, "x"));
  buffer.append(Buffer.from("y"));
  assert.equal(buffer.length, 5001);
  assert.equal(`${buffer.bytes.subarray(4999)}`, "xy");
});

test("a_byte_is_moved_a_bounded_number_of_times", () => {
  const buffer = new GrowingBuffer();
  let moves = 0;
  let last = buffer.bytes.buffer;
  for (let count = 0; count < 100_000; count++) {
    buffer.append(Buffer.from("x"));
    if (buffer.bytes.buffer !== last) {
      moves++;
      last = buffer.bytes.buffer;
    }
  }
  assert(moves < 12, `${moves}`);
});
