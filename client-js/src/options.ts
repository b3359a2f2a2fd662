/*
 * The options of `withUrl`, with the names that users of `@microsoft/signalr` know.
 */

import type { ILogger, LogLevel } from "./logger.js";
import type { MessageHeaders } from "./message.js";
import type { WebSocketConstructor } from "./platform/web-socket.js";
import type { HttpTransportType } from "./transport/transport.js";

export interface IHttpConnectionOptions {
  /** Sent with every request. Browsers cannot send them with a WebSocket. */
  headers?: MessageHeaders;
  /** The transports that may be used, one or several bits. Default: all. */
  transport?: HttpTransportType;
  /** Where log lines go, unless `configureLogging` says. Default: the console, from Information up. */
  logger?: ILogger | LogLevel;
  /**
   * Gives the bearer token, asked anew for every connection attempt; an empty one is not sent. It travels in the
   * Authorization header, and in the query (`access_token`) of a browser's WebSocket, which cannot have headers.
   */
  accessTokenFactory?(): string | Promise<string>;
  /** Opens the WebSocket at once, without the negotiate request. Needs `transport: HttpTransportType.WebSockets`. */
  skipNegotiation?: boolean;
  /** Whether cookies are sent to other origins. Default: true. */
  withCredentials?: boolean;
  /** How long an HTTP request may take, in milliseconds. Default: 100,000. */
  timeout?: number;
  /** The WebSocket class to use. Default: the global one, which Node has from version 22 on. */
  WebSocket?: WebSocketConstructor;
}
