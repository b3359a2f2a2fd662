import type { Transport, TransportSink, TransportTarget } from "./transport.js";
/**
 * `start` opens the way from the server and gives the function that receives until that way ends, in good order or by
 * throwing; the signal that it is given ends both. `farewell` tells the server that we go.
 */
export declare function openHttp({ url, http }: TransportTarget, sink: TransportSink, signal: AbortSignal, start: (stop: AbortSignal) => Promise<() => Promise<void>>, farewell?: () => Promise<unknown>): Promise<Transport>;
