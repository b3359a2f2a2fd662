/*
 * What the transports over plain requests have in common: something receives until it is over or is ended.
 */

import { asError, ignore } from "../errors.js";
import { sendAuthorized } from "../send.js";
import { sendQueue } from "./send-queue.js";
import type { Transport, TransportSink, TransportTarget } from "./transport.js";

/**
 * `start` opens the way from the server and gives the function that receives until that way ends, in good order or by
 * throwing; the signal that it is given ends both. `farewell` tells the server that we go.
 */
export async function openHttp(
  { url, http }: TransportTarget,
  sink: TransportSink,
  signal: AbortSignal,
  start: (stop: AbortSignal) => Promise<() => Promise<void>>,
  farewell?: () => Promise<unknown>,
): Promise<Transport> {
  const abort = new AbortController();
  const stop = abort.signal;
  signal.addEventListener("abort", () => abort.abort(signal.reason));
  const receive = await start(stop);
  let over = false;
  void receive()
    .then(() => undefined, asError)
    .then((error) => {
      over = true;
      if (!stop.aborted) {
        sink.ended(error);
      }
    });
  return {
    send: sendQueue((content) => sendAuthorized(http, "POST", url, { content })),
    async close() {
      abort.abort();
      if (!over) {
        // The server ends the connection by itself if this does not reach it.
        await farewell?.().catch(ignore);
      }
    },
  };
}
