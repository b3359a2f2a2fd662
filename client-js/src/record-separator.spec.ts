/*
 * Frames of text records.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { readRecords, writeRecord } from "./record-separator.js";

test("a_record_ends_in_0x1e", () => {
  assert.equal(writeRecord("{}"), "{}\x1e");
});

test("an_empty_frame_has_no_records", () => {
  assert.deepEqual(readRecords(""), []);
});

test("an_empty_record_is_a_record", () => {
  assert.deepEqual(readRecords("\x1ea\x1e"), ["", "a"]);
});
