import { type TransportOpener } from "./transport.js";
export declare const serverSentEvents: TransportOpener;
