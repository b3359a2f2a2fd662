import type { Http2ClientOptions, WebSocketInit } from "./options.js";
/** A WebSocket class whose sockets share HTTP/2 connections. */
export type Http2WebSocketConstructor = new (url: string | URL, protocols?: string | readonly string[], init?: WebSocketInit) => WebSocket;
/**
 * Puts requests and WebSockets on as few HTTP/2 connections as the servers allow, usually one to each. They are opened
 * when they are needed, and anew after they were lost; an unused one does not keep the process alive.
 *
 *     const http2 = new Http2Client();
 *     new HubConnectionBuilder().withUrl(url, { fetch: http2.fetch, WebSocket: http2.WebSocket })
 *
 * `https` needs a server that agrees to HTTP/2 in the TLS handshake, `http` one that takes it with prior knowledge.
 */
export declare class Http2Client {
    #private;
    /** For the `fetch` option: takes a string or bytes as body, follows no redirects, keeps no cookies. */
    readonly fetch: (url: string, init?: RequestInit) => Promise<Response>;
    /** For the `WebSocket` option. */
    readonly WebSocket: Http2WebSocketConstructor;
    constructor(options?: Http2ClientOptions);
    /** Ends all HTTP/2 connections and what is on them. They are opened again when they are needed again. */
    close(): void;
}
