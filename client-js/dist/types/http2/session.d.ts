import { type ClientHttp2Stream, type OutgoingHttpHeaders } from "node:http2";
import type { Http2ClientOptions } from "./options.js";
export declare class Session {
    #private;
    private constructor();
    /** Connects. Resolves when the server has said what it allows; rejects if that fails or takes too long. */
    static open(origin: string, options: Http2ClientOptions): Promise<Session>;
    /** Whether streams can still be opened on it. */
    get isOpen(): boolean;
    /** Whether the server allows one more stream. */
    get hasRoom(): boolean;
    /** Whether the server takes WebSockets (RFC 8441). */
    get takesWebSockets(): boolean;
    /** Opens a stream, if there is room. Throws if a header may not be sent. */
    request(headers: OutgoingHttpHeaders, endStream: boolean): ClientHttp2Stream;
    /** Ends it, and every stream on it. */
    close(): void;
    /** Calls `listener` when it has ended. */
    onClosed(listener: () => void): void;
}
