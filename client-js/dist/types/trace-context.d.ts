import type { MessageHeaders } from "./message.js";
/** A `traceparent`, all headers of a trace (`traceparent`, `tracestate`, `baggage`), or nothing for a call without. */
export type TraceSource = (target: string) => string | MessageHeaders | undefined;
/**
 * Makes a value for the option `messageHeaders` of `withUrl`: each call carries a trace context.
 *
 * It is what `source` gives for the hub method's name. Without a source, each call begins a sampled trace of its own.
 * A source's `traceparent` that is none is not sent, nor is what comes with it; a source that throws fails the call.
 */
export declare function traceContext(source?: TraceSource): (target: string) => MessageHeaders | undefined;
/** A `traceparent` with new ids, sampled. */
export declare function newTrace(): string;
