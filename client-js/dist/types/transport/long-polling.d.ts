import { type TransportOpener } from "./transport.js";
export declare const longPolling: TransportOpener;
