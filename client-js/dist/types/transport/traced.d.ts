import type { Transport, TransportOpener, TransportSink, TransportTarget } from "./transport.js";
/** Opens a transport that says what it carries. */
export declare function openTraced({ name, open }: TransportOpener, target: TransportTarget, sink: TransportSink, signal: AbortSignal): Promise<Transport>;
