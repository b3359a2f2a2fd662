/*
 * Callbacks for one event.
 *
 * Rule: one that throws does not keep the others from being called.
 */

import { LogLevel, type ILogger } from "./logger.js";

export class Callbacks<A extends unknown[]> {
  readonly #name: string;
  readonly #logger: ILogger;
  readonly #callbacks: ((...args: A) => unknown)[] = [];

  constructor(name: string, logger: ILogger) {
    this.#name = name;
    this.#logger = logger;
  }

  add(callback: (...args: A) => unknown): void {
    this.#callbacks.push(callback);
  }

  call(...args: A): void {
    for (const callback of [...this.#callbacks]) {
      try {
        callback(...args);
      } catch (thrown) {
        this.#logger.log(LogLevel.Error, `An ${this.#name} callback threw error '${thrown}'.`);
      }
    }
  }
}
