/** What went wrong, for programs. Texts are for people. */
export type ErrorCode = 
/** `stop()`, an AbortSignal, or leaving ended what the caller waited for. */
"aborted"
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
export declare class HubcastError extends Error {
    readonly code: ErrorCode;
    constructor(code: ErrorCode, message?: string, options?: ErrorOptions);
}
/** The server answered an HTTP request with a status outside 200-299. */
export declare class HttpError extends HubcastError {
    readonly statusCode: number;
    constructor(errorMessage: string, statusCode: number);
}
/** A time limit was over: that of an HTTP request, or of a call. */
export declare class TimeoutError extends HubcastError {
    constructor(errorMessage?: string);
}
/** `stop()` was called, a signal aborted, or the connection went away, before what the caller waited for was done. */
export declare class AbortError extends HubcastError {
    constructor(errorMessage?: string, options?: ErrorOptions);
}
/** Wraps whatever was thrown. */
export declare function asError(thrown: unknown): Error;
/** A call cannot be made now. */
export declare function notConnected(): HubcastError;
/** A limit is reached. */
export declare function tooMany(things: string): HubcastError;
/** For a promise whose failure is of no consequence, or told elsewhere. */
export declare function ignore(): void;
