import { type WebSocketConstructor } from "../platform/web-socket.js";
import type { MessageHeaders } from "../message.js";
import type { Transport, TransportSink } from "./transport.js";
/** Where and how to open a WebSocket. */
export interface WebSocketTarget {
    /** An http or https address. */
    readonly url: string;
    readonly headers: MessageHeaders;
    readonly token: string | undefined;
    readonly WebSocket: WebSocketConstructor | undefined;
}
/** Resolves when the WebSocket is open; rejects if that fails or `signal` aborts it, then with its reason. */
export declare function openWebSocket(target: WebSocketTarget, sink: TransportSink, signal: AbortSignal): Promise<Transport>;
