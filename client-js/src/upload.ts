/*
 * Arguments that are streams: their items are sent while the call runs.
 */

import type { IStreamResult } from "./stream.js";

/** A `Subject` or observable (RxJS too), or an AsyncIterable such as an async generator or a ReadableStream. */
export type StreamSource = IStreamResult<unknown> | AsyncIterable<unknown>;

/** Whether an argument is uploaded instead of being written with the others. */
export function isStreamSource(argument: unknown): argument is StreamSource {
  const source = argument as Partial<IStreamResult<unknown> & AsyncIterable<unknown>> | null | undefined;
  return typeof (source?.subscribe ?? source?.[Symbol.asyncIterator]) === "function";
}

/**
 * Starts to listen, and gives back how to stop that. An AsyncIterable is asked for the next item when `item` has
 * resolved; an observable cannot wait.
 */
export function upload(source: StreamSource, item: (item: unknown) => Promise<unknown>, end: (error?: string) => void): () => void {
  const error = (thrown: unknown): void => end(String((thrown as Partial<Error>)?.message ?? thrown ?? "Unknown error"));

  if ("subscribe" in source) {
    const subscription: { dispose?(): void; unsubscribe?(): void } | undefined = source.subscribe({
      next: (value) => void item(value).catch(error),
      error,
      complete: () => end(),
    });
    return () => (subscription?.dispose ? subscription.dispose() : subscription?.unsubscribe?.());
  }

  const iterator = source[Symbol.asyncIterator]();
  const send = async (): Promise<void> => {
    for await (const value of { [Symbol.asyncIterator]: () => iterator }) {
      await item(value);
    }
    end();
  };
  send().catch(error);
  return () => void iterator.return?.().catch(() => {});
}
