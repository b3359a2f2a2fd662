/*
 * The options of `withUrl`, with the names that users of `@microsoft/signalr` know.
 */

import type { Fetch } from "./fetch.js";
import type { HttpClient } from "./http-client.js";
import type { ILogger, LogLevel } from "./logger.js";
import type { MessageHeaders } from "./message.js";
import type { WebSocketConstructor } from "./platform/web-socket.js";
import type { ITransport } from "./transport/custom.js";
import type { HttpTransportType } from "./transport/transport.js";

export interface IHttpConnectionOptions {
  /** Sent with every request. Browsers cannot send them with a WebSocket. */
  headers?: MessageHeaders;
  /** The transports that may be used, one or several bits, or one of your own. Default: all. */
  transport?: HttpTransportType | ITransport;
  /** Where log lines go, unless `configureLogging` says; null: nowhere. Default: the console, from Information up. */
  logger?: ILogger | LogLevel | null;
  /**
   * Gives the bearer token; an empty one is not sent. Asked anew for every connection attempt, for a stateful
   * reconnect, and once more when a request of long polling or of Server-Sent Events is answered with 401. It travels
   * in the Authorization header, and in the query (`access_token`) of a browser's WebSocket, which cannot have headers.
   */
  accessTokenFactory?(): string | Promise<string>;
  /** Opens the WebSocket at once, without the negotiate request. Needs `transport: HttpTransportType.WebSockets`. */
  skipNegotiation?: boolean;
  /** Whether cookies are sent to other origins; outside of browsers, whether there are any. Default: true. */
  withCredentials?: boolean;
  /**
   * How long an HTTP request may take, in milliseconds. A poll may take 100,000 in any case; WebSockets and event
   * streams have no limit. Default: 100,000.
   */
  timeout?: number;
  /** Whether lines of level Trace hold what is sent and received. Default: false, they hold its length. */
  logMessageContent?: boolean;
  /** The WebSocket class to use. Default: the global one, which Node has from version 22 on. */
  WebSocket?: WebSocketConstructor;
  /** The function to make requests with. Default: the global one. */
  fetch?: Fetch;
  /** Makes all requests but those for an event stream. Default: they are made by `fetch`. */
  httpClient?: HttpClient;
  /** Gives headers for a call's message, by the name of the hub method: `traceContext()` of `hubcast/trace-context`. */
  messageHeaders?(target: string): MessageHeaders | undefined;
  /**
   * Called when the connection starts; what it gives is called when the connection is Disconnected again: `webLock()`
   * of `hubcast/web-lock`.
   */
  hold?(): () => void;
}
