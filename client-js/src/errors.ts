/*
 * The errors that a caller can tell apart, by class or by `code`.
 *
 * Rule: `name` stays "Error", because texts such as "Failed to complete negotiation with the server: Error: ..."
 * quote the inner error and are the same in every SignalR client.
 */

/** What went wrong, for programs. Texts are for people. */
export type ErrorCode =
  /** `stop()`, an AbortSignal, or leaving ended what the caller waited for. */
  | "aborted"
  /** A time limit was over. */
  | "timeout"
  /** The server answered an HTTP request with a status outside 200-299. */
  | "http"
  /** The negotiate request failed. */
  | "negotiation"
  /** No transport could be opened, or one that was open failed. */
  | "transport"
  /** The server refused the handshake. */
  | "handshake"
  /** A hub method ended with an error, or does not exist. */
  | "hub"
  /** The connection ended, or the server ended it, before the call was answered. */
  | "closed"
  /** The connection is not in a state for this. */
  | "state"
  /** Too many calls wait for the connection. */
  | "limit";

/** An error with a code. */
export class HubcastError extends Error {
  declare readonly code: ErrorCode;

  constructor(code: ErrorCode, message?: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The server answered an HTTP request with a status outside 200-299. */
export class HttpError extends HubcastError {
  declare readonly statusCode: number;

  constructor(errorMessage: string, statusCode: number) {
    super("http", `${errorMessage}: Status code '${statusCode}'`);
    this.statusCode = statusCode;
  }
}

/** A time limit was over: that of an HTTP request, or of a call. */
export class TimeoutError extends HubcastError {
  constructor(errorMessage = "A timeout occurred.") {
    super("timeout", errorMessage);
  }
}

/** `stop()` was called, a signal aborted, or the connection went away, before what the caller waited for was done. */
export class AbortError extends HubcastError {
  constructor(errorMessage = "An abort occurred.", options?: ErrorOptions) {
    super("aborted", errorMessage, options);
  }
}

/** Wraps whatever was thrown. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/** A call cannot be made now. */
export function notConnected(): HubcastError {
  return new HubcastError("state", "Cannot send data if the connection is not in the 'Connected' State.");
}

/** A limit is reached. */
export function tooMany(things: string): HubcastError {
  return new HubcastError("limit", `Too many ${things} are waiting.`);
}

/** For a promise whose failure is of no consequence, or told elsewhere. */
export function ignore(): void {}
