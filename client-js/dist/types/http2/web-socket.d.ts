import type { Http2ClientOptions, WebSocketInit } from "./options.js";
import type { Pool } from "./pool.js";
type Handler = ((event: never) => unknown) | null;
export declare class Http2WebSocket extends EventTarget {
    #private;
    static readonly CONNECTING = 0;
    static readonly OPEN = 1;
    static readonly CLOSING = 2;
    static readonly CLOSED = 3;
    readonly CONNECTING = 0;
    readonly OPEN = 1;
    readonly CLOSING = 2;
    readonly CLOSED = 3;
    readonly url: string;
    /** No extensions are asked for. */
    readonly extensions = "";
    /** What a binary message is given as. */
    binaryType: "arraybuffer" | "blob";
    onopen: Handler;
    onmessage: Handler;
    onerror: Handler;
    onclose: Handler;
    /** Opens it on a stream of the pool's. */
    constructor(pool: Pool, options: Http2ClientOptions, url: URL, protocols: readonly string[], init: WebSocketInit);
    get readyState(): number;
    /** The subprotocol that the server has chosen. */
    get protocol(): string;
    /** Bytes that were sent and are still here. */
    get bufferedAmount(): number;
    /** Sends a message. When too much waits to be sent, the WebSocket fails. */
    send(data: string | ArrayBuffer | ArrayBufferView): void;
    /** Ends it: with a Close frame if it is open, and without one if the server does not answer in 5 seconds. */
    close(code?: number, reason?: string): void;
}
export {};
