/*
 * Calling what users have given.
 *
 * Rule: one that throws does not keep the others from being called, nor the client from going on.
 */

import { LogLevel, type ILogger } from "./logger.js";

/** Calls all that are there now; what one throws is logged under the name. */
export function callEach<T>(targets: Iterable<T>, call: (target: T) => unknown, name: string, logger: ILogger): void {
  for (const target of [...targets]) {
    try {
      call(target);
    } catch (thrown) {
      logger.log(LogLevel.Error, `A callback for ${name} threw error '${thrown}'.`);
    }
  }
}
