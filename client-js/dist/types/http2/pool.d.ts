import type { ClientHttp2Stream, OutgoingHttpHeaders } from "node:http2";
import type { Http2ClientOptions } from "./options.js";
export declare class Pool {
    #private;
    constructor(origin: string, options: Http2ClientOptions);
    /** Opens a stream. Rejects if there is no room for one and can be none, or the server does not take such a request. */
    request(headers: OutgoingHttpHeaders, endStream: boolean): Promise<ClientHttp2Stream>;
    /** Ends the sessions, and with them all streams. */
    close(): void;
}
