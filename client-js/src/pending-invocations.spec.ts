/*
 * Calls and their completions.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { MessageType } from "./message.js";
import { PendingInvocations } from "./pending-invocations.js";

const type = MessageType.Completion;

test("completions_find_their_calls_in_any_order", async () => {
  const pending = new PendingInvocations();
  const [first, second] = [pending.open(), pending.open()];
  pending.complete({ type, invocationId: "1", result: "b" });
  pending.complete({ type, invocationId: "0" });
  assert.equal(await second.result, "b");
  assert.equal(await first.result, undefined);
});

test("an_error_rejects_with_the_servers_text", async () => {
  const pending = new PendingInvocations();
  const { invocationId, result } = pending.open();
  pending.complete({ type, invocationId, error: "no" });
  await assert.rejects(result, { message: "no" });
});

test("an_empty_error_is_an_error", async () => {
  const pending = new PendingInvocations();
  const { invocationId, result } = pending.open();
  pending.complete({ type, invocationId, error: "" });
  await assert.rejects(result, { message: "" });
});

test("a_completion_that_nobody_waits_for_is_ignored", () => {
  new PendingInvocations().complete({ type, invocationId: "7", result: 1 });
});

test("fail_all_rejects_every_call_and_ids_go_on", async () => {
  const pending = new PendingInvocations();
  const [first, second] = [pending.open(), pending.open()];
  pending.failAll(new Error("lost"));
  await assert.rejects(first.result, { message: "lost" });
  await assert.rejects(second.result, { message: "lost" });
  assert.equal(pending.open().invocationId, "2");
});
