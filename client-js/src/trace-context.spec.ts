/*
 * The headers that a call gets.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { newTrace, traceContext } from "./trace-context.js";

const PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

test("each_call_begins_a_sampled_trace_of_its_own", () => {
  const headers = traceContext();
  const [first, second] = [headers("Echo"), headers("Echo")];
  assert.deepEqual(Object.keys(first ?? {}), ["traceparent"]);
  assert.match(first?.["traceparent"] ?? "", /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  assert.notEqual(first?.["traceparent"], second?.["traceparent"]);
});

test("a_source_gives_the_parent_by_the_method_that_is_called", () => {
  const headers = traceContext((target) => (target === "Echo" ? PARENT : undefined));
  assert.deepEqual(headers("Echo"), { traceparent: PARENT });
  assert.equal(headers("Other"), undefined);
});

test("a_source_may_give_all_headers_of_a_trace", () => {
  const given = { traceparent: PARENT, tracestate: "a=1", baggage: "user=ada" };
  assert.deepEqual(traceContext(() => given)("Echo"), given);
});

test("what_is_no_traceparent_is_not_sent", () => {
  const wrong = [
    "",
    "x",
    PARENT.toUpperCase(),
    PARENT.slice(1),
    PARENT + "0",
    PARENT.replace("00-4", "ff-4"),
    PARENT.replace(/-4[0-9a-f]*/, "-" + "0".repeat(32)),
    PARENT.replace("00f067aa0ba902b7", "0".repeat(16)),
  ];
  for (const traceparent of wrong) {
    assert.equal(traceContext(() => traceparent)("Echo"), undefined, traceparent);
    assert.equal(traceContext(() => ({ traceparent, tracestate: "a=1" }))("Echo"), undefined);
  }
  assert.equal(traceContext(() => ({ tracestate: "a=1" }))("Echo"), undefined);
  // A later version may have more fields.
  assert.deepEqual(traceContext(() => `01${PARENT.slice(2)}-x`)("Echo"), { traceparent: `01${PARENT.slice(2)}-x` });
});

test("a_source_that_throws_fails_the_call", () => {
  const failing = traceContext(() => {
    throw new Error("no context");
  });
  assert.throws(() => failing("Echo"), { message: "no context" });
});

test("a_trace_can_be_made_for_several_calls", () => {
  const trace = newTrace();
  const headers = traceContext(() => trace);
  assert.deepEqual(headers("A"), headers("B"));
});
