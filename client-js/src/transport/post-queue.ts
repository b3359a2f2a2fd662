/*
 * The way to the server of a transport that cannot carry frames there: POST requests.
 *
 * Rule: one request at a time, so that frames arrive in the order in which they were sent. What is sent meanwhile goes
 * together in the next one.
 */

import { sendAuthorized } from "../send.js";
import type { Frame, TransportTarget } from "./transport.js";

/** Gives a function that sends a frame and resolves when the server has it. */
export function postQueue({ url, http }: TransportTarget): (frame: Frame) => Promise<void> {
  let frames: Frame[] = [];
  let last: Promise<unknown> = Promise.resolve();
  let next: Promise<void> | undefined;

  const post = async (): Promise<void> => {
    const batch = frames;
    frames = [];
    next = undefined;
    const text = batch.every((frame) => typeof frame === "string");
    const content = text ? batch.join("") : await new Blob(batch as BlobPart[]).arrayBuffer();
    await sendAuthorized(http, "POST", url, { content });
  };
  return (frame) => {
    frames.push(frame);
    // A request that failed is not for the next one to report.
    next ??= last.then(post, post);
    last = next;
    return next;
  };
}
