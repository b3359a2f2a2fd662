/*
 * The WebSocket transport: a frame is a WebSocket message.
 */

import { HubcastError } from "../errors.js";
import { createWebSocket } from "../platform/web-socket.js";
import type { Http } from "../http.js";
import type { Transport, TransportSink } from "./transport.js";

/** Resolves when the WebSocket is open; rejects if that fails or `signal` aborts it, then with its reason. */
export function openWebSocket(
  { url, http }: { readonly url: string; readonly http: Pick<Http, "options" | "token"> },
  sink: TransportSink,
  signal: AbortSignal,
): Promise<Transport> {
  return new Promise((resolve, reject) => {
    const socket = createWebSocket(url.replace(/^http/i, "ws"), http);
    let open = false;
    const failed = (): void =>
      reject(
        new HubcastError(
          "transport",
          "WebSocket failed to connect. The connection could not be found on the server, either the endpoint may not be a SignalR endpoint, the connection ID is not present on the server, or there is a proxy blocking WebSockets. If you have multiple servers check that sticky sessions are enabled.",
        ),
      );
    socket.binaryType = "arraybuffer";
    signal.addEventListener("abort", () => {
      reject(signal.reason);
      socket.close();
    });
    socket.addEventListener("open", () => {
      open = true;
      resolve({
        async send(data) {
          socket.send(data as string);
        },
        async close() {
          open = false;
          socket.close();
        },
      });
    });
    // By `binaryType`, what is not text is an ArrayBuffer.
    socket.addEventListener("message", ({ data }) => open && sink.received(data as string | ArrayBuffer));
    // Once it is open, a close event follows and says more. Before, Node 22 sends none.
    socket.addEventListener("error", failed);
    socket.addEventListener("close", ({ wasClean, code, reason }) => {
      failed();
      if (open) {
        sink.ended(
          wasClean && code === 1000
            ? undefined
            : new HubcastError("transport", `WebSocket closed with status code: ${code} (${reason || "no reason given"}).`),
        );
      }
    });
  });
}
