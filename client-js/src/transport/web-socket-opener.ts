/*
 * The WebSocket as one transport among others.
 */

import { HttpTransportType, type TransportOpener } from "./transport.js";
import { openWebSocket } from "./web-socket.js";

export const webSockets: TransportOpener = {
  name: "WebSockets",
  type: HttpTransportType.WebSockets,

  isSupported: (options) => !!(options.WebSocket ?? globalThis.WebSocket),

  open(target, sink, signal) {
    const { http, url } = target;
    const { options } = http;
    const cookies = options.httpClient?.getCookieString(url);
    const headers = { ...(cookies && { Cookie: cookies }), ...options.headers };
    return openWebSocket({ ...target, http: { ...http, options: { ...options, headers } } }, sink, signal);
  },
};
