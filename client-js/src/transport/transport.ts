/*
 * What every transport offers: it carries frames for one connection and knows nothing of what is in them.
 *
 * Rule: a sink hears `closed` at most once, and nothing after it.
 */

/** The transports of SignalR; a bit each, so that the `transport` option can allow several. */
export enum HttpTransportType {
  None = 0,
  WebSockets = 1,
  ServerSentEvents = 2,
  LongPolling = 4,
}

/** What a frame is, in the words of the negotiate response. */
export type TransferFormat = "Text" | "Binary";

/** An open transport. */
export interface Transport {
  /** Resolves when the frame is handed over, not when it has arrived. */
  send(data: string): Promise<void>;
  /** Ends the transport. Frames sent before are still delivered. */
  close(): void;
}

/** Who is told what a transport receives. */
export interface TransportSink {
  received(data: string | ArrayBuffer): void;
  /** The transport ended, without being asked to; `error` is undefined if the server ended it in good order. */
  closed(error: Error | undefined): void;
}
