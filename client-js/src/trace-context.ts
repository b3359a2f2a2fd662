/*
 * The entry `hubcast/trace-context`: W3C Trace Context in the headers of hub messages, so that a server's spans belong
 * to the trace of the caller.
 */

import type { MessageHeaders } from "./message.js";

/** A `traceparent`, all headers of a trace (`traceparent`, `tracestate`, `baggage`), or nothing for a call without. */
export type TraceSource = (target: string) => string | MessageHeaders | undefined;

/**
 * Makes a value for the option `messageHeaders` of `withUrl`: each call carries a trace context.
 *
 * It is what `source` gives for the hub method's name. Without a source, each call begins a sampled trace of its own.
 * A source's `traceparent` that is none is not sent, nor is what comes with it; a source that throws fails the call.
 */
export function traceContext(source: TraceSource = newTrace): (target: string) => MessageHeaders | undefined {
  return (target) => {
    const given = source(target);
    const headers = typeof given === "string" ? { traceparent: given } : given;
    return isTraceparent(headers?.["traceparent"]) ? headers : undefined;
  };
}

/** A `traceparent` with new ids, sampled. */
export function newTrace(): string {
  return `00-${randomHex(16)}-${randomHex(8)}-01`;
}

function randomHex(size: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(size));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Version, trace id, parent id and flags (Trace Context, 3.2). Ids of zeros are none, nor is version ff. */
function isTraceparent(value: string | undefined): boolean {
  return (
    value !== undefined && /^(?!ff)[\da-f]{2}-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}($|-)/.test(value)
  );
}
