import type { Http } from "../http.js";
import type { Transport, TransportSink } from "./transport.js";
/** Resolves when the WebSocket is open; rejects if that fails or `signal` aborts it, then with its reason. */
export declare function openWebSocket({ url, http }: {
    readonly url: string;
    readonly http: Pick<Http, "options" | "token">;
}, sink: TransportSink, signal: AbortSignal): Promise<Transport>;
