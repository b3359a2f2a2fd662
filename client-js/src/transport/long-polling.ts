/*
 * Long polling: each GET is answered with what the server has sent since the one before, each POST carries frames there.
 */

import { asError, TimeoutError } from "../errors.js";
import type { HttpResponse } from "../http-client.js";
import { sendAuthorized } from "../send.js";
import { withQuery } from "../url.js";
import { postQueue } from "./post-queue.js";
import { HttpTransportType, TransferFormat, type TransportOpener } from "./transport.js";

/** Milliseconds. Servers answer after 90 seconds at the latest. */
const POLL_TIMEOUT = 100_000;

export const longPolling: TransportOpener = {
  name: "LongPolling",
  type: HttpTransportType.LongPolling,

  async open(target, sink, signal) {
    const { url, http, format } = target;
    const stop = new AbortController();
    signal.addEventListener("abort", () => stop.abort(signal.reason));

    const poll = (): Promise<HttpResponse> =>
      sendAuthorized(http, "GET", withQuery(url, `_=${Date.now()}`), {
        abortSignal: stop.signal,
        timeout: POLL_TIMEOUT,
        responseType: format === TransferFormat.Binary ? "arraybuffer" : "text",
      });
    /** Polls until the connection is over. Resolves with the error if there was one. */
    const receive = async (): Promise<Error | undefined> => {
      while (!stop.signal.aborted) {
        try {
          const { statusCode, content } = await poll();
          if (statusCode === 204) {
            return undefined;
          }
          // Without content, the server had nothing to send for as long as it lets a poll wait.
          if (content && (typeof content === "string" || content.byteLength > 0) && !stop.signal.aborted) {
            sink.received(content);
          }
        } catch (thrown) {
          if (!(thrown instanceof TimeoutError)) {
            return asError(thrown);
          }
        }
      }
      return undefined;
    };

    // The first poll is answered at once. From it on, the server takes the connection for open.
    await poll();
    let over = false;
    const received = receive().then((error) => {
      over = true;
      if (!stop.signal.aborted) {
        sink.closed(error);
      }
    });
    return {
      send: postQueue(target),
      async close() {
        if (!over) {
          stop.abort();
          await received;
          // The server ends the connection by itself if this does not reach it.
          await sendAuthorized(http, "DELETE", url, {}).catch(() => undefined);
        }
      },
    };
  },
};
