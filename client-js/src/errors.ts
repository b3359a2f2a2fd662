/*
 * The errors that a caller can tell apart.
 *
 * Rule: `name` stays "Error", because texts such as "Failed to complete negotiation with the server: Error: ..."
 * quote the inner error and are the same in every SignalR client.
 */

/** The server answered an HTTP request with a status outside 200-299. */
export class HttpError extends Error {
  readonly statusCode: number;

  constructor(message: string, statusCode: number) {
    super(`${message}: Status code '${statusCode}'`);
    this.statusCode = statusCode;
  }
}

/** An HTTP request took longer than the `timeout` option. */
export class TimeoutError extends Error {}

/** `stop()` was called, or the connection went away, before what the caller waited for was done. */
export class AbortError extends Error {}

/** The negotiate request failed; `cause` is why. */
export class FailedToNegotiateWithServerError extends Error {
  readonly errorType = "FailedToNegotiateWithServerError";
}

/** No transport that the server offered could be used; `innerErrors` has one error for each offer. */
export class AggregateErrors extends Error {
  readonly innerErrors: readonly Error[];

  constructor(message: string, innerErrors: readonly Error[]) {
    super(message);
    this.innerErrors = innerErrors;
  }
}

/** Wraps whatever was thrown. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
