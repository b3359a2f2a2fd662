/** The server answered an HTTP request with a status outside 200-299. */
export declare class HttpError extends Error {
    readonly statusCode: number;
    constructor(message: string, statusCode: number);
}
/** An HTTP request took longer than the `timeout` option. */
export declare class TimeoutError extends Error {
}
/** `stop()` was called, or the connection went away, before what the caller waited for was done. */
export declare class AbortError extends Error {
}
/** The negotiate request failed; `cause` is why. */
export declare class FailedToNegotiateWithServerError extends Error {
    readonly errorType = "FailedToNegotiateWithServerError";
}
/** No transport that the server offered could be used; `innerErrors` has one error for each offer. */
export declare class AggregateErrors extends Error {
    readonly innerErrors: readonly Error[];
    constructor(message: string, innerErrors: readonly Error[]);
}
/** Wraps whatever was thrown. */
export declare function asError(thrown: unknown): Error;
