import type { Http } from "../http.js";
/** The part of a WebSocket that is used. */
export interface WebSocketLike {
    binaryType: string;
    send(data: string | ArrayBuffer | Uint8Array<ArrayBuffer>): void;
    close(): void;
    addEventListener(type: "open" | "error", listener: () => void): void;
    addEventListener(type: "message", listener: (event: {
        readonly data: unknown;
    }) => unknown): void;
    addEventListener(type: "close", listener: (event: WebSocketEnd) => void): void;
}
/** How a WebSocket ended. */
export interface WebSocketEnd {
    readonly code: number;
    readonly reason: string;
    readonly wasClean: boolean;
}
/** The global `WebSocket` and that of the `ws` package are both such a class. */
export type WebSocketConstructor = new (url: string, protocols?: string[]) => WebSocketLike;
/**
 * Starts to open a WebSocket. The bearer token becomes a header where there are headers, else `access_token` in the
 * query. Throws if there is no WebSocket class.
 */
export declare function createWebSocket(url: string, { options, token }: Pick<Http, "options" | "token">): WebSocketLike;
