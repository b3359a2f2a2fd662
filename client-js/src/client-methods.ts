/*
 * The methods that the server may call here, and the one result that a call can have.
 *
 * Rule: names match without regard to case, and a handler that throws does not keep the others from being called.
 */

import { LogLevel, type ILogger } from "./logger.js";
import type { InvocationMessage } from "./message.js";

/** A handler with parameters of any type: what the server sends is the server's word. */
export type Handler = (...args: never[]) => unknown;

/** How a call ended for a server that waits for its result. */
export type Outcome = { readonly result: unknown } | { readonly error: string };

export class ClientMethods {
  readonly #handlers = new Map<string, readonly Handler[]>();
  readonly #logger: ILogger;

  constructor(logger: ILogger) {
    this.#logger = logger;
  }

  /** Adds a handler; the same one twice for a method counts once. */
  add(name: string, handler: Handler): void {
    const key = name.toLowerCase();
    const handlers = this.#handlers.get(key) ?? [];
    if (!handlers.includes(handler)) {
      this.#handlers.set(key, [...handlers, handler]);
    }
  }

  /** Removes one handler of a method, or all. */
  remove(name: string, handler?: Handler): void {
    const key = name.toLowerCase();
    const left = handler ? (this.#handlers.get(key) ?? []).filter((other) => other !== handler) : [];
    if (left.length > 0) {
      this.#handlers.set(key, left);
    } else {
      this.#handlers.delete(key);
    }
  }

  /** Calls the handlers in the order they were added, each after the one before has settled. */
  async call({ target, arguments: args, invocationId }: InvocationMessage): Promise<Outcome> {
    const name = target.toLowerCase();
    const handlers = this.#handlers.get(name);
    if (!handlers) {
      this.#logger.log(LogLevel.Warning, `No client method with the name '${name}' found.`);
    }
    let results = 0;
    let outcome: Outcome = { error: "Client didn't provide a result." };
    for (const handler of handlers ?? []) {
      try {
        const result = await (handler as (...args: readonly unknown[]) => unknown)(...args);
        if (result !== undefined) {
          results++;
          outcome = results > 1 ? { error: "Client provided multiple results." } : { result };
        }
      } catch (thrown) {
        this.#logger.log(LogLevel.Error, `A callback for the method ${name} threw error '${thrown}'.`);
        outcome = { error: String(thrown) };
      }
    }
    if ("result" in outcome && !invocationId) {
      this.#logger.log(LogLevel.Error, `Result given for '${name}' method but server is not expecting a result.`);
    }
    return outcome;
  }
}
