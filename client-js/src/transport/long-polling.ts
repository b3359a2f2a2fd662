/*
 * Long polling: each GET is answered with what the server has sent since the one before, each POST carries frames there.
 */

import { TimeoutError } from "../errors.js";
import type { HttpResponse } from "../http-client.js";
import { sendAuthorized } from "../send.js";
import { withQuery } from "../url.js";
import { openHttp } from "./http-transport.js";
import { HttpTransportType, TransferFormat, type TransportOpener } from "./transport.js";

/** Milliseconds. Servers answer after 90 seconds at the latest. */
const POLL_TIMEOUT = 100_000;

export const longPolling: TransportOpener = {
  name: "LongPolling",
  type: HttpTransportType.LongPolling,

  open(target, sink, signal) {
    const { url, http, format } = target;
    const start = async (stop: AbortSignal): Promise<() => Promise<void>> => {
      const poll = (): Promise<HttpResponse> =>
        sendAuthorized(http, "GET", withQuery(url, `_=${Date.now()}`), {
          abortSignal: stop,
          timeout: POLL_TIMEOUT,
          responseType: format === TransferFormat.Binary ? "arraybuffer" : "text",
        });
      // It is answered at once. From it on, the server takes the connection for open.
      await poll();
      return async () => {
        while (!stop.aborted) {
          try {
            const { statusCode, content } = await poll();
            if (statusCode === 204) {
              return;
            }
            // Without content, the server had nothing to send for as long as it lets a poll wait.
            const isEmpty = !content || (typeof content !== "string" && content.byteLength === 0);
            if (!isEmpty && !stop.aborted && !sink.received(content)) {
              // Who has taken leave deletes the connection. Another poll would be told that it is over, and the DELETE is late.
              return await new Promise(() => {});
            }
          } catch (thrown) {
            if (!(thrown instanceof TimeoutError)) {
              throw thrown;
            }
          }
        }
      };
    };
    return openHttp(target, sink, signal, start, () => sendAuthorized(http, "DELETE", url));
  },
};
