/*
 * The codec, both ways: what a value is in bytes, and what comes back.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { decoder } from "./decode.js";
import { encoder } from "./encode.js";
import { ExtData, type MessagePackOptions } from "./options.js";

const write = <C>(value: unknown, options: MessagePackOptions<C> = {}): string =>
  Buffer.from(encoder(options, 0)(value)).toString("hex");
const read = (text: string, options: MessagePackOptions = {}): unknown => decoder(options)(Buffer.from(text, "hex"));

test("every_integer_takes_its_shortest_form", () => {
  const forms: [number, string][] = [
    [0, "00"],
    [127, "7f"],
    [128, "cc80"],
    [255, "ccff"],
    [256, "cd0100"],
    [65535, "cdffff"],
    [65536, "ce00010000"],
    [2 ** 32 - 1, "ceffffffff"],
    [2 ** 32, "cf0000000100000000"],
    [Number.MAX_SAFE_INTEGER, "cf001fffffffffffff"],
    [-1, "ff"],
    [-32, "e0"],
    [-33, "d0df"],
    [-128, "d080"],
    [-129, "d1ff7f"],
    [-32768, "d18000"],
    [-32769, "d2ffff7fff"],
    [-(2 ** 31), "d280000000"],
    [-(2 ** 31) - 1, "d3ffffffff7fffffff"],
    [Number.MIN_SAFE_INTEGER, "d3ffe0000000000001"],
  ];
  for (const [value, form] of forms) {
    assert.equal(write(value), form);
    assert.equal(read(form), value);
    assert.equal(read(form, { useBigInt: true }), value);
  }
});

test("integers_that_a_number_cannot_hold_become_the_nearest_number_or_a_bigint_as_asked", () => {
  const forms: [bigint, string, number][] = [
    [2n ** 53n, "cf0020000000000000", 2 ** 53],
    [2n ** 53n + 1n, "cf0020000000000001", 2 ** 53],
    [2n ** 64n - 1n, "cfffffffffffffffff", 2 ** 64],
    [-(2n ** 63n), "d38000000000000000", -(2 ** 63)],
  ];
  for (const [value, form, nearest] of forms) {
    assert.equal(write(value), form);
    assert.equal(read(form), nearest);
    assert.equal(read(form, { useBigInt: true }), value);
  }
  for (const value of [2n ** 64n, -(2n ** 63n) - 1n]) {
    assert.throws(() => write(value), { message: "Unrecognized object: [object BigInt]" });
  }
});

test("numbers_that_are_no_integers_are_floats", () => {
  for (const [value, form] of [
    [0.5, "cb3fe0000000000000"],
    [2 ** 53, "cb4340000000000000"],
    [Infinity, "cb7ff0000000000000"],
    [NaN, "cb7ff8000000000000"],
  ] as const) {
    assert.equal(write(value), form);
    assert.equal(read(form), value);
  }
  assert.equal(read("ca3f000000"), 0.5);
});

test("nil_and_booleans", () => {
  assert.equal(write([null, undefined, true, false]), "94c0c0c3c2");
  assert.deepEqual(read("94c0c0c3c2"), [null, null, true, false]);
});

test("strings_bytes_lists_and_maps_of_every_size_come_back", () => {
  for (const size of [0, 1, 15, 16, 31, 32, 255, 256, 65_535, 65_536]) {
    const values = [
      "a".repeat(size),
      "é".repeat(size),
      new Uint8Array(size).fill(7),
      Array.from({ length: size }, (_, index) => index),
      Object.fromEntries(Array.from({ length: size }, (_, index) => [`key ${index}`, index])),
    ];
    for (const value of values) {
      assert.deepEqual(read(write(value)), value);
    }
  }
});

test("text_keeps_its_byte_order_mark_and_loses_lone_surrogates", () => {
  assert.equal(read(write("\uFEFFa😀")), "\uFEFFa😀");
  assert.equal(read(write("\uD83D")), "\uFFFD");
  assert.equal(read("a1ff"), "\uFFFD");
});

test("one_writer_writes_any_number_of_values_of_any_size", () => {
  const write = encoder({}, 0);
  const read = decoder({});
  const first = write("first");
  for (const size of [10, 100_000, 10, 5000, 1]) {
    const values = ["a".repeat(size), new Uint8Array(size), Array.from({ length: size }, () => "é✓")];
    for (const value of values) {
      assert.deepEqual(read(write(value)), value);
    }
    assert.throws(() => write([1, () => 1]));
  }
  assert.equal(read(first), "first");
});

test("every_view_and_buffer_is_bytes", () => {
  const { buffer } = Uint8Array.of(1, 2, 3, 4);
  assert.equal(write(buffer), "c40401020304");
  assert.equal(write(new Uint8Array(buffer, 1, 2)), "c4020203");
  assert.equal(write(new DataView(buffer, 2)), "c4020304");
});

test("what_is_read_shares_no_memory_with_the_frame", () => {
  const frame = Buffer.from("c40101", "hex");
  const value = decoder({})(frame);
  frame[2] = 9;
  assert.deepEqual(value, Uint8Array.of(1));
});

test("a_map_has_the_keys_of_an_object_or_a_map", () => {
  assert.equal(write({ b: 1, a: undefined }), "82a16201a161c0");
  assert.equal(write({ b: 1, a: undefined }, { ignoreUndefined: true }), "81a16201");
  assert.equal(write(new Map<unknown, unknown>([[1, "x"]])), "8101a178");
  assert.deepEqual(read("8101a178"), { 1: "x" });
});

test("a_key_cannot_change_what_the_object_is", () => {
  const value = read("81a95f5f70726f746f5f5f81a16101") as object;
  assert.equal(Object.getPrototypeOf(value), Object.prototype);
  assert.deepEqual(Object.keys(value), ["__proto__"]);
});

test("a_key_that_is_neither_text_nor_number_is_refused", () => {
  for (const form of ["81c001", "819001", "81c301", "81c4016101"]) {
    assert.throws(() => read(form), { message: "The type of key must be string or number." });
  }
});

test("functions_and_symbols_cannot_be_written", () => {
  assert.throws(() => write([() => 1]), { message: "Unrecognized object: [object Function]" });
  assert.throws(() => write({ a: Symbol("a") }), { message: "Unrecognized object: [object Symbol]" });
});

test("nesting_ends_at_the_limit_in_both_directions", () => {
  const nested = (depth: number): unknown => (depth === 1 ? [] : [nested(depth - 1)]);
  assert.deepEqual(read(write(nested(100))), nested(100));
  assert.throws(() => write(nested(101)), { message: "Too deep objects in depth 101" });
  assert.throws(() => read("91".repeat(101)), { message: "Too deep objects in depth 101" });
  assert.throws(() => read("81a161".repeat(101)), { message: "Too deep objects in depth 101" });
  assert.equal(write(nested(2), { maxDepth: 2 }), "9190");
  assert.throws(() => write(nested(3), { maxDepth: 2 }), { message: "Too deep objects in depth 3" });
  const round: unknown[] = [];
  round.push(round);
  assert.throws(() => write(round), { message: "Too deep objects in depth 101" });
});

test("a_claimed_length_is_not_believed", () => {
  // Each announces up to four thousand million of something, and has none.
  for (const form of ["dbffffffff", "c6ffffffff", "c9ffffffff01", "ddffffffff", "dfffffffff", "da0001", "d8", "bf61"]) {
    assert.throws(() => read(form), { message: "Insufficient data." }, form);
  }
});

test("every_value_that_is_cut_short_is_refused", () => {
  const whole = write([1, 300, -70_000, 2 ** 40, 0.5, "text", new Uint8Array(3), { a: [new Date(0)] }, new Date(1)]);
  for (let length = 0; length < whole.length; length += 2) {
    assert.throws(() => read(whole.slice(0, length)), { message: "Insufficient data." });
  }
});

test("the_byte_that_means_nothing_is_refused", () => {
  assert.throws(() => read("c1"), { message: "Unrecognized type byte: 0xc1" });
});

test("any_bytes_give_a_value_or_an_error", () => {
  const decode = decoder({});
  let state = 1;
  const random = (): number => (state = (state * 48_271) % 0x7fffffff);
  for (let round = 0; round < 20_000; round++) {
    const bytes = Uint8Array.from({ length: random() % 24 }, () => random() & 0xff);
    try {
      decode(bytes);
    } catch (error) {
      assert(error instanceof Error);
      assert.match(error.message, /^(Insufficient data|Unrecognized type byte|The type of key|Invalid timestamp)/);
    }
  }
});

test("extension_types_that_nobody_knows_come_back_as_they_are", () => {
  for (const size of [0, 1, 2, 3, 4, 8, 16, 17, 256, 65_536]) {
    const value = new ExtData(-5, new Uint8Array(size).fill(1));
    assert.deepEqual(read(write(value)), value);
  }
  assert.equal(write(new ExtData(7, Uint8Array.of(1))), "d40701");
  assert.equal(write(new ExtData(7, Uint8Array.of(1, 2, 3))), "c70307010203");
});

test("a_codec_of_ones_own_writes_and_reads_extensions", () => {
  class Money {
    constructor(readonly cents: number) {}
  }
  const options: MessagePackOptions<{ factor: number }> = {
    context: { factor: 2 },
    extensionCodec: {
      tryToEncode: (object, { factor }) =>
        object instanceof Money ? { type: 1, data: Uint8Array.of(object.cents * factor) } : null,
      decode: (data, type, { factor }) => (type === 1 ? new Money((data[0] ?? 0) / factor) : type),
    },
  };
  assert.equal(write([new Money(3), { a: 1 }], options), "92d4010681a16101");
  const back = decoder(options)(Buffer.from("92d40106d6ff00000000", "hex"));
  assert.deepEqual(back, [new Money(3), -1]);
});
