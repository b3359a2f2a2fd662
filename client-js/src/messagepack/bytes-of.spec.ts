/*
 * Which bytes a view or buffer stands for.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesOf } from "./bytes-of.js";

test("a_buffer_is_all_its_bytes_and_a_view_its_part", () => {
  const { buffer } = Uint8Array.of(1, 2, 3, 4);
  assert.deepEqual(bytesOf(buffer), Uint8Array.of(1, 2, 3, 4));
  assert.deepEqual(bytesOf(new DataView(buffer, 1, 2)), Uint8Array.of(2, 3));
  assert.deepEqual(bytesOf(new Uint16Array(buffer, 2)), Uint8Array.of(3, 4));
  assert.deepEqual(bytesOf(new ArrayBuffer(0)), Uint8Array.of());
});

test("it_shares_memory_and_is_no_buffer_of_node", () => {
  const original = Buffer.of(1, 2);
  const bytes = bytesOf(original);
  original[0] = 9;
  assert.deepEqual(bytes, Uint8Array.of(9, 2));
});
