/*
 * A stream in a component: what is rendered, and when it begins again and ends.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeHub } from "../testing/fake-hub.js";
import { during, renderHook } from "../testing/react.js";
import { useStream, type StreamOptions, type StreamState } from "./use-stream.js";

interface Props {
  readonly hub: FakeHub | undefined;
  readonly args?: readonly unknown[];
  readonly options?: StreamOptions;
}

const use = ({ hub, args = [], options }: Props): StreamState<number> => useStream<number>(hub, "Counter", args, options);

function connected(): FakeHub {
  const hub = new FakeHub();
  hub.state = "Connected";
  return hub;
}

test("items_are_rendered_until_the_stream_completes", async () => {
  const hub = connected();
  const rendered = await renderHook(use, { hub, args: [3] });
  assert.equal(rendered.result.status, "streaming");
  assert.deepEqual([hub.streams[0]?.name, hub.streams[0]?.args], ["Counter", [3]]);
  await during(() => hub.streams[0]?.next(0));
  assert.deepEqual([rendered.result.items, rendered.result.latest], [[0], 0]);
  await during(() => {
    hub.streams[0]?.next(1);
    hub.streams[0]?.complete();
  });
  assert.deepEqual([rendered.result.items, rendered.result.latest, rendered.result.status], [[0, 1], 1, "completed"]);
  assert.equal(rendered.result.error, undefined);
});

test("items_that_arrive_together_are_rendered_together", async () => {
  const hub = connected();
  const rendered = await renderHook(use, { hub });
  const before = rendered.renderings;
  await during(() => {
    for (let item = 0; item < 50; item++) {
      hub.streams[0]?.next(item);
    }
  });
  assert.equal(rendered.result.items.length, 50);
  assert.equal(rendered.renderings, before + 1);
});

test("only_the_newest_items_are_kept", async () => {
  const hub = connected();
  const rendered = await renderHook(use, { hub });
  await during(() => Array.from({ length: 150 }, (_, item) => hub.streams[0]?.next(item)));
  assert.deepEqual(rendered.result.items, Array.from({ length: 100 }, (_, index) => index + 50));

  const other = connected();
  const few = await renderHook(use, { hub: other, options: { limit: 2 } });
  for (const item of [1, 2, 3]) {
    await during(() => other.streams[0]?.next(item));
  }
  assert.deepEqual([few.result.items, few.result.latest], [[2, 3], 3]);
});

test("a_failed_stream_says_why", async () => {
  const hub = connected();
  const rendered = await renderHook(use, { hub });
  const why = new Error("no more");
  await during(() => {
    hub.streams[0]?.next(1);
    hub.streams[0]?.error(why);
  });
  assert.deepEqual([rendered.result.items, rendered.result.status, rendered.result.error], [[1], "failed", why]);
});

test("other_arguments_begin_another_stream_and_the_same_do_not", async () => {
  const hub = connected();
  const rendered = await renderHook(use, { hub, args: ["a", 1] });
  await during(() => hub.streams[0]?.next(1));
  await rendered.rerender({ hub, args: ["a", 1] });
  assert.equal(hub.streams.length, 1);
  await rendered.rerender({ hub, args: ["b", 1] });
  assert.deepEqual(hub.streams.map((stream) => [stream.args, stream.disposed]), [
    [["a", 1], true],
    [["b", 1], false],
  ]);
  assert.deepEqual([rendered.result.items, rendered.result.status], [[], "streaming"]);
  await during(() => {
    hub.streams[0]?.next(2);
    hub.streams[1]?.next(3);
  });
  assert.deepEqual(rendered.result.items, [3]);
  await rendered.rerender({ hub, args: ["b"] });
  assert.deepEqual(hub.streams[2]?.args, ["b"]);
});

test("a_component_that_goes_cancels_its_stream", async () => {
  const hub = connected();
  const rendered = await renderHook(use, { hub });
  await rendered.unmount();
  assert.equal(hub.streams[0]?.disposed, true);
});

test("in_strict_mode_one_stream_is_left", async () => {
  const hub = connected();
  const rendered = await renderHook(use, { hub }, { strict: true });
  assert.deepEqual(hub.streams.map((stream) => stream.disposed), [true, false]);
  await during(() => {
    hub.streams[0]?.next(1);
    hub.streams[1]?.next(2);
  });
  assert.deepEqual(rendered.result.items, [2]);
});

test("it_waits_for_a_connection", async () => {
  const rendered = await renderHook(use, { hub: undefined });
  assert.deepEqual([rendered.result.status, rendered.result.items], ["waiting", []]);
  const hub = new FakeHub();
  await rendered.rerender({ hub });
  assert.equal(rendered.result.status, "waiting");
  await during(() => hub.become("Connected"));
  assert.equal(rendered.result.status, "streaming");
  assert.equal(hub.streams.length, 1);
});

test("it_begins_again_after_a_reconnect_and_keeps_its_items_until_then", async () => {
  const hub = connected();
  const rendered = await renderHook(use, { hub });
  const lost = new Error("lost");
  await during(() => hub.streams[0]?.next(1));
  await during(() => {
    hub.streams[0]?.error(lost);
    hub.become("Reconnecting", lost);
  });
  assert.deepEqual([rendered.result.items, rendered.result.status, rendered.result.error], [[1], "waiting", lost]);
  await during(() => hub.become("Connected"));
  assert.deepEqual([rendered.result.items, rendered.result.status, rendered.result.error], [[], "streaming", undefined]);
  assert.equal(hub.streams.length, 2);
});

test("a_completed_stream_does_not_begin_again_unless_asked", async () => {
  const hub = connected();
  const rendered = await renderHook(use, { hub });
  await during(() => {
    hub.streams[0]?.next(1);
    hub.streams[0]?.complete();
  });
  await during(() => hub.become("Reconnecting"));
  assert.deepEqual([rendered.result.items, rendered.result.status], [[1], "completed"]);
  await during(() => hub.become("Connected"));
  assert.equal(hub.streams.length, 1);
  await during(() => rendered.result.restart());
  assert.equal(hub.streams.length, 2);
  assert.deepEqual([rendered.result.items, rendered.result.status], [[], "streaming"]);
});

test("a_stream_that_cannot_begin_has_failed", async () => {
  const hub = connected();
  hub.stream = () => {
    throw new Error("not now");
  };
  const rendered = await renderHook(use, { hub });
  assert.equal(rendered.result.status, "failed");
  assert.equal(rendered.result.error?.message, "not now");
});
