/*
 * The methods that the server may call here, and the one result that a call can have.
 *
 * Rule: names match without regard to case, and a handler that throws does not keep the others from being called.
 */

import { LogLevel, type ILogger } from "./logger.js";
import type { InvocationMessage } from "./message.js";

/** A handler with parameters of any type: what the server sends is the server's word. */
export type Handler = (...args: any[]) => any;

/** How a call ended for a server that waits for its result. */
export type Outcome = { readonly result: unknown } | { readonly error: string };

/** The handlers by the names of their methods, in lower case. */
export type ClientMethods = Map<string, Set<Handler>>;

/** Adds a handler; the same one twice for a method counts once. */
export function addHandler(methods: ClientMethods, name: string, handler: Handler): void {
  const key = name.toLowerCase();
  methods.set(key, (methods.get(key) ?? new Set()).add(handler));
}

/** Removes one handler of a method, or all. */
export function removeHandler(methods: ClientMethods, name: string, handler?: Handler): void {
  const handlers = methods.get(name.toLowerCase());
  if (handler) {
    handlers?.delete(handler);
  } else {
    handlers?.clear();
  }
}

/** Calls the handlers in the order they were added, each after the one before has settled. */
export async function callMethod(
  methods: ClientMethods,
  { target, arguments: args }: InvocationMessage,
  logger: ILogger,
): Promise<Outcome> {
  const name = target.toLowerCase();
  const handlers = [...(methods.get(name) ?? [])];
  if (!handlers.length) {
    logger.log(LogLevel.Warning, `No client method with the name '${name}' found.`);
  }
  let result: unknown;
  let error: string | undefined = "Client didn't provide a result.";
  for (const handler of handlers) {
    try {
      const given: unknown = await handler(...args);
      if (given !== undefined) {
        error = result === undefined ? undefined : "Client provided multiple results.";
        result = given;
      }
    } catch (thrown) {
      error = `${thrown}`;
      logger.log(LogLevel.Error, `A callback for the method '${name}' threw error '${error}'.`);
    }
  }
  return error === undefined ? { result } : { error };
}
