/*
 * A stream from the hub, as long as a component lives.
 *
 * Rule: items are kept up to a limit, and those that arrive together are rendered together.
 */

import { useCallback, useEffect, useRef, useState } from "react";
import type { HubContract, Item, Sent, StreamName } from "../hub-contract.js";
import { useConnectionStatus, type ManagedConnection } from "./connection-status.js";

/**
 * `waiting` for a connection, `streaming`, `completed` by the hub, or `failed`: the hub reported an error or the
 * connection was lost.
 */
export type StreamStatus = "waiting" | "streaming" | "completed" | "failed";

export interface StreamState<T> {
  /** The newest items, oldest first. They stay while the connection is away, until the stream begins again. */
  readonly items: readonly T[];
  /** The last item; undefined if there was none. */
  readonly latest: T | undefined;
  readonly status: StreamStatus;
  /** Why the stream failed. */
  readonly error: Error | undefined;
  /** Begins again, also after the end. */
  restart(): void;
}

export interface StreamOptions {
  /** How many items are kept; older ones are let go. At least 1. Default: 100. */
  limit?: number;
}

/** A connection that gives streams. */
export interface HubStreams extends ManagedConnection {
  stream(
    methodName: string,
    ...args: never[]
  ): {
    subscribe(subscriber: { next(item: never): void; error(error: unknown): void; complete(): void }): { dispose(): void };
  };
}

/**
 * Calls the hub's streaming method `name` whenever the connection is Connected, and cancels the stream when the component
 * goes. It begins again when the connection, the name or one of the arguments is another one (compared by `Object.is`),
 * and after a reconnect unless it was completed.
 */
export function useStream<Hub, Client, Name extends StreamName<Hub>>(
  connection: { readonly contract?: HubContract<Hub, Client> } | undefined,
  name: Name,
  args: Sent<Hub[Name]>,
  options?: StreamOptions,
): StreamState<Item<Hub[Name]>>;
export function useStream<T = unknown>(
  connection: (HubStreams & { readonly contract?: never }) | undefined,
  name: string,
  args?: readonly unknown[],
  options?: StreamOptions,
): StreamState<T>;
export function useStream(
  connection: object | undefined,
  name: string,
  args: readonly unknown[] = [],
  { limit = 100 }: StreamOptions = {},
): StreamState<unknown> {
  // What both overloads have in common.
  const source = connection as HubStreams | undefined;
  const connected = useConnectionStatus(source).state === "Connected";
  const [round, setRound] = useState(0);
  const call = useSame<readonly unknown[]>([source, name, round, ...args]);
  const completed = useRef<unknown>(undefined);
  const [run, setRun] = useState(() => begun(call));

  useEffect(() => {
    if (!source || !connected || completed.current === call) {
      return;
    }
    let active = true;
    let items: readonly unknown[] = [];
    let arrived: unknown[] = [];
    const render = (status: StreamStatus, error?: Error): void => {
      if (active) {
        items = [...items, ...arrived];
        items = items.slice(Math.max(0, items.length - Math.max(1, limit)));
        arrived = [];
        setRun({ call, items, status, error });
      }
    };
    const failed = (thrown: unknown): void =>
      render("failed", thrown instanceof Error ? thrown : new Error(String(thrown)));
    render("streaming");
    try {
      const subscription = source.stream(name, ...(args as never[])).subscribe({
        next(item: unknown) {
          if (arrived.push(item) === 1) {
            queueMicrotask(() => arrived.length > 0 && render("streaming"));
          }
        },
        error: failed,
        complete() {
          completed.current = call;
          render("completed");
        },
      });
      return () => {
        active = false;
        subscription.dispose();
      };
    } catch (thrown) {
      failed(thrown);
      return;
    }
  }, [call, connected]);

  const { items, status, error } = run.call === call ? run : begun(call);
  return {
    items,
    latest: items.at(-1),
    status: connected || status === "completed" ? status : "waiting",
    error,
    restart: useCallback(() => setRound((before) => before + 1), []),
  };
}

/** What came of a call so far. */
interface Run {
  readonly call: readonly unknown[];
  readonly items: readonly unknown[];
  readonly status: StreamStatus;
  readonly error: Error | undefined;
}

function begun(call: readonly unknown[]): Run {
  return { call, items: [], status: "streaming", error: undefined };
}

/** The list of an earlier rendering, as long as its members are the same. */
function useSame<T extends readonly unknown[]>(list: T): T {
  const [kept, keep] = useState(list);
  const same = kept.length === list.length && kept.every((member, index) => Object.is(member, list[index]));
  if (!same) {
    keep(list);
  }
  return same ? kept : list;
}
