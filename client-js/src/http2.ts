/*
 * The entry point `hubcast/http2`, for Node: many hub connections on one HTTP/2 connection.
 */

export { Http2Client, type Http2WebSocketConstructor } from "./http2/client.js";
export type { Http2ClientOptions, WebSocketInit } from "./http2/options.js";
