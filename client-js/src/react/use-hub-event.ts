/*
 * What the hub calls, as long as a component lives.
 *
 * Rule: the handler of the latest rendering is called, and a new handler does not subscribe anew, so that nothing that
 * arrives between two renderings is missed.
 */

import { useEffect, useInsertionEffect, useRef } from "react";
import type { Handler, HubContract, MethodName } from "../hub-contract.js";

/** A connection that can be listened to. What the hub gives is `any`, as it is to the connection's own `on`. */
export interface HubEvents {
  on(methodName: string, handler: (...args: any[]) => any): void;
  off(methodName: string, handler: (...args: any[]) => any): void;
}

/**
 * Calls `handler` when the server calls `name`. If the server waits for a result, it is what the handler returns or its
 * promise resolves to; one component alone may answer. Without a connection it waits for one.
 */
export function useHubEvent<Hub, Client, Name extends MethodName<Client>>(
  connection: { readonly contract?: HubContract<Hub, Client> } | undefined,
  name: Name,
  handler: Handler<Client[Name]>,
): void;
export function useHubEvent<Args extends unknown[]>(
  connection: (HubEvents & { readonly contract?: never }) | undefined,
  name: string,
  handler: (...args: Args) => unknown,
): void;
export function useHubEvent(connection: object | undefined, name: string, handler: (...args: never[]) => unknown): void {
  const latest = useRef(handler);
  useInsertionEffect(() => {
    latest.current = handler;
  });
  useEffect(() => {
    // What both overloads have in common.
    const source = connection as HubEvents | undefined;
    const listener = (...args: never[]): unknown => latest.current(...args);
    source?.on(name, listener);
    return () => source?.off(name, listener);
  }, [connection, name]);
}
