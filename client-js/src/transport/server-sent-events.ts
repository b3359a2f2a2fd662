/*
 * Server-Sent Events: one response that does not end carries text to the client, each POST carries frames to the server.
 *
 * The response is read by `fetch`, which can send headers, where an EventSource cannot, and needs no package in Node.
 */

import { asError, HubcastError } from "../errors.js";
import { requestInit } from "../fetch.js";
import { withToken } from "../headers.js";
import { eventStream } from "./event-stream.js";
import { postQueue } from "./post-queue.js";
import { HttpTransportType, type TransportOpener } from "./transport.js";

export const serverSentEvents: TransportOpener = {
  name: "ServerSentEvents",
  type: HttpTransportType.ServerSentEvents,

  async open(target, sink, signal) {
    const { token, options } = target.http;
    const { withCredentials = true } = options;
    const headers = { ...withToken(options.headers, token), Accept: "text/event-stream" };
    const stop = new AbortController();
    signal.addEventListener("abort", () => stop.abort(signal.reason));

    let reader: ReadableStreamDefaultReader<string>;
    try {
      const init = { ...requestInit({ method: "GET", withCredentials, headers }), signal: stop.signal };
      const { ok, status, body } = await (options.fetch ?? fetch)(target.url, init);
      if (!ok || !body) {
        throw new Error(`Status code '${status}'`);
      }
      reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
    } catch (cause) {
      signal.throwIfAborted();
      throw new HubcastError(
        "transport",
        "EventSource failed to connect. The connection could not be found on the server, either the connection ID is not present on the server, or a proxy is refusing/buffering the connection. If you have multiple servers check that sticky sessions are enabled.",
        { cause },
      );
    }

    const read = eventStream();
    const receive = async (): Promise<undefined> => {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) {
          return undefined;
        }
        for (const event of read(value)) {
          // What came before may have ended the connection.
          if (!stop.signal.aborted) {
            sink.received(event);
          }
        }
      }
    };
    void receive()
      .catch(asError)
      .then((error) => {
        if (!stop.signal.aborted) {
          sink.closed(error);
        }
      });
    return {
      send: postQueue(target),
      async close() {
        stop.abort();
      },
    };
  },
};
