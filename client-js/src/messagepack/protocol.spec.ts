/*
 * The MessagePack protocol against what .NET wrote and read (tests/vectors).
 */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { MessageType } from "../message.js";
import { MessagePackHubProtocol } from "./protocol.js";

interface Written {
  readonly name: string;
  readonly json: string;
  readonly messagepack: string;
}
interface Reading {
  readonly hex: string;
  readonly reads_as: string;
}

const written = vectors("hub-messages.json") as { messages: readonly Written[] };
const readings = vectors("reading.json") as { messagepack: readonly Reading[] };
const protocol = new MessagePackHubProtocol({ useBigInt: true });

/** Arguments that MessagePack can say and JSON cannot. */
const arguments_: Readonly<Record<string, unknown>> = {
  "argument: long max": 2n ** 63n - 1n,
  "argument: ulong max": 2n ** 64n - 1n,
  "argument: long min": -(2n ** 63n),
  "argument: decimal 12.50": "12.50",
  "argument: bytes 0": new Uint8Array(),
  "argument: bytes 3": Uint8Array.of(1, 2, 255),
  "argument: bytes 300": new Uint8Array(300),
  "argument: object with property names": {
    FirstName: "Ada",
    Age: 36,
    Born: new Date("1815-12-10T00:00:00Z"),
    Kind: "Second",
    Nick: null,
  },
  "argument: enum": "Second",
  "argument: DateTime utc seconds": new Date("2026-11-22T10:20:30Z"),
  "argument: DateTime utc with ticks": new Date("2026-11-22T10:20:30.123Z"),
  "argument: DateTime before 1970": new Date("1960-01-01T00:00:00Z"),
  "argument: DateTimeOffset +02:00": [new Date("2026-11-22T10:20:30Z"), 120],
  "argument: TimeSpan": 937840050000,
  "argument: DateOnly": 739941,
  "argument: char": 120,
  'argument: tuple (1, "a")': [1, "a"],
};

/** What .NET writes longer than it could, or finer than JavaScript's values. */
const WRITTEN_OTHERWISE: Readonly<Record<string, string>> = {
  "argument: float 1.5": "11960180c0a17491cb3ff800000000000090",
  "argument: double 1.0": "09960180c0a174910190",
  "argument: nested": "0f960180c0a174919301a16192c3c090",
  "argument: dictionary": "1d960180c0a1749183a16201a141a178a66e657374656481a16b92010290",
  "argument: DateTime utc with ticks": "12960180c0a17491d7ff1d5353006b02c1ee90",
};

for (const { name, json, messagepack } of written.messages) {
  test(`reads and writes as .NET wrote it: ${name}`, () => {
    const expected = JSON.parse(json.slice(0, -1)) as { arguments?: unknown[] };
    if (name in arguments_) {
      expected.arguments = [arguments_[name]];
    }
    const [message, ...more] = protocol.parseMessages(bytes(messagepack));
    assert.deepEqual(more, []);
    assert(message);
    assert.deepEqual(message, expected);
    assert.equal(hex(protocol.writeMessage(message)), WRITTEN_OTHERWISE[name] ?? messagepack);
  });
}

/** How each reading looks in JavaScript. */
const messages: Readonly<Record<string, object>> = {
  "ping": { type: 6 },
  'invocation none send ["a"]': { type: 1, target: "send", arguments: ["a"] },
  "invocation none send [null]": { type: 1, target: "send", arguments: [null] },
  'invocation none SEND ["a"]': { type: 1, target: "SEND", arguments: ["a"] },
  'invocation none send ["a"] headers {"a":"b"}': { type: 1, headers: { a: "b" }, target: "send", arguments: ["a"] },
  'invocation 1 send ["a"]': { type: 1, invocationId: "1", target: "send", arguments: ["a"] },
  'invocation none send ["a"] streams 1': { type: 1, target: "send", arguments: ["a"], streamIds: ["1"] },
  "invocation none add [1,2]": { type: 1, target: "add", arguments: [1, 2] },
  "stream item s 1": { type: 2, invocationId: "s", item: 1 },
  "completion r void": { type: 3, invocationId: "r" },
  "completion r result 1": { type: 3, invocationId: "r", result: 1 },
  "completion r error e": { type: 3, invocationId: "r", error: "e" },
  "completion unknown void": { type: 3, invocationId: "unknown" },
  // .NET does not look at results that nobody waits for.
  "completion unknown result null": { type: 3, invocationId: "unknown", result: 1 },
  "cancel 1": { type: 5, invocationId: "1" },
  "close, error none, allowReconnect False": { type: 7 },
  "close, error e, allowReconnect False": { type: 7, error: "e" },
  "close, error none, allowReconnect True": { type: 7, allowReconnect: true },
  "close, error e, allowReconnect True": { type: 7, error: "e", allowReconnect: true },
  "ack 5": { type: 8, sequenceId: 5 },
  "sequence 5": { type: 9, sequenceId: 5 },
  'stream invocation 1 send ["a"]': { type: 4, invocationId: "1", target: "send", arguments: ["a"] },
};

