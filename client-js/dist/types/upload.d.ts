import type { IStreamResult } from "./stream.js";
/** A `Subject` or observable (RxJS too), or an AsyncIterable such as an async generator or a ReadableStream. */
export type StreamSource = IStreamResult<unknown> | AsyncIterable<unknown>;
/** Whether an argument is uploaded instead of being written with the others. */
export declare function isStreamSource(argument: unknown): argument is StreamSource;
/**
 * Starts to listen, and gives back how to stop that. An AsyncIterable is asked for the next item when `item` has
 * resolved; an observable cannot wait.
 */
export declare function upload(source: StreamSource, item: (item: unknown) => Promise<unknown>, end: (error?: string) => void): () => void;
