/*
 * The way to the server of a transport that takes one thing at a time: a POST, or a transport of the user's own.
 *
 * Rule: one delivery at a time, so that frames arrive in the order in which they were sent. What is sent meanwhile goes
 * together in the next one.
 */

import type { Frame } from "./transport.js";

/** Gives a function that sends a frame and resolves when it is delivered. */
export function sendQueue(deliver: (content: string | ArrayBuffer) => Promise<unknown>): (frame: Frame) => Promise<void> {
  let frames: Frame[] = [];
  let last: Promise<unknown> = Promise.resolve();
  let next: Promise<void> | undefined;

  const flush = async (): Promise<void> => {
    const batch = frames;
    frames = [];
    next = undefined;
    const text = batch.every((frame) => typeof frame === "string");
    await deliver(text ? batch.join("") : await new Blob(batch as BlobPart[]).arrayBuffer());
  };
  return (frame) => {
    frames.push(frame);
    // A delivery that failed is not for the next one to report.
    next ??= last.then(flush, flush);
    last = next;
    return next;
  };
}
