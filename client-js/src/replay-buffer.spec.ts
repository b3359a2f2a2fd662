/*
 * What is kept, what is told anew, and what is dropped because it came twice.
 */

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { JsonHubProtocol } from "./json-protocol.js";
import { MessageType, type HubMessage } from "./message.js";
import { replayBuffer, type ReplayBuffer } from "./replay-buffer.js";
import { restore, settle, stopClock } from "./testing/fake-server.js";
import type { Frame } from "./transport/transport.js";

const PING: HubMessage = { type: MessageType.Ping };
const ack = (sequenceId: number): HubMessage => ({ type: MessageType.Ack, sequenceId });
const sequence = (sequenceId: number): HubMessage => ({ type: MessageType.Sequence, sequenceId });
const item = (item: unknown): HubMessage => ({ type: MessageType.StreamItem, invocationId: "1", item });

let buffer: ReplayBuffer;
let sent: HubMessage[];

beforeEach(() => {
  stopClock();
  sent = [];
  buffer = replayBuffer(10, async (message) => void sent.push(message));
});
afterEach(() => {
  buffer.stop();
  restore();
});

/** Whether a sender may go on. */
async function hasRoom(room: Promise<void> | undefined): Promise<boolean> {
  let isThere = false;
  void room?.then(() => (isThere = true));
  await settle();
  return isThere;
}

async function replayed(): Promise<Frame[]> {
  const frames: Frame[] = [];
  const transport = { send: async (frame: Frame) => void frames.push(frame), close: async () => undefined };
  await buffer.replay(transport, new JsonHubProtocol());
  return frames;
}

test("only_calls_items_completions_and_cancellations_are_kept", () => {
  assert.equal(buffer.keep(PING, "p"), undefined);
  assert.equal(buffer.keep(ack(1), "a"), undefined);
  assert.equal(buffer.keep({ type: MessageType.Close }, "c"), undefined);
  for (const type of [1, 2, 3, 4, 5]) {
    assert(buffer.keep({ type } as HubMessage, "m"), `type ${type}`);
  }
});

test("what_is_not_acknowledged_is_sent_again_after_a_sequence_that_names_the_first", async () => {
  void buffer.keep(item(1), "one");
  void buffer.keep(item(2), "two");
  void buffer.keep(item(3), new Uint8Array([3]));
  assert.equal(buffer.accepts(ack(1)), false);
  assert.deepEqual(await replayed(), ['{"type":9,"sequenceId":2}\x1e', "two", new Uint8Array([3])]);
});

test("with_nothing_to_send_again_the_sequence_names_the_next", async () => {
  assert.deepEqual(await replayed(), ['{"type":9,"sequenceId":1}\x1e']);
  void buffer.keep(item(1), "one");
  buffer.accepts(ack(1));
  assert.deepEqual(await replayed(), ['{"type":9,"sequenceId":2}\x1e']);
});

test("what_is_kept_while_it_is_replayed_is_sent_once_in_order", async () => {
  void buffer.keep(item(1), "one");
  const frames: Frame[] = [];
  const transport = {
    async send(frame: Frame) {
      if (frames.push(frame) === 2) {
        void buffer.keep(item(2), "two");
      }
    },
    close: async () => undefined,
  };
  await buffer.replay(transport, new JsonHubProtocol());
  assert.deepEqual(frames.slice(1), ["one", "two"]);
});

test("senders_wait_at_the_limit_until_enough_is_acknowledged", async () => {
  assert.equal(await hasRoom(buffer.keep(item(1), "123456789")), true);
  const second = buffer.keep(item(2), new Uint8Array(8));
  const third = buffer.keep(item(3), "x");
  assert.equal(await hasRoom(second), false);
  buffer.accepts(ack(1));
  assert.equal(await hasRoom(second), true);
  assert.equal(await hasRoom(third), true);
});

test("an_ack_of_what_was_received_follows_after_a_second", () => {
  assert.equal(buffer.accepts(item(1)), true);
  assert.equal(buffer.accepts(item(2)), true);
  mock.timers.tick(999);
  assert.deepEqual(sent, []);
  mock.timers.tick(1);
  assert.deepEqual(sent, [ack(2)]);
  mock.timers.tick(10_000);
  assert.equal(sent.length, 1);
});

test("what_comes_twice_is_dropped_and_acknowledged_again", () => {
  buffer.accepts(item(1));
  buffer.accepts(item(2));
  mock.timers.tick(1000);
  assert.equal(buffer.accepts(sequence(2)), false);
  assert.equal(buffer.accepts(item(2)), false);
  assert.equal(buffer.accepts(item(3)), true);
  mock.timers.tick(1000);
  assert.deepEqual(sent, [ack(2), ack(3)]);
});

test("a_sequence_beyond_what_was_received_is_fatal", () => {
  buffer.accepts(item(1));
  assert.throws(() => buffer.accepts(sequence(3)), {
    message: "Sequence ID greater than amount of messages we've received.",
    code: "closed",
  });
});

test("pings_are_not_for_the_hub_and_a_close_is", () => {
  assert.equal(buffer.accepts(PING), false);
  assert.equal(buffer.accepts({ type: MessageType.Close }), true);
});

test("no_ack_is_sent_after_stop", () => {
  buffer.accepts(item(1));
  buffer.stop();
  mock.timers.tick(1000);
  assert.deepEqual(sent, []);
});
