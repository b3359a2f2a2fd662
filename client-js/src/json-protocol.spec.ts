/*
 * The JSON protocol against what .NET wrote and read (tests/vectors).
 */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { JsonHubProtocol } from "./json-protocol.js";
import type { HubMessage } from "./message.js";

interface Written {
  readonly name: string;
  readonly json: string;
}
interface Reading {
  readonly text: string;
  readonly reads_as: string;
}

const written = vectors("hub-messages.json") as { messages: readonly Written[] };
const readings = vectors("reading.json") as {
  json: readonly Reading[];
  json_bytes: readonly { readonly name: string; readonly hex: string; readonly reads_as: string }[];
};

/** Where this client is stricter than .NET, which it may be: several values in one record. */
const STRICTER = ['{"type":6}{"type":6}'];

for (const { name, json } of written.messages) {
  test(`reads and writes as .NET wrote it: ${name}`, () => {
    const message: unknown = JSON.parse(json.slice(0, -1));
    assert.deepEqual(read(json), /"type":[45]/.test(json) ? [] : [message]);
    assert.equal(new JsonHubProtocol().writeMessage(message as HubMessage), JSON.stringify(JSON.parse(json.slice(0, -1))) + "\x1e");
  });
}

/** What a client does not read is not looked at: these properties, and messages that only clients send. */
const NOT_READ = /"headers":|"streamIds":|"type":[45]/;

for (const { text, reads_as } of readings.json.filter(({ text }) => !NOT_READ.test(text))) {
  test(`reads as .NET does: ${text} (${reads_as.slice(0, 40)})`, () => {
    if (STRICTER.includes(text) || reads_as.startsWith("connection closed")) {
      assert.throws(() => read(`${text}\x1e`), Error);
    } else if (reads_as === "ignored") {
      assert.deepEqual(read(`${text}\x1e`), []);
    } else {
      // What .NET reports as a binding failure is a well-formed message: types of arguments are the hub's matter.
      assert.deepEqual(read(`${text}\x1e`), [JSON.parse(text)]);
    }
  });
}

/** Where this client is more lenient: `JSON.parse` has no limit on depth. */
const DEEPER = ["depth 65", "depth 64 in an argument"];

for (const { name, hex, reads_as } of readings.json_bytes) {
  // What is not UTF-8 does not get here: the WebSocket ends with 1007.
  const text = Buffer.from(hex, "hex").toString("utf8");
  test(`reads as .NET does: ${name}`, () => {
    if (reads_as === "incomplete") {
      assert.throws(() => read(text), { message: "Message is incomplete." });
    } else {
      assert.equal(reads_as.startsWith("connection closed"), DEEPER.includes(name));
      assert.deepEqual(read(text), [JSON.parse(text.slice(0, -1))]);
    }
  });
}

test("all_messages_of_a_frame_are_read_in_order", () => {
  const frame = '{"type":6}\x1e{"type":99}\x1e{"type":3,"invocationId":"1"}\x1e';
  assert.deepEqual(read(frame), [{ type: 6 }, { type: 3, invocationId: "1" }]);
});

test("a_frame_that_ends_within_a_message_is_refused", () => {
  assert.throws(() => read('{"type":6}\x1e{"type"'), { message: "Message is incomplete." });
});

test("a_binary_frame_is_refused", () => {
  assert.throws(() => read(new ArrayBuffer(1)), {
    message: "Invalid input for JSON hub protocol. Expected a string.",
  });
});

test("errors_name_what_is_wrong", () => {
  assert.throws(() => read("[]\x1e"), { message: "Invalid payload." });
  assert.throws(() => read('{"type":2,"invocationId":"1"}\x1e'), {
    message: "Invalid payload for StreamItem message.",
  });
});

test("messages_that_only_clients_send_are_skipped", () => {
  assert.deepEqual(read('{"type":4,"invocationId":"1","target":"t","arguments":[]}\x1e{"type":5,"invocationId":"1"}\x1e'), []);
});

function read(frame: string | ArrayBuffer): unknown[] {
  return new JsonHubProtocol().parseMessages(frame);
}

function vectors(name: string): unknown {
  return JSON.parse(readFileSync(`../tests/vectors/${name}`, "utf8"));
}
