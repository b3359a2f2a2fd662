import { type TransportOpener } from "./transport.js";
/** An opener of transports that say what they do. */
export declare function traced(opener: TransportOpener): TransportOpener;
