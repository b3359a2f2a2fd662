type Pem = string | Uint8Array;
/** Options of `Http2Client`. Times are in milliseconds. */
export interface Http2ClientOptions {
    /** Certificates to trust in place of Node's. */
    ca?: Pem | Pem[];
    /** The client's own certificate and its key. */
    cert?: Pem;
    key?: Pem;
    passphrase?: string;
    /** Whether the server's certificate must be valid. Default: true. */
    rejectUnauthorized?: boolean;
    /** The name to ask for and to check, if it is not the host's. */
    servername?: string;
    /** How long it may take until a server has taken a connection, and until it has answered a WebSocket. Default: 20,000. */
    timeout?: number;
    /** How often a server is asked for a sign of life; it has as long to give one. Default: 15,000. */
    pingInterval?: number;
    /**
     * Connections to one server at once. Another one is opened when the streams of all others are in use; how many
     * streams one has, the server says (100 is usual). With none left to open, requests and WebSockets fail. Default: 16.
     */
    maxSessions?: number;
    /** Bytes of a WebSocket message from a server; one with more ends its WebSocket with 1009. Default: 67,108,864. */
    maxMessageSize?: number;
    /** Bytes that may wait to be sent on one WebSocket; more end it. Default: 67,108,864. */
    maxBufferedAmount?: number;
}
/** What can be said as third argument of a WebSocket, as with the `ws` package. */
export interface WebSocketInit {
    /** Sent with the request. */
    headers?: Readonly<Record<string, string>>;
}
export {};
