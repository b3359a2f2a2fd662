/*
 * Beside the official protocol: each reads what the other writes, and where a value has one shortest form, the bytes are
 * equal.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { NullLogger, type InvocationMessage as OfficialInvocation } from "@microsoft/signalr";
import { MessagePackHubProtocol as OfficialProtocol } from "@microsoft/signalr-protocol-msgpack";
import { MessageType, type InvocationMessage } from "../message.js";
import { MessagePackHubProtocol } from "./protocol.js";

const ours = new MessagePackHubProtocol();
const official = new OfficialProtocol();

/** The same numbers in every run. */
let state = 1;
const random = (below: number): number => (state = (state * 48_271) % 0x7fffffff) % below;

function anyValue(depth: number): unknown {
  const kind = random(depth > 4 ? 8 : 10);
  const length = random(random(20) === 0 ? 70_000 : 40);
  switch (kind) {
    case 0:
      return [null, true, false][random(3)];
    case 1:
      return random(2) ? random(300) : -1 - random(300);
    case 2:
      return (1 + random(0x7fffffff)) * (1 + random(0x3fffff)) * (random(2) ? 1 : -1);
    case 3:
      return random(1000) / 8;
    case 4:
      return ["a", "é", "✓", "😀", "\0"][random(5)]?.repeat(length);
    case 5:
      return Uint8Array.from({ length }, () => random(256));
    case 6:
      return new Date((random(0x7fffffff) - 0x3fffffff) * random(20_000));
    case 7:
      return "";
    case 8:
      return Array.from({ length: length % 50 }, () => anyValue(depth + 1));
    default:
      return Object.fromEntries(Array.from({ length: length % 20 }, (_, index) => [`key ${index}`, anyValue(depth + 1)]));
  }
}

test("what_either_writes_is_the_same_and_the_other_reads_it", () => {
  for (let round = 0; round < 150; round++) {
    const call = {
      type: MessageType.Invocation,
      headers: round % 2 ? { a: "b" } : {},
      invocationId: `${round}`,
      target: "target",
      arguments: Array.from({ length: random(4) }, () => anyValue(0)),
      streamIds: ["1"],
    } satisfies InvocationMessage;
    const written = ours.writeMessage(call);
    const expected = official.writeMessage(call as unknown as OfficialInvocation);
    assert(Buffer.from(written).equals(Buffer.from(expected)), `round ${round}`);
    const [read] = ours.parseMessages(expected) as [InvocationMessage];
    const [theirs] = official.parseMessages(written.slice().buffer, NullLogger.instance) as [OfficialInvocation];
    assert.deepEqual(read.arguments, call.arguments);
    assert.deepEqual(plain(theirs.arguments), call.arguments);
  }
});

/** The official one gives bytes as views, of Node's own class if it has been given one. */
function plain(value: unknown): unknown {
  return value instanceof Uint8Array
    ? new Uint8Array(value)
    : Array.isArray(value)
      ? value.map(plain)
      : value && Object.getPrototypeOf(value) === Object.prototype
        ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]))
        : value;
}
