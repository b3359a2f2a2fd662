/*
 * The WebSocket transport: a frame is a WebSocket message.
 */

import { LogLevel } from "../logger.js";
import { createWebSocket } from "../platform/web-socket.js";
import { withoutQuery } from "../url.js";
import { HttpTransportType, type Transport, type TransportOpener } from "./transport.js";

export const webSockets: TransportOpener = {
  type: HttpTransportType.WebSockets,

  isSupported: (options) => !!(options.WebSocket ?? globalThis.WebSocket),

  open: ({ url, http, logger }, sink, signal) =>
    new Promise<Transport>((resolve, reject) => {
      const socket = createWebSocket(url.replace(/^http/i, "ws"), http);
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
        logger.log(LogLevel.Information, `WebSocket connected to ${withoutQuery(url)}.`);
        resolve({
          async send(data) {
            socket.send(data);
          },
          async close() {
            open = false;
            socket.close();
          },
        });
      });
      // By `binaryType`, what is not text is an ArrayBuffer.
      socket.addEventListener("message", ({ data }) => {
        if (open) {
          sink.received(data as string | ArrayBuffer);
        }
      });
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
    }),
};