/** Where this client is stricter than .NET, which closes the connection on less. */
const STRICTER: Readonly<Record<string, string>> = {
  "02910691": "a frame that ends within a message is refused whole",
  "0c940180c0a473656e6491a161": "arguments behind the end of the list",
  "0d960180c0a473656e64c0a16190": "arguments that are no list",
  "06940380a17203": "a result that is announced and not there",
  "05930280a173": "an item that is not there",
};

for (const { hex: text, reads_as } of readings.messagepack) {
  test(`reads as .NET does: ${text} (${reads_as.slice(0, 40)})`, () => {
    const read = (): unknown[] => protocol.parseMessages(bytes(text));
    if (text === "") {
      assert.deepEqual(read(), []);
    } else if (text in STRICTER || reads_as === "incomplete" || reads_as.startsWith("connection closed")) {
      assert.throws(read, Error);
    } else if (reads_as === "ignored") {
      assert.deepEqual(read(), []);
    } else if (reads_as in messages) {
      assert.deepEqual(read(), [messages[reads_as]]);
    } else {
      // Types of arguments, items and results are the hub's matter: to the protocol the message is well-formed.
      assert.match(reads_as, /binding failure|Error trying to deserialize/);
      assert.equal(read().length, 1);
    }
  });
}

test("whatever_becomes_of_a_message_it_is_read_or_refused", () => {
  for (const { messagepack } of written.messages) {
    const good = Buffer.from(messagepack, "hex");
    for (let at = 0; at < Math.min(good.length, 64); at++) {
      for (const byte of [0x00, 0x7f, 0x80, 0x90, 0xa1, 0xc0, 0xc1, 0xc4, 0xc7, 0xd3, 0xd9, 0xdb, 0xdd, 0xdf, 0xff]) {
        const bad = Uint8Array.from(good);
        bad[at] = byte;
        try {
          protocol.parseMessages(bad);
        } catch (error) {
          // Of this client, and not of the engine.
          assert.match(
            String(error),
            /^Error: (Cannot read|Messages bigger|Incomplete|Invalid|Insufficient|Unrecognized|The type of key)/,
          );
        }
      }
    }
  }
});

test("all_messages_of_a_frame_are_read_in_order", () => {
  const frame = bytes("029106" + "0391630a" + "06940380a13102");
  assert.deepEqual(protocol.parseMessages(frame), [{ type: 6 }, { type: 3, invocationId: "1" }]);
});

test("a_frame_may_be_a_view_of_a_larger_buffer", () => {
  const larger = new Uint8Array([1, 2, 3, 2, 0x91, 6, 4]);
  assert.deepEqual(protocol.parseMessages(larger.subarray(3, 6)), [{ type: 6 }]);
});

test("text_is_refused", () => {
  assert.throws(() => protocol.parseMessages("{}\x1e"), {
    message: "Invalid input for MessagePack hub protocol. Expected an ArrayBuffer.",
  });
});

test("errors_name_the_message_that_is_wrong", () => {
  assert.throws(() => protocol.parseMessages(bytes("03920580")), {
    message: "Invalid payload for message type 5.",
  });
  assert.throws(() => protocol.parseMessages(bytes("0106")), { message: "Invalid payload." });
});

test("headers_are_texts_by_text", () => {
  for (const headers of ["c0", "90", "c400", "81c3a161", "81a16101", "81a161c0"]) {
    const body = `9305${headers}a131`;
    assert.throws(() => protocol.parseMessages(bytes(frame(body))), Error, headers);
  }
});

test("a_message_without_an_optional_property_is_written_with_its_absence", () => {
  const call = { type: MessageType.Invocation, target: "t", arguments: [] } as const;
  assert.equal(hex(protocol.writeMessage(call)), "08960180c0a1749090");
  const completion = { type: MessageType.Completion, invocationId: "1", result: undefined } as const;
  assert.equal(hex(protocol.writeMessage(completion)), "06940380a13102");
});

test("undefined_is_nil", () => {
  const item = { type: MessageType.StreamItem, invocationId: "1", item: undefined } as const;
  assert.equal(hex(protocol.writeMessage(item)), "06940280a131c0");
});

test("it_is_named_as_the_official_one", () => {
  assert.deepEqual([protocol.name, protocol.version, protocol.transferFormat], ["messagepack", 2, 2]);
});

function bytes(text: string): ArrayBuffer {
  return new Uint8Array(Buffer.from(text, "hex")).buffer;
}

function frame(body: string): string {
  return Buffer.of(body.length / 2).toString("hex") + body;
}

function hex(data: Uint8Array): string {
  return Buffer.from(data).toString("hex");
}

function vectors(name: string): unknown {
  return JSON.parse(readFileSync(`../tests/vectors/${name}`, "utf8"));
}
