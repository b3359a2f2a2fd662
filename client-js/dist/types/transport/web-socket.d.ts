import type { Transport, TransportSink, TransportTarget } from "./transport.js";
/** Resolves when the WebSocket is open; rejects if that fails or `signal` aborts it, then with its reason. */
export declare function openWebSocket({ url, http }: TransportTarget, sink: TransportSink, signal: AbortSignal): Promise<Transport>;
