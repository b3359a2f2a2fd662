/*
 * The WebSocket as one transport among others.
 */

import { HttpTransportType, type TransportOpener } from "./transport.js";
import { openWebSocket } from "./web-socket.js";

export const webSockets: TransportOpener = {
  name: "WebSockets",
  type: HttpTransportType.WebSockets,
  isSupported: (options) => !!(options.WebSocket ?? globalThis.WebSocket),
  open: openWebSocket,
};
