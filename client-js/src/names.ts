/*
 * The names that every entry point has.
 */

export type { CallOptions, HubCalls } from "./call-options.js";
export { AbortError, HttpError, HubcastError, TimeoutError, type ErrorCode } from "./errors.js";
export { HubConnection } from "./hub-connection.js";
export type { IStatefulReconnectOptions } from "./negotiating-builder.js";
export { HubConnectionState } from "./hub-connection-state.js";
export type * from "./hub-contract.js";
export type { IHubProtocol } from "./hub-protocol.js";
export { JsonHubProtocol } from "./json-protocol.js";
export { LogLevel, NullLogger, type ILogger } from "./logger.js";
export * from "./message.js";
export type { IHttpConnectionOptions } from "./options.js";
export type { WebSocketConstructor, WebSocketEnd, WebSocketLike } from "./platform/web-socket.js";
export type { IRetryPolicy, ReconnectOptions, RetryContext } from "./reconnect-policy.js";
export { Subject, type IStreamResult, type IStreamSubscriber, type ISubscription } from "./stream.js";
export type { StreamResult } from "./stream-result.js";
export type { ITransport } from "./transport/custom.js";
export { HttpTransportType, TransferFormat } from "./transport/transport.js";
