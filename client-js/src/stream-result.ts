/*
 * What a hub method streams, to subscribe to or to loop over.
 *
 * Rule: nothing is lost before somebody listens, and the server is told when nobody listens any more.
 */

import { callEach } from "./call-each.js";
import { tooMany } from "./errors.js";
import type { ILogger } from "./logger.js";
import type { IStreamResult, IStreamSubscriber } from "./stream.js";

/** The items of a hub method's stream. Leaving the loop, like disposing the last subscription, cancels the stream. */
export interface StreamResult<T> extends IStreamResult<T>, AsyncIterable<T> {}

/** How many items may wait for a loop, or for the first subscriber. Then the stream is cancelled. */
export const WAITING_ITEMS_LIMIT = 65_536;

type StreamEvent<T> = (subscriber: IStreamSubscriber<T>) => void;

/** `start` begins the call: it is given whom to tell, and gives back how to cancel. */
export function streamResult<T>(
  start: (subscriber: IStreamSubscriber<T>) => () => void,
  logger: ILogger,
): StreamResult<T> {
  const subscribers = new Set<IStreamSubscriber<T>>();
  const events: StreamEvent<T>[] = [];
  let wake = (): void => {};

  const add = (event: StreamEvent<T>): void => {
    if (events.push(event) > WAITING_ITEMS_LIMIT) {
      events.push((subscriber) => subscriber.error?.(tooMany("items")));
      cancel();
    }
    wake();
  };
  const cancel = start({
    next: (item) => add((subscriber) => subscriber.next(item)),
    error: (thrown) => add((subscriber) => subscriber.error?.(thrown)),
    complete: () => add((subscriber) => subscriber.complete?.()),
  });
  const tell = (): void => {
    let event;
    while (subscribers.size && (event = events.shift())) {
      callEach(subscribers, event, "a stream", logger);
    }
  };

  return {
    subscribe(subscriber) {
      subscribers.add(subscriber);
      wake = tell;
      // What has happened before is told when the caller has the subscription.
      queueMicrotask(tell);
      return {
        dispose() {
          if (subscribers.delete(subscriber) && !subscribers.size) {
            cancel();
          }
        },
      };
    },

    async *[Symbol.asyncIterator]() {
      let isOver = false;
      const items: T[] = [];
      const subscriber: IStreamSubscriber<T> = {
        next: (item) => items.push(item),
        error(thrown) {
          throw thrown;
        },
        complete: () => (isOver = true),
      };
      try {
        while (!isOver) {
          const event = events.shift();
          if (event) {
            event(subscriber);
            yield* items.splice(0);
          } else {
            await new Promise<void>((resolve) => (wake = resolve));
          }
        }
      } finally {
        cancel();
      }
    },
  };
}
