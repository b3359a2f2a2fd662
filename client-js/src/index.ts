/*
 * Everything that users of the package see.
 */

export { AbortError, AggregateErrors, FailedToNegotiateWithServerError, HttpError, TimeoutError } from "./errors.js";
export { HubConnection } from "./hub-connection.js";
export { HubConnectionBuilder } from "./hub-connection-builder.js";
export { HubConnectionState } from "./hub-connection-state.js";
export { LogLevel, type ILogger } from "./logger.js";
export type { MessageHeaders } from "./message.js";
export type { IHttpConnectionOptions } from "./options.js";
export type { WebSocketConstructor, WebSocketEnd, WebSocketLike } from "./platform/web-socket.js";
export type { IRetryPolicy, RetryContext } from "./reconnect-policy.js";
export { HttpTransportType } from "./transport/transport.js";
