/*
 * Frames as they are written.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { closePayload, isCloseCode, Opcode, writeFrame } from "./frame.js";

/** Undoes the mask, which starts at `start`. */
function unmasked(frame: Buffer, start: number): Buffer {
  const mask = frame.subarray(start, start + 4);
  return frame.subarray(start + 4).map((byte, index) => byte ^ (mask[index % 4] ?? 0)) as Buffer;
}

test("the_length_is_as_short_as_it_can_be_and_the_payload_is_masked", () => {
  for (const [length, head, start] of [
    [0, [0x81, 0x80], 2],
    [125, [0x81, 0x80 | 125], 2],
    [126, [0x81, 0x80 | 126, 0, 126], 4],
    [65_535, [0x81, 0x80 | 126, 0xff, 0xff], 4],
    [65_536, [0x81, 0x80 | 127, 0, 0, 0, 0, 0, 1, 0, 0], 10],
  ] as const) {
    const payload = Buffer.alloc(length, "abc");
    const frame = writeFrame(Opcode.Text, payload);
    assert.deepEqual([...frame.subarray(0, start)], head);
    assert.deepEqual(unmasked(frame, start), payload);
  }
});

test("masks_differ", () => {
  const masks = new Set<string>();
  // More than one filling of the pool of random bytes.
  for (let count = 0; count < 2000; count++) {
    masks.add(writeFrame(Opcode.Ping, Buffer.alloc(0)).toString("hex", 2, 6));
  }
  assert(masks.size > 1990, `${masks.size}`);
});

test("a_close_has_a_code_and_a_reason_or_nothing", () => {
  assert.deepEqual([...closePayload(1000, "é")], [0x03, 0xe8, 0xc3, 0xa9]);
  assert.deepEqual([...closePayload(undefined, "")], []);
});

test("codes_that_are_not_for_frames_are_known", () => {
  assert.deepEqual([1000, 1001, 1003, 1007, 1011, 1014, 3000, 4999].map(isCloseCode), Array(8).fill(true));
  assert.deepEqual([0, 999, 1004, 1005, 1006, 1015, 2999, 5000].map(isCloseCode), Array(8).fill(false));
});
