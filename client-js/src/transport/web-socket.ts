/*
 * The WebSocket transport: a frame is a WebSocket message.
 */

import { createWebSocket, type WebSocketConstructor } from "../platform/web-socket.js";
import type { MessageHeaders } from "../message.js";
import type { Transport, TransportSink } from "./transport.js";

/** Where and how to open a WebSocket. */
export interface WebSocketTarget {
  /** An http or https address. */
  readonly url: string;
  readonly headers: MessageHeaders;
  readonly token: string | undefined;
  readonly WebSocket: WebSocketConstructor | undefined;
}

/** Resolves when the WebSocket is open; rejects if that fails or `signal` aborts it, then with its reason. */
export function openWebSocket(target: WebSocketTarget, sink: TransportSink, signal: AbortSignal): Promise<Transport> {
  return new Promise((resolve, reject) => {
    const url = target.url.replace(/^http/i, "ws");
    const socket = createWebSocket(url, target.headers, target.token, target.WebSocket);
    socket.binaryType = "arraybuffer";
    signal.addEventListener("abort", () => {
      reject(signal.reason);
      socket.close();
    });

    let open = false;
    const failed = (): void =>
      reject(
        new Error(
          "WebSocket failed to connect. The connection could not be found on the server, either the endpoint may not be a SignalR endpoint, the connection ID is not present on the server, or there is a proxy blocking WebSockets. If you have multiple servers check that sticky sessions are enabled.",
        ),
      );
    socket.addEventListener("open", () => {
      open = true;
      resolve({
        async send(data) {
          socket.send(data);
        },
        close() {
          socket.close();
        },
      });
    });
    // By `binaryType`, what is not text is an ArrayBuffer.
    socket.addEventListener("message", ({ data }) => sink.received(data as string | ArrayBuffer));
    // Once it is open, a close event follows and says more. Before, Node 22 sends none.
    socket.addEventListener("error", failed);
    socket.addEventListener("close", ({ wasClean, code, reason }) => {
      failed();
      if (open) {
        const good = wasClean && code === 1000;
        sink.closed(
          good ? undefined : new Error(`WebSocket closed with status code: ${code} (${reason || "no reason given"}).`),
        );
      }
    });
  });
}
