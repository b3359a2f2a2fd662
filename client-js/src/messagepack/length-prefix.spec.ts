/*
 * Lengths at the edges of their forms, and lengths that lie.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { PREFIX_SIZE, splitMessages, writePrefix } from "./length-prefix.js";

const split = (text: string): Uint8Array[] => splitMessages(Buffer.from(text, "hex"));

test("a_message_of_any_size_comes_back", () => {
  for (const [size, prefix] of [
    [0, "00"],
    [1, "01"],
    [127, "7f"],
    [128, "8001"],
    [16_383, "ff7f"],
    [16_384, "808001"],
    [2_097_152, "80808001"],
  ] as const) {
    const frame = writePrefix(new Uint8Array(PREFIX_SIZE + size).fill(7));
    assert.equal(frame.length, prefix.length / 2 + size);
    assert.equal(Buffer.from(frame.subarray(0, prefix.length / 2)).toString("hex"), prefix);
    assert.deepEqual(splitMessages(frame), [new Uint8Array(size).fill(7)]);
  }
});

test("a_frame_has_any_number_of_messages", () => {
  assert.deepEqual(split(""), []);
  assert.deepEqual(split("000141").map((message) => message.length), [0, 1]);
});

test("a_length_that_does_not_end_is_refused", () => {
  assert.throws(() => split("80"), { message: "Cannot read message size." });
  assert.throws(() => split("00ffff"), { message: "Cannot read message size." });
});

test("a_length_of_two_gigabytes_and_more_is_refused", () => {
  for (const length of ["8080808008", "ffffffff0f", "808080808000", "ffffffffff"]) {
    assert.throws(() => split(length), { message: "Messages bigger than 2GB are not supported." }, length);
  }
  assert.throws(() => split("ffffffff07"), { message: "Incomplete message." });
});

test("a_length_beyond_the_frame_is_refused", () => {
  assert.throws(() => split("0141" + "0241"), { message: "Incomplete message." });
});
