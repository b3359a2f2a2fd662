/*
 * Server-Sent Events: one response that does not end carries text to the client, each POST carries frames to the server.
 *
 * The response is read by `fetch`, which can send headers and needs no package in Node, unless the user has given an
 * EventSource.
 */

import { asError } from "../errors.js";
import { requestInit } from "../fetch.js";
import { withToken } from "../headers.js";
import { hasHeaders } from "../platform/web-socket.js";
import { withQuery } from "../url.js";
import { eventStream } from "./event-stream.js";
import { postQueue } from "./post-queue.js";
import { HttpTransportType, type TransportOpener, type TransportSink, type TransportTarget } from "./transport.js";

export const serverSentEvents: TransportOpener = {
  type: HttpTransportType.ServerSentEvents,

  async open(target, sink, signal) {
    const stop = new AbortController();
    signal.addEventListener("abort", () => stop.abort(signal.reason));
    try {
      await (target.http.options.EventSource ? listen : receive)(target, sink, stop.signal);
    } catch (cause) {
      signal.throwIfAborted();
      throw new Error(
        "EventSource failed to connect. The connection could not be found on the server, either the connection ID is not present on the server, or a proxy is refusing/buffering the connection. If you have multiple servers check that sticky sessions are enabled.",
        { cause },
      );
    }
    return {
      send: postQueue(target),
      async close() {
        stop.abort();
      },
    };
  },
};

/** Resolves when the response has begun. */
async function receive({ url, http }: TransportTarget, sink: TransportSink, signal: AbortSignal): Promise<void> {
  const { token, options } = http;
  const { headers, withCredentials = true } = options;
  const request = { method: "GET", withCredentials, headers: { ...withToken(headers, token), Accept: "text/event-stream" } };
  const { ok, status, body } = await (options.fetch ?? fetch)(url, { ...requestInit(request), signal });
  if (!ok || !body) {
    throw new Error(`Status code '${status}'`);
  }
  const read = eventStream();
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  const next = async (): Promise<void> => {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return;
      }
      for (const event of read(value)) {
        // What came before may have ended the connection.
        if (!signal.aborted) {
          sink.received(event);
        }
      }
    }
  };
  const closed = (error?: Error): void => {
    if (!signal.aborted) {
      sink.closed(error);
    }
  };
  next().then(
    () => closed(),
    (thrown) => closed(asError(thrown)),
  );
}

/** The same by an EventSource, which does not tell why it ends. */
function listen({ url, http }: TransportTarget, sink: TransportSink, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const { token, options } = http;
    const { EventSource, headers, withCredentials = true } = options;
    if (!EventSource) {
      return;
    }
    const source = new EventSource(token ? withQuery(url, `access_token=${encodeURIComponent(token)}`) : url, {
      withCredentials,
      ...(hasHeaders() && { headers }),
    });
    let open = false;
    signal.addEventListener("abort", () => {
      source.close();
      reject(signal.reason);
      open = false;
    });
    source.onopen = () => {
      open = true;
      resolve();
    };
    source.onmessage = ({ data }) => sink.received(String(data));
    source.onerror = () => {
      source.close();
      reject(new Error("There was an error with the transport"));
      if (open) {
        sink.closed(undefined);
      }
    };
  });
}
