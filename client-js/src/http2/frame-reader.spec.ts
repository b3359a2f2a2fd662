/*
 * Frames as they are read, whole and cut at every place, right and wrong.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { Opcode } from "./frame.js";
import { FrameError, FrameReader } from "./frame-reader.js";

const LIMIT = 70_000;

/** A frame as a server writes it. */
function frame(opcode: number, payload: string | Buffer, final = true): Buffer {
  const bytes = Buffer.from(payload);
  const head = Buffer.alloc(bytes.length < 126 ? 2 : bytes.length < 65_536 ? 4 : 10);
  head[0] = (final ? 0x80 : 0) | opcode;
  if (head.length === 2) {
    head[1] = bytes.length;
  } else if (head.length === 4) {
    head[1] = 126;
    head.writeUInt16BE(bytes.length, 2);
  } else {
    head[1] = 127;
    head.writeBigUInt64BE(BigInt(bytes.length), 2);
  }
  return Buffer.concat([head, bytes]);
}

/** What is heard of bytes that come in pieces of a size. */
function read(bytes: Buffer, size = bytes.length): unknown[] {
  const heard: unknown[] = [];
  const reader = new FrameReader(
    {
      message: (data) => heard.push(typeof data === "string" ? data : [...new Uint8Array(data)]),
      ping: (payload) => heard.push(`ping ${payload}`),
      close: (code, reason) => heard.push(`close ${code} ${reason}`),
    },
    LIMIT,
  );
  for (let start = 0; start < bytes.length; start += size) {
    reader.push(bytes.subarray(start, start + size));
  }
  return heard;
}

function refusal(bytes: Buffer): number | undefined {
  try {
    read(bytes);
    return undefined;
  } catch (thrown) {
    return thrown instanceof FrameError ? thrown.closeCode : 0;
  }
}

test("messages_pings_and_the_close_are_heard_in_order_however_they_are_cut", () => {
  const long = "é".repeat(40_00);
  const longest = "x".repeat(LIMIT);
  const bytes = Buffer.concat([
    frame(Opcode.Text, "one"),
    frame(Opcode.Binary, Buffer.from([1, 2, 3])),
    frame(Opcode.Text, "", true),
    frame(Opcode.Text, "in ", false),
    frame(Opcode.Ping, "p"),
    frame(Opcode.Continuation, "th", false),
    frame(Opcode.Pong, "unasked"),
    frame(Opcode.Continuation, "ree"),
    frame(Opcode.Text, long),
    frame(Opcode.Text, longest),
    frame(Opcode.Close, Buffer.concat([Buffer.from([0x03, 0xe8]), Buffer.from("bye")])),
  ]);
  const expected = ["one", [1, 2, 3], "", "ping p", "in three", long, longest, "close 1000 bye"];
  for (const size of [1, 2, 3, 7, 126, 4096, bytes.length]) {
    assert.deepEqual(read(bytes, size), expected);
  }
});

test("a_character_may_be_cut_by_a_frame", () => {
  const [first, second] = [Buffer.from("é").subarray(0, 1), Buffer.from("é").subarray(1)];
  assert.deepEqual(read(Buffer.concat([frame(Opcode.Text, first, false), frame(Opcode.Continuation, second)])), ["é"]);
});

test("nothing_is_heard_after_the_close", () => {
  assert.deepEqual(read(Buffer.concat([frame(Opcode.Close, ""), frame(Opcode.Text, "late")])), ["close 1005 "]);
});

test("what_a_server_may_not_send_is_refused_with_1002", () => {
  const masked = frame(Opcode.Text, "a");
  masked[1] = 0x81;
  const wrong: [string, Buffer][] = [
    ["masked", masked],
    ["reserved bit", Buffer.from([0xc1, 0])],
    ["unknown opcode", frame(3, "")],
    ["unknown control opcode", frame(11, "")],
    ["control in parts", frame(Opcode.Ping, "", false)],
    ["long control", frame(Opcode.Ping, Buffer.alloc(126))],
    ["continuation of nothing", frame(Opcode.Continuation, "")],
    ["message in a message", Buffer.concat([frame(Opcode.Text, "", false), frame(Opcode.Text, "")])],
    ["half a close code", frame(Opcode.Close, Buffer.from([3]))],
    ["close code 1006", frame(Opcode.Close, Buffer.from([0x03, 0xee]))],
  ];
  assert.deepEqual(
    wrong.map(([name, bytes]) => [name, refusal(bytes)]),
    wrong.map(([name]) => [name, 1002]),
  );
});

test("text_that_is_not_utf_8_is_refused_with_1007", () => {
  assert.equal(refusal(frame(Opcode.Text, Buffer.from([0xc3, 0x28]))), 1007);
  assert.equal(refusal(frame(Opcode.Close, Buffer.from([0x03, 0xe8, 0xff]))), 1007);
});

test("a_message_over_the_limit_is_refused_with_1009_by_its_head", () => {
  const head = Buffer.alloc(10);
  head[0] = 0x81;
  head[1] = 127;
  head.writeBigUInt64BE(BigInt(LIMIT + 1), 2);
  assert.equal(refusal(head), 1009);
  head.writeBigUInt64BE(2n ** 64n - 1n, 2);
  assert.equal(refusal(head), 1009);
  const part = frame(Opcode.Continuation, Buffer.alloc(1));
  assert.equal(refusal(Buffer.concat([frame(Opcode.Binary, Buffer.alloc(LIMIT), false), part])), 1009);
});

test("no_bytes_do_more_than_be_refused", () => {
  // A generator of numbers that are the same each time.
  let state = 12_345;
  const next = (): number => (state = (state * 1_103_515_245 + 12_345) & 0x7fffffff) >> 16;
  for (let count = 0; count < 2_000; count++) {
    const bytes = Buffer.from(Array.from({ length: next() % 40 }, () => next() & 0xff));
    assert.notEqual(refusal(bytes), 0, bytes.toString("hex"));
  }
});
