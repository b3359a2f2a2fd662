/*
 * How a connection lives with a component, in React itself.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { act, Component, createElement, version, type ReactNode } from "react";
import { createRoot } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { FakeHub } from "../testing/fake-hub.js";
import { during, renderHook } from "../testing/react.js";
import { useHubEvent } from "./use-hub-event.js";
import { useHub, type HubHandle } from "./use-hub.js";

/** The version that the build is for. */
declare const REACT: string;

test(`the_hooks_are_tested_in_react_${REACT}`, () => {
  assert.equal(version.split(".")[0], REACT);
});

/** Makes connections, and remembers them. */
function factory(prepare: (hub: FakeHub) => void = () => undefined): { made: FakeHub[]; create: () => FakeHub } {
  const made: FakeHub[] = [];
  const create = (): FakeHub => {
    const hub = new FakeHub();
    prepare(hub);
    made.push(hub);
    return hub;
  };
  return { made, create };
}

const use = ({ create, deps }: { create: () => FakeHub; deps?: unknown[] }): HubHandle<FakeHub> => useHub(create, deps);

test("the_connection_starts_with_the_component_and_stops_with_it", async () => {
  const { made, create } = factory();
  const rendered = await renderHook(use, { create });
  assert.equal(rendered.result.connection, made[0]);
  assert.equal(rendered.result.state, "Connected");
  assert.equal(rendered.result.error, undefined);
  await rendered.unmount();
  assert.deepEqual(made.map((hub) => hub.asked), [["start", "stop"]]);
});

test("in_strict_mode_one_connection_is_started", async () => {
  const { made, create } = factory();
  const rendered = await renderHook(use, { create }, { strict: true });
  assert.equal(rendered.result.state, "Connected");
  assert.deepEqual(made.map((hub) => hub.asked), [[], ["start"]]);
  await rendered.unmount();
  assert.deepEqual(made.map((hub) => hub.asked), [[], ["start", "stop"]]);
});

test("rendering_again_changes_nothing", async () => {
  const { made, create } = factory();
  const rendered = await renderHook(use, { create });
  await rendered.rerender({ create: () => create() });
  assert.deepEqual(made.map((hub) => hub.asked), [["start"]]);
});

test("another_dependency_makes_another_connection", async () => {
  const { made, create } = factory();
  const rendered = await renderHook(use, { create, deps: ["lobby"] });
  await rendered.rerender({ create, deps: ["lobby"] });
  assert.equal(made.length, 1);
  await rendered.rerender({ create, deps: ["kitchen"] });
  assert.equal(rendered.result.connection, made[1]);
  assert.equal(rendered.result.state, "Connected");
  assert.deepEqual(made.map((hub) => hub.asked), [["start", "stop"], ["start"]]);
});

test("the_state_is_rendered_while_it_connects_and_reconnects", async () => {
  let started = (): void => undefined;
  const { made, create } = factory((hub) => (hub.starting = new Promise((resolve) => (started = resolve))));
  const rendered = await renderHook(use, { create });
  assert.equal(rendered.result.state, "Connecting");
  await during(() => started());
  assert.equal(rendered.result.state, "Connected");
  const [hub] = made;
  const lost = new Error("lost");
  await during(() => hub?.become("Reconnecting", lost));
  assert.deepEqual([rendered.result.state, rendered.result.error], ["Reconnecting", lost]);
  await during(() => hub?.become("Connected"));
  assert.deepEqual([rendered.result.state, rendered.result.error], ["Connected", undefined]);
  await during(() => hub?.become("Disconnected", lost));
  assert.deepEqual([rendered.result.state, rendered.result.error], ["Disconnected", lost]);
});

test("a_start_that_fails_is_told_and_can_be_repeated", async () => {
  const refused = new Error("refused");
  let fails = true;
  const { made, create } = factory((hub) => (hub.starting = fails ? Promise.reject(refused) : Promise.resolve()));
  const rendered = await renderHook(use, { create });
  assert.deepEqual([rendered.result.state, rendered.result.error], ["Disconnected", refused]);
  fails = false;
  await during(() => rendered.result.restart());
  assert.equal(rendered.result.connection, made[1]);
  assert.deepEqual([rendered.result.state, rendered.result.error], ["Connected", undefined]);
});

test("a_component_that_goes_while_it_connects_stops_the_connection", async () => {
  const { made, create } = factory((hub) => (hub.starting = new Promise(() => undefined)));
  const rendered = await renderHook(use, { create });
  await rendered.unmount();
  assert.deepEqual(made[0]?.asked, ["start", "stop"]);
});

test("handlers_are_in_place_before_it_starts", async () => {
  const { made, create } = factory();
  await renderHook(() => {
    const { connection } = useHub(create);
    useHubEvent(connection, "receive", () => undefined);
  }, undefined);
  assert.deepEqual(made[0]?.asked, ["on receive", "start"]);
});

test("rendering_on_a_server_makes_no_connection", () => {
  const { made, create } = factory();
  const Component = (): string => useHub(create).state;
  assert.equal(renderToString(createElement(Component)), "Disconnected");
  assert.deepEqual(made, []);
});

test("what_create_throws_reaches_the_error_boundary", async () => {
  class Boundary extends Component<{ children: ReactNode }> {
    override state = { caught: "" };
    static getDerivedStateFromError(error: Error): { caught: string } {
      return { caught: error.message };
    }
    override render(): ReactNode {
      return this.state.caught || this.props.children;
    }
  }
  const Broken = (): string =>
    useHub<FakeHub>(() => {
      throw new Error("no address");
    }).state;
  const place = document.createElement("div");
  const root = createRoot(place, { onCaughtError: () => undefined });
  await act(async () => root.render(createElement(Boundary, null, createElement(Broken))));
  assert.equal(place.textContent, "no address");
  await act(async () => root.unmount());
});
