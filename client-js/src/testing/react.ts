/*
 * React in Node: a document, a root in it, and components that tell what their hooks gave.
 */

import { Window } from "happy-dom";
import { act, createElement, StrictMode, type ReactNode } from "react";
import { createRoot } from "react-dom/client";

const window = new Window();
Object.assign(globalThis, { window, document: window.document, IS_REACT_ACT_ENVIRONMENT: true });

/** What a hook gives, rendering by rendering. */
export interface Rendered<Props, Result> {
  /** What the last rendering gave. */
  readonly result: Result;
  /** How often was rendered. */
  readonly renderings: number;
  rerender(props: Props): Promise<void>;
  unmount(): Promise<void>;
}

/** Renders a component that is nothing but a hook. */
export async function renderHook<Props, Result>(
  hook: (props: Props) => Result,
  props: NoInfer<Props>,
  { strict = false } = {},
): Promise<Rendered<Props, Result>> {
  const results: Result[] = [];
  const Component = ({ props }: { props: Props }): ReactNode => {
    results.push(hook(props));
    return null;
  };
  const root = createRoot(document.createElement("div"));
  const render = (props: Props): Promise<void> => {
    const element = createElement(Component, { props });
    return act(async () => root.render(strict ? createElement(StrictMode, null, element) : element));
  };
  await render(props);
  return {
    get result() {
      return results.at(-1) as Result;
    },
    get renderings() {
      return results.length;
    },
    rerender: render,
    unmount: () => act(async () => root.unmount()),
  };
}

/** Does something that may change what is rendered, and waits until it has. */
export function during(change: () => unknown): Promise<void> {
  return act(async () => {
    await change();
  });
}

/** Lets React and the network work until a condition holds. Rejects after ten seconds. */
export async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 10_000;
  // What the network changes is not announced to React as `act` does it.
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: false });
  try {
    while (!condition()) {
      if (performance.now() > deadline) {
        throw new Error("it did not happen in time");
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
  }
}
