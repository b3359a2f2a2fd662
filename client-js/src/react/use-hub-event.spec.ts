/*
 * Which handler hears what the hub calls.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeHub } from "../testing/fake-hub.js";
import { renderHook } from "../testing/react.js";
import { useHubEvent } from "./use-hub-event.js";

interface Props {
  readonly hub: FakeHub | undefined;
  readonly name?: string;
  readonly handler: (...args: unknown[]) => unknown;
}

const use = ({ hub, name = "receive", handler }: Props): void => useHubEvent(hub, name, handler);

test("the_handler_of_the_latest_rendering_is_called_without_a_new_subscription", async () => {
  const hub = new FakeHub();
  const heard: string[] = [];
  const rendered = await renderHook(use, { hub, handler: (text) => heard.push(`first ${text}`) });
  hub.call("receive", "a");
  await rendered.rerender({ hub, handler: (text) => heard.push(`second ${text}`) });
  hub.call("receive", "b");
  assert.deepEqual(heard, ["first a", "second b"]);
  assert.deepEqual(hub.asked, ["on receive"]);
});

test("what_the_handler_returns_is_the_answer", async () => {
  const hub = new FakeHub();
  await renderHook(use, { hub, handler: (question) => `${question} Yes.` });
  assert.deepEqual(hub.call("receive", "Here?"), ["Here? Yes."]);
});

test("it_moves_to_another_connection_or_name", async () => {
  const [first, second] = [new FakeHub(), new FakeHub()];
  const handler = (): void => undefined;
  const rendered = await renderHook(use, { hub: first, handler });
  await rendered.rerender({ hub: second, handler });
  await rendered.rerender({ hub: second, name: "other", handler });
  await rendered.rerender({ hub: undefined, handler });
  assert.deepEqual(first.asked, ["on receive", "off receive"]);
  assert.deepEqual(second.asked, ["on receive", "off receive", "on other", "off other"]);
});

test("it_ends_with_the_component", async () => {
  const hub = new FakeHub();
  const heard: unknown[] = [];
  const rendered = await renderHook(use, { hub, handler: (text) => heard.push(text) }, { strict: true });
  hub.call("receive", "a");
  await rendered.unmount();
  hub.call("receive", "b");
  assert.deepEqual(heard, ["a"]);
});

test("two_components_can_hear_the_same", async () => {
  const hub = new FakeHub();
  const heard: string[] = [];
  await renderHook(use, { hub, handler: (text) => heard.push(`1 ${text}`) });
  const second = await renderHook(use, { hub, handler: (text) => heard.push(`2 ${text}`) });
  hub.call("receive", "a");
  await second.unmount();
  hub.call("receive", "b");
  assert.deepEqual(heard, ["1 a", "2 a", "1 b"]);
});
